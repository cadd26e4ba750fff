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
