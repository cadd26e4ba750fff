#!/usr/bin/env python3
"""Members that connect, announce 20 prefixes, and reset, over and over, while others go on.
   flap.py PID FLAPPING SECONDS"""
import random, select, sys, time
from speaker import *

pid, flapping, seconds = map(int, sys.argv[1:4])
watch = Watch()
chance = random.Random(1)
AT_ONCE = 50
waiting = [Session(2 + i, seen=None) for i in range(flapping)]
active, flaps, failures = {}, 0, 0


def begin():
    session = waiting.pop(0)
    try:
        session.begin()
        session.ends = None
        session.began = time.monotonic()
        active[session.socket] = session
    except OSError:
        global failures
        failures += 1
        waiting.append(session)


def advance(now):
    """Those that are up announce, stay for 20 ms, and go."""
    global flaps, failures
    for key, s in list(active.items()):
        if s.up and s.ends is None:
            s.send(update(s.address, [s.asn], [bytes([24, 60 + (s.i >> 8), s.i & 255, j]) for j in range(20)]))
            s.ends = now + 0.02
        late = now - s.began > 2
        if s.closed is not None or late or (s.ends and now > s.ends):
            flaps += s.ends is not None
            failures += s.ends is None
            s.reset()
            del active[key]
            waiting.append(s)


def phase(flap, length):
    until, next_event, next_alive = time.monotonic() + length, 0, 0
    while time.monotonic() < until:
        now = time.monotonic()
        if now >= next_event:
            next_event = now + 0.05
            watch.event([prefix(j) for j in chance.sample(range(2000), 10)])
        if now >= next_alive:
            next_alive = now + 10
            watch.keep_alive()
        while flap and len(active) < AT_ONCE and waiting:
            begin()
        sockets = dict(watch.sockets())
        sockets.update(active)
        for s in select.select(list(sockets), [], [], 0.005)[0]:
            sockets[s].read()
        advance(time.monotonic())


print("| | p50 ms | p99 ms | most ms | lost | flaps/s | failed | CPU, ms a flap | RSS MiB |")
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
for label, flap in (("calm", False), ("%d members flap" % flapping, True), ("calm again", False)):
    flaps, failures, before = 0, 0, cpu(pid)
    phase(flap, seconds)
    used = cpu(pid) - before
    print("| %s | %.2f | %.2f | %.1f | %d | %.0f | %d | %s | %.1f |" % ((label,) + watch.result() + (
        flaps / seconds, failures, "%.2f" % (1000 * used / flaps) if flaps else "-", memory(pid))), flush=True)
