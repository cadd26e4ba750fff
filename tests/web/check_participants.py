#!/usr/bin/env python3
"""Reads an IX-F member export (version 1.0) on standard input and says where it is not one: the fields that the schema requires, their
types, and that every reference inside it finds what it names. One line a fault, status 1."""
import ipaddress
import json
import re
import sys

TYPES = {"peering", "ixp", "other"}
MAC = re.compile(r"([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
found = []


def fault(where, what):
    found.append("%s: %s" % (where, what))


def need(where, thing, **types):
    """True if all named fields are there and of their type."""
    good = True
    for name, kind in types.items():
        value = thing.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            fault(where, "%s is %r, not %s" % (name, value, kind.__name__))
            good = False
    return good


def check_address(where, name, thing):
    try:
        address = ipaddress.ip_address(thing.get("address", ""))
    except ValueError:
        return fault(where, "%s: no address: %r" % (name, thing.get("address")))
    if address.version != {"ipv4": 4, "ipv6": 6}[name]:
        fault(where, "%s holds %s" % (name, address))
    for mac in thing.get("mac_addresses", []):
        if not MAC.fullmatch(mac):
            fault(where, "no MAC address: %r" % mac)
    if "max_prefix" in thing:
        need(where, thing, max_prefix=int)
    if "routeserver" in thing:
        need(where, thing, routeserver=bool)


def check_connection(where, connection, exchanges):
    if not need(where, connection, ixp_id=int, if_list=list, vlan_list=list):
        return
    if connection["ixp_id"] not in exchanges:
        return fault(where, "no exchange %d" % connection["ixp_id"])
    if connection.get("state") not in ("active", "inactive"):
        fault(where, "state %r" % connection.get("state"))
    switches, vlans = exchanges[connection["ixp_id"]]
    for one in connection["if_list"]:
        if need(where, one, switch_id=int, if_speed=int) and one["switch_id"] not in switches:
            fault(where, "no switch %d" % one["switch_id"])
    for one in connection["vlan_list"]:
        if need(where, one, vlan_id=int) and one["vlan_id"] not in vlans:
            fault(where, "no VLAN %d" % one["vlan_id"])
        for name in {"ipv4", "ipv6"} & one.keys():
            check_address(where, name, one[name])


def check(export):
    if not need("export", export, version=str, timestamp=str, ixp_list=list, member_list=list):
        return
    if export["version"] != "1.0":
        fault("export", "version %s" % export["version"])
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", export["timestamp"]):
        fault("export", "timestamp %s" % export["timestamp"])
    exchanges = {}
    for ixp in export["ixp_list"]:
        if need("ixp", ixp, ixp_id=int, ixf_id=int, shortname=str, vlan=list):
            exchanges[ixp["ixp_id"]] = ({s["id"] for s in ixp.get("switch", [])}, {v["id"] for v in ixp["vlan"]})
        if not re.fullmatch(r"[A-Z]{2}", ixp.get("country", "XX")):
            fault("ixp", "country %r" % ixp["country"])
    numbers = [member.get("asnum") for member in export["member_list"]]
    if len(numbers) != len(set(numbers)):
        fault("members", "an AS number stands twice")
    for member in export["member_list"]:
        where = "member %s" % member.get("asnum")
        if not need(where, member, asnum=int, connection_list=list) or not member["connection_list"]:
            fault(where, "no connection")
            continue
        if member.get("member_type", "peering") not in TYPES:
            fault(where, "member_type %r" % member["member_type"])
        for connection in member["connection_list"]:
            check_connection(where, connection, exchanges)


check(json.load(sys.stdin))
print("\n".join(found) if found else "well formed")
sys.exit(1 if found else 0)
