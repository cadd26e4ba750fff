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
sarai() { timeout 20 build/sarai "$@" --hub examples/silkroad.yaml 2>&1; }
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
check "and is an empty list in JSON" holds '.paths == []' <<<"$(sarai -j corridor path MOW FRA --avoid RU)"
check "eight ways come sorted" holds '[.paths[].length_km] | length == 8 and . == sort' \
	<<<"$(sarai -j corridor path KHI FRA --k 8)"
check "all segments and sites are shown" holds '(.segments | length) == 171 and (.sites | length) == 146' \
	<<<"$(sarai -j corridor show)"
check "a segment is shown with its source" holds '.id == "B01" and .length_km == 1182 and .source != null' \
	<<<"$(sarai -j corridor segment b01)"
check "a site is shown with its segments" holds '[.segments[].id] | index("M01")' <<<"$(sarai -j corridor site Karachi)"
wide() { sarai corridor "$@" | awk '!/http/ { gsub(/[\200-\277]/, ""); if (length($0) > 80) bad = 1 } END { exit bad }'; }
check "a way fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide path HKG FRA --k 3"
check "the list fits too" env LC_ALL=C bash -c "$(declare -f sarai wide); wide show"
check "what cuts do fits into 80 columns" env LC_ALL=C bash -c "$(declare -f sarai wide); wide whatif double --of cable"
check "and what one does" env LC_ALL=C bash -c "$(declare -f sarai wide); wide whatif RED_SEA,IR,M07"
echo "1..$n"
exit $failed
