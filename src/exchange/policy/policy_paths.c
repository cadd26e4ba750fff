/* The checks that look at a prefix, for each path: numbers 10 to 16 of the list of checks that route
 * servers have in common, and the members' rules about prefixes. RFC 6811, RFC 7999. */
#include <assert.h>
#include <string.h>

#include "exchange/policy/policy_explain.h"
#include "exchange/policy/policy_private.h"

enum { STATE_IRR_SHIFT = 3 };

enum rpki_state
policy_state_rpki(uint8_t state)
{
	return (enum rpki_state)(state & ((1u << STATE_IRR_SHIFT) - 1));
}

/* Five bits are left: 0 where nothing was checked, else one more than how and what. */
uint8_t
policy_state(enum rpki_state rpki, unsigned irr)
{
	unsigned what = irr >> 1; /* the bits of prefix and origin, then how */
	unsigned code = irr & POLICY_IRR_CHECKED ? what + 1 : 0;
	return (uint8_t)((unsigned)rpki | code << STATE_IRR_SHIFT);
}

unsigned
policy_state_irr(uint8_t state)
{
	unsigned code = state >> STATE_IRR_SHIFT;
	return code ? POLICY_IRR_CHECKED | (code - 1) << 1 : 0;
}

static bool
is_global_unicast(const struct prefix *prefix)
{
	return prefix->length >= 3 && prefix->ip.octets[0] >> 5 == 1; /* 2000::/3 */
}

/* --- what others say: RPKI, registries --- */

static bool
allowed_route(const struct policy_allowed *allowed, const struct prefix *prefix, struct asn origin,
	      bool inside)
{
	if (!allowed->count || !policy_rules_match(rules_of(&allowed->spaces, prefix), prefix))
		return false;
	for (size_t i = 0; i < allowed->count; i++) {
		const struct hub_route_object *route = &allowed->routes[i];
		if (route->origin.number && route->origin.number != origin.number)
			continue;
		bool fits = prefix->length >= route->prefix.min_length &&
			    prefix->length <= route->prefix.max_length;
		if ((fits || inside) && prefix_covers(route->prefix.prefix, *prefix))
			return true;
	}
	return false;
}

static bool
is_registered(const struct policy_member *member, const struct prefix *prefix,
	      const struct policy_what_if *what_if)
{
	const struct policy_sets *sets = &member->sets[prefix->ip.family == IP_V6];
	if (policy_rules_match(rules_of(&member->allow_prefixes, prefix), prefix))
		return true;
	for (size_t i = 0; i < sets->count; i++)
		if (registry_set_has(sets->sets[i], prefix))
			return true;
	for (size_t i = 0; what_if && i < what_if->route_count; i++)
		if (prefix_equal(what_if->routes[i].prefix, *prefix))
			return true;
	return false;
}

static bool
is_inside_registered(const struct policy_member *member, const struct prefix *prefix,
		     const struct policy_what_if *what_if)
{
	const struct policy_sets *sets = &member->sets[prefix->ip.family == IP_V6];
	if (policy_rules_match(rules_of(&member->allow_spaces, prefix), prefix))
		return true;
	for (size_t i = 0; i < sets->count; i++)
		if (registry_set_covers(sets->sets[i], prefix))
			return true;
	for (size_t i = 0; what_if && i < what_if->route_count; i++)
		if (prefix_covers(what_if->routes[i].prefix, *prefix))
			return true;
	return false;
}

static bool
is_registered_origin(const struct policy_member *member, enum ip_family family, struct asn origin)
{
	const struct policy_sets *sets = &member->sets[family == IP_V6];
	for (size_t i = 0; i < sets->count; i++)
		if (registry_set_has_origin(sets->sets[i], origin))
			return true;
	return policy_asns_has(&member->allow_origins, origin.number);
}

static bool
checks_irr(const struct policy *policy, const struct policy_member *member, bool blackhole)
{
	return policy->asks_registries && (member->irr_origin != HUB_CHECK_OFF ||
					   member->irr_prefix != HUB_CHECK_OFF || blackhole);
}

