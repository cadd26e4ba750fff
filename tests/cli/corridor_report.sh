#!/bin/bash
# `sarai corridor report`: a study of the example in every form, beside the commands whose answers it is made of; of a running
# hub; and what is refused.
. "$(dirname "$0")/../live/hub.sh"
hub_begin
cd "$root" || exit 1
hub=examples/silkroad.yaml
work=$hub_dir/study
mkdir "$work"
report() { timeout 900 "$sarai" corridor report --hub $hub "$@" >"$work/out" 2>"$work/err"; }
# cell TABLE ROW COLUMN: of report.json, rows and columns from 0; the value of a number with a range.
cell() { jq -r --arg t "$1" "[.sections[].blocks[] | select(.id == \$t)][0].rows[$2][$3] | if type == \"object\" then .value else . end" "$work/all/report.json"; }
ask_file() { "$sarai" -j corridor "$@" --hub $hub; }
# same NAME GOT EXPECTED: numbers. Prices fall and demands grow while the test runs, and midnight may pass: by less than that.
same() {
	jq -en --arg a "$2" --arg b "$3" '($a | tonumber) as $a | ($b | tonumber) as $b | ($a - $b | fabs) <= 2e-3 * ($b | fabs)' >/dev/null
	ok $? "$1" || printf '#      got: %s\n# expected: %s\n' "$2" "$3"
}

# --- a folder with all ---
report --out "$work/all"
is $? 0 "a study of the example is made"
is "$(cat "$work/err")" "" "without complaints"
is "$(wc -l <"$work/out")" "$(find "$work/all" -type f | wc -l)" "each file is told"
tables=$(jq '[.sections[].blocks[] | select(.kind == "table")] | length' "$work/all/report.json")
figures=$(jq '[.sections[].blocks[] | select(.kind == "figure")] | length' "$work/all/report.json")
is "$(find "$work/all" -name 'table-*.csv' | wc -l)" "$tables" "each table is a CSV"
is "$(find "$work/all" -name 'figure-*.svg' | wc -l)" "$figures" "each figure is an SVG"

# --- its numbers are those of the commands ---
way=$(ask_file path KHI FRA)
is "$(cell ways 0 0)" "Karachi to Frankfurt" "the pair with the largest demand is first"
same "its way is as long as corridor path says" "$(cell ways 0 2)" "$(jq '.paths[0].length_km' <<<"$way")"
same "and takes as long" "$(cell ways 0 3)" "$(jq '.paths[0].round_trip_ms' <<<"$way")"
row=$(jq '[.sections[].blocks[] | select(.id == "ways")][0].rows | map(.[0] == "Almaty to Frankfurt" and .[1] == "avoiding Russia and Iran") | index(true)' "$work/all/report.json")
same "so it does round Russia and Iran" "$(cell ways "$row" 3)" "$(ask_file path ALA FRA --avoid RU,IR | jq '.paths[0].round_trip_ms')"
same "revenue is that of corridor revenue" "$(cell revenue-country 0 1)" "$(ask_file revenue --of country | jq '.revenue[0].usd_a_year / 1e6')"
same "what is lost is that of corridor whatif" "$(cell cuts-segment 0 2)" "$(ask_file whatif single --of segment --top 8 | jq '.cuts[0].lost_gbps.value')"
same "as many doubts are told below incidents as corridor replay has" \
	"$(jq '[.sections[].blocks[] | select(.id == "incidents-table")][0].note | [match("\\[[a-z]\\]"; "g")] | length' "$work/all/report.json")" \
	"$(ask_file replay | jq '[.incidents[].doubts[]] | unique | length')"
same "and each incident points to its own" \
	"$(jq '[[.sections[].blocks[] | select(.id == "incidents-table")][0].rows[][6] | capture("\\[(?<d>[a-z, ]+)\\]$").d | split(", ") | length] | add' "$work/all/report.json")" \
	"$(ask_file replay | jq '[.incidents[].doubts[]] | length')"
same "hours without a way are those of corridor availability" "$(cell connected 0 2)" "$(ask_file availability KHI FRA | jq '.downtime_h_year')"
same "what to build is that of corridor next" "$(cell next 0 3)" "$(ask_file next --by npv | jq '.next[0].npv_usd / 1e6')"
same "light is that of corridor optics" "$(jq '[.sections[].blocks[] | select(.id == "light")][0].rows[] | select(.[0] | contains("(C01)")) | .[3]' "$work/all/report.json")" \
	"$(ask_file optics C01 | jq '.mode as $m | .modes[] | select(.mode == $m) | .received_db')"
