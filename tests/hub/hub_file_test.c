/* A hub file is read into a picture, or every mistake in it is named with its place and what would
 * do. */
#include <math.h>

#include "hub/hub_memory.h"
#include "tap.h"

#include "hub/hub_policy.h"

/* Line numbers in the cases below count from the first line after this. */
#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: l, ipv4: 192.0.2.0/24, ipv6: '2001:db8::/64'}]\n"                           \
	"policy: {allow_asns: 64496-65534}\n"
#define MEMBER "asn: 64512, name: M, kind: access"
#define PORT   "speed: 10G, ipv4: 192.0.2.2, ipv6: '2001:db8::2', macs: 00:00:5e:00:53:01"

static const struct {
	const char *name, *text;
	const char *expected; /* all that is said; "" when it is a hub and nothing is */
} cases[] = {
	{"the smallest hub", HUB, ""},
	{"an empty file", "", "a: the file is empty, expected a hub\n"},
	{"a file of comments only", "# nothing\n", "a: the file is empty, expected a hub\n"},
	{"a list where keys belong", "- a\n",
	 "a:1:1: found a list, expected keys such as hub: and members:\n"},
	{"a tab for indentation", "hub:\n\tname: x\n",
	 "a:2:1: found a tab, expected spaces for indentation\n"},
	{"octets that are not UTF-8", "hub:\n  name: caf\xe9\n",
	 "a:2:12: found octet 0xe9, which is not UTF-8\n"},
	{"a column counts characters", "hub: {name: \xc3\xa9\xc3\xa9, nam: x}\n",
	 "a:1:6: \"asn\" is missing from this hub\n"
	 "a:1:6: \"router_id\" is missing from this hub\n"
	 "a:1:17: found \"nam\", which is no item of a hub; did you mean \"name\"?\n"},
	{"a control character", "hub: \x01\n",
	 "a:1:6: found control character U+0001, expected text\n"},
	{"a control character that an escape writes",
	 HUB "members: [{" MEMBER ", url: \"a\\eb\"}]\n",
	 "a:4:52: url: found a control character or a line end in the text\n"},
	{"a line separator that an escape writes",
	 HUB "members: [{" MEMBER ", url: \"a\\u2028b\"}]\n",
	 "a:4:52: url: found a control character or a line end in the text\n"},
	{"a second document", HUB "---\n" HUB,
	 "a:4:1: found a second document, expected one a file\n"},
	{"a bracket that is not closed", "hub: [a\nlans:\n",
	 "a:2:5: found neither a comma nor the ] of the list that begins on line 1; text with a "
	 "colon, a comma or a bracket in it needs quotes\n"},
	{"a brace that is not closed", HUB "lab: {routes: 1\n",
	 "a:5:1: found neither a comma nor the } of the mapping that begins on line 4; text with a "
	 "colon, a comma or a bracket in it needs quotes\n"},
	{"a line of an element that is indented less",
	 HUB "members:\n  - asn: 64512\n   kind: cloud\n",
	 "a:6:4: found a line that is indented otherwise than those it belongs to: in the list "
	 "that "
	 "begins on line 5 each element has a dash and a blank before its first item, and its "
	 "other "
	 "items stand right below that\n"},
	{"a dash without a blank", HUB "members:\n  - asn: 64512\n  -asn: 2\n",
	 "a:6:3: found a line that is indented otherwise than those it belongs to: in the list "
	 "that "
	 "begins on line 5 each element has a dash and a blank before its first item, and its "
	 "other "
	 "items stand right below that\n"},
	{"a key that is indented less", "hub:\n    name: X\n  asn: 64500\n",
	 "a:3:3: found a line that is indented otherwise than those it belongs to: the mapping "
	 "begins "
	 "on line 1, and all its keys stand right below each other\n"},
	{"a colon without a blank", "hub:\n  asn: 64500\n  name:X\n  city: Y\n",
	 "a:3:3: found text without a colon and a blank, expected KEY: VALUE\n"},
	{"a colon in a text", "hub:\n  name: X: Y\n",
	 "a:2:10: found a colon where none can be: the line is indented too far, the line above "
	 "has no "
	 "blank behind its colon, or a text with a colon in it lacks its quotes\n"},
	{"a tab", "hub:\n\tname: X\n", "a:2:1: found a tab, expected spaces for indentation\n"},
	{"a no-break space", "hub:\n \xc2\xa0name: X\n",
	 "a:2:2: found a no-break space (U+00A0), expected spaces for indentation\n"},
	{"a quote that is not closed", "hub:\n  name: \"X\n  asn: 64500\n",
	 "a:2:9: found a quote that is not closed\n"},
	{"a character that begins nothing", "hub:\n  name: @X\n",
	 "a:2:9: found a character that no text can begin with; put the text in quotes\n"},
	{"an item of another element", HUB "hub_: 1\nlab: {md5: x}\n",
	 "a:4:1: found \"hub_\", which is no item of a hub file; did you mean \"hub\"?\n"
	 "a:5:7: found \"md5\", which is no item of a lab, but of a session\n"},
	{"mappings joined", HUB "lab: {<<: {routes: 1}}\n",
	 "a:4:7: found \"<<\", which joins no mappings here: write the items out\n"},
	{"a password that is taken for a comment",
	 HUB "members:\n  - {" MEMBER
	     ", sessions: [{address: 192.0.2.9,\n    md5: #secret\n    }]}\n",
	 "a:7:5: md5: found nothing; a password that begins with # stands in quotes, and ~ means "
	 "that "
	 "there is none\n"},
	{"a member twice",
	 HUB "members:\n  - {" MEMBER ", ports: [{speed: 1G}]}\n  - {" MEMBER
	     ", ports: [{speed: 1G}]}\n",
	 "a:6:11: asn: found 64512 twice, first at a:5:11\n"},
	{"nothing but an unknown key", "hubb: 1\n",
	 "a:1:1: \"hub\" is missing from this hub file\n"
	 "a:1:1: found \"hubb\", which is no item of a hub file; did you mean \"hub\"?\n"},
	{"an unknown key that is near none", HUB "lab: {zzz: 1}\n",
	 "a:4:7: found \"zzz\", which is no item of a lab; there are peak_percent, routes\n"},
	{"a key given twice", HUB "lab: {routes: 1, routes: 2}\n",
	 "a:4:18: found \"routes\" twice, first at a:4:7\n"},
	{"a top-level key given twice", HUB "members: []\nmembers: []\n",
	 "a:5:1: found \"members\" twice, first at a:4:1\n"},
	{"a mapping where a list belongs", HUB "members: {asn: 1}\n",
	 "a:4:10: members: found a mapping, expected a list\n"},
	{"a value where a mapping belongs", HUB "members: [x]\n",
	 "a:4:11: found a value, expected the items of a member\n"},
	{"a list where a value belongs", HUB "members: [{asn: [1], name: M, kind: access}]\n",
	 "a:4:17: asn: found a list, expected an AS number such as 64500\n"},
	{"nothing where something is required",
	 HUB "members: [{asn: 64512, name: , kind: access}]\n",
	 "a:4:30: \"name\" is missing from this member\n"},
	{"a number out of its limits",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, vlan: 4095}]}]\n",
	 "a:4:73: vlan: found \"4095\", expected a whole number from 0 to 4094\n"},
	{"a negative number", HUB "lab: {routes: -1}\n",
	 "a:4:15: routes: found \"-1\", expected a whole number from 0 to 1000000\n"},
	{"a speed in a unit that is none", HUB "members: [{" MEMBER ", ports: [{speed: 10Gb}]}]\n",
	 "a:4:63: speed: found \"10Gb\", expected a speed such as 10G (k, M, G or T bit/s)\n"},
	{"a speed of zero", HUB "members: [{" MEMBER ", ports: [{speed: 0G}]}]\n",
	 "a:4:63: speed: found \"0G\", expected a speed such as 10G (k, M, G or T bit/s)\n"},
	{"a prefix with host bits",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: l, ipv4: 192.0.2.1/24}]\n",
	 "a:2:24: ipv4: found \"192.0.2.1/24\", which has host bits set; expected 192.0.2.0/24\n"},
	{"a prefix of the wrong family",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: l, ipv6: 192.0.2.0/24}]\n",
	 "a:2:24: ipv6: found \"192.0.2.0/24\", expected an IPv6 prefix such as 2001:db8::/64\n"},
	{"a MAC address of a group",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, macs: [01:00:5e:00:00:01]}]}]\n",
	 "a:4:74: macs: found \"01:00:5e:00:00:01\", which is not the address of one interface\n"},
	{"a reserved AS number", HUB "members: [{asn: 23456, name: M, kind: access}]\n",
	 "a:4:17: asn: found 23456, a reserved number that names no network\n"},
	{"the hub's own AS number", HUB "members: [{asn: 64500, name: M, kind: access}]\n",
	 "a:4:17: asn: found 64500, which is the hub's own\n"},
	{"a word that is nearly one", HUB "members: [{asn: 64512, name: M, kind: acess}]\n",
	 "a:4:39: kind: found \"acess\"; did you mean \"access\"?\n"},
	{"a word that is none", HUB "members: [{asn: 64512, name: M, kind: bakery}]\n",
	 "a:4:39: kind: found \"bakery\", expected carrier, content, cloud, access or "
	 "transit-customer\n"},
	{"a country in small letters", HUB "sites: [{id: A, name: A, country: pk}]\n",
	 "a:4:35: country: found \"pk\", expected a country of ISO 3166 such as PK\n"},
	{"a country that is another's", HUB "sites: [{id: A, name: A, country: UK}]\n",
	 "a:4:35: country: found \"UK\", expected a country of ISO 3166 such as PK; the United "
	 "Kingdom is GB\n"},
	{"an AS number given twice",
	 HUB "members: [{" MEMBER "},\n  {asn: AS64512, name: N, kind: cloud}]\n",
	 "a:5:9: asn: found 64512 twice, first at a:4:17\n"},
	{"an address given twice",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}]},\n"
	     "  {asn: 64513, name: N, kind: cloud, ports: [{speed: 1G, ipv4: 192.0.2.2}]}]\n",
	 "a:5:64: ipv4: found 192.0.2.2 twice, first at a:4:74\n"},
	{"a MAC address of two members",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}]},\n"
	     "  {asn: 64513, name: N, kind: cloud, ports: [{speed: 1G, macs: 0000.5e00.5301}]}]\n",
	 "a:5:64: macs: found 00:00:5e:00:53:01 twice, first at a:4:112\n"},
	{"a MAC address twice on one port",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, macs: [00:00:5e:00:53:01, "
	     "00-00-5e-00-53-01]}]}]\n",
	 "a:4:93: macs: found 00:00:5e:00:53:01 twice, first at a:4:73\n"},
	{"a MAC address on two ports of one member, in two VLANs",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "},\n"
	     "  {speed: 1G, vlan: 7, macs: 00:00:5e:00:53:01}]}]\n",
	 ""},
	{"a default id that somebody else has",
	 HUB "members: [{" MEMBER ", ports: [{id: 64513-1, speed: 1G}]},\n"
	     "  {asn: 64513, name: N, kind: cloud, ports: [{speed: 1G}]}]\n",
	 "a:5:46: id: found 64513-1 twice, first at a:4:60\n"},
	{"an unknown site, near one",
	 HUB "sites: [{id: KHI, name: K}]\n"
	     "members: [{" MEMBER ", ports: [{speed: 1G, site: KHJ}]}]\n",
	 "a:5:73: site: found \"KHJ\", which is no site; did you mean \"KHI\"?\n"},
	{"an unknown exporter, near none",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, exporter: sw1}]}]\n",
	 "a:4:77: exporter: found \"sw1\", which is none of the 0 exporters\n"},
	{"a port address outside the LAN",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, ipv4: 198.51.100.1}]}]\n",
	 "a:4:73: ipv4: found 198.51.100.1, which is outside the LAN 192.0.2.0/24\n"},
	{"the network's address",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, ipv4: 192.0.2.0}]}]\n",
	 "a:4:73: ipv4: found 192.0.2.0, which is the network address of 192.0.2.0/24\n"},
	{"the broadcast address",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, ipv4: 192.0.2.255}]}]\n",
	 "a:4:73: ipv4: found 192.0.2.255, which is the broadcast address of 192.0.2.0/24\n"},
	{"the anycast address of an IPv6 LAN",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, ipv6: '2001:db8::'}]}]\n",
	 "a:4:73: ipv6: found 2001:db8::, which is the subnet-router anycast address of "
	 "2001:db8::/64\n"},
	{"overlapping LANs",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: a, ipv4: 192.0.2.0/24}, {name: b, ipv4: 192.0.2.0/25}]\n",
	 "a:2:55: ipv4: overlaps with LAN a\n"},
	{"a LAN without addresses",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: a}]\n",
	 "a:2:8: a LAN needs ipv4, ipv6 or both\n"},
	{"a port without a LAN when there are two",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: a, ipv4: 192.0.2.0/24}, {name: b, ipv4: 198.51.100.0/24}]\n"
	 "members: [{" MEMBER ", ports: [{speed: 1G}]}]\n",
	 "a:3:55: \"lan\" is missing; the hub has 2 LANs\n"},
	{"a session with a port of somebody else",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}]},\n"
	     "  {asn: 64513, name: N, kind: cloud, sessions: [{port: 64512-1}]}]\n",
	 "a:5:56: port: found \"64512-1\", which is a port of AS 64512\n"},
	{"a session of a member without ports",
	 HUB "members: [{" MEMBER ", sessions: [{passive: no}]}]\n",
	 "a:4:58: \"port\" is missing; AS 64512 has 0 ports\n"},
	{"a session from somebody else's address",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}]},\n"
	     "  {asn: 64513, name: N, kind: cloud, ports: [{speed: 1G, ipv4: 192.0.2.3}],\n"
	     "   sessions: [{address: 192.0.2.2}]}]\n",
	 "a:6:25: address: found 192.0.2.2, which is that of port 64512-1\n"},
	{"two sessions from one address",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}], sessions: [{passive: no}, {id: x}]}]\n",
	 "a:4:159: address: found 192.0.2.2 twice, first at a:4:144\n"},
	{"IPv6 routes without IPv6 next hops",
	 HUB "members: [{" MEMBER ", ports: [{speed: 1G, ipv4: 192.0.2.2}],\n"
	     "  sessions: [{families: [ipv4, ipv6]}]}]\n",
	 "a:5:25: families: ipv6 needs next hops, and port 64512-1 has no ipv6\n"},
	{"a family that is none",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}],\n  sessions: [{families: ipv5}]}]\n",
	 "a:5:25: families: found \"ipv5\", expected ipv4, ipv6 or both\n"},
	{"a hold time of two seconds",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}],\n  sessions: [{hold_time_s: 2}]}]\n",
	 "a:5:28: hold_time_s: found 2, expected 0, or 3 and more\n"},
	{"a password that is too long is not shown",
	 HUB "members: [{" MEMBER ", ports: [{" PORT "}],\n  sessions: [{md5: "
	     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]}]"
	     "\n",
	 "a:5:20: md5: expected a password, 1 to 80 octets\n"},
	{"the hub's BGP address on a port",
	 HUB "listen: {bgp: 192.0.2.2:179}\nmembers: [{" MEMBER ", ports: [{" PORT "}]}]\n",
	 "a:4:15: bgp: found 192.0.2.2, which is that of port 64512-1\n"},
	{"an endpoint without a port", HUB "listen: {http: 127.0.0.1}\n",
	 "a:4:16: http: found \"127.0.0.1\", expected an address and port such as 127.0.0.1:8080 "
	 "or "
	 "[::1]:8080\n"},
	{"an IPv6 endpoint without brackets", HUB "listen: {http: '::1:8080'}\n",
	 "a:4:16: http: found \"::1:8080\", expected an address and port such as 127.0.0.1:8080 or "
	 "[::1]:8080\n"},
	{"a router id of zero", "hub: {name: H, asn: 64500, router_id: 0.0.0.0}\n",
	 "a:1:39: router_id: found 0.0.0.0, expected an address of the hub's own\n"},
	{"a bin that does not divide an hour",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1, bin_length_s: 700}\n",
	 "a:1:64: bin_length_s: found \"700\", which does not divide an hour; usual is 300\n"},
	{"a flat contract with a commitment",
	 HUB "members: [{" MEMBER "}]\ncontracts: [{id: c, member: M, kind: flat, currency: USD, "
	     "monthly: 1, commit: 1G}]\n",
	 "a:5:79: commit: a flat contract has none; kind: commit would\n"},
	{"a commitment of nothing",
	 HUB "members: [{" MEMBER "}]\n"
	     "contracts: [{id: c, member: 64512, kind: commit, currency: USD, monthly: 1}]\n",
	 "a:5:13: \"commit\" is missing: kind is commit, and it says how much\n"},
	{"a price in the wrong form",
	 HUB "members: [{" MEMBER "}]\n"
	     "contracts: [{id: c, member: M, kind: flat, currency: usd, monthly: 1.5e3}]\n",
	 "a:5:54: currency: found \"usd\", expected a currency of ISO 4217 such as USD\n"
	 "a:5:68: monthly: found \"1.5e3\", expected an amount of at most six decimals such as "
	 "0.35\n"},
	{"a contract that ends before it starts",
	 HUB "members: [{" MEMBER "}]\ncontracts: [{id: c, member: M, kind: flat, currency: USD, "
	     "monthly: 1, starts: 2026-02-01, ends: 2026-01-01}]\n",
	 "a:5:97: ends: is not after starts\n"},
	{"a date that there is not", HUB "members: [{" MEMBER ", since: 2026-02-30}]\n",
	 "a:4:54: since: found \"2026-02-30\", expected a date such as 2026-11-01, or "
	 "2026-11-01T12:00:00Z\n"},
	{"a contract with a port of somebody else",
	 HUB "members: [{" MEMBER "}, {asn: 64513, name: N, kind: cloud, ports: [{id: p, speed: "
	     "1G}]}]\n"
	     "contracts: [{id: c, member: M, kind: flat, currency: USD, monthly: 1, ports: p}]\n",
	 "a:5:78: ports: found \"p\", which is a port of AS 64513\n"},
	{"lengths that let nothing through",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\npolicy: {ipv4_min: 25}\n",
	 "a:2:20: ipv4_min: ipv4_min is 25 and ipv4_max is 24, so nothing would be accepted\n"},
	{"lengths of a rule shorter than its prefix",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\npolicy: {blocked: "
	 "['10.0.0.0/8{7,9}']}\n",
	 "a:2:20: blocked: found \"10.0.0.0/8{7,9}\", expected a prefix: 10.0.0.0/8, 10.0.0.0/8+ "
	 "(and all inside), or 10.0.0.0/8{9,24} (those of such lengths)\n"},
	{"a range that runs backwards",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\npolicy: {bogon_asns: 9-8}\n",
	 "a:2:22: bogon_asns: found \"9-8\", expected an AS number or a range such as "
	 "64496-64511\n"},
	{"whose counters are believed, one of them twice",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "metering: {counters: [snmp, push, snmp]}\n",
	 "a:2:22: counters: \"snmp\" is there twice\n"},
	{"a member that its own policy refuses",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: l, ipv4: 192.0.2.0/24}]\n"
	 "members: [{" MEMBER ", ports: [{speed: 1G, ipv4: 192.0.2.2}], sessions: [{id: s}]}]\n",
	 "a:3:17: warning: asn: 64512 is among the policy's bogon_asns, so all routes of this "
	 "member will be refused; allow_asns would make an exception\n"},
	{"a segment between a site and itself",
	 HUB "sites: [{id: A, name: A}]\n"
	     "segments: [{id: S, a: A, b: A, length_km: 0, status: planned}]\n",
	 "a:5:29: b: found the same site as a, expected another\n"
	 "a:5:43: length_km: found 0, expected more\n"},
	{"a segment shorter than the great circle",
	 HUB
	 "sites: [{id: A, name: A}, {id: B, name: B}]\n"
	 "segments: [{id: S, a: A, b: B, length_km: 9, great_circle_km: 10, status: planned}]\n",
	 "a:5:43: warning: length_km: 9 is shorter than the great circle, 10\n"},
	{"an alias of nothing", HUB "lab: *x\n", "a:4:6: found *x, but there is no &x before it\n"},
	{"an alias inside its anchor", HUB "lab: &x {routes: *x}\n",
	 "a:4:18: found *x inside &x: it would contain itself\n"},
	{"too many levels",
	 HUB "lab: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n",
	 "a:4:37: found more than 32 levels of nesting\n"},
	{"a mapping as a key", HUB "{a: b}: c\n",
	 "a:4:1: found a mapping as a key, expected a word and a colon\n"},
	{"a file to include that there is not", "include: b.yaml\n" HUB,
	 "a:1:10: cannot read \"b.yaml\": No such file or directory\n"},
	{"a file that includes itself", "include: [./a]\n" HUB,
	 "a:1:11: found \"./a\", which includes this file\n"},
};

