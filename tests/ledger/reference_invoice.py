#!/usr/bin/env python3
"""A slow and obvious computation of invoices, to hold the ledger's against. Integers and fractions only.

    reference_invoice.py FILE      computes each case of a file again and says where the two differ

A case is one line of JSON:

    hub        the hub file, with one member and one contract (the file is JSON, which is YAML too)
    year, month, now            which month, and the moment it is asked at (seconds of UTC)
    bin_s, from, ports          length of a bin, start of the first one; for each port a list of bins:
                                null (no row), or [octets in, octets out, state]; state 0 missing, 1 counter, 2 estimated
    others                      for each port what the other party has: null, or [octets in, octets out]
    invoice                     what the ledger, or this program, made of it
"""

import functools
import json
import sys
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

UTC = timezone.utc
DAY = 86400
SPEEDS = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
EXPONENT = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}
RATE_KINDS = ("commit", "tiers", "slabs", "transit")
USAGE_LINES = ("commit", "overage", "tier", "slab", "transit", "volume", "burst")


# --- the words of the hub file ---

def speed(text):
    return int(Fraction(text[:-1]) * SPEEDS[text[-1]]) if text else 0


def micro(text):
    return int(Fraction(str(text)) * 10**6)


def percent(text):
    return int(Fraction(str(text)) * 100)  # hundredths of a percent


# --- civil time ---

@functools.lru_cache(maxsize=None)
def first_moment(zone, year, month, day):
    """The first second at which the place's clocks show that midnight or later."""
    wanted = datetime(year, month, 1) + timedelta(days=day - 1)
    if zone == "UTC":
        return int(wanted.replace(tzinfo=UTC).timestamp())
    moment = int(wanted.replace(tzinfo=UTC).timestamp()) - 26 * 3600
    place = ZoneInfo(zone)
    while datetime.fromtimestamp(moment, place).replace(tzinfo=None) < wanted:
        moment += 900
    return moment


