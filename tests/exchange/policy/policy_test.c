/* The checks on the way in: every reason, alone and together, and what mends it. */
#include "exchange/policy/policy_world.h"
#include "hub/registry.h"

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"policy:\n"
	"  as_path_max: 4\n"
	"  bogon_asns: [0, 23456, 64512-65534, 65530-65535]\n"
	"  blocked: [20.7.0.0/16+]\n"
	"  role: off\n"
	"  transit_free_asns: [174, 1299, 1003]\n"
	"  never_via_asns: [4000, 1003]\n"
	"  communities_max: 3\n"
	"  blackhole: {announce: true, ipv4_min: 25, ipv6_min: 64}\n"
	"members:\n"
	"  - asn: 1001\n"
	"    name: Strict\n"
	"    kind: access\n"
	"    as_set: AS-STRICT\n"
	"    ports:\n"
	"      - {id: a, lan: p, speed: 10G, ipv4: 192.0.2.11, ipv6: \"2001:db8:100::11\"}\n"
	"      - {id: b, lan: p, speed: 10G, ipv4: 192.0.2.12}\n"
	"    sessions:\n"
	"      - {port: a, address: 192.0.2.11, families: [ipv4, ipv6], extended_next_hop: off}\n"
	"  - asn: 1002\n"
	"    name: Lenient\n"
	"    kind: access\n"
	"    policy: {next_hop: same-as, first_as: false, ipv4_max: 28, as_path_max: 9, blocked: "
	"[20.9.0.0/16+], role: on, communities_max: 0, blackhole: {announce: false}}\n"
	"    ports:\n"
	"      - {id: c, lan: p, speed: 10G, ipv4: 192.0.2.21, ipv6: \"2001:db8:100::21\"}\n"
	"      - {id: d, lan: p, speed: 10G, ipv4: 192.0.2.22}\n"
	"    sessions: [{port: c, address: 192.0.2.21, families: [ipv4]}]\n"
	"  - asn: 1003\n"
	"    name: Listed\n"
	"    kind: access\n"
	"    policy: {next_hop: list, next_hops: [192.0.2.99]}\n"
	"    ports: [{id: e, lan: p, speed: 10G, ipv4: 192.0.2.31}]\n"
	"    sessions: [{port: e, address: 192.0.2.31, families: [ipv4]}]\n";

#define BIT(reason) ((uint64_t)1 << (reason))

/* --- prefixes --- */

static uint64_t
prefix_reasons(struct policy *policy, uint32_t session, const char *text, uint8_t facts)
{
	struct bgp_attrs attrs = {.origin_as = {1001}};
	struct policy_route route = {.facts = facts, .attrs = &attrs};
	struct policy_mark mark;
	struct prefix prefix;
	prefix_parse(&prefix, text);
	policy_paths_judge(policy, session, &route, &prefix, 1, &mark);
	if (mark.refused != (mark.reasons != 0))
		printf("# refused is %d\n", mark.refused);
	return mark.reasons;
}

