/* The reference's view of one route: whether it is in order, from the hub file and what the world says. */
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "scenario/reference.h"

/* --- taken apart --- */

static void
take_path(struct reference_route *r, char *text)
{
	bool inside = false;
	r->hops = 0;
	for (char *at = text; *at && r->hops < REFERENCE_HOPS;) {
		if (*at == '{') {
			inside = r->has_set = true;
			r->path[r->hops++] = 0; /* a set counts as one: RFC 4271 section 9.1.2.2 */
			at++;
		}
		uint32_t asn = (uint32_t)strtoul(at, &at, 10);
		if (!inside)
			r->path[r->hops++] = asn;
		inside = inside && *at != '}';
		at += *at == '}';
		at += *at == ' ';
	}
}

static void
take_words(const struct hub *hub, struct reference_route *r)
{
	r->word_count = reference_read_words(r->words, REFERENCE_WORDS, r->said);
	for (size_t i = 0; i < r->word_count; i++)
		r->stays[i] = reference_stays(hub, &r->words[i]);
	for (size_t i = 0; i < r->word_count && r->ask_count < REFERENCE_WORDS; i++) {
		struct reference_meaning found[REFERENCE_MEANINGS];
		size_t meanings = reference_meanings(found, hub, &r->words[i]);
		for (size_t k = 0; k < meanings; k++)
			r->asks[r->ask_count++] = found[k];
	}
}

static void
take_apart(const struct scenario *s, struct reference_route *r)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	char text[ROUTE_FIELD_MAX];
	r->path[0] = r->from->asn.number;
	r->hops = 1;
	if (route_field(text, r->said, "path"))
		take_path(r, text);
	r->origin_as = r->hops ? r->path[r->hops - 1] : 0;
	if (route_field(text, r->said, "med"))
		r->med = (uint32_t)strtoul(text, NULL, 10);
	if (route_field(text, r->said, "origin"))
		while (strcmp(origins[r->origin], text) != 0)
			r->origin++;
	r->next_hop = r->from->next_hops[r->prefix.ip.family == IP_V6];
	if (route_field(text, r->said, "next-hop"))
		(void)ip_parse(&r->next_hop, text);
	r->otc = route_field(text, r->said, "attribute") && strncmp(text, "35 ", 3) == 0;
	take_words(s->hub, r);
}

bool
reference_has(const struct reference_route *r, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < r->word_count; i++)
		if (r->words[i].form == REFERENCE_STANDARD && r->words[i].fields[0] == a &&
		    r->words[i].fields[1] == b)
			return true;
	return false;
}

bool
reference_asks(const struct reference_route *r, enum hub_community_action action)
{
	for (size_t i = 0; i < r->ask_count; i++)
		if (r->asks[i].action == action)
			return true;
	return false;
}

/* --- judged by its prefix --- */

static uint64_t
bit(unsigned reason)
{
	return (uint64_t)1 << reason;
}

static bool
holds_prefix(const struct prefix_rule *rules, size_t count, struct prefix prefix)
{
	for (size_t i = 0; i < count; i++)
		if (prefix_covers(rules[i].prefix, prefix) &&
		    prefix.length >= rules[i].min_length && prefix.length <= rules[i].max_length)
			return true;
	return false;
}

/* *own: a ROA of the origin covers it, whatever its length. */
static unsigned
rpki_of(const struct reference_world *world, const struct reference_route *r, bool *own)
{
	bool covered = false, valid = false;
	*own = false;
	if (!world || !world->rpki)
		return 3;
	for (size_t i = 0; i < world->roa_count; i++) {
		const struct reference_roa *roa = &world->roas[i];
		if (!prefix_covers(roa->prefix, r->prefix))
			continue;
		covered = true;
		bool same = roa->asn && roa->asn == r->origin_as;
		*own |= same;
		valid |= same && r->prefix.length <= roa->max_length;
	}
	return valid ? 1 : covered ? 4 : 2;
}

static const struct reference_registered *
registered_for(const struct reference_world *world, uint32_t asn)
{
	for (size_t i = 0; world && world->registry && i < world->registered_count; i++)
		if (world->registered[i].member == asn && world->registered[i].known)
			return &world->registered[i];
	return NULL;
}

static bool
holds_asn(const struct asn_range *ranges, size_t count, uint32_t asn)
{
	for (size_t i = 0; i < count; i++)
		if (asn >= ranges[i].first && asn <= ranges[i].last)
			return true;
	return false;
}

