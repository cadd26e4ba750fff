#!/bin/bash
# The corridor's plan in a running hub: a segment is cut by command, the exchange goes by the new plan; what was cut outlives the
# corridor's process.
. "$(dirname "$0")/hub.sh"
hub_begin

printf 'steering: {tokens: [{name: noc, token: 0123456789abcdef}]}\n' >>"$hub_dir/hub.yaml"
chmod 600 "$hub_dir/hub.yaml"
# A customer of the hub's own AS in Karachi, an upstream in Islamabad.
sed -i -e 's/{address: 127.0.1.4, families: \[ipv4, ipv6\]}/{id: customer, address: 127.0.1.4, transit: customer}/' \
	-e 's/{address: 127.0.1.5, families: \[ipv4, ipv6\]}/{id: upstream, address: 127.0.1.5, transit: upstream}/' "$hub_dir/hub.yaml"
hub_start
ok $? "the hub starts" || done_testing

# way: the segments from Karachi to the upstream, as the exchange has them; none when it is closed.
way() { ask show steer -j | jq -r '[.ingresses[] | select(.site == "KHI" and .member_asn == 0) | .exits[] | select(.exit == "upstream").way[]] | join(" ")'; }
state() { ask show steer -j | jq -r .state; }
by_plan() { [ "$(state)" = "by plan" ]; }
wait_for 5 by_plan
ok $? "routes go by the corridor's plan"
first=$(way)
segment=${first%% *}
[ -n "$segment" ]
ok $? "it has a way from Karachi to Islamabad: $first"

goes_around() { case " $(way) " in *" $segment "*) return 1 ;; esac }
preview=$(ask corridor cut "$segment" --preview -j)
is "$(jq -r '.segments[0].after' <<<"$preview")" cut "what a cut would do is told"
[ "$(jq '.moves | length' <<<"$preview")" -gt 0 ]
ok $? "and whose ways move"
is "$(way)" "$first" "and nothing is done"
is "$(ask corridor cut "$segment" --reason "an anchor")" "segment $segment: cut" "it is cut, without a question where there is no terminal"
wait_for 1 goes_around
ok $? "the exchange goes around it"
printf '# from the order to the plan on disk: %s us\n' "$(ask corridor steer -j | jq .took_us)"
is "$(ask show corridor events -j | jq -r '.events[-1] | "\(.deed) \(.id) \(.why)"')" "ordered $segment an anchor" "the journal has who, what and why"

# Of the month: the segment is cut, and there is a way all the same.
lived() { ask corridor availability KHI ISB --month "$(date -u +%Y-%m)" --sla 99.9 -j | jq -e --arg s "$segment" "$@"; }
wait_for 5 lived '.lived.segments[] | select(.segment == $s) | .times == 1 and .down_minutes > 0'
ok $? "the month so far has the minutes that it was cut"
lived '.lived | .down_minutes == 0 and .over_minutes < 0 and (.whole | not)' >/dev/null
ok $? "in which there was a way all the same, as promised, since the hub began"

# What else is asked of the corridor knows of it.
leads() { ask corridor path KHI ISB "$@" -j | jq -r '.paths[0].segments | join(" ")'; }
planned=$(leads --as-planned)
is "$(ask corridor path KHI ISB -j | jq -rc .cut_now)" "[\"$segment\"]" "questions are about the corridor as it is now, and say so"
now=$(leads)
[ -n "$now" ] && case " $now " in *" $segment "*) false ;; esac
ok $? "so the way is around it"
like " $planned " "* $segment *" "as planned it is over it"
like "$(ask corridor path KHI ISB | head -3)" "*as it is now, without $segment*" "in words too"

is "$(ask show overview -j | jq -r ".incidents[] | select(.link == \"#/corridor/$segment\") | .detail" | cut -d ';' -f 1)" "by root: an anchor" \
	"the overview has it, with who and why"

# By HTTP: order TOKEN PATH; prints the status.
order() { curl -s -o "$hub_dir/answer" -w '%{http_code}' -X POST -H "Authorization: Bearer $1" "http://127.0.0.1:$((hub_port + 4))/api/v1/corridor/$2"; }
is "$(order 0123456789abcdee "restore?name=$segment")" 401 "by HTTP nobody gives orders without a token"
is "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$((hub_port + 4))/api/v1/corridor/restore?name=$segment")" 404 "nor by looking"
is "$(order 0123456789abcdef "restore?name=$segment")" 200 "who has one does"
is "$(ask corridor steer -j | jq '.orders | length')" 0 "and it is done"
is "$(curl -s "http://127.0.0.1:$((hub_port + 4))/api/v1/corridor/cut/preview?name=$segment" | jq -r '.segments[0].after')" cut "what an order would do is told by HTTP"
is "$(order 0123456789abcdef "cut?name=$segment&reason=an%20anchor")" 200 "it is cut again"
like "$(ask show corridor events -j | jq -r '.events[-1] | "\(.deed) \(.id) \(.who): \(.why)"')" "ordered $segment noc, HTTP from 127.0.0.1, *: an anchor" "the journal has who it was"
is "$(order 0123456789abcdef "cut?name=$segment")" 409 "what is cut is not cut twice"
wait_for 5 goes_around
ok $? "and the exchange goes around it"

is "$(order 0123456789abcdef "drain?name=B01,Nowhere")" 404 "several at once by HTTP: where one is nothing, nothing is done"
is "$(ask corridor steer -j | jq '.orders | length')" 1 "and what stood stands alone"
is "$(order 0123456789abcdef "drain?name=B01,B02")" 200 "else all is"
is "$(jq -c '[.things[].id]' "$hub_dir/answer")" '["B01","B02"]' "which the answer names"
is "$(ask corridor restore B01,B02)" "segment B01: restored
segment B02: restored" "and restored in one order"

number=$(ask show steer -j | jq .number)
kill -KILL "$(room_field corridor pid)"
renewed() { [ "$(ask show steer -j | jq .number)" -gt "$number" ] && by_plan; }
wait_for 15 renewed
ok $? "a new process of the corridor renews the plan, with a higher number"
goes_around
ok $? "and what was cut is cut still"
ask corridor cut "$segment" >/dev/null 2>&1
is $? 1 "so cutting it again is refused"
is "$(ask corridor restore "$segment")" "segment $segment: restored" "it is restored"
sleep 2
goes_around
ok $? "a better way is not taken at once"
is "$(ask corridor steer -j | jq '.waiting > 0')" true "but waits"

# The file of what is ordered is harmed, then its copy too.
again() {
	pid=$(room_field corridor pid)
	for name in "$@"; do printf 'x' | dd of="$hub_dir/data/corridor/$name" bs=1 seek=40 conv=notrunc 2>/dev/null; done
	kill -KILL "$pid"
}
returned() { [ "$(room_field corridor pid)" != "$pid" ] && ask corridor steer -j >/dev/null 2>&1; }
ask corridor cut "$segment" --yes >/dev/null
sleep 2.5
again state
wait_for 15 returned
is "$(ask corridor steer -j | jq -r '.orders[0].id')" "$segment" "what is cut is taken from the copy of a file that was harmed"
again state state.copy
wait_for 15 returned
lost() { ask show overview -j | grep -q 'What was cut, drained and worked on is lost'; }
wait_for 5 lost
ok $? "when neither can be read an incident says so"
[ -e "$hub_dir/data/corridor/state.damaged" ] && [ -e "$hub_dir/data/corridor/state.copy.damaged" ]
ok $? "and both are kept"
ask corridor cut "$segment" --yes >/dev/null
lost
is $? 1 "until an order is given"
done_testing
