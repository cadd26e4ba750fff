#!/bin/bash
# Real route daemons as members: BIRD 2, FRR, OpenBGPD and GoBGP, each on a host of its own at one LAN, IPv4 and IPv6. Each receives what
# the others announce, unchanged; a withdrawn route goes; a filtered one is explained; FRR has a TCP MD5 password, GoBGP waits to be
# called. Prints TAP. Needs root, for the daemons' users; all of it stays in namespaces.
if [ "$(id -u)" != 0 ]; then echo "1..0 # SKIP needs root"; exit 0; fi
if [ "$1" != inside ]; then exec unshare -nm --propagation private "$0" inside; fi
cd "$(dirname "$0")/../.." || exit 1
sarai=$PWD/build/sarai
dir=$(mktemp -d)
chmod 755 "$dir"
pids=
trap 'kill $pids 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT

# --- the LAN ---
mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns
ip link set lo up
ip link add br0 type bridge
ip addr add 192.0.2.1/24 dev br0
ip -6 addr add 2001:db8:100::1/64 dev br0 nodad
ip link set br0 up
n=11
for host in bird frr openbgpd gobgp; do
	ip netns add $host
	ip link add v$n type veth peer name eth0 netns $host
	ip link set v$n master br0 up
	ip -n $host link set lo up
	ip -n $host addr add 192.0.2.$n/24 dev eth0
	ip -n $host -6 addr add 2001:db8:100::$n/64 dev eth0 nodad
	ip -n $host link set eth0 up
	n=$((n + 1))
done
on() { # host command...
	ip netns exec "$@"
}

within() { # seconds command...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -ge $end ] && return 1
		sleep 0.2
	done
}
# --- the hub ---
{
	cat <<X
hub: {name: Peers, short_name: PEERS, asn: 64500, router_id: 192.0.2.1, country: PK, data_directory: $dir/data}
listen: {bgp: ["192.0.2.1:179", "[2001:db8:100::1]:179"], http: none, control_socket: $dir/sarai.sock}
lans: [{name: lan, ipv4: 192.0.2.0/24, ipv6: "2001:db8:100::/64"}]
members:
X
	for n in 11 12 13 14; do
		extra=
		[ $n = 12 ] && extra=', md5: secret-word'
		[ $n = 14 ] && extra=', passive: false, connect_retry_s: 1'
		cat <<X
  - asn: 10$n
    name: Member $n
    kind: access
    ports: [{id: p$n, speed: 10G, ipv4: 192.0.2.$n, ipv6: "2001:db8:100::$n"}]
    sessions:
      - {id: v4-$n, port: p$n, address: 192.0.2.$n, families: [ipv4]$extra}
      - {id: v6-$n, port: p$n, address: "2001:db8:100::$n", families: [ipv6]$extra}
X
	done
} >"$dir/hub.yaml"
"$sarai" run "$dir/hub.yaml" >"$dir/log" 2>&1 &
pids="$pids $!"
export SARAI_SOCKET=$dir/sarai.sock

# --- the members ---
cat >"$dir/bird.conf" <<X
router id 192.0.2.11;
protocol device { }
protocol static s4 { ipv4; route 20.11.0.0/16 blackhole; route 20.111.0.0/16 blackhole; route 20.11.1.0/25 blackhole; }
protocol static s6 { ipv6; route 2600:11::/32 blackhole; }
filter to_rs { bgp_community.add((1011, 5)); bgp_large_community.add((1011, 6, 7)); bgp_med = 42; accept; }
protocol bgp rs4 { local 192.0.2.11 as 1011; neighbor 192.0.2.1 as 64500; enforce first as off; ipv4 { import all; export filter to_rs; }; }
protocol bgp rs6 { local 2001:db8:100::11 as 1011; neighbor 2001:db8:100::1 as 64500; enforce first as off; ipv6 { import all; export filter to_rs; }; }
X
on bird bird -f -c "$dir/bird.conf" -s "$dir/bird.ctl" >"$dir/bird.log" 2>&1 &
pids="$pids $!"

mkdir "$dir/frr"
cat >"$dir/frr.conf" <<X
router bgp 1012
 bgp router-id 192.0.2.12
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 neighbor 192.0.2.1 remote-as 64500
 neighbor 192.0.2.1 password secret-word
 neighbor 192.0.2.1 disable-connected-check
 neighbor 192.0.2.1 update-source 192.0.2.12
 neighbor 2001:db8:100::1 remote-as 64500
 neighbor 2001:db8:100::1 password secret-word
 neighbor 2001:db8:100::1 disable-connected-check
 neighbor 2001:db8:100::1 update-source 2001:db8:100::12
 address-family ipv4 unicast
  network 20.12.0.0/16
  neighbor 192.0.2.1 activate
 exit-address-family
 address-family ipv6 unicast
  network 2600:12::/32
  neighbor 2001:db8:100::1 activate
 exit-address-family
X
on frr /usr/lib/frr/bgpd -f "$dir/frr.conf" -Z -S -i "$dir/frr/pid" --vty_socket "$dir/frr" -A 127.0.0.1 -P 2605 >"$dir/frr.log" 2>&1 &
pids="$pids $!"

cat >"$dir/openbgpd.conf" <<X
AS 1013
router-id 192.0.2.13
socket "$dir/openbgpd.sock"
fib-update no
nexthop qualify via default
network 20.13.0.0/16
network 2600:13::/32
neighbor 192.0.2.1 {
	remote-as 64500
	enforce neighbor-as no
	announce IPv4 unicast
}
neighbor 2001:db8:100::1 {
	remote-as 64500
	enforce neighbor-as no
	announce IPv6 unicast
}
allow to any
allow from any
X
chmod 600 "$dir/openbgpd.conf"
mkdir -p "$(getent passwd _openbgpd | cut -d: -f6)"
on openbgpd bgpd -d -f "$dir/openbgpd.conf" >"$dir/openbgpd.log" 2>&1 &
pids="$pids $!"