bool
policy_irr_has_prefix(unsigned irr)
{
	unsigned how = irr & POLICY_IRR_HOW;
	return irr & POLICY_IRR_HAS_PREFIX || how >= POLICY_IRR_BY_ROA;
}

bool
policy_irr_has_origin(unsigned irr)
{
	return irr & POLICY_IRR_HAS_ORIGIN || (irr & POLICY_IRR_HOW) == POLICY_IRR_BY_LIST;
}

/* What whois data says in the place of a route object. */
static unsigned
by_whois(const struct policy *policy, const struct policy_member *member,
	 const struct prefix *prefix, struct asn origin, bool inside)
{
	if (!member->irr_whois || !policy->sources.registry)
		return 0;
	unsigned sources = registry_record_find(policy->sources.registry, prefix, origin, inside);
	return sources & REGISTRY_ARIN          ? POLICY_IRR_BY_ARIN
	       : sources & REGISTRY_REGISTRO_BR ? POLICY_IRR_BY_REGISTRO_BR
						: 0;
}

/* Does somebody name the AS that a prefix comes from, and it is another? */
static bool
has_other_origin(const struct policy *policy, const struct policy_member *member,
		 const struct prefix *prefix, const struct policy_finding *found)
{
	if (found->rpki == RPKI_INVALID_AS)
		return true;
	if (member->irr_whois && policy->sources.registry &&
	    registry_record_find(policy->sources.registry, prefix, (struct asn){0}, false))
		return true;
	for (size_t i = 0; i < member->allow_routes.count; i++)
		if (prefix_equal(member->allow_routes.routes[i].prefix.prefix, *prefix))
			return true;
	return false;
}

/* What is asked of each prefix of a route, or of one if something were otherwise. */
struct asked {
	const struct policy *policy;
	const struct policy_member *member;
	const struct policy_route *route;
	const struct policy_what_if *what_if; /* or NULL */
	bool registered_origin;               /* where registries are asked */
};

static struct asked
ask(const struct policy *policy, const struct policy_member *member,
    const struct policy_route *route, enum ip_family family)
{
	struct asked asked = {.policy = policy, .member = member, .route = route};
	if (!route->anybodys && checks_irr(policy, member, route->facts & POLICY_FACT_BLACKHOLE))
		asked.registered_origin =
			is_registered_origin(member, family, route->attrs->origin_as);
	return asked;
}

static void
find_irr(const struct asked *asked, const struct prefix *prefix, struct policy_finding *out)
{
	const struct policy_member *member = asked->member;
	const struct policy_route *route = asked->route;
	const struct policy_sets *sets = &member->sets[prefix->ip.family == IP_V6];
	struct asn origin = route->attrs->origin_as;
	bool blackhole = route->facts & POLICY_FACT_BLACKHOLE;
	bool listed = allowed_route(&member->allow_routes, prefix, origin, blackhole);
	out->irr = POLICY_IRR_CHECKED;
	if (asked->registered_origin)
		out->irr |= POLICY_IRR_HAS_ORIGIN;
	if (is_registered(member, prefix, asked->what_if))
		out->irr |= POLICY_IRR_HAS_PREFIX;
	else if ((member->irr_longer || blackhole) &&
		 is_inside_registered(member, prefix, asked->what_if))
		out->irr |= POLICY_IRR_HAS_PREFIX | POLICY_IRR_LONGER;
	else if (member->irr_roas && out->rpki == RPKI_VALID && out->irr & POLICY_IRR_HAS_ORIGIN)
		out->irr |= POLICY_IRR_BY_ROA;
	else if (out->irr & POLICY_IRR_HAS_ORIGIN)
		out->irr |= by_whois(asked->policy, member, prefix, origin,
				     member->irr_longer || blackhole);
	bool both = policy_irr_has_prefix(out->irr) && policy_irr_has_origin(out->irr);
	if (listed && !both)
		out->irr = (out->irr & ~(unsigned)POLICY_IRR_HOW) | POLICY_IRR_BY_LIST;
	bool checked = member->irr_origin != HUB_CHECK_OFF || member->irr_prefix != HUB_CHECK_OFF;
	if (!sets->count && !listed && checked) {
		out->reasons |= reason_bit(POLICY_IRR_MISSING);
		return;
	}
	if (member->irr_origin != HUB_CHECK_OFF && !policy_irr_has_origin(out->irr))
		out->reasons |= reason_bit(POLICY_IRR_ORIGIN);
	if (member->irr_prefix != HUB_CHECK_OFF && !blackhole && !policy_irr_has_prefix(out->irr)) {
		out->reasons |= reason_bit(POLICY_IRR_PREFIX);
		if (has_other_origin(asked->policy, member, prefix, out))
			out->reasons |= reason_bit(POLICY_OTHER_ORIGIN);
	}
}

