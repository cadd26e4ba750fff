/* The best set of candidates for a budget: greedy, and by branch and bound.
 *
 * Gains do not add up (two cables may stand in for each other, or be of use only together), so each
 * set is weighed by itself. But what all sets can bring that add some of the candidates U to a set S
 * has a bound, and where that is no better than what is known none of them is looked at:
 *
 *	availability, traffic, latency   that of S and all of U built, whatever they cost: what is built
 *	                                 more never takes a way away
 *	revenue, npv                     a knapsack of parts: what each takes in at most, what all of
 *	                                 them do, and the budget (corridor_next_bound.c)
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_lease.h"
#include "corridor/corridor_next_parts.h"

enum { PLACES = 4 * CORRIDOR_NEXT_SETS, WORK_MAX = 1 << 28, SETS_MIN = 64 };

/* A set by bits of its candidates in `order`, weighed. */
struct weighed {
	uint64_t set; /* 0: nobody's place */
	struct corridor_outcome outcome;
	bool has_dues;
	double dues; /* corridor_next_dues with nothing free */
};

struct choosing {
	struct corridor_next *next;
	enum corridor_gain gain;
	double budget_usd;
	struct corridor_next_depth depth;
	size_t limit, tried;
	bool stopped;
	/* Candidates in the order in which they are taken up, the most per dollar first. */
	uint32_t order[CORRIDOR_SET_MAX];
	size_t count;
	double most[CORRIDOR_SET_MAX]; /* by money: what each takes in at most, US dollars a year */
	double base_dues;
	double left; /* the bound of what was not looked at, when it stopped */
	struct corridor_choice *best;
	double best_gain;
	struct weighed *known; /* PLACES, a hash table */
};

/* --- sets --- */

static size_t
members(uint32_t set[CORRIDOR_SET_MAX], const struct choosing *c, uint64_t bits)
{
	size_t count = 0;
	for (size_t i = 0; i < c->count; i++)
		if (bits >> i & 1)
			set[count++] = c->order[i];
	return count;
}

static double
usd_of(const struct choosing *c, uint32_t candidate)
{
	const struct hub *hub = c->next->ask.plan->hub;
	return corridor_candidate_cost(hub, &hub->candidates[candidate]).usd.value;
}

static double
cost_of(const struct choosing *c, size_t i)
{
	return usd_of(c, c->order[i]);
}

static double
cost_of_set(const struct choosing *c, uint64_t bits)
{
	double usd = 0;
	for (size_t i = 0; i < c->count; i++)
		usd += bits >> i & 1 ? cost_of(c, i) : 0;
	return usd;
}

/* Costs are sums of decimals: what is over by rounding is not over. */
static bool
may_add(const struct choosing *c, uint64_t bits, size_t candidate)
{
	if (bits >> candidate & 1 ||
	    cost_of_set(c, bits) + cost_of(c, candidate) > c->budget_usd * (1 + 1e-12))
		return false;
	for (size_t i = 0; i < c->count; i++)
		if (bits >> i & 1 &&
		    corridor_next_overlap(c->next, c->order[i], c->order[candidate]))
			return false;
	return true;
}

/* Those from number `from` on that can be added to a set, each by itself. */
static uint64_t
addable(const struct choosing *c, uint64_t bits, size_t from)
{
	uint64_t all = 0;
	for (size_t i = from; i < c->count; i++)
		all |= may_add(c, bits, i) ? (uint64_t)1 << i : 0;
	return all;
}

/* Where a set is in the table, or is to be. */
static struct weighed *
place_of(const struct choosing *c, uint64_t bits)
{
	size_t place = (bits * 0x9e3779b97f4a7c15u >> 32) % PLACES;
	while (c->known[place].set && c->known[place].set != bits)
		place = (place + 1) % PLACES;
	return &c->known[place];
}

/* What a set brings, weighed once. 1; 0 at the limit; -1 and errno. */
static int
weigh(struct corridor_outcome *out, struct choosing *c, uint64_t bits)
{
	uint32_t set[CORRIDOR_SET_MAX];
	if (!bits) {
		*out = c->next->base;
		return 1;
	}
	struct weighed *known = place_of(c, bits);
	if (!known->set) {
		if (c->tried >= c->limit)
			return 0;
		c->tried++;
		size_t count = members(set, c, bits);
		if (corridor_next_weigh(&known->outcome, c->next, set, count, c->depth) < 0)
			return -1;
		known->set = bits;
	}
	*out = known->outcome;
	return 1;
}

