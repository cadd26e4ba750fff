/* Who hears a route, and in which form, from what its communities and the members' own rules say.
 *
 * All of it is done on sets of slots, so that a word about everybody costs a few words of memory and
 * a word about one peer only that peer. What is said weighs, from little to much: about any peer;
 * about places, the wider first; about round-trip times; about one peer by its number. Each is
 * written over what weighs less. Within each, "not" weighs more than "to".
 *
 * Forms of communities are OR-ed; in the profile of IXP Manager all that large ones say weighs more
 * than what others do, "to everybody" too. Where prepends of equal weight contradict each other the smaller
 * holds, as with arouteserver; in that profile the larger. Between communities and
 * members' rules, and between sender and receiver, the larger holds. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy_private.h"

enum { PLANES = EDIT_BITS, PREPEND_LOW = 0, PREPEND_HIGH = 1, NO_EXPORT = 2, NO_ADVERTISE = 3 };

/* Sets by bit of the edit: slots[0] are those whose edit has bit 0. */
struct planes {
	uint64_t *slots[PLANES];
	bool used[PLANES];
};

uint64_t *
policy_room(struct policy *policy)
{
	assert(policy->room_used + policy->words <= policy->room_words);
	uint64_t *set = policy->room + policy->room_used;
	policy->room_used += policy->words;
	return set;
}

static void
fill(uint64_t *set, size_t words, bool full)
{
	memset(set, full ? 0xff : 0, words * sizeof(*set));
}

static void
join(uint64_t *set, const uint64_t *other, size_t words)
{
	for (size_t i = 0; i < words; i++)
		set[i] |= other[i];
}

static void
take_out(uint64_t *set, const uint64_t *other, size_t words)
{
	for (size_t i = 0; i < words; i++)
		set[i] &= ~other[i];
}

static void
put_bit(uint64_t *set, unsigned slot, bool on)
{
	uint64_t bit = (uint64_t)1 << slot % 64;
	set[slot / 64] = on ? set[slot / 64] | bit : set[slot / 64] & ~bit;
}

static bool
asks(const struct policy_request *request, enum hub_community_action first,
     enum hub_community_action last)
{
	uint32_t mask =
		(uint32_t)((((uint64_t)1 << (last + 1)) - 1) & ~(((uint64_t)1 << first) - 1));
	return request->actions_seen & mask;
}

/* --- by place --- */

static const uint64_t *
slots_at(const struct policy *policy, unsigned kind, uint32_t number)
{
	struct policy_place key = {.kind = (uint8_t)kind, .number = (uint16_t)number};
	if (!number || number > UINT16_MAX)
		return NULL;
	const struct policy_place *place = bsearch(&key, policy->places, policy->place_count,
						   sizeof(key), policy_place_compare);
	return place ? place->slots : NULL;
}

static void
hear_by_place(const struct policy *policy, const struct policy_request *request, unsigned said,
	      uint64_t *hear)
{
	/* site, metro, country, continent */
	for (int kind = 3; kind >= 0; kind--) {
		unsigned not_to = HUB_DO_NOT_ANNOUNCE_SITE + 2 * (unsigned)kind, to = not_to + 1;
		for (size_t i = 0; i < request->count; i++) {
			const struct policy_wish *wish = &request->wishes[i];
			const uint64_t *there = wish->said & said && wish->action == to
							? slots_at(policy, (unsigned)kind, wish->p)
							: NULL;
			if (there)
				join(hear, there, policy->words);
		}
		for (size_t i = 0; i < request->count; i++) {
			const struct policy_wish *wish = &request->wishes[i];
			const uint64_t *there = wish->said & said && wish->action == not_to
							? slots_at(policy, (unsigned)kind, wish->p)
							: NULL;
			if (there)
				take_out(hear, there, policy->words);
		}
	}
}

/* --- by round-trip time --- */

/* Further away than the least of one kind, or no further than the most of the other. */
struct far_or_near {
	uint32_t slower, faster;
};

static void
widen(struct far_or_near *to, bool slower, uint32_t ms)
{
	if (slower && ms < to->slower)
		to->slower = ms;
	if (!slower && ms > to->faster)
		to->faster = ms;
}

