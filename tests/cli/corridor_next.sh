#!/bin/bash
# `sarai corridor next` on the example: forms, pairs, a budget, what is refused.
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
next() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; next "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

check "next: an answer" status 0 corridor next
check "next: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
check "next by latency with pairs and a budget" status 0 corridor next --by latency --pairs --budget 150
check "fits into 80 columns too" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
check "the same in JSON" status 0 -j corridor next --by latency --pairs --budget=150
check "most per dollar first" holds '[.next[].gain_per_musd] | length == 11 and . == (sort | reverse)'
check "gains are those by the measure" holds '.next | all(.gain == .gains.latency)'
check "nothing gets slower" holds '.next + .pairs | all(.gains.latency >= 0 and .gains.traffic >= 0)'
check "no pair builds a segment twice" holds '.pairs | length == 53 and all(.candidates | index("HYPER-TCFO") == null or (index("TCFO") == null and index("HYPERHIGHWAY") == null))'
check "what is more than both is told" holds '.pairs | all((.gain - .gain_alone - .together | fabs) < 1e-9)'
check "the best for the budget is proven, by far fewer sets than there are" holds '.budget | .all_tried and .best.tried > 10 and .best.tried < 400 and .bound == .best.gains.latency'
check "none is dearer, and greed is no better" holds '.budget | .best.capex_usd <= 150e6 and .greedy.capex_usd <= 150e6 and .greedy.gains.latency <= .best.gains.latency'
check "each range holds its value" holds '.next | all(.npv_usd_low <= .npv_usd and .npv_usd <= .npv_usd_high and .usd_a_year_low <= .usd_a_year and .usd_a_year <= .usd_a_year_high)'
check "as of a later year with more traffic" status 0 -j corridor next --by revenue --date 2030
check "the planned ones are candidates still" holds '.next | length == 11'
check "by money it goes the same way" holds '[.next[].gains.revenue] | max > 10e6'
check "one that is there already" status 0 -j corridor next --with C01
check "is no candidate" holds '[.next[].candidates[]] | index("TCFO") == null and index("HYPER-TCFO") != null'
check "CSV of pairs" status 0 --csv corridor next --pairs
check "has a row for each" [ "$(wc -l <"$work/out")" = 54 ]
check "an unknown measure is refused" status 2 corridor next --by length
check "a budget that is no number is" status 2 corridor next --budget much
check "so is what a way must cross" status 2 corridor next --require C01
check "and an unknown word" status 2 corridor next quickly
echo "1..$n"
exit $failed
