#!/usr/bin/env python3
"""What members ask for with communities, set by BIRD, FRR, OpenBGPD and GoBGP in all three forms and seen by the others;
blackholes, graceful shutdown; and what the registries say of BIRD's routes, which changes. Prints TAP."""
import json
import socket
import sys

import lan
from daemons import Bird, Frr, GoBgp, OpenBgpd
from lan import ok, wait

WHOIS = 4343
HOLE = "10.99.0.66"
TOP = """
blackhole: {ipv4: %s}
irr: {host: 127.0.0.1, port: %d, timeout_s: 5}
policy: {allow_asns: [64496-65534], irr: {longer: yes}, blackhole: {announce: yes, ipv4_min: 32}}
""" % (HOLE, WHOIS)
NO_EXPORT, BLACKHOLE, GRACEFUL_SHUTDOWN = "65535:65281", "65535:666", "65535:0"

# What is asked for: standard, extended (route target) and large communities; %T is the AS number of one other member.
# Then who gets it, how often the AS is prepended for that member and for others, and whether with NO_EXPORT, likewise.
CASES = (
    ("nothing", "", "", "", (True, True), (0, 0), (False, False)),
    ("not to one", "0:%T", "", "", (False, True), (0, 0), (False, False)),
    ("not to one, extended", "", "0:%T", "", (False, True), (0, 0), (False, False)),
    ("not to one, large", "", "", "64500:0:%T", (False, True), (0, 0), (False, False)),
    ("to one only", "0:64500 64500:%T", "", "", (True, False), (0, 0), (False, False)),
    ("to one only, in two forms", "", "64500:%T", "64500:0:0", (True, False), (0, 0), (False, False)),
    ("once to one", "65511:%T", "", "", (True, True), (1, 0), (False, False)),
    ("thrice to one, extended", "", "65513:%T", "", (True, True), (3, 0), (False, False)),
    ("twice to all, not to one", "", "", "64500:102:0 64500:100:%T", (True, True), (0, 2), (False, False)),
    ("NO_EXPORT to one", "65281:%T", "", "", (True, True), (0, 0), (True, False)),
    ("NO_EXPORT to all", "", "", "64500:65281:0", (True, True), (0, 0), (True, True)),
)


def forms(member, case):
    """Standard, extended and large communities of a case, as words."""
    return [text.replace("%T", str(member.target)).split() for text in case[1:4]]


def prefix_of(member, number):
    return "45.%d.%d.0/24" % (member.n, number)


def hole_of(member):
    return "45.%d.99.9/32" % member.n


def bird_text(member):
    dress = ""
    for number, case in enumerate(CASES):
        adds = ""
        for kind, words in zip(("bgp_community.add((%s));", "bgp_ext_community.add((rt, %s));", "bgp_large_community.add((%s));"),
                               forms(member, case)):
            adds += "".join(kind % word.replace(":", ", ") for word in words)
        dress += "\tif net = %s then { %s }\n" % (prefix_of(member, number), adds)
    dress += "\tif net ~ [ 45.0.0.0/8{32,32} ] && net != 45.11.98.9/32 then bgp_community.add((65535, 666));\n"
    dress += "\tif net = 45.60.0.0/24 then bgp_community.add((65535, 0));\n"
    every = [prefix_of(member, i) for i in range(len(CASES))] + [hole_of(member), "45.11.98.9/32", "45.12.98.9/32"]
    every += ["45.50.0.0/24", "45.60.0.0/24"]
    return """
router id %%(ip4)s;
protocol device {}
protocol static own { ipv4; %s }
filter dress {
	if source != RTS_STATIC then reject;
%s	accept;
}
protocol bgp rs4 { local %%(ip4)s as %%(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1;
	ipv4 { import all; export filter dress; }; }
""" % (" ".join("route %s blackhole;" % one for one in every), dress)


def frr_text(member):
    networks, maps = "", ""
    for number, case in enumerate(CASES):
        networks += "  network %s route-map case%d\n" % (prefix_of(member, number), number)
        maps += "route-map case%d permit 10\n" % number
        for kind, words in zip((" set community %s\n", " set extcommunity rt %s\n", " set large-community %s\n"),
                               forms(member, case)):
            maps += kind % " ".join(words) if words else ""
    networks += "  network %s route-map hole\n  network 45.60.0.0/24 route-map longer\n" % hole_of(member)
    maps += "route-map hole permit 10\n set community 65535:666\nroute-map longer permit 10\n set as-path prepend 64612 64612\n"
    return Frr.text.replace("  network 45.%(n)d.0.0/24\n", networks) + maps


def openbgpd_text(member):
    networks = "network %s set community 65535:666\n" % hole_of(member)
    for number, case in enumerate(CASES):
        sets = []
        for kind, words in zip(("community ", "ext-community rt ", "large-community "), forms(member, case)):
            sets += [kind + word for word in words]
        networks += "network %s%s\n" % (prefix_of(member, number), " set { %s }" % " ".join(sets) if sets else "")
    return OpenBgpd.text.replace("network 45.%(n)d.0.0/24\n", networks)


def gobgp_routes(member):
    for number, case in enumerate(CASES):
        standard, extended, large = forms(member, case)
        dress = ["community", ",".join(standard)] if standard else []
        dress += ["rt"] + extended if extended else []
        dress += ["large-community", ",".join(large)] if large else []
        member.add(prefix_of(member, number), *dress)
    member.add(hole_of(member), "community", "65535:666")


