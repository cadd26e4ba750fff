#!/usr/bin/python3
"""A corridor of so many sites, made from a seed: a hub file and its lists as CSV, for questions at size.

  hub_make.py FOLDER [--sites N] [--demands N] [--candidates N] [--seed N]

Sites stand on a grid that is shaken; neighbours in a row are joined, and four in five of those in a column, so that
there are some 1.8 segments a site. Segments of a row in tens are a cable; each cable is laid in one risk, and each
block of the grid is a country. The same arguments give the same octets."""
import argparse
import csv
import math
import os
import random

COUNTRIES = ["KZ", "UZ", "TM", "AZ", "GE", "TR", "BG", "RO", "HU", "AT", "DE", "PL", "UA", "RU", "CN", "KG", "TJ", "AF",
             "PK", "IN", "IR", "IQ", "SA", "AE", "OM"]
HEAD = """hub:
  name: Made hub
  short_name: MADE
  asn: 64500
  router_id: 192.0.2.1
  country: AZ
  data_directory: ./var
listen: {bgp: 127.0.0.1:1790, http: 127.0.0.1:8080, control_socket: var/sarai.sock}
lans: [{name: lan, vlan: 100, ipv4: 192.0.2.0/24}]
members: []
"""
LISTS = ["sites", "segments", "cables", "risks", "failure_rates", "demands", "candidates"]


def away_km(a, b):
    """The great circle."""
    (lat, lon), (to_lat, to_lon) = ([math.radians(x) for x in p] for p in (a, b))
    h = math.sin((to_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


class Net:
    def __init__(self, args):
        self.rng = random.Random(args.seed)
        self.count = args.sites
        self.wide = max(2, math.isqrt(args.sites * 2))
        self.places, self.segments, self.cables = [], [], {}
        for i in range(self.count):
            self.places.append((20 + 40 * (i // self.wide + self.rng.uniform(-.3, .3)) * self.wide / self.count,
                                10 + 110 * (i % self.wide + self.rng.uniform(-.3, .3)) / self.wide))
        for i in range(self.count):
            row, column = divmod(i, self.wide)
            if column + 1 < self.wide and i + 1 < self.count:
                self.join(i, i + 1, f"R{row}-{column // 10}")
            if i + self.wide < self.count and (column == 0 or self.rng.random() < 0.8):
                self.join(i, i + self.wide, None)

    def country(self, i):
        row, column = divmod(i, self.wide)
        rows = max(1, self.count // self.wide)
        return COUNTRIES[5 * (5 * row // (rows + 1)) + 5 * column // self.wide]

    def join(self, a, b, cable):
        name = f"S{len(self.segments)}"
        risk = f"DUCT{(a // self.wide) // 3}-{(a % self.wide) // 10}"
        if cable:
            self.cables.setdefault(cable, []).append(name)
        tbps = self.rng.choice([4, 8, 20, 40])
        self.segments.append([name, f"Line {name}", f"P{a}", f"P{b}", "terrestrial",
                              round(away_km(self.places[a], self.places[b]) * self.rng.uniform(1.1, 1.6), 1), tbps,
                              "in service", f"op{a % 37}", " ".join(dict.fromkeys([self.country(a), self.country(b)])),
                              risk, "buried", "made up", "estimated"])

    def rows(self, name, args):
        rng = self.rng
        if name == "sites":
            return ["id,name,kind,country,lat,lon,source,confidence".split(",")] + [
                [f"P{i}", f"Place {i}", "hub", self.country(i), f"{p[0]:.4f}", f"{p[1]:.4f}", "made up", "estimated"]
                for i, p in enumerate(self.places)]
        if name == "segments":
            return [("id,name,a,b,type,length_km,design_tbps,status,operators,countries_crossed,srlg,medium,source,"
                     "confidence").split(",")] + self.segments
        if name == "cables":
            return [["id", "name", "segments"]] + [[k, f"Cable {k}", " ".join(v)] for k, v in self.cables.items()]
        if name == "risks":
            ids = list(dict.fromkeys(s[10] for s in self.segments if s[10]))
            return ["id,name,kind,per_year,days,source,confidence".split(",")] + [
                [i, f"Duct {i}", "duct", 0.2, 2, "made up", "estimated"] for i in ids]
        if name == "failure_rates":
            return ["medium,segments,per_1000_km_year,repair_h,source,confidence".split(","),
                    ["buried", "", 2.13, 12, "made up", "estimated"]]
        if name == "demands":
            ends = [rng.sample(range(self.count), 2) for _ in range(args.demands)]
            return ["id,name,from,to,gbps,priority,source,confidence".split(",")] + [
                [f"D{i}", f"Demand {i}", f"P{a}", f"P{b}", round(10 ** rng.uniform(1, 3.5)), rng.randint(1, 3),
                 "made up", "estimated"] for i, (a, b) in enumerate(ends)]
        ends = [rng.sample(range(self.count), 2) for _ in range(args.candidates)]
        for i, (a, b) in enumerate(ends):
            self.segments.append([f"N{i}", f"New {i}", f"P{a}", f"P{b}", "terrestrial",
                                  round(away_km(self.places[a], self.places[b]) * 1.2, 1), 20, "planned", "new",
                                  " ".join(dict.fromkeys([self.country(a), self.country(b)])), "", "buried", "made up",
                                  "estimated"])
        return ["id,name,segments,capex_musd,source,confidence".split(",")] + [
            [f"CAND{i}", f"Candidate {i}", f"N{i}", rng.randint(20, 400), "made up", "estimated"]
            for i in range(args.candidates)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder")
    for name, usual in (("sites", 500), ("demands", 200), ("candidates", 12), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    args = parser.parse_args()
    net = Net(args)
    os.makedirs(args.folder, exist_ok=True)
    # Candidates bring segments of their own: those are written after them.
    tables = {name: net.rows(name, args) for name in reversed(LISTS)}
    for name, rows in tables.items():
        with open(os.path.join(args.folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with open(os.path.join(args.folder, "hub.yaml"), "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(f"{name}: {{csv: {name}.csv}}\n" for name in LISTS))


main()
