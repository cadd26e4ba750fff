#!/usr/bin/env python3
"""Questions to an exchange of many routes while updates go on: how long each takes, what it costs, and how much it delays the updates.
   look.py PID SOCKET MEMBERS ROUTES-A-MEMBER"""
import random, select, socket, sys, threading, time
from speaker import *

pid, control, members, routes = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
watch = Watch()
chance = random.Random(1)
others = [Session(2 + i).start() for i in range(members)]
by_socket = watch.sockets()
by_socket.update({s.socket: s for s in others})


def on_cpu():
    return int(open("/proc/%d/schedstat" % pid).read().split()[0]) / 1e6


def ask(question):
    """Milliseconds until the first octet and the last, octets, ms of the exchange's CPU."""
    form, words = ("json", question[3:]) if question.startswith("-j ") else ("text", question)
    before, began, first, octets = on_cpu(), time.monotonic(), None, 0
    s = socket.socket(socket.AF_UNIX)
    s.connect(control)
    s.sendall("\t".join([form] + words.split()).encode() + b"\n")
    while True:
        data = s.recv(1 << 20)
        if not data:
            break
        first = first or time.monotonic()
        octets += len(data)
    return 1000 * (first - began), 1000 * (time.monotonic() - began), octets, on_cpu() - before


def serve(done):
    """20 events of 20 prefixes a second, until done() says so."""
    next_event, next_alive = 0, 0
    while not done():
        now = time.monotonic()
        if now >= next_event:
            next_event = now + 0.05
            watch.event([prefix(j) for j in chance.sample(range(2000), 20)])
        if now >= next_alive:
            next_alive = now + 10
            for s in by_socket.values():
                s.send(message(4))
        for s in select.select(list(by_socket), [], [], 0.002)[0]:
            by_socket[s].read()


for number, member in enumerate(others):
    first = 10000 + number * routes
    for i in range(first, first + routes, 500):
        path = [member.asn, 64999, 300000 + i // 500]
        member.send(update(member.address, path, [prefix(j) for j in range(i, i + 500)]))
        for s in select.select(list(by_socket), [], [], 0)[0]:
            by_socket[s].read()
until = time.monotonic() + 5
serve(lambda: time.monotonic() > until)
watch.result()
print("| %d routes of %d members, RSS %.0f MiB | first ms | all ms | MB | CPU ms | updates p50 ms | most ms |" % (members * routes, members, memory(pid)))
print("|---|--:|--:|--:|--:|--:|--:|")
until = time.monotonic() + 5
serve(lambda: time.monotonic() > until)
p50, _, most, _ = watch.result()
print("| nobody asks | | | | | %.2f | %.1f |" % (p50, most))
of = "member %d" % others[0].asn
for question in ("show members", "show routes %s limit 1000" % of, "-j show routes %s limit 500" % of, "show routes within 21.0.0.0/12 limit 100", "show routes to %d limit 1000" % watch.reader.asn,
                 "show rpki", "metrics exchange", "show member %d" % others[0].asn, "show peering %d" % others[0].asn, "show routes %s limit 1000000" % of, "-j birdwatcher routes protocol %d-1" % others[0].asn,
                 "-j show routes limit 10000000"):
    results = []
    asker = threading.Thread(target=lambda: results.append(ask(question)))
    time.sleep(0.1)
    asker.start()
    serve(lambda: not asker.is_alive())
    quiet = time.monotonic() + 0.3
    serve(lambda: time.monotonic() > quiet)
    first, whole, octets, cost = results[0]
    p50, _, most, _ = watch.result()
    print("| `%s` | %.0f | %.0f | %.2f | %.0f | %.2f | %.1f |" % (question, first, whole, octets / 1e6, cost, p50, most), flush=True)
