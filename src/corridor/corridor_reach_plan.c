/* From a set of places to years of building. */
#include "corridor/corridor_reach_plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_reach_select.h"
#include "corridor/corridor_reach_worth.h"

struct planning {
	const struct corridor_reach_net *net;
	const struct corridor_reach_input *input;
	const struct corridor_reach_settings *settings;
	struct corridor_reach_select *select;
	struct corridor_reach_plan *plan;
	bool *in;        /* places of the plan */
	uint32_t *order; /* those of the plan, then all others that can be reached */
	size_t order_count;
	/* By place, of the forest that the order is of. */
	uint32_t *from;
	int64_t *step;
};

double
corridor_reach_percent(const struct corridor_reach_net *net, int64_t weight_on)
{
	return net->weight_all ? 100 * (double)weight_on / (double)net->weight_all : 0;
}

/* The least that has to be on fibre for a share. */
static int64_t
weight_for(const struct corridor_reach_net *net, uint32_t target)
{
	return (int64_t)(((__int128)net->weight_all * target + 9999) / 10000);
}

static int64_t
budget_until(const struct corridor_reach_settings *s, unsigned year)
{
	int64_t sum = 0;
	for (unsigned y = 0; y <= year; y++)
		if (s->budgets[y] == INT64_MAX || __builtin_add_overflow(sum, s->budgets[y], &sum))
			return INT64_MAX;
	return sum;
}

/* The set for the last year: its target, or what all the money buys where that is not enough. */
static int
choose(struct planning *p)
{
	const struct corridor_reach_settings *s = p->settings;
	unsigned last = s->years - 1;
	int64_t money = budget_until(s, last);
	if (s->targets[last] != UINT32_MAX) {
		int64_t weight = weight_for(p->net, s->targets[last]) - p->net->weight_on;
		struct corridor_reach_goal goal = {weight, INT64_MAX};
		if (corridor_reach_choose(p->select, goal, p->in) < 0)
			return -1;
		corridor_reach_tree_grow(p->select->tree, p->in, false);
		if (corridor_reach_tree_cost(p->select->tree) <= money)
			return 0;
	}
	return corridor_reach_choose(p->select, (struct corridor_reach_goal){0, money}, p->in);
}

/* The order of the set, then that of what would come after it. */
static int
put_in_order(struct planning *p)
{
	struct corridor_reach_tree *t = p->select->tree;
	corridor_reach_tree_grow(t, p->in, false);
	p->plan->build_count = t->count;
	if (corridor_reach_order(p->order, t) < 0)
		return -1;
	size_t n = p->net->place_count, own = t->count;
	memcpy(p->step, t->step, n * sizeof(*p->step));
	/* What comes later hangs on a forest that the set is a part of, unchanged. */
	corridor_reach_tree_grow(t, p->in, true);
	for (size_t i = 0; i < n; i++) {
		if (p->in[i])
			t->step[i] = 0;
		else
			p->step[i] = t->step[i];
	}
	memcpy(p->from, t->parent, n * sizeof(*p->from));
	if (corridor_reach_order(p->select->order, t) < 0)
		return -1;
	p->order_count = own;
	for (size_t i = 0; i < t->count; i++)
		if (!p->in[p->select->order[i]])
			p->order[p->order_count++] = p->select->order[i];
	return 0;
}

static uint32_t
length_of(const struct planning *p, uint32_t place)
{
	const struct corridor_reach_place *to = &p->net->places[place];
	uint32_t length_m;
	int64_t cost;
	if (p->from[place] == CORRIDOR_REACH_ROOT)
		return to->root_m;
	const struct corridor_reach_place *from = &p->net->places[p->from[place]];
	corridor_reach_stretch(&length_m, &cost, p->settings, (struct corridor_reach_prices){0},
			       corridor_chord2_km(corridor_vector_chord2(to->at, from->at)),
			       (uint8_t[]){to->terrain, from->terrain});
	return length_m;
}

static void
build(struct planning *p, struct corridor_reach_build *b, uint32_t place, unsigned year)
{
	const struct corridor_reach_place *at = &p->net->places[place];
	struct corridor_reach_year *y = &p->plan->years[year];
	*b = (struct corridor_reach_build){.place = place,
					   .from = p->from[place],
					   .length_m = length_of(p, place),
					   .year = year,
					   .cost = p->step[place]};
	y->places++;
	y->length_m += b->length_m;
	y->cost += b->cost;
	y->weight += at->weight;
	for (uint32_t k = 0; k < at->count; k++) {
		bool town = p->input->towers[p->net->members[at->first + k]].town;
		y->towns += town;
		y->towers += !town;
	}
}

