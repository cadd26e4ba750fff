#!/bin/bash
# Invoices on paper: a running hub with a made-up history has them drawn, one or a month of them, for shell and page alike, in a process
# that lives as long as that takes.
. "$(dirname "$0")/hub.sh"
hub_begin
"$sarai" lab "$hub_dir/hub.yaml" --history 2d --only-history 2>"$hub_dir/history.log"
ok $? "two days of history are made up" || sed 's/^/# /' "$hub_dir/history.log"
hub_start --simulated
ok $? "the hub starts" || done_testing
month=$(date -u -d '1 day ago' +%Y-%m)
flat() { pdftotext -layout "$1" - | tr -d ' \n\f'; }

ask bill --month "$month" 64512 --pdf "$hub_dir/one.pdf" >"$hub_dir/said"
is $? 0 "an invoice is written as PDF"
is "$(cat "$hub_dir/said")" "$hub_dir/one.pdf" "and the shell says where"
ask bill --month "$month" 64512 -j >"$hub_dir/one.json"
text=$(flat "$hub_dir/one.pdf")
like "$text" "*$(jq -r .number "$hub_dir/one.json")*" "its number stands on it"
like "$text" "*红杨国际传输有限公司*上海市浦东新区示例路1号*" "and the name in the member's own script"
like "$text" "*$(jq -r .total.amount "$hub_dir/one.json")USD*" "and the total, to the cent"
like "$text" "*simulated,notpayable*" "and that it is simulated"
is "$(pdffonts "$hub_dir/one.pdf" | tail -n +3 | awk '{print $(NF-4)}' | sort -u)" yes "its fonts are embedded"
curl -s -D "$hub_dir/head" -o "$hub_dir/web.pdf" "http://127.0.0.1:$((hub_port + 4))/api/v1/bill/64512?month=$month&format=pdf"
like "$(tr -d '\r' <"$hub_dir/head")" "*200 OK*application/pdf*" "the page gets it too"
like "$(head -c 5 "$hub_dir/web.pdf")" "%PDF-" "as a PDF"

ask bill --month "$month" --pdf "$hub_dir/month" >"$hub_dir/said"
is $? 0 "all of a month go into a folder"
is "$(ls "$hub_dir/month" | wc -l)" "$(ask show invoices month "$month" -j | jq '.invoices | length')" "one for each invoice"
is "$(ls "$hub_dir/month" | sort | head -1)" "$(ask show invoices month "$month" -j | jq -r '.invoices[].number' | sort | head -1).pdf" "named by its number"
like "$(flat "$hub_dir"/month/*64514*.pdf)" "*«Даламагистралі»ЖШС*" "Kazakh is shaped"
like "$(pdffonts "$hub_dir"/month/*64522*.pdf)" "*NotoNastaliqUrdu*" "Urdu is in Nastaliq"

ask bill --month 1999-01 64512 --pdf "$hub_dir/none.pdf" 2>"$hub_dir/error"
is $? 1 "a month before the contract has no PDF"
like "$(cat "$hub_dir/error")" "*no contract in that month*" "for the ledger's reason"
ok "$([ ! -e "$hub_dir/none.pdf" ]; echo $?)" "and no file is left"
ask bill --month "$month" 64512 --pdf /nonexistent/x.pdf 2>"$hub_dir/error"
is $? 1 "a file that cannot be written is a failure"
ask bill --month "$month" 64512 --pdf 2>"$hub_dir/error"
is $? 2 "and --pdf without a path is no command"

# What the journal holds is drawn as it was issued.
# A month is final some hours after its end only, so the one before the day before yesterday.
last=$(date -u -d "$(date -u -d '2 days ago' +%Y-%m-01) -1 day" +%Y-%m)
ask ledger issue --month "$last" 64514 >"$hub_dir/said"
issued=$(ask ledger invoices -j | jq -r '.invoices[0].id')
ask ledger document "$issued" --pdf "$hub_dir/issued.pdf" >"$hub_dir/said"
is $? 0 "an issued invoice is drawn from the journal"
dated=$(ask ledger invoices -j | jq -r '.invoices[0] | .id + "Date" + .issued + "*Due" + .due')
like "$(flat "$hub_dir/issued.pdf")" "*Document*$dated*" "with its number, its date and the day it is due, as the journal says"
ask ledger credit "$issued" 10.00 "an outage" >"$hub_dir/said"
ask ledger document "${issued/-I/-C}" --pdf "$hub_dir/note.pdf" >"$hub_dir/said"
like "$(flat "$hub_dir/note.pdf")" "*Creditnote*«Даламагистралі»ЖШС*anoutage*" "and so is a credit note, with its reason"

# Each party's statement of a settlement.
ask ledger issue --month "$last" >"$hub_dir/said"
ask ledger settle --month "$last" -j >"$hub_dir/settled"
party=$(jq -r '.statements | map(select(.party != "hub")) | .[0].party' "$hub_dir/settled")
ask ledger document KTX-S000001 "$party" --pdf "$hub_dir/statement.pdf" >"$hub_dir/said"
is $? 0 "a party's statement is drawn"
net=$(jq -r --arg party "$party" '.statements[] | select(.party == $party) | .net' "$hub_dir/settled")
like "$(flat "$hub_dir/statement.pdf" | sed 's/\xc2\xa0//g')" "*Settlementstatement*KTX-S000001,$party*Shares*$net*" "with what it is paid, or pays"
is "$(ask ledger document KTX-S000001 "$party" -j | jq -c '[([.parts[].share, .before[].amount.amount] | map(sub("[.]"; "") | tonumber) | add) == (.statements[0].share | sub("[.]"; "") | tonumber), .document]')" \
	'[true,"settlement-statement"]' "its lines add up to its share"
ask ledger document KTX-S000001 --pdf "$hub_dir/none.pdf" 2>"$hub_dir/error"
is $? 1 "of a whole settlement there is no such thing"
is "$(curl -s -o /dev/null -w "%{http_code}" "http://127.0.0.1:$((hub_port + 4))/api/v1/ledger/document?id=KTX-S000001&format=pdf")" 404 "by HTTP neither"
like "$(cat "$hub_dir/error")" '*name the party*' "and what to name is said"
ask ledger document KTX-S000001 nobody --pdf "$hub_dir/none.pdf" 2>"$hub_dir/error"
like "$(cat "$hub_dir/error")" '*nobody is no party of KTX-S000001*' "a party that is not there is told"

# The rooms stay small: what draws is gone when it has drawn.
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$(room_field "$1" pid)/status"; }
paper=$(rss paper) ledger=$(rss ledger)
ok "$([ "$paper" -lt 20000 ]; echo $?)" "the paper's process carries no fonts: $paper kB"
ok "$(! grep -q 'libpango\|libcairo' "/proc/$(room_field ledger pid)/maps"; echo $?)" "nor the ledger's any library of them: $ledger kB"
is "$(pgrep -P "$(room_field paper pid)" | wc -l)" 0 "no child is left"
pids=
for i in 1 2 3 4 5 6; do
	ask bill --month "$month" 64512 --pdf "$hub_dir/at-once-$i.pdf" >"$hub_dir/said-$i" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
is "$(cat "$hub_dir"/at-once-?.pdf | grep -ac '^%%EOF')" 6 "six at once are all drawn"
done_testing