static void
prefixes(struct policy *policy)
{
	static const struct {
		const char *prefix;
		uint32_t session;
		uint64_t reasons;
		const char *text;
	} cases[] = {
		{"20.1.0.0/16", 0, 0, "an ordinary IPv4 prefix is accepted"},
		{"20.1.2.0/25", 0, BIT(POLICY_PREFIX_TOO_LONG), "IPv4 beyond /24 is too long"},
		{"20.1.2.0/24", 0, 0, "IPv4 of /24 is not"},
		{"20.1.2.16/28", 1, 0, "a member's own limit holds for it"},
		{"20.0.0.0/7", 0, BIT(POLICY_PREFIX_TOO_SHORT), "IPv4 below /8 is too short"},
		{"10.1.0.0/16", 0, BIT(POLICY_MARTIAN), "private space is martian"},
		{"10.1.2.0/25", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_PREFIX_TOO_LONG),
		 "two faults are both told"},
		{"0.0.0.0/0", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_PREFIX_TOO_SHORT),
		 "the default route is refused"},
		{"192.0.2.0/24", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_OWN_LAN),
		 "the peering LAN is refused, and known as ours"},
		{"192.0.2.128/25", 0,
		 BIT(POLICY_MARTIAN) | BIT(POLICY_OWN_LAN) | BIT(POLICY_PREFIX_TOO_LONG),
		 "so is a part of it"},
		{"192.0.0.0/16", 0, 0, "a prefix that merely covers the LAN is not"},
		{"20.7.3.0/24", 0, BIT(POLICY_BLOCKED), "the hub's blocked list holds"},
		{"20.7.3.0/24", 1, BIT(POLICY_BLOCKED), "for everybody"},
		{"20.9.3.0/24", 1, BIT(POLICY_BLOCKED_BY_MEMBER),
		 "a member's own list is another reason"},
		{"20.9.3.0/24", 0, 0, "and holds for nobody else"},
		{"20.8.0.0/16", 0, 0, "a neighbour of a blocked prefix passes"},
		{"2600:1::/32", 0, 0, "an ordinary IPv6 prefix is accepted"},
		{"2600:1:2:3::/64", 0, BIT(POLICY_PREFIX_TOO_LONG), "IPv6 beyond /48 is too long"},
		{"4000::/16", 0, BIT(POLICY_NOT_GLOBAL_UNICAST),
		 "IPv6 outside 2000::/3 is not global unicast"},
		{"fc00:1::/32", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_NOT_GLOBAL_UNICAST),
		 "unique local IPv6 is martian too"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t reasons = prefix_reasons(policy, cases[i].session, cases[i].prefix, 0);
		if (!ok(reasons == cases[i].reasons, "%s", cases[i].text))
			printf("# %s: %#llx\n", cases[i].prefix, (unsigned long long)reasons);
	}
	ok(prefix_reasons(policy, 0, "20.1.2.3/32", POLICY_FACT_BLACKHOLE) == 0,
	   "a blackhole may be a host");
	ok(prefix_reasons(policy, 0, "20.1.2.0/24", POLICY_FACT_BLACKHOLE) ==
		   BIT(POLICY_BLACKHOLE_LENGTH),
	   "and is not shorter than the hub allows");
	ok(prefix_reasons(policy, 0, "10.1.2.3/32", POLICY_FACT_BLACKHOLE) == BIT(POLICY_MARTIAN),
	   "nor for space that nobody routes");
}

/* --- attributes --- */