/* Shares the order out to the years. What the last one does not take is not built. */
static void
share_out(struct planning *p)
{
	struct corridor_reach_plan *plan = p->plan;
	const struct corridor_reach_settings *s = p->settings;
	int64_t weight_on = p->net->weight_on, cost = 0;
	size_t at = 0, on = p->net->towers_on;
	for (unsigned y = 0; y < s->years; y++) {
		struct corridor_reach_year *year = &plan->years[y];
		int64_t money = budget_until(s, y);
		year->target = s->targets[y] == UINT32_MAX ? -1 : weight_for(p->net, s->targets[y]);
		for (; at < plan->build_count; at++) {
			uint32_t place = p->order[at];
			if ((year->target >= 0 && weight_on >= year->target) ||
			    cost + p->step[place] > money)
				break;
			build(p, &plan->builds[at], place, y);
			weight_on += p->net->places[place].weight;
			cost += p->step[place];
		}
		on += year->towers + year->towns;
		year->towers_on = on;
		year->weight_on = weight_on;
		year->cost_so_far = cost;
		plan->length_m += year->length_m;
	}
	plan->year_count = s->years;
	plan->build_count = at;
	plan->cost = cost;
}

/* Prices for bounds all along the curve, and the best for the years' ends. */
static void
bound_years(struct planning *p)
{
	/* Thousandths of what can be reached; steeper towards the end. */
	static const int probes[] = {100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 985, 0};
	const struct corridor_reach_net *net = p->net;
	struct corridor_reach_select *s = p->select;
	int64_t weight = 0, cost = 0, from_weight = 0, from_cost = 0;
	for (size_t i = 0, probe = 0; i < p->order_count && probes[probe]; i++) {
		weight += net->places[p->order[i]].weight;
		cost += p->step[p->order[i]];
		if ((__int128)weight * 1000 < (__int128)s->weight_most * probes[probe])
			continue;
		corridor_reach_probe(s,
				     (double)(cost - from_cost) / (double)(weight - from_weight));
		from_weight = weight;
		from_cost = cost;
		probe++;
	}
	/* At a price that nothing is above, the bound for all of it is exact. */
	corridor_reach_probe(s, (double)net->cost_max + 1);
	for (unsigned y = 0; y < p->plan->year_count; y++)
		corridor_reach_tighten(s, p->plan->years[y].weight_on - net->weight_on);
	for (unsigned y = 0; y < p->plan->year_count; y++) {
		struct corridor_reach_year *year = &p->plan->years[y];
		year->least_cost = corridor_reach_least_cost(s, year->weight_on - net->weight_on);
		year->most_weight =
			net->weight_on + corridor_reach_most_weight(s, year->cost_so_far);
	}
}

static void
draw_curve(struct planning *p)
{
	struct corridor_reach_plan *plan = p->plan;
	const struct corridor_reach_net *net = p->net;
	int64_t weight = 0, cost = 0;
	size_t at = 0;
	const int steps = CORRIDOR_REACH_CURVE - 1;
	for (int k = 0; k <= steps; k++) {
		int64_t until = (int64_t)((__int128)p->select->weight_most * k / steps);
		for (; at < p->order_count && weight < until; at++) {
			weight += net->places[p->order[at]].weight;
			cost += p->step[p->order[at]];
		}
		plan->curve[plan->curve_count++] = (struct corridor_reach_point){
			.weight_on = net->weight_on + weight,
			.cost = cost,
			.least_cost = corridor_reach_least_cost(p->select, weight),
			.planned = at <= plan->build_count};
	}
	plan->weight_most = net->weight_on + p->select->weight_most;
	for (size_t i = 0; i < net->place_count; i++)
		if (p->from[i] == CORRIDOR_REACH_OUT)
			plan->unreached += net->places[i].count;
}

static int
make(struct planning *p)
{
	if (choose(p) < 0 || put_in_order(p) < 0)
		return -1;
	p->plan->builds = calloc(p->plan->build_count + 1, sizeof(*p->plan->builds));
	if (!p->plan->builds)
		return -1;
	share_out(p);
	bound_years(p);
	draw_curve(p);
	corridor_reach_weigh(p->plan, p->net, p->input, p->settings);
	return 0;
}

int
corridor_reach_plan_make(struct corridor_reach_plan *out, const struct corridor_reach_net *net,
			 const struct corridor_reach_input *input,
			 const struct corridor_reach_settings *settings,
			 struct corridor_complaint *complaint)
{
	assert(out && net && input && settings && complaint && settings->years > 0);
	struct corridor_reach_plan plan = {0};
	size_t n = net->place_count + 1;
	struct planning p = {
		.net = net,
		.input = input,
		.settings = settings,
		.plan = &plan,
		.select = corridor_reach_select_new(net),
		.in = calloc(n, sizeof(*p.in)),
		.order = calloc(n, sizeof(*p.order)),
		.from = calloc(n, sizeof(*p.from)),
		.step = calloc(n, sizeof(*p.step)),
	};
	int result = -1;
	if (p.select && p.in && p.order && p.from && p.step)
		result = make(&p);
	if (result < 0) {
		corridor_complain(complaint, 500, "out of memory");
		corridor_reach_plan_fini(&plan);
	} else {
		*out = plan;
	}
	corridor_reach_select_free(p.select);
	free(p.in);
	free(p.order);
	free(p.from);
	free(p.step);
	return result;
}

void
corridor_reach_plan_fini(struct corridor_reach_plan *plan)
{
	free(plan->builds);
	*plan = (struct corridor_reach_plan){0};
}
