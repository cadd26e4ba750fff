/* From an UPDATE to routes in the table: policy judges the attributes once for each set and each
 * prefix shortly, and says who is to receive them. */
#include "base/log.h"
#include "exchange/exchange_private.h"
#include "exchange/rib/rib_memory.h"

enum { SOME = POLICY_AHEAD }; /* prefixes judged together */

/* Variants in the table's terms, in x->variants; of sets that are interned. */
static size_t
variants_of(struct exchange *x, struct rib *rib, const struct policy_variant *from, size_t count)
{
	x->variants = rib_grow(x->variants, &x->variant_capacity, count + 1, sizeof(*x->variants));
	for (size_t i = 0; i < count; i++)
		x->variants[i] = (struct rib_variant){
			.edit = from[i].edit,
			.set = rib_set_of(rib_sets_in(rib), from[i].slots),
		};
	return count;
}

static void
judge_attrs(struct exchange *x, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
	    struct rib_verdict *out)
{
	struct policy_verdict verdict;
	policy_attrs_judge(x->policy, x->peers[slot].hub_session, rib_family(rib), attrs, &verdict);
	*out = (struct rib_verdict){
		.reasons = verdict.reasons,
		.refused = verdict.refused,
		.plain = verdict.plain,
		.adds_otc = verdict.adds_otc,
		.crossed = verdict.crossed,
		.form = verdict.form,
		.telling = verdict.telling,
		.preference = verdict.transit ? RIB_TRANSIT : verdict.preference,
		.facts = verdict.facts,
		.local_pref = verdict.local_pref,
		.receivers = rib_set_of(rib_sets_in(rib), verdict.receivers),
	};
	out->variant_count = variants_of(x, rib, verdict.variants, verdict.variant_count);
	out->variants = x->variants;
}

/* Equal, and nothing in them that later calls write over. */
static bool
same_simple(const struct policy_mark *a, const struct policy_mark *b)
{
	return a->reasons == b->reasons && a->refused == b->refused && a->told == b->told &&
	       a->state == b->state && !a->except && !b->except && !a->variant_count &&
	       !b->variant_count;
}

static uint32_t
mark_of(struct exchange *x, struct rib *rib, const struct policy_mark *mark)
{
	struct rib_mark out = {
		.reasons = mark->reasons,
		.refused = mark->refused,
		.told = mark->told,
		.rpki = mark->state,
	};
	if (mark->except)
		out.except = rib_set_of(rib_sets_in(rib), mark->except);
	out.variant_count = variants_of(x, rib, mark->variants, mark->variant_count);
	out.variants = x->variants;
	return rib_mark_of(rib, &out);
}

/* The mark of marks[i], knowing that of the one before it: neighbours are mostly alike. */
static uint32_t
next_mark_of(struct exchange *x, struct rib *rib, const struct policy_mark *marks, size_t i,
	     uint32_t before)
{
	if (i && same_simple(&marks[i - 1], &marks[i]))
		return before;
	return mark_of(x, rib, &marks[i]);
}

static size_t
next_prefixes(struct exchange *x, struct bgp_nlri *list, struct prefix *out, uint32_t *path_ids)
{
	size_t count = 0;
	while (count < SOME && bgp_nlri_next(list, &out[count], &path_ids[count]))
		count++;
	exchange_ahead_taken(x, count);
	return count;
}

static void
withdraw_all(struct exchange *x, unsigned slot, struct bgp_nlri list)
{
	struct rib *rib = exchange_rib_of(x, list.family);
	struct prefix prefixes[SOME];
	uint32_t path_ids[SOME];
	size_t count;
	while ((count = next_prefixes(x, &list, prefixes, path_ids)) != 0)
		for (size_t i = 0; i < count; i++)
			(void)rib_withdraw(rib, (struct rib_source){slot, path_ids[i]},
					   &prefixes[i]);
}

/* At most SOME prefixes. */
static void
judge_prefixes(struct exchange *x, const struct rib_asked *asked, const struct prefix *prefixes,
	       size_t count, struct policy_mark *out)
{
	struct policy_route route = {.facts = asked->facts, .attrs = asked->attrs};
	policy_paths_judge(x->policy, x->peers[asked->slot].hub_session, &route, prefixes, count,
			   out);
}

static void
block(const struct exchange *x, unsigned slot, struct policy_mark *mark)
{
	policy_mark_refuse(x->policy, x->peers[slot].hub_session, POLICY_MAX_PREFIXES, mark);
}

