#!/bin/bash
# Moving in, as people do it: files and URLs in, a hub file out that passes `check`, nothing written over, and what a running
# hub tells the world about itself imported back.
. "$(dirname "$0")/hub.sh"
hub_begin
data=$root/tests/import/data
run() { # run WORDS...: fills $out, $err, $status
	out=$("$sarai" "$@" 2>"$hub_dir/err")
	status=$?
	err=$(cat "$hub_dir/err")
}

# Files.
run import arouteserver "$data/general.yml" "$data/clients.yml" -o "$hub_dir/ars.yaml"
is $status 0 "arouteserver's files are imported"
is "$out" "" "with -o nothing goes to standard output"
like "$err" '*general.yml:*: no counterpart: *' "the list goes to standard error"
is "$(stat -c %a "$hub_dir/ars.yaml")" 600 "a file with passwords is for its owner"
run check "$hub_dir/ars.yaml"
is $status 0 "the hub file passes check"
like "$out" '*AS64500, 3 members, 8 sessions, 5 ports*' "and has what was there"
before=$(cat "$hub_dir/ars.yaml")
run import ixf "$data/ixf/two.json" -i 1 -o "$hub_dir/ars.yaml"
is $status 1 "a file that is there is not written over"
like "$err" '*ars.yaml: File exists; --force writes over it*' "which is said"
is "$(cat "$hub_dir/ars.yaml")" "$before" "and it stays as it was"
run import ixf "$data/ixf/two.json" -i 1 -o "$hub_dir/ars.yaml" --force
is $status 0 "unless --force is given"
is "$(stat -c %a "$hub_dir/ars.yaml")" 644 "a file without passwords is for everybody"
is "$(ls "$hub_dir" | grep -c '\.new$')" 0 "nothing is left beside it"
run import ixf "$data/ixf/two.json" -i 1
printf '%s\n' "$out" >"$hub_dir/out.yaml"
run check "$hub_dir/out.yaml"
is $status 0 "without -o the hub file goes to standard output"
ROUTER=192.0.2.9 AS=64499 bash -c "
	printf 'cfg:\n  rs_as: \${AS}\n  !include rest.yml\n' >$hub_dir/g.yml
	printf '  router_id: \${ROUTER}\n' >$hub_dir/rest.yml
	printf 'clients: [{asn: 64496, ip: 192.0.2.11}]\n' >$hub_dir/c.yml
	$sarai import arouteserver $hub_dir/g.yml $hub_dir/c.yml" >"$hub_dir/out.yaml" 2>/dev/null
is "$(grep -c -e 'asn: 64499' -e 'router_id: 192.0.2.9' "$hub_dir/out.yaml")" 2 "includes and variables are put in"

# What is wrong.
echo '{"member_list": [}' >"$hub_dir/bad.json"
run import ixf "$hub_dir/bad.json" -o "$hub_dir/none.yaml"
is $status 1 "a file that is no JSON is refused"
like "$err" '*bad.json:1:*nothing was written*' "with the place"
is "$(ls "$hub_dir/none.yaml" 2>/dev/null)" "" "and nothing is written"
run import ixf "$data/ixf/members.0.6.json"
like "$err" '*--asn N*--router-id ADDRESS*' "numbers that the source does not say must be given"
run import ixf "$data/ixf/members.0.6.json" --asn 64500 --router-id 2001:db8::1
is $status 2 "a router id that is none is a usage error"
run import ixf
is $status 2 "so is a missing file"
run import ixf a b
is $status 2 "and one too many"
run import ixf "$data/ixf/two.json" -i 1 -o "$hub_dir/no/such/folder.yaml"
is $status 1 "a folder that is not there is status 1"

# URLs, from a server of our own.
mkdir "$hub_dir/www"
cp "$data/ixf/two.json" "$hub_dir/www/members.json"
cat >"$hub_dir/server.py" <<'PY'
import http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
	def do_GET(self):
		if self.path.startswith("/moved"):
			self.send_response(302)
			self.send_header("Location", "/members.json")
			self.end_headers()
		elif self.path.startswith("/round"):
			self.send_response(302)
			self.send_header("Location", "/round")
			self.end_headers()
		elif self.path.startswith("/file"):
			self.send_response(302)
			self.send_header("Location", "file:///etc/hostname")
			self.end_headers()
		elif self.path.startswith("/often"):
			self.send_response(429)
			self.send_header("Retry-After", "37")
			self.end_headers()
			self.wfile.write(b'{"message": "Request was throttled."}')
		elif self.path.startswith("/huge"):
			self.send_response(200)
			self.end_headers()
			try:
				for _ in range(70):
					self.wfile.write(b" " * (1 << 20))
			except OSError:
				pass
		else:
			super().do_GET()
	def log_message(self, *args):
		pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$hub_dir/server.py" "$hub_dir/www" >"$hub_dir/port" &
server_pid=$!
trap 'kill $server_pid; hub_cleanup' EXIT
wait_for 10 test -s "$hub_dir/port"
url=http://127.0.0.1:$(cat "$hub_dir/port")
run import ixf "$url/members.json" -i 1
is $status 0 "a URL is fetched"
run import ixf "$url/moved" -i 1
is $status 0 "and found where it moved to"
run import ixf "$url/round" -i 1
like "$status $err" '1 *cannot be read*redirects*' "but not round and round"
run import ixf "$url/file" -i 1
is $status 1 "nor into files"
run import ixf "$url/none" -i 1
like "$status $err" '1 *cannot be read*404*' "an error of the server is one"
run import peeringdb 26 --from "$url/often"
like "$status $err" '1 *asked too often (429)*try again in 37 s*' "asked too often, it is told how long to wait"
run import ixf "$url/huge" -i 1
like "$status $err" '1 *cannot be read: File too large*' "a body without an end is cut off"

# What the hub tells the IX-F database about itself makes the same hub again.
hub_start --simulated
ok $? "a hub starts" || done_testing

ask show participants -j >"$hub_dir/participants.json"
run import ixf "$hub_dir/participants.json" --asn 64500 --router-id 192.0.2.1 -o "$hub_dir/again.yaml"
is $status 0 "its own export is imported" || printf '# %s\n' "$err"
hub_numbers() { "$sarai" check -p "$1" 2>/dev/null | grep -cE "$2"; }
is "$(hub_numbers "$hub_dir/again.yaml" '^  - asn:')" "$(hub_numbers "$hub_dir/hub.yaml" '^  - asn:')" "with all members"
is "$(hub_numbers "$hub_dir/again.yaml" '^        macs:')" "$(hub_numbers "$hub_dir/hub.yaml" '^        macs:')" "all ports"
is "$("$sarai" check -p "$hub_dir/again.yaml" 2>/dev/null | grep -E '^        (speed|ipv4):' | sort)" \
	"$("$sarai" check -p "$hub_dir/hub.yaml" 2>/dev/null | grep -E '^        (speed|ipv4):' | sort)" "their speeds and addresses"
done_testing
