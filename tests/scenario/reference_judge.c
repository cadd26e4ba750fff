/* The reference's view of one route: whether it is in order, from the hub file and what the world says. */
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "scenario/reference.h"

/* --- taken apart --- */

/* A large community that comes twice counts once (RFC 8092 section 5). */
static bool
is_new(const uint32_t *parts, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(parts + i * size, parts + count * size, size * sizeof(*parts)) == 0)
			return false;
	return true;
}

static size_t
parts_of(uint32_t *out, size_t parts, const char *words, const char *field)
{
	char text[ROUTE_FIELD_MAX], *rest = NULL;
	size_t count = 0;
	if (!route_field(text, words, field))
		return 0;
	for (char *word = strtok_r(text, " ", &rest); word && count < REFERENCE_WORDS;
	     word = strtok_r(NULL, " ", &rest)) {
		for (size_t i = 0; i < parts; i++) {
			out[count * parts + i] = (uint32_t)strtoul(word, &word, 10);
			word += *word == ':';
		}
		count += parts < 3 || is_new(out, parts, count);
	}
	return count;
}

static void
take_apart(struct reference_route *r)
{
	char text[ROUTE_FIELD_MAX];
	r->path[0] = r->from->asn.number;
	r->hops = 1;
	if (route_field(text, r->words, "path")) {
		r->hops = 0;
		for (char *at = text; *at && r->hops < REFERENCE_HOPS; at += *at == ' ')
			r->path[r->hops++] = (uint32_t)strtoul(at, &at, 10);
	}
	if (route_field(text, r->words, "med"))
		r->med = (uint32_t)strtoul(text, NULL, 10);
	r->otc = route_field(text, r->words, "attribute") && strncmp(text, "35 ", 3) == 0;
	r->standard_count = parts_of(&r->standard[0][0], 2, r->words, "community");
	r->large_count = parts_of(&r->large[0][0], 3, r->words, "large");
}

bool
reference_has(const struct reference_route *r, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < r->standard_count; i++)
		if (r->standard[i][0] == a && r->standard[i][1] == b)
			return true;
	return false;
}

bool
reference_has_large(const struct reference_route *r, uint32_t a, uint32_t b, uint32_t c)
{
	for (size_t i = 0; i < r->large_count; i++)
		if (r->large[i][0] == a && r->large[i][1] == b && r->large[i][2] == c)
			return true;
	return false;
}

/* --- judged --- */

static uint64_t
bit(unsigned reason)
{
	return (uint64_t)1 << reason;
}

static bool
is_blocked(const struct hub_policy *policy, struct prefix prefix)
{
	for (size_t i = 0; i < policy->blocked_count; i++)
		if (prefix_covers(policy->blocked[i].prefix, prefix) &&
		    prefix.length >= policy->blocked[i].min_length &&
		    prefix.length <= policy->blocked[i].max_length)
			return true;
	return false;
}

/* 1 valid, 2 unknown, 3 not checked, 4 invalid; *own: a ROA of the origin covers it, whatever its length. */
static unsigned
rpki_of(const struct reference_world *world, const struct reference_route *r, bool *own)
{
	uint32_t origin = r->path[r->hops - 1];
	bool covered = false, valid = false;
	*own = false;
	if (!world || !world->rpki)
		return 3;
	for (size_t i = 0; i < world->roa_count; i++) {
		const struct reference_roa *roa = &world->roas[i];
		if (!prefix_covers(roa->prefix, r->prefix))
			continue;
		covered = true;
		*own |= roa->asn == origin;
		valid |= roa->asn == origin && r->prefix.length <= roa->max_length;
	}
	return valid ? 1 : covered ? 4 : 2;
}

static const struct reference_registered *
registered_for(const struct reference_world *world, uint32_t asn)
{
	for (size_t i = 0; i < world->registered_count; i++)
		if (world->registered[i].member == asn)
			return &world->registered[i];
	return NULL;
}

