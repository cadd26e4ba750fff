#!/bin/bash
# Malformed BGP against the running program: every case of tests/exchange/data/badbgp*.jsonl gets the reaction that the RFCs want, and
# the session of an innocent bystander stays up. Prints TAP. Runs in a network namespace of its own, without privileges.
if [ "$1" != inside ]; then exec unshare -rn "$0" inside; fi
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
. tests/live/passive_members.sh
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}

ip link set lo up
ip route add local 10.99.0.0/16 dev lo
ip -6 route add local 2001:db8:ffff::/64 dev lo

{
	cat <<X
hub: {name: Bad BGP, short_name: BAD, asn: 65000, router_id: 10.99.0.1, country: PK, data_directory: $dir/data}
listen: {bgp: ["10.99.0.1:179"], http: none, control_socket: $dir/sarai.sock}
lans:
  - {name: peering, ipv4: 10.99.0.0/16, ipv6: "2001:db8:ffff::/64"}
policy:
  as_path_max: 255
  allow_asns: [64496-65534, 23456]
  allow_prefixes: ["2001:db8::/32"]
members:
  - asn: 65002
    name: Observer
    kind: access
    ports: [{id: observer, speed: 10G, ipv4: 10.99.0.2, ipv6: "2001:db8:ffff::fff"}]
    sessions: [{port: observer, address: 10.99.0.2, families: [ipv4, ipv6]}]
  - asn: 65001
    name: Attacker
    kind: access
    ports:
X
	places=1000
	address() { echo "10.99.$((1 + $1 / 256)).$(($1 % 256))"; }
	for ((i = 1; i <= places; i++)); do
		printf '      - {id: a%d, speed: 10G, ipv4: %s, ipv6: "2001:db8:ffff::%x"}\n' "$i" "$(address "$i")" "$i"
	done
	echo "    sessions:"
	for ((i = 1; i <= places; i++)); do
		echo "      - {port: a$i, address: $(address "$i"), families: [ipv4, ipv6], add_path: receive, flowspec: true}"
	done
} >"$dir/hub.yaml"

passive_start
tools/badbgp.py --host 10.99.0.1 --server-id 10.99.0.1 --source 10.99.1.0 --observer 10.99.0.2 \
	--next-hop6 2001:db8:ffff:: --cases tests/exchange/data/badbgp*.jsonl
status=$?
kill -0 $server 2>/dev/null || status=1
kill $server
wait $server
grep -qE 'Sanitizer|runtime error|killed by signal|ended with status' "$dir/log" && status=1
[ $status = 0 ] || tail -40 "$dir/log" | sed 's/^/# /'
exit $status
