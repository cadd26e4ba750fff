"""BIRD, FRR, OpenBGPD and GoBGP as members on the LAN of lan.py. Each is given its configuration, in which %(ip4)s, %(ip6)s and
%(asn)d are its own, and answers `paths(prefix)`: all it holds, each a dictionary with "path", "next hop", "communities",
"large", "extended", "med" where there is one."""
import json
import os
import re

import lan


WELL_KNOWN = {"noexport": "65535:65281", "noadvertise": "65535:65282", "blackhole": "65535:666", "gracefulshutdown": "65535:0",
              "llgrstale": "65535:6"}


def numbers(communities):
    """Communities as numbers, whatever name a daemon has for them."""
    return [WELL_KNOWN.get(re.sub("[-_]", "", one).lower(), one) for one in communities]


class Daemon:
    kind, text = "", ""

    def __init__(self, n, text="", sessions=(), extra="", name=""):
        self.n, self.asn, self.space = n, 64600 + n, "m%d" % n
        self.name = name or "%s-%d" % (self.kind, n)
        self.ip4, self.ip6 = "10.99.0.%d" % n, "2001:db8:ffff::%d" % n
        self.text, self.extra = text or self.text, extra
        self.sessions = list(sessions) or ['{id: s%d, address: %s, families: [ipv4], passive: no, connect_retry_s: 2}'
                                           % (n, self.ip4)]
        self.directory = self.file = self.process = None

    def inside(self, *words):
        return ("ip", "netns", "exec", self.space) + words

    def configure(self, text):
        with open(self.file, "w", encoding="ascii") as out:
            out.write(text % vars(self))
        os.chmod(self.file, 0o600)

    def begin(self, directory):
        self.directory = directory
        self.file = os.path.join(directory, self.name + ".conf")
        self.configure(self.text)
        self.launch()
        return self

    def spawn(self, *words):
        self.process = lan.start(os.path.join(self.directory, self.name + ".log"), *self.inside(*words))

    def launch(self):
        raise NotImplementedError

    def kill(self):
        """As a fault would."""
        self.process.kill()
        self.process.wait()

    def paths(self, prefix):
        raise NotImplementedError

    def has(self, prefix):
        """Its best, or None."""
        found = self.paths(prefix)
        return found[0] if found else None


class Bird(Daemon):
    kind = "BIRD"
    text = """
router id %(ip4)s;
protocol device {}
protocol static own { ipv4; route 45.%(n)d.0.0/24 blackhole; }
protocol bgp rs4 { local %(ip4)s as %(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2;
	ipv4 { import all; export where source = RTS_STATIC; }; }
"""

    def launch(self, *options):
        self.socket = os.path.join(self.directory, self.name + ".ctl")
        self.spawn("bird", "-f", "-c", self.file, "-s", self.socket, *options)

    def ask(self, *words):
        return lan.run("birdc", "-s", self.socket, *words, quiet=True)

    def reconfigure(self, text):
        self.configure(text)
        return self.ask("configure")

    def paths(self, prefix):
        text = self.ask("show", "route", "all", "where", "net = %s && defined(bgp_path) && source = RTS_BGP" % prefix)
        # A prefix stands before its first path only.
        return [self.parse(part) for part in re.split(r"\n(?=\S+ +unicast | +unicast )", text) if "BGP.as_path" in part]

    @staticmethod
    def parse(text):
        def after(word):
            found = re.search(r"BGP\.%s: (.*)" % word, text)
            return found.group(1).strip() if found else ""

        def group(word):
            return [re.sub(r", ?", ":", one).strip("()") for one in re.findall(r"\([^)]*\)", after(word))]
        found = {"path": after("as_path"), "next hop": after("next_hop").split()[0], "communities": group("community"),
                 "large": group("large_community"), "extended": group("ext_community")}
        if after("med"):
            found["med"] = int(after("med"))
        return found

    def table(self):
        """All that it holds: {prefix: (path, next hop, communities)}."""
        text = self.ask("show", "route", "all", "where", "source = RTS_BGP")
        found = {}
        for part in re.split(r"\n(?=[0-9a-f.:]+/\d+ )", text):
            if "BGP.as_path" in part:
                route = self.parse(part)
                found[part.split()[0]] = (route["path"], route["next hop"], tuple(sorted(route["communities"])))
        return found

    def count(self, protocol="rs4"):
        """Routes that it holds from the hub, of both families."""
        text = self.ask("show", "route", "count", "protocol", protocol)
        return sum(int(number) for number in re.findall(r"(\d+) of \d+ routes? for \d+ networks? in table", text))

    def state(self, protocol="rs4"):
        return self.ask("show", "protocols", "all", protocol)


