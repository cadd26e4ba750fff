#!/bin/sh
# The corridor's searches and its optics: prints times beside networkx and numpy (python3-networkx, python3-numpy), passes and fails nothing.
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/corridor/sweep build/bench/corridor/optics >/dev/null || exit 1
build/bench/corridor/sweep
/usr/bin/python3 bench/corridor/sweep_networkx.py
build/bench/corridor/optics
/usr/bin/python3 bench/corridor/optics_numpy.py
bench/corridor/reach/run.sh
