#!/usr/bin/env python3
"""An exchange moves from arouteserver with BIRD: its files are imported, and the hub stands beside the old route server, which has
the same policy by hand (tests/live/move_in_arouteserver/). The same members announce the same routes to both, good ones, bad ones and such with
all kinds of communities, and hear the same from both, attribute by attribute. What differs is named here, with its reason.
Prints TAP."""
import os
import re

import lan
import moving
from lan import ok
from moving import rt

FOLDER = "tests/live/move_in_arouteserver/"
# Name: number, AS, both families, round-trip time.
CLIENTS = {"one": (11, 1001, True, 2), "two": (12, 1002, True, 20), "three": (13, 1003, False, 40), "three again": (14, 1003, False, 40),
           "four": (15, 200004, True, 5), "five": (16, 1005, False, 100)}
REGISTRY = {
    "sets": {"AS-ONE": ["AS1001", "AS1101"], "AS-TWO": ["AS1002", "AS1101"]},
    "routes": {"AS1001": ["45.11.0.0/16", "45.99.0.0/16", "2a00:11::/32"], "AS1002": ["45.12.0.0/16", "45.99.0.0/16", "2a00:12::/32"],
               "AS1003": ["45.13.0.0/16", "45.99.0.0/16"], "AS200004": ["45.15.0.0/16", "2a00:15::/32"], "AS1005": ["45.16.0.0/16"],
               "AS1101": []}}
ROAS = (("45.11.0.0/16", 24, 1001), ("45.11.230.0/24", 24, 1099), ("45.11.231.0/24", 24, 1099), ("46.31.0.0/24", 24, 1001),
        ("46.32.0.0/24", 24, 1099), ("45.12.0.0/16", 16, 1002), ("2a00:11::/32", 48, 1001), ("2a00:11:230::/48", 48, 1099))


