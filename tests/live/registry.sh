#!/bin/bash
# The registry's process with a real bgpq4 and a whois host of the test's own: good answers, slow ones, none, bad ones, ones that
# shrink; a start without network; what the operator accepts; PeeringDB by HTTP.
. "$(dirname "$0")/hub.sh"
hub_begin
folder=$hub_dir/data/registry
whois_port=$((hub_port + 5)) web_port=$((hub_port + 6))

# The hub: three members, one of them with sets by family, one with none.
cat >"$hub_dir/hub.yaml" <<YAML
hub:
  name: Test Exchange
  short_name: TEX
  asn: 64500
  router_id: 192.0.2.1
  country: PK
  data_directory: $hub_dir/data
listen:
  bgp: ["127.0.0.1:$hub_port"]
  sflow: 127.0.0.1:$((hub_port + 1))
  netflow: 127.0.0.1:$((hub_port + 2))
  ipfix: 127.0.0.1:$((hub_port + 3))
  http: 127.0.0.1:$((hub_port + 4))
  control_socket: $hub_socket
lans:
  - {name: peering, ipv4: 192.0.2.0/24, ipv6: "2001:db8:100::/64"}
irr:
  host: localhost
  port: $whois_port
  timeout_s: 2
  prefixes_max: 1000
  arin: http://localhost:$web_port/arin.json
  registro_br: $hub_dir/nicbr.txt
peeringdb:
  source: http://localhost:$web_port/api
  key: the-key
members:
  - asn: 64501
    name: One
    kind: access
    country: PK
    as_set: AS-ONE
    ports: [{ipv4: 192.0.2.11, ipv6: "2001:db8:100::11", speed: 10G}]
    sessions: [{address: 127.0.1.1, families: [ipv4, ipv6]}]
  - asn: 64502
    name: Two
    kind: access
    country: PK
    as_sets_ipv4: ["TEST::AS64502:AS-TWO", AS-ONE]
    ports: [{ipv4: 192.0.2.12, speed: 10G}]
    sessions: [{address: 127.0.1.2, families: [ipv4]}]
  - asn: 64503
    name: Three
    kind: access
    country: PK
    ports: [{ipv4: 192.0.2.13, speed: 10G}]
    sessions: [{address: 127.0.1.3, families: [ipv4]}]
YAML
"$sarai" check "$hub_dir/hub.yaml" >/dev/null 2>"$hub_dir/check.log" || { sed "s/^/# /" "$hub_dir/check.log"; ok 1 "the hub file is good"; done_testing; }

# The whois host.
: >"$hub_dir/asked"
whois_start() {
	python3 "$root/tests/live/irr_server.py" "$whois_port" "$hub_dir/irr.json" "$hub_dir/asked" 2>>"$hub_dir/whois.log" &
	whois_pid=$!
	wait_for 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$whois_port"
}
whois_stop() { [ -n "$whois_pid" ] && kill "$whois_pid" 2>/dev/null && wait "$whois_pid" 2>/dev/null; whois_pid=; }
# says JQ: what it will say from now on.
says() { jq "$1" "$hub_dir/irr.json" >"$hub_dir/irr.new" && mv "$hub_dir/irr.new" "$hub_dir/irr.json"; }
cat >"$hub_dir/irr.json" <<'JSON'
{"mode": "normal", "modes": {},
 "sets": {"AS-ONE": ["AS64501", "AS-INNER"], "AS-INNER": ["AS64601"], "AS64502:AS-TWO": ["AS64502"]},
 "routes": {"AS64501": ["198.51.100.0/24", "198.18.0.0/16", "198.19.0.0/17", "2001:db8:1::/48"],
            "AS64601": ["203.0.113.0/24", "2001:db8:601::/48"], "AS64502": ["198.19.128.0/20"]}}
JSON

# Whois data of Registro.br.
printf 'AS64502|Two|1|198.51.100.0/24|2001:db8:2::/48\nAS64503|Three|2\n' >"$hub_dir/nicbr.txt"

