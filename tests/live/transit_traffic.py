#!/usr/bin/env python3
"""The loop closed, with real packets: routers of FRR and BIRD at sites of a corridor, a cable that is cut, traffic that moves within a
second and returns, and the octets of it on the meter, the invoice and the proof of the way. Prints TAP."""
import os
import re
import signal
import time

import lan
import transit_net as net
from lan import ok, run, wait
from traffic_stream import LENGTH, headers
from transit_net import FRA, SIN, Streams, exit_in_kernel, goes

# Of each stream: customer, family, microseconds between packets.
STREAMS = {1: (13, 4, 1000), 2: (13, 6, 1000), 3: (14, 4, 2000), 4: (14, 6, 2000)}


class Wire:
    """What leaves the hub towards a router, and what that router's kernel does with it, with the time of each."""

    def __init__(self, directory, router):
        self.router, self.pcap, self.monitor = router, directory + "/wire.pcap", directory + "/kernel.txt"
        self.running = [lan.start(directory + "/tcpdump.log", "tcpdump", "--immediate-mode", "-i", "lan", "-U", "-w", self.pcap, "-Z", "root",
                                  "tcp port 179 and dst host %s" % router.ip4),
                        lan.start(self.monitor, *router.inside("stdbuf", "-oL", "ip", "-ts", "-4", "monitor", "route"))]
        wait(lambda: os.path.exists(self.pcap) and os.path.getsize(self.pcap) > 0)

    def first_update(self, since_ns):
        said = run("tshark", "-r", self.pcap, "-Y", "bgp.type == 2", "-T", "fields", "-e", "frame.time_epoch", quiet=True)
        return min((when for when in (int(float(word) * 1e9) for word in said.split()) if when > since_ns), default=None)

    def route(self, since_ns):
        """When the route to the server's network was replaced."""
        with open(self.monitor, encoding="ascii") as lines:
            for line in lines:
                found = re.match(r"\[(\S+)\] (?!Deleted)%s " % re.escape(net.NETS[4] % 50), line)
                if found and when_ns(found.group(1)) > since_ns:
                    return when_ns(found.group(1))
        return None


