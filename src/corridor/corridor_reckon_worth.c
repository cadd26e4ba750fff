/* The toll ceiling in many worlds at once. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "corridor/corridor_reckonings.h"

struct corridor_reckon_worth {
	struct corridor_worth_ask ask;
	const struct corridor_us *us;
	struct arena *arena;
	struct corridor_worth told;
	double target_usd;             /* 0: none */
	uint64_t *open;                /* under the conditions */
	bool *closed, *closed_with_us; /* for one demand's avoidances */
	double *price;                 /* of each segment, of all worlds */
	struct corridor_lanes *all, *others;
	double usd[CORRIDOR_LANES], gbps[CORRIDOR_LANES]; /* sums; of what has a ceiling */
};

struct corridor_reckon_worth *
corridor_reckon_worth_new(const struct corridor_worth_ask *ask, const struct corridor_us *us)
{
	assert(ask && us);
	struct arena *arena = arena_new();
	struct corridor_reckon_worth *r = arena ? arena_take(arena, sizeof(*r)) : NULL;
	size_t count = ask->plan->hub->segment_count + 1;
	if (!r) {
		arena_free(arena);
		return NULL;
	}
	*r = (struct corridor_reckon_worth){
		.ask = *ask,
		.us = us,
		.arena = arena,
		.open = arena_take(arena, count * sizeof(*r->open)),
		.closed = arena_take(arena, count),
		.closed_with_us = arena_take(arena, count),
		.price = arena_take(arena, count * CORRIDOR_LANES * sizeof(*r->price)),
		.all = corridor_lanes_new(ask->plan->graph),
		.others = corridor_lanes_new(ask->plan->graph),
	};
	if (r->open && r->closed && r->closed_with_us && r->price && r->all && r->others &&
	    corridor_worth_of(&r->told, arena, ask, us) == 0) {
		corridor_plan_costs(r->open, ask->plan, ask->conditions, CORRIDOR_BY_HOPS);
		return r;
	}
	corridor_reckon_worth_free(r);
	return NULL;
}

void
corridor_reckon_worth_free(struct corridor_reckon_worth *reckoning)
{
	if (!reckoning)
		return;
	corridor_lanes_free(reckoning->all);
	corridor_lanes_free(reckoning->others);
	arena_free(reckoning->arena);
}

void
corridor_reckon_worth_target(struct corridor_reckon_worth *reckoning, double usd_a_year)
{
	assert(reckoning && usd_a_year > 0);
	reckoning->target_usd = usd_a_year;
}

static void
take_prices(struct corridor_reckon_worth *r, const struct corridor_world *worlds)
{
	for (size_t s = 0; s < r->ask.plan->hub->segment_count; s++)
		for (size_t i = 0; i < CORRIDOR_LANES; i++)
			r->price[s * CORRIDOR_LANES + i] = worlds[i].price[s];
}

static void
close_for(struct corridor_reckon_worth *r, const struct hub_demand *demand)
{
	const struct corridor_plan *plan = r->ask.plan;
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		r->closed[s] = r->open[s] == CORRIDOR_CLOSED;
	for (size_t i = 0; i < demand->avoid_count; i++) {
		const struct corridor_relation *of = &plan->classes[CORRIDOR_COUNTRIES];
		uint32_t name = corridor_plan_name(plan, CORRIDOR_COUNTRIES, demand->avoid[i].code);
		if (name == HUB_NONE)
			continue;
		for (uint32_t k = of->first_segment[name]; k < of->first_segment[name + 1]; k++)
			r->closed[of->segments[k]] = true;
	}
	for (size_t s = 0; s < plan->hub->segment_count; s++)
		r->closed_with_us[s] = r->closed[s] || r->us->segments[s];
}

/* Adds a demand whose ways cost so much in each world; `other` is INFINITY without one. */
static void
add(struct corridor_reckon_worth *r, const struct corridor_world *worlds, size_t demand,
    const double *price, const double *other)
{
	double pays = r->ask.plan->hub->demands[demand].price;
	for (size_t i = 0; i < CORRIDOR_LANES; i++) {
		double most = isinf(price[i]) ? 0 : other[i] - price[i];
		if (!isnan(pays))
			most = fmin(most, fmax(0, pays - price[i]));
		if (!(most > 0) || isinf(most))
			continue;
		r->usd[i] += corridor_money_a_year(worlds[i].gbps[demand], most);
		r->gbps[i] += worlds[i].gbps[demand];
	}
}

static void
sum_way(double *out, const struct corridor_reckon_worth *r, const uint32_t *way, size_t count)
{
	for (size_t i = 0; i < CORRIDOR_LANES; i++)
		out[i] = way ? 0 : INFINITY;
	for (size_t k = 0; k < count; k++)
		for (size_t i = 0; i < CORRIDOR_LANES; i++)
			out[i] += r->price[(size_t)way[k] * CORRIDOR_LANES + i];
}

static void
add_bound(struct corridor_reckon_worth *r, const struct corridor_world *worlds, size_t demand)
{
	const struct corridor_toll *toll = &r->told.tolls[demand];
	double price[CORRIDOR_LANES], other[CORRIDOR_LANES];
	if (toll->state != CORRIDOR_TOLL_PASSES && toll->state != CORRIDOR_TOLL_ONLY)
		return;
	sum_way(price, r, toll->way, toll->way_count);
	sum_way(other, r, toll->other_way, toll->other_count);
	add(r, worlds, demand, price, other);
}

static void
add_all(struct corridor_reckon_worth *r, const struct corridor_world *worlds)
{
	const struct hub *hub = r->ask.plan->hub;
	const struct hub_demand *last = NULL;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *demand = &hub->demands[i];
		enum corridor_toll_state state = r->told.tolls[i].state;
		if (state == CORRIDOR_TOLL_HOME || state == CORRIDOR_TOLL_UNKNOWN)
			continue;
		if (r->told.tolls[i].bound) {
			add_bound(r, worlds, i);
			continue;
		}
		bool same = last && !last->avoid_count && !demand->avoid_count;
		if (!same)
			close_for(r, demand);
		if (!same || last->from != demand->from) {
			corridor_lanes_run(r->all, r->price, r->closed, demand->from);
			corridor_lanes_run(r->others, r->price, r->closed_with_us, demand->from);
		}
		add(r, worlds, i, corridor_lanes_cost(r->all, demand->to),
		    corridor_lanes_cost(r->others, demand->to));
		last = demand;
	}
}

int
corridor_reckon_tolls(double *out, void *context, const struct corridor_world *worlds)
{
	struct corridor_reckon_worth *r = context;
	take_prices(r, worlds);
	memset(r->usd, 0, sizeof(r->usd));
	memset(r->gbps, 0, sizeof(r->gbps));
	add_all(r, worlds);
	for (size_t i = 0; i < CORRIDOR_LANES; i++) {
		out[i] = r->usd[i];
		if (r->target_usd > 0)
			out[i] = r->usd[i] > 0 ? r->target_usd / r->usd[i] * r->gbps[i] : INFINITY;
	}
	return 0;
}
