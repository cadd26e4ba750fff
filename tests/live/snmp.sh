#!/bin/bash
# Switches asked by SNMP: net-snmp's own agent over version 2c and 3, with the interfaces of this machine and with made-up ones
# that wrap, are numbered anew and begin anew. What reaches the store is exact.
. "$(dirname "$0")/hub.sh"
command -v snmpd >/dev/null || { echo "1..0 # SKIP no snmpd"; exit 0; }
here=$(cd "$(dirname "$0")" && pwd)
hub_dir=$(mktemp -d /tmp/sarai-live-XXXXXX)
hub_socket=$hub_dir/sarai.sock hub_port=$(free_ports 10)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$hub_dir"' EXIT
agent() { # PORT CONFIGURATION...
	local folder=$hub_dir/agent$1
	mkdir -p "$folder"
	printf '%s\n' "agentAddress udp:127.0.0.1:$1" "rocommunity in-the-clear 127.0.0.1" "createUser watcher SHA-256 authpassword AES privpassword" \
		"rouser watcher priv" "${@:2}" >"$folder/conf"
	SNMP_PERSISTENT_DIR=$folder MIBS='' snmpd -f -Lf "$folder/log" -C -c "$folder/conf" >/dev/null 2>&1 &
}
table() { printf '{"rows":[%s]}' "$1" >"$hub_dir/table.new"; mv "$hub_dir/table.new" "$hub_dir/table.json"; }
table '{"index":7,"name":"Ethernet7","in":5000000000000,"out":700,"errors":3},{"index":8,"name":"Ethernet8","alias":"member two","in":4294967000,"out":10,"narrow":true},
 {"index":9,"name":"Ethernet9","in":100,"out":100,"since":1},{"index":20,"name":"Ethernet20","in":9000,"out":0},{"index":21,"name":"Ethernet21","in":70000,"out":0}'
agent $((hub_port + 5))
agent $((hub_port + 6)) "pass_persist -p 1 .1.3.6.1.2.1.2.2.1 /usr/bin/python3 $here/snmp_agent.py $hub_dir/table.json if" \
	"pass_persist -p 1 .1.3.6.1.2.1.31.1.1.1 /usr/bin/python3 $here/snmp_agent.py $hub_dir/table.json ifx"
echo in-the-clear >"$hub_dir/community"
v3="version: 3, user: watcher, privacy_password: privpassword"
cat >"$hub_dir/hub.yaml" <<END_HUB
hub: {name: Asked, asn: 64500, router_id: 192.0.2.254, country: PK, city: Karachi, support_email: noc@asked.example, data_directory: $hub_dir/data}
listen: {sflow: "127.0.0.1:$hub_port", netflow: none, ipfix: none, bgp: "127.0.0.1:$((hub_port + 1))", http: "127.0.0.1:$((hub_port + 2))", control_socket: $hub_socket}
lans: [{name: peering, ipv4: 10.0.0.0/16}]
exporters:
  - {id: plain, address: 127.0.0.11, snmp: {community_file: $hub_dir/community, address: 127.0.0.1, port: $((hub_port + 5)), every_s: 10, timeout_s: 3}}
  - {id: signed, address: 127.0.0.12, snmp: {$v3, auth_password: authpassword, address: 127.0.0.1, port: $((hub_port + 6)), every_s: 10, timeout_s: 3}}
  - {id: silent, address: 127.0.0.13, snmp: {$v3, auth_password: authpassword, address: 127.0.0.1, port: $((hub_port + 7)), every_s: 10, timeout_s: 1}}
members:
  - asn: 64512
    name: One
    kind: access
    ports:
      - {id: by-number, speed: 100G, exporter: plain, if_index: 1}
      - {id: by-name, speed: 100G, exporter: signed, interface: Ethernet7}
      - {id: wraps, speed: 1G, exporter: signed, interface: member two}
      - {id: begins-anew, speed: 100G, exporter: signed, interface: Ethernet9}
      - {id: not-there, speed: 100G, exporter: signed, interface: Ethernet99}
      - {id: unheard, speed: 100G, exporter: silent, if_index: 1}
      - {id: lag, speed: 200G, exporter: signed, interface: Ethernet20, interfaces: [{if_index: 21}]}