static void
attributes(struct policy *policy)
{
	static const struct {
		const char *path, *next_hop;
		uint32_t session;
		enum ip_family family;
		uint64_t reasons;
		const char *text;
	} cases[] = {
		{"1001 3356", "192.0.2.11", 0, IP_V4, 0, "a member's own route is accepted"},
		{"1001", "192.0.2.12", 0, IP_V4, BIT(POLICY_NEXT_HOP),
		 "strict: the next hop is the session's port, not another of the member"},
		{"1002", "192.0.2.22", 1, IP_V4, 0, "same AS: any port of the member will do"},
		{"1002", "192.0.2.11", 1, IP_V4, BIT(POLICY_NEXT_HOP),
		 "but none of another member"},
		{"1003", "192.0.2.99", 2, IP_V4, 0, "a listed next hop will do"},
		{"1003", "192.0.2.31", 2, IP_V4, 0, "besides the router's own"},
		{"1003", "192.0.2.98", 2, IP_V4, BIT(POLICY_NEXT_HOP), "and no other"},
		{"1001", "2001:db8:100::11", 0, IP_V6, 0, "IPv6 routes have the port's address"},
		{"1001", "2001:db8:100::11", 0, IP_V4, BIT(POLICY_NEXT_HOP),
		 "which IPv4 routes may not have where the session has no RFC 8950"},
		{"1002", "2001:db8:100::21", 1, IP_V4, 0, "and may where it has"},
		{"1002", "2001:db8:100::11", 1, IP_V4, BIT(POLICY_NEXT_HOP),
		 "if it is the member's"},
		{"1002", "192.0.2.21", 1, IP_V6, BIT(POLICY_NEXT_HOP),
		 "IPv6 routes never have an IPv4 next hop"},
		{"3356 1001", "192.0.2.11", 0, IP_V4, BIT(POLICY_FIRST_AS),
		 "the path begins with the member"},
		{"3356", "192.0.2.21", 1, IP_V4, 0, "unless its policy does not ask for that"},
		{"1001 2 3 4", "192.0.2.11", 0, IP_V4, 0, "a path of the greatest length passes"},
		{"1001 2 3 4 5", "192.0.2.11", 0, IP_V4, BIT(POLICY_PATH_TOO_LONG),
		 "one longer does not"},
		{"", "192.0.2.11", 0, IP_V4, BIT(POLICY_PATH_TOO_SHORT) | BIT(POLICY_FIRST_AS),
		 "an empty path is too short and begins with nobody"},
		{"1001 23456", "192.0.2.11", 0, IP_V4, BIT(POLICY_BOGON_ASN),
		 "AS_TRANS is nobody's number"},
		{"1001 64512", "192.0.2.11", 0, IP_V4, BIT(POLICY_BOGON_ASN),
		 "the first number of a reserved range is refused"},
		{"1001 65535", "192.0.2.11", 0, IP_V4, BIT(POLICY_BOGON_ASN),
		 "the last number of overlapping ranges too"},
		{"1001 65536", "192.0.2.11", 0, IP_V4, 0, "the number after it is not"},
		{"1001 64500", "192.0.2.11", 0, IP_V4, BIT(POLICY_LOOP),
		 "our own number is a loop"},
		{"1001 174", "192.0.2.11", 0, IP_V4, BIT(POLICY_TRANSIT_FREE),
		 "a transit-free network does not come through a member"},
		{"1001 4000", "192.0.2.11", 0, IP_V4, BIT(POLICY_NEVER_VIA),
		 "nor does one that wants no route servers"},
		{"1003 1003", "192.0.2.31", 2, IP_V4, 0,
		 "a member that is such a network itself announces its own"},
		{"1003 1299", "192.0.2.31", 2, IP_V4, BIT(POLICY_TRANSIT_FREE),
		 "but not those of the others"},
		{"7 65000 64500 4 5", "192.0.2.9", 0, IP_V4,
		 BIT(POLICY_LOOP) | BIT(POLICY_BOGON_ASN) | BIT(POLICY_FIRST_AS) |
			 BIT(POLICY_NEXT_HOP) | BIT(POLICY_PATH_TOO_LONG),
		 "all faults are told together"},
	};
	struct world_route route = {0};
	struct policy_verdict verdict;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_route(&route, cases[i].path, cases[i].next_hop, NULL);
		policy_attrs_judge(policy, cases[i].session, cases[i].family, &route.attrs,
				   &verdict);
		if (!ok(verdict.reasons == cases[i].reasons &&
				verdict.refused == (cases[i].reasons != 0),
			"%s", cases[i].text))
			printf("# %#llx\n", (unsigned long long)verdict.reasons);
	}
	world_route(&route, "1001 7", "192.0.2.11", NULL);
	route.attrs.has_as_set = true;
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.reasons == BIT(POLICY_AS_SET), "an AS_SET is refused (RFC 9774)");
	world_route(&route, "1001 7", "192.0.2.11", "1:1 rt:2:2 3:3:3 4:4");
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.reasons == BIT(POLICY_COMMUNITIES),
	   "communities of all forms are counted together");
	world_route_fini(&route);
}

static void
roles(struct policy *policy)
{
	struct world_route route = {0};
	struct policy_verdict verdict;
	world_route(&route, "1002 7", "192.0.2.21", NULL);
	route.attrs.has_otc = true;
	route.attrs.otc.number = 7;
	policy_attrs_judge(policy, 1, IP_V4, &route.attrs, &verdict);
	ok(verdict.reasons == BIT(POLICY_LEAK) && verdict.refused,
	   "a route with OTC from a client is a leak (RFC 9234 section 5)");
	world_route(&route, "1001 7", "192.0.2.11", NULL);
	route.attrs.has_otc = true;
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(!verdict.reasons && verdict.plain,
	   "where roles are off, OTC is an attribute like others");
	world_route_fini(&route);
}

