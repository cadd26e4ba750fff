#!/usr/bin/env python3
"""SR policies by BGP (RFC 9830): GoBGP hears those of the hub file and of the operator, hears when they change and go, and a
neighbour without the family hears none; tshark reads all that was sent. Prints TAP."""
import base64
import json
import os
import signal

import lan
from daemons import GoBgp
from lan import ok, wait

HEADEND, DEAF = 11, 12
SESSION = '{id: s%d, address: %s, families: [ipv4], sr_policy: yes, passive: no, connect_retry_s: 2}'
GOBGP_TEXT = GoBgp.text.replace("afi-safis: [{config: {afi-safi-name: ipv4-unicast}}]", """
    afi-safis:
      - config: {afi-safi-name: ipv4-unicast}
      - config: {afi-safi-name: ipv4-srpolicy}
      - config: {afi-safi-name: ipv6-srpolicy}
""")
TOP = """
policy: {allow_asns: [64496-65534]}
sites: [{id: A, name: A, lat: 0, lon: 0}, {id: B, name: B, lat: 0, lon: 1}, {id: C, name: C, lat: 1, lon: 1}]
segments:
  - {id: AB, a: A, b: B, length_km: 200, status: in service, lit_or_active_tbps: 1}
  - {id: BC, a: B, b: C, length_km: 200, status: in service, lit_or_active_tbps: 1}
  - {id: AC, a: A, b: C, length_km: 900, status: in service, lit_or_active_tbps: 0.4}
steering: {good_s: 3, moves: 1000}
transit: {hold_s: 1}
pcep:
  routers:
    - {name: r1, session: s11, loopback: 10.0.0.1, site: A, adjacencies: [{segment: AC, label: 24003}]}
    - {name: r2, loopback: 10.0.0.2, site: B, label: 16002}
    - {name: r3, loopback: 10.0.0.9, site: C, label: 16009, sid: "fc00:9::"}
    - {name: r4, session: s11, headend: 10.99.0.77, loopback: 10.0.0.4, site: B}
sr_colors:
  - {color: 400, from: [r1], to: [r3], preference: 150, return_s: 0}
  - {color: 401, from: [r1], to: [r3], avoid: ["site:B"], return_s: 0}
  - {color: 402, from: [r4], to: [r3], srv6: yes, return_s: 0}
  - {color: 403, from: [r1], to: [r3], return_s: 86400}
  - {color: 404, from: [r1], to: [r3], return_s: 0, backup: yes}
  - {color: 405, from: [r1], to: [r3], return_s: 0, lists: 2, lists_percent: 200}
sr_policies:
  - {id: sea, session: s11, color: 100, endpoint: 10.0.0.9, preference: 200, binding_label: 15001, name: to the sea,
     lists: [{weight: 3, segments: [16001, 24002]}, {segments: [16003]}]}
  - {id: six, session: s11, color: 101, endpoint: "2001:db8::9", headend: 10.99.0.11, priority: 7, unlabelled: both,
     lists: [{segments: ["2001:db8:f::1", "2001:db8:f::2"]}]}
  - {id: late, session: s12, color: 102, endpoint: 10.0.0.9, lists: [{segments: [16001]}]}
"""


class Headend(GoBgp):
    """GoBGP whose log says what it read: its command line shows no SR policies."""

    def launch(self):
        self.began = os.path.getsize(self.log()) if os.path.exists(self.log()) else 0
        self.spawn("gobgpd", "-l", "debug", "-t", "yaml", "-f", self.file)
        lan.wait(lambda: "AS" in self.ask("global"), 20)

    def log(self):
        return os.path.join(self.directory, self.name + ".log")

    def heard(self, afi=1):
        """What stands after all UPDATEs since it was launched: {color: attributes by type}, with a minus for a backup."""
        found = {}
        with open(self.log(), encoding="utf-8", errors="replace") as log:
            log.seek(self.began)
            for line in log:
                if '"msg":"received update"' not in line or not line.endswith("}\n"):
                    continue
                attrs = {one["type"]: one for one in json.loads(line)["attributes"]}
                for kind in (14, 15):
                    if attrs.get(kind, {}).get("safi") != 73 or attrs[kind]["afi"] != afi:
                        continue
                    for key in attrs[kind]["value"] or []:
                        color = -key["color"] if key["distinguisher"] >> 28 == 15 else key["color"]
                        if kind == 14:
                            found[color] = attrs
                        else:
                            found.pop(color, None)
        return found

    def says(self, color, afi=1):
        """The tunnel encapsulation of a policy: {sub-TLV: [each]}."""
        found = {}
        for tlv in self.heard(afi).get(color, {}).get(23, {}).get("value", []):
            for sub in tlv["value"] if tlv["type"] == 15 else []:
                found.setdefault(sub["type"], []).append(sub)
        return found

    def lists(self, color, afi=1):
        return [(one["Weight"]["weight"], [part.get("label") or part.get("sid") for part in one["Segments"]])
                for one in self.says(color, afi).get(128, [])]


