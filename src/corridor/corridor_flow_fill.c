/* Progressive filling: all demands of a class grow by the same rate, each on the cheapest of its
 * ways that has room. A segment is full when it has no whole bit/s left for each that grows on it;
 * who meets it goes over to its next way. Every step fills a segment or satisfies a demand, so
 * there are no more steps than these. With one way each it is max-min fair (Bertsekas and Gallager,
 * section 6.5.2). */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_search.h"

/* One that still grows. */
struct grower {
	uint32_t demand;
	uint32_t way; /* number among its choice */
	uint64_t left_bps;
};

struct filling {
	struct corridor_flow_work *work;
	const struct corridor_flow_instance *in;
	const bool *cut;
	uint64_t *room_bps;       /* of each arc */
	uint32_t *growing;        /* on each arc */
	bool *full;               /* each arc */
	struct flow_choice *uses; /* of each demand: its choice, or a way of `spare` */
	struct flow_ways spare;   /* of demands that the cut has left none of theirs */
	uint64_t *on_way;         /* laid on way w of demand d: on_way[d * k + w] */
	struct grower *growers;
	size_t grower_count;
};

static bool
is_spare(const struct filling *f, uint32_t demand)
{
	return f->uses[demand].count == 0;
}

/* The arcs of a way of a demand. */
static const uint32_t *
arcs_of(const struct filling *f, uint32_t demand, uint32_t way, uint32_t *count)
{
	const struct flow_ways *ways = is_spare(f, demand) ? &f->spare : &f->work->ways;
	const struct corridor_flow_way *w = &ways->all[f->uses[demand].first + way];
	*count = w->count;
	return &ways->arcs[w->first];
}

static bool
has_room(const struct filling *f, uint32_t demand, uint32_t way)
{
	uint32_t count;
	const uint32_t *arcs = arcs_of(f, demand, way, &count);
	for (uint32_t i = 0; i < count; i++)
		if (f->full[arcs[i]])
			return false;
	return true;
}

static uint32_t
ways_of(const struct filling *f, uint32_t demand)
{
	return is_spare(f, demand) ? f->uses[demand].first < f->spare.count : f->uses[demand].count;
}

/* Puts a grower on the first of its ways from `way` on that has room. False if there is none. */
static bool
put(struct filling *f, struct grower *g, uint32_t way)
{
	uint32_t count, ways = ways_of(f, g->demand);
	while (way < ways && !has_room(f, g->demand, way))
		way++;
	if (way == ways)
		return false;
	g->way = way;
	const uint32_t *arcs = arcs_of(f, g->demand, way, &count);
	for (uint32_t i = 0; i < count; i++)
		f->growing[arcs[i]]++;
	return true;
}

static void
take_off(struct filling *f, const struct grower *g)
{
	uint32_t count;
	const uint32_t *arcs = arcs_of(f, g->demand, g->way, &count);
	for (uint32_t i = 0; i < count; i++)
		f->growing[arcs[i]]--;
}

/* By how much all can grow before one is satisfied or a segment is full. */
static uint64_t
step_of(const struct filling *f)
{
	uint64_t step = UINT64_MAX;
	for (size_t i = 0; i < f->grower_count; i++)
		if (f->growers[i].left_bps < step)
			step = f->growers[i].left_bps;
	for (size_t a = 0; a < flow_arc_count(f->in); a++)
		if (f->growing[a] && f->room_bps[a] / f->growing[a] < step)
			step = f->room_bps[a] / f->growing[a];
	return step;
}