static void
shutdowns(struct policy *policy)
{
	struct world_route route = {0};
	struct policy_verdict verdict;
	world_route(&route, "1001 7", "192.0.2.11", "65535:0");
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.preference == 1 && !verdict.refused && verdict.plain,
	   "GRACEFUL_SHUTDOWN makes a route the last resort, and is passed on (RFC 8326)");
	world_route(&route, "1001 7", "192.0.2.11", "65535:1");
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.preference == 0, "other communities do not");
	world_route_fini(&route);
}

static void
blackholes(struct policy *policy)
{
	struct world_route route = {0};
	struct policy_verdict verdict;
	world_route(&route, "1001 7", "192.0.2.11", "65535:666");
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.facts == POLICY_FACT_BLACKHOLE && !verdict.plain,
	   "65535:666 asks for a blackhole (RFC 7999)");
	world_route(&route, "1001 7", "192.0.2.11", "64500:666:0");
	policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
	ok(verdict.facts == POLICY_FACT_BLACKHOLE, "the hub's own value too");
	world_route(&route, "1002 7", "192.0.2.21", "65535:666");
	policy_attrs_judge(policy, 1, IP_V4, &route.attrs, &verdict);
	ok(verdict.facts == 0 && !verdict.plain && !verdict.refused,
	   "of a member that may not ask, it is a route like others, sent without it");
	world_route_fini(&route);
}

/* --- registries --- */

static void
put_set(struct registry_part *part, struct buf *octets, const char *name, enum ip_family family,
	const char *prefix, uint32_t origin)
{
	struct prefix prefixes[1];
	struct asn origins[1] = {{origin}};
	struct registry_answer answer = {.name = name,
					 .family = family,
					 .seed = 7,
					 .prefixes = prefixes,
					 .prefix_count = prefix ? 1 : 0,
					 .origins = origins,
					 .origin_count = prefix ? 1 : 0};
	if (prefix)
		prefix_parse(&prefixes[0], prefix);
	ok(registry_set_write(octets, &answer) == 0, "%s is written", name);
	*part = (struct registry_part){octets->data, octets->length, REGISTRY_FRESH};
}

struct registered {
	struct buf sets[3], file;
	struct registry *registry;
};

/* AS-STRICT has 20.1.0.0/16 of AS 1001; AS1002 has nothing; nobody heard of AS1003. AS 5000 wants
 * no route servers. */
static void
registered_init(struct registered *r)
{
	struct registry_part parts[3];
	const char *error = NULL;
	*r = (struct registered){0};
	put_set(&parts[0], &r->sets[0], "AS-STRICT", IP_V4, "20.1.0.0/16", 1001);
	put_set(&parts[1], &r->sets[1], "AS-STRICT", IP_V6, "2600:1::/32", 1001);
	put_set(&parts[2], &r->sets[2], "AS1002", IP_V4, NULL, 0);
	struct registry_network network = {.asn = {5000}, .never_via_route_servers = true};
	struct registry_content content = {
		.sets = parts, .set_count = 3, .networks = &network, .network_count = 1};
	ok(registry_write(&r->file, &content) == 0, "a registry is written");
	r->registry = registry_open(r->file.data, r->file.length, &error);
	if (!ok(r->registry != NULL, "and read"))
		printf("# %s\n", error);
}

static void
registered_fini(struct registered *r)
{
	registry_close(r->registry);
	for (size_t i = 0; i < 3; i++)
		buf_fini(&r->sets[i]);
	buf_fini(&r->file);
}

struct irr_case {
	const char *prefix;
	uint32_t session, origin;
	uint8_t facts;
	uint64_t reasons;
	unsigned irr;
	const char *text;
};

static void
irr_cases(struct policy *policy, const struct irr_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bgp_attrs attrs = {.origin_as = {cases[i].origin}};
		struct policy_route route = {.facts = cases[i].facts, .attrs = &attrs};
		struct policy_mark mark;
		struct prefix prefix;
		prefix_parse(&prefix, cases[i].prefix);
		policy_paths_judge(policy, cases[i].session, &route, &prefix, 1, &mark);
		if (!ok(mark.reasons == cases[i].reasons &&
				policy_state_irr(mark.state) == cases[i].irr,
			"%s", cases[i].text))
			printf("# %s: %#llx, %u\n", cases[i].prefix,
			       (unsigned long long)mark.reasons, policy_state_irr(mark.state));
	}
}

