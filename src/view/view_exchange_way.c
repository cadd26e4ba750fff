/* Ways of a prefix, judged and put into order. */
#include "view/view_exchange_way.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_steer.h"
#include "view/view_exchange_parts.h"

/* --- judging --- */

static uint64_t *
copy_set(struct arena *arena, const struct policy *policy, const uint64_t *set)
{
	size_t octets = policy_words(policy) * sizeof(*set);
	uint64_t *copy = arena_take(arena, octets);
	if (copy && set)
		memcpy(copy, set, octets);
	return copy;
}

static bool
copy_variants(struct arena *arena, const struct policy *policy, struct view_way *way,
	      const struct policy_variant *variants, size_t count)
{
	way->variant_count = 0;
	way->variants = arena_take(arena, (count + 1) * sizeof(*way->variants));
	for (size_t i = 0; way->variants && i < count; i++) {
		uint64_t *slots = copy_set(arena, policy, variants[i].slots);
		if (!slots)
			return false;
		way->variants[way->variant_count++] =
			(struct view_variant){variants[i].edit, slots};
	}
	return way->variants != NULL;
}

/* Some take only what they said they can: RFC 9494 section 4.3, RFC 8950 section 4, RFC 8654. */
static void
leave_out_unable(const struct exchange *x, struct view_way *way, bool crossed)
{
	bool large = way->path.tight;
	struct prefix prefix = way->path.prefix;
	const struct rib *rib = exchange_rib(x, (enum ip_family)prefix.ip.family);
	if (!crossed && !large && !way->path.stale_long)
		return;
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		const struct session *session = exchange_session(x, slot);
		bool able =
			session && (!crossed || session_agreed(session)->extended_next_hop) &&
			(!large || rib_path_fits(rib, prefix, way->path.sent_id, slot)) &&
			(!way->path.stale_long || session_remote_capabilities(session)->long_lived);
		if (!able)
			way->may[slot / 64] &= ~(UINT64_C(1) << slot % 64);
	}
}

bool
view_way_judge(struct arena *arena, struct exchange *x, struct view_way *way)
{
	struct policy *policy = exchange_policy_to_ask(x);
	size_t words = policy_words(policy);
	if (way->session == HUB_NONE) {
		way->variant_count = 0;
		way->may = arena_take(arena, words * sizeof(*way->may));
		return way->may != NULL;
	}
	struct policy_verdict verdict;
	policy_attrs_judge(policy, way->session, (enum ip_family)way->path.prefix.ip.family,
			   &way->path.attrs, &verdict);
	way->preference = verdict.transit ? RIB_TRANSIT : verdict.preference;
	way->local_pref = verdict.local_pref;
	way->path.facts = verdict.facts;
	/* What is refused is for collectors: those that the verdict names, or all. */
	bool by_path = way->path.refused && !verdict.refused;
	way->may = copy_set(arena, policy, by_path ? policy_collectors(policy) : verdict.receivers);
	if (!way->may ||
	    !copy_variants(arena, policy, way, verdict.variants, verdict.variant_count))
		return false;
	struct policy_route route = {.facts = verdict.facts, .attrs = &way->path.attrs};
	struct policy_mark mark;
	policy_paths_judge(policy, way->session, &route, &way->path.prefix, 1, &mark);
	way->told = mark.told;
	way->state = mark.state;
	if (way->path.reasons >> POLICY_MAX_PREFIXES & 1)
		policy_mark_refuse(policy, way->session, POLICY_MAX_PREFIXES, &mark);
	if (way->path.reasons >> POLICY_NO_ROOM & 1)
		memset(way->may, 0, words * sizeof(*way->may));
	/* A mark that does not refuse names ordinary receivers. */
	bool excepts = mark.except && (mark.refused || !way->path.refused);
	for (size_t i = 0; excepts && i < words; i++)
		way->may[i] &= ~mark.except[i];
	leave_out_unable(x, way, verdict.crossed);
	return !mark.variant_count ||
	       copy_variants(arena, policy, way, mark.variants, mark.variant_count);
}

struct view_way *
view_ways_of(struct arena *arena, struct exchange *x, struct prefix prefix, size_t *count,
	     size_t *total)
{
	const struct rib *rib = exchange_rib(x, (enum ip_family)prefix.ip.family);
	struct rib_path_view *paths = calloc(VIEW_WAYS_MAX, sizeof(*paths));
	if (!paths)
		return NULL;
	*total = rib_paths(rib, prefix, paths, VIEW_WAYS_MAX);
	*count = *total < VIEW_WAYS_MAX ? *total : VIEW_WAYS_MAX;
	/* One more, for a way that nobody announces yet. */
	struct view_way *ways = arena_take(arena, (*count + 1) * sizeof(*ways));
	for (size_t i = 0; ways && i < *count; i++) {
		ways[i].path = paths[i];
		ways[i].session = exchange_session_at(x, paths[i].slot);
		if (!view_way_judge(arena, x, &ways[i]))
			ways = NULL;
	}
	free(paths);
	return ways;
}