static void
grow(struct filling *f, uint64_t step)
{
	for (size_t a = 0; a < flow_arc_count(f->in); a++) {
		f->room_bps[a] -= step * f->growing[a];
		if (f->growing[a] && f->room_bps[a] < f->growing[a])
			f->full[a] = true;
	}
	size_t kept = 0;
	for (size_t i = 0; i < f->grower_count; i++) {
		struct grower g = f->growers[i];
		g.left_bps -= step;
		f->on_way[(size_t)g.demand * f->work->k + g.way] += step;
		bool stays = g.left_bps && has_room(f, g.demand, g.way);
		if (!stays)
			take_off(f, &g);
		if (stays || (g.left_bps && put(f, &g, g.way + 1)))
			f->growers[kept++] = g;
	}
	f->grower_count = kept;
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

static int
fill_all(struct filling *f, bool by_priority)
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
	for (size_t i = 0; i < count;) {
		uint32_t priority = demands[order[i]].priority;
		for (; i < count && (!by_priority || demands[order[i]].priority == priority); i++) {
			struct grower g = {.demand = order[i], .left_bps = demands[order[i]].bps};
			if (g.left_bps && put(f, &g, 0))
				f->growers[f->grower_count++] = g;
		}
		while (f->grower_count)
			grow(f, step_of(f));
	}
	free(order);
	return 0;
}

/* True if some way of the demand is whole. */
static bool
keeps_a_way(const struct filling *f, uint32_t demand)
{
	for (uint32_t w = 0; w < f->uses[demand].count; w++)
		if (has_room(f, demand, w))
			return true;
	return false;
}

/* A demand that had ways, none of which is whole, gets the cheapest that is left. */
static int
find_spares(struct filling *f)
{
	struct corridor_flow_work *work = f->work;
	for (uint32_t d = 0; d < f->in->demand_count; d++) {
		f->uses[d] = work->choices[d];
		if (!f->uses[d].count)
			f->uses[d].first = UINT32_MAX;
		if (!f->cut || !f->uses[d].count || keeps_a_way(f, d))
			continue;
		const struct corridor_flow_demand *demand = &f->in->demands[d];
		f->uses[d] = (struct flow_choice){.first = (uint32_t)f->spare.count};
		flow_costs(work->cost, f->in, demand->class, f->cut);
		corridor_search_run(work->search, work->cost, demand->from, demand->to);
		if (flow_take_found(&f->spare, work, d) < 0)
			return -1;
		/* A demand without a way left stands behind all spare ways. */
		if (f->spare.count == f->uses[d].first)
			f->uses[d].first = UINT32_MAX;
	}
	return 0;
}

static int
lay_all(const struct filling *f)
{
	for (uint32_t d = 0; d < f->in->demand_count; d++) {
		for (uint32_t w = 0; w < ways_of(f, d); w++) {
			uint32_t count;
			const uint32_t *arcs = arcs_of(f, d, w, &count);
			if (flow_lay(f->work, d, arcs, count,
				     f->on_way[(size_t)d * f->work->k + w]) < 0)
				return -1;
		}
	}
	return 0;
}

int
flow_fill(struct corridor_flow_work *work, bool by_priority, const bool *cut)
{
	const struct corridor_flow_instance *in = &work->instance;
	size_t arcs = flow_arc_count(in), demands = in->demand_count;
	struct filling f = {.work = work, .in = in, .cut = cut};
	int failed = -1;
	f.room_bps = calloc(arcs + 1, sizeof(*f.room_bps));
	f.growing = calloc(arcs + 1, sizeof(*f.growing));
	f.full = calloc(arcs + 1, sizeof(*f.full));
	f.uses = calloc(demands + 1, sizeof(*f.uses));
	f.on_way = calloc(demands * work->k + 1, sizeof(*f.on_way));
	f.growers = calloc(demands + 1, sizeof(*f.growers));
	if (!f.room_bps || !f.growing || !f.full || !f.uses || !f.on_way || !f.growers)
		goto out;
	for (size_t a = 0; a < arcs; a++) {
		f.room_bps[a] = in->capacity_bps[a];
		f.full[a] = !in->capacity_bps[a] || (cut && cut[a / 2]);
	}
	failed = find_spares(&f) < 0 || fill_all(&f, by_priority) < 0 || lay_all(&f) < 0;
out:
	if (failed)
		errno = ENOMEM;
	flow_ways_fini(&f.spare);
	free(f.room_bps);
	free(f.growing);
	free(f.full);
	free(f.uses);
	free(f.on_way);
	free(f.growers);
	return failed ? -1 : 0;
}
