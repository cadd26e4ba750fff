"""Numbered packets through a network, and what became of them.

  send SOURCE DESTINATION PORT STREAM EVERY_US   UDP packets of LENGTH octets until it is told to end; then prints how many
  receive FILE PORT INTERFACE...                 notes each packet: stream, interface, number, time by the kernel

`Seen` reads such a file while it grows."""
import ipaddress
import select
import signal
import socket
import struct
import sys
import time

LENGTH = 200  # octets of UDP's payload
NOTE = struct.Struct("<BBIq")
TIMESTAMP_NS = 35  # SO_TIMESTAMPNS of Linux
BIND_TO_DEVICE = 25


def headers(family):
    """Octets of IP and UDP before the payload."""
    return {4: 28, 6: 48}[family]


def send(source, destination, port, stream, every_us):
    over = []
    signal.signal(signal.SIGTERM, lambda *_: over.append(True))
    family = socket.AF_INET6 if ipaddress.ip_address(destination).version == 6 else socket.AF_INET
    out = socket.socket(family, socket.SOCK_DGRAM)
    out.bind((source, 0))
    number, lost, due = 0, 0, time.monotonic()
    while not over:
        try:
            out.sendto(struct.pack("<BI", stream, number).ljust(LENGTH, b"."), (destination, port))
            number += 1
        except OSError:  # no route: it was not sent
            lost += 1
        due += every_us / 1e6
        time.sleep(max(0, due - time.monotonic()))
    print(number, lost, flush=True)


def listener(interface, port):
    one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    one.setsockopt(socket.SOL_SOCKET, BIND_TO_DEVICE, interface.encode())
    one.setsockopt(socket.SOL_SOCKET, TIMESTAMP_NS, 1)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUFFORCE if hasattr(socket, "SO_RCVBUFFORCE") else 33, 1 << 24)
    one.setblocking(False)
    one.bind(("::", port))
    return one


def receive(name, port, interfaces):
    over = []
    signal.signal(signal.SIGTERM, lambda *_: over.append(True))
    sockets = [listener(interface, port) for interface in interfaces]
    with open(name, "wb", buffering=0) as out:
        while not over:
            for one in select.select(sockets, [], [], 0.2)[0]:
                out.write(b"".join(notes(one, sockets.index(one))))


def notes(one, interface):
    """All that waits there."""
    while True:
        try:
            data, extra, _, _ = one.recvmsg(2048, 64)
        except BlockingIOError:
            return
        stream, number = struct.unpack_from("<BI", data)
        seconds, nanoseconds = struct.unpack("<qq", extra[0][2])
        yield NOTE.pack(stream, interface, number, seconds * 1000000000 + nanoseconds)


class Seen:
    """What a receiver has noted, by stream."""

    def __init__(self, name):
        self.name, self.read, self.of = name, 0, {}

    def look(self, stream):
        """[(number, interface, time in nanoseconds)] in order of arrival."""
        with open(self.name, "rb") as notebook:
            notebook.seek(self.read)
            data = notebook.read()
        whole = len(data) // NOTE.size * NOTE.size
        self.read += whole
        for one, interface, number, when in NOTE.iter_unpack(data[:whole]):
            self.of.setdefault(one, []).append((number, interface, when))
        return self.of.get(stream, [])

    def last(self, stream):
        """Over which interface the newest packet came, and its number; None and -1 before the first."""
        found = self.look(stream)
        return (found[-1][1], found[-1][0]) if found else (None, -1)


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6]))
    else:
        receive(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
