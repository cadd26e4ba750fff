#!/bin/bash
# softflowd and pmacct as exporters: both read a capture whose matrix is known and send it to the hub as NetFlow 5, 9 and IPFIX. The
# hub finds the same octets and packets, pair by pair where the exporter tells MACs, and as many flows as softflowd says it sent.
cd "$(dirname "$0")/../.." || exit 1
. tests/live/meter_hub.sh
if ! command -v softflowd pmacctd >/dev/null; then
	echo "1..0 # SKIP softflowd or pmacctd is not installed"
	exit 0
fi
sarai=${SARAI:-build/sarai}
work=$(mktemp -d)
port=$(free_ports 20)
number=0 failed=0
ok() { # ok STATUS TEXT
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
cleanup() { [ -n "$hub" ] && kill "$hub" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT

# The capture: frames between four members, IPv4 and IPv6, with the tag of the LAN. Prints asn, asn, version, octets of IP, packets.
python3 - "$work/frames.pcap" >"$work/truth" <<'END'
import random, struct, sys
random.seed(5)
truth = {}
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for n in range(3000):
        a, b = random.sample(range(4), 2)
        length = random.randrange(20, 1400)
        udp = struct.pack(">HHHH", 1024 + random.randrange(40), 4000 + a * 10 + b, 8 + length, 0) + b"x" * length
        if n % 3 == 0:
            kind, net = 0x86dd, bytes([0x20, 1, 0xd, 0xb8] + [0] * 11)
            ip = struct.pack(">IHBB", 6 << 28, len(udp), 17, 64) + net + bytes([a + 1]) + net + bytes([b + 1]) + udp
        else:
            kind = 0x0800
            ip = struct.pack(">BBHHHBBH4B4B", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, 10, 200, 0, a + 1, 10, 200, 0, b + 1)
            total = sum(struct.unpack(">10H", ip))
            total = (total & 0xffff) + (total >> 16)
            ip = ip[:10] + struct.pack(">H", ~total & 0xffff) + ip[12:] + udp
        frame = bytes([2, 0, 0, 0, 0, b, 2, 0, 0, 0, 0, a]) + struct.pack(">HHH", 0x8100, 100, kind) + ip
        key = (64512 + a, 64512 + b, "ipv6" if kind == 0x86dd else "ipv4")
        octets, packets = truth.get(key, (0, 0))
        truth[key] = (octets + len(ip), packets + 1)
        out.write(struct.pack("<IIII", 1700000000 + n // 200, n % 200 * 5000, len(frame), len(frame)) + frame)
for key in sorted(truth):
    print(*key, *truth[key])
END

# hub_anew: a hub without a past.
hub_anew() {
	[ -n "$hub" ] && kill "$hub" && wait "$hub"
	rm -rf "$work/data"
	mkdir "$work/data"
	meter_hub 4 "$work/data" $port "{id: sw1, address: 127.0.0.1, sampling_override: 1}" >"$work/hub.yaml"
	away_from_boundary
	"$sarai" run "$work/hub.yaml" >>"$work/log" 2>&1 &
	hub=$!
	until_answers "$work/data"
}
pairs() { ask "$work/data" show matrix | jq -r '.pairs[] | "\(.from_asn) \(.to_asn) \(.family) \(.octets) \(.packets)"' | sort; }
exporter() { ask "$work/data" show exporters | jq "[.exporters[] | select(.exporter == \"sw1\")][0].$1"; }
unattributed() { ask "$work/data" show traffic | jq -c '[([.unattributed[].octets] | add), ([.unattributed[].samples] | add)]'; }
# flushed: how many flows softflowd says that it has sent.
flushed() { sed -n 's/.*flushed = *//p' "$work/said"; }
same_pairs() { # same_pairs TEXT
	pairs >"$work/pairs"
	diff "$work/truth" "$work/pairs" >"$work/diff"
	ok $? "$1"
	sed 's/^/# /' "$work/diff" | head -20
}
clean() { # clean TEXT
	[ "$(exporter 'refused_datagrams') $(exporter lost_records)" = "0 0" ]
	ok $? "$1"
}

for version in 9 10; do
	hub_anew
	softflowd -r "$work/frames.pcap" -n 127.0.0.1:$((port + 1)) -v $version -T ether -d >"$work/said" 2>&1
	sleep 0.5
	same_pairs "softflowd, version $version: the matrix is that of the capture, octets and packets"
	[ "$(exporter samples)" = "$(flushed)" ]
	ok $? "softflowd, version $version: $(flushed) flows were sent and as many counted, got $(exporter samples)"
	clean "softflowd, version $version: nothing refused, nothing lost"
done

# Version 5 knows no MACs: nothing can be attributed, and every octet of IPv4 is said to be so.
hub_anew
softflowd -r "$work/frames.pcap" -n 127.0.0.1:$((port + 1)) -v 5 -d >"$work/said" 2>&1
sleep 0.5
want=$(awk '$3 == "ipv4" {sum += $4} END {print sum}' "$work/truth")
[ "$(unattributed)" = "[$want,$(flushed)]" ]
ok $? "softflowd, version 5: $want octets in $(flushed) flows without MACs are unattributed, got $(unattributed)"
clean "softflowd, version 5: nothing refused, nothing lost"

for version in 9 10; do
	hub_anew
	cat >"$work/nfprobe.conf" <<END
pcap_savefile: $work/frames.pcap
plugins: nfprobe
aggregate: src_mac, dst_mac, vlan, src_host, dst_host, src_port, dst_port, proto
nfprobe_receiver: 127.0.0.1:$((port + 1))
nfprobe_version: $version
nfprobe_timeouts: maxlife=2:expint=1
END
	timeout 20 pmacctd -f "$work/nfprobe.conf" >"$work/said" 2>&1
	sleep 0.5
	same_pairs "nfprobe, version $version: the matrix is that of the capture"
	clean "nfprobe, version $version: nothing refused, nothing lost"
done
echo "1..$number"
[ $failed = 0 ] || { sed 's/^/# /' "$work/log" "$work/said" | tail -20; exit 1; }
