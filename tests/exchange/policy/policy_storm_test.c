/* Random hubs, rules and communities: what the policy says in sets, beside a model that asks for each
 * receiver by itself, in the order in which the rules are written in the manual. */
#include "base/hash.h"
#include "exchange/policy/policy_world.h"

enum {
	MEMBERS = 70,
	WISHES_MAX = 12,
	RULES_MAX = 4,
	NO_EXPORT = 4,
	NO_ADVERTISE = 8,
	HUB_FIRST = 16,
	ROLE_OTHER = 32,
};

static uint64_t seed;

static uint32_t
random_below(uint32_t bound)
{
	seed += 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash_u64(seed) >> 33) % bound;
}

/* --- the hub --- */

static const uint16_t site_numbers[] = {7, 8, 9};
static const uint16_t metros[] = {47, 48, 47};
static const uint16_t countries[] = {586, 398, 276};
static const uint16_t continents[] = {142, 142, 150};

static struct hub *
random_hub(void)
{
	struct buf text = {0};
	buf_str(&text,
		"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
		"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
		"lans: [{name: p, ipv4: 10.0.0.0/16}]\n"
		"sites:\n"
		"  - {id: KHI, name: Karachi, country: PK, number: 7, metro: 47}\n"
		"  - {id: ALA, name: Almaty, country: KZ, number: 8, metro: 48}\n"
		"  - {id: FRA, name: Frankfurt, country: DE, number: 9, metro: 47}\n"
		"policy: {role: off, blackhole: {announce: true, ipv4_min: 8}}\n"
		"members:\n");
	static const char *const sites[] = {", site: KHI", ", site: ALA", ", site: FRA", ""};
	for (uint32_t i = 0; i < MEMBERS; i++) {
		buf_printf(&text,
			   "  - {asn: %u, name: M%u, kind: access, policy: {role: %s, blackhole: "
			   "{receive: %s}}, ports: [{id: p%u, lan: p, speed: 10G, ipv4: "
			   "10.0.1.%u%s}],",
			   1000 + i, i, random_below(4) ? "off" : "on",
			   random_below(3) ? "yes" : "no", i, i + 1, sites[random_below(4)]);
		buf_printf(&text,
			   " sessions: [{id: s%u, port: p%u, rtt_ms: %u, prepend_hub_as: %s}]}\n",
			   i, i, random_below(5) ? 1 + random_below(100) : 0,
			   random_below(4) ? "no" : "yes");
	}
	buf_u8(&text, 0);
	struct hub *hub = text.failed ? NULL : hub_of_text((const char *)text.data);
	buf_fini(&text);
	return hub;
}

static const char *const spaces[] = {"20.0.0.0/8", "20.1.0.0/16", "20.1.2.0/24", "30.0.0.0/8"};

static size_t
random_rules(struct hub_member_rule *rules)
{
	size_t count = random_below(3) ? 0 : 1 + random_below(RULES_MAX);
	for (size_t i = 0; i < count; i++) {
		rules[i] = (struct hub_member_rule){.prepend = (uint8_t)(1 + random_below(3))};
		rules[i].action = random_below(3);
		if (random_below(2))
			rules[i].peer.number = 1000 + random_below(MEMBERS);
		if (random_below(2))
			prefix_parse(&rules[i].prefix, spaces[random_below(4)]);
	}
	return count;
}

/* --- the model --- */

struct wish {
	enum hub_community_action action;
	uint32_t p;
	uint8_t number;
};

static const struct {
	enum hub_community_action action;
	uint32_t function;
	bool by_number; /* function + number */
} functions[] = {
	{HUB_DO_NOT_ANNOUNCE_TO, 0, false},
	{HUB_ANNOUNCE_TO, 1, false},
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, false},
	{HUB_PREPEND_TO_ANY, 100, true},
	{HUB_PREPEND_TO, 100, true},
	{HUB_NO_PREPEND_TO, 100, false},
	{HUB_NO_EXPORT_TO_ANY, 65281, false},
	{HUB_NO_EXPORT_TO, 65281, false},
	{HUB_NO_ADVERTISE_TO, 65282, false},
	{HUB_DO_NOT_ANNOUNCE_SLOWER, 2, false},
	{HUB_DO_NOT_ANNOUNCE_FASTER, 3, false},
	{HUB_ANNOUNCE_SLOWER, 4, false},
	{HUB_ANNOUNCE_FASTER, 5, false},
	{HUB_PREPEND_SLOWER, 110, true},
	{HUB_PREPEND_FASTER, 120, true},
	{HUB_ANNOUNCE_SITE, 911, false},
	{HUB_ANNOUNCE_METRO, 912, false},
	{HUB_ANNOUNCE_COUNTRY, 913, false},
	{HUB_ANNOUNCE_CONTINENT, 914, false},
	{HUB_DO_NOT_ANNOUNCE_SITE, 921, false},
	{HUB_DO_NOT_ANNOUNCE_METRO, 922, false},
	{HUB_DO_NOT_ANNOUNCE_COUNTRY, 923, false},
	{HUB_DO_NOT_ANNOUNCE_CONTINENT, 924, false},
};

enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

static uint32_t
random_p(enum hub_community_action action)
{
	uint32_t at = random_below(3);
	switch (action) {
	case HUB_DO_NOT_ANNOUNCE_TO_ANY:
	case HUB_PREPEND_TO_ANY:
	case HUB_NO_EXPORT_TO_ANY:
		return 0;
	case HUB_DO_NOT_ANNOUNCE_SITE:
	case HUB_ANNOUNCE_SITE:
		return site_numbers[at];
	case HUB_DO_NOT_ANNOUNCE_METRO:
	case HUB_ANNOUNCE_METRO:
		return metros[at];
	case HUB_DO_NOT_ANNOUNCE_COUNTRY:
	case HUB_ANNOUNCE_COUNTRY:
		return countries[at];
	case HUB_DO_NOT_ANNOUNCE_CONTINENT:
	case HUB_ANNOUNCE_CONTINENT:
		return continents[at];
	default:
		if (action >= HUB_DO_NOT_ANNOUNCE_SLOWER && action <= HUB_PREPEND_FASTER)
			return random_below(110);
		return 1000 + random_below(MEMBERS + 3);
	}
}

static size_t
random_wishes(struct wish *wishes, struct buf *text)
{
	size_t count = random_below(4) ? random_below(WISHES_MAX) : 0;
	buf_clear(text);
	for (size_t i = 0; i < count; i++) {
		uint32_t row = random_below(FUNCTIONS);
		wishes[i] = (struct wish){functions[row].action, random_p(functions[row].action),
					  (uint8_t)(1 + random_below(3))};
		uint32_t function =
			functions[row].function + (functions[row].by_number ? wishes[i].number : 0);
		buf_printf(text, "%s64500:%u:%u", i ? " " : "", function, wishes[i].p);
	}
	buf_u8(text, 0);
	return count;
}

static bool
is_at(const struct hub *hub, const struct hub_session *session, unsigned kind, uint32_t number)
{
	uint32_t site = hub->ports[session->port].site;
	const uint16_t *const tables[] = {site_numbers, metros, countries, continents};
	return site != HUB_NONE && tables[kind][site] == number;
}

static bool
speaks_of(const struct hub *hub, const struct hub_session *to, const struct wish *wish)
{
	switch (wish->action) {
	case HUB_DO_NOT_ANNOUNCE_TO_ANY:
	case HUB_PREPEND_TO_ANY:
	case HUB_NO_EXPORT_TO_ANY:
		return true;
	case HUB_DO_NOT_ANNOUNCE_SLOWER:
	case HUB_ANNOUNCE_SLOWER:
	case HUB_PREPEND_SLOWER:
		return to->rtt_ms && to->rtt_ms > wish->p;
	case HUB_DO_NOT_ANNOUNCE_FASTER:
	case HUB_ANNOUNCE_FASTER:
	case HUB_PREPEND_FASTER:
		return to->rtt_ms && to->rtt_ms <= wish->p;
	default:
		if (wish->action >= HUB_DO_NOT_ANNOUNCE_SITE)
			return is_at(hub, to, (wish->action - HUB_DO_NOT_ANNOUNCE_SITE) / 2,
				     wish->p);
		return hub->members[to->member].asn.number == wish->p;
	}
}

