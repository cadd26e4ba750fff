#!/bin/bash
# How large the ledger's store gets and how fast it is, in both engines, and beside what keeps a row for everything: two tables,
# of ports alone, and with the pairs and networks of a large exchange. Passes and fails nothing. Nobody else should be at work.
#
#   run.sh [DAYS [SUM-DAYS]]     days of ports alone (14), days with sums (2)
#
# run.sh 365 365 is the whole year: more than an hour, 20 GB, and only SQLite has the sums then.
cd "$(dirname "$0")/../.." || exit 1
days=${1:-14} sum_days=${2:-2} many="pairs=20000 networks=60000"
make -s build/bench/ledger/store_year build/bench/ledger/store_naive >/dev/null || exit 1
. tests/live/clickhouse_cluster.sh
export PATH=$PATH:/usr/sbin
dir=$(mktemp -d)
trap 'ch_cleanup; rm -rf "$dir"' EXIT
if command -v clickhouse-server >/dev/null; then
	mkdir "$dir/ch"
	ch_begin "$dir/ch"
	ch_start zk && ch_start s1 && ch_start s2 || ch_url1=
fi
table() { # TITLE FILE...: a line a measure of the first file, a column a file
	printf '\n%s\n\n| | SQLite | ClickHouse, two shards | SQLite, a row for everything |\n|---|---|---|---|\n' "$1"
	shift
	awk -F'\t' '{ if (!($1 in seen)) { seen[$1]; names[++count] = $1 } value[FILENAME, $1] = $2 }
		END { for (i = 1; i <= count; i++) {
			printf "| %s |", names[i]
			for (f = 1; f < ARGC; f++) printf " %s |", (ARGV[f], names[i]) in value ? value[ARGV[f], names[i]] : "-"
			print "" } }' "$@"
}
measure() { # NAME DAYS SIZES
	local name=$1 sizes="days=$2 $3"
	: >"$dir/$name.ch" >"$dir/$name.naive"
	# shellcheck disable=SC2086
	{
		build/bench/ledger/store_year "$dir/$name.sqlite" $sizes >"$dir/$name.ours"
		rm -f "$dir/$name".sqlite*
		[ "$3" ] && [ "$2" -gt 14 ] && return
		[ "$ch_url1" ] && build/bench/ledger/store_year "$ch_url1,hub,$name" $sizes >"$dir/$name.ch"
		build/bench/ledger/store_naive "$dir/$name.sqlite" $sizes >"$dir/$name.naive"
		rm -f "$dir/$name".sqlite*
	}
}
measure ports "$days" ""
measure sums "$sum_days" "$many"
table "$days days of 300 ports" "$dir"/ports.{ours,ch,naive}
table "$sum_days days of 300 ports with 20 000 pairs and 60 000 networks a bin" "$dir"/sums.{ours,ch,naive}
