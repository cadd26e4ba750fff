#!/usr/bin/env python3
"""Reads the API under BASE/birdwatcher as Alice-LG's reader of birdwatcher does (single table), and says where that would stop or show
nonsense: types that its casts need, times that it parses, numbers that do not agree with lists. One line a fault, status 1."""
import datetime
import json
import sys
import urllib.request

base = sys.argv[1] + "/birdwatcher"
found = []


def fault(where, what):
    found.append("%s: %s" % (where, what))


def ask(path):
    with urllib.request.urlopen(base + path, timeout=20) as answer:
        data = json.load(answer)
    api = data.get("api", {})
    if not isinstance(api.get("Version"), str) or not isinstance(api.get("result_from_cache"), bool):
        fault(path, "api has no Version or result_from_cache")  # both are cast without a question
    for text in (data.get("ttl"), api.get("cache_status", {}).get("cached_at", {}).get("date")):
        try:
            datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
        except (TypeError, ValueError):
            fault(path, "%r is no time" % text)
    return data


def stamp(where, text):
    try:
        at = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
        if abs((datetime.datetime.utcnow() - at).total_seconds()) > 86400:
            fault(where, "%s is not of today" % text)
    except (TypeError, ValueError):
        fault(where, "%r is no time" % text)


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def check_route(where, route):
    for name in ("network", "gateway", "from_protocol", "interface", "learnt_from"):
        if not isinstance(route.get(name), str):
            fault(where, "%s is %r" % (name, route.get(name)))
    stamp(where, route.get("age"))
    if not isinstance(route.get("primary"), bool) or not whole(route.get("metric")) or "BGP" not in route.get("type", []):
        fault(where, "primary, metric or type")
    bgp = route.get("bgp", {})
    for name in ("origin", "next_hop", "local_pref"):
        if not isinstance(bgp.get(name), str):
            fault(where, "bgp.%s is %r" % (name, bgp.get(name)))
    if "med" in bgp and not bgp["med"].isdigit():
        fault(where, "bgp.med is %r" % bgp["med"])
    if not all(isinstance(asn, str) and asn.isdigit() for asn in bgp.get("as_path", [None])):
        fault(where, "as_path is %r" % bgp.get("as_path"))
    for name, length in (("communities", 2), ("large_communities", 3), ("ext_communities", 3)):
        for one in bgp.get(name, [None]):
            if not isinstance(one, list) or len(one) != length or (name[0] != "e" and not all(map(whole, one))):
                fault(where, "%s has %r" % (name, one))


def routes(path):
    rows = ask(path).get("routes")
    if not isinstance(rows, list):
        fault(path, "no routes")
        return []
    for route in rows:
        check_route(path + " " + str(route.get("network")), route)
    return rows


status = ask("/status").get("status", {})
for name in ("current_server", "last_reboot", "last_reconfig"):
    stamp("/status " + name, status.get(name))
for name in ("message", "router_id", "version"):
    if not isinstance(status.get(name), str):
        fault("/status", name)

protocols = ask("/protocols/bgp").get("protocols", {})
short = ask("/protocols/short?uncached=true").get("protocols", {})
symbols = ask("/symbols").get("symbols", {})
if not protocols or set(protocols) != set(short) or set(protocols) != set(symbols.get("protocol", [])):
    fault("/protocols", "not the same in /protocols/bgp, /protocols/short and /symbols")
own = None
refused = 0
for name, p in protocols.items():
    where = "protocol " + name
    stamp(where, p.get("state_changed"))
    stamp(where + " (short)", short[name].get("since"))
    if p.get("bird_protocol") != "BGP" or p.get("state", "").lower() != short[name].get("state"):
        fault(where, "kind or state")
    for field in ("neighbor_address", "description", "state", "connection"):
        if not isinstance(p.get(field), str):
            fault(where, field)
    numbers = p.get("routes", {})
    if not all(whole(numbers.get(n)) for n in ("imported", "filtered", "exported", "preferred")) or not whole(p.get("neighbor_as")):
        fault(where, "numbers")
        continue
    own = p["local_as"]
    if not (isinstance(p.get("channels"), dict) and all(c["routes"] == c["routes_count"] for c in p["channels"].values())):
        fault(where, "channels")
    received = routes("/routes/protocol/" + name)
    filtered = routes("/routes/filtered/" + name)
    # Members come and go with a few routes while this is read.
    for rows, field in ((received, "imported"), (filtered, "filtered")):
        if abs(len(rows) - numbers[field]) > 12:
            fault(where, "%d routes %s, and %d are listed" % (numbers[field], field, len(rows)))
        if any(r["from_protocol"] != name for r in rows):
            fault(where, "a route of another one is listed")
    # Refused routes are shown only if their gateway is that of the first route received.
    if received and any(r["gateway"] != received[0]["gateway"] for r in filtered):
        fault(where, "Alice would not show a refused route")
    refused += len(filtered)
    for r in filtered:
        codes = [c for c in r["bgp"]["large_communities"] if c[0] == own and c[1] in (1101, 65520)]
        if not codes:
            fault(where, "%s is refused without a reason" % r["network"])
name = sorted(protocols)[0]
kept, told = routes("/routes/noexport/" + name), routes("/routes/export/" + name)
if not told or any(r["from_protocol"] == name for r in kept + told):
    fault("export of " + name, "nothing, or its own routes")
key = lambda r: (r["network"], r["from_protocol"])
if len(set(map(key, kept)) & set(map(key, told))) > 3:
    fault("noexport of " + name, "a route is both told and kept from it")
table = routes("/routes/table/master")
if len(table) < len(routes("/routes/table/master4")) or not table or not refused:
    fault("/routes/table/master", "%d routes" % len(table))
if abs(len(routes("/routes/table/master/filtered")) - refused) > 12:
    fault("/routes/table/master/filtered", "not as many as the sessions have")
prefix = table[len(table) // 2]["network"] if table else "0.0.0.0/0"
if not any(r["network"] == prefix for r in routes("/routes/prefix?prefix=" + prefix)):
    fault("/routes/prefix", prefix)
for line in found[:20]:
    print(line)
sys.exit(1 if found else 0)