static void
complaints(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory_file file = {"a", cases[i].text, false};
		char *said;
		struct hub *hub = memory_hub(&file, 1, &said);
		is_str(said, cases[i].expected, cases[i].name);
		bool warned = strstr(cases[i].expected, "warning: ") != NULL;
		if ((hub != NULL) != (!*cases[i].expected || warned))
			ok(false, "%s: %s", cases[i].name, hub ? "was read" : "was refused");
		free(said);
		hub_free(hub);
	}
}

static void
values(void)
{
	static const struct memory_file file = {
		"dir/hub.yaml",
		"hub: {name: 'Naïve: \"H\" #1', asn: 1.10, router_id: 192.0.2.1, country: NO}\n"
		"lans:\n"
		"- {name: l, vlan: 100, ipv4: 192.0.2.0/24, ipv6: 2001:db8::/64}\n"
		"- {name: m, ipv4: 198.51.100.0/31}\n"
		"sites: [{id: NO, name: yes, country: NO, lat: -0.25}]\n"
		"exporters: [{id: sw, address: 127.0.2.1}]\n"
		"policy: {allow_asns: [64512-65534], next_hop: same-as, blocked: 9.0.0.0/8+}\n"
		"members:\n"
		"- asn: AS64512\n"
		"  name: 64513\n"
		"  short_name: NO\n"
		"  kind: transit-customer\n"
		"  policy: {ipv4_max: 25, blocked: ['9.0.0.0/8{9,10}']}\n"
		"  ports:\n"
		"  - {lan: l, site: NO, exporter: sw, speed: 2.5G, ipv4: 192.0.2.2, ipv6: "
		"2001:db8::2, macs: 0000.5e00.5301 00-00-5e-00-53-02}\n"
		"  - {id: second, lan: m, speed: 1T, ipv4: 198.51.100.1}\n"
		"  sessions:\n"
		"  - {port: 64512-1, md5: ' s p: \"\\'}\n"
		"  - {port: second, passive: No, enabled: OFF, max_prefixes_ipv4: 0}\n"
		"- {asn: 64513, name: Twin, kind: cloud}\n"
		"contracts:\n"
		"- {id: c1, member: 64512, kind: commit, currency: KWD, monthly: 0.000001, commit: "
		"1.5M, tax_percent: 7.25, starts: 2026-01, ends: 2026-02-01T00:00:01Z}\n",
		false,
	};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	is_str(said, "", "a hub with a bit of everything is read without complaint");
	free(said);
	if (!ok(hub != NULL, "and gives a picture"))
		return;
	is_str(hub->name, "Na\xc3\xafve: \"H\" #1", "a name keeps its letters and signs");
	is_str(hub->country.code, "NO", "the country NO is Norway");
	is_str(hub->sites[0].name, "yes", "a site called yes is called yes");
	is_int(hub->asn.number, 65546, "an AS number may be written as asdot");
	ok(isnan(hub->sites[0].longitude) && hub->sites[0].latitude == -0.25,
	   "a longitude that is not given is not a number");
	const struct hub_member *m = &hub->members[0];
	is_int(m->port_count * 10 + m->first_port, 20, "its ports stand together");
	const struct hub_port *p = &hub->ports[0];
	is_str(p->id, "64512-1", "a port without an id gets one from AS number and place");
	is_int((long long)p->speed_bps, 2500000000, "2.5G is 2.5e9 bit/s");
	is_int((long long)p->mac_count, 2, "MAC addresses may stand in one word list");
	is_int(p->lan * 100 + p->site * 10 + p->exporter, 0, "references are indices");
	is_int((long long)hub->ports[1].exporter, (long long)HUB_NONE, "or HUB_NONE");
	const struct hub_session *s = &hub->sessions[0];
	ok(s->ipv4 && !s->ipv6 && s->passive && s->enabled && s->hold_time_s == 90 &&
		   s->max_prefixes_ipv4 == 170000,
	   "a session has the usual settings, and the family of its address");
	is_str(s->md5, " s p: \"\\", "a password is taken as it is");
	ok(ip_equal(hub->sessions[1].address, hub->ports[1].ipv4) && !hub->sessions[1].passive &&
		   !hub->sessions[1].enabled && hub->sessions[1].max_prefixes_ipv4 == 0,
	   "no, OFF and 0 are read where a yes or no or a number belongs");
	ok(m->policy.ipv4_max == 25 && m->policy.ipv6_max == 48 &&
		   m->policy.next_hop == HUB_NEXT_HOP_SAME_AS && hub->policy.ipv4_max == 24,
	   "a member's policy is the hub's with its own changes");
	is_int((long long)m->policy.blocked_count, 2, "what it blocks is added to the hub's list");
	const struct hub_contract *c = &hub->contracts[0];
	ok(c->monthly.micro == 1 && c->overage.micro == 1 && c->commit_bps == 1500000 &&
		   c->tax_basis_points == 725 && strcmp(c->overage.currency.code, "KWD") == 0,
	   "prices are exact, and overage costs what the commitment does");
	is_int((long long)c->port_count, 2, "a contract is about all ports of its member");
	is_int(c->ends.s - c->starts.s, 31 * 86400 + 1, "and lasts as long as it says");
	is_int(hub_member_by_name(hub, "64513"), 1, "a number is an AS number before it is a name");
	is_int(hub_member_by_name(hub, "NO"), 0, "a member is found by its short name");
	is_int(hub_member_by_asn(hub, (struct asn){64513}), 1, "a member is found by AS number");
	is_int(hub_member_by_asn(hub, (struct asn){1}), (long long)HUB_NONE, "if there is one");
	is_int(hub_session_by_address(hub, hub->ports[1].ipv4), 1, "a session by its address");
	is_int(hub_port_by_id(hub, "second"), 1, "a port by its id");
	is_int(hub_contract_by_id(hub, "c1"), 0, "a contract by its id");
	char *text = memory_written(hub);
	struct memory_file again = {"again", text, false};
	struct hub *second = memory_hub(&again, 1, &said);
	is_str(said, "", "what is written reads back without complaint");
	free(said);
	char *twice = second ? memory_written(second) : NULL;
	is_str(twice, text, "to the same text");
	struct hub_lookup *lookup = hub->lookup;
	hub->lookup = NULL;
	ok(hub_member_by_asn(hub, (struct asn){64513}) == 1 && hub_port_by_id(hub, "second") == 1 &&
		   hub_session_by_address(hub, hub->ports[1].ipv4) == 1 &&
		   hub_member_by_name(hub, "NO") == 0,
	   "look-ups also work in a picture made by hand");
	hub->lookup = lookup;
	free(text);
	free(twice);
	hub_free(second);
	hub_free(hub);
}

