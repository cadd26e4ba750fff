/* Progressive filling: all demands of a class grow by the same rate, each on the cheapest way that
 * has room. A segment is full when it has no whole bit/s left for each that grows on it; who meets
 * it goes over to the next way. Every step fills a segment or satisfies a demand, so there are no
 * more steps than these; since all rise together, what a demand has on its way is how far the level
 * rose since it went on it, and a segment need be looked at only when somebody comes or goes. With one way each it is max-min fair (Bertsekas and Gallager, section
 * 6.5.2).
 *
 * A segment that is full in the direction in which a way would use it is left aside by that demand
 * in both. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_search.h"

static bool
has_room(const struct flow_filling *f, const uint32_t *arcs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (f->full[arcs[i]])
			return false;
	return true;
}

static const uint32_t *
arcs_of(const struct flow_filling *f, const struct flow_grower *g, uint32_t *count)
{
	const struct corridor_flow_way *way = &f->used.all[g->way];
	*count = way->count;
	return &f->used.arcs[way->first];
}

void
flow_look_at(const struct flow_filling *f, const uint32_t *arcs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		f->work->flow.looked[arcs[i] / 2] = true;
}

/* The newest of the ways in use is the demand's best, if none was before: 1, or -1 without memory. */
static int
note_newest(struct flow_filling *f, uint32_t demand, uint64_t cost)
{
	const struct corridor_flow_way *way = &f->used.all[f->used.count - 1];
	const uint32_t *arcs = &f->used.arcs[way->first];
	return flow_note_best(f->work, demand, cost, arcs, way->count) < 0 ? -1 : 1;
}

/* Appends the demand's best way to those in use, as it was found without a cut or, when that has
 * touched it, anew. 1; 0 if there is none; -1 without memory. */
static int
take_best(struct flow_filling *f, const struct flow_grower *g, struct flow_trail *trail)
{
	struct corridor_flow_work *work = f->work;
	uint64_t cost = work->best_cost[g->demand];
	uint32_t best = work->best[g->demand];
	work->flow.best_cost[g->demand] = CORRIDOR_CLOSED;
	work->best_ways[g->demand].count = 0;
	if (best == HUB_NONE)
		return 0;
	const struct corridor_flow_way *way = &work->ways.all[best];
	const uint32_t *arcs = &work->ways.arcs[way->first];
	bool whole = true;
	for (uint32_t i = 0; i < way->count && f->cut && whole; i++)
		whole = !f->cut[arcs[i] / 2];
	int found = whole ? flow_trail_ahead(&f->used, trail, NULL) : 0;
	if (found == 0 && whole)
		found = flow_ways_copy(&f->used, g->demand, arcs, way->count) < 0 ? -1 : 1;
	else if (found == 0) {
		flow_costs(work, f->in->demands[g->demand].class);
		found = flow_find(&f->used, work, g->demand, g->bound, &cost);
	} else
		return found < 0 ? -1 : note_newest(f, g->demand, cost);
	if (found != 1 || flow_trail_found(trail, &f->used) < 0)
		return found == 0 ? 0 : -1;
	return note_newest(f, g->demand, cost);
}

/* Appends the cheapest way by work->cost: as the demand has found it before, or by a search. 1; 0 if
 * there is none; -1 without memory. */
static int
take_next(struct flow_filling *f, const struct flow_grower *g, struct flow_trail *trail)
{
	uint64_t cost;
	int found = flow_trail_ahead(&f->used, trail, f->work->cost);
	if (found)
		return found;
	found = flow_find(&f->used, f->work, g->demand, g->bound, &cost);
	if (found != 1)
		return found;
	if (flow_trail_found(trail, &f->used) < 0)
		return -1;
	return note_newest(f, g->demand, cost);
}

/* Closes what of the newest way is full. */
static void
close_full(const struct flow_filling *f)
{
	const struct corridor_flow_way *way = &f->used.all[f->used.count - 1];
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t arc = f->used.arcs[way->first + i];
		if (f->full[arc])
			flow_close(f->work, arc / 2);
	}
}

static void
drop_newest(struct flow_ways *ways)
{
	ways->arc_count = ways->all[--ways->count].first;
}

/* The cheapest way with room becomes the newest of those in use: 1; 0 if there is none; -1 without
 * memory. `known`: it may be the best way of all, which need not be looked for. */
static int
find_way(struct flow_filling *f, const struct flow_grower *g, bool known)
{
	struct corridor_flow_work *work = f->work;
	const struct corridor_flow_demand *d = &f->in->demands[g->demand];
	struct flow_trail trail = flow_trail_of(&work->tries, g->demand);
	/* What it tried while it was bound says nothing of what it finds when it no longer is. */
	if (d->over && !g->bound)
		trail = (struct flow_trail){&work->tries, g->demand, HUB_NONE, HUB_NONE, true};
	if (!known)
		flow_costs(work, d->class);
	int found = known ? take_best(f, g, &trail) : take_next(f, g, &trail);
	for (; found == 1; found = take_next(f, g, &trail)) {
		const struct corridor_flow_way *way = &f->used.all[f->used.count - 1];
		flow_look_at(f, &f->used.arcs[way->first], way->count);
		if (has_room(f, &f->used.arcs[way->first], way->count))
			return 1;
		if (known)
			flow_costs(work, d->class);
		known = false;
		flow_trail_full(&trail, f->full);
		close_full(f);
		drop_newest(&f->used);
	}
	return found;
}

