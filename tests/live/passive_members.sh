# Read by tests with many members that are speakers of a few lines: passive_members NAME COUNT writes a hub file in $dir, starts the
# hub as $server, and returns when it listens. The test runs in a network namespace of its own.
passive_members() {
	ip link set lo up
	ip route add local 10.99.0.0/16 dev lo
	{
		cat <<X
hub: {name: $1, short_name: TST, asn: 65000, router_id: 10.99.0.1, country: PK, data_directory: $dir/data}
listen: {bgp: ["10.99.0.1:179"], http: none, sflow: none, netflow: none, ipfix: none, control_socket: $dir/sarai.sock}
lans: [{name: peering, ipv4: 10.99.0.0/16}]
policy: {allow_asns: [64496-65534]}
members:
X
		for i in $(seq "$2"); do
			echo "  - {asn: $((65000 + i)), name: M$i, kind: access, ports: [{id: p$i, speed: 10G, ipv4: 10.99.1.$i}], \
sessions: [{port: p$i, address: 10.99.1.$i, passive: true, families: [ipv4]}]}"
		done
	} >"$dir/hub.yaml"
	passive_start
}
# Starts the hub of $dir/hub.yaml as $server, and returns when it listens at 10.99.0.1.
passive_start() {
	${SARAI:-build/sarai run} "$dir/hub.yaml" >"$dir/log" 2>&1 &
	server=$!
	for _ in $(seq 600); do
		ss -ltn | grep -q '10.99.0.1:179 ' && break
		sleep 0.1
	done
}
