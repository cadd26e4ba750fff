/* Who hears a route, and in which form: communities in all profiles, members' rules, and sets beside
 * a model that asks for each receiver by itself. */
#include "exchange/policy/policy_world.h"

/* What edits are made of; see policy_private.h. */
enum { NO_EXPORT = 4, NO_ADVERTISE = 8, HUB_FIRST = 16 };

/* Session i is that of the member of row i; the route comes from the first. */
enum { FROM, FAR, NEAR, WIDE, TWICE, TWICE_TOO, NOWHERE, SESSIONS };

static const char *const names[] = {"1000", "1001", "1002", "4200000003", "1004", "1004b", "1005"};

/* %s: hub's AS, the profile, rules of the first member. */
static const char picture[] =
	"hub: {name: T, short_name: T, asn: %s, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"sites:\n"
	"  - {id: KHI, name: Karachi, country: PK, number: 7, metro: 47}\n"
	"  - {id: ALA, name: Almaty, country: KZ, number: 8, metro: 48}\n"
	"  - {id: FRA, name: Frankfurt, country: DE, number: 9, metro: 49}\n"
	"policy: {role: off, blackhole: {announce: true}, allow_asns: [4200000003]}\n"
	"communities: {profile: %s%s}\n"
	"members:\n"
	"  - {asn: 1000, name: A, kind: access%s, ports: [{id: a, lan: p, site: KHI, speed: 10G, "
	"ipv4: "
	"192.0.2.10}], sessions: [{port: a, rtt_ms: 1}]}\n"
	"  - {asn: 1001, name: B, kind: access%s, ports: [{id: b, lan: p, site: FRA, speed: 10G, "
	"ipv4: "
	"192.0.2.11}], sessions: [{port: b, rtt_ms: 120}]}\n"
	"  - {asn: 1002, name: C, kind: access, policy: {blackhole: {receive: false}}, ports: "
	"[{id: "
	"c, lan: p, site: KHI, speed: 10G, ipv4: 192.0.2.12}], sessions: [{port: c, rtt_ms: 2}]}\n"
	"  - {asn: 4200000003, name: D, kind: access, ports: [{id: d, lan: p, site: ALA, speed: "
	"10G, "
	"ipv4: 192.0.2.13}], sessions: [{port: d, rtt_ms: 60}]}\n"
	"  - {asn: 1004, name: E, kind: access, ports: [{id: e, lan: p, site: ALA, speed: 10G, "
	"ipv4: "
	"192.0.2.14}, {id: f, lan: p, site: KHI, speed: 10G, ipv4: 192.0.2.15}], sessions: [{id: "
	"e1, "
	"port: e, rtt_ms: 50}, {id: e2, port: f, rtt_ms: 3}]}\n"
	"  - {asn: 1005, name: F, kind: access, ports: [{id: g, lan: p, speed: 10G, ipv4: "
	"192.0.2.16}], sessions: [{port: g}]}\n";

struct setting {
	const char *asn, *profile, *communities, *first, *second;
};

static struct policy *
policy_of(struct setting s)
{
	static char text[8192];
	(void)snprintf(text, sizeof(text), picture, s.asn ? s.asn : "64500",
		       s.profile ? s.profile : "euro-ix", s.communities ? s.communities : "",
		       s.first ? s.first : "", s.second ? s.second : "");
	struct hub *hub = hub_of_text(text);
	if (!hub)
		return NULL;
	struct policy *policy = world_policy(hub);
	hub_free(hub);
	return policy;
}

/* "1001 1002*2 1005!e": who hears it, prepended how often, !e NO_EXPORT, !a NO_ADVERTISE. */
static void
put_receiver(struct buf *to, unsigned slot, uint32_t edit)
{
	buf_printf(to, "%s%s", to->length ? " " : "", names[slot]);
	if (edit & 3)
		buf_printf(to, "*%u", edit & 3);
	if (edit & (NO_EXPORT | NO_ADVERTISE | HUB_FIRST))
		buf_printf(to, "!%s%s%s", edit & NO_EXPORT ? "e" : "",
			   edit & NO_ADVERTISE ? "a" : "", edit & HUB_FIRST ? "h" : "");
}

