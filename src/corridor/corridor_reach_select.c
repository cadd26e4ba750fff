/* The search for the price, and the bounds that come with it. */
#include "corridor/corridor_reach_select.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_reach_fit.h"
#include "corridor/corridor_reach_greedy.h"
#include "corridor/corridor_reach_mend.h"

enum { BISECTIONS = 4, BRACKETS = 60, TIGHTENINGS = 5, PRUNINGS = 3, MENDINGS = 4 };
/* How far apart the first prices are that are tried. */
static const double first_step = 1.2;

struct corridor_reach_select *
corridor_reach_select_new(const struct corridor_reach_net *net)
{
	struct corridor_reach_select *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	size_t n = net->place_count + 1;
	s->net = net;
	s->tree = corridor_reach_tree_new(net);
	s->ascent = corridor_reach_ascent_new(net);
	s->prizes = calloc(n, sizeof(*s->prizes));
	s->sum_weight = calloc(n, sizeof(*s->sum_weight));
	s->sum_cost = calloc(n, sizeof(*s->sum_cost));
	s->order = calloc(n, sizeof(*s->order));
	s->set = calloc(n, sizeof(*s->set));
	s->other = calloc(n, sizeof(*s->other));
	s->trial = calloc(n, sizeof(*s->trial));
	if (!s->tree || !s->ascent || !s->prizes || !s->sum_weight || !s->sum_cost || !s->order ||
	    !s->set || !s->other || !s->trial) {
		corridor_reach_select_free(s);
		return NULL;
	}
	corridor_reach_tree_grow(s->tree, NULL, true);
	s->weight_most = corridor_reach_tree_weight(s->tree);
	s->cost_most = corridor_reach_tree_cost(s->tree);
	return s;
}

void
corridor_reach_select_free(struct corridor_reach_select *s)
{
	if (!s)
		return;
	corridor_reach_tree_free(s->tree);
	corridor_reach_ascent_free(s->ascent);
	free(s->prizes);
	free(s->sum_weight);
	free(s->sum_cost);
	free(s->order);
	free(s->set);
	free(s->other);
	free(s->trial);
	free(s);
}

/* --- bounds --- */

/* A forest of weight w costs at least what is paid at any price, less the prizes of what it leaves
 * out, which are at most the price times what is left. Rounded down. */
int64_t
corridor_reach_least_cost(const struct corridor_reach_select *s, int64_t weight)
{
	int64_t best = 0;
	for (size_t i = 0; i < s->price_count; i++) {
		long double left = (long double)s->net->weight_off - (long double)weight;
		long double bound = (long double)s->prices[i].value -
				    (long double)s->prices[i].price * (left > 0 ? left : 0);
		int64_t whole = bound > 1 ? (int64_t)floorl(bound) - 1 : 0;
		best = whole > best ? whole : best;
	}
	return best;
}

int64_t
corridor_reach_most_weight(const struct corridor_reach_select *s, int64_t cost)
{
	int64_t best = s->weight_most;
	for (size_t i = 0; i < s->price_count; i++) {
		long double more = (long double)cost - (long double)s->prices[i].value;
		long double weight = (long double)s->net->weight_off + more / s->prices[i].price;
		int64_t whole = weight > 0 ? (int64_t)ceill(weight) + 1 : 0;
		best = whole < best ? whole : best;
	}
	return best;
}

/* Prizes at a price; none is more than all there is to be paid for, so that sums fit. */
static void
set_prizes(struct corridor_reach_select *s, double price)
{
	size_t n = s->net->place_count;
	double most = fmin((double)s->net->cost_max + 1, 0x1p61 / (double)(n + 1));
	for (size_t i = 0; i < n; i++) {
		double prize = floor(price * (double)s->net->places[i].weight);
		s->prizes[i] = (int64_t)fmin(prize, floor(most));
	}
}

/* The bound at a price. Leaves prizes, and in `reached` who could be joined. */
static void
bound_at(struct corridor_reach_select *s, double price, bool *reached)
{
	set_prizes(s, price);
	int64_t value = corridor_reach_ascent_run(s->ascent, s->prizes, reached);
	if (s->price_count < CORRIDOR_REACH_PRICES)
		s->prices[s->price_count++] = (struct corridor_reach_price){price, value};
}

void
corridor_reach_probe(struct corridor_reach_select *s, double price)
{
	if (isfinite(price) && price > 0)
		bound_at(s, price, s->trial);
}