static bool
is_meant(const struct far_or_near *limits, uint16_t rtt_ms)
{
	return rtt_ms > limits->slower || rtt_ms <= limits->faster;
}

static void
hear_by_rtt(const struct policy *policy, const struct policy_request *request, unsigned said,
	    uint64_t *hear)
{
	struct far_or_near to = {UINT32_MAX, 0}, not_to = {UINT32_MAX, 0};
	for (size_t i = 0; i < request->count; i++) {
		const struct policy_wish *wish = &request->wishes[i];
		if (!(wish->said & said))
			continue;
		if (wish->action == HUB_DO_NOT_ANNOUNCE_SLOWER ||
		    wish->action == HUB_DO_NOT_ANNOUNCE_FASTER)
			widen(&not_to, wish->action == HUB_DO_NOT_ANNOUNCE_SLOWER, wish->p);
		if (wish->action == HUB_ANNOUNCE_SLOWER || wish->action == HUB_ANNOUNCE_FASTER)
			widen(&to, wish->action == HUB_ANNOUNCE_SLOWER, wish->p);
	}
	for (size_t i = 0; i < policy->session_count; i++) {
		const struct policy_session *session = &policy->sessions[i];
		if (!session->rtt_ms) /* not known: what is said of times is not said of it */
			continue;
		if (is_meant(&not_to, session->rtt_ms))
			put_bit(hear, session->slot, false);
		else if (is_meant(&to, session->rtt_ms))
			put_bit(hear, session->slot, true);
	}
}

/* --- by peer --- */

static void
put_member(const struct policy *policy, uint64_t *set, uint32_t asn, bool on)
{
	const struct policy_member *member = policy_member_of(policy, asn);
	for (uint32_t i = 0; member && i < member->session_count; i++)
		put_bit(set, policy->sessions[member->first_session + i].slot, on);
}

static void
hear_by_peer(const struct policy *policy, const struct policy_request *request, unsigned said,
	     uint64_t *hear)
{
	for (size_t i = 0; i < request->count; i++)
		if (request->wishes[i].said & said && request->wishes[i].action == HUB_ANNOUNCE_TO)
			put_member(policy, hear, request->wishes[i].p, true);
	for (size_t i = 0; i < request->count; i++)
		if (request->wishes[i].said & said &&
		    request->wishes[i].action == HUB_DO_NOT_ANNOUNCE_TO)
			put_member(policy, hear, request->wishes[i].p, false);
}

/* --- edits --- */

static uint64_t *
plane(struct policy *policy, struct planes *planes, unsigned number)
{
	if (!planes->used[number]) {
		planes->slots[number] = policy_room(policy);
		fill(planes->slots[number], policy->words, false);
		planes->used[number] = true;
	}
	return planes->slots[number];
}

static void
prepend_one(struct policy *policy, struct planes *planes, unsigned slot, unsigned times)
{
	put_bit(plane(policy, planes, PREPEND_LOW), slot, times & 1);
	put_bit(plane(policy, planes, PREPEND_HIGH), slot, times & 2);
}

/* Does what `a` asks of a peer at its distance hold before what `b` asks? Who is further away comes
 * first; of their likes, what is meant of fewer. */
static bool
holds_before(const struct policy *policy, const struct policy_wish *a, const struct policy_wish *b)
{
	bool slower = a->action == HUB_PREPEND_SLOWER;
	if (a->action != b->action)
		return slower;
	if (a->p != b->p)
		return slower ? a->p > b->p : a->p < b->p;
	return policy->highest_prepend_first ? a->number > b->number : a->number < b->number;
}

static bool
asks_prepend_at(const struct policy_wish *wish, uint16_t rtt_ms)
{
	return (wish->action == HUB_PREPEND_SLOWER && rtt_ms > wish->p) ||
	       (wish->action == HUB_PREPEND_FASTER && rtt_ms <= wish->p);
}

