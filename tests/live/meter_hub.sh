# Sourced by the meter's live tests: writes the hub file of flowgen's exchange.
# meter_hub MEMBERS FOLDER FIRST_PORT [EXPORTER_LINE...]: sFlow, NetFlow and IPFIX on the three ports from FIRST_PORT; threads: WORKERS;
# bins of BIN_S, else of an hour, so that what is in the open one can be looked at.
. "$(dirname "${BASH_SOURCE[0]}")/ports.sh"
meter_hub() {
	local members=$1 folder=$2 port=$3 i asn mac
	shift 3
	cat <<END
hub:
  name: Meter Test Exchange
  short_name: MTX
  asn: 64500
  router_id: 192.0.2.254
  country: PK
  city: Karachi
  support_email: noc@mtx.example
  bin_length_s: ${BIN_S:-3600}
  data_directory: $folder
listen:
  sflow: 127.0.0.1:$port
  netflow: 127.0.0.1:$((port + 1))
  ipfix: 127.0.0.1:$((port + 2))
  bgp: 127.0.0.1:$((port + 3))
  http: 127.0.0.1:$((port + 4))
  control_socket: $folder/sarai.sock
metering: {workers: ${WORKERS:-1}}
lans:
  - {name: peering, vlan: 100, ipv4: 10.200.0.0/16}
exporters:
END
	printf '  - %s\n' "$@"
	echo "members:"
	for ((i = 0; i < members; i++)); do
		asn=$((64512 + i))
		mac=$(printf '02:00:00:00:%02x:%02x' $((i >> 8)) $((i & 255)))
		cat <<END
  - asn: $asn
    name: Member $i
    kind: access
    country: PK
    ports:
      - {id: p$i, lan: peering, speed: 400G, exporter: sw1, if_index: $((1000 + i)), macs: ["$mac"],
         ipv4: 10.200.$((i / 250)).$((i % 250 + 1))}
END
	done
}
# ask FOLDER WORDS...: what the running hub answers, as JSON; the control protocol by hand, so that the shell is not under test.
ask() {
	python3 - "$@" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1] + "/sarai.sock")
s.sendall(("\t".join(["json"] + sys.argv[2:]) + "\n").encode())
answer = b""
while piece := s.recv(65536):
    answer += piece
head, _, body = answer.partition(b"\n")
sys.stdout.write(body.decode() if head.startswith(b"ok") else head.decode())
END
}
# away_from_boundary: waits until the open bin lasts for four minutes more.
away_from_boundary() {
	while [ $((3600 - $(date +%s) % 3600)) -lt 240 ]; do sleep 1; done
}
# until_true COMMAND...: waits until it is, for a minute at most; that much only for a machine that is slow, or busy.
until_true() {
	local end=$((SECONDS + 60))
	until "$@"; do
		[ $SECONDS -ge $end ] && return 1
		sleep 0.1
	done
}
# until_answers FOLDER: waits until the meter of a hub that was started answers.
until_answers() { until_true meter_answers "$1"; }
meter_answers() { ask "$1" show exporters 2>/dev/null | grep -q '^{'; }