/* The room of an arc as of now, and so many more on it: when that will be full. */
static void
crowd(struct flow_filling *f, uint32_t arc, int more)
{
	struct flow_growth *g = &f->growth[arc];
	if (!g->is_busy)
		f->busy[f->busy_count++] = arc;
	g->is_busy = true;
	f->room_bps[arc] -= (f->level_bps - g->since_bps) * g->growing;
	g->since_bps = f->level_bps;
	g->growing += (uint32_t)more;
	g->full_bps = g->growing ? f->level_bps + f->room_bps[arc] / g->growing : UINT64_MAX;
	if (g->full_bps < f->soonest_bps && !f->full[arc])
		f->soonest_bps = g->full_bps;
}

static void
crowd_way(struct flow_filling *f, const struct flow_grower *g, int more)
{
	uint32_t count;
	const uint32_t *arcs = arcs_of(f, g, &count);
	for (uint32_t i = 0; i < count; i++)
		crowd(f, arcs[i], more);
}

/* Puts a grower on the cheapest way that has room: as find_way. */
static int
put(struct flow_filling *f, struct flow_grower *g)
{
	g->grows = false;
	if (g->ways == f->work->k || (g->ways && f->in->demands[g->demand].whole))
		return 0;
	int found = find_way(f, g, g->ways == 0);
	if (found == 0 && g->bound && !f->in->demands[g->demand].fixed) {
		g->bound = false;
		found = find_way(f, g, false);
	}
	if (found != 1)
		return found;
	g->way = (uint32_t)f->used.count - 1;
	g->ways++;
	g->since_bps = f->level_bps;
	g->grows = true;
	crowd_way(f, g, 1);
	return 1;
}

/* It keeps what it has on its way, and grows there no more. */
static void
take_off(struct flow_filling *f, struct flow_grower *g)
{
	f->used.all[g->way].bps += f->level_bps - g->since_bps;
	g->grows = false;
	crowd_way(f, g, -1);
}

/* The level goes no higher than where the first arc is full; marks what is full there. True if
 * anything is. Arcs on which nobody grows any more are left out from now on. */
static bool
mark_full(struct flow_filling *f)
{
	size_t busy = 0;
	bool any = false;
	/* Who came since the last look may have gone again: it is no more than a bound. */
	if (f->soonest_bps > f->level_bps)
		return false;
	for (size_t i = 0; i < f->busy_count; i++)
		if (f->growth[f->busy[i]].full_bps < f->level_bps)
			f->level_bps = f->growth[f->busy[i]].full_bps;
	f->soonest_bps = UINT64_MAX;
	for (size_t i = 0; i < f->busy_count; i++) {
		struct flow_growth *g = &f->growth[f->busy[i]];
		if (g->full_bps <= f->level_bps)
			f->full[f->busy[i]] = any = true;
		else if (g->full_bps < f->soonest_bps)
			f->soonest_bps = g->full_bps;
		g->is_busy = g->growing != 0;
		if (g->is_busy)
			f->busy[busy++] = f->busy[i];
	}
	f->busy_count = busy;
	return any;
}

/* Up to the next that is satisfied, number *next in order, or to the next segment that is full. 0, or
 * -1 without memory. */
static int
rise(struct flow_filling *f, size_t *next)
{
	f->level_bps = f->growers[*next].asked_bps;
	bool crowded = mark_full(f);
	for (; *next < f->grower_count && f->growers[*next].asked_bps == f->level_bps; ++*next)
		if (f->growers[*next].grows)
			take_off(f, &f->growers[*next]);
	for (size_t i = *next; i < f->grower_count && crowded; i++) {
		struct flow_grower *g = &f->growers[i];
		uint32_t count;
		const uint32_t *arcs = arcs_of(f, g, &count);
		if (!g->grows || has_room(f, arcs, count))
			continue;
		take_off(f, g);
		if (put(f, g) < 0)
			return -1;
	}
	return 0;
}

static int
compare_asked(const void *a, const void *b)
{
	const struct flow_grower *x = a, *y = b;
	if (x->asked_bps != y->asked_bps)
		return x->asked_bps < y->asked_bps ? -1 : 1;
	return x->demand < y->demand ? -1 : x->demand > y->demand;
}

/* 0, or -1 without memory. */
static int
rise_to_the_end(struct flow_filling *f)
{
	qsort(f->growers, f->grower_count, sizeof(*f->growers), compare_asked);
	for (size_t next = 0;;) {
		while (next < f->grower_count && !f->growers[next].grows)
			next++;
		if (next == f->grower_count)
			break;
		if (rise(f, &next) < 0)
			return -1;
	}
	f->grower_count = 0;
	return 0;
}

static int
compare_priority(const void *a, const void *b, void *demands)
{
	const struct corridor_flow_demand *all = demands;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (all[x].priority != all[y].priority)
		return all[x].priority < all[y].priority ? -1 : 1;
	return x < y ? -1 : 1;
}