static void
includes(void)
{
	static const struct memory_file files[] = {
		{"etc/hub.yaml",
		 "include: [members/a.yaml, members/../b.yaml]\n"
		 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\nlab: {routes: 5}\n"
		 "members: [{asn: 3, name: C, kind: cloud}]\n"
		 "sites: [csv: sites.csv, {id: Z, name: Z}]\nsegments: {csv: /segments.csv}\n",
		 false},
		{"etc/members/a.yaml", "members: [{asn: 1, name: A, kind: cloud}]\n", false},
		{"etc/members/../b.yaml",
		 "members: [{asn: 2, name: B, kind: cloud}]\nlab: {peak_percent: 7}\n", false},
		{"etc/sites.csv",
		 "\xef\xbb\xbfname,id,extra,note\r\n\"A, "
		 "\"\"x\"\"\",A,ignored,\"two\"\r\n\r\nB,B,,\r\n",
		 false},
		{"/segments.csv",
		 "id,a,b,length_km,status,srlg,countries_crossed\nS,A,B,12.5,said 2024,X;Y,PK CN\n"
		 "T,A,Z,1,planned,,\n",
		 false},
	};
	char *said;
	struct hub *hub = memory_hub(files, 5, &said);
	is_str(said, "", "a hub in five files is read without complaint");
	free(said);
	if (!ok(hub != NULL, "and gives a picture"))
		return;
	ok(hub->member_count == 3 && hub->members[0].asn.number == 1 &&
		   hub->members[1].asn.number == 2 && hub->members[2].asn.number == 3,
	   "members of included files come first");
	ok(hub->lab.routes == 5 && hub->lab.peak_percent == 7, "mappings are joined by key");
	is_str(hub->sites[0].name, "A, \"x\"", "a quoted field of CSV keeps commas and quotes");
	is_int((long long)hub->site_count, 3, "rows and written sites stand in one list");
	const struct hub_segment *s = &hub->segments[0];
	ok(s->usable && !hub->segments[1].usable, "\"said\" is in use, \"planned\" is not");
	ok(s->srlg_count == 2 && s->country_count == 2 && s->a == 0 && s->b == 1 &&
		   s->length_km == 12.5 && isnan(s->design_tbps),
	   "lists in a field of CSV are split");
	hub_free(hub);
}