static void
judge_paths(void *context, struct rib *rib, const struct rib_asked *asked,
	    const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	struct exchange *x = context;
	struct policy_mark judged[SOME];
	unsigned family = rib_family(rib) == IP_V4 ? EXCHANGE_V4 : EXCHANGE_V6;
	struct exchange_room room = exchange_limits_room(x, asked->slot, family);
	for (size_t done = 0; done < count; done += SOME) {
		size_t some = count - done < SOME ? count - done : SOME;
		for (size_t i = 0; i < 2 * some; i++)
			policy_hint(x->policy, x->peers[asked->slot].hub_session,
				    &prefixes[done + i % some], i >= some);
		judge_prefixes(x, asked, prefixes + done, some, judged);
		for (size_t i = 0; i < some; i++) {
			if (exchange_limits_block_again(x, &room, asked, done + i,
							judged[i].refused))
				block(x, asked->slot, &judged[i]);
			marks[done + i] =
				next_mark_of(x, rib, judged, i, i ? marks[done + i - 1] : 0);
		}
	}
}

/* Once, like all that the neighbour decides how often it happens. */
static void
tell_too_many(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	char name[EXCHANGE_PEER_TEXT];
	if (!peer->too_many_told)
		log_warn("session %s: more than %d paths of one prefix, the others are not kept",
			 exchange_peer_text(x, slot, name), RIB_PATH_IDS_MAX);
	peer->too_many_told = true;
}

static int
announce_all(struct exchange *x, unsigned slot, struct bgp_nlri list, struct bgp_attrs attrs)
{
	struct exchange_peer *peer = &x->peers[slot];
	char name[EXCHANGE_PEER_TEXT];
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
		struct rib_verdict verdict;
		judge_attrs(x, rib, slot, &attrs, &verdict);
		set = rib_attrs_intern(rib, &verdict);
	}
	if (!set) { /* what cannot be kept must not stay as it was before: RFC 7606 section 2 */
		/* Once, for the neighbour decides how often it happens. */
		if (!peer->too_large_told)
			log_warn("session %s: attributes too large to keep, routes withdrawn",
				 exchange_peer_text(x, slot, name));
		peer->too_large_told = true;
		withdraw_all(x, slot, list);
		return 0;
	}
	uint32_t now_s = (uint32_t)x->utc.s;
	struct prefix prefixes[SOME];
	uint32_t path_ids[SOME];
	size_t count;
	struct rib_asked asked = {
		.slot = slot, .attrs = &attrs, .facts = rib_attrs_facts(rib, set)};
	while ((count = next_prefixes(x, &list, prefixes, path_ids)) != 0) {
		struct policy_mark judged[SOME];
		uint32_t mark = 0;
		judge_prefixes(x, &asked, prefixes, count, judged);
		for (size_t i = 0; i < count; i++) {
			struct rib_source source = {slot, path_ids[i]};
			if (exchange_limits_block(x, source, &prefixes[i]))
				block(x, slot, &judged[i]);
			mark = next_mark_of(x, rib, judged, i, mark);
			enum rib_outcome outcome =
				rib_announce(rib, source, &prefixes[i], set, mark, now_s);
			if (outcome == RIB_NO_MEMORY)
				return -1;
			if (outcome == RIB_TOO_MANY)
				tell_too_many(x, slot);
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
			withdraw_all(x, slot, update->withdrawn[i]);
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
	judge_attrs(context, rib, slot, attrs, verdict);
}

static void
edit(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
     struct bgp_communities *communities, struct buf *scratch)
{
	const struct exchange *x = context;
	struct policy_sent what = {
		.slot = sent->slot,
		.router_id = sent->router_id,
		.family = sent->family,
		.attrs = sent->attrs,
		.reasons = sent->reasons,
		.refused = sent->refused,
		.stale = sent->stale,
		.state = sent->rpki,
		.facts = sent->facts,
		.edit = sent->edit,
	};
	policy_edit(x->policy, &what, attrs, communities, scratch);
}

void
exchange_hook(struct exchange *x)
{
	struct rib_hooks hooks = {
		.attrs = judge_attrs_again,
		.paths = judge_paths,
		.edit = edit,
		.context = x,
		.otc = x->hub->asn,
		.growth = policy_edit_growth(x->policy),
	};
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_set_hooks(x->ribs[i], &hooks);
}
