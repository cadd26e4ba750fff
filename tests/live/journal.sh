#!/bin/bash
# The journal of a running hub: a month of a made-up history is issued, credited, paid, disputed, settled among the owners of
# the cables, reconciled and verified; then the ledger is killed again and again while it writes, and the file is damaged.
. "$(dirname "$0")/hub.sh"
hub_begin
# A month is final a quarter of an hour after its end: in the first hour of another it is the one before that will do.
this=$(date -u -d '1 hour ago' +%Y-%m)
month=$(date -u -d "$this-01 - 1 day" +%Y-%m)
days=$((($(date +%s) - $(date -u -d "$this-01" +%s)) / 86400 + 2))
"$sarai" lab "$hub_dir/hub.yaml" --history ${days}d --only-history 2>"$hub_dir/history.log"
ok $? "a history that reaches into the last month is made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing
digits=${month/-/}
journal=$hub_dir/data/journal.sqlite
entries() { ask ledger balance -j | jq .entries; }

# Issuing.
is "$(ask ledger balance -j | jq -c .accounts)" '[]' "a new journal is empty"
ask ledger issue --month "$month" 64512 >"$hub_dir/issued"
like "$(cat "$hub_dir/issued")" "KTX-I000001 *KTX-$digits-64512-poplar-2026: issued,*USD*bins are missing*SIMULATED" "one invoice is issued"
is "$(ask ledger issue --month "$month" -j | jq -c '[.invoices[].outcome] | group_by(.) | map([.[0], length])')" \
	'[["issued",11],["issued before",1]]' "the rest of the month is"
is "$(ask ledger issue --month "$month" -j | jq -c '[.invoices[].outcome] | unique')" '["issued before"]' "a second time nothing is"
is "$(entries)" 12 "there are twelve entries"
# Of some contract, on its zone's clock, the last day of a month may be over.
is "$(ask ledger issue --month "$(date -u -d tomorrow +%Y-%m)" -j | jq -c '[.invoices[].outcome] | unique')" '["not final yet"]' "the running month is not final"
is "$(ask ledger invoices -j | jq -c '[.invoices[] | .state] | unique')" '["open"]' "all are open"
total=$(ask ledger invoices -j | jq -r '.invoices[0].total')
is "$(ask ledger document KTX-I000001 -j | jq -r .total.amount)" "$total" "the document says the same total"
is "$(ask bill --month "$month" 64512 -j | jq -c '[.issued.id,.issued.differs,.total.amount == "'"$total"'",(.curve | length > 2000)]')" \
	'["KTX-I000001",false,true,true]' "the bill is the issued one, with its curve"
like "$(ask bill --month "$month" 64512)" '*issued as KTX-I000001 on *' "as text it says so"

# Its document, the bill, the page and the journal say one date, and one day for payment.
dated=$(ask ledger document KTX-I000001 -j | jq -c '[.id,.date,.due_date]')
is "$dated" "$(ask ledger invoices -j | jq -c '.invoices[0] | [.id,.issued,.due]')" "the document bears the journal's number, date and due day"
is "$(ask bill --month "$month" 64512 -j | jq -c '[.id,.date,.due_date]')" "$dated" "so does the bill"
like "$(ask bill --month "$month" --html 64512)" "*<dt>Document<dd>KTX-I000001<dt>Date<dd>$(jq -r '.[1]' <<<"$dated")<dt>Due<dd>$(jq -r '.[2]' <<<"$dated")*" "and the page"

# What was issued stays, whatever would be billed now.
sed 's/monthly: 0.32/monthly: 0.33/' "$hub_dir/hub.yaml" >"$hub_dir/dearer.yaml"
ask apply "$hub_dir/dearer.yaml" >/dev/null
like "$(ask bill --month "$month" 64512)" '* 0.32 *IS NOT WHAT WAS ISSUED*price: 0.32, now 0.33*' "a price that changed is shown as a difference, below what was issued"
is "$(ask bill --month "$month" 64512 --csv | tr -d '\r' | awk -F, 'NR > 1 { print $(NF - 1), $NF }' | sort -u)" "KTX-I000001 yes" "as CSV it is the issued one too"
is "$(ask bill --month "$month" 64512 --csv | grep -c ',0.32,')" 1 "with its price"
is "$(ask bill --month "$month" -j | jq -c '[.bills[] | [.number, .issued.differs, .total.amount] | select(.[1])]')" "[[\"KTX-$digits-64512-poplar-2026\",true,\"$total\"]]" \
	"the bills of all are the issued ones"
