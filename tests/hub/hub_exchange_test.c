/* What the hub file says of the exchange: policies, communities, sessions, and what comes from
 * outside. Each item is read, inherited, written and read again; what does not go together is said.
 */
#include "hub/hub_memory.h"
#include "tap.h"

#include "hub/hub_profile.h"

/* Three lines; what a case adds begins on the fourth. */
#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: l, ipv4: 192.0.2.0/24, ipv6: '2001:db8::/64'}]\n"                           \
	"sites: [{id: A, name: A, number: 7, metro: 3, country: PK}]\n"
#define PORT "speed: 10G, ipv4: 192.0.2.2, ipv6: '2001:db8::2'"

/* A place in the file: what stands around an item of it. */
static const struct place {
	const char *before, *after;
} hub_item = {"hub: {name: H, asn: 64500, router_id: 192.0.2.1, ", "}\n"},
  policy = {HUB "policy: {", "}\n"}, rules = {HUB "policy: {irr: {", "}}\n"},
  holes = {HUB "policy: {blackhole: {", "}}\n"}, flows = {HUB "policy: {flowspec: {", "}}\n"},
  communities = {HUB "communities: {", "}\n"}, community = {HUB "communities: {own: [{", "}]}\n"},
  blackhole = {HUB "blackhole: {", "}\n"},
  rpki = {HUB "rpki: [{name: c, host: rpki.example, ", "}]\n"},
  validation = {HUB "validation: {", "}\n"}, irr = {HUB "irr: {", "}\n"},
  peeringdb = {HUB "peeringdb: {", "}\n"},
  station = {HUB "stations: [{name: s, host: 192.0.2.9, ", "}]\n"}, dumps = {HUB "dumps: {", "}\n"},
  site = {"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\nsites:\n"
	  "- {id: A, name: A, number: 7, metro: 3, country: PK}\n"
	  "- {id: B, name: B, country: PK, ",
	  "}\n"},
  member = {HUB "policy: {allow_asns: 64496-65534}\nmembers: [{asn: 64512, name: M, kind: cloud, ",
	    "}, {asn: 64513, name: N, kind: cloud}]\n"},
  session = {HUB "policy: {allow_asns: 64496-65534}\nmembers: [{asn: 64512, name: M, kind: cloud,\n"
		 "  ports: [{" PORT "}], sessions: [{",
	     "}]}]\n"};

/* The text of a hub file with the item in its place; the caller frees it. */
static char *
placed(const struct place *place, const char *item)
{
	char *text;
	if (asprintf(&text, "%s%s%s", place->before, item, place->after) < 0)
		abort();
	return text;
}

static struct hub *
read_text(const char *text, char **said)
{
	struct memory_file file = {"a", text, false};
	return memory_hub(&file, 1, said);
}

