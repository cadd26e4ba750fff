/* What an answer about money rests on, and worlds in which that is otherwise. */
#include "corridor/corridor_assumptions.h"

#include <assert.h>
#include <math.h>

#include "corridor/corridor_price.h"

#define YEAR_S (365.25 * 86400)

static const double rate_spread = 1.5;
/* Of prices by length, as the plan has it. */
static const double length_spread = 2;

/* --- the list --- */

static void
add(struct corridor_assumptions *out, enum corridor_assumed kind, uint32_t index,
    struct corridor_fact fact)
{
	if (isnan(fact.value) || !(fact.high > fact.low))
		return;
	out->all[out->count++] = (struct corridor_assumption){kind, index, fact};
}

static void
add_rows(struct corridor_assumptions *out)
{
	const struct hub *hub = out->plan->hub;
	for (uint32_t r = 0; r < hub->price_count; r++) {
		bool used = false;
		for (size_t s = 0; s < hub->segment_count && !used; s++)
			used = out->row[s] == r;
		if (used)
			add(out, CORRIDOR_ASSUMED_PRICE, r,
			    corridor_fact_of(hub->prices[r].price, &hub->prices[r].basis));
	}
	add(out, CORRIDOR_ASSUMED_LAND_PRICE, HUB_NONE,
	    corridor_fact_assumed(hub->corridor.land_price, length_spread));
	add(out, CORRIDOR_ASSUMED_SEA_PRICE, HUB_NONE,
	    corridor_fact_assumed(hub->corridor.sea_price, length_spread));
}

static bool
some_price_is_dated(const struct corridor_assumptions *out)
{
	for (size_t s = 0; s < out->plan->hub->segment_count; s++)
		if (out->row[s] != HUB_NONE && out->plan->hub->prices[out->row[s]].when.s)
			return true;
	return false;
}

static void
add_rates(struct corridor_assumptions *out, bool venture)
{
	const struct hub_corridor *assumed = &out->plan->hub->corridor;
	if (venture || some_price_is_dated(out))
		add(out, CORRIDOR_ASSUMED_EROSION, HUB_NONE,
		    corridor_fact_assumed(assumed->erosion_percent, rate_spread));
	if (venture || out->plan->day.planned)
		add(out, CORRIDOR_ASSUMED_GROWTH, HUB_NONE,
		    corridor_fact_assumed(assumed->growth_percent, rate_spread));
	if (venture)
		add(out, CORRIDOR_ASSUMED_DISCOUNT, HUB_NONE,
		    corridor_fact_assumed(assumed->discount_percent, rate_spread));
}

static void
add_costs(struct corridor_assumptions *out, const struct corridor_assumptions_ask *ask)
{
	static const struct hub_basis guess = {
		.low = NAN, .high = NAN, .confidence = HUB_ESTIMATED};
	for (size_t i = 0; i < ask->candidate_count; i++) {
		uint32_t index = ask->candidates[i];
		const struct hub_candidate *c = &out->plan->hub->candidates[index];
		if (c->capex_musd > 0) {
			add(out, CORRIDOR_ASSUMED_CAPEX, index,
			    corridor_fact_of(c->capex_musd, &c->basis));
			add(out, CORRIDOR_ASSUMED_OPEX, index,
			    corridor_fact_of(c->opex_percent, &guess));
		}
		if (c->lease_usd_month > 0)
			add(out, CORRIDOR_ASSUMED_LEASE, index,
			    corridor_fact_of(c->lease_usd_month, &c->lease));
	}
}

static const uint32_t *
find_rows(struct arena *arena, const struct corridor_plan *plan)
{
	const struct hub *hub = plan->hub;
	uint32_t *rows = arena_take(arena, (hub->segment_count + 1) * sizeof(*rows));
	for (uint32_t s = 0; rows && s < hub->segment_count; s++) {
		const struct hub_corridor_price *row =
			corridor_price_of_segment(hub, s, plan->day.at);
		rows[s] = row ? (uint32_t)(row - hub->prices) : HUB_NONE;
	}
	return rows;
}

int
corridor_assumptions_of(struct corridor_assumptions *out, struct arena *arena,
			const struct corridor_assumptions_ask *ask)
{
	assert(out && arena && ask && ask->flow.plan);
	const struct corridor_plan *plan = ask->flow.plan;
	const struct hub *hub = plan->hub;
	struct corridor_flow_case the_case;
	size_t most = hub->demand_count + hub->price_count + hub->segment_count +
		      2 * ask->candidate_count + 8;
	if (corridor_flow_case_of(&the_case, arena, &ask->flow, CORRIDOR_AS_TOLD) < 0)
		return -1;
	struct corridor_assumptions list = {
		.plan = plan,
		.now = ask->flow.now,
		.row = find_rows(arena, plan),
		.gbps = the_case.gbps,
		.all = arena_take(arena, most * sizeof(*list.all)),
	};
	if (!list.row || !list.all)
		return -1;
	for (uint32_t i = 0; i < hub->demand_count; i++)
		add(&list, CORRIDOR_ASSUMED_TRAFFIC, i, list.gbps[i]);
	add_rows(&list);
	add_rates(&list, ask->candidate_count > 0);
	for (uint32_t s = 0; ask->segments && s < hub->segment_count; s++)
		if (ask->segments[s])
			add(&list, CORRIDOR_ASSUMED_CAPACITY, s, plan->segments[s].capacity_tbps);
	add_costs(&list, ask);
	*out = list;
	return 0;
}

