#!/bin/bash
# The page and the API in front of a real hub with simulated members: every path of docs/api.md answers in the shape that the page reads, a
# room that is killed costs only its own answers, and a browser sees no error. Prints TAP.
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
number=0 failed=0
scratch=$(mktemp -d)
hub= lab=
end() {
	[ -n "$lab" ] && kill "$lab" 2>/dev/null && wait "$lab" 2>/dev/null
	[ -n "$hub" ] && kill "$hub" 2>/dev/null && wait "$hub" 2>/dev/null
	rm -rf "$scratch"
}
trap end EXIT
report() { # report STATUS NAME [what went wrong]
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else
		failed=$((failed + 1))
		echo "not ok $number - $2"
		[ -n "$3" ] && echo "# ${3:0:600}"
	fi
}
. tests/live/ports.sh
port=$(free_ports 5)
page=http://127.0.0.1:$port

cp -r examples "$scratch/" && cd "$scratch" || exit 1
sed -i "s/127.0.0.1:8080/127.0.0.1:$port/; s/:1790/:$((port + 1))/g; s/:6343/:$((port + 2))/; s/:2055/:$((port + 3))/; s/:4739/:$((port + 4))/
s|data_directory: .*|data_directory: ./var|; s|control_socket: .*|control_socket: var/sarai.sock|" examples/karachi.yaml
mkdir -p var
sarai=$top/build/sarai
"$sarai" lab examples/karachi.yaml --history 3d --only-history 2>history.log
report $? "the lab makes up three days" "$(tail -3 history.log)"
"$sarai" run examples/karachi.yaml --simulated >hub.log 2>&1 &
hub=$!
for _ in $(seq 600); do curl -sf "$page/api/v1/status" >/dev/null && break; sleep 0.1; done
"$sarai" lab examples/karachi.yaml >lab.log 2>&1 &
lab=$!
up() { curl -s "$page/api/v1/overview" | jq -e '.numbers.members_up == 12 and .numbers.now_bps > 0' >/dev/null; }
for _ in $(seq 1800); do up && break; sleep 0.1; done
up
report $? "twelve members are up, and traffic is measured" "$(tail -n 3 hub.log; tail -n 3 lab.log)"