like "$(ask bill --month "$month")" '*issued as KTX-I000001*price: 0.32, now 0.33*issued as KTX-I000002*' "as text too"
is "$(ask show invoices month "$month" -j | jq -c '.invoices[] | select(.asn == 64512) | [.document,.differs,.total.amount]')" \
	"[\"KTX-I000001\",true,\"$total\"]" "and the list has what was issued"
sed '/^  - id: poplar-2026/s/poplar-2026/poplar-2027/' "$hub_dir/hub.yaml" >"$hub_dir/renamed.yaml"
ask apply "$hub_dir/renamed.yaml" >/dev/null
is "$(ask bill --month "$month" -j | jq -c '[.bills[] | select(.member.asn == 64512) | [.contract.id, .issued.id]]')" \
	'[["poplar-2027",null],["poplar-2026","KTX-I000001"]]' "one whose contract is gone is among them still"
ask apply "$hub_dir/dearer.yaml" >/dev/null
like "$(ask bill --month "$month" --html 64512)" '*<main>*<pre>issued as KTX-I000001*IS NOT WHAT WAS ISSUED*price: 0.32, now 0.33*' "on the page too"
is "$(ask bill --month "$month" 64512 -j | jq -c '[.issued.differs,.total.amount]')" "[true,\"$total\"]" "and the issued document stands"
ask apply "$hub_dir/hub.yaml" >/dev/null

# Credit notes, payments.
ask ledger credit KTX-I000001 100.50 "two hours dark" >"$hub_dir/credit"
like "$(cat "$hub_dir/credit")" 'entry 13: credit KTX-C000001 of KTX-I000001, 100.50 USD' "a credit note"
like "$(ask ledger credit KTX-I000001 100.50 "two hours dark")" 'entry 13 says so already*' "given again it is known"
ask ledger credit KTX-I000001 99999999 "too much" 2>"$hub_dir/error"
is $? 1 "more than there is cannot be credited"
like "$(cat "$hub_dir/error")" '*is more than is left of KTX-I000001*' "and why is said"
ask ledger credit KTX-I000001 1 2>/dev/null
is $? 2 "nor can it be without a reason"
ask ledger pay KTX-I000001 1000 "$(date -u +%Y-%m-%d)" "wire 1" >/dev/null
is $? 0 "a part is paid"
is "$(ask ledger invoices 64512 -j | jq -r '.invoices[0].state')" "part paid" "it is part paid"
ask ledger pay "KTX-$digits-64512-poplar-2026" all >/dev/null
is "$(ask ledger invoices 64512 -j | jq -c '.invoices[0] | [.state,.open]')" '["paid","0.00"]' "the rest, by the invoice's name"
is "$(ask ledger statement 64512 -j | jq -c '[.open[0].amount, (.entries | length)]')" '["0.00",4]' "the statement says the same"

# Disputes.
ask ledger dispute open KTX-I000002 1000 "we measured less" >/dev/null
ask ledger dispute answer KTX-D000001 "send us your bins" >/dev/null
is "$(ask ledger disputes -j | jq -c '.disputes[0] | [.state,.amount,.answer]')" '["answered","1000.00","send us your bins"]' "a dispute is opened and answered"
is "$(ask ledger aged -j | jq -r '.aged[] | select(.holder == "64513") | .disputed')" 1000.00 "what is disputed is told with what is open"
ask ledger dispute settle KTX-D000001 250 "a quarter of it" >/dev/null
is "$(ask ledger disputes -j | jq -c '.disputes[0] | [.state,.granted]')" '["settled","250.00"]' "a part is granted"
ask ledger dispute reject KTX-D000001 "no" 2>/dev/null
is $? 1 "what is settled cannot be rejected"

# The other party's bins.
ask bill --month "$month" --bins 64512 >"$hub_dir/bins.csv"
is "$(ask ledger reconcile poplar-2026 "$hub_dir/bins.csv" --month "$month" -j | jq -c '[.differing,.only_ours,.only_theirs,.ours.total == .theirs.total,.suggestions]')" \
	'[0,0,0,true,[]]' "our own bins agree with themselves, and give the same bill"
