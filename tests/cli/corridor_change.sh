#!/bin/bash
# `sarai corridor change` on the example: what it says of a pair with and without is what `path`, `cutset` and `availability` say of it under
# the same conditions, and what it says of money is what `revenue` and `worth` say. Prints TAP.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sarai() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml 2>&1; }
json() { sarai -j corridor "$@"; }
change() { jq -e "$1" "$scratch/change" >/dev/null; }
status() { # status N WORD...
	local wanted=$1
	shift
	sarai "$@" >"$scratch/refused"
	test $? = "$wanted"
}
refused() { # refused TEXT N WORD...
	local text=$1
	shift
	status "$@" && grep -qF -- "$text" "$scratch/refused"
}

json change TCFO --from ALA,BAK --to FRA,FRA >"$scratch/change"
check "a cable is its segments" change '.segments == ["C01"] and .laid[0].id == "TCFO"'
check "pairs are looked at as asked, and once more avoiding what demands avoid" change \
	'[.pairs[] | [.from, .to, (.avoiding | join(","))]] == [["ALA","FRA",""],["ALA","FRA","RU,IR"],["BAK","FRA",""],["BAK","FRA","RU,IR"]]'
same() { # same FILTER VALUE
	jq -e --argjson value "$2" "($1) as \$x | (\$x - \$value) | fabs <= 1e-6 * (\$value | fabs) + 1e-9" "$scratch/change" >/dev/null
}
for side in with without; do
	terms=(--avoid RU,IR "--$side" C01)
	check "the way $side it is that of corridor path" same ".pairs[1].$side.round_trip_ms" "$(json path ALA FRA "${terms[@]}" | jq '.paths[0].round_trip_ms')"
	check "and so are its kilometres" same ".pairs[1].$side.length_km" "$(json path ALA FRA "${terms[@]}" | jq '.paths[0].length_km')"
	check "room $side it is that of corridor cutset" same ".pairs[1].$side.room_gbps" "$(json cutset ALA FRA "${terms[@]}" | jq .room_gbps)"
	check "$side it they are connected as corridor availability says" same ".pairs[1].$side.availability" "$(json availability ALA FRA "${terms[@]}" | jq .availability)"
	check "all pay what corridor revenue says $side it" same ".money.$side.paid_usd_year" "$(json revenue "--$side" C01 | jq .usd_a_year)"
	check "and as much is served as corridor flow serves" same ".$side.served_gbps" "$(json flow --objective priority "--$side" C01 | jq '.total.served_bps / 1e9')"
done
check "it takes in what corridor next says" same .money.takes_usd_year "$(json next | jq '.next[] | select(.candidates == ["TCFO"]) | .usd_a_year')"
check "avoiding Russia and Iran it shortens the way by a third" change '.pairs[1] | .with.round_trip_ms < 0.75 * .without.round_trip_ms and .with.over and (.without.over | not)'
check "nothing that is laid makes anything worse" change '[.pairs[] | .with.room_gbps >= .without.room_gbps and .with.length_km <= .without.length_km and .with.availability >= .without.availability - 1e-8] | all'
check "who moves is told by name" change '.moved == ([.demands[] | select(.moved)] | length) and .moved > 0 and .slower == 0'
check "what crosses Russia gets less" change '.countries[] | select(.country == "RU") | .with.gbps < .without.gbps and .with.share < .without.share'
check "no share is above all" change '[.countries[] | .with.share, .without.share] | max <= 1.000001'
check "CSV has a row for each look" test "$(sarai --csv corridor change TCFO --from ALA,BAK --to FRA,FRA | wc -l)" = 5
check "as many columns in each" test "$(sarai --csv corridor change TCFO | tr -d '\r' | awk -F, '{ print NF }' | sort -u | wc -l)" = 1
check "a candidate is all of its segments" test "$(json change hyper-tcfo --from ALA --to FRA | jq -r '.segments | length')" = 2
check "its own ends come first when no pair is asked" test "$(json change C01 | jq -r '.pairs[0] | .from + "-" + .to')" = AKU-SUM
check "what is in use already is looked at as if it were not" grep -q "in use already" <<<"$(sarai corridor change B01 --from BAK --to FRA | tr -s ' \n' ' ')"
check "lines fit into 80 columns" test -z "$(sarai corridor change HYPER-TCFO,TCFO-2 | LC_ALL=C.UTF-8 awk 'length($0) > 80')"
check "what is avoided besides can be said" test "$(json change TCFO --from ALA --to FRA --also-avoiding TM | jq -c '[.pairs[].avoiding]')" = '[[],["TM"]]'
check "a hub without demands has pairs still" bash -c "grep -v '^demands:' examples/silkroad.yaml | sed 's|csv: silkroad/|csv: $PWD/examples/silkroad/|' >'$scratch/plain.yaml'; build/sarai -j corridor change TCFO --from ALA --to FRA --hub '$scratch/plain.yaml' | jq -e '.demands == [] and .pairs[0].with.linked' >/dev/null"
check "nothing to lay is refused" refused "expected what is laid" 2 corridor change --from ALA --to FRA ""
check "an unknown name is" refused "C99" 1 corridor change C99
check "a country is nothing that is laid" status 1 corridor change IR
check "pairs have two ends" refused "each pair has both" 2 corridor change TCFO --from ALA,BAK --to FRA
check "and two places" refused "both are ALA" 2 corridor change TCFO --from ALA --to ALA
check "it is not with and without at once" refused "no --with and no --without" 2 corridor change TCFO --without C01
check "nor by a measure" refused "takes no --require" 2 corridor change TCFO --by price
echo "1..$n"
exit $failed
