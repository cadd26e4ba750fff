#!/usr/bin/env python3
"""Rules about traffic (RFC 8955, RFC 8956) that GoBGP and BIRD say and that BIRD, FRR and GoBGP hear: what is passed on, what
is refused and why, who is spared, and what happens when a route, a session or the hub file goes. Prints TAP."""
import json
import os
import re

import lan
from daemons import Bird, Frr, GoBgp
from lan import ok, wait

GOBGP, BIRD, FRR, DEAF = 11, 12, 13, 14
ROAS = {"roas": [{"asn": "AS%d" % (64600 + n), "prefix": "%d.%d.0.0/16" % (45, n), "maxLength": 24, "ta": "test"}
                 for n in (GOBGP, BIRD, FRR, DEAF)]
        + [{"asn": "AS64611", "prefix": "2a00:11::/32", "maxLength": 48, "ta": "test"}]}
BOTH = '{id: s%d, address: %s, families: [ipv4, ipv6], flowspec: yes, passive: no, connect_retry_s: 2}'
FOUR = '{id: s%d, address: %s, families: [ipv4], flowspec: yes, passive: no, connect_retry_s: 2}'

GOBGP_TEXT = """
global:
  config: {as: %(asn)d, router-id: %(ip4)s}
neighbors:
  - config: {neighbor-address: 10.99.0.1, peer-as: 64500}
    timers: {config: {connect-retry: 2, idle-hold-time-after-reset: 2}}
    afi-safis:
      - config: {afi-safi-name: ipv4-unicast}
      - config: {afi-safi-name: ipv6-unicast}
      - config: {afi-safi-name: ipv4-flowspec}
      - config: {afi-safi-name: ipv6-flowspec}
"""

# The last rule is about an address of GoBGP's, so it is refused; the one before asks that FRR not be told.
BIRD_TEXT = """
router id %(ip4)s;
flow4 table flows4;
flow6 table flows6;
protocol device {}
protocol static own { ipv4; route 45.%(n)d.0.0/24 blackhole; }
protocol static rules { flow4;
	route flow4 { dst 45.%(n)d.0.7/32; proto = 17; sport = 123; length > 468; }
		{ bgp_ext_community.add((generic, 0x80060000, 0x49742400)); };
	route flow4 { dst 45.%(n)d.0.8/32; tcp flags 0x02/0x12; fragment !is_fragment; }
		{ bgp_ext_community.add((generic, 0x80060000, 0x0)); };
	route flow4 { dst 45.%(n)d.0.9/32; icmp type = 8; }
		{ bgp_ext_community.add((generic, 0x80060000, 0x0)); bgp_community.add((0, 64613)); };
	route flow4 { dst 45.11.0.9/32; proto = 17; }
		{ bgp_ext_community.add((generic, 0x80060000, 0x0)); };
}
protocol bgp rs4 { local %(ip4)s as %(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2;
	ipv4 { import all; export where source = RTS_STATIC; };
	ipv6 { import all; export none; };
	flow4 { import all; export where source = RTS_STATIC; };
	flow6 { import all; export none; }; }
"""

FRR_TEXT = Frr.text + """ address-family ipv4 flowspec
  neighbor 10.99.0.1 activate
 exit-address-family
"""


class Rules:
    """What of each daemon's rules is looked at: a sorted list of texts."""

    @staticmethod
    def bird(bird, family="flow4"):
        text = bird.ask("show", "route", "table", "flows4" if family == "flow4" else "flows6", "protocol", "rs4")
        return sorted(re.sub(r"\s+", " ", one) for one in re.findall(r"(flow[46] \{[^}]*\})", text))

    @staticmethod
    def gobgp(gobgp, family="ipv4-flowspec"):
        text = gobgp.ask("global", "rib", "-a", family)
        return sorted(re.sub(r"^\S+ +", "", line) for line in text.splitlines() if " 64612 " in line)

    @staticmethod
    def frr(frr):
        text = frr.ask("show bgp ipv4 flowspec detail")
        return sorted(" ".join(one.split()) for one in re.split(r"BGP flowspec entry:", text)[1:])


def add(gobgp, *words, family="ipv4-flowspec"):
    return gobgp.ask("global", "rib", "add", "-a", family, "match", *words)


def remove(gobgp, *words, family="ipv4-flowspec"):
    return gobgp.ask("global", "rib", "del", "-a", family, "match", *words)


def shown(hub, *words):
    """What the hub says of each rule, by its text: of the one that holds, where another member sends it back, refused."""
    rules = hub.ask("show", "flowspec", *words).get("rules", [])
    return {one["rule"]: one for one in sorted(rules, key=lambda one: not one.get("refused", False))}


