#!/bin/bash
# Every answer of the corridor by HTTP, in front of a hub that runs examples/silkroad.yaml with a file of towers: status, content type and
# form of each path; what a member may see; orders and words of sources with a token; a study as HTML, PDF and JSON. Prints TAP.
cd "$(dirname "$0")/../.." || exit 1
top=$PWD number=0 failed=0 hub=
scratch=$(mktemp -d)
end() {
	[ -n "$hub" ] && kill "$hub" 2>/dev/null && wait "$hub" 2>/dev/null
	rm -rf "$scratch"
}
trap end EXIT
report() { # report STATUS NAME [what went wrong]
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else
		failed=$((failed + 1))
		echo "not ok $number - $2"
		[ -n "$3" ] && echo "# ${3:0:600}"
	fi
}
. tests/live/ports.sh
port=$(free_ports 5)
page=http://127.0.0.1:$port
api=$page/api/v1
sarai=$top/build/sarai
cp -r examples "$scratch/"
cp tests/corridor/data/reach_towers.csv tests/corridor/data/reach_fibre.geojson "$scratch/"
cd "$scratch" || exit 1
sed -i "s/127.0.0.1:8080/127.0.0.1:$port/; s/:1790/:$((port + 1))/g; s/:6343/:$((port + 2))/; s/:2055/:$((port + 3))/; s/:4739/:$((port + 4))/
s|control_socket: .*|control_socket: var/sarai.sock|; s/^  - asn: 64601\$/&\n    page_password: of-the-steppe/" examples/silkroad.yaml
cat >>examples/silkroad.yaml <<'Y'
page: {visitors: public, password: of-operators}
reach: {towers: reach_towers.csv, fibre: reach_fibre.geojson, targets: [60], years: 3}
steering: {tokens: [{name: noc, token: 0123456789abcdef0123456789abcdef}]}
segment_sources: [{id: nms, segment: C02}]
Y
mkdir -p var
"$sarai" run examples/silkroad.yaml >hub.log 2>&1 &
hub=$!
up() { [ "$(curl -su operator:of-operators "$api/status" | jq '[.rooms[] | select(.state == "up")] | length')" = 8 ]; }
for _ in $(seq 1800); do
	up && break
	kill -0 $hub 2>/dev/null || break
	sleep 0.1
done
up
report $? "the hub runs" "$(tail -n 5 hub.log)"

