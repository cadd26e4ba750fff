#!/bin/bash
# What is cut by hand is asked about on a terminal: what it would do is told first, and only yes is yes. Where there is no terminal there
# is no question.
. "$(dirname "$0")/hub.sh"
here=$(cd "$(dirname "$0")" && pwd)
hub_begin
hub_start
ok $? "the hub starts" || done_testing

# on_terminal WORDS... -- PATTERN KEYS ...: its status in $status, what stood there in $text.
on_terminal() {
	text=$(python3 "$here/on_terminal.py" "$sarai" -s "$hub_socket" "$@")
	status=$?
}
state() { ask corridor steer -j | jq -r '[.segments[] | select(.id == "M07") | .state][0] // "up"'; }
question='do it\? \[y/N\] '

on_terminal corridor cut M07 -- "$question" 'n\r'
like "$text" "*M07*do it? *" "what a cut would do is told, then it is asked about"
is "$status $(state)" "1 up" "no: nothing is done, and the status says so"
for answer in '\r' 'no\r' 'you must be joking\r' '\x04'; do
	on_terminal corridor cut M07 -- "$question" "$answer"
	is "$status $(state)" "1 up" "nor by $(printf '%q' "$answer")"
done
on_terminal corridor cut M07 -- "$question" '\x03'
is "$status $(state)" "130 up" "^C ends it, and nothing is done"
on_terminal corridor cut M07 -- "$question" 'yes\r'
is "$status $(state)" "0 cut" "yes does it"
like "$text" "*segment M07: cut*" "and says so"
on_terminal corridor restore M07 -- "$question" 'Y\r'
is "$status $(state)" "0 up" "what is restored is asked about as well"
on_terminal corridor drain M07 --yes --
is "$status $(state)" "0 drained" "--yes is an answer beforehand"
on_terminal corridor cut M07 --preview --
is "$status $(state)" "0 drained" "a preview asks nothing, and does nothing"
case $text in *"do it?"*) false ;; esac
ok $? "not even with a terminal"
on_terminal corridor cut nowhere -- || true
is "$status" 1 "what is not there is refused without a question"
ask corridor restore M07 </dev/null >/dev/null
is "$? $(state)" "0 up" "without a terminal there is no question"

# In the shell, where lines are edited: what is answered too much answers nothing else, and is no command.
prompt='sarai> '
on_terminal -- "$prompt" 'corridor cut M07\r' "$question" 'no, and certainly not twice: y\r' "$prompt" 'corridor cut M07\r' \
	"$question" 'n\r' "$prompt" 'quit\r'
is "$(state)" up "in the shell no is no, however long"
case $text in *"expected one of"*) false ;; esac
ok $? "and nothing of it is taken for a command"
on_terminal -- "$prompt" 'corridor cut M07\r' "$question" 'y\r' "segment M07: cut[\\s\\S]*$prompt" 'quit\r'
is "$(state)" cut "and yes is yes"
on_terminal -- "$prompt" 'corridor restore M07\r' "$question" '\x04' "$prompt" 'quit\r'
is "$status $(state)" "1 cut" "the end of input at the question is no, and not the end of the shell"
on_terminal -- "$prompt" 'corridor restore M07\r' "$question" '\x04' "$prompt" 'corridor restore M07\r' "$question" 'y\r' "$prompt" 'quit\r'
is "$status $(state)" "0 up" "nor the answer to the next question"
done_testing