def heard_by(hub, rule):
    return sorted(one["asn"] for one in shown(hub).get(rule, {}).get("heard_by", []))


DNS = "dst 45.11.0.0/24; proto = 17; sport = 53"
SYN = "dst 45.11.0.5/32; proto = 6; dport >= 80 && <= 443 || = 8080"


def passed_on(hub, gobgp, bird, frr):
    add(gobgp, "destination", "45.11.0.0/24", "protocol", "udp", "source-port", "==53", "then", "discard")
    add(gobgp, "destination", "45.11.0.5/32", "protocol", "tcp", "destination-port", ">=80&<=443 ==8080", "then",
        "rate-limit", "125000")
    add(gobgp, "destination", "2a00:11::/48", "protocol", "udp", "then", "discard", family="ipv6-flowspec")
    ok(wait(lambda: heard_by(hub, DNS) == [64612, 64613]), "a rule of GoBGP's goes to those who want rules, and to nobody else",
       hub.say("show", "flowspec"))
    rules = shown(hub)
    ok(rules[DNS]["action"]["drop"] and rules[DNS]["from"]["asn"] == 64611 and not rules[DNS]["refused"],
       "and what it asks for is shown", rules[DNS])
    ok(SYN in rules and rules[SYN]["action"].get("octets_per_s") == 125000, "a limit, too", rules)
    ok(wait(lambda: len(Rules.bird(bird)) == 2), "BIRD has both", bird.ask("show", "route", "all", "table", "flows4"))
    ok(Rules.bird(bird)[0] == "flow4 { dst 45.11.0.0/24; proto 17; sport 53; }", "as they were said", Rules.bird(bird))
    ok("8006" in bird.ask("show", "route", "all", "table", "flows4") and "BGP.as_path: 64611\n" in
       bird.ask("show", "route", "all", "table", "flows4"), "with the action and GoBGP's path",
       bird.ask("show", "route", "all", "table", "flows4"))
    ok(wait(lambda: Rules.bird(bird, "flow6") == ["flow6 { dst 2a00:11::/48; next header 17; }"]), "IPv6 likewise",
       bird.ask("show", "route", "all", "table", "flows6"))
    ok(wait(lambda: len([one for one in Rules.frr(frr) if "45.11.0" in one]) == 2), "and FRR has them",
       frr.ask("show bgp ipv4 flowspec detail"))
    ok(not [one for one in Rules.gobgp(gobgp) if "45.11." in one], "GoBGP does not hear its own again")


def of_bird(hub, gobgp, frr):
    def seen():
        return [one for one in Rules.gobgp(gobgp) if "45.12." in one]
    ok(wait(lambda: len(seen()) == 3), "GoBGP has BIRD's rules", gobgp.ask("global", "rib", "-a", "ipv4-flowspec"))
    text = gobgp.ask("global", "rib", "-a", "ipv4-flowspec")
    ok("[destination: 45.12.0.7/32][protocol: ==udp][source-port: ==123][packet-length: >468]" in text, "as they were said", text)
    ok(wait(lambda: len([one for one in Rules.frr(frr) if "45.12." in one]) == 2), "FRR has those that are for it",
       frr.ask("show bgp ipv4 flowspec detail"))
    ok(heard_by(hub, "dst 45.12.0.9/32; icmp type = 8") == [64611], "a community says who is not to have one",
       hub.say("show", "flowspec"))


def refused(hub, gobgp, bird, frr):
    rule = shown(hub).get("dst 45.11.0.9/32; proto = 17", {})
    reasons = [one["reason"] for one in rule.get("reasons", [])]
    ok(rule.get("refused") and "destination is not the member's address space" in reasons
       and "traffic to the destination does not go to the member" in reasons,
       "BIRD's rule about an address of GoBGP's is refused, with all reasons", rule)
    ok(not rule.get("heard_by"), "and goes to nobody")
    ok("  mend" in hub.say("show", "flowspec", "from", "64612"), "what would mend it is said", hub.say("show", "flowspec"))
    cases = (
        (("destination", "45.0.0.0/8", "protocol", "udp", "then", "discard"), "destination too wide"),
        (("protocol", "udp", "then", "discard"), "no destination"),
        (("destination", "45.11.0.6/32", "then", "redirect", "64611:1"), "redirects traffic"),
        (("destination", "45.11.0.6/32", "protocol", "tcp", "then", "mark", "10"),
         "asks for something that rules may not ask for here"),
    )
    for words, reason in cases:
        add(gobgp, *words)
        found = wait(lambda: [one for one in shown(hub).values() if reason in [why["reason"] for why in one["reasons"]]], 5)
        ok(found and found[0]["refused"] and not found[0]["heard_by"], "refused: " + reason, hub.say("show", "flowspec"))
        remove(gobgp, *words)
    ok(len([one for one in Rules.bird(bird) if "45.11." in one]) == 2, "none of these reached anybody", Rules.bird(bird))


