"""A stretched exchange in network namespaces: a switch at each site, cables between the sites, routers with real kernels' tables, and a
flow exporter on each switch.

    host13 - m13 (FRR) --+                     RED, over Egypt    +-- m11 (BIRD) --+
                        KHI ======================================FRA              |
    host14 - m14 (BIRD)--GWD==KHI              EAST                                srv 45.50.0.1, 2001:db8:50::1
    host15 - m15 (BIRD)--ISB==KHI ================================SIN              |
    host16 - m16 (FRR) --LHE==KHI, of which the hub knows nothing +-- m12 (FRR) ---+

The hub is at KHI: 10.99.0.1 and 2001:db8:ffff::1, AS 64500. A switch exports from 10.98.0.N to the hub's 10.98.0.1, over a network of its
own, so that what it counts arrives when a cable does not."""
import os
import shutil
import socket
import subprocess

import lan
from daemons import Bird, Frr
from lan import run, wait
from traffic_stream import Seen

# Of each: latitude, longitude, country, number of its switch.
SITES = {"KHI": (24.86, 67.01, "PK", 2), "GWD": (25.12, 62.33, "PK", 3), "ISB": (33.68, 73.05, "PK", 4), "LHE": (31.55, 74.34, "PK", 5),
         "FRA": (50.11, 8.68, "DE", 6), "SIN": (1.35, 103.82, "SG", 7)}
# Of each: ends, km, countries.
SEGMENTS = {"RED": ("KHI", "FRA", 7600, "PK OM EG FR DE"), "EAST": ("KHI", "SIN", 9800, "PK IN SG"), "COAST": ("GWD", "KHI", 640, "PK"),
            "INDUS": ("ISB", "KHI", 1400, "PK")}
CABLES = dict({name: ends[:2] for name, ends in SEGMENTS.items()}, UNKNOWN=("LHE", "KHI"))
SERVER = {4: "45.50.0.1", 6: "2001:db8:50::1"}
NETS = {4: "45.%d.0.0/24", 6: "2001:db8:%d::/48"}
FIRST = {4: "45.%d.0.1", 6: "2001:db8:%d::1"}
IPFIX_PORT, BIN_S = 4739, 5
NEXT_HOPS = {4: ("10.99.0.%d ",), 6: ("2001:db8:ffff::%d ", "fe80::%d ")}
PORT, STREAM = 5050, os.path.join("tests", "live", "traffic_stream.py")
FRA, SIN = 0, 1  # the server's interfaces, in the order of the receiver

BIRD_TEXT = """
router id %(ip4)s;
protocol device {}
protocol direct { ipv4; ipv6; interface "none"; }
protocol kernel k4 { ipv4 { export where source = RTS_BGP; import none; }; }
protocol kernel k6 { ipv6 { export where source = RTS_BGP; import none; }; }
protocol static own4 { ipv4; route %(net4)s blackhole; }
protocol static own6 { ipv6; route %(net6)s blackhole; }
template bgp hub { local as %(asn)d; connect delay time 1; error wait time 1,2; connect retry time 2; }
protocol bgp rs4 from hub { neighbor 10.99.0.1 as 64500; ipv4 { import all; export where source = RTS_STATIC; }; }
protocol bgp rs6 from hub { neighbor 2001:db8:ffff::1 as 64500; ipv6 { import all; export where source = RTS_STATIC; }; }
"""
FRR_TEXT = """
router bgp %(asn)d
 bgp router-id %(ip4)s
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.99.0.1 remote-as 64500
 neighbor 10.99.0.1 timers connect 1
 neighbor 2001:db8:ffff::1 remote-as 64500
 neighbor 2001:db8:ffff::1 timers connect 1
 address-family ipv4 unicast
  network %(net4)s
  no neighbor 2001:db8:ffff::1 activate
 exit-address-family
 address-family ipv6 unicast
  network %(net6)s
  neighbor 2001:db8:ffff::1 activate
 exit-address-family
"""


def veth(name, space, other, other_space):
    run("ip", "link", "add", name, "netns", space, "type", "veth", "peer", "name", other, "netns", other_space)


def inside(space, *words):
    return run("ip", "netns", "exec", space, *words)


