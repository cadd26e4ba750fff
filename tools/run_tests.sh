#!/bin/bash
# Every test, in this order: layers, format, build with gcc and clang, unit tests (plain and under sanitizers), fuzz corpora,
# scenarios, live tests. Each prints TAP; the sum is printed last as "N passed, N failed".
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# count NAME FILE STATUS: adds up the TAP lines of FILE; a program that ends badly without saying why counts as one failure.
count() {
	local good bad
	good=$(grep -c '^ok ' "$2")
	bad=$(grep -c '^not ok ' "$2")
	if [ "$3" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$good" = 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	passed=$((passed + good)) failed=$((failed + bad))
	if [ "$bad" != 0 ]; then
		echo "FAILED $1: $bad of $((good + bad)), status $3"
		grep -A4 '^not ok' "$2" | head -60
		tail -15 "$2"
	else
		echo "ok     $1: $good"
	fi
}
# step NAME COMMAND...: a command that must succeed, counted as one test.
step() {
	local name=$1 status
	shift
	"$@" >"$log/out" 2>&1
	status=$?
	if [ $status = 0 ]; then echo "ok 1 - $name" >"$log/tap"; else { echo "not ok 1 - $name"; tail -40 "$log/out"; } >"$log/tap"; fi
	count "$name" "$log/tap" $status
}
tap() {
	local name=$1
	shift
	timeout -k 10 900 "$@" >"$log/tap" 2>"$log/err"
	local status=$?
	[ $status = 0 ] || tail -30 "$log/err" >>"$log/tap"
	count "$name" "$log/tap" $status
}

jobs=-j$(nproc)
step "layers: every include obeys LAYERS" tools/layers.sh
step "format: clang-format has nothing to change" make -s format-check
step "build with gcc, no warning" make -s $jobs all tests
step "build with clang, no warning" make -s $jobs CC=clang all
step "build with gcc under ASan and UBSan" make -s $jobs SAN=address,undefined all tests
for t in $(make -s list-tests); do tap "unit $t" "build/$t"; done
for t in $(make -s list-tests); do tap "unit (ASan, UBSan) $t" "build/v-address-undefined/$t"; done
step "fuzz corpora replayed under ASan and UBSan" make -s $jobs SAN=address,undefined fuzz-replay
for t in tests/scenario/*.sh tests/live/*.sh tests/web/*.sh tests/cli/*.sh; do
	[ -x "$t" ] && tap "$t" "$t"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
