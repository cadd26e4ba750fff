#!/bin/sh
# The corridor's searches and its optics: prints times beside networkx, numpy, HiGHS and CBC (python3-networkx, python3-numpy, python3-scipy, coinor-cbc), passes and fails nothing but optima of few-250 and, with TOPOLOGIES (below), of those that differ.
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/corridor/sweep build/bench/corridor/optics build/bench/corridor/flow build/bench/corridor/whatif build/bench/corridor/steer >/dev/null || exit 1
build/bench/corridor/sweep
/usr/bin/python3 bench/corridor/sweep_networkx.py
build/bench/corridor/whatif
/usr/bin/python3 bench/corridor/whatif_networkx.py
build/bench/corridor/steer
build/bench/corridor/optics
/usr/bin/python3 bench/corridor/optics_numpy.py
instances=$(mktemp -d) && build/bench/corridor/flow --write "$instances"
# The two largest are left out: a commodity for each of 500 starts takes its peers minutes.
/usr/bin/python3 bench/corridor/flow_scipy.py --by utilisation "$instances"/like-*.txt "$instances"/coronet.txt "$instances"/gabriel-100.txt
build/bench/corridor/flow --growth --by fair
build/bench/corridor/flow few-250 >"$instances/ours"
for by in throughput cost; do
	/usr/bin/python3 bench/corridor/flow_scipy.py --by $by --ours "$instances/ours" "$instances/few-250.txt" || exit 1
done
rm -rf "$instances"
# The collection has no licence and is not here: whoever has it names the folder, with X.graph and X.demands or X.NNNN.demands in it.
# CPU of one core; fails when the optima differ in the sixth digit.
if [ -n "$TOPOLOGIES" ]; then
	instances=$(mktemp -d)
	for demands in "$TOPOLOGIES"/*.demands; do
		graph=${demands%.demands}
		[ -f "$graph.graph" ] || graph=${graph%.*}
		build/bench/corridor/flow --write "$instances" --by utilisation "$graph.graph" "$demands"
	done | tee "$instances/ours"
	/usr/bin/python3 bench/corridor/flow_scipy.py --by utilisation --ours "$instances/ours" "$instances"/*.txt || exit 1
	rm -rf "$instances"
fi
bench/corridor/reach/run.sh
