#!/usr/bin/env python3
"""The same question put to scipy and networkx: peer.py TOWERS.CSV TARGET_PERCENT [milp]

Prints cost and seconds of plain ways to a forest that reaches the share; with `milp` the optimum, by
HiGHS, for a few places. Places, distances and costs are worked out as docs/reach.md says, from the
file alone. Needs python3-scipy and python3-networkx.
"""
import csv
import sys
import time

import networkx as nx
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

KM = {"": 13000, "urban": 20000, "hill": 22000, "mountain": 54000}
ROAD = {"": 1.4, "urban": 1.3, "hill": 1.55, "mountain": 1.8}
SITE, SHARED, UPGRADE, EARTH = 4500, 2000, 3500, 6371.0088


def load(path):
    rows = list(csv.DictReader(open(path, newline="")))
    lat, lon = (np.radians([float(r[k]) for r in rows]) for k in ("lat", "lon"))
    at = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    ground = [r["terrain"] for r in rows]
    km = np.array([KM.get(g, KM[""]) for g in ground])
    road = np.array([ROAD.get(g, ROAD[""]) for g in ground])
    lit = np.array([r["on_fibre"] == "yes" for r in rows])
    return at, km, road, lit


def distance(a, b):
    return 2 * EARTH * np.arcsin(np.minimum(1, np.linalg.norm(a - b, axis=-1) / 2))


class Net:
    """Places 0 to n - 1, the network n; each edge with its cost, and the cost of each site."""

    def __init__(self, path, neighbours):
        at, km, road, lit = load(path)
        dark = np.flatnonzero(~lit)
        tree, mast = cKDTree(at[dark]), 0.05 / EARTH
        place, first = np.full(len(dark), -1), []
        for i in range(len(dark)):
            if place[i] >= 0:
                continue
            for k in tree.query_ball_point(at[dark[i]], mast):
                place[k] = len(first) if place[k] < 0 else place[k]
            first.append(dark[i])
        self.n, self.all, self.on = len(first), len(at), int(lit.sum())
        self.weight = np.bincount(place, minlength=self.n)
        first = np.array(first)
        at, km, road, sources = at[first], km[first], road[first], at[lit]
        far, near = cKDTree(sources).query(at)
        root_km = distance(at, sources[near])
        beside = root_km <= 0.05
        self.root = np.where(beside, 0, root_km * road * km + UPGRADE)
        self.site = np.where(beside, SHARED, SITE) + SHARED * (self.weight - 1)
        _, found = cKDTree(at).query(at, min(neighbours + 1, self.n))
        pairs = {(min(i, k), max(i, k)) for i, row in enumerate(found) for k in row if i != k}
        self.a, self.b = np.array(sorted(pairs)).T
        self.cost = distance(at[self.a], at[self.b]) * (road[self.a] + road[self.b]) / 2 * (km[self.a] + km[self.b]) / 2

    def want(self, percent):
        return -(-self.all * percent // 100) - self.on


def by_shortest_tree(net, want):
    """scipy: the shortest tree over all, cut down at the price of a place for which enough is left."""
    n = net.n
    a = np.concatenate([net.a, np.full(n, n)])
    b = np.concatenate([net.b, np.arange(n)])
    cost = np.concatenate([net.cost, net.root])
    # An edge of 0 would be none in a sparse matrix.
    tree = minimum_spanning_tree(coo_matrix((cost + 1, (a, b)), shape=(n + 1, n + 1)).tocsr()).tocoo()
    next_to = [[] for _ in range(n + 1)]
    for i, k, c in zip(tree.row.tolist(), tree.col.tolist(), (tree.data - 1).tolist()):
        next_to[i].append((k, c))
        next_to[k].append((i, c))
    site, step, parent, order = net.site.tolist(), [0.0] * n, [-1] * (n + 1), [n]
    for v in order:
        for k, c in next_to[v]:
            if k != parent[v]:
                parent[k], step[k] = v, c + site[k]
                order.append(k)
    weights = net.weight.tolist()

    def cut_at(price):
        gain = [price * w - c for w, c in zip(weights, step)] + [0.0]
        for v in reversed(order[1:]):
            if gain[v] > 0:
                gain[parent[v]] += gain[v]
        kept, weight, total = [False] * n + [True], 0, 0.0
        for v in order[1:]:
            kept[v] = kept[parent[v]] and gain[v] > 0
            if kept[v]:
                weight += weights[v]
                total += step[v]
        return weight, total

    low, high = 0.0, sum(step)
    for _ in range(40):
        middle = (low + high) / 2
        if cut_at(middle)[0] >= want:
            high = middle
        else:
            low = middle
    return cut_at(high)[1]


def by_steiner(net, want):
    """networkx: a Steiner tree (Kou, Markowsky, Berman) over the places that are cheapest to reach one by one."""
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(net.a.tolist(), net.b.tolist(), net.cost.tolist()))
    graph.add_weighted_edges_from((net.n, i, c) for i, c in enumerate(net.root.tolist()))
    chosen, weight = [net.n], 0
    for v in np.argsort((net.root + net.site) / net.weight):
        if weight >= want:
            break
        chosen.append(int(v))
        weight += net.weight[v]
    tree = nx.algorithms.approximation.steiner_tree(graph, chosen)
    return tree.size(weight="weight") + sum(net.site[v] for v in tree if v != net.n)


