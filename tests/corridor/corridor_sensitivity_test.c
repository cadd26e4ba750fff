/* What money hangs on: ways in many worlds against a search in each; one number at a time against
 * the plain answer in a hub that says so; and chance that holds. */
#include "corridor/corridor_sensitivity.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_reckonings.h"
#include "corridor/corridor_search.h"
#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

static const struct corridor_day today = {.at = {1795219200}};

static bool
close_to(double a, double b)
{
	return a == b || fabs(a - b) <= 1e-4 * fmax(fabs(a), fabs(b));
}

/* --- ways in many worlds --- */

static unsigned
worlds_as_searched(uint64_t *seed, unsigned *compared)
{
	struct test_hub t = hub_by_chance(seed, 9, 16);
	struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
	struct corridor_lanes *lanes = corridor_lanes_new(plan->graph);
	struct corridor_search *search = corridor_search_new(plan->graph);
	double price[16 * CORRIDOR_LANES];
	uint64_t cost[16];
	bool closed[16];
	unsigned same = 0;
	for (size_t s = 0; s < 16; s++)
		closed[s] = random_below(seed, 5) == 0;
	for (size_t i = 0; i < sizeof(price) / sizeof(price[0]); i++)
		price[i] = random_below(seed, 50);
	corridor_lanes_run(lanes, price, closed, 0);
	for (size_t lane = 0; lane < CORRIDOR_LANES; lane++) {
		/* A hop is a thousandth of a dollar here. */
		for (size_t s = 0; s < 16; s++)
			cost[s] = closed[s] ? CORRIDOR_CLOSED
					    : (uint64_t)price[s * CORRIDOR_LANES + lane] * 1000 + 1;
		corridor_search_run(search, cost, 0, HUB_NONE);
		for (uint32_t site = 0; site < 9; site++, ++*compared) {
			uint64_t want = corridor_search_cost(search, site);
			double got = corridor_lanes_cost(lanes, site)[lane];
			same += want == CORRIDOR_CLOSED ? isinf(got) : got == (double)(want / 1000);
		}
	}
	corridor_search_free(search);
	corridor_lanes_free(lanes);
	corridor_plan_free(plan);
	arena_free(t.arena);
	return same;
}

static void
test_lanes(void)
{
	uint64_t seed = 3;
	unsigned same = 0, compared = 0;
	for (int i = 0; i < 60; i++)
		same += worlds_as_searched(&seed, &compared);
	ok(compared > 30000 && same == compared,
	   "%u of %u cheapest ways in sixty-four worlds are those of a search in each", same,
	   compared);
}

/* --- chance --- */

static void
test_triangle(void)
{
	struct corridor_fact fact = {4, 2, 10, HUB_SEEN, NULL};
	ok(corridor_triangle(&fact, 0) == 2 && corridor_triangle(&fact, 1) == 10,
	   "a triangle ends at its bounds");
	is_int(llround(1e9 * corridor_triangle(&fact, 0.25)), 4000000000,
	       "a quarter of it lies below its top, a quarter of the way");
	double sum = 0;
	for (int i = 0; i < 100000; i++)
		sum += corridor_triangle(&fact, (i + 0.5) / 100000) / 100000;
	ok(fabs(sum - 16.0 / 3) < 1e-6, "its mean is that of its three corners");
}

/* --- the example --- */

struct example {
	struct hub *hub;
	struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_assumptions_ask ask;
	struct corridor_flow_case the_case;
	struct corridor_worth_ask worth;
	struct corridor_us us;
	struct corridor_assumptions assumptions;
};

static void
example_init(struct example *e)
{
	*e = (struct example){.hub = silkroad(), .arena = arena_new()};
	e->plan = corridor_plan_new(e->hub, today);
	e->ask.flow = (struct corridor_flow_ask){
		.plan = e->plan, .measure = CORRIDOR_BY_PRICE, .now = today.at};
	uint32_t pk = corridor_plan_name(e->plan, CORRIDOR_COUNTRIES, "PK");
	struct corridor_named named = {CORRIDOR_A_COUNTRY, pk};
	if (corridor_flow_case_of(&e->the_case, e->arena, &e->ask.flow, CORRIDOR_AS_TOLD) < 0 ||
	    corridor_us_of(&e->us, e->arena, e->plan, named) < 0 ||
	    corridor_assumptions_of(&e->assumptions, e->arena, &e->ask) < 0)
		abort();
	e->worth = (struct corridor_worth_ask){e->plan, NULL, e->the_case.gbps,
					       e->the_case.instance.demands};
}

static void
example_fini(struct example *e)
{
	corridor_plan_free(e->plan);
	arena_free(e->arena);
	hub_free(e->hub);
}