/* Every item with a value that is not its default, and how it is written. */
static const struct good {
	const struct place *place;
	const char *item;
	const char *written; /* NULL: as `item` */
} good[] = {
	{&hub_item, "graceful_shutdown: true", NULL},
	{&hub_item, "memory_max_mb: 0", NULL},
	{&site, "number: 8", NULL},
	{&site, "metro: 3", NULL},
	{&policy, "next_hop: list, next_hops: [192.0.2.9, '2001:db8::9']",
	 "next_hop: list\n  next_hops: [192.0.2.9, \"2001:db8::9\"]"},
	{&policy, "refusal: tag-and-refuse", NULL},
	{&policy, "transit_free_asns: 174 3491", "transit_free_asns: [174, 3491]"},
	{&policy, "transit_free_asns: []", NULL},
	{&policy, "never_via_route_servers: no", "never_via_route_servers: false"},
	{&policy, "never_via_asns: 15169", "never_via_asns: [15169]"},
	{&policy, "communities_max: 90", NULL},
	{&policy, "role: strict", NULL},
	{&policy, "role: off", "role: \"off\""},
	{&policy, "graceful_shutdown: false", NULL},
	{&policy, "aspa: refuse", NULL},
	{&policy, "well_known: obey", NULL},
	{&policy, "tag_only: transit-free as-set", "tag_only: [transit-free, as-set]"},
	{&policy, "attach: [64501:1, 'rt:64501:2', 'rs:900:1']",
	 "attach: [\"64501:1\", \"rt:64501:2\", \"RS:900:1\"]"},
	{&policy, "hears: {rov_invalid: no}", "rov_invalid: false"},
	{&policy, "hears: {rov_unknown: no}", "rov_unknown: false"},
	{&policy, "hears: {not_registered: no}", "not_registered: false"},
	{&policy, "hears: {aspa_invalid: no}", "aspa_invalid: false"},
	{&rules, "longer: true", NULL},
	{&rules, "roas_are_routes: false", NULL},
	{&rules, "whois_is_routes: false", NULL},
	{&rules, "allow_routes: [{prefix: 9.0.0.0/8+, origin: 64999}, {prefix: 10.0.0.0/8}]",
	 "allow_routes:\n      - prefix: 9.0.0.0/8+\n        origin: 64999\n      - prefix: "
	 "10.0.0.0/8\n"},
	{&rules, "allow_origins: 64999 1-9", "allow_origins: [64999, 1-9]"},
	{&rules, "allow_prefixes: 9.0.0.0/8+ 10.0.0.0/8",
	 "allow_prefixes: [9.0.0.0/8+, 10.0.0.0/8]"},
	{&holes, "receive: false", NULL},
	{&holes, "ipv4_min: 32", NULL},
	{&holes, "ipv6_min: 128", NULL},
	{&flows, "announce: true", NULL},
	{&flows, "receive: false", NULL},
	{&flows, "with_route: false", NULL},
	{&flows, "ipv4_min: 32", NULL},
	{&flows, "ipv6_min: 64", NULL},
	{&flows, "max_rules: 7", NULL},
	{&flows, "actions: [drop, redirect]", NULL},
	{&flows, "matches: [protocol, destination-port]", NULL},
	{&session, "flowspec: true", NULL},
	{&communities, "profile: ixp-manager", NULL},
	{&communities, "pass_unknown_hub: true", NULL},
	{&communities, "tell_members: true", NULL},
	{&communities, "pass_graceful_shutdown: true", NULL},
	{&communities, "profile: de-cix, tell_members: no", "profile: de-cix\n"},
	{&communities, "profile: de-cix, tell_members: no", "tell_members: false"},
	{&communities, "profile: arouteserver", "tell_members: true"},
	{&community, "action: prepend-to, pattern: '65001:peer', prepend: 1",
	 "- action: prepend-to\n      pattern: \"65001:P\"\n      prepend: 1\n"},
	{&community, "action: announce-slower, pattern: 'RS:20:7', ms: 30", "ms: 30"},
	{&community, "action: tell-rpki, pattern: 'RS:1000:P', heard_by: collectors",
	 "heard_by: collectors"},
	{&community, "action: tell-reason, pattern: 'rt:65520:p', codes: arouteserver",
	 "codes: arouteserver"},
	{&community, "action: tell-rpki, pattern: 'generic:0x43000000:p', codes: rfc8097",
	 "pattern: \"generic:1124073472:P\""},
	{&community, "action: tell-irr, pattern: '64501:65011', value: 1", "value: 1"},
	{&blackhole, "ipv4: 192.0.2.66", NULL},
	{&blackhole, "ipv6: '2001:db8::66'", "ipv6: \"2001:db8::66\""},
	{&blackhole, "no_export: false", NULL},
	{&blackhole, "by_next_hop: false", NULL},
	{&rpki, "version_max: 0", NULL},
	{&validation, "vrp_files: [a/b.json, c d]", "vrp_files: [a/b.json, \"c d\"]"},
	{&validation, "slurm_files: x", "slurm_files: [x]"},
	{&validation, "expire_s: 3600", NULL},
	{&irr, "enabled: no", "enabled: false"},
	{&irr, "host: 192.0.2.43", NULL},
	{&irr, "port: 4343", NULL},
	{&irr, "sources: 'RIPE,APNIC,ARIN-WHOIS'", "sources: \"RIPE,APNIC,ARIN-WHOIS\""},
	{&irr, "bgpq4: /opt/bgpq4", "bgpq4: \"/opt/bgpq4\""},
	{&irr, "refresh_s: 60", NULL},
	{&irr, "timeout_s: 1", NULL},
	{&irr, "shrink_percent: 100", NULL},
	{&irr, "at_once: 64", NULL},
	{&irr, "prefixes_max: 1", NULL},
	{&peeringdb, "source: https://www.peeringdb.com/api",
	 "source: \"https://www.peeringdb.com/api\""},
	{&peeringdb, "source: var/peeringdb", NULL},
	{&irr, "arin: https://whois.example/arin.json.bz2",
	 "arin: \"https://whois.example/arin.json.bz2\""},
	{&irr, "registro_br: var/nicbr.txt", NULL},
	{&peeringdb, "key: abc", NULL},
	{&peeringdb, "refresh_s: 3600", NULL},
	{&station, "port: 1790", NULL},
	{&station, "pre_policy: no", "pre_policy: false"},
	{&station, "post_policy: yes", "post_policy: true"},
	{&station, "out_pre_policy: yes", "out_pre_policy: true"},
	{&station, "out_post_policy: yes", "out_post_policy: true"},
	{&station, "loc_rib: yes", "loc_rib: true"},
	{&station, "statistics_s: 0", NULL},
	{&dumps, "directory: mrt", NULL},
	{&dumps, "table_every_s: 0", NULL},
	{&dumps, "updates_every_s: 60", NULL},
	{&dumps, "keep_days: 0", NULL},
	{&dumps, "compress: no", "compress: false"},
	{&member, "as_set: AS64512", NULL},
	{&member, "as_set: 'RIPE::AS64512:AS-X_1'", "as_set: \"RIPE::AS64512:AS-X_1\""},
	{&member, "as_sets_ipv4: AS-A as-b", "as_sets_ipv4: [AS-A, as-b]"},
	{&member, "as_sets_ipv6: ['ARIN-WHOIS::AS-A']", "as_sets_ipv6: [\"ARIN-WHOIS::AS-A\"]"},
	{&member, "announce: [{peer: N, prefix: 9.0.0.0/8, action: prepend}]",
	 "announce:\n      - peer: 64513\n        prefix: 9.0.0.0/8\n        action: prepend\n"
	 "        prepend: 1\n"},
	{&member, "receive: [{action: accept, peer: AS64513}, {action: deny}]",
	 "receive:\n      - peer: 64513\n        action: accept\n        prepend: 0\n      - peer: "
	 "any\n"
	 "        action: deny\n        prepend: 0\n"},
	{&session, "tcp_ao: abc", NULL},
	{&session, "tcp_ao_id: 255", NULL},
	{&session, "ttl_security: 1", NULL},
	{&session, "max_prefixes_action: block", NULL},
	{&session, "max_prefixes_restart_s: 60", NULL},
	{&session, "max_prefixes_warn_percent: 0", NULL},
	{&session, "max_prefixes_count_refused: no", "max_prefixes_count_refused: false"},
	{&session, "max_prefixes_peeringdb: yes", "max_prefixes_peeringdb: true"},
	{&session, "graceful_restart: no", "graceful_restart: false"},
	{&session, "restart_time_s: 4095", NULL},
	{&session, "stale_time_s: 16777215", NULL},
	{&session, "max_prefixes_out_ipv4: 40000", NULL},
	{&session, "fabric: yes", "fabric: true"},
	{&community, "action: fabric, pattern: 'RS:21:P'", "action: fabric"},
	{&session, "max_prefixes_out_ipv6: 20000", NULL},
	{&session, "add_path: send, add_path_paths: equal, add_path_more: 2",
	 "add_path_paths: equal\n        add_path_more: 2"},
	{&session, "add_path: send, add_path_paths: best", "add_path_paths: best"},
	{&session, "add_path: both, add_path_max: 4", "add_path_max: 4"},
	{&session, "extended_next_hop: no", "extended_next_hop: false"},
	{&session, "extended_messages: no", "extended_messages: false"},
	{&session, "enhanced_refresh: no", "enhanced_refresh: false"},
	{&session, "collector: yes", "collector: true"},
	{&session, "prepend_hub_as: yes", "prepend_hub_as: true"},
	{&session, "bfd: yes", "bfd: true"},
	{&session, "bfd_transmit_ms: 10", NULL},
	{&session, "bfd_receive_ms: 60000", NULL},
	{&session, "bfd_multiplier: 1", NULL},
	{&session, "rtt_ms: 12", NULL},
};

