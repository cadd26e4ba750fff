#!/bin/bash
# `sarai corridor prices` on the example: forms, terms, what is refused.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
check() { # check NAME COMMAND...: passes when the command succeeds
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
prices() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; prices "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

for site in "" FRA Karachi Bishkek; do
	check "prices $site: an answer" status 0 corridor prices $site
	check "prices $site: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "what is told here and dearer is named" status 0 corridor prices FRU
check "with its price" grep -q "told here .* which is dearer" "$work/out"
check "all in JSON" status 0 -j corridor prices
check "each price lies within its bounds" holds '.prices | length > 100 and all(.usd.low <= .usd.value and .usd.value <= .usd.high)'
check "none is dearer than what is told there" holds '.prices | map(select(.told_usd)) | length > 8 and all(.usd.value <= .told_usd.value + 0.00001)'
check "what is told there has no steps" holds '.prices | all((.steps == 0) == (.from == .site))'
check "the cheapest first" holds '[.prices[].usd.value] | . == sort'
cp "$work/out" "$work/all"
check "as of a later year" status 0 -j corridor prices FRA --date 2030
check "it is cheaper" jq -e --slurpfile all "$work/all" '.prices[0].usd.value < ($all[0].prices[] | select(.site == "FRA") | .usd.value) / 1.5' "$work/out"
check "without a country" status 0 -j corridor prices --avoid TR
check "nothing is cheaper for it" jq -e --slurpfile all "$work/all" '($all[0].prices | map({(.site): .usd.value}) | add) as $before | .prices | length > 50 and all(.usd.value >= $before[.site] - 0.00001)' "$work/out"
check "CSV" status 0 --csv corridor prices
check "has as many rows" [ "$(($(wc -l <"$work/out") - 1))" = "$(jq '.prices | length' "$work/all")" ]
check "a site that is not there is refused" status 1 corridor prices Atlantis
check "two sites are" status 2 corridor prices FRA KHI
check "so is what a way must cross" status 2 corridor prices --require C01
check "and an unknown word" status 2 corridor prices --quickly
echo "1..$n"
exit $failed
