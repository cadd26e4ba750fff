/* From an UPDATE to routes in the table: policy judges the attributes once for each set and each
 * prefix shortly, and says who is to receive them. */
#include "base/log.h"
#include "exchange/exchange_private.h"

enum { AHEAD = POLICY_AHEAD }; /* prefixes looked up side by side */

static struct rib_verdict
judge_attrs(struct exchange *x, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs)
{
	const struct exchange_peer *peer = &x->peers[slot];
	struct policy_verdict verdict;
	policy_attrs_judge(x->policy, peer->hub_session, rib_family(rib), attrs, &verdict);
	return (struct rib_verdict){
		.reasons = verdict.refused ? (uint32_t)verdict.reasons : 0,
		.receivers = rib_set_of(rib_sets_in(rib), verdict.receivers),
		.scrub = !verdict.plain,
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

static void
judge_prefixes(struct exchange *x, unsigned slot, const struct bgp_attrs *attrs,
	       const struct prefix *prefixes, size_t count, struct policy_mark *marks)
{
	struct policy_route route = {.attrs = attrs};
	policy_paths_judge(x->policy, x->peers[slot].hub_session, &route, prefixes, count, marks);
}

static int
announce_all(struct exchange *x, unsigned slot, struct bgp_nlri list, struct bgp_attrs attrs)
{
	struct exchange_peer *peer = &x->peers[slot];
	struct rib *rib = exchange_rib_of(x, list.family);
	attrs.next_hop = list.next_hop;
	attrs.link_local = list.link_local;
	struct bgp_communities kept;
	if (policy_scrub_import(x->policy, &attrs, &x->kept, &kept)) {
		attrs.communities = kept.standard;
		attrs.ext_communities = kept.extended;
		attrs.large_communities = kept.large;
	}
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	if (!set) {
		struct rib_verdict verdict = judge_attrs(x, rib, slot, &attrs);
		set = rib_attrs_intern(rib, &verdict);
	}
	if (!set) { /* what cannot be kept must not stay as it was before: RFC 7606 section 2 */
		/* Once, for the neighbour decides how often it happens. */
		if (!peer->too_large_told)
			log_warn("session %s: attributes too large to keep, routes withdrawn",
				 peer->id);
		peer->too_large_told = true;
		withdraw_all(rib, slot, list);
		return 0;
	}
	uint32_t now_s = (uint32_t)x->utc.s;
	struct prefix prefixes[AHEAD];
	size_t count;
	while ((count = next_prefixes(rib, &list, prefixes)) != 0) {
		struct policy_mark marks[AHEAD];
		judge_prefixes(x, slot, &attrs, prefixes, count, marks);
		for (size_t i = 0; i < count; i++) {
			uint32_t reasons = marks[i].refused ? (uint32_t)marks[i].reasons : 0;
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
	struct exchange *x = ((struct judging *)context)->x;
	struct bgp_attrs attrs = {0}; /* without sources prefixes are judged by themselves */
	struct policy_mark mark;
	judge_prefixes(x, slot, &attrs, &prefix, 1, &mark);
	return mark.refused ? (uint32_t)mark.reasons : 0;
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
