#!/bin/bash
# MRT files: those that a hub writes are read by bgpdump and by us to the same lines; those of others give the counts that are known of them; what
# is cut or spoilt is told so.
. "$(dirname "$0")/hub.sh"
command -v bgpdump >/dev/null || { echo "1..0 # SKIP bgpdump is needed"; exit 0; }
hub_begin
mrt=$hub_dir/mrt
cat >>"$hub_dir/hub.yaml" <<END
dumps: {directory: $mrt, table_every_s: 0, updates_every_s: 60}
END
hub_start
ok $? "a hub that writes MRT files starts" || done_testing
lab_start
hub_routes() { ask show members -j | jq '[.members[].sessions[].accepted] | add'; }
all_heard() { local before; before=$(hub_routes); sleep 1; [ "$before" -gt 0 ] && [ "$(hub_routes)" = "$before" ]; }
wait_for 20 all_heard
same() {
	bgpdump -m "$1" >"$hub_dir/theirs" 2>/dev/null
	"$sarai" mrt -m "$1" >"$hub_dir/ours" && [ -s "$hub_dir/ours" ] && cmp -s "$hub_dir/ours" "$hub_dir/theirs"
}
count() { "$sarai" mrt -j --summary "${@:2}" | jq "$1"; }
file=$(ask dump table -j | jq -r .file)
wait_for 10 test -s "$file"
ok $? "a table is written on demand" || done_testing
same "$file"
ok $? "bgpdump and sarai mrt read the same in it"
is "$(count '.routes.ipv4 + .routes.ipv6' "$file")" "$(hub_routes)" "it has every route that was accepted"
is "$(count '.malformed' "$file")" 0 "and nothing malformed"
kill "$hub_pid"
wait "$hub_pid"
hub_pid=
updates=$(ls -S "$mrt"/updates.* | head -1) # a minute may have passed meanwhile, and begun another file
same "$updates"
ok $? "the updates of a hub that ended are whole, and read the same"
is "$(count '.state_changes' "$mrt"/updates.*)" "$((2 * $(count '.peers' "$updates")))" "each session's coming and going is in them"
prefix=$("$sarai" mrt -m "$file" | cut -d'|' -f6 | head -1)
is "$("$sarai" mrt -m --prefix "$prefix" "$file" | cut -d'|' -f6 | sort -u)" "$prefix" "a filter by prefix"
"$sarai" mrt -j "$file" | jq -es 'length > 100 and all(.[]; .kind == "route" and .prefix and .peer_asn and .as_path)' >/dev/null
ok $? "JSON lines are JSON"

zcat "$file" | head -c 3000 >"$hub_dir/cut"
"$sarai" mrt -m "$hub_dir/cut" >/dev/null 2>"$hub_dir/words"
is "$?" 1 "a file that is cut gives status 1"
like "$(cat "$hub_dir/words")" "*cut: truncated: its last whole record ends at *" "and says where"
head -c 3000 "$file" >"$hub_dir/cut.gz"
"$sarai" mrt "$hub_dir/cut.gz" >/dev/null 2>"$hub_dir/words"
is "$?" 1 "one that is cut while packed too"
bzip2 -k <"$hub_dir/cut" >"$hub_dir/cut.bz2" 2>/dev/null
"$sarai" mrt -m "$hub_dir/cut" 2>/dev/null >"$hub_dir/a"
"$sarai" mrt -m - 2>/dev/null <"$hub_dir/cut.bz2" >"$hub_dir/b"
cmp -s "$hub_dir/a" "$hub_dir/b" && [ -s "$hub_dir/a" ]
ok $? "bzip2 from standard input reads like the plain file"
"$sarai" mrt "$hub_dir/none" >/dev/null 2>"$hub_dir/words"
is "$?" 1 "a file that is not there gives status 1"
"$sarai" mrt --origin x "$file" 2>/dev/null >&2
is "$?" 2 "an option that makes no sense gives status 2"

corpus=$root/fuzz/corpus/mrt
for name in updates-2007 updates-2010 updates-2026 updates-ipv6 session table-v1 table-v2 as4-path; do
	cp "$corpus/$name" "$hub_dir/$name"
	bgpdump -m "$hub_dir/$name" 2>/dev/null
	true
done >"$hub_dir/theirs"
for name in updates-2007 updates-2010 updates-2026 updates-ipv6 session table-v1 table-v2 as4-path; do
	"$sarai" mrt -m "$hub_dir/$name" 2>/dev/null
done >"$hub_dir/ours"
# bgpdump shortens a single group of zeros in IPv6 addresses (RFC 5952 section 4.2.2 forbids it), and shows host bits.
python3 - "$hub_dir/ours" "$hub_dir/theirs" <<'END'
import ipaddress, sys
def plain(field):
    try:
        return str(ipaddress.ip_interface(field).network) if "/" in field else str(ipaddress.ip_address(field))
    except ValueError:
        return field
ours, theirs = ([[plain(f) for f in l.rstrip("\n").split("|")] for l in open(n)] for n in sys.argv[1:])
for a, b in zip(ours, theirs):
    if a != b:
        print("# " + "|".join(a) + "\n# " + "|".join(b))
sys.exit(ours != theirs or len(ours) < 30)
END
ok $? "records of collectors from 2007 to 2026 read as bgpdump reads them"
done_testing
