#!/usr/bin/env python3
"""Several paths of a prefix (ADD-PATH, RFC 7911), IPv4 routes with IPv6 next hops (RFC 8950), messages of more than 4096 octets
(RFC 8654) and route refresh (RFC 2918, RFC 7313), with BIRD, FRR, GoBGP and OpenBGPD. Prints TAP."""
import time

import lan
from daemons import Bird, Frr, GoBgp, OpenBgpd
from lan import ok, wait
from speaker import (ENHANCED_REFRESH, EXTENDED_MESSAGES, EXTENDED_NEXT_HOP, IPV4, IPV6, REFRESH, Speaker, add_path)

SEVERAL = '{id: s%(n)d, address: 10.99.0.%(n)d, families: [ipv4], add_path: both, passive: no, connect_retry_s: 2}'
OVER_IPV6 = '{id: s%(n)d, address: "2001:db8:ffff::%(n)d", families: [ipv4, ipv6], passive: no, connect_retry_s: 2}'

BIRD_SEVERAL = """
router id %(ip4)s;
protocol device {}
protocol static one { ipv4 { preference 150; }; route 45.11.0.0/24 blackhole; route 45.11.1.0/24 blackhole; }
protocol static two { ipv4; route 45.11.0.0/24 blackhole; }
filter dress {
	if source != RTS_STATIC then reject;
	if proto = "two" then bgp_path.prepend(210002);
	accept;
}
filter take { bgp_local_pref = 100; accept; }
protocol bgp rs4 { local %(ip4)s as %(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; enable extended messages on;
	ipv4 { import filter take; export filter dress; add paths on; }; }
"""
FRR_SEVERAL = Frr.text + """
 address-family ipv4 unicast
  neighbor 10.99.0.1 soft-reconfiguration inbound
 exit-address-family
"""
GOBGP_SEVERAL = GoBgp.text.replace("{afi-safi-name: ipv4-unicast}", "{afi-safi-name: ipv4-unicast}, "
                                   "add-paths: {config: {receive: true, send-max: 8}}")
OPENBGPD_SEVERAL = OpenBgpd.text.replace("	announce IPv6", "	announce add-path recv yes\n	announce add-path send all\n"
                                         "	announce IPv6")
BIRD_OVER_IPV6 = """
router id %(ip4)s;
protocol device {}
protocol static own4 { ipv4; route 45.14.0.0/24 blackhole; route 45.14.1.0/25 blackhole; route 10.14.0.0/16 blackhole; }
protocol static own6 { ipv6; route 2a10:14::/32 blackhole; }
protocol bgp rs6 { local %(ip6)s as %(asn)d; neighbor 2001:db8:ffff::1 as 64500; connect delay time 1;
	ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
	ipv6 { import all; export where source = RTS_STATIC; }; }
"""
FRR_OVER_IPV6 = """
router bgp %(asn)d
 bgp router-id %(ip4)s
 no bgp ebgp-requires-policy
 no bgp enforce-first-as
 no bgp network import-check
 bgp disable-ebgp-connected-route-check
 no bgp default ipv4-unicast
 neighbor 2001:db8:ffff::1 remote-as 64500
 neighbor 2001:db8:ffff::1 timers connect 1
 neighbor 2001:db8:ffff::1 capability extended-nexthop
 address-family ipv4 unicast
  neighbor 2001:db8:ffff::1 activate
  network 45.15.0.0/24
 exit-address-family
 address-family ipv6 unicast
  neighbor 2001:db8:ffff::1 activate
  network 2a10:15::/32
 exit-address-family
"""


def paths_of(member, prefix):
    return sorted(one["path"] for one in member.paths(prefix))