END_HUB
chmod 600 "$hub_dir/hub.yaml"
hub_start
ok $? "the hub starts" || done_testing
poll() { ask show polls -j | jq -r ".polls[] | select(.exporter == \"$1\") | .$2"; }
walked() { [ "$(poll signed walks)" -ge "$1" ] && [ "$(poll plain walks)" -ge "$1" ]; }
# Away from the moment of a walk: what is changed in the middle of one belongs to neither.
next_walk() { local n; n=$(poll signed walks); wait_for 25 walked $((n + 1)); sleep 0.5; }
wait_for 20 walked 1
ok $? "both agents are walked through, in the clear and signed" || ask show polls | sed 's/^/# /'
is "$(poll plain found) of $(poll plain ports)" "1 of 1" "a port by the number of its interface, the community from a file"
is "$(poll signed found) of $(poll signed ports)" "5 of 6" "interfaces of ports, by names and numbers; one that is not there is missed"
like "$(poll silent trouble)" "?*" "an agent that is not there is in trouble, and nobody else is"
table '{"index":7,"name":"Ethernet7","in":5000000123456,"out":1700,"errors":5},{"index":8,"name":"Ethernet8","alias":"member two","in":4294968000,"out":20,"narrow":true},
 {"index":9,"name":"Ethernet9","in":300,"out":100,"since":1},{"index":20,"name":"Ethernet20","in":9011,"out":1},{"index":21,"name":"Ethernet21","in":70700,"out":2}'
next_walk
number() { ask show ports -j | jq -rc ".ports[] | select(.port == \"$1\") | [.if_index, .if_index_by]"; }
is "$(number by-name) $(number wraps) $(number by-number)" '[7,"learned"] [8,"learned"] [1,"hub file"]' "numbers of interfaces that are given by name are learned"
# What the next poller reads is compared with what the meter had of the one before.
kill -9 "$(room_field poller pid)"
asks_again() { [ "$(room_field poller state)" = up ] && walked 1; }
wait_for 30 asks_again
ok $? "a poller that is killed is back and asks on"
# The machine has numbered its interfaces anew, and one of them begins anew.
table '{"index":207,"name":"Ethernet9","in":50,"out":0,"since":99},{"index":107,"name":"Ethernet7","in":5000000223456,"out":1700,"errors":5},
 {"index":108,"name":"Ethernet8","alias":"member two","in":4294968500,"out":20,"narrow":true}'
next_walk
table '{"index":207,"name":"Ethernet9","in":150,"out":0,"since":99},{"index":107,"name":"Ethernet7","in":5000000223457,"out":1700,"errors":5},
 {"index":108,"name":"Ethernet8","alias":"member two","in":4294968500,"out":20,"narrow":true}'
next_walk
is "$(number by-name) $(number begins-anew)" '[107,"learned"] [207,"learned"]' "and followed when the machine numbers them anew"
kill -TERM $hub_pid && wait $hub_pid
is $? 0 "the hub ends well"
hub_start
taken_in() { [ "$(find "$hub_dir/data/spool" -name '*.traffic' | wc -l)" = 0 ]; }
wait_for 10 taken_in
kill -TERM $hub_pid && wait $hub_pid
hub_pid=
sum() { sqlite3 -readonly "$hub_dir/data/ledger.sqlite" "SELECT coalesce(sum(b.counter_in), 0), coalesce(sum(b.counter_out), 0) FROM port_bin b JOIN port p ON p.id = b.port WHERE p.name = '$1'"; }
is "$(sum by-name)" "223457|1000" "octets of 64 bits, exact, also across other numbers"
is "$(sum wraps)" "1500|10" "32 bits that wrap"
is "$(sum begins-anew)" "300|0" "counters that begin anew leave a gap, and go on"
is "$(sum lag)" "711|3" "both interfaces of a LAG, one by name and one by number"
is "$(sum not-there)" "0|0" "nothing is made up"
done_testing
