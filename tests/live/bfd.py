#!/usr/bin/env python3
"""Members whose sessions follow BFD: BIRD and FRR, each in a network namespace of its own on one LAN with the route server.

A cable that carries nothing any more, while its ends still have light, ends the sessions of its member within a second or so, and
its routes go; when it carries again they come back. An operator who takes BFD away ends nothing. A packet from further away than
the LAN counts for nothing.
Run by bfd.sh. Prints TAP.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

STARTED = []
COUNT = {"ok": 0, "not ok": 0}

# "Down", said with a TTL that a router has lowered, or not.
FORGE = """
import socket, sys
to, theirs, ttl = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
s.sendto(bytes([0x20, 0x40, 3, 24]) + b"".join(n.to_bytes(4, "big") for n in (9, theirs, 1000000, 1000000, 0)), (to, 3784))
"""

BIRD = """
router id 10.99.0.11;
protocol device {}
protocol bfd { interface "*" { min rx interval 200 ms; min tx interval 200 ms; multiplier 3; }; }
protocol static routes4 { ipv4; route 45.11.0.0/24 blackhole; }
protocol bgp rs4 { local 10.99.0.11 as 64611; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1, 2; bfd on;
	ipv4 { import all; export all; }; }
protocol bgp rs6 { local 2001:db8:ffff::11 as 64611; neighbor 2001:db8:ffff::1 as 64500; connect delay time 1; error wait time 1, 2; bfd on;
	ipv6 { import all; export all; }; }
"""

FRR = """
router bgp 64612
 bgp router-id 10.99.0.12
 no bgp ebgp-requires-policy
 no bgp enforce-first-as
 no bgp network import-check
 no bgp default ipv4-unicast
 neighbor 10.99.0.1 remote-as 64500
 neighbor 10.99.0.1 timers connect 2
 neighbor 10.99.0.1 bfd 3 200 200
 neighbor 2001:db8:ffff::1 remote-as 64500
 neighbor 2001:db8:ffff::1 timers connect 2
 neighbor 2001:db8:ffff::1 bfd 3 200 200
 address-family ipv4 unicast
  neighbor 10.99.0.1 activate
  network 45.12.0.0/24
 exit-address-family
 address-family ipv6 unicast
  neighbor 2001:db8:ffff::1 activate
 exit-address-family
"""

HUB = """
hub: {name: Watched, short_name: BFD, asn: 64500, router_id: 10.99.0.1, country: PK, data_directory: %(d)s/data}
listen: {bgp: ["10.99.0.1:179", "[2001:db8:ffff::1]:179"], http: none, control_socket: %(d)s/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/24, ipv6: "2001:db8:ffff::/64"}]
policy: {allow_asns: [64496-65534]}
members:
"""

MEMBER = """
  - asn: %(asn)d
    name: %(name)s
    kind: access
    ports: [{id: p%(n)d, speed: 10G, ipv4: 10.99.0.%(n)d, ipv6: "2001:db8:ffff::%(n)d"}]
    sessions:
      - {id: %(name)s-4, address: 10.99.0.%(n)d, families: [ipv4], connect_retry_s: 2, passive: false, graceful_restart: no, %(bfd)s}
      - {id: %(name)s-6, address: "2001:db8:ffff::%(n)d", families: [ipv6], connect_retry_s: 2, passive: false,
         graceful_restart: no, %(bfd)s}
