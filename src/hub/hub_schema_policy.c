/* The rows of what is checked, and of what members' communities mean. */
#include <assert.h>

#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_community.h"
#include "hub/hub_policy.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const char *const next_hop_words[] = {"strict", "same-as", "list", NULL};
static const char *const refusal_words[] = {"refuse", "tag", "tag-and-refuse", NULL};
static const char *const weight_words[] = {"off", "tag", "refuse", NULL};
static const char *const role_words[] = {"off", "on", "strict", NULL};
/* By enum hub_taggable. */
static const char *const tag_only_words[] = {
	"next-hop",     "path-length", "first-as",       "as-set",      "bogon-asns",
	"transit-free", "never-via",   "global-unicast", "own-lans",    "martians",
	"blocked",      "length",      "communities",    "rov-unknown", NULL,
};
static_assert(sizeof(tag_only_words) / sizeof(tag_only_words[0]) == HUB_TAGGABLE + 1,
	      "a word for each");
static const char *const well_known_words[] = {"pass", "obey", NULL};

/* AS numbers that are never seen in public: reserved, private, for documentation, AS_TRANS. RFC
 * 7607, 6793, 5398, 6996, 7300; IANA registry of special-purpose AS numbers. */
#define BOGON_ASNS "0 23456 64496-131071 4200000000-4294967295"
/* IANA special-purpose address registries; 6to4 more specifics (RFC 3056 section 5.2), 6bone (RFC
 * 3701), multicast and class E; the default routes themselves. */
#define MARTIANS                                                                                   \
	"0.0.0.0/0 0.0.0.0/8+ 10.0.0.0/8+ 100.64.0.0/10+ 127.0.0.0/8+ 169.254.0.0/16+ "            \
	"172.16.0.0/12+ 192.0.0.0/24+ 192.0.2.0/24+ 192.168.0.0/16+ 198.18.0.0/15+ "               \
	"198.51.100.0/24+ 203.0.113.0/24+ 224.0.0.0/4+ 240.0.0.0/4+ "                              \
	"::/0 ::/8+ 64:ff9b:1::/48+ 100::/64+ 2001:2::/48+ 2001:10::/28+ 2001:db8::/32+ "          \
	"2002::/16{17,128} 3ffe::/16+ 3fff::/20+ 5f00::/16+ fc00::/7+ fe80::/10+ fec0::/10+ "      \
	"ff00::/8+"

/* As practised by exchanges that run arouteserver, among others. */
#define TRANSIT_FREE_ASNS "174 701 1299 2914 3257 3320 3356 5511 6453 6461 6762 6830 7018 12956"

/* A route object of a white list. */
static const struct hub_item route_rows[] = {
	{"prefix", HUB_TYPE_PREFIX_RULE, .required = true, FIELD(hub_route_object, prefix),
	 .help = "The prefix."},
	{"origin", HUB_TYPE_ASN, FIELD(hub_route_object, origin), .fallback_help = "any",
	 .help = "Its origin AS."},
};

static const struct hub_table route_table = {"route", ROWS(route_rows),
					     .size = sizeof(struct hub_route_object)};

