"""A BGP speaker of a few lines, for what daemons cannot be made to say, and to see every message that a member would see."""
import ipaddress
import select
import socket
import struct
import threading
import time

MARKER = b"\xff" * 16
AS_TRANS = 23456
IPV4, IPV6 = 1, 2


def capability(code, value=b""):
    return bytes([code, len(value)]) + value


def multiprotocol(afi):
    return capability(1, struct.pack(">HBB", afi, 0, 1))


REFRESH, ENHANCED_REFRESH, EXTENDED_MESSAGES = capability(2), capability(70), capability(6)


def add_path(afi, mode):
    """1: receive, 2: send, 3: both."""
    return capability(69, struct.pack(">HBB", afi, 1, mode))


def role(number):
    """0: provider, 1: route server, 2: its client, 3: customer, 4: peer."""
    return capability(9, bytes([number]))


EXTENDED_NEXT_HOP = capability(5, struct.pack(">HHH", IPV4, 1, IPV6))


def graceful_restart(seconds, *afis, restarting=False):
    return capability(64, struct.pack(">H", seconds | (0x8000 if restarting else 0))
                      + b"".join(struct.pack(">HBB", afi, 1, 0x80) for afi in afis))


def attribute(flags, kind, value):
    if len(value) > 255:
        return bytes([flags | 0x10, kind]) + struct.pack(">H", len(value)) + value
    return bytes([flags, kind, len(value)]) + value


def words(text):
    """"64500:1:2 64500:0:3" as 32-bit numbers."""
    return [int(part) for one in text.split() for part in one.split(":")]


