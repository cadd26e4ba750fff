#!/bin/bash
# Requests over HTTP and hub files that are meant to do harm, by the numbers that lists of such cases give them (H01 ...: requests,
# F01 ...: files). Each is answered as the standard has it, and the hub goes on as it was: no room dies, nothing is changed.
. "$(dirname "$0")/hub.sh"
hub_begin
printf '0123456789abcdefgh\n' >"$hub_dir/token"
chmod 600 "$hub_dir/token"
echo "push: {token_file: $hub_dir/token}" >>"$hub_dir/hub.yaml"
hub_start
ok $? "the hub starts" || done_testing
pids() { ask show status -j | jq -c '[.rooms[] | .pid]'; }
before=$(pids)

# --- requests ---
cat >"$hub_dir/requests.py" <<'END'
import gzip, re, socket, sys, time
port = int(sys.argv[1])

def say(octets, wait=5):
    """The status of the answer, and all of it; 0: the connection was closed without one."""
    with socket.create_connection(("127.0.0.1", port), 5) as one:
        one.settimeout(wait)
        got = b""
        try:
            one.sendall(octets)
            while piece := one.recv(65536):
                got += piece
                head, end, body = got.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.I)
                if end and length and len(body) >= int(length[1]) or got.endswith(b"0\r\n\r\n"):
                    break
        except OSError:
            pass
    return int(got[9:12]) if got.startswith(b"HTTP/1.1 ") else 0, got

def get(path, *headers):
    return say("\r\n".join([f"GET {path} HTTP/1.1", "Host: hub", *headers, "", ""]).encode("latin-1"))

def post(body, *headers):
    lines = ["POST /api/v1/counters HTTP/1.1", "Host: hub", *headers, f"Content-Length: {len(body)}", "", ""]
    return say("\r\n".join(lines).encode() + body)

