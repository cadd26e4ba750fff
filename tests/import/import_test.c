/* What other programs and public records say becomes a hub file that is good, and what could not be
 * taken over is named with its place. */
#include <stdio.h>

#include "hub/hub_memory.h"
#include "tap.h"

#include "hub/hub_community.h"
#include "hub/hub_file_io.h"
#include "import/import.h"
#include "import/import_ars.h"

#define DATA "tests/import/data/"

struct outcome {
	bool good;
	char *text, *notes, *said; /* the hub file, the list, the errors */
	bool secret;
	struct hub *hub; /* the hub file read back; NULL: there is none */
};

static char *
text_of(struct buf *b)
{
	buf_u8(b, 0);
	char *text = (char *)b->data;
	*b = (struct buf){0};
	return text;
}

static struct outcome
import_from(const struct import_request *request, struct hub_source source)
{
	struct import_result result;
	struct outcome o = {.good = import_run(request, source, &result)};
	struct buf said = {0};
	hub_report_print(&result.report, &said);
	o.said = text_of(&said);
	o.text = text_of(&result.text);
	o.notes = text_of(&result.notes);
	o.secret = result.secret;
	import_result_fini(&result);
	if (o.good) {
		char *complaints;
		const struct memory_file file = {"made", o.text, false};
		o.hub = memory_hub(&file, 1, &complaints);
		free(complaints);
	}
	return o;
}

static void
end(struct outcome *o)
{
	free(o->text);
	free(o->notes);
	free(o->said);
	hub_free(o->hub);
	*o = (struct outcome){0};
}

static bool
has(const char *text, const char *part, const char *what)
{
	bool found = strstr(text, part) != NULL;
	ok(found, "%s", what);
	if (!found)
		printf("# expected \"%s\" in:\n# %.2000s\n", part, text);
	return found;
}

static const char *
variable(const char *name)
{
	return strcmp(name, "RS_AS") == 0 ? "64500" : NULL;
}

/* arouteserver, from memory: general.yml and clients.yml. */
static struct outcome
from_ars(const char *general, const char *clients)
{
	const struct memory_file files[] = {
		{"g.yml", general, false},
		{"c.yml", clients, false},
		{"shared.yml", "  rs_as: ${RS_AS}\n  filtering:\n    max_as_path_len: zero\n",
		 false},
		{"loop.yml", "!include loop.yml\n", false},
	};
	struct memory m = {files, 4};
	struct import_request request = {
		.from = IMPORT_AROUTESERVER, .paths = {"g.yml", "c.yml"}, .variable = variable};
	return import_from(&request, (struct hub_source){.read = memory_read, .context = &m});
}

/* IX-F or PeeringDB, from memory: one file. */
static struct outcome
from_json(enum import_source from, const char *text, const char *exchange)
{
	const struct memory_file file = {"f.json", text, false};
	struct memory m = {&file, 1};
	struct import_request request = {.from = from,
					 .paths = {"f.json"},
					 .exchange = exchange,
					 .asn = {64500},
					 .router_id = ip_v4(0xc0000201)};
	return import_from(&request, (struct hub_source){.read = memory_read, .context = &m});
}

/* --- arouteserver --- */

static const struct hub_session *
session_at(const struct hub *hub, const char *address)
{
	struct ip ip;
	(void)ip_parse(&ip, address);
	uint32_t i = hub_session_by_address(hub, ip);
	return i == HUB_NONE ? NULL : &hub->sessions[i];
}

static void
whole_policy(const struct hub *hub)
{
	const struct hub_policy *p = &hub->policy;
	ok(hub->asn.number == 64500 && ip_equal(hub->router_id, ip_v4(0xc0000201)),
	   "rs_as and the first router_id are the hub's");
	ok(p->next_hop == HUB_NEXT_HOP_SAME_AS, "next_hop.policy");
	ok(p->ipv6_min == 16 && p->ipv6_max == 48 && p->as_path_max == 40, "lengths");
	ok(p->blocked_count == 4 && p->blocked[2].max_length == 24 &&
		   p->blocked[3].min_length == 22 && p->blocked[3].max_length == 24 &&
		   p->blocked[0].max_length == 32,
	   "global_black_list_pref with its exact, ge and le");
	ok(p->transit_free_asn_count == 3 && p->transit_free_asns[2].first == 1299,
	   "transit_free.asns, folded text with commas");
	ok(p->never_via_route_servers && p->never_via_asn_count == 1, "never_via_route_servers");
	ok(p->irr.origin == HUB_CHECK_REFUSE && p->irr.prefix == HUB_CHECK_TAG && p->irr.longer &&
		   p->irr.roas_are_routes,
	   "irrdb: what is not enforced is tagged");
	ok(p->rov == HUB_CHECK_REFUSE && p->role == HUB_ROLE_ON &&
		   p->refusal == HUB_TAG_AND_REFUSE && p->graceful_shutdown,
	   "RPKI, roles, reject_policy and graceful_shutdown");
	ok(p->aspa == HUB_CHECK_REFUSE, "rpki_aspa_verification");
	ok(p->communities_max == 0 && !hub->communities.pass_graceful_shutdown,
	   "what arouteserver does not check is off");
	ok(p->blackhole.announce && p->blackhole.receive && p->blackhole.ipv4_min == 0 &&
		   ip_equal(hub->blackhole.ipv4, ip_v4(0xc0000242)) &&
		   hub->blackhole.ipv6.family == IP_NONE && hub->blackhole.no_export &&
		   !hub->blackhole.by_next_hop,
	   "blackhole_filtering");
	ok(hub->irr.enabled && hub->peeringdb.source != NULL && hub->validation.vrp_file_count == 1,
	   "registries, PeeringDB and the local file of ROAs are used");
	ok(hub->policy.tag_only_count == 1 && hub->policy.tag_only[0] == HUB_TAGGED_AS_SET,
	   "AS_SETs pass, where they do there");
	ok(hub->lan_count == 1 && hub->lans[0].ipv4.length == 24 && hub->lans[0].ipv6.length == 64,
	   "the rejected prefixes that hold clients are the LAN");
}