awk -F, -v OFS=, 'NR == 1 { print "Time", "Tx (bit/s)", "Rx (bit/s)" } NR > 1 && $5 != "" { sub("Z", "+01:00", $1); print $1, $5, $6 }' \
	"$hub_dir/bins.csv" | tr -d '\r' >"$hub_dir/theirs.csv"
is "$(ask ledger reconcile poplar-2026 "$hub_dir/theirs.csv" --month "$month" -j | jq -c '[.looks_like.shift_s,.looks_like.swapped]')" '[-3600,true]' \
	"a wrong zone and directions seen from the other side are recognised"
ask ledger reconcile poplar-2026 "$hub_dir/theirs.csv" --month "$month" --keep 2>/dev/null
is $? 1 "such a file is not kept"
sed -i 's/+01:00/Z/; 1s/.*/Time,In (bit\/s),Out (bit\/s)/' "$hub_dir/theirs.csv"
is "$(ask ledger reconcile poplar-2026 "$hub_dir/theirs.csv" --month "$month" --keep -j | jq -c '[.differing,.kept]')" '[0,"KTX-B000001"]' \
	"put right it is kept"
is "$(ask ledger document KTX-B000001 -j)" "$(cat "$hub_dir/theirs.csv")" "as it came"
# What was kept stands in where our own bins are missing, in contracts that say so.
ask bill --month "$month" --bins 64513 >"$hub_dir/bins.csv"
missing=$(grep -c ,missing, "$hub_dir/bins.csv")
awk -F, -v OFS=, 'NR == 1 { print "start", "length_s", "in_octets", "out_octets" } NR > 1 { print $1, $2, $3 == "" ? 1000000000 : $3, $4 == "" ? 500000000 : $4 }' \
	"$hub_dir/bins.csv" >"$hub_dir/whole.csv"
is "$(ask ledger reconcile camel-bell-2026 "$hub_dir/whole.csv" --month "$month" --keep -j | jq -c '[.only_theirs,.differing]')" "[$missing,0]" \
	"a whole month of the other party is kept"
is "$(ask bill --month "$month" --bins 64513 | grep -c ,missing,)" "$missing" "a contract that does not ask for it is as before"
sed 's/^  - id: camel-bell-2026/&\n    percentile: {missing: other-party}/' "$hub_dir/hub.yaml" >"$hub_dir/other.yaml"
ask apply "$hub_dir/other.yaml" >/dev/null
is "$(ask bill --month "$month" --bins 64513 | grep -c '1000000000,500000000,.*,estimated,')" "$missing" "one that does has their bins, as estimates"
ask apply "$hub_dir/hub.yaml" >/dev/null
printf 'start,in,out,length\n1790812800,1,2,300\n1790813100,x,2,300\n' >"$hub_dir/bad.csv"
ask ledger reconcile poplar-2026 "$hub_dir/bad.csv" --month "$month" 2>"$hub_dir/error"
is $? 2 "a file that makes no sense is refused"
like "$(cat "$hub_dir/error")" '*line 3: found "x"*' "with the line"

# Settlement.
ask ledger pay KTX-I000002 1 "once" --key mine >/dev/null
like "$(ask ledger pay KTX-I000002 1 "once" --key mine)" "*says so already*" "a payment that is told again with its key is not added again"
ask ledger pay KTX-I000002 2 "once" --key mine 2>"$hub_dir/error"
is $? 1 "another one with that key is refused"
like "$(cat "$hub_dir/error")" "*has that key, and says something else*" "in words"
for later in "$(date -u +%Y-%m)" 9998-12; do
	ask ledger settle --month "$later" 2>"$hub_dir/error"
	is "$? $(cat "$hub_dir/error")" "1 sarai: $later is not over yet" "a month that is not over is not settled: $later"
done
ask ledger pay KTX-I000001 1 2099-01-01 2>"$hub_dir/error"
is "$? $(cat "$hub_dir/error")" "2 sarai: that day is still to come" "what is still to be paid is no payment"
ask ledger settle --month "$month" -j >"$hub_dir/settled"
is "$(jq '[.statements[] | .net | sub("[.]"; "") | tonumber] | add' "$hub_dir/settled")" 0 "the statements of all parties add up to zero"
is "$(jq -c '[.invoices[] | ((.shares | map(.share | sub("[.]"; "") | tonumber) | add) == (.revenue.amount | sub("[.]"; "") | tonumber))] | unique' "$hub_dir/settled")" \
	'[true]' "each invoice is shared to the last cent"
