#!/bin/bash
# Reading MRT files beside bgpdump, each file given, as a line a route: bench/exchange/mrt.sh FILE... Seconds are CPU (user and system) and wall, the best of three runs;
# both write to /dev/null. Without files there is nothing to measure: real ones are large, and none is part of the project.
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] || { echo "usage: bench/exchange/mrt.sh FILE..."; exit 0; }
command -v bgpdump >/dev/null || { echo "bgpdump is needed"; exit 0; }
make -s all || exit 1
# best COMMAND...: "cpu wall"
best() {
	local run
	for run in 1 2 3; do
		{ TIMEFORMAT='%U %S %R'; time "$@" >/dev/null 2>&1; } 2>&1
	done | awk '{c = $1 + $2; if (NR == 1 || $3 < w) {w = $3; cpu = c}} END {printf "%.3f %.3f", cpu, w}'
}
echo "| file | lines | bgpdump CPU s | wall | sarai mrt CPU s | wall | ratio CPU |"
echo "|---|--:|--:|--:|--:|--:|--:|"
for file in "$@"; do
	lines=$(build/sarai mrt -m "$file" 2>/dev/null | wc -l)
	read -r theirs theirs_wall <<<"$(best bgpdump -m "$file")"
	read -r ours ours_wall <<<"$(best build/sarai mrt -m "$file")"
	ratio=$(awk -v a="$theirs" -v b="$ours" 'BEGIN {printf "%.1f", a / (b + 0.0005)}')
	echo "| $(basename "$file") | $lines | $theirs | $theirs_wall | $ours | $ours_wall | $ratio |"
done