def policies(hub):
    return {one["color"]: one for one in hub.ask("show", "sr", "policies").get("policies", [])}


def from_the_file(hub, headend, deaf):
    ok(wait(lambda: sorted(headend.heard()) == [-404, 100, 400, 401, 402, 403, 404, 405] and sorted(headend.heard(2)) == [101]),
       "GoBGP hears its policies, of both families", headend.heard())
    attrs, said = headend.heard().get(100, {}), headend.says(100)
    ok(attrs[8]["communities"] == [0xffffff02], "told not to pass it on", attrs)
    ok(said[12][0]["preference"] == 200 and base64.b64decode(said[130][0]["value"]) == b"\0to the sea", "preference and name", said)
    ok(said[13][0]["binding_sid"] == "15001", "the binding SID", said)
    ok(headend.lists(100) == [(3, [16001, 24002]), (1, [16003])], "and both lists with weight and labels", headend.lists(100))
    attrs, said = headend.heard(2).get(101, {}), headend.says(101, 2)
    ok(attrs[16]["value"][0]["value"] == "10.99.0.11:0" and 8 not in attrs, "that with a headend has its route target", attrs)
    ok(headend.lists(101, 2) == [(1, ["2001:db8:f::1", "2001:db8:f::2"])] and said[14][0]["enlp"] == 3 and said[15][0]["priority"] == 7,
       "with SRv6 SIDs, priority, and what becomes of unlabelled packets", said)
    shown = policies(hub)
    ok(shown[100]["told"] and shown[100]["lists"][0] == {"weight": 3, "segments": ["16001", "24002"]}, "`show sr policies` says so",
       hub.say("show", "sr", "policies"))
    ok(wait(lambda: policies(hub)[102]["state"] == "neighbour takes no SR policies") and not deaf.heard(),
       "a neighbour without the family is told none", policies(hub).get(102))
    ok(wait(lambda: "sr_policy_ipv4" in json.dumps(hub.ask("show", "member", str(headend.asn)))),
       "what was agreed on is shown of the session", hub.ask("show", "member", str(headend.asn)))


def from_the_operator(hub, headend):
    hub.say("sr", "set", "s11", "200", "10.0.0.8", "16001,fc00::1", "preference", "300")
    ok(wait(lambda: headend.lists(200) == [(1, [16001, "fc00::1"])]) and headend.says(200)[12][0]["preference"] == 300,
       "the operator sets one", hub.say("show", "sr", "policies"))
    hub.say("sr", "set", "s11", "200", "10.0.0.8", "16007")
    ok(wait(lambda: headend.lists(200) == [(1, [16007])]), "and changes it", headend.lists(200))
    hub.say("sr", "remove", "s11", "200", "10.0.0.8")
    ok(wait(lambda: 200 not in headend.heard()), "and removes it", headend.heard())


OVER_B, DIRECT = [(1, [16002, 16009])], [(1, [24003])]
BOTH = [(1000, [16002, 16009]), (400, [24003])]


def by_color(hub, headend):
    """Candidate paths that the corridor works out by the color's conditions, and leads around what is cut."""
    ok(wait(lambda: headend.lists(400) == OVER_B and headend.lists(401) == DIRECT), "ways of colors are told as candidate paths",
       hub.say("show", "sr", "policies"))
    shown = policies(hub)
    ok(shown[400]["source"] == "steering" and shown[400]["distinguisher"] == 3 and shown[400]["preference"] == 150,
       "they are of steering", shown[400])
    ok(headend.lists(402) == [(1, ["fc00:9::"])] and headend.heard()[402][16]["value"][0]["value"] == "10.99.0.77:0" and
       shown[402]["distinguisher"] == 0x0a63004d, "one for a router behind the neighbour has its target, and its own distinguisher", shown[402])
    ok(headend.lists(404) == OVER_B and headend.lists(-404) == DIRECT and headend.says(404)[12][0]["preference"] == 100 and
       headend.says(-404)[12][0]["preference"] == 99, "a backup stands beside its way, of a lower preference", headend.heard())
    ok(headend.lists(405) == BOTH and shown[405]["lists"] == [{"weight": 1000, "segments": ["16002", "16009"]}, {"weight": 400, "segments": ["24003"]}],
       "several ways are lists of one, weighted by what they carry", headend.lists(405))
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: headend.lists(405) == DIRECT), "of which a cut leaves the others", headend.lists(405))
    ok(wait(lambda: headend.lists(400) == DIRECT), "a cut leads them around", hub.say("show", "sr", "policies"))
    ok(wait(lambda: headend.lists(403) == DIRECT), "of every color", headend.heard())
    ok(wait(lambda: headend.lists(404) == DIRECT and -404 not in headend.heard()), "a way takes the place of its backup", headend.heard())
    ok(wait(lambda: headend.lists(402) == [(1, ["fc00:9::"])]), "what needs no other list stays", hub.say("show", "sr", "policies"))
    hub.say("corridor", "cut", "AC", "--yes")
    ok(wait(lambda: not {400, 401, 402, 403} & set(headend.heard())), "without any way they are withdrawn", headend.heard())
    hub.say("corridor", "restore", "AC", "--yes")
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: headend.lists(400) == OVER_B and headend.lists(401) == DIRECT), "and back when all is restored",
       hub.say("show", "sr", "policies"))
    ok(wait(lambda: headend.lists(404) == OVER_B and headend.lists(-404) == DIRECT), "with the backup", headend.heard())
    ok(wait(lambda: headend.lists(405) == BOTH), "and both lists", headend.lists(405))
    waits = [one for one in hub.ask("show", "colors")["ways"] if one["waits"]]
    ok([one["color"] for one in waits] == [403] and not waits[0]["found"] and 403 not in headend.heard(),
       "but for a color whose ways return only when they are there for a day", hub.say("show", "colors"))
    hub.say("corridor", "drain", "BC", "--yes")
    ok(wait(lambda: headend.lists(400) == DIRECT), "what is drained is not used", hub.say("show", "sr", "policies"))
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: headend.lists(400) == OVER_B), "until it is no longer", hub.say("show", "sr", "policies"))


