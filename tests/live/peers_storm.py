#!/usr/bin/env python3
"""A storm: ten members announce and withdraw some ten thousand times, IPv4 and IPv6, with communities, mistakes and sessions
that end; the hub file changes under it, its exchange is killed, and BIRD and FRR ask for refreshes. At its end both hold
exactly what a route server in the plainest words says they should. Prints TAP. What is announced depends on a seed alone: peers_storm.py --seed N."""
import os
import random
import signal
import sys
import threading
import time

import lan
from daemons import Bird, Frr
from lan import ok, wait
from speaker import IPV4, IPV6, Speaker

SEED = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 20261121
POOL4 = ["45.%d.%d.0/24" % (100 + i // 256, i % 256) for i in range(1500)]
POOL6 = ["2a10:45:%x::/48" % i for i in range(1, 1001)]
STEPS, PACE_S, BATCH = 500, 0.05, 8
BLOCKED = set(POOL4[100:164] + POOL6[100:164])
PATCH = "policy: {allow_asns: [64496-65534], blocked: [%s]}" % ", ".join('"%s"' % one for one in sorted(BLOCKED))
BIRD = Bird.text.replace("route 45.%(n)d.0.0/24 blackhole;", "").replace("connect delay", "graceful restart on; connect delay") \
    .replace("	ipv4 { import all; export", "	ipv6 { import all; export none; };\n	ipv4 { import all; export")
FRR = Frr.text.replace("  network 45.%(n)d.0.0/24", "  neighbor 10.99.0.1 filter-list mine out") \
    + " address-family ipv6 unicast\n  neighbor 10.99.0.1 activate\n  neighbor 10.99.0.1 filter-list mine out\n exit-address-family\n" \
    + "bgp as-path access-list mine permit ^$\n"
SESSION = '{id: s%d, address: 10.99.0.%d, families: [ipv4, ipv6], passive: no, connect_retry_s: 2}'
NOT_TO, TO, NOT_TO_ANY, PREPEND, PREPEND_ANY = "not to", "to", "not to any", "prepend", "prepend to any"
GRACEFUL_SHUTDOWN = "65535:0"


class Sender(threading.Thread):
    """One member in the storm. `routes` is what it has announced and not withdrawn, `told` how that was said."""

    def __init__(self, speaker, hub):
        super().__init__(daemon=True)
        self.speaker, self.hub, self.routes, self.told, self.broken = speaker, hub, {}, {}, False
        self.random = random.Random(SEED * 100 + speaker.n)

    def ask(self, fields, wish, peer):
        """Puts a control community in, in one of its forms."""
        number = self.random.choice((1, 2, 3))
        standard, large = {NOT_TO: ("0:%d" % peer, "64500:0:%d" % peer), TO: ("64500:%d" % peer, "64500:1:%d" % peer),
                           NOT_TO_ANY: ("0:64500", "64500:0:0"),
                           PREPEND: ("6551%d:%d" % (number, peer), "64500:10%d:%d" % (number, peer)),
                           PREPEND_ANY: ("6550%d:64500" % number, "64500:10%d:0" % number)}[wish]
        form = self.random.choice(("communities", "large", "extended"))
        if form == "extended":
            fields[form] += "%04x%04x%08x" % ((2,) + tuple(int(part) for part in standard.split(":")))
        else:
            fields[form] += " " + (large if form == "large" else standard)
        return number

    def route(self, six):
        """What is said, what it means, and whether the hub refuses it."""
        pick = self.random
        fields = {"path": tuple(200000 + pick.randrange(50) for _ in range(pick.randrange(4))), "communities": "",
                  "large": "", "extended": "", "med": pick.randrange(100)}
        meant = {"path": fields["path"], NOT_TO: set(), TO: set(), NOT_TO_ANY: False, PREPEND: {}, PREPEND_ANY: 0,
                 "last": False, "passes": [], "refused": False}
        for _ in range(pick.choice((0, 0, 1, 2))):
            wish, peer = pick.choice((NOT_TO, TO)), pick.choice((64611, 64612, 64621))
            self.ask(fields, wish, peer)
            meant[wish].add(peer)
        if pick.random() < 0.3:
            self.ask(fields, NOT_TO_ANY, 0)
            meant[NOT_TO_ANY] = True
        if pick.random() < 0.2:
            peer = pick.choice((64611, 64612))
            meant[PREPEND][peer] = self.ask(fields, PREPEND, peer)
        if pick.random() < 0.2:
            meant[PREPEND_ANY] = self.ask(fields, PREPEND_ANY, 0)
        if pick.random() < 0.2:
            meant["last"] = True
            meant["passes"].append(GRACEFUL_SHUTDOWN)
        if pick.random() < 0.5:
            meant["passes"].append("64999:%d" % pick.randrange(1000))
        fields["communities"] += "".join(" " + one for one in meant["passes"])
        if pick.random() < 0.1:
            meant["refused"] = True
            mistake = pick.choice(("bogon", "hop", "otc"))
            if mistake == "bogon":
                fields["path"] += (23456,)
            elif mistake == "hop":
                fields["next_hop"] = "2001:db8:ffff::200" if six else "10.99.0.200"
            else:
                fields["otc"] = 64999
        return fields, meant

    def step(self):
        six = self.random.random() < 0.4
        prefixes = self.random.sample(POOL6 if six else POOL4, self.random.randrange(1, BATCH + 1))
        if self.random.random() < 0.35:
            self.speaker.withdraw(*prefixes)
            for prefix in prefixes:
                self.routes.pop(prefix, None)
            return
        fields, meant = self.route(six)
        self.speaker.announce(*prefixes, **fields)
        for prefix in prefixes:
            self.routes[prefix] = meant
            self.told[prefix] = fields

    def leave(self):
        """Ends its session, and forgets what it announced."""
        self.speaker.close()
        ident = "s%d" % self.speaker.n
        wait(lambda: not self.hub.up(ident), 10)
        self.routes = {}

    def come_back(self):
        """Connects again, and says all that it has."""
        for _ in range(50):
            if self.speaker.connect() and wait(lambda: self.speaker.up or self.speaker.closed, 5) and self.speaker.up:
                for prefix in self.routes:
                    self.speaker.announce(prefix, **self.told[prefix])
                return
            time.sleep(0.2)

    def run(self):
        for number in range(STEPS):
            self.step()
            if self.speaker.n % 3 == 0 and number % 200 == 150:
                self.leave()
            if self.speaker.closed:
                self.come_back()
            time.sleep(PACE_S)
        time.sleep(1)
        self.broken = self.speaker.closed


def reaches(meant, asn):
    """The precedence of control communities: not to a peer, to a peer, not to any."""
    if asn in meant[NOT_TO]:
        return False
    return asn in meant[TO] or not meant[NOT_TO_ANY]


def should_hold(senders, asn):
    """A route server for one member: of all that may reach it the best, RFC 4271 section 9.1.2.2."""
    table = {}
    for prefix in POOL4 + POOL6:
        best = None
        for sender in senders:
            meant = sender.routes.get(prefix)
            if meant is None or meant["refused"] or prefix in BLOCKED or not reaches(meant, asn):
                continue
            rank = (meant["last"], len(meant["path"]), sender.speaker.n)  # router ids are in the order of the numbers
            if best is None or rank < best[0]:
                best = (rank, sender.speaker, meant)
        if best:
            _, speaker, meant = best
            times = 1 + meant[PREPEND].get(asn, meant[PREPEND_ANY])
            path = " ".join(str(one) for one in (speaker.asn,) * times + meant["path"])
            table[prefix] = (path, speaker.ip6 if ":" in prefix else speaker.ip4, tuple(sorted(meant["passes"])))
    return table


def differences(seen, wanted):
    return "\n".join("%s: holds %s, should hold %s" % (prefix, seen.get(prefix), wanted.get(prefix))
                     for prefix in sorted(set(seen) | set(wanted)) if seen.get(prefix) != wanted.get(prefix))[:2000]


def enough(table):
    six = sum(":" in prefix for prefix in table)
    return six > 300 and len(table) - six > 500


def checks(directory):
    bird, frr = Bird(11, BIRD, [SESSION % (11, 11)]), Frr(12, FRR, [SESSION % (12, 12)])
    speakers = [Speaker(n, afis=(IPV4, IPV6)) for n in range(21, 31)]
    lan.lay_lan([bird, frr] + speakers)
    hub = lan.Hub(directory, [bird, frr] + speakers)
    if not hub.begin():
        return
    bird.begin(directory)
    frr.begin(directory)
    for one in speakers:
        one.deaf = True
        one.connect()
    everybody = ["s%d" % one.n for one in [bird, frr] + speakers]
    if not ok(wait(lambda: hub.up(*everybody), 30), "all sessions are up", hub.say("show", "members")):
        return
    senders = [Sender(one, hub) for one in speakers]
    for sender in senders:
        sender.start()
    time.sleep(8)
    bird.ask("reload", "in", "rs4")
    frr.ask("clear bgp ipv4 unicast 10.99.0.1 soft in")
    frr.ask("clear bgp ipv6 unicast 10.99.0.1 soft in")
    hub.top = PATCH
    hub.apply()
    time.sleep(4)
    os.kill(hub.rooms()["exchange"]["pid"], signal.SIGKILL)
    time.sleep(4)
    bird.ask("reload", "in", "rs4")
    for sender in senders:
        sender.join(60)
    ok(not any(sender.broken or sender.is_alive() for sender in senders), "the storm of %d steps by 10 members ends, seed %d"
       % (STEPS * 10, SEED), [sender.speaker.notification for sender in senders])
    wanted = should_hold(senders, bird.asn)
    wait(lambda: bird.table() == wanted, 20)
    ok(enough(wanted) and bird.table() == wanted, "BIRD holds what it should, %d routes" % len(wanted),
       differences(bird.table(), wanted))
    wanted = {prefix: route[:2] for prefix, route in should_hold(senders, frr.asn).items()}
    wait(lambda: frr.table("ipv4", "ipv6") == wanted, 20)
    seen = frr.table("ipv4", "ipv6")
    ok(enough(wanted) and seen == wanted, "FRR holds what it should, %d routes" % len(wanted), differences(seen, wanted))
    ok(hub.rooms().get("exchange", {}).get("restarts") == 1, "the exchange was killed once", hub.rooms())
    ok(wait(lambda: hub.up(*everybody), 5), "all sessions are up", hub.say("show", "members"))


lan.enter()
lan.play(checks)
