#!/bin/bash
# Demands as they were measured: what the ledger has between sites, laid on the corridor, beside what another program makes of the
# exported bins.
. "$(dirname "$0")/hub.sh"
hub_begin
here=$(dirname "$0")
# Two demands instead of the example's: one of a member's ports, one that is told.
sed -i '/^demands:/d' "$hub_dir/hub.yaml"
printf 'demands:\n  - {id: poplar, from: KHI, to: FRA, member: 64512}\n  - {id: told, from: KHI, to: FRA, gbps: 7}\n' >>"$hub_dir/hub.yaml"
"$sarai" lab "$hub_dir/hub.yaml" --history 1d --only-history 2>"$hub_dir/history.log"
ok $? "a day of history is made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing
# All that is compared is asked within one bin of the hub that runs, which has nothing in it but counts as an interval.
take() {
	rm -rf "$hub_dir/export"
	ask show demands -j >"$hub_dir/demands.json" &&
		"$sarai" store export "$hub_dir/data/ledger.sqlite" "$hub_dir/export" >"$hub_dir/export.log" 2>&1 || return 1
	for word in mean p95 peak; do
		ask corridor flow --demands measured --measured $word -j >"$hub_dir/$word.json" || return 1
	done
	ask corridor flow --measured p95 -j >"$hub_dir/members.json" || return 1
	[ "$(ask show demands -j | jq .intervals)" = "$(jq .intervals "$hub_dir/demands.json")" ]
}
wait_for 60 take
ok $? "the ledger is asked, and its bins are exported" || done_testing
python3 "$here/measured_audit.py" "$hub_dir/export" "$hub_dir/demands.json" >"$hub_dir/audit" 2>&1
ok $? "mean, 95th percentile and peak between sites, and of members, are what the bins come to"
sed 's/^/# /' "$hub_dir/audit"
jq '.demands[0].p95_bps += 2000' "$hub_dir/demands.json" >"$hub_dir/wrong.json"
python3 "$here/measured_audit.py" "$hub_dir/export" "$hub_dir/wrong.json" >/dev/null 2>&1
is $? 1 "two kbit/s more are noticed"

for word in mean p95 peak; do
	is "$(jq -c '[.demands[] | {key: .id, value: .asked_bps}] | from_entries' "$hub_dir/$word.json")" \
		"$(jq -c "[.demands[] | select(.${word}_bps > 0) | {key: \"\(.asn):\(.from)-\(.to)\", value: .${word}_bps}] | from_entries" \
			"$hub_dir/demands.json")" "they are laid as demands: $word"
done
is "$(jq -c '[.demands[].rate] | unique' "$hub_dir/p95.json")" '["measured"]' "which says that they were measured"
is "$(jq '[.demands[] | .served_least_bps <= .served_bps and .ways[0].round_trip_ms > 0] | all' "$hub_dir/p95.json")" true \
	"on ways that take their time"
is "$(jq -c '.demands[0].asked_gbps | .low < .value and .value < .high' "$hub_dir/p95.json")" true "with a range, for samples are few"
is "$(jq '[.segments[] | .load_ab_bps + .load_ba_bps] | max > 0' "$hub_dir/p95.json")" true "and load segments"
like "$(ask corridor flow --demands measured)" '*Measured: p95 of *stays at a site.' "text says what they rest on"
is "$(jq -c '[.demands[] | [.id, .rate]]' "$hub_dir/members.json")" '[["poplar","measured"],["told","told"]]' \
	"the hub file's demands take theirs from the member's ports"
is "$(jq '.demands[] | select(.id == "poplar").asked_bps' "$hub_dir/members.json")" \
	"$(jq '.members[] | select(.asn == 64512).p95_bps' "$hub_dir/demands.json")" "which had that"
next=$(($(date -u +%Y) + 1))
is "$(ask corridor flow --demands measured --date $next-12 -j | jq "(.total.asked_bps > $(jq .total.asked_bps "$hub_dir/p95.json"))")" true "by a later day they have grown"
is "$(ask corridor whatif P05 --demands measured -j | jq -c '[.demands[].id] | sort')" \
	"$(jq -c '[.demands[].id] | sort' "$hub_dir/p95.json")" "a cut is told of the same demands"
for question in flow 'whatif P05' worth revenue next 'target 1' 'simulate --years 1 --draws 100'; do
	read -r what rest <<<"$question"
	ask corridor $what $rest --demands measured --measured p95 -j >"$hub_dir/shell.json"
	case $rest in
	--years*) query='years=1&draws=100&' ;;
	P05) query='cut=P05&' ;;
	1) query='amount=1&' ;;
	*) query= ;;
	esac
	curl -s "http://127.0.0.1:$((hub_port + 4))/api/v1/corridor/$what?${query}demands=measured&measured=p95" >"$hub_dir/http.json"
	is "$(jq -r '.error // .demands_measured' "$hub_dir/http.json" | cut -c1-16)" "Measured: p95 of" "$what tells by HTTP that demands were measured"
	# The words say up to when, to the second.
	is "$(jq -cS 'del(.demands_measured)' "$hub_dir/http.json")" "$(jq -cS 'del(.demands_measured)' "$hub_dir/shell.json")" \
		"and says the same as in the shell"
done
ask corridor flow --demands guessed 2>"$hub_dir/refused"
is "$?" 2 "another word is refused"
like "$(tr -s '\n ' ' ' <"$hub_dir/refused")" '*found "guessed", expected measured*' "in words"
ask corridor path KHI FRA --measured p95 2>"$hub_dir/refused"
is "$?" 2 "and so is a question that has no demands"
"$sarai" corridor flow --demands measured --hub "$hub_dir/hub.yaml" >/dev/null 2>"$hub_dir/refused"
like "$(tr -s '\n ' ' ' <"$hub_dir/refused")" '*of a hub that runs*' "a hub file has measured nothing"
ask show demands hours 1 >"$hub_dir/hour"
ok $? "an hour can be asked for"
ask show demands month 2001-01 -j | jq -e '.intervals == 0 and .demands == []' >/dev/null
ok $? "of a month without bins there is nothing"
done_testing
