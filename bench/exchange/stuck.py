#!/usr/bin/env python3
"""Members that stop reading while others go on: latency of these, memory, and what becomes of the stuck.
   stuck.py PID STUCK ROUTES SECONDS"""
import random, select, sys, time
from speaker import *

pid, stuck, routes, seconds = map(int, sys.argv[1:5])
watch = Watch()
chance = random.Random(1)
others = [Session(2 + i, buffer=4096).start() for i in range(stuck)]
for i in range(0, routes, 500):
    watch.writer.send(update(watch.writer.address, [watch.writer.asn, 64999, 300000 + i], [prefix(j) for j in range(i, i + 500)]))
by_socket = watch.sockets()
by_socket.update({s.socket: s for s in others})


def phase(reading, length):
    """20 events of 20 prefixes a second."""
    until, next_event, next_alive = time.monotonic() + length, 0, 0
    while time.monotonic() < until:
        now = time.monotonic()
        if now >= next_event:
            next_event = now + 0.05
            at = chance.randrange(routes - 20)
            watch.event([prefix(j) for j in range(at, at + 20)])
        if now >= next_alive:
            next_alive = now + 10
            for s in by_socket.values():
                s.send(message(4))
        wanted = [s for s, o in by_socket.items() if o.closed is None and (reading or o not in others)]
        for s in select.select(wanted, [], [], 0.01)[0]:
            by_socket[s].read()


phase(True, 5)  # all take the table
watch.result()
before = memory(pid)
print("| %d members of %d routes | p50 ms | p99 ms | most ms | lost | RSS MiB | MiB a stuck member | closed |" % (stuck + 2, routes))
print("|---|--:|--:|--:|--:|--:|--:|--:|")
for label, reading, length in (("all read", True, seconds), ("%d do not" % stuck, False, seconds), ("for longer", False, seconds)):
    phase(reading, length)
    print("| %s | %.2f | %.2f | %.1f | %d | %.1f | %.2f | %d |" % ((label,) + watch.result() + (
        memory(pid), (memory(pid) - before) / stuck, sum(o.closed is not None for o in others))), flush=True)
