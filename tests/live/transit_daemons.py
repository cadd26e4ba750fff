#!/usr/bin/env python3
"""The hub's own AS with OpenBGPD and GoBGP on all sides: upstreams, customers and routers of its own; and an upstream whose routes are not to
go on. Prints TAP."""
import lan
import transit
from daemons import GoBgp, OpenBgpd
from lan import ok, wait
from speaker import Speaker
from transit import EXITS, dressed, plan

NET, STAYS, NOWHERE = "45.50.0.0/24", "45.51.0.0/24", "45.52.0.0/24"
UPSTREAM = OpenBgpd.text.replace("network 45.%(n)d.0.0/24",
                                 "network 45.50.0.0/24 set { med 77 community 64611:100 large-community 64611:1:2 }")
INTERNAL = OpenBgpd.text.replace("network 45.%(n)d.0.0/24", "network 45.15.0.0/24\nnetwork 45.15.1.0/24 set localpref 300")
AT_KHI, AT_FRA = transit.ROUTERS["KHI"], transit.ROUTERS["FRA"]


def holds(one, prefix, **wanted):
    """Waits until it holds just that path. Next hop, path, and where they are asked for communities, MED and local preference."""
    wanted = {name.replace("_", " "): value for name, value in wanted.items()}

    def seen():
        found = one.paths(prefix)
        return len(found) == 1 and {name: found[0].get(name) for name in wanted} == wanted
    return wait(seen, 20)


def site(number, kind):
    return ["64500:4001:%d" % number, "64500:4003:%d" % kind]


def external(up, up2, customer, other):
    """Plain BGP: who hears what, and how."""
    ok(holds(customer, NET, path="64500 64611", next_hop=AT_KHI, communities=["64611:100"], large=site(1, 3) + ["64611:1:2"], med=0),
       "OpenBGPD, a customer, has OpenBGPD's route over the hub's AS, with its communities and without its MED", customer.paths(NET))
    ok(holds(other, NET, path="64500 64611", next_hop=up.ip4, communities=["64611:100"], med=None), "so has GoBGP", other.paths(NET))
    ok(holds(up, "45.13.0.0/24", path="64500 64613", next_hop=AT_FRA) and holds(up, "45.14.0.0/24", path="64500 64614", next_hop=AT_FRA),
       "OpenBGPD, an upstream, has both customers', by the hub's router beside it", up.paths("45.13.0.0/24"))
    ok(holds(up2, "45.13.0.0/24", path="64500 64613", next_hop=customer.ip4) and
       holds(up2, "45.14.0.0/24", path="64500 64614", next_hop=other.ip4), "GoBGP, where there is none, by the customers", up2.paths("45.13.0.0/24"))
    ok(not up2.paths(NET) and not up.paths(NET), "and neither has the other's", (up.paths(NET), up2.paths(NET)))


def attributes_of(one, prefix):
    """{name of an attribute: what it says} at OpenBGPD."""
    found = {}
    for attribute in (one.has(prefix) or {}).get("all", {}).get("attributes", []):
        found[attribute["type"]] = attribute.get("originator") or attribute.get("cluster_list") or attribute.get("as")
    return found


def internal(first, second, up, customer):
    ok(holds(first, NET, path="64611", next_hop=AT_FRA, local_pref=100, med=77) and
       holds(second, NET, path="64611", next_hop=AT_FRA, local_pref=100, med=77),
       "routers of the hub's own have an upstream's route with LOCAL_PREF 100, its MED, and the exit's router", (first.paths(NET), second.paths(NET)))
    ok(holds(first, "45.13.0.0/24", path="64613", next_hop=AT_KHI, local_pref=200) and
       holds(second, "45.13.0.0/24", path="64613", next_hop=AT_KHI, local_pref=200), "and a customer's with 200", second.paths("45.13.0.0/24"))
    ok(holds(second, "45.15.0.0/24", path="", next_hop=first.ip4, local_pref=100), "what OpenBGPD announces is reflected to GoBGP",
       second.paths("45.15.0.0/24"))
    ok(holds(second, "45.15.1.0/24", path="", local_pref=300), "with the preference that it says", second.paths("45.15.1.0/24"))
    ok(holds(first, "45.16.0.0/24", path="", next_hop=second.ip4, local_pref=100), "and the other way round", first.paths("45.16.0.0/24"))
    found = attributes_of(first, "45.16.0.0/24")
    ok(found.get("Originator Id") == second.ip4 and found.get("Cluster Id List") == ["10.99.0.1"], "with originator and cluster (RFC 4456)", found)
    ok(holds(up, "45.16.0.0/24", path="64500", next_hop=AT_FRA) and holds(customer, "45.16.0.0/24", path="64500", next_hop=AT_KHI),
       "outside they are the hub's own", (up.paths("45.16.0.0/24"), customer.paths("45.16.0.0/24")))
    ok(attributes_of(customer, NET).get("OTC") == 64611 and attributes_of(customer, "45.16.0.0/24").get("OTC") == 64500,
       "customers are told whose they are only to be (OTC, RFC 9234)", customer.paths(NET))


