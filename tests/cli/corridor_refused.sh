#!/bin/bash
# What `sarai corridor` makes of words that make no sense, and of answers that are empty: it says so, and the exit status says it, too.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# check NAME COMMAND...: passes when the command succeeds.
check() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && sed 's/^/# /' "$work/out" && failed=1; fi
}
# sarai STATUS WORD...: runs it, keeps what it says (on both channels), and succeeds when it ends with that status.
sarai() {
	local status=$1
	shift
	timeout 600 build/sarai "$@" >"$work/out" 2>&1
	[ $? = "$status" ]
}
corridor() { sarai "$1" corridor "${@:2}" --hub examples/silkroad.yaml; }
says() { grep -qF -- "$1" "$work/out"; }

# Terms.
check "one way of cutting at a time" corridor 2 whatif single double
check "is told" says "expected one of single and double"
check "said twice, it is one" corridor 0 whatif single single --top 1
check "a comma with nothing behind it is a slip" corridor 2 whatif TR,
check "and is shown" says 'found "TR,", expected a name before and after each comma'
check "of conditions, too" corridor 2 path ALA FRA --avoid RU,,IR
check "with the option" says '--avoid: found "RU,,IR", expected something before and after each comma'
check "blanks do not count" corridor 0 path ALA FRA --avoid " RU ; IR "
check "an empty list is told as such" corridor 2 path ALA FRA --avoid " "
check "with its option" says "--avoid: nothing after it"
year=$(($(date -u +%Y) + 101))
check "a day that nobody can look ahead to is refused" corridor 2 path ALA FRA --date $year
check "with the last year" says "--date: found the year $year, expected $((year - 1)) at the latest"
check "which is none too many" corridor 0 path ALA FRA --date $((year - 1))
check "a study of no day that there can be is none" corridor 1 report --date 9999
check "and says why" says "--date: found the year 9999"
check "of two values nobody knows which was meant" corridor 2 path ALA FRA --k 2 --k 3
check "which is told" says "--k: given twice, expected once"
check "however they are written" corridor 2 path ALA FRA --k=2 --k 3
check "of a file, too" sarai 2 corridor show --hub examples/silkroad.yaml --hub examples/karachi.yaml
check "and of a way's light" corridor 2 optics ALA FRA --k 1 --k 1
check "lists are put together" corridor 0 path ALA FRA --avoid RU --avoid IR
check "all of them" says "avoiding RU, IR"
check "a value that looks like an option is a value" corridor 1 report --title --years --years 3 --from NOWHERE --to FRA
check "and years twice are not" corridor 2 report --years 3 --years 3
check "sums of a study are looked at before it is made" corridor 2 report --target 400-200
check "with what would do" says '--target: found "400-200", expected millions of dollars a year: 200, or 200-400'
check "no way is an answer, and its exit status says so" sarai 1 -j corridor path MOW FRA --avoid RU --hub examples/silkroad.yaml
check "in JSON, too" bash -c "jq -e '.paths == []' <'$work/out' >/dev/null"
check "but what quiet is" sarai 1 -q corridor path MOW FRA --avoid RU --hub examples/silkroad.yaml
check "a candidate is named once" corridor 2 sensitivity npv TCFO,TCFO
check "which is told" says "TCFO is named twice"
check "and not left out" corridor 2 sensitivity npv TCFO,
check "with the comma" says 'found "TCFO,", expected a name before and after each comma'
check "two segments are not one" corridor 2 segment B01 B02
check "and a name of two words needs quotes" says "expected the id or name of one segment (a name of several words needs quotes)"
check "a list that there is not is told with those that there are" sarai 1 --csv corridor export nope --hub examples/silkroad.yaml
check "all of them" says "incidents, content"
full() { timeout 60 build/sarai "$@" >/dev/full 2>"$work/out"; [ $? = 1 ]; }
check "an answer that could not be written is no success" full corridor show --hub examples/silkroad.yaml
check "with the reason" says "standard output: No space left on device"
check "of other commands, too" full check examples/silkroad.yaml

# The calculator.
check "nothing is not less than nothing" sarai 0 corridor reckon venture cost=0 traffic=10 price=1
check "in no row" bash -c "! grep -q -- ' -0' '$work/out'"
check "a route over one link twice is quoted whole" sarai 2 corridor reckon max-min capacities=1,2 routes=1,0+0,1 demands=1,1,1
check "and alone" says 'routes: found "0+0", expected links'
check "numbers without a topic are told what is missing" sarai 2 corridor reckon cost=0
check "before the first" says 'expected a topic before "cost=0"'

# A hub without demands.
sed -e '/^demands:/d' -e "s#csv: silkroad#csv: $PWD/examples/silkroad#" examples/silkroad.yaml >"$work/none.yaml"
check "where next is asked without demands, too" sarai 0 corridor next --hub "$work/none.yaml"
check "and there is no number where there is nothing" says "nothing is asked for: the hub file has no demands"

# What comes in from other files.
cat >"$work/map.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [
{"type": "Feature", "id": "A", "geometry": {"type": "Point", "coordinates": [10, 10]}, "properties": {"list": "sites", "name": "A", "country": "DE"}},
{"type": "Feature", "id": "B", "geometry": {"type": "Point", "coordinates": [11, 11]}, "properties": {"list": "sites", "name": "B", "country": "QQ"}},
{"type": "Feature", "id": "S", "geometry": {"type": "LineString", "coordinates": [[10, 10], [11, 11]]},
 "properties": {"list": "segments", "a": "A", "b": "B", "length_km": 200, "status": "plannd"}},
{"type": "Feature", "id": "T", "geometry": {"type": "LineString", "coordinates": [[10, 10], [11, 11]]},
 "properties": {"list": "segments", "a": "A", "b": "B", "length_km": 201, "status": "plannd"}}]}
EOF
check "a mistake in GeoJSON refuses it" sarai 1 corridor import "$work/map.geojson" -o "$work/lists"
check "with the feature, for there is no line" says "$work/map.geojson: sites B: country: found \"QQ\""
check "a slip in several is told once" bash -c "grep -c plannd '$work/out' | grep -qx 1"
check "with the first" says "$work/map.geojson: segments S: warning: status: found \"plannd\", which counts as carrying no traffic; did you mean \"planned\"? (2 times)"
echo "1..$n"
exit $failed
