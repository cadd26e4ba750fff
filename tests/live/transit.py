#!/usr/bin/env python3
"""The hub's own AS among real routers: upstreams, customers and a peer by eBGP, two routers of its own by iBGP, with BIRD and FRR on
both sides, and a client of the route server beside them, who must not notice. Prints TAP."""
import json
import os
import subprocess
import time
import urllib.request

import lan
from daemons import Bird, Frr
from lan import ok, wait

SITES = {"FRA": 1, "SIN": 2, "KHI": 3, "GWD": 4}
PLAN = os.environ.get("STEER_PLAN", "build/tests/live/steer_plan")
ROUTERS = {"KHI": "10.99.0.253", "FRA": "10.99.0.251"}
BIRD = """
router id %(ip4)s;
protocol device {}
protocol kernel { ipv4 { export all; import none; }; }
protocol static own { ipv4; route 45.%(n)d.0.0/24 blackhole; ROUTES }
protocol bgp rs4 { local %(ip4)s as %(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2;
	ipv4 { import all; export where source = RTS_STATIC; OPTIONS }; }
"""
FRR = Frr.text.replace("  network 45.%(n)d.0.0/24\n", "  network 45.%(n)d.0.0/24\nROUTES")


def bird(n, site, transit, routes="", options="", asn=0):
    one = Bird(n, BIRD.replace("ROUTES", " ".join("route %s blackhole;" % route for route in routes.split()))
               .replace("OPTIONS", options))
    return dressed(one, site, transit, asn)


def frr(n, site, transit, routes="", asn=0):
    one = Frr(n, FRR.replace("ROUTES", "".join("  network %s\n" % route for route in routes.split())))
    return dressed(one, site, transit, asn)


def dressed(one, site, transit, asn=0, more=""):
    one.asn = asn or one.asn
    one.site, one.transit, one.more = site, transit, more
    return one


class Hub(lan.Hub):
    def write(self):
        members = {}
        for one in self.members:
            members.setdefault(one.asn, []).append(one)
        with open(self.file, "w", encoding="ascii") as out:
            out.write("""
hub: {name: Daemons, short_name: DMN, asn: 64500, router_id: 10.99.0.1, country: PK, data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179"], http: "127.0.0.1:8080", control_socket: %s/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/24}]
policy: {allow_asns: [64496-65534]}
sites: [%s]
transit: {routers: [%s]}
members:
""" % (self.directory, self.directory, ", ".join("{id: %s, name: %s, number: %d}" % (site, site, SITES[site]) for site in SITES),
                ", ".join("{site: %s, ipv4: %s}" % pair for pair in ROUTERS.items())))
            for asn, ones in members.items():
                out.write("  - {asn: %d, name: AS%d, kind: carrier,\n     ports: [%s],\n     sessions: [%s]}\n" % (
                    asn, asn,
                    ", ".join("{id: p%d, speed: 10G, ipv4: %s, site: %s}" % (one.n, one.ip4, one.site) for one in ones),
                    ", ".join("{id: s%d, port: p%d, passive: no, connect_retry_s: 2, transit: %s%s}" % (one.n, one.n, one.transit, one.more)
                              for one in ones)))


def after(one, prefix, word):
    """What BIRD has as that attribute of its best."""
    for line in one.ask("show", "route", "all", "primary", "for", prefix).splitlines():
        if "BGP." + word + ":" in line:
            return line.split(":", 1)[1].strip()
    return ""


def paths_of(one, prefix):
    try:
        return json.loads(one.ask("show bgp ipv4 unicast %s json" % prefix))["paths"]
    except (ValueError, KeyError):
        return []


def external(up, up2, customer, other, peer, client):
    ok(wait(lambda: customer.has("45.50.0.0/24") and other.has("45.50.0.0/24"), 20), "customers hear what upstreams announce",
       customer.paths("45.50.0.0/24"))
    found = other.has("45.50.0.0/24") or {}
    ok(found.get("path") in ("64500 %d" % up.asn, "64500 %d" % up2.asn), "with the hub's AS before theirs", found)
    ok(found.get("next hop") in (up.ip4, up2.ip4), "where the hub has no router, the next hop is as it came", found)
    ok((customer.has("45.50.0.0/24") or {}).get("next hop") == ROUTERS["KHI"], "where it has one, that is the next hop",
       customer.paths("45.50.0.0/24"))
    ok(any(one.startswith("64500:4001:") for one in found.get("large", [])), "a large community tells the exit's site", found)
    ok(wait(lambda: peer.has("45.13.0.0/24") and peer.has("45.14.0.0/24"), 10), "the peer hears what customers announce")
    ok(wait(lambda: up.has("45.13.0.0/24") and up2.has("45.14.0.0/24"), 10), "so do upstreams")
    ok(not peer.has("45.50.0.0/24") and not peer.has("45.11.0.0/24"), "the peer hears nothing of upstreams",
       peer.paths("45.50.0.0/24"))
    ok(not up.has("45.17.0.0/24") and not up.has("45.12.0.0/24"), "an upstream hears nothing of the peer and the other upstream")
    ok(wait(lambda: other.has("45.17.0.0/24"), 10), "a customer hears the peer's")
    ok(not client.has("45.13.0.0/24") and not client.has("45.50.0.0/24"), "the route server's client hears nothing of all that")
    ok(not other.has("45.18.0.0/24"), "and nobody hears its routes here")
    ok("via" in lan.run(*other.inside("ip", "route", "show", "45.50.0.0/24")), "BIRD has put the route into its kernel",
       lan.run(*other.inside("ip", "route")))