# check PATH FILTER: the answer is 200, and the filter is true of it.
check() {
	local code
	code=$(curl -s -o answer -w '%{http_code}' "$page/api/v1/$1")
	if [ "$code" = 200 ] && jq -e "$2" answer >/dev/null 2>why; then report 0 "$1 answers as docs/api.md says"; else
		report 1 "$1 answers as docs/api.md says" "status $code, $(cat why): $(head -c 400 answer)"
	fi
}
asn=$(curl -s "$page/api/v1/members" | jq '.members[0].asn')
month=$(date -u -d yesterday +%Y-%m) # on the first day of a month it has no bins yet
check status '.hub.asn > 0 and .simulated and (.rooms | length) == 8 and all(.rooms[]; .state == "up")'
check overview '.hub.name and (.incidents | type) == "array" and .numbers.sessions > 0 and (.busiest | type) == "array" and .simulated'
check members '(.members | length) == 12 and all(.members[]; has("asn") and has("name") and has("kind") and has("country") and has("trouble") and has("trouble_text") and .speed_bps > 0 and has("accepted") and has("filtered") and has("exported") and all(.sessions[]; has("id") and has("address") and has("state") and has("since") and (.families | length) > 0 and has("last_error") and has("flaps") and has("received_updates") and has("sent_updates")))'
check "members/$asn" ".asn == $asn and (.ports | length) > 0 and all(.ports[]; has(\"id\") and has(\"site\") and has(\"speed_bps\") and has(\"vlan\") and has(\"ipv4\") and has(\"ipv6\") and has(\"macs\")) and all(.reasons[]; .reason and .count and .mend) and has(\"contacts\")"
check "members/$asn" 'all(.sessions[]; has("agreed") and has("limits") and has("guard") and has("last_sent")) and .rpki.valid >= 0 and has("next_hops")'
check "members/$asn/exports" '.accepted >= 0 and (.members | length) == 11 and all(.members[]; has("may_hear") and has("hears") and has("why_not"))'
check "members/$asn/peering" 'all(.members[]; has("may_be_heard") and has("heard"))'
check "members/$asn/policy" '(.wanted | length) > 10 and any(.values[]; .item == "as_path_max" and .from == "hub") and (.as_sets | length) > 0'
check policy '.member == null and any(.values[]; .item == "irr.origin")'
check communities '.profile and any(.communities[]; .action == "announce-to" and (.large | length) > 0) and any(.reasons[]; .euro_ix == "1101:13")'
check rpki 'has("ready") and has("sources") and .accepted.not_checked >= 0'
check sessions '(.sessions | length) == 13 and all(.sessions[]; .asn and .name and .id and has("state") and .held == false and has("bfd") and .stale == 0 and has("unsent_octets") and .stuck_since == null)'
check bfd '(.sessions | length) == 0 and .dropped.unknown == 0'
check bmp '.stations == []'
check mrt '.directory == null and .table.files == 0 and .updates.next == null'
other=$(curl -s "$page/api/v1/members" | jq '.members[1].asn')
check "routes?member=$other&to=$asn&limit=5" "(.routes | length) > 0 and all(.routes[]; .member_asn == $other)"
check "routes?not_to=$asn" "all(.routes[]; .member_asn != $asn)"
check "members/$asn/curve?hours=24" '.bin_s == 300 and (.points | length) > 100 and all(.points[]; length == 4) and has("p95_in_bps") and has("p95_out_bps") and has("commit_bps") and .simulated'
check "members/$asn/curve?month=$month" '.from and .to and (.points | type) == "array"'
check 'routes?limit=5' '(.routes | length) == 5 and .total == 5 and .truncated and all(.routes[]; .prefix and .member_asn and .member_name and .session and .state == "accepted" and has("best") and has("as_path") and has("origin") and has("next_hop") and has("med") and has("communities") and has("large_communities") and has("ext_communities") and has("age_s"))'
prefix=$(curl -s "$page/api/v1/routes?limit=1" | jq -r '.routes[0].prefix')
check "route?q=$prefix" ".routes[0].prefix == \"$prefix\" and (.routes[0].heard_by | length) > 0"
check "explain?q=$prefix&roa=$prefix+0" '.paths[0].steps[0].part == "in" and any(.paths[0].steps[]; .part == "choice") and (.supposed.paths | length) > 0 and (.supposed | has("changes")) and all(.paths[].steps[]; has("outcome") and has("text"))'
check "route?q=$prefix" 'any(.routes[].sent[]; (.to | length) > 0 and has("as_path"))'
check "filtered?member=$asn" "all(.routes[]; .member_asn == $asn and .state == \"filtered\" and (.reasons | length) > 0 and all(.reasons[]; .reason and .mend))"
check traffic '.now.in_bps > 0 and has("last") and (.ports | length) > 0 and all(.ports[]; has("port") and has("asn") and has("member") and has("speed_bps") and has("in_bps") and has("out_bps") and has("utilisation") and has("source")) and has("unattributed") and has("kernel_drops") and has("kept_local_share")'
check exporters '(.exporters | length) > 0 and all(.exporters[]; has("exporter") and has("address") and has("known") and has("protocols") and has("datagrams") and has("records") and has("lost_records") and has("refused") and has("last_heard"))'
check matrix 'has("start") and has("length_s") and all(.pairs[]; has("from_asn") and has("from") and has("to_asn") and has("to") and has("family") and has("octets") and has("bps")) and has("countries") and has("networks")'
check alarms '(.alarms | type) == "array" and (.over | type) == "array" and has("unlisted") and has("learns_until") and has("sessions_known") and all(.alarms[], .over[]; .id and .kind and .subject and .since and .text and has("asn") and has("member") and has("value") and has("threshold") and has("unit") and has("by") and has("proposal") and (.severity == "alarm" or .severity == "warning"))'
check proposals '.proposals | type == "array"'
check blackholes '.blackholes == []'
for what in service local member port as next-as country segment family; do
	check "traffic/by?what=$what&limit=1000" '.start and .length_s > 0 and .count >= (.rows | length) and all(.rows[]; .name and has("samples") and has("error_percent") and (has("bps") or (has("in_bps") and has("out_bps"))))'
