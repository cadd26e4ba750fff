#!/bin/bash
# The proof of the way in a running hub: what the corridor says goes into the journal of ways; over a made-up history the proof is
# what another program makes of that journal and of the exported bins; a member sees its own; the file is checked without a hub.
. "$(dirname "$0")/hub.sh"
hub_begin
here=$(dirname "$0")
sed -i -e 's/{address: 127.0.1.4, families: \[ipv4, ipv6\]}/{id: customer, address: 127.0.1.4, transit: customer}/' \
	-e 's/{address: 127.0.1.5, families: \[ipv4, ipv6\]}/{id: upstream, address: 127.0.1.5, transit: upstream}/' "$hub_dir/hub.yaml"
# Two days of history; the month that is looked at is the one in which most of it lies, whatever day it is.
now=$(date -u +%s)
month=$(date -u -d "@$((now - 129600))" +%Y-%m)
"$sarai" lab "$hub_dir/hub.yaml" --history 2d --only-history 2>"$hub_dir/history.log"
ok $? "two days of history are made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing
ways=$hub_dir/data/ways.sqlite
corridor=$hub_dir/data/corridor

# A copy, which a reader never keeps the hub from writing to.
said() { [ -e "$ways" ] && sqlite3 "$ways" ".backup '$hub_dir/copy.sqlite'" && sqlite3 "$hub_dir/copy.sqlite" "$1"; }
has_said() { [ -n "$(said "SELECT number FROM entry WHERE CAST(body AS TEXT) LIKE '%\"to\":\"upstream\"%' LIMIT 1")" ]; }
wait_for 30 has_said
ok $? "what the corridor plans is in the journal of ways" || done_testing
is "$(ask ledger balance -j | jq -c .accounts)" '[]' "and not in that of money"
plan=$(said "SELECT CAST(body AS TEXT) FROM entry WHERE CAST(body AS TEXT) LIKE '%\"to\":\"upstream\"%' ORDER BY number DESC LIMIT 1")

# The same was said of the past: from a moment in the middle of a bin, then with the way of all in Karachi closed.
stamp() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }
first=$((now - 144000)) second=$((now - 120000)) third=$((now - 80000))
first=$((first - first % 300 + 77)) second=$((second - second % 300 + 130))
jq -c ".from = \"$(stamp $first)\" | .until = \"$(stamp $third)\"" <<<"$plan" >"$hub_dir/first"
jq -c ".from = \"$(stamp $second)\" | .until = \"$(stamp $third)\" | .ways |= map(if .site == \"KHI\" then .segments = null else . end)" \
	<<<"$plan" >"$hub_dir/second"
mv "$hub_dir/first" "$corridor/1.ways" && mv "$hub_dir/second" "$corridor/2.ways"
echo nonsense >"$hub_dir/nonsense" && mv "$hub_dir/nonsense" "$corridor/3.ways"
taken() { [ ! -e "$corridor/1.ways" ] && [ ! -e "$corridor/2.ways" ] && [ -e "$corridor/3.ways.refused" ]; }
wait_for 30 taken
ok $? "what is said is taken in, what makes no sense put aside"

# A night of changes, and a ledger that is killed among them: each is in the journal once, as what has changed.
whole() { said "SELECT count(*) FROM entry WHERE CAST(text AS TEXT) NOT LIKE '%action until % since %'"; }
for i in {1..40}; do
	from=$((third + i * 700))
	jq -c ".from = \"$(stamp $from)\" | .until = \"$(stamp $((third + 41 * 700)))\" |
		.ways |= (to_entries | map(if .key % 7 == $((i % 7)) then .value.segments = null else . end | .value))" <<<"$plan" >"$hub_dir/next"
	mv "$hub_dir/next" "$corridor/$((100 + i)).ways"
	((i % 8 == 0)) && kill -KILL "$(room_field ledger pid)" 2>/dev/null
done
drained() { ! compgen -G "$corridor/1??.ways" >/dev/null && said "SELECT 1" >/dev/null; }
wait_for 60 drained
is "$(said "SELECT count(*) FROM entry WHERE CAST(text AS TEXT) LIKE '%key ways 1__'||char(10)||'%'")" 40 "each of forty changes is an entry, though the ledger was killed"
ok "$(($(whole) > 20))" "most of them only say what has changed ($(whole) of $(said "SELECT count(*) FROM entry") say all)"

# Held against another reckoning.
"$sarai" store export "$hub_dir/data/ledger.sqlite" "$hub_dir/export" >"$hub_dir/export.log" 2>&1
ok $? "the bins are exported" || sed 's/^/# /' "$hub_dir/export.log"
for member in 64512 64515 64516; do
	ask ledger way "$member" month "$month" -j >"$hub_dir/$member.json"
	said "SELECT 1" >/dev/null
	is "$(jq '[.proofs[].way | .in_octets > 0 and .estimated.octets > 0 and .unknown.octets > 0] | length > 0 and all' "$hub_dir/$member.json")" true \
		"AS$member has a proof, with what is not known"
	python3 "$here/way_audit.py" "$hub_dir/copy.sqlite" "$hub_dir/export" "$hub_dir/$member.json" >"$hub_dir/audit" 2>&1
	ok $? "which is what journal and bins come to" || sed 's/^/# /' "$hub_dir/audit"
	sed 's/^/# /' "$hub_dir/audit"
done
is "$(jq '[.proofs[0].way | .measured, .estimated, .unknown | .percent * 100 | round] | add' "$hub_dir/64512.json")" 10000 "parts add up to 100 %"
is "$(jq '[.proofs[0].way.ways[].percent * 100 | round] | add' "$hub_dir/64512.json")" 10000 "so do ways"
like "$(ask ledger way 64512 month "$month")" '*Countries crossed: *By entries *not known*' "as text it is told in sentences"

# The proof rests on the store: another bin, another proof.
jq '.proofs[0].way.in_octets += 1000000' "$hub_dir/64512.json" >"$hub_dir/wrong.json"
python3 "$here/way_audit.py" "$hub_dir/copy.sqlite" "$hub_dir/export" "$hub_dir/wrong.json" >/dev/null 2>&1
is $? 1 "a million octets more are noticed"

like "$(ask ledger verify)" 'sound: 0 entries*' "a running hub verifies both journals"
like "$("$sarai" ledger verify "$hub_dir/copy.sqlite")" 'sound: * entries*' "a copy of the ways is verified without a hub"
sqlite3 "$hub_dir/copy.sqlite" "DROP TRIGGER entry_changed; UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'PK', 'OM') AS BLOB) WHERE number = 1"
"$sarai" ledger verify "$hub_dir/copy.sqlite" >"$hub_dir/damage"
is $? 1 "one that was changed is not: $(head -1 "$hub_dir/damage")"

# The corridor dies: what was not said is not known.
entries=$(said "SELECT count(*) FROM entry")
kill -KILL "$(room_field corridor pid)"
more() { [ "$(said "SELECT count(*) FROM entry")" -gt "$entries" ] && [ -n "$(said "SELECT number FROM entry WHERE CAST(body AS TEXT) LIKE '%was not there%' LIMIT 1")" ]; }
wait_for 60 more
ok $? "a new process says from when on nobody knew"
done_testing