static enum rpki_state
validate(const struct policy *policy, const struct prefix *prefix, struct asn origin,
	 const struct policy_what_if *what_if)
{
	if (what_if && what_if->vrp_count)
		return rpki_validate_with(policy->sources.rpki, prefix, origin, what_if->vrps,
					  what_if->vrp_count);
	return policy->sources.rpki ? rpki_validate(policy->sources.rpki, prefix, origin)
				    : RPKI_NOT_CHECKED;
}

/* Whoever has address space may have parts of it blackholed: a shorter registered prefix will do,
 * and so will a ROA, whatever its greatest length, if its AS is the member's or registered as behind
 * it: anybody can write the AS of a ROA at the end of a path. Of a hub that asks nobody nothing is
 * known against it; one that asks and has no answer yet allows nothing. */
static bool
is_foreign_space(const struct policy *policy, const struct policy_member *member, struct asn origin,
		 const struct policy_finding *found)
{
	bool has_roa = found->rpki == RPKI_VALID || found->rpki == RPKI_INVALID_LENGTH;
	bool own_origin = origin.number == member->asn.number || policy_irr_has_origin(found->irr);
	bool asked = policy->asks_registries || policy->asks_rpki;
	return asked && !(has_roa && own_origin) && !policy_irr_has_prefix(found->irr);
}

static uint64_t
judge_length(const struct policy_member *member, const struct prefix *prefix)
{
	bool v4 = prefix->ip.family == IP_V4;
	if (prefix->length > (v4 ? member->ipv4_max : member->ipv6_max))
		return reason_bit(POLICY_PREFIX_TOO_LONG);
	if (prefix->length < (v4 ? member->ipv4_min : member->ipv6_min))
		return reason_bit(POLICY_PREFIX_TOO_SHORT);
	return 0;
}

static uint64_t
judge_space(const struct policy_member *member, const struct prefix *prefix)
{
	uint64_t reasons = 0;
	if (policy_rules_match(rules_of(&member->martians, prefix), prefix))
		reasons |= reason_bit(POLICY_MARTIAN);
	if (prefix->ip.family == IP_V6 && member->only_global_unicast && !is_global_unicast(prefix))
		reasons |= reason_bit(POLICY_NOT_GLOBAL_UNICAST);
	if (policy_rules_match(rules_of(&member->lans, prefix), prefix))
		reasons |= reason_bit(POLICY_OWN_LAN);
	if (policy_rules_match(rules_of(&member->blocked, prefix), prefix))
		reasons |= reason_bit(POLICY_BLOCKED);
	if (policy_rules_match(rules_of(&member->blocked_own, prefix), prefix))
		reasons |= reason_bit(POLICY_BLOCKED_BY_MEMBER);
	return reasons;
}

static bool
checks_rpki(const struct policy *policy, const struct policy_member *member,
	    const struct policy_route *route)
{
	return member->rov != HUB_CHECK_OFF || member->irr_roas ||
	       route->facts & POLICY_FACT_BLACKHOLE || policy->without[CHOICE_ROV_INVALID] ||
	       policy->without[CHOICE_ROV_UNKNOWN];
}