static bool
is_on_white_list(const struct reference_route *r)
{
	const struct hub_policy_irr *irr = &r->member->policy.irr;
	for (size_t i = 0; i < irr->allow_route_count; i++) {
		const struct hub_route_object *route = &irr->allow_routes[i];
		bool origin = !route->origin.number || route->origin.number == r->origin_as;
		bool inside = r->blackhole && prefix_covers(route->prefix.prefix, r->prefix);
		if (origin && (inside || holds_prefix(&route->prefix, 1, r->prefix)))
			return true;
	}
	return false;
}

/* What the registries know of it. */
static void
find_registered(const struct reference_world *world, struct reference_route *r)
{
	const struct hub_policy_irr *irr = &r->member->policy.irr;
	const struct reference_registered *known = registered_for(world, r->from->asn.number);
	bool exact = holds_prefix(irr->allow_prefixes, irr->allow_prefix_count, r->prefix);
	bool inside = false;
	r->irr_checked = true;
	r->irr_has_origin = holds_asn(irr->allow_origins, irr->allow_origin_count, r->origin_as);
	for (size_t i = 0; known && i < known->origin_count; i++)
		r->irr_has_origin |= known->origins[i] == r->origin_as;
	for (size_t i = 0; i < irr->allow_prefix_count; i++)
		inside |= prefix_covers(irr->allow_prefixes[i].prefix, r->prefix);
	for (size_t i = 0; known && i < known->prefix_count; i++) {
		exact |= prefix_equal(known->prefixes[i], r->prefix);
		inside |= prefix_covers(known->prefixes[i], r->prefix);
	}
	bool longer = !exact && inside && (irr->longer || r->blackhole);
	r->irr_has_prefix = exact || longer;
	bool roa = !r->irr_has_prefix && irr->roas_are_routes && r->rpki == 1 && r->irr_has_origin;
	/* The white list is for what would not do otherwise. */
	bool both = (r->irr_has_prefix || roa) && r->irr_has_origin;
	r->irr_list = !both && is_on_white_list(r);
	r->irr_longer = longer && !r->irr_list;
	r->irr_roa = roa && !r->irr_list;
	r->irr_prefix = r->irr_has_prefix || r->irr_roa || r->irr_list;
	r->irr_origin = r->irr_has_origin || r->irr_list;
}

static void
judge_registered(const struct reference_world *world, struct reference_route *r, bool own_roa)
{
	const struct hub_policy_irr *irr = &r->member->policy.irr;
	bool origin = irr->origin != HUB_CHECK_OFF, prefix = irr->prefix != HUB_CHECK_OFF;
	find_registered(world, r);
	if (!registered_for(world, r->from->asn.number) && !is_on_white_list(r) &&
	    (origin || prefix)) {
		r->reasons |= bit(POLICY_IRR_MISSING);
		return;
	}
	if (origin && !r->irr_origin)
		r->reasons |= bit(POLICY_IRR_ORIGIN);
	if (!prefix || r->irr_prefix || r->blackhole)
		return;
	r->reasons |= bit(POLICY_IRR_PREFIX);
	/* ROAs or the white list name another AS. */
	bool other = r->rpki == 4 && !own_roa;
	for (size_t i = 0; i < irr->allow_route_count; i++)
		other |= prefix_equal(irr->allow_routes[i].prefix.prefix, r->prefix);
	r->reasons |= other ? bit(POLICY_OTHER_ORIGIN) : 0;
}

static void
judge_space(const struct hub *hub, struct reference_route *r)
{
	const struct hub_policy *policy = &r->member->policy;
	size_t shared = hub->policy.blocked_count;
	if (holds_prefix(policy->martians, policy->martian_count, r->prefix))
		r->reasons |= bit(POLICY_MARTIAN);
	if (r->prefix.ip.family == IP_V6 && policy->only_global_unicast &&
	    (r->prefix.length < 3 || r->prefix.ip.octets[0] >> 5 != 1))
		r->reasons |= bit(POLICY_NOT_GLOBAL_UNICAST);
	for (size_t i = 0; i < hub->lan_count && policy->reject_own_lans; i++)
		if (prefix_covers(hub->lans[i].ipv4, r->prefix) ||
		    prefix_covers(hub->lans[i].ipv6, r->prefix))
			r->reasons |= bit(POLICY_OWN_LAN);
	if (holds_prefix(policy->blocked, shared, r->prefix))
		r->reasons |= bit(POLICY_BLOCKED);
	if (holds_prefix(policy->blocked + shared, policy->blocked_count - shared, r->prefix))
		r->reasons |= bit(POLICY_BLOCKED_BY_MEMBER);
}

