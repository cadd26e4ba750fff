/* What sets of candidates can bring at most, without weighing each of them.
 *
 * Money that is paid for a candidate's segments is paid by demands that go the cheapest way, and what
 * they pay in all falls with everything that is built:
 *
 *	taken in by S = all that is paid with S - what is paid for the other segments with S
 *	             <= all that is paid with nothing built
 *	                - the least that must be paid for other segments, were all of U (S is part of it)
 *	                  built and free
 *
 * Besides, none of them takes in more than its segments carry; of these a budget buys no more than
 * the parts of candidates would that bring most per dollar (as a knapsack that may be filled with
 * parts).
 *
 * What is not served is reckoned as if it paid more than any way costs, in the same way as the
 * program that lays the demands has it: so serving more is never the dearer. */
#include <assert.h>
#include <errno.h>
#include <math.h>
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

/* The costs of each class, the set's own segments for nothing. 0, or -1 without memory. */
static int
free_costs(struct corridor_flow_case *c, struct arena *arena, const struct corridor_next *next,
	   const uint32_t *set, size_t count)
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
		for (size_t i = 0; i < count; i++) {
			const struct hub_candidate *one = &hub->candidates[set[i]];
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
corridor_next_dues(double *usd, const struct corridor_next *next, const uint32_t *set, size_t count,
		   bool free)
{
	assert(usd && next);
	struct corridor_flow_case c;
	struct arena *arena = arena_new();
	struct corridor_flow_work *work = NULL;
	const struct corridor_flow *flow = NULL;
	bool optimal = false;
	errno = ENOMEM;
	if (arena && corridor_next_case(&c, arena, next, set, count) == 0 &&
	    (!free || free_costs(&c, arena, next, set, count) == 0))
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
corridor_next_most_usd(double *out, const struct corridor_next *next, const uint32_t *set,
		       size_t count, double base_dues)
{
	double least;
	if (isinf(base_dues)) {
		*out = INFINITY;
		return 0;
	}
	if (corridor_next_dues(&least, next, set, count, true) < 0)
		return -1;
	*out = fmax(0, base_dues - least) + tolerance * base_dues;
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
