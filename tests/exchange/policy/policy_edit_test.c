/* Attributes as they are sent: what is put in, what is taken out, and what members may not send. */
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_world.h"

/* What is told of a place that has no number, where others have. */
#define UNKNOWN "64500:1911:65535 64500:1912:65535 64500:1913:65535 64500:1914:65535"

enum { NO_EXPORT = 4, NO_ADVERTISE = 8, HUB_FIRST = 16, ROLE_OTHER = 32 };

/* As policy_state does it, for tables. */
#define STATE(rpki, irr) ((rpki) | (((unsigned)(irr) >> 1) + 1) << 3)

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"sites: [{id: KHI, name: Karachi, country: PK, number: 7, metro: 47}]\n"
	"policy: {role: off, blackhole: {announce: true}}\n"
	"members:\n"
	"  - {asn: 1000, name: A, kind: access, ports: [{id: a, lan: p, site: KHI, speed: 10G, "
	"ipv4: "
	"192.0.2.10, ipv6: \"2001:db8:100::10\"}], sessions: [{port: a}]}\n"
	"  - {asn: 1001, name: B, kind: access, policy: {graceful_shutdown: no}, ports: [{id: b, "
	"lan: "
	"p, speed: 10G, ipv4: 192.0.2.11}], sessions: [{port: b}]}\n";

/* Path, standard, extended and large communities: "64500 1000, 1:1 2:2,, 64500:1:2". */
static const char *
text_of(const struct bgp_attrs *attrs, struct bgp_communities c)
{
	static char text[2048];
	struct buf to = {0};
	bgp_as_path_text(&to, attrs->as_path);
	buf_str(&to, ",");
	while (cursor_left(&c.standard)) {
		buf_printf(&to, " %u", cursor_u16(&c.standard));
		buf_printf(&to, ":%u", cursor_u16(&c.standard));
	}
	buf_str(&to, ",");
	while (cursor_left(&c.extended)) {
		buf_printf(&to, " %08x", cursor_u32(&c.extended));
		buf_printf(&to, "%08x", cursor_u32(&c.extended));
	}
	buf_str(&to, ",");
	while (cursor_left(&c.large)) {
		buf_printf(&to, " %u", cursor_u32(&c.large));
		buf_printf(&to, ":%u", cursor_u32(&c.large));
		buf_printf(&to, ":%u", cursor_u32(&c.large));
	}
	(void)snprintf(text, sizeof(text), "%.*s", (int)to.length, (const char *)to.data);
	buf_fini(&to);
	return text;
}

struct edited {
	struct world_route route;
	struct bgp_attrs attrs;
	struct bgp_communities communities;
	struct buf scratch;
};

static const char *
edit(const struct policy *policy, struct edited *e, const struct policy_sent *how)
{
	struct policy_sent sent = *how;
	sent.attrs = &e->route.attrs;
	sent.family = sent.family ? sent.family : IP_V4;
	policy_edit(policy, &sent, &e->attrs, &e->communities, &e->scratch);
	return e->scratch.failed ? "failed" : text_of(&e->attrs, e->communities);
}

static void
edited_fini(struct edited *e)
{
	world_route_fini(&e->route);
	buf_fini(&e->scratch);
}

struct edit_case {
	const char *communities;
	struct policy_sent sent;
	const char *expected, *text;
};

static void
cases_of(const struct policy *policy, const struct edit_case *cases, size_t count)
{
	struct edited e = {0};
	for (size_t i = 0; i < count; i++) {
		world_route(&e.route, "1000 3000", "192.0.2.10", cases[i].communities);
		is_str(edit(policy, &e, &cases[i].sent), cases[i].expected, cases[i].text);
	}
	edited_fini(&e);
}

#define CASES(cases) cases, sizeof(cases) / sizeof((cases)[0])