bearer = "Authorization: Bearer 0123456789abcdefgh"
deep = b"[" * 100000
bomb = gzip.compress(bytes(10 << 20))
unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."
cases = [
    ("H01 a request line of 64 KiB", say(b"GET /" + b"a" * 65536 + b" HTTP/1.1\r\nHost: hub\r\n\r\n"), {414, 431, 0}),
    ("H03 Content-Length beside Transfer-Encoding",
     say(b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), {400}),
    ("H04 two lengths", say(b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), {400}),
    ("H06 a blank before the colon", say(b"GET / HTTP/1.1\r\nHost : hub\r\n\r\n"), {400}),
    # The library ends the header at the octet; a header of ours with one is none of ours.
    ("H07 a zero octet in a header", say(b"GET / HTTP/1.1\r\nHost: hub\r\nX: a\0b\r\n\r\n"), {200, 400}),
    ("H07 a zero octet in a token", post(b"x", bearer[:-1] + "\0h"), {401}),
    ("H09 a way out of the folder", get("/..%2f..%2fetc/passwd"), {400, 404}),
    ("H09 the same in plain", get("/../../../etc/passwd"), {400, 404}),
    ("H09 a zero octet in the path", get("/%00"), {400, 404}),
    ("H10 no Host", say(b"GET / HTTP/1.1\r\n\r\n"), {400}),
    ("H12 a Range of 10000 parts", get("/", "Range: bytes=" + ",".join(["0-"] * 2000)), {200, 416, 431}),
    ("H13 JSON that is nested 100000 times", post(deep, bearer, "Content-Type: application/json"), {400, 422}),
    ("H15 a body that grows when unpacked", post(bomb, bearer, "Content-Encoding: gzip", "Content-Type: text/csv"), {415}),
    ("H16 an upgrade to h2c", get("/api/v1/members", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"), {200}),
    ("H18 a token that nobody signed", post(b"port,time,in_octets,out_octets\n", "Authorization: Bearer " + unsigned), {401, 403}),
    ("H19 a form of another site with a cookie", post(b"a=b", "Origin: https://elsewhere.example", "Cookie: session=1"), {401, 403}),
    ("H21 every route there is", get("/api/v1/routes?within=0.0.0.0/0"), {200, 400}),
    ("H22 octets that are no UTF-8", get("/api/v1/route?q=%c0%ae"), {400}),
]
for name, (status, got), expected in cases:
    good = status in expected and b"root:" not in got and b"101 Switching" not in got
    print(f"{int(not good)} {name}: {status or 'closed'}")

# H24: connections that say the beginning of something, and nothing more.
idle = []
for _ in range(1000):
    try:
        one = socket.create_connection(("127.0.0.1", port), 5)
        one.sendall(b"\x16\x03\x01\x02\x00\x01")
        idle.append(one)
    except OSError:
        pass
print(f"{int(len(idle) < 900)} H24 1000 connections that never end their hello: {len(idle)} were made")
for one in idle:
    one.close()
end = time.time() + 15
while get("/api/v1/members")[0] != 200 and time.time() < end:
    time.sleep(0.2)
print(f"{int(get('/api/v1/members')[0] != 200)} and when they are gone the page is there")
END
while read -r status text; do ok "$status" "$text"; done < <(python3 "$hub_dir/requests.py" $((hub_port + 4)))
is "$(pids)" "$before" "no room has died of it"

# --- files ---
members=$(ask show members -j | jq '.members | length')
# refused CASE TEXT FILE: by `check`, and by a running hub; it is said where.
refused() {
	timeout 20 "$sarai" check "$3" >"$hub_dir/out" 2>&1
	is $? 1 "$1: a file is refused"
	# shellcheck disable=SC2254
	case $(cat "$hub_dir/out") in $2) ok 0 "$1: and why is said" ;; *) ok 1 "$1: and why is said" && sed 's/^/# /' "$hub_dir/out" | head -3 ;; esac
	ask apply "$3" >/dev/null 2>&1
	[ "$(ask show members -j | jq '.members | length')" = "$members" ]
	ok $? "$1: the hub goes on with the one that it has"
}
bad=$hub_dir/bad.yaml
changed() { sed "$1" "$hub_dir/hub.yaml" >"$bad"; chmod 600 "$bad"; }
changed '0,/    asn:/s/    asn:/    asm:/; 0,/  - asn:/s/  - asn:/  - asm:/'
refused "F01 an unknown word" '*bad.yaml:*:*asm*' "$bad"
truncate -s 1G "$bad"
refused "F03 a file of 1 GiB" '*bad.yaml*' "$bad"
printf 'include: [bad.yaml]\n' >"$bad"
refused "F04 a file that includes itself" '*bad.yaml*' "$bad"
changed 's/^push:.*/push: {token: 0123456789abcdefgh}/'
chmod 644 "$bad"
like "$("$sarai" check "$bad" 2>&1)" '*others may read it; chmod go-r*' "F06 secrets that all may read are warned of"
changed 's#ipv4: \([0-9.]*\)\.0/\([0-9]*\)#ipv4: \1.1/\2#'
refused "F07 a prefix with host bits" '*host bits*' "$bad"
changed '0,/speed: [0-9]*G/s/speed: [0-9]*G/speed: 99999999999999999999G/'
refused "F09 a number beyond all numbers" '*bad.yaml:*99999999999999999999G*' "$bad"
sed 's/$/\r/; 1s/^/\xef\xbb\xbf/' "$hub_dir/hub.yaml" >"$bad"
chmod 600 "$bad"
timeout 20 "$sarai" check "$bad" >"$hub_dir/out" 2>&1
ok $? "F10 CRLF and a byte order mark are read" || sed 's/^/# /' "$hub_dir/out" | head -3
printf 'hub: {name: "a\0b"}\n' >"$bad"
refused "F10 a zero octet" '*bad.yaml*' "$bad"
for price in -1 0.0000001; do
	changed "0,/monthly: [0-9.]*/s/monthly: [0-9.]*/monthly: $price/"
	refused "F15 a price of $price" '*monthly*' "$bad"
done
for _ in $(seq 200); do kill -HUP "$hub_pid"; done
wait_for 20 all_up
is "$(pids)" "$before" "F12 a hub that is told 200 times to read its file again goes on, and no room has died of any file"
done_testing