def month_start(zone, year, month):
    return first_moment(zone, year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def civil(zone, moment):
    return datetime.fromtimestamp(moment, UTC if zone == "UTC" else ZoneInfo(zone))


def day_begins(zone, start, end):
    """Where the days of the place begin in [start, end), the first one with `start`."""
    date = civil(zone, start)
    begins = [start]
    for day in range(1, 40):
        moment = first_moment(zone, date.year, date.month, date.day + day)
        if begins[-1] < moment < end:
            begins.append(moment)
    return begins


def moment_of(zone, text):
    """"2026-11-01" is a day of the place, "2026-11-01T12:00:00Z" a second of UTC."""
    if not text:
        return 0
    if "T" in text:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    year, month, day = (int(word) for word in text.split("-"))
    return first_moment(zone, year, month, day)


class Part:
    """A stretch of the month."""

    def __init__(self, zone, start, end):
        self.start, self.end = start, end
        self.begins = day_begins(zone, start, end)
        self.days = len(self.begins)

    def day_of(self, moment):
        return max(i for i, begin in enumerate(self.begins) if begin <= moment)


def part_of(zone, start, end, starts, ends):
    start = max(start, starts)
    end = min(end, ends) if ends else end
    return Part(zone, start, end) if start < end else None


# --- bins ---

def sum_of_ports(ports):
    """Bin by bin; only what all ports agree on is more than an estimate."""
    result = []
    for parts in zip(*ports):
        listed = [part for part in parts if part]
        states = {state for _, _, state in listed}
        state = 0 if not listed else states.pop() if len(states) == 1 else 2
        result.append((sum(p[0] for p in listed), sum(p[1] for p in listed), state) if listed else None)
    return result


def with_others(bins, others):
    """The other party's octets where a bin is missing."""
    return [(other[0], other[1], 2) if other and (not bin or bin[2] == 0) else bin
            for bin, other in zip(bins, others)]


def rate(octets, bin_s):
    return (octets * 16 + bin_s) // (2 * bin_s)  # octets * 8 / length, halves up


def directed(direction, octets_in, octets_out):
    return {"in": octets_in, "out": octets_out, "sum": octets_in + octets_out}.get(direction, max(octets_in, octets_out))


# --- the percentile ---

class Rules:
    def __init__(self, contract):
        told = contract.get("percentile", {})
        self.rank = percent(told.get("rank", 95))
        self.direction = told.get("direction", "larger")
        self.after = told.get("ports", "sum-first") == "sum-after"
        self.missing = told.get("missing", "left-out")
        self.method = told.get("method", "month")
        self.top_days = told.get("top_days", 5)
        self.peak_bin = told.get("peak_bin", 5)
        self.valid_days = told.get("valid_days", False)
        self.baseline = percent(told.get("baseline", 0))
        self.baseline_of = told.get("baseline_of", "ports")
        self.round_up = speed(told.get("round_up"))


def rank_of(count, rank):
    return count - count * (10000 - rank) // 10000


def at_rank(values, rank):
    return sorted(values)[rank - 1]


def rate_by_method(rules, days):
    """`days`: the rates of each day."""
    everything = [value for day in days for value in day]
    if not everything:
        return 0
    if rules.method == "month":
        return at_rank(everything, rank_of(len(everything), rules.rank))
    daily = []
    for day in days:
        if day and rules.method == "top-days":
            daily.append(sorted(day, reverse=True)[min(rules.peak_bin, len(day)) - 1])
        elif day:
            daily.append(at_rank(day, rank_of(len(day), rules.rank)))
    if rules.method == "daily-max":
        return max(daily)
    if rules.method == "top-days":
        daily = sorted(daily, reverse=True)[:rules.top_days]
    return (2 * sum(daily) + len(daily)) // (2 * len(daily))


class Traffic:
    """The bins of a case, and what the rules make of them in a part of the month."""

    def __init__(self, case, contract, speeds):
        self.rules = Rules(contract)
        self.bin_s, self.start, self.speeds = case["bin_s"], case["from"], speeds
        names = contract["ports"]
        self.ports = [[tuple(bin) if bin else None for bin in case["ports"][name]] for name in names]
        if self.rules.missing == "other-party":
            self.ports = [with_others(bins, case["others"][name]) for name, bins in zip(names, self.ports)]
        self.sum = sum_of_ports(self.ports) if self.ports else []

    def moments(self, bins):
        return [(self.start + i * self.bin_s, bin) for i, bin in enumerate(bins)]

    def valid_days(self, part):
        carried = {part.day_of(at) for at, bin in self.moments(self.sum)
                   if part.start <= at < part.end and bin and (bin[0] or bin[1])}
        return carried if self.rules.valid_days else set(range(part.days))

    def counted(self, bins, part):
        """The bins that count, day by day."""
        valid = self.valid_days(part)
        days = [[] for _ in range(part.days)]
        for at, bin in self.moments(bins):
            if not part.start <= at < part.end or part.day_of(at) not in valid:
                continue
            if bin and bin[2]:
                days[part.day_of(at)].append((bin[0], bin[1]))
            elif self.rules.missing == "zero":
                days[part.day_of(at)].append((0, 0))
        return days

    def row(self, bins, part):
        """One row of bins: a port, or all of them."""
        direction = self.rules.direction
        days = self.counted(bins, part)

        def column(of):
            return [[rate(of(bin), self.bin_s) for bin in day] for day in days]

        ways = [column(lambda bin: bin[0]), column(lambda bin: bin[1]),
                column(lambda bin: directed(direction, bin[0], bin[1]))]
        came_in, went_out, both = (rate_by_method(self.rules, way) for way in ways)
        measured = max(came_in, went_out) if direction == "larger" else both
        above_of = ways[2] if direction != "larger" else ways[0] if came_in >= went_out else ways[1]
        count = sum(len(day) for day in days)
        return {
            "count": count,
            "rank": rank_of(count, self.rules.rank) if self.rules.method == "month" and count else 0,
            "days": sum(1 for day in days if day) if self.rules.method != "month" else 0,
            "in": came_in, "out": went_out, "measured": measured, "billed": measured,
            "peak": max((value for day in ways[2] for value in day), default=0),
            "above": sum(1 for day in above_of for value in day if value > measured),
        }

    def percentile(self, part):
        result = self.row(self.sum, part)
        ports = []
        if self.rules.after:
            ports = [self.row(bins, part) for bins in self.ports]
            for key in ("count", "in", "out", "measured"):
                result[key] = sum(port[key] for port in ports)
            result["rank"] = 0
            result["above"] = sum(
                1 for at, bin in self.moments(self.sum) if part.start <= at < part.end and bin
                and rate(directed(self.rules.direction, bin[0], bin[1]), self.bin_s) > result["measured"])
        of = result["peak"] if self.rules.baseline_of == "peak" else sum(self.speeds)
        result["baseline"] = of * self.rules.baseline // 10000
        billed = max(result["measured"], result["baseline"])
        if self.rules.round_up:
            billed = -(-billed // self.rules.round_up) * self.rules.round_up
        result["billed"] = billed
        result["paid_days"] = len(self.valid_days(part))
        return result, ports

    def octets(self, direction, part):
        pairs = [bin for at, bin in self.moments(self.sum) if part.start <= at < part.end and bin and bin[2]]
        return directed(direction, sum(bin[0] for bin in pairs), sum(bin[1] for bin in pairs))

    def hours_above(self, bps, part):
        bins = sum(1 for at, bin in self.moments(self.sum) if part.start <= at < part.end and bin and bin[2]
                   and rate(directed(self.rules.direction, bin[0], bin[1]), self.bin_s) > bps)
        return -(-bins * self.bin_s // 3600)


# --- money ---

def rounded(exact, to_even):
    """A fraction of minor units, to a whole one."""
    below = exact.numerator // exact.denominator
    rest = exact - below
    if rest != Fraction(1, 2):
        return below + (rest > Fraction(1, 2))
    if to_even:
        return below + below % 2
    return below + (exact > 0)


class Bill:
    def __init__(self, case):
        self.case = case
        self.hub = case["hub"]
        self.contract = dict(self.hub["contracts"][0])
        member = self.hub["members"][0]
        self.speed_of = {port["id"]: speed(port["speed"]) for port in member["ports"]}
        self.contract.setdefault("ports", list(self.speed_of))
        self.zone = self.contract.get("time_zone", "UTC")
        self.currency = self.contract["currency"]
        self.even = self.contract.get("rounding") == "half-even"
        self.items = self.with_names(self.contract.get("items", []))
        self.lines, self.amortisations = [], []
        self.rates = {"by_rate": False, "commit": 0, "billed": 0, "overage": 0}

    def with_names(self, items):
        seen = {}
        named = []
        for item in items:
            seen[item["kind"]] = seen.get(item["kind"], 0) + 1
            number = seen[item["kind"]]
            name = item["kind"] if number == 1 else "%s-%d" % (item["kind"], number)
            named.append({**item, "id": item.get("id", name)})
        return named

    def minor(self, price_micro, factor, currency=None):
        """price x factor, in minor units, rounded once."""
        unit = 10 ** EXPONENT.get(currency or self.currency, 2)
        return rounded(Fraction(price_micro, 10**6) * factor * unit, self.even)

    # --- which days ---

    def period(self):
        year, month = self.case["year"], self.case["month"]
        self.month_start, self.month_end = month_start(self.zone, year, month), month_start(self.zone, year, month + 1)
        self.days_in_month = Part(self.zone, self.month_start, self.month_end).days
        self.whole = part_of(self.zone, self.month_start, self.month_end,
                             moment_of(self.zone, self.contract.get("starts")),
                             moment_of(self.zone, self.contract.get("ends")))

    def part(self, item):
        return part_of(self.zone, self.whole.start, self.whole.end, self.starts(item),
                       moment_of(self.zone, item.get("ends")))

    def starts(self, item):
        return moment_of(self.zone, item.get("starts"))

    def begins_this_month(self, item):
        return self.month_start <= self.starts(item) < self.month_end

    # --- lines ---

    def line(self, kind, item, amount, **more):
        line = {"kind": kind, "item": item.get("id"), "rule": "priced", "quantity": 1, "divisor": 1, "price": 0, "base": 0,
                "days": 1, "days_in_month": 1, "exempt": item.get("tax_exempt", False), "amount": amount}
        line.update(more)
        self.lines.append(line)

    def priced(self, kind, item, price, quantity, divisor=1, days=1, of=1):
        factor = Fraction(quantity, divisor) * Fraction(days, of)
        self.line(kind, item, self.minor(price, factor), quantity=quantity, divisor=divisor, price=price, days=days,
                  days_in_month=of)

    def by_days(self, kind, item, quantity, divisor=1):
        part = self.part(item)
        if part:
            self.priced(kind, item, micro(item["price"]), quantity, divisor, part.days, self.days_in_month)

    def fee(self, item):
        kind = item["kind"]
        if kind == "once" and self.begins_this_month(item):
            self.priced("once", item, micro(item["price"]), item.get("count", 1))
        elif kind in ("monthly", "cross-connect", "cloud"):
            self.by_days(kind, item, item.get("count", 1))
        elif kind == "port":
            self.port_fee(item)
        elif kind == "iru":
            self.iru(item)
        elif kind == "upkeep":
            self.share(item, micro(item["price"]))

    def port_fee(self, item):
        only = speed(item.get("speed"))
        speeds = [self.speed_of[port] for port in self.contract["ports"] if not only or self.speed_of[port] == only]
        if speeds and item.get("per") == "gigabit":
            self.by_days("port", item, sum(speeds), 10**9)
        elif speeds:
            self.by_days("port", item, len(speeds))

    def share(self, item, year_price):
        part = self.part(item)
        if part:
            year = civil(self.zone, part.start).year
            days_in_year = (datetime(year + 1, 1, 1) - datetime(year, 1, 1)).days
            self.priced("upkeep", item, year_price, percent(item.get("share_percent", 100)), 10000, part.days, days_in_year)

    def iru(self, item):
        began, now = civil(self.zone, self.starts(item)), civil(self.zone, self.month_start)
        month = (now.year - began.year) * 12 + now.month - began.month + 1
        months = item["months"]
        if not 1 <= month <= months:
            return
        capital = self.minor(micro(item["price"]), 1)
        so_far, before = (rounded(Fraction(capital * done, months), self.even) for done in (month, month - 1))
        self.amortisations.append({"item": item["id"], "capital": capital, "this_month": so_far - before, "so_far": so_far,
                                   "left": capital - so_far, "month": month, "months": months})
        if item.get("payment") == "instalments":
            self.line("iru", item, so_far - before, rule="plain", base=capital)
        elif month == 1:
            self.priced("iru", item, micro(item["price"]), 1)
        if micro(item.get("upkeep", 0)):
            self.share(item, micro(item["upkeep"]))

    # --- traffic ---

    def rate_of(self, item):
        """The part, the rate there, and the days that are paid; None if there is nothing."""
        part = self.part(item)
        if not part:
            return None
        if (part.start, part.end) == (self.whole.start, self.whole.end):
            return part, self.p95["billed"], self.p95["paid_days"]
        own, _ = self.traffic.percentile(part)
        apart = self.contract.get("price_change") == "apart"
        return part, own["billed"] if apart else self.p95["billed"], own["paid_days"]

    def commit_of(self, item):
        return speed(item.get("commit")) * (len(self.contract["ports"]) if item.get("per_port") else 1)

    def mbits(self, kind, item, bps, price, days):
        self.priced(kind, item, price, bps, 10**6, days, self.days_in_month)

    def price_rate(self, item):
        found = self.rate_of(item)
        if not found:
            return
        _, bps, days = found
        commit = self.commit_of(item)
        billed = max(bps, commit)
        self.rates = {"by_rate": True, "commit": commit, "billed": billed, "overage": billed - commit}
        if item["kind"] in ("tiers", "slabs"):
            self.tiers(item, billed, days)
            return
        transit = item["kind"] == "transit"
        price = micro(item["price"])
        overage = micro(item["overage"]) if "overage" in item else price * percent(item.get("overage_percent", 100)) // 10000
        if commit or not transit:
            self.mbits("transit" if transit else "commit", item, commit, price, days)
        if billed > commit:
            self.mbits("transit" if transit else "overage", item, billed - commit, overage, days)

    def tiers(self, item, billed, days):
        below = 0
        for tier in item["tiers"]:
            top = speed(tier.get("up_to")) or None
            reached = top is None or billed <= top
            if item["kind"] == "slabs":
                self.mbits("slab", item, (billed if reached else top) - below, micro(tier["price"]), days)
            elif reached:
                self.mbits("tier", item, billed, micro(tier["price"]), days)
            if reached:
                return
            below = top

    def volume(self, item):
        part = self.part(item)
        if not part:
            return
        unit = 10**12 if item.get("unit", "TB") == "TB" else 10**9
        octets = self.traffic.octets(item.get("direction", "sum"), part)
        self.priced("volume", item, micro(item["price"]), max(0, octets - item.get("included", 0) * unit), unit)

    def burst(self, item):
        found = self.rate_of(item)
        if not found:
            return
        part, bps, days = found
        commit = 0
        for other in self.items:
            starts, ends = self.starts(other), moment_of(self.zone, other.get("ends"))
            if other["kind"] in RATE_KINDS and starts <= part.end - 1 and (not ends or part.end - 1 < ends):
                commit = self.commit_of(other)
                break
        bound = commit * percent(item.get("above_percent", 100)) // 10000
        if item.get("by", "rate") == "rate":
            if bps > bound:
                self.mbits("burst", item, bps - bound, micro(item["price"]), days)
            return
        hours = self.traffic.hours_above(bound, part) - item.get("free_hours", 0)
        if hours > 0:
            self.priced("burst", item, micro(item["price"]), hours)

    # --- what depends on other lines ---

    def sum_of(self, of):
        """Bounds of the usage belong to it; those of the invoice come when nobody asks for the usage any more."""
        return sum(line["amount"] for line in self.lines
                   if of == "invoice" or line["item"] == of
                   or (of == "usage" and line["kind"] in USAGE_LINES + ("minimum", "maximum")))

    def bounds(self, of):
        for item in self.items:
            if item["kind"] not in ("minimum", "maximum") or item.get("of", "invoice") != of:
                continue
            part = self.part(item)
            if not part:
                continue
            limit = self.minor(micro(item["price"]), Fraction(part.days, self.days_in_month))
            more = limit - self.sum_of(of)
            if more > 0 if item["kind"] == "minimum" else more < 0:
                self.line(item["kind"], item, more, rule="plain", base=limit, days=part.days,
                          days_in_month=self.days_in_month)

    def credits(self):
        sums = {of: self.sum_of(of) for of in ["invoice", "usage"] + [item["id"] for item in self.items]}
        for item in self.items:
            if item["kind"] != "credit" or not self.part(item):
                continue
            if not item.get("every_month") and not self.begins_this_month(item):
                continue
            if "price" in item:
                self.priced("credit", item, micro(item["price"]), -1)
                continue
            back = percent(item.get("percent", 0))
            for step in item.get("steps", []):
                if item["outage_minutes"] >= step["minutes"]:
                    back = percent(step["percent"])
            if back:
                base = sums[item.get("of", "invoice")]
                self.line("credit", item, rounded(Fraction(-back * base, 10000), self.even), rule="of-base",
                          quantity=-back, divisor=100, base=base)

    def tax(self):
        points = percent(self.contract.get("tax_percent", 0))
        if not points:
            return 0
        base = sum(line["amount"] for line in self.lines if not line["exempt"])
        amount = rounded(Fraction(base * points, 10000), self.even)
        self.line("tax", {}, amount, rule="of-base", quantity=points, divisor=100, base=base)
        return amount

    # --- all of it ---

    def shorthand(self):
        contract = self.contract
        if contract["kind"] == "flat":
            self.priced("flat", {}, micro(contract["monthly"]), 1, 1, self.whole.days, self.days_in_month)
        else:
            self.price_rate({"kind": "commit", "id": None, "price": contract["monthly"], "commit": contract["commit"],
                             "overage": contract.get("overage", contract["monthly"])})

    def make(self):
        self.period()
        if not self.whole:
            return None
        self.traffic = Traffic(self.case, self.contract, [self.speed_of[port] for port in self.contract["ports"]])
        self.p95, ports = self.traffic.percentile(self.whole)
        if self.contract["kind"] != "items":
            self.shorthand()
        for item in self.items:
            self.fee(item)
            if item["kind"] in RATE_KINDS:
                self.price_rate(item)
            elif item["kind"] == "volume":
                self.volume(item)
            elif item["kind"] == "burst":
                self.burst(item)
        self.bounds("usage")
        self.credits()
        self.bounds("invoice")
        net = sum(line["amount"] for line in self.lines)
        tax = self.tax()
        exchange = self.contract.get("exchange")
        other = None
        if exchange:
            total = Fraction(net + tax, 10 ** EXPONENT.get(self.currency, 2))
            other = self.minor(micro(exchange["rate"]), total, exchange["currency"])
        states = [bin[2] if bin else 0 for bin in self.traffic.sum]
        member = self.hub["members"][0]
        return {
            "number": "%s-%04d%02d-%d-%s" % (self.hub["hub"]["short_name"], self.case["year"], self.case["month"],
                                             member["asn"], self.contract["id"]),
            "from": self.whole.start, "to": self.whole.end, "days": self.whole.days, "days_in_month": self.days_in_month,
            "bins": {"expected": len(states), "counter": states.count(1), "estimated": states.count(2),
                     "missing": states.count(0)},
            "p95": self.p95, "ports": ports, "rates": self.rates, "lines": self.lines,
            "amortisations": self.amortisations, "net": net, "tax": tax, "total": net + tax, "other_total": other,
            "final": self.case["now"] >= self.month_end + 900,
        }


def same(ours, theirs, path=""):
    """Where two answers differ, in words."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [word for key in ours for word in same(ours[key], theirs.get(key), path + "." + key)]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [word for i, pair in enumerate(zip(ours, theirs)) for word in same(*pair, "%s[%d]" % (path, i))]
    return [] if ours == theirs else ["%s: %s here, %s there" % (path[1:], json.dumps(ours), json.dumps(theirs))]


def main(words):
    if len(words) != 1:
        print(__doc__)
        return 2
    wrong = 0
    with open(words[0], encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            case = json.loads(line)
            for word in same(Bill(case).make(), case["invoice"]):
                wrong += 1
                print("case %d: %s" % (number, word))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
