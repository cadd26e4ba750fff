#!/bin/bash
# The running meter against flowgen, which says exactly what it sent: the matrix of members is the same to the octet for every
# protocol, and what was lost on the way is found to the record.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
sarai=${SARAI:-build/sarai}
work=$(mktemp -d)
port=$(free_ports 20)
number=0 failed=0
ok() { # ok STATUS TEXT
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
cleanup() { kill "$hub" 2>/dev/null; wait "$hub" 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT

${CC:-cc} -std=c17 -D_GNU_SOURCE -O2 -o "$work/flowgen" bench/meter/flowgen.c
ok $? "flowgen builds"
meter_hub 40 "$work/data" $port "{id: sw1, address: 127.0.0.1}" >"$work/hub.yaml"
mkdir "$work/data"
away_from_boundary
"$sarai" run "$work/hub.yaml" >"$work/log" 2>&1 &
hub=$!
until_answers "$work/data"

# same_matrix: the hub's matrix is the sum of what all runs of flowgen so far have sent.
same_matrix() {
	ask "$work/data" show matrix >"$work/matrix.json"
	python3 - "$work" <<'END'
import collections, csv, glob, json, sys
truth, got = collections.Counter(), collections.Counter()
for name in glob.glob(sys.argv[1] + "/sent-*.csv"):
    for row in csv.DictReader(open(name)):
        key = (64512 + int(row["src_mac"][-2:], 16), 64512 + int(row["dst_mac"][-2:], 16), row["ipver"])
        truth[key + ("octets",)] += int(row["octets"]) * int(row["sampling"])
        truth[key + ("packets",)] += int(row["packets"]) * int(row["sampling"])
for pair in json.load(open(sys.argv[1] + "/matrix.json"))["pairs"]:
    key = (pair["from_asn"], pair["to_asn"], {"ipv4": "4", "ipv6": "6"}.get(pair["family"]))
    got[key + ("octets",)] += pair["octets"]
    got[key + ("packets",)] += pair["packets"]
for key in sorted(set(truth) | set(got), key=str):
    if truth[key] != got[key]:
        print(f"# {key}: sent {truth[key]}, counted {got[key]}")
print(f"# {len(truth) // 2} pairs, {sum(v for k, v in truth.items() if k[3] == 'octets')} octets")
sys.exit(truth != got or not truth)
END
}
exporter() { ask "$work/data" show exporters | jq "[.exporters[] | select(.exporter == \"sw1\")][0].$1"; }
# run NAME PORT ARGUMENTS...: flowgen with them; then the matrix and the losses are looked at.
taken() { same_matrix >/dev/null && [ "$(($(exporter lost_records) - lost_before))" = "$said" ]; }
run() {
	local name=$1 to=$2 lost_before lost_after lost said
	shift 2
	lost_before=$(exporter lost_records)
	"$work/flowgen" -p "$to" -m 40 -r 60000 "$@" -M "$work/sent-$name.csv" >"$work/said"
	said=$(grep -o 'lost_records [0-9]*' "$work/said" | cut -d' ' -f2)
	until_true taken
	same_matrix
	ok $? "$name: the matrix is what was sent, pair by pair"
	lost_after=$(exporter lost_records)
	lost=$((lost_after - lost_before))
	[ "$lost" = "$said" ] || { echo "# found $lost lost records, flowgen lost $said"; cat "$work/said"; }
	[ "$lost" = "$said" ]
	ok $? "$name: $said lost records are found, not one more or less"
}
run sflow $port -k sflow -n 3050 -x 1
run sflow-lossy $port -k sflow -n 3050 -G 100 -x 2
run sflow-expanded $port -k sflow -e -w -g -n 2040 -G 50 -x 3
run netflow5 $((port + 1)) -k nf5 -n 1050 -G 100 -x 4
run netflow9 $((port + 1)) -k nf9 -n 1050 -G 100 -x 5
run ipfix $((port + 2)) -k ipfix -n 1050 -G 100 -x 6
run ipfix-at-the-netflow-port $((port + 1)) -k ipfix -v 0 -S 512 -n 1050 -x 7
[ "$(exporter 'protocols | sort | join(",")')" = '"ipfix,netflow5,netflow9,sflow"' ]
ok $? "all four protocols are told apart"
[ "$(exporter refused_datagrams)" = 0 ]
ok $? "nothing was refused"

# A flood while the meter stands still: its buffer is full and nothing comes after the last datagram that was dropped.
heard=$(exporter datagrams)
meter=$(ask "$work/data" show status | jq '.rooms[] | select(.room == "meter").pid')
kill -STOP "$meter"
"$work/flowgen" -p $port -k sflow -m 40 -n 120000 -x 8 >"$work/said"
kill -CONT "$meter"
before_flood=$heard
all_told() {
	heard=$(($(exporter datagrams) - before_flood))
	dropped=$(ask "$work/data" show traffic | jq .kernel_drops)
	[ $((heard + dropped)) = 120000 ]
}
until_true all_told
[ $? = 0 ] && [ "$dropped" -gt 0 ]
ok $? "of 120000 datagrams $heard are heard and $dropped dropped by the kernel: not one is missing"
before=$(ask "$work/data" show matrix | jq '[.pairs[].octets] | add')
kill -TERM "$hub"
wait "$hub"
ok $? "the hub ends at SIGTERM"
python3 - "$work/data/run/traffic.latest" <<'END'
import struct, sys
sys.exit(open(sys.argv[1], "rb").read(4) != b"SRTB")
END
ok $? "and the open bin of $before octets was handed on at the end"
echo "1..$number"
exit $failed
