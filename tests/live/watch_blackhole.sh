#!/bin/bash
# An attack, from the samples of a switch to the route: the meter proposes a blackhole, nothing happens, an operator confirms it, the exchange
# announces it, other members hear it, it ends; and sessions that are up are known to the meter.
. "$(dirname "$0")/hub.sh"
hub_begin
cd "$hub_dir" || exit 1
sed -i 's/^policy:$/&\n  blackhole: {announce: yes}/' hub.yaml
cat >>hub.yaml <<'END'
watch:
  rise: {floor: 500M, learn_s: 15, hold_s: 10, end_s: 10, blackhole_s: 30}
END
hub_start --simulated
ok $? "a hub starts" || done_testing
lab_start
ok $? "and its members" || done_testing
known() { [ "$(ask show alarms -j | jq .sessions_known)" = true ]; }
wait_for 30 known
ok $? "the meter knows which sessions are up"
route() { # the first IPv4 route of the member that is accepted, as long as a /24 at most
	prefix=$(ask show routes member 64513 -j | jq -r '[.routes[] | select(.state == "accepted" and (.prefix | test(":") | not)) | .prefix | select(test("/(1[0-9]|2[0-4])$"))][0]')
	[ "$prefix" != null ] && [ -n "$prefix" ]
}
wait_for 20 route
ok $? "a member announces $prefix"
victim=$(python3 -c "import ipaddress,sys; print(ipaddress.ip_network(sys.argv[1])[9])" "$prefix")
mac=$(sed -n '/asn: 64513/,/asn: 64514/s/.*macs: \[\([^],]*\).*/\1/p' hub.yaml | head -1)
# The attack: 1.6 Gbit/s from many, sampled 1 in 1000, for as long as it is let; so many by the clock, however seldom it gets the processor.
cat >attack.py <<'END'
import random, socket, struct, sys, time
to, victim, mac = int(sys.argv[1]), sys.argv[2], bytes.fromhex(sys.argv[3].replace(":", ""))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.2.1", 0))
number, begun = 0, time.monotonic()
while True:
    while number < (time.monotonic() - begun) * 200:
        number += 1
        source = bytes([100, random.randrange(64, 128), random.randrange(256), random.randrange(256)])
        ip = bytes([0x45, 0, 3, 0xde, 0, 0, 0, 0, 64, 17, 0, 0]) + source + socket.inet_aton(victim)
        frame = mac + bytes.fromhex("00005e005301") + b"\x08\x00" + ip + bytes(8)
        raw = struct.pack(">IIII", 1, 1000, 4, len(frame)) + frame + bytes(-len(frame) % 4)
        record = struct.pack(">II", 1, len(raw)) + raw
        sample = struct.pack(">IIIIIIII", number, 1, 1000, number * 1000, 0, 1, 2, 1) + record
        head = struct.pack(">II4sIIII", 5, 1, socket.inet_aton("127.0.2.1"), 7, number, number * 5, 1)
        s.sendto(head + struct.pack(">II", 1, len(sample)) + sample, ("127.0.0.1", to))
    time.sleep(0.1)
END
learnt() { [ "$(ask show alarms -j | jq '.learns_until < (now | todate)')" = true ]; }
wait_for 90 learnt
is "$(ask show alarms -j | jq '[.alarms[] | select(.kind == "sudden-rise")] | length')" 0 "what the lab sends is no attack"
python3 attack.py $((hub_port + 1)) "$victim" "$mac" &
attack=$!
trap 'kill $attack 2>/dev/null; hub_cleanup' EXIT
proposed() { [ "$(ask show proposals -j | jq -r '.proposals[0].target')" = "$victim/32" ]; }
wait_for 60 proposed
ok $? "an attack on one address is found, and a blackhole proposed" || { ask show alarms; ask show talkers | head -5; }
ask show alarms >alarms.txt
grep -q "$victim/32" alarms.txt
ok $? "the operator is told which address"
curl -s "http://127.0.0.1:$((hub_port + 4))/api/v1/alarms" >api.json
is "$(jq '[.alarms[] | select(.kind == "sudden-rise") | .target] | all(. == null)' api.json)" true "the API is not"
! grep -q "$victim" api.json hub.log
ok $? "and the log is not either"
is "$(ask show blackholes -j | jq '.blackholes | length')" 0 "nothing is done by itself"
ask propose confirm 99 >out.txt 2>&1
is $? 1 "there is no proposal 99"
ask propose confirm 1 >out.txt 2>&1
ok $? "the operator confirms it" || cat out.txt
is "$(ask show proposals -j | jq -r '.proposals[0].state')" installed "it is installed"
is "$(ask show blackholes -j | jq -r '.blackholes[0] | "\(.prefix) \(.asn) \(.sessions > 0)"')" "$victim/32 64513 true" "for that member, on its sessions"
is "$(ask show route "$victim" -j | jq -r '.routes[0] | "\(.prefix) \(.state) \(.communities | index("65535:666") != null) \(.heard_by | length > 3)"')" \
	"$victim/32 accepted true true" "others hear it as a blackhole"
kill -9 "$(room_field exchange pid)"
back() { all_up && [ "$(ask show blackholes -j | jq '.blackholes[0].sessions > 0')" = true ]; }
wait_for 40 back
ok $? "an exchange that dies has it again when the members are back"
kill $attack
over() { [ "$(ask show alarms -j | jq '[.alarms[] | select(.kind == "sudden-rise")] | length')" = 0 ]; }
wait_for 60 over
ok $? "the attack ends, and so does the alarm"
gone() { [ "$(ask show blackholes -j | jq '.blackholes | length')" = 0 ]; }
wait_for 90 gone
ok $? "and the blackhole, by itself"
ask blackhole add "$victim/32" 64513 for 600 >/dev/null
ok $? "an operator may ask for one without a proposal"
ask blackhole add 192.0.2.0/24 64513 >out.txt 2>&1
is $? 1 "of addresses that are not the member's not"
ask blackhole remove "$victim/32" >/dev/null
ok $? "and end it"
done_testing
