#!/bin/bash
# Misbehaving members, one kind after the other: stuck, flapping, leaking.
#   bench/exchange/members.sh ["stuck flap leak"]
. "$(dirname "$0")/alone.sh"
export IRR=off RS PREFIXES=$WORK/prefixes
describe() { # how many members
	for i in $(seq 0 $(($1 - 1))); do
		echo "$i 10.1.$((i / 250)).$((i % 250 + 1)) $((10000 + i)) 1000"
		echo "$((10000 + i)) 9.$((i / 256)).$((i % 256)).0/24 $i $((10000 + i))" >&3
	done > "$WORK/members" 3> "$PREFIXES"
	alone_start "$WORK/members"
}
for what in ${1:-stuck flap leak}; do
	case $what in
	stuck)
		MAX_PREFIXES=0 describe 12
		$IN python3 "$ROOT/bench/exchange/stuck.py" "$PID" 10 100000 15
		alone_stop;;
	flap)
		MAX_PREFIXES=0 describe 1002
		$IN python3 "$ROOT/bench/exchange/flap.py" "$PID" 1000 10
		alone_stop;;
	leak)
		echo "| one of 100 leaks | p50 ms | p99 ms | most ms | lost | CPU s | most RSS MiB | RSS MiB at the end | the member |"
		echo "|---|--:|--:|--:|--:|--:|--:|--:|---|"
		MAX_PREFIXES=5000 describe 100
		$IN python3 "$ROOT/bench/exchange/leak.py" "$PID" "at most 5000 prefixes" 1000000
		alone_stop
		MAX_PREFIXES=0 MEMORY_MAX_MB=48 describe 100
		$IN python3 "$ROOT/bench/exchange/leak.py" "$PID" "48 MiB for all routes" 1000000
		alone_stop
		MAX_PREFIXES=0 describe 100
		$IN python3 "$ROOT/bench/exchange/leak.py" "$PID" "no bound" 1000000
		alone_stop;;
	esac
	echo
done