static void
find(const struct asked *asked, const struct prefix *prefix, struct policy_finding *out)
{
	const struct policy *policy = asked->policy;
	const struct policy_member *member = asked->member;
	const struct policy_route *route = asked->route;
	bool blackhole = route->facts & POLICY_FACT_BLACKHOLE;
	*out = (struct policy_finding){0};
	if (checks_rpki(policy, member, route))
		out->rpki = validate(policy, prefix, route->attrs->origin_as, asked->what_if);
	out->reasons = judge_space(member, prefix);
	if (!route->anybodys && checks_irr(policy, member, blackhole))
		find_irr(asked, prefix, out);
	if (blackhole) { /* RFC 7999 section 3.3: neither ROV nor the usual lengths */
		uint8_t shortest = prefix->ip.family == IP_V4 ? member->blackhole_ipv4_min
							      : member->blackhole_ipv6_min;
		if (prefix->length < shortest)
			out->reasons |= reason_bit(POLICY_BLACKHOLE_LENGTH);
		if (is_foreign_space(policy, member, route->attrs->origin_as, out))
			out->reasons |= reason_bit(POLICY_BLACKHOLE_SPACE);
		return;
	}
	out->reasons |= judge_length(member, prefix);
	if (member->rov == HUB_CHECK_OFF)
		return;
	if (out->rpki == RPKI_INVALID_AS || out->rpki == RPKI_INVALID_LENGTH)
		out->reasons |= reason_bit(POLICY_ROV_INVALID);
	if (member->rov_unknown && out->rpki == RPKI_UNKNOWN)
		out->reasons |= reason_bit(POLICY_ROV_UNKNOWN);
}

void
policy_prefix_find(const struct policy *policy, const struct policy_member *member,
		   const struct policy_route *route, const struct prefix *prefix,
		   const struct policy_what_if *what_if, struct policy_finding *out)
{
	struct asked asked = ask(policy, member, route, prefix->ip.family);
	asked.what_if = what_if;
	find(&asked, prefix, out);
}

/* --- the mark --- */

static bool
same_set(const uint64_t *a, const uint64_t *b, size_t words)
{
	return a && b ? memcmp(a, b, words * sizeof(*a)) == 0 : a == b;
}

/* Members' rules that speak of this prefix. */
static void
mark_by_rules(struct policy *policy, const struct policy_session *session,
	      const struct policy_route *route, const struct prefix *prefix, size_t index,
	      struct policy_mark *out)
{
	const struct policy_member *member = session->member;
	struct policy_effects effects;
	policy_effects_of(policy, member, prefix, &effects);
	out->except = effects.deny;
	if (policy_is_transit(session)) /* there, prepends are not by prefix */
		return;
	bool same = true;
	for (unsigned i = 1; i <= 3; i++)
		same &= same_set(effects.prepend[i], member->effects.prepend[i], policy->words);
	if (same)
		return;
	struct policy_asked asked = {
		.from = member,
		.request = &policy->request,
		.effects = &effects,
		.usual = member->usual,
		.facts = route->facts,
		.ipv4_over_ipv6 = policy_is_crossed(policy, (enum ip_family)prefix->ip.family,
						    route->attrs->next_hop, route->facts),
	};
	struct policy_variant *variants = policy->mark_variants[index];
	const uint64_t *hear = policy_audience(policy, &asked, variants, &out->variant_count);
	if (!out->variant_count) /* none at all, instead of those of the attributes */
		variants[out->variant_count++] = (struct policy_variant){0, hear};
	out->variants = variants;
}

unsigned
policy_choices_of(const struct policy_finding *found, uint64_t reasons, uint8_t facts)
{
	const uint64_t irr = reason_bit(POLICY_IRR_ORIGIN) | reason_bit(POLICY_IRR_PREFIX) |
			     reason_bit(POLICY_IRR_MISSING) | reason_bit(POLICY_OTHER_ORIGIN);
	unsigned choices = 0;
	if (reasons & irr)
		choices |= 1u << CHOICE_IRR;
	if (reasons >> POLICY_ASPA_INVALID & 1)
		choices |= 1u << CHOICE_ASPA;
	if (facts & POLICY_FACT_BLACKHOLE) /* what ROAs say of it was not asked */
		return choices;
	if (found->rpki == RPKI_INVALID_AS || found->rpki == RPKI_INVALID_LENGTH)
		choices |= 1u << CHOICE_ROV_INVALID;
	if (found->rpki == RPKI_UNKNOWN)
		choices |= 1u << CHOICE_ROV_UNKNOWN;
	return choices;
}