static void
hearers(struct policy *policy, const char *communities, struct buf *to)
{
	struct world_route route = {0};
	struct policy_verdict v;
	world_route(&route, "1000 3000", "192.0.2.10", communities);
	policy_attrs_judge(policy, FROM, IP_V4, &route.attrs, &v);
	buf_clear(to);
	for (unsigned slot = 0; slot < SESSIONS; slot++)
		if (world_has(v.receivers, slot))
			put_receiver(to, slot, world_edit(v.variants, v.variant_count, slot));
	buf_u8(to, 0);
	world_route_fini(&route);
}

struct audience_case {
	const char *communities, *hear, *text;
};

static void
cases_of(const char *what, struct setting setting, const struct audience_case *cases, size_t count)
{
	struct policy *policy = policy_of(setting);
	struct buf got = {0};
	if (!ok(policy != NULL, "%s: the picture is compiled", what))
		return;
	for (size_t i = 0; i < count; i++) {
		hearers(policy, cases[i].communities, &got);
		is_str((const char *)got.data, cases[i].hear, cases[i].text);
	}
	buf_fini(&got);
	policy_free(policy);
}

#define ALL          "1001 1002 4200000003 1004 1004b 1005"
#define CASES(cases) cases, sizeof(cases) / sizeof((cases)[0])

static void
euro_ix(void)
{
	static const struct audience_case cases[] = {
		{"", ALL, "without a word everybody hears, but the sender"},
		{"0:1001", "1002 4200000003 1004 1004b 1005", "0:P is not for P"},
		{"0:1004", "1001 1002 4200000003 1005", "nor for any of its sessions"},
		{"0:64500", "", "0:RS is for nobody"},
		{"0:64500 64500:1001", "1001", "but for those named by RS:P"},
		{"0:64500 64500:1001 0:1001", "", "not to P weighs more than to P"},
		{"64500:1001", ALL, "RS:P alone takes nobody away"},
		{"64500:64500 0:64500", "", "RS:RS is the default, and loses to nobody"},
		{"64500:0:1001", "1002 4200000003 1004 1004b 1005", "large RS:0:P is not for P"},
		{"64500:0:0 64500:1:4200000003", "4200000003",
		 "large communities name 4-octet peers"},
		{"rt:0:4200000003", "1001 1002 1004 1004b 1005", "and so do extended ones"},
		{"rt:0:64500 rt:64500:4200000003", "4200000003", "to none, and only to one"},
		{"64500:0:0 64500:1001 rt:64500:1002", "1001 1002", "all forms are OR-ed"},
		{"64501:0:1001 64501:1001 1:64500", ALL, "others' communities mean nothing"},
		{"64500:101:0", "1001*1 1002*1 4200000003*1 1004*1 1004b*1 1005*1",
		 "prepended once to all"},
		{"64500:103:0 64500:102:0", "1001*2 1002*2 4200000003*2 1004*2 1004b*2 1005*2",
		 "of two counts the smaller holds"},
		{"64500:103:0 64500:101:1001 65512:1002",
		 "1001*1 1002*2 4200000003*3 1004*3 1004b*3 1005*3",
		 "what is said of one weighs more"},
		{"64500:103:0 64500:100:1001", "1001 1002*3 4200000003*3 1004*3 1004b*3 1005*3",
		 "a prepend is undone for one"},
		{"64500:103:1001 64500:101:1001", "1001*1 1002 4200000003 1004 1004b 1005",
		 "of two counts for one the smaller holds"},
		{"64500:65281:0", "1001!e 1002!e 4200000003!e 1004!e 1004b!e 1005!e",
		 "NO_EXPORT is added for all"},
		{"65281:1001 64500:65282:1002", "1001!e 1002!a 4200000003 1004 1004b 1005",
		 "NO_EXPORT for one, NO_ADVERTISE for another"},
		{"64500:101:1001 64500:65281:1001", "1001*1!e 1002 4200000003 1004 1004b 1005",
		 "both at once"},
		{"64500:2:50", "1002 1004 1004b 1005",
		 "RS:2:ms: not to those further away; the threshold itself is near, the unknown is "
		 "not meant"},
		{"64500:3:50", "1001 4200000003 1005",
		 "RS:3:ms: not to those nearer, and the threshold itself is"},
		{"64500:2:50 64500:1:1001", "1001 1002 1004 1004b 1005",
		 "a peer by name weighs more than time"},
		{"64500:0:0 64500:5:10", "1002 1004b", "to nobody but the near ones"},
		{"64500:0:0 64500:5:100 64500:2:55", "1002 1004 1004b",
		 "not to weighs more than to"},
		{"64500:112:55 64500:101:0", "1001*2 1002*1 4200000003*2 1004*1 1004b*1 1005*1",
		 "prepends by time weigh more than those to all"},
		{"64500:112:55 64500:100:1001", "1001 1002 4200000003*2 1004 1004b 1005",
		 "and less than those to one"},
		{"64500:921:7", "1001 4200000003 1004 1005", "not to a site"},
		{"64500:0:0 64500:913:398", "4200000003 1004", "only to a country"},
		{"64500:924:142", "1001 1005", "not to a continent: the unknown is not meant"},
		{"64500:924:142 64500:911:7", "1001 1002 1004b 1005", "but to a site on it"},
		{"64500:922:49 64500:1:1001", ALL, "a peer by name weighs more than its place"},
		{"64500:922:49 64500:5:200", "1001 1002 4200000003 1004 1004b 1005",
		 "so does time"},
		{"65535:666", "1001 4200000003 1004 1004b 1005",
		 "a blackhole goes to those who take them"},
		{"65535:666 0:1001", "4200000003 1004 1004b 1005", "and to whom the sender wants"},
	};
	cases_of("Euro-IX", (struct setting){0}, CASES(cases));
}