"""


def ok(good, name, detail=""):
    COUNT["ok" if good else "not ok"] += 1
    print("%sok %d - %s" % ("" if good else "not ", sum(COUNT.values()), name))
    if not good and detail:
        print("# " + str(detail).replace("\n", "\n# "))
    sys.stdout.flush()
    return good


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def start(log, *words):
    with open(log, "wb") as out:
        STARTED.append(subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT))


def wait(condition, seconds=30):
    end = time.monotonic() + 6 * seconds  # that is for a machine that is slow, or busy
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def inside(n, *words):
    return ("ip", "netns", "exec", "m%d" % n) + words


def lay_lan(numbers):
    """A bridge with the hub and one cable to each member."""
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    os.mkdir("/run/netns")
    for setting in ("all", "default"):
        with open("/proc/sys/net/ipv6/conf/%s/accept_dad" % setting, "w", encoding="ascii") as out:
            out.write("0")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "lan", "type", "bridge")
    run("ip", "address", "add", "10.99.0.1/24", "dev", "lan")
    run("ip", "address", "add", "2001:db8:ffff::1/64", "dev", "lan", "nodad")
    run("ip", "link", "set", "lan", "up")
    for n in numbers:
        run("ip", "netns", "add", "m%d" % n)
        run("ip", "link", "add", "tom%d" % n, "type", "veth", "peer", "name", "eth0", "netns", "m%d" % n)
        run("ip", "link", "set", "tom%d" % n, "master", "lan", "up")
        run(*inside(n, "ip", "link", "set", "lo", "up"))
        run(*inside(n, "ip", "address", "add", "10.99.0.%d/24" % n, "dev", "eth0"))
        run(*inside(n, "ip", "address", "add", "2001:db8:ffff::%d/64" % n, "dev", "eth0", "nodad"))
        run(*inside(n, "ip", "link", "set", "eth0", "up"))


def carry(n, yes):
    """A port of the bridge passes frames, or none; either way the cable has light."""
    run("bridge", "link", "set", "dev", "tom%d" % n, "state", "3" if yes else "0")


class Hub:
    def __init__(self, directory):
        self.directory = directory
        self.file, self.log = directory + "/hub.yaml", directory + "/sarai.log"
        with open(self.file, "w", encoding="ascii") as out:
            out.write(HUB % {"d": directory})
            bfd = "bfd: yes, bfd_transmit_ms: 200, bfd_receive_ms: 200"
            for n, name in ((11, "BIRD"), (12, "FRR")):
                out.write(MEMBER % {"n": n, "asn": 64600 + n, "name": name, "bfd": bfd})
        start(self.log, "build/sarai", "run", self.file)
        wait(lambda: os.path.exists(directory + "/sarai.sock"), 20)

    def lines(self, *words):
        with open(self.log, encoding="utf-8") as log:
            return sum(all(word in line for word in words) for line in log)

    def up(self):
        text = run("build/sarai", "-j", "-s", self.directory + "/sarai.sock", "show", "members")
        try:
            found = json.loads(text).get("members", [])
        except ValueError:
            return 0
        return sum(one["state"] == "established" for member in found for one in member["sessions"])


def birdc(directory, *words):
    return run("birdc", "-s", directory + "/bird.ctl", *words)


def vtysh(directory, daemon, *commands):
    words = [word for command in commands for word in ("-c", command)]
    return run("vtysh", "--vty_socket", directory + "/frr", "-d", daemon, *words)


def begin_bird(directory):
    with open(directory + "/bird.conf", "w", encoding="ascii") as out:
        out.write(BIRD)
    start(directory + "/bird.log", *inside(11, "bird", "-f", "-c", directory + "/bird.conf", "-s", directory + "/bird.ctl"))


def begin_frr(directory):
    """Its bgpd hears of BFD through zebra. They become a user of their own, who is to find everything."""
    folder = directory + "/frr"
    os.chmod(directory, 0o755)
    for place in (folder, "/run/frr"):
        os.mkdir(place)
        shutil.chown(place, "frr", "frr")
    for daemon, text, more in (("zebra", "", ()), ("bfdd", "", ("--bfdctl", folder + "/bfdd.sock")), ("bgpd", FRR, ())):
        with open("%s/%s.conf" % (directory, daemon), "w", encoding="ascii") as out:
            out.write(text)
        start("%s/frr-%s.log" % (directory, daemon),
              *inside(12, "/usr/lib/frr/" + daemon, "-f", "%s/%s.conf" % (directory, daemon), "-z", folder + "/zserv.api", "-i",
                      "%s/%s.pid" % (folder, daemon), "--vty_socket", folder, "-A", "127.0.0.1", *more))
        wait(lambda name=daemon: os.path.exists("%s/%s.vty" % (folder, name)), 10)


def frr_has(directory, prefix):
    return "Paths:" in vtysh(directory, "bgpd", "show bgp ipv4 unicast " + prefix)


def broken_cable(directory, hub):
    ok(wait(lambda: frr_has(directory, "45.11.0.0/24")), "FRR has BIRD's route")
    carry(11, False)
    begun = time.monotonic()
    ok(wait(lambda: hub.lines("BIRD-4 ", "BFD is down: control detection time expired") and
            hub.lines("BIRD-6 ", "BFD is down: control detection time expired"), 5),
       "a cable that carries nothing is noticed, for IPv4 and IPv6")
    ok(wait(lambda: not frr_has(directory, "45.11.0.0/24"), 5), "and the routes of its member are gone for the others")
    took = time.monotonic() - begun
    ok(took < 60, "long before the hold time, after %.2f s" % took)
    ok(hub.lines("BIRD-4 ", "down: sent Cease: BFD down") == 1 and hub.lines("BIRD-6 ", "down: sent Cease: BFD down") == 1,
       "9384: the sessions ended with Cease, BFD down")
    ok(wait(lambda: birdc(directory, "show", "bfd", "sessions").count(" Up ") == 0, 5), "BIRD notices too")
    ok(hub.up() == 2, "FRR's sessions stay")
    carry(11, True)
    ok(wait(lambda: hub.up() == 4 and hub.lines("BIRD-4 ", "BFD is up") == 2 and hub.lines("BIRD-6 ", "BFD is up") == 2, 60),
       "when it carries again the sessions come back, and BFD with them")


def operator(directory, hub):
    downs = hub.lines(" down: ")
    for address in ("10.99.0.1", "2001:db8:ffff::1"):
        local = "10.99.0.12" if "." in address else "2001:db8:ffff::12"
        vtysh(directory, "bfdd", "configure terminal", "bfd", "peer %s local-address %s interface eth0" % (address, local), "shutdown")
    ok(wait(lambda: hub.lines("FRR-4 ", "BFD was taken away by the other side") == 1 and
            hub.lines("FRR-6 ", "BFD was taken away by the other side") == 1, 10),
       "an operator at the other side takes BFD away", vtysh(directory, "bfdd", "show bfd peers"))
    time.sleep(2)
    ok(hub.up() == 4 and hub.lines(" down: ") == downs, "5882 3.2: and no session goes down for it")
    run("sed", "-i", "s/bfd: yes/bfd: no/", hub.file)
    run("build/sarai", "-s", directory + "/sarai.sock", "apply", hub.file)
    ok(wait(lambda: "AdminDown" in birdc(directory, "show", "bfd", "sessions") or
            birdc(directory, "show", "bfd", "sessions").count(" Down ") == 2, 5),
       "ours takes it away: BIRD is told", birdc(directory, "show", "bfd", "sessions"))
    # BIRD 2.0 ends its sessions for that, too; they have to come back, without BFD.
    time.sleep(1)
    ok(wait(lambda: hub.up() == 4, 30), "and all sessions are there without it")


def forged(directory, hub):
    peers = json.loads(vtysh(directory, "bfdd", "show bfd peers json") or "[]")
    known = [peer.get("remote-id", 0) for peer in peers if peer.get("peer") == "10.99.0.1"]
    ok(len(known) == 1 and known[0], "FRR knows our discriminator", peers)
    run(*inside(12, "python3", "-c", FORGE, "10.99.0.1", str(known[0] if known else 1), "254"))
    time.sleep(1)
    ok(not hub.lines("FRR-4 ", "BFD is down"), "5881 5: what comes from further away does not count")
    run(*inside(12, "python3", "-c", FORGE, "10.99.0.1", str(known[0] if known else 1), "255"))
    ok(wait(lambda: hub.lines("FRR-4 ", "BFD is down: neighbour signalled down") == 1, 5), "the same from next door does")
    ok(wait(lambda: hub.up() == 4 and hub.lines("FRR-4 ", "BFD is up") == 2, 60), "and is mended by itself")


def checks(directory, hub):
    names = [name + family for name in ("BIRD", "FRR") for family in ("-4 ", "-6 ")]
    up = wait(lambda: hub.up() == 4 and all(hub.lines(name, "BFD is up") for name in names), 60)
    if not ok(up, "four sessions are established, with BFD up for each"):
        return
    ok(birdc(directory, "show", "bfd", "sessions").count(" Up ") == 2, "as BIRD sees it")
    ok(wait(lambda: vtysh(directory, "bfdd", "show bfd peers").count("Status: up") == 2, 10), "and FRR")
    ports = re.findall(r"10\.99\.0\.1:(\d+)", run("ss", "-lunaH"))
    ok(len(ports) == len(set(ports)) == 2 and all(int(port) >= 49152 for port in ports),
       "5881 4: each session sends from a port of its own", ports)
    broken_cable(directory, hub)
    forged(directory, hub)
    operator(directory, hub)


def main():
    directory = tempfile.mkdtemp()
    try:
        lay_lan((11, 12))
        hub = Hub(directory)
        begin_bird(directory)
        begin_frr(directory)
        checks(directory, hub)
        if COUNT["not ok"]:
            for name in ("sarai", "bird", "frr-zebra", "frr-bfdd", "frr-bgpd"):
                with open("%s/%s.log" % (directory, name), encoding="utf-8", errors="replace") as log:
                    print("".join("# %s: %s" % (name, line) for line in log.readlines()[-25:]))
    finally:
        for process in reversed(STARTED):
            process.terminate()
        for process in STARTED:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(directory, ignore_errors=True)
    print("1..%d" % sum(COUNT.values()))
    return 1 if COUNT["not ok"] else 0


sys.exit(main())
