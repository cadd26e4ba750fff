#!/usr/bin/env python3
"""Speaks malformed BGP to a route server and judges its reaction; prints TAP.

  badbgp.py --host 10.99.0.1 --source 10.99.1.0 --observer 10.99.0.2 --cases tests/exchange/data/badbgp*.jsonl

Each case has a session of its own, from an address of its own (--source plus its number, beginning anew after --places; its
IPv6 next hop is --next-hop6 plus the same), and many run at once. One observer holds a session for the whole time and sees what
the server tells others. A case of the phase "update":
 1. a good route is announced and must reach the observer;
 2. the bad octets are sent;
 3. a canary is announced: if it reaches the observer, session and framing survived;
 4. what became of the good route says what the server did:
    notify:C.S | close | withdraw | discard-attr | ignore | accept | accept-modified | stuck
Each UPDATE is played twice: as written, and with its last attribute, mostly the bad one, moved to the front. The observer's
session must survive it all. Python 3, standard library only.
"""
import argparse
import concurrent.futures
import ipaddress
import json
import socket
import struct
import sys
import threading
import time

MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE = 1, 2, 3, 4


def message(kind, body):
    return MARKER + struct.pack(">HB", 19 + len(body), kind) + body


def open_message(asn, router_id, caps):
    """OPEN with both families and route refresh; caps: words of the case (noas4, ext, gr, addpath: sends path identifiers,
    enh: IPv6 next hops of IPv4, err: enhanced refresh, flow: rules about traffic)."""
    value = bytes.fromhex("010400010001" "010400020001" "0200")
    if "noas4" not in caps:
        value += bytes([65, 4]) + struct.pack(">I", asn)
    if "ext" in caps:
        value += bytes([6, 0])
    if "gr" in caps:
        value += bytes([64, 6]) + struct.pack(">H", 120) + bytes([0, 1, 1, 0])
    if "addpath" in caps:
        value += bytes([69, 4, 0, 1, 1, 2])
    if "enh" in caps:
        value += bytes([5, 6, 0, 1, 0, 1, 0, 2])
    if "flow" in caps:
        value += bytes([1, 4, 0, 1, 0, 133])
    if "err" in caps:
        value += bytes([70, 0])
    parameter = bytes([2, len(value)]) + value
    as2 = asn if asn < 65536 else 23456
    return message(OPEN, struct.pack(">BHH", 4, as2, 180) + ipaddress.ip_address(router_id).packed
                   + bytes([len(parameter)]) + parameter)


class Connection:
    """A TCP connection that gives whole messages; remembers a NOTIFICATION and the end."""

    def __init__(self, options, source):
        self.octets = b""
        self.notification = None
        self.closed = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.settimeout(5)
        self.socket.connect((options.host, options.port))

    def send(self, octets):
        try:
            self.socket.sendall(octets)
        except OSError:
            pass  # what the server said before is still to be read

    def receive(self, seconds):
        """(type, body) of the next message, None if none came."""
        end = time.monotonic() + seconds
        while True:
            if len(self.octets) >= 19:
                length = struct.unpack(">H", self.octets[16:18])[0]
                if len(self.octets) >= length:
                    kind, body = self.octets[18], self.octets[19:length]
                    self.octets = self.octets[length:]
                    if kind == NOTIFICATION:
                        self.notification = (body[0], body[1])
                    return kind, body
            left = end - time.monotonic()
            if left <= 0 or self.closed:
                return None
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except socket.timeout:
                return None
            except OSError:
                more = b""
            self.closed = not more
            self.octets += more

    def close(self):
        self.socket.close()


def establish(options, source, asn, caps=""):
    """A session that is up; None if it does not come."""
    deadline = time.monotonic() + options.patience
    while time.monotonic() < deadline:
        try:
            connection = Connection(options, source)
        except OSError:
            time.sleep(0.2)
            continue
        connection.send(open_message(asn, source, caps))
        opened = False
        while (got := connection.receive(3)) is not None:
            if got[0] == OPEN:
                opened = True
                connection.send(message(KEEPALIVE, b""))
            elif got[0] == KEEPALIVE and opened:
                return connection
        connection.close()
        time.sleep(0.5)
    return None


