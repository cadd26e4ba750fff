#!/bin/bash
# What an operator orders about the corridor is told to whoever listens, and shown by page, API and shell alike.
. "$(dirname "$0")/hub.sh"
hub_begin
page=http://127.0.0.1:$((hub_port + 4))/api/v1
hub_start
ok $? "the hub starts" || done_testing

curl -sN "$page/events" >"$hub_dir/events" &
listener=$!
# The newest event about it.
told() { grep -A1 '^event: corridor' "$hub_dir/events" | sed -n 's/^data: //p' | tail -1; }
told_says() { [ "$(told | jq -c "$1" 2>/dev/null)" = "$2" ]; }
wait_for 20 told_says .segments "[]"
ok $? "who begins to listen is told that nothing is cut"
ask corridor cut M07 --reason "an anchor" >/dev/null
wait_for 20 told_says .segments '[{"id":"M07","live":"cut"}]'
ok $? "and is told when something is"
is "$(told | jq -r '.orders[0] | "\(.state) \(.kind) \(.id): \(.why)"')" "cut segment M07: an anchor" "with who ordered what and why"
is "$(curl -s "$page/corridor/live" | jq -c .)" "$(told | jq -c .)" "the API says the same when it is asked"
is "$(ask show corridor live --csv | tr -d '\r' | tail -1)" "M07,cut" "and so does the shell"
is "$(curl -s "$page/corridor" | jq -r '.segments[] | select(.id == "M07").live')" cut "the map's answer has it"
ask corridor drain L04 >/dev/null
ask corridor restore M07 >/dev/null
wait_for 20 told_says .segments '[{"id":"L04","live":"drained"}]'
ok $? "what is restored is up again, and what is drained stands by itself"
kill "$listener"
wait "$listener" 2>/dev/null
done_testing