static double
bound_for(struct corridor_reach_select *s, double price, int64_t weight)
{
	bound_at(s, price, s->trial);
	return (double)s->prices[s->price_count - 1].value -
	       price * (double)(s->net->weight_off - weight);
}

/* The bound rises with the price up to a top and falls behind it: golden section between the
 * neighbours of the best price so far. */
void
corridor_reach_tighten(struct corridor_reach_select *s, int64_t weight)
{
	const double golden = 0.6180339887498949;
	double low = 0, high = INFINITY, best = 0, top = -INFINITY;
	if (weight <= 0 || weight > s->weight_most || s->price_count == 0)
		return;
	for (size_t i = 0; i < s->price_count; i++) {
		double bound = (double)s->prices[i].value -
			       s->prices[i].price * (double)(s->net->weight_off - weight);
		if (bound > top) {
			top = bound;
			best = s->prices[i].price;
		}
	}
	for (size_t i = 0; i < s->price_count; i++) {
		double price = s->prices[i].price;
		low = price < best ? fmax(low, price) : low;
		high = price > best ? fmin(high, price) : high;
	}
	double a = log(low > 0 ? low : best / 2), d = log(isfinite(high) ? high : best * 2);
	double b = d - golden * (d - a), c = a + golden * (d - a);
	if (s->price_count + TIGHTENINGS > CORRIDOR_REACH_PRICES)
		return;
	double at_b = bound_for(s, exp(b), weight), at_c = bound_for(s, exp(c), weight);
	for (int i = 2; i < TIGHTENINGS; i++) {
		if (at_b >= at_c) {
			d = c;
			c = b;
			at_c = at_b;
			b = d - golden * (d - a);
			at_b = bound_for(s, exp(b), weight);
		} else {
			a = b;
			b = c;
			at_b = at_c;
			c = a + golden * (d - a);
			at_c = bound_for(s, exp(c), weight);
		}
	}
}

/* --- the set at a price --- */

/* What the set in the tree costs less its prizes. */
static int64_t
objective(const struct corridor_reach_select *s)
{
	int64_t sum = 0;
	for (size_t i = 0; i < s->tree->count; i++) {
		uint32_t p = s->tree->order[i];
		sum += s->tree->step[p] - s->prizes[p];
	}
	return sum;
}

/* Grows the shortest forest around a set and cuts off what does not pay, until nothing changes. */
static int64_t
settle(struct corridor_reach_select *s, bool *set)
{
	int64_t best = INT64_MAX;
	for (int i = 0; i < PRUNINGS; i++) {
		corridor_reach_tree_grow(s->tree, set, true);
		corridor_reach_tree_prune(s->tree, s->prizes, s->trial);
		corridor_reach_tree_grow(s->tree, s->trial, false);
		int64_t now = objective(s);
		if (now >= best)
			break;
		best = now;
		memcpy(set, s->trial, s->net->place_count * sizeof(*set));
	}
	return best;
}

/* The best set found at a price, into s->set. */
static void
set_at(struct corridor_reach_select *s, double price)
{
	size_t n = s->net->place_count;
	bound_at(s, price, s->set);
	memset(s->other, 0, n * sizeof(*s->other));
	int64_t reached = settle(s, s->set), plain = settle(s, s->other);
	if (plain < reached)
		memcpy(s->set, s->other, n * sizeof(*s->set));
	corridor_reach_tree_grow(s->tree, s->set, false);
}

/* Makes the set of a price better, as long as that helps. */
static int
mend(struct corridor_reach_select *s)
{
	size_t n = s->net->place_count;
	int64_t best = objective(s);
	for (int i = 0; i < MENDINGS; i++) {
		memcpy(s->other, s->set, n * sizeof(*s->other));
		if (corridor_reach_mend_join(s, s->other) < 0 ||
		    corridor_reach_mend_skip(s, s->other) < 0)
			return -1;
		(void)settle(s, s->other);
		corridor_reach_tree_grow(s->tree, s->other, false);
		int64_t now = objective(s);
		if (now >= best)
			break;
		best = now;
		memcpy(s->set, s->other, n * sizeof(*s->set));
	}
	corridor_reach_tree_grow(s->tree, s->set, false);
	return 0;
}

static bool
is_enough(const struct corridor_reach_select *s, struct corridor_reach_goal goal)
{
	if (goal.money != INT64_MAX)
		return corridor_reach_tree_cost(s->tree) > goal.money;
	return corridor_reach_tree_weight(s->tree) >= goal.weight;
}