static void
whole_members(const struct hub *hub)
{
	const struct hub_member *m = &hub->members[hub_member_by_asn(hub, (struct asn){64496})];
	ok(hub->member_count == 3 && hub->port_count == 5 && hub->session_count == 8,
	   "clients of one AS are one member, with a port for each pair of addresses");
	is_str(m->name, "Émile & \"Söhne\": NO, 007 # not a comment",
	       "a description with quotes, colons and a hash is the name");
	ok(m->as_set_ipv4_count == 2 &&
		   strcmp(m->as_sets_ipv4[1], "RIPE::AS64496:AS-CUSTOMERS") == 0,
	   "AS-SETs come from asns when the client has none");
	ok(m->policy.irr.allow_route_count == 1 && m->policy.irr.allow_prefix_count == 1 &&
		   m->policy.irr.allow_routes[0].origin.number == 64496 &&
		   m->policy.irr.allow_routes[0].prefix.max_length == 32 &&
		   m->policy.irr.allow_origin_count == 2,
	   "white lists");
	ok(m->policy.blocked_count == hub->policy.blocked_count + 1,
	   "the black list of a second client is added");
	ok(m->policy.refusal == HUB_TAG_AND_REFUSE, "of two clients the first decides");
	ok(m->policy.attach_count == 1 && m->policy.attach[0].fields[0].number == 65001 &&
		   m->policy.attach[0].fields[1].number == 1,
	   "a custom community is put on its routes");
	const struct hub_session *s = session_at(hub, "192.0.2.11");
	ok(s && strcmp(s->md5, "s3cret: \"x\"") == 0 && s->ttl_security == 1 && s->passive &&
		   s->max_prefixes_ipv4 == 5000 && s->max_prefixes_restart_s == 1800 &&
		   !s->max_prefixes_count_refused && !s->max_prefixes_peeringdb,
	   "a session with a limit of its own");
	s = session_at(hub, "192.0.2.12");
	ok(s && !s->passive && s->max_prefixes_ipv4 == 100000 && s->max_prefixes_peeringdb,
	   "one with the general limit, and PeeringDB's where it has one");
	m = &hub->members[hub_member_by_asn(hub, (struct asn){64497})];
	is_str(m->name, "NO", "a name that YAML takes for no stays a name");
	ok(m->port_count == 1 && m->policy.next_hop == HUB_NEXT_HOP_LIST &&
		   m->policy.next_hop_count == 2 && m->policy.role == HUB_ROLE_OFF &&
		   !m->policy.graceful_shutdown && !m->policy.blackhole.receive &&
		   m->policy.rov == HUB_CHECK_REFUSE && m->policy.irr.prefix == HUB_CHECK_REFUSE,
	   "a member's policy where it differs");
	s = session_at(hub, "192.0.2.21");
	ok(s && s->add_path == HUB_ADD_PATH_SEND && s->prepend_hub_as && s->ttl_security == 0 &&
		   s->max_prefixes_action == HUB_MAX_PREFIXES_SHUTDOWN &&
		   !s->max_prefixes_peeringdb,
	   "add_path, prepend_rs_as, gtsm and max_prefix of one session");
	s = session_at(hub, "2001:db8:1::21");
	ok(s && s->ipv4 && s->ipv6 && s->extended_next_hop, "rfc8950 carries IPv4 over IPv6");
	m = &hub->members[hub_member_by_asn(hub, (struct asn){64499})];
	ok(m->policy.bogon_asn_count == 0 && m->port_count == 2 && m->alias_asn == 65000,
	   "a member whose paths are not looked at; three addresses are two ports; the number "
	   "that stands for its own");
}

/* True if the hub has this pattern for the action, with these codes and prepends. */
static bool
knows(const struct hub *hub, const char *text, enum hub_community_action action, unsigned number,
      enum hub_codes codes)
{
	struct hub_community c = {0};
	char a[HUB_COMMUNITY_TEXT], b[HUB_COMMUNITY_TEXT];
	if (hub_community_parse(&c, text) < 0)
		return false;
	for (size_t i = 0; i < hub->communities.own_count; i++) {
		const struct hub_community *own = &hub->communities.own[i];
		if (own->action == action && own->number == number && own->codes == codes &&
		    strcmp(hub_community_format(a, own), hub_community_format(b, &c)) == 0)
			return true;
	}
	return false;
}

static void
whole_communities(const struct hub *hub)
{
	ok(hub->communities.profile == HUB_PROFILE_NONE && hub->communities.pass_unknown_hub &&
		   !hub->communities.tell_members,
	   "no profile: the operator's values and no others");
	ok(knows(hub, "rt:RS:P", HUB_ANNOUNCE_TO, 0, 0) &&
		   knows(hub, "0:P", HUB_DO_NOT_ANNOUNCE_TO, 0, 0) &&
		   knows(hub, "RS:0:0", HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, 0),
	   "announcing, in all three forms");
	ok(knows(hub, "65503:RS", HUB_PREPEND_TO_ANY, 3, 0) &&
		   knows(hub, "RS:102:P", HUB_PREPEND_TO, 2, 0) &&
		   knows(hub, "RS:112:P", HUB_PREPEND_SLOWER, 2, 0) &&
		   knows(hub, "RS:121:P", HUB_PREPEND_FASTER, 1, 0),
	   "prepending, by peer and by round-trip time");
	ok(knows(hub, "RS:3:P", HUB_DO_NOT_ANNOUNCE_FASTER, 0, 0) &&
		   knows(hub, "RS:2:P", HUB_DO_NOT_ANNOUNCE_SLOWER, 0, 0) &&
		   knows(hub, "RS:5:P", HUB_ANNOUNCE_FASTER, 0, 0),
	   "lower_than is faster, higher_than is slower");
	ok(knows(hub, "65535:666", HUB_BLACKHOLE, 0, 0) &&
		   knows(hub, "rt:65534:666", HUB_BLACKHOLE, 0, 0),
	   "BLACKHOLE and the operator's own");
	ok(knows(hub, "65520:P", HUB_TELL_REASON, 0, HUB_CODES_AROUTESERVER) &&
		   knows(hub, "RS:1101:P", HUB_TELL_REASON, 0, HUB_CODES_EURO_IX) &&
		   knows(hub, "65520:0", HUB_TELL_REFUSED, 0, 0) &&
		   knows(hub, "65524:P", HUB_TELL_ANNOUNCER, 0, 0),
	   "reject_cause, its map to Euro-IX and rejected_route_announced_by");
	ok(knows(hub, "64512:P", HUB_TELL_RPKI, 0, HUB_CODES_AROUTESERVER) &&
		   knows(hub, "RS:1000:P", HUB_TELL_RPKI, 0, HUB_CODES_EURO_IX) &&
		   knows(hub, "64512:P", HUB_TELL_IRR, 0, HUB_CODES_AROUTESERVER),
	   "numbers that mean the same are told");
	bool right = true;
	for (size_t i = 0; i < hub->communities.own_count; i++) {
		const struct hub_community *c = &hub->communities.own[i];
		right &= (c->heard_by == HUB_HEARD_BY_MEMBERS) == (c->action == HUB_TELL_IRR);
	}
	ok(right, "members hear what AS-SETs say, and neither the state of RPKI nor the announcer");
	ok(knows(hub, "RS:777:1", HUB_TELL_IRR, 0, HUB_CODES_AROUTESERVER) &&
		   knows(hub, "RS:1102:3", HUB_TELL_REASON, 0, HUB_CODES_AROUTESERVER),
	   "other numbers are told each by itself");
	ok(knows(hub, "65001:1", HUB_INTERNAL, 0, 0) && knows(hub, "RS:1003:1", HUB_INTERNAL, 0, 0),
	   "custom communities, and what is not told, are at least not believed");
}