enum { BOTH = POLICY_IRR_CHECKED | POLICY_IRR_HAS_PREFIX | POLICY_IRR_HAS_ORIGIN };

static void
registries(struct hub *hub)
{
	static const struct irr_case cases[] = {
		{"20.1.0.0/16", 0, 1001, 0, 0, BOTH, "what is registered is accepted"},
		{"20.2.0.0/16", 0, 1001, 0, BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN, "another prefix is not"},
		{"20.1.3.0/24", 0, 1001, 0, BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN,
		 "nor one inside: exactly means exactly"},
		{"20.1.0.0/16", 0, 1009, 0, BIT(POLICY_IRR_ORIGIN),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_PREFIX, "nor another origin"},
		{"20.1.0.0/16", 0, 0, 0, BIT(POLICY_IRR_ORIGIN),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_PREFIX, "nor none"},
		{"2600:1::/32", 0, 1001, 0, 0, BOTH, "each family has its set"},
		{"20.1.0.0/16", 1, 1002, 0, BIT(POLICY_IRR_ORIGIN) | BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED, "an empty set allows nothing"},
		{"20.1.0.0/16", 2, 1003, 0, BIT(POLICY_IRR_MISSING), POLICY_IRR_CHECKED,
		 "what was never heard of allows nothing, and is told apart"},
		{"20.40.0.0/16", 2, 1003, 0, 0, POLICY_IRR_CHECKED | POLICY_IRR_BY_LIST,
		 "a white list of routes does even so"},
		{"20.40.1.0/24", 2, 1003, 0, BIT(POLICY_IRR_MISSING), POLICY_IRR_CHECKED,
		 "exactly as it says"},
		{"20.1.3.3/32", 0, 1001, POLICY_FACT_BLACKHOLE, 0, BOTH | POLICY_IRR_LONGER,
		 "a blackhole lies inside what is registered"},
		{"20.2.3.3/32", 0, 1001, POLICY_FACT_BLACKHOLE, BIT(POLICY_BLACKHOLE_SPACE),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN, "and nowhere else"},
		{"20.1.3.3/32", 0, 1009, POLICY_FACT_BLACKHOLE, BIT(POLICY_IRR_ORIGIN),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_PREFIX | POLICY_IRR_LONGER,
		 "its origin is checked like others"},
	};
	static const struct irr_case longer[] = {
		{"20.1.3.0/24", 0, 1001, 0, 0, BOTH | POLICY_IRR_LONGER,
		 "a longer one does, where the hub allows it"},
		{"20.0.0.0/15", 0, 1001, 0, BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN, "but not a shorter one"},
	};
	static const struct irr_case lists[] = {
		{"20.1.0.0/16", 0, 7007, 0, 0, BOTH, "a white list of origins does for the origin"},
		{"20.2.0.0/16", 0, 7007, 0, BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN, "and for nothing else"},
		{"20.50.0.0/16", 0, 1001, 0, 0, BOTH, "one of prefixes does for the prefix"},
		{"20.50.128.0/17", 0, 1001, 0, 0, BOTH, "in the lengths that it says"},
		{"20.50.3.0/24", 0, 1001, 0, BIT(POLICY_IRR_PREFIX),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_ORIGIN, "and in no other"},
		{"20.50.3.3/32", 0, 1001, POLICY_FACT_BLACKHOLE, 0, BOTH | POLICY_IRR_LONGER,
		 "but a blackhole may lie inside"},
		{"20.50.0.0/16", 0, 1009, 0, BIT(POLICY_IRR_ORIGIN),
		 POLICY_IRR_CHECKED | POLICY_IRR_HAS_PREFIX, "and its origin is checked as ever"},
	};
	struct registered r;
	registered_init(&r);
	/* The hub is used after this, with what is put into it here. */
	static struct hub_route_object route = {.prefix = {.min_length = 16, .max_length = 16},
						.origin = {1003}};
	static struct asn_range origins = {7000, 7010};
	prefix_parse(&route.prefix.prefix, "20.40.0.0/16");
	for (size_t i = 0; i < hub->member_count; i++) {
		hub->members[i].policy.irr.origin = HUB_CHECK_REFUSE;
		hub->members[i].policy.irr.prefix = HUB_CHECK_REFUSE;
		hub->members[i].policy.irr.longer = false;
	}
	static struct prefix_rule white = {.min_length = 16, .max_length = 17};
	prefix_parse(&white.prefix, "20.50.0.0/16");
	hub->members[2].policy.irr.allow_routes = &route;
	hub->members[2].policy.irr.allow_route_count = 1;
	struct policy_sources sources = {.registry = r.registry};
	struct policy *policy = world_policy(hub);
	policy_use(policy, &sources);
	ok(prefix_reasons(policy, 0, "20.2.0.0/16", 0) == 0 &&
		   prefix_reasons(policy, 0, "20.2.3.3/32", POLICY_FACT_BLACKHOLE) == 0,
	   "where the hub asks no registries nothing is checked");
	policy_free(policy);
	hub->irr.enabled = true;
	policy = world_policy(hub);
	ok(prefix_reasons(policy, 0, "20.1.0.0/16", 0) == BIT(POLICY_IRR_MISSING),
	   "where it does, nothing passes before their first answer");
	policy_use(policy, &sources);
	irr_cases(policy, cases, sizeof(cases) / sizeof(cases[0]));
	struct world_route never = {0};
	struct policy_verdict verdict;
	world_route(&never, "1001 5000", "192.0.2.11", NULL);
	policy_attrs_judge(policy, 0, IP_V4, &never.attrs, &verdict);
	ok(verdict.reasons == BIT(POLICY_NEVER_VIA), "PeeringDB says who wants no route servers");
	world_route_fini(&never);
	policy_free(policy);

	hub->members[0].policy.irr.longer = true;
	policy = world_policy(hub);
	policy_use(policy, &sources);
	irr_cases(policy, longer, sizeof(longer) / sizeof(longer[0]));
	policy_free(policy);

	hub->members[0].policy.irr.longer = false;
	hub->members[0].policy.irr.allow_origins = &origins;
	hub->members[0].policy.irr.allow_origin_count = 1;
	hub->members[0].policy.irr.allow_prefixes = &white;
	hub->members[0].policy.irr.allow_prefix_count = 1;
	policy = world_policy(hub);
	policy_use(policy, &sources);
	irr_cases(policy, lists, sizeof(lists) / sizeof(lists[0]));
	policy_free(policy);

	hub->members[0].policy.irr.prefix = HUB_CHECK_TAG;
	policy = world_policy(hub);
	policy_use(policy, &sources);
	struct policy_mark mark;
	struct prefix prefix;
	struct bgp_attrs attrs = {.origin_as = {1001}};
	struct policy_route asked = {.attrs = &attrs};
	prefix_parse(&prefix, "20.2.0.0/16");
	policy_paths_judge(policy, 0, &asked, &prefix, 1, &mark);
	ok(mark.reasons == BIT(POLICY_IRR_PREFIX) && !mark.refused && mark.told,
	   "a check may be made to tag only");
	policy_free(policy);
	hub->irr.enabled = false;
	registered_fini(&r);
}

