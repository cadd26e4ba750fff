#!/usr/bin/env python3
"""Backups told beforehand (ADD-PATH) to routers of FRR and BIRD: when the first path goes the one beside it is used at once; no kernel is ever
without a route, and no packet is lost. Prints TAP."""
import re

import lan
import transit_net as net
from lan import ok, run, wait
from transit_net import FRA, SIN, Streams, goes

PREFIX = net.NETS[4] % 50
STREAMS = {1: (13, 4, 2000), 2: (15, 4, 2000), 3: (13, 6, 4000)}
BIRD = net.BIRD_TEXT.replace("{ import all;", "{ import all; add paths rx;")
FIRST, SECOND = "10.99.0.11", "10.99.0.12"


def hops(router):
    """Next hops of the paths that it holds, the one in use first."""
    return [one["next hop"] for one in router.paths(PREFIX)]


def identifiers(frr):
    return re.findall(r"AddPath ID: RX (\d+)", frr.ask("show bgp ipv4 unicast " + PREFIX))


def told(hub, routers):
    for one in (routers[13], routers[15]):
        ok(wait(lambda one=one: hops(one) == [FIRST, SECOND]), "%s holds the way over RED and, beside it, the other exit" % one.name,
           one.paths(PREFIX))
        first, second = one.paths(PREFIX)
        ok(first["med"] < second["med"], "the MED says which is first", (first, second))
    ok(len(set(identifiers(routers[13]))) == 2, "their identifiers differ", routers[13].ask("show bgp ipv4 unicast " + PREFIX))
    ok(len(routers[16].paths(PREFIX)) == 1, "who does not take several paths has one", routers[16].paths(PREFIX))
    said = hub.ask("show", "steer", PREFIX, "for", "64613")["sessions"][0]["paths"]
    ok([(one["exit"], one["fate"]) for one in said if one["fate"] != "refused"] == [("s11", "taken"), ("s12", "sent too")],
       "show steer PREFIX for MEMBER says so", said)


class Changes:
    """One thing after the other, each with the same questions."""

    def __init__(self, routers, streams, watches):
        self.routers, self.streams, self.watches = routers, streams, watches
        self.seen = [FIRST]

    def make(self, what, deed, exit_, left):
        """After the deed all goes out at that exit, and so many paths are left."""
        newest = {stream: self.streams.seen.last(stream)[1] for stream in STREAMS}
        deed()
        ok(self.streams.flow_over({stream: exit_ for stream in STREAMS}), "%s: all traffic goes there" % what,
           [self.streams.seen.last(stream) for stream in STREAMS])
        self.seen.append(FIRST if exit_ == FRA else SECOND)
        for n, watch in self.watches.items():
            one = self.routers[n]
            ok(wait(lambda one=one: hops(one) == left), "%s: %s holds %d of the paths" % (what, one.name, len(left)), one.paths(PREFIX))
            watch.looked()
            ok(watch.seen() == self.seen, "%s: its kernel went from the one to the other" % what, (watch.seen(), self.seen))
        lost = [stream for stream in STREAMS if not self.streams.is_whole(stream, newest[stream] + 1)]
        ok(not lost, "%s: no packet is lost" % what, {stream: self.streams.lost(stream) for stream in lost})


def changes(hub, routers, streams, watches):
    change = Changes(routers, streams, watches)
    change.make("RED is cut", lambda: hub.say("corridor", "cut", "RED", "--yes"), SIN, [SECOND])
    change.make("RED is restored", lambda: hub.say("corridor", "restore", "RED", "--yes"), FRA, [FIRST, SECOND])

    def exit_says(word):
        for family in ("own4", "own6"):
            routers[11].ask(word, family)
    change.make("the exit withdraws", lambda: exit_says("disable"), SIN, [SECOND])
    change.make("it announces again", lambda: exit_says("enable"), FRA, [FIRST, SECOND])
    change.make("the exit's router is gone", routers[11].kill, SIN, [SECOND])
    change.make("it is back", routers[11].launch, FRA, [FIRST, SECOND])


def checks(directory):
    routers = {one.n: one for one in (
        net.dressed(net.BirdRouter(11), "FRA", "upstream", 50), net.dressed(net.FrrRouter(12), "SIN", "upstream", 50),
        net.dressed(net.FrrRouter(13), "KHI", "customer", more=", add_path: send"),
        net.dressed(net.BirdRouter(15, BIRD), "ISB", "customer", more=", add_path: send"),
        net.dressed(net.FrrRouter(16), "KHI", "customer"))}
    net.lay(routers.values())
    hub = net.Hub(directory, list(routers.values()))
    if not hub.begin():
        return
    for one in routers.values():
        one.begin(directory)
    everybody = ["s%d%s" % (n, family) for n in routers for family in ("", "v6")]
    if not ok(wait(lambda: hub.up(*everybody), 60), "all sessions are up", hub.say("show", "members")):
        return
    ok(wait(lambda: hub.way("KHI", "s11") == ["RED"] and hub.way("ISB", "s12") == ["INDUS", "EAST"], 60), "routes go by the corridor's plan",
       hub.say("show", "steer"))
    ok(all(goes(routers[n], 11) for n in (13, 15, 16)), "which has Frankfurt for all", run(*routers[13].inside("ip", "route")))
    told(hub, routers)
    streams = Streams(directory, STREAMS)
    streams.begin()
    ok(streams.flow_over({stream: FRA for stream in STREAMS}), "packets arrive there")
    watches = {n: net.Watch(directory, routers[n]) for n in (13, 15)}
    changes(hub, routers, streams, watches)
    streams.end()


lan.enter()
lan.play(checks)
