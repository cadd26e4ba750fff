/* What sets of candidates can bring at most, without weighing each of them.
 *
 * Money that is paid for a candidate's segments is paid by demands that go the cheapest way, and what
 * they pay in all falls with everything that is built:
 *
 *	taken in by P = all that is paid with S - what is paid for segments that are not P's with S
 *	             <= all that is paid with B
 *	                - the least that must be paid for those, were all of U built and P free
 *
 * where P and B are part of S, and S of U: what is built more never makes it dearer. With P all of U it limits what a set takes in together, with P one
 * candidate what that takes in within any set; nor does it take in more than its segments carry.
 * Both limits and the budget make a knapsack that may be filled with parts (corridor_next_shares_most),
 * whose worth no set has more than. Worth rises with what is taken in ever more steeply (it is closed
 * when it would lose), from nothing: so its chord to the most is above it.
 *
 * What is not served is reckoned as if it paid more than any way costs, in the same way as the
 * program that lays the demands has it: so serving more is never the dearer. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_lease.h"
#include "corridor/corridor_money.h"
#include "corridor/corridor_next_parts.h"
#include "corridor/corridor_search.h"

/* Solutions of programs are good to less than this. */
static const double tolerance = 1e-6;

static double
price_of(uint64_t cost)
{
	return (double)(cost >> CORRIDOR_HOP_BITS) / 1e6;
}

/* The price of what is not served: the dearest segment and the sum of all. */
static double
price_unserved(const struct corridor_next *next)
{
	const struct corridor_plan *plan = next->ask.plan;
	double sum = 0, dearest = 0;
	for (uint32_t s = 0; s < plan->hub->segment_count; s++) {
		double price = price_of(corridor_plan_cost_of_price(plan->segments[s].price.value));
		sum += price;
		dearest = fmax(dearest, price);
	}
	return sum + dearest;
}

/* The costs of each class, segments of some candidates for nothing. 0, or -1 without memory. */
static int
free_costs(struct corridor_flow_case *c, struct arena *arena, const struct corridor_next *next,
	   struct corridor_candidates free)
{
	const struct hub *hub = next->ask.plan->hub;
	struct corridor_flow_instance *in = &c->instance;
	const uint64_t **classes =
		arena_take(arena, (in->class_count + 1) * sizeof(const uint64_t *));
	for (size_t k = 0; classes && k < in->class_count; k++) {
		uint64_t *cost = arena_take(arena, (hub->segment_count + 1) * sizeof(*cost));
		if (!cost)
			return -1;
		memcpy(cost, in->cost[k], hub->segment_count * sizeof(*cost));
		for (size_t i = 0; i < free.count; i++) {
			const struct hub_candidate *one = &hub->candidates[free.all[i]];
			for (size_t n = 0; n < one->segment_count; n++) {
				uint32_t s = one->segments[n];
				if (next->taken[s] && cost[s] != CORRIDOR_CLOSED)
					cost[s] = 1; /* a hop */
			}
		}
		classes[k] = cost;
	}
	if (!classes)
		return -1;
	in->cost = classes;
	return 0;
}

static double
paid(const struct corridor_flow_instance *in, const struct corridor_flow *flow)
{
	double usd = 0;
	for (size_t i = 0; i < flow->way_count; i++) {
		const struct corridor_flow_way *way = &flow->ways[i];
		const uint64_t *cost = in->cost[in->demands[way->demand].class];
		double price = 0;
		for (uint32_t k = 0; k < way->count; k++)
			price += price_of(cost[flow->arcs[way->first + k] / 2]);
		usd += corridor_money_a_year((double)way->bps / 1e9, price);
	}
	return usd;
}

int
corridor_next_dues(double *usd, const struct corridor_next *next, struct corridor_candidates built,
		   struct corridor_candidates free)
{
	assert(usd && next);
	struct corridor_flow_case c;
	struct arena *arena = arena_new();
	struct corridor_flow_work *work = NULL;
	const struct corridor_flow *flow = NULL;
	bool optimal = false;
	errno = ENOMEM;
	if (arena && corridor_next_case(&c, arena, next, built.all, built.count) == 0 &&
	    (!free.count || free_costs(&c, arena, next, free) == 0))
		flow = corridor_flow_cheapest(&work, &optimal, &c.instance);
	if (flow) {
		uint64_t unserved = flow->asked_total_bps - flow->served_total_bps;
		*usd = optimal ? paid(&c.instance, flow) +
					 corridor_money_a_year((double)unserved / 1e9,
							       price_unserved(next))
			       : INFINITY;
	}
	int error = errno;
	corridor_flow_free(work);
	arena_free(arena);
	errno = error;
	return flow ? 0 : -1;
}

