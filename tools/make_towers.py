#!/usr/bin/env python3
"""Writes towers.csv and fibre.geojson of a Pakistan that looks real and is made up.

    tools/make_towers.py [--towers 50000] [--seed 1] [--fibre-percent 16] DIRECTORY

No tower in it exists. What is taken from facts:
  - cities: populations of the 2023 census (Pakistan Bureau of Statistics), in thousands; the twelve
    largest exact, the others rounded and partly of the 2017 count. Coordinates are those of city
    centres, good to 5 km.
  - roads: the order in which national highways pass through them.
  - 16 percent of towers on fibre, what the minister for information technology said in 2026.
What is a model, with its numbers below:
  - masts: a part of them around cities, with a density that falls exponentially from the centre; a
    part along roads; a part in villages, which stand closest in the irrigated plains;
  - ground: urban near the centres of cities, else plain, hill, mountain or desert, by region;
  - tenants: one to four of four operators share a mast, more of them in cities; their names are
    letters, not those of companies;
  - traffic: log-normal, higher in cities; weight: the people who live around, in thousands;
  - fibre: along the trunk roads; towers near it and near the centres of large cities are on it, so
    many that the percentage comes out exactly;
  - towns: villages with more than some thousand people, as rows of their own.
The same arguments give the same files. Needs nothing but Python 3.
"""
import argparse
import json
import math
import os
import random

