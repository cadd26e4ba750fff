/* Which of the ways of a prefix a session takes that goes by the corridor's plan, as rib_steer.c has it: by cost from its
 * place, among those that are equal up to there. Of ways that are only supposed the table knows nothing, so it is found
 * here from the ways themselves. */
#include <string.h>

#include "exchange/exchange_steer.h"
#include "view/view_exchange_parts.h"
#include "view/view_exchange_way.h"

/* Ways of one class, as numbers into all of them. */
struct group {
	const struct view_ways *all;
	const uint16_t *which;
	size_t count;
	bool before_path;
};

/* How the slot sees the exit of the way. */
static struct exchange_steer_sight
sight_of(const struct view_ways *all, unsigned slot, size_t way)
{
	unsigned exit = all->ways[way].path.slot;
	return all->plan ? exchange_steer_sight_by(all->x, all->plan, slot, exit).sight
			 : exchange_steer_sight_of(all->x, slot, exit);
}

static bool
same_class(const struct view_way *a, const struct view_way *b, bool before_path)
{
	const struct bgp_attrs *one = &a->path.attrs, *other = &b->path.attrs;
	return a->path.stale_long == b->path.stale_long && a->local_pref == b->local_pref &&
	       (before_path || (one->as_hops == other->as_hops && one->origin == other->origin));
}

static bool
is_behind(const struct group *g, uint64_t left, size_t at)
{
	const struct bgp_attrs *a = &g->all->ways[g->which[at]].path.attrs;
	for (size_t i = 0; i < g->count; i++) {
		const struct bgp_attrs *b = &g->all->ways[g->which[i]].path.attrs;
		if ((left >> i & 1) && b->first_as.number == a->first_as.number &&
		    (b->has_med ? b->med : 0) < (a->has_med ? a->med : 0))
			return true;
	}
	return false;
}

/* Those of `left` that cost decides between: MED first, then external before internal. */
static uint64_t
foremost(const struct group *g, uint64_t left)
{
	uint64_t best = 0, external = 0;
	if (g->before_path)
		return left;
	for (size_t i = 0; i < g->count; i++) {
		if (!(left >> i & 1) || is_behind(g, left, i))
			continue;
		best |= (uint64_t)1 << i;
		if (!view_way_is_internal(g->all->x, &g->all->ways[g->which[i]]))
			external |= (uint64_t)1 << i;
	}
	return external ? external : best;
}

/* Appends those of `now` that the slot may have and whose exit is open, by cost. Returns how many. */
static size_t
append_by_cost(const struct group *g, uint64_t now, unsigned slot, uint16_t *order)
{
	uint32_t costs[VIEW_STEERED_MAX];
	size_t count = 0;
	for (size_t i = 0; i < g->count; i++) {
		const struct view_way *way = &g->all->ways[g->which[i]];
		uint32_t cost = sight_of(g->all, slot, g->which[i]).cost;
		if (!(now >> i & 1) || cost == RIB_CLOSED || !view_set_has(way->may, slot))
			continue;
		size_t at = count++;
		for (; at > 0 && costs[at - 1] > cost; at--) {
			costs[at] = costs[at - 1];
			order[at] = order[at - 1];
		}
		costs[at] = cost;
		order[at] = g->which[i];
	}
	return count;
}

/* What shares no risk with the first comes second. */
static void
put_backup_second(const struct view_ways *all, unsigned slot, uint16_t *order, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (!sight_of(all, slot, order[i]).backup)
			continue;
		uint16_t backup = order[i];
		memmove(order + 2, order + 1, (i - 1) * sizeof(*order));
		order[1] = backup;
		return;
	}
}

size_t
view_ways_by_plan(const struct view_ways *all, unsigned slot, uint16_t order[VIEW_STEERED_MAX])
{
	const struct view_way *ways = all->ways;
	bool before_path = exchange_hub(all->x)->transit.cost == HUB_TRANSIT_BEFORE_PATH;
	uint16_t own[VIEW_STEERED_MAX];
	size_t own_count = 0, ordered = 0;
	for (size_t i = 0; i < all->count && own_count < VIEW_STEERED_MAX; i++)
		if (!ways[i].path.refused && ways[i].preference == RIB_TRANSIT)
			own[own_count++] = (uint16_t)i;
	for (size_t done = 0, n; done < own_count; done += n) {
		for (n = 1; done + n < own_count &&
			    same_class(&ways[own[done]], &ways[own[done + n]], before_path);)
			n++;
		struct group g = {all, own + done, n, before_path};
		uint64_t left = n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
		while (left) {
			uint64_t now = foremost(&g, left);
			ordered += append_by_cost(&g, now, slot, order + ordered);
			left &= ~now;
		}
	}
	put_backup_second(all, slot, order, ordered);
	return ordered;
}