/* RFC 7999 section 3.3: a blackhole is only for space of the member's own; neither ROV nor the usual lengths count. */
static void
judge_blackhole(struct reference_route *r, bool asked, bool own_roa)
{
	const struct hub_policy_blackhole *policy = &r->member->policy.blackhole;
	bool v4 = r->prefix.ip.family == IP_V4;
	bool own_origin = r->origin_as == r->from->asn.number || r->irr_origin;
	if (r->prefix.length < (v4 ? policy->ipv4_min : policy->ipv6_min))
		r->reasons |= bit(POLICY_BLACKHOLE_LENGTH);
	if (asked && !r->irr_prefix && !(own_roa && own_origin))
		r->reasons |= bit(POLICY_BLACKHOLE_SPACE);
}

/* Some member wants to hear of routes by what the RPKI says. */
static bool
somebody_asks(const struct hub *hub)
{
	for (size_t i = 0; i < hub->member_count; i++)
		if (hub->members[i].session_count && (!hub->members[i].policy.hears.rov_invalid ||
						      !hub->members[i].policy.hears.rov_unknown))
			return true;
	return false;
}

static void
judge_prefix(const struct scenario *s, struct reference_route *r)
{
	const struct hub_policy *policy = &r->member->policy;
	const struct hub *hub = s->hub;
	bool v4 = r->prefix.ip.family == IP_V4, own_roa;
	bool registered =
		policy->irr.origin != HUB_CHECK_OFF || policy->irr.prefix != HUB_CHECK_OFF;
	judge_space(hub, r);
	r->rpki = rpki_of(s->world, r, &own_roa);
	if (policy->rov == HUB_CHECK_OFF && !policy->irr.roas_are_routes && !r->blackhole &&
	    !somebody_asks(hub))
		r->rpki = 3; /* nothing depends on it */
	if (hub->irr.enabled && (registered || r->blackhole))
		judge_registered(s->world, r, own_roa);
	if (r->blackhole) {
		judge_blackhole(r, hub->irr.enabled || hub->rpki_cache_count, own_roa);
		return;
	}
	if (r->prefix.length > (v4 ? policy->ipv4_max : policy->ipv6_max))
		r->reasons |= bit(POLICY_PREFIX_TOO_LONG);
	if (r->prefix.length < (v4 ? policy->ipv4_min : policy->ipv6_min))
		r->reasons |= bit(POLICY_PREFIX_TOO_SHORT);
	if (policy->rov != HUB_CHECK_OFF && r->rpki == 4)
		r->reasons |= bit(POLICY_ROV_INVALID);
	if (policy->rov != HUB_CHECK_OFF && policy->rov_unknown && r->rpki == 2)
		r->reasons |= bit(POLICY_ROV_UNKNOWN);
}

/* --- judged by its attributes --- */

static bool
is_flagged(const struct reference_world *world, uint32_t asn)
{
	for (size_t i = 0; world && world->registry && i < world->flagged_count; i++)
		if (world->flagged[i] == asn)
			return true;
	return false;
}

static void
judge_asn(const struct scenario *s, struct reference_route *r, uint32_t asn)
{
	const struct hub_policy *policy = &r->member->policy;
	if (asn == s->hub->asn.number) {
		r->reasons |= bit(POLICY_LOOP);
		return;
	}
	if (holds_asn(policy->bogon_asns, policy->bogon_asn_count, asn))
		r->reasons |= bit(POLICY_BOGON_ASN);
	if (asn == r->from->asn.number)
		return;
	if (holds_asn(policy->transit_free_asns, policy->transit_free_asn_count, asn))
		r->reasons |= bit(POLICY_TRANSIT_FREE);
	if (holds_asn(policy->never_via_asns, policy->never_via_asn_count, asn) ||
	    (policy->never_via_route_servers && is_flagged(s->world, asn)))
		r->reasons |= bit(POLICY_NEVER_VIA);
}

