#!/usr/bin/python3
# The searches of sweep.c with networkx (python3-networkx), on the same files: every open segment cut in turn and looked at
# from every hub, all pairs, eight shortest ways, a pair of ways that share no segment. Prints the best of several rounds,
# in time of the processor.
import csv, sys, time
from itertools import islice
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


def silkroad():
    hubs = [r["id"] for r in rows("examples/silkroad/sites.csv") if r["kind"] == "hub"]
    graph = nx.MultiGraph()
    graph.add_nodes_from(r["id"] for r in rows("examples/silkroad/sites.csv"))
    for r in rows("examples/silkroad/segments.csv"):
        if r["status"].startswith(OPEN):
            graph.add_edge(r["a"], r["b"], key=r["id"], km=float(r["length_km"]))
    total = 0.0

    def sweep():
        nonlocal total
        count, total = 0, 0.0
        for a, b, key, km in list(graph.edges(keys=True, data="km")):
            graph.remove_edge(a, b, key)
            for hub in hubs:
                total += sum(nx.single_source_dijkstra_path_length(graph, hub, weight="km").values())
                count += 1
            graph.add_edge(a, b, key=key, km=km)
        return count

    print(f"networkx {nx.__version__}: {graph.number_of_nodes()} sites, {graph.number_of_edges()} open segments")
    best("  every single cut, a new search each", 2, sweep)
    print(f"  all distances together: {total:.0f} km")


def gabriel():
    graph = nx.Graph()
    for r in rows("tests/corridor/data/gabriel_500_0.csv"):
        graph.add_edge(int(r["a"]), int(r["b"]), km=float(r["km"]))
    directed = nx.DiGraph()
    for a, b, km in graph.edges(data="km"):
        directed.add_edge(a, b, weight=round(km * 1000), capacity=1)
        directed.add_edge(b, a, weight=round(km * 1000), capacity=1)
    last = graph.number_of_nodes() - 1

    def pair():
        directed.add_node(0, demand=-2)
        directed.add_node(last, demand=2)
        nx.min_cost_flow(directed)
        return 1

    print(f"Gabriel graph: {last + 1} sites, {graph.number_of_edges()} segments")
    best("  all pairs, a search from every site", 2,
         lambda: sum(1 for _ in nx.all_pairs_dijkstra_path_length(graph, weight="km")))
    best("  eight shortest ways, first to last site", 3,
         lambda: len(list(islice(nx.shortest_simple_paths(graph, 0, last, weight="km"), 8))))
    best("  two ways that share no segment", 3, pair)


silkroad()
gabriel()
