#!/bin/bash
# Many members are lost at once, and come back.
#   bench/exchange/lose.sh [MEMBERS] [LOST]
. "$(dirname "$0")/alone.sh"
members=${1:-320} lost=${2:-50}
export RSLOAD="--members $members --prefixes 300 --overlap 0.1 --deny 0.1 --rs $RS --src 10.1.0.0"
# shellcheck disable=SC2086
"$BIN/rsload" $RSLOAD --print-members > "$WORK/members"
alone_start "$WORK/members"
# shellcheck disable=SC2086
$IN timeout 120 "$BIN/rsload" $RSLOAD --pid "$PID" --phases lose --lose "$lost" --json "$WORK/json" > "$WORK/out" 2>&1
echo "| | prefixes of theirs | withdrawn everywhere s | CPU s | back everywhere s | CPU s |"
echo "|---|--:|--:|--:|--:|--:|"
alone_row "$WORK/json" "$lost of $members members" lose.prefixes lose.wall_s lose.daemon_cpu_s lose_back.wall_s lose_back.daemon_cpu_s