# PeeringDB, and ARIN's whois data.
mkdir "$hub_dir/web"
cat >"$hub_dir/web.py" <<'PYTHON'
import bz2, http.server, json, sys, urllib.parse
networks = [{"asn": 64501, "info_prefixes4": 30, "info_prefixes6": 3, "info_never_via_route_servers": False, "irr_as_set": "AS-ONE"},
            {"asn": 64700, "info_prefixes4": 9, "info_prefixes6": 9, "info_never_via_route_servers": True, "irr_as_set": ""}]
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = urllib.parse.parse_qs(url.query)
        with open(sys.argv[2], "a") as log:
            log.write(f"{self.path} {self.headers.get('Authorization')}\n")
        if url.path == "/arin.json":  # packed
            body = bz2.compress(json.dumps({"whois_records": {"v4": [
                {"prefix": f"198.18.{n}.0/24", "originas": "AS64501"} for n in range(100)]}}).encode())
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        if url.path != "/moved/net":  # one redirection
            self.send_response(302)
            self.send_header("Location", f"/moved/net?{url.query}")
            self.end_headers()
            return
        if "asn__in" in query:
            wanted = [int(n) for n in query["asn__in"][0].split(",")]
            found = [n for n in networks if n["asn"] in wanted]
        else:
            found = [n for n in networks if n["info_never_via_route_servers"]]
        body = json.dumps({"meta": {}, "data": found}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
PYTHON
python3 "$hub_dir/web.py" "$web_port" "$hub_dir/fetched" 2>>"$hub_dir/web.log" &
web_pid=$!
wait_for 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$web_port"
helpers_stop() { whois_stop; kill "$web_pid" 2>/dev/null; hub_cleanup; }
trap helpers_stop EXIT

# field SET FAMILY FIELD
field() { ask show registry -j | jq -r --arg s "$1" --arg f "$2" ".sets[] | select(.set == \$s and .family == \$f) | .$3"; }
field_is() { [ "$(field "$1" "$2" "$3")" = "$4" ]; }
count_of() { ask show registry -j | jq -r ".irr.$1"; }
count_is() { [ "$(count_of "$1")" = "$2" ]; }
idle() { count_is asking 0; }
# renew SET: asks, and waits for the answer.
renew() { ask registry refresh "$1" >/dev/null && sleep 0.2 && wait_for 15 idle; }

# --- good answers ---
whois_start
hub_start
ok $? "the hub starts" || done_testing
wait_for 15 count_is fresh 4
ok $? "all sets are answered" || ask show registry | sed 's/^/# /'
is "$(field AS-ONE ipv4 prefixes) $(field AS-ONE ipv4 origins)" "4 2" "a set, with those in it"
is "$(field AS-ONE ipv6 prefixes)" 2 "in the other family too"
is "$(field TEST::AS64502:AS-TWO ipv4 prefixes)" 1 "a set of one source"
is "$(field AS64503 ipv4 state) $(field AS64503 ipv4 prefixes)" "fresh 0" "a member without sets is asked about by its number"
is "$(field AS-ONE ipv4 'members | map(.asn) | @csv')" 64501,64502 "a set that two members use is one set"
is "$(grep -c '^!iAS-ONE,1$' "$hub_dir/asked")" 4 "and is asked about once a family, for prefixes and origins"
has_networks() { [ "$(ask show registry -j | jq .peeringdb.networks)" = 2 ]; }
wait_for 10 has_networks
ok $? "PeeringDB is asked: for the members, and for those that avoid route servers" || ask show registry | sed 's/^/# /'
is "$(grep -v arin "$hub_dir/fetched" | awk '{ print $2, $3 }' | sort -u)" "Api-Key the-key" "with the key"
is "$(grep arin "$hub_dir/fetched" | awk '{ print $2 }' | sort -u)" None "which nobody else gets"
whois_is() { [ "$(ask show registry -j | jq -c '[.whois[] | .records]')" = "$1" ]; }
wait_for 10 whois_is '[100,2]'
ok $? "whois data is fetched, packed, and read from a file" || ask show registry | sed 's/^/# /'
[ -s "$folder/arin" ] && [ -s "$folder/registro-br" ]
ok $? "and kept"
[ -s "$folder/registry.snapshot" ]
ok $? "the exchange gets a file"
is "$(ask show registry | awk 'length > 80' | wc -l)" 0 "what is shown fits into 80 columns"
ask show registry as-one | grep -q 'One, AS64501'
ok $? "one set is shown with its members"
ask metrics registry | grep -q '^sarai_registry_sets{state="fresh"} 4$'
ok $? "there are numbers for Prometheus"
curl -s "http://127.0.0.1:$((hub_port + 4))/metrics" | grep -q '^sarai_registry_prefixes 7$'
ok $? "which the page's process passes on"
snapshot_changes() { [ "$(stat -c %i "$folder/registry.snapshot")" != "$inode" ]; }
inode=$(stat -c %i "$folder/registry.snapshot")
says '.routes.AS64601 += ["203.0.112.0/24"]'
renew One
is "$(field AS-ONE ipv4 prefixes)" 5 "a member's sets are asked about again when wanted"
wait_for 10 snapshot_changes
ok $? "and a change gives the exchange another file"

printf '<html>503</html>' >"$hub_dir/nicbr.txt"
ask registry refresh whois >/dev/null
whois_failed() { [ "$(ask show registry -j | jq -r '.whois[1] | "\(.records) \(.last_error)"')" = "2 it is no list of prefixes and origins" ]; }
wait_for 10 whois_failed
ok $? "whois data that is none is not believed, and what was known stays" || ask show registry | sed 's/^/# /'

# --- bad answers ---
bad() { # bad MODE PATTERN WHAT
	says ".modes = {\"AS-ONE\": \"$1\"}"
	begin=$SECONDS
	renew AS-ONE
	like "$(field AS-ONE ipv4 last_error)" "$2" "$3"
	is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 prefixes)" "stale 5" "and what was known stays"
	[ $((SECONDS - begin)) -le 12 ]
	ok $? "within its time"
}
bad hang "no answer within 2 s" "a host that says nothing"
bad fail "Error expanding*the database is away" "a host that fails: bgpq4 ends well, but it is no answer"
bad cut "EOF from IRRd*" "a connection that ends inside an answer"
bad garbage "*IRRd*" "a host that makes no sense"
bad endless "no answer within 2 s" "an answer without an end"
is "$(pgrep -c -P "$(room_field registry pid)")" 0 "no child is left"
says '.modes = {"AS-ONE": "slow"}'
renew AS-ONE
is "$(field AS-ONE ipv4 state)" fresh "a slow one is good if it comes in time"
says '.modes = {}'

