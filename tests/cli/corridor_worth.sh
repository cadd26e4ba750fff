#!/bin/bash
# `sarai corridor worth` on the example: forms, terms, what is refused.
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
worth() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; worth "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

for of in "" "--of PK" "--of cable:CCS" "--of operator:AzerTelecom" "--of RED_SEA" "--of KHI" "--of B01"; do
	check "worth $of: an answer" status 0 corridor worth $of
	check "worth $of: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "a country in JSON" status 0 -j corridor worth --of PK
check "the sum is that of its demands" holds '([.demands[].usd_a_year // 0] | add) - .usd_a_year | fabs < 1'
check "no ceiling is below 0, and each lies in its range" holds '.demands | all(.ceiling_usd == null or (0 <= .ceiling_usd_low and .ceiling_usd_low <= .ceiling_usd and .ceiling_usd <= .ceiling_usd_high))'
check "a year's worth is ceiling times traffic" holds '.demands | map(select(.state == "passes")) | length > 0 and all((.usd_a_year / (.ceiling_usd * .gbps.value * 12000) - 1 | fabs) < 0.001)'
check "what ends in Karachi does not pass Pakistan" holds '.demands | map(select(.to == "KHI" or .from == "KHI")) | length > 0 and all(.state == "at home")'
check "everybody in JSON, the dearest first" status 0 -j corridor worth
check "says that it goes by price" holds '.by == "price"'
check "is in order" holds '[.worth[].usd_a_year] | . == (sort | reverse)'
check "a country that is avoided is worth nothing" status 0 -j corridor worth --of PK --avoid PK
check "as nothing passes" holds '.usd_a_year == 0 and .passing_gbps == 0'
check "CSV of one" status 0 --csv corridor worth --of PK
check "has a row for each demand" [ "$(wc -l <"$work/out")" = 41 ]
check "CSV of all" status 0 --csv corridor worth
check "has its own head" grep -q "^kind,id,passing_gbps" "$work/out"
check "a name that nothing has is refused" status 1 corridor worth --of Atlantis
check "and a country that nothing crosses" status 1 corridor worth --of XX
check "so is a way to be required" status 2 corridor worth --require C01
check "another measure" status 2 corridor worth --by length --k 2
check "and an unknown word" status 2 corridor worth quickly

# Without demands there is nothing to tell, and no empty table.
sed "/^demands:/d; s#csv: silkroad#csv: $PWD/examples/silkroad#g" examples/silkroad.yaml >"$work/hub.yaml"
nothing() {
	local got
	build/sarai "$@" --hub "$work/hub.yaml" >"$work/out" 2>"$work/err"
	got=$?
	[ $got = 1 ] && [ ! -s "$work/out" ] && grep -q "the hub file has no demands" "$work/err"
}
for question in "corridor worth" "corridor worth --of PK" "corridor whatif" "corridor whatif RED_SEA" "corridor whatif double" "corridor flow" "corridor revenue" "-j corridor whatif" "--csv corridor worth"; do
	# shellcheck disable=SC2086
	check "$question without demands says so" nothing $question
done
echo "1..$n"
exit $failed