/* --- what becomes of a refused route --- */

static void
refusals(struct hub *hub)
{
	struct world_route route = {0};
	struct policy_verdict verdict;
	struct policy *policy;
	hub->sessions[2].collector = true;
	for (int refusal = HUB_REFUSE; refusal <= HUB_TAG_AND_REFUSE; refusal++) {
		hub->members[0].policy.refusal = (enum hub_refusal)refusal;
		policy = world_policy(hub);
		world_route(&route, "1001 64512", "192.0.2.11", NULL);
		policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
		ok(verdict.refused == (refusal != HUB_TAG) && !verdict.plain &&
			   verdict.reasons == BIT(POLICY_BOGON_ASN),
		   "refusal %d: refused or tagged, the reason is kept", refusal);
		ok(world_has(verdict.receivers, 2) == (refusal == HUB_TAG_AND_REFUSE),
		   "collectors hear what is refused and tagged");
		ok(world_has(verdict.receivers, 1) == (refusal == HUB_TAG),
		   "members hear what is tagged only");
		world_route(&route, "1001 64500", "192.0.2.11", NULL);
		policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
		ok(verdict.refused, "a loop is refused in any case");
		world_route(&route, "1001", "192.0.2.11", NULL);
		policy_attrs_judge(policy, 0, IP_V4, &route.attrs, &verdict);
		ok(!world_has(verdict.receivers, 2) && world_has(verdict.receivers, 1) &&
			   !world_has(verdict.receivers, 0),
		   "what is in order goes to members, not to collectors, not back");
		policy_free(policy);
	}
	world_route_fini(&route);
}

