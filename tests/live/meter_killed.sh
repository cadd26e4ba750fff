#!/bin/bash
# The meter's state under kill -9 at random moments, ten times in forty seconds, with samples and counters coming in all the while.
# Nothing that was handed on is lost or counted twice; counters are exact over all deaths; of samples no more is missing than came
# in the seconds that no bin covers. With bins of 5 s. Then a disk that is full.
. "$(dirname "$0")/hub.sh"
. "$(dirname "$0")/meter_hub.sh"
rounds=${ROUNDS:-10} rate=20000
hub_dir=$(mktemp -d /tmp/sarai-live-XXXXXX)
hub_socket=$hub_dir/data/sarai.sock hub_port=$(free_ports 10)
mkdir -p "$hub_dir/data"
BIN_S=5 meter_hub 40 "$hub_dir/data" $hub_port "{id: sw1, address: 127.0.0.1}" >"$hub_dir/hub.yaml"
cleanup() { kill -9 $(jobs -p) 2>/dev/null; wait 2>/dev/null; mountpoint -q "$hub_dir/small" && umount "$hub_dir/small"; rm -rf "$hub_dir"; }
trap cleanup EXIT
${CC:-cc} -std=c17 -D_GNU_SOURCE -O2 -o "$hub_dir/flowgen" "$root/bench/meter/flowgen.c"
ok $? "flowgen builds" || done_testing
store=$hub_dir/data/ledger.sqlite
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$store" "$1"; }
ask() { "$sarai" -s "$hub_socket" "$@"; } # meter_hub.sh has one, too
begin() { "$sarai" run "$hub_dir/hub.yaml" 2>>"$hub_dir/log" & hub_pid=$!; }
meter_up() { [ "$(room_field meter state)" = up ]; }

begin
wait_for 10 meter_up
ok $? "the hub starts" || { sed 's/^/# /' "$hub_dir/log"; done_testing; }
"$hub_dir/flowgen" -k sflow -p $hub_port -m 40 -r $rate -t $((rounds * 4)) -M "$hub_dir/sent.csv" >"$hub_dir/said" &
flowgen=$!
# Counters that grow by a million octets a second in, half of it out; told each half second, to whomever is there.
pusher() {
	local t
	while [ ! -e "$hub_dir/enough" ]; do
		t=$(date +%s)
		printf 'port,time,in_octets,out_octets\np7,%d,%d,%d\n' "$t" $((t * 1000000)) $((t * 500000)) | ask counters push - >/dev/null 2>&1 &&
			{ [ -e "$hub_dir/first" ] || echo "$t" >"$hub_dir/first"; }
		sleep 0.5
	done
}
pusher &
pusher=$!
wait_for 10 test -s "$hub_dir/first"
first_told=$(cat "$hub_dir/first")
slowest=0
for ((i = 0; i < rounds; i++)); do
	sleep "$((RANDOM % 3 + 1)).$((RANDOM % 1000 + 1000))"
	kill -9 $hub_pid
	wait $hub_pid 2>/dev/null
	# One thread, or more: what the one leaves the other takes over.
	sed -i "s/^metering:.*/metering: {workers: $((i % 3 + 1))}/" "$hub_dir/hub.yaml"
	since=$(date +%s%N)
	begin
	wait_for 10 meter_up || break
	took=$((($(date +%s%N) - since) / 1000000))
	[ $took -gt $slowest ] && slowest=$took
done
meter_up
ok $? "the meter is up after $rounds times kill -9"
[ $slowest -lt 30000 ]
ok $? "the slowest start took $slowest ms"
wait $flowgen
touch "$hub_dir/enough"
wait $pusher
t=$(date +%s)
printf 'port,time,in_octets,out_octets\np7,%d,%d,%d\n' "$t" $((t * 1000000)) $((t * 500000)) | ask counters push - >/dev/null
kill -TERM $hub_pid && wait $hub_pid
is $? 0 "the hub ends well"
# What the meter has left at its end is taken in by the next ledger.
begin
taken_in() { [ "$(find "$hub_dir/data/spool" -name '*.traffic' | wc -l)" = 0 ] && [ -e "$store" ]; }
wait_for 20 taken_in
ok $? "all that was handed on is in the store"
kill -TERM $hub_pid && wait $hub_pid
hub_pid=

is "$(sql "SELECT count(*) FROM (SELECT start, run FROM batch GROUP BY start, run HAVING count(*) > 1)")" 0 "no batch is there twice"
told=$(sql "SELECT sum(counter_in) FROM port_bin b JOIN port p ON p.id = b.port WHERE p.name = 'p7'" 2>/dev/null ||
	sql "SELECT sum(counter_in) FROM port_bin")
