/* Years by chance: one line against its formula, states against laying each from scratch, ships. */
#include "corridor/corridor_simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_random.h"
#include "corridor/corridor_simulate_states.h"
#include "graphs.h"
#include "silkroad.h"
#include "tap.h"

static const struct corridor_day today = {.at = {1795219200}};

/* --- one line --- */

static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}};
static struct hub_segment line = {.id = "S",
				  .a = 0,
				  .b = 1,
				  .length_km = 1000,
				  .lit_tbps = 1,
				  .design_tbps = NAN,
				  .great_circle_km = NAN,
				  .usable = true,
				  .status = "in service",
				  .medium = "submarine",
				  .length_from = {.low = NAN, .high = NAN},
				  .lit_from = {.low = NAN, .high = NAN}};
static struct hub_failure_rate rate = {.medium = "submarine",
				       .per_1000_km_year = 6,
				       .repair_h = 100,
				       .basis = {.low = NAN, .high = NAN}};
static struct hub_demand demand = {.split = true,
				   .id = "D",
				   .from = 0,
				   .to = 1,
				   .gbps = 100,
				   .member = HUB_NONE,
				   .growth_percent = NAN,
				   .price = NAN,
				   .basis = {.low = NAN, .high = NAN}};

static struct hub
one_line(void)
{
	return (struct hub){.sites = sites,
			    .site_count = 2,
			    .segments = &line,
			    .segment_count = 1,
			    .failure_rates = &rate,
			    .failure_rate_count = 1,
			    .demands = &demand,
			    .demand_count = 1,
			    .corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1}};
}

static struct corridor_simulation_ask
ask_of(const struct corridor_plan *plan)
{
	return (struct corridor_simulation_ask){
		.flow = {.plan = plan, .now = today.at},
		.years = 100,
		.draws = 40,
		.seed = 1,
		.sigma = 0.8,
		.sla = 0.95,
	};
}

static void
test_line(void)
{
	struct hub hub = one_line();
	struct corridor_plan *plan = corridor_plan_new(&hub, today);
	struct arena *arena = arena_new();
	struct corridor_simulation found, again, steady;
	struct corridor_simulation_ask ask = ask_of(plan);
	if (corridor_simulate(&found, arena, &ask) < 0 ||
	    corridor_simulate(&again, arena, &ask) < 0)
		abort();
	const struct corridor_simulated_demand *d = &found.demands[0];
	/* Up for 8766 / 6 hours, then down for 100. */
	double x = 6 * 100 / 8766.0, up = 1 / (1 + x);
	ok(fabs(d->availability.value - up) < 0.001,
	   "one line is up %.4f of the time, by formula %.4f", d->availability.value, up);
	ok(fabs(d->outages_year - 6 * up) < 0.1, "and fails %.2f times a year", d->outages_year);
	ok(fabs(d->lost.value - (1 - d->availability.value)) < 1e-9,
	   "it loses all while it is down");
	ok(fabs(found.mean_gbit_h.value - 100 * 8766 * (1 - d->availability.value)) < 1,
	   "100 Gbit/s for as many hours");
	ok(d->p50_h <= d->p90_h && d->p90_h <= d->p99_h && d->p50_h > 400 && d->p50_h < 650,
	   "a middling year has about six times 100 hours");
	ok(again.mean_gbit_h.value == found.mean_gbit_h.value && again.demands[0].p99_h == d->p99_h,
	   "the same seed gives the same years");
	/* Rates are good to 20 %, and so is the length. */
	double low = 1 / (1 + x * 1.44), high = 1 / (1 + x * 0.64);
	ok(fabs(d->availability.low - low) < 0.002 && fabs(d->availability.high - high) < 0.002,
	   "and between %.4f and %.4f, by formula %.4f and %.4f", d->availability.low,
	   d->availability.high, low, high);
	ok(found.mean_gbit_h.low < 0.6 * found.mean_gbit_h.value &&
		   found.mean_gbit_h.high > 1.5 * found.mean_gbit_h.value &&
		   d->breach.low < d->breach.value && d->breach.value < d->breach.high,
	   "less is lost of 80 Gbit/s at low rates, more of 120 at high ones");
	is_int((long)found.estimates, 1, "its rate is an estimate");
	is_int((long)found.solved, 2, "two states, laid once each");
	ask.sigma = 0;
	if (corridor_simulate(&steady, arena, &ask) < 0)
		abort();
	ok(fabs(steady.demands[0].longest_h - 100) < 1e-6,
	   "without spread every outage is as long as the mean");
	ok(d->breach.value > 0.2 && d->breach.value < 0.5 && steady.demands[0].breach.value > 0.3,
	   "a month with an outage is below 95 %%: %.2f of them", d->breach.value);
	arena_free(arena);
	corridor_plan_free(plan);
}

