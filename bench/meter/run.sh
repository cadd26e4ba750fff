#!/bin/bash
# The meter beside other collectors, one after the other, on flowgen's load.
#
#   bench/meter/run.sh [cost|lossless|growth ...]        all three by default
#   RATE=1000000 SECONDS_EACH=5 bench/meter/run.sh cost
#
# cost      CPU a record, datagrams dropped, memory; and whether what was counted is what flowgen sent, pair by pair.
# lossless  the highest rate of which nothing was dropped in 2 s (a longer load may need a larger buffer).
# growth    the meter alone: members, exporters and pairs grow, the cost of a record should not.
#
# Each collector and all its processes have one core (the last), flowgen another (the first). CPU is what the kernel has booked on
# the collector's processes (of Sarai the meter's), user and system, over the whole run, for each record that reached them; dropped is what
# the socket dropped (/proc/net/udp), in records. All get the same octets at the same rate and sampling, and a socket buffer of 32 MiB: as root
# the kernel's bound for it is lifted for the run. What they do differs: the meter attributes (MACs, networks, countries) and adds up;
# sfacctd/nfacctd add up by MAC and AS as the datagram tells them, for which sFlow needs the extended gateway (-g), and have 256 MiB to their
# plugin; sfcapd and nfcapd store flows on disk. The memory plugin of pmacct shows its last buffer (some 700 records) only when the next is
# full, and loses buffers that come too fast; nfcapd does not scale by the options of IPFIX and v9.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
rate=${RATE:-1000000} seconds=${SECONDS_EACH:-5} members=200
parts=${*:-cost lossless growth}
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
last=$(($(nproc) - 1))
bound=/proc/sys/net/core/rmem_max
bound_before=$(cat $bound)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; [ -w $bound ] && echo "$bound_before" >$bound; rm -rf "$work"' EXIT
if [ "$bound_before" -lt 33554432 ] && [ -w $bound ]; then echo 33554432 >$bound; fi
make -s all build/bench/meter/meter_bench build/bench/meter/routes_bench || exit 1
cc -std=c17 -D_GNU_SOURCE -O2 -o "$work/flowgen" bench/meter/flowgen.c || exit 1
mkdir -p "$work/flows" "$work/data/run"

descendants() { echo "$1"; for c in $(pgrep -P "$1"); do descendants "$c"; done; }
ticks() { local t=0 p; for p in $(descendants "$1"); do t=$((t + $(awk '{print $14 + $15}' "/proc/$p/stat" 2>/dev/null || echo 0))); done; echo $t; }
# Until a collector has worked off what it took in.
settle() { local t before=; for _ in $(seq 40); do t=$(ticks "$1"); [ "$before" ] && [ $((t - before)) -lt 5 ] && return; before=$t; sleep 0.5; done; }
resident() { local r=0 p; for p in $(descendants "$1"); do r=$((r + $(awk '/VmRSS/{print $2}' "/proc/$p/status" 2>/dev/null || echo 0))); done; echo $((r / 1024)); }
drops() { awk -v p="$(printf ':%04X' "$1")" '$2 ~ p"$" {d += $NF} END {print d + 0}' /proc/net/udp /proc/net/udp6; }
said() { grep -o "$1 [0-9]*" "$work/said" | head -1 | cut -d' ' -f2; }
send() { taskset -c 0 "$work/flowgen" -m $members -M "$work/sent.csv" "$@" >"$work/said"; }

# Of each collector: how it starts and where it listens, how it is asked, how the answer is judged.
sarai_start() { # picture and processes; sets pid to the meter's
	meter_hub $members "$work/data" $port "{id: sw1, address: 127.0.0.1}" >"$work/hub.yaml"
	taskset -c "$last" build/sarai run "$work/hub.yaml" 2>"$work/log" &
	parent=$!
	for _ in $(seq 100); do pid=$(pgrep -P $parent -f 'room meter') && ask "$work/data" show exporters >/dev/null 2>&1 && return; sleep 0.1; done
	cat "$work/log"
	exit 1
}
sarai_before() { away_from_boundary $((seconds + 10)); ask "$work/data" show matrix >"$work/before"; }
sarai_judge() { ask "$work/data" show matrix >"$work/after"; python3 bench/meter/judge.py sarai "$work/sent.csv" "$work/before" "$work/after"; }
pmacct_start() { # DAEMON
	cat >"$work/$1.conf" <<END_CONF
daemonize: false
plugins: memory
aggregate: src_mac, dst_mac, src_as, dst_as
imt_path: $work/pipe
imt_buckets: 1048583
imt_mem_pools_number: 0
plugin_pipe_size: 268435456
plugin_buffer_size: 262144
$1_port: $port
$1_ip: 127.0.0.1
$1_pipe_size: 33554432
$1_renormalize: true
END_CONF
	taskset -c "$last" "$1" -f "$work/$1.conf" >"$work/log" 2>&1 &
	parent=$! pid=$!
	sleep 1.5
}
pmacct_before() { pmacct -p "$work/pipe" -e >/dev/null 2>&1; }
pmacct_judge() { pmacct -p "$work/pipe" -s -O json >"$work/after" 2>/dev/null; python3 bench/meter/judge.py pmacct "$work/sent.csv" "$work/after"; }
nfdump_start() { # DAEMON
	rm -rf "$work/flows"; mkdir "$work/flows"
	taskset -c "$last" "$1" -p $port -b 127.0.0.1 -l "$work/flows" -w "$work/flows" -B 33554432 >"$work/log" 2>&1 &
	parent=$! pid=$!
	sleep 1
}
nfdump_before() { :; }
nfdump_judge() { # stores when it ends
	end
	nfdump -R "$work/flows" -I >"$work/after" 2>/dev/null
	python3 bench/meter/judge.py nfdump "$work/sent.csv" "$work/after"
}
# sfacctd waits for its plugin, and the plugin for it: the second word is SIGKILL.
end() {
	local all
	[ "$parent" ] || return
	all=$(descendants "$parent")
	kill "$parent" 2>/dev/null
	for _ in $(seq 20); do kill -0 "$parent" 2>/dev/null || break; sleep 0.2; done
	kill -9 $all 2>/dev/null
	wait "$parent" 2>/dev/null
	parent=
}

