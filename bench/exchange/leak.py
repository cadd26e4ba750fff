#!/usr/bin/env python3
"""One member announces a million prefixes at once: what others notice of it, what memory it takes, and whether that
comes back when the member goes.
   leak.py PID LABEL PREFIXES"""
import random, select, sys, threading, time
from speaker import *

pid, label, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
watch = Watch()
chance = random.Random(1)
leak = Session(2).start()
others = [Session(3 + i).start() for i in range(40)]
told = []
leak.seen = lambda session, kind, body: told.append(body[:2].hex()) if kind == 3 else None
updates = [update(leak.address, [leak.asn, 64999, 300000 + i], [prefix(j, 30) for j in range(i, i + 200)])
           for i in range(0, count, 200)]


def pour():
    for u in updates:
        if leak.closed is not None:
            return
        leak.send(u)


def phase(length):
    until, next_event, next_alive, most = time.monotonic() + length, 0, 0, 0
    sockets = watch.sockets()
    sockets.update({s.socket: s for s in others})
    while time.monotonic() < until:
        now = time.monotonic()
        if now >= next_event:
            next_event = now + 0.05
            most = max(most, memory(pid))
            watch.event([prefix(j) for j in chance.sample(range(2000), 10)])
        if now >= next_alive:
            next_alive = now + 10
            for s in sockets.values():
                s.send(message(4))
        for s in select.select([s for s, o in sockets.items() if o.closed is None]
                               + ([leak.socket] if leak.closed is None else []), [], [], 0.005)[0]:
            (sockets.get(s) or leak).read()
    return most


def row(what, most, used):
    print("| %s: %s | %.2f | %.2f | %.1f | %d | %.2f | %.1f | %.1f | %s |" % ((label, what) + watch.result() + (
        used, most, memory(pid), {"0601": "closed: too many prefixes", "0608": "closed: out of resources"}.get(
            told[-1] if told else "", "closed" if leak.closed else "up"))), flush=True)


phase(1)
watch.result()
for what, length in (("before", 3), ("while %d come" % count, 8), ("after it went", 6)):
    before = cpu(pid)
    if what.startswith("while"):
        threading.Thread(target=pour, daemon=True).start()
    if what.startswith("after") and leak.closed is None:
        leak.reset()
        leak.closed = time.monotonic()
    most = phase(length)
    row(what, most, cpu(pid) - before)
