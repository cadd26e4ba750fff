#!/usr/bin/env python3
"""The hub's own AS over a restart of the hub: its exchange is killed, and upgraded, while FRR and BIRD carry real packets by its routes; the
corridor's process is killed and stopped. Graceful restart (RFC 4724) keeps every route in every kernel, and the plan holds or plain BGP does.
Prints TAP."""
import os
import signal

import lan
import transit_net as net
from lan import ok, run, wait
from transit_net import FRA, SIN, Streams, goes

PREFIX = net.NETS[4] % 50
STREAMS = {1: (13, 4, 2000), 2: (14, 4, 2000), 3: (13, 6, 4000), 4: (14, 6, 4000)}
BY_PLAN, PLAIN = {1: FRA, 2: SIN, 3: FRA, 4: SIN}, {1: FRA, 2: FRA, 3: FRA, 4: FRA}
BIRD = net.BIRD_TEXT.replace("connect retry time 2;", "connect retry time 2; graceful restart on;")
FRR = net.FRR_TEXT.replace(" bgp router-id", " bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n bgp router-id")


def killed(hub, room):
    before = hub.rooms()[room]["pid"]
    os.kill(before, signal.SIGKILL)
    ok(wait(lambda: hub.rooms().get(room, {}).get("pid", before) not in (before, 0), 20), "%s is killed, and is another process" % room,
       hub.say("show", "status"))


def upgraded(hub):
    before = hub.rooms()
    said = hub.say("upgrade")
    ok(wait(lambda: hub.rooms_up() and all(hub.rooms().get(room, one)["pid"] != one["pid"] for room, one in before.items()), 30),
       "upgrade: every room is another process", said + hub.say("show", "status"))


class Hold:
    """Something is done; kernels and packets are to go as before, all the time."""

    def __init__(self, hub, routers, streams, directory):
        self.hub, self.routers, self.streams, self.directory = hub, routers, streams, directory
        self.watches = {n: net.Watch(directory, routers[n]) for n in (13, 14)}
        self.since, self.seen = self.newest(), self.kernels()

    def newest(self):
        return {stream: self.streams.seen.last(stream)[1] for stream in STREAMS}

    def kernels(self):
        return {n: watch.seen() for n, watch in self.watches.items()}

    def begin(self):
        self.since, self.seen = self.newest(), self.kernels()

    def back(self):
        """All sessions are, and have said all."""
        everybody = ["s%d%s" % (n, family) for n in self.routers for family in ("", "v6")]
        ok(wait(lambda: self.hub.up(*everybody), 60), "every session comes back", self.hub.say("show", "members"))
        ok(wait(lambda: all(len(self.routers[n].paths(net.NETS[family] % 50)) == 1 and not self.stale(n) for n in (13, 14) for family in (4, 6)),
                30), "and each router hears its route again", [self.routers[n].paths(PREFIX) for n in (13, 14)])

    def stale(self, n):
        router = self.routers[n]
        if router.kind == "FRR":
            return any(one["stale"] for family in (4, 6) for one in router.paths(net.NETS[family] % 50))
        return "stale" in router.ask("show", "route", "all").lower()

    def end(self, what, exits, same_kernels):
        for watch in self.watches.values():
            watch.looked()
        if same_kernels:
            ok(self.kernels() == self.seen, "%s: no kernel changed a route" % what, (self.kernels(), self.seen))
        ok(not any("nothing" in seen for seen in self.kernels().values()), "%s: none was ever without" % what, self.kernels())
        ok(self.streams.flow_over(exits), "%s: packets go as they should" % what, [self.streams.seen.last(stream) for stream in STREAMS])
        lost = [stream for stream in STREAMS if not self.streams.is_whole(stream, self.since[stream] + 1)]
        ok(not lost, "%s: no packet is lost" % what, {stream: self.streams.lost(stream, self.since[stream] + 1)[:9] for stream in lost})


def by_plan(hub):
    return hub.ask("show", "steer").get("state") == "by plan"


def with_a_plan(hub, hold):
    for what, deed in (("the exchange is killed", lambda: killed(hub, "exchange")), ("upgrade", lambda: upgraded(hub))):
        hold.begin()
        deed()
        hold.back()
        ok(wait(lambda: by_plan(hub), 30), "routes go by the plan", hub.say("show", "steer"))
        hold.end(what, BY_PLAN, True)
    hold.begin()
    number = hub.ask("show", "steer")["number"]
    killed(hub, "corridor")
    ok(wait(lambda: hub.ask("show", "steer")["number"] > number and by_plan(hub), 60), "the next one renews the plan", hub.say("show", "steer"))
    hold.end("the corridor's process is killed", BY_PLAN, False)


def without_a_plan(hub, hold):
    """The dead man's switch, and a restart while it is off: what is overdue is not taken up again."""
    hold.begin()
    corridor = hub.rooms()["corridor"]["pid"]
    os.kill(corridor, signal.SIGSTOP)
    try:
        ok(wait(lambda: hub.ask("show", "steer").get("state") == "plain", 60), "without plans plain BGP remains", hub.say("show", "steer"))
        ok(goes(hold.routers[14], 11), "as BIRD's kernel sees", run(*hold.routers[14].inside("ip", "route")))
        hold.end("plain BGP", PLAIN, False)
        hold.begin()
        killed(hub, "exchange")
        hold.back()
        ok(not by_plan(hub), "the new exchange goes by no plan that is overdue", hub.say("show", "steer"))
        hold.end("the exchange is killed", PLAIN, True)
        hold.begin()
    finally:
        os.kill(corridor, signal.SIGCONT)
    ok(wait(lambda: by_plan(hub), 60), "plans come again, and routes go by them", hub.say("show", "steer"))
    ok(goes(hold.routers[14], 12), "as BIRD's kernel sees", run(*hold.routers[14].inside("ip", "route")))
    hold.end("by plan", BY_PLAN, False)


def checks(directory):
    routers = {one.n: one for one in (
        net.dressed(net.BirdRouter(11, BIRD), "FRA", "upstream", 50), net.dressed(net.FrrRouter(12, FRR), "SIN", "upstream", 50),
        net.dressed(net.FrrRouter(13, FRR), "KHI", "customer"), net.dressed(net.BirdRouter(14, BIRD), "GWD", "customer"))}
    net.lay(routers.values())
    hub = net.Hub(directory, list(routers.values()))
    if not hub.begin():
        return
    for one in routers.values():
        one.begin(directory)
    everybody = ["s%d%s" % (n, family) for n in routers for family in ("", "v6")]
    if not ok(wait(lambda: hub.up(*everybody), 60), "all sessions are up", hub.say("show", "members")):
        return
    ok(wait(lambda: by_plan(hub), 60) and goes(routers[13], 11) and goes(routers[14], 12), "routes go by the corridor's plan",
       hub.say("show", "steer"))
    streams = Streams(directory, STREAMS)
    streams.begin()
    ok(streams.flow_over(BY_PLAN), "and packets with them")
    hold = Hold(hub, routers, streams, directory)
    with_a_plan(hub, hold)
    without_a_plan(hub, hold)
    streams.end()


lan.enter()
lan.play(checks)
