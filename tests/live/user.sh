#!/bin/bash
# Started as root, the rooms become another user and still listen on port 179; in a network namespace of its own.
if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP only root can become somebody else"
	exit 0
fi
if [ -z "$SARAI_IN_NAMESPACE" ]; then
	unshare -n true 2>/dev/null || { echo "1..0 # SKIP no network namespaces here"; exit 0; }
	SARAI_IN_NAMESPACE=1 exec unshare -n "$0"
fi
. "$(dirname "$0")/hub.sh"
ip link set lo up
hub_begin
chmod 755 "$hub_dir"
sed -i "s/127\.0\.0\.1:$hub_port/127.0.0.1:179/; s/\[::1\]:$hub_port/[::1]:179/; s/^  data_directory:/  run_as_user: nobody\n  data_directory:/" "$hub_dir/hub.yaml"
hub_start --simulated
ok $? "a hub that runs as another user starts, on port 179" || done_testing
lab_start
ok $? "and members come to it"
uid=$(id -u nobody)
status() { awk -v key="$2:" '$1 == key {print $2}' "/proc/$(room_field "$1" pid)/status"; }
for room in exchange meter ledger corridor web; do
	is "$(status $room Uid)" "$uid" "$room is that user"
	is "$(status $room NoNewPrivs)" 1 "$room can gain no privilege"
done
is "$(status exchange CapEff)" 0000000000000400 "the exchange keeps the right to listen below 1024, and no other"
is "$(status web CapEff)" 0000000000000000 "the others keep none"
is "$(stat -c %U "$hub_dir/data" "$hub_dir/data/run" "$hub_dir/data/spool" | sort -u)" nobody "their folders are theirs"
is "$(stat -c %a "$hub_dir/data/run/hub-1.yaml")" 640 "the picture, which may hold passwords, is not for everybody"
kill -9 "$(room_field exchange pid)"
back() { [ "$(room_field exchange state)/$(room_field exchange restarts)" = up/1 ]; }
wait_for 5 back
ok $? "the exchange comes back on port 179 after kill -9"
sed "s/Karachi Transit Exchange/Karachi Second/" "$hub_dir/hub.yaml" >"$hub_dir/second.yaml"
ask apply "$hub_dir/second.yaml" >/dev/null
ok $? "another picture reaches all rooms"
kill -TERM $hub_pid && wait $hub_pid
is $? 0 "the hub ends well"
hub_pid=
sed -i 's/run_as_user: nobody/run_as_user: no-such-user/' "$hub_dir/hub.yaml"
text=$(timeout 60 "$sarai" run "$hub_dir/hub.yaml" 2>&1)
is $? 1 "a user that is not there is refused"
like "$text" '*there is no user "no-such-user"*' "and named"
done_testing
