#!/usr/bin/python3
# The instances of flow.c (written by it into a folder) by the linear programs that planners write down: a commodity for each start,
# its flow on each arc; HiGHS (python3-scipy) and, if it is installed, CBC (coinor-cbc). Prints optimum and time of the solver alone,
# of the processor. For throughput and cost demands are multiplied as flow.c does, and what is served of each is one more variable;
# the cost is of what serves as much as can be.
# With --ours, what flow.c printed, optima that differ in the sixth digit are an error.
# usage: flow_scipy.py [--by utilisation|throughput|cost] [--ours FILE] FILE ...
import os, re, subprocess, sys, tempfile, time
from collections import defaultdict
try:
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix, vstack
except ImportError:
    sys.exit("python3-scipy is not installed")

UNIT = 1e11
RULES = ("utilisation", "throughput", "cost")


def read(name):
    """Arcs (from, to, capacity, cost) and what is asked, by start and end; how the other rules multiply it."""
    arcs, asked, scale = [], defaultdict(lambda: defaultdict(float)), 1.0
    for line in open(name, encoding="ascii"):
        kind, *words = line.split()
        if kind == "scale":
            scale = float(words[0])
        elif kind == "segment":
            a, b, there, back, cost = int(words[0]), int(words[1]), *map(float, words[2:])
            arcs += [(a, b, there / UNIT, cost), (b, a, back / UNIT, cost)]
        else:
            asked[int(words[0])][int(words[1])] += float(words[2]) / UNIT
    return arcs, asked, scale


class Program:
    """Variables: the utilisation; flows of each start on each arc; and, where not all is served, what is served of each pair."""

    def __init__(self, arcs, asked, scale, rule):
        sites = 1 + max(max(a, b) for a, b, _, _ in arcs)
        starts, count = sorted(asked), len(arcs)
        served = [(k, end, bps * scale) for k, start in enumerate(starts) for end, bps in asked[start].items()]
        flows, whole = len(starts) * count, rule == "utilisation"
        width = 1 + flows + (0 if whole else len(served))
        rows, cols, values, right = [], [], [], np.zeros(len(starts) * sites)
        for k in range(len(starts)):
            for i, (a, b, _, _) in enumerate(arcs):
                rows += [k * sites + a, k * sites + b]
                cols += [1 + k * count + i] * 2
                values += [1, -1]
        for n, (k, end, bps) in enumerate(served):
            if whole:
                right[k * sites + starts[k]] += bps / scale
                right[k * sites + end] -= bps / scale
            else:
                rows += [k * sites + starts[k], k * sites + end]
                cols += [1 + flows + n] * 2
                values += [-1, 1]
        self.equal, self.right = coo_matrix((values, (rows, cols)), (len(right), width)).tocsr(), right
        rows = [i for i in range(count) for _ in range(len(starts) + 1)]
        cols = [c for i in range(count) for c in [0] + [1 + k * count + i for k in range(len(starts))]]
        values = [v for i in range(count) for v in [-arcs[i][2] if whole else 0] + [1] * len(starts)]
        self.above = coo_matrix((values, (rows, cols)), (count, width)).tocsr()
        self.most = np.zeros(count) if whole else np.array([arc[2] for arc in arcs])
        self.upper = np.full(width, np.inf)
        self.cost = np.zeros(width)
        if whole:
            self.cost[0] = 1
        else:
            self.upper[0] = 0
            self.upper[1 + flows:] = [bps for _, _, bps in served]
            self.cost[1 + flows:] = -1
        self.arc_cost = np.concatenate([[0.0], np.tile([arc[3] for arc in arcs], len(starts)), np.zeros(width - 1 - flows)])

    def by_cost(self, served):
        """From now on: the least cost, of what serves so much."""
        least = coo_matrix(self.cost.reshape(1, -1)).tocsr()
        self.above = vstack([self.above, least]).tocsr()
        self.most = np.append(self.most, -served * (1 - 1e-9))
        self.unit = max(self.arc_cost.max(), 1)
        self.cost = self.arc_cost / self.unit

    def highs(self):
        start = time.process_time()
        found = linprog(self.cost, A_ub=self.above, b_ub=self.most, A_eq=self.equal, b_eq=self.right,
                        bounds=np.stack([np.zeros(len(self.cost)), self.upper], axis=1), method="highs")
        return found.fun, 1e3 * (time.process_time() - start)

    def cbc(self, folder):
        """The same through an MPS file; CBC tells what its own work took."""
        name = os.path.join(folder, "flow.mps")
        above, equal = self.above.tocsc(), self.equal.tocsc()
        lines = ["NAME flow", "ROWS", " N C"] + [f" L L{i}" for i in range(above.shape[0])] + [f" E E{i}" for i in range(equal.shape[0])]
        lines.append("COLUMNS")
        for c, cost in enumerate(self.cost):
            lines.append(f" X{c} C {cost:.17g}")
            for matrix, letter in ((above, "L"), (equal, "E")):
                lines += [f" X{c} {letter}{matrix.indices[p]} {matrix.data[p]:.17g}" for p in range(matrix.indptr[c], matrix.indptr[c + 1])]
        lines.append("RHS")
        lines += [f" R L{i} {value:.17g}" for i, value in enumerate(self.most) if value]
        lines += [f" R E{i} {value:.17g}" for i, value in enumerate(self.right) if value]
        lines.append("BOUNDS")
        lines += [f" UP BND X{c} {value:.17g}" for c, value in enumerate(self.upper) if c and np.isfinite(value)]
        with open(name, "w", encoding="ascii") as f:
            f.write("\n".join(lines) + "\nENDATA\n")
        told = subprocess.run(["cbc", name, "-solve"], capture_output=True, text=True, check=False).stdout
        value = re.search(r"objective value:?\s+(-?[0-9.e+-]+)|Optimal objective (-?[0-9.e+-]+)", told)
        took = re.search(r"Total time \(CPU seconds\):\s+([0-9.]+)", told)
        return (float(value.group(1) or value.group(2)) if value else float("nan"), 1e3 * float(took.group(1)) if took else float("nan"))


