#!/usr/bin/env python3
"""The RPKI service, by tests/live/rtr_service.c, with every bad cache of badrtr.py in versions 0, 1 and 2; with
StayRTR; with files that change, break and vanish. Prints TAP."""
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
from badrtr import CASES, Case  # noqa: E402

PROGRAM = "build/tests/live/rtr_service"
count = failed = 0


def ok(condition, sentence):
    global count, failed
    count += 1
    failed += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, sentence), flush=True)
    return condition


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    def __init__(self, *sources):
        self.process = subprocess.Popen([PROGRAM, *sources], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.lines = queue.Queue()
        self.touched = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            if line.startswith("touched "):
                self.touched.append(line[8:].strip())
            else:
                self.lines.put(line.strip())

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.lines.get(timeout=10)

    def tell(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()

    def report(self):
        self.tell("report")
        lines = []
        while (line := self.lines.get(timeout=10)) != ".":
            lines.append(line)
        return lines

    def state(self, prefix, asn):
        return self.ask("valid %s %d" % (prefix, asn)).split(" ", 3)[3]

    def until(self, condition, seconds=15):
        """Waits until the condition holds, and says whether it did."""
        limit = time.time() + seconds
        while not condition():
            if time.time() > limit:
                return False
            time.sleep(0.05)
        return True

    def stop(self):
        try:
            self.tell("quit")
            return self.process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            return -1


def bad_caches(version):
    """In groups, for a service has a bounded number of sources; beside each group a good cache."""
    chosen = [c for c in CASES if version in c[4]]
    control = CASES[0]
    for first in range(0, len(chosen), 12):
        cases = [Case(c, version) for c in chosen[first:first + 12]]
        beside = Case(control, version)
        service = Service("cache=good,127.0.0.1,%d,9,%d" % (beside.port, version),
                          *["cache=%s,127.0.0.1,%d,%d,%d" % (c.id, c.port, 100 + i, version) for i, c in enumerate(cases)])
        for case in cases:
            case.join()
            ok(case.fits(), "version %d: %s %s: %s (wanted %s; %s)" %
               (version, case.id, case.name, case.reaction, case.expect, case.ref))
        beside.join()
        ok(beside.reaction == "accept" and service.state("192.0.2.0/24", 64500) == "valid",
           "version %d: a good cache beside them is used" % version)
        ok(service.stop() == 0, "version %d: the service ends well" % version)


class StayRtr:
    def __init__(self, folder, version, roas, port=None):
        self.path = os.path.join(folder, "vrps-%d.json" % id(self))
        self.version, self.port, self.process = version, port or free_port(), None
        self.write(roas)
        self.start()

    def write(self, roas):
        with open(self.path + ".new", "w") as f:
            json.dump({"metadata": {"buildtime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
                       "roas": [{"prefix": p, "maxLength": m, "asn": a, "ta": "t", "expires": int(time.time()) + 86400}
                                for p, m, a in roas]}, f)
        os.rename(self.path + ".new", self.path)

    def start(self):
        self.process = subprocess.Popen(
            ["stayrtr", "-bind", "127.0.0.1:%d" % self.port, "-cache", self.path, "-protocol", str(self.version),
             "-refresh", "1", "-metrics.addr", "127.0.0.1:%d" % free_port(), "-checktime=false"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def source(self, name, preference, version_max=2):
        return "cache=%s,127.0.0.1,%d,%d,%d" % (name, self.port, preference, version_max)


def stayrtr(folder, version):
    a = StayRtr(folder, version, [("192.0.2.0/24", 24, 64500), ("198.51.100.0/24", 24, 64501), ("2001:db8::/32", 48, 64502)])
    b = StayRtr(folder, version, [("192.0.2.0/24", 24, 64500), ("203.0.113.0/24", 24, 64503)])
    service = Service(a.source("first", 1), b.source("second", 2))
    what = "StayRTR, version %d: " % version
    ok(service.until(lambda: sum(" synced version %d " % version in line for line in service.report()) == 2),
       what + "both caches are in step")
    ok(service.until(lambda: service.state("198.51.100.0/24", 64501) == "valid")
       and service.state("2001:db8:1::/48", 64502) == "valid" and service.state("2001:db8::/49", 64502) == "invalid (length)"
       and service.state("192.0.2.0/24", 1) == "invalid (origin)" and service.state("203.0.113.0/24", 64503) == "unknown",
       what + "routes are judged by the first")
    service.touched.clear()
    a.write([("192.0.2.0/24", 24, 64500), ("198.51.100.0/24", 25, 64501), ("10.0.0.0/8", 8, 64504)])
    ok(service.until(lambda: len(service.touched) >= 3)
       and sorted(service.touched) == ["10.0.0.0/8 32", "198.51.100.0/24 25", "2001:db8::/32 128"],
       what + "a change of ROAs touches exactly these prefixes: %s" % service.touched)
    service.touched.clear()
    a.stop()
    ok(service.until(lambda: service.state("203.0.113.0/24", 64503) == "valid"), what + "when the first is killed, the second is used")
    # A look-up may be answered in the turn in which the cache went, before what it touched is told at its end.
    ok(service.until(lambda: len(service.touched) >= 3)
       and sorted(service.touched) == ["10.0.0.0/8 32", "198.51.100.0/24 32", "203.0.113.0/24 32"],
       what + "only what differs between them is touched: %s" % service.touched)
    b.stop()
    time.sleep(1)
    ok(service.state("203.0.113.0/24", 64503) == "valid", what + "when both are, its data stays")
    service.touched.clear()
    a.start()
    ok(service.until(lambda: service.state("10.0.0.0/8", 64504) == "valid", 30), what + "the first comes back and is used again")
    ok("all" not in service.touched, what + "nothing was ever unchecked")
    a.stop()
    ok(service.stop() == 0, what + "the service ends well")


def write(path, text):
    with open(path + ".new", "w") as f:
        f.write(text)
    os.rename(path + ".new", path)


def files(folder):
    vrps, slurm = os.path.join(folder, "vrps.json"), os.path.join(folder, "slurm.json")
    write(vrps, '{"roas": [{"prefix": "192.0.2.0/24", "maxLength": 24, "asn": "AS64500"}],\n'
                ' "aspas": [{"customer_asid": 64500, "providers": [64501]}]}')
    write(slurm, '{"slurmVersion": 1, "validationOutputFilters": {"prefixFilters": [], "bgpsecFilters": []},'
                 ' "locallyAddedAssertions": {"prefixAssertions": [{"asn": 64510, "prefix": "10.0.0.0/8"}]}}')
    service = Service("vrps=" + vrps, "slurm=" + slurm)
    ok(service.until(lambda: service.state("192.0.2.0/24", 64500) == "valid"), "a file of VRPs is used")
    ok(service.state("10.0.0.0/8", 64510) == "valid", "what a SLURM file asserts, too")
    ok(service.ask("path 64501 64500") == "path valid" and service.ask("path 64502 64500") == "path invalid",
       "paths are judged by the file's ASPAs")
    service.touched.clear()
    write(vrps, '{"roas": [{"prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64500},\n {"prefix": "192.0.')
    ok(service.until(lambda: "line 2, column 13" in service.report()[0]), "a broken file is told with its place")
    ok(service.state("192.0.2.0/24", 64500) == "valid" and not service.touched, "and what was there before stays")
    write(vrps, '{"roas": [{"prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64500}, {"prefix": "198.51.100.0/24", "asn": 1}]}')
    ok(service.until(lambda: service.state("198.51.100.0/24", 1) == "valid"), "a mended one is read again by itself")
    ok(service.until(lambda: len(service.touched) >= 2) and sorted(service.touched) == ["198.51.100.0/24 32", "all paths"], "and touches what changed: %s" % service.touched)
    write(slurm, '{"slurmVersion": 1, "validationOutputFilters": {"prefixFilters": [{"asn": 64500}]}}')
    ok(service.until(lambda: service.state("192.0.2.0/24", 64500) == "unknown") and service.state("10.0.0.0/8", 64510) == "unknown",
       "a changed SLURM file is put in force")
    write(slurm, '{"slurmVersion": 3}')
    ok(service.until(lambda: "slurmVersion" in service.report()[1]) and service.state("192.0.2.0/24", 64500) == "unknown",
       "a SLURM file that cannot be read leaves the one before in force")
    os.unlink(vrps)
    ok(service.until(lambda: "No such file" in service.report()[0]) and service.state("198.51.100.0/24", 1) == "valid",
       "a file that vanishes leaves its data")
    ok(service.stop() == 0, "the service ends well")


def overlapping(folder):
    one, two = os.path.join(folder, "one.json"), os.path.join(folder, "two.json")
    text = '{"slurmVersion": 1, "locallyAddedAssertions": {"prefixAssertions": [{"asn": %d, "prefix": "%s"}]}}'
    write(one, text % (64510, "10.0.0.0/8"))
    write(two, text % (64511, "10.1.0.0/16"))
    vrps = os.path.join(folder, "some.json")
    write(vrps, '{"roas": [{"prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64500}]}')
    service = Service("vrps=" + vrps, "slurm=" + one, "slurm=" + two)
    said = "10.0.0.0/8 and 10.1.0.0/16"
    service.until(lambda: service.state("192.0.2.0/24", 64500) == "valid")
    ok(service.until(lambda: said in service.report()[1] and said in service.report()[2]), "two SLURM files that overlap are told of it, both")
    ok(service.state("10.0.0.0/8", 64510) == "unknown" and service.state("10.1.0.0/16", 64511) == "unknown", "and neither is put in force")
    write(two, text % (64511, "172.16.0.0/16"))
    ok(service.until(lambda: service.state("172.16.0.0/16", 64511) == "valid") and service.state("10.0.0.0/8", 64510) == "valid",
       "when they are apart, both are")
    ok(service.until(lambda: "overlaps" not in "".join(service.report())), "and nothing is said any more")
    write(two, text % (64511, "10.2.0.0/16"))
    ok(service.until(lambda: "overlaps" in service.report()[2]) and service.state("172.16.0.0/16", 64511) == "valid",
       "when they come to overlap, what was in force stays")
    ok(service.stop() == 0, "the service ends well")


def main():
    folder = tempfile.mkdtemp()
    try:
        files(folder)
        overlapping(folder)
        for version in (0, 1, 2):
            bad_caches(version)
        if shutil.which("stayrtr"):
            for version in (0, 1):
                stayrtr(folder, version)
        else:
            print("# StayRTR is not installed: its part is left out")
    finally:
        shutil.rmtree(folder)
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
