#!/bin/bash
# The meter beside other collectors, one after the other, on flowgen's load: CPU per record and datagrams dropped.
#
#   bench/meter/run.sh [RECORDS_PER_SECOND [SECONDS]]
#
# Each collector and all its processes have one core (the last), flowgen another (the first). CPU is what the kernel has booked on
# the collector's processes, user and system, over the whole run, for each record that reached them; lost is what the socket
# dropped (/proc/net/udp), in records. What they do
# differs: the meter and sfacctd/nfacctd attribute and add up, sfcapd and nfcapd store flows on disk.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
rate=${1:-1000000} seconds=${2:-5} members=200
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
last=$(($(nproc) - 1))
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
make -s all || exit 1
cc -std=c17 -D_GNU_SOURCE -O2 -o "$work/flowgen" bench/meter/flowgen.c || exit 1
cc -std=c17 -D_GNU_SOURCE -O2 -Isrc -o "$work/routes_bench" bench/meter/routes_bench.c build/libsarai.a -lxxhash -lm || exit 1
mkdir -p "$work/flows"

descendants() { echo "$1"; for c in $(pgrep -P "$1"); do descendants "$c"; done; }
ticks() { local t=0 p; for p in $(descendants "$1"); do t=$((t + $(awk '{print $14 + $15}' "/proc/$p/stat" 2>/dev/null || echo 0))); done; echo $t; }
resident() { local r=0 p; for p in $(descendants "$1"); do r=$((r + $(awk '/VmRSS/{print $2}' "/proc/$p/status" 2>/dev/null || echo 0))); done; echo $((r / 1024)); }
drops() { awk -v p="$(printf ':%04X' "$1")" '$2 ~ p"$" {d += $NF} END {print d + 0}' /proc/net/udp /proc/net/udp6; }
# measure NAME PID PORT FLOWGEN_ARGUMENTS...
measure() {
	local name=$1 pid=$2 to=$3 before after lost records each
	shift 3
	sleep 1.5
	before=$(ticks "$pid") lost=$(drops "$to")
	taskset -c 0 "$work/flowgen" "$@" -p "$to" -m $members -r "$rate" -t "$seconds" >"$work/said"
	sleep 1.5
	after=$(ticks "$pid")
	records=$(grep -o 'records [0-9]*' "$work/said" | head -1 | cut -d' ' -f2)
	each=$(grep -o 'per_dgram [0-9]*' "$work/said" | cut -d' ' -f2)
	lost=$((($(drops "$to") - lost) * each))
	printf '| %-28s | %-8s | %9d | %6d | %5d.%d %% | %5d |\n' "$name" "${*:2:1}" "$((records / seconds))" \
		"$(((after - before) * 10000000 / (records - lost)))" $((lost * 100 / records)) $((lost * 1000 / records % 10)) \
		"$(resident "$pid")"
}
# sfacctd waits for its plugin, and the plugin for it: the second word is SIGKILL.
end() {
	local all
	all=$(descendants "$1")
	kill "$1" 2>/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 0.2; done
	kill -9 $all 2>/dev/null
	wait "$1" 2>/dev/null
}
printf '| %-28s | %-8s | %-9s | %-6s | %-8s | %-5s |\n' collector protocol records/s 'ns CPU' lost 'MB'
echo "|---|---|--:|--:|--:|--:|"

mkdir -p "$work/data/run"
meter_hub $members "$work/data" $port "{id: sw1, address: 127.0.0.1}" >"$work/hub.yaml"
taskset -c "$last" build/sarai run "$work/hub.yaml" 2>"$work/log" &
hub=$!
for _ in $(seq 100); do room=$(pgrep -P $hub -f 'room meter') && ask "$work/data" show exporters >/dev/null 2>&1 && break; sleep 0.1; done
[ "$room" ] || { cat "$work/log"; exit 1; }
measure sarai "$room" $port -k sflow
measure sarai "$room" $port -k sflow -g
measure sarai "$room" $((port + 2)) -k ipfix
measure sarai "$room" $((port + 1)) -k nf9
measure sarai "$room" $((port + 1)) -k nf5
"$work/routes_bench" -o "$work/routes" >"$work/lookups" && mv "$work/routes" "$work/data/run/routes.snapshot"
sleep 6
measure "sarai, with a full table" "$room" $port -k sflow
measure "sarai, with a full table" "$room" $((port + 2)) -k ipfix
end $hub

other() { # other NAME PORT "FLOWGEN ARGUMENTS" COMMAND...
	local name=$1 to=$2 arguments=$3
	shift 3
	command -v "$1" >/dev/null || return
	taskset -c "$last" "$@" >"$work/log" 2>&1 &
	local pid=$!
	measure "$name" $pid "$to" $arguments
	end $pid
}
for d in sfacctd nfacctd; do
	cat >"$work/$d.conf" <<END
daemonize: false
plugins: memory
aggregate: src_mac, dst_mac, src_as, dst_as
imt_path: $work/$d.pipe
imt_buckets: 65537
imt_mem_pools_number: 0
plugin_pipe_size: 67108864
plugin_buffer_size: 262144
${d}_port: $((port + 10))
${d}_ip: 127.0.0.1
${d}_pipe_size: 33554432
${d}_renormalize: true
END
done
other "sfacctd (memory)" $((port + 10)) "-k sflow -g" sfacctd -f "$work/sfacctd.conf"
other "sfcapd (stores)" $((port + 11)) "-k sflow" sfcapd -p $((port + 11)) -b 127.0.0.1 -l "$work/flows" -w "$work/flows" -B 33554432
other "nfacctd (memory)" $((port + 10)) "-k ipfix" nfacctd -f "$work/nfacctd.conf"
other "nfcapd (stores)" $((port + 12)) "-k ipfix" nfcapd -p $((port + 12)) -b 127.0.0.1 -l "$work/flows" -w "$work/flows" -B 33554432
other "nfcapd (stores)" $((port + 13)) "-k nf9" nfcapd -p $((port + 13)) -b 127.0.0.1 -l "$work/flows" -w "$work/flows" -B 33554432
other "nfcapd (stores)" $((port + 14)) "-k nf5" nfcapd -p $((port + 14)) -b 127.0.0.1 -l "$work/flows" -w "$work/flows" -B 33554432
echo
cat "$work/lookups"