static const struct hub_item irr_rows[] = {
	{"origin", HUB_TYPE_WORD, FIELD(hub_policy_irr, origin), .words = weight_words,
	 .fallback_help = "refuse, if the hub's irr is enabled, else off",
	 .help = "What is done when the origin AS is not in the member's AS-SETs."},
	{"prefix", HUB_TYPE_WORD, FIELD(hub_policy_irr, prefix), .words = weight_words,
	 .fallback_help = "refuse, if the hub's irr is enabled, else off",
	 .help = "What is done when no route object of those networks has the prefix."},
	{"longer", HUB_TYPE_BOOL, FIELD(hub_policy_irr, longer), .fallback = "false",
	 .help = "Prefixes that lie inside a registered one will do. Exchanges differ; most want "
		 "what is announced to be what is registered."},
	{"roas_are_routes", HUB_TYPE_BOOL, FIELD(hub_policy_irr, roas_are_routes),
	 .fallback = "true", .help = "A ROA stands for a route object that is missing."},
	{"whois_is_routes", HUB_TYPE_BOOL, FIELD(hub_policy_irr, whois_is_routes),
	 .fallback = "true",
	 .help = "What the hub's irr.arin and irr.registro_br say of a prefix and its origin "
		 "stands "
		 "for one, too."},
	{"allow_routes", HUB_TYPE_TABLE, LIST(hub_policy_irr, allow_routes, allow_route_count),
	 .append = true, .limit = 16384, .table = &route_table,
	 .help = "Taken for registered. A member's are added to the hub's."},
	{"allow_origins", HUB_TYPE_ASN_RANGE,
	 LIST(hub_policy_irr, allow_origins, allow_origin_count), .append = true, .limit = 4096,
	 .help = "Origin AS numbers taken for registered. A member's are added to the hub's."},
	{"allow_prefixes", HUB_TYPE_PREFIX_RULE,
	 LIST(hub_policy_irr, allow_prefixes, allow_prefix_count), .append = true, .limit = 16384,
	 .help = "Prefixes taken for registered, with any origin AS that is. A member's are added "
		 "to the hub's."},
};

static const struct hub_table irr_table = {
	"set of IRR rules", ROWS(irr_rows), .size = sizeof(struct hub_policy_irr),
	.fill = hub_fill_policy_irr, .check = hub_check_policy_irr};

static const struct hub_item blackhole_rows[] = {
	{"announce", HUB_TYPE_BOOL, FIELD(hub_policy_blackhole, announce), .fallback = "false",
	 .help = "Members may ask for addresses of theirs to be blackholed. The lengths below hold "
		 "for such routes, and those of ROAs do not; all other checks hold."},
	{"receive", HUB_TYPE_BOOL, FIELD(hub_policy_blackhole, receive), .fallback = "true",
	 .help = "They hear the blackholes of others."},
	{"ipv4_min", HUB_TYPE_COUNT, FIELD(hub_policy_blackhole, ipv4_min), .max = 32,
	 .fallback = "24", .help = "Shortest IPv4 prefix to be blackholed; the longest is a host."},
	{"ipv6_min", HUB_TYPE_COUNT, FIELD(hub_policy_blackhole, ipv6_min), .max = 128,
	 .fallback = "48", .help = "Shortest IPv6 prefix to be blackholed; the longest is a host."},
};

static const struct hub_table blackhole_table = {"set of blackhole rules", ROWS(blackhole_rows),
						 .size = sizeof(struct hub_policy_blackhole)};

static const struct hub_item hears_rows[] = {
	{"rov_invalid", HUB_TYPE_BOOL, FIELD(hub_policy_hears, rov_invalid), .fallback = "true",
	 .help = "Those that the RPKI says are invalid."},
	{"rov_unknown", HUB_TYPE_BOOL, FIELD(hub_policy_hears, rov_unknown), .fallback = "true",
	 .help = "Those that no ROA covers."},
	{"not_registered", HUB_TYPE_BOOL, FIELD(hub_policy_hears, not_registered),
	 .fallback = "true",
	 .help = "Those whose prefix or origin the registries do not have for their member."},
	{"aspa_invalid", HUB_TYPE_BOOL, FIELD(hub_policy_hears, aspa_invalid), .fallback = "true",
	 .help = "Those whose path ASPA proves invalid."},
};

static const struct hub_table hears_table = {"choice of routes", ROWS(hears_rows),
					     .size = sizeof(struct hub_policy_hears)};

/* By enum hub_flow_action. */
static const char *const flow_action_words[] = {"accept", "drop", "limit",    "limit-packets",
						"sample", "mark", "redirect", NULL};
/* By enum hub_flow_match. */
static const char *const flow_match_words[] = {
	"source",    "protocol",   "port",      "destination-port", "source-port",
	"icmp-type", "icmp-code",  "tcp-flags", "length",           "dscp",
	"fragment",  "flow-label", NULL};

