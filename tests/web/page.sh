#!/bin/bash
# The page: its sources are sound and the committed dist is what they give; then a headless Chromium looks at every view, on desktop and
# phone, light and dark, against a mock hub. Screenshots go to build/screenshots. Prints TAP.
cd "$(dirname "$0")/../.." || exit 1
number=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

report() { # report STATUS NAME [FILE with what went wrong]
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $2"
	else
		failed=$((failed + 1))
		echo "not ok $number - $2"
		[ -n "$3" ] && sed 's/^/# /' "$3" | head -40
	fi
}

. tests/web/page_tools.sh
if [ -z "$node" ]; then
	report 1 "node 18 or later is there"
	echo "1..$number"
	exit 1
fi

grep -q '"resolved"' ui/package-lock.json
[ $? != 0 ]
report $? "the lock file names no registry"

bring_packages . "$scratch/npm"
report $? "npm ci brings the packages of the lock file" "$scratch/npm"
(cd ui && "$node" node_modules/typescript/bin/tsc --noEmit) >"$scratch/tsc" 2>&1
report $? "TypeScript finds nothing wrong, strictly" "$scratch/tsc"
(cd ui && "$node" node_modules/vite/bin/vite.js build --outDir "$scratch/dist" --emptyOutDir) >"$scratch/vite" 2>&1
report $? "the page builds" "$scratch/vite"
diff -rq "$scratch/dist" ui/dist >"$scratch/diff" 2>&1
report $? "the committed ui/dist is what the sources give" "$scratch/diff"
# Packed as the hub sends it (src/web/web_page.c); the typeface is packed already.
size=$(find ui/dist -type f ! -name '*.woff2' -exec gzip -9c {} \; | wc -c)
size=$((size + $(cat ui/dist/assets/*.woff2 | wc -c)))
[ "$size" -lt 200000 ]
report $? "all of the page is fetched in less than 200 kB ($size)"
! grep -rEl "https?://[a-z]" ui/dist/assets/app.js ui/dist/index.html | xargs -r grep -oE 'https?://[a-z0-9.-]+' | grep -v 'www.w3.org' >"$scratch/hosts"
[ ! -s "$scratch/hosts" ]
report $? "the page names no other host" "$scratch/hosts"

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ]; then
	report 1 "Chromium is there"
else
	mkdir -p build/screenshots
	CHROMIUM=$chromium FIRST=$number timeout -k 5 1200 "$node" tests/web/page.mjs >"$scratch/page" 2>"$scratch/page.err"
	status=$?
	cat "$scratch/page"
	number=$((number + $(grep -cE '^(not )?ok ' "$scratch/page")))
	failed=$((failed + $(grep -c '^not ok ' "$scratch/page")))
	report $status "the browser's tests ran to their end" "$scratch/page.err"
fi
echo "1..$number"
[ "$failed" = 0 ]
