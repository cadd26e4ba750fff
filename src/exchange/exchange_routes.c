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
	return (struct rib_verdict){
		.reasons = policy_attrs_judge(x->policy, peer->hub_session, rib_family(rib), attrs),
		.receivers = receivers(x, rib, peer->asn, attrs),
		.scrub = policy_communities_need_scrub(x->hub->asn, attrs),
	};
}

/* The next prefixes of the list, while the table fetches their memory. */
static size_t
next_prefixes(const struct rib *rib, struct bgp_nlri *list, struct prefix *out)
{
	size_t count = 0;
	while (count < AHEAD && bgp_nlri_next(list, &out[count], NULL))
		count++;
	rib_hint(rib, out, count);
	return count;
}

static void
withdraw_all(struct rib *rib, unsigned slot, struct bgp_nlri list)
{
	struct prefix prefixes[AHEAD];
	size_t count;
	while ((count = next_prefixes(rib, &list, prefixes)) != 0)
		for (size_t i = 0; i < count; i++)
			(void)rib_withdraw(rib, slot, &prefixes[i]);
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
	size_t count;
	while ((count = next_prefixes(rib, &list, prefixes)) != 0) {
		for (size_t i = 0; i < count; i++) {
			uint32_t reasons =
				policy_prefix_judge(x->policy, peer->hub_session, &prefixes[i]);
			if (rib_announce(rib, slot, &prefixes[i], set, reasons, now_s) ==
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

/* --- another policy --- */

struct judging {
	struct exchange *x;
	struct rib *rib;
};

static struct rib_verdict
judge_attrs_again(void *context, unsigned slot, const struct bgp_attrs *attrs)
{
	struct judging *judging = context;
	return judge_attrs(judging->x, judging->rib, slot, attrs);
}

static uint32_t
judge_prefix_again(void *context, unsigned slot, struct prefix prefix)
{
	const struct exchange *x = ((struct judging *)context)->x;
	return policy_prefix_judge(x->policy, x->peers[slot].hub_session, &prefix);
}

void
exchange_rejudge(struct exchange *x)
{
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct judging judging = {x, x->ribs[i]};
		struct rib_judge judge = {judge_attrs_again, judge_prefix_again, &judging};
		rib_rejudge(x->ribs[i], &judge);
	}
}
