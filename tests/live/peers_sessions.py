#!/usr/bin/env python3
"""What sessions are made of, with real peers: roles and OTC (RFC 9234), GTSM (RFC 5082), TCP-AO (RFC 5925), limits of prefixes
(RFC 4486) and the text of a shutdown (RFC 9003). Prints TAP."""
import json
import socket
import time

import lan
from daemons import Bird, Frr, OpenBgpd
from lan import not_within, ok, wait
from speaker import Speaker, role

TCP_AO_ADD_KEY = 38
BIRD = """
router id %%(ip4)s;
protocol device {}
protocol static own { ipv4; route 45.%%(n)d.0.0/24 blackhole; route 45.%%(n)d.1.0/24 blackhole;
	route 45.%%(n)d.2.0/24 blackhole; }
protocol static more { disabled; ipv4; route 45.%%(n)d.3.0/24 blackhole; route 45.%%(n)d.4.0/24 blackhole;
	route 45.%%(n)d.5.0/24 blackhole; route 45.%%(n)d.6.0/24 blackhole; }
filter tell { if source != RTS_STATIC then reject; %s accept; }
protocol bgp rs4 { local %%(ip4)s as %%(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2; %s
	ipv4 { import all; export filter tell; }; }
"""
SESSION = '{id: s%d, address: 10.99.0.%d, families: [ipv4], passive: no, connect_retry_s: 1, %s}'
STRICT = "policy: {role: strict}"
SECURE_FRR = Frr.text.replace(" neighbor 10.99.0.1 timers", " neighbor 10.99.0.1 ttl-security hops 1\n neighbor 10.99.0.1 timers")
ROLE_OPENBGPD = OpenBgpd.text.replace("	announce IPv6", "	announce policy rs-client\n	announce IPv6")


def bird(n, options="", dress="", session="add_path: off", extra=""):
    return Bird(n, BIRD % (dress, options), [SESSION % (n, n, session)], extra)


def down_with(member, text):
    return "Established" not in member.state() and text in member.state()


def roles(hub, client, leaker, mistaken, strict, silent, openbgpd, leaving):
    if not ok(wait(lambda: hub.up("s11", "s12", "s14", "s16"), 20), "BIRD comes up as a client of the route server, OpenBGPD too",
              hub.say("show", "members")):
        return
    ok(wait(lambda: "BGP.otc: 64500" in client.ask("show", "route", "all", "for", "45.16.0.0"), 10),
       "what BIRD hears has OTC with the hub's number", client.ask("show", "route", "all"))
    ok(wait(lambda: openbgpd.has("45.11.0.0/24"), 10), "and OpenBGPD hears BIRD's")
    ok(wait(lambda: hub.refused("45.12.0.0/24").get(leaker.asn), 10) and
       any("leak" in one or "OTC" in one for one in hub.refused("45.12.0.0/24")[leaker.asn]),
       "a route with OTC from a client is refused as a leak", hub.ask("show", "filtered"))
    ok(not client.has("45.12.0.0/24") and not openbgpd.has("45.12.0.0/24"), "and nobody hears it")
    ok("role" in mistaken.state().lower() and not hub.up("s13"), "a peer by its role is refused for that", mistaken.state())
    ok(hub.up("s14") and strict.has("45.11.0.0/24"), "where roles are required, BIRD with one is up")
    ok("role" in silent.state().lower() and not hub.up("s15"), "and BIRD without one is not", silent.state())
    leaving.connect()
    ok(wait(lambda: leaving.notification, 5) and leaving.notification[:2] == (2, 11), "the reason is said: role mismatch",
       leaving.notification)


def hops(hub, speaker):
    ok(wait(lambda: hub.up("s21", "s22"), 20), "BIRD and FRR come up with TTL security", hub.say("show", "members"))
    speaker.connect(ttl=64)
    ok(not_within(lambda: speaker.up, 3), "who might be further away does not")
    speaker.close()
    speaker.connect(ttl=255)
    ok(wait(lambda: speaker.up, 10), "who is on the LAN does", hub.session("s23"))


def authentication():
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.IPPROTO_TCP, TCP_AO_ADD_KEY, b"\0" * 280)
        except OSError as why:
            if why.errno == 92:
                lan.skip("TCP-AO", "this kernel does not have it")
                return
    lan.skip("TCP-AO", "none of these daemons speaks it")


