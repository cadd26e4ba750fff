#!/usr/bin/env python3
"""A whois host for tests that speaks the IRRd protocol as bgpq4 asks it.

irr_server.py PORT DATA.json LOG

DATA is read again at each connection: {"mode": MODE, "sets": {"AS-X": ["AS64501", "AS-Y"]},
"routes": {"AS64501": ["192.0.2.0/24", "2001:db8::/32"]}}. A mode may also be given for one set:
{"modes": {"AS-X": "hang"}}. Modes: normal; slow: half a second before each answer; hang: no answer at
all; fail: "F" answers; cut: the connection ends inside an answer; garbage: octets that mean nothing;
endless: an answer without an end. Each question is a line in LOG.
"""
import json
import random
import socketserver
import sys
import time

PORT, DATA, LOG = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def members(sets, name, seen):
    """AS numbers of a set and of the sets in it."""
    found = []
    for one in sets.get(name, []):
        if one in seen:
            continue
        seen.add(one)
        found += members(sets, one, seen) if one in sets else [one]
    return found


class Connection(socketserver.StreamRequestHandler):
    def say(self, text):
        """The answer with data, with none, and for what is not there."""
        if text is None:
            self.wfile.write(b"D\n")
        elif not text:
            self.wfile.write(b"C\n")
        else:
            self.wfile.write(b"A%d\n%s\nC\n" % (len(text) + 1, text.encode()))

    def spoil(self, mode):
        """Answers badly. True if that was it."""
        if mode == "hang":
            time.sleep(3600)
        elif mode == "fail":
            self.wfile.write(b"F the database is away\n")
        elif mode == "cut":
            self.wfile.write(b"A1000\n192.0.2.0/2")
            self.wfile.flush()
            self.connection.close()
            raise BrokenPipeError
        elif mode == "garbage":
            self.wfile.write(random.Random(1).randbytes(4096) + b"\n")
        elif mode == "endless":
            self.wfile.write(b"A999999999\n")
            number = 0
            while True:
                number += 1
                self.wfile.write(b"10.%d.%d.0/24 " % (number // 256 % 256, number % 256))
        elif mode == "slow":
            time.sleep(0.5)
            return False
        else:
            return False
        return True

    def answer(self, question, data):
        kind, rest = question[1:2], question[2:]
        if kind in "nt" or question in ("!a", "!!"):
            return self.say("") if kind in "nt" else self.wfile.write(b"F not here\n")
        if kind == "s":
            return self.say("TEST,OTHER" if rest == "-lc" else "")
        name = rest.split(",")[0].upper()
        mode = data.get("modes", {}).get(name, data.get("mode", "normal"))
        if self.spoil(mode):
            return None
        sets, routes = data.get("sets", {}), data.get("routes", {})
        if kind == "i":
            if name not in sets:
                return self.say(None)
            own = members(sets, name, {name}) if rest.endswith(",1") else sets[name]
            return self.say(" ".join(own))
        if kind in "g6":
            colon = [p for p in routes.get(name, []) if (":" in p) == (kind == "6")]
            return self.say(" ".join(colon) if colon else None)
        return self.wfile.write(b"F what?\n")

    def handle(self):
        with open(DATA, encoding="utf-8") as file:
            data = json.load(file)
        try:
            for line in self.rfile:
                question = line.decode("latin-1").strip()
                with open(LOG, "a", encoding="utf-8") as log:
                    log.write(question + "\n")
                if question == "!q":
                    return
                if question != "!!":
                    self.answer(question, data)
        except (BrokenPipeError, ConnectionResetError):
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


Server(("127.0.0.1", PORT), Connection).serve_forever()
