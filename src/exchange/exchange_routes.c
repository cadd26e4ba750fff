/* From an UPDATE to routes in the table: policy judges the attributes once for each set and each
 * prefix shortly, and says who is to receive them. */
#include <string.h>

#include "base/log.h"
#include "exchange/exchange_private.h"

enum { AHEAD = 16 }; /* prefixes looked up side by side */

static void
add_slots(const struct exchange *x, struct asn member, uint64_t *to)
{
	uint32_t index = hub_member_by_asn(x->hub, member);
	for (size_t i = 0; index != HUB_NONE && i < x->words; i++)
		to[i] |= x->member_bits[index * x->words + i];
}

static void
remove_slots(const struct exchange *x, struct asn member, uint64_t *from)
{
	uint32_t index = hub_member_by_asn(x->hub, member);
	for (size_t i = 0; index != HUB_NONE && i < x->words; i++)
		from[i] &= ~x->member_bits[index * x->words + i];
}

/* The sessions that are to have what `sender` announces with these attributes: never its own. */
static uint32_t
receivers(struct exchange *x, struct rib *rib, struct asn sender, const struct bgp_attrs *attrs)
{
	struct policy_audience *audience = x->audience;
	policy_audience_read(audience, x->hub->asn, attrs);
	uint64_t *bits = x->receivers;
	memset(bits, 0, x->words * sizeof(*bits));
	if (!audience->none)
		memcpy(bits, x->all_bits, x->words * sizeof(*bits));
	for (size_t i = 0; audience->none && i < audience->to_count; i++)
		add_slots(x, (struct asn){audience->to[i]}, bits);
	for (size_t i = 0; i < audience->not_to_count; i++)
		remove_slots(x, (struct asn){audience->not_to[i]}, bits);
	remove_slots(x, sender, bits);
	return rib_set_of(rib_sets_in(rib), bits);
}

static struct rib_verdict
judge_attrs(struct exchange *x, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs)
{
	const struct exchange_peer *peer = &x->peers[slot];
	uint32_t reasons = policy_attrs_judge(x->policy, peer->hub_session, rib_family(rib), attrs);
	return (struct rib_verdict){
		.reasons = reasons,
		.refused = reasons != 0,
		.receivers = receivers(x, rib, peer->asn, attrs),
		.plain = !policy_communities_need_scrub(x->hub->asn, attrs),
	};
}

static uint32_t
judge_prefix(const struct exchange *x, struct rib *rib, unsigned slot, const struct prefix *prefix)
{
	uint32_t reasons = policy_prefix_judge(x->policy, x->peers[slot].hub_session, prefix);
	struct rib_mark mark = {.reasons = reasons, .refused = reasons != 0};
	return rib_mark_of(rib, &mark);
}

/* The next prefixes of the list, while the table fetches their memory. */
static size_t
next_prefixes(const struct rib *rib, struct bgp_nlri *list, struct prefix *out, uint32_t *path_ids)
{
	size_t count = 0;
	while (count < AHEAD && bgp_nlri_next(list, &out[count], &path_ids[count]))
		count++;
	rib_hint(rib, out, count);
	return count;
}

static void
withdraw_all(struct rib *rib, unsigned slot, struct bgp_nlri list)
{
	struct prefix prefixes[AHEAD];
	uint32_t path_ids[AHEAD];
	size_t count;
	while ((count = next_prefixes(rib, &list, prefixes, path_ids)) != 0)
		for (size_t i = 0; i < count; i++)
			(void)rib_withdraw(rib, (struct rib_source){slot, path_ids[i]},
					   &prefixes[i]);
}

