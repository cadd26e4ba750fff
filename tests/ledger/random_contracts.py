#!/usr/bin/env python3
"""Random contracts, each with its bins and the invoice that reference_invoice.py makes of them.

    random_contracts.py N SEED     one case a line; see reference_invoice.py
"""

import json
import random
import sys
from datetime import datetime, timedelta

from reference_invoice import DAY, RATE_KINDS, Bill, micro, speed


class Maker:
    """Contracts as they might be written, with all rules in all mixtures."""

    ZONES = ["UTC", "UTC", "Asia/Karachi", "Asia/Almaty", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe",
             "Asia/Kathmandu", "Pacific/Apia", "Asia/Tehran"]
    MONTHS = [(2026, 2), (2026, 3), (2026, 10), (2026, 11), (2024, 2), (2017, 10), (2018, 2), (2011, 12), (2025, 7)]
    KINDS = ["once", "monthly", "port", "volume", "burst", "minimum", "maximum", "cross-connect", "cloud", "iru", "upkeep",
             "credit"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def any(self, *choices):
        return self.random.choice(choices)

    def chance(self, percents):
        return self.random.randrange(100) < percents

    def price(self, most):
        places = self.random.randrange(7)
        value = self.random.randrange(1, most * 10**places + 1)
        text = str(value) if not places else "%d.%0*d" % (value // 10**places, places, value % 10**places)
        return text if micro(text) else "0.01"

    def date(self, year, month, day):
        return (datetime(year, month, 1) + timedelta(days=day - 1)).strftime("%Y-%m-%d")

    def percentile(self):
        told = {"direction": self.any("larger", "each-bin-larger", "sum", "in", "out"),
                "ports": self.any("sum-first", "sum-after"), "missing": self.any("left-out", "zero", "other-party"),
                "method": self.any("month", "month", "daily-mean", "daily-max", "top-days")}
        if told["method"] == "top-days":
            told["top_days"], told["peak_bin"] = self.any(1, 3, 5, 31), self.any(1, 2, 5, 30)
        elif self.chance(40):
            told["rank"] = self.any("95", "90", "99.5", "100", "50", "1", "97.25")
        if self.chance(25):
            told["valid_days"] = True
        if self.chance(20):
            told["baseline"], told["baseline_of"] = self.any("20", "33.33", "100"), self.any("ports", "peak")
        if self.chance(30):
            told["round_up"] = self.any("1M", "1G", "100M", "3M")
        return {key: told[key] for key in told if self.chance(75) or key in ("method", "top_days", "peak_bin")}

    def tiers(self):
        tops = sorted(self.random.sample(range(1, 9000), self.random.randrange(0, 5)))
        tiers = [{"up_to": "%dM" % top, "price": self.price(3)} for top in tops]
        return tiers + [{"price": self.price(3)}]

    def rate_item(self):
        kind = self.any(*RATE_KINDS)
        item = {"kind": kind}
        if kind in ("tiers", "slabs"):
            item["tiers"] = self.tiers()
        else:
            item["price"] = self.price(3)
            if self.chance(30):
                item["overage"] = self.price(4)
            elif self.chance(30):
                item["price"], item["overage_percent"] = self.any("0.5", "1.2", "2"), self.any("150", "80", "112.5")
        if kind == "commit" or self.chance(50):
            item["commit"] = "%dM" % self.random.randrange(1, 6000)
            if self.chance(30):
                item["per_port"] = True
        return item

    def item(self, kind, year, month, ids):
        item = {"kind": kind, "price": self.price(5000)}
        if kind in ("once", "monthly", "cross-connect", "cloud") and self.chance(40):
            item["count"] = self.random.randrange(1, 40)
        if kind == "port":
            item.update({} if self.chance(50) else {"speed": self.any("10G", "100G")})
            item.update({} if self.chance(50) else {"per": "gigabit"})
        if kind == "volume":
            item.update({"direction": self.any("sum", "larger", "in", "out"), "unit": self.any("TB", "GB"),
                         "included": self.any(0, 0, 5, 100), "price": self.price(3)})
        if kind == "burst":
            item.update({"by": self.any("rate", "hours"), "above_percent": self.any("100", "150", "33.3"),
                         "price": self.price(3)})
            if item["by"] == "hours" and self.chance(50):
                item["free_hours"] = self.random.randrange(0, 100)
        if kind in ("minimum", "maximum"):
            item["of"] = self.any("usage", "invoice")
        if kind == "iru":
            item.update({"months": self.any(1, 7, 180, 300), "payment": self.any("at-once", "instalments"),
                         "price": self.price(20000000)})
            if self.chance(60):
                item.update({"upkeep": self.price(900000), "share_percent": self.any("100", "12.5", "3.33")})
        if kind == "upkeep":
            item["share_percent"] = self.any("100", "12.5", "0.01")
        if kind == "credit":
            self.credit(item, ids)
        if kind in ("once", "iru"):
            item["starts"] = self.date(year, month, self.random.randrange(-60 if kind == "iru" else -9, 40))
        elif self.chance(25) or (kind == "credit" and not item.get("every_month")):
            item["starts"] = self.date(year, month, self.random.randrange(-9, 40))
        if kind not in ("once", "iru") and self.chance(15):
            item["ends"] = self.date(year, month, self.random.randrange(41, 60) if "starts" in item
                                     else self.random.randrange(2, 40))
        if self.chance(15):
            item["tax_exempt"] = True
        return item

    def credit(self, item, ids):
        item["of"] = self.any("invoice", "usage", *ids)
        way = self.any("price", "percent", "steps")
        if way != "price":
            del item["price"]
        if way == "percent":
            item["percent"] = self.any("10", "33.33", "100")
        if way == "steps":
            item["outage_minutes"] = self.random.randrange(1, 600)
            item["steps"] = [{"minutes": 60, "percent": "5"}, {"minutes": 240, "percent": "12.5"}][:self.any(1, 2)]
        if self.chance(50):
            item["every_month"] = True

    def items(self, year, month):
        items = []
        cut = self.date(year, month, self.random.randrange(2, 28))
        if self.chance(80):
            items.append(self.rate_item())
        if items and self.chance(40):
            items[0]["ends"] = cut
            items.append({**self.rate_item(), "starts": cut})
        kinds = [self.any(*self.KINDS) for _ in range(self.random.randrange(0, 7))]
        kinds = [kind for kind in kinds if kind != "burst" or any("commit" in item for item in items)] or ["monthly"]
        # Credits name items: those come first here, and get their names.
        for kind in sorted(kinds, key=lambda kind: kind == "credit"):
            ids = [item["id"] for item in items if "id" in item]
            item = self.item(kind, year, month, ids)
            if kind != "credit" and self.chance(60):
                item["id"] = "i%d" % len(items)
            items.append(item)
        return items

    def contract(self, year, month, ports):
        kind = self.any("flat", "commit", "items", "items", "items", "items")
        contract = {"id": "c-%d" % self.random.randrange(1000), "member": 64501, "kind": kind,
                    "currency": self.any("USD", "EUR", "JPY", "KWD", "PKR"), "time_zone": self.any(*self.ZONES),
                    "tax_percent": self.any("0", "18", "7.25", "19.5"), "rounding": self.any("half-away", "half-even")}
        if kind == "items":
            contract["items"] = self.items(year, month)
            contract["price_change"] = self.any("by-days", "apart")
        else:
            contract["monthly"] = self.price(900)
        if kind == "commit":
            contract["commit"] = "%dM" % self.random.randrange(1, 9000)
            if self.chance(50):
                contract["overage"] = self.price(3)
        if self.chance(80):
            contract["percentile"] = self.percentile()
        # Items must lie inside the contract: it begins early and ends late where it has some.
        if self.chance(40):
            contract["starts"] = self.date(year, month, -70 if kind == "items" else self.random.randrange(-9, 32))
        if self.chance(20):
            contract["ends"] = self.date(year, month, 70 if kind == "items" else self.random.randrange(33, 50))
        if self.chance(15):
            contract["exchange"] = {"currency": self.any("CNY", "KRW", "BHD"), "rate": self.price(300)}
        if self.chance(40):
            contract["ports"] = self.random.sample(ports, self.random.randrange(1, len(ports) + 1))
        rules = contract.get("percentile", {})
        # What the other party says is of all ports together.
        if len(contract.get("ports", ports)) > 1 and rules.get("missing") == "other-party":
            rules.pop("ports", None)
        return contract

    def bins(self, count, bps, bin_s):
        """A day's wave with noise, gaps, ports that come later, and days of nothing."""
        first = self.random.randrange(count) if self.chance(20) else 0
        idle = self.random.randrange(2, 9) if self.chance(30) else 0
        bins = []
        for i in range(count):
            day = i * bin_s // DAY
            if i < first:
                bins.append(None)
            elif idle and day % idle == 0:
                bins.append([0, 0, 1])
            elif self.chance(4):
                bins.append([0, 0, 0])
            else:
                top = bps // 8 * bin_s
                bins.append([self.random.randrange(top), self.random.randrange(top // 2), 1 if self.chance(90) else 2])
        return bins

    def case(self):
        year, month = self.any(*self.MONTHS)
        names = ["p%d" % i for i in range(self.random.randrange(1, 5))]
        speeds = {name: self.any("1G", "10G", "10G", "100G") for name in names}
        contract = self.contract(year, month, names)
        ports = [{"id": name, "speed": speeds[name], "ipv4": "198.51.100.%d" % (10 + i)} for i, name in enumerate(names)]
        case = {"hub": {"hub": {"name": "Test Hub", "short_name": "TST", "asn": 64500, "router_id": "192.0.2.1",
                                "country": "PK"},
                        "lans": [{"name": "peering", "ipv4": "198.51.100.0/24"}],
                        "members": [{"asn": 64501, "name": "First", "kind": "carrier", "ports": ports}],
                        "contracts": [contract]},
                "year": year, "month": month, "bin_s": self.any(1800, 3600, 7200, 10800) if self.chance(98) else 300}
        # Transit needs an upstream only when it names a blend; none does here.
        bill = Bill(case)
        bill.period()
        case["now"] = bill.month_end + self.any(120, 899, 900, 5000)
        if not bill.whole:
            return None
        length = case["bin_s"]
        case["from"] = -(-bill.whole.start // length) * length
        end = -(-bill.whole.end // length) * length if bill.whole.end == bill.month_end else bill.whole.end
        count = max(0, (end - case["from"]) // length)
        case["ports"] = {name: self.bins(count, speed(speeds[name]), length) for name in names}
        case["others"] = {name: [[bin[0], bin[1]] if bin and self.chance(50) else None
                                 for bin in self.bins(count, speed(speeds[name]), length)] for name in names}
        return case


def main(words):
    if len(words) != 2:
        print(__doc__)
        return 2
    maker, made = Maker(int(words[1])), 0
    while made < int(words[0]):
        case = maker.case()
        if case:
            case["invoice"] = Bill(case).make()
            print(json.dumps(case, separators=(",", ":")))
            made += 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
