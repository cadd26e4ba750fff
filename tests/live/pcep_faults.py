#!/usr/bin/env python3
"""PCEP when something goes wrong: two routers with FRR's pathd, of which one is killed; the hub's process is killed below both; and a router
that says nonsense, falls silent, and takes back what it has delegated, while nobody else notices. Prints TAP."""
import glob
import os
import signal
import time

import lan
from lan import ok, wait
from pathd import DIRECT, OVER_B, TOP, Pathd, path, router
from pcc import ADMIN, CLOSE, DELEGATE, ERROR, KEEPALIVE, SYNC, UP, UPDATE, Pcc, message, obj

SECOND = """    - {name: r4, address: 10.99.0.12, site: A, adjacencies: [{segment: AC, label: 24003, local: 10.1.0.1, remote: 10.1.0.2}]}
    - {name: r5, address: 10.99.0.13, site: A, adjacencies: [{segment: AC, label: 24005}]}
"""
LABELS_OVER_B, LABEL_DIRECT = [16002, 16009], [24005]
BAD_LENGTH, UNKNOWN = bytes([0x20, 3, 0, 2]), message(99)


class Stub:
    """Its address is on the hub's own LAN."""
    space = ""

    def __init__(self, n):
        self.ip4, self.ip6 = "10.99.0.%d" % n, "2001:db8:ffff::%d" % n


def leads(hub, name, hops):
    return path(hub, "asked-dynamic", name).get("path") == hops


def both_lead(hub, hops):
    return leads(hub, "r1", hops) and leads(hub, "r4", hops)


def sessions(hub):
    """How many there ever were, of both."""
    with open(hub.directory + "/sarai.log", encoding="utf-8") as lines:
        found = [line for line in lines if ": up, " in line]
    return [sum("pcep %s:" % name in line for line in found) for name in ("r1", "r4")]


def one_dies(hub, first, second):
    ok(wait(lambda: router(hub).get("synced") and router(hub, "r4").get("synced") and both_lead(hub, OVER_B)),
       "two routers have a session each, and paths", hub.say("show", "pcep"))
    before = sessions(hub)[1]
    first.kill()
    ok(wait(lambda: "kept" in router(hub)["state"]), "one dies, and is missed", hub.say("show", "pcep"))
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: leads(hub, "r4", DIRECT)), "meanwhile a cut moves what the other has delegated", hub.say("show", "pcep"))
    ok(wait(lambda: not path(hub, "asked-dynamic")), "the dead one's paths are forgotten in time", hub.say("show", "pcep"))
    first.launch()
    ok(wait(lambda: router(hub).get("synced") and leads(hub, "r1", DIRECT), 60), "it comes back, and is told of the cut at once",
       hub.say("show", "pcep"))
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: both_lead(hub, OVER_B)), "restored, both are led back", hub.say("show", "pcep"))
    ok(sessions(hub)[1] == before, "over the same session in the other's case", second.ask("show sr-te pcep session"))


def hub_dies(hub, first):
    """The corridor's process, in which PCEP is."""
    hub.say("pcep", "make", "r1", "sea", "500", "10.0.0.9")
    ok(wait(lambda: first.policies().get((500, "sea")) == ("dynamic", "PCEP")), "a path is made", first.ask("show sr-te policy detail"))
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: both_lead(hub, DIRECT)), "and there is a cut")
    before, counted = hub.rooms()["corridor"]["pid"], sessions(hub)
    os.kill(before, signal.SIGKILL)
    ok(wait(lambda: hub.rooms().get("corridor", {}).get("pid", before) not in (before, 0), 20), "the corridor's process is killed")
    ok(wait(lambda: router(hub).get("synced") and router(hub, "r4").get("synced"), 60), "both routers come to the next one by themselves",
       hub.say("show", "pcep"))
    ok(sessions(hub) == [one + 1 for one in counted], "each in one new session", (sessions(hub), counted))
    ok(wait(lambda: both_lead(hub, DIRECT)), "their paths are as the cut wants them, which outlives the process", hub.say("show", "pcep"))
    ok(wait(lambda: path(hub, "asked-dynamic")["delegated"] and path(hub, "asked-dynamic", "r4")["delegated"]), "and delegated again",
       hub.say("show", "pcep"))
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: both_lead(hub, OVER_B) and path(hub, "sea").get("path") == OVER_B),
       "restored, all are led back, what the dead process has made among them", hub.say("show", "pcep"))


def stops(hub, first):
    """The process stops for longer than the routers wait for a word of it."""
    pid, counted = hub.rooms()["corridor"]["pid"], sessions(hub)
    os.kill(pid, signal.SIGSTOP)
    try:
        ok(wait(lambda: "Session Status UP" not in first.ask("show sr-te pcep session"), 60), "a hub that is silent is given up by pathd",
           first.ask("show sr-te pcep session"))
    finally:
        os.kill(pid, signal.SIGCONT)
    ok(wait(lambda: router(hub).get("synced") and router(hub, "r4").get("synced") and both_lead(hub, OVER_B), 120),
       "and found again when it speaks", hub.say("show", "pcep"))
    ok(sessions(hub)[0] > counted[0], "in another session", (sessions(hub), counted))


def ended(hub, pcc, why):
    return wait(lambda: pcc.closed and why in (router(hub, "r5").get("ended") or ""))