# name: latitude, longitude, population in thousands
CITIES = {
    "Karachi": (24.87, 66.99, 18868), "Lahore": (31.56, 74.35, 13004), "Faisalabad": (31.42, 73.08, 3692),
    "Rawalpindi": (33.60, 73.04, 3358), "Gujranwala": (32.16, 74.19, 2511), "Multan": (30.20, 71.46, 2215),
    "Hyderabad": (25.38, 68.37, 1921), "Peshawar": (34.01, 71.54, 1906), "Quetta": (30.20, 67.01, 1566),
    "Islamabad": (33.70, 73.17, 1109), "Sargodha": (32.08, 72.67, 976), "Sialkot": (32.49, 74.53, 912),
    "Bahawalpur": (29.40, 71.68, 904), "Jhang": (31.27, 72.32, 607), "Sheikhupura": (31.71, 73.99, 591),
    "Gujrat": (32.57, 74.08, 574), "Sukkur": (27.71, 68.85, 564), "Larkana": (27.56, 68.21, 552),
    "Sahiwal": (30.67, 73.11, 538), "Okara": (30.81, 73.45, 534), "Rahim Yar Khan": (28.42, 70.30, 519),
    "Kasur": (31.12, 74.45, 511), "Dera Ghazi Khan": (30.06, 70.64, 494), "Wah": (33.77, 72.75, 401),
    "Mardan": (34.20, 72.05, 368), "Nawabshah": (26.25, 68.41, 363), "Mingora": (34.78, 72.36, 361),
    "Chiniot": (31.72, 72.98, 318), "Burewala": (30.17, 72.65, 263), "Hafizabad": (32.07, 73.69, 269),
    "Turbat": (26.00, 63.05, 269), "Mirpur Khas": (25.53, 69.01, 268), "Jhelum": (32.93, 73.73, 312),
    "Sadiqabad": (28.31, 70.13, 274), "Khanewal": (30.30, 71.93, 260), "Abbottabad": (34.15, 73.22, 235),
    "Kohat": (33.59, 71.44, 231), "Muzaffargarh": (30.07, 71.19, 209), "Jacobabad": (28.28, 68.44, 219),
    "Khuzdar": (27.81, 66.61, 219), "Dera Ismail Khan": (31.83, 70.90, 218), "Mandi Bahauddin": (32.59, 73.49, 240),
    "Muridke": (31.80, 74.26, 254), "Khanpur": (28.65, 70.66, 248), "Gojra": (31.15, 72.69, 200),
    "Bahawalnagar": (29.99, 73.25, 194), "Shikarpur": (27.96, 68.64, 205), "Muzaffarabad": (34.37, 73.47, 150),
    "Mirpur": (33.15, 73.75, 125), "Chakwal": (32.93, 72.86, 138), "Mianwali": (32.58, 71.54, 119),
    "Chaman": (30.92, 66.45, 123), "Zhob": (31.34, 69.45, 46), "Sibi": (29.54, 67.88, 64),
    "Gwadar": (25.13, 62.32, 90), "Dadu": (26.73, 67.78, 171), "Swabi": (34.12, 72.47, 123),
    "Nowshera": (34.02, 71.98, 120), "Mansehra": (34.33, 73.20, 127), "Haripur": (34.00, 72.93, 90),
    "Bannu": (32.99, 70.60, 49), "Chitral": (35.85, 71.79, 50), "Gilgit": (35.92, 74.31, 57),
    "Skardu": (35.30, 75.62, 40), "Thatta": (24.75, 67.92, 50), "Umerkot": (25.36, 69.74, 60),
    "Mithi": (24.73, 69.80, 30), "Badin": (24.66, 68.84, 110), "Attock": (33.77, 72.36, 90),
    "Loralai": (30.37, 68.60, 60), "Kalat": (29.03, 66.59, 40), "Panjgur": (26.97, 64.09, 50),
    "Hunza": (36.32, 74.65, 15), "Rawalakot": (33.86, 73.76, 60), "Bhakkar": (31.63, 71.06, 110),
}
# Points that roads pass and that are no cities here.
WAYPOINTS = {
    "Torkham": (34.12, 71.09), "Bela": (26.23, 66.31), "Ormara": (25.21, 64.64), "Pasni": (25.26, 63.47),
    "Nushki": (29.55, 66.02), "Dalbandin": (28.89, 64.41), "Taftan": (28.98, 61.57), "Qila Saifullah": (30.70, 68.36),
    "Besham": (34.93, 72.87), "Chilas": (35.42, 74.10), "Sost": (36.69, 74.82), "Khunjerab": (36.85, 75.43),
    "Dasu": (35.29, 73.29), "Kalam": (35.49, 72.58), "Dir": (35.20, 71.88), "Hoshab": (26.02, 63.92),
    "Rohri": (27.69, 68.90), "Sehwan": (26.42, 67.86), "Rajanpur": (29.10, 70.33), "Kashmore": (28.44, 69.58),
    "Naran": (34.91, 73.65), "Astore": (35.37, 74.86), "Kharan": (28.58, 65.42), "Sanghar": (26.05, 68.95),
}
# Roads, and whether fibre lies along them.
ROADS = [
    ("N-5", True, "Karachi,Thatta,Hyderabad,Nawabshah,Rohri,Sadiqabad,Rahim Yar Khan,Khanpur,Bahawalpur,Multan,"
     "Khanewal,Sahiwal,Okara,Lahore,Muridke,Gujranwala,Gujrat,Jhelum,Rawalpindi,Wah,Attock,Nowshera,Peshawar,Torkham"),
    ("N-55", True, "Hyderabad,Sehwan,Dadu,Larkana,Shikarpur,Kashmore,Rajanpur,Dera Ghazi Khan,Dera Ismail Khan,"
     "Bannu,Kohat,Peshawar"),
    ("N-25", True, "Karachi,Bela,Khuzdar,Kalat,Quetta,Chaman"),
    ("N-65", True, "Rohri,Sukkur,Shikarpur,Jacobabad,Sibi,Quetta"),
    ("N-35", True, "Wah,Haripur,Abbottabad,Mansehra,Besham,Dasu,Chilas,Gilgit,Hunza,Sost,Khunjerab"),
    ("M-4", True, "Multan,Gojra,Faisalabad,Sheikhupura,Lahore"),
    ("N-60", True, "Faisalabad,Chiniot,Sargodha,Mianwali"),
    ("N-10", True, "Karachi,Ormara,Pasni,Gwadar"),
    ("N-50", False, "Quetta,Qila Saifullah,Zhob,Dera Ismail Khan"),
    ("N-40", False, "Quetta,Nushki,Dalbandin,Taftan"),
    ("M-8", False, "Gwadar,Turbat,Hoshab,Panjgur,Khuzdar"),
    ("N-70", False, "Qila Saifullah,Loralai,Dera Ghazi Khan,Multan"),
    ("N-95", False, "Nowshera,Mardan,Mingora,Kalam"),
    ("N-45", False, "Mardan,Dir,Chitral"),
    ("S-1", False, "Gilgit,Astore,Skardu"),
    ("N-15", False, "Mansehra,Naran,Chilas"),
    ("N-75", False, "Islamabad,Muzaffarabad,Rawalakot,Mirpur,Jhelum"),
    ("R-1", False, "Hyderabad,Mirpur Khas,Umerkot,Mithi,Badin,Hyderabad"),
    ("R-2", False, "Multan,Burewala,Bahawalnagar,Bahawalpur"),
    ("R-3", False, "Sargodha,Jhang,Muzaffargarh,Dera Ghazi Khan"),
    ("R-4", False, "Mianwali,Bhakkar,Muzaffargarh,Rajanpur"),
    ("R-5", False, "Rawalpindi,Chakwal,Mianwali,Bannu"),
    ("R-6", False, "Sialkot,Gujranwala,Hafizabad,Mandi Bahauddin,Jhelum"),
    ("R-7", False, "Nawabshah,Sanghar,Mirpur Khas"),
    ("R-8", False, "Nushki,Kharan,Panjgur"),
]
# Where villages stand: four corners each, how many of a hundred masts of the country, ground.
VILLAGES = [
    ("Punjab", [(32.9, 74.0), (31.0, 74.4), (29.2, 71.4), (31.6, 71.1)], 17.0, "plain"),
    ("South Punjab", [(30.6, 72.9), (29.6, 73.2), (27.9, 69.7), (29.6, 70.4)], 6.0, "plain"),
    ("Potohar", [(33.9, 73.3), (32.8, 73.6), (32.6, 72.0), (33.7, 71.9)], 3.0, "hill"),
    ("Sindh", [(28.1, 69.2), (25.0, 69.3), (24.6, 67.9), (27.8, 67.8)], 6.5, "plain"),
    ("Peshawar valley", [(34.4, 72.6), (33.9, 72.4), (33.8, 71.4), (34.4, 71.5)], 3.0, "plain"),
    ("Hazara and Kashmir", [(34.8, 73.9), (33.2, 74.0), (33.5, 73.3), (34.6, 72.9)], 2.2, "mountain"),
    ("Swat and Dir", [(35.2, 72.7), (34.5, 72.6), (34.5, 71.7), (35.3, 71.9)], 1.6, "mountain"),
    ("Gilgit", [(36.4, 75.6), (35.2, 75.8), (35.4, 73.4), (36.3, 73.2)], 0.6, "mountain"),
    ("Thar", [(25.6, 70.9), (24.5, 70.8), (24.6, 69.2), (25.6, 69.4)], 0.7, "desert"),
    ("Balochistan", [(30.9, 68.9), (27.5, 67.0), (26.2, 63.2), (29.3, 65.0)], 2.0, "hill"),
]
CITY_PERCENT, ROAD_PERCENT = 46.0, 11.4
OPERATORS = ["A", "B", "C", "D"]
KM = 111.19