/* From what weighs most to what weighs least; the first that is said of the receiver decides. */
static bool
wanted(const struct hub *hub, const struct hub_session *to, const struct wish *wishes, size_t count)
{
	static const enum hub_community_action order[][3] = {
		{HUB_DO_NOT_ANNOUNCE_TO, HUB_DO_NOT_ANNOUNCE_TO, false},
		{HUB_ANNOUNCE_TO, HUB_ANNOUNCE_TO, true},
		{HUB_DO_NOT_ANNOUNCE_SLOWER, HUB_DO_NOT_ANNOUNCE_FASTER, false},
		{HUB_ANNOUNCE_SLOWER, HUB_ANNOUNCE_FASTER, true},
		{HUB_DO_NOT_ANNOUNCE_SITE, HUB_DO_NOT_ANNOUNCE_SITE, false},
		{HUB_ANNOUNCE_SITE, HUB_ANNOUNCE_SITE, true},
		{HUB_DO_NOT_ANNOUNCE_METRO, HUB_DO_NOT_ANNOUNCE_METRO, false},
		{HUB_ANNOUNCE_METRO, HUB_ANNOUNCE_METRO, true},
		{HUB_DO_NOT_ANNOUNCE_COUNTRY, HUB_DO_NOT_ANNOUNCE_COUNTRY, false},
		{HUB_ANNOUNCE_COUNTRY, HUB_ANNOUNCE_COUNTRY, true},
		{HUB_DO_NOT_ANNOUNCE_CONTINENT, HUB_DO_NOT_ANNOUNCE_CONTINENT, false},
		{HUB_ANNOUNCE_CONTINENT, HUB_ANNOUNCE_CONTINENT, true},
		{HUB_DO_NOT_ANNOUNCE_TO_ANY, HUB_DO_NOT_ANNOUNCE_TO_ANY, false},
	};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = 0; j < count; j++)
			if (wishes[j].action >= order[i][0] && wishes[j].action <= order[i][1] &&
			    speaks_of(hub, to, &wishes[j]))
				return order[i][2];
	return true;
}

/* The smallest count of the weightiest kind: one peer, the further away the sooner, the nearer, all. */
static unsigned
prepends(const struct hub *hub, const struct hub_session *to, const struct wish *wishes,
	 size_t count)
{
	unsigned best_level = 0, times = 0;
	for (size_t i = 0; i < count; i++) {
		enum hub_community_action a = wishes[i].action;
		unsigned level = a == HUB_PREPEND_TO || a == HUB_NO_PREPEND_TO ? 400000
				 : a == HUB_PREPEND_SLOWER ? 200000 + wishes[i].p
				 : a == HUB_PREPEND_FASTER ? 100000 - wishes[i].p
				 : a == HUB_PREPEND_TO_ANY ? 1
							   : 0;
		unsigned number = a == HUB_NO_PREPEND_TO ? 0 : wishes[i].number;
		if (!level || level < best_level || !speaks_of(hub, to, &wishes[i]))
			continue;
		times = level > best_level || number < times ? number : times;
		best_level = level;
	}
	return times;
}

static const struct hub_member_rule *
deciding(const struct hub_member_rule *rules, size_t count, struct asn peer, struct prefix prefix)
{
	for (size_t i = 0; i < count; i++)
		if ((!rules[i].peer.number || rules[i].peer.number == peer.number) &&
		    (rules[i].prefix.ip.family == IP_NONE ||
		     prefix_covers(rules[i].prefix, prefix)))
			return &rules[i];
	return NULL;
}

struct expected {
	bool hears;
	uint32_t edit;
};

static struct expected
expect(const struct hub *hub, uint32_t sender, uint32_t receiver, struct prefix prefix,
       const struct wish *wishes, size_t count, bool blackhole)
{
	const struct hub_session *to = &hub->sessions[receiver];
	const struct hub_member *from = &hub->members[hub->sessions[sender].member];
	const struct hub_member *other = &hub->members[to->member];
	const struct hub_member_rule *out =
		deciding(from->announce, from->announce_count, other->asn, prefix);
	const struct hub_member_rule *in =
		deciding(other->receive, other->receive_count, from->asn, prefix);
	struct expected e = {.hears = from != other && wanted(hub, to, wishes, count)};
	unsigned times = prepends(hub, to, wishes, count);
	for (int i = 0; i < 2; i++) {
		const struct hub_member_rule *rule = i ? in : out;
		if (rule && rule->action == HUB_RULE_DENY)
			e.hears = false;
		if (rule && rule->action == HUB_RULE_PREPEND && rule->prepend > times)
			times = rule->prepend;
	}
	if (blackhole && !other->policy.blackhole.receive)
		e.hears = false;
	e.edit = times | (to->prepend_hub_as ? HUB_FIRST : 0) |
		 (other->policy.role != HUB_ROLE_OFF ? ROLE_OTHER : 0);
	for (size_t i = 0; i < count; i++) {
		if (!speaks_of(hub, to, &wishes[i]))
			continue;
		if (wishes[i].action == HUB_NO_EXPORT_TO_ANY ||
		    wishes[i].action == HUB_NO_EXPORT_TO)
			e.edit |= NO_EXPORT;
		if (wishes[i].action == HUB_NO_ADVERTISE_TO)
			e.edit |= NO_ADVERTISE;
	}
	return e;
}