def by_milp(net, want):
    """HiGHS: the optimum, as a flow from the network of one unit for each place that is connected."""
    n, arcs = net.n, []
    for a, b, c in zip(net.a, net.b, net.cost):
        arcs += [(a, b, c + net.site[b]), (b, a, c + net.site[a])]
    arcs += [(n, v, net.root[v] + net.site[v]) for v in range(n)]
    m = len(arcs)
    rows, cols, data, low, high = [], [], [], [], []

    def add(terms, least, most):
        for column, value in terms:
            rows.append(len(low))
            cols.append(column)
            data.append(value)
        low.append(least)
        high.append(most)

    into = [[k for k, arc in enumerate(arcs) if arc[1] == v] for v in range(n)]
    out = [[k for k, arc in enumerate(arcs) if arc[0] == v] for v in range(n)]
    for v in range(n):  # a place that is connected is entered once, and keeps a unit
        add([(k, 1) for k in into[v]], 0, 1)
        add([(m + k, 1) for k in into[v]] + [(m + k, -1) for k in out[v]] + [(k, -1) for k in into[v]], 0, 0)
    for k, (a, b, _) in enumerate(arcs):
        add([(m + k, 1), (k, -n)], -np.inf, 0)
        if a != n:  # nothing leaves a place that is not entered
            add([(k, 1)] + [(i, -1) for i in into[a]], -np.inf, 0)
    add([(k, int(net.weight[arc[1]])) for k, arc in enumerate(arcs)], want, np.inf)
    matrix = coo_matrix((data, (rows, cols)), shape=(len(low), 2 * m))
    cost = np.array([arc[2] for arc in arcs] + [0] * m)
    answer = milp(cost, constraints=LinearConstraint(matrix, low, high), integrality=[1] * m + [0] * m,
                  bounds=Bounds(0, [1] * m + [n] * m), options={"time_limit": 120})
    return answer.fun if answer.status == 0 else float("nan")


def main():
    path, percent = sys.argv[1], int(sys.argv[2])
    few = len(sys.argv) > 3
    start = time.process_time()
    net = Net(path, 10000 if few else 8)
    print(f"  {net.n} places, {len(net.a)} stretches read in {time.process_time() - start:.2f} s")
    ways = [("scipy, shortest tree cut down", by_shortest_tree)]
    if net.n < 1000:
        ways.append(("networkx, Steiner tree", by_steiner))
    if few:
        ways.append(("scipy's HiGHS, the optimum", by_milp))
    for name, way in ways:
        start = time.process_time()
        cost = way(net, net.want(percent))
        print(f"  {name:38} {cost:15,.0f} USD  {time.process_time() - start:8.2f} s")


main()
