#!/bin/bash
# The command line as scripts and people meet it: output, exit status, forms, abbreviations, without and with a running hub.
. "$(dirname "$0")/../live/hub.sh"
hub_begin
cd "$hub_dir" || exit 1

# Without a hub.
run() { # run WORDS...: fills $out, $err, $status
	out=$("$sarai" "$@" 2>"$hub_dir/err")
	status=$?
	err=$(cat "$hub_dir/err")
}
run help
is $status 0 "help is given"
is "$(printf '%s\n' "$out" | awk 'length > 80' | wc -l)" 0 "in 80 columns"
run --help
is $status 0 "--help is help"
run version
like "$out" 'sarai [0-9]*' "the version is told"
run --version
is $status 0 "--version too"
run help show member
like "$out" '*show member ASN|NAME*' "help for one command"
run corridor path KHI FRA --help
like "$status $out" '0 usage: sarai corridor path A B *' "--help behind a command is help for it"
run show -h
like "$status $out" '0 *show members*' "and behind its beginning, for all that begins so"
run help shew
is $status 2 "help for what is no command is a usage error"
run shew members
is $status 2 "a command that is none is a usage error"
like "$err" '*found "shew", expected one of*' "with what was found and what would do"
is "$out" "" "and nothing on standard output"
run show m
is $status 2 "an ambiguous word is a usage error"
like "$err" '*members*matrix*' "with the choices"
run -x
is $status 2 "an unknown option is a usage error"
run -s
is $status 2 "an option without its value is a usage error"
run -s "$hub_dir/none.sock" show status
is $status 3 "no hub at the socket is status 3"
like "$err" "*no hub runs at $hub_dir/none.sock*" "with the socket's name"
run -q -s "$hub_dir/none.sock" show status
is "$status$err" 3 "-q says nothing"
run run
is $status 2 "run without a file is a usage error"
run run "$hub_dir/none.yaml"
is $status 1 "run with a file that is not there is refused"
run lab "$hub_dir/hub.yaml" --history 35
is $status 2 "days without their d are a usage error"
run lab "$hub_dir/hub.yaml" --history 0d
is $status 2 "no days are a usage error"
run lab "$hub_dir/hub.yaml" --only-history
is $status 2 "--only-history without --history is a usage error"

# The manual tells every command, with every option and keyword of its usage, and every option of the program.
MANWIDTH=2000 man -l "$root/man/sarai.1" 2>/dev/null | col -b | tr -s ' \n' ' ' >"$hub_dir/manual"
missing=""
for first in run check lab store mrt apply confirm undo show explain dump member bill ledger corridor metrics import help version; do
	"$sarai" help $first | awk '/^usage: sarai / { print substr($0, 14); exit } /^  [a-z]/ { sub(/^  /, ""); sub(/  .*/, ""); print }'
done | while read -r usage; do
	words=$(printf '%s\n' "$usage" | sed 's/[^a-z -].*//; s/ *$//; s/ -.*//')
	grep -qF -- "$words" "$hub_dir/manual" || echo "command $words"
	printf '%s\n' "$usage" | grep -oE -- '(^|[[ |])--?[a-z]+(-[a-z]+)*|\[[a-z]+(-[a-z]+)* ' | tr -d '[ |' | while read -r word; do
		grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" "$hub_dir/manual" || echo "$word of $words"
	done
done >"$hub_dir/untold"
is "$(cat "$hub_dir/untold")" "" "the manual tells every command with all that may follow it"
for option in -j --json --csv -s --socket -q --quiet; do
	grep -qE -- "(^|[^a-z-])$option([^a-z-]|$)" "$hub_dir/manual" || missing="$missing $option"
done
is "$missing" "" "and every option"