def new_space(space, forwards):
    run("ip", "netns", "add", space)
    inside(space, "ip", "link", "set", "lo", "up")
    if forwards:
        inside(space, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")


def dressed(one, site, transit, of=0, more=""):
    """A router at a site; `of`: whose network it announces, its own if not said; `more`: items of its sessions."""
    one.site, one.transit, one.more, one.families = site, transit, more, (4, 6)
    one.net4, one.net6 = (NETS[family] % (of or one.n) for family in (4, 6))
    one.local = "fe80::%d" % one.n
    one.mac = "02:00:00:00:00:%02x" % one.n
    return one


class FrrRouter(Frr):
    """With zebra, which puts routes into the kernel."""
    text = FRR_TEXT

    def launch(self):
        self.sockets = os.path.join(self.directory, self.name)
        os.makedirs(self.sockets, exist_ok=True)
        for name in (self.sockets, self.file):
            shutil.chown(name, "frr", "frr")
        common = ("-i", self.sockets + "/%s.pid", "--vty_socket", self.sockets, "-z", self.sockets + "/zserv", "-A", "127.0.0.1")
        lan.start(os.path.join(self.directory, self.name + ".zebra.log"),
                  *self.inside("/usr/lib/frr/zebra", "-f", "/dev/null", *(word.replace("%s", "zebra") for word in common)))
        lan.wait(lambda: os.path.exists(self.sockets + "/zserv"), 60)
        self.spawn("/usr/lib/frr/bgpd", "-f", self.file, *(word.replace("%s", "bgpd") for word in common))


class BirdRouter(Bird):
    text = BIRD_TEXT


def lay(routers):
    """Sites, cables, routers, the hosts of customers and the server behind the exits."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    for folder in ("netns", "frr"):
        os.mkdir("/run/" + folder)
    shutil.chown("/run/frr", "frr", "frr")
    for setting in ("all", "default"):
        with open("/proc/sys/net/ipv6/conf/%s/accept_dad" % setting, "w", encoding="ascii") as out:
            out.write("0")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "control", "type", "bridge")
    run("ip", "address", "add", "10.98.0.1/24", "dev", "control")
    run("ip", "link", "set", "control", "up")
    for site in SITES:
        lay_site(site)
    for cable, (a, b) in CABLES.items():
        veth(cable, a, cable, b)
        for site in (a, b):
            inside(site, "ip", "link", "set", cable, "master", "switch", "up")
    run("ip", "link", "add", "lan", "type", "veth", "peer", "name", "hub", "netns", "KHI")
    inside("KHI", "ip", "link", "set", "hub", "master", "switch", "up")
    run("ip", "address", "add", "10.99.0.1/24", "broadcast", "+", "dev", "lan")
    run("ip", "address", "add", "2001:db8:ffff::1/64", "dev", "lan", "nodad")
    run("ip", "link", "set", "lan", "up")
    new_space("srv", False)
    for family, address in SERVER.items():
        inside("srv", "ip", "address", "add", address + {4: "/32", 6: "/128"}[family], "dev", "lo")
    for one in routers:
        lay_router(one)


def lay_site(site):
    new_space(site, False)
    inside(site, "ip", "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
    inside(site, "ip", "link", "set", "switch", "addrgenmode", "none", "up")
    run("ip", "link", "add", "to" + site, "type", "veth", "peer", "name", "control", "netns", site)
    run("ip", "link", "set", "to" + site, "master", "control", "up")
    inside(site, "ip", "address", "add", "10.98.0.%d/24" % SITES[site][3], "dev", "control")
    inside(site, "ip", "link", "set", "control", "up")


def lay_router(one):
    new_space(one.space, True)
    veth("eth0", one.space, one.space, one.site)
    inside(one.site, "ip", "link", "set", one.space, "master", "switch", "up")
    inside(one.space, "ip", "link", "set", "eth0", "address", one.mac, "addrgenmode", "none")
    inside(one.space, "ip", "address", "add", one.ip4 + "/24", "dev", "eth0")
    inside(one.space, "ip", "address", "add", one.ip6 + "/64", "dev", "eth0", "nodad")
    # FRR speaks no BGP by IPv6 without a link-local address.
    inside(one.space, "ip", "address", "add", one.local + "/64", "dev", "eth0", "nodad")
    inside(one.space, "ip", "link", "set", "eth0", "up")
    host = "srv" if one.transit == "upstream" else "host%d" % one.n
    here, there = ("10.%d.0.%d/30" % (one.n, end) for end in (1, 2))
    here6, there6 = ("2001:db8:e%d::%d/64" % (one.n, end) for end in (1, 2))
    if host != "srv":
        new_space(host, False)
    veth("behind", one.space, one.space, host)
    for space, name, addresses in ((one.space, "behind", (here, here6)), (host, one.space, (there, there6))):
        for address in addresses:
            inside(space, "ip", "address", "add", address, "dev", name, *(("nodad",) if ":" in address else ()))
        inside(space, "ip", "link", "set", name, "up")
    for way, net, gateway in (("-4", one.net4, there), ("-6", one.net6, there6)):
        inside(one.space, "ip", way, "route", "add", net, "via", gateway.split("/")[0])
    # The server's packets leave by the exit that they are bound to.
    for way, gateway in (("-4", here), ("-6", here6)):
        inside(host, "ip", way, "route", "add", "default", "via", gateway.split("/")[0], "metric", str(one.n))
    if host != "srv":
        for family in (4, 6):
            inside(host, "ip", "address", "add", FIRST[family] % one.n + {4: "/32", 6: "/128"}[family], "dev", "lo")


def begin_probes(directory):
    """A flow exporter on each switch: a bridge that is listened to shows each frame once, where it comes in."""
    for site in SITES:
        lan.start("%s/flows-%s.log" % (directory, site), "ip", "netns", "exec", site, "softflowd", "-d", "-i", "switch", "-n",
                  "10.98.0.1:%d" % IPFIX_PORT, "-v", "10", "-T", "ether", "-6", "-t", "maxlife=1", "-t", "udp=1", "-t", "expint=1", "-B", "8388608",
                  "-p", "%s/flows-%s.pid" % (directory, site), "-c", "%s/flows-%s.ctl" % (directory, site), "udp")


def wake_probes():
    """softflowd reads what it has captured when some hundred packets are there. More, from the hub to everybody, push the last ones
    through; they are nobody's traffic."""
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    for _ in range(2000):
        out.sendto(b"no traffic", ("10.99.0.255", 9))


def exit_in_kernel(router, family=4):
    """The number of the exit's router that the kernel sends the server's network to; None: no route."""
    said = run(*router.inside("ip", "-%d" % family, "route", "show", NETS[family] % 50), quiet=True)
    for number in (11, 12):
        if any(hop % number in said for hop in NEXT_HOPS[family]):
            return number
    return None


def goes(router, number):
    return wait(lambda: exit_in_kernel(router, 4) == exit_in_kernel(router, 6) == number, 60)


class Watch:
    """What a router's kernel does with packets to the server's network, looked at every 20 ms."""

    def __init__(self, directory, router):
        self.name = "%s/kernel-%d" % (directory, router.n)
        lan.start(self.name + ".log", *router.inside("python3", os.path.join("tests", "live", "route_watch.py"), self.name, NETS[4] % 50))
        self.looked()

    def seen(self):
        """Each other thing that it did, in order: an address, or "nothing"."""
        with open(self.name, encoding="ascii") as lines:
            return [line.split()[1] for line in lines if line.endswith("\n")]

    def looks(self):
        try:
            return os.stat(self.name + ".looks").st_size
        except FileNotFoundError:
            return 0

    def looked(self):
        """What there is now has been looked at."""
        before = self.looks()
        return wait(lambda: self.looks() > before + 2, 30)


class Streams:
    """Packets from hosts of customers to the server. Of each stream: customer, family, microseconds between packets."""

    def __init__(self, directory, streams):
        self.directory, self.streams, self.sent, self.senders = directory, streams, {}, {}
        self.seen = Seen(directory + "/packets")
        self.receiver = lan.start(directory + "/receiver.log", *self.at("srv"), "receive", self.seen.name, str(PORT), "m11", "m12")
        wait(lambda: os.path.exists(self.seen.name))

    @staticmethod
    def at(space):
        return ("ip", "netns", "exec", space, "python3", STREAM)

    def begin(self):
        for stream, (n, family, every_us) in self.streams.items():
            self.senders[stream] = subprocess.Popen(
                self.at("host%d" % n) + ("send", FIRST[family] % n, SERVER[family], str(PORT), str(stream), str(every_us)),
                stdout=subprocess.PIPE, text=True)
            lan.STARTED.append(self.senders[stream])

    def end(self):
        """Numbers of packets sent; what had no route was not."""
        for stream, sender in self.senders.items():
            sender.terminate()
            self.sent[stream], _ = (int(word) for word in sender.communicate()[0].split())
        self.settle()

    def settle(self):
        """Waits until the last packets that are on their way are in."""
        wait(lambda: all(self.seen.last(stream)[1] >= count - 1 for stream, count in self.sent.items()), 5)

    def flow_over(self, exits):
        """New packets of each stream arrive by its exit."""
        before = {stream: self.seen.last(stream)[1] for stream in exits}
        return wait(lambda: all(self.seen.last(stream)[0] == exits[stream] and self.seen.last(stream)[1] > before[stream] + 20
                                for stream in exits), 60)

    def lost(self, stream, since=0):
        """Numbers from `since` on that never came, up to the newest."""
        numbers = {number for number, _, _ in self.seen.look(stream)}
        return [number for number in range(since, max(numbers) + 1) if number not in numbers]

    def is_whole(self, stream, since=0):
        """All that was sent from number `since` on has come, or comes: by the longer way some are late."""
        return wait(lambda: self.seen.last(stream)[1] > since and not self.lost(stream, since), 5)

    def came(self, stream, exit_):
        return sum(1 for _, interface, _ in self.seen.look(stream) if interface == exit_)


class Hub(lan.Hub):
    """Of that exchange; bins of five seconds."""

    def write(self):
        with open(self.file, "w", encoding="ascii") as out:
            out.write("""
hub: {name: Stretched Exchange, short_name: STX, asn: 64500, router_id: 10.99.0.1, country: PK, bin_length_s: %d, data_directory: %s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: "127.0.0.1:8080", ipfix: "10.98.0.1:%d", control_socket: %s/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/24, ipv6: "2001:db8:ffff::/64"}]
policy: {allow_asns: [64496-65534], allow_prefixes: ["2001:db8::/32"]}
transit: {hold_s: 1, return_s: 2}
""" % (BIN_S, self.directory, IPFIX_PORT, self.directory))
            out.write("sites:\n" + "".join(
                "  - {id: %s, name: %s, number: %d, lat: %s, lon: %s, country: %s}\n" % (site, site, number, lat, lon, country)
                for site, (lat, lon, country, number) in SITES.items()))
            out.write("segments:\n" + "".join(
                "  - {id: %s, a: %s, b: %s, type: submarine, length_km: %d, length_basis: seen, status: in service, lit_or_active_tbps: 1,"
                "\n     countries_crossed: [%s], confidence: seen}\n" % (name, a, b, length, ", ".join(countries.split()))
                for name, (a, b, length, countries) in SEGMENTS.items()))
            out.write("cables:\n" + "".join("  - {id: %s-CABLE, name: %s, segments: [%s]}\n" % (name, name, name) for name in SEGMENTS))
            out.write("exporters:\n" + "".join("  - {id: %s, address: 10.98.0.%d, sampling_override: 1}\n" % (site, SITES[site][3])
                                               for site in SITES))
            if any(one.n == 14 for one in self.members):
                out.write("demands: [{id: d14, from: GWD, to: FRA, member: 64614, gbps: 0.1, avoid: [EG]}]\n")
            out.write(self.top)
            out.write("contracts:\n" + "".join(
                "  - {id: c%d, member: %d, kind: items, currency: USD, starts: 2026-01-01,\n"
                "     items: [{kind: volume, unit: GB, price: 0.5, direction: in}]}\n" % (one.n, one.asn)
                for one in self.members if one.transit == "customer"))
            out.write("members:\n" + "".join(self.member(one) for one in self.members))

    @staticmethod
    def member(one):
        session = "{id: s%d%s, port: p%d, address: \"%s\", passive: no, connect_retry_s: 2, transit: %s" + one.more + "}"
        return """  - asn: %d
    name: %s
    kind: carrier
    ports: [{id: p%d, site: %s, exporter: %s, speed: 10G, macs: ["%s"], ipv4: %s, ipv6: "%s"}]
    sessions: [%s]
""" % (one.asn, one.name, one.n, one.site, one.site, one.mac, one.ip4, one.ip6,
            ", ".join(session % (one.n, {4: "", 6: "v6"}[family], one.n, {4: one.ip4, 6: one.ip6}[family], one.transit)
                      for family in one.families))

    def way(self, site, exit_name, member=0):
        """Segments from there to that exit by the plan in force; None: it is closed, or there is none."""
        for ingress in self.ask("show", "steer").get("ingresses", []):
            for one in ingress["exits"] if (ingress["site"], ingress["member_asn"]) == (site, member) else ():
                if one["exit"] == exit_name:
                    return one["way"] if not one.get("closed") else None
        return None