/* The plain answer when the plan itself has the numbers of a world. */
static double
worth_in(const struct example *e, const struct corridor_world *world)
{
	struct corridor_plan plan = *e->plan;
	struct corridor_worth worth;
	size_t segments = e->hub->segment_count, demands = e->hub->demand_count;
	struct corridor_worth_ask ask = e->worth;
	plan.segments = arena_take(e->arena, segments * sizeof(*plan.segments));
	struct corridor_fact *gbps = arena_take(e->arena, demands * sizeof(*gbps));
	memcpy(plan.segments, e->plan->segments, segments * sizeof(*plan.segments));
	for (size_t s = 0; s < segments; s++)
		plan.segments[s].price.value = world->price[s];
	for (size_t i = 0; i < demands; i++) {
		gbps[i] = e->the_case.gbps[i];
		if (!isnan(gbps[i].value))
			gbps[i].value = world->gbps[i];
	}
	ask.plan = &plan;
	ask.gbps = gbps;
	if (corridor_worth_of(&worth, e->arena, &ask, &e->us) < 0)
		abort();
	return worth.usd_a_year.value;
}

static void
test_swings(const struct example *e, const struct corridor_sensitivity *found)
{
	struct corridor_world world;
	double *values = arena_take(e->arena, e->assumptions.count * sizeof(*values));
	unsigned same = 0, sorted = 0;
	if (corridor_world_init(&world, e->arena, e->hub) < 0)
		abort();
	for (size_t i = 0; i < found->count; i++) {
		const struct corridor_swing *s = &found->swings[i];
		for (size_t k = 0; k < e->assumptions.count; k++)
			values[k] = e->assumptions.all[k].fact.value;
		values[s->assumption] = e->assumptions.all[s->assumption].fact.low;
		corridor_world_set(&world, &e->assumptions, values);
		bool good = close_to(s->at_low, worth_in(e, &world));
		values[s->assumption] = e->assumptions.all[s->assumption].fact.high;
		corridor_world_set(&world, &e->assumptions, values);
		same += good && close_to(s->at_high, worth_in(e, &world));
		sorted += i == 0 ||
			  fabs(s->at_high - s->at_low) <= fabs(s[-1].at_high - s[-1].at_low);
	}
	ok(found->count > 30 && same == found->count,
	   "%u of %zu swings: what the plain answer says of such a hub", same, found->count);
	is_int(sorted, (long)found->count, "the widest come first");
	ok(found->idle > 0 && found->idle < found->count, "%zu numbers move nothing alone",
	   found->idle);
}

static void
test_worth(void)
{
	struct example e;
	struct corridor_sensitivity found, again, other;
	struct corridor_worth plain;
	example_init(&e);
	struct corridor_reckon_worth *reckoning = corridor_reckon_worth_new(&e.worth, &e.us);
	struct corridor_sensitivity_ask ask = {&e.assumptions, corridor_reckon_tolls, reckoning,
					       3000, 1};
	if (!reckoning || corridor_worth_of(&plain, e.arena, &e.worth, &e.us) < 0 ||
	    corridor_sensitivity_of(&found, e.arena, &ask) < 0 ||
	    corridor_sensitivity_of(&again, e.arena, &ask) < 0)
		abort();
	ok(close_to(found.told, plain.usd_a_year.value), "as told it is what corridor worth says");
	test_swings(&e, &found);
	ok(found.p10 < found.p50 && found.p50 < found.p90 && found.p10 > plain.usd_a_year.low &&
		   found.p90 < plain.usd_a_year.high,
	   "draws lie within the range of worth");
	ok(found.p10 == again.p10 && found.p90 == again.p90 && found.mean == again.mean,
	   "the same seed gives the same");
	ask.seed = 2;
	if (corridor_sensitivity_of(&other, e.arena, &ask) < 0)
		abort();
	ok(other.mean != found.mean && fabs(other.mean / found.mean - 1) < 0.1,
	   "another seed gives nearly the same");
	corridor_reckon_worth_target(reckoning, 1e8);
	if (corridor_sensitivity_of(&other, e.arena, &ask) < 0)
		abort();
	double passing = plain.gbps[CORRIDOR_TOLL_PASSES] + plain.gbps[CORRIDOR_TOLL_ONLY] -
			 plain.unpriced_gbps;
	ok(close_to(other.told, 1e8 / plain.usd_a_year.value * passing),
	   "a target is what passes, as many times as its worth goes into it");
	corridor_reckon_worth_free(reckoning);
	example_fini(&e);
}

int
main(void)
{
	test_lanes();
	test_triangle();
	test_worth();
	return done_testing();
}
