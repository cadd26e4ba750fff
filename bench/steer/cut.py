#!/usr/bin/env python3
"""From the order to the octets: segments of the shipped graph are cut one after the other in a running hub with real BGP sessions on
loopback, and what customers' sockets get is clocked, from before the command is started. Prints; passes and fails nothing.
  cut.py [CUSTOMERS [UPSTREAMS [DEMANDS [PREFIXES [CUTS [GBPS]]]]]]"""
import json, os, random, select, shutil, socket, struct, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SARAI = os.environ.get("SARAI", ROOT + "/build/sarai")
NUMBERS = [int(a) for a in sys.argv[1:]] + [50, 20, 1000, 1000, 30, 1][len(sys.argv) - 1:]
CUSTOMERS, UPSTREAMS, DEMANDS, PREFIXES, CUTS, GBPS = NUMBERS
QUIET = 1.0  # seconds without a message: all has been said
MARKER = b"\xff" * 16


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def sites():
    """Where segments that are in service end."""
    import csv
    ends = []
    for row in csv.DictReader(open(ROOT + "/examples/silkroad/segments.csv")):
        if row["status"].startswith(("in service", "landed")):
            ends += [row["a"], row["b"]]
    return sorted(set(ends))


def hub_file(folder, port):
    chance = random.Random(1)
    where = sites()
    lines = [
        "hub: {name: Bench, short_name: B, asn: 64500, router_id: 192.0.2.1, country: PK, city: Karachi, "
        "support_email: noc@hub.example, data_directory: %s/data}" % folder,
        "listen: {bgp: [\"127.0.0.1:%d\"], http: none, control_socket: %s/sarai.sock}" % (port, folder),
        "lans: [{name: transit, ipv4: 10.0.0.0/16}]",
        "sites: {csv: %s/examples/silkroad/sites.csv}" % ROOT,
        "segments: {csv: %s/examples/silkroad/segments.csv}" % ROOT,
        "cables: {csv: %s/examples/silkroad/cables.csv}" % ROOT,
        # What is better is taken at once, so that each cut begins where the first did.
        "steering: {hold_s: 0, moves: 1000, half_life_s: 1, place: %s}" % os.environ.get("PLACE", "fair"),
        "policy: {allow_asns: [64496-65534], allow_prefixes: [20.0.0.0/8]}",
        "members:"]
    for i in range(CUSTOMERS + UPSTREAMS):
        kind = "upstream" if i >= CUSTOMERS else "customer"
        lines.append(
            "  - {asn: %d, name: M%d, kind: carrier, ports: [{id: p%d, site: %s, speed: 400G, ipv4: 10.0.%d.%d}], "
            "sessions: [{id: s%d, address: 127.1.%d.%d, families: [ipv4], transit: %s}]}"
            % (10000 + i, i, i, chance.choice(where), i // 250 + 1, i % 250 + 1, i, i // 250, i % 250 + 1, kind))
    lines.append("demands:")
    for i in range(DEMANDS):
        a, b = chance.sample(where, 2)
        lines.append("  - {id: d%d, from: %s, to: %s, member: %d, gbps: %d}" % (i, a, b, 10000 + i % CUSTOMERS, GBPS))
    with open(folder + "/hub.yaml", "w") as f:
        f.write("\n".join(lines) + "\n")


def message(kind, body=b""):
    return MARKER + struct.pack(">HB", 19 + len(body), kind) + body


class Session:
    def __init__(self, i, port, poll):
        self.i, self.asn, self.address = i, 10000 + i, "127.1.%d.%d" % (i // 250, i % 250 + 1)
        self.data, self.open, self.updates = b"", False, 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((self.address, 0))
        self.socket.connect(("127.0.0.1", port))
        capabilities = bytes.fromhex("010400010001") + b"\x41\x04" + struct.pack(">I", self.asn)
        options = bytes([2, len(capabilities)]) + capabilities
        self.socket.sendall(message(1, b"\x04" + struct.pack(">HH", self.asn, 240) + socket.inet_aton("10.9.%d.%d" % (i // 250, i % 250 + 1))
                                    + bytes([len(options)]) + options))
        poll.register(self.socket, select.POLLIN)

    def read(self):
        """True when an UPDATE with something in it came."""
        data = self.socket.recv(1 << 18)
        if not data:
            sys.exit("session %d has ended" % self.i)
        data, at, news = self.data + data, 0, False
        while len(data) - at >= 19 and len(data) - at >= (length := data[at + 16] << 8 | data[at + 17]):
            kind = data[at + 18]
            if kind == 1:
                self.socket.sendall(message(4))
                self.open = True
            elif kind == 2 and length > 23:
                self.updates += 1
                news = True
            elif kind == 3:
                sys.exit("session %d: notification %s" % (self.i, data[at + 19:at + length].hex()))
            at += length
        self.data = data[at:]
        return news

    def announce(self):
        path = bytes([2, 2]) + struct.pack(">II", self.asn, 64999)
        attributes = (b"\x40\x01\x01\x00" + bytes([0x40, 2, len(path)]) + path
                      + b"\x40\x03\x04" + socket.inet_aton("10.0.%d.%d" % (self.i // 250 + 1, self.i % 250 + 1)))
        for first in range(0, PREFIXES, 500):
            prefixes = b"".join(bytes([24, 20, k >> 8, k & 255]) for k in range(first, min(first + 500, PREFIXES)))
            self.socket.sendall(message(2, b"\x00\x00" + struct.pack(">H", len(attributes)) + attributes + prefixes))


class Bench:
    def __init__(self, folder):
        self.folder, self.poll, self.sessions, self.by_fd = folder, select.epoll(), [], {}
        self.alive = time.monotonic()

    def ask(self, *words):
        return subprocess.run([SARAI, "-s", self.folder + "/sarai.sock", *words], capture_output=True, text=True)

    def json(self, *words):
        return json.loads(self.ask(*words, "-j").stdout or "{}")

    def listen(self, quiet, limit=60):
        """Until nothing has come for so long: when the first and the last message came, and how many sessions had any."""
        first, last, heard, since = None, None, set(), time.monotonic()
        while True:
            now = time.monotonic()
            if now - self.alive > 30:
                self.alive = now
                for s in self.sessions:
                    s.socket.sendall(message(4))
            if now - (last or since) > quiet or now - since > limit:
                return first, last, len(heard)
            for fd, _ in self.poll.poll(quiet / 4):
                at = time.monotonic()
                if self.by_fd[fd].read():
                    first, last = first or at, at
                    heard.add(fd)

    def begin(self, port):
        self.hub = subprocess.Popen([SARAI, "run", self.folder + "/hub.yaml"], stderr=open(self.folder + "/log", "w"))
        until = time.monotonic() + 60
        while not all(r.get("state") == "up" for r in self.json("show", "status").get("rooms", [{}])):
            if time.monotonic() > until or self.hub.poll() is not None:
                sys.exit(open(self.folder + "/log").read())
            time.sleep(0.2)
        for i in range(CUSTOMERS + UPSTREAMS):
            self.sessions.append(Session(i, port, self.poll))
            self.by_fd[self.sessions[-1].socket.fileno()] = self.sessions[-1]
        while not all(s.open for s in self.sessions):
            self.listen(0.2)
        for s in self.sessions[CUSTOMERS:]:
            s.announce()
        self.listen(3)

    def used(self):
        """Segments on the ways to first exits, those of most ingresses first."""
        count = {}
        for ingress in self.json("show", "steer")["ingresses"]:
            for exit in ingress["exits"]:
                if int(exit["exit"][1:]) >= CUSTOMERS:
                    for segment in exit["way"]:
                        count[segment] = count.get(segment, 0) + 1
                    break
        return sorted(count, key=lambda s: (-count[s], s))

    def cut(self, segment):
        start = time.monotonic()
        order = subprocess.Popen([SARAI, "-s", self.folder + "/sarai.sock", "corridor", "cut", segment, "--yes"], stdout=subprocess.DEVNULL)
        first, last, heard = self.listen(QUIET)
        order.wait()
        plan = self.json("corridor", "steer")
        changes = self.json("show", "steer", "changes") or []
        self.ask("corridor", "restore", segment)
        self.listen(2)
        if first is None:
            return None
        ours = [c for c in changes if c.get("why", "").startswith("segment %s cut" % segment)]
        return {"segment": segment, "first": (first - start) * 1e3, "last": (last - start) * 1e3, "heard": heard,
                "plan": plan["took_us"] / 1e3, "placed": plan["placed"], "change": ours[-1] if ours else {}}


def row(what, values):
    values = sorted(values)
    print("  %-44s median %7.1f ms, worst %7.1f ms" % (what, values[len(values) // 2], values[-1]))


def main():
    folder = tempfile.mkdtemp(prefix="sarai-cut-")
    bench = Bench(folder)
    try:
        port = free_port()
        hub_file(folder, port)
        bench.begin(port)
        results = [r for r in (bench.cut(s) for s in bench.used()[:CUTS]) if r]
        print("%d customers and %d upstreams with a session each, %d demands of %d Gbit/s, %d prefixes from each upstream; load %s on %d cores"
              % (CUSTOMERS, UPSTREAMS, DEMANDS, GBPS, PREFIXES, open("/proc/loadavg").read().split()[0], os.cpu_count()))
        print("  %d cuts that moved something, each told to %d to %d sessions, %d with ingresses placed together"
              % (len(results), min(r["heard"] for r in results), max(r["heard"] for r in results), sum(r["placed"] > 0 for r in results)))
        row("from the event to the plan on disk", [r["plan"] for r in results])
        row("from the command to the first UPDATE heard", [r["first"] for r in results])
        row("from the command to the last", [r["last"] for r in results])
        if "-v" in os.environ.get("BENCH", ""):
            for r in results:
                print(json.dumps(r))
    finally:
        if hasattr(bench, "hub"):
            bench.hub.terminate()
            bench.hub.wait()
        shutil.rmtree(folder)


main()
