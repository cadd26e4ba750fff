#!/bin/bash
# Which routes neighbours of the hub's own AS would hold if something were cut: the exchange asks the corridor for the plan that
# would follow, and what it says before a cut is what holds after it.
. "$(dirname "$0")/hub.sh"
hub_begin transit
hub_start
ok $? "the hub starts" || done_testing
lab_start
ok $? "and its neighbours"
by_plan() { [ "$(ask show steer -j | jq -r .state)" = "by plan" ]; }
wait_for 5 by_plan
ok $? "routes go by the corridor's plan"


prefix=$(ask show routes to 64513 limit 200 -j | jq -r '[.routes[] | select(.member_asn == 64511)][0].prefix')
[ -n "$prefix" ] && [ "$prefix" != null ]
ok $? "a customer hears a prefix of an upstream: $prefix"
# What the customer takes for it by the table: exit, metric, LOCAL_PREF, way.
takes() { ask show steer "$prefix" for AS64513 -j | jq -rc '[.sessions[] | select(.session == "indus") | .paths[] | select(.taken) | [.exit, .metric, .local_pref, .way]][0]'; }
# The same of `explain`, now or then.
told() { jq -rc --arg w "$1" '[.supposed.exits[] | select(.session == "indus") | .[$w] | [.exit, .metric, .local_pref, .way]][0]'; }
first=$(takes)
# The first segment of it that no other of the same length stands in for.
for segment in $(jq -r '.[3][]' <<<"$first"); do
	answer=$(ask explain "$prefix" to AS64513 if cut "$segment" -j)
	[ "$(told then <<<"$answer" | jq '.[1]')" != "$(jq '.[1]' <<<"$first")" ] && break
done
[ -n "$segment" ]
ok $? "over a way: $first"
is "$(told now <<<"$answer")" "$first" "explain has what holds now"
then=$(told then <<<"$answer")
[ "$then" != "$first" ] && [ "$then" != null ] && ! grep -q "\"$segment\"" <<<"$then"
ok $? "and another way if $segment is cut: $then"
like "$(jq -r .supposed.words <<<"$answer")" "*segment $segment cut*" "in words, what is supposed"
like "$(ask explain "$prefix" to AS64513 if cut "$segment")" "*Exits*indus at KHI*now *then *LOCAL_PREF*next hop*" "the same as text"
is "$(takes)" "$first" "and nothing is done"
is "$(ask corridor steer -j | jq '.orders | length')" 0 "nor ordered"
hop=$(jq -r '.supposed.exits[] | select(.session == "indus") | .then | "\(.next_hop) \(.med)"' <<<"$answer")

answer=$(ask explain "$prefix" to AS64513 if cut site:FRA -j)
[ "$(jq -r '[.supposed.exits[] | select(.session == "indus") | .then.exit][0]' <<<"$answer")" != frankfurt ]
ok $? "a site that is cut is no exit"
like "$(ask explain "$prefix" if cut "country:EG,$segment" -j | jq -r .supposed.words)" "country EG and 1 more cut*" "countries and several at once are understood as by corridor cut"
is "$(ask explain "$prefix" if cut Nowhere 2>&1 >/dev/null | grep -c 'the corridor: .*Nowhere')" 1 "a name that nothing has is refused, with the corridor's reason"
ask explain "$prefix" if cut >/dev/null 2>&1
is $? 2 "and so is none"
is "$(ask explain "$prefix" if restore "$segment" 2>&1 >/dev/null | grep -c 'nothing is ordered')" 1 "nothing is restored that is not cut"

get() { curl -s "http://127.0.0.1:$((hub_port + 4))/api/v1/$1"; }
is "$(get "explain/cut?q=$prefix&name=$segment&to=64513" | told then)" "$then" "the same by HTTP"
is "$(get "explain/cut?q=$prefix&name=Nowhere" | jq -r '.error | tostring' | grep -c Nowhere)" 1 "errors too"

ask corridor cut "$segment" --yes >/dev/null
around() { [ "$(takes)" = "$then" ]; }
wait_for 5 around
ok $? "when it is cut, what was said is what holds"
held=$(ask explain "$prefix" to AS64513 if restore "$segment" -j)
is "$(jq -r '.supposed.exits[] | select(.session == "indus") | .now | "\(.next_hop) \(.med)"' <<<"$held")" "$hop" "with the next hop and MED that were told"
is "$(told then <<<"$held")" "$first" "and if it is restored, what was before comes back"

# Without the corridor there is no answer, and the exchange goes on.
kill -STOP "$(room_field corridor pid)"
ask explain "$prefix" if cut country:EG >"$hub_dir/late" 2>&1 &
late=$!
is "$(ask show steer -j | jq -r '.state != null')" true "while the corridor is silent the exchange answers others"
kill -CONT "$(room_field corridor pid)"
wait $late && grep -q '^If so: country EG cut' "$hub_dir/late"
ok $? "and the question is answered when it speaks"
done_testing