static const struct hub_item flowspec_rows[] = {
	{"announce", HUB_TYPE_BOOL, FIELD(hub_policy_flowspec, announce), .fallback = "false",
	 .help = "Members may ask others to drop or limit traffic to addresses of theirs. Who may "
		 "have an address blackholed may have rules about it, and nobody else."},
	{"receive", HUB_TYPE_BOOL, FIELD(hub_policy_flowspec, receive), .fallback = "true",
	 .help = "They hear the rules of others."},
	{"with_route", HUB_TYPE_BOOL, FIELD(hub_policy_flowspec, with_route), .fallback = "true",
	 .help = "The longest accepted route to the destination must be the member's, too (RFC "
		 "9117), and a rule goes when that route does."},
	{"ipv4_min", HUB_TYPE_COUNT, FIELD(hub_policy_flowspec, ipv4_min), .max = 32,
	 .fallback = "24", .help = "Shortest IPv4 destination of a rule; the longest is a host."},
	{"ipv6_min", HUB_TYPE_COUNT, FIELD(hub_policy_flowspec, ipv6_min), .max = 128,
	 .fallback = "48", .help = "Shortest IPv6 destination of a rule; the longest is a host."},
	{"max_rules", HUB_TYPE_COUNT, FIELD(hub_policy_flowspec, max_rules), .max = 10000,
	 .fallback = "100",
	 .help = "Most rules of a session, refused ones too; more are not kept."},
	{"actions", HUB_TYPE_WORD, LIST(hub_policy_flowspec, actions, action_count), .limit = 7,
	 .words = flow_action_words, .fallback = "accept drop limit limit-packets",
	 .help = "What rules may ask for; a list replaces this one."},
	{"matches", HUB_TYPE_WORD, LIST(hub_policy_flowspec, matches, match_count), .limit = 12,
	 .words = flow_match_words,
	 .fallback = "source protocol port destination-port source-port icmp-type icmp-code "
		     "tcp-flags length dscp fragment flow-label",
	 .help = "What rules may look at besides the destination; a list replaces this one."},
};

static const struct hub_table flowspec_table = {"set of flowspec rules", ROWS(flowspec_rows),
						.size = sizeof(struct hub_policy_flowspec)};