def internal(first, second, up, up2):
    ok(wait(lambda: first.has("45.50.0.0/24"), 10), "the hub's own router hears what upstreams announce")
    ok(after(first, "45.50.0.0/24", "local_pref") == "100" and after(first, "45.13.0.0/24", "local_pref") == "200",
       "with LOCAL_PREF by what they are to the hub", first.ask("show", "route", "all", "for", "45.50.0.0/24"))
    ok(after(first, "45.50.0.0/24", "as_path") in (str(up.asn), str(up2.asn)), "and without the hub's AS in the path",
       after(first, "45.50.0.0/24", "as_path"))
    ok(not after(first, "45.50.0.0/24", "originator_id"), "an external route has no ORIGINATOR_ID")
    ok(wait(lambda: paths_of(second, "45.15.0.0/24"), 10), "what the one announces is reflected to the other (RFC 4456)")
    one = (paths_of(second, "45.15.0.0/24") or [{}])[0]
    ok(one.get("originatorId") == first.ip4 and "10.99.0.1" in json.dumps(one.get("clusterList", {})),
       "with who it was and through which reflector", one)
    ok(wait(lambda: first.has("45.16.0.0/24"), 10) and after(first, "45.16.0.0/24", "originator_id") == second.ip4,
       "and the other way round", first.ask("show", "route", "all", "for", "45.16.0.0/24"))
    ok(wait(lambda: up.has("45.15.0.0/24"), 10) and up.has("45.15.0.0/24")["path"] == "64500",
       "the hub's own routes go out with its AS number alone", up.paths("45.15.0.0/24"))
    ok(one.get("nexthops", [{}])[0].get("ip") == first.ip4, "what is reflected keeps its next hop", one)


def plan(hub, *lines):
    """Writes a plan as the corridor does, and says so."""
    subprocess.run([PLAN, hub.directory + "/data/run/steer.plan"], input="\n".join(lines) + "\n", text=True, check=False)
    return hub.say("steer", "take")


EXITS = "exit s11 FRA", "exit s12 SIN"


def path_of(one, prefix="45.50.0.0/24"):
    return (one.has(prefix) or {}).get("path", "")


def over_http(path):
    try:
        with urllib.request.urlopen("http://127.0.0.1:8080/api/v1/" + path, timeout=5) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        return {"error": str(error)}


def fates(said):
    """What became of which exit; FRR says routes back to the hub, or not: those are refused."""
    paths = said.get("sessions", [{}])[0].get("paths", [])
    return [(one["exit"], one["fate"]) for one in paths if one["fate"] != "refused"]


def explained(hub, customer):
    """After the cut: why it is so, and how long it took."""
    wanted = [("s11", "taken"), ("s12", "closed")]
    said = hub.ask("show", "steer", "45.50.0.0/24", "for", str(customer.asn))
    ok(fates(said) == wanted, "show steer PREFIX for MEMBER tells which exit is taken and why the other is not", said)
    said = over_http("steer/route?q=45.50.0.0/24&for=%d" % customer.asn)
    ok(fates(said) == wanted, "the API tells the same", said)
    ok(wait(lambda: hub.ask("show", "steer", "changes")[0].get("sent"), 10), "in the end everybody has been sent the change",
       hub.say("show", "steer", "changes"))
    change = (over_http("steer/changes") or [{}])[0]
    ok(change.get("why") == "segment cut" and 0 <= change["taken_to_first_us"] <= change["taken_to_last_us"] and
       change.get("routes_to", 0) > 0, "and the book has what it was, what moved and the times", change)
    print("# first UPDATE %s us, last %s us after the plan was taken" % (change.get("taken_to_first_us"), change.get("taken_to_last_us")))
    exits = {one["exit"]: one for one in over_http("steer/exits")}
    ok(exits["s11"]["moved_to"] > 0 and exits["s12"]["moved_from"] > 0 and exits["s11"]["routes"] > 0,
       "exits have counts of routes", exits)


def alarmed(hub):
    return [one["text"] for one in hub.ask("show", "members").get("incidents", []) if "steered" in one["text"]]


