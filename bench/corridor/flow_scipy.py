#!/usr/bin/python3
# The instances of flow.c (written by it into a folder) by the linear program that planners write down: a commodity for each start,
# its flow on each arc, HiGHS (python3-scipy) and, if it is installed, CBC (coinor-cbc). Prints optimum and time of the solver alone,
# of the processor.
# usage: flow_scipy.py FILE ...
import os, re, subprocess, sys, tempfile, time
from collections import defaultdict
try:
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix
except ImportError:
    sys.exit("python3-scipy is not installed")

UNIT = 1e11


def read(name):
    arcs, asked = [], defaultdict(lambda: defaultdict(float))
    for line in open(name, encoding="ascii"):
        kind, a, b, bps = line.split()
        a, b, bps = int(a), int(b), float(bps) / UNIT
        if kind == "segment":
            arcs += [(a, b, bps), (b, a, bps)]
        else:
            asked[a][b] += bps
    return arcs, asked


def program(arcs, asked):
    """min U: what leaves a site less what enters it is what starts there; loads are at most capacity times U."""
    sites = 1 + max(max(a, b) for a, b, _ in arcs)
    starts, count = sorted(asked), len(arcs)
    rows, cols, values, right = [], [], [], np.zeros(len(starts) * sites)
    for k, start in enumerate(starts):
        for i, (a, b, _) in enumerate(arcs):
            rows += [k * sites + a, k * sites + b]
            cols += [1 + k * count + i] * 2
            values += [1, -1]
        for end, bps in asked[start].items():
            right[k * sites + start] += bps
            right[k * sites + end] -= bps
    width = 1 + len(starts) * count
    equal = coo_matrix((values, (rows, cols)), (len(right), width)).tocsr()
    rows = [i for i in range(count) for _ in range(len(starts) + 1)]
    cols = [c for i in range(count) for c in [0] + [1 + k * count + i for k in range(len(starts))]]
    values = [v for i in range(count) for v in [-arcs[i][2]] + [1] * len(starts)]
    above = coo_matrix((values, (rows, cols)), (count, width)).tocsr()
    cost = np.zeros(width)
    cost[0] = 1
    return cost, above, equal, right


def cbc(cost, above, equal, right, folder):
    """The same through an MPS file; CBC tells what its own work took."""
    name = os.path.join(folder, "flow.mps")
    both = [(f"L{i}", "L", 0.0) for i in range(above.shape[0])] + [(f"E{i}", "E", right[i]) for i in range(equal.shape[0])]
    above, equal = above.tocsc(), equal.tocsc()
    with open(name, "w", encoding="ascii") as f:
        f.write("NAME flow\nROWS\n N C\n" + "".join(f" {kind} {row}\n" for row, kind, _ in both) + "COLUMNS\n")
        for c in range(len(cost)):
            if cost[c]:
                f.write(f" X{c} C {cost[c]:.17g}\n")
            for matrix, letter in ((above, "L"), (equal, "E")):
                for p in range(matrix.indptr[c], matrix.indptr[c + 1]):
                    f.write(f" X{c} {letter}{matrix.indices[p]} {matrix.data[p]:.17g}\n")
        f.write("RHS\n" + "".join(f" R {row} {value:.17g}\n" for row, _, value in both if value) + "ENDATA\n")
    told = subprocess.run(["cbc", name, "-solve"], capture_output=True, text=True, check=False).stdout
    value = re.search(r"objective value:?\s+([0-9.e+-]+)|Optimal objective ([0-9.e+-]+)", told)
    took = re.search(r"Total time \(CPU seconds\):\s+([0-9.]+)", told)
    return (float(value.group(1) or value.group(2)) if value else float("nan"), float(took.group(1)) if took else float("nan"))


for name in sys.argv[1:]:
    built = program(*read(name))
    start = time.process_time()
    found = linprog(built[0], A_ub=built[1], b_ub=np.zeros(built[1].shape[0]), A_eq=built[2], b_eq=built[3], method="highs")
    print(f"{os.path.basename(name):<24} HiGHS {found.fun:.9f} {1e3 * (time.process_time() - start):10.1f} ms", end="", flush=True)
    if subprocess.run(["sh", "-c", "command -v cbc"], capture_output=True, check=False).returncode == 0:
        with tempfile.TemporaryDirectory() as folder:
            value, took = cbc(*built, folder)
        print(f"   CBC {value:.9f} {1e3 * took:10.1f} ms", end="")
    print()