/* --- order --- */

static uint32_t
router_id_of(const struct exchange *x, const struct view_way *way)
{
	const struct session *session = exchange_session(x, way->path.slot);
	if (view_way_is_internal(x, way) && way->path.attrs.has_originator)
		return way->path.attrs.originator;
	return session ? session_agreed(session)->remote_router_id : 0;
}

static struct ip
address_of(const struct exchange *x, const struct view_way *way)
{
	struct exchange_target target;
	if (!exchange_target_of(x, way->path.slot, &target))
		return (struct ip){0};
	return target.address;
}

bool
view_way_is_internal(const struct exchange *x, const struct view_way *way)
{
	return way->session != HUB_NONE &&
	       exchange_hub(x)->sessions[way->session].transit == HUB_AS_INTERNAL;
}

/* How many reflectors a way of the hub's own routers has passed. */
static size_t
clusters_of(const struct exchange *x, const struct view_way *way)
{
	struct cursor clusters = way->path.attrs.cluster_list;
	return view_way_is_internal(x, way) ? cursor_left(&clusters) : 0;
}

static int
compare_peers(const struct exchange *x, const struct view_way *a, const struct view_way *b)
{
	bool internal = view_way_is_internal(x, a);
	if (internal != view_way_is_internal(x, b))
		return internal ? 1 : -1;
	uint32_t one = router_id_of(x, a), other = router_id_of(x, b);
	if (one != other)
		return one < other ? -1 : 1;
	size_t few = clusters_of(x, a), many = clusters_of(x, b);
	if (few != many)
		return few < many ? -1 : 1;
	int by_address = ip_compare(address_of(x, a), address_of(x, b));
	if (by_address)
		return by_address;
	if (a->path.slot != b->path.slot)
		return a->path.slot < b->path.slot ? -1 : 1;
	return a->path.path_id < b->path.path_id ? -1 : a->path.path_id > b->path.path_id;
}

/* All that goes before MED; LOCAL_PREF is of the hub's own AS. */
static int
compare_class(const struct view_way *a, const struct view_way *b)
{
	if (a->path.refused != b->path.refused)
		return a->path.refused - b->path.refused;
	if (a->path.stale_long != b->path.stale_long)
		return a->path.stale_long - b->path.stale_long;
	if (a->preference != b->preference)
		return a->preference - b->preference;
	if (a->preference == RIB_TRANSIT && a->local_pref != b->local_pref)
		return a->local_pref > b->local_pref ? -1 : 1;
	if (a->path.attrs.as_hops != b->path.attrs.as_hops)
		return a->path.attrs.as_hops - b->path.attrs.as_hops;
	return a->path.attrs.origin - b->path.attrs.origin;
}

static uint32_t
med_of(const struct view_way *way)
{
	return way->path.attrs.has_med ? way->path.attrs.med : 0;
}

static bool
same_neighbour(const struct view_way *a, const struct view_way *b)
{
	return a->path.attrs.first_as.number == b->path.attrs.first_as.number;
}

/* Does `way` lose against another of its class and neighbour AS among these? */
static bool
is_behind(const struct exchange *x, const struct view_way *ways, size_t count, size_t way)
{
	for (size_t i = 0; i < count; i++) {
		if (i == way || !same_neighbour(&ways[i], &ways[way]) ||
		    compare_class(&ways[i], &ways[way]) != 0)
			continue;
		uint32_t one = med_of(&ways[i]), other = med_of(&ways[way]);
		if (one != other ? one < other : compare_peers(x, &ways[i], &ways[way]) < 0)
			return true;
	}
	return false;
}

void
view_ways_sort(const struct exchange *x, struct view_way *ways, size_t count)
{
	for (size_t at = 0; at < count; at++) {
		size_t best = at;
		for (size_t i = at; i < count; i++) {
			int by_class = compare_class(&ways[i], &ways[best]);
			if (is_behind(x, ways + at, count - at, i - at))
				continue;
			bool best_behind = is_behind(x, ways + at, count - at, best - at);
			if (best_behind || by_class < 0 ||
			    (by_class == 0 && compare_peers(x, &ways[i], &ways[best]) < 0))
				best = i;
		}
		struct view_way chosen = ways[best];
		memmove(&ways[at + 1], &ways[at], (best - at) * sizeof(*ways));
		ways[at] = chosen;
	}
}