static void
whole_arouteserver(void)
{
	struct import_request request = {.from = IMPORT_AROUTESERVER,
					 .paths = {DATA "general.yml", DATA "clients.yml"}};
	struct outcome o = import_from(&request, hub_file_disk());
	ok(o.good && o.hub,
	   "a whole configuration becomes a hub file that is read without complaint");
	if (!o.hub) {
		printf("# %s\n", o.said);
		end(&o);
		return;
	}
	whole_policy(o.hub);
	whole_members(o.hub);
	whole_communities(o.hub);
	ok(o.secret, "it is known that there are passwords in it");
	has(o.notes,
	    DATA "clients.yml:27:33: changed: cfg.filtering.reject_policy.policy: the clients "
		 "of AS64496 differ",
	    "clients of one member that differ are named with their place");
	has(o.notes, "origin_... and route_validated_via_white_list all are told in the form std",
	    "a pattern that tells more than before is named");
	has(o.notes,
	    "filtering.rpki_aspa_verification.reject_invalid: paths that ASPA makes invalid",
	    "ASPA that only tags is named");
	has(o.notes,
	    DATA "general.yml:86:41: no counterpart: cfg.communities.rpki_aspa_verification_valid: "
		 "the state of ASPA is not told",
	    "what has no counterpart is named with its place");
	has(o.text, "#   " DATA "general.yml:86:41: cfg.communities.rpki_aspa_verification_valid",
	    "the list stands in the hub file, too");
	struct outcome again = import_from(&request, hub_file_disk());
	ok(strcmp(o.text, again.text) == 0, "the same source gives the same text");
	end(&again);
	end(&o);
	request.bogons = DATA "bogons.yml";
	o = import_from(&request, hub_file_disk());
	ok(o.hub && o.hub->policy.martian_count == 4 && o.hub->policy.martians[0].max_length == 0 &&
		   o.hub->policy.martians[1].max_length == 32,
	   "bogons.yml replaces the martians");
	end(&o);
}

#define G "cfg:\n  rs_as: 64500\n  router_id: 192.0.2.1\n"
#define C "clients:\n  - {asn: 64496, ip: 192.0.2.11}\n"