class Speaker:
    """Member number n. Routes heard are in `routes`, by prefix or (prefix, path id); all that was heard in `history`."""

    space, extra = "", ""

    def __init__(self, n, *capabilities, afis=(IPV4,), hold=240, six=False):
        self.n, self.asn, self.name = n, 64600 + n, "speaker-%d" % n
        self.ip4, self.ip6 = "10.99.0.%d" % n, "2001:db8:ffff::%d" % n
        self.local, self.remote = (self.ip6, "2001:db8:ffff::1") if six else (self.ip4, "10.99.0.1")
        self.ident = self.ip4
        self.afis, self.capabilities, self.hold = afis, capabilities, hold
        self.sessions = ['{id: s%d, address: "%s", families: [%s]}'
                         % (n, self.local, ", ".join("ipv%d" % (4 if afi == IPV4 else 6) for afi in afis))]
        self.deaf = False  # takes what it hears, and keeps nothing of it
        self.lock = threading.Lock()
        self.routes, self.history, self.ended, self.refreshes = {}, [], set(), []
        self.notification, self.up, self.closed, self.socket = None, False, False, None
        self.ids = any(one[0] == 69 and one[-1] in (1, 3) for one in capabilities)
        self.sends_ids = any(one[0] == 69 and one[-1] in (2, 3) for one in capabilities)

    # --- connection ---

    def connect(self, ttl=0):
        """Connects and sends an OPEN; a thread reads from then on."""
        one = socket.socket(socket.AF_INET6 if ":" in self.local else socket.AF_INET)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if ttl:
            one.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        one.bind((self.local, 0))
        one.settimeout(5)
        try:
            one.connect((self.remote, 179))
            one.settimeout(60)  # who writes may have to wait for a busy hub
        except OSError:
            self.closed = True
            return False
        self.begin(one)
        return True

    def begin(self, one):
        """The same on a connection that is there."""
        self.routes, self.ended, self.notification, self.up, self.closed = {}, set(), None, False, False
        self.socket = one
        octets = b"".join([multiprotocol(afi) for afi in self.afis] + [capability(65, struct.pack(">I", self.asn))]
                          + list(self.capabilities))
        self.send(1, struct.pack(">BHH", 4, self.asn if self.asn < 65536 else AS_TRANS, self.hold) + socket.inet_aton(self.ident)
                  + bytes([2 + len(octets), 2, len(octets)]) + octets)
        threading.Thread(target=self.read, args=(one,), daemon=True).start()

    def close(self):
        if self.socket:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.socket.close()

    def send(self, kind, body=b""):
        try:
            self.socket.sendall(MARKER + struct.pack(">HB", 19 + len(body), kind) + body)
        except OSError:
            self.closed = True

    def read(self, one):
        octets, told = b"", time.monotonic()
        while True:
            try:
                if select.select([one], [], [], 1)[0]:
                    more = one.recv(1 << 18)
                    if not more:
                        break
                    octets += more
            except (OSError, ValueError):  # closed by us
                break
            at = 0
            while len(octets) - at >= 19:
                length = struct.unpack_from(">H", octets, at + 16)[0]
                if len(octets) - at < length:
                    break
                with self.lock:
                    self.take(octets[at + 18], octets[at + 19:at + length])
                at += length
            octets = octets[at:]
            if self.up and time.monotonic() - told > 10:
                told = time.monotonic()
                self.send(4)
        if one is self.socket:
            self.up, self.closed = False, True

    def take(self, kind, body):
        if kind == 1:
            self.send(4)
        elif kind == 2 and not self.deaf:
            self.update(body)
        elif kind == 3:
            self.notification = (body[0], body[1], body[2:])
        elif kind == 4:
            self.up = True
        elif kind == 5:
            self.refreshes.append((struct.unpack(">H", body[:2])[0], body[2], len(self.history)))

    # --- what is heard ---

    def prefixes(self, octets, afi):
        found, at = [], 0
        while at < len(octets):
            ident = None
            if self.ids:
                ident = struct.unpack_from(">I", octets, at)[0]
                at += 4
            bits = octets[at]
            size = (bits + 7) // 8
            address = octets[at + 1:at + 1 + size].ljust(4 if afi == IPV4 else 16, b"\0")
            prefix = "%s/%d" % (ipaddress.ip_address(address), bits)
            found.append((prefix, ident) if self.ids else prefix)
            at += 1 + size
        return found

    def update(self, body):
        size = struct.unpack_from(">H", body)[0]
        gone = self.prefixes(body[2:2 + size], IPV4)
        length = struct.unpack_from(">H", body, 2 + size)[0]
        rest = body[4 + size:4 + size + length]
        new = self.prefixes(body[4 + size + length:], IPV4)
        attributes, at = {}, 0
        while at < len(rest):
            flags, kind = rest[at], rest[at + 1]
            long = flags & 0x10
            size = struct.unpack_from(">H", rest, at + 2)[0] if long else rest[at + 2]
            at += 4 if long else 3
            attributes[kind] = rest[at:at + size]
            at += size
        if not body[:4].strip(b"\0") and len(body) == 4:
            self.ended.add(IPV4)
        if 15 in attributes:
            afi = struct.unpack_from(">H", attributes[15])[0]
            gone += self.prefixes(attributes[15][3:], afi)
            if len(attributes) == 1 and len(attributes[15]) == 3:
                self.ended.add(afi)
        if 14 in attributes:
            afi, _, size = struct.unpack_from(">HBB", attributes[14])
            attributes[3] = attributes[14][4:4 + min(size, 16)]
            new += self.prefixes(attributes[14][5 + size:], afi)
        now = time.monotonic()
        for prefix in gone:
            self.routes.pop(prefix, None)
            self.history.append((now, "withdrawn", prefix))
        route = Route(attributes) if new else None
        for prefix in new:
            self.routes[prefix] = route
            self.history.append((now, "announced", prefix))

    def has(self, prefix):
        with self.lock:
            return self.routes.get(prefix)

    def paths(self, prefix):
        """All paths of a prefix, by id, where ADD-PATH is spoken."""
        with self.lock:
            return [route for key, route in self.routes.items() if key[0] == prefix]

    def withdrawals(self, since=0):
        with self.lock:
            return [one[2] for one in self.history if one[1] == "withdrawn" and one[0] >= since]

    # --- what is said ---

    def nlri(self, prefixes, ident):
        octets = b""
        for prefix in prefixes:
            network = ipaddress.ip_network(prefix)
            if self.sends_ids:
                octets += struct.pack(">I", ident)
            octets += bytes([network.prefixlen]) + network.network_address.packed[:(network.prefixlen + 7) // 8]
        return octets

    def announce(self, *prefixes, path=(), ident=1, **fields):
        """Fields: next_hop, med, communities, large ("A:B:C ..."), extended (hexadecimal), otc, raw (octets of attributes)."""
        asns = (self.asn,) + tuple(path)
        six = ":" in prefixes[0]
        hop = ipaddress.ip_address(fields.get("next_hop", self.ip6 if six else self.ip4))
        attributes = attribute(0x40, 1, b"\0")
        attributes += attribute(0x40, 2, bytes([2, len(asns)]) + b"".join(struct.pack(">I", one) for one in asns))
        octets = self.nlri(prefixes, ident)
        if hop.version == 4:
            attributes += attribute(0x40, 3, hop.packed)
        if "med" in fields:
            attributes += attribute(0x80, 4, struct.pack(">I", fields["med"]))
        if fields.get("communities"):
            attributes += attribute(0xc0, 8, b"".join(struct.pack(">H", one) for one in words(fields["communities"])))
        if hop.version == 6:
            attributes += attribute(0x80, 14, struct.pack(">HBB", IPV6 if six else IPV4, 1, 16) + hop.packed + b"\0" + octets)
            octets = b""
        if fields.get("extended"):
            attributes += attribute(0xc0, 16, bytes.fromhex(fields["extended"]))
        if fields.get("large"):
            attributes += attribute(0xc0, 32, b"".join(struct.pack(">I", one) for one in words(fields["large"])))
        if "otc" in fields:
            attributes += attribute(0xc0, 35, struct.pack(">I", fields["otc"]))
        attributes += fields.get("raw", b"")
        self.send(2, struct.pack(">HH", 0, len(attributes)) + attributes + octets)

    def withdraw(self, *prefixes, ident=1):
        octets = self.nlri(prefixes, ident)
        if ":" in prefixes[0]:
            gone = attribute(0x80, 15, struct.pack(">HB", IPV6, 1) + octets)
            self.send(2, struct.pack(">HH", 0, len(gone)) + gone)
        else:
            self.send(2, struct.pack(">H", len(octets)) + octets + b"\0\0")

    def end_of_rib(self, afi=IPV4):
        gone = b"" if afi == IPV4 else attribute(0x80, 15, struct.pack(">HB", afi, 1))
        self.send(2, struct.pack(">HH", 0, len(gone)) + gone)

    def refresh(self, afi, subtype=0):
        """0: asks for all; 1 and 2: all that follows is a refresh, and was (RFC 7313)."""
        self.send(5, struct.pack(">HBB", afi, subtype, 1))


class Route:
    """The attributes of a route that was heard."""

    def __init__(self, octets):
        self.octets = octets
        self.path, at, path = (), 0, octets.get(2, b"")
        while at < len(path):
            self.path += struct.unpack_from(">%dI" % path[at + 1], path, at + 2)
            at += 2 + 4 * path[at + 1]
        self.next_hop = str(ipaddress.ip_address(octets[3])) if 3 in octets else ""
        self.med = struct.unpack(">I", octets[4])[0] if 4 in octets else None
        self.communities = ["%d:%d" % one for one in struct.iter_unpack(">HH", octets.get(8, b""))]
        self.extended = [octets[16][at:at + 8].hex() for at in range(0, len(octets.get(16, b"")), 8)]
        self.large = ["%d:%d:%d" % one for one in struct.iter_unpack(">III", octets.get(32, b""))]
        self.otc = struct.unpack(">I", octets[35])[0] if 35 in octets else None

    def __repr__(self):
        return "path %s next hop %s communities %s large %s" % (self.path, self.next_hop, self.communities, self.large)
