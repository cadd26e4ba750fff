#!/usr/bin/env python3
"""Members that run BIRD, FRR, OpenBGPD and GoBGP, each in a network namespace of its own on one LAN with the route server.

Each announces IPv4 and IPv6 routes with MED, path and communities; each must receive what the others announce, unchanged (RFC
7947). A withdrawn route goes everywhere; a refused one goes nowhere and is explained. BIRD's IPv4 session has a TCP MD5
password, and a second BIRD knows AS numbers of 2 octets only.
Prints TAP.
"""
import json
import os
import re

import lan
from lan import RS, ok, run, start, wait

PASSWORD = "salt and iron"


class Member:
    """Number n: AS 64600 + n, 10.99.0.n and 2001:db8:ffff::n; announces 45.n.0.0/24, 2a10:n::/32 with attributes, and
    45.n.2.0/24 to be withdrawn; 45.n.1.0/25, which is too long."""
    password = ""

    def __init__(self, n, directory):
        self.n, self.asn = n, 64600 + n
        self.ip4, self.ip6 = "10.99.0.%d" % n, "2001:db8:ffff::%d" % n
        self.route4, self.route6 = "45.%d.0.0/24" % n, "2a10:%d::/32" % n
        self.leaving, self.too_long = "45.%d.2.0/24" % n, "45.%d.1.0/25" % n
        self.med = 100 + n
        self.space = "m%d" % n
        self.directory = directory
        self.file = os.path.join(directory, "%s.conf" % self.name)

    def configure(self, text):
        with open(self.file, "w", encoding="ascii") as out:
            out.write(text)
        os.chmod(self.file, 0o600)

    def inside(self, *words):
        return ("ip", "netns", "exec", self.space) + words

    def log(self):
        return os.path.join(self.directory, self.name + ".log")

    def expected(self, six):
        """What others are to see of this member's route."""
        path = "%d %d" % (self.asn, self.tail)
        return {"next hop": self.ip6 if six else self.ip4, "path": path, "med": self.med,
                "communities": ["%d:100" % self.asn], "large": ["%d:1:2" % self.asn]}


class Bird(Member):
    name, tail, password, as4 = "BIRD", 210000, ' password "%s";' % PASSWORD, "on"

    def begin(self):
        self.socket = os.path.join(self.directory, self.name + ".ctl")
        self.configure("""
router id %(ip4)s;
protocol device {}
protocol static routes4 { ipv4; route %(route4)s blackhole; route %(too_long)s blackhole; }
protocol static routes6 { ipv6; route %(route6)s blackhole; }
protocol static leaving { ipv4; route %(leaving)s blackhole; }
filter dress {
	if source != RTS_STATIC then reject;
	bgp_med = %(med)d;
	bgp_community.add((%(asn)d, 100));
	bgp_large_community.add((%(asn)d, 1, 2));
	bgp_path.prepend(%(tail)d);
	accept;
}
protocol bgp rs4 { local %(ip4)s as %(asn)d; neighbor 10.99.0.1 as 64500;%(password)s connect delay time 1; enable as4 %(as4)s;
	ipv4 { import all; export filter dress; }; }
protocol bgp rs6 { local %(ip6)s as %(asn)d; neighbor 2001:db8:ffff::1 as 64500; connect delay time 1; enable as4 %(as4)s;
	ipv6 { import all; export filter dress; }; }
""" % dict(vars(self), tail=self.tail, password=self.password, as4=self.as4))
        start(self.log(), *self.inside("bird", "-f", "-c", self.file, "-s", self.socket))

    def ask(self, *words):
        return run("birdc", "-s", self.socket, *words, quiet=True)

    def show(self, prefix):
        text = self.ask("show", "route", "all", "where", "net", "=", prefix)
        if "BGP.as_path" not in text:
            return None

        def after(word):
            found = re.search(r"BGP\.%s: (.*)" % word, text)
            return found.group(1).strip() if found else ""

        def group(word):
            return [one.replace(", ", ":").strip("()") for one in re.findall(r"\([^)]*\)", after(word))]
        return {"next hop": after("next_hop").split()[0], "path": after("as_path"), "med": int(after("med") or -1),
                "communities": [one.replace(",", ":") for one in group("community")], "large": group("large_community")}

    def withdraw(self):
        self.ask("disable", "leaving")


class OldBird(Bird):
    """A speaker of 2-octet AS numbers: paths are complete only with AS4_PATH, both ways (RFC 6793)."""
    name, password, as4 = "old-BIRD", "", "off"


