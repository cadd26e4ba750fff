#!/usr/bin/env python3
"""Makes data/expected.tsv: what other decoders read in the captures of data/captures.

usage: make_expected.py DECODED_FOLDER CAPTURE... > data/expected.tsv

DECODED_FOLDER holds for each capture NAME.pcap what `tshark -T json` (NAME.tshark.json.gz) and, for sFlow,
`sflowtool -J` (NAME.sflowtool.json) say of it. NetFlow and IPFIX are summed from the former, sFlow from the latter.
A capture that the other decoder could not read to its end has "?". Columns: capture, flows, octets, packets, sum of sampling rates, counter samples with octets, their octets in, out.
The octets of a flow record are the first there are of: delta, total, out; so the program says too."""
import gzip
import json
import pathlib
import re
import sys

KINDS = [("cflow.octets", "cflow.packets"), ("cflow.permanent_octets", "cflow.permanent_packets"),
         ("cflow.post_octets", "cflow.post_packets")]


def pairs(node):
    """All (key, value) below, in order; JSON as tshark writes it repeats keys."""
    if isinstance(node, list):
        for item in node:
            if isinstance(item, tuple):
                yield item
                yield from pairs(item[1])
            else:
                yield from pairs(item)


def netflow(path):
    data = json.loads(gzip.open(path).read(), object_pairs_hook=lambda p: p)
    all_pairs = list(pairs(data))
    options = set()
    for key, _ in all_pairs:
        if found := re.match(r"Options Template \(Id = (\d+)\)", key):
            options.add(int(found[1]))
    flows = octets = packets = rates = 0
    for packet in data:
        rate = 0
        for key, value in pairs(packet):
            if key == "cflow.samplerate":
                rate = int(value)
            found = re.match(r"(?:FlowSet|Set) \d+ \[id=(\d+)\]", key)
            sets = [(int(found[1]), value)] if found else []
            if re.match(r"pdu \d+/\d+", key):
                sets = [(0, [("Flow 1", value)])]
            for number, content in sets:
                if number in options or not isinstance(content, list) or 0 < number < 256:
                    continue
                for name, fields in content:
                    if not name.startswith("Flow "):
                        continue
                    have = {}
                    for k, v in fields:
                        if isinstance(v, str):
                            have.setdefault(k, v)
                    flows += 1
                    rates += rate
                    for o, p in KINDS:
                        if o in have:
                            octets += int(have[o])
                            break
                    for o, p in KINDS:
                        if p in have:
                            packets += int(have[p])
                            break
    return [flows, octets, packets, rates, 0, 0, 0]


def sflow(path):
    text, at, decoder = path.read_text(), 0, json.JSONDecoder()
    flows = octets = rates = counters = into = out = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            datagram, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            return ["?"] * 7  # sflowtool gave up in the middle of a malformed sample
        for sample in datagram.get("samples", []):
            elements = sample.get("elements", [])
            if sample["sampleType"] == "FLOWSAMPLE":
                flows += 1
                rates += int(sample["meanSkipCount"])
                octets += next((int(e[k]) for e in elements for k in ("sampledPacketSize", "ethernet_len") if k in e), 0)
            for e in elements:
                if "ifInOctets" in e:
                    counters += 1
                    into += int(e["ifInOctets"])
                    out += int(e["ifOutOctets"])
    return [flows, octets, flows, rates, counters, into, out]


print("# capture\tflows\toctets\tpackets\trates\tcounters\tin\tout\t(made by make_expected.py)")
for capture in sys.argv[2:]:
    name = pathlib.Path(capture).stem
    other = pathlib.Path(sys.argv[1]) / f"{name}.sflowtool.json"
    row = sflow(other) if other.exists() else netflow(pathlib.Path(sys.argv[1]) / f"{name}.tshark.json.gz")
    print("\t".join([name] + [str(x % 2**64 if x != "?" else x) for x in row]))
