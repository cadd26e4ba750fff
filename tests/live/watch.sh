#!/bin/bash
# What members may ask of the meter: their own samples, read by sfcapd, nfcapd and tshark, the same as flowgen says it sent; flow
# records that are kept, whatever kills the meter; and that of all others no IP address is kept or told anywhere.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
sarai=${SARAI:-build/sarai}
for tool in sfcapd nfcapd nfdump tshark; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
work=$(mktemp -d)
port=$(free_ports 20)
number=0 failed=0
ok() { # ok STATUS TEXT
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
cleanup() { kill $hub $receivers 2>/dev/null; wait 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT

${CC:-cc} -std=c17 -D_GNU_SOURCE -O2 -o "$work/flowgen" bench/meter/flowgen.c || exit 1
mkdir "$work/data" "$work/sflow" "$work/ipfix" "$work/bare"
# member I LINE: one more line for member I of the hub file.
member() { sed -i "s|^    name: Member $1\$|&\n    $2|" "$work/hub.yaml"; }
meter_hub 12 "$work/data" $port "{id: sw1, address: 127.0.0.1}" >"$work/hub.yaml"
member 1 "samples: {to: '127.0.0.1:$((port + 10))', addresses: true}"
member 2 "samples: {to: '127.0.0.1:$((port + 11))', format: ipfix, addresses: true}"
member 3 "samples: {to: '127.0.0.1:$((port + 12))'}"
member 4 "flow_records: {keep_days: 7, addresses: full}"
member 5 "flow_records: {keep_days: 7, addresses: none}"
member 6 "samples: {to: '[::1]:9'}"
sfcapd -l "$work/sflow" -p $((port + 10)) -T all >"$work/sfcapd.log" 2>&1 &
receivers=$!
nfcapd -l "$work/ipfix" -p $((port + 11)) -T all >"$work/nfcapd.log" 2>&1 &
receivers="$receivers $!"
sfcapd -l "$work/bare" -p $((port + 12)) -T all >"$work/bare.log" 2>&1 &
receivers="$receivers $!"
tshark -i lo -w "$work/lo.pcap" -f "udp portrange $((port + 10))-$((port + 12))" >/dev/null 2>"$work/tshark.log" &
capture=$!
receivers="$receivers $capture"
for _ in $(seq 600); do grep -q "Capturing" "$work/tshark.log" && break; sleep 0.1; done
away_from_boundary
"$sarai" run "$work/hub.yaml" >"$work/log" 2>&1 &
hub=$!
until_answers "$work/data"
shown() { ask "$work/data" "${@:2}" | jq "$1"; }

total() { [ "$(shown "[.samples[] | .samples] | add" show samples)" = "$1" ]; }
# of MEMBER: how many samples were sent from it or to it.
of() { awk -F, -v mac="$(printf '02:00:00:00:00:%02x' "$1")" 'NR > 1 && ($1 == mac || $2 == mac) { n += $7 } END { print n + 0 }' "$work"/sent-*.csv; }

"$work/flowgen" -p $port -m 12 -r 3000 -k sflow -n 3000 -x 1 -M "$work/sent-1.csv" >/dev/null
until_true total $(($(of 1) + $(of 2) + $(of 3) + $(of 6)))
ok $? "each member that asked for it is sent the samples of its ports, and no others"
[ "$(shown '[.samples[] | select(.asn != 64518) | .lost + .limited + .inexpressible] | add' show samples)" = 0 ]
ok $? "all of them, though one member has no receiver"

# What receivers have, once they have read all of it, and written it.
read_all() { [ -z "$(ss -Hlun | awk -v first=$((port + 10)) '{ sub(/.*:/, "", $4); if ($4 >= first && $4 <= first + 2 && $2 > 0) print }')" ]; }
sleep 2
until_true read_all
sleep 1
kill $receivers
wait $receivers 2>/dev/null
same() { # same FOLDER MEMBER SCALED ADDRESSES
	nfdump -R "$work/$1" -q -N -o "fmt:%ismc,%odmc,%idmc,%byt,%pkt,%sa,%da" >"$work/got.csv" 2>/dev/null
	python3 - "$work" "$2" "$3" "$4" <<'END'
import collections, csv, sys
work, member, scaled, addresses = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "scaled", sys.argv[4] == "addresses"
mac = "02:00:00:00:00:%02x" % member
sent, got, seen = collections.Counter(), collections.Counter(), set()
for row in csv.DictReader(open(work + "/sent-1.csv")):
    if mac in (row["src_mac"], row["dst_mac"]):
        factor = int(row["sampling"]) if scaled else 1
        sent[row["src_mac"], row["dst_mac"], "octets"] += int(row["octets"]) * factor
        sent[row["src_mac"], row["dst_mac"], "packets"] += int(row["packets"]) * factor
for line in open(work + "/got.csv"):
    fields = [f.strip() for f in line.split(",")]
    if len(fields) != 7:
        continue
    to = fields[1] if fields[1] != "00:00:00:00:00:00" else fields[2]
    got[fields[0], to, "octets"] += int(fields[3])
    got[fields[0], to, "packets"] += int(fields[4])
    seen.update(fields[5:7])
for key in sorted(set(sent) | set(got)):
    if sent[key] != got[key]:
        print(f"# {key}: sent {sent[key]}, received {got[key]}")
known = {a for a in seen if a not in ("0.0.0.0", "::")}
sys.exit(sent != got or not sent or bool(known) != addresses)
END
}
same sflow 1 scaled addresses
ok $? "sfcapd has what flowgen sent from and to the member, scaled, to the octet"
same ipfix 2 raw addresses
ok $? "nfcapd has it by IPFIX"
same bare 3 scaled none
ok $? "without addresses it has MAC addresses and octets all the same, and no IP address"
tshark -r "$work/lo.pcap" -d udp.port==$((port + 10)),sflow -d udp.port==$((port + 11)),cflow -d udp.port==$((port + 12)),sflow \
	-T fields -e _ws.expert.severity -e _ws.malformed 2>/dev/null | tr ',' '\n' | awk '$1 >= 6291456 || /[Mm]alformed/' >"$work/remarks"
[ "$(tshark -r "$work/lo.pcap" 2>/dev/null | wc -l)" -gt 100 ] && [ ! -s "$work/remarks" ]
ok $? "tshark finds nothing wrong in any of it"

# Flow records.
meter() { ask "$work/data" show status | jq '.rooms[] | select(.room == "meter").pid'; }
records() { shown '.flows | length' show flows "$1"; }
kept() { [ "$(records 64516)" = "$(of 4)" ]; }
until_true kept
ok $? "every record of the member's ports is kept"
[ "$(shown '[.flows[] | .octets * .sampling] | add' show flows 64516)" = "$(awk -F, 'NR > 1 && ($1 ~ /:04$/ || $2 ~ /:04$/) { n += $9 * $10 } END { printf "%.0f", n }' "$work/sent-1.csv")" ]
ok $? "with its octets"
[ "$(shown '[.flows[] | select(.source == null)] | length' show flows 64517)" = "$(of 5)" ]
ok $? "and without addresses where the member wants none"
ask "$work/data" show flows 64513 | grep -q '^error 404'
ok $? "of one that did not ask none are kept, and that is said"
[ "$(shown '.flows | length' show flows 64516 peer 64517)" = "$(awk -F, 'NR > 1 && (($1 ~ /:04$/ && $2 ~ /:05$/) || ($1 ~ /:05$/ && $2 ~ /:04$/)) { n += $7 } END { print n + 0 }' "$work/sent-1.csv")" ]
ok $? "those with one other member can be asked for"
before=$(records 64516)
for round in 1 2 3; do
	"$work/flowgen" -p $port -m 12 -r 20000 -k sflow -n 4000 -x $((round + 1)) >/dev/null &
	sleep 0.4
	kill -9 "$(meter)"
	wait $!
	until_answers "$work/data"
done
file=$(ls "$work"/data/flows/64516/*.flows | tail -1)
printf 'SFLB torn' >>"$file"
after=$(records 64516)
[ "$after" -ge "$before" ]
ok $? "after three kills in the middle of it the records before are all there ($before, then $after)"
"$work/flowgen" -p $port -m 12 -r 3000 -k sflow -n 300 -x 9 >/dev/null
more() { [ "$(records 64516)" -gt "$after" ]; }
until_true more
ok $? "and it goes on behind a torn end"

# IPFIX and NetFlow leave no more of it behind than sFlow.
before=$(records 64516)
told() { shown "[.exporters[] | select(.exporter == \"sw1\")][0].records" show exporters; }
flows=$(told)
"$work/flowgen" -p $((port + 2)) -m 12 -r 3000 -k ipfix -n 100 -x 11 >/dev/null
"$work/flowgen" -p $((port + 1)) -m 12 -r 3000 -k nf9 -n 100 -x 12 >/dev/null
"$work/flowgen" -p $((port + 1)) -m 12 -r 3000 -k nf5 -n 100 -x 13 >/dev/null
told_more() { [ "$(told)" -ge $((flows + 3000)) ]; }
until_true told_more
ok $? "IPFIX and NetFlow 9 and 5 are counted as well"
kept_more() { [ "$(records 64516)" -gt "$before" ]; }
until_true kept_more
ok $? "and kept for who asked for it"

# No address of anybody is anywhere else.
shown '[.flows[] | .source, .destination] | unique | .[]' show flows 64516 | tr -d '"' >"$work/needles"
until_true test -s "$work/data/run/traffic.now"
for path in members traffic matrix exporters ports alarms proposals blackholes overview status; do
	curl -s "http://127.0.0.1:$((port + 4))/api/v1/$path" >"$work/answer-$path"
done
curl -s "http://127.0.0.1:$((port + 4))/metrics" >"$work/answer-metrics"
metric() { awk -v name="$1" 'index($0, name) == 1 { n += $NF } END { print n + 0 }' "$work/answer-metrics"; }
[ "$(grep -c '^sarai_meter_sent_samples_total{asn=' "$work/answer-metrics")" = 4 ] && total "$(metric sarai_meter_sent_samples_total)" &&
	grep -q '^sarai_meter_kept_lost_total 0$' "$work/answer-metrics"
ok $? "the metrics say what was sent to each, and that no record was lost"
for words in traffic matrix exporters ports samples status ledger alarms proposals "history by pair hours 1" "history by as hours 1" "curve hub"; do
	"$sarai" -s "$work/data/sarai.sock" show $words >"$work/answer-${words// /-}.txt" 2>&1
done
cp -r "$work/data/run" "$work/run-alive" # with the state that the next meter would take over
kill $hub
wait $hub 2>/dev/null
"$sarai" store export "$work/hub.yaml" "$work/export" >"$work/answer-export" 2>&1
ok $? "the store is exported"
python3 - "$work" <<'END'
import ipaddress, os, sys, zlib
work = sys.argv[1]
needles = [ipaddress.ip_address(a) for a in open(work + "/needles").read().split()]
found = files = 0
paths = [os.path.join(d, n) for top in ("data", "run-alive", "export") for d, _, names in os.walk(os.path.join(work, top)) for n in names
         if "/flows/" not in d + "/"]
paths += [os.path.join(work, n) for n in os.listdir(work) if n.startswith("answer-")] + [work + "/log"]
names = {os.path.basename(p) for p in paths}
if not {"meter.state", "traffic.now", "ledger.sqlite", "ports.csv", "answer-matrix.txt"} <= names:
    print("# not there:", sorted(names))
    found += 1
for path in paths:
    if not os.path.isfile(path):
        continue
    data = open(path, "rb").read()
    files += 1
    hits = [a for a in needles if str(a).encode() + b'"' in data or str(a).encode() + b" " in data or str(a).encode() + b"/" in data
            or (a.version == 6 and a.packed in data)]
    four = [a for a in needles if a.version == 4 and a.packed in data]
    # Four octets meet by chance in a large file; many of them do not.
    if hits or len(four) > 3:
        print(f"# {path}: {hits[:3]} {four[:3]}")
        found += 1
# Flow records, unpacked. Those of who wants them have many, so the search finds what there is; those of who wants none
# have none (by chance four octets may look like one), and there are no others' at all.
def blocks_of(member):
    folder = work + "/data/flows/" + member
    for path in sorted(os.listdir(folder)):
        data = open(folder + "/" + path, "rb").read()
        while data[:4] == b"SFLB":
            packed = int.from_bytes(data[24:28], "big")
            yield zlib.decompress(data[28 : 28 + packed])
            data = data[28 + packed + 8 :]
in_blocks = {member: [sum(a.packed in block for a in needles) for block in blocks_of(member)] for member in ("64516", "64517")}
blocks = len(in_blocks["64517"])
if max(in_blocks["64516"]) < 100 or max(in_blocks["64517"], default=99) > 3:
    print("# addresses in blocks:", in_blocks)
    found += 1
if sorted(os.listdir(work + "/data/flows")) != ["64516", "64517"] or not blocks:
    print("# flow records of others:", os.listdir(work + "/data/flows"), blocks)
    found += 1
print(f"# {len(needles)} addresses looked for in {files} files and answers, and in {blocks} blocks of records without them")
sys.exit(found != 0 or len(needles) < 100 or files < 30)
END
ok $? "no address is in the spool, the store, its export, the state, the log, others' flow records, or in any answer of page, shell and API"
echo "1..$number"
exit $failed