def without_plans(hub, headend):
    """The dead man's switch: a corridor that says nothing any more."""
    pid = hub.rooms()["corridor"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    ok(wait(lambda: not {400, 401, 402, 403} & set(headend.heard()), 60) and 100 in headend.heard(),
       "without a fresh plan those of steering are withdrawn, others stay", headend.heard())
    os.kill(pid, signal.SIGCONT)
    ok(wait(lambda: headend.lists(400) == OVER_B, 60), "and there again when plans come", hub.say("show", "sr", "policies"))


def comes_again(hub, headend):
    headend.kill()
    ok(wait(lambda: not policies(hub)[100]["told"]), "nobody has it once the neighbour is gone", hub.say("show", "sr", "policies"))
    headend.launch()
    ok(wait(lambda: headend.lists(100) == [(3, [16001, 24002]), (1, [16003])], 60), "a neighbour that comes again is told again",
       hub.say("show", "sr", "policies"))
    hub.top = TOP.replace("preference: 200", "preference: 250").replace("color: 101", "color: 103")
    hub.apply()
    ok(wait(lambda: headend.says(100)[12][0]["preference"] == 250), "another hub file changes what it is told", headend.says(100))
    ok(wait(lambda: sorted(headend.heard(2)) == [103]), "and withdraws what is no longer in it", headend.heard(2))


def as_tshark_reads(capture):
    def count(what):
        return len(lan.run("tshark", "-r", capture, "-Y", what, quiet=True).splitlines())
    ok(count("bgp.sr_policy_nlri_policy_color") >= 4, "tshark sees SR policies in what was sent",
       lan.run("tshark", "-r", capture, "-Y", "bgp", quiet=True)[:4000])
    # It knows no next hops of SAFI 73, and reads IPv6 endpoints as if they were IPv4: the two things that it complains of.
    complaints = set(lan.run("tshark", "-r", capture, "-Y", "bgp && ip.src == 10.99.0.1 && !(bgp.update.path_attribute.mp_reach_nlri.afi == 2) && "
                             "!(bgp.update.path_attribute.mp_unreach_nlri.afi == 2) && _ws.expert.severity == error", "-T", "fields",
                             "-e", "_ws.expert.message", quiet=True).replace("\n", ",").split(","))
    ok(all(one.startswith(("Unknown SAFI (73)", "Unknown Next Hop length")) or not one for one in complaints),
       "and nothing malformed besides the SAFI's next hop, which it does not know", complaints)


def checks(directory):
    headend = Headend(HEADEND, GOBGP_TEXT, [SESSION % (HEADEND, "10.99.0.11")])
    deaf = Headend(DEAF, "", [SESSION % (DEAF, "10.99.0.12")])
    hub = lan.Hub(directory, [headend, deaf], TOP)
    lan.lay_lan(hub.members)
    capture = os.path.join(directory, "bgp.pcap")
    sniffer = lan.start(os.path.join(directory, "tshark.log"), "tshark", "-q", "-i", "lan", "-f", "tcp port 179", "-w", capture)
    wait(lambda: os.path.exists(capture) and os.path.getsize(capture) > 0, 10)
    for member in hub.members:
        member.begin(directory)
    if not hub.begin():
        return
    from_the_file(hub, headend, deaf)
    from_the_operator(hub, headend)
    by_color(hub, headend)
    without_plans(hub, headend)
    comes_again(hub, headend)
    sniffer.terminate()
    sniffer.wait(10)
    as_tshark_reads(capture)


lan.enter()
lan.play(checks)