def prefixes(octets, bits):
    found, at = [], 0
    while at < len(octets):
        length = (octets[at] + 7) // 8
        address = octets[at + 1:at + 1 + length] + bytes(bits // 8 - length)
        found.append("%s/%d" % (ipaddress.ip_address(address), octets[at]))
        at += 1 + length
    return found


def attribute_list(octets):
    """[(flags, type, value, whole)], or None if the list is not whole."""
    found, at = [], 0
    while at < len(octets):
        head = 4 if octets[at] & 0x10 else 3
        if at + head > len(octets):
            return None
        length = struct.unpack(">H", octets[at + 2:at + 4])[0] if head == 4 else octets[at + 2]
        end = at + head + length
        if end > len(octets):
            return None
        found.append((octets[at], octets[at + 1], octets[at + head:end], octets[at:end]))
        at = end
    return found


def fields(body):
    """Withdrawn routes, attributes, NLRI of an UPDATE; None if its lengths are wrong."""
    withdrawn = struct.unpack(">H", body[:2])[0]
    if 4 + withdrawn > len(body):
        return None
    length = struct.unpack(">H", body[2 + withdrawn:4 + withdrawn])[0]
    at = 4 + withdrawn
    if at + length > len(body):
        return None
    return body[2:2 + withdrawn], body[at:at + length], body[at + length:]


def read_update(body):
    withdrawn, octets, nlri = fields(body)
    attributes = {kind: (flags, value) for flags, kind, value, _ in attribute_list(octets)}
    gone, come = prefixes(withdrawn, 32), prefixes(nlri, 32)
    if 14 in attributes:
        value = attributes[14][1]
        rest = value[5 + value[3]:]
        come += prefixes(rest, 128 if value[1] == 2 else 32)
    if 15 in attributes:
        value = attributes[15][1]
        gone += prefixes(value[3:], 128 if value[1] == 2 else 32)
    return gone, come, attributes


def bad_attribute_first(octets):
    """Moves the last attribute of an UPDATE to the front; None where that is not possible."""
    if len(octets) < 23 or octets[18] != UPDATE or len(octets) != struct.unpack(">H", octets[16:18])[0]:
        return None
    parts = fields(octets[19:])
    found = attribute_list(parts[1]) if parts else None
    if not found or len(found) < 2:
        return None
    start = 19 + 4 + len(parts[0])
    turned = found[-1][3] + b"".join(one[3] for one in found[:-1])
    return octets[:start] + turned + octets[start + len(turned):]


class Observer(threading.Thread):
    """What the server tells others."""

    def __init__(self, options):
        super().__init__(daemon=True)
        self.options = options
        self.table = {}
        self.losses = []
        self.up = False
        self.changed = threading.Condition()

    def run(self):
        while True:
            connection = establish(self.options, self.options.observer, self.options.observer_asn, "enh")
            if connection is None:
                continue
            with self.changed:
                self.up, self.table = True, {}
                self.changed.notify_all()
            last = time.monotonic()
            while not connection.closed and connection.notification is None:
                got = connection.receive(1)
                if time.monotonic() - last > 15:
                    connection.send(message(KEEPALIVE, b""))
                    last = time.monotonic()
                if got and got[0] == UPDATE:
                    self.take(*read_update(got[1]))
            with self.changed:
                self.up, self.table = False, {}
                self.losses.append(connection.notification or "closed")
                self.changed.notify_all()
            connection.close()

    def take(self, gone, come, attributes):
        with self.changed:
            for prefix in gone:
                self.table.pop(prefix, None)
            for prefix in come:
                self.table[prefix] = attributes
            self.changed.notify_all()

    def wait(self, condition, seconds):
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def values(self, prefix):
        found = self.table.get(prefix)
        return None if found is None else {kind: value for kind, (_, value) in found.items()}


class Play:
    """One case, played once."""

    def __init__(self, options, observer, case, number, turned):
        self.options, self.observer, self.case, self.turned = options, observer, case, turned
        place = (number - 1) % options.places + 1
        self.source = str(ipaddress.ip_address(options.source) + place)
        block = 32 + number // 256, number % 256
        self.test4 = "198.%d.%d.0/24" % block
        self.test6 = "2001:db8:%x::/48" % number
        self.canary = "199.%d.%d.0/24" % block
        self.test = self.test6 if case["afi"] == 6 else self.test4
        self.as4 = "noas4" not in case["caps"]
        self.words = {
            "{NH6}": (ipaddress.ip_address(options.next_hop6) + place).packed.hex(),
            "{NH}": ipaddress.ip_address(self.source).packed.hex(),
            "{AS2}": "%04x" % options.asn,
            "{AS4}": "%08x" % options.asn,
            "{DID}": ipaddress.ip_address(options.server_id).packed.hex(),
            "{OWN}": ipaddress.ip_address(options.host).packed.hex(),
            "{P6}": bytes.fromhex("20010db8").hex() + "%04x" % number,
            "{P}": bytes([198, *block]).hex(),
        }

    def fill_in(self, text):
        for word, value in self.words.items():
            text = text.replace(word, value)
        return bytes.fromhex(text)

    def octets(self):
        """What the case sends; None if it cannot be turned."""
        sent = [self.fill_in(text) for text in self.case["send"]]
        if self.turned:
            sent = [bad_attribute_first(one) for one in sent]
        return None if None in sent else sent

    def good(self, prefix):
        network = ipaddress.ip_network(prefix)
        path = bytes([2, 1]) + struct.pack(">I" if self.as4 else ">H", self.options.asn)
        attributes = b"\x40\x01\x01\x00" + bytes([0x40, 2, len(path)]) + path
        nlri = b"\0\0\0\1" if "addpath" in self.case["caps"] and network.version == 4 else b""
        nlri += bytes([network.prefixlen]) + network.network_address.packed[:network.prefixlen // 8]
        if network.version == 6:
            value = bytes.fromhex("00020110" + self.words["{NH6}"] + "00") + nlri
            attributes += bytes([0x80, 14, len(value)]) + value
            nlri = b""
        else:
            attributes += b"\x40\x03\x04" + bytes.fromhex(self.words["{NH}"])
        return message(UPDATE, struct.pack(">HH", 0, len(attributes)) + attributes + nlri)

    def end(self, connection):
        if connection.notification:
            return "notify:%d.%d" % connection.notification
        return "close" if connection.closed else None

    def watch(self, connection, seconds):
        """Reads until the session ends or the canary is seen; the end, or None."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            connection.receive(0.05)
            if self.end(connection):
                return self.end(connection)
            if self.canary in self.observer.table:
                return None
        return "stuck"

    def play_update(self):
        connection = establish(self.options, self.source, self.options.asn, self.case["caps"])
        if connection is None:
            return "no-session"
        connection.send(self.good(self.test4))
        if self.test == self.test6:
            connection.send(self.good(self.test6))
        if not self.observer.wait(lambda: self.test in self.observer.table, self.options.patience):
            connection.close()
            return "no-baseline"
        base = self.observer.values(self.test)
        for octets in self.octets():
            connection.send(octets)
        time.sleep(0.2)
        connection.send(self.good(self.canary))
        observed = self.watch(connection, self.options.patience)
        time.sleep(0.1)
        now = self.observer.values(self.test)
        connection.close()
        return observed or self.compare(base, now)

    def compare(self, base, now):
        kind = self.case.get("attr")
        if now is None:
            return "withdraw"
        if now == base:
            return "ignore"
        if kind is None:
            return "accept"
        if kind not in now:
            return "discard-attr"
        want = self.case.get("want")
        if want is not None and not self.turned and now[kind] != self.fill_in(want):
            return "accept-modified"
        return "accept"

    def play_open(self):
        try:
            connection = Connection(self.options, self.source)
        except OSError:
            return "no-session"
        for octets in self.octets():
            connection.send(octets)
            time.sleep(0.1)
        confirmed = False
        deadline = time.monotonic() + self.options.patience
        while not confirmed and not self.end(connection) and time.monotonic() < deadline:
            got = connection.receive(0.2)
            if got and got[0] == OPEN:
                connection.send(message(KEEPALIVE, b""))
            confirmed = bool(got) and got[0] == KEEPALIVE
        if not confirmed:
            connection.close()
            return self.end(connection) or "stuck"
        self.as4 = "4104" in self.case["send"][0]
        connection.send(self.good(self.canary))
        observed = self.watch(connection, self.options.patience)
        connection.close()
        return observed or "accept"

    def play(self):
        observed = self.play_update() if self.case["phase"] == "update" else self.play_open()
        return observed, observed == self.case["expect"] or observed in self.case["alt"]


def chosen(options, observer, cases, before):
    """The plays of those that are wanted; numbered from `before` on."""
    plays = []
    for case in cases:
        if options.only and case["id"] not in options.only.split(","):
            continue
        for turned in (False, True):
            play = Play(options, observer, case, before + len(plays) + 1, turned)
            if not turned or case["phase"] == "update" and case.get("turn", True) and play.octets():
                plays.append(play)
    return plays


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("host", "127.0.0.1"), ("source", "127.0.1.0"), ("observer", "127.0.0.2"),
                        ("next-hop6", "2001:db8:ffff::"), ("server-id", "10.99.0.1"), ("only", "")):
        parser.add_argument("--" + name, default=value)
    for name, value in (("port", 179), ("asn", 65001), ("observer-asn", 65002), ("places", 1000), ("at-once", 24),
                        ("patience", 10)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--cases", nargs="+", default=["tests/exchange/data/badbgp.jsonl"])
    options = parser.parse_args()
    observer = Observer(options)
    observer.start()
    if not observer.wait(lambda: observer.up, 30):
        print("not ok 1 - the observer has a session\n1..1")
        return 1
    plays = []
    for name in options.cases:
        with open(name, encoding="ascii") as lines:
            plays += chosen(options, observer, map(json.loads, lines), len(plays))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for number, (play, (observed, right)) in enumerate(zip(plays, pool.map(Play.play, plays)), 1):
            failed += not right
            print("%sok %d - %s %s%s: %s%s" % ("" if right else "not ", number, play.case["id"], play.case["name"],
                                               ", bad attribute first" if play.turned else "", play.case["expect"],
                                               "" if right else " # observed " + observed), flush=True)
    survived = not observer.losses
    print("%sok %d - the observer's session survived%s" % ("" if survived else "not ", len(plays) + 1,
                                                          "" if survived else " # lost: %s" % observer.losses))
    print("1..%d" % (len(plays) + 1))
    return 1 if failed or not survived else 0


sys.exit(main())