static void
items(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *expected = good[i].written ? good[i].written : good[i].item;
		char *text = placed(good[i].place, good[i].item), *said, *once = NULL,
		     *twice = NULL;
		struct hub *hub = read_text(text, &said);
		is_str(said, "", good[i].item);
		free(said);
		if (hub)
			once = memory_written(hub);
		if (!ok(once && strstr(once, expected), "%s: is written", good[i].item))
			printf("# expected: %s\n", expected);
		struct hub *again = once ? read_text(once, &said) : NULL;
		if (again) {
			is_str(said, "", "reads back without complaint");
			free(said);
			twice = memory_written(again);
		}
		ok(twice && strcmp(once, twice) == 0, "%s: reads back to the same text",
		   good[i].item);
		hub_free(hub);
		hub_free(again);
		free(text);
		free(once);
		free(twice);
	}
}

/* What the hub's policy says holds for a member that says something else; and a member may say it
 * for itself. */
static void
inheritance(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct place *p = good[i].place;
		if (p != &policy && p != &rules && p != &holes && p != &flows)
			continue;
		const char *open = p == &rules   ? "irr: {"
				   : p == &holes ? "blackhole: {"
				   : p == &flows ? "flowspec: {"
						 : "";
		const char *close = *open ? "}" : "";
		char *text, *said;
		if (asprintf(&text,
			     HUB
			     "policy: {%s%s%s}\nmembers: [{asn: 1, name: M, kind: cloud, policy: "
			     "{as_path_max: 7}}]\n",
			     open, good[i].item, close) < 0)
			abort();
		struct hub *hub = read_text(text, &said);
		struct hub_policy of_member = hub ? hub->members[0].policy : (struct hub_policy){0};
		of_member.as_path_max = 32;
		ok(hub && memcmp(&of_member, &hub->policy, sizeof(of_member)) == 0,
		   "%s: a member inherits it", good[i].item);
		hub_free(hub);
		free(said);
		free(text);
		if (asprintf(&text,
			     HUB "members: [{asn: 1, name: M, kind: cloud, policy: {%s%s%s}}]\n",
			     open, good[i].item, close) < 0)
			abort();
		hub = read_text(text, &said);
		char *written = hub ? memory_written(hub) : NULL;
		const char *members = written ? strstr(written, "\nmembers:") : NULL;
		/* Of a table in a mapping the indentation is another. */
		size_t word = strcspn(good[i].item, ":");
		char *key = strndup(good[i].item, word + 1);
		ok(members && strstr(members, key) && hub &&
			   memcmp(&hub->members[0].policy, &hub->policy, sizeof(hub->policy)) != 0,
		   "%s: a member has its own", good[i].item);
		free(said);
		struct hub *again = read_text(written ? written : "", &said);
		char *twice = again ? memory_written(again) : NULL;
		ok(twice && strcmp(written, twice) == 0, "%s: and keeps it", good[i].item);
		hub_free(hub);
		hub_free(again);
		free(key);
		free(text);
		free(written);
		free(twice);
		free(said);
	}
}

