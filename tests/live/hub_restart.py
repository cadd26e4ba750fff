#!/usr/bin/env python3
"""The hub itself restarts, by kill -9 of its exchange and by `sarai upgrade`: members that speak graceful restart keep every
route throughout, and hold the same afterwards (RFC 4724). Prints TAP."""
import os
import signal
import threading
import time
import urllib.request

import lan
from daemons import Bird, Frr, OpenBgpd
from lan import ok, wait
from speaker import IPV4, Speaker, graceful_restart

ROUTES = 400
BIRD = Bird.text.replace("connect delay", "%s connect delay")
OVER_IPV6 = """
router id %(ip4)s;
protocol device {}
protocol static own4 { ipv4; route 45.%(n)d.0.0/24 blackhole; }
protocol static own6 { ipv6; route 2a10:%(n)d::/32 blackhole; }
protocol bgp rs6 { local %(ip6)s as %(asn)d; neighbor 2001:db8:ffff::1 as 64500; connect delay time 1; graceful restart on;
	ipv4 { import all; export where source = RTS_STATIC; extended next hop on; };
	ipv6 { import all; export where source = RTS_STATIC; }; }
"""
BOTH = '{id: s%d, address: "2001:db8:ffff::%d", families: [ipv4, ipv6], passive: no, connect_retry_s: 2}'


class Watch(threading.Thread):
    """Counts a member's routes every 50 ms."""

    def __init__(self, count):
        super().__init__(daemon=True)
        self.count, self.seen, self.ends = count, [], False
        self.start()

    def run(self):
        while not self.ends:
            self.seen.append(self.count())
            time.sleep(0.05)

    def end(self):
        self.ends = True
        self.join()
        return self.seen


class Keeper(threading.Thread):
    """Keeps a speaker connected, as a router would be."""

    def __init__(self, speaker, prefixes):
        super().__init__(daemon=True)
        self.speaker, self.prefixes = speaker, prefixes
        self.start()

    def run(self):
        while True:
            if self.speaker.connect() and wait(lambda: self.speaker.up or self.speaker.closed, 10) and self.speaker.up:
                for at in range(0, len(self.prefixes), 100):
                    self.speaker.announce(*self.prefixes[at:at + 100], path=(210000,))
                self.speaker.end_of_rib(IPV4)
                wait(lambda: self.speaker.closed, 3600)
            time.sleep(0.5)


def page_answers():
    try:
        with urllib.request.urlopen("http://127.0.0.1:8080/", timeout=2) as answer:
            return b"<html" in answer.read().lower()
    except OSError:
        return False


def restart(hub, what, restarted, members, everybody):
    """`restarted` restarts it; watched from before until all is as it was."""
    bird, frr, plain, over_ipv6 = members
    before = bird.table(), frr.table()
    watches = [Watch(bird.count), Watch(lambda: len(frr.table())), Watch(plain.count),
               Watch(lambda: over_ipv6.count("rs6"))]
    both = over_ipv6.count("rs6")
    time.sleep(0.5)
    restarted()
    ok(wait(lambda: hub.up(*everybody), 40), "%s: every session comes back" % what, hub.say("show", "members"))
    ok(wait(lambda: plain.count() == len(before[0]), 30), "who has no graceful restart has all routes again", plain.count())
    time.sleep(3)  # for End-of-RIBs, and what might be withdrawn after them
    wait(lambda: all(len(watch.seen) >= 30 for watch in watches))
    kept = [watch.end() for watch in watches]
    for name, seen in (("BIRD", kept[0]), ("FRR", kept[1])):
        ok(len(seen) >= 30 and min(seen) == len(before[0]), "%s: %s never missed a route" % (what, name),
           "%d looks, at least %d of %d routes" % (len(seen), min(seen), len(before[0])))
    ok(len(kept[3]) >= 30 and min(kept[3]) == both, "nor did BIRD of either family on a session of IPv6",
       "%d looks, at least %d of %d routes" % (len(kept[3]), min(kept[3]), both))
    ok(min(kept[2]) == 0, "who has none lost them meanwhile", min(kept[2]))
    ok((bird.table(), frr.table()) == before, "the tables are the same as before")
    ok(wait(hub.rooms_up, 10), "every room is up", hub.say("show", "status"))
    ok(wait(page_answers, 10), "the page answers")


def checks(directory):
    bird, frr = Bird(11, BIRD.replace("%s", "graceful restart on;")), Frr(12)
    plain, openbgpd = Bird(13, BIRD.replace("%s", "graceful restart off;")), OpenBgpd(14)
    sender = Speaker(21, graceful_restart(60, IPV4))
    over_ipv6, other = [Bird(n, OVER_IPV6, [BOTH % (n, n)]) for n in (15, 16)]
    members = [bird, frr, plain, openbgpd, over_ipv6, other]
    lan.lay_lan(members + [sender])
    hub = lan.Hub(directory, members + [sender])
    if not hub.begin():
        return
    for one in members:
        one.begin(directory)
    Keeper(sender, ["45.%d.%d.0/24" % (100 + i // 256, i % 256) for i in range(ROUTES)])
    everybody = ["s%d" % one.n for one in members + [sender]]
    ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members"))
    if not ok(wait(lambda: bird.count() == ROUTES + 3 and len(frr.table()) == ROUTES + 3 and plain.count() == ROUTES + 3, 20),
              "all members have %d routes" % (ROUTES + 3), [bird.count(), len(frr.table()), plain.count()]):
        return
    # All IPv4 routes but those with IPv6 next hops are with everybody; these two have each other's of both families.
    ok(wait(lambda: over_ipv6.count("rs6") == ROUTES + 6, 10), "and on a session of IPv6 those of both families",
       over_ipv6.ask("show", "route", "count"))
    time.sleep(1)

    def killed():
        exchange = hub.rooms()["exchange"]["pid"]
        os.kill(exchange, signal.SIGKILL)
        wait(lambda: hub.rooms().get("exchange", {}).get("pid", exchange) not in (exchange, 0), 10)

    def upgraded():
        rooms = hub.rooms()
        text = hub.say("upgrade")

        def others():
            return hub.rooms_up() and all(hub.rooms().get(room, one)["pid"] != one["pid"] for room, one in rooms.items())
        ok(wait(others, 30), "every room is another process", text + hub.say("show", "status"))
        ok(hub.process.poll() is None, "of the same parent")
    restart(hub, "the exchange is killed", killed, (bird, frr, plain, over_ipv6), everybody)
    restart(hub, "upgrade", upgraded, (bird, frr, plain, over_ipv6), everybody)


lan.enter()
lan.play(checks)
