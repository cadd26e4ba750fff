/* Communities for the route server. */
#include "exchange/policy/policy_community.h"

#include <string.h>

enum { LARGE_NOT_TO = 0, LARGE_TO = 1, INFORMATIONAL_FIRST = 1000, INFORMATIONAL_LAST = 1999 };

struct reader {
	struct asn hub_as;
	struct policy_audience *out;
	size_t to_count, not_to_count;
};

/* "To" numbers grow from the beginning, "not to" from the end. One that finds no room is left out
 * on the side of saying less: the sender's own "not" must hold, so a full array means nobody. */
static void
name_peer(struct reader *r, bool to, uint32_t peer)
{
	if (r->to_count + r->not_to_count == POLICY_NAMED_MAX) {
		if (!to)
			r->out->none = true;
		return;
	}
	if (to)
		r->out->numbers[r->to_count++] = peer;
	else
		r->out->numbers[POLICY_NAMED_MAX - ++r->not_to_count] = peer;
}

static void
read_standard(struct reader *r, struct cursor list)
{
	uint32_t hub_as = r->hub_as.number;
	if (hub_as > UINT16_MAX)
		return;
	while (cursor_left(&list) >= 4) {
		uint32_t community = cursor_u32(&list);
		uint32_t high = community >> 16, low = community & 0xffff;
		if (high == 0 && low == hub_as)
			r->out->none = true;
		else if (high == 0)
			name_peer(r, false, low);
		else if (high == hub_as && low == hub_as)
			r->out->all = true;
		else if (high == hub_as)
			name_peer(r, true, low);
	}
}

static void
read_large(struct reader *r, struct cursor list)
{
	while (cursor_left(&list) >= 12) {
		uint32_t global = cursor_u32(&list);
		uint32_t function = cursor_u32(&list);
		uint32_t peer = cursor_u32(&list);
		if (global != r->hub_as.number || function > LARGE_TO)
			continue;
		if (peer)
			name_peer(r, function == LARGE_TO, peer);
		else if (function == LARGE_NOT_TO)
			r->out->none = true;
		else
			r->out->all = true;
	}
}

void
policy_audience_read(struct policy_audience *out, struct asn hub_as, const struct bgp_attrs *attrs)
{
	out->none = out->all = false;
	struct reader r = {.hub_as = hub_as, .out = out};
	read_standard(&r, attrs->communities);
	read_large(&r, attrs->large_communities);
	out->to = out->numbers;
	out->to_count = r.to_count;
	out->not_to = out->numbers + POLICY_NAMED_MAX - r.not_to_count;
	out->not_to_count = r.not_to_count;
}

static bool
is_named(const uint32_t *numbers, size_t count, struct asn member)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == member.number)
			return true;
	return false;
}

bool
policy_audience_has(const struct policy_audience *audience, struct asn member)
{
	if (is_named(audience->not_to, audience->not_to_count, member))
		return false;
	if (is_named(audience->to, audience->to_count, member))
		return true;
	return !audience->none;
}

bool
policy_community_is_ours(struct asn hub_as, uint32_t community)
{
	uint32_t high = community >> 16;
	return hub_as.number <= UINT16_MAX && (high == 0 || high == hub_as.number);
}

bool
policy_large_is_ours(struct asn hub_as, uint32_t global)
{
	return global == hub_as.number;
}

bool
policy_communities_need_scrub(struct asn hub_as, const struct bgp_attrs *attrs)
{
	struct cursor list = attrs->communities;
	while (cursor_left(&list) >= 4)
		if (policy_community_is_ours(hub_as, cursor_u32(&list)))
			return true;
	list = attrs->large_communities;
	while (cursor_left(&list) >= 12) {
		if (policy_large_is_ours(hub_as, cursor_u32(&list)))
			return true;
		cursor_skip(&list, 8);
	}
	return false;
}

static bool
is_informational(struct asn hub_as, struct cursor community)
{
	uint32_t global = cursor_u32(&community), function = cursor_u32(&community);
	return global == hub_as.number && function >= INFORMATIONAL_FIRST &&
	       function <= INFORMATIONAL_LAST;
}

bool
policy_large_drop_informational(struct asn hub_as, struct cursor large, struct buf *kept)
{
	bool any = false;
	for (struct cursor list = large; cursor_left(&list) >= 12; cursor_skip(&list, 12))
		any |= is_informational(hub_as, list);
	if (!any)
		return false;
	buf_clear(kept);
	while (cursor_left(&large) >= 12) {
		bool drop = is_informational(hub_as, large);
		const uint8_t *community = cursor_take(&large, 12);
		if (!drop)
			buf_put(kept, community, 12);
	}
	return true;
}
