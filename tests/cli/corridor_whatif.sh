#!/bin/bash
# `sarai corridor whatif` by kind on the example, as somebody asks it: every single and every pair of each kind has the same numbers as text,
# CSV and JSON, and one thing of each kind cut by its name comes to what its row among all said. Prints TAP.
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
ask() { # ask WORD...: the three forms into $scratch
	sarai corridor whatif "$@" >"$scratch/text" && sarai corridor whatif "$@" --csv >"$scratch/csv" &&
		sarai -j corridor whatif "$@" >"$scratch/json"
}
# The rows of the three forms agree: ids in their order, losses, who is slower; lines fit into 80 columns.
agree() {
	ask "$@" && python3 - "$scratch" <<'P'
import csv, json, math, sys
folder = sys.argv[1]
said = json.load(open(folder + "/json"))
rows = list(csv.DictReader(open(folder + "/csv", newline="")))
text = open(folder + "/text").read().split("\n")
begin = next(i for i, line in enumerate(text) if line.startswith("cut (Gbit/s)")) + 1
inside = "passing" in text[begin - 1]  # what demands may begin or end in: two columns more, before what is lost
width = 13 if inside else 25
shown = text[begin:text.index("", begin)]
wrong = [line for line in text if len(line) > 80]
def near(a, b):
    return (a == "" and b is None) or (a != "" and b is not None and math.isclose(float(a), b, rel_tol=2e-3, abs_tol=1e-3))
if not (len(rows) == len(shown) == len(said["cuts"]) == min(said["count"], 20)) or not rows:
    wrong.append("%d, %d, %d rows of %d" % (len(rows), len(shown), len(said["cuts"]), said["count"]))
if "%d cuts, %d of them do no harm" % (said["count"], said["harmless"]) not in text:
    wrong.append("the head does not say how many")
for row, line, cut in zip(rows, shown, said["cuts"]):
    names = [row["cut"]] + ([row["and"]] if row["and"] else [])
    if names != cut["cut"] or len(names) != (2 if said["pairs"] else 1):
        wrong.append("%s is not %s" % (names, cut["cut"]))
    label = line[:width].rstrip().rstrip("…").rstrip()
    if not " + ".join(names).startswith(label):
        wrong.append("%s in the text is not %s" % (label, names))
    cells = line[width:].split()
    passing = {"value": cut["lost_passing_gbps"], "low": cut["lost_passing_gbps_low"], "high": cut["lost_passing_gbps_high"]}
    if inside and [near(cell, passing[key]) for cell, key in zip(cells, ("value", "high"))] != [True, True]:
        wrong.append("passing in the text: %s" % line)
    if not inside and any(abs(passing[key] - cut["lost_gbps"][key]) > 1e-6 for key in ("value", "high")):
        wrong.append("all that is lost by %s passes" % names)
    cells = cells[2:] if inside else cells
    for column, key in (("lost_passing_gbps", "value"), ("lost_passing_gbps_low", "low"), ("lost_passing_gbps_high", "high")):
        if not near(row[column], passing[key]):
            wrong.append("%s of %s: %s, %s" % (column, names, row[column], passing[key]))
    if not math.isclose(float(cells[0]), cut["lost_gbps"]["value"], rel_tol=2e-3) or \
       not math.isclose(float(cells[1]), cut["lost_gbps"]["high"], rel_tol=2e-3):
        wrong.append("lost in the text: %s" % line)
    pairs = [("lost_gbps", "value"), ("lost_gbps_low", "low"), ("lost_gbps_high", "high"), ("estimated", "estimated")]
    for column, key in pairs:
        if not near(row[column], cut["lost_gbps"][key]):
            wrong.append("%s of %s: %s, %s" % (column, names, row[column], cut["lost_gbps"][key]))
    for key in ("used", "used_assumed", "segments", "parted", "reduced", "slower", "faster", "median_ms", "worst_ms", "worst_ms_low", "worst_ms_high", "utilisation",
                "hours", "down", "gbit_hours", "gbit_hours_year", "gbit_hours_year_low", "gbit_hours_year_high", "unserved_gbps"):
        if not near(row[key], cut[key]):
            wrong.append("%s of %s: %s, %s" % (key, names, row[key], cut[key]))
    for key in ("worst", "fullest"):
        if row[key] != (cut[key] or ""):
            wrong.append("%s of %s: %s, %s" % (key, names, row[key], cut[key]))
print("\n".join("# " + one for one in wrong[:6]), end="\n" if wrong else "")
sys.exit(bool(wrong))
P
}
for kind in segment cable risk country site operator; do
	for depth in single double; do
		check "every $depth $kind is the same as text, CSV and JSON" agree $depth --of $kind
	done
