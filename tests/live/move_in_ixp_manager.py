#!/usr/bin/env python3
"""An exchange moves from IXP Manager with BIRD: the IX-F export is imported, the profile of communities and the policy of the
templates stand beside it (tests/live/move_in_ixp_manager/), and the hub beside the old route server, which has the same policy by
hand. The same members announce the same routes to both and hear the same. What differs is named here, with its reason. Prints TAP."""
import os
import shutil

import lan
import moving
from lan import ok
from moving import rt

FOLDER = "tests/live/move_in_ixp_manager/"
# Name: number, AS, both families.
CLIENTS = {"one": (11, 1001, True), "two": (12, 1002, True), "three": (13, 1003, False), "three again": (14, 1003, False),
           "four": (15, 200004, True)}
REGISTRY = {
    "sets": {"AS-ONE": ["AS1001", "AS1101"], "AS-TWO": ["AS1002", "AS1101"]},
    "routes": {"AS1001": ["45.11.0.0/16", "45.99.0.0/16", "2a00:11::/32"], "AS1002": ["45.12.0.0/16", "45.99.0.0/16", "2a00:12::/32"],
               "AS1003": ["45.13.0.0/16", "45.99.0.0/16"], "AS200004": ["45.15.0.0/16", "2a00:15::/32"], "AS1101": []}}
ROAS = (("45.11.0.0/16", 24, 1001), ("45.11.230.0/24", 24, 1099), ("46.31.0.0/24", 24, 1001), ("46.32.0.0/24", 24, 1099),
        ("45.12.0.0/16", 16, 1002), ("2a00:11::/32", 48, 1001), ("2a00:11:230::/48", 48, 1099))


def ro(first, second):
    """A route origin, likewise."""
    return "0003" + rt(first, second)[4:]