static void
other_profiles(void)
{
	static const struct audience_case arouteserver[] = {
		{"0:1001", "1002 4200000003 1004 1004b 1005", "arouteserver: not to P"},
		{"0:64500 64500:1:1001", "1001", "only to P"},
		{"65501:64500 65513:1001", "1001*3 1002*1 4200000003*1 1004*1 1004b*1 1005*1",
		 "prepends, one weighs more than all"},
		{"64500:103:1001 64500:102:1001", "1001*2 1002 4200000003 1004 1004b 1005",
		 "twice before thrice"},
	};
	static const struct audience_case ixp_manager[] = {
		{"64500:103:0 64500:101:0", "1001*3 1002*3 4200000003*3 1004*3 1004b*3 1005*3",
		 "IXP Manager: the highest count holds"},
		{"64500:103:1001 64500:101:1001", "1001*3 1002 4200000003 1004 1004b 1005",
		 "for one peer too"},
		{"64500:103:0 64500:100:1001", "1001 1002*3 4200000003*3 1004*3 1004b*3 1005*3",
		 "and is undone for one"},
		{"0:64500", "", "standard communities hold for peers with long numbers as well"},
		{"0:1001 64500:1:1001", ALL, "a large one weighs more: to P"},
		{"0:64500 0:1002 64500:1:0", ALL, "to everybody"},
		{"0:1002 64500:0:0 64500:1:1001", "1001", "to nobody else"},
		{"64500:1001 64500:0:1001", "1002 4200000003 1004 1004b 1005", "not to P"},
		{"64500:1:0 64500:0:0", "", "among large ones not weighs more than to"},
		{"64500:64500 0:64500", "", "and so it does among standard ones"},
	};
	static const struct audience_case de_cix[] = {
		{"64500:65281", "1001!e 1002!e 4200000003!e 1004!e 1004b!e 1005!e",
		 "DE-CIX: RS:65281 adds NO_EXPORT"},
		{"0:64500 64500:911:7", "1002 1004b", "only to a site"},
	};
	static const struct audience_case long_hub[] = {
		{"0:65534 65534:1001", "1001", "a hub of 32 bits: 65534 stands for it"},
		{"4200000500:0:1001", "1002 4200000003 1004 1004b 1005", "large ones have its own"},
		{"0:1001", "1002 4200000003 1004 1004b 1005", "0:P needs no number of the hub's"},
	};
	static const struct audience_case none[] = {
		{"0:1001 64500:0:0", ALL, "no profile: nothing means anything"},
		{"7:1001", "1002 4200000003 1004 1004b 1005", "but what is written down"},
	};
	cases_of("arouteserver", (struct setting){.profile = "arouteserver"}, CASES(arouteserver));
	cases_of("IXP Manager", (struct setting){.profile = "ixp-manager"}, CASES(ixp_manager));
	cases_of("DE-CIX", (struct setting){.profile = "de-cix"}, CASES(de_cix));
	cases_of("32 bits", (struct setting){.asn = "4200000500", .profile = "de-cix"},
		 CASES(long_hub));
	cases_of("none",
		 (struct setting){.profile = "none",
				  .communities = ", own: [{action: do-not-announce-to, pattern: "
						 "\"7:P\"}]"},
		 CASES(none));
}