def stay(speaker, customer, other, first, second):
    """Well-known communities bind the hub's AS as any (RFC 1997)."""
    speaker.announce(STAYS, communities="65535:65281")
    speaker.announce(NOWHERE, communities="65535:65282")
    speaker.announce("45.53.0.0/24")
    ok(holds(customer, "45.53.0.0/24", path="64500 64621") and holds(other, "45.53.0.0/24", path="64500 64621"), "what may go on does",
       customer.paths("45.53.0.0/24"))
    ok(wait(lambda: first.paths(STAYS) and second.paths(STAYS), 10), "NO_EXPORT: the hub's own routers hear it", first.paths(STAYS))
    ok(not customer.paths(STAYS) and not other.paths(STAYS), "and nobody else", (customer.paths(STAYS), other.paths(STAYS)))
    ok(not any(one.paths(NOWHERE) for one in (customer, other, first, second)), "NO_ADVERTISE: nobody does",
       [one.paths(NOWHERE) for one in (customer, other, first, second)])


def steered(hub, up, customer, other, first, second):
    ingresses = "from FRA 0 s11:10 s12:90000", "from KHI 0 s12:40000 s11:70000", "from GWD 0 s11:50000 s12:60000"
    ok("taken" in plan(hub, "plan 1 600 all is well", *EXITS, *ingresses), "a plan is taken")
    ok(holds(customer, NET, path="64500 64612", next_hop=AT_KHI, med=40000, communities=["64612:100"]), "OpenBGPD goes by it, with its metric",
       customer.paths(NET))
    ok(holds(other, NET, path="64500 64611", next_hop=up.ip4, med=50000), "so does GoBGP, to the other exit", other.paths(NET))
    ok("64500:4002:40000" in customer.has(NET)["large"] and "64500:4002:50000" in other.has(NET)["large"], "both are told the latency",
       (customer.paths(NET), other.paths(NET)))
    ok(holds(first, NET, path="64612", next_hop="10.99.0.12", local_pref=100) and holds(second, NET, path="64611", next_hop=AT_FRA, local_pref=100),
       "and the hub's own routers, each by its place", (first.paths(NET), second.paths(NET)))
    plan(hub, "plan 2 600 segment cut", *EXITS, ingresses[0], "from KHI 0 s11:70000 s12:0:c", ingresses[2])
    ok(holds(customer, NET, path="64500 64611", next_hop=AT_KHI, med=70000, communities=["64611:100"]), "after a cut OpenBGPD goes elsewhere",
       customer.paths(NET))
    ok(holds(first, NET, path="64611", next_hop=AT_FRA), "and the router beside it", first.paths(NET))
    ok(holds(other, NET, path="64500 64611", next_hop=up.ip4, med=50000), "GoBGP where it went", other.paths(NET))


def checks(directory):
    up, up2 = dressed(OpenBgpd(11, UPSTREAM), "FRA", "upstream"), dressed(GoBgp(12), "SIN", "upstream")
    customer, other = dressed(OpenBgpd(13), "KHI", "customer"), dressed(GoBgp(14), "GWD", "customer")
    first, second = dressed(OpenBgpd(15, INTERNAL), "KHI", "internal", 64500), dressed(GoBgp(16), "FRA", "internal", 64500)
    speaker = dressed(Speaker(21), "SIN", "upstream")
    members = [up, up2, customer, other, first, second, speaker]
    lan.lay_lan(members)
    hub = transit.Hub(directory, members)
    if not hub.begin():
        return
    for one in members[:-1]:
        one.begin(directory)
    speaker.connect()
    everybody = ["s%d" % one.n for one in members]
    if not ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members")):
        return
    up2.add(NET, "origin", "igp", "med", "5", "community", "64612:100")
    other.add("45.14.0.0/24")
    second.add("45.16.0.0/24")
    external(up, up2, customer, other)
    internal(first, second, up, customer)
    stay(speaker, customer, other, first, second)
    steered(hub, up, customer, other, first, second)
    ok(hub.up(*everybody), "all sessions are still up", hub.say("show", "members"))


lan.enter()
lan.play(checks)
