"""A router's end of PCEP of a few lines (RFC 5440, 8231, 8664), for what FRR's pathd cannot be made to say. What it hears is in `heard`:
(type of message, octets after the header)."""
import select
import socket
import struct
import threading
import time

OPEN, KEEPALIVE, ERROR, CLOSE, REPORT, UPDATE = 1, 2, 6, 7, 10, 11
DELEGATE, SYNC, REMOVE, ADMIN, UP = 1, 2, 4, 8, 1 << 4


def obj(kind, body, sort=1, flags=0):
    return struct.pack(">BBH", kind, sort << 4 | flags, 4 + len(body)) + body


def tlv(kind, body):
    return struct.pack(">HH", kind, len(body)) + body + bytes(-len(body) % 4)


def message(kind, body=b""):
    return struct.pack(">BBH", 0x20, kind, 4 + len(body)) + body


def objects(octets):
    """{class of object: its octets}, the last of each."""
    found = {}
    while len(octets) >= 4:
        size = struct.unpack_from(">H", octets, 2)[0]
        found[octets[0]] = octets[4:size]
        octets = octets[max(size, 4):]
    return found


class Pcc:
    def __init__(self, address, end="10.0.0.9"):
        self.address, self.end = address, end
        self.heard, self.closed, self.silent, self.socket = [], True, False, None

    def raw(self, octets, keepalive=0):
        """Connects and says that. From then on a thread listens, and keeps the session alive if it is told how often."""
        self.heard, self.closed, self.silent = [], False, not keepalive
        self.socket = socket.create_connection(("10.99.0.1", 4189), 60, (self.address, 0))
        self.send(octets)
        threading.Thread(target=self.listen, args=(self.socket, keepalive), daemon=True).start()
        return self

    def connect(self, keepalive=1, dead=200):
        """Says Open and Keepalive, and goes on with that."""
        stateful = tlv(16, struct.pack(">I", 5)) + tlv(34, bytes([0, 0, 0, 1, 1, 0, 0, 0]) + tlv(26, bytes([0, 0, 0, 8])))
        return self.raw(message(OPEN, obj(1, bytes([0x20, keepalive, dead, 1]) + stateful)) + message(KEEPALIVE), keepalive)

    def send(self, octets):
        try:
            self.socket.sendall(octets)
        except OSError:
            self.closed = True

    def listen(self, one, keepalive):
        octets, due = b"", time.monotonic() + keepalive
        while not self.closed:
            try:
                if select.select([one], [], [], 0.2)[0]:
                    more = one.recv(65536)
                    if not more:
                        break
                    octets += more
            except (OSError, ValueError):
                break
            while len(octets) >= 4 and len(octets) >= struct.unpack_from(">H", octets, 2)[0]:
                size = struct.unpack_from(">H", octets, 2)[0]
                self.heard.append((octets[1], octets[4:size]))
                octets = octets[size:]
            if not self.silent and time.monotonic() >= due:
                due = time.monotonic() + keepalive
                self.send(message(KEEPALIVE))
        if one is self.socket:
            self.closed = True

    def close(self):
        self.closed = True
        self.socket.close()

    def count(self, kind):
        return sum(1 for one, _ in self.heard if one == kind)

    def last(self, kind):
        """Objects of the last such message."""
        return ([objects(body) for one, body in self.heard if one == kind] or [{}])[-1]

    def report(self, number, name, flags, labels=(), srp=0):
        """A path by segment routing, with labels; number 0 ends what is told at the beginning."""
        ends = tlv(18, socket.inet_aton(self.address) + bytes(4) + socket.inet_aton(self.address) + socket.inet_aton(self.end))
        names = tlv(17, name.encode()) if name else b""
        ero = b"".join(struct.pack(">BBHI", 36, 8, 9, label << 12) for label in labels)
        self.send(message(REPORT, obj(33, struct.pack(">II", 0, srp) + tlv(28, struct.pack(">I", 1))) +
                          obj(32, struct.pack(">I", number << 12 | flags) + ends + names) + obj(7, ero)))

    def synced(self):
        self.report(0, "", 0)

    def answer(self, number, name, flags):
        """Reports the path as the last update has it; gives its labels."""
        said = self.last(UPDATE)
        labels = [label >> 12 for label in self.labels(said.get(7, b""))]
        self.report(number, name, flags, labels, struct.unpack_from(">I", said[33], 4)[0])
        return labels

    @staticmethod
    def labels(ero):
        found = []
        while len(ero) >= 8:
            found.append(struct.unpack_from(">I", ero, 4)[0])
            ero = ero[ero[1]:]
        return found
