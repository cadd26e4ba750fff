#!/bin/sh
# Reads "number address asn prefixes" lines, writes a hub file with those members: the SARAI_CONF of
# run_peers.sh. The policy is that of the peers' configurations there: martians, /8 to /24, first AS, next
# hop, 64 hops; and besides all checks that come by default.
cat <<X
hub: {name: Bench, short_name: BENCH, asn: 64500, router_id: 10.1.255.254, country: PK, data_directory: /tmp/rsb-sarai}
listen: {bgp: ["10.1.255.254:179"], control_socket: /tmp/rsb-sarai.sock}
lans:
  - {name: peering, ipv4: 10.1.0.0/16}
policy:
  as_path_max: 64
  bogon_asns: [0, 23456, 4294967295]
members:
X
while read -r number address asn _; do
	cat <<X
  - asn: $asn
    name: Member $number
    kind: access
    ports: [{id: p$number, lan: peering, speed: 10G, ipv4: $address}]
    sessions: [{port: p$number, address: $address, families: [ipv4], max_prefixes_ipv4: 0}]
X
done
