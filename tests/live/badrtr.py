#!/usr/bin/env python3
"""A bad RTR cache: one TCP port a case, each answers the first query with one malformed exchange and records how the
router reacts: the Error Reports it sends, whether it closes. Standard library only.

By itself it prints the ports, waits and prints what came: badrtr.py [--host H] [--base PORT] [--wait S] [--version V]"""
import argparse
import socket
import struct
import sys
import threading
import time

SESSION = 777
DOC = bytes([192, 0, 2, 0])
OTHER = bytes([198, 51, 100, 0])


def pdu(version, kind, field, body=b"", length=None):
    return struct.pack(">BBHI", version, kind, field, len(body) + 8 if length is None else length) + body


def prefix4(v, flags, length, most, address, asn):
    return pdu(v, 4, 0, bytes([flags, length, most, 0]) + address + struct.pack(">I", asn))


def prefix6(v, flags, length, most, address, asn):
    return pdu(v, 6, 0, bytes([flags, length, most, 0]) + address + struct.pack(">I", asn))


def aspa(v, flags, customer, providers):
    return pdu(v, 11, flags << 8, struct.pack(">%dI" % (len(providers) + 1), customer, *providers))


def end(v, session=SESSION, serial=1, refresh=3600, retry=600, expire=7200):
    return pdu(v, 7, session, struct.pack(">I", serial) + (struct.pack(">III", refresh, retry, expire) if v else b""))


def response(v, session=SESSION):
    return pdu(v, 3, session)


def good(v):
    return prefix4(v, 1, 24, 24, DOC, 64500)


def in_answer(*parts):
    """A Cache Response, a good prefix, what is given, and an End of Data."""
    return lambda v: response(v) + good(v) + b"".join(p(v) for p in parts) + end(v)


def notify(v, serial=5):
    return pdu(v, 0, SESSION, struct.pack(">I", serial))


def error(v, code, encapsulated=b"", text=b""):
    return pdu(v, 10, code, struct.pack(">I", len(encapsulated)) + encapsulated + struct.pack(">I", len(text)) + text)