def as_it_should_be(case, member, other, seen):
    """One case, as `other` sees it."""
    which = 0 if other.asn == member.target else 1
    if not case[4][which]:
        return not seen
    if not seen:
        return False
    path = " ".join([str(member.asn)] * (1 + case[5][which]))
    wanted = [NO_EXPORT] if case[6][which] else []
    return (seen["path"] == path and seen["communities"] == wanted and not seen["large"]
            and not [one for one in seen["extended"] if "rt" in str(one).lower()] and seen["next hop"] == member.ip4)


def asked_for(members):
    for member in members:
        for other in members:
            if other is member:
                continue
            wrong = []
            for number, case in enumerate(CASES):
                if not wait(lambda: as_it_should_be(case, member, other, other.has(prefix_of(member, number))), 5):
                    wrong.append("%s: %s" % (case[0], other.has(prefix_of(member, number))))
            ok(not wrong, "%s has %s's routes as their communities say" % (other.name, member.name), "\n".join(wrong))


def holes(hub, members):
    for member in members:
        for other in members:
            if other is member:
                continue

            def hears():
                seen = other.has(hole_of(member))
                return seen and seen["next hop"] == HOLE and set(seen["communities"]) == {BLACKHOLE, NO_EXPORT}
            ok(wait(hears, 5), "%s has the host that %s wants blackholed, with the hub's next hop and NO_EXPORT"
               % (other.name, member.name), other.paths(hole_of(member)))
    ok(hub.refused("45.11.98.9/32").get(64611), "a host is too long where no blackhole is asked for")
    ok(any("blackhole" in one for one in hub.refused("45.12.98.9/32").get(64611, [])), "and one of somebody else's is refused",
       hub.refused("45.12.98.9/32"))


def shutdown(frr, gobgp, openbgpd):
    for other in (gobgp, openbgpd):
        ok(wait(lambda: other.has("45.60.0.0/24") and other.has("45.60.0.0/24")["path"] == "64612 64612 64612", 5),
           "%s has the longer path, for the other has GRACEFUL_SHUTDOWN" % other.name, other.paths("45.60.0.0/24"))
    frr.ask("configure terminal", "router bgp 64612", "address-family ipv4 unicast", "no network 45.60.0.0/24")
    for other in (gobgp, openbgpd):
        ok(wait(lambda: other.has("45.60.0.0/24") and other.has("45.60.0.0/24")["path"] == "64611", 10),
           "and %s that one, when there is no other" % other.name, other.paths("45.60.0.0/24"))
    ok(gobgp.has("45.60.0.0/24")["communities"] == [GRACEFUL_SHUTDOWN], "which it can see", gobgp.paths("45.60.0.0/24"))


def registries(hub, others, routes, write):
    """BIRD's 45.50.0.0/24, which nobody has registered yet."""
    flaps = hub.session("s11")["flaps"]
    ok(any("route object" in one for one in hub.refused("45.50.0.0/24").get(64611, [])),
       "what is not registered is refused", hub.refused("45.50.0.0/24"))
    ok(not any(other.has("45.50.0.0/24") for other in others), "and with nobody")
    routes["AS64611"].append("45.50.0.0/24")
    write()
    hub.say("registry", "refresh", "64611")
    for other in others:
        ok(wait(lambda: other.has("45.50.0.0/24"), 15), "registered, it is with %s" % other.name, hub.say("show", "registry"))
    routes["AS64611"].remove("45.50.0.0/24")
    write()
    hub.say("registry", "refresh", "64611")
    ok(wait(lambda: not any(other.has("45.50.0.0/24") for other in others), 15), "and gone when it is not any more")
    ok(all(other.has("45.11.0.0/24") for other in others) and hub.session("s11")["flaps"] == flaps,
       "nothing else was touched", hub.session("s11"))


def whois_answers():
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", WHOIS)) == 0


def checks(directory):
    members = [Bird(11), Frr(12), OpenBgpd(13), GoBgp(14)]
    bird, frr, openbgpd, gobgp = members
    for number, member in enumerate(members):
        member.target = members[(number + 1) % 4].asn
    bird.text, frr.text, openbgpd.text = bird_text(bird), frr_text(frr), openbgpd_text(openbgpd)
    routes = {"AS%d" % one.asn: ["45.%d.0.0/16" % one.n, "45.60.0.0/24"] for one in members}

    def write():
        with open(directory + "/irr.json", "w", encoding="ascii") as out:
            json.dump({"sets": {}, "routes": routes}, out)
    write()
    lan.lay_lan(members)
    lan.start(directory + "/whois.log", sys.executable, "tests/live/irr_server.py", str(WHOIS), directory + "/irr.json",
              directory + "/asked")
    wait(whois_answers, 10)
    hub = lan.Hub(directory, members, TOP)
    if not hub.begin():
        return
    for one in members:
        one.begin(directory)
    gobgp_routes(gobgp)
    if not ok(wait(lambda: hub.up(*["s%d" % one.n for one in members]), 40), "all sessions are up", hub.say("show", "members")):
        return
    ok(wait(lambda: bird.has("45.14.0.0/24"), 20), "the registries have answered", hub.say("show", "registry"))
    asked_for(members)
    holes(hub, members)
    shutdown(frr, gobgp, openbgpd)
    registries(hub, [frr, openbgpd, gobgp], routes, write)


lan.enter()
lan.play(checks)