class Frr(Member):
    name, tail = "FRR", 210000

    def begin(self):
        self.sockets = os.path.join(self.directory, "frr")
        os.mkdir(self.sockets)
        self.configure("""
router bgp %(asn)d
 bgp router-id %(ip4)s
 no bgp ebgp-requires-policy
 no bgp enforce-first-as
 no bgp network import-check
 bgp disable-ebgp-connected-route-check
 no bgp default ipv4-unicast
 neighbor 10.99.0.1 remote-as 64500
 neighbor 10.99.0.1 timers connect 2
 neighbor 2001:db8:ffff::1 remote-as 64500
 neighbor 2001:db8:ffff::1 timers connect 2
 address-family ipv4 unicast
  neighbor 10.99.0.1 activate
  network %(route4)s route-map dress
  network %(too_long)s route-map dress
  network %(leaving)s route-map dress
 exit-address-family
 address-family ipv6 unicast
  neighbor 2001:db8:ffff::1 activate
  network %(route6)s route-map dress
 exit-address-family
route-map dress permit 10
 set metric %(med)d
 set community %(asn)d:100
 set large-community %(asn)d:1:2
 set as-path prepend %(tail)d
""" % dict(vars(self), tail=self.tail))
        start(self.log(), *self.inside("/usr/lib/frr/bgpd", "-Z", "-S", "-f", self.file, "-i", self.sockets + "/pid",
                                       "--vty_socket", self.sockets, "-A", "127.0.0.1"))

    def ask(self, *commands):
        words = [word for command in commands for word in ("-c", command)]
        return run("vtysh", "--vty_socket", self.sockets, "-d", "bgpd", *words, quiet=True)

    def show(self, prefix):
        family = "ipv6" if ":" in prefix else "ipv4"
        try:
            paths = json.loads(self.ask("show bgp %s unicast %s json" % (family, prefix)))["paths"]
        except (ValueError, KeyError):
            return None
        path = paths[0]
        hops = [one["ip"] for one in path["nexthops"] if one.get("scope") != "link-local"]
        return {"next hop": hops[0], "path": path["aspath"]["string"], "med": path.get("metric", -1),
                "communities": path.get("community", {}).get("list", []),
                "large": path.get("largeCommunity", {}).get("list", [])}

    def withdraw(self):
        self.ask("configure terminal", "router bgp %d" % self.asn, "address-family ipv4 unicast",
                 "no network %s" % self.leaving)


class OpenBgpd(Member):
    name = "OpenBGPD"

    def begin(self):
        self.tail = self.asn
        self.configure("""
AS %(asn)d
router-id %(ip4)s
fib-update no
socket "/run/openbgpd/control"
network %(route4)s set { med %(med)d community %(asn)d:100 large-community %(asn)d:1:2 prepend-self 1 }
network %(too_long)s set { med %(med)d }
network %(route6)s set { med %(med)d community %(asn)d:100 large-community %(asn)d:1:2 prepend-self 1 }
neighbor 10.99.0.1 {
	remote-as 64500
	local-address %(ip4)s
	enforce neighbor-as no
	announce IPv6 none
}
neighbor 2001:db8:ffff::1 {
	remote-as 64500
	local-address %(ip6)s
	enforce neighbor-as no
	announce IPv4 none
}
allow from any
allow to any
""" % vars(self))
        start(self.log(), *self.inside("/usr/sbin/bgpd", "-d", "-f", self.file))
        wait(lambda: os.path.exists("/run/openbgpd/control"), 10)
        self.ask("network", "add", self.leaving)

    def ask(self, *words):
        return run(*self.inside("bgpctl", "-j", "-s", "/run/openbgpd/control", *words), quiet=True)

    def show(self, prefix):
        try:
            route = json.loads(self.ask("show", "rib", "detail", prefix))["rib"][0]
        except (ValueError, KeyError, IndexError):
            return None
        if route["prefix"] != prefix:
            return None
        groups = {"communities": [], "large_communities": []}
        for attribute in route.get("attributes", []):
            if attribute.get("type") == "COMMUNITIES":
                groups["communities"] = attribute["communities"]
            if attribute.get("type") == "LARGE COMMUNITIES":
                groups["large_communities"] = attribute["large_communities"]
        groups["communities"] = route.get("communities", groups["communities"])
        groups["large_communities"] = route.get("large_communities", groups["large_communities"])
        return {"next hop": route["exit_nexthop"], "path": route["aspath"], "med": route.get("metric", -1),
                "communities": groups["communities"], "large": groups["large_communities"]}

    def withdraw(self):
        self.ask("network", "delete", self.leaving)