/* --- words --- */

static void
words(const struct policy *policy)
{
	static const struct {
		unsigned bit;
		uint32_t session;
		enum ip_family family;
		const char *mend;
	} cases[] = {
		{POLICY_PREFIX_TOO_LONG, 0, IP_V4, "announce IPv4 prefixes of /24 or shorter"},
		{POLICY_PREFIX_TOO_LONG, 1, IP_V4, "announce IPv4 prefixes of /28 or shorter"},
		{POLICY_PREFIX_TOO_LONG, 0, IP_V6, "announce IPv6 prefixes of /48 or shorter"},
		{POLICY_NEXT_HOP, 0, IP_V4, "set the next hop to 192.0.2.11"},
		{POLICY_NEXT_HOP, 0, IP_V6, "set the next hop to 2001:db8:100::11"},
		{POLICY_NEXT_HOP, 1, IP_V4, "set the next hop to 192.0.2.21 or 192.0.2.22"},
		{POLICY_FIRST_AS, 0, IP_V4,
		 "let the AS path begin with AS1001, the AS of this session"},
		{POLICY_PATH_TOO_LONG, 0, IP_V4,
		 "keep the AS path at 4 hops or fewer: prepend less"},
		{POLICY_IRR_ORIGIN, 0, IP_V4, "add the origin AS to AS-STRICT"},
		{POLICY_IRR_ORIGIN, 1, IP_V4, "add the origin AS to AS1002"},
		{POLICY_COMMUNITIES, 0, IP_V4, "send at most 3 communities, of all forms together"},
		{POLICY_BLACKHOLE_LENGTH, 0, IP_V6, "ask for blackholes of /64 or longer"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf to = {0};
		policy_reason_mend(&to, policy, cases[i].session, cases[i].family, cases[i].bit);
		buf_u8(&to, 0);
		is_str((const char *)to.data, cases[i].mend, "the mend names the value that holds");
		buf_fini(&to);
	}
	bool all = true;
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		struct buf to = {0};
		if (policy_reason_text(bit))
			policy_reason_mend(&to, policy, 0, IP_V4, bit);
		all &= !policy_reason_text(bit) == !to.length;
		all &= !policy_reason_text(bit) == !policy_reason_code(bit);
		buf_fini(&to);
	}
	ok(all, "every reason has words, a number, and says what mends it");
	ok(policy_reason_code(POLICY_PREFIX_TOO_LONG) == 1 &&
		   policy_reason_code(POLICY_NEXT_HOP) == 8 && policy_reason_code(31) == 0,
	   "reasons have the codes of the Euro-IX list");
	ok(policy_reason_code_arouteserver(POLICY_TRANSIT_FREE) == 8 &&
		   policy_reason_code_arouteserver(POLICY_LEAK) == 65535,
	   "and those of arouteserver, where it has one");
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	if (!ok(hub != NULL, "the picture is read"))
		return done_testing();
	struct policy *policy = world_policy(hub);
	registries(hub);
	refusals(hub);
	hub_free(hub); /* nothing may point into it */
	ok(policy != NULL, "the policy is compiled, and outlives the picture");
	prefixes(policy);
	attributes(policy);
	roles(policy);
	shutdowns(policy);
	blackholes(policy);
	words(policy);
	policy_free(policy);
	return done_testing();
}