static void
before_by_peer(struct buf *out, const struct exchange *x, const struct view_way *a,
	       const struct view_way *b)
{
	char one[IP_TEXT], other[IP_TEXT];
	uint32_t first = router_id_of(x, a), second = router_id_of(x, b);
	if (!view_way_is_internal(x, a) && view_way_is_internal(x, b))
		buf_str(out, "an external path before one of the hub's own routers");
	else if (first < second)
		buf_printf(out, "lower router id: %s before %s", ip_format(one, ip_v4(first)),
			   ip_format(other, ip_v4(second)));
	else if (a->path.slot == b->path.slot)
		buf_printf(out, "lower path identifier: %" PRIu32 " before %" PRIu32,
			   a->path.path_id, b->path.path_id);
	else if (first == second && clusters_of(x, a) < clusters_of(x, b))
		buf_str(out, "fewer clusters (RFC 4456 section 9)");
	else if (first == second)
		buf_printf(out, "lower address of the session: %s before %s",
			   ip_format(one, address_of(x, a)), ip_format(other, address_of(x, b)));
	else
		buf_printf(out,
			   "MED: the other stands behind a path of its own neighbour AS%" PRIu32,
			   b->path.attrs.first_as.number);
}

void
view_way_before(struct buf *out, const struct exchange *x, const struct view_way *a,
		const struct view_way *b)
{
	static const char *const origins[] = {"IGP", "EGP", "incomplete"};
	const struct bgp_attrs *one = &a->path.attrs, *other = &b->path.attrs;
	if (a->path.refused != b->path.refused)
		buf_str(out, "the other is refused");
	else if (a->path.stale_long != b->path.stale_long)
		buf_str(out, "what is stale for long stands last (RFC 9494)");
	else if (a->preference != b->preference)
		buf_str(out, "the last resort stands last (graceful shutdown)");
	else if (a->preference == RIB_TRANSIT && a->local_pref != b->local_pref)
		buf_printf(out, "higher LOCAL_PREF: %" PRIu32 " before %" PRIu32, a->local_pref,
			   b->local_pref);
	else if (one->as_hops != other->as_hops)
		buf_printf(out, "fewer hops: %u before %u", one->as_hops, other->as_hops);
	else if (one->origin != other->origin)
		buf_printf(out, "lower origin: %s before %s", origins[one->origin % 3],
			   origins[other->origin % 3]);
	else if (same_neighbour(a, b) && med_of(a) < med_of(b))
		buf_printf(out, "lower MED from the same neighbour AS: %" PRIu32 " before %" PRIu32,
			   med_of(a), med_of(b));
	else
		before_by_peer(out, x, a, b);
}

/* Those that the slot may have, in its order, as indices; returns how many. */
static size_t
order_for(const struct view_ways *all, unsigned slot, uint16_t order[VIEW_WAYS_MAX])
{
	size_t ordered = 0;
	if (view_slot_is_steered(all, slot))
		return view_ways_by_plan(all, slot, order);
	for (size_t i = 0; i < all->count && ordered < VIEW_WAYS_MAX; i++)
		if (view_set_has(all->ways[i].may, slot))
			order[ordered++] = (uint16_t)i;
	return ordered;
}

int
view_ways_first(const struct view_ways *all, unsigned slot)
{
	uint16_t order[VIEW_WAYS_MAX];
	return order_for(all, slot, order) ? order[0] : -1;
}

bool
view_slot_is_steered(const struct view_ways *all, unsigned slot)
{
	return (all->plan ? exchange_steer_row_by(all->x, all->plan, slot)
			  : exchange_steer_row(all->x, slot)) != NULL;
}

bool
view_way_goes_to(const struct exchange *x, const struct view_way *way, unsigned slot)
{
	const struct rib *rib = exchange_rib(x, (enum ip_family)way->path.prefix.ip.family);
	return view_set_has(way->may, slot) && rib_path_goes_to(rib, &way->path, slot);
}

/* As rib_out.c chooses. */
bool
view_ways_chosen(const struct view_ways *all, size_t at, unsigned slot)
{
	const struct view_way *ways = all->ways;
	uint32_t number = exchange_session_at(all->x, slot);
	if (number == HUB_NONE)
		return false;
	const struct hub_session *session = &exchange_hub(all->x)->sessions[number];
	size_t more = session->add_path_more, taken = 0;
	uint16_t order[VIEW_WAYS_MAX];
	size_t ordered = order_for(all, slot, order);
	for (size_t i = 0; i < ordered; i++) {
		const struct view_way *best = &ways[order[0]], *way = &ways[order[i]];
		bool equal = compare_class(best, way) == 0 &&
			     (!same_neighbour(best, way) || med_of(best) == med_of(way));
		bool good = i == 0 || session->add_path_paths == HUB_PATHS_ALL ||
			    (session->add_path_paths == HUB_PATHS_EQUAL && equal);
		if (session->add_path_max && taken == session->add_path_max)
			return false;
		if (!good && !more)
			continue;
		more -= !good;
		taken++;
		if (order[i] == at)
			return true;
	}
	return false;
}

