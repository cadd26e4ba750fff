#!/bin/bash
# Long questions to a running hub's corridor: a process of its own answers each, and the room goes on.
. "$(dirname "$0")/hub.sh"
hub_begin
# The corridor's lists of the other example, without the demands of its members.
head -39 "$root/examples/silkroad/demands.csv" >"$hub_dir/demands.csv"
echo "demands: {csv: demands.csv}" >>"$hub_dir/hub.yaml"
for list in cables risks failure_rates prices candidates; do
	echo "$list: {csv: $root/examples/silkroad/$list.csv}" >>"$hub_dir/hub.yaml"
done
hub_start
ok $? "the hub starts" || done_testing
room=$(room_field corridor pid)

# The children of the corridor's room that answer something.
answering() { pgrep -P "$room" sarai:answering; }
none_answers() { ! answering; }

ask -j corridor next >"$hub_dir/next.json"
is "$? $(jq '.next | length > 5' "$hub_dir/next.json")" "0 true" "corridor next is answered"
"$sarai" -j corridor next --hub "$hub_dir/hub.yaml" >"$hub_dir/file.json"
is "$(jq -S '[.next[] | {(.candidates[0]): .capex_usd}]' "$hub_dir/next.json")" \
	"$(jq -S '[.next[] | {(.candidates[0]): .capex_usd}]' "$hub_dir/file.json")" "in the order of the answer from the file"
like "$(ask corridor next --budget 100)" "where next*for*" "in text too"
like "$(ask --csv corridor revenue)" "id,usd_a_year*" "and another as CSV"
ask corridor next --by hope 2>"$hub_dir/error"
is $? 2 "a complaint has its status"
like "$(cat "$hub_dir/error")" '*found "hope", expected availability*' "and its words"

# Stopped in the middle of its work, it holds up nobody.
ask corridor sensitivity worth --of PK --draws 1000000 >"$hub_dir/long" 2>&1 &
client=$!
wait_for 30 answering
child=$(answering | head -1)
[ -n "$child" ] && kill -STOP "$child"
ok $? "a long question is answered by a process of its own"
like "$(ask corridor path KHI ALA)" "*Karachi*" "while it works, others are answered"
like "$(ask corridor revenue)" "what the demands bring*" "long ones too"
is "$(room_field corridor restarts)" 0 "by the same room"
kill -CONT "$child"

# Nobody waits for it any more.
kill "$client" && wait "$client" 2>/dev/null
wait_for 60 none_answers
ok $? "when its client is gone it ends"

# It dies.
ask corridor sensitivity worth --of PK --draws 1000000 >"$hub_dir/long" 2>&1 &
client=$!
wait_for 30 answering
child=$(answering | head -1)
[ -n "$child" ] && kill -KILL "$child"
wait "$client"
is $? 1 "when it dies the client hears of it"
like "$(cat "$hub_dir/long")" "*died*" "in words"
like "$(ask corridor worth --of PK)" "what passing PK is worth*" "and the room still answers"
is "$(ps -o stat= --ppid "$room" | grep -c '^Z')" 0 "nothing dead is left behind"
done_testing