static void
ordinary(const struct policy *policy)
{
	static const struct edit_case cases[] = {
		{"1:1 rt:7:5 9:9:9",
		 {0},
		 "1000 3000, 1:1, 0002000700000005, 9:9:9",
		 "what is not for us passes in its order"},
		{"0:1001 64500:7 1:1 64500:0:0 9:9:9 64500:5000:1 rt:0:1001 rt:64500:1 ro:64500:1",
		 {0},
		 "1000 3000, 1:1,, 9:9:9",
		 "what is said to us is not passed on, known or not"},
		{"65535:65281 65535:65282 65535:0 65535:666",
		 {0},
		 "1000 3000, 65535:65281 65535:65282 65535:0,,",
		 "well-known communities pass (RFC 1997), but for BLACKHOLE on what is none"},
		{"65535:0 1:1",
		 {.slot = 1},
		 "1000 3000, 1:1,,",
		 "GRACEFUL_SHUTDOWN of a member for whom it is not honoured is stripped"},
		{"1:1",
		 {.stale = true},
		 "1000 3000, 1:1 65535:6,,",
		 "a route that is stale for long says so, as LLGR_STALE"},
		{"1:1 65535:6", {.stale = true}, "1000 3000, 1:1 65535:6,,", "once"},
		{"1:1",
		 {.edit = 2},
		 "1000 1000 1000 3000, 1:1,,",
		 "the announcing member's AS is prepended"},
		{"1:1", {.slot = 1, .edit = 1}, "1001 1000 3000, 1:1,,", "whoever it is"},
		{"",
		 {.edit = HUB_FIRST | 1},
		 "64500 1000 1000 3000,,,",
		 "the hub's AS stands first for those who ask"},
		{"1:1",
		 {.edit = NO_EXPORT | NO_ADVERTISE},
		 "1000 3000, 1:1 65535:65281 65535:65282,,",
		 "NO_EXPORT and NO_ADVERTISE are added"},
		{"65535:65281 1:1",
		 {.edit = NO_EXPORT},
		 "1000 3000, 65535:65281 1:1,,",
		 "once, if they are there"},
		{"64500:666:0 1:1",
		 {.facts = POLICY_FACT_BLACKHOLE},
		 "1000 3000, 1:1 65535:666 65535:65281,,",
		 "a blackhole gets BLACKHOLE and NO_EXPORT, however it was asked for"},
		{"65535:666",
		 {.facts = POLICY_FACT_BLACKHOLE},
		 "1000 3000, 65535:666 65535:65281,,",
		 "and keeps BLACKHOLE"},
		{"1:1",
		 {.reasons =
			  1 << POLICY_PREFIX_TOO_LONG | 1 << POLICY_MARTIAN | 1 << POLICY_OWN_LAN},
		 "1000 3000, 1:1,, 64500:1101:1 64500:1101:3",
		 "a tagged route tells its reasons, each code once"},
		{"1:1",
		 {.reasons = 1 << POLICY_NEXT_HOP, .refused = true, .state = 1},
		 "1000 3000, 1:1,, 64500:1101:8 64500:1101:0 64500:65524:1000 64500:1000:1 "
		 "64500:1001:2 64500:1911:7 64500:1912:47 64500:1913:586 64500:1914:142",
		 "a collector is told all that is known"},
	};
	cases_of(policy, CASES(cases));
}

/* A member's route through another of its routers says so. */
static void
routers(void)
{
	static const char text[] =
		"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
		"lans: [{name: p, ipv4: 192.0.2.0/24}]\n"
		"communities: {profile: ixp-manager, tell_members: yes}\n"
		"policy: {role: off, next_hop: same-as}\n"
		"members:\n"
		"  - {asn: 1000, name: A, kind: access,\n"
		"     ports: [{id: b, speed: 10G, ipv4: 192.0.2.11}, {id: a, speed: 10G, ipv4: "
		"192.0.2.10}],\n"
		"     sessions: [{port: a}]}\n";
	struct hub *hub = hub_of_text(text);
	struct policy *policy = world_policy(hub);
	struct policy_sent sent = {0};
	struct edited e = {0};
	world_route(&e.route, "1000", "192.0.2.10", "");
	is_str(edit(policy, &e, &sent), "1000,,, 64500:1000:3 64500:1001:2",
	       "a route by its own router");
	world_route(&e.route, "1000", "192.0.2.11", "");
	is_str(edit(policy, &e, &sent), "1000,,, 64500:1000:3 64500:1001:1200 64500:1001:2",
	       "one by another router of the member says RS:1001:1200");
	edited_fini(&e);
	policy_free(policy);
	hub_free(hub);
}

