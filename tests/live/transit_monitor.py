#!/usr/bin/env python3
"""What is written down of the hub's own AS, as programs read it that are not ours: pmacct's pmbmpd has of each neighbour what it said and what it
is sent, by plan and after a cut; bgpdump reads the MRT files; explain says the same. Prints TAP."""
import json
import os

import lan
import transit
from bmp_station import Station
from lan import ok, run, wait
from transit import EXITS, bird, dressed, frr, plan

NET, STATION, SECOND = "45.50.0.0/24", 11019, 11020
CALM = "from KHI 0 s12:40000 s11:70000"


class Hub(transit.Hub):
    def write(self):
        super().write()
        with open(self.file, "a", encoding="ascii") as out:
            out.write("stations:\n" + "".join("  - {name: at-%d, host: 127.0.0.1, port: %d, post_policy: yes, loc_rib: yes, out_post_policy: yes}\n"
                                               % (port, port) for port in (STATION, SECOND)))
            out.write("dumps: {directory: %s/mrt, table_every_s: 0, updates_every_s: 3600}\n" % self.directory)


class Collector:
    """pmbmpd, which writes a line of JSON for each thing that it hears."""

    def __init__(self, directory):
        self.file = directory + "/bmp.json"
        with open(directory + "/pmbmpd.conf", "w", encoding="ascii") as out:
            out.write("daemonize: false\nbmp_daemon_ip: 127.0.0.1\nbmp_daemon_port: %d\nbmp_daemon_msglog_file: %s\n" % (STATION, self.file))
        lan.start(directory + "/pmbmpd.log", "pmbmpd", "-f", directory + "/pmbmpd.conf")

    def lines(self):
        try:
            with open(self.file, encoding="utf-8") as lines:
                return [json.loads(line) for line in lines if line.endswith("}\n")]
        except FileNotFoundError:
            return []

    def last(self, address, prefix, **flags):
        """What it heard last of that: (path, next hop, MED); None: withdrawn, or nothing."""
        found = None
        for line in self.lines():
            same = (line.get("bmp_msg_type"), line.get("ip_prefix"), line.get("peer_ip")) == ("route_monitor", prefix, address)
            if same and all(line.get(name) == value for name, value in flags.items()):
                found = (line["as_path"], line["bgp_nexthop"], line.get("med")) if line["log_type"] == "update" else None
        return found


def said(collector, up, up2):
    for one in (up, up2):
        wanted = (str(one.asn), one.ip4)
        ok(wait(lambda one=one, wanted=wanted: (collector.last(one.ip4, NET, is_in=1, is_post=0) or ())[:2] == wanted and
                (collector.last(one.ip4, NET, is_in=1, is_post=1) or ())[:2] == wanted, 20), "pmbmpd has what %s said, and that it was accepted" % one.name,
           collector.lines()[-3:])
    ok(wait(lambda: (collector.last("0.0.0.0", NET, is_loc=1) or ("",))[0] == str(up.asn), 20), "and the best by plain BGP (RFC 9069)")


def out(collector, one, path, next_hop, med):
    return wait(lambda: collector.last(one.ip4, NET, is_out=1, is_post=1) == (path, next_hop, med), 20)


def told(collector, station, hub, up, up2, customer, several):
    by, by2, router = "64500 %d" % up.asn, "64500 %d" % up2.asn, transit.ROUTERS["KHI"]
    ok(out(collector, customer, by, router, None), "without a plan the customer is sent the first", collector.lines()[-3:])
    ok("taken" in plan(hub, "plan 1 600 all is well", *EXITS, CALM), "there is a plan")
    ok(out(collector, customer, by2, router, 40000), "pmbmpd has what the customer is sent by it, with its metric", collector.lines()[-3:])
    ok(collector.last(up.ip4, NET, is_out=1, is_post=1) is None, "and that the exits are not sent each other's")

    def both():
        routes = dict(station.sent[several.ip4])
        return sorted((route.path, route.med) for (prefix, _), route in routes.items() if prefix == NET)
    ok(wait(lambda: both() == [((64500, up.asn), 70000), ((64500, up2.asn), 40000)], 20), "of who takes several paths both are told (RFC 7911)", both())
    explained(hub, up, up2, customer)
    plan(hub, "plan 2 600 segment cut", *EXITS, "from KHI 0 s11:70000 s12:0:c")
    ok(out(collector, customer, by, router, 70000), "after a cut the other exit", collector.lines()[-3:])
    ok(wait(lambda: both() == [((64500, up.asn), 70000)], 20), "and one path of the two", both())
    ok(customer.has(NET)["path"] == by and [one["path"] for one in several.paths(NET)] == [by], "as FRR and BIRD have it", several.paths(NET))


def explained(hub, up, up2, customer):
    """The looking glass, of a route that goes by the plan."""
    def result(exit_):
        text = " ".join(hub.say("explain", NET, "from", str(exit_.asn), "to", str(customer.asn)).split())
        return text[text.find("result: "):]
    ok("hears this path, by the corridor's plan" in result(up2), "explain says of the exit that is taken why", result(up2))
    ok("hears the path of AS%d" % up2.asn in result(up) and "by the corridor's plan" in result(up), "and of the other, which would be first", result(up))
    routes = {one["member_asn"]: one["heard_by"] for one in hub.ask("show", "route", NET)["routes"]}
    ok(customer.asn in routes[up2.asn] and customer.asn not in routes[up.asn], "show route has who hears it", routes)


def written(hub, directory, members):
    """Paths by neighbour in the table, and what came in, as bgpdump reads them."""
    table = hub.ask("dump", "table").get("file", "none")
    ok(wait(lambda: os.path.exists(table), 20), "the table is written")
    rows = [line.split("|") for line in run("bgpdump", "-m", table, quiet=True).splitlines()]
    found = sorted((row[5], row[3]) for row in rows)
    wanted = sorted([(NET, "10.99.0.11"), (NET, "10.99.0.12")] + [("45.%d.0.0/24" % one.n, one.ip4) for one in members])
    ok(found == wanted, "bgpdump has each neighbour's routes in it", found)
    ours = run(lan.SARAI, "mrt", "-m", table, quiet=True)
    ok(ours == run("bgpdump", "-m", table, quiet=True), "and sarai mrt the same", ours)
    hub.process.terminate()
    hub.process.wait(60)
    rows = []
    for name in sorted(os.listdir(directory + "/mrt")):
        if name.startswith("updates"):
            rows += [line.split("|") for line in run("bgpdump", "-m", directory + "/mrt/" + name, quiet=True).splitlines()]
    came = {(row[3], row[5]) for row in rows if row[2] == "A"}
    ok(set((peer, prefix) for prefix, peer in wanted) <= came, "the updates have all that came in", came)


def checks(directory):
    up, up2 = bird(11, "FRA", "upstream", NET), frr(12, "SIN", "upstream", NET)
    customer = frr(13, "KHI", "customer")
    several = dressed(bird(14, "KHI", "customer", "", "add paths rx;"), "KHI", "customer", more=", add_path: send")
    members = [up, up2, customer, several]
    lan.lay_lan(members)
    os.mkdir(directory + "/mrt")
    collector, station = Collector(directory), Station(SECOND, several.ip4)
    hub = Hub(directory, members)
    if not hub.begin():
        return
    for one in members:
        one.begin(directory)
    everybody = ["s%d" % one.n for one in members]
    if not ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members")):
        return
    said(collector, up, up2)
    told(collector, station, hub, up, up2, customer, several)
    written(hub, directory, members)


lan.enter()
lan.play(checks)
