/* The price map: small hubs by chance, where every way from every place is tried; what must hold of
 * any; rows taken to the day; and the shipped example. */
#include "corridor/corridor_prices.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_price.h"
#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

enum { ROWS = 6 };

#define YEAR_S 31557600

static const struct corridor_day today = {.at = {1795219200}};

static struct hub_corridor_price
row_of(double price, int64_t when)
{
	return (struct hub_corridor_price){
		.at = HUB_NONE,
		.from = HUB_NONE,
		.to = HUB_NONE,
		.price = price,
		.when = {when},
		.basis = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
	};
}

static void
test_day(void)
{
	struct utc_s day = {10 * (int64_t)YEAR_S};
	struct hub_corridor_price old = row_of(100, 8 * (int64_t)YEAR_S), now = row_of(100, 0);
	struct hub_corridor_price older = row_of(1, 7 * (int64_t)YEAR_S);
	struct hub_corridor_price next = row_of(1, 11 * (int64_t)YEAR_S);
	struct hub_corridor_price later = row_of(1, 12 * (int64_t)YEAR_S);
	struct hub_corridor_price cheap = row_of(99, 8 * (int64_t)YEAR_S);
	struct corridor_fact f = corridor_price_on(&old, 15, day);
	ok(fabs(f.value - 72.25) < 1e-9, "a price of two years ago has fallen twice: %g", f.value);
	ok(fabs(f.low - 99 * 0.775 * 0.775) < 1e-9 && fabs(f.high - 101 * 0.9 * 0.9) < 1e-9,
	   "its bounds are of prices that fall faster and slower: %g to %g", f.low, f.high);
	is_int(f.basis, HUB_DERIVED, "it was seen, but not as it is now");
	f = corridor_price_on(&old, -15, day);
	ok(f.low < f.value && f.value < f.high && f.value > 132, "prices may rise: %g", f.value);
	f = corridor_price_on(&later, 15, day);
	ok(f.low < f.value && f.value < f.high && f.value > 1.38, "before its day it was dearer");
	f = corridor_price_on(&now, 15, day);
	ok(f.value == 100 && f.basis == HUB_SEEN, "what has no day is as it is written");
	f = corridor_price_on(&later, 100, day);
	ok(isfinite(f.high), "nothing is free, and nothing was beyond all price");
	ok(corridor_price_better(&old, &older, day) == &old, "the last row counts");
	ok(corridor_price_better(&older, &old, day) == &old, "in whatever order");
	ok(corridor_price_better(&old, &next, day) == &old, "not one of a later day");
	ok(corridor_price_better(&later, &next, day) == &next, "of later days the first");
	ok(corridor_price_better(&old, &now, day) == &now, "what has no day is of today");
	ok(corridor_price_better(&old, &cheap, day) == &cheap, "of one day the cheaper");
}

/* --- by trying --- */

static struct corridor_fact
fact_of_row(const struct corridor_plan *plan, size_t row)
{
	return corridor_price_on(&plan->hub->prices[row], plan->hub->corridor.erosion_percent,
				 plan->day.at);
}

static double
side(const struct corridor_fact *f, int which)
{
	return which == 0 ? f->value : which < 0 ? f->low : f->high;
}

/* The cheapest of all ways from all places that tell a price; NAN: none. */
static double
by_trying(const struct corridor_plan *plan, uint32_t site, int which)
{
	const struct hub *hub = plan->hub;
	uint64_t *open = calloc(hub->segment_count + 1, sizeof(*open));
	double best = NAN;
	corridor_plan_costs(open, plan, NULL, CORRIDOR_BY_HOPS);
	for (size_t r = 0; r < hub->price_count; r++) {
		if (hub->prices[r].at == HUB_NONE)
			continue;
		struct corridor_fact told = fact_of_row(plan, r);
		struct test_ways ways = test_ways_of(
			plan->graph, open, (struct corridor_ends){hub->prices[r].at, site});
		for (size_t i = 0; i < ways.count; i++) {
			double sum = side(&told, which);
			for (size_t k = 0; k < ways.ways[i].segment_count; k++)
				sum += side(&plan->segments[ways.ways[i].segments[k]].price, which);
			best = isnan(best) || sum < best ? sum : best;
		}
		test_ways_free(&ways);
	}
	free(open);
	return best;
}

static bool
near(double a, double b)
{
	return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-4;
}

