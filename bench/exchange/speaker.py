"""A minimal BGP speaker, one process with poll: what stuck.py, flap.py and leak.py have in common."""
import os, select, socket, struct, sys, time

MARKER = b"\xff" * 16
HOST = os.environ.get("RS", "10.1.255.254")
WATCH_AS = 0xFDE7  # stands before the number of an event in paths


def message(kind, body=b""):
    return MARKER + struct.pack(">HB", 19 + len(body), kind) + body


def open_message(asn, address, hold):
    capabilities = bytes.fromhex("010400010001") + b"\x41\x04" + struct.pack(">I", asn)
    options = bytes([2, len(capabilities)]) + capabilities
    return message(1, b"\x04" + struct.pack(">HH", asn if asn < 65536 else 23456, hold)
                   + socket.inet_aton(address) + bytes([len(options)]) + options)


def update(address, path, prefixes):
    as_path = bytes([2, len(path)]) + b"".join(struct.pack(">I", a) for a in path)
    attributes = (b"\x40\x01\x01\x00" + bytes([0x40, 2, len(as_path)]) + as_path
                  + b"\x40\x03\x04" + socket.inet_aton(address))
    return message(2, b"\x00\x00" + struct.pack(">H", len(attributes)) + attributes + b"".join(prefixes))


def address(i):
    return "10.1.%d.%d" % (i // 250, i % 250 + 1)


def asn(i):
    return 10000 + i


class Session:
    """Of member i. What it reads goes to `seen`, a function of (session, type, body)."""

    def __init__(self, i, hold=90, buffer=0, seen=None):
        self.i, self.address, self.asn = i, address(i), asn(i)
        self.hold, self.buffer, self.seen = hold, buffer, seen
        self.data, self.closed, self.up = b"", None, False

    def begin(self):
        """Connects and sends OPEN without waiting for more."""
        self.data, self.closed, self.up = b"", None, False
        self.socket = socket.socket()
        if self.buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((self.address, 0))
        self.socket.connect((HOST, 179))
        self.socket.sendall(open_message(self.asn, self.address, self.hold))

    def start(self):
        self.begin()
        until = time.monotonic() + 10
        while not self.up and self.closed is None and time.monotonic() < until:
            if select.select([self.socket], [], [], 1)[0]:
                self.read()
        if not self.up:
            sys.exit("no session from " + self.address)
        return self

    def read(self):
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        if not data:
            self.closed = time.monotonic()
            return
        data = self.data + data
        at = 0
        while len(data) - at >= 19:
            length = data[at + 16] << 8 | data[at + 17]
            if len(data) - at < length:
                break
            kind = data[at + 18]
            if kind == 1:
                self.send(message(4))
            elif kind == 4:
                self.up = True
            if self.seen:
                self.seen(self, kind, data[at + 19:at + length])
            at += length
        self.data = data[at:]

    def send(self, octets):
        try:
            self.socket.sendall(octets)
        except OSError:
            self.closed = self.closed or time.monotonic()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Watch:
    """Events from one member to another, and how long each took, in ms."""

    def __init__(self):
        self.sent, self.took, self.number = {}, [], 0
        self.reader = Session(0, seen=self.seen).start()
        self.writer = Session(1).start()

    def seen(self, session, kind, body):
        at = body.find(struct.pack(">I", WATCH_AS)) if kind == 2 else -1
        if at >= 0:
            number = struct.unpack(">I", body[at + 4:at + 8])[0] - 200000
            if number in self.sent:
                self.took.append(1000 * (time.monotonic() - self.sent.pop(number)))

    def event(self, prefixes):
        self.number += 1
        self.sent[self.number] = time.monotonic()
        self.writer.send(update(self.writer.address, [self.writer.asn, WATCH_AS, 200000 + self.number], prefixes))

    def sockets(self):
        return {s.socket: s for s in (self.reader, self.writer)}

    def keep_alive(self):
        for s in (self.reader, self.writer):
            s.send(message(4))

    def result(self):
        """p50, p99, most; and how many never came. Begins anew."""
        took, lost = sorted(self.took), len(self.sent)
        self.took, self.sent = [], {}
        at = lambda f: took[min(len(took) - 1, int(f * len(took)))] if took else float("nan")
        return at(0.5), at(0.99), at(1), lost


def memory(pid):
    for line in open("/proc/%d/status" % pid):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024


def cpu(pid):
    fields = open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prefix(i, first=20):
    return bytes([24, first + (i >> 16), i >> 8 & 255, i & 255])
