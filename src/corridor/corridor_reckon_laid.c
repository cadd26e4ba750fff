/* What demands that were laid once bring in other worlds. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "corridor/corridor_next_parts.h"
#include "corridor/corridor_reckonings.h"

struct corridor_reckon_laid {
	struct arena *arena;
	const struct corridor_plan *plan;
	struct corridor_laid laid;
	const struct corridor_flow *flow; /* of `laid` */
	bool *used;                       /* of segments */
	double *load;                     /* Gbit/s of each arc in the world at hand */
	/* Of a set of candidates: the same things with the numbers of the world at hand. */
	struct corridor_takings takings;
	struct hub hub;
	struct corridor_plan changed_plan;
	struct corridor_flow changed_flow;
	struct corridor_flow_instance changed_instance;
	struct hub_candidate *candidates;
	struct corridor_segment *segments;
	struct corridor_flow_way *ways;
	uint64_t *load_bps, *capacity_bps;
};

static struct corridor_reckon_laid *
begin(const struct corridor_plan *plan)
{
	struct arena *arena = arena_new();
	struct corridor_reckon_laid *r = arena ? arena_take(arena, sizeof(*r)) : NULL;
	size_t segments = plan->hub->segment_count;
	errno = ENOMEM;
	if (!r) {
		arena_free(arena);
		return NULL;
	}
	*r = (struct corridor_reckon_laid){
		.arena = arena,
		.plan = plan,
		.used = arena_take(arena, segments + 1),
		.load = arena_take(arena, (2 * segments + 1) * sizeof(*r->load)),
	};
	return r;
}

/* The flow is there: which segments it uses. */
static int
take_used(struct corridor_reckon_laid *r)
{
	if (!r->used || !r->load)
		return -1;
	r->flow = r->laid.flow;
	for (size_t s = 0; s < r->plan->hub->segment_count; s++)
		r->used[s] = r->flow->load_bps[2 * s] || r->flow->load_bps[2 * s + 1];
	return 0;
}

void
corridor_reckon_laid_free(struct corridor_reckon_laid *reckoning)
{
	if (!reckoning)
		return;
	int error = errno;
	corridor_flow_free(reckoning->laid.work);
	arena_free(reckoning->arena);
	errno = error;
}

const bool *
corridor_reckon_laid_used(const struct corridor_reckon_laid *reckoning)
{
	return reckoning->used;
}

/* What a way carries in a world, before any bound. */
static double
way_gbps(const struct corridor_reckon_laid *r, const struct corridor_world *world,
	 const struct corridor_flow_way *way)
{
	double told = r->laid.the_case.gbps[way->demand].value;
	return told > 0 ? (double)way->bps / 1e9 * world->gbps[way->demand] / told : 0;
}

static void
load_arcs(struct corridor_reckon_laid *r, const struct corridor_world *world)
{
	memset(r->load, 0, 2 * r->plan->hub->segment_count * sizeof(*r->load));
	for (size_t i = 0; i < r->flow->way_count; i++) {
		const struct corridor_flow_way *way = &r->flow->ways[i];
		double gbps = way_gbps(r, world, way);
		for (uint32_t k = 0; k < way->count; k++)
			r->load[r->flow->arcs[way->first + k]] += gbps;
	}
}

/* --- what demands bring --- */

struct corridor_reckon_laid *
corridor_reckon_revenue_new(const struct corridor_flow_ask *ask)
{
	assert(ask && ask->plan);
	struct corridor_reckon_laid *r = begin(ask->plan);
	struct corridor_flow_ask by_price = *ask;
	by_price.measure = CORRIDOR_BY_PRICE;
	if (!r)
		return NULL;
	if (corridor_flow_case_of(&r->laid.the_case, r->arena, &by_price, CORRIDOR_AS_TOLD) == 0 &&
	    (r->laid.flow = corridor_flow_cheapest(&r->laid.work, &r->laid.optimal,
						   &r->laid.the_case.instance)) &&
	    take_used(r) == 0)
		return r;
	corridor_reckon_laid_free(r);
	return NULL;
}

static double
way_usd(const struct corridor_reckon_laid *r, const struct corridor_world *world,
	const struct corridor_flow_way *way)
{
	double told = r->plan->hub->demands[way->demand].price, prices = 0, over = 1;
	for (uint32_t k = 0; k < way->count; k++) {
		uint32_t arc = r->flow->arcs[way->first + k];
		double most = world->most_gbps[arc / 2];
		prices += world->price[arc / 2];
		if (r->load[arc] > over * most)
			over = r->load[arc] / most;
	}
	return corridor_money_a_year(way_gbps(r, world, way) / over, isnan(told) ? prices : told);
}