static void
lists(void)
{
	char *said;
	struct hub *hub = read_text(
		HUB "policy: {never_via_asns: 1, irr: {allow_origins: 2, allow_routes: [{prefix: "
		    "9.0.0.0/8, origin: 3}]}, transit_free_asns: 174, next_hop: list, next_hops: "
		    "192.0.2.8}\n"
		    "members: [{asn: 1, name: M, kind: cloud, policy: {never_via_asns: 4, irr: "
		    "{allow_origins: 5, allow_routes: [{prefix: 10.0.0.0/8+, origin: 6}]}, "
		    "transit_free_asns: 701, next_hops: 192.0.2.9}}]\n",
		&said);
	is_str(said, "", "lists of a hub and a member are read");
	free(said);
	if (!hub)
		return;
	const struct hub_policy *p = &hub->members[0].policy;
	ok(p->never_via_asn_count == 2 && p->never_via_asns[0].first == 1 &&
		   p->never_via_asns[1].first == 4,
	   "networks never behind a route server are added to the hub's");
	ok(p->irr.allow_origin_count == 2 && p->irr.allow_origins[1].first == 5,
	   "so are origins of the white list");
	ok(p->irr.allow_route_count == 2 && p->irr.allow_routes[0].origin.number == 3 &&
		   p->irr.allow_routes[1].origin.number == 6 &&
		   p->irr.allow_routes[1].prefix.max_length == 32,
	   "and its routes");
	ok(p->transit_free_asn_count == 1 && p->transit_free_asns[0].first == 701,
	   "transit-free networks replace the hub's");
	ok(p->next_hop_count == 1 && p->next_hops[0].octets[3] == 9, "so do next hops");
	ok(hub->policy.irr.allow_route_count == 1, "and the hub's own lists stay");
	hub_free(hub);
}

/* The numbers that a route server has if nobody says anything. */
static void
defaults(void)
{
	char *text = placed(&session, ""), *said;
	struct hub *hub = read_text(text, &said);
	is_str(said, "", "a hub that says nothing of all this is read");
	free(said);
	free(text);
	if (!hub)
		return;
	const struct hub_policy *p = &hub->policy;
	const struct hub_session *s = &hub->sessions[0];
	ok(p->refusal == HUB_REFUSE && p->next_hop == HUB_NEXT_HOP_STRICT, "routes are refused");
	ok(p->transit_free_asn_count == 14 && p->transit_free_asns[0].first == 174 &&
		   p->transit_free_asns[13].last == 12956,
	   "14 networks are transit-free");
	ok(p->never_via_route_servers && p->communities_max == 0 && p->role == HUB_ROLE_ON &&
		   p->graceful_shutdown,
	   "PeeringDB's word counts, communities have a limit, roles and GRACEFUL_SHUTDOWN are on");
	ok(p->rov == HUB_CHECK_OFF && p->aspa == HUB_CHECK_TAG && !p->rov_unknown,
	   "without caches no origin is validated");
	ok(p->irr.origin == HUB_CHECK_OFF && p->irr.prefix == HUB_CHECK_OFF && !p->irr.longer &&
		   p->irr.roas_are_routes && !hub->irr.enabled,
	   "without a registry nothing is checked against it");
	ok(!p->blackhole.announce && p->blackhole.receive && p->blackhole.ipv4_min == 24 &&
		   p->blackhole.ipv6_min == 48,
	   "blackholes are heard, but nobody may ask for them");
	ok(!p->flowspec.announce && p->flowspec.receive && p->flowspec.with_route &&
		   p->flowspec.max_rules == 100 && p->flowspec.action_count == 4 &&
		   p->flowspec.match_count == 12,
	   "nobody may say rules about traffic; what they might ask for is to drop and to limit");
	ok(hub->blackhole.ipv4.family == IP_NONE && hub->blackhole.no_export &&
		   hub->blackhole.by_next_hop,
	   "they keep their next hop and get NO_EXPORT");
	size_t count;
	hub_communities_in_force(hub, &count);
	ok(hub->communities.profile == HUB_PROFILE_EURO_IX && count > 40 &&
		   !hub->communities.tell_members && !hub->communities.pass_unknown_hub,
	   "communities are those of Euro-IX");
	ok(s->max_prefixes_action == HUB_MAX_PREFIXES_RESTART && s->max_prefixes_restart_s == 900 &&
		   s->max_prefixes_warn_percent == 80 && s->max_prefixes_count_refused &&
		   !s->max_prefixes_peeringdb,
	   "a session with too many prefixes comes back after a quarter of an hour");
	ok(s->graceful_restart && s->restart_time_s == 120 && s->stale_time_s == 0,
	   "restarts are graceful, not long-lived");
	ok(s->extended_next_hop && s->extended_messages && s->enhanced_refresh &&
		   s->add_path == HUB_ADD_PATH_OFF && s->add_path_max == 0,
	   "extensions are offered, ADD-PATH is not");
	ok(!s->bfd && s->bfd_transmit_ms == 300 && s->bfd_receive_ms == 300 &&
		   s->bfd_multiplier == 3 && s->ttl_security == 0 && !s->collector &&
		   !s->prepend_hub_as && s->rtt_ms == 0 && !s->tcp_ao && s->tcp_ao_id == 1,
	   "the rest is off");
	ok(hub->memory_max_mb == 4096 && !hub->graceful_shutdown && !hub->dumps.directory &&
		   !hub->peeringdb.source && !hub->station_count,
	   "nothing is dumped, read or told");
	hub_free(hub);
}