int
corridor_next_most_usd(double *out, const struct corridor_next *next,
		       struct corridor_candidates built, struct corridor_candidates of, double dues)
{
	double least;
	if (isinf(dues)) {
		*out = INFINITY;
		return 0;
	}
	if (corridor_next_dues(&least, next, built, of) < 0)
		return -1;
	*out = fmax(0, dues - least) + tolerance * dues;
	return 0;
}

double
corridor_next_most_of(const struct corridor_next *next, uint32_t candidate)
{
	const struct corridor_plan *plan = next->ask.plan;
	const struct hub_candidate *c = &plan->hub->candidates[candidate];
	double usd = 0;
	for (size_t i = 0; i < c->segment_count; i++) {
		const struct corridor_segment *s = &plan->segments[c->segments[i]];
		double gbps = fmin(2 * (double)s->capacity_bps / 1e9, next->base.asked_gbps);
		if (next->taken[c->segments[i]])
			usd += corridor_money_a_year(gbps, s->price.value);
	}
	return usd;
}

double
corridor_next_most_worth(const struct corridor_next *next, uint32_t candidate, double usd)
{
	const struct hub *hub = next->ask.plan->hub;
	const struct hub_candidate *c = &hub->candidates[candidate];
	double growth = hub->corridor.growth_percent, best = 0, sum = 0, today = 1, takes = usd;
	for (size_t i = 0; i < hub->demand_count; i++)
		if (!isnan(hub->demands[i].growth_percent))
			growth = fmax(growth, hub->demands[i].growth_percent);
	for (uint32_t year = 0; year < corridor_candidate_years(c); year++) {
		today /= 1 + hub->corridor.discount_percent / 100;
		sum += today * (takes - c->opex_percent / 100 * 1e6 * c->capex_musd);
		best = fmax(best, sum);
		takes *= (1 + growth / 100) * (1 - hub->corridor.erosion_percent / 100);
	}
	return best;
}

/* --- a knapsack of parts --- */

struct part {
	double most_usd, value; /* for each dollar that is taken in, less `price` times its cost */
};

static int
most_valuable_first(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	return (a->value < b->value) - (a->value > b->value);
}

/* The most of it at some price of the budget: what is spent costs that, what is left earns it. No price
 * makes it less than what can be had. */
static double
most_at(const struct corridor_share *shares, size_t count, double most_usd, double budget_usd,
	double price)
{
	struct part parts[CORRIDOR_SET_MAX];
	double sum = price * budget_usd;
	for (size_t i = 0; i < count; i++)
		parts[i] = (struct part){
			shares[i].most_usd,
			shares[i].rate - price * shares[i].cost_usd / shares[i].most_usd,
		};
	qsort(parts, count, sizeof(*parts), most_valuable_first);
	for (size_t i = 0; i < count && parts[i].value > 0 && most_usd > 0; i++) {
		double usd = fmin(parts[i].most_usd, most_usd);
		sum += usd * parts[i].value;
		most_usd -= usd;
	}
	return sum;
}

double
corridor_next_shares_most(const struct corridor_share *shares, size_t count, double most_usd,
			  double budget_usd)
{
	enum { STEPS = 60 };
	assert((shares || count == 0) && count <= CORRIDOR_SET_MAX && budget_usd >= 0);
	double low = 0, high = 0;
	for (size_t i = 0; i < count; i++) {
		assert(shares[i].most_usd > 0);
		if (shares[i].cost_usd > 0)
			high = fmax(high, shares[i].rate * shares[i].most_usd / shares[i].cost_usd);
	}
	double best = most_at(shares, count, most_usd, budget_usd, 0);
	/* It falls with the price and then rises: the least is a bound, and so is any other. */
	for (int i = 0; i < STEPS && high > low; i++) {
		double third = (high - low) / 3, a = low + third, b = high - third;
		double at_a = most_at(shares, count, most_usd, budget_usd, a);
		double at_b = most_at(shares, count, most_usd, budget_usd, b);
		best = fmin(best, fmin(at_a, at_b));
		if (at_a < at_b)
			high = b;
		else
			low = a;
	}
	return best;
}
