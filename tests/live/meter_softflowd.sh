#!/bin/bash
# The running meter beside softflowd, an exporter that is not ours: it reads known packets and sends NetFlow 5, 9 and IPFIX of
# them; octets and packets between the members are those of the packets.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
command -v softflowd >/dev/null || { echo "1..0 # SKIP softflowd is not here"; exit 0; }
sarai=${SARAI:-build/sarai}
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
number=0 failed=0
ok() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
cleanup() { kill "$hub" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT
mkdir "$work/data"
# softflowd does not announce that it does not sample: the hub file has to.
meter_hub 2 "$work/data" $port "{id: sw1, address: 127.0.0.1, sampling_override: 1}" >"$work/hub.yaml"
python3 - "$work/packets.pcap" <<'END'
import struct, sys
out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
for i in range(300):
    size = 40 + 8 * (i % 50)
    udp = struct.pack(">HHHH", 1000 + i % 10, 53, size - 20, 0) + bytes(size - 28)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, i, 0, 64, 17, 0, bytes([10, 0, 0, 1 + i % 10]), bytes([10, 0, 1, 1]))
    total = sum(struct.unpack(">10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack(">H", ~((total & 0xffff) + (total >> 16)) & 0xffff) + ip[12:]
    frame = b"\2\0\0\0\0\1" + b"\2\0\0\0\0\0" + b"\x08\0" + ip + udp
    out.write(struct.pack("<IIII", 1700000000, i * 1000, len(frame), len(frame)) + frame)
END
octets=$(python3 -c 'print(sum(40 + 8 * (i % 50) for i in range(300)))')
away_from_boundary 45
"$sarai" run "$work/hub.yaml" >"$work/log" 2>&1 &
hub=$!
for _ in $(seq 50); do ask "$work/data" show exporters >/dev/null 2>&1 && break; sleep 0.1; done

seen() { ask "$work/data" show matrix | jq "[.pairs[] | select(.from_asn == 64512 and .to_asn == 64513) | .$1] | add // 0"; }
# Version 5 has no MACs, and an interface only for a live capture: it is counted as what it is.
elsewhere() { ask "$work/data" show traffic | jq '[.unattributed[] | select(.cause == "no MAC and unknown interface") | .octets] | add // 0'; }
send() { timeout 30 softflowd -d -r "$work/packets.pcap" -n 127.0.0.1:$((port + 1)) "$@" >"$work/softflowd.log" 2>&1; sleep 0.3; }
for version in 9 10; do
	before=$(seen octets) packets=$(seen packets)
	send -v $version -T ether
	now=$(seen octets)
	[ $((now - before)) = "$octets" ] && [ $(($(seen packets) - packets)) = 300 ]
	ok $? "NetFlow version $version of softflowd: $((now - before)) of $octets octets, $(($(seen packets) - packets)) of 300 packets"
done
before=$(elsewhere)
send -v 5
[ $(($(elsewhere) - before)) = "$octets" ]
ok $? "NetFlow version 5 of softflowd, which has no MACs: $(($(elsewhere) - before)) of $octets octets have no port"
[ "$(ask "$work/data" show exporters | jq '.exporters[0].refused_datagrams + .exporters[0].lost_records')" = 0 ]
ok $? "nothing refused, nothing lost"
[ $failed = 0 ] || { cat "$work/log" "$work/softflowd.log"; ask "$work/data" show traffic; } | sed 's/^/# /'
echo "1..$number"
exit $failed
