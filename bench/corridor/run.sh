#!/bin/sh
# The corridor's searches: prints times, passes and fails nothing.
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/corridor/sweep >/dev/null && exec build/bench/corridor/sweep
