/* Where next: small hubs by chance, where every set is tried and money is reckoned by hand; what
 * must hold of any; and the founders' question on the shipped example. */
#include "corridor/corridor_next.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_money.h"
#include "hubs.h"
#include "silkroad.h"
#include "tap.h"

enum { DEMANDS = 5, CANDIDATES = 5, BUILT_LAST = 6 };

static const struct corridor_day today = {.at = {1795219200}};
static const struct corridor_next_depth deep = {true, true}, shallow = {false, false};

/* The last segments are there only if they are built; two candidates may want the same one. */
static void
candidates_by_chance(struct test_hub *t, uint64_t *seed)
{
	struct hub *hub = &t->hub;
	hub->candidates = arena_take(t->arena, CANDIDATES * sizeof(*hub->candidates));
	hub->candidate_count = CANDIDATES;
	for (size_t i = 0; i < BUILT_LAST; i++) {
		hub->segments[hub->segment_count - 1 - i].usable = false;
		hub->segments[hub->segment_count - 1 - i].status = "planned 2030";
	}
	for (size_t i = 0; i < CANDIDATES; i++) {
		struct hub_candidate *c = &hub->candidates[i];
		c->id = arena_printf(t->arena, "N%zu", i);
		c->segments = arena_take(t->arena, 2 * sizeof(*c->segments));
		c->segment_count = 1 + random_below(seed, 2);
		uint32_t first = random_below(seed, BUILT_LAST);
		for (uint32_t k = 0; k < c->segment_count; k++)
			c->segments[k] =
				(uint32_t)hub->segment_count - 1 - (first + k) % BUILT_LAST;
		c->capex_musd = 1 + random_below(seed, 60);
		c->opex_percent = random_below(seed, 8);
		c->years = 1 + random_below(seed, 25);
		c->basis = (struct hub_basis){.low = NAN, .high = NAN};
	}
}

static void
demands_by_chance(struct test_hub *t, uint64_t *seed)
{
	test_demands(t, DEMANDS);
	for (size_t i = 0; i < DEMANDS; i++)
		t->hub.demands[i] = demand_by_chance(t, seed, i, 1, 1500);
}

static struct test_hub
make(uint64_t *seed)
{
	struct test_hub t = hub_by_chance(seed, 7, 14);
	demands_by_chance(&t, seed);
	candidates_by_chance(&t, seed);
	return t;
}

static struct corridor_next *
next_of(const struct corridor_plan *plan, struct corridor_next_depth depth)
{
	struct corridor_next_ask ask = {plan, plan, NULL, today.at, NULL};
	struct corridor_next *next = corridor_next_new(&ask, depth);
	if (!next)
		abort();
	return next;
}

static struct corridor_outcome
weigh(struct corridor_next *next, const uint32_t *set, size_t count,
      struct corridor_next_depth depth)
{
	struct corridor_outcome out;
	if (corridor_next_weigh(&out, next, set, count, depth) < 0)
		abort();
	return out;
}

/* Neither growth nor erosion nor interest: so many years of the same, or none when running it
 * costs more than it takes in. */
static double
worth_by_hand(const struct hub_candidate *c, double usd_a_year)
{
	double a_year = usd_a_year - c->opex_percent / 100 * c->capex_musd * 1e6;
	return (a_year > 0 ? c->years * a_year : 0) - c->capex_musd * 1e6;
}

static bool
in_range(struct corridor_range r)
{
	return r.low <= r.value && r.value <= r.high;
}

static bool
is_sound(const struct corridor_outcome *o, const struct corridor_outcome *base)
{
	bool traffic =
		o->served_gbps[CORRIDOR_AS_TOLD] >= base->served_gbps[CORRIDOR_AS_TOLD] - 1e-6 &&
		o->served_gbps[CORRIDOR_AT_EASE] >= base->served_gbps[CORRIDOR_AT_EASE] - 1e-6 &&
		corridor_next_gain_at_worst(o, base) >= 0;
	const double *served = o->served_gbps;
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		traffic &= served[c] <= served[CORRIDOR_ALL_HIGH] + 1e-6 &&
			   served[c] >=
				   fmin(served[CORRIDOR_ALL_LOW], served[CORRIDOR_AT_WORST]) - 1e-6;
	bool ways = (isnan(base->ms) || o->ms <= base->ms) && o->linked_gbps >= base->linked_gbps;
	bool down = isnan(base->down_h) ||
		    o->down_h - o->down_error_h <= base->down_h + base->down_error_h;
	return traffic && ways && down && in_range(o->cost.usd) && in_range(o->usd_a_year) &&
	       in_range(o->npv_usd) && o->optimal;
}

