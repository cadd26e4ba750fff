#!/usr/bin/env python3
"""PCEP (RFC 5440, 8231, 8281, 8664) with FRR's pathd as the router: it asks for a path, delegates it, is told otherwise, has one
made and removed; it dies and comes back; tshark reads all that the hub sent. Prints TAP."""
import os
import socket

import lan
from lan import ok, wait
from pathd import DIRECT, OVER_B, TOP, Pathd, path, router

ROUTER = 11


def asked(hub, frr):
    ok(wait(lambda: router(hub).get("synced")), "pathd has a session, and has told its paths", hub.say("show", "pcep"))
    theirs = router(hub)["theirs"]
    ok(theirs["stateful"] and theirs["initiate"] and theirs["sr"] and theirs["sid_depth"] == 8, "what it can is known", theirs)
    session = frr.ask("show sr-te pcep session")
    ok("Session Status UP" in session and "PCE Capabilities: [Stateful PCE] [SR TE PST]" in session, "and it knows what the hub can",
       session)
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == OVER_B), "the path that it asked for is that of the corridor",
       hub.say("show", "pcep"))
    ok(path(hub, "asked-dynamic")["delegated"] and wait(lambda: path(hub, "asked-dynamic")["wish_of"] == "plan"),
       "it is delegated, and follows the plan", path(hub, "asked-dynamic"))
    ok("(created by PCE)" in frr.ask("show sr-te policy detail"), "pathd says that it is from the hub", frr.ask("show sr-te policy detail"))
    ok(path(hub, "own-explicit")["path"] == ["16001", "16002"] and not path(hub, "own-explicit")["delegated"],
       "that of its own is reported, and left alone", path(hub, "own-explicit"))
    ok(frr.count("PcRep")[1] == 2 and not path(hub, "nowhere-dynamic").get("path"), "to a place that nobody knows there is no path",
       frr.ask("show sr-te pcep session"))


def told(hub, frr):
    hub.say("pcep", "set", "r1", "asked-dynamic", "17001,17002")
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == ["17001", "17002"]), "an operator's wish is a PCUpd, and reported back",
       hub.say("show", "pcep"))
    ok(frr.count("Update") == (0, 1), "one", frr.ask("show sr-te pcep session"))
    hub.say("pcep", "follow", "r1", "asked-dynamic")
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == OVER_B), "it can be led as the plan has it again", hub.say("show", "pcep"))
    hub.top = TOP.replace("b: C, length_km: 200, status: in service", "b: C, length_km: 200, status: planned")
    hub.apply()
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == DIRECT), "a segment that goes moves it, by the label of the link",
       hub.say("show", "pcep"))
    ok(router(hub)["up"] and frr.count("Open") == (1, 1), "over the same session", frr.ask("show sr-te pcep session"))
    hub.top = TOP
    hub.apply()
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == OVER_B), "and back when it returns", hub.say("show", "pcep"))


def made(hub, frr):
    ok("told" in hub.say("pcep", "make", "r1", "sea", "500", "10.0.0.9"), "a path is made at the router")
    ok(wait(lambda: frr.policies().get((500, "sea")) == ("dynamic", "PCEP")), "pathd has its policy",
       frr.ask("show sr-te policy detail"))
    ok(wait(lambda: path(hub, "sea").get("path") == OVER_B and path(hub, "sea")["made_by_us"]), "and reports it", hub.say("show", "pcep"))
    hub.say("pcep", "make", "r1", "brief", "501", "10.0.0.9", "17005")
    ok(wait(lambda: path(hub, "brief").get("path") == ["17005"]), "one with labels that the operator says, too", hub.say("show", "pcep"))
    hub.say("pcep", "remove", "r1", "brief")
    ok(wait(lambda: not path(hub, "brief") and (501, "brief") not in frr.policies()), "and removed", frr.ask("show sr-te policy detail"))
    ok(frr.count("Error") == (0, 0), "nobody complained", frr.ask("show sr-te pcep session"))


def cut(hub):
    """Segments that are cut by order, and by what a machine tells, while the tunnels are up."""
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == DIRECT and path(hub, "sea").get("path") == DIRECT),
       "a segment that is cut moves what is led over it, also what the hub has made", hub.say("show", "pcep"))
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == OVER_B and path(hub, "sea").get("path") == OVER_B),
       "and back when it is restored", hub.say("show", "pcep"))
    hub.say("corridor", "hear", "nms", "down")
    ok(wait(lambda: path(hub, "sea").get("path") == DIRECT), "so does what a machine tells of it", hub.say("show", "pcep"))
    hub.say("corridor", "hear", "nms", "up")
    ok(wait(lambda: path(hub, "sea").get("path") == OVER_B), "both ways", hub.say("corridor", "steer"))
    ok(router(hub)["up"], "over the same session", hub.say("show", "pcep"))


COLORS = """
sr_colors:
  - {color: 600, to: [r3], preference: 150}
  - {color: 601, to: [r3], by: hops}
  - {color: 602, to: [r3], avoid: ["site:B"]}
  - {color: 603, to: [r3], latency_max_us: 2000}
"""


