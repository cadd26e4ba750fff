#!/usr/bin/env python3
"""The hub itself restarts, by kill -9 of its exchange and by `sarai upgrade`: members that speak graceful restart keep every route
throughout, and hold the same afterwards (RFC 4724). Prints TAP."""
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
    bird, frr, plain = members
    before = bird.table(), frr.table()
    watches = [Watch(bird.count), Watch(lambda: len(frr.table())), Watch(plain.count)]
    time.sleep(0.5)
    restarted()
    ok(wait(lambda: hub.up(*everybody), 40), "%s: every session comes back" % what, hub.say("show", "members"))
    ok(wait(lambda: plain.count() == len(before[0]), 30), "who has no graceful restart has all routes again", plain.count())
    time.sleep(3)  # for End-of-RIBs, and what might be withdrawn after them
    kept = [watch.end() for watch in watches]
    for name, seen in (("BIRD", kept[0]), ("FRR", kept[1])):
        ok(len(seen) >= 30 and min(seen) == len(before[0]), "%s: %s never missed a route" % (what, name),
           "%d looks, at least %d of %d routes" % (len(seen), min(seen), len(before[0])))
    ok(min(kept[2]) == 0, "who has none lost them meanwhile", min(kept[2]))
    ok((bird.table(), frr.table()) == before, "the tables are the same as before")
    ok(wait(hub.rooms_up, 10), "every room is up", hub.say("show", "status"))
    ok(wait(page_answers, 10), "the page answers")


def checks(directory):
    bird, frr = Bird(11, BIRD.replace("%s", "graceful restart on;")), Frr(12)
    plain, openbgpd = Bird(13, BIRD.replace("%s", "graceful restart off;")), OpenBgpd(14)
    sender = Speaker(21, graceful_restart(60, IPV4))
    members = [bird, frr, plain, openbgpd]
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
    time.sleep(1)

    def killed():
        exchange = hub.rooms()["exchange"]["pid"]
        os.kill(exchange, signal.SIGKILL)
        wait(lambda: hub.rooms().get("exchange", {}).get("pid", exchange) not in (exchange, 0), 10)

    def upgraded():
        rooms = hub.rooms()
        text = hub.say("upgrade")
        ok(wait(lambda: hub.rooms_up() and all(hub.rooms()[room]["pid"] != rooms[room]["pid"] for room in rooms), 30),
           "every room is another process", text + hub.say("show", "status"))
        ok(hub.process.poll() is None, "of the same parent")
    restart(hub, "the exchange is killed", killed, (bird, frr, plain), everybody)
    restart(hub, "upgrade", upgraded, (bird, frr, plain), everybody)


lan.enter()
lan.play(checks)
