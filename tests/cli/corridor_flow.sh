#!/bin/bash
# `sarai corridor flow` on the example: every objective, forms, terms, what is refused.
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
flow() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; flow "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }
total() { flow -j corridor flow "$@" && jq .total.served_bps "$work/out"; }

for objective in fair priority cost utilisation throughput fairest; do
	check "$objective: an answer" status 0 -j corridor flow --objective $objective
	check "$objective: ways add up to what is served, and no more than asked" holds \
		'.demands | length == 40 and all(.served_bps == ([.ways[] | select(.role == "working").bps] | add // 0) and .served_bps <= .asked_bps)'
	check "$objective: the sum over ways and segments is the sum of the loads" holds \
		'([.segments[] | .load_ab_bps + .load_ba_bps] | add) == ([.demands[].ways[] | select(.role != "spare") | .bps * (.segments | length)] | add)'
	check "$objective: 80 columns" status 0 corridor flow --objective $objective
	check "$objective: no line is longer" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "value and bound of an optimum are one" bash -c "build/sarai -j corridor flow --objective utilisation --hub examples/silkroad.yaml | jq -e '(.value - .bound) / .value < 1e-6' >/dev/null"
most=$(total --objective throughput --date 2029)
check "demands grow to a later year" [ "$most" -gt "$(total --objective throughput)" ]
check "less is served when nobody may go through Turkey" [ "$(total --objective throughput --avoid TR --date 2029)" -lt "$most" ]
check "and are over all corners of demands and capacities" bash -c "build/sarai -j corridor flow --hub examples/silkroad.yaml | jq -e '
	.all_high.asked_bps == .at_worst.asked_bps and .all_high.served_bps > .at_worst.served_bps and .all_low.asked_bps == .at_ease.asked_bps and
	(.demands | map(.served_most_bps) | add) >= .all_high.served_bps and (.demands | map(.served_least_bps) | add) <= .all_low.served_bps' >/dev/null"
check "the ranges enclose what is told" bash -c "build/sarai -j corridor flow --hub examples/silkroad.yaml | jq -e '.demands | all(.served_least_bps <= .served_bps and .served_bps <= .served_most_bps)' >/dev/null"
check "nobody goes where the question forbids" bash -c "build/sarai -j corridor flow --without M01 --hub examples/silkroad.yaml | jq -e '[.demands[].ways[].segments[]] | index(\"M01\") == null' >/dev/null"
check "whom it protects has two ways, and what they cost is told" bash -c "build/sarai -j corridor flow --hub examples/silkroad.yaml | jq -e '.protection.second_usd_month > 0 and ([.demands[] | select(.protect != \"none\") | .ways | length == 2 and .[0].role == \"working\"] | length == 2 and all)' >/dev/null"
check "who is bound to a cable goes over it" bash -c "build/sarai -j corridor flow --objective priority --hub examples/silkroad.yaml | jq -e '.demands[] | select(.id == \"KHI-FRA-IMEWE\").ways | all(.segments | index(\"M10\"))' >/dev/null"
check "when that is cut, over others" bash -c "build/sarai -j corridor flow --objective priority --without M10 --hub examples/silkroad.yaml | jq -e '.demands[] | select(.id == \"KHI-FRA-IMEWE\").ways | length > 0 and all(.segments | index(\"M10\") | not)' >/dev/null"
check "CSV of ways" status 0 --csv corridor flow
check "has a row for each" [ "$(wc -l <"$work/out")" -ge 41 ]
check "CSV of segments" status 0 --csv corridor flow --segments
check "has its own head" grep -q "^segment,from,to,capacity_bps,load_bps,utilisation,worth" "$work/out"
check "another objective is refused" status 2 corridor flow --objective best
check "so is a way to be required" status 2 corridor flow --require C01
check "and an unknown word" status 2 corridor flow quickly
echo "1..$n"
exit $failed