def told(program, rule, value):
    """In the words of flow.c: Gbit/s, and for costs those of Gbit/s."""
    return value if rule == "utilisation" else -value * UNIT / 1e9 if rule == "throughput" else value * program.unit * UNIT / 1e9


def main():
    names, rules = sys.argv[1:], RULES
    if names and names[0] == "--by":
        rules, names = (names[1],), names[2:]
    ours = {}
    if names and names[0] == "--ours":
        found = (re.match(r"(\S+) .* demands\s+(\w+)\s+([0-9.]+)", line) for line in open(names[1], encoding="ascii"))
        ours, names = {m.group(1, 2): float(m.group(3)) for m in found if m}, names[2:]
    has_cbc = subprocess.run(["sh", "-c", "command -v cbc"], capture_output=True, check=False).returncode == 0
    for name in names:
        arcs, asked, scale = read(name)
        for rule in rules:
            program = Program(arcs, asked, scale, rule)
            if rule == "cost":
                program.by_cost(-program.highs()[0])
            value, took = program.highs()
            optima = [told(program, rule, value)]
            print(f"{os.path.basename(name)[:-4]:<16} {rule:<11} HiGHS {told(program, rule, value):17.6f} {took:10.1f} ms", end="", flush=True)
            if has_cbc:
                with tempfile.TemporaryDirectory() as folder:
                    value, took = program.cbc(folder)
                optima.append(told(program, rule, value))
                print(f"   CBC {told(program, rule, value):17.6f} {took:10.1f} ms", end="")
            print(flush=True)
            mine = ours.get((os.path.basename(name)[:-4], rule))
            if ours and (mine is None or any(abs(other - mine) > 1e-6 * max(abs(mine), 1) for other in optima)):
                sys.exit(f"{name}: {rule} is {mine} here and {optima} there")


main()