/* What the registries say: judges, and returns whether the space is the member's. */
static bool
judge_irr(const struct reference_world *world, struct reference_route *r, bool *own_roa)
{
	const struct hub_policy *policy = &r->member->policy;
	const struct reference_registered *known = registered_for(world, r->from->asn.number);
	bool origin = false, exact = false, inside = false;
	bool asked =
		policy->rov != HUB_CHECK_OFF || policy->rov_unknown || policy->irr.roas_are_routes;
	bool others = asked && r->rpki == 4 && !*own_roa; /* there are ROAs, and none of this AS */
	for (size_t i = 0; known && i < known->origin_count; i++)
		origin |= known->origins[i] == r->path[r->hops - 1];
	for (size_t i = 0; known && i < known->prefix_count; i++) {
		exact |= prefix_equal(known->prefixes[i], r->prefix);
		inside |= prefix_covers(known->prefixes[i], r->prefix);
	}
	*own_roa = *own_roa && (origin || r->path[r->hops - 1] == r->from->asn.number);
	bool has = exact || (inside && (policy->irr.longer || r->blackhole));
	bool by_roa = !has && policy->irr.roas_are_routes && r->rpki == 1 && origin;
	r->irr = !(has || by_roa) || !origin ? 0 : !exact && !by_roa ? 3 : 1;
	if (policy->irr.origin != HUB_CHECK_OFF && !origin)
		r->reasons |= bit(POLICY_IRR_ORIGIN);
	if (policy->irr.prefix != HUB_CHECK_OFF && !r->blackhole && !has && !by_roa)
		r->reasons |= bit(POLICY_IRR_PREFIX) | (others ? bit(POLICY_OTHER_ORIGIN) : 0);
	return has || by_roa;
}

static void
judge_prefix(const struct reference_world *world, struct reference_route *r)
{
	const struct hub_policy *policy = &r->member->policy;
	bool v4 = r->prefix.ip.family == IP_V4, own_roa, own = false;
	bool irr = policy->irr.origin != HUB_CHECK_OFF || policy->irr.prefix != HUB_CHECK_OFF;
	irr = world && world->registry && (irr || r->blackhole);
	if (is_blocked(policy, r->prefix))
		r->reasons |= bit(POLICY_BLOCKED);
	r->rpki = rpki_of(world, r, &own_roa);
	r->irr = 2;
	if (irr)
		own = judge_irr(world, r, &own_roa);
	if (r->blackhole) {
		unsigned shortest = v4 ? policy->blackhole.ipv4_min : policy->blackhole.ipv6_min;
		if (r->prefix.length < shortest)
			r->reasons |= bit(POLICY_BLACKHOLE_LENGTH);
		if ((irr || r->rpki != 3) && !own && !own_roa)
			r->reasons |= bit(POLICY_BLACKHOLE_SPACE);
		r->rpki = 3;
		return;
	}
	if (r->prefix.length > (v4 ? policy->ipv4_max : policy->ipv6_max))
		r->reasons |= bit(POLICY_PREFIX_TOO_LONG);
	if (policy->rov != HUB_CHECK_OFF && r->rpki == 4)
		r->reasons |= bit(POLICY_ROV_INVALID);
}

static bool
holds_asn(const struct asn_range *ranges, size_t count, uint32_t asn)
{
	for (size_t i = 0; i < count; i++)
		if (asn >= ranges[i].first && asn <= ranges[i].last)
			return true;
	return false;
}

static void
judge_attributes(const struct scenario *s, struct reference_route *r)
{
	const struct hub_policy *policy = &r->member->policy;
	if (r->path[0] != r->from->asn.number)
		r->reasons |= bit(POLICY_FIRST_AS);
	for (size_t i = 0; i < r->hops; i++) {
		if (r->path[i] == r->from->asn.number)
			continue;
		if (holds_asn(policy->transit_free_asns, policy->transit_free_asn_count,
			      r->path[i]))
			r->reasons |= bit(POLICY_TRANSIT_FREE);
		if (holds_asn(policy->never_via_asns, policy->never_via_asn_count, r->path[i]))
			r->reasons |= bit(POLICY_NEVER_VIA);
	}
	if (policy->role != HUB_ROLE_OFF && r->otc)
		r->reasons |= bit(POLICY_LEAK);
	bool asks =
		reference_has(r, 65535, 666) || reference_has_large(r, s->hub->asn.number, 666, 0);
	r->blackhole = asks && policy->blackhole.announce;
	r->last_resort = reference_has(r, 65535, 0) && policy->graceful_shutdown;
}

void
reference_judge(const struct scenario *s, struct reference_route *r, bool blocked)
{
	const struct hub_policy *policy = &r->member->policy;
	uint64_t soft = 0;
	take_apart(r);
	judge_attributes(s, r);
	judge_prefix(s->world, r);
	if (policy->irr.origin == HUB_CHECK_TAG)
		soft |= bit(POLICY_IRR_ORIGIN);
	if (policy->irr.prefix == HUB_CHECK_TAG)
		soft |= bit(POLICY_IRR_PREFIX) | bit(POLICY_OTHER_ORIGIN);
	r->refused = r->reasons & bit(POLICY_LEAK) ||
		     (policy->refusal != HUB_TAG && (r->reasons & ~soft) != 0);
	if (blocked) {
		r->reasons |= bit(POLICY_MAX_PREFIXES);
		r->refused = true;
	}
}
