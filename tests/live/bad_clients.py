#!/usr/bin/env python3
"""What connects to the hub, or is connected to by it, and misbehaves: BMP stations that hang up at once, that talk back and that
never read; clients of the control socket that say nonsense, too much or nothing, and do not read. Members do not notice. Prints
TAP."""
import random
import socket
import threading
import time

import lan
from lan import ok, wait
from speaker import Speaker, attribute

STATIONS = {"closes": 11001, "talks": 11002, "sleeps": 11003, "listens": 11004}
NONSENSE = [b"", b"\n", b"\n\n\n\n", b"\t\t\t\n", b"show\tstatus\n", b"text\n", b"text\tshow\tstatus", b"json\tno\tsuch\tthing\n",
            b"text\tshow\tstatus\0\n", b"\xff\xfe\xfd\n", b"text\t" + b"a" * 8000 + b"\n", b"text\t" + b"a" * 9000 + b"\n",
            b"text" + b"\tx" * 40 + b"\n", b"x" * 1000000, b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
            b"json\tshow\troutes\twithin\t999.1.1.1/99\n", b"json\tshow\tmember\t-1\n", b"json\tshow\tmember\t99999999999\n",
            b"text\tshow\tstatus\ntext\tshow\tstatus\n", b"text\texplain\t45.0.0.0/8\tfrom\t\xc0\xaf\tto\t1\n"]


class Stations:
    """The four of them. `met` counts connections, `heard` octets."""

    def __init__(self):
        self.met, self.heard, self.held = dict.fromkeys(STATIONS, 0), dict.fromkeys(STATIONS, 0), []
        for name, port in STATIONS.items():
            listener = socket.create_server(("127.0.0.1", port))
            if name == "sleeps":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            threading.Thread(target=self.serve, args=(name, listener), daemon=True).start()

    def serve(self, name, listener):
        while True:
            one, _ = listener.accept()
            self.met[name] += 1
            if name == "closes":
                one.close()
            elif name == "sleeps":
                self.held.append(one)
            else:
                if name == "talks":
                    threading.Thread(target=self.talk, args=(one,), daemon=True).start()
                threading.Thread(target=self.listen, args=(name, one), daemon=True).start()

    @staticmethod
    def talk(one):
        try:
            for _ in range(500):
                one.sendall(random.randbytes(65536))
        except OSError:
            pass

    def listen(self, name, one):
        try:
            while octets := one.recv(1 << 18):
                self.heard[name] += len(octets)
        except OSError:
            pass


def memory_of(hub):
    with open("/proc/%d/status" % hub.rooms()["exchange"]["pid"], encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def churn(feeder, observer, rounds):
    """Changes 500 routes over and over. The worst time until the last was heard, in s."""
    prefixes = ["45.%d.%d.0/24" % (i // 250, i % 250) for i in range(500)]
    worst = 0
    for number in range(rounds):
        begin = time.monotonic()
        for first in range(0, 500, 25):
            feeder.announce(*prefixes[first:first + 25], path=(200000 + number, first + 1), raw=attribute(0xc0, 199, bytes(1500)))
        wait(lambda: observer.has(prefixes[-1]) and observer.has(prefixes[-1]).path[1] == 200000 + number, 10)
        worst = max(worst, time.monotonic() - begin)
    return worst


def stations(hub, all_stations, feeder, observer):
    ok(wait(lambda: all(all_stations.met.values()), 10), "four stations are connected to", all_stations.met)
    churn(feeder, observer, 20)
    before, begin = memory_of(hub), time.monotonic()
    worst = churn(feeder, observer, 150)
    took = time.monotonic() - begin
    ok(worst < 20, "members hear all changes while stations misbehave, the slowest of 150 rounds in %.2f s" % worst)
    ok(memory_of(hub) - before < 16 * 1024, "a station that never reads costs a bounded amount of memory",
       [before, memory_of(hub)])
    ok(wait(lambda: all_stations.heard["listens"] > 1000000, 10), "one that listens hears it all", all_stations.heard)
    ok(all_stations.met["closes"] < 4 + took / 2, "one that hangs up is called less and less often", [took, all_stations.met])
    ok(hub.up("s21", "s22"), "all sessions are up")


def ask_raw(path, octets, linger=0.3):
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(linger)
        try:
            one.connect(path)
            one.sendall(octets)
            one.shutdown(socket.SHUT_WR)
            return one.recv(4096)
        except OSError:
            return b""


def clients(hub):
    path = hub.directory + "/sarai.sock"
    wrong = [octets[:60] for octets in NONSENSE
             if not octets.startswith(b"text\tshow\tstatus") and ask_raw(path, octets).startswith(b"ok")]
    ok(not wrong, "no nonsense is answered with success", wrong)
    dice = random.Random(20261121)
    for _ in range(200):
        ask_raw(path, dice.randbytes(dice.randrange(1, 300)) + b"\n", 0.05)
    ok(hub.rooms_up(), "after 200 lines of noise it answers")
    idle = []
    for _ in range(300):
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(1)
        try:
            one.connect(path)
            one.sendall(b"text\tshow")
        except OSError:
            pass
        idle.append(one)
    ok(wait(lambda: hub.rooms_up(), 15),
       "beside 300 clients that do not end their line it answers when these have had their time")
    for one in idle:
        one.close()
    deaf = []
    for _ in range(20):
        one = socket.socket(socket.AF_UNIX)
        one.connect(path)
        one.sendall(b"json\tshow\troutes\tlimit\t100000\n")
        deaf.append(one)
    time.sleep(1)
    ok(hub.rooms_up() and hub.up("s21", "s22"), "beside 20 clients that do not read their answer, too")
    for one in deaf:
        one.close()
    restarts = {name: room["restarts"] for name, room in hub.rooms().items()}
    ok(not any(restarts.values()), "no room was restarted", restarts)


def checks(directory):
    all_stations = Stations()
    feeder, observer = Speaker(21), Speaker(22)
    lan.lay_lan([feeder, observer])
    rows = ", ".join("{name: %s, host: 127.0.0.1, port: %d, post_policy: true, loc_rib: true, statistics_s: 1}" % one
                     for one in STATIONS.items())
    hub = lan.Hub(directory, [feeder, observer], "policy: {allow_asns: [1-600, 64496-65534]}\nstations: [%s]" % rows)
    if not hub.begin():
        return
    feeder.connect()
    observer.connect()
    ok(wait(lambda: hub.up("s21", "s22"), 10), "two members are up")
    stations(hub, all_stations, feeder, observer)
    clients(hub)


lan.enter()
lan.play(checks)