def several_received(members, speakers, plain):
    """Three members announce one prefix; who speaks ADD-PATH holds three paths."""
    for one in speakers:
        one.announce("45.1.0.0/24", path=(210000 + one.n,))
    every = ["%d %d" % (one.asn, 210000 + one.n) for one in speakers]
    for member in members:
        ok(wait(lambda: paths_of(member, "45.1.0.0/24") == every, 15), "%s receives three paths of a prefix" % member.name,
           member.paths("45.1.0.0/24"))
    ok(wait(lambda: plain.has("45.1.0.0/24"), 5), "a member without ADD-PATH has one of them")
    speakers[1].withdraw("45.1.0.0/24")
    rest = [every[0], every[2]]
    for member in members:
        ok(wait(lambda: paths_of(member, "45.1.0.0/24") == rest, 15), "one is withdrawn, %s holds the other two" % member.name,
           member.paths("45.1.0.0/24"))
    speakers[0].withdraw("45.1.0.0/24")
    speakers[2].withdraw("45.1.0.0/24")
    ok(wait(lambda: not any(member.paths("45.1.0.0/24") for member in members) and not plain.has("45.1.0.0/24"), 15),
       "all are withdrawn, nobody holds any")


def several_sent(members, sender, plain):
    """One member announces several paths of a prefix."""
    sender.announce("45.2.0.0/24", ident=7, path=(210007,))
    sender.announce("45.2.0.0/24", ident=8, path=(210008, 210009))
    both = ["%d 210007" % sender.asn, "%d 210008 210009" % sender.asn]
    for member in members:
        ok(wait(lambda: paths_of(member, "45.2.0.0/24") == both, 15), "%s has both paths that one member sends" % member.name,
           member.paths("45.2.0.0/24"))
    ok(wait(lambda: plain.has("45.2.0.0/24") and plain.has("45.2.0.0/24").path == (sender.asn, 210007), 5),
       "without ADD-PATH one hears the shorter")
    sender.withdraw("45.2.0.0/24", ident=7)
    ok(wait(lambda: plain.has("45.2.0.0/24") and plain.has("45.2.0.0/24").path == (sender.asn, 210008, 210009), 5),
       "and the longer when that is withdrawn")
    bird, frr, gobgp, openbgpd = members
    ok(all(wait(lambda one=one: paths_of(one, "45.16.0.0/24") == ["64616"], 10) for one in (bird, frr, gobgp)),
       "what OpenBGPD sends with path identifiers is with the others", [one.paths("45.16.0.0/24") for one in members])
    mine = ["64611", "64611 210002"]
    others = (frr, gobgp, openbgpd)
    ok(wait(lambda: all(paths_of(one, "45.11.0.0/24") == mine for one in others), 15),
       "two paths that BIRD sends are with FRR, GoBGP and OpenBGPD", [one.paths("45.11.0.0/24") for one in others])
    bird.ask("disable", "one")
    ok(wait(lambda: all(paths_of(one, "45.11.0.0/24") == mine[1:] for one in others), 15),
       "BIRD withdraws one of them", [one.paths("45.11.0.0/24") for one in others])
    bird.ask("enable", "one")
    for ident, tail in (("1", "210021"), ("2", "210022")):
        gobgp.add("45.13.0.0/24", "identifier", ident, "aspath", tail)
    sent = ["64613 210021", "64613 210022"]
    others = (bird, frr, openbgpd)
    ok(wait(lambda: all(paths_of(one, "45.13.0.0/24") == sent for one in others), 15),
       "two paths that GoBGP sends are with BIRD, FRR and OpenBGPD", [one.paths("45.13.0.0/24") for one in others])


