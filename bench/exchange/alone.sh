# Sourced by the benchmarks of one scenario: a network namespace, the exchange alone in it, and who is who.
#   alone_start        what RSLOAD or PREFIXES describe (hub_conf.sh); $PID is the process
#   alone_stop
# Addresses are 10.1.x.y; the exchange is 10.1.255.254.
RS=10.1.255.254
ROOT=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
BIN=${BIN:-$ROOT/build/bench/exchange}
export BIN
WORK=$(mktemp -d)
IN="ip netns exec rsx"

alone_clean() {
	alone_stop
	ip netns del rsx 2> /dev/null
	rm -rf "$WORK"
}
trap alone_clean EXIT

if [ "$(id -u)" != 0 ]; then echo "the benchmark of the exchange needs root"; exit 0; fi
make -s -C "$ROOT" build/bench/exchange/rsload build/bench/exchange/exchange_alone \
	build/bench/exchange/registry_make || exit 1
ip netns del rsx 2> /dev/null
ip netns add rsx
ip -n rsx link set lo up
ip -n rsx link add ix0 type veth peer name ix0p
ip -n rsx addr add $RS/16 dev ix0
ip -n rsx link set ix0 up
ip -n rsx link set ix0p up
ip -n rsx route add local 10.1.0.0/16 dev lo table local
PID=

alone_start() { # file with "number address asn prefixes" lines
	export DATA=$WORK/data
	"$ROOT/bench/exchange/hub_conf.sh" < "$1" > "$WORK/hub.yaml" || exit 1
	$IN "$BIN/exchange_alone" "$WORK/hub.yaml" > "$WORK/log" 2>&1 &
	PID=$!
	for _ in $(seq 300); do
		$IN ss -Hltn "sport = :179" | grep -q . && sleep 1 && return
		kill -0 $PID 2> /dev/null || break
		sleep 0.1
	done
	cat "$WORK/log" >&2
	exit 1
}

alone_stop() {
	[ -n "$PID" ] || return 0
	kill "$PID" 2> /dev/null
	wait "$PID" 2> /dev/null
	PID=
}

# "1 member, 2 prefixes ..." from the JSON of rsload: a row of the figures named "section.name".
alone_row() { # JSON file, label, names...
	python3 - "$@" <<-'Y'
	import json, sys
	try:
	    r = json.load(open(sys.argv[1]))
	except Exception as e:
	    r = {"failed": "no result: %s" % e}
	values = []
	for name in sys.argv[3:]:
	    section, key = name.split(".")
	    values.append("%.3g" % r[section][key] if key in r.get(section, {}) else "-")
	print("| " + " | ".join([sys.argv[2]] + values + ([r["failed"]] if "failed" in r else [])) + " |")
	Y
}
