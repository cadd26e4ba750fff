# What bins come to between sites: measured_audit.py EXPORT DEMANDS.json compares `show demands` with the exported bins, of a hub whose
# ports are called ASN-SITE. Exits with 1 where they differ by more than one kbit/s.
import csv, json, sys
from collections import defaultdict

folder, told = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))


def rows(name):
    with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if told["from"] <= row["start"] < told["to"]]


counted, members = {}, defaultdict(lambda: defaultdict(lambda: [0, 0]))
for row in rows("ports"):
    counted[row["start"], row["port"]] = int(row["counter_in"]) / int(row["flow_in"]) if int(row["flow_in"]) else 1
    rate = members[int(row["port"].split("-")[0])][row["start"]]
    rate[0] += int(row["counter_in"])
    rate[1] += int(row["counter_out"])
octets = defaultdict(lambda: defaultdict(float))
for row in rows("pairs"):
    (asn, start), end = row["from_port"].split("-"), row["to_port"].split("-")[1]
    if start != end:
        octets[int(asn), start.upper(), end.upper()][row["start"]] += int(row["octets"]) * counted[row["start"], row["from_port"]]
bins = sorted({row["start"] for row in rows("batches")})
wrong = abs(told["intervals"] - len(bins)) > 1  # one at either end may be no whole one


def rates(series):
    sums = sorted((series.get(b, 0) * 8 / told["interval_s"] for b in bins), reverse=True)
    return {"mean_bps": sum(sums) / len(sums), "p95_bps": sums[len(sums) // 20], "peak_bps": sums[0]}


def compare(what, expected, found):
    global wrong
    for key, value in expected.items():
        if abs(value - found[key]) > 1000:
            print(f"{what} {key}: {found[key]}, by the bins {value:.0f}")
            wrong = True


found = {(d["asn"], d["from"], d["to"]): d for d in told["demands"]}
if set(found) != set(octets) or not found:
    print("rows:", sorted(set(found) ^ set(octets)))
    wrong = True
for key in set(found) & set(octets):
    compare(key, rates(octets[key]), found[key])
for member in told["members"]:
    ways = [rates({b: r[way] for b, r in members[member["asn"]].items()}) for way in (0, 1)]
    compare(member["asn"], {key: max(w[key] for w in ways) for key in ways[0]}, member)
print(len(found), "rows,", len(told["members"]), "members,", len(bins), "bins")
sys.exit(wrong)