same "a year to come is that of corridor flow" "$(cell years 4 2)" "$(ask_file flow --date "$(cell years 4 0)" | jq '.total.served_bps / 1e9')"
same "every value is listed" "$(jq '[.sections[].blocks[] | select(.id == "values-table")][0].rows | length' "$work/all/report.json")" "$(ask_file sources | jq '.numbers | length')"
same "content is that of corridor content" "$(cell content-table 0 5)" "$(ask_file content | jq '.content[0].off_gbps')"
same "what money hangs on is that of corridor sensitivity" "$(cell swings-revenue 0 3)" "$(ask_file sensitivity revenue | jq '.swings[0].at_low')"
is "$(sed -n 2p "$work/all"/table-*-ways.csv | cut -d, -f3)" "$(cell ways 0 2)" "CSV has the same numbers"

# --- the page ---
page=$work/all/report.html
is "$(xmllint --html --noout "$page" 2>&1 | grep -v -e 'Tag \(bdi\|header\|main\|nav\|section\|figure\|figcaption\|svg\|path\|title\|circle\|rect\|text\) invalid' | grep -c 'HTML parser error')" 0 "the page is well formed"
for svg in "$work/all"/figure-*.svg; do xmllint --noout "$svg" || break; done
ok $? "so are the pictures"
python3 - "$page" <<'EOF'
import re, sys
from html.parser import HTMLParser
class Page(HTMLParser):
    void = {"meta", "br", "link", "img", "hr"}
    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.ids, self.refs, self.loads, self.heads = [], [], set(), [], [], []
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if "id" in a:
            if a["id"] in self.ids: self.wrong.append("twice: " + a["id"])
            self.ids.add(a["id"])
        if tag == "a": self.refs.append(a.get("href", ""))
        if tag in ("script", "link", "img", "iframe", "object", "embed") or "src" in a: self.loads.append(tag)
        if re.fullmatch("h[1-6]", tag): self.heads.append(int(tag[1]))
        if tag not in self.void: self.open.append(tag)
    def handle_startendtag(self, tag, attrs): pass
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag: self.wrong.append("ends: " + tag)
text = open(sys.argv[1], encoding="utf-8").read()
p = Page(); p.feed(text); p.close()
bad = p.wrong + p.open + p.loads + [r for r in p.refs if r[:1] != "#" or r[1:] not in p.ids]
bad += re.findall(r"url\(|@import", text)
if p.heads[0] != 1 or max(p.heads) > 2: bad.append("headings")
print("\n".join("# " + b for b in bad)); sys.exit(bool(bad))
EOF
ok $? "every element of it ends, every link leads somewhere within, and nothing is loaded"
is "$(grep -c '<th scope="col"' "$page")" "$tables" "columns are headed for who listens"
is "$(grep -c 'role="img" aria-labelledby' "$page")" "$figures" "pictures have words"

# --- the PDF ---
if command -v pdftotext >/dev/null; then
	pdftotext -layout "$work/all/report.pdf" "$work/pdf.txt"
	is "$(grep -oE 'Table [0-9]+\. ' "$work/pdf.txt" | sort -u | wc -l)" "$tables" "the PDF has the same tables"
	is "$(grep -oE 'Figure [0-9]+\. ' "$work/pdf.txt" | sort -u | wc -l)" "$figures" "and the same figures"
	like "$(cat "$work/pdf.txt")" "*West-East hyperhighway with the Trans-Caspian line*" "its text can be searched"
	is "$(pdffonts "$work/all/report.pdf" | awk 'NR > 2 && $(NF - 4) != "yes"' | wc -l)" 0 "its fonts are embedded"
	pages=$(pdfinfo "$work/all/report.pdf" | awk '$1 == "Pages:" {print $2}')
	grep -q "$pages / $pages" "$work/pdf.txt"
	ok $? "pages are numbered to the last"
	python3 - "$work/all/report.pdf" "$(jq '.sections | length' "$work/all/report.json")" <<'EOF'
import re, sys, zlib
data, found = open(sys.argv[1], "rb").read(), 0
found += len(re.findall(rb"/Title ", data))
for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
    try: found += len(re.findall(rb"/Title ", zlib.decompress(stream)))
    except zlib.error: pass