def next_hops(hub, bird, frr, six, plain):
    """IPv4 over a session of IPv6."""
    ok(wait(lambda: frr.has("45.14.0.0/24"), 15) and frr.has("45.14.0.0/24")["next hop"] == bird.ip6,
       "FRR has BIRD's IPv4 route with its IPv6 next hop", frr.paths("45.14.0.0/24"))
    ok(wait(lambda: bird.has("45.15.0.0/24"), 15) and bird.has("45.15.0.0/24")["next hop"] == frr.ip6,
       "BIRD has FRR's IPv4 route with its IPv6 next hop", bird.paths("45.15.0.0/24"))
    ok(wait(lambda: bird.has("2a10:15::/32") and frr.has("2a10:14::/32"), 15), "their IPv6 routes go by the same sessions")
    ok(not plain.has("45.14.0.0/24") and not plain.has("45.15.0.0/24"), "who cannot use such a next hop does not hear of it")
    ok(wait(lambda: bird.has("45.11.1.0/24"), 10) and bird.has("45.11.1.0/24")["next hop"] == "10.99.0.11",
       "an IPv4 next hop stays one on a session of IPv6", bird.paths("45.11.1.0/24"))
    six.announce("45.27.0.0/24", next_hop=six.ip6)
    six.announce("45.27.1.0/24", next_hop=bird.ip6)
    six.announce("45.27.2.0/24", next_hop=six.ip6, path=(64512, 23456))
    six.announce("45.27.3.0/24", next_hop=six.ip6, path=(174,))
    ok(wait(lambda: frr.has("45.27.0.0/24"), 10) and frr.has("45.27.0.0/24")["next hop"] == six.ip6, "a third one's comes too")
    for prefix, asn, word, what in (("45.14.1.0/25", bird.asn, "long", "a long prefix"),
                                    ("10.14.0.0/16", bird.asn, "", "a martian"),
                                    ("45.27.1.0/24", six.asn, "next hop", "another member's next hop"),
                                    ("45.27.2.0/24", six.asn, "AS", "a path with AS 23456"),
                                    ("45.27.3.0/24", six.asn, "transit", "a path with a transit-free network")):
        wait(lambda: hub.refused(prefix).get(asn), 5)
        reasons = hub.refused(prefix).get(asn, [])
        ok(any(word in one for one in reasons), "IPv4 checks hold there: %s" % what,
           hub.ask("show", "filtered"))
        ok(not frr.has(prefix), "and nobody hears it")


def large(sender, bird, frr, gobgp, plain):
    """1200 communities are 4800 octets: more than a message has without RFC 8654."""
    many = " ".join("64999:%d" % n for n in range(1200))
    sender.announce("45.25.0.0/24", communities=many)
    sender.announce("45.25.1.0/24")
    ok(wait(lambda: gobgp.has("45.25.1.0/24") and plain.has("45.25.1.0/24"), 10), "after a large route others come")
    ok(wait(lambda: frr.has("45.25.0.0/24"), 10) and len(frr.has("45.25.0.0/24")["communities"]) == 1200,
       "FRR takes extended messages, and has a route with 1200 communities", frr.paths("45.25.0.0/24"))
    ok(not frr.has("45.25.0.0/24")["large"], "to which the hub adds none", frr.has("45.25.0.0/24")["large"])
    ok(wait(lambda: bird.has("45.25.0.0/24"), 10) and "64999:0" in bird.has("45.25.0.0/24")["communities"], "BIRD too",
       bird.paths("45.25.0.0/24"))
    ok(not gobgp.has("45.25.0.0/24") and not plain.has("45.25.0.0/24"), "those who do not are not told of it")
    sender.announce("45.25.1.0/24", communities=many)
    ok(wait(lambda: not gobgp.has("45.25.1.0/24") and not plain.has("45.25.1.0/24"), 10),
       "a route that has grown too large is withdrawn from them")
    sender.announce("45.25.1.0/24")
    ok(wait(lambda: gobgp.has("45.25.1.0/24") and plain.has("45.25.1.0/24"), 10), "and comes again when it has shrunk")