static void
prepend_by_rtt(struct policy *policy, const struct policy_request *request, struct planes *planes)
{
	for (size_t i = 0; i < policy->session_count; i++) {
		const struct policy_session *session = &policy->sessions[i];
		const struct policy_wish *holds = NULL;
		for (size_t j = 0; session->rtt_ms && j < request->count; j++) {
			const struct policy_wish *wish = &request->wishes[j];
			if (asks_prepend_at(wish, session->rtt_ms) &&
			    (!holds || holds_before(policy, wish, holds)))
				holds = wish;
		}
		if (holds)
			prepend_one(policy, planes, session->slot, holds->number);
	}
}

static void
prepend_by_peer(struct policy *policy, const struct policy_request *request, struct planes *planes,
		unsigned times)
{
	for (size_t i = 0; i < request->count; i++) {
		const struct policy_wish *wish = &request->wishes[i];
		bool fits = times ? wish->action == HUB_PREPEND_TO && wish->number == times
				  : wish->action == HUB_NO_PREPEND_TO;
		const struct policy_member *member =
			fits ? policy_member_of(policy, wish->p) : NULL;
		for (uint32_t j = 0; member && j < member->session_count; j++)
			prepend_one(policy, planes,
				    policy->sessions[member->first_session + j].slot, times);
	}
}

/* What holds is written last. */
static void
prepend(struct policy *policy, const struct policy_request *request, struct planes *planes)
{
	bool highest = policy->highest_prepend_first;
	for (unsigned i = 0; i <= 3; i++) {
		unsigned times = highest ? i : 3 - i;
		if (!times || !(request->prepends >> times & 1))
			continue;
		fill(plane(policy, planes, PREPEND_LOW), policy->words, times & 1);
		fill(plane(policy, planes, PREPEND_HIGH), policy->words, times & 2);
	}
	if (asks(request, HUB_PREPEND_SLOWER, HUB_PREPEND_FASTER))
		prepend_by_rtt(policy, request, planes);
	for (unsigned i = 0; i <= 3 && asks(request, HUB_PREPEND_TO, HUB_NO_PREPEND_TO); i++)
		prepend_by_peer(policy, request, planes, highest ? i : 3 - i);
}

static void
add_well_known(struct policy *policy, const struct policy_request *request, struct planes *planes)
{
	if (request->no_export)
		fill(plane(policy, planes, NO_EXPORT), policy->words, true);
	if (request->no_advertise)
		fill(plane(policy, planes, NO_ADVERTISE), policy->words, true);
	if (!asks(request, HUB_NO_EXPORT_TO, HUB_NO_ADVERTISE_TO))
		return;
	for (size_t i = 0; i < request->count; i++) {
		const struct policy_wish *wish = &request->wishes[i];
		if (wish->action == HUB_NO_EXPORT_TO)
			put_member(policy, plane(policy, planes, NO_EXPORT), wish->p, true);
		else if (wish->action == HUB_NO_ADVERTISE_TO)
			put_member(policy, plane(policy, planes, NO_ADVERTISE), wish->p, true);
	}
}

/* At least `times`. */
static void
prepend_more(struct policy *policy, struct planes *planes, const uint64_t *set, unsigned times)
{
	uint64_t *low = plane(policy, planes, PREPEND_LOW);
	uint64_t *high = plane(policy, planes, PREPEND_HIGH);
	for (size_t i = 0; i < policy->words; i++) {
		if (times == 1) {
			low[i] |= set[i] & ~high[i];
		} else if (times == 2) {
			low[i] &= ~(set[i] & ~high[i]);
			high[i] |= set[i];
		} else {
			low[i] |= set[i];
			high[i] |= set[i];
		}
	}
}

/* --- together --- */

/* Cuts a set of slots by each bit of the edit in turn; what cannot be cut any more is a variant. */
struct cutting {
	struct policy *policy;
	const uint64_t *planes[PLANES];
	struct policy_variant *variants;
	size_t count;
};

