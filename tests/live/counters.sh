#!/bin/bash
# Counters that are pushed, by the shell and over HTTP: who may, what is taken and what refused, and the sum in the store.
. "$(dirname "$0")/hub.sh"
hub_dir=$(mktemp -d /tmp/sarai-live-XXXXXX)
hub_socket=$hub_dir/sarai.sock hub_port=$(free_ports 10)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$hub_dir"' EXIT
mkdir "$hub_dir/secret"
printf '0123456789abcdefgh\n' >"$hub_dir/secret/token"
hub_file() { # PUSH
	cat <<END_HUB
hub: {name: Pushed, asn: 64500, router_id: 192.0.2.254, country: PK, city: Karachi, support_email: noc@pushed.example, data_directory: $hub_dir/data}
listen: {sflow: none, netflow: none, ipfix: none, bgp: "127.0.0.1:$((hub_port + 1))", http: "127.0.0.1:$((hub_port + 2))", control_socket: $hub_socket}
$1
lans: [{name: peering, ipv4: 10.0.0.0/16}]
exporters: [{id: sw1, address: 192.0.2.1}]
members:
  - asn: 64512
    name: One
    kind: access
    ports: [{id: p1, speed: 400G, exporter: sw1, interface: Ethernet1}, {id: p2, speed: 400G, exporter: sw1, if_index: 2}]
END_HUB
}
hub_file "" >"$hub_dir/hub.yaml"
hub_start
ok $? "the hub starts" || done_testing
post() { curl -s -o "$hub_dir/answer" -w '%{http_code}' --data-binary @- "$@" "http://127.0.0.1:$((hub_port + 2))/api/v1/counters"; }
rows() { printf 'exporter,interface,if_index,time,in_octets,out_octets\n'; }
now=$(date +%s)
is "$(rows | post)" 403 "without a token in the hub file nobody may push"
hub_file "push: {token_file: $hub_dir/secret/token}" >"$hub_dir/next.yaml"
ask apply "$hub_dir/next.yaml" >/dev/null
wait_for 10 all_up
with_token() { [ "$(rows | post)" = 401 ]; }
wait_for 10 with_token
ok $? "with one in a file whoever does not show it may not"
is "$(rows | post -H 'Authorization: Bearer 0123456789abcdefgx')" 401 "nor who shows another"
token='authorization: bearer 0123456789abcdefgh'
is "$( (rows; printf 'sw1,Ethernet1,,%d,1000,10\nsw1,,2,%d,500,5\nsw1,,3,%d,1,1\n' $((now - 30)) $((now - 30)) $((now - 30))) | post -H "$token")" 200 "rows of CSV are taken"
is "$(jq -c '[.rows, .results.first, .refusals]' "$hub_dir/answer")" '[3,2,[{"line":4,"reason":"no port of the hub file is at this interface"}]]' "one by one: a bad one is refused with its line"
is "$(printf '[{"port":"p1","time":%d,"in_octets":4000,"out_octets":10},\n {"port":"p2","time":%d,"in_octets":500,"out_octets":2005}]' $((now - 10)) $((now - 10)) | post -H "$token")" 200 "so are objects of JSON"
is "$(jq -c .results.counted "$hub_dir/answer")" 2 "and counted"
is "$(printf '{"bytes":1}' | post -H "$token")" 422 "when none is good it is said by the status"
is "$(head -c 4300000 /dev/zero | tr '\0' 'a' | post -H "$token")" 413 "what is too long is not taken"
is "$(curl -s -o /dev/null -w '%{http_code}' -d x "http://127.0.0.1:$((hub_port + 2))/api/v1/members")" 405 "nothing else can be posted to"

# The shell: two thousand rows of a file, twice.
{ echo "port,time,in_octets,out_octets"; for ((i = 0; i < 1000; i++)); do printf 'p1,%d,%d,10\np2,%d,500,2005\n' "$now" 5000 "$now"; done; } >"$hub_dir/many.csv"
is "$(ask -j counters push "$hub_dir/many.csv" | jq -c '[.rows, .refused, .results.counted]')" '[2000,0,2]' "a long file goes in pieces, and what is told twice counts once"
is "$(ask -j counters push - <"$hub_dir/many.csv" | jq -c '[.rows, .refused, .results.counted, .results.overtaken]')" '[2000,0,0,2000]' "the whole file again counts nothing"
printf 'port,time,in_octets,out_octets\nno-port,%d,1,1\n' "$now" | ask counters push - >"$hub_dir/out" 2>"$hub_dir/err"
is "$?" 1 "a row that is refused is an exit status"
is "$(cat "$hub_dir/err")" "line 2: there is no port of this id" "and a line"
sleep 1 # a bin that was listened to for no second is not handed on, but kept for the next run
kill -TERM $hub_pid && wait $hub_pid
hub_start
taken_in() { [ "$(find "$hub_dir/data/spool" -name '*.traffic' | wc -l)" = 0 ]; }
wait_for 10 taken_in
kill -TERM $hub_pid && wait $hub_pid
hub_pid=
sum() { sqlite3 -readonly "$hub_dir/data/ledger.sqlite" "SELECT sum(b.counter_in), sum(b.counter_out) FROM port_bin b JOIN port p ON p.id = b.port WHERE p.name = '$1'"; }
is "$(sum p1) $(sum p2)" "4000|0 0|2000" "the store has the differences, once"
done_testing