static const struct {
	const char *name, *general, *clients;
	bool good;
	const char *expected; /* stands in the errors, or in the notes if it is good */
} ars_cases[] = {
	{"no general.yml", "", C, false, "g.yml: the file is empty"},
	{"a list for a file", "- 1\n", C, false, "g.yml:1:1: found a list, expected a mapping"},
	{"no cfg", "fcg: {}\n", C, false, "g.yml:1:1: found no \"cfg\" in it"},
	{"no AS number", "cfg: {router_id: 192.0.2.1}\n", C, false,
	 "it does not say the route server's AS number: give it with --asn N"},
	{"no router id", "cfg: {rs_as: 64500}\n", C, false, "give it with --router-id ADDRESS"},
	{"an AS number that is none", "cfg: {rs_as: x, router_id: 192.0.2.1}\n", C, false,
	 "g.yml:1:14: rs_as: found \"x\", expected an AS number"},
	{"a word that is none", G "  filtering: {next_hop: {policy: stricter}}\n", C, false,
	 "g.yml:4:34: filtering.next_hop.policy: found \"stricter\", expected one of: strict, "
	 "same-as, "
	 "authorized_addresses"},
	{"a yes or no that is neither", G "  gtsm: perhaps\n", C, false,
	 "g.yml:4:9: gtsm: found \"perhaps\", expected True or False"},
	{"a mapping where a value belongs", G "  gtsm: {a: 1}\n", C, false,
	 "g.yml:4:9: gtsm: found a mapping, expected a value"},
	{"a value where a mapping belongs", G "  filtering: 1\n", C, false,
	 "g.yml:4:14: filtering: found a value, expected a mapping"},
	{"a length that is too long", G "  filtering: {ipv4_pref_len: {min: 8, max: 33}}\n", C,
	 false, "g.yml:4:44: max: found \"33\", expected a whole number up to 32"},
	{"lengths the wrong way round", G "  filtering: {ipv4_pref_len: {min: 25, max: 24}}\n", C,
	 false, "ipv4_min is 25 and ipv4_max is 24"},
	{"a prefix without its length",
	 G "  filtering:\n    global_black_list_pref: [{prefix: 192.0.2.0}]\n", C, false,
	 "g.yml:5:30: \"length\" is missing from this entry of a prefix list"},
	{"a prefix whose ge is beyond its le",
	 G "  filtering:\n    global_black_list_pref: [{prefix: 192.0.2.0, length: 24, ge: 30, le: "
	   "28}]\n",
	 C, false, "found lengths from 30 to 28"},
	{"a prefix with host bits is cut",
	 G "  filtering:\n    global_black_list_pref: [{prefix: 198.51.100.9, length: 24}]\n", C,
	 true,
	 "g.yml:5:39: changed: prefix: found 198.51.100.9 with bits set behind the length; it is "
	 "198.51.100.0/24"},
	{"a key that is nearly one", G "  filtering: {irrdb: {tag_as_sets: 1}}\n", C, true,
	 "g.yml:4:23: unknown: filtering.irrdb.tag_as_sets: not a key of arouteserver here; did "
	 "you "
	 "mean \"tag_as_set\"?"},
	{"a key that is near none", G "  zzz: 1\n", C, true,
	 "g.yml:4:3: unknown: zzz: not a key of arouteserver here"},
	{"a key of clients in general.yml", G "  filtering: {irrdb: {white_list_asn: [1]}}\n", C,
	 true, "unknown: filtering.irrdb.white_list_asn"},
	{"a key beside cfg", G "rtr: 1\n", C, true, "g.yml:4:1: unknown: rtr"},
	{"path hiding off", G "  path_hiding: False\n", C, true,
	 "g.yml:4:16: changed: cfg.path_hiding: no path is ever hidden here"},
	{"transit-free networks only logged",
	 G "  filtering: {transit_free: {action: warning, asns: 174}}\n", C, true,
	 "changed: cfg.filtering.transit_free.action"},
	{"a dump that is read by default",
	 G "  filtering: {irrdb: {use_arin_bulk_whois_data: {enabled: True}}}\n", C, true,
	 "decide: cfg.filtering.irrdb.use_arin_bulk_whois_data.enabled: name the file, or a URL "
	 "with http or https, under irr.arin"},
	{"a custom community that members ask with",
	 G "  communities: {announce_to_peer: {std: \"65001:peer_as\"}}\n"
	   "  custom_communities: {mine: {std: \"65001:7\"}}\n",
	 C, true,
	 "g.yml:5:36: no counterpart: cfg.custom_communities.mine: \"65001:7\" is what members ask "
	 "with, and is not put on routes"},
	{"a custom community that is none",
	 G "  custom_communities: {mine: {lrg: \"65535:1:peer_as\"}}\n", C, true,
	 "is no community of the hub's own"},
	{"a rewritten next hop that is missing",
	 G "  blackhole_filtering: {policy_ipv4: rewrite-next-hop}\n", C, false,
	 "g.yml:4:38: found \"rewrite-next-hop\", but there is no "
	 "blackhole_filtering.rewrite_next_hop_ipv4"},
	{"blackholing for one family",
	 G "  blackhole_filtering: {policy_ipv4: propagate-unchanged}\n", C, true,
	 "changed: cfg.blackhole_filtering.policy_ipv4: blackholing is for both families"},
	{"RTR",
	 G "  filtering: {rpki_bgp_origin_validation: {enabled: True}}\n  rpki_roas: {source: "
	   "rtr}\n",
	 C, true, "g.yml:5:23: decide: cfg.rpki_roas.source: the sessions are in the daemon's own"},
	{"a community that is none", G "  communities: {blackholing: {std: \"1:2:3\"}}\n", C, false,
	 "g.yml:4:36: found \"1:2:3\", expected two numbers with a colon between them"},
	{"a community with a word", G "  communities: {blackholing: {lrg: \"rs_as:x:0\"}}\n", C,
	 false, "found \"rs_as:x:0\", expected numbers, rs_as, peer_as or dyn_val"},
	{"a community with a number that does not fit",
	 G "  communities: {blackholing: {std: \"70000:1\"}}\n", C, false,
	 "g.yml:4:36: found \"70000:1\", whose numbers do not fit a community of its form"},
	{"a community that means two things",
	 G "  communities:\n    blackholing: {std: \"1:2\"}\n    add_noexport_to_any: {std: "
	   "\"1:2\"}\n",
	 C, false, "g.yml:6:32: found \"1:2\", which means blackhole at line 5 already"},
	{"a form of communities that is none", G "  communities: {blackholing: {xl: \"1:2\"}}\n", C,
	 true, "unknown: cfg.communities.blackholing.xl"},
	{"a community that is nearly one", G "  communities: {blackholling: {std: \"1:2\"}}\n", C,
	 true, "did you mean \"blackholing\"?"},
	{"a hub too large for a standard community",
	 "cfg: {rs_as: 4200000001, router_id: 192.0.2.1, communities: {announce_to_peer: {std: "
	 "\"rs_as:peer_as\"}}}\n",
	 C, true, "left out: cfg.communities: \"RS:P\": the hub's AS number does not fit"},
	{"a client without an address", G, "clients: [{asn: 64496}]\n", false,
	 "c.yml:1:11: \"ip\" is missing from this client"},
	{"a client whose address is none", G, "clients: [{asn: 64496, ip: 192.0.2}]\n", false,
	 "c.yml:1:28: ip: found \"192.0.2\", expected an address"},
	{"a client that is a word", G, "clients: [x]\n", false,
	 "c.yml:1:11: found a value, expected the options of a client"},
	{"no clients", G, "asns: {}\n", false, "c.yml: found no \"clients\" in it"},
	{"an empty list of clients", G, "clients: []\n", true, "decide: hub.name"},
	{"options of a client beside cfg", G,
	 "clients: [{asn: 64496, ip: 192.0.2.11, passive: no}]\n", true,
	 "c.yml:1:40: unknown: passive: not a key of a client"},
	{"an address that two clients have", G, C "  - {asn: 64497, ip: 192.0.2.11}\n", true,
	 "c.yml:3:5: left out: 192.0.2.11, which AS64496 has at line 2"},
	{"the route server as a client", G, C "  - {asn: 64500, ip: 192.0.2.9}\n", true,
	 "c.yml:3:5: left out: AS64500: the route server itself"},
	{"an AS-SET that is none", G,
	 "clients: [{asn: 64496, ip: 192.0.2.11, cfg: {filtering: {irrdb: {as_sets: [X-Y]}}}}]\n",
	 true, "c.yml:1:76: left out: found \"X-Y\", which is not the name of an AS-SET"},
	{"a password that is too long", G,
	 "clients: [{asn: 64496, ip: 192.0.2.11, password: "
	 "123456789012345678901234567890123456789012345678901234567890123456789012345678901}]\n",
	 false, "c.yml:1:50: password: found one of 81 octets"},
	{"AS numbers that are none under asns", G, "asns: {64496: {}}\n" C, false,
	 "c.yml:1:8: found \"64496\", expected an AS number such as AS64500"},
	{"an include, with the place of a mistake in it",
	 "cfg:\n  router_id: 192.0.2.1\n  !include shared.yml\n", C, false,
	 "shared.yml:3:22: max_as_path_len: found \"zero\", expected a whole number"},
	{"a file that includes itself", "!include loop.yml\n", C, false,
	 "found files that include each other: \"loop.yml\""},
	{"a file that is not there", "cfg:\n  !include none.yml\n", C, false,
	 "none.yml: cannot be read: No such file or directory"},
	{"a variable that is not set", "cfg:\n  rs_as: ${NOBODY}\n", C, false,
	 "g.yml:2:1: found a variable of the environment that is not set: \"NOBODY\""},
	{"a variable in a comment", G "  # ${NOBODY}\n", C, true, "decide: hub.name"},
	{"YAML that is none", "cfg: [\n", C, false, "g.yml:1:"},
	{"a tab", "cfg:\n\trs_as: 1\n", C, false,
	 "g.yml:2:1: found a tab, expected spaces for indentation"},
	{"the spelling of old versions",
	 G "  filtering:\n    next_hop_policy: same-as\n    rpki: {enabled: no}\n    max_prefix: "
	   "{peering_db: False, action: warning}\n    rpsl: {allow_longer_prefixes: yes}\n",
	 C, true, "decide: hub.name"},
};

static void
ars_errors(void)
{
	for (size_t i = 0; i < sizeof(ars_cases) / sizeof(ars_cases[0]); i++) {
		struct outcome o = from_ars(ars_cases[i].general, ars_cases[i].clients);
		ok(o.good == ars_cases[i].good && (o.hub != NULL) == o.good, "%s: %s",
		   ars_cases[i].name, ars_cases[i].good ? "imported" : "refused");
		if (o.good != ars_cases[i].good)
			printf("# %s\n", o.said);
		has(o.good ? o.notes : o.said, ars_cases[i].expected, ars_cases[i].name);
		end(&o);
	}
}

#define WITH_ROV  "  filtering: {rpki_bgp_origin_validation: {enabled: True}}\n"
#define WITH_ASPA "  filtering: {rpki_aspa_verification: {enabled: True}}\n"
#define WITH_RTT                                                                                   \
	"  communities: {announce_to_peers_with_rtt_lower_than: {lrg: \"rs_as:7:dyn_val\"}}\n"