def steered(hub, up, up2, customer, other, first, second):
    by, by2 = "64500 %d" % up.asn, "64500 %d" % up2.asn
    said = plan(hub, "plan 1 600 all is well", *EXITS, "from FRA 0 s11:10 s12:90000", "from KHI 0 s12:40000 s11:70000",
                "from GWD 0 s11:50000 s12:60000")
    ok("taken" in said, "a plan is taken", said)
    ok(wait(lambda: path_of(customer) == by2 and path_of(other) == by, 10), "two customers at two sites get two exits",
       (customer.paths("45.50.0.0/24"), other.paths("45.50.0.0/24")))
    ok(wait(lambda: (other.has("45.50.0.0/24") or {}).get("med") == 50000, 10), "MED is the corridor's metric",
       other.paths("45.50.0.0/24"))
    ok("64500:4002:50000" in other.has("45.50.0.0/24")["large"], "and a community tells the latency", other.paths("45.50.0.0/24"))
    ok(wait(lambda: after(first, "45.50.0.0/24", "as_path") == str(up2.asn), 10), "the router at the one goes the customer's way",
       after(first, "45.50.0.0/24", "as_path"))
    ok(wait(lambda: paths_of(second, "45.50.0.0/24")[0].get("aspath", {}).get("string") == str(up.asn), 10),
       "and the one at the exit goes out there", paths_of(second, "45.50.0.0/24"))
    since = time.monotonic()
    plan(hub, "plan 2 600 segment cut", *EXITS, "from FRA 0 s11:10 s12:90000", "from KHI 0 s11:70000 s12:0:c",
         "from GWD 0 s11:50000 s12:60000")
    ok(wait(lambda: path_of(customer) == by, 5), "after a cut the customer behind it goes elsewhere", customer.paths("45.50.0.0/24"))
    print("# seen at the customer %.0f ms after the plan" % (1000 * (time.monotonic() - since)))
    ok(path_of(other) == by, "and the other one where it went", other.paths("45.50.0.0/24"))
    shown = hub.ask("show", "steer")
    ok(shown.get("state") == "by plan" and shown.get("number") == 2 and shown.get("moved_ipv4") == 2,
       "show steer tells which plan, and that two prefixes moved: this one, and what only the closed exit has", shown)
    explained(hub, customer)
    plan(hub, "plan 3 3 segment restored", *EXITS, "from FRA 0 s11:10 s12:90000", "from KHI 0 s12:40000 s11:70000",
         "from GWD 0 s12:50000 s11:60000")
    ok(wait(lambda: path_of(customer) == by2 and path_of(other) == by2, 5), "a restored way is taken again")
    ok(wait(lambda: hub.ask("show", "steer").get("state") == "plain", 15) and
       wait(lambda: path_of(customer) == path_of(other) == by, 5),
       "when no plan comes in its stead, plain BGP remains: all by the lowest router id", hub.say("show", "steer"))
    ok(alarmed(hub), "which is an incident", hub.ask("show", "members").get("incidents"))
    ok(wait(lambda: "not steered" in json.dumps(over_http("overview")), 20), "of the overview, too", over_http("overview"))
    ok(wait(lambda: "med" not in (other.has("45.50.0.0/24") or {"med": 1}), 5), "without MED", other.paths("45.50.0.0/24"))
    said = plan(hub, "plan 2 600 late", *EXITS)
    ok("no newer" in said or not said, "an older plan is not taken", said)


def checks(directory):
    up, up2 = bird(11, "FRA", "upstream", "45.50.0.0/24"), frr(12, "SIN", "upstream", "45.50.0.0/24")
    customer, other = frr(13, "KHI", "customer"), bird(14, "GWD", "customer")
    first, second = bird(15, "KHI", "internal", asn=64500), frr(16, "FRA", "internal", asn=64500)
    peer, client = bird(17, "GWD", "peer"), bird(18, "KHI", "none")
    members = [up, up2, customer, other, first, second, peer, client]
    lan.lay_lan(members)
    hub = Hub(directory, members)
    if not hub.begin():
        return
    for one in members:
        one.begin(directory)
    everybody = ["s%d" % one.n for one in members]
    if not ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members")):
        return
    external(up, up2, customer, other, peer, client)
    internal(first, second, up, up2)
    steered(hub, up, up2, customer, other, first, second)
    up.ask("disable", "own")
    ok(wait(lambda: (other.has("45.50.0.0/24") or {}).get("path") == "64500 %d" % up2.asn, 10),
       "when an exit has a route no more, the other takes over", other.paths("45.50.0.0/24"))
    ok(hub.up(*everybody), "all sessions are still up", hub.say("show", "members"))


if __name__ == "__main__":
    subprocess.run(["make", "-s", "build/tests/live/steer_plan"], stdout=subprocess.DEVNULL, check=False)
    lan.enter()
    lan.play(checks)