# get WHO PATH: the answer into `answer`, its content type into $type; its status is what is printed.
get() {
	local said
	said=$(curl -s ${1:+-u "$1"} -o answer -w '%{http_code} %{content_type}' "$api/$2")
	type=${said#* } code=${said%% *}
}
json() { # json PATH FILTER
	get operator:of-operators "$1"
	[ "$code" = 200 ] && [ "$type" = application/json ] && jq -e "$2" answer >/dev/null 2>why
	report $? "$1 answers in JSON" "status $code, $type, $(cat why 2>/dev/null): $(head -c 300 answer)"
}
table() { # table PATH FIRST: CSV, and how its first line begins
	get operator:of-operators "$1"
	[ "$code" = 200 ] && [[ $type = text/csv* ]] && [[ $(head -1 answer) = "$2"* ]] && [ "$(wc -l <answer)" -gt 1 ]
	report $? "$1 is a table" "status $code, $type: $(head -c 300 answer)"
}
drawing() { # drawing PATH: SVG that an XML reader takes
	get operator:of-operators "$1"
	[ "$code" = 200 ] && [ "$type" = image/svg+xml ] &&
		python3 -c 'import sys, xml.dom.minidom as m; sys.exit(m.parse("answer").documentElement.tagName != "svg")' 2>why
	report $? "$1 is a drawing" "status $code, $type, $(cat why): $(head -c 300 answer)"
}
refused() { # refused STATUS PATH TEXT
	get operator:of-operators "$2"
	[ "$code" = "$1" ] && [ "$type" = application/json ] && jq -e --arg text "$3" '.error | contains($text)' answer >/dev/null
	report $? "${2:0:60} is refused: $3" "status $code: $(head -c 300 answer)"
}

json corridor '(.segments | length) > 100 and (.sites | length) > 100'
table 'corridor?format=csv' id,name,a,b
json 'corridor/segment?id=C01' '.id == "C01" and .facts.length_km.value == 380'
table 'corridor/segment?id=C01&format=csv' id,name,a,b
json 'corridor/site?id=BAK' '.id == "BAK" and (.segments | length) > 0'
table 'corridor/site?id=BAK&format=csv' id,name,a,b
json corridor/check '.wrong > 0'
table 'corridor/check?all=yes&format=csv' severity,
json corridor/sources '(.numbers | length) > 500'
table 'corridor/sources?id=C01&format=csv' list,id
json 'corridor/path/sources?from=ALA&to=FRA&avoid=RU' '(.numbers | length) > 10'
table 'corridor/export?list=segments&format=csv' id,name
get operator:of-operators corridor/export
[ "$code" = 200 ] && [ "$type" = application/geo+json ] && jq -e '.type == "FeatureCollection" and (.features | length) > 200' answer >/dev/null
report $? "corridor/export is GeoJSON" "status $code, $type"
json 'corridor/path?from=ALA&to=FRA&k=33&sources=yes' '(.paths | length) == 33 and (.paths[0].sources | length) > 0'
refused 400 'corridor/path?from=ALA&to=FRA&k=101' 'a number from 1 to 100'
json 'corridor/pair?from=ALA&to=FRA&disjoint=country' '(.paths | length) == 2'
json 'corridor/cutset?from=ALA&to=FRA' '.by_segment.ways >= 1'
json 'corridor/optics?of=C01&channels=yes' '.segment == "C01" and (.spectrum | length) > 0'
json 'corridor/path/optics?from=ALA&to=FRA' '.from == "ALA" and (.segments | length) > 0'
json 'corridor/flow?objective=priority&segments=yes' '.total.served_bps > 0'
json 'corridor/flow?objective=throughput&unsplit=yes' '.demands_whole == (.demands | length) and .served_if_split_bps >= .total.served_bps and all(.demands[]; (.ways | length) <= 1)'
refused 400 'corridor/flow?unsplit=no' unsplit
json 'corridor/whatif?cut=RED_SEA' '.does.cut == ["RED_SEA"] and (.demands | length) > 0'
for question in flow 'whatif?cut=M07' worth revenue next 'target?amount=200' simulate 'sensitivity?subject=revenue'; do
	[[ $question = *\?* ]] && more='&' || more='?'
	refused 404 "corridor/$question${more}demands=measured&measured=p95&hours=24" 'nothing was measured between sites'
	refused 400 "corridor/$question${more}demands=guessed" 'expected measured'
	refused 400 "corridor/$question${more}measured=p95&month=2026-10&hours=24" 'one of them, not both'
done
for kind in segment cable risk country site operator; do
	for depth in single double; do
		json "corridor/whatif?depth=$depth&of=$kind&top=5" ".of == \"$kind\" and .pairs == ($([ $depth = double ]; echo $?) == 0) and (.cuts | length) == 5"
		worst=$(jq -r '[.cuts[] | .cut | join("+")] | join(" ")' answer)
		table "corridor/whatif?depth=$depth&of=$kind&top=5&format=csv" cut,and,segments,lost_gbps,
		[ "$(python3 -c 'import csv; print(*["+".join(filter(None, [r["cut"], r["and"]])) for r in csv.DictReader(open("answer", newline=""))])')" = "$worst" ]
		report $? "which has the same $depth ${kind}s" "$worst: $(head -c 300 answer)"
	done
done
# What an order would do, of one thing of each kind.
for name in segment:M23 cable:CCS risk:RED_SEA country:AE site:FRA operator:Turk+Telekom; do
	json "corridor/cut/preview?name=$name" '(.segments | length) > 0 and (.demands | length) > 0'
	demands=$(jq -c '[.demands[] | [.id, .after_bps, .moved]]' answer)
	table "corridor/cut/preview?name=$name&format=csv" demand,name,member_asn,member,before_bps,after_bps,
	[ "$(python3 -c 'import csv, json; print(json.dumps([[r["demand"], int(r["after_bps"]), r["moved"] == "yes"]
		for r in csv.DictReader(open("answer", newline=""))], separators=(",", ":")))')" = "$demands" ]
	report $? "which has the same demands, of $name" "$demands: $(head -c 300 answer)"