sys.exit(found < int(sys.argv[2]))
EOF
	ok $? "and an outline leads to each chapter"
	unit='USD/Mbit/s/month'
	is "$(pdftotext -raw "$work/all/report.pdf" - | tr -d '\n ' | grep -o $unit | wc -l)" \
		"$(jq --arg u $unit '[.sections[].blocks[] | select(.id == "values-table")][0].rows | map(select(.[3] == $u)) | length' "$work/all/report.json")" \
		"every value of a unit stands in its annex"
	[ "$pages" -lt 60 ]
	ok $? "which leaves the study shorter than 60 pages" || printf '# %s pages\n' "$pages"
	beside=$(jq -r '[.sections[].blocks[] | select(.id == "revenue-country")][0].rows | (length / 2 | ceil) as $half | .[0][0] + " .* " + .[$half][0]' "$work/all/report.json")
	grep -q "^ *$beside" "$work/pdf.txt"
	ok $? "the second half of a narrow table stands beside the first" || printf '# none: %s\n' "$beside"
	python3 - "$work/all" <<'EOF'
import json, re, subprocess, sys
pages = subprocess.run(["pdftotext", "-layout", sys.argv[1] + "/report.pdf", "-"], capture_output=True, text=True).stdout.split("\f")
on = lambda pattern: next((i for i, page in enumerate(pages) if i > 1 and re.search(pattern, page, re.M)), None)
parted, table, checked = [], 0, 0
for number, section in enumerate(json.load(open(sys.argv[1] + "/report.json"))["sections"], 1):
    for at, block in enumerate(section["blocks"]):
        if block["kind"] != "table": continue
        table += 1
        if at > 1 or block["id"] == "values-table" or any(b["kind"] == "figure" for b in section["blocks"][:at]): continue
        checked += 1
        if on(r"^ *%d +%s" % (number, re.escape(section["title"]))) != on(r"Table %d\. " % table): parted.append(section["title"])
print("# parted: " + ", ".join(parted)); sys.exit(bool(parted) or not checked)
EOF
	ok $? "a heading and its sentence stand on the page where their table begins"
fi

# --- the same again, and other terms ---
for copy in one two; do
	report --on 2026-11-21 --title "کراچی to Frankfurt" --out "$work/$copy" || break
done
diff -r "$work/one" "$work/two" >"$work/differs" 2>&1
ok $? "the same data and day give the same octets in every form" || head -c 500 "$work/differs"
is "$(grep -c '<td dir\|<li dir\|<p dir' "$work/one/report.html")" 0 "an English sentence that begins with an Urdu name runs rightwards on the page"
if command -v pdftotext >/dev/null; then
	pdftotext -bbox -l 1 "$work/one/report.pdf" "$work/boxes"
	to=$(grep -m1 '>to</word>' "$work/boxes" | grep -oE 'xMin="[0-9]+' | tr -dc 0-9)
	[ "${to:-0}" -gt 60 ]
	ok $? "and in the PDF: the name stands left of what follows it" || printf '# the next word is at %s points\n' "$to"
fi
report --from ALA --to FRA --from "Hong Kong" --to LON --avoid RU --date 2030 --title "Ways <west>" --years 3 --target 50 --out "$work/west.json"
is "$(jq -r .title "$work/west.json")" "Ways <west>" "a title may be given"
is "$(jq -r '[.sections[].blocks[] | select(.id == "ways")][0].rows[] | "\(.[0]), \(.[1])"' "$work/west.json" | sed -n '1p;5p')" \
	"Almaty to Frankfurt, shortest
Hong Kong to London, avoiding Russia" "so may pairs, and what is avoided"
is "$(jq -r '[.sections[].blocks[] | select(.id == "years")][0].rows | map(.[0]) | join(" ")' "$work/west.json")" "2030 2031 2032 2033" "and the years"
report --on 2026-11-21
like "$(cat "$work/out")" "*Almaty to Frankfurt takes 74.4 ms*121.9 ms without crossing Russia and*" "a terminal is told the summary"
is "$(awk 'length($0) > 92' "$work/out" | wc -l)" 0 "in lines that fit"
like "$(grep -A 1 '^Digest of the data$' "$work/out")" "*  SHA-256 "* "the digest too, below its label"

# --- what the data does not say ---
sed '/^content:/,/^$/d; /^\(reach\|cables\|risks\|failure_rates\|prices\|demands\|candidates\|incidents\):/d' examples/karachi.yaml |
	sed "s#csv: silkroad#csv: $root/examples/silkroad#g" >"$work/plain.yaml"
"$sarai" -j corridor report --hub "$work/plain.yaml" >"$work/plain.json" 2>"$work/err"
is $? 0 "a hub without demands has a study, too"
is "$(jq '[.sections[].blocks[] | select(.kind == "missing")] | length > 4' "$work/plain.json")" true "which says what it cannot answer"
jq -e '[.. | strings | select(test("\\b(nan|inf)\\b|\\(null\\)"))] | length == 0' "$work/plain.json" >/dev/null
ok $? "rather than show numbers that are none"