/* Defaults that depend on what else there is. */
static void
worked_out(void)
{
	static const struct {
		const char *name, *text;
		enum hub_weight rov, irr;
		bool peeringdb;
	} cases[] = {
		{"a cache validates", "rpki: [{name: c, host: h}]\n", HUB_CHECK_REFUSE,
		 HUB_CHECK_OFF, false},
		{"so does a file", "validation: {vrp_files: v.json}\n", HUB_CHECK_REFUSE,
		 HUB_CHECK_OFF, false},
		{"exceptions alone do not", "validation: {slurm_files: v.json}\n", HUB_CHECK_OFF,
		 HUB_CHECK_OFF, false},
		{"a registry checks", "irr: {port: 43}\n", HUB_CHECK_OFF, HUB_CHECK_REFUSE, false},
		{"one that is off does not", "irr: {enabled: no}\n", HUB_CHECK_OFF, HUB_CHECK_OFF,
		 false},
		{"PeeringDB limits", "peeringdb: {source: p}\n", HUB_CHECK_OFF, HUB_CHECK_OFF,
		 true},
		{"what is written holds",
		 "rpki: [{name: c, host: h}]\nirr: {port: 43}\n"
		 "policy: {rov: off, irr: {origin: off, prefix: off}}\n",
		 HUB_CHECK_OFF, HUB_CHECK_OFF, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text, *said;
		if (asprintf(&text,
			     HUB "%smembers: [{asn: 1, name: M, kind: cloud, ports: [{" PORT
				 "}], sessions: [{id: s}]}]\n",
			     cases[i].text) < 0)
			abort();
		struct hub *hub = read_text(text, &said);
		const struct hub_policy *p = hub ? &hub->members[0].policy : NULL;
		ok(hub && !*said && p->rov == cases[i].rov && p->irr.origin == cases[i].irr &&
			   p->irr.prefix == cases[i].irr &&
			   hub->sessions[0].max_prefixes_peeringdb == cases[i].peeringdb,
		   "%s", cases[i].name);
		hub_free(hub);
		free(said);
		free(text);
	}
	char *said;
	struct hub *hub = read_text(HUB "peeringdb: {source: p}\n"
					"members: [{asn: 1, name: M, kind: cloud, ports: [{" PORT
					"}], sessions: [{max_prefixes_ipv6: 5}]}]\n",
				    &said);
	ok(hub && !hub->sessions[0].max_prefixes_peeringdb, "a limit of its own does not ask it");
	hub_free(hub);
	free(said);
}

static const struct {
	const char *name;
	const struct place *place;
	const char *item, *expected;
} bad[] = {
	{"a list of next hops that is empty", &policy, "next_hop: list",
	 "a:4:20: next_hop: found list, and next_hops names none\n"},
	{"next hops that nobody looks at", &policy, "next_hops: 192.0.2.9",
	 "a:4:21: warning: next_hops: says nothing unless next_hop is list\n"},
	{"a way of refusing that is none", &policy, "refusal: reject",
	 "a:4:19: refusal: found \"reject\", expected refuse, tag or tag-and-refuse\n"},
	{"more communities than there can be", &policy, "communities_max: 65536",
	 "a:4:27: communities_max: found \"65536\", expected a whole number from 0 to 65535\n"},
	{"validation without data", &policy, "rov: refuse",
	 "a:4:15: warning: rov: nothing is checked, since there are no rpki caches and no "
	 "validation.vrp_files\n"},
	{"unknown origins without validation", &policy, "rov_unknown: yes",
	 "a:4:23: warning: rov_unknown: says nothing, since rov is off\n"},
	{"a weight that is none", &policy, "aspa: drop",
	 "a:4:16: aspa: found \"drop\", expected off, tag or refuse\n"},
	{"a registry that is not asked", &rules, "prefix: tag",
	 "a:4:24: warning: prefix: nothing is checked, since the hub's irr is not enabled\n"},
	{"a white route without a prefix", &rules, "allow_routes: [{origin: 1}]",
	 "a:4:31: \"prefix\" is missing from this route\n"},
	{"a white route of a reserved origin", &rules,
	 "allow_routes: [{prefix: 9.0.0.0/8, origin: 0}]",
	 "a:4:59: origin: found 0, a reserved number that names no network\n"},
	{"an item that a table does not have", &rules, "origins: tag",
	 "a:4:16: found \"origins\", which is no item of a set of IRR rules; did you mean "
	 "\"origin\"?\n"},
	{"blackholes of anybody's addresses", &holes, "announce: yes",
	 "a:4:32: warning: announce: members could blackhole anybody's addresses, since neither "
	 "irr.prefix nor rov is refuse\n"},
	{"a blackhole longer than a host", &holes, "ipv4_min: 33",
	 "a:4:32: ipv4_min: found \"33\", expected a whole number from 0 to 32\n"},
	{"rules about anybody's traffic", &flows, "announce: yes, with_route: no",
	 "a:4:48: with_route: members could have anybody's traffic dropped, since neither "
	 "irr.prefix "
	 "nor rov is refuse\n"},
	{"rules wider than routes", &flows, "announce: yes, ipv4_min: 20",
	 "a:4:46: warning: ipv4_min: a rule about a /20 could concern longer routes of others, up "
	 "to "
	 "the policy's ipv4_max, /24\n"},
	{"an action that is none", &flows, "actions: [drop, discard]",
	 "a:4:37: actions: found \"discard\", expected accept, drop, limit, limit-packets, sample, "
	 "mark or redirect\n"},
	{"a profile that is none", &communities, "profile: decix",
	 "a:4:24: profile: found \"decix\"; did you mean \"de-cix\"?\n"},
	{"a pattern that is none", &community, "action: blackhole, pattern: '65536:666'",
	 "a:4:50: pattern: found \"65536:666\", expected a community such as 0:P, rt:0:P, RS:1:P "
	 "or "
	 "65535:666\n"},
	{"an action that is none", &community, "action: announce, pattern: '1:1'",
	 "a:4:30: action: found \"announce\", expected do-not-announce-to-any, announce-to-any, "
	 "prepend-to-any, no-export-to-any, no-advertise-to-any, blackhole, do-not-announce-to, "
	 "announce-to, prepend-to, no-prepend-to, no-export-to, no-advertise-to, "
	 "do-not-announce-slower, do-not-announce-faster, announce-slower, announce-faster, "
	 "prepend-slower, prepend-faster, do-not-announce-site, announce-site, "
	 "do-not-announce-metro, announce-metro, do-not-announce-country, announce-country, "
	 "do-not-announce-continent, announce-continent, tell-reason, tell-refused, "
	 "tell-announcer, "
	 "tell-rpki, tell-irr, tell-site, tell-metro, tell-country, tell-continent, internal or "
	 "fabric\n"},
	{"a peer that is not named", &community, "action: announce-to, pattern: '7:1'",
	 "a:4:52: pattern: found \"7:1\", which has no P to say whom or what it is about\n"},
	{"a peer that is not wanted", &community, "action: blackhole, pattern: '7:P'",
	 "a:4:50: pattern: found \"7:P\", which has a P, and this action is about nothing in "
	 "particular\n"},
	{"a time that is not given", &community, "action: announce-slower, pattern: '7:1'",
	 "a:4:56: pattern: found \"7:1\", and ms is 0; one of them, P or ms, must give the time\n"},
	{"a time that is given twice", &community, "action: announce-slower, pattern: '7:P', ms: 5",
	 "a:4:56: pattern: found \"7:P\", and ms is 5; one of them, P or ms, must give the time\n"},
	{"a time for nothing", &community, "action: blackhole, pattern: '7:1', ms: 5",
	 "a:4:61: ms: found 5, and the action is not about round-trip times\n"},
	{"a prepend without a number", &community, "action: prepend-to, pattern: '7:P'",
	 "a:4:21: prepend: found 0, expected 1 to 3: the action prepends\n"},
	{"four prepends", &community, "action: prepend-to, pattern: '7:P', prepend: 4",
	 "a:4:67: prepend: found \"4\", expected a whole number from 0 to 3\n"},
	{"a number for what does not prepend", &community,
	 "action: blackhole, pattern: '7:1', prepend: 1",
	 "a:4:66: prepend: found 1, and the action does not prepend\n"},
	{"codes for what tells nothing", &community,
	 "action: blackhole, pattern: '7:1', codes: arouteserver",
	 "a:4:64: codes: only tell-reason, tell-rpki and tell-irr have them\n"},
	{"codes for what they have no numbers for", &community,
	 "action: tell-irr, pattern: '7:P', codes: rfc8097",
	 "a:4:63: codes: found rfc8097, which has numbers for tell-rpki alone\n"},
	{"a value beside a P", &community, "action: tell-irr, pattern: '7:P', value: 1",
	 "a:4:63: value: found 1, and the pattern \"7:P\" has a P for it\n"},
	{"neither a P nor a value", &community, "action: tell-irr, pattern: '7:1'",
	 "a:4:49: pattern: found \"7:1\", and value is missing; one of them, P or value, must say "
	 "what is told\n"},
	{"a value for what has none", &community, "action: blackhole, pattern: '7:1', value: 1",
	 "a:4:64: value: found 1, and only tell-reason, tell-rpki and tell-irr have it\n"},
	{"a hub's community with a P", &policy, "attach: 64501:P",
	 "a:4:18: attach: found \"64501:P\", expected a community such as 64500:100, rt:64500:7 or "
	 "RS:100:1\n"},
	{"a hub's community that is well known", &policy, "attach: 65535:65281",
	 "a:4:18: attach: found \"65535:65281\", which is well known and not the hub's\n"},
	{"a hub's community that members ask with", &policy, "attach: '0:64501'",
	 "a:4:18: attach: found \"0:64501\", with which members ask for do-not-announce-to\n"},
	{"an alias that is somebody's number", &member, "alias_asn: 64513",
	 "a:5:57: alias_asn: found 64513, which is the AS number of N\n"},
	{"an alias that is the hub's number", &member, "alias_asn: 64500",
	 "a:5:57: alias_asn: found 64500, which is the AS number of the hub\n"},
	{"one alias of two", &member,
	 "alias_asn: 64600}, {asn: 4200000, name: O, kind: cloud, "
	 "alias_asn: 64600",
	 "a:5:113: alias_asn: found 64600 twice, first at a:5:57\n"},
	{"hearers of what nobody says", &community,
	 "action: announce-to, pattern: 'RS:7:P', heard_by: members",
	 "a:4:72: heard_by: only tell-... are heard; the action is announce-to\n"},
	{"one pattern for two actions", &community,
	 "action: announce-to, pattern: '7:P'}, {action: no-export-to, pattern: '7:p'",
	 "a:4:92: pattern: found \"7:P\" twice; it means announce-to already\n"},
	{"a pattern that means something in the profile", &community,
	 "action: announce-to, pattern: '0:P'",
	 "a:4:52: pattern: found \"0:P\", which means do-not-announce-to in the profile; a pattern "
	 "of your own for that, or profile: none, would free it\n"},
	{"a next hop of the wrong family", &blackhole, "ipv6: 192.0.2.66",
	 "a:4:19: ipv6: found \"192.0.2.66\", expected an IPv6 address such as 2001:db8::1\n"},
	{"a version that is to come", &rpki, "version_max: 3",
	 "a:4:51: version_max: found \"3\", expected a whole number from 0 to 2\n"},
	{"a host that is an option", &irr, "host: -h",
	 "a:4:13: host: found \"-h\", expected an address or the name of a machine, 1 to 253 "
	 "octets\n"},
	{"a host with a port", &irr, "host: 'rr.ntt.net:43'",
	 "a:4:13: host: found \"rr.ntt.net:43\", expected an address or the name of a machine, 1 "
	 "to 253 octets\n"},
	{"sources that are an option", &irr, "sources: -A",
	 "a:4:16: sources: found \"-A\", expected names with commas between them, such as "
	 "RIPE,APNIC,RADB\n"},
	{"sources with a space", &irr, "sources: RIPE RADB",
	 "a:4:16: sources: found \"RIPE RADB\", expected names with commas between them, such as "
	 "RIPE,APNIC,RADB\n"},
	{"a URL that is not read", &peeringdb, "source: ftp://x",
	 "a:4:21: source: found \"ftp://x\", expected a URL with http or https, or a path\n"},
	{"a key in the clear", &peeringdb, "source: http://x, key: k",
	 "a:4:21: warning: source: the key goes over the network in the clear; https would keep "
	 "it\n"},
	{"two stations of one name", &station, "port: 1}, {name: s, host: x",
	 "a:4:56: name: found s twice, first at a:4:19\n"},
	{"tables without end", &dumps, "table_every_s: 5",
	 "a:4:24: table_every_s: found 5, expected 0, or 60 and more\n"},
	{"a number of two sites", &site, "number: 7",
	 "a:4:41: number: found 7 twice, first at a:3:28\n"},
	{"a region in two countries", &site, "metro: 3}\n- {id: C, name: C, country: IN, metro: 3",
	 "a:5:40: warning: metro: found 3, which site A has in another country\n"},
	{"an AS-SET that is an option", &member, "as_set: -AS-X",
	 "a:5:54: as_set: found \"-AS-X\", expected an AS-SET or AS number such as AS-EXAMPLE, "
	 "AS64500:AS-EXAMPLE or RIPE::AS-EXAMPLE, 1 to 127 octets\n"},
	{"an AS-SET without a name", &member, "as_set: 'RIPE::'",
	 "a:5:54: as_set: found \"RIPE::\", expected an AS-SET or AS number such as AS-EXAMPLE, "
	 "AS64500:AS-EXAMPLE or RIPE::AS-EXAMPLE, 1 to 127 octets\n"},
	{"a list of AS-SETs with a bad one", &member, "as_sets_ipv6: AS-A ;EXAMPLE;",
	 "a:5:60: as_sets_ipv6: found \"EXAMPLE\", expected an AS-SET or AS number such as "
	 "AS-EXAMPLE, AS64500:AS-EXAMPLE or RIPE::AS-EXAMPLE, 1 to 127 octets\n"},
	{"a rule without an action", &member, "receive: [{peer: any}]",
	 "a:5:56: \"action\" is missing from this rule\n"},
	{"a rule about nobody, near a member", &member, "receive: [{peer: MM, action: deny}]",
	 "a:5:63: peer: found \"MM\", which is no member; did you mean \"M\"?\n"},
	{"a rule about a number that is no member's", &member,
	 "receive: [{peer: 64999, action: deny}]",
	 "a:5:63: warning: peer: found 64999, which is no member's AS number\n"},
	{"a rule with too many prepends", &member, "announce: [{action: prepend, prepend: 4}]",
	 "a:5:84: prepend: found \"4\", expected a whole number from 0 to 3\n"},
	{"a rule that prepends nothing", &member, "announce: [{action: prepend, prepend: 0}]",
	 "a:5:84: prepend: found 0, expected 1 to 3\n"},
	{"a rule that prepends and does not", &member, "announce: [{action: deny, prepend: 1}]",
	 "a:5:81: prepend: found 1, and action is not prepend\n"},
	{"two signatures", &session, "md5: a, tcp_ao: b",
	 "a:6:92: tcp_ao: the session has md5, too; a connection has one of them\n"},
	{"a TTL that is none", &session, "ttl_security: 255",
	 "a:6:90: ttl_security: found \"255\", expected a whole number from 0 to 254\n"},
	{"a percentage above all", &session, "max_prefixes_warn_percent: 101",
	 "a:6:103: max_prefixes_warn_percent: found \"101\", expected a whole number from 0 to "
	 "100\n"},
	{"long-lived without graceful", &session, "graceful_restart: no, stale_time_s: 1",
	 "a:6:112: stale_time_s: needs graceful_restart, which is no\n"},
	{"a restart time beyond twelve bits", &session, "restart_time_s: 4096",
	 "a:6:92: restart_time_s: found \"4096\", expected a whole number from 1 to 4095\n"},
	{"a limit of paths that are not sent", &session, "add_path: receive, add_path_max: 2",
	 "a:6:109: add_path_max: nothing is limited, since add_path does not send\n"},
	{"a check that has a weight of its own", &policy, "tag_only: [rov]",
	 "a:4:21: tag_only: found \"rov\", expected next-hop, path-length, first-as, as-set, "
	 "bogon-asns, transit-free, never-via, global-unicast, own-lans, martians, blocked, "
	 "length, "
	 "communities or rov-unknown\n"},
	{"a collector that drops traffic", &session, "collector: yes, fabric: yes",
	 "a:6:100: fabric: the session is a collector, which hears refused routes alone\n"},
	{"a dump by a way that is none", &irr, "registro_br: 'ftp://x'",
	 "a:4:20: registro_br: found \"ftp://x\", expected a URL with http or https, or a path\n"},
	{"a choice of paths that are not sent", &session, "add_path_paths: best",
	 "a:6:92: add_path_paths: nothing is chosen, since add_path does not send\n"},
	{"more paths than all", &session, "add_path: send, add_path_more: 2",
	 "a:6:107: add_path_more: there are no more than all; add_path_paths: best would leave "
	 "some\n"},
	{"BFD faster than anything", &session, "bfd_receive_ms: 1",
	 "a:6:92: bfd_receive_ms: found \"1\", expected a whole number from 10 to 60000\n"},
	{"BFD slower than anything", &session, "bfd: yes, bfd_multiplier: 201",
	 "a:6:102: bfd_multiplier: 60300 ms would pass before BFD sees anything, expected 60000 "
	 "at most\n"},
};

static void
complaints(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = placed(bad[i].place, bad[i].item), *said;
		struct hub *hub = read_text(text, &said);
		is_str(said, bad[i].expected, bad[i].name);
		bool warned = strstr(bad[i].expected, "warning: ") != NULL;
		ok((hub != NULL) == warned, "%s: %s", bad[i].name,
		   warned ? "is read all the same" : "is refused");
		hub_free(hub);
		free(said);
		free(text);
	}
}