/* The path goes to those who want such. */
static void
leave_out(struct policy *policy, const struct policy_finding *found, uint8_t facts,
	  struct policy_mark *out)
{
	unsigned choices = policy_choices_of(found, found->reasons, facts);
	uint64_t *except = NULL;
	for (unsigned i = 0; i < CHOICES; i++) {
		const uint64_t *without = policy->without[i];
		if (!without || !(choices >> i & 1))
			continue;
		if (!except) {
			except = policy_room(policy);
			for (size_t w = 0; w < policy->words; w++)
				except[w] = out->except ? out->except[w] : 0;
		}
		for (size_t w = 0; w < policy->words; w++)
			except[w] |= without[w];
	}
	if (except)
		out->except = except;
}

static void
mark(const struct policy *policy, const struct policy_member *member, uint8_t facts,
     const struct policy_finding *found, struct policy_mark *out)
{
	/* Of a blackhole ROAs are asked whose space it is, and not whether it is valid. */
	enum rpki_state rpki = facts & POLICY_FACT_BLACKHOLE ? RPKI_NOT_CHECKED : found->rpki;
	*out = (struct policy_mark){.reasons = found->reasons};
	out->refused = policy_refuses(member, found->reasons);
	out->state = policy_state(rpki, found->irr);
	out->told = policy->tell_members ||
		    (found->reasons && (!out->refused || policy->has_collectors));
	if (out->refused && member->refusal == HUB_REFUSE && policy->has_collectors)
		out->except = policy->collectors;
}

void
policy_mark_refuse(const struct policy *policy, uint32_t session, enum policy_reason reason,
		   struct policy_mark *mark)
{
	const struct policy_member *member = policy->sessions[session].member;
	bool hidden = member->refusal == HUB_REFUSE && policy->has_collectors;
	mark->reasons |= reason_bit(reason);
	mark->refused = true;
	mark->told = policy->tell_members || policy->has_collectors;
	mark->except = hidden ? policy->collectors : NULL;
	mark->variant_count = 0;
}

void
policy_hint(const struct policy *policy, uint32_t session, const struct prefix *prefix, bool again)
{
	const struct policy_member *member = policy->sessions[session].member;
	const struct policy_sets *sets = &member->sets[prefix->ip.family == IP_V6];
	for (size_t i = 0; !again && i < sets->count; i++)
		registry_set_hint(sets->sets[i], prefix);
	if (policy->sources.rpki)
		rpki_hint(policy->sources.rpki, prefix, again);
}

void
policy_paths_judge(struct policy *policy, uint32_t session_index, const struct policy_route *route,
		   const struct prefix *prefixes, size_t count, struct policy_mark *out)
{
	assert(session_index < policy->session_count && count <= POLICY_AHEAD);
	const struct policy_session *session = &policy->sessions[session_index];
	const struct policy_member *member = session->member;
	bool by_prefix = member->announce_by_prefix || policy->receive_by_prefix;
	bool read = false;
	policy->room_used = 0;
	if (!count)
		return;
	struct policy_route as_judged = *route;
	as_judged.anybodys = policy_carries_all(session);
	struct asked asked = ask(policy, member, &as_judged, prefixes[0].ip.family);
	for (size_t i = 0; i < count; i++) {
		struct policy_finding found;
		find(&asked, &prefixes[i], &found);
		mark(policy, member, route->facts, &found, &out[i]);
		if (out[i].refused)
			continue;
		if (by_prefix)
			out[i].except = member->late_deny;
		if (by_prefix && policy_rules_fit(policy, member, &prefixes[i])) {
			if (!read)
				policy_request_read(&policy->request, policy->patterns,
						    policy->pass_unknown_hub, route->attrs);
			read = true;
			mark_by_rules(policy, session, route, &prefixes[i], i, &out[i]);
		}
		if (policy->any_without)
			leave_out(policy, &found, route->facts, &out[i]);
	}
}