def changes(hub, gobgp, bird, frr):
    remove(gobgp, "destination", "45.11.0.0/24", "protocol", "udp", "source-port", "==53", "then", "discard")
    ok(wait(lambda: len(Rules.bird(bird)) == 1 and DNS not in shown(hub)), "a rule that is withdrawn goes everywhere",
       Rules.bird(bird))
    gobgp.ask("global", "rib", "del", "-a", "ipv4", "45.11.0.0/24")
    ok(wait(lambda: not Rules.bird(bird) and shown(hub).get(SYN, {}).get("refused")),
       "without the route to it a rule no longer holds", hub.say("show", "flowspec"))
    gobgp.add("45.11.0.0/24")
    ok(wait(lambda: len(Rules.bird(bird)) == 1), "and with the route it does again", hub.say("show", "flowspec"))
    hub.members[0].extra = "policy: {flowspec: {announce: no}}"
    hub.apply()
    ok(wait(lambda: not Rules.bird(bird)), "another hub file takes a member's rules back", hub.say("show", "flowspec"))
    ok(hub.up("s11", "s12", "s13"), "and no session ends for it")
    hub.members[0].extra = ""
    hub.apply()
    ok(wait(lambda: len(Rules.bird(bird)) == 1), "or lets them out again")
    bird.ask("reload", "in", "rs4")
    ok(wait(lambda: len(Rules.bird(bird)) == 1) and hub.up("s12"), "BIRD asks for all rules again, and gets them")
    gobgp.kill()
    ok(wait(lambda: not Rules.bird(bird) and not [one for one in Rules.frr(frr) if "45.11." in one]),
       "with the session its rules go", Rules.bird(bird))


def counted(hub, bird, frr):
    metrics = hub.say("metrics", "exchange")
    accepted = re.search(r'sarai_flowspec_rules\{state="accepted"\} (\d+)', metrics)
    ok(accepted and int(accepted.group(1)) == 3, "rules are counted", metrics[metrics.index("# HELP sarai_flowspec"):])
    reflected = shown(hub, "from", "64613").values()
    ok(reflected and all(one["refused"] and not one["heard_by"] for one in reflected),
       "what FRR says again of others' rules is refused", hub.say("show", "flowspec", "from", "64613"))
    frr.ask("configure terminal", "route-map nothing deny 10", "router bgp 64613", "address-family ipv4 flowspec",
            "neighbor 10.99.0.1 route-map nothing out")
    ok(wait(lambda: not shown(hub, "from", "64613")) and len(Rules.frr(frr)) == 2, "unless it is told not to say it",
       hub.say("show", "flowspec", "from", "64613"))
    ok("established" in bird.state().lower(), "BIRD's session is as it was")


def checks(directory):
    vrps = os.path.join(directory, "vrps.json")
    with open(vrps, "w", encoding="ascii") as out:
        json.dump(ROAS, out)
    gobgp = GoBgp(GOBGP, GOBGP_TEXT, [BOTH % (GOBGP, "10.99.0.11")])
    bird = Bird(BIRD, BIRD_TEXT, [BOTH % (BIRD, "10.99.0.12")])
    frr = Frr(FRR, FRR_TEXT, [FOUR % (FRR, "10.99.0.13")])
    deaf = Bird(DEAF)
    members = [gobgp, bird, frr, deaf]
    lan.lay_lan(members)
    hub = lan.Hub(directory, members, "validation: {vrp_files: [%s]}\npolicy: {allow_asns: [64496-65534], "
                  "flowspec: {announce: yes}}" % vrps)
    if not hub.begin():
        return
    for member in members:
        member.begin(directory)
    ok(wait(lambda: hub.up("s11", "s12", "s13", "s14")), "everybody is up", hub.say("show", "members"))
    gobgp.add("45.11.0.0/24")
    gobgp.ask("global", "rib", "add", "-a", "ipv6", "2a00:11::/48", "nexthop", gobgp.ip6)
    ok(wait(lambda: deaf.has("45.11.0.0/24") and deaf.has("45.12.0.0/24")), "routes are there")
    passed_on(hub, gobgp, bird, frr)
    of_bird(hub, gobgp, frr)
    refused(hub, gobgp, bird, frr)
    changes(hub, gobgp, bird, frr)
    counted(hub, bird, frr)


lan.enter()
lan.play(checks)
