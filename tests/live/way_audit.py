"""The proof of the way, reckoned by somebody else: from the journal of ways and the exported bins.

    way_audit.py WAYS.SQLITE EXPORT PROOF.JSON

PROOF.JSON is what `sarai ledger way MEMBER -j` says. Prints what it finds; status 1 when the two differ by more than rounding."""
import csv
import datetime
import hashlib
import json
import sqlite3
import sys
from collections import defaultdict

DAY = 86400


def seconds(text):
    if text.isdigit():
        return int(text)
    form = "%Y-%m-%dT%H:%M:%SZ" if "T" in text else "%Y-%m-%d"
    return int(datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc).timestamp())


KEYS = {"segments": lambda r: r["id"], "ports": lambda r: r["id"], "exits": lambda r: r["session"],
        "ways": lambda r: (r["site"], r["asn"], r["to"]), "promises": lambda r: r["asn"]}


def whole(base, change):
    """What `change` says, all of it: rows of the base but those that are gone, and those that it says in their place."""
    told = dict(change)
    for table, key in KEYS.items():
        gone = {key(g) if isinstance(g, dict) else g for g in change["gone"][table]}
        rows = {key(r): r for r in base[table]}
        assert gone <= set(rows), "something is gone that was not there"
        rows = {k: r for k, r in rows.items() if k not in gone} | {key(r): r for r in change[table]}
        told[table] = list(rows.values())
    return told


def entries(path, last):
    """What was said, in the order of time; each holds until the next."""
    previous, said, wholes = "0" * 64, [], {}
    for number, text, body in sqlite3.connect(path).execute("SELECT number, text, body FROM entry ORDER BY number"):
        text = text.encode() if isinstance(text, str) else bytes(text)
        body = body.encode() if isinstance(body, str) else bytes(body)
        lines = dict(line.partition(" ")[::2] for line in text.decode().splitlines())
        assert lines["previous"] == previous, "the chain is broken"
        assert lines["body"].split()[1] == hashlib.sha256(body).hexdigest(), "a document was changed"
        previous = hashlib.sha256(text).hexdigest()
        if number == last["last_entry"]:
            assert previous == last["last_hash"], "the proof is by another journal"
        ways = json.loads(body)
        if "since" in ways:
            assert lines["action"].split()[2:] == ["since", str(ways["since"])], "it does not say since when"
            ways = whole(wholes[ways["since"]], ways)
        else:
            wholes[number] = ways
        said.append([seconds(ways["from"]), number, seconds(ways["until"]), ways])
    said.sort(key=lambda s: s[:2])
    for one, after in zip(said, said[1:]):
        one[2] = min(one[2], after[0])
    return [(s[0], s[2], Book(s[3])) for s in said if s[0] < s[2]]


class Book:
    def __init__(self, ways):
        self.segments = {s["id"]: s for s in ways["segments"]}
        self.ports = {p["id"]: p for p in ways["ports"]}
        self.exits = ways["exits"]
        self.ways = {(w["site"], w["asn"], w["to"]): w["segments"] for w in ways["ways"]}
        self.own = {(w["site"], w["asn"]) for w in ways["ways"]}

    def crossed(self, a, b, family):
        """(countries, segments, estimated), or None: nobody knows."""
        a, b = self.ports.get(a), self.ports.get(b)
        if not a or not b:
            return None
        place = (a["site"], a["asn"] if (a["site"], a["asn"]) in self.own else 0)
        found = [self.ways[(*place, e["session"])] for e in self.exits
                 if e["port"] == b["id"] and (family == 0 or e[f"ipv{family}"]) and (*place, e["session"]) in self.ways]
        if None in found or any(f != found[0] for f in found):
            return None
        if found and found[0]:
            return self.told(a, b, found[0], False)
        bought = [s for p in (a, b) for s in p.get("bought") or []]
        if "bought" in a or "bought" in b:
            return self.told(a, b, bought, True)
        if found or (a["site"] and a["site"] == b["site"]):
            return self.told(a, b, [], False)
        return None

    def told(self, a, b, steps, estimated):
        countries = {p["country"] for p in (a, b)} - {""}
        for s in steps:
            countries |= set(self.segments[s]["countries"])
            estimated |= self.segments[s]["estimated"]
        return frozenset(countries), tuple(sorted(set(steps))), estimated


