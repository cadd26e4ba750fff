#!/bin/bash
# `sarai corridor reach`: files in, plan and pictures out, without a running hub; what is wrong is said. The last part asks a running one.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
# check NAME COMMAND...: passes when the command succeeds.
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
data=tests/corridor/data
reach() { timeout 600 build/sarai "$@" --towers $data/reach_towers.csv --fibre $data/reach_fibre.geojson 2>&1; }
holds() { jq -e "$1" >/dev/null; }
# status WANTED WORDS...: the exit status.
status() {
	local wanted=$1
	shift
	timeout 600 build/sarai "$@" >/dev/null 2>&1
	[ $? = "$wanted" ]
}

out=$(reach corridor reach)
check "a plan needs a file of towers and nothing else" grep -q "^year 3 *60.0 % *60.0 %" <<<"$out"
check "it keeps to 80 columns" awk 'length > 80 { bad = 1 } END { exit bad }' <<<"$out"
check "asked again it is the same" [ "$out" = "$(reach cor rea)" ]
reach corridor reach --target 50 --years 2 --first-year 2027 --map "$dir/map.svg" --curve "$dir/curve.svg" --plan "$dir/plan.geojson" -q >"$dir/said"
check "quiet is quiet" [ ! -s "$dir/said" ]
check "the map is whole" python3 -c "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])" "$dir/map.svg"
check "with land below it" grep -q "Natural Earth" "$dir/map.svg"
check "so is the curve" python3 -c "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])" "$dir/curve.svg"
check "the plan is GeoJSON" holds '[.features[] | select(.geometry.type == "Point") | .properties.year] | unique == ["2027", "2028"]' <"$dir/plan.geojson"
reach corridor reach --plan "$dir/plan.csv" --curve "$dir/curve.csv" -q
check "or CSV, by the name of the file" [ "$(head -c 8 "$dir/plan.csv")" = "id,name," ]
check "the curve too" [ "$(wc -l <"$dir/curve.csv")" = 102 ]
check "--csv is the same plan" cmp -s "$dir/plan.csv" <(reach corridor reach --csv)
# The plan in CSV read back as what is on fibre: then nothing is left to do.
python3 - "$dir" $data/reach_towers.csv <<'P'
import csv, sys
built = {r["id"] for r in csv.DictReader(open(sys.argv[1] + "/plan.csv", newline=""))}
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
with open(sys.argv[1] + "/after.csv", "w", newline="") as out:
    w = csv.DictWriter(out, rows[0].keys())
    w.writeheader()
    for r in rows:
        w.writerow(r | {"on_fibre": "yes" if r["on_fibre"] == "yes" or r["id"] in built else "no"})
P
check "what was built brings the share that was said" grep -q "^Of 400 towers and towns 240 (60.0 %) are on fibre" \
	<<<"$(timeout 600 build/sarai corridor reach --towers "$dir/after.csv")"
check "then nothing is left to be built" grep -q "^Nothing is built" <<<"$(timeout 600 build/sarai corridor reach --towers "$dir/after.csv")"
check "and that the target is met is said" grep -q "^The target of year 3, 60.00 %, is met already: 60.00 % are on fibre" <<<"$(timeout 600 build/sarai corridor reach --towers "$dir/after.csv")"
check "also of a year of several" [ "$(reach -j corridor reach --target 10,20 | jq -c '[.years[].target_met_before]')" = '[true,false]' ]
check "money may be the limit" holds '.years | length == 4 and .[3].cost_so_far.amount as $c | ($c | tonumber) <= 4000000' \
	<<<"$(reach -j corridor reach --budget 1M,500k,1M,1.5M)"
check "costs may be said" holds '[.costs[] | select(.item == "km" and .terrain == "mountain")][0].amount == 90000' \
	<<<"$(reach -j corridor reach --cost km:mountain=90k)"
check "several, with commas between" holds '[.costs[] | select((.item == "km" and .terrain == "mountain") or .item == "site") | .amount] == [90000, 4000]' \
	<<<"$(reach -j corridor reach --cost km:mountain=90k,site=4000)"
