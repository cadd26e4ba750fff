#!/bin/bash
# `sarai corridor revenue` on the example: forms, terms, what is refused.
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
revenue() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; revenue "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

for of in country operator cable segment party; do
	check "revenue --of $of: an answer" status 0 corridor revenue --of $of
	check "revenue --of $of: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "by country in JSON" status 0 -j corridor revenue --of country
check "it goes by price" holds '.by == "price"'
check "the most first" holds '[.revenue[].usd_a_year] | length > 10 and . == (sort | reverse)'
check "countries share all of it" holds '([.revenue[].usd_a_year] | add) / .usd_a_year - 1 | fabs < 1e-6'
check "by segment" status 0 -j corridor revenue --of=segment
check "segments have all of it too" holds '([.revenue[].usd_a_year] | add) / .usd_a_year - 1 | fabs < 1e-6'
check "a country that is avoided takes nothing in" status 0 -j corridor revenue --of country --avoid RU
check "nothing at all" holds '[.revenue[].id] | index("RU") == null and length > 5'
check "what was billed is not known without a hub that runs" holds '.measured.known == false and .measured.why == "the hub does not run" and (.revenue | all(.measured_usd_month == null and .difference_percent == null))'
check "a month is taken" status 0 corridor revenue --month 2026-10
check "one that is none is refused" status 2 corridor revenue --month October
check "CSV" status 0 --csv corridor revenue
check "has its head" grep -q "^id,usd_a_year,usd_a_year_low" "$work/out"
check "an unknown kind is refused" status 2 corridor revenue --of planet
check "so is what a way must cross" status 2 corridor revenue --require C01
check "and an unknown word" status 2 corridor revenue much
echo "1..$n"
exit $failed