def when_ns(text):
    """Of `ip -ts monitor`: local time with microseconds."""
    whole, _, part = text.partition(".")
    return int(time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S"))) * 1000000000 + int(part.ljust(9, "0"))


def carries(name):
    return all("forwarding" in net.inside(site, "bridge", "link", "show", "dev", name) for site in net.CABLES[name])


def cable(name, state):
    """Breaks it, or mends it and waits until both switches use it."""
    net.inside("KHI", "ip", "link", "set", name, state)
    return state == "down" or wait(lambda: carries(name))


def whole_bins(count):
    """Time passes until so many bins have begun and ended since."""
    end = (time.time() // net.BIN_S + count + 1) * net.BIN_S
    wait(lambda: time.time() >= end, (count + 2) * net.BIN_S)


def cut(hub, streams, wire):
    """The cable breaks and the operator says so. Tells the longest time without a packet of customer 13, in seconds."""
    broken = time.time_ns()
    cable("RED", "down")
    ordered = time.time_ns()
    said = hub.say("corridor", "cut", "RED", "--reason", "an anchor")
    ok("segment RED: cut" in said, "RED breaks, and is cut by order", said)
    moved = streams.flow_over({1: SIN, 2: SIN, 3: SIN, 4: SIN})
    ok(moved, "all traffic goes out at Singapore", [streams.seen.last(stream) for stream in STREAMS])
    gaps = []
    for stream in (1, 2):
        last = max(when for _, exit_, when in streams.seen.look(stream) if exit_ == FRA)
        first = min((when for _, exit_, when in streams.seen.look(stream) if exit_ == SIN and when > last), default=last)
        gaps.append(first - min(last, broken))
        print("# %s: the first packet over the other exit %.0f ms after the order, %.0f ms after the last over the first one" % (
            "IPv4" if stream == 1 else "IPv6", (first - ordered) / 1e6, (first - last) / 1e6))
    chain = ("plan made", hub.ask("corridor", "steer").get("took_us", 0) * 1000 + ordered), (
        "first UPDATE on the wire", wire.first_update(ordered)), ("route in FRR's kernel", wire.route(ordered))
    print("# IPv4, from the order: " + ", ".join("%s %.1f ms" % (what, (when - ordered) / 1e6) for what, when in chain if when))
    return max(gaps) / 1e9


def restore(hub, streams):
    """The cable is mended, then the operator says so. Packets lost of all streams from then on."""
    cable("RED", "up")
    newest = {stream: streams.seen.last(stream)[1] for stream in STREAMS}
    said = hub.say("corridor", "restore", "RED")
    ok("segment RED: restored" in said, "RED is mended", said)
    ok(streams.flow_over({1: FRA, 2: FRA, 3: SIN, 4: SIN}), "traffic returns, of those who may cross Egypt")
    return sum(len(streams.lost(stream, newest[stream] + 1)) for stream in STREAMS)


def begun(hub, routers):
    khi, gwd, isb, lhe = (routers[n] for n in (13, 14, 15, 16))
    ok(wait(lambda: hub.ask("show", "steer").get("state") == "by plan" and hub.way("KHI", "s11") == ["RED"], 60),
       "routes go by the corridor's plan", hub.say("show", "steer"))
    ok(hub.way("GWD", "s11", 64614) is None and hub.way("GWD", "s12", 64614) == ["COAST", "EAST"],
       "who avoids Egypt has no way to Frankfurt", hub.say("show", "steer"))
    ok(hub.way("FRA", "s14") is None and hub.way("SIN", "s14") == ["EAST", "COAST"],
       "and nobody has one from there to it", hub.say("show", "steer"))
    heard = [net.NETS[4] % 14 in run(*routers[n].inside("ip", "route")) for n in (11, 12)]
    ok(heard == [False, True], "so the upstream at Frankfurt is not told of its network, the one at Singapore is", heard)
    ok(goes(khi, 11), "FRR in Karachi has the exit at Frankfurt in its kernel, IPv4 and IPv6", run(*khi.inside("ip", "route")))
    ok(goes(gwd, 12), "BIRD in Gwadar has the one at Singapore", run(*gwd.inside("ip", "route")))
    ok(goes(isb, 11) and goes(lhe, 11), "the others Frankfurt: one by the plan, one by plain BGP")


def moved(hub, routers, streams, wire, months):
    """Twice at most: a machine may be busy elsewhere for a second. The budget of changes has no room for more."""
    for last in (False, True):
        gap = cut(hub, streams, wire)
        whole_bins(2)
        still = exit_in_kernel(routers[16]) == 11
        ok(wait(lambda: grows(hub, months) == (False, True), 60), "the ledger sees customer 13 at Singapore alone", measured(hub, months))
        lost = restore(hub, streams)
        ok(wait(lambda: grows(hub, months) == (True, False), 60), "and at Frankfurt alone afterwards", measured(hub, months))
        if gap < 1 or last:
            break
        print("# %.3f s: once more" % gap)
    ok(gap < 1, "it moved within a second: %.3f s" % gap)
    ok(lost == 0, "nothing is lost on the way back", lost)
    ok(not streams.lost(3) and not streams.lost(4), "nor anything ever of those who did not have to move")
    ok(still, "and who is nowhere in the plan kept its plain route")
    for stream in (1, 2):
        lost = streams.lost(stream)
        print("# stream %d: %d packets lost, of %d ms" % (stream, len(lost), len(lost) * STREAMS[stream][2] / 1000))


def cut_off(hub, router):
    """A customer all whose ways are cut: nothing is said that is not so."""
    hub.say("corridor", "cut", "INDUS")
    ok(goes(router, None), "who has no way left hears of no route", run(*router.inside("ip", "route")))
    hub.say("corridor", "restore", "INDUS")
    ok(goes(router, 11), "until there is one again")


def dead_man(hub, routers, streams):
    newest = {stream: streams.seen.last(stream)[1] for stream in STREAMS}
    pid = hub.rooms()["corridor"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        ok(wait(lambda: hub.ask("show", "steer").get("state") == "plain", 60), "without the corridor's process plain BGP remains",
           hub.say("show", "steer"))
        ok(goes(routers[14], 11) and goes(routers[13], 11), "which has Frankfurt for all")
        ok(streams.flow_over({1: FRA, 2: FRA, 3: FRA, 4: FRA}), "and traffic flows there")
    finally:
        os.kill(pid, signal.SIGCONT)
    ok(wait(lambda: hub.ask("show", "steer").get("state") == "by plan", 90), "when it is back routes go by its plan",
       hub.say("show", "steer"))
    ok(streams.flow_over({1: FRA, 2: FRA, 3: SIN, 4: SIN}), "and traffic with them")
    lost = sum(len(streams.lost(stream, newest[stream] + 1)) for stream in STREAMS)
    ok(lost == 0, "without the loss of a packet", lost)


def measured(hub, months):
    """Octets by customer and exit, of the months in question."""
    found = {}
    for month in months:
        for row in hub.ask("show", "history", "by", "pair", "month", month).get("rows", []):
            pair = tuple(64600 + int(row[end].split("-")[1]) for end in ("from", "to"))
            found[pair] = found.get(pair, 0) + row["octets"]
    return found


def grows(hub, months):
    """Whether customer 13 had traffic at Frankfurt, and at Singapore, in the next bins that the ledger is told of."""
    def octets():
        found = measured(hub, months)
        return found.get((64613, 64611), 0), found.get((64613, 64612), 0)
    before = octets()
    wait(lambda: octets() != before, 30)
    now = octets()
    return now[0] > before[0], now[1] > before[1]


def counted(streams):
    """What should be there: what was sent to each exit, by those who sent it. What was lost was on its way to Frankfurt."""
    found = {}
    for stream, (n, family, _) in STREAMS.items():
        size = LENGTH + headers(family)
        for exit_, asn in ((FRA, 64611), (SIN, 64612)):
            packets = streams.came(stream, exit_) + (streams.sent[stream] - streams.came(stream, FRA) - streams.came(stream, SIN)
                                                     if exit_ == FRA else 0)
            found[64600 + n, asn] = found.get((64600 + n, asn), 0) + packets * size
    return found


def billed(hub, streams, months):
    want = counted(streams)
    net.wake_probes()
    ok(wait(lambda: measured(hub, months) == want, 90), "the ledger has each octet that was sent, by customer and exit",
       (measured(hub, months), want))
    print("# octets by customer and exit: %s" % want)
    told = {one["exporter"]: (one["lost_records"], one["restarts"]) for one in hub.ask("show", "exporters")["exporters"]}
    ok(told and not any(any(two) for two in told.values()), "no switch is said to have lost a record, or to have begun anew", told)
    for n in (64613, 64614):
        proof = proof_of(hub, n, months)
        octets = want[n, 64611] + want[n, 64612]
        ok(proof["in"] == octets, "the proof of the way of AS %d is about all of that" % n, (proof, want))
        bill = sum(float(line["quantity"]) for month in months for line in hub.ask("bill", "--month", month, str(n))["lines"])
        ok(round(bill * 1e9) == octets, "so is the invoice", bill)
    proven(proof_of(hub, 64613, months), proof_of(hub, 64614, months), want)


def proof_of(hub, asn, months):
    """Octets: in all, over each segment, of no known way; and those that avoided, and crossed, what was to be avoided."""
    sums = {}
    for month in months:
        for one in hub.ask("ledger", "way", str(asn), "month", month).get("proofs", []):
            way, avoid = one["way"], one["way"]["avoid"] or {}
            for what, octets in [("in", way["in_octets"]), ("unknown", way["unknown"]["octets"])] + [
                    (row["name"], row["octets"]) for row in way["segments"] + way["countries"]] + [
                    (what, avoid[what]["octets"]) for what in ("avoided", "crossed") if what in avoid]:
                sums[what] = sums.get(what, 0) + octets
    print("# AS %d: %s" % (asn, sums))
    return sums


def proven(mover, avoider, want):
    """A cut way is none, so what was sent into the cable while it was cut, and what is told late, is not known to have gone over it."""
    ok(mover["EAST"] == mover["SG"] == want[64613, 64612], "what went out at Singapore crossed the one cable", (mover, want))
    ok(mover["RED"] == mover["EG"] and mover["RED"] + mover["unknown"] == want[64613, 64611] and mover["RED"] > mover["unknown"],
       "what went out at Frankfurt the other, and Egypt, but for what it was sent into while it was cut", (mover, want))
    # From the moment plain BGP remains until routes go by a plan again nothing is known, and bins in which that changes are shared
    # out by time: so what went out at Singapore is proven but for some of it, and what went out at Frankfurt is not at all.
    ok(avoider["avoided"] == avoider["EAST"] == avoider["COAST"] and
       want[64614, 64612] / 2 < avoider["avoided"] <= want[64614, 64612], "who avoids Egypt did, wherever the plan led", (avoider, want))
    ok(avoider["crossed"] == 0 and avoider["unknown"] == avoider["in"] - avoider["avoided"] >= want[64614, 64611],
       "and of the time without a plan nothing is claimed", (avoider, want))


def checks(directory):
    routers = {one.n: one for one in (
        net.dressed(net.BirdRouter(11), "FRA", "upstream", 50), net.dressed(net.FrrRouter(12), "SIN", "upstream", 50),
        net.dressed(net.FrrRouter(13), "KHI", "customer"), net.dressed(net.BirdRouter(14), "GWD", "customer"),
        net.dressed(net.BirdRouter(15), "ISB", "customer"), net.dressed(net.FrrRouter(16), "LHE", "customer"))}
    net.lay(routers.values())
    hub = net.Hub(directory, list(routers.values()))
    if not hub.begin():
        return
    net.begin_probes(directory)
    for one in routers.values():
        one.begin(directory)
    everybody = ["s%d%s" % (n, family) for n in routers for family in ("", "v6")]
    if not ok(wait(lambda: hub.up(*everybody), 120), "all sessions are up", hub.say("show", "members")):
        return
    begun(hub, routers)
    months = [time.strftime("%Y-%m", time.gmtime())]  # that the test has run in
    streams, wire = Streams(directory, STREAMS), Wire(directory, routers[13])
    streams.begin()
    ok(streams.flow_over({1: FRA, 2: FRA, 3: SIN, 4: SIN}), "packets of each customer arrive over its exit, IPv4 and IPv6")
    whole_bins(2)
    moved(hub, routers, streams, wire, months)
    whole_bins(2)
    cut_off(hub, routers[15])
    dead_man(hub, routers, streams)
    streams.end()
    ok(hub.up(*everybody), "no session went down", hub.say("show", "members"))
    months[:] = sorted(set(months + [time.strftime("%Y-%m", time.gmtime())]))
    billed(hub, streams, months)


if __name__ == "__main__":
    lan.enter()
    lan.play(checks)
