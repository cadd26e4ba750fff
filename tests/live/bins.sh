#!/bin/bash
# Bins of traffic on their way from the meter to the ledger, while both are killed: nothing is lost but the open bin, nothing
# is counted twice. With bins of 5 s, so that many of them go by.
. "$(dirname "$0")/hub.sh"
hub_begin
sed -i 's/^  data_directory:/  bin_length_s: 5\n  data_directory:/' "$hub_dir/hub.yaml"
hub_start --simulated
ok $? "a hub with bins of 5 s starts" || done_testing
lab_start
store=$hub_dir/data/ledger.sqlite
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$store" "$1"; }
batches() { sql 'SELECT count(*) FROM batch'; }
several() { [ "$(batches)" -ge "$1" ]; }
wait_for 30 several 3
ok $? "closed bins reach the ledger" || done_testing

up() { [ "$(room_field "$1" state)" = up ]; }
for _ in 1 2 3; do
	wait_for 10 up ledger
	kill -9 "$(room_field ledger pid)"
	sleep 2.3
done
wait_for 10 up ledger
now=$(batches)
wait_for 20 several $((now + 2))
ok $? "the ledger goes on taking bins in after three times kill -9"
# In the first second of a bin the one before still waits for its counters and would go with it.
until [ $(($(date +%s) % 5)) = 2 ]; do sleep 0.05; done
killed_at=$(date +%s)
kill -9 "$(room_field meter pid)"
wait_for 10 up meter
back_at=$(date +%s)
wait_for 40 several $((now + 6))
ok $? "and so it does after kill -9 of the meter"
kill -TERM $hub_pid && wait $hub_pid
is $? 0 "the hub ends well"
hub_pid=

open=$((killed_at - killed_at % 5)) closed=$((back_at - back_at % 5)) # the meter died in the one, and was back in the other: mostly the same
is "$(sql "SELECT count(*) FROM (SELECT DISTINCT start FROM batch WHERE start <= $open OR start >= $closed)")" \
	"$(sql "SELECT (max(start) - min(start)) / 5 + 1 - max($closed - $open - 5, 0) / 5 FROM batch")" "there is no gap between the bins"
# A supplement (counters that came late) covers nothing by itself.
is "$(sql "SELECT count(*) FROM (SELECT start FROM batch GROUP BY start HAVING sum(covered) < 5) WHERE start NOT BETWEEN $((open - 5)) AND $((closed + 5)) AND start NOT IN ((SELECT min(start) FROM batch), (SELECT max(start) FROM batch))")" \
	0 "all bins are covered whole but the first, the last and the one that was open when the meter was killed"
is "$(sql "SELECT count(*) FROM (SELECT start, run FROM batch GROUP BY start, run HAVING count(*) > 1)")" 0 "no batch is there twice"
# The lab's traffic changes by some per cent in a minute: a bin that was counted twice would stand out.
is "$(sql "SELECT count(*) FROM port_bin b WHERE b.counter_in > 1.7 * (SELECT avg(o.counter_in * 5.0 / o.covered) FROM port_bin o WHERE o.port = b.port AND o.covered >= 4)")" \
	0 "no bin holds more than its share"
until=$(sql 'SELECT max(start) FROM batch')
sums() { sql "SELECT count(*), sum(counter_octets), sum(flow_octets) FROM batch WHERE start < $until"; }
before=$(sums)
"$sarai" run "$hub_dir/hub.yaml" --simulated 2>>"$hub_dir/hub.log" &
hub_pid=$!
wait_for 20 all_up
ok $? "the hub starts again"
taken_in() { [ "$(find "$hub_dir/data/spool" -name '*.traffic' -mmin +0.05 | wc -l)" = 0 ]; }
wait_for 10 taken_in
ok $? "what the meter left behind at its end is taken in"
is "$(sums)" "$before" "and what was there is as it was"
done_testing