#define TWO_ADDRESSES "clients: [{asn: 64496, ip: [192.0.2.11, \"2001:db8::1\"]}]\n"

/* A value for each key that is not its default, so that nothing can be passed over. */
static const struct {
	enum ars_key key;
	const char *value;
	const char *with; /* what it means nothing without */
} ars_values[] = {
	{ARS_PREPEND_RS_AS, "True", NULL},
	{ARS_PATH_HIDING, "False", NULL},
	{ARS_PASSIVE, "False", NULL},
	{ARS_GTSM, "True", NULL},
	{ARS_ADD_PATH, "True", NULL},
	{ARS_RFC8950, "True", NULL},
	{ARS_NEXT_HOP, "same-as", NULL},
	{ARS_IPV4_LENGTH, "{min: 9, max: 23}", NULL},
	{ARS_IPV6_LENGTH, "{min: 13, max: 47}", NULL},
	{ARS_GLOBAL_BLACK_LIST, "[{prefix: 198.51.100.0, length: 24}]", NULL},
	{ARS_AS_PATH_MAX, "50", NULL},
	{ARS_REJECT_INVALID_AS, "False", NULL},
	{ARS_ALLOW_AS_SET, "True", NULL},
	{ARS_TRANSIT_FREE_ACTION, "warning", NULL},
	{ARS_NEVER_VIA_PEERINGDB, "False", NULL},
	{ARS_NEVER_VIA_ASNS, "[3356]", NULL},
	{ARS_ENFORCE_ORIGIN, "False", NULL},
	{ARS_ENFORCE_PREFIX, "False", NULL},
	{ARS_LONGER, "True", NULL},
	{ARS_IRR_PEERINGDB, "True", NULL},
	{ARS_ROAS_AS_ROUTES, "True", NULL},
	{ARS_ARIN, "True", NULL},
	{ARS_REGISTROBR, "True", NULL},
	{ARS_ROV, "True", NULL},
	{ARS_ASPA, "True", NULL},
	{ARS_MAX_PREFIX_ACTION, "shutdown", NULL},
	{ARS_ROLES, "True", NULL},
	{ARS_REJECT_POLICY, "tag", NULL},
	{ARS_ROAS_SOURCE, "rtr", WITH_ROV},
	{ARS_ROAS_URLS, "[/var/lib/vrps.json]", WITH_ROV},
	{ARS_ROAS_ANCHORS, "[ripe]", WITH_ROV},
	{ARS_ROAS_AGE, "60", WITH_ROV},
	{ARS_ASPAS_SOURCE, "rtr", WITH_ASPA},
	{ARS_ASPAS_URLS, "/var/lib/vrps.json", WITH_ASPA},
	{ARS_ASPAS_ANCHORS, "[ripe]", WITH_ASPA},
	{ARS_ASPAS_AGE, "60", WITH_ASPA},
	{ARS_BLACKHOLE_IPV4, "propagate-unchanged", NULL},
	{ARS_BLACKHOLE_IPV6, "propagate-unchanged", NULL},
	{ARS_BLACKHOLE_ANNOUNCE, "False", NULL},
	{ARS_BLACKHOLE_NO_EXPORT, "False", NULL},
	{ARS_GSHUT, "True", NULL},
	{ARS_RFC1997, "rfc1997", NULL},
	{ARS_RTT_THRESHOLDS, "5, 10", WITH_RTT},
	{ARS_COMMUNITIES, "{blackholing: {std: \"65534:1\"}}", NULL},
	{ARS_CUSTOM_COMMUNITIES, "{mine: {std: \"65534:1\"}}", NULL},
};

/* The mapping of mappings that the path is. */
static void
write_path(char *out, size_t size, const char *path, const char *value)
{
	size_t used = (size_t)snprintf(out, size, "%s  ", G), depth = 0;
	for (const char *c = path; *c; c++) {
		if (*c == '.') {
			used += (size_t)snprintf(out + used, size - used, ": {");
			depth++;
		} else {
			out[used++] = *c;
			out[used] = '\0';
		}
	}
	used += (size_t)snprintf(out + used, size - used, ": %s", value);
	while (depth--)
		used += (size_t)snprintf(out + used, size - used, "}");
	(void)snprintf(out + used, size - used, "\n");
}

/* Keys that mean something only beside others of their section. */
static const struct {
	const char *one, *other;
} ars_pairs[] = {
	{"transit_free: {action: reject, asns: 174}", "transit_free: {action: reject, asns: 701}"},
	{"max_prefix: {action: restart}", "max_prefix: {action: restart, restart_after: 16}"},
	{"max_prefix: {action: block}",
	 "max_prefix: {action: block, count_rejected_routes: False}"},
	{"max_prefix: {action: block}", "max_prefix: {action: block, peering_db: False}"},
	{"max_prefix: {action: block}",
	 "max_prefix: {action: block, peering_db: {increment: {absolute: 7}}}"},
	{"max_prefix: {action: block}",
	 "max_prefix: {action: block, peering_db: {increment: {relative: 7}}}"},
	{"max_prefix: {action: block}", "max_prefix: {action: block, general_limit_ipv4: 7}"},
	{"max_prefix: {action: block}", "max_prefix: {action: block, general_limit_ipv6: 7}"},
	{"irrdb: {enforce_origin_in_as_set: False, enforce_prefix_in_as_set: False}",
	 "irrdb: {enforce_origin_in_as_set: False, enforce_prefix_in_as_set: False, tag_as_set: "
	 "False}"},
	{"rpki_bgp_origin_validation: {enabled: True}",
	 "rpki_bgp_origin_validation: {enabled: True, reject_invalid: False}"},
	{"rpki_aspa_verification: {enabled: True}",
	 "rpki_aspa_verification: {enabled: True, reject_invalid: False}"},
	{"roles: {enabled: True}", "roles: {enabled: True, strict_mode: True}"},
};

static void
ars_every_pair(void)
{
	for (size_t i = 0; i < sizeof(ars_pairs) / sizeof(ars_pairs[0]); i++) {
		char one[1024], other[1024];
		(void)snprintf(one, sizeof(one), G "  filtering: {%s}\n", ars_pairs[i].one);
		(void)snprintf(other, sizeof(other), G "  filtering: {%s}\n", ars_pairs[i].other);
		struct outcome a = from_ars(one, TWO_ADDRESSES);
		struct outcome b = from_ars(other, TWO_ADDRESSES);
		ok(a.good && b.good && strcmp(a.text, b.text) != 0, "it counts: %s",
		   ars_pairs[i].other);
		end(&a);
		end(&b);
	}
}