static void
bad_includes(void)
{
	static const struct {
		const char *name;
		struct memory_file files[3];
		const char *expected;
	} bad[] = {
		{"two files that include each other",
		 {{"d/a", "include: b\n" HUB, false}, {"d/b", "include: ../d/a\n", false}},
		 "d/b:1:10: found \"d/../d/a\", which includes this file\n"},
		{"a file included twice",
		 {{"a", "include: [b, ./b]\n" HUB, false}, {"b", "lab: {routes: 1}\n", false}},
		 "a:1:14: found \"./b\" again, first at a:1:11\n"},
		{"one item in two files",
		 {{"a", "include: b\nlab: {routes: 2}\n" HUB, false},
		  {"b", "lab: {routes: 1}\n", false}},
		 "a:2:7: found \"routes\" twice, first at b:1:7\n"},
		{"a list in one file and a mapping in the other",
		 {{"a", "include: b\nlans: {name: x}\n" HUB, false},
		  {"b", "lans: [{name: l, ipv4: 192.0.2.0/24}]\n", false}},
		 "a:2:1: found \"lans\" twice, first at b:1:1\na:4:15: name: found l twice, first "
		 "at b:1:15\n"},
		{"a CSV file without a column that must be",
		 {{"a", HUB "sites: {csv: s}\n", false}, {"s", "id,nam\nA,B\n", false}},
		 "s:1:1: column \"name\" is missing from the first line\n"},
		{"a CSV row with a field too few, and one with a wrong value",
		 {{"a", HUB "sites: {csv: s}\n", false},
		  {"s", "id,name,country\nA,\"B\nB\"\nC,\"D\",pk\n", false}},
		 "s:2:1: found 2 fields, the first line has 3\n"
		 "s:2:3: name: found a control character or a line end in the text\n"
		 "s:4:7: country: found \"pk\", expected a country of ISO 3166 such as PK\n"},
		{"a CSV quote that is not closed",
		 {{"a", HUB "sites: {csv: s}\n", false}, {"s", "id,name\nA,\"B\n", false}},
		 "s:2:3: found a quote that is not closed\n"},
		{"a CSV column twice",
		 {{"a", HUB "sites: {csv: s}\n", false}, {"s", "id,name,id\n", false}},
		 "s:1:9: found column \"id\" twice\n"},
		{"an empty CSV file",
		 {{"a", HUB "sites: {csv: s}\n", false}, {"s", "", false}},
		 "s: the file is empty, expected a first line with the names of columns\n"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *said;
		struct hub *hub = memory_hub(bad[i].files, 2, &said);
		is_str(said, bad[i].expected, bad[i].name);
		ok(!hub, "%s: is refused", bad[i].name);
		free(said);
		hub_free(hub);
	}
}

/* What is read, but hardly as it was meant. */
static void
slips(void)
{
	static const char head[] = HUB "sites: [{id: A, name: A}, {id: B, name: B}]\n"
				       "segments: {csv: s}\n";
	static const struct {
		const char *name, *csv, *expected;
		bool usable;
	} slip[] = {
		{"a column that is almost a known one",
		 "id,a,b,length_km,desing_tbps,x,remarks,status\nS,A,B,1,4,1,1,in service\n",
		 "s:1:18: warning: column \"desing_tbps\" is not known and not read; is "
		 "\"design_tbps\" meant?\n",
		 true},
		{"a status in capitals", "id,a,b,length_km,status\nS,A,B,1,In Service since 2003\n",
		 "", true},
		{"a status with a slip", "id,a,b,length_km,status\nS,A,B,1,in servcie\n",
		 "s:2:9: warning: status: found \"in servcie\", which counts as carrying no "
		 "traffic; did you mean \"in service\"?\n",
		 false},
		{"a slip before what the writer added",
		 "id,a,b,length_km,status\nS,A,B,1,plannd (2031)\n",
		 "s:2:9: warning: status: found \"plannd (2031)\", which counts as carrying no "
		 "traffic; did you mean \"planned\"?\n",
		 false},
		{"a status that is like none", "id,a,b,length_km,status\nS,A,B,1,ok\n",
		 "s:2:9: warning: status: found \"ok\", which counts as carrying no traffic; "
		 "what does begins with \"in service\", \"landed\", \"said\" or "
		 "\"under\"\n",
		 false},
		{"a slip in many rows is told once",
		 "id,a,b,length_km,status\nS,A,B,1,plannd\nT,A,B,1,plannd\n\nU,A,B,1,plannd\n",
		 "s:2:9: warning: status: found \"plannd\", which counts as carrying no traffic; "
		 "did you mean \"planned\"? (3 times, to line 5)\n",
		 false},
		{"a column without its unit",
		 "id,a,b,length_km,design,length_low,status\nS,A,B,1,4,1,in service\n",
		 "s:1:18: warning: column \"design\" is not known and not read; is "
		 "\"design_tbps\" meant?\n"
		 "s:1:25: warning: column \"length_low\" is not known and not read; is "
		 "\"length_km_low\" meant?\n",
		 true},
		{"what belongs beside a number is not taken for the number",
		 "id,a,b,length_km,great,status\nS,A,B,1,4,in service\n", "", true},
		{"a status that is known to carry nothing",
		 "id,a,b,length_km,status\nS,A,B,1,Planned for 2030\n", "", false},
	};
	for (size_t i = 0; i < sizeof(slip) / sizeof(slip[0]); i++) {
		struct memory_file files[] = {{"a", head, false}, {"s", slip[i].csv, false}};
		char *said;
		struct hub *hub = memory_hub(files, 2, &said);
		is_str(said, slip[i].expected, slip[i].name);
		ok(hub && hub->segments[0].usable == slip[i].usable, "%s: %s", slip[i].name,
		   slip[i].usable ? "carries traffic" : "carries none");
		free(said);
		hub_free(hub);
	}
}

/* Who refers to a segment does not hear of the slip again. */
static void
slip_referred_to(void)
{
	static const char text[] =
		HUB "sites: [{id: A, name: A}, {id: B, name: B}]\n"
		    "parties: [{id: P, name: P}]\n"
		    "segments:\n"
		    "- {id: S, a: A, b: B, length_km: 1, status: plannd}\n"
		    "- {id: T, a: A, b: B, length_km: 1, status: planned}\n"
		    "contracts: [{id: C, party: P, kind: flat, currency: USD, monthly: 1,\n"
		    "  starts: 2026-01-01, segments: [S, T]}]\n";
	struct memory_file file = {"a", text, false};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	ok(hub && strstr(said, "did you mean \"planned\"?\n") &&
		   !strstr(said, "segments: S carries no traffic") &&
		   strstr(said, "segments: T carries no traffic; its status is \"planned\""),
	   "a contract over what does not carry is warned of, a slip once where it stands");
	free(said);
	hub_free(hub);
}

static void
many_warnings(void)
{
	struct buf csv = {0};
	buf_str(&csv, "id,a,b,length_km,status\n");
	for (int i = 0; i < HUB_ERRORS_MAX + 2; i++)
		buf_printf(&csv, "S%d,A,B,1,#%d\n", i, i);
	buf_u8(&csv, 0);
	struct memory_file files[] = {{"a",
				       HUB "sites: [{id: A, name: A}, {id: B, name: B}]\n"
					   "segments: {csv: s}\n",
				       false},
				      {"s", (const char *)csv.data, false}};
	char *said;
	struct hub *hub = memory_hub(files, 2, &said);
	ok(hub && strstr(said, "\nand 2 more warnings\n"),
	   "warnings that are left out are counted");
	free(said);
	hub_free(hub);
	buf_fini(&csv);
}

static void
secrets(void)
{
	const char *text =
		HUB "members: [{" MEMBER ", ports: [{" PORT "}], sessions: [{md5: abc}]}]\n";
	struct memory_file file = {"a", text, true};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	ok(hub && strstr(said, "warning: md5: the file holds passwords") && !strstr(said, "abc"),
	   "a password in a file that others can read is a warning, not an error");
	free(said);
	hub_free(hub);
}

/* Nine levels of nine aliases each would be 387 million nodes. */
static void
laughs(void)
{
	struct buf text = {0};
	buf_str(&text, HUB "lab:\n  a: &a0 [x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		buf_printf(&text, "  b%d: &a%d [", i, i);
		for (int j = 0; j < 9; j++)
			buf_printf(&text, "%s*a%d", j ? ", " : "", i - 1);
		buf_str(&text, "]\n");
	}
	buf_u8(&text, 0);
	struct memory_file file = {"a", (const char *)text.data, false};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	ok(!hub && strstr(said, "found more than 2097152 items, aliases counted"),
	   "aliases of aliases of aliases are refused by number");
	free(said);
	hub_free(hub);
	buf_fini(&text);
}

static void
aliases(void)
{
	struct memory_file file = {"a",
				   HUB "members:\n"
				       "- {" MEMBER
				       ", contacts: &c [&one {role: noc}, {role: x}]}\n"
				       "- {asn: 1, name: N, kind: &k cloud, contacts: *c}\n"
				       "- {asn: 2, name: O, kind: *k, contacts: [*one]}\n",
				   false};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	is_str(said, "", "anchors and aliases are read");
	ok(hub && hub->members[1].contact_count == 2 && hub->members[2].contact_count == 1 &&
		   hub->members[2].kind == HUB_CLOUD,
	   "an alias stands for what its anchor does");
	free(said);
	hub_free(hub);
}

/* Each exception in the middle of a large prefix leaves more than a hundred pieces of it. */
static void
many_exceptions(void)
{
	struct buf text = {0};
	buf_str(&text, "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
		       "policy: {martians: ['::/0{1,128}'], allow_prefixes: [");
	for (unsigned i = 0; i < 60; i++)
		buf_printf(&text, "'%x:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa/128', ", i << 10);
	buf_str(&text, "]}\n");
	buf_u8(&text, 0);
	struct memory_file file = {"a", (const char *)text.data, false};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	ok(!hub && strstr(said, "allow_prefixes: the exceptions split martians into"),
	   "exceptions that leave too many pieces are refused");
	free(said);
	hub_free(hub);
	buf_fini(&text);
}

static void
many_errors(void)
{
	struct buf text = {0};
	buf_str(&text, HUB "members:\n");
	for (int i = 0; i < 30; i++)
		buf_printf(&text, "- {asn: x%d, name: M, kind: cloud}\n", i);
	buf_u8(&text, 0);
	struct memory_file file = {"a", (const char *)text.data, false};
	char *said;
	struct hub *hub = memory_hub(&file, 1, &said);
	size_t lines = 0;
	for (const char *c = said; *c; c++)
		lines += *c == '\n';
	is_int((long long)lines, HUB_ERRORS_MAX + 1, "of many errors twenty are shown");
	ok(strstr(said, "\nand 10 more\n") != NULL, "and the others counted");
	free(said);
	hub_free(hub);
	buf_fini(&text);
}

static void
exceptions(void)
{
	struct arena *arena = arena_new();
	struct prefix_rule martian = {.min_length = 8, .max_length = 32};
	struct prefix allow;
	struct asn_range bogon = {10, 20}, fine[] = {{12, 13}, {20, 30}};
	ok(prefix_parse(&martian.prefix, "10.0.0.0/8") == 0 &&
		   prefix_parse(&allow, "10.64.0.0/10") == 0,
	   "both prefixes are read");
	struct hub_policy policy = {.bogon_asns = &bogon,
				    .bogon_asn_count = 1,
				    .allow_asns = fine,
				    .allow_asn_count = 2,
				    .martians = &martian,
				    .martian_count = 1,
				    .allow_prefixes = &allow,
				    .allow_prefix_count = 1};
	ok(hub_policy_apply_exceptions(&policy, arena) == 0, "exceptions are applied");
	ok(policy.bogon_asn_count == 2 && policy.bogon_asns[0].first == 10 &&
		   policy.bogon_asns[0].last == 11 && policy.bogon_asns[1].first == 14 &&
		   policy.bogon_asns[1].last == 19,
	   "AS numbers that are allowed leave the ranges around them");
	static const struct {
		const char *prefix;
		unsigned martian;
	} probes[] = {{"10.0.0.0/8", 1},   {"10.0.0.0/9", 1},      {"10.64.0.0/10", 0},
		      {"10.64.0.0/16", 0}, {"10.127.255.0/24", 0}, {"10.128.0.0/9", 1},
		      {"10.0.0.0/10", 1},  {"10.0.0.0/24", 1},     {"10.128.0.0/32", 1},
		      {"11.0.0.0/8", 0}};
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		struct prefix p;
		unsigned matches = 0;
		if (prefix_parse(&p, probes[i].prefix) < 0)
			continue;
		for (size_t j = 0; j < policy.martian_count; j++) {
			const struct prefix_rule *rule = &policy.martians[j];
			matches += prefix_covers(rule->prefix, p) && p.length >= rule->min_length &&
				   p.length <= rule->max_length;
		}
		is_int(matches, probes[i].martian, probes[i].prefix);
	}
	size_t count = policy.martian_count;
	ok(hub_policy_apply_exceptions(&policy, arena) == 0 && policy.martian_count == count,
	   "applying them again changes nothing");
	arena_free(arena);
}

int
main(void)
{
	complaints();
	values();
	includes();
	bad_includes();
	slips();
	slip_referred_to();
	many_warnings();
	secrets();
	laughs();
	aliases();
	many_errors();
	many_exceptions();
	exceptions();
	return done_testing();
}