static void
test_one(void)
{
	enum { HUBS = 120 };
	uint64_t seed = 21;
	unsigned tried = 0, sound = 0, worth = 0, paid = 0, even = 0, dearer = 0, waited = 0,
		 leased = 0;
	for (int h = 0; h < HUBS; h++) {
		struct test_hub t = make(&seed);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
		struct corridor_next *next = next_of(plan, deep);
		for (uint32_t i = 0; i < CANDIDATES; i++, tried++) {
			struct hub_candidate *c = &t.hub.candidates[i];
			struct corridor_outcome o = weigh(next, &i, 1, deep);
			sound += is_sound(&o, corridor_next_base(next));
			double by_hand = worth_by_hand(c, o.usd_a_year.value);
			worth += fabs(o.npv_usd.value - by_hand) <= 1e-6 * (1 + fabs(by_hand));
			paid += o.usd_a_year.value > 0;
			even += isnan(o.even) || (o.even <= 1) == (o.npv_usd.value >= 0);
			c->capex_musd *= 2;
			struct corridor_outcome twice = weigh(next, &i, 1, shallow);
			dearer += twice.npv_usd.value < o.npv_usd.value;
			c->capex_musd /= 2;
			c->lease_usd_month = 5000;
			c->lease_months = 12 * c->years;
			struct corridor_outcome rented = weigh(next, &i, 1, shallow);
			double rent = 5000.0 * c->lease_months;
			leased += fabs(rented.npv_usd.value - o.npv_usd.value + rent) <= 1 &&
				  fabs(rented.cost.usd.value - o.cost.usd.value - rent) <= 1 &&
				  rented.cost.capex_usd.value == o.cost.capex_usd.value &&
				  fabs(rented.cost.lease_usd.value - rent) <= 1e-3;
			c->lease_usd_month = 0;
			c->lease_months = 0;
			t.hub.corridor.discount_percent = 20;
			struct corridor_outcome later = weigh(next, &i, 1, shallow);
			waited += later.npv_usd.value <= o.npv_usd.value;
			t.hub.corridor.discount_percent = 0;
		}
		corridor_next_free(next);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(sound, tried, "to build never lowers what is served, nor lengthens a way");
	is_int(worth, tried, "what it is worth is as reckoned by hand");
	is_int(even, tried, "it breaks even below its prices exactly when it is worth something");
	is_int(dearer, tried, "what costs more is worth less");
	is_int(leased, tried, "a lease is owed to its end, whether what is leased pays or not");
	is_int(waited, tried, "and so is what is paid for with dearer money");
	ok(paid > 100, "%u of %u take something in", paid, tried);
}

/* --- sets --- */

static bool
overlap(const struct hub_candidate *a, const struct hub_candidate *b)
{
	for (size_t i = 0; i < a->segment_count; i++)
		for (size_t k = 0; k < b->segment_count; k++)
			if (a->segments[i] == b->segments[k])
				return true;
	return false;
}

/* The candidates of the bits of `which`; CANDIDATES + 1 of them: they cannot be built for it. */
static size_t
set_of(uint32_t set[CANDIDATES], const struct hub *hub, unsigned which, double budget_musd)
{
	size_t count = 0;
	for (uint32_t i = 0; i < CANDIDATES; i++) {
		if (!(which & 1U << i))
			continue;
		budget_musd -= hub->candidates[i].capex_musd;
		for (size_t k = 0; k < count; k++)
			if (overlap(&hub->candidates[set[k]], &hub->candidates[i]))
				return CANDIDATES + 1;
		set[count++] = i;
	}
	return budget_musd < 0 ? CANDIDATES + 1 : count;
}

static void
test_choice(void)
{
	enum { HUBS = 100 };
	uint64_t seed = 33;
	unsigned best = 0, within = 0, no_worse = 0, several = 0, better = 0, bounds = 0;
	for (int h = 0; h < HUBS; h++) {
		struct test_hub t = make(&seed);
		struct corridor_plan *plan = corridor_plan_new(&t.hub, today);
		enum corridor_gain gain = (enum corridor_gain)(h % CORRIDOR_GAINS);
		struct corridor_next_depth depth = {false, gain == CORRIDOR_GAIN_AVAILABILITY};
		struct corridor_next *next = next_of(plan, depth);
		const struct corridor_outcome *base = corridor_next_base(next);
		double budget = random_below(&seed, 150), most = 0;
		for (unsigned which = 1; which < 1U << CANDIDATES; which++) {
			uint32_t set[CANDIDATES];
			size_t count = set_of(set, &t.hub, which, budget);
			if (count > CANDIDATES)
				continue;
			struct corridor_outcome o = weigh(next, set, count, depth);
			double value = corridor_next_gain(gain, &o, base);
			most = value > most ? value : most;
		}
		struct corridor_choice greedy, chosen;
		if (corridor_next_choose(&greedy, &chosen, next, gain, 1e6 * budget) < 0)
			abort();
		double of_greedy = corridor_next_gain(gain, &greedy.outcome, base);
		double of_best = corridor_next_gain(gain, &chosen.outcome, base);
		of_greedy = isnan(of_greedy) ? 0 : of_greedy;
		of_best = isnan(of_best) ? 0 : of_best;
		double error = gain == CORRIDOR_GAIN_AVAILABILITY ? 2 * base->down_error_h : 0;
		best += chosen.all && fabs(of_best - most) <= 1e-9 * most + error;
		bounds += chosen.bound >= of_best && isnan(greedy.bound);
		within += greedy.outcome.cost.usd.value <= 1e6 * budget &&
			  chosen.outcome.cost.usd.value <= 1e6 * budget;
		no_worse += of_greedy <= of_best * (1 + 1e-9) && of_greedy >= 0;
		several += chosen.count > 1;
		better += of_best > of_greedy * (1 + 1e-6);
		corridor_next_free(next);
		corridor_plan_free(plan);
		test_hub_free(&t);
	}
	is_int(best, HUBS, "the best set is the best of all that are to be had for the money");
	is_int(bounds, HUBS, "and no more than its bound");
	is_int(within, HUBS, "and neither costs more than there is");
	is_int(no_worse, HUBS, "the greedy one is no better");
	ok(several > 5 && better > 0, "%u sets of several, %u that greed does not find", several,
	   better);
}

/* --- the example --- */

static uint32_t
candidate(const struct hub *hub, const char *id)
{
	for (uint32_t i = 0; i < hub->candidate_count; i++)
		if (strcmp(hub->candidates[i].id, id) == 0)
			return i;
	return HUB_NONE;
}

static void
test_example(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct corridor_next *next = next_of(plan, shallow);
	uint32_t cable = candidate(hub, "TCFO"), land = candidate(hub, "HYPERHIGHWAY");
	uint32_t both = candidate(hub, "HYPER-TCFO"), pair[] = {cable, land};
	struct corridor_outcome of_cable = weigh(next, &cable, 1, shallow);
	struct corridor_outcome of_land = weigh(next, &land, 1, shallow);
	struct corridor_outcome of_both = weigh(next, &both, 1, shallow);
	struct corridor_outcome of_pair = weigh(next, pair, 2, shallow);
	size_t open;
	corridor_next_open(next, &open);
	is_int(open, hub->candidate_count, "nothing of the example's candidates is built");
	ok(corridor_next_overlap(next, cable, both) && !corridor_next_overlap(next, cable, land),
	   "the line is part of the project of both");
	ok(fabs(of_pair.usd_a_year.value - of_both.usd_a_year.value) < 1 &&
		   of_pair.ms == of_both.ms,
	   "the Trans-Caspian line and the hyperhighway are the project of both");
	ok(of_pair.usd_a_year.value > 3 * (of_cable.usd_a_year.value + of_land.usd_a_year.value),
	   "together they take in more than apart: %.2f, %.2f and %.2f million dollars a year",
	   of_pair.usd_a_year.value / 1e6, of_cable.usd_a_year.value / 1e6,
	   of_land.usd_a_year.value / 1e6);
	double ms = corridor_next_gain(CORRIDOR_GAIN_LATENCY, &of_pair, corridor_next_base(next));
	ok(ms > 0.3 && ms < 1, "and shorten the way of a bit by %.2f ms", ms);
	is_int(of_cable.payback, -1, "alone the line does not pay");
	corridor_next_free(next);
	struct corridor_conditions with = {.with = hub->candidates[cable].segments,
					   .with_count = hub->candidates[cable].segment_count};
	struct corridor_next_ask ask = {plan, plan, &with, today.at, NULL};
	next = corridor_next_new(&ask, shallow);
	corridor_next_open(next, &open);
	is_int(open, hub->candidate_count - 1, "what is taken as built is no candidate");
	struct corridor_outcome then = weigh(next, &both, 1, shallow);
	ok(then.usd_a_year.value < of_both.usd_a_year.value,
	   "and what is built of another takes nothing in for it");
	corridor_next_free(next);
	corridor_plan_free(plan);
	hub_free(hub);
}

int
main(void)
{
	test_one();
	test_choice();
	test_example();
	return done_testing();
}
