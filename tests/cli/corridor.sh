#!/bin/bash
# `sarai corridor` on a hub file, without a running hub: the reference study through the shell, exit statuses, forms.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
# The JSON on standard input makes the expression true.
holds() { jq -e "$1" >/dev/null; }
# check NAME COMMAND...: passes when the command succeeds.
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
sarai() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml 2>&1; }
# study ROW: asks what a row of the study asks, and compares length, round trip, segments and countries.
study() {
	local from to network constraint km ms path segments countries words=() got
	IFS=$'\t' read -r from to network constraint km ms path segments countries <<<"$1"
	[[ $network == *TCFO* ]] && words+=(--with C01)
	[[ $network == *AZ-TM* ]] && words+=(--with C03)
	[[ $network == *Kardesa* ]] && words+=(--with B06,B07)
	[[ $network == *hyperhighway* ]] && words+=(--with K21)
	[[ $constraint == *"Red Sea cut"* ]] && words+=(--without RED_SEA)
	[[ $constraint == *"CCS cut"* ]] && words+=(--without B01)
	[[ $constraint =~ avoid\ ([A-Z\ ]+) ]] && words+=(--avoid "${BASH_REMATCH[1]// /,}")
	got=$(sarai -j corridor path "$from" "$to" "${words[@]}" | jq -r '.paths[0] | "\(.length_km) \(.round_trip_ms * 10 | round / 10)" +
		" \(.sites | join("-")) \(.segments | join("-")) \(.countries | join(" "))"')
	[ "$got" = "$km $(jq -n "$ms") $path $segments $countries" ] || { echo "# got $got"; return 1; }
}
rows=$(python3 -c 'import csv
for r in csv.DictReader(open("tests/corridor/data/study.csv")):
    print(r["case"], "\t".join(list(r.values())[1:]), sep="|")')
while IFS='|' read -r id row; do check "the study's $id" study "$row"; done <<<"$rows"

check "a name of two words in quotes is a site" grep -q "13755 km" <<<"$(sarai corridor path "hong kong" frankfurt)"
status() { local want=$1; shift; sarai "$@" >/dev/null; [ $? = "$want" ]; }
check "a way found is exit status 0" status 0 corridor path ALA FRA
check "an unknown site is exit status 1" status 1 corridor path ALA Frankfort
check "words that make no sense are exit status 2" status 2 corridor path ALA FRA --k none
check "an unknown site is told with the nearest" grep -q "nearest known is FRA (Frankfurt)" <<<"$(sarai corridor path ALA Frankfort)"
check "no way left is said in words" grep -qx "no way is left" <<<"$(sarai corridor path MOW FRA --avoid RU)"
check "with why there can be none" grep -qx "(Moscow itself lies in RU)" <<<"$(sarai corridor path MOW FRA --avoid Russia)"
check "a way of a day that is over says what it does not know" grep -qE "^~ since when [0-9]+ of [0-9]+ segments are there, nobody has told" <<<"$(sarai corridor path KHI FRA --date 2012)"
check "and is an empty list in JSON" holds '.paths == []' <<<"$(sarai -j corridor path MOW FRA --avoid RU)"
check "eight ways come sorted" holds '[.paths[].length_km] | length == 8 and . == sort' \
	<<<"$(sarai -j corridor path KHI FRA --k 8)"
check "all segments and sites are shown" holds '(.segments | length) == 172 and (.sites | length) == 146' \
	<<<"$(sarai -j corridor show)"
check "a segment is shown with its source" holds '.id == "B01" and .length_km == 1182 and .source != null' \
	<<<"$(sarai -j corridor segment b01)"
check "a site is shown with its segments" holds '[.segments[].id] | index("M01")' <<<"$(sarai -j corridor site Karachi)"
wide() { sarai corridor "$@" | awk '!/http/ { gsub(/[\200-\277]/, ""); if (length($0) > 80) bad = 1 } END { exit bad }'; }
check "a way fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide path HKG FRA --k 3"
check "the list fits too" env LC_ALL=C bash -c "$(declare -f sarai wide); wide show"
check "what cuts do fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide whatif double --of cable"
check "and what one does" env LC_ALL=C bash -c "$(declare -f sarai wide); wide whatif RED_SEA,IR,M07"
check "and what to lease after it" env LC_ALL=C bash -c "$(declare -f sarai wide); wide whatif RED_SEA,IR,M07 --lease 30"
check "draws come out near to what is reckoned" holds ".drawn.low <= .availability and .availability <= .drawn.high and .open < 1e-8" <<<"$(sarai -j corridor availability KBL DXB --draws 1000000)"
check "Kabul is without a way when its country is off" holds ".blame[0].id == \"AF\" and .blame[0].share > 0.5" <<<"$(sarai -j corridor availability KBL DXB)"
check "the range holds the number" holds ".availability_low <= .availability and .availability <= .availability_high" <<<"$(sarai -j corridor availability BAK FRA --avoid RU)"
check "months were lived through by a running hub alone" bash -c "build/sarai corridor availability KBL DXB --month 2026-01 --hub examples/silkroad.yaml 2>&1 | grep -q 'only a running hub'"
check "one site alone is told back" bash -c "build/sarai corridor availability KHI --hub examples/silkroad.yaml 2>&1 | grep -q 'found \"KHI\" alone, expected two sites'"
check "availability fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide availability KHI FRA --draws 20000"
check "every incident is played" holds ".incidents | length == 17 and all(.[]; .id != null and .model != null)" <<<"$(sarai -j corridor replay)"
check "and fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide replay && wide replay N14"
check "each says why, and whether it is comparable; verdicts are counted" holds '(.incidents | all(.model.why != "" and .compared.because != "")) and
	.compared == ([.incidents[].compared.verdict] | {hit: map(select(. == "hit")) | length, miss: map(select(. == "miss")) | length,
	not_comparable: map(select(. == "not comparable")) | length}) and .compared.hit > 0 and .compared.miss > 0' <<<"$(sarai -j corridor replay)"
check "text and CSV count the same" [ "$(sarai corridor replay | grep -o '^17 incidents: .*')" = \
	"$(sarai corridor replay --csv | python3 -c 'import csv, sys, collections
c = collections.Counter(r["verdict"] for r in csv.DictReader(sys.stdin))
print("17 incidents: %d hit, %d missed, %d not comparable" % (c["hit"], c["miss"], c["not comparable"]))')" ]
check "one tells what was told beside what is reckoned" grep -q "^compared *miss: told 75 %, by the model 0 to" <<<"$(sarai corridor replay N03)"
check "a way over what is required touches it" holds '.paths[0].sites | index("BAK")' <<<"$(sarai -j corridor path TAS FRA --via Baku --date 2027)"
check "what is planned is there by its year" holds '.paths[0].segments | index("C01")' \
	<<<"$(sarai -j corridor path ALA FRA --avoid RU,IR --date 2027)"
check "and not before" holds '.paths[0].segments | index("C01") | not' <<<"$(sarai -j corridor path ALA FRA --avoid RU,IR --date 2025)"
for by in price availability hops; do
	check "eight ways by $by are proven" holds '.proven and (.paths | length) == 8' <<<"$(sarai -j corridor path KHI FRA --k 8 --by $by)"
done
for kind in segment site risk country cable operator; do
	check "two ways that share no $kind" holds '.apart and .proven and (.paths | length) == 2' <<<"$(sarai -j corridor pair ALA FRA --disjoint $kind)"
done
check "what all ways share is named" holds '(.apart | not) and .shared_segments == ["P10"]' <<<"$(sarai -j corridor pair GWD FRA)"
check "a cut is as large as there are ways" holds '.by_segment | .ways == (.segments | length) and .ways > 1' \
	<<<"$(sarai -j corridor cutset KHI FRA)"
# The narrowest cut is as wide as its segments, without it there is no way; more is left over all than without a sea.
check "room is what the narrowest cut lets through" bash -c "build/sarai --csv corridor cutset KHI FRA --hub examples/silkroad.yaml | tr -d '\r' | awk -F, '\$1 == \"room\" { sum += \$5; n++ } END { print n, sum }' | grep -qx \"\$(build/sarai -j corridor cutset KHI FRA --hub examples/silkroad.yaml | jq -r '\"\\(.narrowest.segments | length) \\(.room_gbps)\"')\""
check "without it there is no way" grep -qx "no way is left" \
	<<<"$(sarai corridor path KHI FRA --without "$(sarai -j corridor cutset KHI FRA | jq -r '.narrowest.segments | join(",")')")"
check "a sea that is cut takes room away" holds '.[0] > .[1] and .[1] > 0' <<<"[$(sarai -j corridor cutset KHI FRA | jq .room_gbps), $(sarai -j corridor cutset KHI FRA --without RED_SEA | jq .room_gbps)]"
check "without a cut there is no way" grep -qx "no way is left" \
	<<<"$(sarai corridor path KHI FRA --without "$(sarai -j corridor cutset KHI FRA | jq -r '.by_segment.segments | join(",")')")"
check "pairs and cuts fit into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide pair KHI FRA --disjoint risk && wide cutset KHI FRA"
# A graph of the reference as a hub file: only names, ends and lengths.
folder=$(mktemp -d)
printf 'hub: {name: Graph, asn: 64500, router_id: 192.0.2.1}\nsites: {csv: sites.csv}\nsegments: {csv: segments.csv}\n' >"$folder/hub.yaml"
awk -F, 'BEGIN { print "id,name,kind,country,lat,lon" } NR > 1 { for (i = 1; i < 3; i++) if (!seen[$i]++) print "R" $i ",R" $i ",pop,DE,," }' \
	tests/corridor/data/gabriel_100_0.csv >"$folder/sites.csv"
awk -F, 'BEGIN { print "id,name,a,b,type,length_km,status,countries_crossed" }
	NR > 1 { print "E" NR ",E" NR ",R" $1 ",R" $2 ",terrestrial," $3 ",in service,DE" }' tests/corridor/data/gabriel_100_0.csv >"$folder/segments.csv"
graph() { build/sarai -j corridor "$@" --hub "$folder/hub.yaml"; }
check "another graph's eight ways" holds '[.paths[].length_km] == [769.46, 774.21, 780.29, 788.7, 819.34, 822.58, 824.09, 828.66]' \
	<<<"$(graph path R0 R99 --k 8)"
check "its pair that shares no site" holds '.length_km == 1612.5' <<<"$(graph pair R0 R99 --disjoint site)"
check "and its cuts" holds '.by_segment.ways == 5 and .by_site.ways == 5' <<<"$(graph cutset R0 R99)"
rm -r "$folder"
echo "1..$n"
exit $failed