static void
others(void)
{
	static const struct {
		const char *name, *text, *expected;
	} cases[] = {
		{"a blackhole's next hop that is a member's",
		 HUB "blackhole: {ipv4: 192.0.2.2}\npolicy: {allow_asns: 64512}\nmembers: [{asn: "
		     "64512, "
		     "name: M, kind: cloud, ports: [{" PORT "}]}]\n",
		 "a:4:19: ipv4: found 192.0.2.2, which is that of port 64512-1\n"},
		{"a hub's long AS number where there is no room",
		 "hub: {name: H, asn: 140307, router_id: 192.0.2.1}\n"
		 "communities: {own: [{action: announce-to, pattern: 'RS:P'}]}\n",
		 "a:2:52: pattern: found \"RS:P\", and the hub's AS number, 140307, does not fit "
		 "there; a large community has room for it\n"},
		{"IPv4 routes where there are no next hops for them",
		 HUB "members: [{asn: 1, name: M, kind: cloud, ports: [{speed: 1G, ipv6: "
		     "'2001:db8::2'}],\n  sessions: [{families: ipv4, extended_next_hop: no}]}]\n",
		 "a:5:25: families: ipv4 needs next hops; port 1-1 has no ipv4, and "
		 "extended_next_hop is no\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct hub *hub = read_text(cases[i].text, &said);
		is_str(said, cases[i].expected, cases[i].name);
		ok(!hub, "%s: is refused", cases[i].name);
		hub_free(hub);
		free(said);
	}
}

/* Names of members that stand further down are found, and keep their order. */
static void
peers(void)
{
	char *said;
	struct hub *hub = read_text(
		HUB
		"members:\n- {asn: 1, name: One, kind: cloud, announce: [{peer: Two, action: "
		"deny}, "
		"{peer: any, prefix: '2a00::/12', action: prepend, prepend: 3}]}\n"
		"- {asn: 2, name: Two, short_name: T, kind: cloud, receive: [{peer: One, action: "
		"accept}, {peer: AS1, action: deny}, {peer: T, action: deny}]}\n",
		&said);
	is_str(said, "", "rules about members are read");
	free(said);
	if (!hub)
		return;
	const struct hub_member_rule *a = hub->members[0].announce, *b = hub->members[1].receive;
	ok(hub->members[0].announce_count == 2 && a[0].peer.number == 2 &&
		   a[0].action == HUB_RULE_DENY && a[0].prefix.ip.family == IP_NONE,
	   "a member further down is found by its name");
	ok(a[1].peer.number == 0 && a[1].prefix.length == 12 && a[1].prepend == 3, "any is nobody");
	ok(b[0].peer.number == 1 && b[1].peer.number == 1 && b[2].peer.number == 2,
	   "one further up by name or number, and by its short name");
	hub_free(hub);
}

int
main(void)
{
	items();
	inheritance();
	lists();
	defaults();
	worked_out();
	complaints();
	others();
	peers();
	return done_testing();
}
