#!/usr/bin/env python3
"""What goes wrong on the wire and on the disk: a wrong TCP MD5 password, connections made by both ends at once (RFC 4271
section 6.8), hold times of 0 and 3 s, a member that takes nothing (RFC 9687), a flood of malformed UPDATEs, MRT files on a disk
that is full, and old ones. With BIRD, FRR, OpenBGPD and GoBGP. Prints TAP."""
import glob
import os
import socket
import struct
import threading
import time

import lan
from daemons import Bird, Frr, GoBgp, OpenBgpd
from lan import not_within, ok, run, wait
from speaker import MARKER, Speaker, attribute

DIALS = '{id: s%d, address: 10.99.0.%d, families: [ipv4], passive: no, connect_retry_s: 1%s}'
BIRD = """
router id %%(ip4)s;
protocol device {}
protocol static own { ipv4; route 45.%%(n)d.0.0/24 blackhole; }
protocol bgp rs4 { local %%(ip4)s as %%(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2; %s
	ipv4 { import all; export where source = RTS_STATIC; }; }
"""
ROUNDS = 3
FLOOD, FLOODS = 100000, 10


class Slow(Speaker):
    """Answers an OPEN late, so that those of two connections cross."""

    def take(self, kind, body):
        if kind == 1:
            time.sleep(1)
        super().take(kind, body)


class Silent(Speaker):
    """Says nothing once it is up."""

    def send(self, kind, body=b""):
        if kind != 4 or not self.up:
            super().send(kind, body)


def detail(hub, one):
    """All that is shown of its session."""
    found = hub.ask("show", "member", str(one.asn)).get("sessions", [])
    return found[0] if found else {}


def session_of(n, extra=""):
    return [DIALS % (n, n, ", " + extra if extra else "")]


def passwords(hub, wrong, none):
    ok(not_within(lambda: hub.up("s%d" % wrong.n) or hub.up("s%d" % none.n), 5),
       "BIRD with a wrong TCP MD5 password stays out, and so does one without")
    wrong.reconfigure(BIRD % 'password "salt and iron";')
    ok(wait(lambda: hub.up("s%d" % wrong.n), 15), "with the right one it comes in", hub.session("s%d" % wrong.n))
    wrong.reconfigure(BIRD % 'password "salt and rust";')
    ok(wait(lambda: not hub.up("s%d" % wrong.n), 10) and not_within(lambda: hub.up("s%d" % wrong.n), 4),
       "and with a wrong one it is out again")


def connections(member):
    return len(run("ss", "-Htn", "state", "established", "dst", member.ip4).split("\n")) - 1


def rivals(hub, daemons):
    """Both ends of each session call; again and again all begin anew in the same moment."""
    idents = ["s%d" % one.n for one in daemons]
    for number in range(ROUNDS):
        for one in daemons:
            hub.say("member", str(one.asn), "down")
        wait(lambda: not any(hub.up(ident) for ident in idents), 5)
        for one in daemons:
            hub.say("member", str(one.asn), "up")
            if one.kind == "OpenBGPD":  # it waits longer each time, if nobody asks it not to
                one.ask("neighbor", "10.99.0.1", "clear")
        wait(lambda: hub.up(*idents), 30)
        flaps = [hub.session(ident).get("flaps") for ident in idents]
        time.sleep(2)
        good = hub.up(*idents) and all(connections(one) == 1 for one in daemons)
        ok(good and flaps == [hub.session(ident).get("flaps") for ident in idents],
           "round %d: each of four daemons has one connection, and stays" % (number + 1),
           [[hub.session(ident), connections(one)] for ident, one in zip(idents, daemons)])