check "and what counts" holds '.count == "traffic" and .years[2].share_percent >= 60' <<<"$(reach -j corridor reach --count traffic)"
printf 'id,lat,lon,on_fibre\nA,25,67,yes\nB,25.1,67,no\n' >"$dir/two.csv"
two=$(timeout 60 build/sarai corridor reach --towers "$dir/two.csv" --target 100 --years 1)
check "one is one" grep -q "connects 1 tower or town at 1 place with" <<<"$two"
check "a gap is never told as none while there is one" grep -q "this one is within 0.1 % of the least" <<<"$(tr '\n' ' ' <<<"$two")"
check "where nothing is built no money rests on anything" [ -z "$(timeout 60 build/sarai corridor reach --towers "$dir/two.csv" --target 50 | grep "Of the money")" ]
check "a share of weights that nobody has is refused" grep -q "no tower of the file has a weight" <<<"$(timeout 60 build/sarai corridor reach --towers "$dir/two.csv" --count weight 2>&1)"
check "so is one of three decimals, which would be rounded to another" status 2 corridor reach --towers $data/reach_towers.csv --target 27.586
check "two decimals are taken" status 0 corridor reach --towers $data/reach_towers.csv --target 27.58
check "a target that is none is exit status 2" status 2 corridor reach --towers $data/reach_towers.csv --target 101
check "so is a word that is none" status 2 corridor reach --towers $data/reach_towers.csv nonsense
check "so is a cost that is none" status 2 corridor reach --towers $data/reach_towers.csv --cost km=
check "also behind a comma" status 2 corridor reach --towers $data/reach_towers.csv --cost site=4000,km=
check "or nothing at all there" status 2 corridor reach --towers $data/reach_towers.csv --cost site=4000,
check "a file that is not there is exit status 1" status 1 corridor reach --towers "$dir/none.csv"
printf 'id,lat,lon\nA,124.5,67.5\n' >"$dir/wrong.csv"
check "what is wrong in a file is said with its place" grep -q "wrong.csv:2:1: latitude 124.5 is not on the globe" \
	<<<"$(build/sarai corridor reach --towers "$dir/wrong.csv" 2>&1)"
printf 'id,lat,lon\nA,24.5,67.5\n' >"$dir/dark.csv"
check "without fibre nothing can start" grep -q "there is no existing fibre" <<<"$(build/sarai corridor reach --towers "$dir/dark.csv" 2>&1)"

# From a hub file: its wishes, and its sites to start from.
sed 's#csv: silkroad/#csv: '"$PWD"'/examples/silkroad/#g' examples/silkroad.yaml >"$dir/hub.yaml"
cat >>"$dir/hub.yaml" <<E
reach:
  towers: $PWD/$data/reach_towers.csv
  fibre: $PWD/$data/reach_fibre.geojson
  targets: [30, 40]
  first_year: 2027
  costs:
    - {item: km, terrain: mountain, amount: 54000, amount_low: 40000, amount_high: 70000, confidence: derived, source: a budget}
    - {item: site, amount: 4000, confidence: seen}
E
check "the hub file is good" status 0 check "$dir/hub.yaml"
check "its wishes hold" holds '(.years | map(.year)) == ["2027", "2028"] and ([.costs[] | select(.item == "site")][0].amount == 4000)' \
	<<<"$(build/sarai -j corridor reach --hub "$dir/hub.yaml")"
check "its sites are where fibre starts" grep -q ",site," <<<"$(build/sarai --csv corridor reach --hub "$dir/hub.yaml" --target 60)"
check "words go before it" holds '.years | length == 3' <<<"$(build/sarai -j corridor reach --hub "$dir/hub.yaml" --years 3 --target 60)"
sed '/^reach:/,$d' "$dir/hub.yaml" >"$dir/falling.yaml"
printf 'reach:\n  targets: [40, 30]\n' >>"$dir/falling.yaml"
cp "$dir/falling.yaml" "$dir/bad.yaml"
printf '  costs: [{item: road, amount: 0.5}, {item: site, terrain: hill, amount: 1}, {item: site, amount: 1}]\n' >>"$dir/bad.yaml"
out=$(build/sarai check "$dir/bad.yaml" 2>&1)
check "a factor below 1 is refused" grep -q "no road is shorter" <<<"$out"
check "a site has no terrain" grep -q "only km and road differ by it" <<<"$out"
check "targets do not fall" grep -q "year 2 is to have less" <<<"$(build/sarai check "$dir/falling.yaml" 2>&1)"
check "without towers that is said" grep -q "no file of towers" <<<"$(build/sarai corridor reach --hub examples/silkroad.yaml 2>&1)"
check "without a hub too" status 3 -s "$dir/none.sock" corridor reach

# A running one tells its wishes; the plan is made here.
sed -e "s#./var#$dir/var#; s#var/sarai.sock#$dir/sarai.sock#" -e '/^listen:/,/^$/d' "$dir/hub.yaml" >"$dir/run.yaml"
printf 'listen:\n  bgp: []\n  http: none\n  control_socket: %s/sarai.sock\n' "$dir" >>"$dir/run.yaml"
build/sarai run "$dir/run.yaml" >"$dir/log" 2>&1 &
hub=$!
trap 'kill $hub 2>/dev/null; wait $hub 2>/dev/null; rm -rf "$dir"' EXIT
for _ in $(seq 600); do
	build/sarai -s "$dir/sarai.sock" corridor show >/dev/null 2>&1 && break
	sleep 0.1
done
check "a running hub is asked what is wanted" [ "$(build/sarai -s "$dir/sarai.sock" corridor reach 2>&1)" = "$(build/sarai corridor reach --hub "$dir/hub.yaml")" ]

echo "1..$n"
exit $failed