static double
gain_of(const struct choosing *c, const struct corridor_outcome *outcome)
{
	double gain = corridor_next_gain(c->gain, outcome, &c->next->base);
	return isnan(gain) ? 0 : gain;
}

static void
take(struct corridor_choice *choice, const struct choosing *c, uint64_t bits,
     const struct corridor_outcome *outcome)
{
	choice->count = members(choice->set, c, bits);
	choice->outcome = *outcome;
}

static bool
same_gain(double a, double b)
{
	return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* --- greedy --- */

/* Of what costs nothing any gain is beyond price. */
static double
per_dollar(double gain, double usd)
{
	return usd > 0 ? gain / usd : gain > 0 ? INFINITY : 0;
}

/* The candidate that brings most per dollar on top of the set; c->count: none brings anything. */
static int
next_step(size_t *which, struct corridor_outcome *outcome, struct choosing *c, uint64_t bits,
	  const struct corridor_outcome *before)
{
	double best = 0;
	*which = c->count;
	for (size_t i = 0; i < c->count; i++) {
		struct corridor_outcome one;
		if (!may_add(c, bits, i))
			continue;
		int got = weigh(&one, c, bits | (uint64_t)1 << i);
		if (got <= 0)
			return got;
		double value = per_dollar(corridor_next_gain(c->gain, &one, before), cost_of(c, i));
		if (!(value > best))
			continue;
		best = value;
		*which = i;
		*outcome = one;
	}
	return 1;
}

static int
choose_greedily(struct corridor_choice *out, struct choosing *c)
{
	struct corridor_outcome now = c->next->base;
	uint64_t bits = 0;
	for (;;) {
		size_t which;
		take(out, c, bits, &now);
		int got = next_step(&which, &now, c, bits, &out->outcome);
		if (got < 0)
			return -1;
		if (got == 0 || which == c->count)
			break;
		bits |= (uint64_t)1 << which;
	}
	out->tried = c->tried;
	out->bound = NAN;
	return 0;
}

/* --- branch and bound --- */

static bool
by_money(const struct choosing *c)
{
	return c->gain == CORRIDOR_GAIN_REVENUE || c->gain == CORRIDOR_GAIN_NPV;
}

/* What one candidate of a set may gain, or one that may be added to it. False: nothing. */
static bool
share_of(struct corridor_share *out, const struct choosing *c, size_t i, bool paid)
{
	double most = c->most[i], cost = cost_of(c, i), worth = most;
	if (c->gain == CORRIDOR_GAIN_NPV)
		worth = corridor_next_most_worth(c->next, c->order[i], most) - (paid ? 0 : cost);
	*out = (struct corridor_share){most, worth / most, paid ? 0 : cost};
	return most > 0 && worth > 0;
}

/* Of all sets that add some of `more` to `bits`, which take in no more than `most_usd`. */
static double
bound_shares(const struct choosing *c, uint64_t bits, uint64_t more, double most_usd)
{
	struct corridor_share shares[CORRIDOR_SET_MAX];
	double spent = cost_of_set(c, bits), left = fmax(0, c->budget_usd - spent);
	size_t count = 0;
	for (size_t i = 0; i < c->count; i++) {
		bool paid = bits >> i & 1;
		if ((paid || more >> i & 1) && share_of(&shares[count], c, i, paid))
			count++;
	}
	return corridor_next_shares_most(shares, count, most_usd, left) -
	       (c->gain == CORRIDOR_GAIN_NPV ? spent : 0);
}

/* What is paid in all with a set that was weighed. 0; or -1 and errno. */
static int
dues_of(double *dues, struct choosing *c, uint64_t bits)
{
	uint32_t set[CORRIDOR_SET_MAX];
	struct corridor_candidates none = {NULL, 0}, built = {set, members(set, c, bits)};
	struct weighed *known = bits ? place_of(c, bits) : NULL;
	assert(!bits || known->set == bits);
	if (known && known->has_dues) {
		*dues = known->dues;
		return 0;
	}
	*dues = c->base_dues;
	if (!known)
		return 0;
	if (corridor_next_dues(dues, c->next, built, none) < 0)
		return -1;
	known->has_dues = true;
	known->dues = *dues;
	return 0;
}

/* By money: of all sets that add some of `more` to `bits`. */
static int
bound_money(double *bound, struct choosing *c, uint64_t bits, uint64_t more)
{
	uint32_t set[CORRIDOR_SET_MAX];
	double usd, dues, apart = bound_shares(c, bits, more, INFINITY);
	if (c->tried >= c->limit)
		return 0;
	*bound = apart;
	if (apart < c->best_gain && !same_gain(apart, c->best_gain))
		return 1;
	c->tried++;
	struct corridor_candidates all = {set, members(set, c, bits | more)};
	if (dues_of(&dues, c, bits) < 0 ||
	    corridor_next_most_usd(&usd, c->next, all, all, dues) < 0)
		return -1;
	*bound = fmin(apart, bound_shares(c, bits, more, usd));
	return 1;
}

/* What each takes in at most, by its segments and whatever else is built. 0; or -1 and errno. */
static int
take_most(struct choosing *c)
{
	struct corridor_candidates none = {NULL, 0}, all = {c->order, c->count};
	if (corridor_next_dues(&c->base_dues, c->next, none, none) < 0)
		return -1;
	for (size_t i = 0; i < c->count; i++) {
		struct corridor_candidates one = {&c->order[i], 1};
		double usd, dues;
		if (dues_of(&dues, c, (uint64_t)1 << i) < 0 ||
		    corridor_next_most_usd(&usd, c->next, all, one, dues) < 0)
			return -1;
		c->most[i] = fmin(usd, corridor_next_most_of(c->next, c->order[i]));
	}
	return 0;
}

/* What no set gains more than that adds some of `more` to `bits`. 1; 0 at the limit; -1. */
static int
bound_of(double *bound, struct choosing *c, uint64_t bits, uint64_t more)
{
	struct corridor_outcome all;
	if (by_money(c))
		return bound_money(bound, c, bits, more);
	int got = weigh(&all, c, bits | more);
	if (got <= 0)
		return got;
	*bound = INFINITY;
	if (!all.optimal && c->gain == CORRIDOR_GAIN_TRAFFIC)
		return 1;
	*bound = c->gain == CORRIDOR_GAIN_AVAILABILITY
			 ? c->next->base.down_h + c->next->base.down_error_h - all.down_h +
				   all.down_error_h
			 : gain_of(c, &all);
	return 1;
}

/* May some set be better than the best known: gain more, or as much for less? */
static bool
may_be_better(const struct choosing *c, double bound, uint64_t bits, uint64_t more)
{
	if (isnan(bound))
		return true;
	if (!same_gain(bound, c->best_gain))
		return bound > c->best_gain;
	double least = INFINITY;
	for (size_t i = 0; i < c->count; i++)
		if (more >> i & 1)
			least = fmin(least, cost_of(c, i));
	return cost_of_set(c, bits) + least < c->best->outcome.cost.usd.value;
}

/* Is it now the best? */
static bool
keep_if_better(struct choosing *c, uint64_t bits, const struct corridor_outcome *outcome)
{
	double gain = gain_of(c, outcome);
	bool better = same_gain(gain, c->best_gain)
			      ? outcome->cost.usd.value < c->best->outcome.cost.usd.value
			      : gain > c->best_gain;
	if (better) {
		c->best_gain = gain;
		take(c->best, c, bits, outcome);
	}
	return better;
}

/* What adds some of `more` to `bits` is not looked at; `bound` is what that may gain. */
static int
stop(struct choosing *c, double bound, uint64_t bits, uint64_t more)
{
	c->stopped = true;
	if (by_money(c))
		bound = fmin(bound, bound_shares(c, bits, more, INFINITY));
	c->left = fmax(c->left, bound);
	return 0;
}

/* All sets that add candidates from number `from` on to `bits`; `above`: a bound of them. */
static int
search(struct choosing *c, uint64_t bits, size_t from, double above)
{
	for (size_t i = from; i < c->count; i++) {
		uint64_t more = addable(c, bits, i);
		struct corridor_outcome outcome;
		double bound;
		if (!(more >> i & 1))
			continue;
		int got = c->stopped ? 0 : bound_of(&bound, c, bits, more);
		if (got < 0)
			return -1;
		if (got == 0)
			return stop(c, above, bits, more);
		bound = fmin(bound, above);
		if (!may_be_better(c, bound, bits, more))
			return 0;
		got = weigh(&outcome, c, bits | (uint64_t)1 << i);
		if (got < 0)
			return -1;
		if (got == 0)
			return stop(c, bound, bits, more);
		(void)keep_if_better(c, bits | (uint64_t)1 << i, &outcome);
		if (search(c, bits | (uint64_t)1 << i, i + 1, bound) < 0)
			return -1;
		above = bound;
	}
	return 0;
}

/* --- the whole --- */

struct single {
	uint32_t candidate;
	double value;
	struct corridor_outcome outcome;
};

static int
most_per_dollar(const void *a, const void *b)
{
	const struct single *x = a, *y = b;
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

/* Those that fit the budget at all, the most per dollar first. */
static int
put_in_order(struct choosing *c)
{
	struct single all[CORRIDOR_SET_MAX];
	for (size_t i = 0; i < c->next->open_count; i++) {
		uint32_t candidate = c->next->open[i];
		double usd = usd_of(c, candidate);
		if (usd > c->budget_usd * (1 + 1e-12))
			continue;
		if (c->count == CORRIDOR_SET_MAX) {
			c->stopped = true;
			break;
		}
		struct single *one = &all[c->count++];
		one->candidate = candidate;
		if (corridor_next_weigh(&one->outcome, c->next, &candidate, 1, c->depth) < 0)
			return -1;
		one->value = per_dollar(gain_of(c, &one->outcome), usd);
	}
	qsort(all, c->count, sizeof(*all), most_per_dollar);
	c->tried = c->count;
	for (size_t i = 0; i < c->count; i++) {
		c->order[i] = all[i].candidate;
		*place_of(c, (uint64_t)1 << i) =
			(struct weighed){.set = (uint64_t)1 << i, .outcome = all[i].outcome};
	}
	return 0;
}

/* --- by exchange --- */

/* The set's best neighbour: one candidate more, one less, or one for another. 1 if it is better than
 * the best known, which it then is; 0: none is, or the limit; -1. */
static int
step_aside(uint64_t *bits, struct choosing *c)
{
	uint64_t at = *bits;
	for (size_t out = 0; out <= c->count; out++) {
		uint64_t less = out < c->count ? at & ~((uint64_t)1 << out) : at;
		if (out < c->count && less == at)
			continue;
		for (size_t in = 0; in <= c->count; in++) {
			struct corridor_outcome outcome;
			if (in < c->count && !may_add(c, less, in))
				continue;
			uint64_t one = in < c->count ? less | (uint64_t)1 << in : less;
			int got = weigh(&outcome, c, one);
			if (got <= 0)
				return got;
			if (keep_if_better(c, one, &outcome))
				*bits = one;
		}
	}
	return *bits != at;
}

/* From the greedy set on, while there is a better neighbour: a good set to begin with prunes more. */
static int
improve(struct choosing *c, const struct corridor_choice *greedy)
{
	uint64_t bits = 0;
	int got = 1;
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < greedy->count; k++)
			bits |= c->order[i] == greedy->set[k] ? (uint64_t)1 << i : 0;
	while (got > 0)
		got = step_aside(&bits, c);
	return got;
}

/* Fewer in large hubs, where each takes long. */
static size_t
limit_of(const struct corridor_next *next, enum corridor_gain gain)
{
	const struct hub *hub = next->ask.plan->hub;
	size_t work = (hub->demand_count + 1) * (hub->segment_count + 1);
	size_t sets = WORK_MAX / work;
	if (gain == CORRIDOR_GAIN_AVAILABILITY)
		return CORRIDOR_NEXT_SETS_SLOWLY;
	return sets > CORRIDOR_NEXT_SETS ? CORRIDOR_NEXT_SETS : sets < SETS_MIN ? SETS_MIN : sets;
}

static int
choose(struct corridor_choice *greedy, struct choosing *c)
{
	if (put_in_order(c) < 0 || choose_greedily(greedy, c) < 0 ||
	    (by_money(c) && take_most(c) < 0))
		return -1;
	*c->best = *greedy;
	c->best_gain = gain_of(c, &greedy->outcome);
	bool beyond = c->stopped;
	c->stopped = false;
	/* By availability each set takes long, and the greedy one is good. */
	if (c->gain != CORRIDOR_GAIN_AVAILABILITY && improve(c, greedy) < 0)
		return -1;
	if (search(c, 0, 0, INFINITY) < 0)
		return -1;
	c->best->tried = c->tried;
	c->best->all = !c->stopped && !beyond;
	c->best->bound = c->best->all               ? c->best_gain
			 : beyond || isinf(c->left) ? NAN
						    : fmax(c->best_gain, c->left);
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
		.limit = limit_of(next, gain),
		.left = -INFINITY,
		.best = best,
		.known = calloc(PLACES, sizeof(*c.known)),
	};
	*greedy = *best = (struct corridor_choice){0};
	int result = c.known ? choose(greedy, &c) : -1;
	free(c.known);
	return result;
}