def collision(hub, speaker, ident, winner):
    """Two connections, ours and the hub's, whose OPENs cross. `winner`: which is to stay."""
    name = "s%d" % speaker.n
    theirs = Slow(speaker.n)
    with socket.create_server((speaker.ip4, 179)) as listener:
        listener.settimeout(10)
        hub.say("member", str(speaker.asn), "up")
        accepted, _ = listener.accept()
    speaker.ident = theirs.ident = ident
    speaker.connect()
    theirs.begin(accepted)
    wait(lambda: hub.up(name) and (speaker.notification or theirs.notification), 10)
    stays, goes = (speaker, theirs) if winner == "its" else (theirs, speaker)
    ok(stays.up and goes.notification and goes.notification[:2] == (6, 7),
       "identifier %s: of two connections %s stays, the other gets Cease/7" % (ident, winner),
       [speaker.up, speaker.notification, theirs.up, theirs.notification])
    hub.say("member", str(speaker.asn), "down")
    wait(lambda: not hub.up(name), 5)


def hold_times(hub, bird, frr, quick, never):
    ok(wait(lambda: hub.up("s%d" % bird.n, "s%d" % frr.n), 20), "BIRD and FRR come up with hold times of 3 s and none")
    ok([detail(hub, one)["agreed"]["hold_time_s"] for one in (bird, frr)] == [3, 0], "as agreed",
       [detail(hub, one) for one in (bird, frr)])
    flaps = [hub.session("s%d" % one.n).get("flaps") for one in (bird, frr)]
    quick.connect()
    never.connect()
    ok(wait(lambda: quick.up and never.up, 5), "two silent members are up")
    begin = time.monotonic()
    wait(lambda: quick.notification, 10)
    took = time.monotonic() - begin
    ok(quick.notification and quick.notification[:2] == (4, 0) and 2 < took < 60,
       "one with 3 s is closed after 3 s: hold timer expired",
       [quick.notification, took])
    time.sleep(4)
    ok(never.up and not never.notification, "one without is not")
    ok([hub.session("s%d" % one.n).get("flaps") for one in (bird, frr)] == flaps and hub.up("s%d" % bird.n, "s%d" % frr.n),
       "and the daemons' sessions hold")