class GoBgp(Member):
    name, tail = "GoBGP", 210000

    def begin(self):
        self.configure("""
global:
  config: {as: %(asn)d, router-id: %(ip4)s}
neighbors:
  - config: {neighbor-address: 10.99.0.1, peer-as: 64500}
    timers: {config: {connect-retry: 2, idle-hold-time-after-reset: 2}}
    afi-safis: [{config: {afi-safi-name: ipv4-unicast}}]
  - config: {neighbor-address: "2001:db8:ffff::1", peer-as: 64500}
    timers: {config: {connect-retry: 2, idle-hold-time-after-reset: 2}}
    afi-safis: [{config: {afi-safi-name: ipv6-unicast}}]
""" % vars(self))
        start(self.log(), *self.inside("gobgpd", "-t", "yaml", "-f", self.file))
        wait(lambda: "AS" in self.ask("global"), 20)
        dress = ["med", str(self.med), "community", "%d:100" % self.asn, "large-community", "%d:1:2" % self.asn, "aspath",
                 str(self.tail)]
        for prefix in (self.route4, self.too_long, self.leaving):
            self.ask("global", "rib", "add", "-a", "ipv4", prefix, *dress)
        self.ask("global", "rib", "add", "-a", "ipv6", self.route6, *dress)

    def ask(self, *words):
        return run(*self.inside("gobgp", *words), quiet=True)

    def show(self, prefix):
        family = "ipv6" if ":" in prefix else "ipv4"
        try:
            found = json.loads(self.ask("global", "rib", "-a", family, prefix, "-j"))
        except ValueError:
            return None
        paths = found.get(prefix) if isinstance(found, dict) else None
        if not paths:
            return None
        seen = {"communities": [], "large": [], "med": -1, "path": ""}
        for attribute in paths[0]["attrs"]:
            kind = attribute["type"]
            if kind == 2:
                seen["path"] = " ".join(str(asn) for part in attribute["as_paths"] for asn in part["asns"])
            elif kind in (3, 14):
                seen["next hop"] = attribute["nexthop"]
            elif kind == 4:
                seen["med"] = attribute["metric"]
            elif kind == 8:
                seen["communities"] = ["%d:%d" % (one >> 16, one & 65535) for one in attribute["communities"]]
            elif kind == 32:
                seen["large"] = ["%(ASN)d:%(LocalData1)d:%(LocalData2)d" % one for one in attribute["value"]]
        return seen

    def withdraw(self):
        self.ask("global", "rib", "del", "-a", "ipv4", self.leaving)


def write_hub(path, directory, members):
    with open(path, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        out.write("""
hub: {name: Four Daemons, short_name: FOUR, asn: %d, router_id: 10.99.0.1, country: PK, data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: none, control_socket: %s/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/24, ipv6: "2001:db8:ffff::/64"}]
policy: {allow_asns: [64496-65534]}
members:
""" % (RS, directory, directory))
        for member in members:
            md5 = ', md5: "%s"' % PASSWORD if member.password else ""
            out.write("""
  - asn: %(asn)d
    name: %(name)s
    kind: access
    ports: [{id: p%(n)d, speed: 10G, ipv4: %(ip4)s, ipv6: "%(ip6)s"}]
    sessions:
      - {id: %(name)s-4, address: %(ip4)s, families: [ipv4], connect_retry_s: 5, passive: false%(md5)s}
      - {id: %(name)s-6, address: "%(ip6)s", families: [ipv6], connect_retry_s: 5, passive: false}
""" % dict(vars(member), name=member.name, md5=md5))


def sarai(directory, *words):
    text = run(lan.SARAI, "-j", "-s", directory + "/sarai.sock", "show", *words, quiet=True)
    try:
        return json.loads(text)
    except ValueError:
        return {}


def sessions_up(directory):
    found = sarai(directory, "members").get("members", [])
    return sum(one["state"] == "established" for member in found for one in member["sessions"])


def others_have(member, others, prefix):
    return [other.name for other in others if other.show(prefix)]


def checks(directory, members):
    total = 2 * len(members)
    up = wait(lambda: sessions_up(directory) == total, 60)
    if not ok(up, "%d sessions are established, one with TCP MD5, two with 2-octet AS numbers" % total, sarai(directory, "members")):
        return
    for member in members:
        others = [other for other in members if other is not member]
        for six in (False, True):
            prefix = member.route6 if six else member.route4
            for other in others:
                wait(lambda: other.show(prefix), 20)
                seen = other.show(prefix)
                wanted = member.expected(six)
                ok(seen == wanted, "%s receives %s's IPv%d route unchanged" % (other.name, member.name,
                                                                                             6 if six else 4),
                   "saw %s\nnot %s" % (seen, wanted))
    refused = sarai(directory, "filtered").get("routes", [])
    for member in members:
        others = [other for other in members if other is not member]
        mine = [one for one in refused if one["prefix"] == member.too_long and one["member_asn"] == member.asn]
        reasons = [reason["reason"] for one in mine for reason in one["reasons"]]
        mends = [reason["mend"] for one in mine for reason in one["reasons"]]
        ok(reasons and any("long" in one for one in reasons) and all(mends),
           "%s's prefix of 25 bits is refused, with a reason and what would mend it" % member.name, mine)
        ok(not others_have(member, others, member.too_long), "and nobody hears it")
    for member in members:
        others = [other for other in members if other is not member]
        ok(wait(lambda: len(others_have(member, others, member.leaving)) == len(others), 20),
           "a route of %s is with all others" % member.name)
        member.withdraw()
        ok(wait(lambda: not others_have(member, others, member.leaving), 20), "withdrawn, it is with none of them",
           others_have(member, others, member.leaving))
    ok(sessions_up(directory) == total, "all sessions are still up")


def play(directory):
    members = [kind(n, directory) for n, kind in ((11, Bird), (12, Frr), (13, OpenBgpd), (14, GoBgp), (15, OldBird))]
    lan.lay_lan(members)
    write_hub(directory + "/hub.yaml", directory, members)
    start(directory + "/sarai.log", lan.SARAI, "run", directory + "/hub.yaml")
    wait(lambda: os.path.exists(directory + "/sarai.sock"), 20)
    for member in members:
        member.begin()
    checks(directory, members)


lan.enter()
lan.play(play)
