#!/usr/bin/env python3
"""What is cut, drained and worked at outlives every end of the hub: it is stopped and started, each process is killed, all are killed at
once, and it is away for longer than a plan is good. Members hear the same exits after as before, none hears one over what is cut in
between, the journal of ways says the same, exits carry as many routes, and what crossed what before that is told as it was. Prints TAP."""
import csv
import json
import os
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time

import lan
from lan import SARAI, ok, wait
from speaker import IPV4, Speaker, graceful_restart
from way_audit import whole

PREFIX = "198.18.1.0/24"
UPSTREAMS, CUSTOMERS = (1, 2), (3, 4, 5)  # in Frankfurt and Singapore; Karachi, Islamabad, Almaty
FRANKFURT, SINGAPORE = "192.0.2.11", "192.0.2.12"
BIN = 5  # seconds
ROOMS = ("exchange", "corridor", "ledger", "web", "meter")


def segments_of(*names):
    """These, and all that end in Singapore."""
    with open("examples/silkroad/segments.csv", encoding="utf-8") as table:
        return set(names) | {row["id"] for row in csv.DictReader(table) if "SIN" in (row["a"], row["b"])}


class Member(Speaker):
    """Member n of examples/transit.yaml, who comes back by itself. Upstreams announce the prefix; the one in Singapore is the better one where
    nobody steers."""

    def __init__(self, n, port):
        super().__init__(n, graceful_restart(120, IPV4))
        self.asn, self.local, self.remote, self.port = 64510 + n, "127.0.1.%d" % n, "127.0.0.1", port
        self.ident, self.hop = "192.0.2.%d" % (20 - n), "192.0.2.%d" % (10 + n)
        self.heard = []  # (when, next hop) of the prefix, over all sessions
        threading.Thread(target=self.keep, daemon=True).start()

    def keep(self):
        while True:
            self.session()
            time.sleep(0.1)

    def session(self):
        with socket.socket() as one:
            try:
                one.bind((self.local, 0))
                one.settimeout(5)
                one.connect((self.remote, self.port))
            except OSError:
                return
            self.begin(one)
            while not self.closed and not self.up:
                time.sleep(0.02)
            if self.up and self.n in UPSTREAMS:
                self.announce(PREFIX, path=(210000,), next_hop=self.hop)
            self.end_of_rib()
            while not self.closed:
                time.sleep(0.02)

    def update(self, body):
        super().update(body)
        if PREFIX in self.routes:
            self.heard.append((time.monotonic(), self.routes[PREFIX].next_hop))

    def exit(self):
        route = self.has(PREFIX)
        return route.next_hop if route and self.up else ""


class Traffic(threading.Thread):
    """What Indus sends to Frankfurt, sampled by the switch (sFlow version 5)."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to, self.sequence, self.began = ("127.0.0.1", port), 0, time.monotonic()
        self.start()

    def run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind(("127.0.2.1", 0))
            while True:
                self.sequence += 1
                one.sendto(self.datagram(), self.to)
                time.sleep(0.5)

    def datagram(self):
        frame = bytes.fromhex("00005e00530100005e0053030800") + struct.pack(
            ">BBHHHBBH4s4s", 0x45, 0, 986, 0, 0, 64, 17, 0, socket.inet_aton("198.18.200.1"), socket.inet_aton("198.18.1.1"))
        frame += bytes(-len(frame) % 4)
        header = struct.pack(">IIII", 1, 1000, 4, 34) + frame  # Ethernet, its length, the checksum, what was sampled of it
        record = struct.pack(">II", 1, len(header)) + header
        sample = struct.pack(">IIIIIIII", self.sequence, 3, 100, 100 * self.sequence, 0, 3, 1, 1) + record
        return (struct.pack(">II4sIIII", 5, 1, socket.inet_aton("127.0.2.1"), 0, self.sequence,
                            int((time.monotonic() - self.began) * 1000) + 1, 1) + struct.pack(">II", 1, len(sample)) + sample)


class Hub(lan.Hub):
    """examples/transit.yaml on ports of this test's own."""

    def write(self):
        here = os.getcwd()
        self.port = int(subprocess.check_output(["bash", "-c", ". tests/live/ports.sh; free_ports 5"]))
        with open("examples/transit.yaml", encoding="utf-8") as example:
            text = example.read()
        for old, new in (("./var/transit", self.directory + "/data"), ("var/sarai.sock", self.directory + "/sarai.sock"),
                         ("  data_directory:", "  bin_length_s: %d\n  data_directory:" % BIN),
                         ("127.0.0.1:1790", "127.0.0.1:%d" % self.port), ("[::1]:1790", "[::1]:%d" % self.port),
                         ("127.0.0.1:6343", "127.0.0.1:%d" % (self.port + 1)), ("127.0.0.1:8080", "127.0.0.1:%d" % (self.port + 2)),
                         ("csv: silkroad", "csv: %s/examples/silkroad" % here)):
            assert old in text
            text = text.replace(old, new)
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(text)

    def again(self):
        self.process = lan.start(self.directory + "/sarai.log", SARAI, "run", self.file)

    def processes(self):
        return [self.process.pid] + [one["pid"] for one in self.rooms().values() if one.get("pid")]

    def orders(self):
        return sorted(json.dumps(one, sort_keys=True) for one in self.ask("corridor", "steer").get("orders", []))

    def steer(self):
        return self.ask("show", "steer")

    def ways(self):
        """Every exit from every place as the exchange goes by it, but for what is measured."""
        return sorted((place["site"], place["member_asn"], one["exit"], one["metric"], one["closed"], one["backup"], tuple(one["way"]))
                      for place in self.steer().get("ingresses", []) for one in place["exits"])

    def carried(self):
        """Routes of each exit. Those that plans moved are counted by the exchange that moved them."""
        return [(one["exit"], one["up"], one["routes"]) for one in self.ask("show", "steer", "exits") or []]

    def way(self, window):
        """What the traffic of Indus crossed in that time."""
        told = self.ask("ledger", "way", "64513", "--from", stamp_of(window[0]), "--to", stamp_of(window[1])) if window else {}
        return next((one["way"] for one in told.get("proofs", [])), {})

    def by_plan(self):
        return self.steer().get("state") == "by plan"


