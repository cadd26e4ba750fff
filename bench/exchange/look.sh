#!/bin/bash
# Questions to an exchange of 800000 routes while updates go on.
#   bench/exchange/look.sh [MEMBERS] [ROUTES-A-MEMBER]
. "$(dirname "$0")/alone.sh"
make -s -C "$ROOT" build/sarai || exit 1
members=${1:-8} routes=${2:-100000}
export IRR=off RS PREFIXES=$WORK/prefixes MAX_PREFIXES=0 DATA=$WORK/data
for i in $(seq 0 $((members + 1))); do
	echo "$i 10.1.$((i / 250)).$((i % 250 + 1)) $((10000 + i)) 1000"
	echo "$((10000 + i)) 9.$((i / 256)).$((i % 256)).0/24 $i $((10000 + i))" >&3
done > "$WORK/members" 3> "$PREFIXES"
"$ROOT/bench/exchange/hub_conf.sh" < "$WORK/members" > "$WORK/hub.yaml" || exit 1
$IN "$ROOT/build/sarai" run "$WORK/hub.yaml" > "$WORK/log" 2>&1 &
PID=$!
for _ in $(seq 100); do $IN ss -Hltn "sport = :179" | grep -q . && break; sleep 0.1; done
sleep 1
exchange=$(pgrep -P $PID -f 'room exchange')
$IN python3 "$ROOT/bench/exchange/look.py" "$exchange" "$DATA/sock" "$members" "$routes"