done
# What passes: added up from the demands, whose ends the example's own files tell.
passes() { # passes NAME
	sarai -j corridor whatif "$1" >"$scratch/json" && python3 - "$scratch/json" "$1" <<'P'
import csv, json, sys
said, name = json.load(open(sys.argv[1])), sys.argv[2].split(":")[1]
rows = lambda file: csv.DictReader(open("examples/silkroad/" + file, newline="", encoding="utf-8-sig"))
country = {site["id"]: site["country"] for site in rows("sites.csv")}
ends = {d["id"]: (d["from"], d["to"]) for file in ("demands.csv", "commits.csv") for d in rows(file)}
inside = lambda site: name in (site, country[site])
passing = [d for d in said["demands"] if not any(inside(site) for site in ends[d["id"]])]
does = said["does"]
good = abs(sum(d["lost_gbps"] for d in passing) - does["lost_passing_gbps"]) < 1e-3
good &= does["lost_passing_gbps"] <= does["lost_gbps"]["value"] + 1e-6 and does["lost_passing_gbps_high"] <= does["lost_gbps"]["high"] + 1e-6
good &= does["used_assumed"] <= does["used"] and does["used"] > 0
sys.exit(not good)
P
}
for name in country:DE country:AE country:FR site:FJR site:FRA; do
	check "what is lost in passing by $name are the demands from and to elsewhere" passes $name
done
check "a hub that others pass is the worst site, before those where most ends" test "$(sarai -j corridor whatif single --of site --top 1 | jq -r '.cuts[0].cut[0]')" = FJR
# What a row among all says, asking for that name alone says, too.
alone() { # alone KIND
	sarai -j corridor whatif single --of "$1" --top 3 | jq -c '.cuts[] | {cut: .cut[0], does: del(.cut, .names)}' >"$scratch/all"
	local row id
	while read -r row; do
		id=$(jq -r .cut <<<"$row")
		sarai -j corridor whatif "$1:$id" | jq -e --argjson row "$row" \
			'(.does | del(.cut, .names)) == $row.does' >/dev/null || { echo "# $1:$id"; return 1; }
	done <"$scratch/all"
	[ -s "$scratch/all" ]
}
for kind in segment cable risk country site operator; do
	check "a $kind cut by its name does what it does among all" alone $kind
done
# One cut: demands as CSV and JSON; a row of the text names one demand alone.
one() {
	ask "$@" && python3 - "$scratch" <<'P'
import csv, json, sys
folder = sys.argv[1]
said = json.load(open(folder + "/json"))
rows = list(csv.DictReader(open(folder + "/csv", newline="")))
text = open(folder + "/text").read().split("\n")
begin = next(i for i, line in enumerate(text) if line.startswith("demand ")) + 1
names = [line[:24].rstrip() for line in text[begin:text.index("", begin)] if "demands may lose" not in line]
good = [row["demand"] for row in rows] == [d["id"] for d in said["demands"]]
good &= all(int(row["after_bps"]) == d["after_bps"] for row, d in zip(rows, said["demands"]))
good &= len(set(names)) == len(names) and len(names) > 1 and not any("…" in name for name in names)
good &= all(sum(name in (d["id"], d["name"]) for d in said["demands"]) == 1 for name in names)
sys.exit(not good)
P
}
for name in country:AE FRA RED_SEA "Turk Telekom" cable:CCS M23; do
	check "what a cut of $name does to whom is told of each demand by itself" one "$name"
done
check "that all is served as told is said in words" grep -q "little; as told all is served" <<<"$(sarai corridor whatif M23 | tr '\n' ' ')"
status() { local want=$1; shift; sarai "$@" >/dev/null; [ $? = "$want" ]; }
check "a kind that is none is refused" status 2 corridor whatif double --of town
check "names and a kind together are" status 2 corridor whatif double M23
check "a name that is none is not found" status 1 corridor whatif M99
echo "1..$n"
exit $failed
