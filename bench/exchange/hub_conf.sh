#!/bin/sh
# Reads "number address asn prefixes" lines, writes a hub file with those members: the SARAI_CONF of
# run_peers.sh. The policy is that of the peers' configurations there: martians, /8 to /24, first AS, next
# hop, 64 hops; and besides all checks that come by default, and those of registered routes and origins (IRR),
# of ROAs, of networks that are never behind route servers, of blackholes, and of the number of prefixes.
# What is registered and attested is made up beside it, in the folder DATA, from the load (RSLOAD, the arguments
# of rsload) or the file PREFIXES (as rsload --print-prefixes writes it):
#   IRR        what becomes of what is not registered (refuse)
#   IRR_FILL   prefixes of each member that are registered and not announced (1000)
#   ROA_FILL   ROAs of others (0; there are about 500000 in the world)
DATA=${DATA:-/tmp/rsb-sarai}
BIN=${BIN:-$(dirname "$0")/../../build/bench/exchange}
rm -rf "$DATA"
mkdir -p "$DATA/registry"
# shellcheck disable=SC2086  # words are meant to be split
if [ -n "$PREFIXES" ]; then cp "$PREFIXES" "$DATA/prefixes"; else $BIN/rsload $RSLOAD --print-prefixes > "$DATA/prefixes"; fi
"$BIN/registry_make" registry "$DATA/registry/registry.snapshot" "${IRR_FILL:-1000}" 0 < "$DATA/prefixes"
"$BIN/registry_make" vrps "$DATA/vrps.json" "${ROA_FILL:-0}" < "$DATA/prefixes"
cat <<X2
hub: {name: Bench, short_name: BENCH, asn: 64500, router_id: 10.1.255.254, country: PK, data_directory: $DATA, memory_max_mb: ${MEMORY_MAX_MB:-0}}
listen: {bgp: ["10.1.255.254:179"], control_socket: $DATA/sock}
lans:
  - {name: peering, ipv4: 10.1.0.0/16}
irr: {enabled: true}
peeringdb: {source: $DATA/peeringdb}
validation: {vrp_files: [$DATA/vrps.json]}
blackhole: {ipv4: 10.1.255.253}
policy:
  as_path_max: 64
  bogon_asns: [0, 23456, 4294967295]
  never_via_asns: [64]
  communities_max: 200
  irr: {origin: ${IRR:-refuse}, prefix: ${IRR:-refuse}, roas_are_routes: ${ROAS_ARE_ROUTES:-true}}
  rov: refuse
  blackhole: {announce: true}
members:
X2
while read -r number address asn prefixes; do
	cat <<X2
  - asn: $asn
    name: Member $number
    kind: access
    ports: [{id: p$number, lan: peering, speed: 10G, ipv4: $address}]
    sessions: [{port: p$number, address: $address, families: [ipv4], max_prefixes_ipv4: ${MAX_PREFIXES:-$((prefixes * 2 + 1000))}}]
X2
done