static void
ars_every_key(void)
{
	for (size_t i = 0; i < sizeof(ars_values) / sizeof(ars_values[0]); i++) {
		char general[1024];
		const char *path = ars_path(ars_values[i].key);
		write_path(general, sizeof(general), path, ars_values[i].value);
		char base[1024];
		const char *with = ars_values[i].with;
		(void)snprintf(base, sizeof(base), "%s%s", G, with ? with : "");
		struct outcome without = from_ars(base, TWO_ADDRESSES);
		if (with)
			(void)strcat(general, with);
		struct outcome o = from_ars(general, TWO_ADDRESSES);
		ok(o.good && !strstr(o.notes, "unknown"), "%s is known", path);
		if (!o.good)
			printf("# %s\n", o.said);
		ok(o.good && strcmp(o.text, without.text) != 0,
		   "%s changes the hub file or is listed", path);
		end(&without);
		end(&o);
	}
}

/* --- LANs --- */

static void
lans(void)
{
	struct outcome o =
		from_ars(G, "clients:\n  - {asn: 64496, ip: 192.0.2.11}\n  - {asn: 64497, ip: "
			    "192.0.2.255}\n  - {asn: 64498, ip: 192.0.3.1}\n");
	ok(o.hub && o.hub->lan_count == 1 && o.hub->lans[0].ipv4.length == 23,
	   "a LAN is worked out from addresses, long enough that none is its broadcast address");
	has(o.text, "# decide: worked out from the addresses of the members",
	    "and that is said there");
	end(&o);
	o = from_ars(
		G, "clients:\n  - {asn: 64496, ip: 192.0.2.11}\n  - {asn: 64497, ip: 192.0.2.12}\n"
		   "  - {asn: 64498, ip: 198.51.100.7, cfg: {multihop: 3}}\n");
	ok(o.hub && o.hub->lan_count == 2 && o.hub->lans[1].ipv4.length == 32,
	   "a member far away is on a LAN of its own, which is no wider than its address");
	end(&o);
	o = from_ars(
		G
		"  filtering: {global_black_list_pref: [{prefix: 192.0.2.0, length: 25}, {prefix: "
		"192.0.2.128, length: 25}, {prefix: \"2001:db8:1::\", length: 64}]}\n",
		"clients:\n  - {asn: 64496, ip: [192.0.2.11, \"2001:db8:1::11\"]}\n"
		"  - {asn: 64497, ip: [192.0.2.211, \"2001:db8:1::12\"]}\n");
	ok(o.hub && o.hub->lan_count == 2 && o.hub->port_count == 3 && o.hub->session_count == 4,
	   "a client on two LANs has two ports, and each session the right one");
	end(&o);
}

/* --- IX-F --- */

static struct outcome
from_disk(enum import_source from, const char *path, const char *exchange)
{
	struct import_request request = {.from = from,
					 .paths = {path},
					 .exchange = exchange,
					 .asn = {64500},
					 .router_id = ip_v4(0xc0000201)};
	return import_from(&request, hub_file_disk());
}

static void
ixf_samples(void)
{
	static const struct {
		const char *file;
		size_t members, ports, sessions;
	} samples[] = {
		{"members.0.4.json", 1, 7, 12},
		{"members.0.5.json", 1, 7, 12},
		{"members.0.6.json", 1, 7, 12},
		{"export.json", 1, 6, 8},
		{"ixf.member.2.json", 1, 3, 6},
		{"ixf.member.null.if_speed.json", 1, 1, 2},
		{"ixf.member.null.ip.vlan.json", 1, 0, 0},
		{"ixf.member.null.vlan_list_and_if_list.json", 1, 0, 0},
		{"ixf.member.speed.0.json", 1, 1, 2},
		{"ixf.member.vlan_list_empty.json", 1, 0, 0},
		{"ixf.member.facility.via_switch.json", 1, 1, 2},
		{"ixf.prefixauto.null_asnum.json", 0, 0, 0},
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char path[200];
		(void)snprintf(path, sizeof(path), DATA "ixf/%s", samples[i].file);
		struct outcome o = from_disk(IMPORT_IXF, path, NULL);
		ok(o.hub != NULL, "%s becomes a hub file", samples[i].file);
		ok(o.hub && o.hub->member_count == samples[i].members &&
			   o.hub->port_count == samples[i].ports &&
			   o.hub->session_count == samples[i].sessions,
		   "%s has its members, ports and sessions", samples[i].file);
		if (o.hub && o.hub->port_count != samples[i].ports)
			printf("# %zu %zu %zu\n", o.hub->member_count, o.hub->port_count,
			       o.hub->session_count);
		end(&o);
	}
}

static void
ixf_two_exchange(const struct hub *hub)
{
	is_str(hub->name, "Nordkap: \"Exchange\"", "the name of the exchange, quotes and all");
	ok(strcmp(hub->country.code, "NO") == 0 && hub->ixf_id == 11 && hub->peeringdb_id == 21,
	   "its country, which is Norway, and its numbers");
	is_str(hub->city, "Tromsø", "the city that all its switches are in");
	ok(hub->asn.number == 64500 && ip_equal(hub->router_id, ip_v4(0xc0000201)),
	   "the route server is found by its service type");
	ok(hub->site_count == 2 && strcmp(hub->sites[0].name, "Hall 007") == 0 &&
		   strcmp(hub->sites[1].id, "hall-8") == 0,
	   "a site for each colo");
	ok(hub->lan_count == 2 && strcmp(hub->lans[0].name, "peering-lan-1") == 0 &&
		   hub->lans[1].ipv4.length == 25,
	   "a LAN for each VLAN");
}

static void
ixf_two(void)
{
	struct import_request request = {.from = IMPORT_IXF, .paths = {DATA "ixf/two.json"}};
	struct outcome o = import_from(&request, hub_file_disk());
	ok(!o.good, "of two exchanges one must be chosen");
	has(o.said, "found 2 exchanges; say which with -i: 1 (NORD-IX), 2 (SUD-IX)", "from these");
	end(&o);
	request.exchange = "3";
	o = import_from(&request, hub_file_disk());
	has(o.said, "found no exchange \"3\"; there are: 1 (NORD-IX), 2 (SUD-IX)",
	    "one that is not there is an error");
	end(&o);
	request.exchange = "nord-ix";
	o = import_from(&request, hub_file_disk());
	ok(o.hub != NULL, "by its name");
	if (o.hub) {
		ixf_two_exchange(o.hub);
		const struct hub *hub = o.hub;
		const struct hub_member *m = &hub->members[0];
		ok(hub->member_count == 3 && strcmp(m->name, "yes") == 0 && m->port_count == 2 &&
			   m->session_count == 2 && hub->ports[0].speed_bps == 200000000000,
		   "a port for each VLAN, the speeds of a LAG added up");
		ok(m->as_set_ipv4_count == 2 && m->as_set_ipv6_count == 0 &&
			   hub->ports[0].mac_count == 1 && hub->ports[0].site == 1,
		   "AS-SETs of one family, a MAC address told twice, the place of the switch");
		const struct hub_session *s = session_at(hub, "2001:db8:1::12");
		ok(s && !s->enabled && hub->ports[s->port].speed_bps == 2500000000,
		   "sessions of an inactive connection are not enabled");
		ok(session_at(hub, "192.0.2.11") &&
			   session_at(hub, "192.0.2.11")->max_prefixes_ipv4 == 700,
		   "max_prefix");
	}
	has(o.notes, "two.json:47:24: left out: 192.0.2.11, which AS64496 has at line 33",
	    "an address that two members have");
	has(o.notes,
	    "left out: 192.0.2.127, which is the network or broadcast address of 192.0.2.0/25",
	    "a broadcast address");
	has(o.notes, "left out: found \"01:00:5e:00:00:01\", which is not the MAC address of one",
	    "a MAC address of a group");
	has(o.notes, "left out: found \"XX\", which is not a country", "a country that is none");
	has(o.notes, "unknown: member.surprise", "a key that the schema does not have");
	end(&o);
}