# --- answers that are not plausible ---
says '.routes.AS64501 = ["2001:db8:1::/48"] | .routes.AS64601 = ["203.0.113.0/24"]'
renew AS-ONE
is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 prefixes) $(field AS-ONE ipv4 held.prefixes)" "held 5 1" "a set that shrinks is held"
grep -q 'warn.*AS-ONE IPv4: 1 prefixes, where there were 5.*registry accept AS-ONE' "$hub_dir/hub.log"
ok $? "and alarmed"
ask registry accept AS-ONE >/dev/null
is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 prefixes) $(field AS-ONE ipv4 held)" "fresh 1 null" "until it is accepted"
ask registry accept AS-ONE >/dev/null 2>&1
[ $? != 0 ]
ok $? "what is not held cannot be accepted"
says '.sets["AS-ONE"] = []'
renew AS-ONE
is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 prefixes) $(field AS-ONE ipv4 held.prefixes)" "held 1 0" "an empty answer is held"
says '.sets["AS-ONE"] = ["AS64501"] | .routes.AS64501 = [range(1200) | "10.\(. / 256 | floor).\(. % 256).0/24"]'
renew AS-ONE
is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 held.prefixes)" "held 1200" "one beyond the limit too"
is "$(field AS-ONE ipv4 held.taken_at)" null "and waits for the operator"
says '.routes.AS64501 = [range(65536) | "10.\(. / 256 | floor).\(. % 256).0/24"]'
renew AS-ONE
like "$(field AS-ONE ipv4 last_error)" "*too long*" "one far beyond it is not even read to its end"
ask registry refresh AS-NONE >/dev/null 2>&1
[ $? != 0 ]
ok $? "what nobody uses is not asked about"

# --- without network ---
whois_stop
kill "$web_pid"
kill -9 "$(room_field registry pid)"
back() { [ "$(room_field registry restarts)" = 1 ] && [ "$(room_field registry state)" = up ]; }
wait_for 10 back
ok $? "the room comes back after kill -9"
is "$(field AS-ONE ipv4 prefixes) $(field TEST::AS64502:AS-TWO ipv4 prefixes)" "1 1" "and has what it knew at once"
is "$(field AS-ONE ipv4 state) $(field AS-ONE ipv4 held.prefixes)" "held 1200" "what it held it still holds"
is "$(ask show registry -j | jq .peeringdb.networks)" 2 "PeeringDB's networks too"
whois_is '[100,2]'
ok $? "and whois data"
kill "$hub_pid"
wait "$hub_pid"
printf 'x' | dd of="$folder/TEST::AS64502:AS-TWO.v4" bs=1 seek=300 conv=notrunc 2>/dev/null
rm "$folder/registry.snapshot"
hub_start
ok $? "the hub starts without network"
is "$(field AS-ONE ipv4 prefixes)" 1 "with what was kept"
is "$(field TEST::AS64502:AS-TWO ipv4 state)" none "but not with what is harmed"
grep -q 'AS-TWO.v4: is harmed, left aside' "$hub_dir/hub.log"
ok $? "which is said"
wait_for 5 test -s "$folder/registry.snapshot"
ok $? "the exchange has its file again"
says '.mode = "hang"'
whois_start
ask registry refresh all >/dev/null
asking() { [ "$(count_of asking)" -gt 0 ]; }
wait_for 5 asking
child=$(pgrep -P "$(room_field registry pid)" bgpq4 | head -1)
[ -n "$child" ]
ok $? "a child asks"
kill -9 "$(room_field registry pid)"
gone() { ! kill -0 "$child"; }
wait_for 5 gone
ok $? "it does not outlive the room"

# --- another picture ---
wait_for 10 back
sed -i 's/as_set: AS-ONE/as_set: AS-ONE/; s/timeout_s: 2/timeout_s: 2\n  enabled: no/' "$hub_dir/hub.yaml"
ask apply "$hub_dir/hub.yaml" >/dev/null
ok $? "a picture without registries is taken"
is "$(ask show registry -j | jq '.sets | length')" 0 "and nobody is asked any more"
done_testing
