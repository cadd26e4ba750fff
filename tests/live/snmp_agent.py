"""IF-MIB for snmpd's pass_persist, as a file says: {"rows": [{"index", "name", "alias", "in", "out", "narrow", "since", "status"}]}."""
import json
import sys

IF, IFX = (1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)


def cells(path):
    out = {}
    for r in json.load(open(path))["rows"]:
        i = r["index"]
        out[IF + (2, i)] = ("string", "port")
        out[IF + (10, i)] = ("counter", r["in"] % 2**32)
        out[IF + (16, i)] = ("counter", r["out"] % 2**32)
        out[IF + (14, i)] = ("counter", r.get("errors", 0))
        if "status" in r:
            out[IF + (8, i)] = ("integer", r["status"])
        out[IFX + (1, i)] = ("string", r["name"])
        out[IFX + (18, i)] = ("string", r.get("alias", ""))
        out[IFX + (15, i)] = ("gauge", 1000 if r.get("narrow") else 100000)
        out[IFX + (19, i)] = ("timeticks", r.get("since", 0))
        if not r.get("narrow"):
            out[IFX + (6, i)] = ("counter64", r["in"])
            out[IFX + (10, i)] = ("counter64", r["out"])
    return out


def main():
    def say(*lines):
        print("\n".join(map(str, lines)), flush=True)
    while command := sys.stdin.readline().strip():
        if command == "PING":
            say("PONG")
            continue
        oid = tuple(int(n) for n in sys.stdin.readline().strip().strip(".").split("."))
        table = cells(sys.argv[1])
        if command == "getnext":
            oid = min((o for o in table if o > oid), default=None)
        # Each registration answers for its own subtree.
        if oid in table and oid[:len(IF)] == (IF if sys.argv[2] == "if" else IFX)[:len(IF)]:
            say("." + ".".join(map(str, oid)), *table[oid])
        else:
            say("NONE")


main()