static int
announce_all(struct exchange *x, unsigned slot, struct bgp_nlri list, struct bgp_attrs attrs)
{
	struct exchange_peer *peer = &x->peers[slot];
	char name[EXCHANGE_PEER_TEXT];
	struct rib *rib = exchange_rib_of(x, list.family);
	attrs.next_hop = list.next_hop;
	attrs.link_local = list.link_local;
	if (policy_large_drop_informational(x->hub->asn, attrs.large_communities, &x->kept_large))
		attrs.large_communities = cursor_of(x->kept_large.data, x->kept_large.length);
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	if (!set) {
		struct rib_verdict verdict = judge_attrs(x, rib, slot, &attrs);
		set = rib_attrs_intern(rib, &verdict);
	}
	if (!set) { /* what cannot be kept must not stay as it was before: RFC 7606 section 2 */
		/* Once, for the neighbour decides how often it happens. */
		if (!peer->too_large_told)
			log_warn("session %s: attributes too large to keep, routes withdrawn",
				 exchange_peer_text(x, slot, name));
		peer->too_large_told = true;
		withdraw_all(rib, slot, list);
		return 0;
	}
	uint32_t now_s = (uint32_t)x->utc.s;
	struct prefix prefixes[AHEAD];
	uint32_t path_ids[AHEAD];
	size_t count;
	while ((count = next_prefixes(rib, &list, prefixes, path_ids)) != 0) {
		for (size_t i = 0; i < count; i++) {
			uint32_t mark = judge_prefix(x, rib, slot, &prefixes[i]);
			struct rib_source source = {slot, path_ids[i]};
			if (rib_announce(rib, source, &prefixes[i], set, mark, now_s) ==
			    RIB_NO_MEMORY)
				return -1;
		}
	}
	return 0;
}

int
exchange_take_update(struct exchange *x, unsigned slot, const struct bgp_update *update)
{
	if (x->peers[slot].hub_session == HUB_NONE)
		return 0;
	for (unsigned i = 0; i < update->withdrawn_count; i++) {
		struct rib *rib = exchange_rib_of(x, update->withdrawn[i].family);
		if (rib_session_is_open(rib, slot))
			withdraw_all(rib, slot, update->withdrawn[i]);
	}
	for (unsigned i = 0; i < update->announced_count; i++) {
		struct rib *rib = exchange_rib_of(x, update->announced[i].family);
		if (rib_session_is_open(rib, slot) &&
		    announce_all(x, slot, update->announced[i], update->attrs))
			return -1;
	}
	return 0;
}

/* --- what the table asks --- */

static void
judge_attrs_again(void *context, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
		  struct rib_verdict *verdict)
{
	*verdict = judge_attrs(context, rib, slot, attrs);
}

static void
judge_paths_again(void *context, struct rib *rib, const struct rib_asked *route,
		  const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	for (size_t i = 0; i < count; i++)
		marks[i] = judge_prefix(context, rib, route->slot, &prefixes[i]);
}

/* Communities that are for the route server are not passed on. */
static void
scrub(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
      struct bgp_communities *communities, struct buf *scratch)
{
	struct asn hub_as = ((const struct exchange *)context)->hub->asn;
	(void)attrs;
	(void)buf_reserve(scratch,
			  cursor_left(&communities->standard) + cursor_left(&communities->large));
	struct cursor list = sent->attrs->communities;
	while (cursor_left(&list) >= 4) {
		uint32_t community = cursor_u32(&list);
		if (!policy_community_is_ours(hub_as, community))
			buf_u32(scratch, community);
	}
	communities->standard = cursor_of(scratch->data, scratch->length);
	size_t start = scratch->length;
	list = sent->attrs->large_communities;
	while (cursor_left(&list) >= 12) {
		struct cursor head = list;
		const uint8_t *octets = cursor_take(&list, 12);
		if (!policy_large_is_ours(hub_as, cursor_u32(&head)))
			buf_put(scratch, octets, 12);
	}
	communities->large = cursor_of(scratch->data + start, scratch->length - start);
}

void
exchange_hook(struct exchange *x)
{
	struct rib_hooks hooks = {judge_attrs_again, judge_paths_again, scrub, x};
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_set_hooks(x->ribs[i], &hooks);
}

void
exchange_rejudge(struct exchange *x)
{
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		rib_rejudge_begin(x->ribs[i], true);
		while (rib_rejudge_step(x->ribs[i], SIZE_MAX))
			continue;
	}
}