# What AS1001 says with communities to its 45.11.N.0/24 and 2a00:11:N::/48.
CONTROL = (
    {}, {"communities": "0:1002"}, {"extended": rt(0, 1002)}, {"large": "64500:0:1002"}, {"communities": "0:64500"},
    {"communities": "0:64500 64500:1002"}, {"communities": "0:64500 64500:1002 0:1002"}, {"extended": rt(0, 64500)},
    {"extended": rt(0, 64500) + rt(64500, 1003)}, {"large": "64500:0:0"}, {"large": "64500:0:0 64500:1:1002"},
    {"communities": "0:64500", "large": "64500:1:200004"}, {"large": "64500:0:0", "communities": "64500:1003"},
    {"large": "64500:0:200004"}, {"extended": rt(0, 200004)}, {"large": "64500:0:0", "extended": rt(64500, 200004)},
    {"communities": "65501:64500"}, {"communities": "65502:64500"}, {"communities": "65503:64500"}, {"large": "64500:101:0"},
    {"large": "64500:103:0", "communities": "65501:64500"}, {"communities": "65502:64500 65503:64500"},
    {"communities": "65511:1002"}, {"communities": "65513:1002 65512:1003"}, {"extended": rt(65512, 200004)},
    {"large": "64500:103:1002 64500:101:0"}, {"communities": "65501:64500 65512:1002 65511:1002"},
    {"large": "64500:102:200004", "communities": "65503:64500"},
    {"large": "64500:65281:0"}, {"large": "64500:65282:0"}, {"communities": "65281:1002"}, {"communities": "65282:1003 65281:1003"},
    {"large": "64500:65281:200004"}, {"communities": "65535:65281"}, {"communities": "65535:65282 1001:7"},
    {"communities": "64531:5"}, {"communities": "64531:30"}, {"communities": "64532:5"}, {"communities": "64532:30"},
    {"large": "64500:3:30"}, {"large": "64500:2:30 64500:1:1005"}, {"large": "64500:2:5 64500:0:1002"},
    {"large": "64500:0:0 64500:5:30"}, {"large": "64500:0:0 64500:4:30"}, {"large": "64500:0:0 64500:4:5 64500:0:1003"},
    {"large": "64500:121:30"}, {"large": "64500:113:30"}, {"large": "64500:121:30 64500:102:1002 64500:103:0"},
    {"large": "64500:113:5 64500:121:30", "communities": "65502:64500"},
    {"communities": "1001:1 3333:65000 64999:2", "large": "1001:2:3 64500:7777:1", "extended": rt(1001, 5)},
    {"communities": "65520:9 65520:0 65524:1002 64512:11 64512:51", "large": "64500:65520:9 64500:64512:10 64500:1000:1"},
    {"med": 7}, {"med": 4294967295, "communities": "65511:1002"}, {"communities": "65535:0"}, {"communities": "65535:0 0:1002 1001:5"},
    {"extended": "4300000000000001"}, {"extended": "0003" + rt(1001, 7)[4:]},
)
# Others: who, what, how.
OTHERS = (
    ("one", "45.11.200.0/24", {"path": (1101,)}), ("one", "45.11.201.0/24", {"path": (1102,)}), ("one", "45.11.0.0/16", {}),
    ("one", "45.11.202.0/25", {}), ("one", "46.1.0.0/24", {}), ("one", "46.41.0.0/24", {"path": (1141,)}),
    ("one", "46.41.1.0/24", {"path": (1141,)}), ("one", "46.42.0.0/23", {}),
    ("one", "46.42.1.0/24", {"path": (1101,)}), ("one", "46.42.0.0/24", {"path": (1199,)}), ("one", "45.11.203.0/24", {"path": (1142,)}),
    ("one", "46.43.0.0/24", {"path": (1142,)}), ("one", "46.31.0.0/24", {}), ("one", "46.32.0.0/24", {"path": (1099,)}),
    ("one", "45.11.230.0/24", {}), ("one", "2a00:11:230::/48", {}), ("one", "45.11.250.0/24", {}), ("one", "45.11.250.128/25", {}),
    ("one", "46.66.16.0/20", {}), ("one", "10.99.0.0/24", {}), ("one", "10.1.0.0/16", {}), ("one", "192.168.1.0/24", {}),
    ("one", "0.0.0.0/0", {}), ("one", "::/0", {}), ("one", "2001:db8:1::/48", {}), ("one", "3ffe:1::/32", {}), ("one", "fc00:1::/48", {}),
    ("one", "2a00:11:231::/49", {}), ("one", "45.11.204.0/24", {"path": (64512,)}), ("one", "45.11.205.0/24", {"path": (174, 1001)}),
    ("one", "45.11.206.0/24", {"path": (15169, 1001)}), ("one", "45.11.207.0/24", {"path": (1001,) * 31}),
    ("one", "45.11.208.0/24", {"path": (1001,) * 32}), ("one", "45.11.209.0/24", {"next_hop": "10.99.0.12"}),
    ("one", "45.11.210.0/24", {"path": (23456, 1001)}), ("one", "45.11.211.0/24", {"path": (4200000001, 1001)}),
    ("one", "45.11.212.0/24", {"path": (64500, 1001)}), ("two", "45.12.213.0/24", {"path": (1101,)}), ("two", "45.12.0.0/16", {}),
    # blackholes
    ("one", "45.11.220.1/32", {"communities": "65535:666"}), ("one", "45.11.220.2/32", {"communities": "65534:666"}),
    ("one", "45.11.220.3/32", {"large": "64500:666:0"}), ("one", "45.11.220.4/32", {"communities": "65535:666 0:1002"}),
    ("one", "45.11.220.5/32", {"communities": "65535:666 65501:64500"}), ("one", "45.11.231.1/32", {"communities": "65535:666"}),
    ("one", "45.11.221.0/24", {"communities": "65535:666"}), ("one", "45.12.220.1/32", {"communities": "65535:666"}),
    ("one", "2a00:11:220::1/128", {"communities": "65535:666"}), ("two", "2a00:12:220::/64", {"communities": "65534:666 65535:65281"}),
    ("one", "45.11.220.6/32", {"communities": "65535:666", "path": (1102,)}), ("two", "45.12.220.9/32", {"communities": "65535:666"}),
    # next hops of one's other router, of a list, of others
    ("three", "45.13.1.0/24", {}), ("three", "45.13.2.0/24", {"next_hop": "10.99.0.14"}), ("three again", "45.13.3.0/24", {}),
    ("three", "45.13.4.0/24", {"next_hop": "10.99.0.15"}), ("five", "45.16.1.0/24", {"next_hop": "10.99.0.99"}),
    ("five", "45.16.2.0/24", {"next_hop": "10.99.0.14"}), ("five", "45.16.3.0/24", {"path": (64512, 1005)}),
    ("five", "47.1.0.0/24", {}), ("five", "45.16.4.0/24", {"path": (1101,)}),
    # lengths and graceful shutdown of a client's own
    ("four", "45.15.4.0/24", {}), ("four", "45.15.8.0/22", {}), ("four", "45.15.16.0/22", {"path": (200004,) * 3}),
    ("four", "45.15.20.0/22", {"path": (200004,) * 4}), ("four", "45.15.24.0/22", {"communities": "65535:0 65501:64500"}),
    ("four", "2a00:15:1::/48", {"large": "64500:0:1001 64500:101:1002"}), ("four", "45.15.28.0/22", {"communities": "65511:1002"}),
    # the same prefix of several: the best, and the best for who may not have it
    ("one", "45.99.1.0/24", {}), ("two", "45.99.1.0/24", {"path": (1101,)}),
    ("one", "45.99.2.0/24", {"communities": "0:1003"}), ("two", "45.99.2.0/24", {"path": (1101,)}),
    ("one", "45.99.3.0/24", {"communities": "0:1002 0:1003 0:1005"}), ("two", "45.99.3.0/24", {}), ("three", "45.99.3.0/24", {}),
    ("one", "45.99.4.0/24", {"communities": "65535:0"}), ("two", "45.99.4.0/24", {"path": (1002, 1101)}),
    ("one", "45.99.5.0/24", {"communities": "65503:64500"}), ("two", "45.99.5.0/24", {"path": (1101,)}),
    ("one", "45.99.6.0/24", {"med": 100}), ("two", "45.99.6.0/24", {"med": 1}), ("three", "45.99.6.0/24", {}),
)