def away(a, b):
    """Kilometres between two places, well enough at these latitudes."""
    x = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return KM * math.hypot(a[0] - b[0], x)


def moved(place, km, angle):
    return (place[0] + km * math.sin(angle) / KM,
            place[1] + km * math.cos(angle) / KM / math.cos(math.radians(place[0])))


def position(name):
    return (CITIES.get(name) or WAYPOINTS[name])[:2]


def bends(rng, a, b):
    """A road between two places: points some 12 km apart, off the straight line as valleys are."""
    steps = max(2, int(away(a, b) / 12))
    sway = away(a, b) * 0.05
    phases = [(rng.uniform(0, 2 * math.pi), rng.uniform(-1, 1) / (k + 1)) for k in range(4)]
    across = math.atan2(b[0] - a[0], b[1] - a[1]) + math.pi / 2
    points = []
    for i in range(steps + 1):
        t = i / steps
        off = sum(w * math.sin(phase + (k + 1) * math.pi * 2 * t) for k, (phase, w) in enumerate(phases))
        middle = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
        points.append(moved(middle, sway * off * math.sin(math.pi * t), across))
    return points


def make_roads(rng):
    roads = []
    for name, fibre, text in ROADS:
        names = text.split(",")
        points = [position(names[0])]
        for a, b in zip(names, names[1:]):
            points += bends(rng, position(a), position(b))[1:]
        roads.append((name, fibre, points))
    return roads