static const struct hub_item policy_rows[] = {
	{"next_hop", HUB_TYPE_WORD, FIELD(hub_policy, next_hop), .words = next_hop_words,
	 .fallback = "strict",
	 .help = "strict: the address of the session's own port; same-as: of any port of the "
		 "member; list: that of the session's own port, and those of next_hops."},
	{"next_hops", HUB_TYPE_IP, LIST(hub_policy, next_hops, next_hop_count), .limit = 1024,
	 .help = "With next_hop: list, the addresses that are next hops too."},
	{"refusal", HUB_TYPE_WORD, FIELD(hub_policy, refusal), .words = refusal_words,
	 .fallback = "refuse",
	 .help = "What becomes of a route that a check speaks against. refuse: it is kept and "
		 "shown, and goes to nobody; tag: it goes on, with communities that tell the "
		 "reasons; tag-and-refuse: it goes, with them, to collectors only."},
	{"tag_only", HUB_TYPE_WORD, LIST(hub_policy, tag_only, tag_only_count),
	 .limit = HUB_TAGGABLE, .words = tag_only_words,
	 .help = "Checks that do not refuse a route but tag it, whatever refusal says. The weights "
		 "of "
		 "rov, aspa, irr.origin and irr.prefix stand in those items."},
	{"as_path_min", HUB_TYPE_COUNT, FIELD(hub_policy, as_path_min), .max = 255, .fallback = "1",
	 .help = "Fewest AS numbers in a path."},
	{"as_path_max", HUB_TYPE_COUNT, FIELD(hub_policy, as_path_max), .min = 1, .max = 255,
	 .fallback = "32", .help = "Most AS numbers in a path."},
	{"first_as", HUB_TYPE_BOOL, FIELD(hub_policy, first_as), .fallback = "true",
	 .help = "The left-most AS number must be the member's."},
	{"only_global_unicast", HUB_TYPE_BOOL, FIELD(hub_policy, only_global_unicast),
	 .fallback = "true", .help = "IPv6 prefixes must lie in 2000::/3."},
	{"reject_own_lans", HUB_TYPE_BOOL, FIELD(hub_policy, reject_own_lans), .fallback = "true",
	 .help = "Refuse the prefixes of the hub's LANs and what lies inside them."},
	{"ipv4_min", HUB_TYPE_COUNT, FIELD(hub_policy, ipv4_min), .max = 32, .fallback = "8",
	 .help = "Shortest IPv4 prefix accepted."},
	{"ipv4_max", HUB_TYPE_COUNT, FIELD(hub_policy, ipv4_max), .max = 32, .fallback = "24",
	 .help = "Longest IPv4 prefix accepted."},
	{"ipv6_min", HUB_TYPE_COUNT, FIELD(hub_policy, ipv6_min), .max = 128, .fallback = "12",
	 .help = "Shortest IPv6 prefix accepted."},
	{"ipv6_max", HUB_TYPE_COUNT, FIELD(hub_policy, ipv6_max), .max = 128, .fallback = "48",
	 .help = "Longest IPv6 prefix accepted."},
	{"allow_asns", HUB_TYPE_ASN_RANGE, LIST(hub_policy, allow_asns, allow_asn_count),
	 .limit = 1000, .help = "Exceptions to bogon_asns."},
	{"allow_prefixes", HUB_TYPE_PREFIX, LIST(hub_policy, allow_prefixes, allow_prefix_count),
	 .limit = 256, .help = "Exceptions to martians: these and all that lies inside them."},
	{"bogon_asns", HUB_TYPE_ASN_RANGE, LIST(hub_policy, bogon_asns, bogon_asn_count),
	 .limit = HUB_BOGONS_MAX, .fallback = BOGON_ASNS,
	 .help = "AS numbers that no path may hold; a list replaces this one."},
	{"martians", HUB_TYPE_PREFIX_RULE, LIST(hub_policy, martians, martian_count),
	 .limit = HUB_MARTIANS_MAX, .fallback = MARTIANS,
	 .help = "Prefixes that are never accepted; a list replaces this one."},
	{"blocked", HUB_TYPE_PREFIX_RULE, LIST(hub_policy, blocked, blocked_count), .append = true,
	 .limit = 16384,
	 .help = "Further prefixes that are not accepted. A member's are added to the hub's."},
	{"transit_free_asns", HUB_TYPE_ASN_RANGE,
	 LIST(hub_policy, transit_free_asns, transit_free_asn_count), .limit = 4096,
	 .fallback = TRANSIT_FREE_ASNS,
	 .help = "Networks that buy no transit: nobody but they themselves announces a path with "
		 "one of them. Some exchanges add 3491 and 4134. A list replaces this one."},
	{"never_via_route_servers", HUB_TYPE_BOOL, FIELD(hub_policy, never_via_route_servers),
	 .fallback = "true",
	 .help = "Refuse paths with networks that say in PeeringDB that they are never behind a "
		 "route server, as far as peeringdb is in use."},
	{"never_via_asns", HUB_TYPE_ASN_RANGE,
	 LIST(hub_policy, never_via_asns, never_via_asn_count), .append = true, .limit = 4096,
	 .help = "Refuse paths with these as well. A member's are added to the hub's."},
	{"communities_max", HUB_TYPE_COUNT, FIELD(hub_policy, communities_max), .max = 65535,
	 .fallback = "0",
	 .help = "Most communities of a route, of all three kinds together; 0: no limit."},
	{"well_known", HUB_TYPE_WORD, FIELD(hub_policy, well_known), .words = well_known_words,
	 .fallback = "pass",
	 .help = "NO_EXPORT, NO_ADVERTISE and NO_EXPORT_SUBCONFED (RFC 1997) of members. pass: "
		 "they are meant for those that hear the route, and go on with it; obey: they are "
		 "meant for the route server, so nobody hears it."},
	{"attach", HUB_TYPE_ATTACHED, LIST(hub_policy, attach, attach_count), .append = true,
	 .limit = HUB_ATTACH_MAX,
	 .help = "Communities that the hub puts on all routes of the member, and takes from "
		 "nobody. A member's are added to the hub's."},
	{"role", HUB_TYPE_WORD, FIELD(hub_policy, role), .words = role_words, .fallback = "on",
	 .help = "BGP roles and OTC (RFC 9234). on: the role is offered, and routes that leak are "
		 "refused, whether the member has a role or not; strict: a member without the "
		 "role stays down; off: neither."},
	{"graceful_shutdown", HUB_TYPE_BOOL, FIELD(hub_policy, graceful_shutdown),
	 .fallback = "true",
	 .help = "Routes with GRACEFUL_SHUTDOWN (RFC 8326) are the last resort; without this, the "
		 "community is taken off, unless communities.pass_graceful_shutdown."},
	{"rov", HUB_TYPE_WORD, FIELD(hub_policy, rov), .words = weight_words,
	 .fallback_help = "refuse, if there are rpki caches or validation.vrp_files, else off",
	 .help = "What RPKI origin validation (RFC 6811) does with what is invalid."},
	{"rov_unknown", HUB_TYPE_BOOL, FIELD(hub_policy, rov_unknown), .fallback = "false",
	 .help = "Do the same with routes that no ROA covers."},
	{"aspa", HUB_TYPE_WORD, FIELD(hub_policy, aspa), .words = weight_words, .fallback = "tag",
	 .help = "What is done with paths that ASPA proves invalid."},
	{"irr", HUB_TYPE_TABLE, FIELD(hub_policy, irr), .table = &irr_table,
	 .help = "What is checked against registered routes."},
	{"blackhole", HUB_TYPE_TABLE, FIELD(hub_policy, blackhole), .table = &blackhole_table,
	 .help = "Whether addresses may be blackholed (RFC 7999)."},
	{"hears", HUB_TYPE_TABLE, FIELD(hub_policy, hears), .table = &hears_table,
	 .help = "Which routes the member hears of those that others' policy tags and does not "
		 "refuse."},
	{"flowspec", HUB_TYPE_TABLE, FIELD(hub_policy, flowspec), .table = &flowspec_table,
	 .help = "Whether members may say rules about traffic to their addresses (RFC 8955), on "
		 "sessions with flowspec: yes."},
};