def deaf_member(n, hold):
    """A session that is up and alive, whose socket nobody reads."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.bind(("10.99.0.%d" % n, 0))
    one.connect(("10.99.0.1", 179))
    capabilities = bytes([1, 4, 0, 1, 0, 1, 65, 4]) + struct.pack(">I", 64600 + n)
    one.sendall(MARKER + struct.pack(">HBBHH", 29 + 2 + len(capabilities), 1, 4, 64600 + n, hold)
                + socket.inet_aton("10.99.0.%d" % n)
                + bytes([2 + len(capabilities), 2, len(capabilities)]) + capabilities)
    one.sendall(MARKER + struct.pack(">HB", 19, 4))

    def live():
        try:
            while True:
                one.sendall(MARKER + struct.pack(">HB", 19, 4))
                time.sleep(1)
        except OSError:
            pass
    threading.Thread(target=live, daemon=True).start()
    return one


def stuck(hub, n, feeder, observer):
    one = deaf_member(n, 4)
    ident = "s%d" % n
    ok(wait(lambda: hub.up(ident), 5), "a member comes up that will read nothing", hub.session(ident))
    prefixes = ["48.%d.%d.0/24" % (i // 250, i % 250) for i in range(4000)]
    begin = time.monotonic()
    for number, prefix in enumerate(prefixes):  # more than the kernel keeps for it
        feeder.announce(prefix, path=(200000 + number,), raw=attribute(0xc0, 199, bytes(3500)))
    ok(wait(lambda: not hub.up(ident), 20) and 4 < time.monotonic() - begin, "it is closed when it took nothing for 6 s",
       [time.monotonic() - begin, hub.session(ident)])
    ok("send hold timer" in str(hub.session(ident)), "and the hub says why (RFC 9687)", hub.session(ident))
    ok(wait(lambda: all(observer.has(prefix) for prefix in prefixes), 5), "others have heard all that was said",
       len(observer.routes))
    one.close()
    for first in range(0, len(prefixes), 500):
        feeder.withdraw(*prefixes[first:first + 500])
    wait(lambda: not observer.has(prefixes[-1]), 5)


def malformed(asn, address, number):
    """UPDATEs of each kind of reaction in turn; NOT to any, so that only their reading is a load."""
    path = struct.pack(">BBII", 2, 2, asn, 210000 + number % 50)
    origin, hop = attribute(0x40, 1, b"\0"), attribute(0x40, 3, socket.inet_aton(address))
    good = origin + attribute(0x40, 2, path) + hop + attribute(0xc0, 8, struct.pack(">HH", 0, lan.RS))
    kinds = (good, attribute(0x40, 1, b"\3") + good[4:], good + attribute(0xc0, 7, bytes(7)), good + attribute(0x80, 213, b"abc"),
             origin + hop + attribute(0x40, 2, path[:-1]), good + b"\xc0\x10\xff", good + attribute(0xc0, 32, bytes(11)))
    attributes = kinds[number % len(kinds)]
    nlri = bytes([24, 45, 200 + number // 256 % 4, number % 256])
    return MARKER + struct.pack(">HBHH", 23 + len(attributes) + 4, 2, 0, len(attributes)) + attributes + nlri


def latency(feeder, observer, until):
    """How long a change takes to be heard, in ms, sorted; measured until a condition holds."""
    times, number = [], 0
    while not until(times):
        number += 1
        begin = time.monotonic()
        feeder.announce("45.91.0.0/24", med=number)
        while not (route := observer.has("45.91.0.0/24")) or route.med != number:
            if time.monotonic() - begin > 5:
                return times + [5000.0]
            time.sleep(0.0005)
        times.append(1000 * (time.monotonic() - begin))
        time.sleep(0.01)
    return sorted(times)


def memory_of(hub):
    with open("/proc/%d/status" % hub.rooms()["exchange"]["pid"], encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def flood(hub, attacker, feeder, observer):
    octets = b"".join(malformed(attacker.asn, attacker.ip4, number) for number in range(FLOOD))
    calm = latency(feeder, observer, lambda times: len(times) == 100)
    attacker.socket.settimeout(60)
    ended, sizes = threading.Event(), []

    def send():
        try:
            for _ in range(FLOODS):
                attacker.socket.sendall(octets)
                sizes.append(memory_of(hub))
        finally:
            ended.set()
    threading.Thread(target=send, daemon=True).start()
    busy = latency(feeder, observer, lambda times: ended.is_set())
    wait(lambda: hub.session("s%d" % attacker.n)["received_updates"] >= FLOOD * FLOODS, 20)
    seen = hub.session("s%d" % attacker.n)
    ok(hub.up("s%d" % attacker.n) and seen["received_updates"] >= FLOOD * FLOODS,
       "%d UPDATEs, most of them malformed, are read, and the session stays" % (FLOOD * FLOODS), seen)
    # How busy the machine is shows in the calm. Who had to wait for the flood's end would hear of few changes, and those late.
    before, during = calm[len(calm) // 2], busy[len(busy) // 2]
    ok(during < 100 + 10 * before, "others hear changes meanwhile: half of them within %.1f ms, before %.1f ms" % (during, before),
       "%d changes, the last of them %.0f ms" % (len(busy), busy[-1]))
    ok(len(sizes) == FLOODS and sizes[-1] - sizes[1] < 4096, "and the exchange does not grow with them", sizes)


def dumps(hub, folder, feeder):
    feeder.announce(*["46.%d.%d.0/24" % (i // 250, i % 250) for i in range(800)])
    for number in range(300):
        feeder.announce("47.0.%d.0/24" % (number % 250), path=(300000 + number,), raw=attribute(0xc0, 199, bytes(3000)))
    wait(lambda: hub.session("s%d" % feeder.n).get("accepted", 0) >= 1050, 10)
    old = [folder + "/" + name for name in ("rib.20200101.0000", "updates.20200101.0015.gz", "rib.20251231.2345")]
    mine = [folder + "/" + name for name in ("rib.2020", "notes.20200101.0000", "rib.99990101.0000")]
    for name in old + mine:
        with open(name, "wb"):
            pass

    def log():
        with open(hub.directory + "/sarai.log", encoding="utf-8") as lines:
            return lines.read()
    file = hub.ask("dump", "table").get("file", "none")
    ok(wait(lambda: os.path.basename(file) + ": cannot be written: No space left" in log(), 10),
       "a table on a full disk: the log says so",
       [file, os.listdir(folder)])
    ok(not glob.glob(folder + "/*rib*.part") and not os.path.exists(file) and not glob.glob(folder + "/.rib*"),
       "nothing of it is left",
       os.listdir(folder))
    ok(hub.up("s%d" % feeder.n) and hub.rooms()["exchange"]["restarts"] == 0, "and BGP does not care", hub.rooms())
    ok(all(os.path.exists(name) for name in old), "old files stay until there is a new one")
    run("mount", "-o", "remount,size=64m", folder)
    time.sleep(1)
    file = hub.ask("dump", "table").get("file", "none")
    ok(wait(lambda: os.path.exists(file), 10), "when there is room a table is written", os.listdir(folder))
    held = sum(one["accepted"] for member in hub.ask("show", "members")["members"] for one in member["sessions"])
    ok('"ipv4":%d' % held in run(lan.SARAI, "mrt", "-j", "--summary", file).replace(" ", ""), "with all %d routes" % held,
       run(lan.SARAI, "mrt", "-j", "--summary", file))
    ok(wait(lambda: not any(os.path.exists(name) for name in old), 5) and all(os.path.exists(name) for name in mine),
       "files older than keep_days are gone then, and nothing else", os.listdir(folder))


def checks(directory):
    folder = directory + "/mrt"
    wrong = Bird(11, BIRD % 'password "salt and rust";', session_of(11, 'md5: "salt and iron"'))
    none = Bird(12, BIRD % "", session_of(12, 'md5: "salt and iron"'))
    daemons = [Bird(13, sessions=session_of(13)), Frr(14, sessions=session_of(14)), OpenBgpd(15, sessions=session_of(15)),
               GoBgp(16, sessions=session_of(16))]
    three = Bird(17, BIRD % "hold time 3; keepalive time 1;", session_of(17))
    zero = Frr(18, Frr.text.replace("timers connect 1", "timers 0 0\n neighbor 10.99.0.1 timers connect 1"), session_of(18))
    quick, never = Silent(41, hold=3), Silent(42, hold=0)
    double, attacker = Slow(43), Silent(47)
    deaf, feeder, observer = [Speaker(n) for n in (44, 45, 46)]
    double.sessions = session_of(43)
    deaf.sessions = ['{id: s44, address: 10.99.0.44, families: [ipv4], hold_time_s: 4, send_hold_time_s: 6}']
    speakers = [quick, never, double, deaf, feeder, observer, attacker]
    lan.lay_lan([wrong, none] + daemons + [three, zero] + speakers)
    os.mkdir(folder)
    run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder)
    os.chmod(folder, 0o777)
    hub = lan.Hub(directory, [wrong, none] + daemons + [three, zero] + speakers, "policy: {allow_asns: [64496-65534]}\n"
                  "dumps: {directory: %s, table_every_s: 0, updates_every_s: 0, keep_days: 2, compress: no}" % folder)
    if not hub.begin():
        return
    for one in [wrong, none] + daemons + [three, zero]:
        one.begin(directory)
    for one in (feeder, observer, attacker):
        one.connect()
    ok(wait(lambda: feeder.up and observer.up and attacker.up, 5), "three speakers are there")
    passwords(hub, wrong, none)
    rivals(hub, daemons)
    collision(hub, double, "10.99.0.43", "its")
    collision(hub, double, "10.98.0.43", "the hub's")
    hold_times(hub, three, zero, quick, never)
    stuck(hub, deaf.n, feeder, observer)
    flood(hub, attacker, feeder, observer)
    dumps(hub, folder, feeder)


lan.enter()
lan.play(checks)