# check
run check "$hub_dir/hub.yaml"
is $status 0 "a good file is good"
like "$out" '*good: KTX*12 members*' "and what is in it is told"
run check -p "$hub_dir/hub.yaml"
printf '%s\n' "$out" >"$hub_dir/printed.yaml"
is "$("$sarai" check -p "$hub_dir/printed.yaml")" "$out" "what check -p prints reads back to the same"
sed 's/asn: 64513/asn: 0x1/; s/kind: carrier/kind: carier/' "$hub_dir/hub.yaml" >"$hub_dir/bad.yaml"
run check "$hub_dir/bad.yaml"
is $status 1 "a bad file is refused"
like "$err" '*bad.yaml:*:*"0x1"*' "with the place of each error"
like "$err" '*carier*carrier*' "and the word that was meant"
run check
is $status 2 "check without a file is a usage error"
run check --schema
like "$out" '*short_name*' "the schema is told"

# Words that come in by a pipe.
run -s "$hub_dir/none.sock" <<<"version"
like "$out" 'sarai *' "commands are read from standard input"
run -s "$hub_dir/none.sock" <<<$'# a remark\n\nversion\nquit\nshew'
is $status 0 "quit ends them"
run -s "$hub_dir/none.sock" <<<'show "open'
is $status 2 "an open quote is a usage error"

# With a hub.
hub_start --simulated
ok $? "a hub starts" || done_testing
run -s "$hub_socket" show status
is $status 0 "show status"
like "$out" '*Karachi Transit Exchange (KTX), AS64500*exchange*up*web*up*' "says who and how"
is "$(printf '%s\n' "$out" | awk 'length > 80' | wc -l)" 0 "in 80 columns"
case $out in *$'\033'*) ok 1 "no colours for a pipe" ;; *) ok 0 "no colours for a pipe" ;; esac
run -s "$hub_socket" sh stat -j
is "$(printf '%s' "$out" | jq -r .hub.short_name)" KTX "shortened, as JSON"
is "$(printf '%s' "$out" | jq '.rooms | length')" 8 "with all its rooms"
run -s "$hub_socket" -j show status
is "$(printf '%s' "$out" | jq .simulated)" true "-j may come first"
run -s "$hub_socket" show status --csv
is "$(printf '%s\n' "$out" | head -1)" "room,state,pid,since,restarts" "as CSV"
SARAI_SOCKET=$hub_socket run show status
is $status 0 "the socket may come from the environment"
run -s "$hub_socket" show overview
like "$out" '*traffic*up * of 12 members*over 85 %*' "the overview is joined from all rooms"
run -s "$hub_socket" show overview -j
is "$(printf '%s' "$out" | jq -c '[.numbers, .busiest, .incidents, .rooms] | map(type)')" '["object","array","array","array"]' "also as JSON"
is "$(printf '%s' "$out" | jq -c '.numbers | [.members, .members_up, .sessions]')" '[12,0,13]' "with the numbers of the members"
is "$(printf '%s' "$out" | jq -c '.numbers | keys')" \
	"$(curl -s "http://127.0.0.1:$((hub_port + 4))/api/v1/overview" | jq -c '.numbers | keys')" "the same ones as the page has"
run -s "$hub_socket" --csv show overview
is $status 2 "what has no CSV says so"
run -s "$hub_socket" show member 1
is $status 1 "a member that is not there is status 1"
run -s "$hub_socket" corridor path HKG NOWHERE
is $status 1 "a site that is not there is status 1"
run -s "$hub_socket" corridor path HKG FRA --avoid
is $status 2 "a question that makes no sense is status 2"
run -s "$hub_socket" apply "$hub_dir/none.yaml"
is $status 1 "apply of a file that is not there is refused"
run -s "$hub_socket" apply "$hub_dir/bad.yaml"
is $status 1 "apply of a bad file is refused"
like "$err" '*bad.yaml:*0x1*carier*' "with all complaints"
(cd / && "$sarai" -s "$hub_socket" apply "${hub_dir#/}/hub.yaml") >"$hub_dir/out" 2>&1
is $? 0 "a file is found from where one stands"
run -s "$hub_socket" apply hub.yaml --confirm 0
is $status 2 "no seconds to confirm are a usage error"
run -s "$hub_socket" apply hub.yaml --confirm soon
is $status 2 "nor is a word"
run -s "$hub_socket" confirm
is $status 1 "nothing to confirm is status 1"
run -s "$hub_socket" metrics nothing
is $status 1 "metrics of a room that is none"
run -s "$hub_socket" corridor show
is $status 0 "a long answer"
done_testing