/* --- what is sent --- */

uint32_t
view_way_edit(const struct view_way *way, unsigned slot)
{
	for (size_t i = 0; i < way->variant_count; i++)
		if (view_set_has(way->variants[i].slots, slot))
			return way->variants[i].edit;
	return 0;
}

static bool
edited(const struct exchange *x, const struct view_way *way, uint32_t edit,
       const struct policy_told *told, struct bgp_attrs *out, struct buf *scratch)
{
	struct policy_sent sent = {
		.slot = way->path.slot,
		.family = (enum ip_family)way->path.prefix.ip.family,
		.attrs = &way->path.attrs,
		.reasons = way->path.reasons,
		.refused = way->path.refused,
		.stale = way->path.stale_long,
		.state = way->told || way->path.refused ? way->state : 0,
		.facts = way->path.facts,
		.edit = edit,
		.told = told,
	};
	struct bgp_communities communities;
	policy_edit(exchange_policy(x), &sent, out, &communities, scratch);
	if (scratch->failed)
		return false;
	out->communities = communities.standard;
	out->ext_communities = communities.extended;
	out->large_communities = communities.large;
	return true;
}

bool
view_way_sent(const struct exchange *x, const struct view_way *way, uint32_t edit,
	      struct bgp_attrs *out, struct buf *scratch)
{
	return edited(x, way, edit, NULL, out, scratch);
}

bool
view_ways_sent(const struct view_ways *all, size_t at, unsigned slot, struct bgp_attrs *out,
	       struct buf *scratch)
{
	const struct view_way *way = &all->ways[at];
	struct exchange_steer_supposed by = {0};
	if (all->plan)
		by = exchange_steer_sight_by(all->x, all->plan, slot, way->path.slot);
	return edited(all->x, way, view_way_edit(way, slot), all->plan ? &by.told : NULL, out,
		      scratch);
}

/* Communities of `these` that `those` has not. */
static void
put_difference(struct buf *out, const char *word, const struct bgp_attrs *these,
	       const struct bgp_attrs *those)
{
	static const int forms[] = {VIEW_STANDARD, VIEW_LARGE, VIEW_EXTENDED};
	char text[VIEW_COMMUNITY_TEXT];
	unsigned count = 0;
	for (size_t i = 0; i < 3; i++) {
		struct bgp_attrs copy = *these;
		struct view_community one = {0};
		one.form = forms[i] == VIEW_STANDARD ? VIEW_STANDARD
			   : forms[i] == VIEW_LARGE  ? VIEW_LARGE
						     : VIEW_EXTENDED;
		struct cursor *list = view_community_list(&copy, &one);
		while (view_community_next(&one, list, forms[i])) {
			if (view_community_is_in(those, &one))
				continue;
			if (!count++)
				buf_printf(out, "%s%s", out->length ? "; " : "", word);
			buf_printf(out, " %s", view_community_text(text, &one));
		}
	}
}

static bool
same_octets(struct cursor a, struct cursor b)
{
	size_t length = cursor_left(&a);
	return length == cursor_left(&b) && (!length || memcmp(a.at, b.at, length) == 0);
}

void
view_way_changes(struct buf *out, const struct bgp_attrs *came, const struct bgp_attrs *sent)
{
	char text[IP_TEXT];
	if (!same_octets(came->as_path, sent->as_path)) {
		buf_str(out, "path ");
		bgp_as_path_text(out, sent->as_path);
	}
	if (!ip_equal(came->next_hop, sent->next_hop))
		buf_printf(out, "%snext hop %s", out->length ? "; " : "",
			   ip_format(text, sent->next_hop));
	if (sent->has_med && (!came->has_med || came->med != sent->med))
		buf_printf(out, "%sMED %" PRIu32, out->length ? "; " : "", sent->med);
	else if (came->has_med && !sent->has_med)
		buf_printf(out, "%swithout MED", out->length ? "; " : "");
	if (sent->has_local_pref && (!came->has_local_pref || came->local_pref != sent->local_pref))
		buf_printf(out, "%sLOCAL_PREF %" PRIu32, out->length ? "; " : "", sent->local_pref);
	if (!same_octets(came->others, sent->others))
		buf_printf(out, "%swith OTC", out->length ? "; " : "");
	put_difference(out, "with", sent, came);
	put_difference(out, "without", came, sent);
}

bool
view_slot_hears(const struct exchange *x, unsigned slot, enum ip_family family)
{
	if (!view_slot_is_up(x, slot))
		return false;
	const struct session_agreed *agreed = session_agreed(exchange_session(x, slot));
	return family == IP_V4 ? agreed->ipv4 : agreed->ipv6;
}
