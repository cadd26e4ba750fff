#!/bin/bash
# Content networks as they were measured: what the ledger has of them, some of it of days of which only sums are left, and what caches would
# take off by it, beside what another program makes of the exported bins.
. "$(dirname "$0")/hub.sh"
hub_begin
here=$(dirname "$0")
# A second cache for the same network, for the users of another site.
sed -i 's/^content:/content:\n  - {id: ALMANAC-ISB, kind: cache, from: FRA, to: ISB, asns: [64518, 64521], hit_percent: 50, usd_a_month: 1000}/' "$hub_dir/hub.yaml"
"$sarai" lab "$hub_dir/hub.yaml" --history 10d --only-history 2>"$hub_dir/history.log"
ok $? "ten days of history are made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing
"$sarai" check -p "$hub_dir/hub.yaml" >"$hub_dir/whole.yaml"
python3 - "$hub_dir/whole.yaml" >"$hub_dir/hub.json" <<'END'
import json, sys, yaml
items = yaml.load(open(sys.argv[1], encoding="utf-8"), Loader=yaml.BaseLoader)["content"]
print(json.dumps([{"id": i["id"], "to": i["to"], "asns": [int(a) for a in i.get("asns", [])], "serves_gbps": float(i.get("serves_gbps", 0))} for i in items]))
END
# All that is compared is asked while there are the same bins.
take() {
	rm -rf "$hub_dir/export"
	ask show content hours 240 -j >"$hub_dir/content.json" &&
		"$sarai" store export "$hub_dir/data/ledger.sqlite" "$hub_dir/export" >"$hub_dir/export.log" 2>&1 || return 1
	for word in mean p95 peak; do
		ask corridor content --measured $word --hours 240 -j >"$hub_dir/$word.json" || return 1
	done
	grep -q ',86400,' "$hub_dir/export/origins.csv" &&
		[ "$(ask show content hours 240 -j | jq .intervals)" = "$(jq .intervals "$hub_dir/content.json")" ]
}
wait_for 60 take
ok $? "the ledger is asked, and its bins are exported" || done_testing
audit() { python3 "$here/content_audit.py" "$hub_dir/export" "$1" "$hub_dir/hub.json" "$2" >"$hub_dir/audit" 2>&1; }
audit "$hub_dir/content.json" "$hub_dir/p95.json"
ok $? "mean, 95th percentile and peak, what is near by them and what that saves are what the bins come to"
sed 's/^/# /' "$hub_dir/audit"
jq '(.content[] | select(.id == "ALMANAC").p95_bps) += 3000' "$hub_dir/content.json" >"$hub_dir/wrong.json"
audit "$hub_dir/wrong.json" "$hub_dir/p95.json"
is $? 1 "three kbit/s more are noticed"
jq '(.content[] | select(.id == "ALMANAC").usd_a_year) *= 1.01' "$hub_dir/p95.json" >"$hub_dir/wrong.json"
audit "$hub_dir/content.json" "$hub_dir/wrong.json"
is $? 1 "and so is a hundredth more money"

is "$(jq -c '.shaped > 0 and .shaped < .intervals' "$hub_dir/content.json")" true "of some days only sums are left"
is "$(jq -c '[.content[] | select(.split) | .id]' "$hub_dir/content.json")" '["ALMANAC-ISB","ALMANAC"]' "two have a network in common"
is "$(jq -s -c '[.[].gbps] | .[0] < .[1] and .[1] < .[2]' "$hub_dir/mean.json" "$hub_dir/p95.json" "$hub_dir/peak.json")" true \
	"the mean is the least, the peak the most"
is "$(jq -c '[.content[] | select(.traffic == "measured") | .gbps_low <= .gbps and .gbps <= .gbps_high] | length > 3 and all' "$hub_dir/p95.json")" true \
	"with a range, for samples are few"
like "$(ask corridor content --hours 240 | tail -4 | tr -s '\n' ' ')" '*Measured: p95 of *Of * of them a network has its share of the day*' \
	"text says what they rest on"
ask show content >"$hub_dir/text"
like "$(cat "$hub_dir/text")" '*content*network*mean*p95*peak*AS64518*split as what leaves*' "content and networks stand in a table"
is "$(awk '{ if (length > n) n = length } END { print n <= 80 }' "$hub_dir/text")" 1 "of 80 columns"
is "$(ask show content --csv | head -1 | tr -d '\r')" asn,content,mean_bps,p95_bps,peak_bps,samples "and as CSV"
is "$(ask show content --csv | grep -c '^64518,ALMANAC-ISB ALMANAC,')" 1 "where a network names whose it is"
month=$(date -u +%Y-%m)
is "$(ask corridor content ALMANAC --month "$month" -j | jq -c '[.content[].traffic]')" '["measured"]' "of a month, of one of them"
is "$(ask corridor content ALMANAC --month "$month" --traffic 64518=3 -j | jq -c '.content[0].gbps')" 3 "what is told in the question goes before"
get() { curl -s -o "$hub_dir/http" -w '%{http_code}' "http://127.0.0.1:$((hub_port + 4))/api/v1/$1"; }
is "$(get 'content?hours=240') $(jq -c '.content | length > 3' "$hub_dir/http")" "200 true" "over HTTP, too"
is "$(get 'corridor/content?id=ALMANAC&measured=peak&hours=240') $(jq -c '.content[0].traffic' "$hub_dir/http")" '200 "measured"' "with what caches take off"
is "$(get 'content?month=2026-13')" 400 "a month that is none is refused"
is "$(get 'corridor/content?month=2001-01') $(grep -c 'nothing was measured in that time' "$hub_dir/http")" "404 1" \
	"a month without bins is told, and not taken for one without traffic"
for bad in "show content 2026-10" "show content hours 0" "corridor content --measured p50" "corridor content --month 2026-10 --hours 3" "corridor content --demands measured"; do
	# shellcheck disable=SC2086
	ask $bad >/dev/null 2>"$hub_dir/refused"
	is "$? $(grep -c . "$hub_dir/refused" | sed 's/^[1-9]$/words/')" "2 words" "$bad: refused"
done
"$sarai" corridor content --month "$month" --hub "$hub_dir/hub.yaml" >/dev/null 2>"$hub_dir/refused"
like "$? $(tr -s '\n ' ' ' <"$hub_dir/refused")" '2 *a hub that runs*' "a hub file has measured nothing"
sed '/^content:/,/^[a-z]/{/^content:/d; /^  /d}' "$hub_dir/hub.yaml" >"$hub_dir/none.yaml"
cp "$hub_dir/none.yaml" "$hub_dir/hub.yaml"
ask apply "$hub_dir/hub.yaml" >/dev/null
none() { [ "$(get content)" = 404 ]; }
wait_for 20 none
like "$? $(cat "$hub_dir/http")" '0 *has no content networks*' "a hub without content networks says so"
ask show content >/dev/null 2>"$hub_dir/refused"
like "$? $(tr -s '\n ' ' ' <"$hub_dir/refused")" '1 *show history by as*' "and what there is instead"
done_testing