/* Keeps the better of `in` and what s->set becomes when it is fitted to the goal. */
static int
offer(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *in,
      struct corridor_reach_value *best)
{
	struct corridor_reach_value value;
	if (corridor_reach_fit(s, goal, s->set, &value) < 0)
		return -1;
	if (corridor_reach_better(goal, value, *best)) {
		*best = value;
		memcpy(in, s->set, s->net->place_count * sizeof(*in));
	}
	return 0;
}

/* What more weight costs about where the goal lies, by the order in which the plain forest would be
 * built: over a stretch of it that counts for a tenth of all. */
static double
guess_price(struct corridor_reach_select *s, struct corridor_reach_goal goal)
{
	const struct corridor_reach_tree *t = s->tree;
	int64_t weight = 0, cost = 0, from_weight = 0, from_cost = 0;
	double average = (double)s->cost_most / (double)s->weight_most;
	corridor_reach_tree_grow(s->tree, NULL, true);
	if (corridor_reach_order(s->order, t) < 0)
		return average;
	for (size_t i = 0; i < t->count; i++) {
		bool by_money = goal.money != INT64_MAX;
		int64_t at = by_money ? cost : weight;
		int64_t goal_at = by_money ? goal.money : goal.weight;
		int64_t margin = (by_money ? s->cost_most : s->weight_most) / 20;
		if (at <= goal_at - margin) {
			from_weight = weight;
			from_cost = cost;
		}
		if (at >= goal_at + margin)
			break;
		weight += s->net->places[s->order[i]].weight;
		cost += t->step[s->order[i]];
	}
	double price = (double)(cost - from_cost) / (double)(weight - from_weight);
	return isfinite(price) && price > 0 ? price : average;
}

/* Prices between which the goal lies, and sets from both sides of it. */
static int
search(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *in,
       struct corridor_reach_value *best)
{
	double price = guess_price(s, goal), low = 0, high = 0, step = first_step;
	for (int i = 0; i < BRACKETS && (low == 0 || high == 0); i++) {
		set_at(s, price);
		bool enough = is_enough(s, goal);
		low = enough ? low : price;
		high = enough ? price : high;
		price = enough ? price / step : price * step;
		step = i > 4 ? step * first_step : step;
	}
	if (low == 0 || high == 0) { /* all of it, or nothing, at any price */
		low = low > 0 ? low : high / 2;
		high = high > 0 ? high : low * 2;
	}
	for (int i = 0; i < BISECTIONS; i++) {
		price = sqrt(low * high);
		set_at(s, price);
		if (mend(s) < 0)
			return -1;
		if (is_enough(s, goal))
			high = price;
		else
			low = price;
		if (i >= BISECTIONS - 2 && offer(s, goal, in, best) < 0)
			return -1;
	}
	return 0;
}

/* What plain ways give is never to be bettered by nothing: the order of a shortest tree, growth by
 * cost, growth by what is brought for it. */
static int
offer_plain(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *in,
	    struct corridor_reach_value *best)
{
	memset(s->set, 0, s->net->place_count * sizeof(*s->set));
	if (offer(s, goal, in, best) < 0)
		return -1;
	for (int by_ratio = 0; by_ratio < 2; by_ratio++)
		if (corridor_reach_greedy(s, goal, by_ratio, s->set) < 0 ||
		    offer(s, goal, in, best) < 0)
			return -1;
	return 0;
}

int
corridor_reach_choose(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *in)
{
	assert(s && in);
	size_t n = s->net->place_count;
	struct corridor_reach_value best = {INT64_MAX, -1};
	memset(in, 0, n * sizeof(*in));
	if (goal.money == INT64_MAX && goal.weight <= 0)
		return 0;
	bool all = goal.money == INT64_MAX ? goal.weight >= s->weight_most
					   : goal.money >= s->cost_most;
	if (all || s->cost_most == 0 || s->weight_most == 0) {
		corridor_reach_tree_grow(s->tree, NULL, true);
		for (size_t i = 0; i < s->tree->count; i++)
			in[s->tree->order[i]] = true;
		bound_at(s, 1 + (double)s->net->cost_max, s->trial);
		return 0;
	}
	if (offer_plain(s, goal, in, &best) < 0 || search(s, goal, in, &best) < 0)
		return -1;
	return corridor_reach_polish(s, goal, in, best);
}
