#!/usr/bin/env python3
"""Makes data/records.tsv: what other decoders read in the captures of data/captures, record by record.

usage: make_expected.py DECODED_FOLDER CAPTURE... > data/records.tsv

DECODED_FOLDER holds for each capture NAME.pcap what `tshark -T json` (NAME.tshark.json.gz) and, for sFlow,
`sflowtool -J` (NAME.sflowtool.json) say of it. NetFlow and IPFIX are taken from the former, sFlow from the latter.
A row is a record: capture; "flow", "counters" or "discard"; then its fields, "-" for none:

  flow      source, destination, source MAC, destination MAC, VLAN, VLAN out, input, output, source AS, destination AS,
            octets, packets, sampling rate (version 5 and sFlow)
  counters  interface, speed, direction, status, then for in and for out: octets, packets, discards, errors; FCS errors
  discard   reason, source MAC, destination MAC, octets

A flow with a way back is two rows. A capture that the other decoder could not read to its end has a row "?"."""
import gzip
import ipaddress
import json
import pathlib
import re
import sys


def pairs(node):
    """All (key, value) below, in order; JSON as tshark writes it repeats keys."""
    if isinstance(node, list):
        for item in node:
            if isinstance(item, tuple):
                yield item
                yield from pairs(item[1])
            else:
                yield from pairs(item)


def mac(text):
    digits = re.sub(r"[^0-9a-f]", "", text or "")
    return ":".join(re.findall("..", digits)) if digits.strip("0") else "-"


def address(*choice):
    """The first that is given; a template may have both families, of which one is filled in."""
    have = [ipaddress.ip_address(c) for c in choice if c]
    return str(next((h for h in have if int(h)), have[0])) if have else "-"


def number(text, most=2**64 - 1):
    value = int(text or "0", 0)
    return str(value) if 0 < value <= most else "-"


def flow_row(have, rate):
    def first(*keys):
        return next((have[k][0] for k in keys if k in have), None)

    def sums(octets, packets):
        return [str(int(octets or 0)), str(int(packets or 0))]

    macs = [mac(first("cflow.srcmac")), mac(first("cflow.dstmac"))]
    macs[0] = macs[0] if macs[0] != "-" else mac(first("cflow.post_srcmac"))
    macs[1] = macs[1] if macs[1] != "-" else mac(first("cflow.post_dstmac"))
    if "-" in macs:
        macs = ["-", "-"]
    vlan = number(first("cflow.vlanid"))
    vlan = vlan if vlan != "-" else number(first("cflow.dot1q_vlan_id"))
    row = [address(first("cflow.srcaddr"), first("cflow.srcaddrv6")),
           address(first("cflow.dstaddr"), first("cflow.dstaddrv6")), *macs, vlan, number(first("cflow.post_vlanid")),
           number(first("cflow.inputint", "cflow.ingress_physical_interface"), 2**32 - 1),
           number(first("cflow.outputint", "cflow.egress_physical_interface"), 2**32 - 1),
           number(first("cflow.srcas"), 2**32 - 1), number(first("cflow.dstas"), 2**32 - 1)]
    back = [row[i] for i in (1, 0, 3, 2, 4, 5, 7, 6, 9, 8)]
    if row[5] != "-":
        back[4], back[5] = row[5], row[4]
    for octets, packets in [("cflow.octets", "cflow.packets"), ("cflow.initiator_octets", "cflow.initiator_packets"),
                            ("cflow.permanent_octets", "cflow.permanent_packets"),
                            ("cflow.post_octets", "cflow.post_packets")]:
        if octets not in have:
            continue
        yield row + sums(have[octets][0], first(packets, "cflow.packets")) + [rate]
        reverse = have[octets][1] if len(have[octets]) > 1 else first("cflow.responder_octets")
        if int(reverse or 0):
            again = have.get(packets, [])
            yield back + sums(reverse, again[1] if len(again) > 1 else first("cflow.responder_packets")) + [rate]
        return
    packets = first("cflow.packets", "cflow.permanent_packets")
    yield row + sums(0, packets) + [rate]