/* Patterns without P say one value each; and what the hub puts on a member's routes. */
static void
values(void)
{
	static const char text[] =
		"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
		"lans: [{name: p, ipv4: 192.0.2.0/24}]\n"
		"communities:\n"
		"  profile: none\n"
		"  tell_members: yes\n"
		"  own:\n"
		"  - {action: tell-rpki, value: 1, pattern: '64500:65012'}\n"
		"  - {action: tell-rpki, value: 4, pattern: '64500:65022'}\n"
		"  - {action: tell-irr, value: 0, pattern: '64500:65021'}\n"
		"  - {action: tell-irr, codes: arouteserver, value: 21, pattern: 'RS:21:0'}\n"
		"  - {action: tell-reason, codes: arouteserver, value: 13, pattern: 'RS:13:0'}\n"
		"  - {action: tell-rpki, codes: rfc8097, pattern: 'generic:0x43000000:P'}\n"
		"policy: {role: off, attach: ['65001:1', 'rt:65001:2']}\n"
		"members:\n"
		"  - {asn: 1000, name: A, kind: access, policy: {attach: 'RS:7:7'},\n"
		"     ports: [{id: a, speed: 10G, ipv4: 192.0.2.10}], sessions: [{port: a}]}\n"
		"  - {asn: 1001, name: B, kind: access,\n"
		"     ports: [{id: b, speed: 10G, ipv4: 192.0.2.11}], sessions: [{port: b}]}\n";
	static const struct edit_case cases[] = {
		{"1:1",
		 {.slot = 1, .state = 1},
		 "1000 3000, 1:1 65001:1 64500:65012, 0002fde900000002 4300000000000000,",
		 "a valid route has the value of valid ones"},
		{"65001:1 64500:7:7",
		 {.state = STATE(3, 5)},
		 "1000 3000, 65001:1 64500:65022 64500:65021, 0002fde900000002 4300000000000002, "
		 "64500:7:7 64500:21:0",
		 "an invalid and unregistered one others; what the hub attaches stands there once"},
		{"",
		 {.slot = 1, .reasons = 1 << POLICY_PREFIX_TOO_LONG | 1 << POLICY_NEXT_HOP},
		 "1000 3000, 65001:1, 0002fde900000002, 64500:13:0",
		 "of several reasons the one with a value; what was not checked has none in RFC "
		 "8097"},
	};
	struct hub *hub = hub_of_text(text);
	struct policy *policy = world_policy(hub);
	cases_of(policy, CASES(cases));
	struct world_route route = {0};
	struct policy_verdict verdict;
	world_route(&route, "1001", "192.0.2.11", "1:1");
	hub->communities.tell_members = false;
	struct policy *quiet = world_policy(hub);
	policy_attrs_judge(quiet, 1, IP_V4, &route.attrs, &verdict);
	ok(!verdict.plain, "a route on which the hub puts something does not go as it came");
	struct bgp_communities kept;
	struct buf storage = {0};
	world_route(&route, "1001", "192.0.2.11", "1:1 65001:1 rt:65001:2 64500:7:7 65001:2");
	ok(policy_scrub_import(policy, &route.attrs, &storage, &kept),
	   "nobody else may say what the hub puts on");
	ok(cursor_left(&kept.standard) == 8 && !cursor_left(&kept.extended) &&
		   !cursor_left(&kept.large),
	   "the rest stays");
	buf_fini(&storage);
	world_route_fini(&route);
	policy_free(quiet);
	policy_free(policy);
	hub_free(hub);
}