def refresh(sender, bird, frr, plain):
    """Asked for by members, and marked by them."""
    begin = len(plain.history)
    held = set(plain.routes)
    plain.refresh(IPV4)
    ok(wait(lambda: len(plain.refreshes) >= 2, 5) and [one[:2] for one in plain.refreshes] == [(IPV4, 1), (IPV4, 2)],
       "a refresh is marked at its beginning and end", plain.refreshes)
    told = {one[2] for one in plain.history[begin:] if one[1] == "announced"}
    ok(told == held and not [one for one in plain.history[begin:] if one[1] == "withdrawn"], "and has every route between them",
       held ^ told)
    bird.reconfigure(BIRD_SEVERAL.replace("bgp_local_pref = 100", "bgp_community.add((64611, 77)); bgp_local_pref = 100"))
    ok(wait(lambda: "64611:77" in (bird.has("45.25.1.0/24") or {"communities": []})["communities"], 10),
       "BIRD's new import policy gets all routes again", bird.paths("45.25.1.0/24"))
    ok(bird.has("45.12.0.0/24") and bird.has("45.25.0.0/24"), "none is missing after it")
    since = time.monotonic()
    bird.ask("reload", "out", "rs4")
    time.sleep(1)
    ok(not plain.withdrawals(since), "BIRD tells all its routes again, and nobody sees one go", plain.withdrawals(since))
    bird.reconfigure(BIRD_SEVERAL.replace("if source != RTS_STATIC", "if source != RTS_STATIC || net = 45.11.1.0/24"))
    ok(wait(lambda: not plain.has("45.11.1.0/24") and plain.has("45.11.0.0/24"), 10), "what its new export policy forbids goes")
    frr.ask("configure terminal", "router bgp 64612", "address-family ipv4 unicast",
            "no neighbor 10.99.0.1 soft-reconfiguration inbound", "neighbor 10.99.0.1 route-map tag in", "exit", "exit",
            "route-map tag permit 10", "set large-community 64612:7:7 additive")
    frr.ask("clear bgp ipv4 unicast 10.99.0.1 soft in")
    ok(wait(lambda: "64612:7:7" in (frr.has("45.11.0.0/24") or {"large": []})["large"], 10),
       "FRR's new import policy gets all routes again", frr.paths("45.11.0.0/24"))
    ok(frr.has("45.25.0.0/24") and frr.has("45.25.1.0/24"), "none is missing after it")
    since = time.monotonic()
    frr.ask("clear bgp ipv4 unicast 10.99.0.1 soft out")
    sender.refresh(IPV4, 1)
    sender.announce("45.25.1.0/24")
    time.sleep(1)
    ok(not plain.withdrawals(since), "routes stay while a member's refresh goes on", plain.withdrawals(since))
    sender.refresh(IPV4, 2)
    ok(wait(lambda: not bird.has("45.25.0.0/24"), 10) and bird.has("45.25.1.0/24"),
       "and what was not told again is gone at its end")


def checks(directory):
    bird, frr = Bird(11, BIRD_SEVERAL, [SEVERAL % {"n": 11}]), Frr(12, FRR_SEVERAL, [SEVERAL % {"n": 12}])
    gobgp = GoBgp(13, GOBGP_SEVERAL, [SEVERAL % {"n": 13}])
    bird6, frr6 = Bird(14, BIRD_OVER_IPV6, [OVER_IPV6 % {"n": 14}]), Frr(15, FRR_OVER_IPV6, [OVER_IPV6 % {"n": 15}])
    openbgpd = OpenBgpd(16, OPENBGPD_SEVERAL, [SEVERAL % {"n": 16}])
    daemons = [bird, frr, gobgp, openbgpd, bird6, frr6]
    trio = [Speaker(n) for n in (21, 22, 23)]
    sender = Speaker(24, add_path(IPV4, 2))
    sender.sessions = [SEVERAL % {"n": 24}]
    big = Speaker(25, EXTENDED_MESSAGES, REFRESH, ENHANCED_REFRESH)
    plain = Speaker(26, REFRESH, ENHANCED_REFRESH)
    six = Speaker(27, EXTENDED_NEXT_HOP, afis=(IPV4, IPV6), six=True)
    speakers = trio + [sender, big, plain, six]
    lan.lay_lan(daemons + speakers)
    hub = lan.Hub(directory, daemons + speakers)
    if not hub.begin():
        return
    for one in daemons:
        one.begin(directory)
    for one in speakers:
        one.connect()
    everybody = ["s%d" % one.n for one in daemons + speakers]
    if not ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members")):
        return
    several_received([bird, frr, gobgp, openbgpd], trio, plain)
    several_sent([bird, frr, gobgp, openbgpd], sender, plain)
    next_hops(hub, bird6, frr6, six, plain)
    large(big, bird, frr, gobgp, plain)
    refresh(big, bird, frr, plain)
    ok(hub.up(*everybody), "all sessions are still up", hub.say("show", "members"))


lan.enter()
lan.play(checks)
