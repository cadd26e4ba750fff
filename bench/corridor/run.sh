#!/bin/sh
# The corridor's searches and its optics: prints times, passes and fails nothing.
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/corridor/sweep build/bench/corridor/optics >/dev/null || exit 1
build/bench/corridor/sweep
build/bench/corridor/optics
bench/corridor/reach/run.sh