# --- cost ---
measure() { # NAME FAMILY PORT FLOWGEN_ARGUMENTS...: one row
	local name=$1 family=$2 to=$3 before after lost records each memory
	shift 3
	"${family}_before"
	before=$(ticks "$pid") lost=$(drops "$to")
	send -p "$to" -r "$rate" -t "$seconds" "$@"
	settle "$pid"
	after=$(ticks "$pid") memory=$(resident "$pid")
	records=$(said records) each=$(said per_dgram)
	lost=$((($(drops "$to") - lost) * each))
	printf '| %-26s | %-14s | %9d | %6d | %3d.%02d %% | %4d | %s |\n' "$name" "${*:2}" "$((records / seconds))" \
		"$(((after - before) * 10000000 / (records - lost)))" $((lost * 100 / records)) $((lost * 10000 / records % 100)) \
		"$memory" "$("${family}_judge")"
}
cost() {
	echo "| collector | load | records/s | ns CPU a record | dropped | MB | against what was sent |"
	echo "|---|---|--:|--:|--:|--:|---|"
	sarai_start
	measure sarai sarai $port -k sflow
	measure sarai sarai $port -k sflow -g
	measure sarai sarai $((port + 2)) -k ipfix
	measure sarai sarai $((port + 1)) -k nf9
	measure sarai sarai $((port + 1)) -k nf5
	build/bench/meter/routes_bench -o "$work/routes" >"$work/lookups" && mv "$work/routes" "$work/data/run/routes.snapshot"
	sleep 6
	measure "sarai, full table" sarai $port -k sflow
	measure "sarai, full table" sarai $((port + 2)) -k ipfix
	end
	local row
	for row in "sfacctd pmacct -k sflow -g" "nfacctd pmacct -k ipfix" "sfcapd nfdump -k sflow" "nfcapd nfdump -k ipfix" \
		"nfcapd nfdump -k nf9" "nfcapd nfdump -k nf5"; do
		set -- $row
		command -v "$1" >/dev/null || continue
		"$2_start" "$1"
		measure "$1" "$2" $port "${@:3}"
		end
	done
	echo
	cat "$work/lookups"
}

# --- the highest lossless rate ---
climb() { # NAME PORT FLOWGEN_ARGUMENTS...
	local name=$1 to=$2 best=0 try lost sent
	shift 2
	for try in 500000 700000 1000000 1500000 2000000 2500000 3000000 4000000 5000000 6000000; do
		lost=$(drops "$to")
		send -p "$to" -r $try -t 2 "$@"
		settle "$pid"
		[ "$(drops "$to")" = "$lost" ] || break
		sent=$(said records/s)
		[ "$sent" -gt $best ] && best=$sent
		[ "$sent" -lt $((try * 95 / 100)) ] && { name="$name (the sender's limit)"; break; }
	done
	printf '| %-40s | %-14s | %5d.%02d |\n' "$name" "${*:2}" $((best / 1000000)) $((best / 10000 % 100))
}
lossless() {
	echo
	echo "| collector | load | lossless, millions of records/s |"
	echo "|---|---|--:|"
	sarai_start
	climb sarai $port -k sflow
	climb sarai $((port + 2)) -k ipfix
	end
	local row
	for row in "sfacctd pmacct -k sflow -g" "nfacctd pmacct -k ipfix" "sfcapd nfdump -k sflow" "nfcapd nfdump -k ipfix"; do
		set -- $row
		command -v "$1" >/dev/null || continue
		"$2_start" "$1"
		climb "$1" $port "${@:3}"
		end
	done
}

# --- growth ---
growth() {
	echo
	echo "| members | exporters | sFlow, ns a sample | IPFIX, ns a record |"
	echo "|--:|--:|--:|--:|"
	local m e a b
	for m in 100 1000 3000; do
		for e in 1 100 1000; do
			[ $e -gt 1 ] && [ $m -ne 1000 ] && continue
			"$work/flowgen" -k sflow -m $m -n $((e < 1000 ? 4096 : 1024)) -p 1 -W "$work/s.pcap" >/dev/null
			"$work/flowgen" -k ipfix -m $m -n $((e < 1000 ? 4096 : 1024)) -p 1 -W "$work/i.pcap" >/dev/null
			a=$(taskset -c "$last" build/bench/meter/meter_bench sflow "$work/s.pcap" $m $e)
			b=$(taskset -c "$last" build/bench/meter/meter_bench netflow "$work/i.pcap" $m $e)
			printf '| %d | %d | %s | %s |\n' $m $e "$a" "$b"
		done
	done
}
for part in $parts; do "$part"; done