def limits(hub, again, stays, blocks, warned, observer):
    every = (again, stays, blocks, warned)
    idents = ["s%d" % one.n for one in every]
    ok(wait(lambda: hub.up(*idents) and all(observer.has("45.%d.2.0/24" % one.n) for one in every), 20),
       "four members with limits of five prefixes have three each")
    for one in every:
        one.ask("enable", "more")
    for one, what in ((again, "restart"), (stays, "shutdown")):
        ok(wait(lambda: "Maximum number of prefixes" in one.state(), 5), "%s: BIRD is told why it is closed" % what, one.state())
        ok(wait(lambda: not observer.has("45.%d.0.0/24" % one.n), 5), "and its routes are gone")
        one.ask("disable", "more")
    ok(wait(lambda: hub.up(idents[0]), 15), "restart: it comes back by itself", hub.session(idents[0]))
    ok(not hub.up(idents[1]), "shutdown: it does not", hub.session(idents[1]))
    hub.say("member", str(stays.asn), "up")
    ok(wait(lambda: hub.up(idents[1]) and observer.has("45.%d.0.0/24" % stays.n), 15), "until the operator wants that",
       hub.session(idents[1]))

    def heard(one):
        return sum(bool(observer.has("45.%d.%d.0/24" % (one.n, i))) for i in range(7))
    ok(wait(lambda: heard(blocks) == 5, 5) and hub.up(idents[2]), "block: five are heard, and the session is up", heard(blocks))
    over = [one for one in hub.ask("show", "filtered").get("routes", []) if one["member_asn"] == blocks.asn]
    ok(len(over) == 2 and all("prefix" in reason["reason"] for one in over for reason in one["reasons"]),
       "the other two are shown, with the reason", over)
    blocks.ask("disable", "own")
    ok(wait(lambda: heard(blocks) == 4 and observer.has("45.%d.6.0/24" % blocks.n), 10), "and come when there is room",
       heard(blocks))
    ok(wait(lambda: heard(warned) == 7, 5) and hub.up(idents[3]), "warn: all are heard", heard(warned))
    with open(hub.directory + "/sarai.log", encoding="utf-8") as log:
        ok(any("s%d " % warned.n in line and "of at most 5" in line for line in log), "and the log warns")


def texts(hub, one, frr):
    hub.say("member", str(one.asn), "down", "cable work at noon")
    ok(wait(lambda: "cable work at noon" in one.state(), 5), "BIRD shows the words of an operator's shutdown", one.state())
    hub.say("member", str(one.asn), "up")
    hub.say("member", str(frr.asn), "down", "new optics")
    ok(wait(lambda: "new optics" in frr.ask("show bgp neighbors 10.99.0.1 json"), 5), "and so does FRR",
       frr.ask("show bgp neighbors 10.99.0.1 json"))
    hub.say("member", str(frr.asn), "up")
    ok(wait(lambda: hub.up("s11", "s22"), 20), "both come back")
    one.ask("disable", "rs4", '"moving house"')
    ok(wait(lambda: "moving house" in json.dumps(hub.session("s11")), 5), "the hub shows BIRD's words", hub.session("s11"))
    frr.ask("configure terminal", "router bgp %d" % frr.asn, "neighbor 10.99.0.1 shutdown message moving racks")
    ok(wait(lambda: "moving racks" in json.dumps(hub.session("s22")), 5), "and FRR's", hub.session("s22"))


def checks(directory):
    client = bird(11, "local role rs_client;")
    leaker = bird(12, dress="bgp_otc = 64999;")
    mistaken = bird(13, "local role peer;")
    strict, silent = bird(14, "local role rs_client; require roles on;", extra=STRICT), bird(15, extra=STRICT)
    openbgpd = OpenBgpd(16, ROLE_OPENBGPD)
    secure = bird(21, "ttl security on;", session="ttl_security: 1")
    frr = Frr(22, SECURE_FRR, [SESSION % (22, 22, "ttl_security: 1")])
    near = Speaker(23)
    near.sessions = ['{id: s23, address: 10.99.0.23, families: [ipv4], ttl_security: 1}']
    limit = "max_prefixes_ipv4: 5, max_prefixes_restart_s: 4, max_prefixes_action: "
    limited = [bird(31 + i, session=limit + action) for i, action in enumerate(("restart", "shutdown", "block", "warn"))]
    observer, wrong = Speaker(41), Speaker(42, role(4))
    daemons = [client, leaker, mistaken, strict, silent, openbgpd, secure, frr] + limited
    lan.lay_lan(daemons + [near, observer, wrong])
    hub = lan.Hub(directory, daemons + [near, observer, wrong])
    if not hub.begin():
        return
    for one in daemons:
        one.begin(directory)
    observer.connect()
    ok(wait(lambda: observer.up, 5), "an observer is there")
    time.sleep(2)
    roles(hub, client, leaker, mistaken, strict, silent, openbgpd, wrong)
    hops(hub, near)
    authentication()
    limits(hub, *limited, observer)
    texts(hub, client, frr)


lan.enter()
lan.play(checks)
