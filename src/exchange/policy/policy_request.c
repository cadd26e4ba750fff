/* Reading communities. */
#include "exchange/policy/policy_request.h"

#include <assert.h>

#include "base/hash.h"

/* Euro-IX: RS:1000-1999:* tells what a route server found out, whatever of it a hub uses. */
enum { INFORMATIONAL_FIRST = 1000, INFORMATIONAL_LAST = 1999 };

bool
policy_words_next(struct policy_word *out, struct cursor lists[3])
{
	return policy_standard_next(out, &lists[0]) || policy_extended_next(out, &lists[1]) ||
	       policy_large_next(out, &lists[2]);
}

static uint32_t
standard_value(const struct policy_word *word)
{
	return word->form == POLICY_STANDARD ? word->fields[0] << 16 | word->fields[1] : 0;
}

/* RFC 4360 section 6: it ends with the AS that sent it. A member could otherwise say with one what a
 * receiver takes for the exchange's word, such as the validation state of RFC 8097. */
static bool
is_not_transitive(const struct policy_word *word)
{
	return word->form == POLICY_GENERIC && word->fields[0] >> 30 & 1;
}

bool
policy_word_is_blackhole(const struct policy_word *word)
{
	return standard_value(word) == POLICY_BLACKHOLE_COMMUNITY;
}

/* BLACKHOLE goes out with blackholes only, where policy_edit puts it: on a route that is none, because
 * its sender may not ask or nobody heeds it here, it would have those drop traffic who never agreed to
 * that with anybody (RFC 7999 section 3.3). */
static bool
is_kept_out(const struct policy_word *word)
{
	return is_not_transitive(word) || policy_word_is_blackhole(word);
}

static uint32_t
wished_p(const struct policy_meaning *meaning, uint32_t p)
{
	bool by_rtt = meaning->action >= HUB_DO_NOT_ANNOUNCE_SLOWER &&
		      meaning->action <= HUB_PREPEND_FASTER;
	if (by_rtt && !meaning->has_p)
		return meaning->ms;
	return by_rtt && p > UINT16_MAX ? UINT16_MAX : p;
}

static void
wish(struct policy_request *out, const struct policy_meaning *meaning, enum policy_said said,
     uint32_t p)
{
	if (out->count == POLICY_WISHES_MAX) { /* several meanings of one: say less */
		out->none = POLICY_SAID_ANYHOW;
		return;
	}
	out->actions_seen |= (uint32_t)1 << meaning->action;
	out->wishes[out->count++] = (struct policy_wish){
		.action = (uint8_t)meaning->action,
		.number = meaning->number,
		.said = (uint8_t)said,
		.p = wished_p(meaning, p),
	};
}

static void
take(struct policy_request *out, const struct policy_meaning *meaning, enum policy_said said,
     uint32_t p)
{
	static_assert(HUB_ANNOUNCE_CONTINENT < 32, "a bit for each in actions_seen");
	switch (meaning->action) {
	case HUB_DO_NOT_ANNOUNCE_TO_ANY:
		out->none |= (uint8_t)said;
		break;
	case HUB_ANNOUNCE_TO_ANY: /* the default, and it loses to "nobody" */
		out->all |= (uint8_t)said;
		return;
	case HUB_PREPEND_TO_ANY:
		out->prepends |= (uint8_t)(1u << meaning->number);
		break;
	case HUB_NO_EXPORT_TO_ANY:
		out->no_export = true;
		break;
	case HUB_NO_ADVERTISE_TO_ANY:
		out->no_advertise = true;
		break;
	case HUB_BLACKHOLE:
		out->blackhole = true;
		return;
	case HUB_FABRIC:
		out->fabric = hash_u64(out->fabric ^ out->communities) | 1;
		return;
	default:
		if (meaning->action > HUB_ANNOUNCE_CONTINENT)
			return;
		wish(out, meaning, said, p);
	}
	out->any = true;
}

static enum policy_bound
bound_of(uint32_t community)
{
	if (community == POLICY_NO_ADVERTISE)
		return POLICY_STAYS_HERE;
	bool inside = community == POLICY_NO_EXPORT || community == POLICY_NO_EXPORT_SUBCONFED;
	return inside ? POLICY_STAYS_INSIDE : POLICY_GOES_ON;
}

void
policy_request_read(struct policy_request *out, const struct policy_patterns *patterns,
		    bool pass_unknown, const struct bgp_attrs *attrs)
{
	struct cursor lists[3] = {attrs->communities, attrs->ext_communities,
				  attrs->large_communities};
	struct policy_word word;
	out->none = out->all = 0;
	out->no_export = out->no_advertise = out->blackhole = false;
	out->graceful_shutdown = out->any = false;
	out->well_known = POLICY_GOES_ON;
	out->scrubbed = out->fabric = 0;
	out->prepends = 0;
	out->actions_seen = out->communities = 0;
	out->count = 0;
	while (policy_words_next(&word, lists)) {
		uint32_t p;
		out->communities++;
		uint32_t value = standard_value(&word);
		out->graceful_shutdown |= value == POLICY_GRACEFUL_SHUTDOWN;
		enum policy_bound bound = bound_of(value);
		out->well_known = bound > out->well_known ? bound : out->well_known;
		const struct policy_meaning *meaning = policy_pattern_find(patterns, &word, &p);
		bool scrub = meaning || is_kept_out(&word) ||
			     (!pass_unknown && policy_word_is_hubs(patterns, &word));
		if (scrub)
			out->scrubbed = hash_u64(out->scrubbed ^ out->communities) | 1;
		enum policy_said said =
			word.form == POLICY_LARGE ? POLICY_SAID_LARGE : POLICY_SAID_SHORT;
		for (; meaning; meaning = policy_pattern_next(patterns, meaning))
			take(out, meaning, said, p);
	}
}

bool
policy_word_is_scrubbed(const struct policy_patterns *patterns, bool pass_unknown,
			const struct policy_word *word)
{
	uint32_t p;
	if (is_kept_out(word) || policy_pattern_find(patterns, word, &p))
		return true;
	return !pass_unknown && policy_word_is_hubs(patterns, word);
}

bool
policy_word_is_fabric(const struct policy_patterns *patterns, const struct policy_word *word)
{
	uint32_t p;
	const struct policy_meaning *meaning = policy_pattern_find(patterns, word, &p);
	for (; meaning; meaning = policy_pattern_next(patterns, meaning))
		if (meaning->action == HUB_FABRIC)
			return true;
	return false;
}

bool
policy_word_is_forged(const struct policy_patterns *patterns, const struct policy_word *word)
{
	uint32_t p;
	const struct policy_meaning *meaning = policy_pattern_find(patterns, word, &p);
	if (meaning) /* one that asks for something is heard, whatever else it may mean */ {
		for (; meaning; meaning = policy_pattern_next(patterns, meaning))
			if (hub_community_asks(meaning->action))
				return false;
		return true;
	}
	return word->form == POLICY_LARGE && policy_word_is_hubs(patterns, word) &&
	       word->fields[1] >= INFORMATIONAL_FIRST && word->fields[1] <= INFORMATIONAL_LAST;
}