class Watch(threading.Thread):
    """What `show steer` says, all the time."""

    def __init__(self, hub, cut):
        super().__init__(daemon=True)
        self.hub, self.cut, self.states, self.over, self.looks, self.ends = hub, cut, set(), [], 0, False
        self.start()

    def run(self):
        while not self.ends:
            told = self.hub.steer()
            if told:
                self.looks += 1
                self.states.add(told["state"])
                self.over += over(self.cut, told.get("ingresses", []))
            time.sleep(0.1)

    def end(self):
        self.ends = True
        self.join()


def over(cut, places):
    return [(place["site"], one["exit"], segment) for place in places for one in place["exits"] for segment in one["way"] if segment in cut]


def journal(directory):
    """What the journal of ways says, each entry as a whole."""
    wholes, said = {}, []
    with sqlite3.connect("file:%s/data/ways.sqlite?mode=ro" % directory, uri=True, timeout=30) as base:
        for number, body in base.execute("SELECT number, body FROM entry ORDER BY number"):
            ways = json.loads(body)
            if "since" in ways:
                ways = whole(wholes[ways["since"]], ways)
            else:
                wholes[number] = ways
            said.append(ways)
    return said


def rows(entry):
    """The ways of an entry of that journal."""
    return sorted((w["site"], w["asn"], w["to"], json.dumps(w["segments"])) for w in entry["ways"])


class World:
    """The hub, its members, and how all was before something ends."""

    def __init__(self, hub, members):
        self.hub, self.members, self.cut, self.before, self.count, self.since = hub, members, segments_of("M08", "K14", "R07"), None, 0, 0
        self.window = None  # in which traffic was measured, and all of it is in the ledger

    def exits(self):
        return {n: self.members[n].exit() for n in CUSTOMERS}

    def picture(self):
        said = journal(self.hub.directory)
        return {"orders": self.hub.orders(), "ways": self.hub.ways(), "exits": self.exits(), "journal": rows(said[-1]) if said else [],
                "routes by exit": self.hub.carried(), "way of the traffic": self.hub.way(self.window)}

    def settled(self):
        """All is as it was."""
        now = self.picture()
        return now == self.before and self.hub.by_plan()

    def play(self, what, deed):
        """Does it; nobody may be told anything else meanwhile."""
        self.count, self.since = len(journal(self.hub.directory)), time.monotonic()
        watch = Watch(self.hub, self.cut)
        deed()
        good = wait(lambda: self.hub.rooms_up() and self.settled(), 20)
        now = self.picture()
        for part, before in self.before.items():
            ok(good or now[part] == before, "%s: as before: %s" % (what, part), "%s\nbefore: %s" % (now[part], before))
        time.sleep(1)
        watch.end()
        ok(watch.looks and watch.states <= {"no plan", "by plan", "held"}, "%s: a plan is in force whenever the hub is asked, or awaited" % what, watch.states)
        ok(not watch.over, "%s: no way is over what is cut" % what, watch.over[:9])
        astray = [(n, heard) for n in CUSTOMERS for heard in self.members[n].heard if heard[0] >= self.since and heard[1] != FRANKFURT]
        ok(not astray, "%s: no member hears of the exit behind the cut" % what, astray[:9])
        new = journal(self.hub.directory)[self.count:]
        wrong = [w for entry in new for w in entry["ways"] if set(w["segments"] or []) & self.cut]
        ok(not wrong, "%s: nor does the journal of ways say so" % what, wrong[:9])
        print("# %s: the journal has %s more" % (what, [one["why"] for one in new]))