const struct hub_table hub_schema_policy = {"policy", ROWS(policy_rows),
					    .size = sizeof(struct hub_policy),
					    .fill = hub_fill_policy, .check = hub_check_policy};

static const char *const hearers_words[] = {"usual", "collectors", "members", NULL};
static const char *const codes_words[] = {"euro-ix", "arouteserver", "rfc8097", NULL};

static const struct hub_item community_rows[] = {
	{"action", HUB_TYPE_WORD, .required = true, FIELD(hub_community, action),
	 .words = hub_community_actions,
	 .help = "What it means. ...-to, -site, -metro, -country and -continent: P names the peer "
		 "or the place; -slower and -faster: P is a round-trip time in milliseconds; "
		 "tell-...: the hub says so, and takes it from nobody; internal: members may "
		 "neither send nor see it; fabric: a part of the traffic to the route's addresses "
		 "is "
		 "to be dropped, which one the community says: such a route is checked as a "
		 "blackhole "
		 "and goes to sessions with fabric alone, with those communities."},
	{"pattern", HUB_TYPE_COMMUNITY, .required = true,
	 .at = offsetof(struct hub_community, form),
	 .size = offsetof(struct hub_community, ms) - offsetof(struct hub_community, form),
	 .help = "Its form: RS is the hub's AS number, P what the action is about."},
	{"prepend", HUB_TYPE_COUNT, FIELD(hub_community, number), .max = 3, .fallback = "0",
	 .help = "How often the member's AS number is put in front, 1 to 3; only of prepend-..."},
	{"ms", HUB_TYPE_COUNT, FIELD(hub_community, ms), .max = 65535, .fallback = "0",
	 .help = "The round-trip time of -slower and -faster when the pattern has no P."},
	{"codes", HUB_TYPE_WORD, FIELD(hub_community, codes), .words = codes_words,
	 .fallback = "euro-ix",
	 .help = "Whose numbers tell-reason, tell-rpki and tell-irr use; rfc8097 is of tell-rpki "
		 "alone."},
	{"value", HUB_TYPE_COUNT, FIELD(hub_community, value), .max = 65535, .fallback = "0",
	 .help = "Of tell-reason, tell-rpki and tell-irr when the pattern has no P: it is told "
		 "when "
		 "this is the number."},
	{"heard_by", HUB_TYPE_WORD, FIELD(hub_community, heard_by), .words = hearers_words,
	 .fallback = "usual",
	 .help = "Only of tell-...: who hears it on routes that are not refused. usual: as "
		 "tell_members says."},
};

