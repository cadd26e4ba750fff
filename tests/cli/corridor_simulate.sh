#!/bin/bash
# `sarai corridor simulate` on the example: forms, what must hold of any, what is refused.
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
ask() { timeout 120 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; ask "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

few="--draws 2 --years 5"
check "an answer" status 0 corridor simulate $few --ships 1 --sla 99.9 --credit 10
check "fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
cp "$work/out" "$work/first"
ask corridor simulate $few --ships 1 --sla 99.9 --credit 10
check "the same seed gives the same answer" cmp -s "$work/first" "$work/out"
check "in JSON" status 0 -j corridor simulate $few --sla 99.99 --credit 10
check "credits add up" holds '([.demands[].credits_usd_year // 0] | add) - .credits_usd_year | fabs < 1'
check "what is short less often breaks less" holds '.demands | all(.availability < 1 or .breach == 0)'
check "without a promise none is broken" status 0 -j corridor simulate $few
check "and nothing is given back" holds '.credits_usd_year == null and (.demands | all(.breach == null))'
base=$(jq '.gbit_hours_year' "$work/out")
check "CSV" status 0 --csv corridor simulate $few
check "has a row for each demand" [ "$(wc -l <"$work/out")" = 41 ]
check "another seed" status 0 -j corridor simulate $few --seed 2
check "gives other years" holds ".gbit_hours_year != $base"
check "credits without a promise are refused" status 2 corridor simulate --credit 10
check "no years" status 2 corridor simulate --years 0
check "too many" status 2 corridor simulate --years 1000 --draws 1000
check "a share above all" status 2 corridor simulate --sla 101
check "ways that are required" status 2 corridor simulate --require C01
check "an unknown word" status 2 corridor simulate quickly
echo "1..$n"
exit $failed