# Reactions: "err:N" an Error Report of that code, "close" closed without one, "accept" neither within the time. Any of
# those between | will do. Versions: those for which the case means something.
ALL, V1, V2 = (0, 1, 2), (1, 2), (2,)
CASES = [
    ("R01", "good exchange", "accept", "RFC 8210 8.1", ALL, in_answer()),
    ("R02", "Cache Response of version 9", "err:4|close", "RFC 8210 7", ALL, lambda v: pdu(9, 3, SESSION)),
    ("R03", "PDU of unknown type 99", "err:5", "RFC 8210 12", ALL, in_answer(lambda v: pdu(v, 99, 0))),
    ("R04", "PDU length 4", "err:0", "RFC 8210 5, 12", ALL, lambda v: response(v) + pdu(v, 4, 0, b"", 4)),
    ("R05", "PDU length 0xffffffff", "err:0|close", "RFC 8210 12", ALL,
     lambda v: response(v) + pdu(v, 4, 0, b"\1" * 12, 0xffffffff)),
    ("R06", "IPv4 Prefix of 19 octets", "err:0", "RFC 8210 5.6", ALL,
     lambda v: response(v) + pdu(v, 4, 0, prefix4(v, 1, 24, 24, OTHER, 1)[8:19], 19) + end(v)),
    ("R07", "IPv4 prefix length 33", "err:0", "RFC 8210 5.6", ALL, in_answer(lambda v: prefix4(v, 1, 33, 33, OTHER, 1))),
    ("R08", "max length below the prefix's", "err:0", "RFC 8210 5.6", ALL,
     in_answer(lambda v: prefix4(v, 1, 24, 16, OTHER, 1))),
    ("R09", "max length 33", "err:0", "RFC 8210 5.6", ALL, in_answer(lambda v: prefix4(v, 1, 24, 33, OTHER, 1))),
    ("R10", "IPv6 prefix length 200", "err:0", "RFC 8210 5.7", ALL,
     in_answer(lambda v: prefix6(v, 1, 200, 200, b"\x20\x01" + bytes(14), 1))),
    ("R11", "duplicate announcement", "err:7", "RFC 8210 12", ALL, in_answer(good)),
    ("R12", "withdrawal of an unknown record", "err:6", "RFC 8210 12", ALL,
     in_answer(lambda v: prefix4(v, 0, 24, 24, OTHER, 9))),
    ("R13", "another session in End of Data", "err:0", "RFC 8210 5.1, 5.8", ALL,
     lambda v: response(v) + good(v) + end(v, SESSION + 1)),
    ("R14", "prefix before Cache Response", "err:0|err:5", "RFC 8210 8.1", ALL,
     lambda v: good(v) + response(v) + end(v)),
    ("R15", "Error Report longer inside than outside", "close", "RFC 8210 5.11", ALL,
     lambda v: pdu(v, 10, 2, struct.pack(">I", 0xffff0000) + b"AAAA")),
    ("R16", "Error Report: No Data", "close|accept", "RFC 8210 8.4", ALL, lambda v: error(v, 2)),
    ("R17", "version changes in the middle", "err:8|err:4|close", "RFC 8210 7", ALL,
     in_answer(lambda v: good(0 if v else 1))),
    ("R18", "intervals of 0", "err:0|accept", "RFC 8210 6", ALL,
     lambda v: response(v) + good(v) + end(v, SESSION, 1, 0, 7200, 0)),
    ("R19", "intervals of 0xffffffff", "err:0|accept", "RFC 8210 6", ALL,
     lambda v: response(v) + good(v) + end(v, SESSION, 1, *[0xffffffff] * 3)),
    ("R20", "Cache Reset for a Reset Query, 50 times", "err:0|close", "RFC 8210 8.3", ALL, lambda v: pdu(v, 8, 0) * 50),
    ("R21", "Router Key of 9 octets", "err:0|err:5", "RFC 8210 5.10", ALL, in_answer(lambda v: pdu(v, 9, 0x0100, b"A"))),
    ("R22", "20000 Serial Notifies before the answer", "accept", "RFC 8210 5.2, 7", ALL,
     lambda v: notify(v) * 20000 + in_answer()(v)),
    ("R23", "stops in the middle of a PDU", "accept", "must not hold up anything", ALL,
     lambda v: response(v) + good(v)[:13]),
    ("R24", "reserved flags set", "accept", "RFC 8210 5.6", ALL, in_answer(lambda v: prefix4(v, 0xff, 24, 24, OTHER, 2))),
    ("R25", "a query to the router", "err:3|err:5|err:0", "RFC 8210 12", ALL, lambda v: pdu(v, 2, 0)),
    ("R26", "two Cache Responses", "err:0", "RFC 8210 8.1", ALL, lambda v: response(v) + in_answer()(v)),
    ("R27", "End of Data without Cache Response", "err:0", "RFC 8210 8.1", ALL, lambda v: end(v)),
    ("R28", "End of Data of the other version's length", "err:0", "RFC 8210 5.8", ALL,
     lambda v: response(v) + good(v) + pdu(v, 7, SESSION, bytes(4 if v else 16))),
    ("R29", "bits beyond the prefix length", "err:0|accept", "RFC 8210 5.6", ALL,
     in_answer(lambda v: prefix4(v, 1, 16, 24, OTHER, 1))),
    ("R30", "fatal Error Report", "close", "RFC 8210 12", ALL, lambda v: error(v, 1, good(v), b"no")),
    ("R31", "Error Report of an unknown code", "close", "RFC 8210 12", ALL, lambda v: error(v, 4711)),
    ("R32", "Router Key as it should be", "accept", "RFC 8210 5.10", V1,
     in_answer(lambda v: pdu(v, 9, 0x0100, bytes(20) + struct.pack(">I", 64500) + bytes(91)))),
    ("R33", "Router Key in version 0", "err:5", "RFC 6810 10", (0,), in_answer(lambda v: pdu(v, 9, 0x0100, bytes(115)))),
    ("R34", "ASPA before version 2", "err:5", "RFC 8210 12", (0, 1), in_answer(lambda v: aspa(v, 1, 64500, [1]))),
    ("R35", "8 PDUs, one octet at a time", "accept", "TCP is a stream", ALL,
     in_answer(*[lambda v, i=i: prefix4(v, 1, 32, 32, bytes([10, 0, 0, i]), 1) for i in range(5)])),
    *[("L%d%d" % (kind, length), "%s of %d octets" % (name, length), "err:0", "RFC 8210 5", ALL,
       lambda v, kind=kind, length=length, inside=inside:
       (response(v) if inside else b"") + pdu(v, kind, SESSION if kind in (0, 3, 7) else 0, bytes(max(length - 8, 0)), length))
      for kind, name, lengths, inside in ((0, "Serial Notify", (0, 7, 8, 11, 16, 65536), False),
                                          (3, "Cache Response", (0, 9, 12), False),
                                          (4, "IPv4 Prefix", (8, 12, 21, 32), True), (6, "IPv6 Prefix", (8, 20, 31, 33), True),
                                          (7, "End of Data", (8, 16, 20, 28), True), (8, "Cache Reset", (7, 12), False))
      for length in lengths],
    *[("T%d" % kind, "PDU of type %d" % kind, "err:5", "RFC 8210 12", ALL,
       in_answer(lambda v, kind=kind: pdu(v, kind, 0, bytes(8))))
      for kind in (5, 12, 127, 255)],
    ("R36", "version 255 at once", "err:4|close", "RFC 8210 7", ALL, lambda v: pdu(255, 3, SESSION)),
    ("R37", "a higher version than was asked for", "err:4|err:8|close", "RFC 8210 7", (0, 1), lambda v: pdu(v + 1, 3, SESSION)),
    ("R38", "End of Data of another version", "err:8|err:4|close", "RFC 8210 7", ALL,
     lambda v: response(v) + good(v) + end(1 if v == 2 else v + 1)),
    ("R39", "two Ends of Data", "err:0", "RFC 8210 8.1", ALL, lambda v: in_answer()(v) + end(v)),
    ("R40", "data after the End of Data", "err:0", "RFC 8210 8.1", ALL,
     lambda v: in_answer()(v) + prefix4(v, 1, 24, 24, OTHER, 1)),
    ("R41", "a second answer that nobody asked for", "err:0", "RFC 8210 8.1", ALL, lambda v: in_answer()(v) * 2),
    ("R42", "announced, withdrawn, announced", "accept", "RFC 8210 5.6", ALL,
     in_answer(*[lambda v, f=f: prefix4(v, f, 24, 24, OTHER, 2) for f in (1, 0, 1)])),
    ("R43", "withdrawn twice", "err:6", "RFC 8210 12", ALL,
     in_answer(*[lambda v, f=f: prefix4(v, f, 24, 24, OTHER, 2) for f in (1, 0, 0)])),
    ("R44", "withdrawn with another max length", "err:6", "RFC 8210 12", ALL,
     in_answer(lambda v: prefix4(v, 1, 24, 24, OTHER, 2), lambda v: prefix4(v, 0, 24, 25, OTHER, 2))),
    ("R45", "one prefix, two origins, two max lengths", "accept", "RFC 8210 5.6", ALL,
     in_answer(*[lambda v, m=m, o=o: prefix4(v, 1, 24, m, OTHER, o) for m in (24, 32) for o in (0, 0xffffffff)])),
    ("R46", "0.0.0.0/0 and ::/0", "accept", "RFC 8210 5.6", ALL,
     in_answer(lambda v: prefix4(v, 1, 0, 32, bytes(4), 1), lambda v: prefix6(v, 1, 0, 128, bytes(16), 1))),
    ("R47", "IPv6 max length 129", "err:0", "RFC 8210 5.7", ALL, in_answer(lambda v: prefix6(v, 1, 32, 129,
                                                                                             b"\x20\x01" + bytes(14), 1))),
    ("R48", "fields that must be zero are not", "accept", "RFC 8210 5", ALL,
     lambda v: response(v) + pdu(v, 4, 0xffff, prefix4(v, 1, 24, 24, DOC, 64500)[8:]) + end(v)),
    ("R49", "expire before refresh", "err:0|accept", "RFC 8210 6", V1,
     lambda v: response(v) + good(v) + end(v, SESSION, 1, 86400, 7200, 600)),
    ("R50", "serial 0xffffffff", "accept", "RFC 8210 5.3", ALL, lambda v: response(v) + good(v) + end(v, SESSION, 0xffffffff)),
    ("R51", "Notify of another session in an answer", "accept", "RFC 8210 5.2", ALL,
     lambda v: response(v) + good(v) + pdu(v, 0, SESSION + 1, struct.pack(">I", 9)) + end(v)),
    ("R52", "Cache Reset in an answer", "err:0", "RFC 8210 8.3", ALL, in_answer(lambda v: pdu(v, 8, 0))),
    ("R53", "Error Report without room for lengths", "close", "RFC 8210 5.11", ALL, lambda v: pdu(v, 10, 1, bytes(4))),
    ("R54", "Error Report with a text longer than it", "close", "RFC 8210 5.11", ALL,
     lambda v: pdu(v, 10, 1, struct.pack(">II", 0, 0xffffffff))),
    ("R55", "Error Report of 65536 octets", "close", "RFC 8210 5.11", ALL, lambda v: error(v, 1, bytes(65520))),
    ("R56", "Error Report about an Error Report", "close", "RFC 8210 5.11", ALL, lambda v: error(v, 0, error(v, 0))),
    ("R57", "Error Report of version 255", "close", "RFC 8210 7", ALL, lambda v: error(255, 8)),
    ("R58", "No Data in an answer", "close", "RFC 8210 12", ALL, in_answer(lambda v: error(v, 2))),
    ("R59", "fatal Error Report in an answer", "close", "RFC 8210 12", ALL, in_answer(lambda v: error(v, 1))),
    ("R60", "HTTP instead of RTR", "err:4|err:5|err:0|close", "RFC 8210 7", ALL, lambda v: b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ("R61", "TLS instead of RTR", "err:4|err:5|err:0|close", "RFC 8210 7", ALL,
     lambda v: bytes.fromhex("160303003d0200003903036060")),
    ("R62", "100000 prefixes and a duplicate", "err:7", "RFC 8210 12", ALL,
     in_answer(lambda v: b"".join(prefix4(v, 1, 32, 32, struct.pack(">I", 0x0a000000 + i), 1) for i in range(100000)), good)),
    ("R63", "Router Key longer than any PDU", "err:0|close", "8210bis 5", V1,
     in_answer(lambda v: pdu(v, 9, 0x100, bytes(65536)))),
    ("A01", "ASPA as it should be", "accept", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, [1, 2]))),
    ("A02", "ASPA without providers", "err:9", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, []))),
    ("A03", "ASPA providers out of order", "err:9|err:0", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, [2, 1]))),
    ("A04", "ASPA provider twice", "err:9|err:0", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, [1, 1]))),
    ("A05", "ASPA of AS 0 and another", "err:9", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, [0, 1]))),
    ("A06", "ASPA of AS 0 alone", "accept", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 64500, [0]))),
    ("A07", "ASPA twice: the second replaces", "accept", "8210bis 5.12", V2,
     in_answer(lambda v: aspa(v, 1, 64500, [1]), lambda v: aspa(v, 1, 64500, [2]))),
    ("A08", "unknown ASPA withdrawn", "err:6", "8210bis 12", V2, in_answer(lambda v: aspa(v, 0, 64500, []))),
    ("A09", "ASPA withdrawn with providers", "err:0|err:9", "8210bis 5.12", V2,
     in_answer(lambda v: aspa(v, 1, 64500, [1]), lambda v: aspa(v, 0, 64500, [1]))),
    ("A10", "ASPA of 18 octets", "err:0", "8210bis 5.12", V2, in_answer(lambda v: pdu(v, 11, 0x100, bytes(10)))),
    ("A11", "ASPA of 4 octets' body missing", "err:0", "8210bis 5.12", V2, in_answer(lambda v: pdu(v, 11, 0x100, b"", 8))),
    ("A12", "ASPA of 16380 providers", "accept", "8210bis 5", V2,
     in_answer(lambda v: aspa(v, 1, 64500, range(1, 16381)))),
    ("A13", "ASPA beyond the longest PDU", "err:0", "8210bis 5", V2,
     in_answer(lambda v: aspa(v, 1, 64500, range(1, 16400)))),
    ("A14", "ASPA withdrawn, and its customer announced anew", "accept", "8210bis 5.12", V2,
     in_answer(lambda v: aspa(v, 1, 64500, [1]), lambda v: aspa(v, 0, 64500, []), lambda v: aspa(v, 1, 64500, [3]))),
    ("A15", "ASPA withdrawn twice", "err:6", "8210bis 12", V2,
     in_answer(lambda v: aspa(v, 1, 64500, [1]), lambda v: aspa(v, 0, 64500, []), lambda v: aspa(v, 0, 64500, []))),
    ("A16", "ASPA of customer 0", "err:0|err:9|accept", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 1, 0, [1]))),
    ("A17", "ASPA whose customer is its provider", "err:9|accept", "8210bis 5.12", V2,
     in_answer(lambda v: aspa(v, 1, 64500, [64500]))),
    ("A18", "ASPA with flags that have no meaning", "accept", "8210bis 5.12", V2, in_answer(lambda v: aspa(v, 0xff, 64500, [1]))),
]
SLOWLY = {"R35"}