ask ledger settle --month "$month" 2>"$hub_dir/error"
is $? 1 "settled again there is nothing left"
like "$(ask show settlement month "$month" indus-fibre)" '*STATEMENT of Indus Fibre*P07*hub pays indus-fibre*' "a party's statement"
ask ledger credit KTX-I000003 500 "late" >/dev/null
is "$(ask ledger settle --month "$month" -j | jq -c '[(.invoices | length),.invoices[0].id,.dues]')" '[1,"KTX-I000003",[]]' "a credit note that came later is settled alone"
is "$(ask ledger balance -j | jq -c '[.accounts | group_by(.currency)[] | map(.balance | sub("[.]"; "") | tonumber) | add] | unique')" '[0]' \
	"all accounts add up to zero in each currency"

# By HTTP one may look.
http=http://127.0.0.1:$((hub_port + 4))/api/v1
is "$(curl -s "$http/ledger/invoices?member=64512" | jq -r '.invoices[0].id')" KTX-I000001 "invoices by HTTP"
is "$(curl -s "$http/ledger/settlement?month=$month&party=seven-rivers" | jq -r .party)" seven-rivers "a party's share by HTTP"
is "$(curl -s -o /dev/null -w '%{http_code}' "$http/ledger/issue")" 404 "but no command"
is "$(curl -s -o /dev/null -w '%{http_code}' -X POST "$http/ledger/invoices")" 405 "in no way"

# The auditor's way: without sarai.
head=$(ask ledger head -j | jq -r .hash)
is "$(python3 "$root/tests/live/journal_audit.py" "$journal")" "sound: $(entries) entries, head $head" "a script of its own finds the same chain, sums and head"
like "$(ask ledger verify)" "sound: * entries*" "so does sarai"
is "$(ask ledger verify --head "$head" -j | jq .sound)" true "which finds the head that was noted"

sqlite3 "$journal" ".backup $hub_dir/copy.sqlite"
like "$("$sarai" ledger verify "$hub_dir/copy.sqlite" --head "$head")" "sound: $(entries) entries*" "a copy is checked without a hub"
is "$("$sarai" -j ledger verify "$hub_dir/data" | jq -c '[.sound,.entries]')" "[true,$(entries)]" "and the journal in its folder"
"$sarai" ledger verify "$hub_dir/copy.sqlite" --head "${head//[0-9]/0}" >/dev/null
is $? 1 "a copy without the head that was noted is not sound"
"$sarai" ledger verify "$hub_dir/none.sqlite" 2>"$hub_dir/error"
is $? 1 "nor is one that is not there"
like "$(cat "$hub_dir/error")" "*none.sqlite*" "which is named"

# Killed while it issues: what was said to be issued is there once, and numbers have no gap.
members=200
jq -rn --argjson n $members '
	"include: [hub.yaml]", "contracts:",
	(range($n) | "  - {id: made-up-\(.), member: 64518, kind: flat, currency: USD, monthly: \(100 + .), starts: 2026-01-01}")' >"$hub_dir/many.yaml"
ask apply "$hub_dir/many.yaml" >/dev/null
is $? 0 "a hub with $members contracts more"
up() { [ "$(room_field ledger state)" = up ]; }
: >"$hub_dir/acknowledged"
rounds=0
# Each death makes the parent wait longer until it starts the room again.
while [ $rounds -lt 6 ]; do
	ask ledger issue --month "$month" >>"$hub_dir/acknowledged" 2>/dev/null &
	asking=$!
	sleep "0.0$((RANDOM % 10))"
	kill -9 "$(room_field ledger pid)" 2>/dev/null
	wait $asking
	wait_for 20 up || break
	rounds=$((rounds + 1))
