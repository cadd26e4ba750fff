#!/bin/sh
# Views by place: prints memory and times, passes and fails nothing. BIRD and FRR have no such views: their route reflectors tell all
# clients the same best path, so there is nothing to be put beside; what they do, one table told to all, is in bench/exchange.
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/steer/steer >/dev/null || exit 1
build/bench/steer/steer
# What a cut costs the exchange with hundreds of customers, each with a view of its own, and how long its turns are.
make -s build/bench/steer/turns >/dev/null || exit 1
for customers in 50 350 1000; do build/bench/steer/turns $customers 4 10000 2>/dev/null || exit 1; done
build/bench/steer/turns 350 4 10000 2000 2>/dev/null || exit 1
# And the whole way in a running hub, from the command to the sockets of customers; a minute.
bench/steer/cut.py