done
json 'corridor/availability?from=ALA&to=FRA' '.availability > 0.9 and (.blame | length) > 0'
json 'corridor/simulate?years=1&draws=500&seed=7&sla=99.9&credit=10' '.draws == 500 and .seed == 7'
cp answer first
table 'corridor/simulate?years=1&draws=500&format=csv' demand,
json 'corridor/simulate?years=1&draws=500&seed=7&sla=99.9&credit=10' '.draws == 500'
cmp -s first answer
report $? "a seed gives the same years again"
refused 400 'corridor/simulate?sla=abc' 'found "abc", expected 0 to 100'
json corridor/replay '.compared.hit + .compared.miss + .compared.not_comparable == (.incidents | length)'
table 'corridor/replay?format=csv' id,name,start
json 'corridor/replay?id=N12' '.incidents[0].id == "N12" and .incidents[0].model.carried_percent > 0'
json corridor/prices '(.prices | length) > 10'
json 'corridor/worth?of=PK' '.of and .usd_a_year > 0'
json 'corridor/target?amount=200-400&of=PK' '(.prices | length) > 0'
json 'corridor/revenue?of=country' '.of == "country" and (.revenue | length) > 5'
table 'corridor/revenue?format=csv' id,usd_a_year
json 'corridor/sensitivity?subject=worth&of=PK&draws=500&top=5' '.of and (.swings | length) == 5'
json 'corridor/sensitivity?subject=target&amount=200&of=PK&draws=500' '.target_musd == 200'
drawing 'corridor/sensitivity?subject=revenue&draws=500&format=svg'
refused 400 'corridor/sensitivity?subject=weather' 'worth, target, revenue or npv'
refused 400 'corridor/sensitivity' 'subject: expected'
json corridor/content '.gbps > 0'
json 'corridor/content?traffic=15169=340,32934=120' '.gbps < 1300'
table 'corridor/content?format=csv' id,kind
json 'corridor/next?by=traffic&budget=100' '(.next | length) > 1 and .budget'
json corridor/reach '(.years | length) == 3'
json 'corridor/reach?target=30,45&count=number' '(.years | length) == 2'
table 'corridor/reach?format=csv' id,name,kind
drawing 'corridor/reach?format=map'
drawing 'corridor/reach?format=curve'
get operator:of-operators 'corridor/reach?format=geojson'
[ "$code" = 200 ] && [ "$type" = application/geo+json ] && jq -e '.type == "FeatureCollection"' answer >/dev/null
report $? "a plan of reach is GeoJSON" "status $code, $type: $(head -c 200 answer)"
refused 400 'corridor/reach?target=101' 'target:'
refused 400 'corridor/reach?towers=/etc/passwd' 'no such parameter'
"$sarai" -s var/sarai.sock corridor reach -j | jq -S 'del(.files)' >by_shell
curl -su operator:of-operators "$api/corridor/reach" | jq -S 'del(.files)' >by_http
cmp -s by_shell by_http
report $? "the same plan as the shell's" "$(diff by_shell by_http | head -5)"

# Studies. Those that are asked for together are made together.
curl -su operator:of-operators -o study.html -w '%{http_code} %{content_type}' "$api/corridor/report?format=html&from=ALA,KHI&to=FRA,MRS&on=2026-11-21" >html.said &
html=$!
curl -su operator:of-operators -o study.pdf -w '%{http_code} %{content_type}' "$api/corridor/report?format=pdf&from=ALA,KHI&to=FRA,MRS&on=2026-11-21" >pdf.said &
pdf=$!
get operator:of-operators 'corridor/path?from=ALA&to=FRA'
[ "$code" = 200 ]
report $? "while studies are made the corridor answers" "$code"
wait $html $pdf
[ "$(cat html.said)" = "200 text/html; charset=utf-8" ] && grep -q '<svg' study.html && ! grep -qE '(src|href)="https?://[^"]*\.(js|css|png)' study.html
report $? "a study is a page that loads nothing" "$(cat html.said) $(head -c 300 study.html)"
[ "$(cat pdf.said)" = "200 application/pdf" ] && [ "$(pdfinfo study.pdf | awk '/^Pages/ { print $2 }')" -gt 10 ] && pdftotext study.pdf - | grep -q "Almaty to Frankfurt"
report $? "and a PDF" "$(cat pdf.said) $(head -c 300 study.pdf | tr -cd '[:print:]')"
"$sarai" -s var/sarai.sock corridor report --from ALA --to FRA --from KHI --to MRS --on 2026-11-21 --out by_shell.html >shell.log 2>&1
grep -q 'data-study\|Karachi to Mars' by_shell.html && cmp -s <(grep -o '<h2.*</h2>' by_shell.html) <(grep -o '<h2.*</h2>' study.html)
report $? "with the chapters of the shell's" "$(tail -2 shell.log; diff <(grep -o '<h2.*</h2>' by_shell.html) <(grep -o '<h2.*</h2>' study.html) | head -4)"
json 'corridor/report?from=ALA&to=FRA' '(.sections | length) > 15'
refused 400 'corridor/report?from=ALA' 'to is missing'
refused 400 'corridor/report?from=ALA,KHI&to=FRA' 'with as many names'
refused 400 'corridor/report?format=csv' 'expected json, html or pdf'
refused 409 'corridor/report?from=ALA&to=NOWHERE' 'NOWHERE'