/* --- round-trip times that are measured --- */

static void
measured(void)
{
	struct policy *policy = policy_of((struct setting){0});
	struct buf got = {0};
	if (!ok(policy != NULL, "the picture is compiled"))
		return;
	ok(!policy_rtt(policy, NOWHERE, 40),
	   "as long as nobody asks for times, they change nothing");
	is_int(policy_rtt_of(policy, NOWHERE), 40, "but they are known");
	hearers(policy, "64500:2:50", &got);
	is_str((const char *)got.data, "1002 1004 1004b 1005",
	       "not to those further away than 50 ms");
	ok(!policy_rtt(policy, NOWHERE, 49), "nearer than the threshold still");
	ok(policy_rtt(policy, NOWHERE, 60), "a threshold that somebody asks for is passed");
	hearers(policy, "64500:2:50", &got);
	is_str((const char *)got.data, "1002 1004 1004b", "and it hears it no more");
	ok(!policy_rtt(policy, NOWHERE, 66) && policy_rtt_of(policy, NOWHERE) == 60,
	   "what wavers is ignored");
	ok(!policy_rtt(policy, NOWHERE, 500), "so is what passes no threshold");
	ok(policy_rtt(policy, NOWHERE, 20), "and back");
	ok(!policy_rtt(policy, FAR, 1) && policy_rtt_of(policy, FAR) == 120,
	   "a time in the hub file wins over measurements");
	ok(!policy_rtt(policy, NOWHERE, 0), "0 is no measurement");
	buf_fini(&got);
	policy_free(policy);
}

/* --- RFC 8950, and our AS in front --- */

static void
receivers_own(void)
{
	static char text[8192];
	(void)snprintf(text, sizeof(text), picture, "64500", "euro-ix", "", "", "");
	struct hub *hub = hub_of_text(text);
	if (!ok(hub != NULL, "the picture is read"))
		return;
	for (uint32_t i = 0; i < SESSIONS; i++)
		hub->sessions[i].extended_next_hop = i == FROM || i == NEAR || i == WIDE;
	hub->sessions[WIDE].prepend_hub_as = true;
	struct policy *policy = world_policy(hub);
	struct world_route route = {0};
	struct policy_verdict v;
	world_route(&route, "1000 3000", "2001:db8:100::10", "");
	policy_attrs_judge(policy, FROM, IP_V4, &route.attrs, &v);
	ok(v.reasons == (uint64_t)1 << POLICY_NEXT_HOP, "an IPv6 next hop must be the member's");
	hub->ports[0].ipv6 = route.attrs.next_hop;
	policy_free(policy);
	policy = world_policy(hub);
	policy_attrs_judge(policy, FROM, IP_V4, &route.attrs, &v);
	ok(!v.refused && v.receivers[0] == (1u << NEAR | 1u << WIDE),
	   "an IPv4 route with one goes to those who understand it (RFC 8950)");
	ok(world_edit(v.variants, v.variant_count, WIDE) == HUB_FIRST &&
		   world_edit(v.variants, v.variant_count, NEAR) == 0,
	   "the hub's AS stands first for a receiver that asks for it");
	world_route_fini(&route);
	policy_free(policy);
	hub_free(hub);
}

int
main(void)
{
	euro_ix();
	other_profiles();
	measured();
	receivers_own();
	return done_testing();
}