def ground_at(place):
    """Ground away from cities, by region."""
    lat, lon = place
    if lat > 34.45 or (lat > 33.9 and lon > 73.15):
        return "mountain"
    if lon < 67.3 and lat > 25.6 or (lat > 29.8 and lon < 70.2):
        return "hill"
    if 32.6 < lat <= 33.9 and lon < 73.5:
        return "hill"
    if (lon > 69.6 and lat < 27.5) or (lat < 29.4 and lon > 71.6):
        return "desert"
    return "plain"


def inside(rng, corners):
    """A place in a four-cornered field."""
    u, v = rng.random(), rng.random()
    a, b, c, d = corners
    north = [a[i] + (d[i] - a[i]) * u for i in (0, 1)]
    south = [b[i] + (c[i] - b[i]) * u for i in (0, 1)]
    return (north[0] + (south[0] - north[0]) * v, north[1] + (south[1] - north[1]) * v)


def city_masts(rng, count):
    """Masts around cities: by population, an exponential fall-off from the centre."""
    total = sum(p ** 0.92 for _, _, p in CITIES.values())
    for name, (lat, lon, people) in CITIES.items():
        scale = 0.9 + 0.075 * math.sqrt(people)  # km: Karachi 11, a town of 50 000 1.4
        for _ in range(round(count * people ** 0.92 / total)):
            km = rng.gammavariate(2, scale)
            # Karachi's south and Gwadar's are sea.
            low, high = (-0.3, math.pi + 0.5) if name in ("Karachi", "Gwadar") else (0, 2 * math.pi)
            place = moved((lat, lon), km, rng.uniform(low, high))
            ground = "urban" if km < 3.2 * scale else ground_at(place)
            yield place, ground, name, people * math.exp(-km / (2.5 * scale))


def road_masts(rng, roads, count):
    """Masts every few kilometres along roads."""
    length = sum(away(a, b) for _, _, points in roads for a, b in zip(points, points[1:]))
    for name, _, points in roads:
        for a, b in zip(points, points[1:]):
            share = count * away(a, b) / length
            for _ in range(int(share + rng.random())):
                t = rng.random()
                place = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
                place = moved(place, abs(rng.gauss(0, 1.2)), rng.uniform(0, 2 * math.pi))
                yield place, ground_at(place), name, rng.uniform(1, 8)


def village_masts(rng, count):
    """Villages in their fields; one to some masts in each."""
    total = sum(v[2] for v in VILLAGES)
    for name, corners, part, ground in VILLAGES:
        left, known = round(count * part / total), []
        while left > 0:
            people = min(60, rng.lognormvariate(1.6, 0.8))
            # The edges of a field are no edges of the country; villages stand near older ones.
            centre = moved(inside(rng, corners), abs(rng.gauss(0, 16)), rng.uniform(0, 2 * math.pi))
            if known and rng.random() < 0.45:
                centre = moved(rng.choice(known), rng.expovariate(1 / 6), rng.uniform(0, 2 * math.pi))
            known.append(centre)
            for _ in range(min(left, 1 + int(people / 9))):
                left -= 1
                place = moved(centre, rng.expovariate(1 / 0.9), rng.uniform(0, 2 * math.pi))
                yield place, ground, name + " village", people


def tenants(rng, ground):
    odds = (45, 30, 17, 8) if ground == "urban" else (62, 26, 9, 3)
    return rng.sample(OPERATORS, rng.choices((1, 2, 3, 4), odds)[0])


