# What docs/journal.md tells an auditor, followed without sarai: python3 journal_audit.py JOURNAL
# Chain, documents, sequences of numbers, and that debits and credits balance. Prints each fault, or the head.
import hashlib
import sqlite3
import sys

FIELDS = ("number previous time kind key document subject holder contract month date amount action by reason body").split()


def read(text):
    lines = text.decode().split("\n")
    assert lines[0] == "sarai entry 1" and lines[-1] == "", "not an entry"
    entry = {}
    for name, line in zip(FIELDS, lines[1:]):
        found, _, value = line.partition(" ")
        assert found == name, "line %s instead of %s" % (found, name)
        entry[name] = value
    entry["postings"] = []
    for line in lines[1 + len(FIELDS) : -1]:
        word, account, currency, amount = line.split(" ")
        assert word == "posting", word
        entry["postings"].append((account, currency, int(amount)))
    return entry


def audit(path):
    faults, previous, accounts, serials, count = [], "0" * 64, {}, {}, 0
    connection = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    for number, digest, text, body in connection.execute("SELECT number, hash, text, body FROM entry ORDER BY number"):
        count += 1
        if hashlib.sha256(text).hexdigest() != digest.hex():
            faults.append("entry %d: its digest is not that of its text" % number)
            previous = digest.hex()
            continue
        entry = read(text)
        if int(entry["number"]) != count or number != count:
            faults.append("entry %d: its number is not %d" % (number, count))
        if entry["previous"] != previous:
            faults.append("entry %d: it does not follow the one before" % number)
        length, of_body = entry["body"].split(" ")
        if int(length) != len(body) or of_body != (hashlib.sha256(body).hexdigest() if body else "0" * 64):
            faults.append("entry %d: its document was changed" % number)
        if entry["document"]:
            kind, serial = entry["document"].rsplit("-", 1)[1][0], int(entry["document"].rsplit("-", 1)[1][1:])
            if serial != serials.get(kind, 0) + 1:
                faults.append("entry %d: %s is not the next of its kind" % (number, entry["document"]))
            serials[kind] = serial
        sums = {}
        for account, currency, amount in entry["postings"]:
            sums[currency] = sums.get(currency, 0) + amount
            accounts[account, currency] = accounts.get((account, currency), 0) + amount
        faults += ["entry %d: its postings in %s do not add up to zero" % (number, c) for c, s in sums.items() if s]
        previous = digest.hex()
    for currency in {c for _, c in accounts}:
        if sum(amount for (_, c), amount in accounts.items() if c == currency):
            faults.append("the accounts in %s do not add up to zero" % currency)
    return faults or ["sound: %d entries, head %s" % (count, previous)]


print("\n".join(audit(sys.argv[1])))