/* Every number that stands in the path, those in sets as well. */
static void
judge_asns(const struct scenario *s, struct reference_route *r)
{
	char text[ROUTE_FIELD_MAX];
	if (!route_field(text, r->said, "path")) {
		judge_asn(s, r, r->from->asn.number);
		return;
	}
	for (char *at = text; *at;) {
		at += strspn(at, " {}");
		if (*at)
			judge_asn(s, r, (uint32_t)strtoul(at, &at, 10));
	}
}

/* Is that a provider of the customer? 1: yes, 0: no, -1: nothing is attested. */
static int
attested(const struct reference_world *world, uint32_t customer, uint32_t provider)
{
	for (size_t i = 0; i < world->aspa_count; i++) {
		const struct reference_aspa *aspa = &world->aspas[i];
		if (aspa->customer != customer)
			continue;
		for (size_t k = 0; k < aspa->count; k++)
			if (aspa->providers[k] == provider)
				return 1;
		return 0;
	}
	return -1;
}

/* A path of customers, each behind one of its providers, up to the member (draft-ietf-sidrops-aspa-verification, the
 * algorithm for upstream paths). */
static bool
is_path_invalid(const struct reference_world *world, const struct reference_route *r)
{
	if (!world || !world->rpki)
		return false;
	if (!r->hops || r->has_set)
		return true;
	for (size_t i = r->hops - 1; i > 0; i--)
		if (r->path[i] != r->path[i - 1] &&
		    attested(world, r->path[i], r->path[i - 1]) == 0)
			return true;
	return false;
}

static bool
is_own_next_hop(const struct scenario *s, const struct reference_route *r)
{
	const struct hub *hub = s->hub;
	const struct hub_policy *policy = &r->member->policy;
	bool crossed = r->prefix.ip.family == IP_V4 && r->next_hop.family == IP_V6;
	if (crossed && !r->session->extended_next_hop) /* RFC 8950 */
		return false;
	if (ip_equal(r->next_hop, r->session->address))
		return true;
	for (uint32_t i = 0; i < r->member->port_count; i++) {
		uint32_t number = r->member->first_port + i;
		bool this = number == r->session->port || policy->next_hop == HUB_NEXT_HOP_SAME_AS;
		if (this && (ip_equal(r->next_hop, hub->ports[number].ipv4) ||
			     ip_equal(r->next_hop, hub->ports[number].ipv6)))
			return true;
	}
	for (size_t i = 0; policy->next_hop == HUB_NEXT_HOP_LIST && i < policy->next_hop_count; i++)
		if (ip_equal(r->next_hop, policy->next_hops[i]))
			return true;
	return false;
}

static void
judge_blackhole_wish(const struct scenario *s, struct reference_route *r)
{
	const struct hub_blackhole *hole = &s->hub->blackhole;
	bool by_hop = hole->by_next_hop &&
		      (ip_equal(r->next_hop, hole->ipv4) || ip_equal(r->next_hop, hole->ipv6));
	r->blackhole = (by_hop || reference_asks(r, HUB_BLACKHOLE)) &&
		       r->member->policy.blackhole.announce;
	if (!(by_hop && r->blackhole) && !is_own_next_hop(s, r))
		r->reasons |= bit(POLICY_NEXT_HOP);
}

static void
judge_attributes(const struct scenario *s, struct reference_route *r)
{
	const struct hub_policy *policy = &r->member->policy;
	if (policy->first_as && (!r->hops || r->path[0] != r->from->asn.number))
		r->reasons |= bit(POLICY_FIRST_AS);
	if (r->has_set)
		r->reasons |= bit(POLICY_AS_SET);
	if (r->hops < policy->as_path_min)
		r->reasons |= bit(POLICY_PATH_TOO_SHORT);
	if (r->hops > policy->as_path_max)
		r->reasons |= bit(POLICY_PATH_TOO_LONG);
	judge_asns(s, r);
	if (policy->role != HUB_ROLE_OFF && r->otc)
		r->reasons |= bit(POLICY_LEAK);
	if (policy->communities_max && r->word_count > policy->communities_max)
		r->reasons |= bit(POLICY_COMMUNITIES);
	if (policy->aspa != HUB_CHECK_OFF && is_path_invalid(s->world, r))
		r->reasons |= bit(POLICY_ASPA_INVALID);
	judge_blackhole_wish(s, r);
	r->last_resort = reference_has(r, 65535, 0) && policy->graceful_shutdown;
}

/* --- together --- */

