#!/bin/bash
# `sarai corridor content` on the example: forms, one network, traffic by hand, what is refused; and bad hub files.
cd "$(dirname "$0")/../.." || exit 1
n=0 failed=0
check() { # check NAME COMMAND...: passes when the command succeeds
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name" && failed=1; fi
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
ask() { timeout 60 build/sarai "$@" --hub "${hub:-examples/silkroad.yaml}" >"$work/out" 2>"$work/err"; }
status() { local want=$1; shift; ask "$@"; [ $? = "$want" ]; }
holds() { jq -e "$1" "$work/out" >/dev/null; }

for of in "" "AKAMAI-TAS" "15169" "--without L28"; do
	check "content $of: an answer" status 0 corridor content $of
	check "content $of: fits into 80 columns" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$work/out"
done
check "in JSON" status 0 -j corridor content
check "the sums are those of the networks" holds '([.content[].off_gbps] | add) - .off_gbps | fabs < 0.1'
check "hits told are those of the file" holds '.content[] | select(.id == "GOOGLE-TAS") | .hits == 0.8 and .hits_low == 0.7 and .hits_high == 0.9'
check "hits that are not told are reckoned" holds '.content[] | select(.id == "AKAMAI-TAS") | .modelled and .hits > 0.1 and .hits < 1'
check "no segment loses more than comes" holds '.off_gbps as $all | .segments | length > 3 and all(.off_gbps <= $all)'
check "a number names its networks" status 0 -j corridor content AS15169
check "at both places" holds '[.content[].id] == ["GOOGLE-TAS", "GOOGLE-ALA"]'
check "traffic by hand" status 0 -j corridor content GOOGLE-TAS --traffic 15169=100,AS36040=50
check "adds up over its networks" holds '.content[0].gbps == 150 and .content[0].off_gbps == 120 and .content[0].traffic == "measured"'
check "CSV" status 0 --csv corridor content
check "has a row for each" [ "$(wc -l <"$work/out")" = 8 ]
check "a name that nothing has" status 1 corridor content NOBODY
check "traffic of a network that nothing has" status 1 corridor content --traffic 65000=1
check "traffic that is none" status 2 corridor content --traffic 15169
check "less than none" status 2 corridor content --traffic 15169=-1
check "no measure of its own" status 2 corridor content --by hops
check "two names" status 2 corridor content GOOGLE-TAS META-TAS

# Hub files that cannot be.
bad() { # bad LINE WORDS
	{ grep -v '^content:' examples/silkroad.yaml | sed "s#csv: silkroad#csv: $PWD/examples/silkroad#g"; echo "content: [$1]"; } >"$work/hub.yaml"
	! build/sarai check "$work/hub.yaml" >"$work/said" 2>&1 && grep -q "$2" "$work/said"
}
check "a cache needs hits, or a catalogue" bad '{id: X, from: FRA, to: TAS, traffic_gbps: 1}' "expected hit_percent"
check "traffic, or networks to measure" bad '{id: X, from: FRA, to: TAS, hit_percent: 50}' "expected traffic_gbps"
check "another place" bad '{id: X, from: TAS, to: TAS, traffic_gbps: 1, hit_percent: 50}' "same site"
check "a share of hundred" bad '{id: X, from: FRA, to: TAS, traffic_gbps: 1, hit_percent: 150}' "hit_percent"
check "bounds around it" bad '{id: X, from: FRA, to: TAS, traffic_gbps: 1, hit_percent: 50, hit_percent_low: 60}' "not between"
check "an id of its own" bad '{id: X, from: FRA, to: TAS, traffic_gbps: 1, hit_percent: 50}, {id: X, from: FRA, to: ALA, traffic_gbps: 1, hit_percent: 50}' "X"
echo "1..$n"
exit $failed