/* --- side by side --- */

static bool
disjoint(const struct policy_variant *variants, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			for (unsigned slot = 0; slot < MEMBERS; slot++)
				if (world_has(variants[i].slots, slot) &&
				    world_has(variants[j].slots, slot))
					return false;
	return true;
}

/* One route of many prefixes: false at the first difference. */
static bool
same(struct policy *policy, const struct hub *hub, uint32_t sender, struct world_route *route,
     const struct wish *wishes, size_t count)
{
	static const char *const prefixes[] = {"20.1.2.0/24", "20.1.0.0/16", "20.2.0.0/16",
					       "30.1.0.0/16", "40.0.0.0/8",  "20.1.2.0/24"};
	enum { PREFIXES = 6 };
	struct policy_verdict v;
	struct policy_mark marks[PREFIXES];
	struct prefix parsed[PREFIXES];
	policy_attrs_judge(policy, sender, IP_V4, &route->attrs, &v);
	uint64_t receivers[2] = {v.receivers[0], v.receivers[1]};
	uint32_t edits[MEMBERS];
	for (uint32_t i = 0; i < MEMBERS; i++)
		edits[i] = world_edit(v.variants, v.variant_count, i);
	bool good = disjoint(v.variants, v.variant_count);
	struct policy_route asked = {.facts = v.facts, .attrs = &route->attrs};
	for (size_t i = 0; i < PREFIXES; i++)
		prefix_parse(&parsed[i], prefixes[i]);
	policy_paths_judge(policy, sender, &asked, parsed, PREFIXES, marks);
	for (size_t k = 0; k < PREFIXES; k++) {
		good &= disjoint(marks[k].variants, marks[k].variant_count);
		for (uint32_t i = 0; i < MEMBERS; i++) {
			struct expected e = expect(hub, sender, i, parsed[k], wishes, count,
						   v.facts & POLICY_FACT_BLACKHOLE);
			bool hears = world_has(receivers, i) &&
				     !(marks[k].except && world_has(marks[k].except, i));
			uint32_t edit =
				marks[k].variant_count
					? world_edit(marks[k].variants, marks[k].variant_count, i)
					: edits[i];
			if (hears == e.hears && (!hears || edit == e.edit))
				continue;
			printf("# from %u to %u, %s: hears %d edit %u, expected %d %u\n",
			       1000 + sender, 1000 + i, prefixes[k], hears, edit, e.hears, e.edit);
			return false;
		}
	}
	return good;
}

static bool
storm(uint64_t number)
{
	static struct hub_member_rule rules[2][MEMBERS][RULES_MAX];
	seed = number * 1000003;
	struct hub *hub = random_hub();
	if (!hub)
		return false;
	bool with_rules = number % 3;
	for (uint32_t i = 0; i < MEMBERS && with_rules; i++) {
		struct hub_member *member = &hub->members[i];
		member->announce = rules[0][i];
		member->announce_count = random_rules(rules[0][i]);
		member->receive = rules[1][i];
		member->receive_count = number % 3 == 2 ? random_rules(rules[1][i]) : 0;
	}
	struct policy *policy = world_policy(hub);
	struct world_route route = {0};
	struct buf text = {0};
	bool good = policy != NULL;
	for (unsigned i = 0; i < 60 && good; i++) {
		struct wish wishes[WISHES_MAX];
		uint32_t sender = random_below(MEMBERS);
		size_t count = random_wishes(wishes, &text);
		char path[16], next_hop[16], all[1024];
		(void)snprintf(path, sizeof(path), "%u 3000", 1000 + sender);
		(void)snprintf(next_hop, sizeof(next_hop), "10.0.1.%u", sender + 1);
		(void)snprintf(all, sizeof(all), "%s%s%s", random_below(5) ? "" : "65535:666",
			       count ? " " : "", (const char *)text.data);
		world_route(&route, path, next_hop, all[0] == ' ' ? all + 1 : all);
		good = same(policy, hub, sender, &route, wishes, count);
		if (!good)
			printf("# seed %llu, communities %s\n", (unsigned long long)number, all);
	}
	buf_fini(&text);
	world_route_fini(&route);
	policy_free(policy);
	hub_free(hub);
	return good;
}

int
main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	uint64_t last = argc > 1 ? first : 199;
	bool good = true;
	for (uint64_t number = first; number <= last && good; number++)
		good = storm(number);
	ok(good,
	   "whatever is asked and ruled, each receiver has what a model of one receiver says");
	return done_testing();
}
