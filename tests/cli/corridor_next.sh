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
check "none is dearer, and greed is no better" holds '.budget | .best.cost_usd <= 150e6 and .greedy.cost_usd <= 150e6 and .greedy.gains.latency <= .best.gains.latency'
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

# What is leased: in the example of a transit hub the Trans-Caspian line is built, or had by IRU.
build/sarai -j corridor next --hub examples/transit.yaml >"$work/out"
check "an IRU costs its sum and its lease of today" \
	holds '.next[] | select(.candidates == ["TCFO-IRU"]) | .lease_usd > 34e6 and .capex_usd == 15.2e6 and (.cost_usd - .lease_usd - .capex_usd | fabs) < 1 and
	.cost_usd_low < .cost_usd and .cost_usd < .cost_usd_high and .lease_usd_low < .lease_usd and .lease_usd < .lease_usd_high and
	(.cost_usd_low - .capex_usd_low - .lease_usd_low | fabs) < 1'
check "text says what of the costs is lease, and CSV has both" bash -c "build/sarai corridor next --hub examples/transit.yaml | grep -q 'lease as it is worth today: TCFO-IRU 34' &&
	build/sarai corridor next --csv --hub examples/transit.yaml | python3 -c 'import csv, sys
sys.exit(not all(abs(float(r[\"cost_usd\"]) - float(r[\"capex_usd\"]) - float(r[\"lease_usd\"])) <= 1e-3 * float(r[\"cost_usd\"]) for r in csv.DictReader(sys.stdin)))'"
check "what is built has no lease" holds '.next[] | select(.candidates == ["TCFO"]) | .lease_usd == 0 and .capex_usd == 50.8e6 and .cost_usd == 50.8e6'
build/sarai -j corridor sensitivity npv TCFO-IRU --hub examples/transit.yaml >"$work/out"
check "its worth moves with the lease" holds '[.. | objects | .kind? // empty] | index("lease") != null'
lease() { # lease WORDS STATUS TEXT: of a hub file with one candidate
	sed "s#csv: silkroad#csv: $PWD/examples/silkroad#g; s#^candidates:.*#candidates: [{id: X, segments: [C01], $1}]#" examples/silkroad.yaml >"$work/hub.yaml"
	build/sarai check "$work/hub.yaml" >"$work/out" 2>&1
	[ "$?" = "$2" ] && tr -s '\n ' ' ' <"$work/out" | grep -q "$3"
}
check "a sum and a lease are allowed together" lease "capex_musd: 1, lease_usd_month: 5, lease_months: 3" 0 "good"
check "or a lease alone" lease "lease_usd_month: 5, lease_months: 3" 0 "good"
check "nothing at all is not" lease "capex_musd: 0" 1 "expected more, or lease_usd_month"
check "no lease without its months" lease "lease_usd_month: 5" 1 "expected lease_months as well"
check "nor for no month" lease "lease_usd_month: 5, lease_months: 0" 1 "expected lease_months as well"
check "nor for longer than a hundred years" lease "lease_usd_month: 5, lease_months: 1201" 1 "from 0 to 1200"
check "nor months without a price" lease "capex_musd: 1, lease_months: 5" 1 "expected lease_usd_month as well"
check "nor a price outside its bounds" lease "lease_usd_month: 5, lease_usd_month_low: 6, lease_months: 3" 1 "not between its bounds"
echo "1..$n"
exit $failed
