#!/bin/bash
# `sarai corridor target` on the example: forms, terms, what is refused.
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
target() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; target "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

check "what was told of Pakistan" status 0 corridor target 200-400 --of PK
check "fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
check "at half a dollar it is 33 to 67 Tbit/s" grep -Eq '^\$0.5 +33.33 +66.67 ' "$work/out"
check "in JSON" status 0 -j corridor target 200-400 --of PK
check "which is more than begins, ends and passes there" holds '.passing_gbps > 1000 and .home_gbps > 5000 and (.prices[] | select(.price_usd == 0.5) | .gbps_low) > .passing_gbps + .home_gbps'
check "what may be asked in the mean is one of the prices" holds '[.prices[] | select(.ceiling)] | length == 1 and .[0].price_usd > 0'
check "each price earns the sum" holds '.usd_a_year_low as $sum | .prices | all((.price_usd * .gbps_low * 12000 / $sum - 1 | fabs) < 1e-9)'
check "it is what passing is worth" status 0 -j corridor worth --of PK
cp "$work/out" "$work/worth"
check "which as a target" status 0 -j corridor target "$(jq '.usd_a_year / 1e6' "$work/worth")" --of PK
check "needs at the ceiling what passes, save what has no price" jq -e --slurpfile w "$work/worth" '(.prices[] | select(.ceiling) | .gbps_low) / (.passing_gbps - $w[0].unpriced_gbps) - 1 | fabs < 1e-6' "$work/out"
check "what fits" status 0 -j corridor target 200-400 --of PK
check "is no more than is needed, and no more than there is room for" holds '.room_gbps as $room | .prices | all(.carried_gbps_low <= .gbps_low * 1.000001 and .carried_gbps_high <= .gbps_high * 1.000001 and .carried_gbps_low <= $room * 1.000001)'
check "the room has a range, and so has what all of it would earn" holds '.room_gbps_low < .room_gbps and .room_gbps < .room_gbps_high and .full_usd_a_year_low < .full_usd_a_year and .full_usd_a_year < .full_usd_a_year_high'
check "what it earns is the room at the ceiling" holds '(.room_gbps * .ceiling_usd * 12000 / .full_usd_a_year - 1 | fabs) < 1e-4'
check "what is full is named" holds '.build.full | length > 0'
check "a line that others lead to is what to build first" status 0 -j corridor target 100 --of TCFO --price 0.02 --with C01
check "with what it gives room for" holds '.build.candidates | length > 0 and (.[0].gbps > 0) and (.[0].gbps_per_musd * .[0].capex_musd / .[0].gbps - 1 | fabs) < 1e-4'
check "of all demands, at one price" status 0 -j corridor target 50 --price 0.5
check "has one price" holds '.prices | length == 1 and .[0].price_usd == 0.5 and .[0].years_low == 0'
check "CSV" status 0 --csv corridor target 300 --of C01 --with C01
check "has a row for each price" [ "$(wc -l <"$work/out")" -ge 7 ]
check "no amount is refused" status 2 corridor target --of PK
check "an amount upside down is" status 2 corridor target 400-200
check "so is one that is no number" status 2 corridor target much
check "and two of them" status 2 corridor target 200 400
check "a price of nothing" status 2 corridor target 200 --price 0
check "a name that nothing has" status 1 corridor target 200 --of Atlantis
check "and what a way must cross" status 2 corridor target 200 --require C01
echo "1..$n"
exit $failed
