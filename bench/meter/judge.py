"""Compares what a collector counted with what flowgen says it sent.

    judge.py sarai SENT.csv BEFORE.json AFTER.json     answers to `show matrix`
    judge.py pmacct SENT.csv ANSWER.jsonl              `pmacct -s -O json`
    judge.py nfdump SENT.csv ANSWER                    `nfdump -I`: totals only, it keeps no sums by pair

Prints one short sentence for the table. Octets and packets are compared scaled by the sampling rate; a collector that does not
scale is compared with what was sampled, and the sentence says so."""
import collections
import csv
import json
import sys


def sent(name, key):
    truth = collections.Counter()
    for row in csv.DictReader(open(name)):
        rate = int(row["sampling"])
        k = key(row)
        truth[k + ("octets",)] += int(row["octets"]) * rate
        truth[k + ("packets",)] += int(row["packets"]) * rate
        truth["rate",] = rate
    return truth, truth.pop(("rate",), 1)


def verdict(truth, got):
    pairs = len({k[:-1] for k in truth})
    if truth == got:
        return f"equal: {pairs} pairs"
    short = 1 - sum(v for k, v in got.items() if k[-1] == "packets") / max(
        1, sum(v for k, v in truth.items() if k[-1] == "packets"))
    differ = {k[:-1] for k in truth.keys() | got.keys() if truth[k] != got[k]}
    return f"{len(differ)} of {pairs} pairs differ, {100 * short:.2f} % of packets missing"


def sarai(name, before, after):
    def asn(mac):
        number = int(mac[-5:].replace(":", ""), 16)
        return 64512 + number if number < 1024 else 4200000000 + number
    truth, _ = sent(name, lambda r: (asn(r["src_mac"]), asn(r["dst_mac"]), "ipv" + r["ipver"]))
    got = collections.Counter()
    for sign, answer in ((1, after), (-1, before)):
        for pair in json.load(open(answer))["pairs"]:
            key = (pair["from_asn"], pair["to_asn"], pair["family"])
            got[key + ("octets",)] += sign * pair["octets"]
            got[key + ("packets",)] += sign * pair["packets"]
    return verdict(+truth, +got)


def pmacct(name, answer):
    truth, _ = sent(name, lambda r: (r["src_mac"], r["dst_mac"]))
    got = collections.Counter()
    for line in open(answer):
        if line.startswith("{"):
            row = json.loads(line)
            key = (row["mac_src"], row["mac_dst"])
            got[key + ("octets",)] += row["bytes"]
            got[key + ("packets",)] += row["packets"]
    return verdict(+truth, +got)


def nfdump(name, answer):
    truth, rate = sent(name, lambda r: ())
    got = dict(line.strip().split(": ", 1) for line in open(answer) if ": " in line)
    packets, octets = int(got.get("Packets", 0)), int(got.get("Bytes", 0))
    if (packets, octets) == (truth["packets",], truth["octets",]):
        return "totals equal"
    if (packets * rate, octets * rate) == (truth["packets",], truth["octets",]):
        return "totals equal, not scaled"
    scale = rate if packets * rate <= truth["packets",] else 1
    return f"totals differ, {100 * (1 - packets * scale / max(1, truth['packets',])):.2f} % of packets missing"


print({"sarai": sarai, "pmacct": pmacct, "nfdump": nfdump}[sys.argv[1]](*sys.argv[2:]))