static void
leaving(struct hub *hub)
{
	static const struct edit_case cases[] = {
		{"1:1",
		 {0},
		 "1000 3000, 1:1 65535:0,,",
		 "before we leave all routes get GRACEFUL_SHUTDOWN"},
		{"65535:0 1:1", {.slot = 1}, "1000 3000, 65535:0 1:1,,", "once, whoever said it"},
	};
	hub->graceful_shutdown = true;
	struct policy *policy = world_policy(hub);
	cases_of(policy, CASES(cases));
	policy_free(policy);
	hub->graceful_shutdown = false;
}

static void
telling(struct hub *hub)
{
	static const struct edit_case cases[] = {
		{"1:1",
		 {.slot = 1, .state = STATE(2, 7)},
		 "1000 3000, 1:1,, 64500:65524:1001 64500:1000:2 64500:1001:1 " UNKNOWN,
		 "members are told what is known, where the hub wants that"},
		{"",
		 {.slot = 1, .state = STATE(2, 7 | POLICY_IRR_LONGER)},
		 "1000 3000,,, 64500:65524:1001 64500:1000:2 64500:1001:3 " UNKNOWN,
		 "that a route is longer than registered"},
		{"",
		 {.slot = 1, .state = STATE(2, 5)},
		 "1000 3000,,, 64500:65524:1001 64500:1000:2 64500:1001:0 " UNKNOWN,
		 "or not registered"},
	};
	hub->communities.tell_members = true;
	struct policy *policy = world_policy(hub);
	cases_of(policy, CASES(cases));
	policy_free(policy);
	static const struct edit_case less[] = {
		{"",
		 {.slot = 1, .state = STATE(2, 5)},
		 "1000 3000,,, 64500:65524:1001 64500:1001:0 "
		 "64500:1911:65535 64500:1912:65535 64500:1913:65535 64500:1914:65535",
		 "a pattern may be heard by collectors only"},
	};
	static const struct edit_case more[] = {
		{"",
		 {.slot = 1, .state = STATE(2, 5)},
		 "1000 3000,,, 64500:1000:2",
		 "or by members, where they hear nothing else"},
	};
	struct hub_community *rpki = hub->communities.in_force;
	while (rpki->action != HUB_TELL_RPKI)
		rpki++;
	rpki->heard_by = HUB_HEARD_BY_COLLECTORS;
	policy = world_policy(hub);
	cases_of(policy, CASES(less));
	policy_free(policy);
	hub->communities.tell_members = false;
	rpki->heard_by = HUB_HEARD_BY_MEMBERS;
	policy = world_policy(hub);
	cases_of(policy, CASES(more));
	policy_free(policy);
	rpki->heard_by = HUB_HEARD_USUALLY;
	hub->communities.pass_unknown_hub = true;
	static const struct edit_case passing[] = {
		{"64500:5000:1 64500:0:1001 rt:64500:1",
		 {0},
		 "1000 3000,,, 64500:5000:1",
		 "communities of ours that mean nothing may be let through"},
	};
	policy = world_policy(hub);
	cases_of(policy, CASES(passing));
	policy_free(policy);
	hub->communities.pass_unknown_hub = false;
}

static void
numbers_of_arouteserver(void)
{
	static const struct edit_case cases[] = {
		{"1:1 65520:3 64512:51 65524:7",
		 {.reasons = 1 << POLICY_NEXT_HOP | 1 << POLICY_LEAK | 1 << POLICY_LOOP,
		  .refused = true,
		  .state = STATE(1, 5 | POLICY_IRR_BY_ROA)},
		 "1000 3000, 1:1 65520:5 65520:65535 65520:0 65524:1000 64512:51 64512:10 64512:21 "
		 "64512:31, 0002fff4000003e8, 64500:65520:5 64500:65520:65535 64500:1101:8 "
		 "64500:1101:17 64500:1101:18 64500:65520:0 64500:65524:1000 64500:1000:1 "
		 "64500:64512:10 64500:64512:21 64500:64512:31",
		 "in the profile of arouteserver its numbers are told"},
	};
	static char text[sizeof(picture) + 64];
	(void)snprintf(text, sizeof(text), "%scommunities: {profile: arouteserver}\n", picture);
	struct hub *hub = hub_of_text(text);
	if (!ok(hub != NULL, "the picture is read"))
		return;
	struct policy *policy = world_policy(hub);
	cases_of(policy, CASES(cases));
	policy_free(policy);
	hub_free(hub);
}