# --- towers on fibre ---
{ cat "$work/plain.yaml"; printf 'reach:\n  towers: %s\n  fibre: %s\n  first_year: 2027\n  targets: [60]\n  years: 3\n' \
	"$root/tests/corridor/data/reach_towers.csv" "$root/tests/corridor/data/reach_fibre.geojson"; } >"$work/reach.yaml"
"$sarai" corridor report --hub "$work/reach.yaml" --out "$work/reach" >/dev/null 2>"$work/err"
is $? 0 "a hub that wants towers on fibre has a study"
"$sarai" -j corridor reach --hub "$work/reach.yaml" >"$work/reach.json"
of_reach() { jq -r --arg t "$1" "[.sections[].blocks[] | select(.id == \$t)][0].rows | $2" "$work/reach/report.json"; }
is "$(of_reach reach-years 'map("\(.[0]) \(.[3]) \(.[4])") | join(", ")')" "$(jq -r '.years | map("\(.year) \(.towers) \(.towns)") | join(", ")' "$work/reach.json")" \
	"its years are those of corridor reach"
same "so is what it costs" "$(of_reach reach-years '.[2][7]')" "$(jq '.cost.amount | tonumber / 1e6' "$work/reach.json")"
same "and at a bound of all prices" "$(of_reach reach-costs '.[-1][3]')" "$(jq '.sensitivity[-1].high.amount | tonumber / 1e6' "$work/reach.json")"
is "$(grep -c 'existing fibre</text>' "$work/reach"/figure-*-reach-map.svg)" 1 "existing fibre is in the key of the map"
is "$(grep -c 'no plan can cost less</text>' "$work/reach"/figure-*-reach-curve.svg)" 1 "and the bound in that of the curve"

# --- refused ---
refused() { # refused STATUS TEXT NAME WORDS...
	local want=$1 text=$2 name=$3
	shift 3
	"$sarai" corridor report "$@" >"$work/out" 2>"$work/err"
	local got=$?
	is "$got: $(grep -c -- "$text" "$work/err")" "$want: 1" "$name"
}
refused 2 "its value is missing" "an option without a value" --hub
refused 2 "expected --from A --to B" "an option that is none" --hub $hub --form A
refused 2 "to is missing" "a pair without an end" --hub $hub --from ALA
refused 2 "behind its --from" "an end without a beginning" --hub $hub --to ALA
refused 1 "NOWHERE" "a place that there is not" --hub $hub --from NOWHERE --to FRA
refused 2 "same site" "a pair of one site" --hub $hub --from ALA --to ala
refused 1 "same site" "by its name, too" --hub $hub --from ALA --to Almaty
refused 2 "expected a day" "a day that is none" --hub $hub --on tomorrow
refused 2 "expected YYYY" "a date that is none" --hub $hub --date 2o30
refused 2 "expected 1 to 29" "years that are none" --hub $hub --years 0
refused 1 "none.yaml" "a file that is not there" --hub "$work/none.yaml"
sed '/^billing:/,$d; /csv: silkroad\/sites/!{/csv: silkroad/d}' $hub | sed "s#csv: silkroad#csv: $root/examples/silkroad#g" >"$work/bare.yaml"
refused 1 "no corridor" "a hub without segments" --hub "$work/bare.yaml"
refused 1 "out" "a folder that cannot be made" --hub examples/karachi.yaml --out "$work/out/none/folder"
"$sarai" --csv corridor report --hub examples/karachi.yaml >"$work/out" 2>"$work/err"
is "$?: $(grep -c 'out FOLDER' "$work/err")" "2: 1" "CSV of all tables at once"
refused 3 "no hub runs" "no hub at all" -s "$work/none.sock"

# --- a running hub ---
"$sarai" -j corridor report --hub examples/karachi.yaml >"$work/karachi.json" 2>"$work/err"
is $? 0 "the hub's file has a study"
hub_start
ask -q corridor report --out "$work/live"
is $? 0 "a running hub has a study"
is "$(jq -r '.facts[] | select(.label == "Data from").text' "$work/live/report.json")" "the running hub" "which says so"
is "$(jq -r '[.sections[].blocks[] | select(.id == "stock")][0].rows | length' "$work/live/report.json")" "$(jq -r '[.sections[].blocks[] | select(.id == "stock")][0].rows | length' "$work/karachi.json")" "and is of the same corridor"
digest() { jq -r '.facts[] | select(.label == "Digest of the data").text' "$1"; }
is "$(digest "$work/live/report.json")" "$(digest "$work/karachi.json")" "by the digest of its data"
done_testing
