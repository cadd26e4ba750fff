#!/bin/bash
# More members than there are descriptors: who is in stays, who is not waits, the operator can ask; with more descriptors all
# come in. Prints TAP. Runs in a network namespace of its own, without privileges.
if [ "$1" != inside ]; then exec unshare -rn "$0" inside; fi
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
ip link set lo up
ip route add local 10.99.0.0/16 dev lo
members=60
{
	cat <<X
hub: {name: Narrow, short_name: NAR, asn: 65000, router_id: 10.99.0.1, country: PK, data_directory: $dir/data}
listen: {bgp: ["10.99.0.1:179"], http: none, sflow: none, netflow: none, ipfix: none, control_socket: $dir/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/16}]
policy: {allow_asns: [64496-65534]}
members:
X
	for i in $(seq $members); do
		echo "  - {asn: $((65000 + i)), name: M$i, kind: access, ports: [{id: p$i, speed: 10G, ipv4: 10.99.1.$i}], \
sessions: [{port: p$i, address: 10.99.1.$i, passive: true, families: [ipv4]}]}"
	done
} >"$dir/hub.yaml"
${SARAI:-build/sarai run} "$dir/hub.yaml" >"$dir/log" 2>&1 &
server=$!
for _ in $(seq 100); do
	ss -ltn | grep -q '10.99.0.1:179 ' && break
	sleep 0.1
done
tests/live/descriptors.py "$dir/sarai.sock" $members
status=$?
[ $status = 0 ] || tail -20 "$dir/log" | sed 's/^/# /'
exit $status