static void
holes(struct hub *hub)
{
	struct edited e = {0};
	char text[IP_TEXT];
	ip_parse(&hub->blackhole.ipv4, "192.0.2.66");
	ip_parse(&hub->blackhole.ipv6, "2001:db8:100::66");
	hub->blackhole.no_export = false;
	hub->blackhole.by_next_hop = true;
	struct policy *policy = world_policy(hub);
	world_route(&e.route, "1000 3000", "192.0.2.10", "65535:666");
	is_str(edit(policy, &e, &(struct policy_sent){.facts = POLICY_FACT_BLACKHOLE}),
	       "1000 3000, 65535:666,,", "NO_EXPORT is left out where the hub wants that");
	is_str(ip_format(text, e.attrs.next_hop), "192.0.2.66", "the next hop discards");
	world_route(&e.route, "1000 3000", "2001:db8:100::10", "65535:666");
	e.route.attrs.link_local = e.route.attrs.next_hop;
	(void)edit(policy, &e,
		   &(struct policy_sent){.family = IP_V6, .facts = POLICY_FACT_BLACKHOLE});
	is_str(ip_format(text, e.attrs.next_hop), "2001:db8:100::66", "in IPv6 too");
	ok(e.attrs.link_local.family == IP_NONE, "without a second one");
	struct policy_verdict verdict;
	world_route(&e.route, "1000 3000", "192.0.2.66", "");
	policy_attrs_judge(policy, 0, IP_V4, &e.route.attrs, &verdict);
	ok(!verdict.refused && verdict.facts == POLICY_FACT_BLACKHOLE,
	   "that next hop asks for a blackhole by itself");
	policy_free(policy);
	hub->blackhole.by_next_hop = false;
	policy = world_policy(hub);
	policy_attrs_judge(policy, 0, IP_V4, &e.route.attrs, &verdict);
	ok(verdict.refused && !verdict.facts, "and is nobody's where the hub does not want that");
	policy_free(policy);
	hub->blackhole.ipv4 = hub->blackhole.ipv6 = (struct ip){0};
	edited_fini(&e);
}

static void
otc(struct hub *hub)
{
	static const uint8_t around[] = {0x40, 6, 0, 0xe0, 30,   1,  0xaa, 0xd0,
					 34,   0, 1, 0xbb, 0xe0, 77, 1,    0xcc};
	static const uint8_t expected[] = {0x40, 6,    0,    0xe0, 30,   1,  0xaa, 0xd0,
					   34,   0,    1,    0xbb, 0xc0, 35, 4,    0,
					   0,    0xfb, 0xf4, 0xe0, 77,   1,  0xcc};
	struct edited e = {0};
	hub->policy.role = HUB_ROLE_ON;
	for (size_t i = 0; i < hub->member_count; i++)
		hub->members[i].policy.role = i ? HUB_ROLE_OFF : HUB_ROLE_ON;
	struct policy *policy = world_policy(hub);
	world_route(&e.route, "1000 3000", "192.0.2.10", "");
	e.route.attrs.others = cursor_of(around, sizeof(around));
	(void)edit(policy, &e, &(struct policy_sent){0});
	ok(e.attrs.has_otc && e.attrs.otc.number == 64500 &&
		   cursor_left(&e.attrs.others) == sizeof(expected) &&
		   memcmp(e.attrs.others.at, expected, sizeof(expected)) == 0,
	   "OTC with the hub's AS is put in its place among the attributes (RFC 9234)");
	(void)edit(policy, &e, &(struct policy_sent){.edit = ROLE_OTHER});
	ok(!e.attrs.has_otc && cursor_left(&e.attrs.others) == sizeof(around),
	   "but not for a member without roles");
	e.route.attrs.others = (struct cursor){0};
	(void)edit(policy, &e, &(struct policy_sent){0});
	ok(cursor_left(&e.attrs.others) == 7, "it may be the only one");
	e.route.attrs.has_otc = true;
	e.route.attrs.otc.number = 7;
	(void)edit(policy, &e, &(struct policy_sent){0});
	ok(e.attrs.otc.number == 7 && !cursor_left(&e.attrs.others), "one that is there stays");
	struct policy_verdict verdict;
	e.route.attrs.has_otc = false;
	policy_attrs_judge(policy, 0, IP_V4, &e.route.attrs, &verdict);
	ok(verdict.plain && verdict.adds_otc && verdict.variant_count == 1 &&
		   verdict.variants[0].edit == ROLE_OTHER &&
		   world_has(verdict.variants[0].slots, 1),
	   "all members with roles get the same edit, those without another");
	policy_free(policy);
	hub->policy.role = HUB_ROLE_OFF;
	hub->members[0].policy.role = HUB_ROLE_OFF;
	edited_fini(&e);
}

