#!/bin/sh
# How large the ledger's store gets, and how fast it is: two weeks of ports alone, and two days with pairs and networks of a large
# exchange. Prints sizes and times, passes and fails nothing. A whole year of ports: store_year FILE (three minutes, 3 GB).
cd "$(dirname "$0")/../.." || exit 1
make -s build/bench/ledger/store_year >/dev/null || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build/bench/ledger/store_year "$dir/ports.sqlite" days=14
build/bench/ledger/store_year "$dir/sums.sqlite" days=2 pairs=20000 networks=60000