class Frr(Daemon):
    kind = "FRR"
    text = """
router bgp %(asn)d
 bgp router-id %(ip4)s
 no bgp ebgp-requires-policy
 no bgp enforce-first-as
 no bgp network import-check
 bgp disable-ebgp-connected-route-check
 neighbor 10.99.0.1 remote-as 64500
 neighbor 10.99.0.1 timers connect 1
 address-family ipv4 unicast
  network 45.%(n)d.0.0/24
 exit-address-family
"""

    def launch(self):
        self.sockets = os.path.join(self.directory, self.name)
        os.makedirs(self.sockets, exist_ok=True)
        self.spawn("/usr/lib/frr/bgpd", "-Z", "-S", "-f", self.file, "-i", self.sockets + "/pid", "--vty_socket", self.sockets,
                   "-A", "127.0.0.1")

    def ask(self, *commands):
        words = [word for command in commands for word in ("-c", command)]
        return lan.run("vtysh", "--vty_socket", self.sockets, "-d", "bgpd", *words, quiet=True)

    def json(self, command):
        try:
            return json.loads(self.ask(command + " json"))
        except ValueError:
            return {}

    def paths(self, prefix):
        family = "ipv6" if ":" in prefix else "ipv4"
        found = []
        for path in self.json("show bgp %s unicast %s" % (family, prefix)).get("paths", []):
            hops = [one["ip"] for one in path["nexthops"] if one.get("scope") != "link-local"]
            if path.get("peer", {}).get("peerId", "") in ("", "0.0.0.0", "::"):
                continue
            found.append({"path": path["aspath"]["string"], "next hop": hops[0] if hops else "",
                          "communities": numbers(path.get("community", {}).get("list", [])),
                          "large": path.get("largeCommunity", {}).get("list", []),
                          "extended": path.get("extendedCommunity", {}).get("string", "").split(),
                          "stale": path.get("stale", False), "best": "bestpath" in path})
            if "metric" in path:
                found[-1]["med"] = path["metric"]
        return sorted(found, key=lambda one: not one["best"])

    def table(self, *families):
        """All that it holds, of IPv4 if not said: {prefix: (path, next hop)}."""
        found = {}
        for family in families or ("ipv4",):
            for prefix, paths in self.json("show bgp %s unicast" % family).get("routes", {}).items():
                hops = [one["ip"] for one in paths[0]["nexthops"] if one.get("scope") != "link-local"]
                if paths[0].get("path") and hops:
                    found[prefix] = (paths[0]["path"], hops[0])
        return found


class OpenBgpd(Daemon):
    kind = "OpenBGPD"
    text = """
AS %(asn)d
router-id %(ip4)s
fib-update no
socket "/run/openbgpd/%(n)d"
network 45.%(n)d.0.0/24
neighbor 10.99.0.1 {
	remote-as 64500
	local-address %(ip4)s
	enforce neighbor-as no
	announce IPv6 none
}
allow from any
allow to any
"""

    def launch(self):
        self.spawn("/usr/sbin/bgpd", "-d", "-f", self.file)
        lan.wait(lambda: os.path.exists("/run/openbgpd/%d" % self.n), 10)

    def ask(self, *words):
        return lan.run(*self.inside("bgpctl", "-j", "-s", "/run/openbgpd/%d" % self.n, *words), quiet=True)

    def paths(self, prefix):
        try:
            routes = json.loads(self.ask("show", "rib", "detail", prefix)).get("rib", [])
        except ValueError:
            return []
        return [{"path": one["aspath"], "next hop": one["exit_nexthop"], "communities": numbers(one.get("communities", [])),
                 "large": one.get("large_communities", []), "extended": one.get("extended_communities", []),
                 "med": one.get("metric"), "local pref": one.get("localpref"), "all": one}
                for one in routes if one["prefix"] == prefix and one["neighbor"]["remote_addr"] == "10.99.0.1"]


class GoBgp(Daemon):
    kind = "GoBGP"
    text = """
global:
  config: {as: %(asn)d, router-id: %(ip4)s}
neighbors:
  - config: {neighbor-address: 10.99.0.1, peer-as: 64500}
    timers: {config: {connect-retry: 2, idle-hold-time-after-reset: 2}}
    afi-safis: [{config: {afi-safi-name: ipv4-unicast}}]
"""

    def launch(self):
        self.spawn("gobgpd", "-t", "yaml", "-f", self.file)
        lan.wait(lambda: "AS" in self.ask("global"), 20)

    def ask(self, *words):
        return lan.run(*self.inside("gobgp", *words), quiet=True)

    def add(self, prefix, *dress):
        return self.ask("global", "rib", "add", "-a", "ipv6" if ":" in prefix else "ipv4", prefix, *dress)

    def paths(self, prefix):
        family = "ipv6" if ":" in prefix else "ipv4"
        try:
            answer = json.loads(self.ask("global", "rib", "-a", family, prefix, "-j"))
        except ValueError:
            return []
        found = []
        for path in (answer.get(prefix) or []) if isinstance(answer, dict) else []:
            seen = {"path": "", "next hop": "", "communities": [], "large": [], "extended": []}
            for one in path["attrs"]:
                if one["type"] == 2:
                    seen["path"] = " ".join(str(asn) for part in one["as_paths"] for asn in part["asns"])
                elif one["type"] in (3, 14):
                    seen["next hop"] = one["nexthop"]
                elif one["type"] in (4, 5):
                    seen.update({{4: "med", 5: "local pref"}[one["type"]]: one.get("metric", one.get("value"))})
                elif one["type"] == 8:
                    seen["communities"] = ["%d:%d" % (number >> 16, number & 65535) for number in one["communities"]]
                elif one["type"] == 32:
                    seen["large"] = ["%(ASN)d:%(LocalData1)d:%(LocalData2)d" % large for large in one["value"]]
            if path.get("neighbor-ip") == "10.99.0.1":
                found.append(seen)
        return found