def netflow(path):
    data = json.loads(gzip.open(path).read(), object_pairs_hook=lambda p: p)
    options = set()
    for key, _ in pairs(data):
        if found := re.match(r"Options Template \(Id = (\d+)\)", key):
            options.add(int(found[1]))
    for packet in data:
        rate = "-"
        for key, value in pairs(packet):
            if key == "cflow.samplerate":
                rate = number(value)
            found = re.match(r"(?:FlowSet|Set) \d+ \[id=(\d+)\]", key)
            sets = [(int(found[1]), value)] if found else []
            if re.match(r"pdu \d+/\d+", key):
                sets = [(0, [("Flow 1", value)])]
            for set_number, content in sets:
                if set_number in options or not isinstance(content, list) or 0 < set_number < 256:
                    continue
                for name, fields in content:
                    if not name.startswith("Flow "):
                        continue
                    have = {}
                    for k, v in pairs(fields):
                        values = [v] if isinstance(v, str) else v
                        if all(isinstance(one, str) for one in values):
                            have.setdefault(k, []).extend(values)
                    for row in flow_row(have, rate):
                        yield ["flow"] + row


def counters_rows(elements):
    for e in elements:
        if "ifInOctets" not in e:
            continue
        row = ["counters", e["ifIndex"], e["ifSpeed"], e["ifDirection"], e["ifStatus"]]
        for way in ("In", "Out"):
            octets = int(e[f"if{way}Octets"])
            packets = [int(e[f"if{way}{kind}Pkts"]) for kind in ("Ucast", "Multicast", "Broadcast")]
            packets = [p for p in packets if p != 2**32 - 1]
            row += ["-" if octets == 2**64 - 1 else str(octets), str(sum(packets) % 2**32) if packets else "-"]
            for what in ("Discards", "Errors"):
                value = int(e[f"if{way}{what}"])
                row.append("-" if value == 2**32 - 1 else str(value))
        fcs = next((o["dot3StatsFCSErrors"] for o in elements if "dot3StatsFCSErrors" in o), "-")
        yield row + [fcs if fcs != str(2**32 - 1) else "-"]


def sflow_row(sample, elements):
    have = {}
    for e in elements:
        for key, value in e.items():
            have.setdefault(key, value)

    def get(*keys):
        return next((have[k] for k in keys if k in have), None)

    macs = [mac(get("srcMAC", "ethernet_src")), mac(get("dstMAC", "ethernet_dst"))]
    octets = get("sampledPacketSize", "ethernet_len") or "0"
    if sample["sampleType"] != "FLOWSAMPLE":
        return ["discard", sample["discardCode"], *macs, octets]
    path = [hop for hop in re.split(r"[-()_\s]+", get("dst_as_path") or "") if hop]
    ports = []
    for key in ("inputPort", "outputPort"):
        text = sample[key]
        ports.append(number(text) if text.isdigit() and int(text) != 0x3fffffff else "-")
    vlan = number(get("decodedVLAN"))
    return ["flow", address(get("srcIP", "srcIP6")), address(get("dstIP", "dstIP6")), *macs,
            vlan if vlan != "-" else number(get("in_vlan"), 4095), number(get("out_vlan"), 4095), *ports,
            number(get("src_as")), path[-1] if path else "-", octets, "1", number(sample["meanSkipCount"])]


def sflow(path):
    text, at, decoder = path.read_text(), 0, json.JSONDecoder()
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            datagram, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError:
            yield ["?"]  # sflowtool gave up in the middle of a malformed sample
            return
        for sample in datagram.get("samples", []):
            elements = sample.get("elements", [])
            if sample["sampleType"] == "COUNTERSSAMPLE":
                yield from counters_rows(elements)
            else:
                yield sflow_row(sample, elements)


print("# made by make_expected.py, which says what the columns are")
for capture in sys.argv[2:]:
    name = pathlib.Path(capture).stem
    folder = pathlib.Path(sys.argv[1])
    other = folder / f"{name}.sflowtool.json"
    for row in sflow(other) if other.exists() else netflow(folder / f"{name}.tshark.json.gz"):
        print("\t".join([name] + row))