static const struct {
	const char *name, *text;
	bool good;
	const char *expected;
} ixf_cases[] = {
	{"nothing", "", false, "f.json:1:1: the file is empty"},
	{"JSON that ends early", "{\"member_list\": [\n  {\"asnum\": 1,", false,
	 "f.json:2:15: found something else than JSON up to here"},
	{"a comma too much", "{\n\"version\": \"1.0\",\n}", false,
	 "f.json:3:1: found something else"},
	{"no list of members", "{\"version\": \"1.0\"}", false,
	 "f.json:1:1: found no \"member_list\""},
	{"a list for a file", "[1]", false, "found no \"member_list\""},
	{"members that are none", "{\"member_list\": [1, null, \"x\", {}]}", true,
	 "left out: member: it has no asnum"},
	{"a reserved AS number",
	 "{\"member_list\": [{\"asnum\": 23456, \"connection_list\": [{\"if_list\": [{}]}]}]}",
	 true, "left out: AS23456: a reserved number that names no network"},
	{"an AS number that is none",
	 "{\"member_list\": [{\"asnum\": 1.5, \"connection_list\": []}]}", true,
	 "f.json:1:28: left out: asnum: found 1.5, expected an AS number"},
	{"an answer that is none", "{\"message\": \"Unauthenticated.\"}", false,
	 "expected an IX-F member export; it says \"Unauthenticated.\""},
	{"nobody wants the route server",
	 "{\"member_list\": [{\"asnum\": 64496, \"connection_list\": [{\"vlan_list\": [{\"ipv4\": "
	 "{\"address\": \"192.0.2.7\", \"routeserver\": false}}]}]}]}",
	 true, "decide: sessions: no address says \"routeserver\": true"},
	{"nobody is there", "{\"member_list\": []}", true, "decide: members: the file names none"},
	{"whether it wants it is no yes or no",
	 "{\"member_list\": [{\"asnum\": 64496, \"connection_list\": [{\"vlan_list\": [{\"ipv4\": "
	 "{\"address\": \"192.0.2.7\", \"routeserver\": \"perhaps\"}}]}]}]}",
	 true, "left out: routeserver: found \"perhaps\", expected true or false"},
	{"no address of a router",
	 "{\"member_list\": [{\"asnum\": 64496, \"connection_list\": [{\"vlan_list\": [{\"ipv4\": "
	 "{\"address\": \"0.0.0.0\"}, \"ipv6\": {\"address\": \"::\"}}]}]}]}",
	 true, "left out: found \"0.0.0.0\", expected the IPv4 address of a router"},
	{"a connection in quarantine",
	 "{\"member_list\": [{\"asnum\": 64496, \"connection_list\": [{\"state\": \"quarantine\", "
	 "\"vlan_list\": [{\"ipv4\": {\"address\": \"192.0.2.7\", \"routeserver\": true}}]}]}]}",
	 true, "found \"quarantine\"; sessions over it are enabled: false"},
	{"a byte order mark", "\xef\xbb\xbf{\"member_list\": []}", true, "decide: hub.name"},
	{"a name with control characters",
	 "{\"member_list\": [{\"asnum\": 64496, \"name\": \"a\\u0007\\u2028b\\n\\u0000\", "
	 "\"connection_list\": [{\"vlan_list\": [{\"ipv4\": {\"address\": \"192.0.2.7\"}}]}]}]}",
	 true, "decide: ports: the source does not say the speed"},
	{"a prefix whose mask does not fit",
	 "{\"ixp_list\": [{\"ixp_id\": 1, \"vlan\": [{\"id\": 1, \"ipv4\": {\"prefix\": "
	 "\"192.0.2.0\", "
	 "\"mask_length\": 99}}]}], \"member_list\": []}",
	 true, "left out: vlan: a prefix without a mask_length that fits"},
};

static void
ixf_errors(void)
{
	for (size_t i = 0; i < sizeof(ixf_cases) / sizeof(ixf_cases[0]); i++) {
		struct outcome o = from_json(IMPORT_IXF, ixf_cases[i].text, NULL);
		ok(o.good == ixf_cases[i].good && (o.hub != NULL) == o.good, "%s: %s",
		   ixf_cases[i].name, ixf_cases[i].good ? "imported" : "refused");
		has(o.good ? o.notes : o.said, ixf_cases[i].expected, ixf_cases[i].name);
		end(&o);
	}
}

/* What exporters write otherwise than the schema has it. */
static void
ixf_liberties(void)
{
	struct outcome o = from_json(
		IMPORT_IXF,
		"{\"version\": 0.6, \"ixp_list\": [{\"ixp_id\": \"7\", \"vlan\": [{\"id\": \"1\", "
		"\"ipv4\": {\"prefix\": \"192.0.2.0/25\"}, \"ipv6\": {\"prefix\": \"2001:db8::\", "
		"\"mask_length\": \"64\"}}]}], \"member_list\": [{\"asnum\": \"AS64496\", "
		"\"connection_list\": [{\"ixp_id\": \"7\", \"state\": \"Operational\", "
		"\"if_list\": "
		"[{\"if_speed\": \"10000\"}], \"vlan_list\": [{\"vlan_id\": \"1\", \"ipv4\": "
		"{\"address\": \"192.0.2.11/25\", \"routeserver\": \"true\", \"max_prefix\": "
		"\"100\"}, "
		"\"ipv6\": {\"address\": \"2001:DB8::11\", \"routeserver\": 1}}]}]}]}",
		NULL);
	const struct hub_session *s = o.hub ? session_at(o.hub, "192.0.2.11") : NULL;
	ok(s && s->enabled && s->max_prefixes_ipv4 == 100 &&
		   o.hub->ports[0].speed_bps == 10000000000,
	   "numbers, lengths and AS numbers as text are understood");
	ok(o.hub && session_at(o.hub, "2001:db8::11") && o.hub->lans[0].ipv4.length == 25,
	   "so are 1 for true and a whole prefix");
	ok(!strstr(o.notes, "left out"), "and nothing is left out");
	end(&o);
}

