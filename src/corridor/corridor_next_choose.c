/* The best set of candidates for a budget: greedy, and by trying sets in turn.
 *
 * Gains do not add up (two cables may stand in for each other, or be of use only together), so that
 * no bound of a part of a set holds for the whole: each set is weighed. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_next_parts.h"

struct choosing {
	struct corridor_next *next;
	enum corridor_gain gain;
	double budget_usd;
	struct corridor_next_depth depth;
	size_t limit, tried;
	bool all;
	uint32_t set[CORRIDOR_SET_MAX];
	size_t count;
	double spent_usd;
	struct corridor_choice *best;
};

static double
cost_of(const struct choosing *c, uint32_t candidate)
{
	return 1e6 * c->next->ask.plan->hub->candidates[candidate].capex_musd;
}

/* Costs are sums of decimals: what is over by rounding is not over. */
static bool
may_add(const struct choosing *c, uint32_t candidate)
{
	if (c->count == CORRIDOR_SET_MAX ||
	    c->spent_usd + cost_of(c, candidate) > c->budget_usd * (1 + 1e-12))
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (c->set[i] == candidate || corridor_next_overlap(c->next, c->set[i], candidate))
			return false;
	return true;
}

static double
gain_over_base(const struct choosing *c, const struct corridor_outcome *outcome)
{
	return corridor_next_gain(c->gain, outcome, &c->next->base);
}

static int
weigh(struct corridor_outcome *out, struct choosing *c)
{
	c->tried++;
	return corridor_next_weigh(out, c->next, c->set, c->count, c->depth);
}

static void
take(struct corridor_choice *choice, const struct choosing *c,
     const struct corridor_outcome *outcome)
{
	memcpy(choice->set, c->set, c->count * sizeof(*c->set));
	choice->count = c->count;
	choice->outcome = *outcome;
}

/* Of what costs nothing any gain is beyond price. */
static double
per_dollar(double gain, double usd)
{
	return usd > 0 ? gain / usd : gain > 0 ? INFINITY : 0;
}

/* The candidate that brings most per dollar on top of the set; HUB_NONE in *which: none brings
 * anything. */
static int
next_step(uint32_t *which, struct corridor_outcome *outcome, struct choosing *c,
	  const struct corridor_outcome *before)
{
	double best = 0;
	*which = HUB_NONE;
	for (size_t i = 0; i < c->next->open_count; i++) {
		struct corridor_outcome one;
		uint32_t candidate = c->next->open[i];
		if (!may_add(c, candidate))
			continue;
		c->set[c->count++] = candidate;
		int result = weigh(&one, c);
		c->count--;
		if (result < 0)
			return -1;
		double value = per_dollar(corridor_next_gain(c->gain, &one, before),
					  cost_of(c, candidate));
		if (value <= best)
			continue;
		best = value;
		*which = candidate;
		*outcome = one;
	}
	return 0;
}

static int
choose_greedily(struct corridor_choice *out, struct choosing *c)
{
	struct corridor_outcome now = c->next->base;
	for (;;) {
		uint32_t which;
		take(out, c, &now);
		if (next_step(&which, &now, c, &out->outcome) < 0)
			return -1;
		if (which == HUB_NONE)
			break;
		c->set[c->count++] = which;
		c->spent_usd += cost_of(c, which);
	}
	out->tried = c->tried;
	return 0;
}

static bool
is_better(const struct choosing *c, const struct corridor_outcome *outcome)
{
	double now = gain_over_base(c, outcome), then = gain_over_base(c, &c->best->outcome);
	double same = 1e-9 * fmax(fabs(now), fabs(then));
	if (fabs(now - then) > same)
		return now > then;
	return outcome->capex_usd.value < c->best->outcome.capex_usd.value;
}

/* All sets that add candidates from number `from` on to the one at hand. */
static int
try_from(struct choosing *c, size_t from)
{
	for (size_t i = from; i < c->next->open_count; i++) {
		struct corridor_outcome outcome;
		uint32_t candidate = c->next->open[i];
		if (!may_add(c, candidate))
			continue;
		if (c->tried >= c->limit) {
			c->all = false;
			return 0;
		}
		c->set[c->count++] = candidate;
		c->spent_usd += cost_of(c, candidate);
		if (weigh(&outcome, c) < 0)
			return -1;
		if (is_better(c, &outcome))
			take(c->best, c, &outcome);
		if (try_from(c, i + 1) < 0)
			return -1;
		c->spent_usd -= cost_of(c, candidate);
		c->count--;
	}
	return 0;
}

int
corridor_next_choose(struct corridor_choice *greedy, struct corridor_choice *best,
		     struct corridor_next *next, enum corridor_gain gain, double budget_usd)
{
	assert(greedy && best && next && gain < CORRIDOR_GAINS && budget_usd >= 0);
	struct choosing c = {
		.next = next,
		.gain = gain,
		.budget_usd = budget_usd,
		.depth = {.availability = gain == CORRIDOR_GAIN_AVAILABILITY},
		.limit = gain == CORRIDOR_GAIN_AVAILABILITY ? CORRIDOR_NEXT_SETS_SLOWLY
							    : CORRIDOR_NEXT_SETS,
		.all = true,
		.best = best,
	};
	*greedy = *best = (struct corridor_choice){0};
	if (choose_greedily(greedy, &c) < 0)
		return -1;
	*best = *greedy;
	c.tried = c.count = 0;
	c.spent_usd = 0;
	if (try_from(&c, 0) < 0)
		return -1;
	best->tried = c.tried;
	best->all = c.all;
	return 0;
}
