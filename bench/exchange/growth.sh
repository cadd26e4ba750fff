#!/bin/bash
# What a delivered prefix costs as the exchange grows: members at 100 prefixes each, and routes of two members.
#   bench/exchange/growth.sh ["100 300 1000 3000"] ["10000 100000 500000 2000000"]
# CPU of the daemon from the first UPDATE until nothing moves, divided by the prefixes that members were sent. Needs
# root, for a network namespace.
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then echo "the benchmark of the exchange needs root"; exit 0; fi
make -s build/bench/exchange/rsload build/bench/exchange/exchange_alone || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export SARAI_CMD=$PWD/build/bench/exchange/exchange_alone SARAI_CONF=$PWD/bench/exchange/hub_conf.sh
one() { # label, load
	EXTRA_LOAD=$2 RSLOAD_ARGS="--phases none" bench/exchange/run_peers.sh -o "$out" -s x -p sarai > /dev/null 2>&1
	python3 - "$1" "$out/sarai-x-1.json" <<'X'
import json, sys
r = json.load(open(sys.argv[2]))
a = r.get("announce")
if not a:
    print("| %s | failed: %s | | | |" % (sys.argv[1], r.get("failed", "?")))
else:
    cpu, n = a["daemon_cpu_s"], a["rx_nlri"]
    print("| %s | %.1f | %.2f | %.1f | %.0f |" % (sys.argv[1], n / 1e6, cpu, cpu / n * 1e9, a["daemon_peak_rss_mib"]))
X
}
echo "| load | delivered, million | CPU s | ns a delivered prefix | peak RSS MiB |"
echo "|---|--:|--:|--:|--:|"
for members in ${1:-100 300 1000 3000}; do
	one "$members members, $((members < 3000 ? 100 : 30)) prefixes each" "--members $members --prefixes $((members < 3000 ? 100 : 30)) --overlap 0.1 --deny 0.1"
done
for routes in ${2:-10000 100000 500000 2000000}; do
	one "2 members, one sends $routes" "--members 2 --senders 1 --prefixes $routes"
done
