#!/bin/bash
# The route server beside its peers and beside the floor (a program that only copies bytes), under the same load in the
# same run; then, by itself, in situations that peers were not made to show here. A table each.
#   bench/exchange/run.sh ["a b c e"] ["null bird2 sarai"]
# Scenarios are told in run_peers.sh; d takes BIRD two minutes. Needs root, for network namespaces.
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "the benchmark of the exchange needs root"; exit 0; fi
make -s build/bench/exchange/rsload build/bench/exchange/nullrs build/bench/exchange/exchange_alone \
	build/bench/exchange/registry_make || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo "load of the machine before: $(cut -d' ' -f1-3 /proc/loadavg)"
SARAI_CMD=$PWD/build/bench/exchange/exchange_alone SARAI_CONF=$PWD/bench/exchange/hub_conf.sh \
	bench/exchange/run_peers.sh -o "$out" -s "${1:-a b c e}" -p "${2:-null bird2 sarai}" >&2
bench/exchange/table.py "$out"
for what in growth reload lose members look; do
	echo
	bench/exchange/$what.sh
done