/* --- PeeringDB --- */

static void
peeringdb_folder(void)
{
	struct outcome o = from_disk(IMPORT_PEERINGDB, DATA "peeringdb", "3069");
	ok(o.hub && o.hub->member_count == 2 && o.hub->port_count == 2 && o.hub->session_count == 4,
	   "a folder of PeeringDB's tables becomes a hub file; a record told twice counts once");
	if (o.hub) {
		const struct hub_member *m = &o.hub->members[0];
		const struct hub_session *s = session_at(o.hub, "44.190.42.3");
		ok(m->asn.number == 34553 && strcmp(m->as_set, "AS34553:AS-ALL") == 0 &&
			   m->peeringdb_id == 21511,
		   "in the order of AS numbers, with their AS-SETs");
		ok(s && s->max_prefixes_ipv4 == 126,
		   "limits are 115 percent of the number and 100");
		is_str(o.hub->short_name, "ARIX", "the exchange is called as its LAN is");
	}
	end(&o);
	o = from_disk(IMPORT_PEERINGDB, DATA "peeringdb", "nowhere");
	ok(!o.good, "an exchange that is not known by this name is an error");
	has(o.said, "found no exchange \"nowhere\"", "which says so");
	end(&o);
}

/* What the API answers, by question. */
static const struct memory_file api[] = {
	{"https://db.example/api/ix?name=Nord%20IX",
	 "{\"data\": [{\"id\": 7, \"name\": \"Nord IX\", \"name_long\": \"Nord\", \"country\": "
	 "\"NO\", "
	 "\"city\": \"Oslo\", \"website\": \"https://n.example\", \"tech_email\": "
	 "\"t@n.example\"}]}",
	 false},
	{"https://db.example/api/ixlan?ix_id=7",
	 "{\"data\": [{\"id\": 70, \"ix_id\": 7, \"name\": \"\"}]}", false},
	{"https://db.example/api/ixpfx?ixlan_id=70",
	 "{\"data\": [{\"ixlan_id\": 70, \"protocol\": \"IPv4\", \"prefix\": \"192.0.2.0/24\"}, "
	 "{\"ixlan_id\": 70, \"protocol\": \"IPv6\", \"prefix\": \"2001:db8:1::/64\"}]}",
	 false},
	{"https://db.example/api/netixlan?ix_id=7",
	 "{\"data\": [{\"id\": 2, \"ix_id\": 7, \"ixlan_id\": 70, \"asn\": 64497, \"speed\": "
	 "100000, "
	 "\"ipaddr4\": \"192.0.2.12\", \"ipaddr6\": null, \"is_rs_peer\": true, \"operational\": "
	 "false}, "
	 "{\"id\": 1, \"ix_id\": 7, \"ixlan_id\": 70, \"asn\": 64496, \"speed\": 0, \"ipaddr4\": "
	 "\"192.0.2.11\", \"ipaddr6\": \"2001:db8:1::11\", \"is_rs_peer\": false}, {\"id\": 3, "
	 "\"ix_id\": 7, \"ixlan_id\": 70, \"asn\": 64500, \"speed\": 1000, \"ipaddr4\": "
	 "\"192.0.2.1\", "
	 "\"is_rs_peer\": false}]}",
	 false},
	{"https://db.example/api/net?info_never_via_route_servers=1",
	 "{\"data\": [{\"asn\": 3356, \"info_never_via_route_servers\": true}]}", false},
	{"https://db.example/api/net?asn__in=64497,64496,64500",
	 "{\"data\": [{\"id\": 5, \"asn\": 64497, \"name\": \"Two\", \"info_type\": \"NSP\", "
	 "\"irr_as_set\": \"AS-TWO RADB::AS-TOO\", \"info_prefixes4\": 1000}, {\"id\": 6, \"asn\": "
	 "64500, \"name\": \"RS\", \"info_type\": \"Route Server\"}]}",
	 false},
};

static void
peeringdb_api(void)
{
	struct memory m = {api, sizeof(api) / sizeof(api[0])};
	struct import_request request = {.from = IMPORT_PEERINGDB,
					 .paths = {"https://db.example/api/"},
					 .exchange = "Nord IX"};
	struct outcome o =
		import_from(&request, (struct hub_source){.read = memory_read, .context = &m});
	ok(o.hub != NULL, "the API is asked for one exchange, by name");
	if (!o.hub) {
		printf("# %s\n", o.said);
		end(&o);
		return;
	}
	const struct hub *hub = o.hub;
	ok(hub->asn.number == 64500 && ip_equal(hub->router_id, ip_v4(0xc0000201)) &&
		   hub->member_count == 2,
	   "a network of type Route Server is the hub");
	ok(strcmp(hub->country.code, "NO") == 0 && hub->peeringdb_id == 7 && hub->lan_count == 1 &&
		   hub->lans[0].ipv6.length == 64,
	   "with what PeeringDB says of the exchange");
	const struct hub_session *s = session_at(hub, "192.0.2.12");
	ok(s && !s->enabled && s->max_prefixes_ipv4 == 1265 && hub->session_count == 1,
	   "who is no peer of the route server has no session; what is not operational is off");
	const struct hub_member *two = &hub->members[hub_member_by_asn(hub, (struct asn){64497})];
	ok(two->kind == HUB_CARRIER && two->as_set_ipv4_count == 2, "kinds and AS-SETs");
	ok(hub->policy.never_via_asn_count == 1 && hub->policy.never_via_asns[0].first == 3356,
	   "networks that are never behind a route server");
	has(o.notes, "left out: netixlan: its network is not in net",
	    "a network that is not told of");
	end(&o);
}

static void
peeringdb_dump(void)
{
	struct outcome o =
		from_json(IMPORT_PEERINGDB,
			  "{\"net\": {\"data\": []}, \"netixlan\": {\"data\": [{\"id\": 1, "
			  "\"ix_id\": 9, \"asn\": 64496, \"speed\": 1000, \"ipaddr4\": "
			  "\"192.0.2.11\", \"status\": \"ok\"}, {\"id\": 2, \"ix_id\": 9, "
			  "\"asn\": 64497, \"status\": \"deleted\"}]}}",
			  "9");
	ok(o.hub && o.hub->member_count == 1,
	   "one file with all tables; deleted records do not count");
	end(&o);
	o = from_json(IMPORT_PEERINGDB, "{\"net\": {}}", "9");
	ok(!o.good, "a file without the tables is refused");
	has(o.said, "f.json:1:1: found no list \"data\" of netixlan in it", "and it is said which");
	end(&o);
}

int
main(void)
{
	whole_arouteserver();
	ars_errors();
	ars_every_key();
	ars_every_pair();
	lans();
	ixf_samples();
	ixf_two();
	ixf_errors();
	ixf_liberties();
	peeringdb_folder();
	peeringdb_api();
	peeringdb_dump();
	return done_testing();
}
