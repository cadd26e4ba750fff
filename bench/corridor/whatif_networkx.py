#!/usr/bin/python3
# The what-ifs of whatif.c with networkx (python3-networkx), on the same files: all distances from three sites under every pair
# of groups of shared risk; draws of Karachi to Frankfurt connected, segments failing by themselves. Prints the time of one
# round, of the processor.
import csv, itertools, random, sys, time
try:
    import networkx as nx
except ImportError:
    sys.exit("python3-networkx is not installed")

OPEN = ("in service", "landed", "said", "under")


def rows(name):
    with open(name, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def best(what, rounds, work):
    least, count = float("inf"), 0
    for _ in range(rounds):
        start = time.process_time()
        count = work()
        least = min(least, time.process_time() - start)
    print(f"{what:<48} {count:6d}  {least * 1e3:9.3f} ms  {least * 1e6 / count:8.3f} us each")


graph = nx.MultiGraph()
graph.add_nodes_from(r["id"] for r in rows("examples/silkroad/sites.csv"))
groups = {}
for r in rows("examples/silkroad/segments.csv"):
    names = r["srlg"].replace(";", " ").split()
    for name in names:
        groups.setdefault(name, [])
    if r["status"].startswith(OPEN):
        graph.add_edge(r["a"], r["b"], key=r["id"], km=float(r["length_km"]))
        for name in names:
            groups[name].append((r["a"], r["b"], r["id"]))
total = 0.0


def pairs():
    global total
    count, total = 0, 0.0
    for x, y in itertools.combinations(groups, 2):
        cut = [(e, graph.edges[e]["km"]) for e in set(groups[x] + groups[y])]
        graph.remove_edges_from(e for e, _ in cut)
        for source in ("KHI", "FRA", "ALA"):
            total += sum(nx.single_source_dijkstra_path_length(graph, source, weight="km").values())
        for (a, b, key), km in cut:
            graph.add_edge(a, b, key=key, km=km)
        count += 1
    return count


def draws():
    chance, edges, connected = random.Random(1), list(graph.edges(keys=True)), 0
    for _ in range(20000):
        down = [e for e in edges if chance.random() < 0.005]
        graph.remove_edges_from(down)
        connected += nx.has_path(graph, "KHI", "FRA")
        for a, b, key in down:
            graph.add_edge(a, b, key=key, km=1.0)
    return 20000


print(f"networkx {nx.__version__}: what if")
best("  distances from 3 sites, pairs of risks", 1, pairs)
print(f"  all distances together: {total:.0f} km")
best("  Karachi-Frankfurt connected, draws", 1, draws)