# What AS1001 says with communities to its 45.11.N.0/24 and 2a00:11:N::/48.
CONTROL = (
    {}, {"communities": "0:64500"}, {"communities": "0:64500 64500:1002"}, {"communities": "64500:1002 64500:1003 0:64500"},
    {"large": "64500:0:1002"}, {"large": "64500:0:0"}, {"large": "64500:0:0 64500:1:1002"}, {"large": "64500:1:0"},
    {"large": "64500:0:0 64500:1:200004"}, {"large": "64500:0:200004"}, {"large": "64500:1:1002 64500:0:1002"},
    {"large": "64500:1:0", "communities": "0:64500"}, {"large": "64500:0:0", "communities": "64500:1002"},
    {"large": "64500:1:1003 64500:0:0", "communities": "0:64500 64500:1002"}, {"extended": ro(0, 1002)},
    {"extended": ro(0, 64500) + ro(64500, 1003)}, {"extended": ro(0, 64500) + ro(64500, 200004)},
    {"large": "64500:101:0"}, {"large": "64500:102:0"}, {"large": "64500:103:0"}, {"large": "64500:101:1002 64500:102:1002"},
    {"large": "64500:103:1002 64500:101:0"}, {"large": "64500:101:1002 64500:103:0"}, {"large": "64500:102:200004"},
    {"communities": "65535:65281"}, {"communities": "65535:65282 1001:7"}, {"communities": "65535:0 1001:1"}, {"med": 7},
    {"communities": "1001:1 3333:65000 64500:77", "large": "1001:2:3 64500:7777:1", "extended": rt(1001, 5) + ro(1001, 6)},
    {"large": "64500:1000:1 64500:1101:9 64500:1001:1"}, {"communities": "65535:666"}, {"communities": "65511:1002 65501:64500"},
)
OTHERS = (
    ("one", "45.11.200.0/24", {"path": (1101,)}), ("one", "45.11.201.0/24", {"path": (1102,)}), ("one", "45.11.0.0/16", {}),
    ("one", "45.11.202.0/25", {}), ("one", "45.11.203.1/32", {"communities": "65535:666"}), ("one", "46.1.0.0/24", {}),
    ("one", "46.31.0.0/24", {}), ("one", "46.32.0.0/24", {"path": (1099,)}), ("one", "45.11.230.0/24", {}),
    ("one", "2a00:11:230::/48", {}), ("one", "2a00:11:231::/49", {}), ("one", "10.1.0.0/16", {}), ("one", "0.0.0.0/0", {}),
    ("one", "fc00:1::/48", {}), ("one", "45.11.204.0/24", {"path": (64512, 1001)}), ("one", "45.11.205.0/24", {"path": (3491, 1001)}),
    ("one", "45.11.206.0/24", {"path": (1001,) * 63}), ("one", "45.11.207.0/24", {"path": (1001,) * 64}),
    ("one", "45.11.208.0/24", {"next_hop": "10.99.0.12"}), ("one", "45.11.209.0/24", {"path": (64500, 1001)}),
    ("two", "45.12.1.0/24", {"path": (1101,)}), ("two", "45.12.0.0/16", {}), ("two", "45.12.2.0/24", {}),
    ("two", "2a00:12:1::/48", {"large": "64500:0:1001"}),
    ("three", "45.13.1.0/24", {}), ("three", "45.13.2.0/24", {"next_hop": "10.99.0.14"}), ("three again", "45.13.3.0/24", {}),
    ("three", "45.13.4.0/24", {"next_hop": "10.99.0.15"}),
    ("four", "45.15.1.0/24", {}), ("four", "45.15.2.0/24", {"communities": "64500:1001"}), ("four", "2a00:15:1::/48", {"large": "64500:101:1002"}),
    ("one", "45.99.1.0/24", {}), ("two", "45.99.1.0/24", {"path": (1101,)}), ("one", "45.99.2.0/24", {"large": "64500:0:1003"}),
    ("two", "45.99.2.0/24", {"path": (1101,)}), ("one", "45.99.3.0/24", {"large": "64500:0:1002 64500:0:1003"}), ("two", "45.99.3.0/24", {}),
    ("three", "45.99.3.0/24", {}), ("one", "45.99.4.0/24", {"large": "64500:103:0"}), ("two", "45.99.4.0/24", {"path": (1101,)}),
)
# What differs: who, which, why.
DIFFERENCES = (
    ("three", "45.13.3.0/24", "of another router of the same AS, which would find its own AS in the path (RFC 4271 section 9.1.2)"),
    ("three again", "45.13.1.0/24", "likewise"),
)
# Instructions to the route server, which those templates pass on to members; here they are taken off: 0:P, ro:0:P and ro:RS:P.
LEAKS = ("0:", "00030000", "0003fbf4")


def import_file(directory):
    """The hub file as the import makes it, with what a human adds."""
    lan.run(lan.SARAI, "import", "ixf", FOLDER + "members.json", "-o", directory + "/imported.yaml")
    shutil.copy(FOLDER + "policy.yaml", directory)
    with open(directory + "/hub.yaml", "w", encoding="ascii") as out:
        out.write("""
include: [imported.yaml, policy.yaml]
hub: {data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: none, control_socket: %s/sarai.sock}
irr: {host: 127.0.0.1, port: %d}
validation: {vrp_files: [%s/vrps.json]}
""" % (directory, directory, moving.WHOIS, directory))
    return os.path.exists(directory + "/imported.yaml")


def checks(directory):
    clients = {name: moving.Client(name, *values) for name, values in CLIENTS.items()}
    move = moving.Move(directory, FOLDER + "bird.conf", clients, REGISTRY, ROAS)
    ok(import_file(directory), "the export is imported")
    if not move.begin(7):
        return
    for number, fields in enumerate(CONTROL):
        clients["one"].say("45.11.%d.0/24" % number, fields)
        clients["one"].say("2a00:11:%d::/48" % number, fields)
    for name, prefix, fields in OTHERS:
        clients[name].say(prefix, fields)
    move.compare(DIFFERENCES, LEAKS)


lan.enter()
lan.play(checks)