# Wrong questions.
refused 400 'corridor/path?from=ALA&to=FRA&format=pdf' 'expected json or csv'
refused 400 'corridor/next?by=weather' 'weather'
refused 404 'corridor/segment?id=XX99' 'XX99'
names=$(seq -s, -f 'SEG%03g' 400)
get operator:of-operators "corridor/path?from=ALA&to=FRA&avoid=$names"
[ "$code" = 404 ] && jq -e '.error | contains("SEG001")' answer >/dev/null
report $? "of four hundred names the first that is none is told" "$code $(head -c 200 answer)"
refused 414 "corridor/path?from=ALA&to=FRA&avoid=$(seq -s, 3000)" 'at most 6143 octets'

# Who sees what.
bad=
for path in 'corridor/segment?id=C01' corridor/check corridor/export corridor/sources 'corridor/pair?from=ALA&to=FRA' corridor/cutset 'corridor/optics?of=C01' corridor/flow \
	'corridor/whatif?cut=C02' 'corridor/availability?from=ALA&to=FRA' corridor/simulate corridor/replay corridor/prices corridor/worth 'corridor/target?amount=200' \
	corridor/revenue 'corridor/sensitivity?subject=revenue' corridor/content corridor/next corridor/reach corridor/report corridor/steer corridor/live corridor/events \
	'corridor/cut/preview?name=C02'; do
	for who in 64601:of-the-steppe ''; do
		get "$who" "$path"
		[ "$code" = 403 ] || bad="$bad $path:${who:-visitor}:$code"
	done
done
report "$([ -z "$bad" ]; echo $?)" "prices, demands and what failures do are not for members, nor for visitors" "$bad"
get 64601:of-the-steppe 'corridor/path?from=ALA&to=FRA'
[ "$code" = 200 ] && jq -e 'all(.paths[] | .. | objects | to_entries[] | select(.key | startswith("price")); .value == null)' answer >/dev/null
report $? "ways are for all, without prices" "$(head -c 300 answer)"

# Orders, and what machines see.
token=0123456789abcdef0123456789abcdef
order() { # order TOKEN PATH
	code=$(curl -s -X POST -H "Authorization: Bearer $1" -o answer -w '%{http_code}' "$api/corridor/$2")
}
order wrong 'cut?name=C02'
report "$([ "$code" = 401 ]; echo $?)" "a wrong token cuts nothing" "$code $(cat answer)"
order $token 'cut?name=C02&reason=anchor'
[ "$code" = 200 ] && jq -e '.state == "cut"' answer >/dev/null
report $? "a segment is cut" "$code $(cat answer)"
order $token 'cut?name=C02&reason=anchor'
[ "$code" = 409 ] && jq -e '.error | contains("ordered already")' answer >/dev/null
report $? "once" "$code $(cat answer)"
order $token 'restore?name=C02'
report "$([ "$code" = 200 ]; echo $?)" "and restored" "$code $(cat answer)"
for word in 'drain?name=C02' 'restore?name=C02' 'work?name=C02&from=2099-01-01&until=2099-01-02' 'restore?name=C02'; do
	order $token "$word"
	[ "$code" = 200 ] || break
done
report "$([ "$code" = 200 ]; echo $?)" "it can be drained and worked on" "$word: $code $(cat answer)"
get operator:of-operators corridor/events
jq -e '[.events[].who] | map(select(contains("noc"))) | length >= 6' answer >/dev/null
report $? "the journal has who said so" "$(head -c 400 answer)"
order $token 'hear?source=nms&state=down'
[ "$code" = 200 ] && jq -e '.heard == 1' answer >/dev/null
report $? "what a machine has seen is heard" "$code $(cat answer)"
order wrong 'hear?source=nms&state=up'
[ "$code" = 401 ] && order $token 'hear?source=nobody&state=up' && [ "$code" = 404 ] && order $token 'hear?source=nms&state=sideways' && [ "$code" = 400 ]
report $? "with a token, of a source that is there, up or down" "$code $(cat answer)"
for _ in $(seq 1200); do
	get operator:of-operators corridor/live
	jq -e 'any(.segments[]; .id == "C02" and .live == "cut")' answer >/dev/null 2>&1 && break
	sleep 0.1
done
jq -e 'any(.segments[]; .id == "C02" and .live == "cut")' answer >/dev/null
report $? "and cuts its segment once it has held" "$(head -c 400 answer)"
echo "1..$number"
[ "$failed" = 0 ]