static const struct hub_table community_table = {"community", ROWS(community_rows),
						 .size = sizeof(struct hub_community),
						 .check = hub_check_community};

/* By enum hub_community_profile. */
static const char *const profile_words[] = {"euro-ix", "arouteserver", "ixp-manager",
					    "de-cix",  "none",         NULL};

static const struct hub_item communities_rows[] = {
	{"profile", HUB_TYPE_WORD, FIELD(hub_communities, profile), .words = profile_words,
	 .fallback = "euro-ix", .help = "Whose values members know; none: only those of own."},
	{"own", HUB_TYPE_TABLE, LIST(hub_communities, own, own_count), .limit = 256,
	 .table = &community_table,
	 .help = "Further patterns. One with the same action, form, prepend and codes as some of "
		 "the profile stands in their place."},
	{"pass_unknown_hub", HUB_TYPE_BOOL, FIELD(hub_communities, pass_unknown_hub),
	 .fallback = "false",
	 .help = "Pass on communities that begin with the hub's AS number and mean nothing."},
	{"pass_graceful_shutdown", HUB_TYPE_BOOL, FIELD(hub_communities, pass_graceful_shutdown),
	 .fallback = "false",
	 .help = "Pass on GRACEFUL_SHUTDOWN of members whose policy does not honour it, for others "
		 "to honour."},
	{"tell_members", HUB_TYPE_BOOL, FIELD(hub_communities, tell_members),
	 .fallback_help = "yes with the profiles arouteserver and de-cix, else no",
	 .help = "The communities of tell-... go to all members, not to collectors only."},
};

const struct hub_table hub_schema_communities = {
	"set of communities", ROWS(communities_rows), .size = sizeof(struct hub_communities),
	.fill = hub_fill_communities, .check = hub_check_communities};

static const struct hub_item hub_blackhole_rows[] = {
	{"ipv4", HUB_TYPE_IPV4, FIELD(hub_blackhole, ipv4),
	 .fallback_help = "the next hop stays as it came",
	 .help = "Next hop that blackholed IPv4 routes get: an address of the LAN behind which "
		 "everything is dropped."},
	{"ipv6", HUB_TYPE_IPV6, FIELD(hub_blackhole, ipv6),
	 .fallback_help = "the next hop stays as it came",
	 .help = "The same for IPv6 routes, and for IPv4 routes with IPv6 next hops."},
	{"no_export", HUB_TYPE_BOOL, FIELD(hub_blackhole, no_export), .fallback = "true",
	 .help = "They go out with NO_EXPORT, too (RFC 7999 section 3.2)."},
	{"by_next_hop", HUB_TYPE_BOOL, FIELD(hub_blackhole, by_next_hop), .fallback = "true",
	 .help = "A route that comes with one of these next hops asks for it, too."},
};

const struct hub_table hub_schema_blackhole = {"set of blackhole values", ROWS(hub_blackhole_rows),
					       .size = sizeof(struct hub_blackhole)};