done
check "ledger/invoices?month=$month" '.invoices == []'
check "ledger/payables?month=$month" '.invoices == []'
check ledger/adjustments '.adjustments == []'
check "blends?month=$month" '.blends == []'
check 'revenue?by=member' 'all(.totals[], .rows[]; .sum.amount and .cost.amount and .shared.amount and .kept.amount and .computed.amount)'
check memory '.octets > 0 and .socket_octets >= 0 and has("workers") and all(.parts[]; .part and .octets >= 0 and has("bound_octets") and .refused >= 0)'
check polls '.polls == [] and .readings.refused == 0'
check ports 'all(.ports[]; has("if_index") and has("if_index_by") and has("counters_compared") and has("counters_by"))'
check "history/by?what=service&hours=6&each=hour&limit=5" '.each_s == 3600 and .series >= 1 and (.steps | length) >= 6 and all(.steps[]; length == 5 and .[1] >= 0 and (.[3] | type) == "array")'
check me '.role == "operator"'
check ledger '.journal.trouble == null and .open'
check "invoices?month=$month" '([.invoices[] | select(.purchase)] | length) == 1 and ([.invoices[] | select(.purchase == false)] | length >= 12 and all(.[]; .number and .contract and .asn and .member and .kind and .total.amount and .total.currency and has("p95_bps") and has("billed_bps") and has("commit_bps") and .simulated and has("final")))'
contract=$(curl -s "$page/api/v1/invoices?month=$month" | jq -r ".invoices[] | select(.asn == $asn) | .contract" | head -1)
check "bill/$asn?month=$month&contract=$contract" '.number and .total.amount and (.lines | length) > 0'
curl -s "$page/api/v1/bill/$asn?month=$month&contract=$contract&format=html" | grep -qi '<!doctype html>'
report $? "an invoice comes as a page to print"
[ "$(curl -s -o /dev/null -w '%{content_type}' "$page/api/v1/bill/$asn?month=$month&contract=$contract&format=csv")" = "text/csv; charset=utf-8" ] ||
	curl -s -o /dev/null -w '%{content_type}' "$page/api/v1/bill/$asn?month=$month&contract=$contract&format=csv" | grep -q '^text/csv'
report $? "and as CSV"
check corridor '(.sites | length) > 100 and (.segments | length) > 100 and all(.segments[]; has("id") and has("name") and has("a") and has("b") and has("length_km") and has("length_estimated") and has("usable") and has("status") and has("type") and has("capacity_bps") and has("load_bps") and has("utilisation") and has("countries"))'
check 'corridor/segment?id=P01' '.id == "P01" and has("contracts") and has("confidence")'
check 'corridor/site?id=KHI' '.id == "KHI" and (.segments | length) > 0'
check 'corridor/path?from=Hong+Kong&to=FRA&avoid=RU&k=2' '(.paths | length) == 2 and .paths[0].length_km > 9000 and (.paths[0].countries | index("RU") | not)'
curl -s "$page/participants.json" | jq -e '.version == "1.0" and (.member_list | length) == 12' >/dev/null
report $? "the members are exported for IX-F"
why=$(curl -s "$page/participants.json" | python3 "$top/tests/web/check_participants.py" 2>&1)
report $? "in the form of its schema" "$why"
jq 'del(.member_list[0].connection_list[0].ixp_id)' <(curl -s "$page/participants.json") | python3 "$top/tests/web/check_participants.py" >/dev/null
[ $? = 1 ]
report $? "(and what is not would be seen)"
why=$(python3 "$top/tests/web/check_birdwatcher.py" "$page" 2>&1)
report $? "Alice-LG can read it as it reads birdwatcher" "$why"
curl -s "$page/metrics" >metrics
for room in exchange meter ledger corridor; do grep -q "^sarai_room_answers{room=\"$room\"} 1" metrics || echo "$room" >>silent; done
[ ! -e silent ]
report $? "all rooms give metrics" "$(cat silent 2>/dev/null)"
why=$(python3 "$top/tests/web/check_metrics.py" <metrics 2>&1)
report $? "every line of them is as Prometheus wants it" "$why"
[ "$(curl -s -X POST -o /dev/null -w '%{http_code}' "$page/api/v1/members")" = 405 ]
report $? "nothing can be posted"
# listen EVENT...: to the events, until all of these have come.
listen() {
	timeout 100 curl -sN "$page/api/v1/events" >events &
	local stream=$! event
	for event in "$@"; do
		for _ in $(seq 900); do grep -q "^event: $event" events && break; sleep 0.1; done
	done
	kill $stream 2>/dev/null
	wait $stream 2>/dev/null
}
listen overview members traffic beat alarms proposals month corridor
grep -q '^event: overview' events && grep -q '^event: members' events && grep -q '^event: traffic' events && grep -q '^event: beat' events && grep -q '^event: alarms' events && grep -q '^event: proposals' events && grep -q '^event: month' events && grep -q '^event: corridor' events
report $? "the events tell overview, members, traffic, alarms, proposals, the month, what is cut, and beat"

