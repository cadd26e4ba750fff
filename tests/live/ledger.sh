#!/bin/bash
# The ledger of a running hub: invoices of a made-up history in every form, damaged files in the spool, kill -9.
. "$(dirname "$0")/hub.sh"
hub_begin
"$sarai" lab "$hub_dir/hub.yaml" --history 3d --only-history 2>"$hub_dir/history.log"
ok $? "three days of history are made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing

# The day before yesterday is whole whatever the time is now; its month is the one to ask for.
month=$(date -u -d '2 days ago' +%Y-%m)
ask show ledger -j >"$hub_dir/state"
is "$(jq -c '[.trouble,.open,.batches > 800,.spool.refused]' "$hub_dir/state")" '[null,true,true,0]' "the store is open, with the history"
is "$(ask show invoices month "$month" -j | jq '.invoices | length')" 13 "every contract has an invoice, what the hub buys too"
is "$(ask show invoices month "$month" -j | jq -c '[.invoices[] | select(.purchase | not).simulated] | unique')" '[true]' "all that rest on bins are marked as simulated"
ask show history by port month "$month" -j >"$hub_dir/ports.json"
is "$(jq -c '[.count, .covered_s > 86400, .simulated, (([.rows[].in_octets] | add) - .entered_octets | fabs) < 1000]' "$hub_dir/ports.json")" \
	'[16,true,true,true]' "traffic of the month by port is what entered"
is "$(ask show history by country month "$month" member 64512 -j | jq -c '[.member, (.rows | length > 0), .not_attributed_octets]')" \
	'[64512,true,0]' "and a member's by country"
ask show history by as month "$month" -j >"$hub_dir/as.json"
ask show history by member-as month "$month" -j >"$hub_dir/member-as.json"
is "$(jq -sc 'map([.rows[] | .in_octets + .out_octets] | add) | (.[0] - .[1] | fabs) < 1e-9 * .[0]' "$hub_dir/as.json" "$hub_dir/member-as.json")" true \
	"of each member by network it comes to the same as by network"
is "$(ask show history by next-as month "$month" limit 3 | awk 'length > 80' | wc -l)" 0 "in 80 columns"
ask bill --month "$month" 64512 -j >"$hub_dir/bill.json"
is "$(jq -c '[.member.asn,.contract.id,.n == .bins.counter + .bins.estimated,.rank == .n - (.n / 20 | floor)]' "$hub_dir/bill.json")" \
	'[64512,"poplar-2026",true,true]' "a bill says whose it is, and its rank follows from n"
is "$(jq '[.curve[] | select(.[3] != 0) | .[1]] | sort | .[length - (length / 20 | floor) - 1]' "$hub_dir/bill.json")" \
	"$(jq .p95_in_bps "$hub_dir/bill.json")" "its percentile is that of its curve, sorted"
is "$(ask bill --month "$month" -j | jq -c '[.bills[].number]')" "$(ask show invoices month "$month" -j | jq -c '[.invoices[].number]')" \
	"all bills in one answer are those of the list"
like "$(ask bill --month "$month" 64512)" "INVOICE KTX-*SIMULATED*total*USD*" "a bill as text"
like "$(ask bill --month "$month" --html 64512)" '<!doctype html>*</html>' "as a page"
ask bill --month "$month" --bins 64512 >"$hub_dir/bins.csv"
is "$(grep -c ,counter,yes "$hub_dir/bins.csv")" "$(jq .bins.counter "$hub_dir/bill.json")" "and its bins as CSV"
ask bill --month 1999-01 64512 2>"$hub_dir/error"
is $? 1 "a month before the contract has no bill"
like "$(cat "$hub_dir/error")" "*no contract in that month*" "and says why"
like "$(ask show curve hub hours 24)" "*Karachi Transit Exchange*95th*" "the hub has a curve"

is "$(ask store verify)" "the store is sound" "the store is read through while the hub runs"
is "$("$sarai" store verify "$hub_dir/hub.yaml")" "the store is sound" "and from outside"
"$sarai" store export "$hub_dir/hub.yaml" "$hub_dir/csv" >/dev/null && "$sarai" store import "$hub_dir/copy.sqlite" "$hub_dir/csv" >/dev/null &&
	"$sarai" store export "$hub_dir/copy.sqlite" "$hub_dir/csv2" >/dev/null
is "$? $(diff -rq "$hub_dir/csv" "$hub_dir/csv2")" "0 " "it goes out as CSV and into another store while the hub runs"

# What cannot be read is moved aside, at once and once.
spool=$hub_dir/data/spool
echo junk >"$spool/1.traffic"
: >"$spool/1767225600-1.traffic"
echo "not for the ledger" >"$spool/.1767225600-2.traffic"
refused() { [ "$(ask show ledger -j | jq .spool.refused)" = 2 ]; }
wait_for 5 refused
ok $? "damaged files are counted"
is "$(find "$spool/refused" -type f | wc -l)" 2 "and moved aside"
ok "$([ -e "$spool/.1767225600-2.traffic" ]; echo $?)" "a file that is being written is left alone"
is "$(ask show ledger -j | jq .trouble)" null "that is no trouble of the store"

# A killed ledger comes back with all it had.
stored() { grep ,counter,yes | sed -n 1,200p | sha256sum; }
before=$(stored <"$hub_dir/bins.csv")
kill -9 "$(room_field ledger pid)"
back() { [ "$(room_field ledger restarts)" = 1 ] && [ "$(room_field ledger state)" = up ]; }
wait_for 5 back
ok $? "after kill -9 it comes back"
is "$(ask bill --month "$month" --bins 64512 | stored)" "$before" "with the same bins"

# A damaged store is not written to, and the room says so.
kill -STOP "$(room_field ledger pid)"
printf 'damage' | dd of="$hub_dir/data/ledger.sqlite" bs=1 seek=0 conv=notrunc status=none
kill -9 "$(room_field ledger pid)"
damaged() { [ "$(ask show ledger -j 2>/dev/null | jq .open)" = false ]; }
wait_for 8 damaged
ok $? "a damaged store is not opened; the ledger stays up and says so"
ask show invoices 2>"$hub_dir/error"
is $? 1 "questions are refused"
like "$(cat "$hub_dir/error")" "*store is not open*" "with the reason"
done_testing
