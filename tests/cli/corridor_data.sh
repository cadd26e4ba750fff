#!/bin/bash
# The data of the corridor from the command line: checked, told with its sources, out as GeoJSON and CSV, read by another reader, in again.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
check() { # check NAME COMMAND...: passes when the command succeeds
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
sarai() { timeout 600 build/sarai "$@" --hub examples/silkroad.yaml; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
status() { local want=$1; shift; "$@" >"$work/out" 2>"$work/err"; [ $? = "$want" ]; }
says() { grep -qF -- "$1" "$work/out" "$work/err"; }

check "what does not add up is told" status 0 sarai corridor check
check "the length below the great circle is wrong" grep -q "^wrong *C03 *300 *34[56]" "$work/out"
check "notes are counted, and shown on demand" says "(--all shows them)"
check "all of them" status 0 sarai corridor check --all
check "are more" grep -q "^note" "$work/out"
check "the same as JSON" status 0 sarai -j corridor check
holds() { jq -e "$1" "$work/out" >/dev/null; }
check "with numbers" holds '.wrong == 2 and (.findings[] | select(.id == "C03" and .severity == "wrong") | .value == 300 and (.bound | round) == 346)'
check "another word is refused" status 2 sarai corridor check everything
check "what is shown has its range" status 0 sarai -j corridor show
check "and how much of it rests on estimates" holds '.length_in_use_km | .low < .value and .value < .high and .estimated > 0.8 and .estimates < .facts'
check "of a segment, too" holds '.segments[] | select(.id == "C01") | .length_low_km == 341 and .length_high_km == 400'
check "with what plans reckon with" status 0 sarai -j corridor segment L04
check "and on what" holds '.capacity_assumed and .facts.capacity_tbps.low == 2.5 and .facts.length_km.basis == "estimated" and .facts.failures_a_year.basis == "seen"'
check "where numbers come from, of a segment" status 0 sarai corridor sources C01
check "with its bounds" grep -q "length, km *380 *341 *400 seen" "$work/out"
check "of a way" status 0 sarai -j corridor sources ALA FRA
check "each with a basis" holds '[.numbers[].basis] | all(. == "seen" or . == "derived" or . == "estimated")'
check "of all" status 0 sarai --csv corridor sources
check "in as many columns as are named" python3 -c "
import csv, sys
rows = list(csv.DictReader(open('$work/out', newline='')))
assert len(rows) > 500 and all(None not in r and None not in r.values() for r in rows)
assert all(float(r['low']) <= float(r['value']) <= float(r['high']) for r in rows)"
check "a segment that is none is refused" status 1 sarai corridor sources C99

check "GeoJSON goes out" status 0 sarai corridor export
cp "$work/out" "$work/map.geojson"
check "as RFC 7946 has it, read by another reader" python3 - "$work/map.geojson" <<'PYTHON'
import csv, json, math, sys
d = json.load(open(sys.argv[1], encoding='utf-8'))
assert d['type'] == 'FeatureCollection' and 'crs' not in d
def km(a, b):
    (x, y), (u, v) = [[math.radians(c) for c in p] for p in (a, b)]
    h = math.sin((v - y) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((u - x) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))
sites = {r['id']: r for r in csv.DictReader(open('examples/silkroad/sites.csv', newline=''))}
segments = {r['id']: r for r in csv.DictReader(open('examples/silkroad/segments.csv', newline=''))}
place = lambda s: [float(sites[s]['lon']), float(sites[s]['lat'])]
seen = set()
for f in d['features']:
    assert f['type'] == 'Feature' and f['id'] == f['properties']['id']
    g = f['geometry']
    if f['properties']['list'] == 'sites':
        assert g['type'] == 'Point' and g['coordinates'] == place(f['id'])
        continue
    seen.add(f['id'])
    s, parts = segments[f['id']], g['coordinates'] if g['type'] == 'MultiLineString' else [g['coordinates']]
    assert parts[0][0] == place(s['a']) and parts[-1][-1] == place(s['b'])
    length = 0
    for part in parts:
        assert len(part) >= 2 and all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in part)
        for p, q in zip(part, part[1:]):
            assert abs(p[0] - q[0]) <= 180
            length += km(p, q)
    for p, q in zip(parts, parts[1:]):
        assert p[-1] == [180, q[0][1]] and q[0][0] == -180 or p[-1] == [-180, q[0][1]] and q[0][0] == 180
    told = [[float(c) for c in w.split('/')] for w in s['points'].split()]
    way = [place(s['a'])] + told + [place(s['b'])]
    assert abs(length - sum(map(km, way, way[1:]))) < 1 + 0.001 * length, f['id']
    assert f['properties']['line'] == ('told' if told else 'drawn')
    assert f['properties']['length_km'] == float(s['length_km'])
    assert f['properties']['countries_crossed'] == s['countries_crossed'].split()
assert seen == set(segments)
assert [f['id'] for f in d['features'] if f['geometry']['type'] == 'MultiLineString'] == ['W01']
PYTHON
mkdir "$work/csv" "$work/again"
check "all lists go out as CSV" status 0 sarai --csv corridor export -o "$work/csv"
check "each a file" [ "$(ls "$work/csv" | wc -l)" = 10 ]
check "with what the files of the example say" python3 - "$work/csv" <<'PYTHON'
import csv, sys
for name in 'sites segments cables risks failure_rates prices demands candidates incidents'.split():
    a, b = [list(csv.DictReader(open(f'{d}/{name}.csv', newline=''))) for d in ('examples/silkroad', sys.argv[1])]
    if name == 'demands':
        a += csv.DictReader(open('examples/silkroad/commits.csv', newline=''))
    assert len(a) == len(b) and set(a[0]) == set(b[0]), name
    for x, y in zip(a, b):
        for k in x:
            try:
                same = float(x[k]) == float(y[k])
            except ValueError:
                same = x[k].replace(';', ' ') == y[k] or y[k] == x[k] + 'T00:00:00Z' or (k, x[k], y[k]) == ('priority', '10', '')
            assert same or x[k] == y[k], (name, x['id'], k, x[k], y[k])
PYTHON
check "GeoJSON comes in" status 0 sarai corridor import "$work/map.geojson" -o "$work/again"
check "as the very same files" diff -r "$work/csv" "$work/again"
check "it does not write over them" status 1 sarai corridor import "$work/map.geojson" -o "$work/again"
check "and says what would" says "--force"
check "unless it is to" status 0 sarai corridor import "$work/map.geojson" -o "$work/again" --force
check "CSV comes in, known by its columns" status 0 sarai corridor import "$work/csv/risks.csv" -o "$work/again" --force
cp "$work/csv/risks.csv" "$work/unnamed"
check "or by what it is said to be" status 0 sarai corridor import "$work/unnamed" --list risks -o "$work/again" --force
check "and is what it was" cmp "$work/csv/risks.csv" "$work/again/risks.csv"
sed 's/Tashkent,hub,UZ/Tashkent,hub,XX/' "$work/csv/sites.csv" >"$work/sites.csv"
check "a mistake refuses it" status 1 sarai corridor import "$work/sites.csv" -o "$work/again" --force
check "with its place" says 'sites.csv:9:'
check "and nothing is written" cmp "$work/csv/sites.csv" "$work/again/sites.csv"
jq -c '.features |= map(.geometry.coordinates |= if type == "array" and (.[0] | type) == "number" then reverse else . end)' "$work/map.geojson" >"$work/swapped"
check "swapped coordinates are refused" status 1 sarai corridor import "$work/swapped" -o "$work/again" --force
check "with the first features that show it" says "swapped"
printf '\357\273\277%s' "$(cat "$work/map.geojson")" >"$work/marked"
check "a mark before UTF-8 is no part of GeoJSON" status 0 sarai corridor import "$work/marked" -o "$work/marked.out"
check "and the folder is made" diff -r "$work/csv" "$work/marked.out"
echo '{"type":"FeatureCollection","features":[]}' >"$work/nothing"
check "what holds nothing is refused" status 1 sarai corridor import "$work/nothing"
printf 'id,name,a,b,length_km,status\nS1,x,NOWHERE,FRA,100,in service\n' >"$work/segments.csv"
check "a segment that ends nowhere is refused beside a hub file with countries among its risks" status 1 sarai corridor import "$work/segments.csv"
check "what the list has wrong comes first" says 'segments.csv:2:6: a: found "NOWHERE"'
check "then that the hub file does not go with it" says 'examples/silkroad.yaml: does not go with these lists'
alone() { timeout 60 build/sarai "$@"; }
check "segments by themselves end nowhere" status 1 alone corridor import "$work/csv/segments.csv" -o "$work/two"
check "sites and segments come in together" status 0 alone corridor import "$work/csv/segments.csv" "$work/csv/sites.csv" -o "$work/two"
check "as they were" bash -c "cmp '$work/csv/sites.csv' '$work/two/sites.csv' && cmp '$work/csv/segments.csv' '$work/two/segments.csv'"
(echo 'hub: {name: Mine, asn: 64500, router_id: 192.0.2.1}'; cat "$work/out") >"$work/mine.yaml"
check "what is printed is a hub file but for its first line" status 0 alone corridor path HKG FRA --hub "$work/mine.yaml"
check "that can be asked" says "13755 km"
check "one list in two files is refused" status 1 alone corridor import "$work/csv/sites.csv" "$work/csv/segments.csv" "$work/two/sites.csv" -o "$work/three"
check "with its name" says "two/sites.csv: has sites, and so has a file before it"
check "and nothing is written" test ! -e "$work/three"
check "what several files are cannot be said at once" status 2 alone corridor import "$work/csv/sites.csv" "$work/csv/segments.csv" --list sites
check "a file that is not there is refused" status 1 sarai corridor import "$work/none"
check "no file makes no sense" status 2 sarai corridor import
check "a list that is none is refused" status 1 sarai --csv corridor export members
check "a folder for its data is made" status 0 sarai --csv corridor export -o "$work/new"
check "with the lists in it" test -s "$work/new/segments.csv"
check "so is what it is in" status 0 sarai --csv corridor export -o "$work/no/new/"
check "whose slash at the end is not told twice" [ "$(sarai --csv corridor export -o "$work/no/new/" | grep -c '[^/]/no/new/[a-z]*\.csv$')" -gt 3 ]
check "a file is no folder" status 1 sarai --csv corridor export -o "$work/new/segments.csv/new"
check "CSV of no list makes no sense" status 2 sarai --csv corridor export
echo "1..$n"
exit $failed