/* --- the example --- */

struct example {
	struct hub *hub;
	struct corridor_plan *plan;
	struct arena *arena;
};

static unsigned
losses_as_laid(struct corridor_states *states, const struct corridor_flow_instance *in,
	       uint64_t *seed, struct corridor_flow_work *work)
{
	uint32_t down[6];
	bool *cut = calloc(in->graph->segment_count + 1, sizeof(*cut));
	size_t count = 0, want = random_below(seed, 6);
	for (size_t i = 0; i < want; i++)
		cut[random_below(seed, (uint32_t)in->graph->segment_count)] = true;
	for (uint32_t s = 0; s < in->graph->segment_count; s++)
		if (cut[s])
			down[count++] = s;
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, cut);
	const struct corridor_state_loss *loss = corridor_states_loss(states, down, count);
	const uint64_t *served = corridor_states_served(states);
	if (!flow || !loss)
		abort();
	uint64_t *left = calloc(in->demand_count + 1, sizeof(*left));
	memcpy(left, served, in->demand_count * sizeof(*left));
	for (size_t i = 0; i < loss->count; i++)
		left[loss->all[i].demand] -= loss->all[i].lost_bps;
	bool same = true;
	for (size_t i = 0; i < in->demand_count; i++)
		same &= left[i] ==
			(flow->served_bps[i] < served[i] ? flow->served_bps[i] : served[i]);
	free(left);
	free(cut);
	return same;
}

static void
test_states(const struct example *e)
{
	struct corridor_flow_ask ask = {.plan = e->plan, .now = today.at};
	struct corridor_flow_case the_case;
	uint64_t seed = 9;
	unsigned same = 0;
	enum { TRIED = 300 };
	if (corridor_flow_case_of(&the_case, e->arena, &ask, CORRIDOR_AS_TOLD) < 0)
		abort();
	struct corridor_flow_work *work = corridor_flow_new(&the_case.instance, UINT32_MAX);
	struct corridor_states *states = corridor_states_new(&the_case.instance);
	for (int i = 0; i < TRIED; i++)
		same += losses_as_laid(states, &the_case.instance, &seed, work);
	is_int(same, TRIED, "what a state loses is what laying it from scratch says");
	ok(corridor_states_solved(states) < TRIED, "%zu of %d were laid",
	   corridor_states_solved(states), TRIED);
	corridor_states_free(states);
	corridor_flow_free(work);
}

static void
test_ships(const struct example *e)
{
	struct corridor_simulation many, one;
	struct corridor_simulation_ask ask = ask_of(e->plan);
	ask.draws = 1;
	ask.years = 60;
	if (corridor_simulate(&many, e->arena, &ask) < 0)
		abort();
	ask.ships = 1;
	if (corridor_simulate(&one, e->arena, &ask) < 0)
		abort();
	ok(many.waits_h == 0 && one.waits_h > 0, "with one ship cables wait: %.0f hours",
	   one.waits_h);
	ok(one.mean_gbit_h.value > many.mean_gbit_h.value, "and more is lost");
	unsigned within = 0;
	for (size_t i = 0; i < e->hub->demand_count; i++)
		within += one.demands[i].availability.value >= 0 &&
			  one.demands[i].availability.value <= 1 &&
			  one.demands[i].lost.value <= 1 - one.demands[i].availability.value + 1e-9;
	is_int(within, (long)e->hub->demand_count,
	       "no demand loses more than all while it is short");
	ask.draws = CORRIDOR_SIMULATED_YEARS_MAX;
	ok(corridor_simulate(&one, e->arena, &ask) < 0, "more years than can be kept are refused");
}

int
main(void)
{
	struct example e = {.hub = silkroad(), .arena = arena_new()};
	e.plan = corridor_plan_new(e.hub, today);
	test_line();
	test_states(&e);
	test_ships(&e);
	corridor_plan_free(e.plan);
	arena_free(e.arena);
	hub_free(e.hub);
	return done_testing();
}