# What differs: who, which, why.
DIFFERENCES = (
    ("three", "45.13.3.0/24", "of another router of the same AS, which would find its own AS in the path (RFC 4271 section 9.1.2)"),
    ("three again", "45.13.1.0/24", "likewise"),
)


def all_routes():
    for number, fields in enumerate(CONTROL):
        yield "one", "45.11.%d.0/24" % number, fields
        yield "one", "2a00:11:%d::/48" % number, fields
    yield from OTHERS


def import_files(directory):
    """The hub file as the import makes it, with what a human adds: where to ask and to listen, and round-trip times."""
    os.environ["DIRECTORY"] = directory
    made = lan.run(lan.SARAI, "import", "arouteserver", FOLDER + "general.yml", FOLDER + "clients.yml", "--bogons", FOLDER + "bogons.yml")
    for _, asn, _, rtt in CLIENTS.values():
        made = re.sub(r"(?m)^(      - id: %d-\d+\n        port: .*\n        address: .*\n)(?!        rtt_ms)" % asn,
                      r"\1        rtt_ms: %d\n" % rtt, made)
    with open(directory + "/imported.yaml", "w", encoding="ascii") as out:
        out.write(made)
    with open(directory + "/hub.yaml", "w", encoding="ascii") as out:
        out.write("""
include: imported.yaml
hub: {data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: none, control_socket: %s/sarai.sock}
irr: {host: 127.0.0.1, port: %d}
""" % (directory, directory, moving.WHOIS))
    return made


def checks(directory):
    clients = {name: moving.Client(name, *values[:3]) for name, values in CLIENTS.items()}
    move = moving.Move(directory, FOLDER + "bird.conf", clients, REGISTRY, ROAS)
    ok("router_id: 10.99.0.1" in import_files(directory), "the files are imported")
    if not move.begin(8):
        return
    for name, prefix, fields in all_routes():
        clients[name].say(prefix, fields)
    move.compare(DIFFERENCES)


lan.enter()
lan.play(checks)
