"""What the tests of moving in share: an old route server (BIRD, with a policy by hand) and the hub, members that have sessions with
both and say the same to both, and a look at whether they hear the same."""
import json
import socket
import sys

import lan
from daemons import Bird
from lan import ok, wait
from speaker import IPV4, IPV6, Speaker

WHOIS = 4343


def rt(first, second):
    """A route target of a 16-bit AS number, as hexadecimal octets."""
    return "0002%04x%08x" % (first, second)


class Client:
    """A member's router with sessions to the old route server and to the hub."""

    space = extra = ""

    def __init__(self, name, number, asn, six):
        self.name, self.n, self.asn = name, number, asn
        self.ip4, self.ip6 = "10.99.0.%d" % self.n, "2001:db8:ffff::%d" % self.n
        self.old, self.new = {}, {}
        for speakers, address4, address6 in ((self.old, "10.99.0.2", "2001:db8:ffff::2"), (self.new, "10.99.0.1", "2001:db8:ffff::1")):
            for afi, remote in ((IPV4, address4), (IPV6, address6))[:2 if six else 1]:
                one = Speaker(self.n, afis=(afi,), six=afi == IPV6)
                one.asn, one.remote = self.asn, remote
                speakers[afi] = one

    def speakers(self):
        return list(self.old.values()) + list(self.new.values())

    def say(self, prefix, fields):
        for side in (self.old, self.new):
            side[IPV6 if ":" in prefix else IPV4].announce(prefix, **fields)

    def heard(self, side):
        found = {}
        for one in side.values():
            with one.lock:
                for prefix, route in one.routes.items():
                    found[prefix] = {
                        "path": route.path, "next hop": route.next_hop, "med": route.med, "origin": route.octets.get(1),
                        "communities": sorted(set(route.communities)), "extended": sorted(set(route.extended)),
                        "large": sorted(set(route.large)), "others": sorted(set(route.octets) - {1, 2, 3, 4, 8, 14, 16, 32})}
        return found


class Hub(lan.Hub):
    """With a hub file that somebody else writes."""

    def write(self):
        pass


def whois_answers():
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", WHOIS)) == 0


class Move:
    def __init__(self, directory, bird_conf, clients, registry, roas):
        self.directory, self.clients = directory, clients
        with open(directory + "/irr.json", "w", encoding="ascii") as out:
            json.dump(registry, out)
        with open(directory + "/vrps.json", "w", encoding="ascii") as out:
            json.dump({"roas": [{"prefix": prefix, "maxLength": length, "asn": "AS%d" % asn, "ta": "test"}
                                for prefix, length, asn in roas]}, out)
        with open(bird_conf, encoding="ascii") as text:
            self.old = Bird(2, text.read().replace("%", "%%"), name="old")
        lan.lay_lan(list(clients.values()) + [self.old])
        self.hub = Hub(directory, [])

    def begin(self, fresh):
        """Both begin, the registries have answered for `fresh` sets, and all members connect."""
        self.old.begin(self.directory)
        lan.start(self.directory + "/whois.log", sys.executable, "tests/live/irr_server.py", str(WHOIS), self.directory + "/irr.json",
                  self.directory + "/asked")
        wait(whois_answers, 10)
        if not self.hub.begin():
            return False
        answered = wait(lambda: "%d fresh" % fresh in self.hub.say("show", "registry"), 20)
        ok(answered, "the registries have answered", self.hub.say("show", "registry"))
        speakers = [one for client in self.clients.values() for one in client.speakers()]
        for one in speakers:
            one.connect()
        return ok(wait(lambda: all(one.up for one in speakers), 20), "all have sessions with both",
                  [(one.name, one.remote, one.up, one.notification) for one in speakers])

    def rest(self):
        """Waits until nothing has come for two seconds."""
        last = [None, 0]

        def still():
            now = [len(one.history) for client in self.clients.values() for one in client.speakers()]
            last[1] = last[1] + 1 if now == last[0] else 0
            last[0] = now
            return last[1] >= 20
        wait(still, 60)

    def compare(self, differences, leaks=()):
        """All hear the same from both, attribute by attribute, but for `differences`: who no longer hears what, and why; and for
        communities with these beginnings, which the old one did not take off."""
        self.rest()
        for name, prefix, why in differences:
            client = self.clients[name]
            ok(prefix in client.heard(client.old) and prefix not in client.heard(client.new),
               "%s no longer hears %s, %s" % (name, prefix, why))
        for client in self.clients.values():
            old, new = client.heard(client.old), client.heard(client.new)
            for name, prefix, _ in differences:
                if name == client.name:
                    old.pop(prefix, None)
            for route in old.values():
                for kind in ("communities", "extended"):
                    route[kind] = [one for one in route[kind] if not one.startswith(leaks)]
            different = [prefix for prefix in sorted(set(old) | set(new)) if old.get(prefix) != new.get(prefix)]
            ok(len(old) > 10 and not different, "%s hears the same %d routes from both" % (client.name, len(old)),
               "\n".join("%s\n  was %s\n  is  %s" % (prefix, old.get(prefix), new.get(prefix)) for prefix in different))