int
corridor_reckon_revenue(double *out, void *context, const struct corridor_world *worlds)
{
	struct corridor_reckon_laid *r = context;
	for (size_t lane = 0; lane < CORRIDOR_LANES; lane++) {
		load_arcs(r, &worlds[lane]);
		out[lane] = 0;
		for (size_t i = 0; i < r->flow->way_count; i++)
			out[lane] += way_usd(r, &worlds[lane], &r->flow->ways[i]);
	}
	return 0;
}

/* --- what candidates are worth --- */

static void *
copy_of(struct arena *arena, const void *from, size_t size)
{
	void *copy = arena_take(arena, size + 1);
	if (copy && size)
		memcpy(copy, from, size);
	return copy;
}

static int
copy_all(struct corridor_reckon_laid *r)
{
	const struct hub *hub = r->plan->hub;
	const struct corridor_flow_instance *in = &r->laid.the_case.instance;
	size_t arcs = 2 * hub->segment_count;
	r->candidates =
		copy_of(r->arena, hub->candidates, hub->candidate_count * sizeof(*r->candidates));
	r->segments =
		copy_of(r->arena, r->plan->segments, hub->segment_count * sizeof(*r->segments));
	r->ways = copy_of(r->arena, r->flow->ways, r->flow->way_count * sizeof(*r->ways));
	r->load_bps = copy_of(r->arena, r->flow->load_bps, arcs * sizeof(*r->load_bps));
	r->capacity_bps = copy_of(r->arena, in->capacity_bps, arcs * sizeof(*r->capacity_bps));
	if (!r->candidates || !r->segments || !r->ways || !r->load_bps || !r->capacity_bps)
		return -1;
	r->hub = *hub;
	r->hub.candidates = r->candidates;
	r->changed_plan = *r->plan;
	r->changed_plan.hub = &r->hub;
	r->changed_plan.segments = r->segments;
	r->changed_flow = *r->flow;
	r->changed_flow.ways = r->ways;
	r->changed_flow.load_bps = r->load_bps;
	r->changed_instance = *in;
	r->changed_instance.capacity_bps = r->capacity_bps;
	return 0;
}

struct corridor_reckon_laid *
corridor_reckon_npv_new(struct corridor_next *next, const uint32_t *set, size_t count)
{
	assert(next && set && count <= CORRIDOR_SET_MAX);
	struct corridor_reckon_laid *r = begin(next->ask.plan);
	if (!r)
		return NULL;
	if (corridor_next_lay(&r->laid, r->arena, next, set, count) == 0 && take_used(r) == 0 &&
	    copy_all(r) == 0) {
		r->takings = (struct corridor_takings){&r->changed_plan,
						       &r->changed_instance,
						       &r->changed_flow,
						       next->taken,
						       set,
						       count};
		return r;
	}
	corridor_reckon_laid_free(r);
	return NULL;
}

static uint64_t
whole_bps(double gbps)
{
	double bps = 1e9 * gbps;
	return bps < (double)CORRIDOR_FLOW_BPS_MAX ? (uint64_t)(bps + 0.5) : CORRIDOR_FLOW_BPS_MAX;
}

static void
change(struct corridor_reckon_laid *r, const struct corridor_world *world)
{
	const struct hub *hub = r->plan->hub;
	r->hub.corridor.growth_percent = world->growth_percent;
	r->hub.corridor.erosion_percent = world->erosion_percent;
	r->hub.corridor.discount_percent = world->discount_percent;
	for (size_t i = 0; i < hub->candidate_count; i++) {
		r->candidates[i].capex_musd = world->capex_musd[i];
		r->candidates[i].opex_percent = world->opex_percent[i];
		r->candidates[i].lease_usd_month = world->lease_usd_month[i];
	}
	load_arcs(r, world);
	for (size_t s = 0; s < hub->segment_count; s++) {
		r->segments[s].price.value = world->price[s];
		for (size_t arc = 2 * s; arc <= 2 * s + 1; arc++) {
			r->load_bps[arc] = whole_bps(r->load[arc]);
			r->capacity_bps[arc] = whole_bps(world->most_gbps[s]);
		}
	}
	for (size_t i = 0; i < r->flow->way_count; i++)
		r->ways[i].bps = whole_bps(way_gbps(r, world, &r->flow->ways[i]));
}

int
corridor_reckon_npv(double *out, void *context, const struct corridor_world *worlds)
{
	struct corridor_reckon_laid *r = context;
	for (size_t i = 0; i < CORRIDOR_LANES; i++) {
		double usd;
		change(r, &worlds[i]);
		if (corridor_deal_at(&usd, &out[i], &r->takings, CORRIDOR_DEAL_TOLD) < 0)
			return -1;
	}
	return 0;
}