# Who sees what: the same hub file with passwords, and without the word that all may see all.
{ cat examples/karachi.yaml; printf 'page: {visitors: public, password: "operator pass"}\n'; } >examples/closed.yaml
sed -i "s/^  - asn: $asn\$/&\n    page_password: \"member's own\"/" examples/closed.yaml
cp examples/karachi.yaml examples/open.yaml
"$sarai" -s var/sarai.sock apply examples/closed.yaml >apply.log 2>&1
report $? "a hub file with passwords is taken over" "$(cat apply.log)"
status_of() { curl -s -o answer -w '%{http_code}' "$@"; }
for _ in $(seq 300); do [ "$(status_of "$page/api/v1/revenue")" = 403 ] && break; sleep 0.1; done
own="-u $asn:member's own" bad=
for question in "ledger/statement/$asn" "ledger/invoices" "ledger/disputes" "members/$asn" "members/$asn/curve" "forecast" "bill/$asn?month=$month&contract=$contract" "history/by?what=as"; do
	[ "$(status_of "$page/api/v1/$question")" = 403 ] || bad="$bad visitor:$question"
	[ "$(status_of "${own:0:2}" "${own:3}" "$page/api/v1/$question")" = 200 ] || bad="$bad member:$question:$(head -c 100 answer)"
done
for question in "ledger/statement/$other" "ledger/invoices?member=$other" "members/$other" "members/$other/curve" "forecast?member=$other" "bill/$other?month=$month" "history/by?what=as&member=$other" revenue invoices ledger/aged ledger/entries alarms matrix ports; do
	[ "$(status_of "${own:0:2}" "${own:3}" "$page/api/v1/$question")" = 403 ] || bad="$bad other:$question"
	[ "$(status_of -u 'operator:operator pass' "$page/api/v1/$question")" != 403 ] || bad="$bad operator:$question"
done
report "$([ -z "$bad" ]; echo $?)" "a member sees its own accounts and nobody else's, a visitor none, the operator all" "$bad"
[ "$(status_of -u "$asn:guess" "$page/api/v1/me")" = 401 ] && [ "$(status_of "$page/metrics")" = 403 ] && [ "$(status_of "$page/api/v1/routes?limit=1")" = 200 ]
report $? "a wrong password is refused, metrics are the operator's, the looking glass is everybody's"
listen overview beat
grep -q '^event: overview' events && ! grep -qE '^event: (members|traffic|alarms|proposals|month|corridor)' events && ! grep -q '"rooms"' events
report $? "a visitor hears sums, and nothing else" "$(grep ^event events | sort | uniq -c)"
"$sarai" -s var/sarai.sock apply examples/open.yaml >apply.log 2>&1
for _ in $(seq 300); do [ "$(status_of "$page/api/v1/revenue")" = 200 ] && break; sleep 0.1; done
report "$([ "$(status_of "$page/api/v1/revenue")" = 200 ]; echo $?)" "without them all is seen as before" "$(cat apply.log)"

# A browser looks at it.
. "$top/tests/web/page_tools.sh"
bring_packages "$top" npm.log
report $? "npm ci brings the packages of the page" "$(tail -3 npm.log)"
PAGE=$page CHROMIUM=$(command -v chromium || command -v google-chrome) FIRST=$number timeout -k 5 600 "$node" "$top/tests/web/page.mjs" >browser 2>browser.err
status=$?
cat browser
number=$((number + $(grep -cE '^(not )?ok ' browser)))
failed=$((failed + $(grep -c '^not ok ' browser)))
report $status "the browser's look ended well" "$(tail -3 browser.err)"

# One room dies; the others go on, and it comes back.
kill -9 "$(curl -s "$page/api/v1/status" | jq '.rooms[] | select(.room == "meter") | .pid')"
code=$(curl -s -o answer -w '%{http_code}' "$page/api/v1/members")
[ "$code" = 200 ]
report $? "with the meter killed the exchange answers" "$code"
for _ in $(seq 600); do [ "$(curl -s -o /dev/null -w '%{http_code}' "$page/api/v1/traffic")" = 200 ] && break; sleep 0.1; done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$page/api/v1/traffic")" = 200 ]
report $? "the meter comes back"
echo "1..$number"
[ "$failed" = 0 ]
