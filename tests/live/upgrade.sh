#!/bin/bash
# A new binary takes over what it has checked: nothing changes between its check and its start.
. "$(dirname "$0")/hub.sh"
hub_begin
hub_start --simulated
ok $? "the hub starts" || done_testing
cat >"$hub_dir/slow" <<END
#!/bin/bash
if [ "\$1" = check ]; then
	touch "$hub_dir/checks"
	for _ in \$(seq 600); do [ -e "$hub_dir/enough" ] && break; sleep 0.1; done
fi
exec "$(realpath "$sarai")" "\$@"
END
printf '#!/bin/bash\necho "hub.yaml:1: does not please me"; exit 1\n' >"$hub_dir/picky"
chmod +x "$hub_dir/slow" "$hub_dir/picky"
sed 's/Karachi Transit Exchange/Karachi Second Exchange/' "$hub_dir/hub.yaml" >"$hub_dir/second.yaml"

text=$(ask upgrade "$hub_dir/picky" 2>&1)
is $? 1 "a binary that refuses the hub file does not take over"
like "$text" "*does not please me*" "and the operator reads why"
text=$(ask upgrade /bin/true 2>&1)
is $? 1 "nor does a program that is something else"
like "$text" "*does not say that*is no sarai*" "and that is said"
before=$(room_field exchange pid)
member=$(ask show members -j | jq -r '.members[0].asn')
ask member "$member" down "works" >/dev/null
ok $? "a member is taken down before"

ask upgrade "$hub_dir/slow" >"$hub_dir/said" 2>&1 &
asked=$!
wait_for 20 test -e "$hub_dir/checks"
text=$(ask apply "$hub_dir/second.yaml" --confirm 60 2>&1)
is $? 1 "while one checks, nothing is applied"
like "$text" "*another change*" "for a change is going on"
text=$(ask upgrade "$hub_dir/picky" 2>&1)
is $? 1 "nor is there a second one"
touch "$hub_dir/enough"
wait $asked
is $? 0 "the first one agrees"
took_over() { pid=$(room_field exchange pid) && [ -n "$pid" ] && [ "$pid" != "$before" ] && [ "$(room_field exchange state)" = up ]; }
wait_for 20 took_over
ok $? "and takes over"
kill -0 "$hub_pid" 2>/dev/null
ok $? "as the same process"
is "$(ask show status -j | jq -r .hub.name)" "Karachi Transit Exchange" "with the hub file that it has checked"
is "$(ask show member "$member" -j | jq -r '[.sessions[].state] | unique | join(" ")')" disabled "and the member still down"
ask apply "$hub_dir/second.yaml" >/dev/null
ok $? "after that there may be changes again"
done_testing