/* --- worlds --- */

int
corridor_world_init(struct corridor_world *world, struct arena *arena, const struct hub *hub)
{
	assert(world && arena && hub);
	*world = (struct corridor_world){
		.gbps = arena_take(arena, (hub->demand_count + 1) * sizeof(double)),
		.price = arena_take(arena, (hub->segment_count + 1) * sizeof(double)),
		.most_gbps = arena_take(arena, (hub->segment_count + 1) * sizeof(double)),
		.capex_musd = arena_take(arena, (hub->candidate_count + 1) * sizeof(double)),
		.opex_percent = arena_take(arena, (hub->candidate_count + 1) * sizeof(double)),
		.lease_usd_month = arena_take(arena, (hub->candidate_count + 1) * sizeof(double)),
	};
	return world->gbps && world->price && world->most_gbps && world->capex_musd &&
			       world->opex_percent && world->lease_usd_month
		       ? 0
		       : -1;
}

static void
set_as_told(struct corridor_world *world, const struct corridor_assumptions *a)
{
	const struct hub *hub = a->plan->hub;
	for (size_t i = 0; i < hub->demand_count; i++)
		world->gbps[i] = isnan(a->gbps[i].value) ? 0 : a->gbps[i].value;
	for (size_t s = 0; s < hub->segment_count; s++) {
		world->price[s] = a->plan->segments[s].price.value;
		world->most_gbps[s] = (double)a->plan->segments[s].capacity_bps / 1e9;
	}
	for (size_t i = 0; i < hub->candidate_count; i++) {
		world->capex_musd[i] = hub->candidates[i].capex_musd;
		world->opex_percent[i] = hub->candidates[i].opex_percent;
		world->lease_usd_month[i] = hub->candidates[i].lease_usd_month;
	}
	world->growth_percent = hub->corridor.growth_percent;
	world->erosion_percent = hub->corridor.erosion_percent;
	world->discount_percent = hub->corridor.discount_percent;
}

/* Prices of a row, or of those by length over land or sea. */
static void
set_prices(struct corridor_world *world, const struct corridor_assumptions *a,
	   const struct corridor_assumption *one, double times)
{
	const struct hub *hub = a->plan->hub;
	for (size_t s = 0; s < hub->segment_count; s++) {
		bool of_it = a->row[s] == one->index;
		if (one->kind != CORRIDOR_ASSUMED_PRICE)
			of_it = a->row[s] == HUB_NONE &&
				corridor_plan_under_water(&hub->segments[s]) ==
					(one->kind == CORRIDOR_ASSUMED_SEA_PRICE);
		if (of_it)
			world->price[s] *= times;
	}
}

static void
set_erosion(struct corridor_world *world, const struct corridor_assumptions *a, double percent)
{
	const struct hub *hub = a->plan->hub;
	for (size_t s = 0; s < hub->segment_count; s++) {
		struct utc_s when = a->plan->segments[s].priced;
		if (!when.s)
			continue;
		double years = (double)(a->plan->day.at.s - when.s) / YEAR_S;
		world->price[s] *= corridor_price_factor(percent, years) /
				   corridor_price_factor(world->erosion_percent, years);
	}
	world->erosion_percent = percent;
}

static void
set_growth(struct corridor_world *world, const struct corridor_assumptions *a, double percent)
{
	const struct hub *hub = a->plan->hub;
	double years = (double)(a->plan->day.at.s - a->now.s) / YEAR_S;
	double times = pow((1 + percent / 100) / (1 + world->growth_percent / 100), years);
	for (size_t i = 0; a->plan->day.planned && i < hub->demand_count; i++)
		if (isnan(hub->demands[i].growth_percent))
			world->gbps[i] *= times;
	world->growth_percent = percent;
}

static void
set(struct corridor_world *world, const struct corridor_assumptions *a,
    const struct corridor_assumption *one, double value)
{
	double times = one->fact.value > 0 ? value / one->fact.value : 0;
	switch (one->kind) {
	case CORRIDOR_ASSUMED_TRAFFIC:
		world->gbps[one->index] *= times;
		break;
	case CORRIDOR_ASSUMED_PRICE:
	case CORRIDOR_ASSUMED_LAND_PRICE:
	case CORRIDOR_ASSUMED_SEA_PRICE:
		set_prices(world, a, one, times);
		break;
	case CORRIDOR_ASSUMED_EROSION:
		set_erosion(world, a, value);
		break;
	case CORRIDOR_ASSUMED_GROWTH:
		set_growth(world, a, value);
		break;
	case CORRIDOR_ASSUMED_CAPACITY:
		world->most_gbps[one->index] *= times;
		break;
	case CORRIDOR_ASSUMED_CAPEX:
		world->capex_musd[one->index] = value;
		break;
	case CORRIDOR_ASSUMED_OPEX:
		world->opex_percent[one->index] = value;
		break;
	case CORRIDOR_ASSUMED_LEASE:
		world->lease_usd_month[one->index] = value;
		break;
	case CORRIDOR_ASSUMED_DISCOUNT:
		world->discount_percent = value;
		break;
	}
}

void
corridor_world_set(struct corridor_world *world, const struct corridor_assumptions *assumptions,
		   const double *values)
{
	assert(world && assumptions && (values || assumptions->count == 0));
	set_as_told(world, assumptions);
	for (size_t i = 0; i < assumptions->count; i++)
		if (values[i] != assumptions->all[i].fact.value)
			set(world, assumptions, &assumptions->all[i], values[i]);
}
