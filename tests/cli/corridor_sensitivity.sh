#!/bin/bash
# `sarai corridor sensitivity` on the example: forms, agreement with the answers that it is about, what is refused.
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
same() { awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d * d <= 1e-8 * b * b && b != 0) }'; }
field() { jq -r "$1" "$work/out"; }

for of in "worth --of PK" "target 300 --of PK" "revenue" "npv HYPER-TCFO" "npv TCFO,KARDESA" "worth --of cable:CCS --with C01 --date 2028"; do
	check "$of: an answer" status 0 corridor sensitivity $of --draws 500
	check "$of: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "the worth of a passage in JSON" status 0 -j corridor sensitivity worth --of PK --draws 500
told=$(field .told)
check "swings come widest first" holds '[.swings[] | (.at_high - .at_low) | fabs] | . == (sort | reverse)'
check "each assumption lies between its bounds" holds '.swings | all(.assumed.low <= .assumed.value and .assumed.value <= .assumed.high)'
check "P10, P50 and P90 in order" holds '.p10 < .p50 and .p50 < .p90 and .draws == 500 and .seed == 1'
ask -j corridor worth --of PK
check "told is what corridor worth says, in millions" same "$told" "$(field '.usd_a_year / 1e6')"
ask -j corridor sensitivity revenue --draws 0
told=$(field .told)
check "without draws there are no shares of them" holds '.p10 == null and .mean == null'
ask -j corridor revenue
check "told is what corridor revenue says" same "$told" "$(field '.usd_a_year / 1e6')"
ask -j corridor sensitivity npv HYPER-TCFO --draws 0
told=$(field .told)
ask -j corridor next --by npv
check "told is what corridor next says" same "$told" "$(field '[.. | objects | select(.candidates? == ["HYPER-TCFO"])][0].npv_usd / 1e6')"
check "--top bounds the rows" status 0 --csv corridor sensitivity revenue --draws 0 --top 5
check "to so many" [ "$(wc -l <"$work/out")" = 6 ]
check "a drawing" status 0 corridor sensitivity npv TCFO --svg --draws 200
check "is well-formed XML" python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$work/out"
check "has the band of the draws" grep -q "P10 to P90" "$work/out"
check "a subject is wanted" status 2 corridor sensitivity quickly
check "whose passage, too" status 2 corridor sensitivity worth
check "which candidates" status 2 corridor sensitivity npv
check "known ones" status 1 corridor sensitivity npv ATLANTIS
check "candidates that do not share a segment" status 2 corridor sensitivity npv TCFO,HYPER-TCFO
check "a sum" status 2 corridor sensitivity target --of PK
check "that is one" status 2 corridor sensitivity target -5 --of PK
check "draws within reason" status 2 corridor sensitivity revenue --draws 1000001
check "a seed that is a number" status 2 corridor sensitivity revenue --seed x
check "no measure of its own" status 2 corridor sensitivity revenue --by hops
echo "1..$n"
exit $failed