static void
cut(struct cutting *c, uint64_t *set, unsigned bit, uint32_t edit)
{
	size_t words = c->policy->words;
	uint64_t some = 0;
	for (size_t i = 0; i < words; i++)
		some |= set[i];
	if (!some)
		return;
	for (; bit < PLANES; bit++) {
		if (!c->planes[bit])
			continue;
		size_t mark = c->policy->room_used;
		uint64_t *with = policy_room(c->policy);
		for (size_t i = 0; i < words; i++)
			with[i] = set[i] & c->planes[bit][i];
		take_out(set, with, words);
		size_t before = c->count;
		cut(c, with, bit + 1, edit | 1u << bit);
		if (c->count == before) /* empty: its room is free again */
			c->policy->room_used = mark;
	}
	some = 0;
	for (size_t i = 0; i < words; i++)
		some |= set[i];
	if (edit && some)
		c->variants[c->count++] = (struct policy_variant){edit, set};
}

static size_t
cut_up(struct policy *policy, const struct planes *planes, const uint64_t *hear,
       struct policy_variant *variants)
{
	struct cutting c = {.policy = policy, .variants = variants};
	for (unsigned i = 0; i <= NO_ADVERTISE; i++)
		c.planes[i] = planes->used[i] ? planes->slots[i] : NULL;
	c.planes[4] = policy->hub_first;
	c.planes[5] = policy->role_other;
	uint64_t *all = policy_room(policy);
	memcpy(all, hear, policy->words * sizeof(*all));
	cut(&c, all, 0, 0);
	return c.count;
}

static void
hear_what_is_said(const struct policy *policy, const struct policy_request *request, unsigned said,
		  uint64_t *hear)
{
	if (request->none & said)
		fill(hear, policy->words, false);
	if (asks(request, HUB_DO_NOT_ANNOUNCE_SITE, HUB_ANNOUNCE_CONTINENT))
		hear_by_place(policy, request, said, hear);
	if (asks(request, HUB_DO_NOT_ANNOUNCE_SLOWER, HUB_ANNOUNCE_FASTER))
		hear_by_rtt(policy, request, said, hear);
	if (asks(request, HUB_DO_NOT_ANNOUNCE_TO, HUB_ANNOUNCE_TO))
		hear_by_peer(policy, request, said, hear);
}

static void
hear_by_request(const struct policy *policy, const struct policy_request *request, uint64_t *hear)
{
	fill(hear, policy->words, true);
	if (!policy->large_first) {
		hear_what_is_said(policy, request, POLICY_SAID_ANYHOW, hear);
		return;
	}
	hear_what_is_said(policy, request, POLICY_SAID_SHORT, hear);
	if (request->all & POLICY_SAID_LARGE)
		fill(hear, policy->words, true);
	hear_what_is_said(policy, request, POLICY_SAID_LARGE, hear);
}

uint64_t *
policy_audience(struct policy *policy, const struct policy_asked *asked,
		struct policy_variant *variants, size_t *variant_count)
{
	const struct policy_request *request = asked->request;
	const struct policy_effects *effects = asked->effects;
	struct planes planes = {0};
	size_t words = policy->words;
	uint64_t *hear = policy_room(policy);
	fill(hear, words, true);
	if (request && request->any) {
		hear_by_request(policy, request, hear);
		prepend(policy, request, &planes);
		add_well_known(policy, request, &planes);
	}
	for (unsigned times = 1; times <= 3; times++)
		if (effects->prepend[times])
			prepend_more(policy, &planes, effects->prepend[times], times);
	if (request && policy_stays_here(asked->from, request))
		fill(hear, words, false);
	for (size_t i = 0; i < words; i++)
		hear[i] &= asked->usual[i];
	for (size_t i = 0; i < words && effects->deny; i++)
		hear[i] &= ~effects->deny[i];
	for (size_t i = 0; i < words && asked->facts & POLICY_FACT_BLACKHOLE; i++) {
		if (!policy_discards(asked->facts))
			hear[i] = 0;
		hear[i] = (hear[i] & policy->blackholes[i]) | policy->fabric[i];
	}
	for (size_t i = 0; i < words && asked->ipv4_over_ipv6; i++)
		hear[i] &= policy->extended[i];
	*variant_count = cut_up(policy, &planes, hear, variants);
	return hear;
}
