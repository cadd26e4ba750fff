# For live tests that need a running hub: sourced. A hub of an example on loopback ports of its own, in a folder of
# its own; everything is ended and removed when the test ends.
#
#   hub_begin [EXAMPLE]   of examples/, karachi unless said: makes $hub_dir/hub.yaml (BGP on $hub_port, flows on +1 to +3, HTTP on +4) and its socket's name; +5 to +9
#                         are free as well
#   hub_start [OPTIONS]   starts it and waits until every room is up; hub_pid
#   lab_start             starts the members and waits until all sessions are up; lab_pid
#   ask WORDS...          asks it
#   ok STATUS NAME, is GOT EXPECTED NAME, done_testing
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/tests/live/ports.sh"
sarai=${SARAI:-$root/build/sarai}
tap_count=0 tap_failed=0
export SARAI_SECCOMP=kill ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}

ok() {
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failed=$((tap_failed + 1))
	fi
	[ "$1" = 0 ]
}
is() {
	[ "$1" = "$2" ]
	ok $? "$3" || printf '#      got: %s\n# expected: %s\n' "$1" "$2"
}
# like TEXT PATTERN NAME: a shell pattern.
like() {
	# shellcheck disable=SC2254
	case $1 in $2) ok 0 "$3" ;; *) ok 1 "$3" || printf '#      got: %s\n# expected: %s\n' "$1" "$2" ;; esac
}
done_testing() {
	echo "1..$tap_count"
	[ $tap_failed = 0 ]
	exit
}

hub_begin() {
	hub_dir=$(mktemp -d /tmp/sarai-live-XXXXXX)
	hub_socket=$hub_dir/sarai.sock
	trap hub_cleanup EXIT
	hub_port=$(free_ports 10)
	sed -e "s#\./var#$hub_dir/data#; s#control_socket:.*#control_socket: $hub_socket#" \
		-e "s#127\.0\.0\.1:1790#127.0.0.1:$hub_port#; s#\[::1\]:1790#[::1]:$hub_port#" \
		-e "s#127\.0\.0\.1:6343#127.0.0.1:$((hub_port + 1))#; s#127\.0\.0\.1:2055#127.0.0.1:$((hub_port + 2))#" \
		-e "s#127\.0\.0\.1:4739#127.0.0.1:$((hub_port + 3))#; s#127\.0\.0\.1:8080#127.0.0.1:$((hub_port + 4))#" \
		-e "s#csv: silkroad#csv: $root/examples/silkroad#; s#examples/silkroad/\(towers\|fibre\)#$root/&#g" "$root/examples/${1:-karachi}.yaml" >"$hub_dir/hub.yaml"
}
hub_cleanup() {
	[ -n "$lab_pid" ] && kill "$lab_pid" 2>/dev/null && wait "$lab_pid" 2>/dev/null
	[ -n "$hub_pid" ] && kill "$hub_pid" 2>/dev/null && wait "$hub_pid" 2>/dev/null
	rm -rf "$hub_dir"
}
ask() { "$sarai" -s "$hub_socket" "$@"; }
# The process, or another field, of a room.
room_field() { ask show status -j 2>/dev/null | jq -r ".rooms[] | select(.room == \"$1\") | .$2"; }
# wait_for SECONDS COMMAND...: until it succeeds. So many seconds are plenty; a machine that is slow, or busy, gets six times as many.
wait_for() {
	local end=$((SECONDS + 6 * $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -ge $end ] && return 1
		sleep 0.05
	done
}
all_up() { [ "$(ask show status -j 2>/dev/null | jq '.rooms | length > 0 and all(.state == "up")')" = true ]; }
hub_start() {
	"$sarai" run "$hub_dir/hub.yaml" "$@" 2>>"$hub_dir/hub.log" &
	hub_pid=$!
	wait_for 20 all_up || { sed 's/^/# /' "$hub_dir/hub.log"; return 1; }
}
lab_start() {
	: >"$hub_dir/lab.log"
	"$sarai" lab "$hub_dir/hub.yaml" 2>>"$hub_dir/lab.log" &
	lab_pid=$!
	wait_for 20 grep -q 'sessions are up' "$hub_dir/lab.log"
}
