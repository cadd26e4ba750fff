#!/bin/bash
# BMP as stations see it that are not ours: pmacct's pmbmpd takes all that a hub tells and writes it down, tshark looks at every octet that
# another station was sent. The members are the lab's.
. "$(dirname "$0")/hub.sh"
command -v pmbmpd >/dev/null && command -v tshark >/dev/null || { echo "1..0 # SKIP pmacct and tshark are needed"; exit 0; }
hub_begin
collector=$((hub_port + 5)) sink=$((hub_port + 6))
cat >>"$hub_dir/hub.yaml" <<END
stations:
  - {name: collector, host: localhost, port: $collector, post_policy: true, loc_rib: true, statistics_s: 1}
  - {name: sink, host: 127.0.0.1, port: $sink, post_policy: true, out_pre_policy: true, out_post_policy: true, statistics_s: 1}
END
sed -i "s/^policy:/policy:\n  blocked: [103.0.0.0\/8]/" "$hub_dir/hub.yaml"
cat >"$hub_dir/pmbmpd.conf" <<END
daemonize: false
bmp_daemon_ip: 127.0.0.1
bmp_daemon_port: $collector
bmp_daemon_msglog_file: $hub_dir/bmp.json
END
# A station that keeps what it is sent.
cat >"$hub_dir/sink.py" <<'END'
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c = s.accept()[0]
    with open(sys.argv[2], "wb") as f:
        while b := c.recv(65536):
            f.write(b)
            f.flush()
END
pmbmpd_start() {
	: >"$hub_dir/bmp.json"
	pmbmpd -f "$hub_dir/pmbmpd.conf" >"$hub_dir/pmbmpd.log" 2>&1 &
	pmbmpd_pid=$!
}
bmp_cleanup() {
	kill "$pmbmpd_pid" "$sink_pid" 2>/dev/null
	wait "$pmbmpd_pid" "$sink_pid" 2>/dev/null
	hub_cleanup
}
trap bmp_cleanup EXIT
python3 "$hub_dir/sink.py" $sink "$hub_dir/sink.bmp" &
sink_pid=$!
pmbmpd_start
hub_start
ok $? "a hub with two stations starts" || done_testing
lab_start
ok $? "its members come up" || done_testing

# What the collector wrote so far; the last line may not be whole yet.
lines() { grep '^{.*}$' "$hub_dir/bmp.json"; }
# What the collector holds: the last word about each route of a table, for select(FILTER).
table() {
	lines | jq -cs --arg view "$1" '[.[] | select(.bmp_msg_type == "route_monitor" and .ip_prefix != null)
		| select(if $view == "loc" then .is_loc == 1 else .is_loc == null and .is_post == ($view | tonumber) end)]
		| group_by([.peer_ip, .ip_prefix]) | map(last | select(.log_type == "update")
		| "\(.peer_ip) \(.ip_prefix)") | sort' | jq -r '.[]'
}
members() { ask show members -j | jq -r '[.members[].sessions[] | select(.state == "established")] | length'; }
hub_count() { ask show members -j | jq -r "[.members[].sessions[].$1] | add"; }
same_count() { [ "$(table "$1" | wc -l)" = "$2" ]; }
settled() { same_count 0 $(($(hub_count accepted) + $(hub_count filtered))) && same_count 1 "$(hub_count accepted)"; }
wait_for 20 settled
ok $? "the collector holds as many routes before and after policy as the hub has" ||
	echo "# $(table 0 | wc -l) $(table 1 | wc -l), the hub $(hub_count accepted) $(hub_count filtered)"
[ "$(hub_count filtered)" -gt 0 ]
ok $? "and some were refused, so the two tables differ"
is "$(lines | jq -r 'select(.bmp_msg_type == "peer_up" and .peer_type == 0) | .peer_ip' | sort -u | wc -l)" "$(members)" \
	"a Peer Up for each session"
is "$(lines | jq -r 'select(.bmp_msg_type == "peer_up" and .peer_type == 3) | .peer_asn')" 64500 "and one for Loc-RIB, ours"
best() { ask show routes limit 100000 -j | jq -r '.routes[] | select(.best) | .prefix' | sort -u; }
same_best() { [ "$(table loc | cut -d' ' -f2 | sort -u | md5sum)" = "$(best | md5sum)" ]; }
wait_for 10 same_best
ok $? "Loc-RIB holds exactly the prefixes that have a best route"
statistics() { lines | jq -c 'select(.bmp_msg_type == "stats" and .counter_type == 7 and .counter_value > 0)' | grep -q .; }
wait_for 5 statistics
ok $? "statistics tell how many routes there are"

ask member 64515 down "maintenance" >/dev/null
told_down() { lines | jq -c 'select(.bmp_msg_type == "peer_down" and .peer_asn == 64515 and .reason_type == 1)' | grep -q .; }
wait_for 10 told_down
ok $? "a member taken down is a Peer Down, reason 1: we sent a NOTIFICATION"
wait_for 10 same_best
ok $? "and its routes leave Loc-RIB"

kill "$pmbmpd_pid"
wait "$pmbmpd_pid" 2>/dev/null
ask member 64515 up >/dev/null
pmbmpd_start
wait_for 30 settled
ok $? "a collector that was away is told everything again, and what changed meanwhile" ||
	echo "# $(table 0 | wc -l) $(table 1 | wc -l), the hub $(hub_count accepted) $(hub_count filtered)"

kill -STOP "$sink_pid"
sleep 1
ask show status -j | jq -e '[.rooms[] | select(.state == "up")] | length == 8' >/dev/null && [ "$(members)" -gt 10 ]
ok $? "a station that takes nothing disturbs nobody"
kill -CONT "$sink_pid"
sleep 1
# Its octets as packets of usual size, for tshark gives up on frames with hundreds of messages.
python3 - "$hub_dir/sink.bmp" "$hub_dir/sink.pcap" <<'END'
import struct, sys
data, out = open(sys.argv[1], "rb").read(), open(sys.argv[2], "wb")
out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
ends, at = [], 0
while at + 6 <= len(data):
    n = int.from_bytes(data[at + 1:at + 5], "big")
    if at + n > len(data):
        break
    at += n
    ends.append(at)
at, seq = 0, 1
while ends:
    end = ends[min(len(ends), 8) - 1]
    ends = ends[8:]
    piece = data[at:end]
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(piece), 0, 0, 64, 6, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
    packet = ip + struct.pack(">HHIIBBHHH", 40000, 11019, seq, 1, 0x50, 0x18, 65535, 0, 0) + piece
    out.write(struct.pack("<IIII", 0, seq, len(packet), len(packet)) + packet)
    seq, at = (seq + len(piece)) % 2**32, end
END
shark() { tshark -r "$hub_dir/sink.pcap" -d tcp.port==11019,bmp "$@" 2>/dev/null; }
is "$(shark -Y '_ws.malformed || _ws.expert.severity == "error"' | wc -l)" 0 "tshark finds nothing malformed"
types=$(shark -Y bmp -T fields -e bmp.type | tr ',' '\n' | sort | uniq -c | awk '{print $2}' | tr '\n' ' ')
is "$types" "0 1 2 3 4 " "in routes, statistics, Peer Down, Peer Up and the Initiation"
[ "$(shark -Y 'bmp.peer.flags.adj_rib_out == 1' | wc -l)" -gt 100 ] || [ "$(shark -V | grep -c 'Adj-RIB-Out')" -gt 100 ]
ok $? "and Adj-RIB-Out is among them"
done_testing
