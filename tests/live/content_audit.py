# What bins come to of content networks: content_audit.py EXPORT CONTENT.json HUB.json CORRIDOR.json compares `show content` with the
# exported bins, and `corridor content` with what follows from it. HUB.json: of each content network its id, networks and users' site. Ports
# are called ASN-SITE. Exits with 1 where rates differ by more than two kbit/s, or money by more than a millionth.
import calendar, csv, json, sys, time
from collections import defaultdict

folder, (told, hub, laid) = sys.argv[1], (json.load(open(name, encoding="utf-8")) for name in sys.argv[2:5])
DAY, wrong = 86400, False


def at(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def rows(name):
    with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            row["start"] = at(row["start"])
            if begin <= row["start"] < end:
                yield row


def fail(*words):
    global wrong
    print(*words)
    wrong = True


begin, end = at(told["from"]), at(told["to"])
# Networks of a day that ended 8 days ago or more are a sum of it: of these days a network has its share of what entered by the port.
# An answer may take an hour to read.
fine = (end - 8 * DAY + 3600) // DAY * DAY
bins = sorted({row["start"] for row in rows("batches")})
entered, left, day_flow = {}, defaultdict(float), defaultdict(int)
for row in rows("ports"):
    start, port, flow = row["start"], row["port"], int(row["flow_in"])
    entered[start, port] = int(row["counter_in"]), flow
    left[start, port.split("-")[1].upper()] += int(row["counter_out"])
    day_flow[start // DAY, port] += flow
networks = {asn for item in hub for asn in item["asns"]}
octets, days = defaultdict(lambda: defaultdict(float)), defaultdict(int)
for row in rows("origins"):
    start, port, asn = row["start"], row["port"], int(row["asn"])
    if row["outgoing"] == "1" or asn not in networks:
        continue
    if start < fine:
        days[start // DAY, port, asn] += int(row["octets"])
    else:
        counter, flow = entered[start, port]
        octets[asn][start] += int(row["octets"]) * (counter / flow if flow else 1)
shaped = 0
for start in bins:
    shaped += start < fine
for (day, port, asn), sum_octets in days.items():
    for start in bins:
        if start // DAY == day and (start, port) in entered:
            octets[asn][start] += sum_octets * entered[start, port][0] / day_flow[day, port]
content = defaultdict(lambda: defaultdict(float))
for asn, series in octets.items():
    having = [item for item in hub if asn in item["asns"]]
    for start, value in series.items():
        away = {item["id"]: left[start, item["to"]] for item in having}
        whole = sum(away.values())
        for item in having:
            content[item["id"]][start] += value * (away[item["id"]] / whole if whole else 1 / len(having))


def rates(series):
    sums = sorted((series.get(b, 0) * 8 / told["interval_s"] for b in bins), reverse=True)
    return {"mean_bps": sum(sums) / len(sums), "p95_bps": sums[len(sums) // 20], "peak_bps": sums[0]}


def compare(what, expected, found):
    for key, value in expected.items():
        if abs(value - found[key]) > 2000:
            fail(f"{what} {key}: {found[key]}, by the bins {value:.0f}")


if told["intervals"] != len(bins) or told["shaped"] != shaped:
    fail("intervals:", told["intervals"], told["shaped"], "by the bins", len(bins), shaped)
if {n["asn"] for n in told["networks"]} != set(octets) or not octets:
    fail("networks:", [n["asn"] for n in told["networks"]], sorted(octets))
for network in told["networks"]:
    compare(network["asn"], rates(octets[network["asn"]]), network)
for item in told["content"]:
    compare(item["id"], rates(content[item["id"]]), item)
# What follows: hits of it are near, as far as they are served, and save the price of transit.
for item, row in ((item, row) for item in laid["content"] for row in told["content"] if row["id"] == item["id"]):
    gbps, serves = row["p95_bps"] / 1e9, next(h["serves_gbps"] for h in hub if h["id"] == item["id"])
    off = min(gbps * item["hits"], serves or 1e9)
    near = item["local_before"] + (1 - item["local_before"]) * off / gbps if gbps else item["local_before"]
    saved = off * 1000 * item["price_usd"] * 12 - item["cost_usd_a_year"]
    if item["traffic"] != "measured" or abs(item["gbps"] - gbps) > 0.001 or abs(item["off_gbps"] - off) > 0.001:
        fail(item["id"], "laid:", item["traffic"], item["gbps"], item["off_gbps"], "expected", gbps, off)
    if abs(item["local_after"] - near) > 1e-4 or abs(item["usd_a_year"] - saved) > 1 + abs(saved) * 1e-3:
        fail(item["id"], "near and saved:", item["local_after"], item["usd_a_year"], "expected", near, saved)
print(len(told["content"]), "content networks,", len(octets), "networks,", len(bins), "bins,", shaped, "of them of old days")
sys.exit(wrong)
