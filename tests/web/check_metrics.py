#!/usr/bin/env python3
"""Reads Prometheus text (0.0.4) on standard input, strictly, and says what is wrong with it: one line a fault, status 1."""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)?\})? ([-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf)|NaN)" % (NAME, LABEL, LABEL))


def faults(text):
    if text and not text.endswith("\n"):
        yield "the last line does not end"
    help_of, type_of, seen, closed, current = set(), {}, set(), set(), None
    for number, line in enumerate(text.splitlines(), 1):
        where = "line %d: %s: " % (number, line[:80])
        meta = re.fullmatch(r"# (HELP|TYPE) (%s) (.+)" % NAME, line)
        sample = None if meta else SAMPLE.fullmatch(line)
        if not meta and not sample:
            yield where + "neither HELP, TYPE nor a sample"
            continue
        name = meta[2] if meta else sample[1]
        if name != current:
            if name in closed:
                yield where + "the family is not in one piece"
            closed.add(current)
            current = name
        if meta and meta[1] == "HELP":
            if name in help_of:
                yield where + "a second HELP"
            help_of.add(name)
        elif meta:
            if name in type_of:
                yield where + "a second TYPE"
            if meta[3] not in ("counter", "gauge"):
                yield where + "an unknown type"
            if (meta[3] == "counter") != name.endswith("_total"):
                yield where + "counters, and only they, end in _total"
            type_of[name] = meta[3]
        else:
            if name not in type_of or name not in help_of:
                yield where + "no HELP and TYPE before it"
            labels = re.findall(r"([a-zA-Z_][a-zA-Z0-9_]*)=(\"(?:[^\"\\]|\\.)*\")", sample[2] or "")
            if len({key for key, _ in labels}) < len(labels):
                yield where + "a label twice"
            key = (name, tuple(sorted(labels)))
            if key in seen:
                yield where + "the same series twice"
            seen.add(key)
            if type_of.get(name) == "counter" and sample[3].startswith("-"):
                yield where + "a counter below 0"
    if not seen:
        yield "no sample at all"


found = list(faults(sys.stdin.read()))
print("\n".join(found) if found else "well formed")
sys.exit(1 if found else 0)
