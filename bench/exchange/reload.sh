#!/bin/bash
# A new policy at an exchange of many members with many registered prefixes: a tenth of all routes is refused by it.
# How long until every member holds what it says, and how long single updates wait meanwhile. Once the registry's file
# changes, and once the hub file.
#   bench/exchange/reload.sh [MEMBERS] [REGISTERED PREFIXES OF EACH]
. "$(dirname "$0")/alone.sh"
members=${1:-320} each=${2:-10000}
export IRR_FILL=$((each - 110)) ROAS_ARE_ROUTES=false
export RSLOAD="--members $members --prefixes 100 --overlap 0.1 --deny 0.1 --churn 300 --rate 100 --rs $RS --src 10.1.0.0"
# shellcheck disable=SC2086
"$BIN/rsload" $RSLOAD --print-members > "$WORK/members"

measure() { # label, command that reloads
	# shellcheck disable=SC2086
	$IN timeout 120 "$BIN/rsload" $RSLOAD --pid "$PID" --phases reload --reload "$2" --timeout 30 --json "$WORK/json" > "$WORK/out" 2>&1
	alone_row "$WORK/json" "$1" reload.wall_s reload.daemon_cpu_s reload_updates.all_members_p50_ms \
		reload_updates.all_members_p99_ms reload_updates.all_members_max_ms totals.daemon_peak_rss_mib
	alone_stop
}

echo "| $members members, $((members * each)) registered prefixes | in force s | CPU s | updates meanwhile: p50 ms | p99 ms | most ms | peak RSS MiB |"
echo "|---|--:|--:|--:|--:|--:|--:|"
alone_start "$WORK/members"
"$BIN/registry_make" registry "$DATA/registry/next" "$IRR_FILL" 10 < "$DATA/prefixes"
measure "a new registry file" "mv $DATA/registry/next $DATA/registry/registry.snapshot"
alone_start "$WORK/members"
awk 'BEGIN { printf "  blocked: [" } $3 % 10 == 0 && !seen[$2]++ { printf "%s%s", sep, $2; sep = ", " } END { print "]" }' \
	"$DATA/prefixes" > "$WORK/blocked"
sed "/^policy:/r $WORK/blocked" "$WORK/hub.yaml" > "$WORK/next.yaml"
measure "a new hub file" "mv $WORK/next.yaml $WORK/hub.yaml; kill -HUP $PID"
