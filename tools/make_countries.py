#!/usr/bin/env python3
"""Makes src/meter/countries.tsv, the country table the meter is built with, from a folder of the rir-ip project
(https://github.com/ipverse/rir-ip, CC0-1.0): country/XX/aggregated.json, or XX.json.

usage: tools/make_countries.py FOLDER > src/meter/countries.tsv"""
import ipaddress
import json
import pathlib
import sys

rows = []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.json")):
    data = json.loads(path.read_text())
    for family in ("ipv4", "ipv6"):
        for text in data["prefixes"][family]:
            rows.append((ipaddress.ip_network(text), data["countryCode"]))
rows.sort(key=lambda r: (r[0].version, int(r[0].network_address), r[0].prefixlen))
print("# Prefixes by country of registration, from ipverse/rir-ip (CC0-1.0), made by tools/make_countries.py.")
print("# prefix<TAB>country; a line AS<number><TAB>country is allowed too.")
for network, country in rows:
    print(f"{network}\t{country}")