def make_towers(rng, roads, wanted):
    masts_wanted = wanted / 1.62
    masts = list(city_masts(rng, masts_wanted * CITY_PERCENT / 100))
    masts += road_masts(rng, roads, masts_wanted * ROAD_PERCENT / 100)
    masts += village_masts(rng, masts_wanted * (100 - CITY_PERCENT - ROAD_PERCENT) / 100)
    rng.shuffle(masts)
    towers, mast = [], 0
    while len(towers) < wanted:
        if mast < len(masts):
            place, ground, near, people = masts[mast]
        else:  # a few more, beside others
            place, ground, near, people = rng.choice(masts)
            place = moved(place, 0.3 + rng.random(), rng.uniform(0, 2 * math.pi))
        mast += 1
        town = near.endswith("village") and people > 14 and rng.random() < 0.25
        for operator in [""] if town else tenants(rng, ground):
            if len(towers) == wanted:
                break
            # Operators measure the same mast a few metres apart.
            at = moved(place, rng.uniform(0, 0.012), rng.uniform(0, 2 * math.pi))
            level = {"urban": 5.3, "plain": 4.2, "hill": 3.9, "mountain": 3.6, "desert": 3.5}[ground]
            towers.append({"lat": at[0], "lon": at[1], "terrain": ground, "near": near, "mast": mast,
                           "operator": operator, "kind": "town" if town else "tower",
                           "traffic": round(min(2000, rng.lognormvariate(level, 0.6)), 1),
                           "weight": round(max(0.3, people / (1 if town else 20)), 1)})
    return towers


class Cells:
    """Points of a road by cells of a quarter of a degree, to be found by nearness."""

    def __init__(self, points):
        self.cells = {}
        for p in points:
            self.cells.setdefault((int(p[0] * 4), int(p[1] * 4)), []).append(p)

    def nearest_km(self, place):
        i, k = int(place[0] * 4), int(place[1] * 4)
        near = [away(place, p) for a in (-1, 0, 1) for b in (-1, 0, 1) for p in self.cells.get((i + a, k + b), ())]
        return min(near, default=60)


def light(rng, towers, roads, percent):
    """Says who is on fibre: those nearest to it and to the middle of large cities, exactly so many."""
    dense = []
    for _, fibre, points in roads:
        for a, b in zip(points, points[1:]) if fibre else ():
            dense += [(a[0] + (b[0] - a[0]) * i / 8, a[1] + (b[1] - a[1]) * i / 8) for i in range(8)]
    cells = Cells(dense)
    large = [c for c in CITIES.values() if c[2] > 400]
    masts = {}
    for t in towers:
        masts.setdefault(t["mast"], []).append(t)
    scores = []
    for number, group in masts.items():
        place = (group[0]["lat"], group[0]["lon"])
        centre = max(math.sqrt(c[2]) * math.exp(-away(place, c) / 9) for c in large)
        score = centre / 40 + 1.5 / (1 + cells.nearest_km(place)) + rng.gauss(0, 0.55)
        scores.append((-score, number))
    left = round(len(towers) * percent / 100)
    for _, number in sorted(scores):
        for t in masts[number]:
            if t["operator"] and left and rng.random() < 0.8:
                t["fibre"] = True
                left -= 1


def write_towers(path, towers):
    with open(path, "w", newline="") as out:
        out.write("id,name,kind,operator,lat,lon,traffic_mbps,weight,on_fibre,terrain,confidence\r\n")
        for i, t in enumerate(towers):
            out.write(f"T{i + 1:05d},{t['near']},{t['kind']},{t['operator']},{t['lat']:.5f},{t['lon']:.5f},"
                      f"{t['traffic']},{t['weight']},{'yes' if t.get('fibre') else 'no'},{t['terrain']},"
                      f"estimated\r\n")


def write_fibre(path, roads):
    features = [{"type": "Feature", "properties": {"name": "along " + name},
                 "geometry": {"type": "LineString",
                              "coordinates": [[round(p[1], 5), round(p[0], 5)] for p in points]}}
                for name, fibre, points in roads if fibre]
    with open(path, "w") as out:
        json.dump({"type": "FeatureCollection", "features": features}, out, separators=(",", ":"))
        out.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--towers", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fibre-percent", type=float, default=16)
    parser.add_argument("directory")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    roads = make_roads(rng)
    towers = make_towers(rng, roads, args.towers)
    light(rng, towers, roads, args.fibre_percent)
    os.makedirs(args.directory, exist_ok=True)
    write_towers(os.path.join(args.directory, "towers.csv"), towers)
    write_fibre(os.path.join(args.directory, "fibre.geojson"), roads)


main()