def nonsense(hub, pcc):
    """Each once alone, and all that the fuzzer has found, after a sound beginning and without."""
    for what, octets, reason, why in (
            ("a message of a length that none has", BAD_LENGTH, 3, "a length that none can have"),
            ("a report with nothing in it", message(10), 3, "nothing in it"),
            ("an object that ends after its message", message(10, bytes([32, 0x10, 0, 99])), 3, "no end"),
            ("six messages of a kind that there is not", UNKNOWN * 6, 5, "no place here")):
        pcc.connect()
        wait(lambda: router(hub, "r5").get("up"))
        pcc.send(octets)
        ok(ended(hub, pcc, why), "%s ends the session" % what, router(hub, "r5"))
        ok(wait(lambda: pcc.last(CLOSE).get(15, b"")[-1:] == bytes([reason])), "with Close, reason %d" % reason, pcc.heard)
    pcc.connect()
    wait(lambda: router(hub, "r5").get("up"))
    another = Pcc(pcc.address).connect()
    ok(wait(lambda: another.closed) and another.last(ERROR).get(13, b"")[2:4] == bytes([9, 1]), "a second session is refused with error 9, 1",
       another.heard)
    ok(router(hub, "r5").get("up"), "and the first one stays", router(hub, "r5"))
    pcc.close()
    corpus = sorted(glob.glob("fuzz/corpus/pcep/*"))
    for name in corpus:
        with open(name, "rb") as file:
            octets = file.read()[1:]
        for sound in (True, False):
            wait(lambda: not router(hub, "r5").get("up"))
            if sound:
                pcc.connect().send(octets)
            else:
                pcc.raw(octets)
            wait(lambda: pcc.closed or pcc.heard, 1)
            pcc.close()
    ok(len(corpus) > 20 and wait(lambda: "kept" in router(hub, "r5").get("state", "") or "not connected" in router(hub, "r5").get("state", "")),
       "what the fuzzer has found, %d inputs, ends nothing but its own sessions" % len(corpus), router(hub, "r5"))


def silence(hub, pcc):
    pcc.connect(keepalive=1, dead=4)
    ok(wait(lambda: router(hub, "r5").get("up")), "a router that asks for patience of 4 s is up", router(hub, "r5"))
    ok(wait(lambda: pcc.count(KEEPALIVE) >= 3), "it hears Keepalives while there is nothing to say", pcc.heard)
    pcc.silent = True
    ok(wait(lambda: pcc.closed and pcc.last(CLOSE).get(15, b"")[-1:] == bytes([2])), "silent for longer, it is closed with reason 2",
       (pcc.heard, router(hub, "r5")))


def delegation(hub, pcc):
    """Given, obeyed, taken back, given again; then the router goes, and comes without it."""
    pcc.connect()
    pcc.report(7, "mine", DELEGATE | SYNC | ADMIN | UP)
    pcc.synced()
    ok(wait(lambda: pcc.count(UPDATE) == 1), "a path that is delegated without hops is told some", pcc.heard)
    ok(pcc.answer(7, "mine", DELEGATE | ADMIN | UP) == LABELS_OVER_B, "those of the plan", pcc.last(UPDATE))
    ok(wait(lambda: path(hub, "mine", "r5").get("path") == ["16002", "16009"] and not path(hub, "mine", "r5")["ordered"]), "and that is settled",
       path(hub, "mine", "r5"))
    pcc.report(7, "mine", ADMIN | UP, LABELS_OVER_B)
    ok(wait(lambda: not path(hub, "mine", "r5")["delegated"]), "the router takes it back", path(hub, "mine", "r5"))
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: both_lead(hub, DIRECT)), "a cut moves the paths of the others", hub.say("show", "pcep"))
    said = hub.say("pcep", "set", "r5", "mine", "17001")
    ok(pcc.count(UPDATE) == 1 and not said, "and not this one, not even by order", (said, pcc.heard))
    pcc.report(7, "mine", DELEGATE | ADMIN | UP, LABELS_OVER_B)
    ok(wait(lambda: pcc.count(UPDATE) == 2) and pcc.answer(7, "mine", DELEGATE | ADMIN | UP) == LABEL_DIRECT,
       "given again it is told what holds now", pcc.heard)
    pcc.close()
    ok(wait(lambda: path(hub, "mine", "r5").get("stale")), "the router goes: its path is kept", hub.say("show", "pcep"))
    pcc.connect()
    pcc.synced()
    ok(wait(lambda: router(hub, "r5").get("synced") and not path(hub, "mine", "r5")), "it comes without it: it is forgotten",
       hub.say("show", "pcep"))
    pcc.close()
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: both_lead(hub, OVER_B)), "the others are led back", hub.say("show", "pcep"))


def checks(directory):
    first, second = Pathd(11), Pathd(12)
    hub = lan.Hub(directory, [first, second], TOP + SECOND)
    lan.lay_lan(hub.members + [Stub(13)])
    if not hub.begin():
        return
    first.begin(directory)
    second.begin(directory)
    one_dies(hub, first, second)
    hub_dies(hub, first)
    stops(hub, first)
    corridor, before = hub.rooms()["corridor"]["pid"], sessions(hub)
    pcc = Pcc("10.99.0.13")
    nonsense(hub, pcc)
    silence(hub, pcc)
    delegation(hub, pcc)
    ok(hub.rooms()["corridor"]["pid"] == corridor and sessions(hub) == before, "of all that pathd noticed nothing",
       (sessions(hub), before))


lan.enter()
lan.play(checks)