done
is $rounds 6 "the ledger comes back from kill -9 six times"
ask ledger issue --month "$month" >>"$hub_dir/acknowledged"
ask ledger invoices -j | jq -r '.invoices[].id' >"$hub_dir/there"
is "$(sed -n 's/^\(KTX-I[0-9]*\) .*: issued,.*/\1/p' "$hub_dir/acknowledged" | sort | uniq -d | wc -l)" 0 "nothing was issued twice"
is "$(sed -n 's/^\(KTX-I[0-9]*\) .*: issued.*/\1/p' "$hub_dir/acknowledged" | sort -u | comm -23 - <(sort "$hub_dir/there") | wc -l)" 0 \
	"all that was said to be issued is there"
is "$(ask ledger invoices -j | jq -c '[(.invoices | length), ([.invoices[].number] | unique | length)]')" "[$((12 + members)),$((12 + members))]" \
	"every contract has one invoice"
is "$(ask ledger verify -j | jq -c '[.sound,.faults]')" '[true,[]]' "and the journal is sound"

# By itself it issues what is final and whole, the same whoever kills it; and not what rests on bins that are missing.
jq -rn --argjson n $members '
	"include: [many-automatic.yaml]",
	"members:", "  - {asn: 65010, name: Dark Fibre Only, kind: carrier}", "contracts:",
	"  - {id: by-bins, member: 64518, kind: flat, currency: USD, monthly: 1, starts: 2026-01-01}",
	(range($n) | "  - {id: by-itself-\(.), member: 65010, kind: flat, currency: USD, monthly: \(100 + .), starts: 2026-01-01}")' >"$hub_dir/automatic.yaml"
sed 's/issue: by-hand/issue: automatic/' "$hub_dir/hub.yaml" >"$hub_dir/hub-automatic.yaml"
sed 's/hub.yaml/hub-automatic.yaml/' "$hub_dir/many.yaml" >"$hub_dir/many-automatic.yaml"
kill -TERM $hub_pid && wait $hub_pid # the next parent has seen no deaths, and does not wait long after one
hub_start --simulated
ok $? "the hub ends and starts again"
ask apply "$hub_dir/automatic.yaml" >/dev/null
is $? 0 "a hub that issues by itself, and $members contracts that need no bins"
by_itself() { ask ledger invoices -j | jq '[.invoices[] | select(.number | test("by-itself"))] | length'; }
rounds=0
while [ $rounds -lt 3 ]; do
	wait_for 60 up || break
	sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
	kill -9 "$(room_field ledger pid)" 2>/dev/null
	rounds=$((rounds + 1))
done
all_issued() { [ "$(by_itself)" = $members ]; }
wait_for 60 all_issued
if [ "$(date -u -d '30 minutes ago' +%Y-%m)" = "$(date -u +%Y-%m)" ]; then
	is "$(by_itself)" $members "after three deaths each of them has its invoice"
	is "$(ask ledger invoices -j | jq -c '[(.invoices | length), ([.invoices[].number] | unique | length)]')" \
		"[$((12 + 2 * members)),$((12 + 2 * members))]" "once, and what rests on missing bins has none"
else
	ok 0 "after three deaths each has its invoice # SKIP the last month is not final in these minutes"
fi
is "$(ask ledger verify -j | jq -c '[.sound,.faults]')" '[true,[]]' "and the journal is sound"

# Damage.
head=$(ask ledger head -j | jq -r .hash)
kill -STOP "$(room_field ledger pid)"
sqlite3 "$journal" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
offset=$(grep -abo 'reason two hours dark' "$journal" | head -1 | cut -d: -f1)
printf 'x' | dd of="$journal" bs=1 seek=$((offset + 8)) conv=notrunc status=none
kill -CONT "$(room_field ledger pid)"
ask ledger verify 2>"$hub_dir/error"
is $? 1 "one changed letter in the file is found"
like "$(cat "$hub_dir/error")" '*entry 13: its text and its digest do not belong together*' "and the entry named"
is "$(python3 "$root/tests/live/journal_audit.py" "$journal" | sed -n 1p)" "entry 13: its digest is not that of its text" "by the script as well"
kill -9 "$(room_field ledger pid)"
shut() { like_shut=$(ask ledger balance 2>&1); [[ $like_shut == *"not open"*"entry 13"* ]]; }
wait_for 90 shut
ok $? "a ledger that starts with it does not write to it, and says why"
like "$(ask show ledger | tr -s ' \n' ' ')" '*journal*entry*13: its text*' "the state of the ledger tells it too"
done_testing
