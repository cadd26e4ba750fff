#!/bin/bash
# Every test, in this order: layers, format, build with gcc and clang, unit tests (plain and under sanitizers), fuzz corpora,
# scenarios, live tests. Each prints TAP; the sum is printed last as "N passed, N failed".
# Unit tests run side by side; whatever listens on a port or makes a namespace runs alone.
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
jobs=$(nproc)
export PATH=$PATH:/usr/sbin:/sbin

# count NAME FILE STATUS SECONDS: adds up the TAP lines of FILE. A program that ends badly without saying why counts as one
# failure, and so does one that ends before it has done what its plan says.
count() {
	local good bad plan
	good=$(grep -c '^ok ' "$2")
	bad=$(grep -c '^not ok ' "$2")
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$2" | tail -1)
	if [ "$3" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
	if [ "$good" = 0 ] && [ "$bad" = 0 ] && [ "$plan" != 0 ]; then bad=1; fi
	if [ -n "$plan" ] && [ $((good + bad)) -lt "$plan" ] && [ "$bad" = 0 ]; then bad=1; fi
	passed=$((passed + good)) failed=$((failed + bad))
	if [ "$bad" != 0 ]; then
		echo "FAILED $1: $bad of $((good + bad)), status $3, $4 s"
		grep -A4 '^not ok' "$2" | head -60
		tail -15 "$2"
	elif [ "$plan" = 0 ]; then
		echo "skip   $1: $(sed -n 's/^1\.\.0 # SKIP //p' "$2")"
	else
		echo "ok     $1: $good ($4 s)"
	fi
}
# step NAME COMMAND...: a command that must succeed, counted as one test.
step() {
	local name=$1 status begin=$SECONDS
	shift
	"$@" >"$log/out" 2>&1
	status=$?
	if [ $status = 0 ]; then echo "ok 1 - $name" >"$log/tap"; else { echo "not ok 1 - $name"; tail -40 "$log/out"; } >"$log/tap"; fi
	count "$name" "$log/tap" $status $((SECONDS - begin))
}
tap() {
	local name=$1 status begin=$SECONDS
	shift
	timeout -k 10 1800 "$@" >"$log/tap" 2>"$log/err" </dev/null
	status=$?
	[ $status = 0 ] || tail -30 "$log/err" >>"$log/tap"
	count "$name" "$log/tap" $status $((SECONDS - begin))
}
# side_by_side LABEL FOLDER TEST...: unit tests, as many at a time as there are processors; told in order.
side_by_side() {
	local label=$1 folder=$2 t status seconds
	shift 2
	printf '%s\n' "$@" | xargs -P "$jobs" -I{} sh -c '
		name=$(echo "{}" | tr / _); begin=$(date +%s)
		timeout -k 10 1800 "'"$folder"'/{}" >"'"$log"'/$name.tap" 2>"'"$log"'/$name.err" </dev/null
		echo "$? $(($(date +%s) - begin))" >"'"$log"'/$name.status"'
	for t in "$@"; do
		read -r status seconds <"$log/${t//\//_}.status"
		[ "$status" = 0 ] || tail -30 "$log/${t//\//_}.err" >>"$log/${t//\//_}.tap"
		count "$label $t" "$log/${t//\//_}.tap" "$status" "$seconds"
	done
}

# A script that is not run is there for others, which name it (one of Python also as a module).
idle() {
	local t name found=0
	for t in tests/{scenario,cli,web,live}/*.{sh,py}; do
		[ -x "$t" ] || [ ! -e "$t" ] && continue
		name=${t##*/}
		grep -rqE --include='*.sh' --include='*.py' --exclude="$name" "(^|[^a-z_])(${name//./\\.}|import ${name%.py}|from ${name%.py} import)" tests && continue
		echo "$t is run by nobody: it may not be executed"
		found=1
	done
	return $found
}
step "every script of a test is run, or used by one that is" idle
step "layers: every include obeys LAYERS" tools/layers.sh
step "format: clang-format has nothing to change" make -s format-check
step "build with gcc, no warning" make -s -j"$jobs" all tests
step "build with clang, no warning" make -s -j"$jobs" CC=clang all
step "build with gcc under ASan and UBSan" make -s -j"$jobs" SAN=address,undefined all tests
mapfile -t unit < <(make -s list-tests)
side_by_side "unit" build "${unit[@]}"
side_by_side "unit (ASan, UBSan)" build/v-address-undefined "${unit[@]}"
step "fuzz corpora replayed under ASan and UBSan" make -s -j"$jobs" SAN=address,undefined fuzz-replay
for t in tests/{scenario,cli,web,live}/*.{sh,py}; do
	[ -x "$t" ] || continue
	case $t in *.py) [ -e "${t%.py}.sh" ] && continue ;; esac # the script brings it up itself
	tap "$t" "$t"
done
# The program itself under sanitizers, where most of it meets: a leak or a stray read ends a process, and the test sees it.
tap "tests/live/processes.sh (ASan, UBSan)" env SARAI="$PWD/build/v-address-undefined/sarai" tests/live/processes.sh
tap "tests/live/badbgp.sh (ASan, UBSan)" env SARAI="$PWD/build/v-address-undefined/sarai run" tests/live/badbgp.sh
echo "$passed passed, $failed failed"
[ $failed = 0 ]
