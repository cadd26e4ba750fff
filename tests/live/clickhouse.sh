#!/bin/bash
# The store in a ClickHouse cluster of two shards with ZooKeeper: it passes the tests of every engine, and whatever fails (a
# server, ZooKeeper, the ledger itself, the network, a disk, a password) the bins are all there in the end, each once.
. "$(dirname "$0")/hub.sh"
. "$(dirname "$0")/clickhouse_cluster.sh"
export PATH=$PATH:/usr/sbin
cd "$root" || exit 1
make -s build/tests/live/store_driver build/tests/ledger/ledger_store_test build/tests/ledger/ledger_way_test >/dev/null || exit 1
driver=$root/build/tests/live/store_driver
hub_begin
disk=$hub_dir/s2
cleanup() {
	[ -n "$hub_pid" ] && kill "$hub_pid" 2>/dev/null && wait "$hub_pid" 2>/dev/null
	hub_pid=
	[ -n "$liar_pid" ] && kill "$liar_pid" 2>/dev/null && wait "$liar_pid" 2>/dev/null
	[ -n "$deaf_pid" ] && kill "$deaf_pid" 2>/dev/null && wait "$deaf_pid" 2>/dev/null
	ch_cleanup
	mountpoint -q "$disk" && umount "$disk"
	hub_cleanup
}
trap cleanup EXIT
mkdir -p "$disk"
mount -t tmpfs -o size=1g none "$disk" 2>/dev/null
has_small_disk=$?
ch_begin "$hub_dir"
ch_start zk && ch_start s1 && ch_start s2
ok $? "a cluster of two shards starts" || { tail -3 "$hub_dir"/zk.log "$hub_dir"/s?/log/* | sed 's/^/# /'; done_testing; }

# --- what every engine must do ---
for cluster in "" hub; do
	SARAI_TEST_CLICKHOUSE=$ch_url1 SARAI_TEST_CLUSTER=$cluster build/tests/ledger/ledger_store_test >"$hub_dir/tap"
	is "$? $(grep -c '^not ok' "$hub_dir/tap") $(($(grep -c '^ok' "$hub_dir/tap") > 30))" "0 0 1" \
		"the tests of the store pass against $([ "$cluster" ] && echo a cluster || echo one server)" || grep -A3 '^not ok' "$hub_dir/tap" | sed 's/^/# /'
done

SARAI_TEST_CLICKHOUSE=$ch_url1 SARAI_TEST_CLUSTER=hub build/tests/ledger/ledger_way_test >"$hub_dir/tap"
is "$? $(grep -c '^not ok' "$hub_dir/tap") $(($(grep -c '^ok' "$hub_dir/tap") > 30))" "0 0 1" \
	"the proof of the way is the same from a cluster" || grep -A3 '^not ok' "$hub_dir/tap" | sed 's/^/# /'

# Their databases are not kept: the disk is small.
for database in $(ch_ask "$ch_url1" "SELECT name FROM system.databases WHERE name LIKE 'sarai_%'"); do
	ch_ask "$ch_url1" "DROP DATABASE IF EXISTS $database ON CLUSTER hub" >/dev/null
done
is "$(ch_ask "$ch_url2" "SELECT count() FROM system.databases WHERE name LIKE 'sarai_%'")" 0 "what the tests have made is dropped"

# --- from a file into the cluster: the same invoices ---
# Some days of the month before: it is over, and its bills are final, a quarter of an hour after its end.
this=$(date -u -d '1 hour ago' +%Y-%m)
days=$((($(date +%s) - $(date -u -d "$this-01" +%s)) / 86400 + 5))
"$sarai" lab "$hub_dir/hub.yaml" --history ${days}d --only-history 2>"$hub_dir/history.log"
hub_start --simulated
ok $? "a hub with some weeks of history in a file starts" || done_testing
month=$(date -u -d "$this-01 - 1 day" +%Y-%m)
bills() { ask bill --month "$month" -j; }
bills >"$hub_dir/bills"
kill -TERM $hub_pid && wait $hub_pid
"$sarai" store export "$hub_dir/hub.yaml" "$hub_dir/csv" --from "$month" --to "$(date -u +%Y-%m)" >"$hub_dir/said"
ok $? "the month is exported: $(cat "$hub_dir/said")"
mv "$hub_dir/data/ledger.sqlite" "$hub_dir/ledger.sqlite"
cp "$hub_dir/hub.yaml" "$hub_dir/plain.yaml"
store_items() { # URLS [FURTHER ITEMS]
	{ cat "$hub_dir/plain.yaml"; printf '\nstore:\n  engine: clickhouse\n  urls: [%s]\n  cluster: hub\n  timeout_s: 3\n%b\n' "$1" "$2"; } >"$hub_dir/hub.yaml"
}
store_items "$ch_url1, $ch_url2" "  database: moved\n"
"$sarai" store import "$hub_dir/hub.yaml" "$hub_dir/csv" >"$hub_dir/said"
ok $? "and imported into the cluster: $(cat "$hub_dir/said")"
hub_start --simulated
ok $? "the hub starts with the cluster" || done_testing
bills >"$hub_dir/bills.cluster"
is "$(($(jq '.bills | length' "$hub_dir/bills") > 5)) $(cmp "$hub_dir/bills" "$hub_dir/bills.cluster" && echo same)" "1 same" \
	"its bills of $month are the same octets"
kill -TERM $hub_pid && wait $hub_pid
"$sarai" store verify "$hub_dir/hub.yaml" >/dev/null
ok $? "the store verifies"
"$sarai" store export "$hub_dir/hub.yaml" "$hub_dir/csv2" --to "$(date -u +%Y-%m)" >/dev/null
# Networks of more than eight days ago are folded in the file and filed under a bin in the cluster.
is "$(diff -rq -x origins.csv "$hub_dir/csv" "$hub_dir/csv2" 2>&1)" "" "and is exported as the same octets again"
octets() { awk -F, 'NR > 1 { sum += $9 } END { printf "%.0f", sum }' "$1/origins.csv"; }
is "$(octets "$hub_dir/csv")" "$(octets "$hub_dir/csv2")" "with the same octets by network"
"$sarai" store import "$hub_dir/back.sqlite" "$hub_dir/csv2" >/dev/null && "$sarai" store export "$hub_dir/back.sqlite" "$hub_dir/csv3" >/dev/null
is "$(diff -rq "$hub_dir/csv2" "$hub_dir/csv3" 2>&1)" "" "which a file takes back, and writes again, octet for octet"
rm -rf "$hub_dir/data"

# --- a hub that keeps its bins there ---
store_items "$ch_url1, $ch_url2"
hub_start
ok $? "a hub starts with that store" || done_testing
spool=$hub_dir/data/spool
at=0 ports=6
more() { # COUNT: so many bins into the spool
	"$driver" spool "$spool" 7 $at "$1" $ports >/dev/null
	at=$((at + $1))
}
empty() { [ -z "$(find "$spool" -maxdepth 1 -name '*.traffic' -print -quit)" ]; }
exact() { "$driver" check "$ch_url1,hub,sarai" 0 $at $ports 7 2>&1 | head -3; }
taken() { wait_for "$1" empty; }
trouble() { ask show ledger -j | jq -r '.spool.trouble // .trouble // ""'; }
in_trouble() { [[ $(trouble) = *$1* ]]; }
well() { [ -z "$(trouble)" ]; }
more 100
taken 120
is "$? $(exact)" "0 exact" "bins go from the spool into the cluster"
is "$(ask show ledger -j | jq -c '[.open, .batches >= 100, .ports >= 6]')" "[true,true,true]" "show ledger tells of them"
is "$(($(ch_ask "$ch_url1" 'SELECT count() FROM sarai.bin_shard') > 0 && $(ch_ask "$ch_url2" 'SELECT count() FROM sarai.bin_shard') > 0))" 1 \
	"both shards have a part"
is "$(ask store verify)" "the store is sound" "the ledger reads the store through on demand"
is "$(ls "$hub_dir/data/ledger.sqlite" 2>&1 | grep -c 'No such')" 1 "and there is no file of the other engine"

# --- a shard that is down ---
ch_kill s2
more 20
wait_for 20 in_trouble .
ok $? "a shard that is down is told of: $(trouble | cut -c1-60)"
is "$(find "$spool" -maxdepth 1 -name '*.traffic' | wc -l)" 20 "its bins wait in the spool"
ch_start s2
taken 120
is "$? $(exact)" "0 exact" "when it is back they are there, each once"

# --- ZooKeeper ---
# The shard's tables can be written.
writes() { [ -z "$(ch_ask "$ch_url1" "INSERT INTO sarai.port_shard VALUES ('p0')" 2>&1)" ]; }
writes_not() { ! writes; }
ch_kill zk
wait_for 30 writes_not
more 20
wait_for 30 in_trouble .
ok $? "tables that cannot be written without ZooKeeper are told of: $(trouble | cut -c1-60)"
ch_start zk
taken 120
is "$? $(exact)" "0 exact" "when it is back the bins are there, each once"

# --- servers and ledgers that are killed while bins go in ---
for round in 1 2; do
	more 64 & more_pid=$!
	sleep "0.$((RANDOM % 4 + 1))"
	ch_kill s1
	wait $more_pid
	at=$((at + 64))
	kill -9 "$(room_field ledger pid)" 2>/dev/null
	ch_start s1
	sleep "0.$((RANDOM % 9 + 1))"
	kill -9 "$(room_field ledger pid)" 2>/dev/null
done
ch_kill zk
more 16
kill -9 "$hub_pid" && wait "$hub_pid" 2>/dev/null
ch_kill s2
ch_start zk && ch_start s2 && hub_start
ok $? "the hub, a server and ZooKeeper are killed together, and start again" || done_testing
for round in 1 2 3; do
	more 48
	sleep "0.$((RANDOM % 9 + 1))"
	kill -9 "$(room_field ledger pid)" 2>/dev/null
done
taken 120
is "$? $(exact)" "0 exact" "after kill -9 of a server and of the ledger, again and again, each bin is there once"

# --- a server that does not answer, and one that is none ---
kill -STOP "$ch_pid_s1"
more 10
wait_for 20 in_trouble .
ok $? "a server that hangs is told of"
begin=$SECONDS
ask show ledger >/dev/null
ok $((SECONDS - begin > 100)) "and holds up a question for some seconds at most"
kill -CONT "$ch_pid_s1"
# Its ZooKeeper session is over, and until it has made a new one it takes nothing from anybody.
wait_for 90 writes
taken 20
is "$? $(exact)" "0 exact" "when it takes rows again, the bins are there soon after"

cat >"$hub_dir/liar.py" <<'P'
import http.server, sys
class Liar(http.server.BaseHTTPRequestHandler):
    turn = 0
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Liar.turn += 1
        if Liar.turn % 4 == 0:
            self.connection.close()
            return
        self.send_response(200)
        if Liar.turn % 4 == 1:
            self.send_header("X-ClickHouse-Server-Display-Name", "liar")
        self.send_header("Content-Length", "900" if Liar.turn % 4 == 2 else "7")
        self.end_headers()
        self.wfile.write(b"<html/>")
    def log_message(self, *rest):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Liar)
print(server.server_port, flush=True)
server.serve_forever()
P
exec {liar_out}< <(exec python3 "$hub_dir/liar.py")
liar_pid=$!
read -r liar_port <&$liar_out
store_items "http://127.0.0.1:$liar_port, $ch_url2"
ask apply "$hub_dir/hub.yaml" >/dev/null
more 30
taken 120
is "$? $(exact)" "0 exact" "a server that answers nonsense, or half, takes nothing: the next one does"

# --- an answer that is lost after the rows went in ---
cat >"$hub_dir/deaf.py" <<'P'
import http.server, sys, urllib.error, urllib.request
class Deaf(http.server.BaseHTTPRequestHandler):
    swallowed = set()
    def do_GET(self):
        self.do_POST()
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            answer = urllib.request.urlopen(sys.argv[1] + self.path, body or None, 60)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read()
        # The first INSERT into each table is done, and nobody hears of it.
        into = self.path.partition("INSERT%20INTO%20")[2].partition("%20")[0]
        if into and into not in Deaf.swallowed:
            Deaf.swallowed.add(into)
            if len(Deaf.swallowed) == 5:
                print("all", flush=True)
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("X-ClickHouse-Server-Display-Name", "deaf")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *rest):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Deaf)
print(server.server_port, flush=True)
server.serve_forever()
P
exec {deaf_out}< <(exec python3 "$hub_dir/deaf.py" "$ch_url1")
deaf_pid=$!
read -r deaf_port <&$deaf_out
# Nobody is at the first address: its octets come to nothing.
store_items "http://198.18.255.254:8123, http://127.0.0.1:$deaf_port"
ask apply "$hub_dir/hub.yaml" >/dev/null
more 30
taken 120
is "$? $(exact)" "0 exact" "answers that are lost after the rows went in double nothing"
read -r -t 5 swallowed <&$deaf_out
is "$swallowed" all "one of each table was"

# --- who may ---
store_items "$ch_url1" "  user: ledger\n  password_file: $hub_dir/password\n"
echo wrong >"$hub_dir/password"
ask apply "$hub_dir/hub.yaml" >/dev/null
more 5
wait_for 40 in_trouble "Wrong password"
ok $? "a wrong password is told of" || trouble | sed 's/^/# /'
echo right >"$hub_dir/password"
taken 120
is "$? $(exact)" "0 exact" "with the right one the bins go in"

# --- no room ---
if [ $has_small_disk = 0 ]; then
	wait_for 30 well
	head -c 1100M /dev/zero >"$disk/filler" 2>/dev/null
	more 30
	wait_for 30 in_trouble .
	ok $? "a shard without room is told of: $(trouble | cut -c1-60)"
	rm "$disk/filler"
	taken 120
	is "$? $(exact)" "0 exact" "when there is room again the bins go in, each once"
fi

# --- rows that are there twice in spite of everything; and several meters ---
for url in "$ch_url1" "$ch_url2"; do
	for table in batch bin pair origin country port; do
		ch_ask "$url" "INSERT INTO sarai.${table}_shard SELECT * FROM sarai.${table}_shard"
	done
done
is "$(($(ch_ask "$ch_url1" 'SELECT count() FROM sarai.bin') > at * ports))" 1 "rows can be made to be there twice"
is "$(exact)" exact "and count once"
"$driver" put "$ch_url2,hub,sarai" 8 0 $at $ports >"$hub_dir/acknowledged" &
other=$!
more 40
wait $other
"$driver" put "$ch_url2,hub,sarai" 8 $((at - 40)) 40 $ports >>"$hub_dir/acknowledged"
taken 120
is "$? $("$driver" check "$ch_url1,hub,sarai" 0 $at $ports 7 8 2>&1 | head -3)" "0 exact" "two meters feed one cluster: their parts of a bin add up"
kill -TERM $hub_pid && wait $hub_pid
is $? 0 "the hub ends well"
hub_pid=
done_testing