class Case(threading.Thread):
    """Serves the first connection of one case and says how it went: .reaction, .codes, .said."""

    def __init__(self, case, version, host="127.0.0.1", port=0, wait=15.0, watch=2.0):
        super().__init__(daemon=True)
        self.id, self.name, self.expect, self.ref, _, self.make = case
        self.version, self.wait, self.watch = version, wait, watch
        self.codes, self.said, self.reaction = [], [], "nobody came"
        self.listener = socket.create_server((host, port))
        self.port = self.listener.getsockname()[1]
        self.start()

    def fits(self):
        return any(self.reaction == want for want in self.expect.split("|"))

    def send(self, connection, octets):
        pieces = [octets]
        if self.id in SLOWLY:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pieces = [octets[i:i + 1] for i in range(len(octets))]
        for piece in pieces:
            connection.sendall(piece)

    def take(self, buffer):
        """Takes whole PDUs off the buffer; true if a query was among them."""
        asked = False
        while len(buffer) >= 8:
            version, kind, field, length = struct.unpack(">BBHI", buffer[:8])
            if length < 8 or len(buffer) < length:
                break
            del buffer[:length]
            self.said.append((version, kind, field))
            asked |= kind in (1, 2)
            if kind == 10:
                self.codes.append(field)
        return asked

    def serve(self, connection):
        connection.settimeout(0.1)
        buffer, until, closed = bytearray(), None, False
        limit = time.time() + self.wait
        while not closed and time.time() < (until or limit):
            try:
                octets = connection.recv(65536)
                closed = not octets
                buffer += octets
            except TimeoutError:
                continue
            except OSError:
                closed = True
            if self.take(buffer) and until is None:
                until = time.time() + self.watch
                try:
                    self.send(connection, self.make(self.version))
                except OSError:
                    closed = not buffer
        self.reaction = "err:%d" % self.codes[0] if self.codes else "close" if closed else "accept"

    def run(self):
        self.listener.settimeout(self.wait)
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        self.listener.close()
        with connection:
            self.serve(connection)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--base", type=int, default=4000)
    arguments.add_argument("--wait", type=float, default=25)
    arguments.add_argument("--version", type=int, default=1, help="what the cases speak")
    a = arguments.parse_args()
    chosen = [c for c in CASES if a.version in c[4]]
    running = [Case(c, a.version, a.host, a.base + i, a.wait) for i, c in enumerate(chosen)]
    print("listening on", a.base, "to", a.base + len(running) - 1, flush=True)
    for case in running:
        case.join()
        print("ok " if case.fits() else "BAD", case.id, case.port, case.name, "| wanted", case.expect, "| got", case.reaction)
    return 0 if all(case.fits() for case in running) else 1


if __name__ == "__main__":
    sys.exit(main())
