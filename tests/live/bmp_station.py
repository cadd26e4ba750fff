"""A BMP station of a few lines (RFC 7854, 8671), for what others do not read: ADD-PATH in Adj-RIB-Out. `sent[address]` is what the hub tells
that it sends there, {(prefix, path identifier): Route}, by the policy's edits."""
import socket
import struct
import threading

from speaker import Speaker

ROUTE_MONITORING, OUT, POST = 0, 0x10, 0x40


class Station:
    def __init__(self, port, *addresses):
        self.ears = {}
        for address in addresses:
            self.ears[address] = Speaker(0)
            self.ears[address].ids = True
        self.sent = {address: ear.routes for address, ear in self.ears.items()}
        self.door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            one = self.door.accept()[0]
            octets = b""
            while more := one.recv(1 << 16):
                octets += more
                while len(octets) >= 6 and len(octets) >= (size := struct.unpack_from(">I", octets, 1)[0]):
                    self.take(octets[5], octets[6:size])
                    octets = octets[size:]

    def take(self, kind, body):
        if kind != ROUTE_MONITORING or body[1] & (OUT | POST) != OUT | POST:
            return
        ear = self.ears.get(socket.inet_ntoa(body[22:26]))
        if ear:
            with ear.lock:
                ear.update(body[42 + 19:])
