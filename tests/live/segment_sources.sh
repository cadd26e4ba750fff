#!/bin/bash
# Segments that machines tell of: interfaces of a router asked by SNMP, and a program of the operator's. All interfaces down cut a
# segment, some take capacity, silence does neither; the operator's word goes before theirs.
. "$(dirname "$0")/hub.sh"
command -v snmpd >/dev/null || { echo "1..0 # SKIP no snmpd"; exit 0; }
here=$(cd "$(dirname "$0")" && pwd)
hub_begin
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$hub_dir"' EXIT
agent_port=$hub_port
while ss -Hlun | grep -qE ":$agent_port "; do agent_port=$((agent_port + 1)); done

# status NAME...: those interfaces are down, all others up.
status() {
	local rows="" n=10 name state
	for name in ae0 ae1; do
		state=1
		case " $* " in *" $name "*) state=2 ;; esac
		rows="$rows${rows:+,}{\"index\":$((n += 1)),\"name\":\"$name\",\"in\":1,\"out\":1,\"status\":$state}"
	done
	printf '{"rows":[%s]}' "$rows" >"$hub_dir/table.new"
	mv "$hub_dir/table.new" "$hub_dir/table.json"
}
status
mkdir "$hub_dir/agent"
printf '%s\n' "agentAddress udp:127.0.0.1:$agent_port" "rocommunity in-the-clear 127.0.0.1" \
	"pass_persist -p 1 .1.3.6.1.2.1.2.2.1 /usr/bin/python3 $here/snmp_agent.py $hub_dir/table.json if" \
	"pass_persist -p 1 .1.3.6.1.2.1.31.1.1.1 /usr/bin/python3 $here/snmp_agent.py $hub_dir/table.json ifx" >"$hub_dir/agent/conf"
start_agent() {
	SNMP_PERSISTENT_DIR=$hub_dir/agent MIBS='' snmpd -f -Lf "$hub_dir/agent/log" -C -c "$hub_dir/agent/conf" >/dev/null 2>&1 &
	agent_pid=$!
}
start_agent
sed -i -e 's/{address: 127.0.1.4, families: \[ipv4, ipv6\]}/{id: customer, address: 127.0.1.4, transit: customer}/' \
	-e 's/{address: 127.0.1.5, families: \[ipv4, ipv6\]}/{id: upstream, address: 127.0.1.5, transit: upstream}/' "$hub_dir/hub.yaml"
hub_start
ok $? "the hub starts" || done_testing
way() { ask show steer -j | jq -r '[.ingresses[] | select(.site == "KHI" and .member_asn == 0) | .exits[] | select(.exit == "upstream").way[]] | join(" ")'; }
has_way() { [ -n "$(way)" ]; }
wait_for 30 has_way
first=$(way)
segment=${first%% *}
ok $? "routes go by the corridor's plan, over $segment"
sed -i "s/^exporters:/&\n  - {id: gw, address: 127.0.9.9, snmp: {community: in-the-clear, address: 127.0.0.1, port: $agent_port, every_s: 10, timeout_s: 3, retries: 1}}/" \
	"$hub_dir/hub.yaml"
cat >>"$hub_dir/hub.yaml" <<END_HUB
segment_sources:
  - {id: left, segment: $segment, exporter: gw, interface: ae0, weight: 3}
  - {id: right, segment: $segment, exporter: gw, interface: ae1}
steering: {up_s: 1, silent_s: 25}
END_HUB
chmod 600 "$hub_dir/hub.yaml"
ask apply "$hub_dir/hub.yaml" >/dev/null
ok $? "a hub file with sources of that segment is taken"
steer() { ask corridor steer -j | jq -r "$1"; }
# believes SOURCE WORD, is_silent SOURCE
believes() { [ "$(steer ".sources[] | select(.id == \"$1\").believed")" = "$2" ]; }
is_silent() { [ "$(steer ".sources[] | select(.id == \"$1\").silent")" = true ]; }
state() { steer "[.segments[] | select(.id == \"$segment\") | .state][0] // \"up\""; }
is_state() { [ "$(state)" = "$1" ]; }
share() { steer "[.segments[] | select(.id == \"$segment\") | .share_percent][0] // 100"; }
goes_around() { case " $(way) " in *" $segment "*) return 1 ;; esac; has_way; }
wait_for 90 believes left up && wait_for 60 believes right up
ok $? "both interfaces are asked, and up" || ask corridor steer | sed 's/^/# /'
is "$(state) $(share)" "up 100" "so the segment is, with all that it carries"
status ae0
wait_for 60 believes left down
is "$(state) $(share)" "up 25" "one interface down takes its share of the capacity, and cuts nothing"
status ae0 ae1
wait_for 60 is_state cut
ok $? "both down are a cut" || ask corridor steer | sed 's/^/# /'
wait_for 10 goes_around
ok $? "and the exchange goes around it: $(way)"
is "$(ask show corridor events -j | jq -r '.events[-1] | "\(.deed) \(.state) \(.voice) \(.who): \(.why)"')" "ordered cut machine snmp left: 2 of 2 down" \
	"the journal has who said so"
is "$(ask corridor restore "$segment" --yes)" "segment $segment: restored" "the operator knows better"
walks() { ask show polls -j | jq '.polls[] | select(.exporter == "gw").walks'; }
walked() { [ "$(walks)" -gt "$1" ]; }
before=$(walks)
wait_for 60 walked $((before + 1))
is "$(state)" up "and is believed, whatever the interfaces say"
status
wait_for 60 believes left up && wait_for 60 believes right up
status ae0 ae1
wait_for 60 is_state cut
ok $? "until they have agreed; then their word counts again"
kill "$agent_pid"; wait "$agent_pid" 2>/dev/null
wait_for 120 is_silent left
ok $? "a router that answers no more is silent"
is "$(state)" cut "silence ends no cut"
start_agent
status
wait_for 90 is_state up
ok $? "when it answers that they are up the segment is"
is "$(ask show corridor events -j | jq -r '.events[-1] | "\(.deed) \(.id) \(.voice)"')" "restored $segment machine" "by its word"
kill "$agent_pid"; wait "$agent_pid" 2>/dev/null
wait_for 120 is_silent left
is "$(state)" up "nor is silence a cut"
is "$(ask corridor hear left down -j | jq .heard) $(state)" "1 up" "a program may tell of a source as well"
is "$(ask corridor hear right down >/dev/null; state)" cut "and all that are down are a cut"
ask corridor hear nobody down >/dev/null 2>&1
is $? 1 "a source that is not there is refused"
done_testing