/* Demands from number `from` of the order to before number `to`. 0, or -1 without memory. */
static int
fill_class(struct flow_filling *f, const uint32_t *order, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!f->cut && f->work->pair[order[i]] != HUB_NONE && flow_protect(f, order[i]) < 0)
			return -1;
	f->level_bps = 0;
	for (size_t i = from; i < to; i++) {
		struct flow_grower g = {.demand = order[i],
					.asked_bps = f->left_bps[order[i]],
					.bound = f->in->demands[order[i]].over != NULL};
		int found = g.asked_bps ? put(f, &g) : 0;
		if (found < 0)
			return -1;
		if (found)
			f->growers[f->grower_count++] = g;
	}
	return rise_to_the_end(f);
}

static int
fill_all(struct flow_filling *f, bool by_priority)
{
	const struct corridor_flow_demand *demands = f->in->demands;
	size_t count = f->in->demand_count;
	uint32_t *order = calloc(count + 1, sizeof(*order));
	if (!order)
		return -1;
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	if (by_priority)
		qsort_r(order, count, sizeof(*order), compare_priority, (void *)demands);
	int failed = f->cut ? flow_restore(f, order) : 0;
	for (size_t from = 0, to; from < count && !failed; from = to) {
		uint32_t priority = demands[order[from]].priority;
		to = from;
		while (to < count && (!by_priority || demands[order[to]].priority == priority))
			to++;
		failed = fill_class(f, order, from, to);
	}
	free(order);
	return failed;
}

/* Lays what is on the ways in use, by demand. */
static int
lay_all(const struct flow_filling *f)
{
	size_t count = f->in->demand_count;
	uint32_t *next = calloc(count + 2, sizeof(*next));
	uint32_t *order = calloc(f->used.count + 1, sizeof(*order));
	int failed = next && order ? 0 : -1;
	for (size_t w = 0; w < f->used.count && !failed; w++)
		next[f->used.all[w].demand + 1]++;
	for (size_t d = 0; d < count && !failed; d++)
		next[d + 1] += next[d];
	for (uint32_t w = 0; w < f->used.count && !failed; w++)
		order[next[f->used.all[w].demand]++] = w;
	for (size_t i = 0; i < f->used.count && !failed; i++) {
		const struct corridor_flow_way *way = &f->used.all[order[i]];
		failed = flow_lay(f->work, way, &f->used.arcs[way->first]);
	}
	free(next);
	free(order);
	return failed;
}

static int
fill(struct corridor_flow_work *work, bool by_priority, const bool *cut)
{
	const struct corridor_flow_instance *in = &work->instance;
	size_t arcs = flow_arc_count(in);
	struct flow_filling f = {.work = work, .in = in, .cut = cut, .soonest_bps = UINT64_MAX};
	int failed = -1;
	flow_cut(work, cut);
	flow_tries_begin(&work->tries, cut != NULL);
	f.room_bps = calloc(arcs + 1, sizeof(*f.room_bps));
	f.growth = calloc(arcs + 1, sizeof(*f.growth));
	f.busy = calloc(arcs + 1, sizeof(*f.busy));
	f.full = calloc(arcs + 1, sizeof(*f.full));
	f.left_bps = calloc(in->demand_count + 1, sizeof(*f.left_bps));
	f.growers = calloc(in->demand_count + 1, sizeof(*f.growers));
	if (!f.room_bps || !f.growth || !f.busy || !f.full || !f.left_bps || !f.growers)
		goto out;
	for (size_t a = 0; a < arcs; a++) {
		f.room_bps[a] = in->capacity_bps[a];
		f.full[a] = !in->capacity_bps[a];
		f.growth[a].full_bps = UINT64_MAX;
	}
	for (size_t d = 0; d < in->demand_count; d++)
		f.left_bps[d] = in->demands[d].bps;
	failed = fill_all(&f, by_priority) < 0 || lay_all(&f) < 0 ? -1 : 0;
	if (!failed)
		flow_tries_keep(&work->tries);
out:
	if (failed)
		errno = ENOMEM;
	flow_ways_fini(&f.used);
	free(f.room_bps);
	free(f.growth);
	free(f.busy);
	free(f.full);
	free(f.left_bps);
	free(f.growers);
	return failed;
}

int
flow_fill(struct corridor_flow_work *work, bool by_priority, const bool *cut)
{
	size_t demands = work->instance.demand_count, arcs = flow_arc_count(&work->instance);
	/* What is protected under a cut is what was laid without one. */
	if (!cut || (work->pairs.count && work->kept_rule != by_priority)) {
		work->kept_rule = -1;
		memset(work->kept_bps, 0, demands * sizeof(*work->kept_bps));
		if (fill(work, by_priority, NULL) < 0)
			return -1;
		memcpy(work->kept_reserved_bps, work->flow.reserved_bps,
		       arcs * sizeof(*work->kept_reserved_bps));
		work->kept_rule = by_priority;
		if (!cut)
			return 0;
		flow_begin(work);
	}
	return fill(work, by_priority, cut);
}