/* One row a place, of any day: the choice between rows is tried above. */
static void
rows_by_chance(struct test_hub *t, uint64_t *seed)
{
	t->hub.corridor.erosion_percent = random_below(seed, 40);
	t->hub.prices = arena_take(t->arena, ROWS * sizeof(*t->hub.prices));
	t->hub.price_count = 1 + random_below(seed, 3);
	for (uint32_t i = 0; i < t->hub.price_count; i++) {
		int64_t ago = (int64_t)random_below(seed, 9) * YEAR_S;
		t->hub.prices[i] = row_of(random_below(seed, 900) / 100.0, today.at.s - ago);
		t->hub.prices[i].at = 2 * i;
	}
}

static void
test_chance(void)
{
	enum { HUBS = 300 };
	uint64_t seed = 11;
	unsigned tried = 0, same = 0, brought = 0, none = 0, no_dearer = 0;
	for (int h = 0; h < HUBS; h++) {
		struct test_hub t = hub_by_chance(&seed, 7, 10);
		struct corridor_site_price out[7], after[7];
		rows_by_chance(&t, &seed);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
		struct corridor_prices_ask ask = {plan, NULL, today.at};
		if (!plan || corridor_prices_of(out, &ask) < 0)
			abort();
		for (uint32_t i = 0; i < 7; i++, tried++) {
			const struct corridor_grounds *p = &out[i].price;
			same += near(p->value, by_trying(plan, i, 0)) &&
				near(p->low, by_trying(plan, i, -1)) &&
				near(p->high, by_trying(plan, i, 1)) &&
				(isnan(p->value) == (out[i].row == HUB_NONE));
			brought += out[i].steps > 0;
			none += isnan(p->value);
		}
		/* What is sold from place to place: one more way. */
		struct hub_corridor_price *wave = &t.hub.prices[t.hub.price_count++];
		*wave = row_of(0.05, 0);
		wave->from = random_below(&seed, 7);
		wave->to = random_below(&seed, 7);
		wave->product = "100G wave";
		if (corridor_prices_of(after, &ask) < 0)
			abort();
		for (uint32_t i = 0; i < 7; i++)
			no_dearer += isnan(out[i].price.value) ||
				     after[i].price.value <= out[i].price.value + 1e-4;
		double a = after[wave->from].price.value, b = after[wave->to].price.value;
		no_dearer += (isnan(a) && isnan(b)) || fabs(a - b) < 0.0501;
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(same, tried, "price and bounds are those of trying all ways from all places");
	is_int(no_dearer, tried + HUBS, "a wave between two makes nothing dearer, and both alike");
	ok(brought > 100 && none > 20, "%u brought from elsewhere, %u to be had nowhere", brought,
	   none);
}

/* --- the example --- */

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct corridor_site_price *out = calloc(hub->site_count, sizeof(*out));
	struct corridor_prices_ask ask = {plan, NULL, today.at};
	uint32_t frankfurt = 0, bishkek = 0;
	ok(out && corridor_prices_of(out, &ask) == 0, "the map of the example");
	for (uint32_t i = 0; i < hub->site_count; i++) {
		frankfurt = strcmp(hub->sites[i].id, "FRA") == 0 ? i : frankfurt;
		bishkek = strcmp(hub->sites[i].id, "FRU") == 0 ? i : bishkek;
	}
	is_str(hub->prices[out[frankfurt].row].id, "FRA-2026", "Frankfurt is told of");
	ok(out[frankfurt].price.value < 0.1 && out[frankfurt].price.value > 0.08,
	   "and a little cheaper than at the start of the year: %g", out[frankfurt].price.value);
	is_str(hub->prices[out[bishkek].told_row].id, "ALA-FRU-2017",
	       "transit sold from Almaty to Bishkek is a price at Bishkek, the last told");
	ok(out[bishkek].steps > 0 && out[bishkek].price.value < out[bishkek].told.value,
	   "which is cheaper over segments by now");
	struct corridor_plan *later = corridor_plan_new(
		hub, (struct corridor_day){.at = {today.at.s + 4LL * YEAR_S}, .planned = true});
	struct corridor_site_price then = out[frankfurt];
	ask.plan = later;
	ok(later && corridor_prices_of(out, &ask) == 0 &&
		   out[frankfurt].price.value < 0.6 * then.price.value,
	   "in four years it costs half");
	corridor_plan_free(later);
	corridor_plan_free(plan);
	free(out);
	hub_free(hub);
}

int
main(void)
{
	test_day();
	test_chance();
	test_example();
	return done_testing();
}