/* A path whose first segment is full, and one that begins with a set. */
static void
segments(const struct policy *policy)
{
	static uint8_t full[2 + 4 * 255];
	static const uint8_t set[] = {1, 1, 0, 0, 0x0b, 0xb8};
	struct edited e = {0};
	full[0] = BGP_AS_SEQUENCE;
	full[1] = 254;
	e.route.attrs.as_path = cursor_of(full, 2 + 4 * 254);
	(void)edit(policy, &e, &(struct policy_sent){.edit = 1});
	ok(cursor_left(&e.attrs.as_path) == 2 + 4 * 255 && e.attrs.as_path.at[1] == 255,
	   "a segment is filled up to 255 numbers");
	(void)edit(policy, &e, &(struct policy_sent){.edit = 2});
	ok(cursor_left(&e.attrs.as_path) == 2 + 8 + 2 + 4 * 254 && e.attrs.as_path.at[1] == 2,
	   "beyond that a new one begins");
	e.route.attrs.as_path = cursor_of(set, sizeof(set));
	is_str(edit(policy, &e, &(struct policy_sent){.edit = 1}), "1000 {3000},,,",
	       "nothing is put into a set");
	e.route.attrs.as_path = (struct cursor){0};
	is_str(edit(policy, &e, &(struct policy_sent){.edit = 3}), "1000 1000 1000,,,",
	       "an empty path gets its first segment");
	edited_fini(&e);
}

static void
forging(const struct policy *policy)
{
	static const struct {
		const char *communities, *kept, *text;
	} cases[] = {
		{"64500:1000:1 64500:0:7 64500:1999:3 1001:1000:1", ",,, 64500:0:7 1001:1000:1",
		 "what the route server finds out cannot be said by members"},
		{"64500:65524:7 1:1", ", 1:1,,", "nor who announced a route"},
		{"64500:1101:3 0:7 rt:0:7", ", 0:7, 0002000000000007,", "nor why it is refused"},
	};
	struct world_route route = {0};
	struct buf storage = {0};
	struct bgp_communities kept;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		world_route(&route, "", NULL, cases[i].communities);
		ok(policy_scrub_import(policy, &route.attrs, &storage, &kept), "%s", cases[i].text);
		is_str(text_of(&route.attrs, kept), cases[i].kept, "and the others are kept");
	}
	world_route(&route, "", NULL, "0:7 64500:0:7 65535:666 64500:2000:1 64501:1000:1");
	ok(!policy_scrub_import(policy, &route.attrs, &storage, &kept),
	   "other lists are left as they are");
	buf_fini(&storage);
	world_route_fini(&route);
}

int
main(void)
{
	struct hub *hub = hub_of_text(picture);
	if (!ok(hub != NULL, "the picture is read"))
		return done_testing();
	hub->blackhole.no_export = true;
	struct policy *policy = world_policy(hub);
	ordinary(policy);
	segments(policy);
	forging(policy);
	policy_free(policy);
	values();
	routers();
	leaving(hub);
	telling(hub);
	holes(hub);
	otc(hub);
	hub_free(hub);
	numbers_of_arouteserver();
	return done_testing();
}