def read(folder, proof):
    """Octets of pairs and ports, by bin."""
    pairs, ports = defaultdict(list), defaultdict(lambda: [0, 0, 0, 0])
    begin, end = seconds(proof["from"]), seconds(proof["to"])
    for row in csv.DictReader(open(f"{folder}/pairs.csv")):
        if begin <= seconds(row["start"]) < end:
            pairs[seconds(row["start"])].append((row["from_port"], row["to_port"], int(row["family"]), int(row["octets"])))
    for row in csv.DictReader(open(f"{folder}/ports.csv")):
        if begin <= seconds(row["start"]) < end:
            whole = int(row["covered"]) >= int(row["length"])
            counted = [int(row[f"counter_{d}"]) for d in ("in", "out")]
            flow = [int(row[f"flow_{d}"]) for d in ("in", "out")]
            of = ports[seconds(row["start"]), row["port"]]
            for i in (0, 1):
                of[i] += counted[i] if whole else max(counted[i], flow[i])
                of[2 + i] += flow[i]
    return pairs, ports


def reckon(proof, said, pairs, ports, mine):
    """By country, by segment, unknown, estimated, in, out."""
    bin_s = proof["bin_s"]
    spans = defaultdict(list)
    for start in {s for s, _ in ports} | set(pairs):
        parts = [(max(a, start), min(b, start + bin_s), book) for a, b, book in said if a < start + bin_s and b > start]
        whole = len(parts) == 1 and parts[0][:2] == (start, start + bin_s)
        spans[(start // DAY, id(parts[0][2])) if whole else start].append((start, parts))
    countries, segments, sums = defaultdict(float), defaultdict(float), defaultdict(float)
    for bins in spans.values():
        raw, flow, counted = defaultdict(lambda: defaultdict(float)), defaultdict(float), defaultdict(int)
        for start, parts in bins:
            for p in mine:
                for d in (0, 1):
                    counted[p, d] += ports[start, p][d]
                    flow[p, d] += ports[start, p][2 + d]
            for a, b, family, octets in pairs[start]:
                shares = [(e - s, book.crossed(a, b, family)) for s, e, book in parts]
                split = len({w for _, w in shares}) > 1 or sum(s for s, _ in shares) < bin_s
                for span, way in shares:
                    part = octets * span / bin_s
                    for end in [(a, 0), (b, 1)]:
                        if way and end[0] in mine:
                            raw[end][way, split] += part
        for end, ways in raw.items():
            for ((crossed, steps, estimated), split), octets in ways.items():
                octets *= counted[end] / flow[end]
                sums["known"] += octets
                sums["estimated"] += octets if estimated or split else 0
                for c in crossed:
                    countries[c] += octets
                for s in steps:
                    segments[s] += octets
        for (_, d), octets in counted.items():
            sums["out" if d else "in"] += octets
    return countries, segments, sums


def main(ways, folder, path):
    worst = 0
    for told in json.load(open(path))["proofs"]:
        proof = told["way"]
        said = entries(ways, proof)
        mine = {p for _, _, book in said for p, port in book.ports.items() if port["asn"] == told["asn"]}
        pairs, ports = read(folder, proof)
        countries, segments, sums = reckon(proof, said, pairs, ports, mine)
        octets = proof["in_octets"] + proof["out_octets"]
        found = [(sums["in"], proof["in_octets"]), (sums["out"], proof["out_octets"]),
                 (octets - sums["known"], proof["unknown"]["octets"]), (sums["estimated"], proof["estimated"]["octets"])]
        for mine_, theirs in ((countries, proof["countries"]), (segments, proof["segments"])):
            names = set(mine_) | {t["name"] for t in theirs}
            by_name = {t["name"]: t["octets"] for t in theirs}
            found += [(mine_[n], by_name.get(n, 0)) for n in names if mine_[n] > 1000 or by_name.get(n)]
        off = max(abs(a - b) / max(octets, 1) for a, b in found)
        print(f"AS{told['asn']}: {octets} octets, {len(found)} figures, off by {off:.1e} of the whole")
        worst = max(worst, off)
    return worst > 1e-11


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