in_seconds=$((t - first_told))
[ "$told" -le $(((in_seconds + 1) * 1000000)) ] && [ "$told" -ge $(((in_seconds - 2) * 1000000)) ] && [ $((told % 1000000)) = 0 ]
ok $? "counters are exact over all deaths: $told octets in $in_seconds s"
python3 - "$hub_dir" "$store" $rate >"$hub_dir/verdict" <<'END_PYTHON'
import csv, sqlite3, sys
folder, store, rate = sys.argv[1], sys.argv[2], int(sys.argv[3])
sent = sum(int(r["records"]) for r in csv.DictReader(open(folder + "/sent.csv")))
db = sqlite3.connect(store)
counted = db.execute("SELECT sum(samples_in) FROM port_bin").fetchone()[0]
covered = dict(db.execute("SELECT start, sum(covered) FROM batch GROUP BY start"))
first, last = min(covered), max(covered)
missing = sum(5 - min(5, covered.get(t, 0)) for t in range(first, last + 5, 5))
print(int(counted > sent), "no sample is counted twice")
print(int(max(covered.values()) > 5), "no bin is covered for longer than it lasts")
print(int(sent - counted > rate * (missing + 2)), f"of {sent} samples {sent - counted} are missing, and {missing} seconds of {last + 5 - first} are not covered")
END_PYTHON
while read -r status text; do ok "$status" "$text"; done <"$hub_dir/verdict"

# Templates outlive a death, from three threads to two to one: they were sent once, at the beginning.
ipfix() { ask show exporters -j | jq "[.exporters[] | select(.exporter == \"sw1\")][0].$1"; }
threads() { sed -i "s/^metering:.*/metering: {workers: $1}/" "$hub_dir/hub.yaml"; }
threads 3
begin
wait_for 10 meter_up
"$hub_dir/flowgen" -k ipfix -T 100000000 -p $((hub_port + 2)) -m 40 -r 2000 -t 12 >"$hub_dir/said" &
flowgen=$!
for n in 2 1; do
	sleep 3
	kill -9 $hub_pid
	wait $hub_pid 2>/dev/null
	threads $n
	begin
	wait_for 10 meter_up
done
sleep 2
[ "$(ipfix records)" -gt 1000 ] && [ "$(ipfix held_sets)" = 0 ] && [ "$(ipfix 'refused | length')" = 0 ]
ok $? "data are understood at once after a death, without another template" || ask show exporters | sed 's/^/# /'
wait $flowgen
kill -TERM $hub_pid && wait $hub_pid

# A disk that is full: bins wait in memory, it is said, and all of them get there when there is room again.
mkdir "$hub_dir/small"
if ! mount -t tmpfs -o size=16m tmpfs "$hub_dir/small" 2>/dev/null; then
	ok 0 "a full disk # SKIP no right to mount one"
	done_testing
fi
hub_socket=$hub_dir/small/sarai.sock store=$hub_dir/small/ledger.sqlite
BIN_S=5 meter_hub 40 "$hub_dir/small" $hub_port "{id: sw1, address: 127.0.0.1}" >"$hub_dir/hub.yaml"
begin
wait_for 10 meter_up
"$hub_dir/flowgen" -k sflow -p $hub_port -m 40 -r 2000 -t 25 -M "$hub_dir/sent.csv" >"$hub_dir/said" &
flowgen=$!
sleep 3
dd if=/dev/zero of="$hub_dir/small/full" bs=64k 2>/dev/null
waits() { [ "$(ask show exporters | grep -cE 'wait for the disk|cannot be kept')" = 2 ]; }
wait_for 15 waits
ok $? "it is shown that bins wait for the disk, and that the state cannot be kept"
sleep 6
rm "$hub_dir/small/full"
goes_on() { [ "$(ask show exporters | grep -cE 'wait for the disk|cannot be kept')" = 0 ]; }
wait_for 10 goes_on
ok $? "it goes on by itself when there is room again"
wait $flowgen
kill -TERM $hub_pid && wait $hub_pid
begin
taken_in() { [ "$(find "$hub_dir/small/spool" -name '*.traffic' | wc -l)" = 0 ]; }
wait_for 20 taken_in
kill -TERM $hub_pid && wait $hub_pid
hub_pid=
is "$(sql 'SELECT sum(samples_in) FROM port_bin')" "$(grep -o ' records [0-9]*' "$hub_dir/said" | cut -d' ' -f3)" "not one sample is lost by a full disk"
done_testing
