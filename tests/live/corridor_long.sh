#!/bin/bash
# Long questions to a running hub's corridor: a process of its own answers each, and the room goes on.
. "$(dirname "$0")/hub.sh"
hub_begin
hub_start
ok $? "the hub starts" || done_testing
room=$(room_field corridor pid)

# The children of the corridor's room that answer something.
answering() { pgrep -P "$room" sarai:answering; }
none_answers() { ! answering; }

ask -j corridor next >"$hub_dir/next.json"
is "$? $(jq '.next | length > 5' "$hub_dir/next.json")" "0 true" "corridor next is answered"
"$sarai" -j corridor next --hub "$hub_dir/hub.yaml" >"$hub_dir/file.json"
is "$(jq -S '[.next[] | {(.candidates[0]): .cost_usd}]' "$hub_dir/next.json")" \
	"$(jq -S '[.next[] | {(.candidates[0]): .cost_usd}]' "$hub_dir/file.json")" "in the order of the answer from the file"
like "$(ask corridor next --budget 100)" "where next*for*" "in text too"
like "$(ask --csv corridor revenue)" "id,usd_a_year*" "and another as CSV"
ask corridor next --by hope 2>"$hub_dir/error"
is $? 2 "a complaint has its status"
like "$(cat "$hub_dir/error")" '*found "hope", expected availability*' "and its words"

# What the ledger billed stands beside what is modelled: commitments are billed whatever was measured.
month=$(date -u +%Y-%m)
ask -j show revenue by segment month "$month" >"$hub_dir/billed.json"
ask -j corridor revenue --of segment --month "$month" >"$hub_dir/modelled.json"
is "$? $(jq -c '[.measured | .known, .month]' "$hub_dir/modelled.json")" "0 [true,\"$month\"]" "the ledger is asked what it billed"
billed() { jq --arg id "$1" '[.rows[] | select(.key == $id and .sum.currency == "USD") | .sum.amount | tonumber] | add' "$hub_dir/billed.json"; }
measured() { jq --arg id "$1" '.revenue[] | select(.id == $id) | .measured_usd_month' "$hub_dir/modelled.json"; }
for segment in P01 P02; do
	ok "$(jq -n --argjson a "$(billed $segment)" --argjson b "$(measured $segment)" 'if $a > 0 and ($a - $b | fabs) < 0.005 then 0 else 1 end')" \
		"$segment brought what the ledger says"
done
is "$(jq '[.revenue[] | .measured_usd_month] | add - 0 | . * 100 | round' "$hub_dir/modelled.json")" "$(jq '.measured.usd * 100 | round' "$hub_dir/modelled.json")" "the sum is that of the segments"
like "$(ask corridor worth --of PK)" "*measured*USD*by the ledger*" "worth has it too"
like "$(ask corridor target 1 --of P01)" "*measured*USD*by the ledger*" "and the target"
like "$("$sarai" corridor revenue --hub "$hub_dir/hub.yaml")" "*measured*unknown: the hub does not run*" "of a file it is not known"

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
