#!/usr/bin/env python3
"""Members from 10.99.1.N, more than the exchange has descriptors for. Run by descriptors.sh: SOCKET MEMBERS. Prints TAP."""
import json
import os
import resource
import select
import socket
import struct
import subprocess
import sys
import time

MARKER = b"\xff" * 16
COUNT = {"ok": 0, "not ok": 0}


def ok(good, name, detail=""):
    COUNT["ok" if good else "not ok"] += 1
    print("%sok %d - %s" % ("" if good else "not ", sum(COUNT.values()), name), flush=True)
    if not good:
        print("# %s" % (detail,))


def message(kind, body=b""):
    return MARKER + struct.pack(">HB", 19 + len(body), kind) + body


class Member:
    """Connects and speaks as far as a KEEPALIVE; answers what comes."""

    def __init__(self, n):
        self.up = False
        self.gone = False
        self.octets = b""
        self.socket = socket.socket()
        self.socket.bind(("10.99.1.%d" % n, 0))
        self.socket.connect(("10.99.0.1", 179))
        address = socket.inet_aton("10.99.1.%d" % n)
        self.socket.sendall(message(1, struct.pack(">BHH", 4, 65000 + n, 90) + address + bytes([8, 2, 6, 1, 4, 0, 1, 0, 1])))

    def read(self):
        octets = self.socket.recv(65536)
        self.gone |= not octets
        self.octets += octets
        while len(self.octets) >= 19:
            length, kind = struct.unpack(">HB", self.octets[16:19])
            if len(self.octets) < length:
                return
            self.octets = self.octets[length:]
            if kind == 1:
                self.socket.sendall(message(4))
            self.up |= kind == 4


def serve(members, seconds, enough):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not enough():
        ready, _, _ = select.select([m.socket for m in members if not m.gone], [], [], 0.1)
        for member in members:
            if member.socket in ready:
                member.read()
    return enough()


def ask(path):
    try:
        done = subprocess.run(["build/sarai", "-j", "-s", path, "show", "members"], capture_output=True, text=True, timeout=10, check=False)
        return json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        return None


def exchange_process(path):
    done = subprocess.run(["build/sarai", "-j", "-s", path, "show", "status"], capture_output=True, text=True, check=False)
    return next(room["pid"] for room in json.loads(done.stdout)["rooms"] if room["room"] == "exchange")


def cpu_s(process):
    with open("/proc/%d/stat" % process, encoding="ascii") as stat:
        return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    process = exchange_process(path)
    hard = resource.prlimit(process, resource.RLIMIT_NOFILE)[1]
    resource.prlimit(process, resource.RLIMIT_NOFILE, (60, hard))
    members = [Member(n + 1) for n in range(count)]
    up = lambda: sum(m.up for m in members)
    serve(members, 3, lambda: False)
    before = up()
    ok(0 < before < count, "some of %d members are in, and others wait" % count, before)
    used = cpu_s(process)
    serve(members, 3, lambda: False)
    ok(cpu_s(process) - used < 0.5, "waiting costs no time of the processor")
    ok(not any(m.gone for m in members), "nobody is turned away")
    answer = ask(path)
    ok(answer and len(answer["members"]) == count, "the operator can ask meanwhile")
    resource.prlimit(process, resource.RLIMIT_NOFILE, (min(hard, 1024), hard))
    ok(serve(members, 10, lambda: up() == count), "with more descriptors all come in", up())
    ok(not any(m.gone for m in members), "and nobody was lost")
    print("1..%d" % sum(COUNT.values()))
    return 1 if COUNT["not ok"] else 0


sys.exit(main())