neighbor() { # address family
	cat <<X
[[neighbors]]
  [neighbors.config]
    neighbor-address = "$1"
    peer-as = 64500
  [neighbors.transport.config]
    passive-mode = true
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "$2-unicast"
X
}
{
	printf '[global.config]\n  as = 1014\n  router-id = "192.0.2.14"\n'
	neighbor 192.0.2.1 ipv4
	neighbor 2001:db8:100::1 ipv6
} >"$dir/gobgp.toml"
on gobgp gobgpd -f "$dir/gobgp.toml" -l error --api-hosts 127.0.0.1:50051 >"$dir/gobgp.log" 2>&1 &
pids="$pids $!"

# --- what each holds: "prefix AS-path next-hop" lines ---
holds_bird() {
	on bird birdc -s "$dir/bird.ctl" show route all 2>/dev/null | awk '
		/^[0-9a-f]+[.:]/ { p = $1 } /BGP.as_path:/ { a = $2 } /BGP.next_hop:/ { print p, a, $2 == "" ? "-" : $2 }' | sort -u
}
holds_frr() {
	for f in ipv4 ipv6; do
		on frr vtysh --vty_socket "$dir/frr" -d bgpd -c "show bgp $f unicast json" 2>/dev/null | jq -r '.routes // {} | to_entries[] |
			.key as $p | .value[] | .path as $a | .nexthops[] | "\($p) \($a) \(.ip)"' 2>/dev/null
	done
}
holds_openbgpd() {
	on openbgpd bgpctl -s "$dir/openbgpd.sock" -j show rib 2>/dev/null | jq -r '.rib[]? | "\(.prefix) \(.aspath) \(.exit_nexthop)"'
}
holds_gobgp() {
	for f in ipv4 ipv6; do
		on gobgp gobgp -a $f global rib -j 2>/dev/null | jq -r 'to_entries[]? | .key as $p | .value[] |
			([.attrs[] | select(.type == 2) | .as_paths[]?.asns[]?] | join(" ")) as $a |
			([.attrs[] | select(.type == 3 or .type == 14) | .nexthop][0]) as $n | "\($p) \($a) \($n)"' 2>/dev/null
	done
}

count=0 failed=0
report() { # passed? sentence
	count=$((count + 1))
	if [ "$1" = 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; failed=1; fi
}
has() { # host line
	"holds_$1" | grep -qF -- "$2"
}
lacks() {
	! has "$@"
}

within 20 on gobgp gobgp global >/dev/null 2>&1
on gobgp gobgp -a ipv4 global rib add 20.14.0.0/16 >/dev/null 2>&1
on gobgp gobgp -a ipv6 global rib add 2600:14::/32 >/dev/null 2>&1

all_up() {
	[ "$("$sarai" -j show members 2>/dev/null | jq '[.members[].sessions[] | select(.state == "established")] | length')" = 8 ]
}
within 40 all_up
report $? "BIRD, FRR with an MD5 password, OpenBGPD, and GoBGP who is called, are up with IPv4 and IPv6"

for to in bird frr openbgpd gobgp; do
	n=11
	for from in bird frr openbgpd gobgp; do
		if [ $from != $to ]; then
			within 20 has $to "20.$n.0.0/16 10$n 192.0.2.$n"
			report $? "$to holds the IPv4 route of $from with its path and next hop unchanged"
			# FRR without zebra knows no interface, and so withdraws a route that has a link-local next hop beside
			# the global one, as those of BIRD have.
			if [ $to$from != frrbird ]; then
				within 20 has $to "2600:$n::/32 10$n 2001:db8:100::$n"
				report $? "and the IPv6 route"
			fi
		fi
		n=$((n + 1))
	done
	lacks $to "20.11.1.0/25 1011"
	report $? "$to does not hold what is filtered"
done

on frr vtysh --vty_socket "$dir/frr" -d bgpd -c "show bgp ipv4 unicast 20.11.0.0/16 json" | jq -e '.paths[0] |
	.community.string == "1011:5" and .largeCommunity.string == "1011:6:7" and .metric == 42' >/dev/null
report $? "communities, large communities and MED arrive as they were sent"

"$sarai" show route 20.11.1.0/25 | grep -q "prefix too long"
report $? "the filtered route is kept, and explained in words"

on bird birdc -s "$dir/bird.ctl" disable s4 >/dev/null
for to in frr openbgpd gobgp; do
	within 10 lacks $to "20.111.0.0/16 1011"
	report $? "a route that BIRD withdraws goes from $to"
done
on bird birdc -s "$dir/bird.ctl" enable s4 >/dev/null
within 10 has gobgp "20.111.0.0/16 1011 192.0.2.11"
report $? "and comes back when it is announced again"

kill -9 "$(cat "$dir/frr/pid")" 2>/dev/null
within 10 lacks bird "20.12.0.0/16 1012"
report $? "when FRR dies, its routes go"
has bird "20.13.0.0/16 1013" && has openbgpd "20.11.0.0/16 1011"
report $? "and the others' stay"

echo "1..$count"
if [ $failed = 1 ]; then
	tail -20 "$dir/log" | sed 's/^/# /'
	for host in bird frr openbgpd gobgp; do
		"holds_$host" | sed "s/^/# $host holds /"
		tail -3 "$dir/$host.log" | sed "s/^/# $host: /"
	done
fi
exit $failed