def colored(hub, frr):
    """Paths that the hub makes by color, and leads around what is cut or drained."""
    hub.top = TOP + COLORS
    hub.apply()
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == OVER_B and frr.policies().get((600, "color-600-r3")) == ("dynamic", "PCEP")),
       "pathd is told a path of a color", hub.say("show", "pcep"))
    ok(path(hub, "color-600-r3")["wish_of"] == "steering" and path(hub, "color-600-r3")["made_by_us"], "it is of steering",
       path(hub, "color-600-r3"))
    ok(wait(lambda: path(hub, "color-601-r3").get("path") == DIRECT and path(hub, "color-602-r3").get("path") == DIRECT and
            path(hub, "color-603-r3").get("path") == OVER_B), "those of others have other ways: by hops, and around a site",
       hub.say("show", "pcep"))
    hub.say("corridor", "cut", "BC", "--yes")
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == DIRECT), "a cut leads it around", hub.say("show", "pcep"))
    ok(wait(lambda: not path(hub, "color-603-r3") and (603, "color-603-r3") not in frr.policies()),
       "one that would be too long is taken back", hub.say("show", "pcep"))
    ways = {one["color"]: one for one in hub.ask("show", "colors")["ways"]}
    ok(not ways[603]["found"] and ways[600]["found"] and ways[600]["hops"] == DIRECT[0] and ways[600]["by"] == "PCEP",
       "`show colors` says so", ways)
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == OVER_B and path(hub, "color-603-r3").get("path") == OVER_B),
       "and back when it is restored", hub.say("show", "pcep"))
    hub.say("corridor", "drain", "BC", "--yes")
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == DIRECT), "what is drained is not used while there is another way",
       hub.say("show", "pcep"))
    ok(path(hub, "color-603-r3").get("path") == OVER_B, "and is where there is none", hub.say("show", "pcep"))
    hub.say("corridor", "restore", "BC", "--yes")
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == OVER_B), "both ways", hub.say("show", "pcep"))
    hub.top = TOP
    hub.apply()
    ok(wait(lambda: not path(hub, "color-600-r3") and not [one for one in frr.policies() if one[0] >= 600]),
       "colors that the hub file no longer has are taken back", frr.ask("show sr-te policy detail"))
    ok(router(hub)["up"] and frr.count("Error") == (0, 0), "over the same session, without a complaint", frr.ask("show sr-te pcep session"))


def goes_and_comes(hub, frr):
    frr.kill()
    ok(wait(lambda: "kept" in router(hub)["state"]), "a router that dies is missed", hub.say("show", "pcep"))
    ok(path(hub, "asked-dynamic").get("stale"), "its paths are kept for a while", hub.say("show", "pcep"))
    ok(wait(lambda: not path(hub, "asked-dynamic"), 20) and path(hub, "sea").get("state") == "not there",
       "then forgotten, but for what is wished", hub.say("show", "pcep"))
    frr.launch()
    ok(wait(lambda: router(hub).get("synced"), 60), "it comes back", hub.say("show", "pcep"))
    ok(wait(lambda: path(hub, "asked-dynamic").get("path") == OVER_B), "asks again", hub.say("show", "pcep"))
    ok(wait(lambda: frr.policies().get((500, "sea")) == ("dynamic", "PCEP")), "and has made again what the hub wants",
       frr.ask("show sr-te policy detail"))


def hub_dies(hub, frr):
    """Another process begins with another hub file: the router still has what the first one made."""
    hub.top = TOP + COLORS
    hub.apply()
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == OVER_B and path(hub, "color-602-r3").get("path") == DIRECT),
       "paths of colors are there again", hub.say("show", "pcep"))
    hub.process.kill()
    hub.process.wait()
    hub.top = TOP + COLORS.replace("602", "604")
    if not hub.begin():
        return
    ok(wait(lambda: path(hub, "color-604-r3").get("path") == DIRECT, 60), "a hub that died and begins anew makes what it wants",
       hub.say("show", "pcep"))
    ok(wait(lambda: path(hub, "color-600-r3").get("path") == OVER_B and path(hub, "color-600-r3")["made_by_us"], 60),
       "takes over what the one before it had made", hub.say("show", "pcep"))
    ok(wait(lambda: not path(hub, "color-602-r3") and (602, "color-602-r3") not in frr.policies(), 60),
       "and takes back what is of a color that is gone", hub.say("show", "pcep"))


def stranger():
    with socket.create_connection(("10.99.0.1", 4189), 5) as connection:
        connection.settimeout(5)
        try:
            ok(connection.recv(100) == b"", "nobody else is spoken to")
        except OSError as problem:
            ok(isinstance(problem, ConnectionError), "nobody else is spoken to", problem)


def as_tshark_reads(capture):
    def lines(what, *fields):
        words = [word for field in fields for word in ("-e", field)]
        return lan.run("tshark", "-r", capture, "-Y", what, "-T", "fields", *words, quiet=True).split("\n")
    kinds = set(lines("pcep && ip.src == 10.99.0.1", "pcep.msg")) - {""}
    ok({"1", "2", "4", "11", "12"} <= set(",".join(kinds).split(",")), "tshark sees Open, Keepalive, PCRep, PCUpd and PCInitiate", kinds)
    wrong = [one for one in lines("pcep && ip.src == 10.99.0.1 && (_ws.malformed || _ws.expert.severity >= 0x600000)",
                                  "frame.number", "_ws.expert.message") if one]
    ok(not wrong, "and nothing wrong with them", wrong)


def checks(directory):
    frr = Pathd(ROUTER)
    hub = lan.Hub(directory, [frr], TOP)
    lan.lay_lan(hub.members)
    capture = os.path.join(directory, "pcep.pcap")
    sniffer = lan.start(os.path.join(directory, "tshark.log"), "tshark", "-q", "-i", "lan", "-f", "tcp port 4189", "-w", capture)
    wait(lambda: os.path.exists(capture) and os.path.getsize(capture) > 0, 10)
    if not hub.begin():
        return
    frr.begin(directory)
    asked(hub, frr)
    told(hub, frr)
    made(hub, frr)
    cut(hub)
    colored(hub, frr)
    stranger()
    goes_and_comes(hub, frr)
    hub_dies(hub, frr)
    sniffer.terminate()
    sniffer.wait(10)
    as_tshark_reads(capture)


lan.enter()
lan.play(checks)