def stamp_of(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


def stamp(seconds):
    return stamp_of(time.time() + seconds)


def measured(world):
    """Four bins of traffic: they are in the ledger when the next one is."""
    begin = (int(time.time()) // BIN + 1) * BIN
    world.window = (begin, begin + 4 * BIN)
    later = (world.window[1], world.window[1] + BIN)
    ok(wait(lambda: world.hub.way(later).get("in_octets"), 40), "traffic is measured", world.hub.way(later))
    way = world.hub.way(world.window)
    ok(way.get("in_octets") and way["unknown"]["octets"] == 0 and way["cables"], "and it is known what it crossed", way)


def ordered(world):
    """A cut, several things in one order, what is drained, and work that is planned, and that has begun."""
    hub = world.hub
    for words in (("cut", "M08", "--reason", "an anchor"), ("cut", "K14,R07,site:SIN", "--until", stamp(86400)),
                  ("drain", "M01,cable:CCS"), ("work", "L05", "--from", stamp(86400), "--until", stamp(90000)),
                  ("work", "K06", "--from", stamp(2), "--until", stamp(7200))):
        print("# " + hub.say("corridor", *words).strip().replace("\n", ", "))
    ok(len(hub.orders()) == 8, "orders stand", hub.say("corridor", "steer"))
    ok(wait(lambda: set(world.exits().values()) == {FRANKFURT}, 10), "all customers leave by Frankfurt, as they would not without them",
       world.exits())
    ok(wait(lambda: "work begins" in hub.ask("corridor", "steer").get("plan", {}).get("why", "work begins"), 10), "work begins")
    time.sleep(3)


def killed(hub, room):
    before = hub.rooms()[room]["pid"]
    os.kill(before, signal.SIGKILL)
    ok(wait(lambda: hub.rooms().get(room, {}).get("pid", before) not in (before, 0), 20), "%s is killed, and is another process" % room)


def kill_all(hub):
    for process in hub.processes():
        os.kill(process, signal.SIGKILL)
    hub.process.wait(30)


def stop(hub):
    hub.process.terminate()
    ok(hub.process.wait(60) == 0, "the hub is stopped")


def checks(directory):
    hub = Hub(directory, [])
    if not hub.begin():
        return
    world = World(hub, {n: Member(n, hub.port) for n in UPSTREAMS + CUSTOMERS})
    if not ok(wait(lambda: all(one.up for one in world.members.values()) and hub.by_plan(), 20), "members are connected, and there is a plan"):
        return
    ok(wait(lambda: SINGAPORE in world.exits().values(), 10), "some customer leaves by Singapore", world.exits())
    Traffic(hub.port + 1)
    ordered(world)
    measured(world)
    world.before = world.picture()
    ok(sum(routes for _, _, routes in world.before["routes by exit"]) > 0, "exits carry routes", world.before["routes by exit"])

    def again(end, away_s=0.0):
        end(hub)
        time.sleep(away_s)
        hub.again()

    world.play("stopped and started", lambda: again(stop))
    for room in ROOMS:
        world.play(room + " killed", lambda room=room: killed(hub, room))
    world.play("all killed at once", lambda: again(kill_all))
    # Longer than a plan is good for and held: the one on disk is overdue when the hub begins, and nobody is told routes before the next.
    world.play("killed and long away", lambda: again(kill_all, 17))
    world.play("stopped and long away", lambda: again(stop, 17))
    ok("sound" in hub.say("ledger", "verify"), "both journals are sound", hub.say("ledger", "verify"))


if __name__ == "__main__":
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    lan.play(checks)
