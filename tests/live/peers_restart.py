#!/usr/bin/env python3
"""Members that restart: BIRD and FRR are killed, and their routes stay with the others meanwhile (graceful restart, RFC 4724, and
long-lived, RFC 9494). Prints TAP."""
import time

import lan
from daemons import Bird, Frr
from lan import ok, wait
from speaker import Speaker

BIRD = """
router id %%(ip4)s;
protocol device {}
protocol static own { ipv4; %s }
protocol bgp rs4 { local %%(ip4)s as %%(asn)d; neighbor 10.99.0.1 as 64500; connect delay time 1; error wait time 1,2; %s
	ipv4 { import all; export where source = RTS_STATIC; }; }
"""
ROUTE = "route 45.%(n)d.%(i)d.0/24 blackhole;"
FRR = Frr.text.replace(" bgp router-id", " bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n bgp router-id") \
    .replace("  network 45.%(n)d.0.0/24", "  network 45.%(n)d.0.0/24\n  network 45.%(n)d.1.0/24")
SESSION = '{id: s%d, address: 10.99.0.%d, families: [ipv4], passive: no, connect_retry_s: 2, stale_time_s: %d}'


def bird_text(n, options, routes):
    return BIRD % (" ".join(ROUTE % {"n": n, "i": i} for i in routes), options)


def restarts(hub, member, observer, again):
    """Is killed, stays away for two seconds, comes back with one route instead of two."""
    kept, lost = "45.%d.0.0/24" % member.n, "45.%d.1.0/24" % member.n
    ok(wait(lambda: observer.has(kept) and observer.has(lost), 20), "two routes of %s are with the others" % member.name)
    time.sleep(1)  # its End-of-RIB
    since = time.monotonic()
    member.kill()
    ok(wait(lambda: not hub.up("s%d" % member.n), 5), "it is killed, and its session is down")
    time.sleep(2)
    ok(not observer.withdrawals(since), "its routes stay", observer.withdrawals(since))
    again()
    ok(wait(lambda: hub.up("s%d" % member.n), 20), "it is back")
    ok(wait(lambda: not observer.has(lost), 20), "what it does not announce any more goes with its End-of-RIB",
       hub.say("show", "routes"))
    ok(observer.has(kept) and kept not in observer.withdrawals(since), "the other one was there all the time",
       observer.withdrawals(since))


def checks(directory):
    graceful = Bird(11, bird_text(11, "graceful restart on;", (0, 1)))
    frr = Frr(12, FRR)
    plain = Bird(13, bird_text(13, "graceful restart off;", (0,)))
    lasting = Bird(14, bird_text(14, "graceful restart on; graceful restart time 5; long lived graceful restart on; "
                                 "long lived stale time 10;", (0,)), [SESSION % (14, 14, 10)])
    listener = Bird(15, bird_text(15, "long lived graceful restart on;", ()), [SESSION % (15, 15, 60)])
    observer = Speaker(21)
    members = [graceful, frr, plain, lasting, listener, observer]
    lan.lay_lan(members)
    hub = lan.Hub(directory, members)
    if not hub.begin():
        return
    for one in members[:-1]:
        one.begin(directory)
    observer.connect()
    everybody = ["s%d" % one.n for one in members]
    if not ok(wait(lambda: hub.up(*everybody), 40), "all sessions are up", hub.say("show", "members")):
        return

    def bird_again():
        graceful.configure(bird_text(11, "graceful restart on;", (0,)))
        graceful.launch("-R")

    def frr_again():
        frr.configure(FRR.replace("  network 45.%(n)d.1.0/24", ""))
        frr.launch()
    restarts(hub, graceful, observer, bird_again)
    restarts(hub, frr, observer, frr_again)

    ok(wait(lambda: observer.has("45.13.0.0/24"), 5), "a route of a member without graceful restart is there")
    plain.kill()
    ok(wait(lambda: not observer.has("45.13.0.0/24"), 4), "and goes with its session")

    ok(wait(lambda: listener.has("45.14.0.0/24") and observer.has("45.14.0.0/24"), 5), "a route that may stay long is there")
    begin = time.monotonic()
    lasting.kill()
    time.sleep(1)
    ok(observer.has("45.14.0.0/24") and "65535:6" not in listener.has("45.14.0.0/24")["communities"],
       "it stays as it is while the member may restart")
    ok(wait(lambda: "65535:6" in (listener.has("45.14.0.0/24") or {"communities": []})["communities"], 5),
       "then as LLGR_STALE with BIRD, which knows that", listener.ask("show","route","all"))
    ok(wait(lambda: not observer.has("45.14.0.0/24"), 2) and listener.has("45.14.0.0/24"), "and not with who does not")
    ok(wait(lambda: not listener.has("45.14.0.0/24"), 15), "at the end of that time it is gone")
    # It was 5 s and 10 s; unasked BIRD would wait for 120 s.
    ok(14 <= time.monotonic() - begin <= 60, "which was that of both, one after the other", time.monotonic() - begin)


lan.enter()
lan.play(checks)