/* The reasons of a check that only tags. */
static uint64_t
reasons_of(unsigned check)
{
	static const struct {
		unsigned check, first, last;
	} checks[] = {
		{HUB_TAGGED_NEXT_HOP, POLICY_NEXT_HOP, POLICY_NEXT_HOP},
		{HUB_TAGGED_PATH_LENGTH, POLICY_PATH_TOO_LONG, POLICY_PATH_TOO_SHORT},
		{HUB_TAGGED_FIRST_AS, POLICY_FIRST_AS, POLICY_FIRST_AS},
		{HUB_TAGGED_AS_SET, POLICY_AS_SET, POLICY_AS_SET},
		{HUB_TAGGED_BOGON_ASNS, POLICY_BOGON_ASN, POLICY_BOGON_ASN},
		{HUB_TAGGED_TRANSIT_FREE, POLICY_TRANSIT_FREE, POLICY_TRANSIT_FREE},
		{HUB_TAGGED_NEVER_VIA, POLICY_NEVER_VIA, POLICY_NEVER_VIA},
		{HUB_TAGGED_GLOBAL_UNICAST, POLICY_NOT_GLOBAL_UNICAST, POLICY_NOT_GLOBAL_UNICAST},
		{HUB_TAGGED_OWN_LANS, POLICY_OWN_LAN, POLICY_OWN_LAN},
		{HUB_TAGGED_MARTIANS, POLICY_MARTIAN, POLICY_MARTIAN},
		{HUB_TAGGED_BLOCKED, POLICY_BLOCKED, POLICY_BLOCKED_BY_MEMBER},
		{HUB_TAGGED_LENGTH, POLICY_PREFIX_TOO_LONG, POLICY_PREFIX_TOO_SHORT},
		{HUB_TAGGED_COMMUNITIES, POLICY_COMMUNITIES, POLICY_COMMUNITIES},
		{HUB_TAGGED_ROV_UNKNOWN, POLICY_ROV_UNKNOWN, POLICY_ROV_UNKNOWN},
	};
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i].check == check)
			return bit(checks[i].first) | bit(checks[i].last);
	abort();
}

/* What is only told: weights of "tag". */
static uint64_t
told_only(const struct hub_policy *policy)
{
	uint64_t soft = 0;
	if (policy->irr.origin == HUB_CHECK_TAG)
		soft |= bit(POLICY_IRR_ORIGIN);
	if (policy->irr.prefix == HUB_CHECK_TAG)
		soft |= bit(POLICY_IRR_PREFIX) | bit(POLICY_OTHER_ORIGIN);
	if (policy->irr.origin != HUB_CHECK_REFUSE && policy->irr.prefix != HUB_CHECK_REFUSE)
		soft |= bit(POLICY_IRR_MISSING);
	if (policy->rov == HUB_CHECK_TAG)
		soft |= bit(POLICY_ROV_INVALID) | bit(POLICY_ROV_UNKNOWN);
	if (policy->aspa == HUB_CHECK_TAG)
		soft |= bit(POLICY_ASPA_INVALID);
	for (size_t i = 0; i < policy->tag_only_count; i++)
		soft |= reasons_of(policy->tag_only[i]);
	return soft;
}

static void
judge(struct reference_route *r, const struct scenario *s, const struct member *m,
      const struct member_route *said)
{
	*r = (struct reference_route){.from = m,
				      .session = reference_session(s, m),
				      .prefix = said->prefix,
				      .said = said->words,
				      .path_id = said->path_id};
	r->member = &s->hub->members[r->session->member];
	const struct hub_policy *policy = &r->member->policy;
	take_apart(s, r);
	judge_attributes(s, r);
	judge_prefix(s, r);
	r->refused = r->reasons & (bit(POLICY_LEAK) | bit(POLICY_LOOP)) ||
		     (policy->refusal != HUB_TAG && r->reasons & ~told_only(policy));
}

const struct reference_route *
reference_judge(const struct scenario *s, const struct member *m, const struct member_route *said)
{
	struct member_route *memory = (struct member_route *)said;
	uint64_t round = s->world ? s->world->round : 0;
	if (memory->judged && round && memory->judged_round == round)
		return memory->judged;
	if (!memory->judged)
		memory->judged = malloc(sizeof(struct reference_route));
	if (!memory->judged)
		abort();
	judge(memory->judged, s, m, said);
	memory->judged_round = round;
	return memory->judged;
}
