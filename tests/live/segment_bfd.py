#!/usr/bin/env python3
"""Segments that BFD tells of: FRR's bfdd and BIRD beside the far end of a cable. All sessions down cut it, and the exits behind it are left by
the customers, whose own sessions stay; BFD that is taken away on purpose says nothing; up again, and held for a while, restores it; the operator's
word goes first. Prints TAP."""
import shutil

import lan
import transit_net as net
from daemons import Bird
from lan import ok, run, wait
from transit_net import goes

BFD = ", families: [ipv4], bfd: yes, bfd_transmit_ms: 500, bfd_receive_ms: 500"
BIRD = Bird.text.replace("protocol static own", 'protocol bfd { interface "*" { min rx interval 500 ms; min tx interval 500 ms; multiplier 3; }; }\n'
                         "protocol static own").replace("connect delay time 1;", "connect delay time 1; bfd on;")
FRR = """
router bgp %(asn)d
 bgp router-id %(ip4)s
 no bgp ebgp-requires-policy
 neighbor 10.99.0.1 remote-as 64500
 neighbor 10.99.0.1 timers connect 1
 neighbor 10.99.0.1 bfd 3 500 500
"""
TOP = """
segment_sources: [{id: one, segment: RED, session: s17}, {id: other, segment: RED, session: s18}]
steering: {up_s: 2, silent_s: 6}
"""


class FrrProbe(net.FrrRouter):
    """With bfdd as well."""
    kind = "FRR-BFD"
    text = FRR

    def launch(self):
        super().launch()
        for name in ("bfdd.log", "bfdd.conf"):
            open(self.sockets + "/" + name, "w", encoding="ascii").close()
        shutil.chown(self.sockets + "/bfdd.conf", "frr", "frr")
        lan.start(self.sockets + "/bfdd.log", *self.inside(
            "/usr/lib/frr/bfdd", "-f", self.sockets + "/bfdd.conf", "--bfdctl", self.sockets + "/bfdd.sock", "-i", self.sockets + "/bfdd.pid",
            "--vty_socket", self.sockets, "-z", self.sockets + "/zserv", "-A", "127.0.0.1"))

    def bfd(self, *commands):
        words = [word for command in commands for word in ("-c", command)]
        return run("vtysh", "--vty_socket", self.sockets, "-d", "bfdd", *words, quiet=True)


def probe(kind, n, text=""):
    one = net.dressed(kind(n, text), "FRA", "none", more=BFD)
    one.families = (4,)
    return one


def carry(n, yes):
    """A port of the switch passes frames, or none; either way the cable to the router has light."""
    net.inside("FRA", "bridge", "link", "set", "dev", "m%d" % n, "state", "3" if yes else "0")


def source(hub, name):
    return {one["id"]: one for one in hub.ask("corridor", "steer").get("sources", [])}.get(name, {})


def believes(hub, name, word):
    return wait(lambda: source(hub, name).get("believed") == word, 60)


def segment(hub):
    """What is said of RED, and by whom."""
    return {one["id"]: one.get("state") for one in hub.ask("corridor", "steer").get("segments", [])}.get("RED", "up")


def journal(hub):
    return hub.ask("show", "corridor", "events").get("events", [])


def alone(hub, routers):
    carry(17, False)
    ok(believes(hub, "one", "down"), "a router is not reached any more, and its BFD says so", hub.say("corridor", "steer"))
    ok(believes(hub, "other", "up") and segment(hub) == "up" and goes(routers[13], 11), "while another beside it is, the cable carries",
       hub.say("corridor", "steer"))
    carry(17, True)
    ok(believes(hub, "one", "up"), "it is reached again", hub.say("corridor", "steer"))


def together(hub, routers):
    for n in (17, 18):
        carry(n, False)
    ok(wait(lambda: segment(hub) == "cut", 60), "both are not reached: the segment is cut", hub.say("corridor", "steer"))
    last = journal(hub)[-1]
    ok((last["deed"], last["id"], last["voice"]) == ("ordered", "RED", "machine") and "bfd" in last["who"], "the journal has who said so", last)
    ok(goes(routers[13], 12), "FRR's kernel has the exit at Singapore", run(*routers[13].inside("ip", "route")))
    ok(hub.up("s11", "s12", "s13"), "though no session of transit is down", hub.say("show", "members"))
    for n in (17, 18):
        carry(n, True)
    ok(wait(lambda: segment(hub) == "up", 120), "when they are reached again it is restored", hub.say("corridor", "steer"))
    last = journal(hub)[-1]
    ok((last["deed"], last["voice"]) == ("restored", "machine"), "by their word", last)
    ok(max(source(hub, name)["since_s"] for name in ("one", "other")) >= 2, "which had held for two seconds", hub.say("corridor", "steer"))
    ok(goes(routers[13], 11), "and Frankfurt is taken again", run(*routers[13].inside("ip", "route")))
    ok(believes(hub, "one", "up") and believes(hub, "other", "up"), "as both say", hub.say("corridor", "steer"))


def on_purpose(hub, routers):
    frr = routers[17]
    events = len(journal(hub))
    frr.bfd("configure terminal", "bfd", "peer 10.99.0.1 local-address %s interface eth0" % frr.ip4, "shutdown")
    ok(wait(lambda: "10.99.0.1" in frr.bfd("show bfd peers") and "shutdown" in frr.bfd("show bfd peers").lower(), 20), "an operator takes BFD away",
       frr.bfd("show bfd peers"))
    ok(wait(lambda: source(hub, "one")["silent"], 60), "which is silence", hub.say("corridor", "steer"))
    carry(18, False)
    ok(believes(hub, "other", "down"), "the other is not reached", hub.say("corridor", "steer"))
    ok(segment(hub) == "up" and len(journal(hub)) == events, "but not all are known to be down: nothing is cut", hub.say("corridor", "steer"))
    carry(18, True)


def checks(directory):
    routers = {one.n: one for one in (
        net.dressed(net.BirdRouter(11), "FRA", "upstream", 50), net.dressed(net.FrrRouter(12), "SIN", "upstream", 50),
        net.dressed(net.FrrRouter(13), "KHI", "customer"), probe(FrrProbe, 17), probe(Bird, 18, BIRD))}
    net.lay(routers.values())
    hub = net.Hub(directory, list(routers.values()), TOP)
    if not hub.begin():
        return
    for one in routers.values():
        one.begin(directory)
    everybody = ["s11", "s12", "s13", "s17", "s18"]
    if not ok(wait(lambda: hub.up(*everybody), 60), "all sessions are up", hub.say("show", "members")):
        return
    ok(believes(hub, "one", "up") and believes(hub, "other", "up"), "FRR and BIRD speak BFD, and it is up", hub.say("corridor", "steer"))
    ok(wait(lambda: hub.way("KHI", "s11") == ["RED"], 60) and goes(routers[13], 11), "the customer goes out at Frankfurt, over RED",
       hub.say("show", "steer"))
    alone(hub, routers)
    together(hub, routers)
    on_purpose(hub, routers)


lan.enter()
lan.play(checks)
