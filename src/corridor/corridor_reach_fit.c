/* Fitting by the order of building, cutting by branches, and local search. */
#include "corridor/corridor_reach_fit.h"

#include <stdlib.h>
#include <string.h>

enum {
	CUTS_MOST = 400, /* branches of one fitting */
	PAIRS_UPTO = 40, /* places */
};
/* Steps over places and edges that the local search may take: about a second. */
static const int64_t work_most = 80000000;

bool
corridor_reach_better(struct corridor_reach_goal goal, struct corridor_reach_value a,
		      struct corridor_reach_value b)
{
	if (goal.money == INT64_MAX)
		return a.weight >= goal.weight && (b.weight < goal.weight || a.cost < b.cost);
	if (a.cost > goal.money || b.cost > goal.money)
		return a.cost <= goal.money;
	return a.weight > b.weight || (a.weight == b.weight && a.cost < b.cost);
}

static struct corridor_reach_value
value_of(const struct corridor_reach_tree *tree)
{
	return (struct corridor_reach_value){corridor_reach_tree_cost(tree),
					     corridor_reach_tree_weight(tree)};
}

/* --- branches --- */

/* What hangs on each place, itself too. */
static void
sum_branches(struct corridor_reach_select *s)
{
	const struct corridor_reach_tree *t = s->tree;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = t->order[i];
		s->sum_weight[p] = s->net->places[p].weight;
		s->sum_cost[p] = t->step[p];
	}
	for (size_t i = t->count; i-- > 0;) {
		uint32_t p = t->order[i];
		if (t->parent[p] == CORRIDOR_REACH_ROOT)
			continue;
		s->sum_weight[t->parent[p]] += s->sum_weight[p];
		s->sum_cost[t->parent[p]] += s->sum_cost[p];
	}
}

/* Takes a branch out of the set, and out of the sums of those before it. */
static void
cut(struct corridor_reach_select *s, bool *set, uint32_t branch)
{
	const struct corridor_reach_tree *t = s->tree;
	int64_t weight = s->sum_weight[branch], cost = s->sum_cost[branch];
	for (uint32_t p = t->parent[branch]; p != CORRIDOR_REACH_ROOT; p = t->parent[p]) {
		s->sum_weight[p] -= weight;
		s->sum_cost[p] -= cost;
	}
	set[branch] = false;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = t->order[i];
		if (t->parent[p] != CORRIDOR_REACH_ROOT && !set[t->parent[p]])
			set[p] = false;
	}
}

/* The branch that saves most for what it counts, of those that count for no more than `spare`.
 * CORRIDOR_REACH_OUT: none saves anything. */
static uint32_t
worst_branch(const struct corridor_reach_select *s, const bool *set, int64_t spare)
{
	const struct corridor_reach_tree *t = s->tree;
	uint32_t worst = CORRIDOR_REACH_OUT;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = t->order[i];
		if (!set[p] || s->sum_weight[p] > spare || s->sum_cost[p] <= 0)
			continue;
		if (worst == CORRIDOR_REACH_OUT ||
		    (__int128)s->sum_cost[p] * s->sum_weight[worst] >
			    (__int128)s->sum_cost[worst] * s->sum_weight[p])
			worst = p;
	}
	return worst;
}

/* Leaves of the set whose loss the goal can bear. The tree is that of the set. */
static void
cut_branches(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *set)
{
	sum_branches(s);
	struct corridor_reach_value now = value_of(s->tree);
	for (int i = 0; i < CUTS_MOST; i++) {
		int64_t spare = goal.money == INT64_MAX ? now.weight - goal.weight
				: now.cost > goal.money ? now.weight
							: 0;
		if (spare < 0)
			return;
		uint32_t branch = worst_branch(s, set, spare);
		if (branch == CORRIDOR_REACH_OUT)
			return;
		now.weight -= s->sum_weight[branch];
		now.cost -= s->sum_cost[branch];
		cut(s, set, branch);
	}
}

/* --- fitting --- */

/* Puts places into the set in the order of building. */
static int
fill(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *set)
{
	struct corridor_reach_tree *t = s->tree;
	corridor_reach_tree_grow(t, set, false);
	struct corridor_reach_value now = value_of(t);
	if (goal.money == INT64_MAX ? now.weight >= goal.weight : now.cost > goal.money)
		return 0;
	corridor_reach_tree_grow(t, set, true);
	for (size_t i = 0; i < s->net->place_count; i++)
		if (set[i])
			t->step[i] = 0; /* it is there already */
	if (corridor_reach_order(s->order, t) < 0)
		return -1;
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = s->order[i], parent = t->parent[p];
		if (goal.money == INT64_MAX && now.weight >= goal.weight)
			break;
		if (set[p] || (parent != CORRIDOR_REACH_ROOT && !set[parent]) ||
		    (goal.money != INT64_MAX && now.cost + t->step[p] > goal.money))
			continue;
		set[p] = true;
		now.weight += s->net->places[p].weight;
		now.cost += t->step[p];
	}
	return 0;
}

/* Cuts the end off the order of building, when a set is far too large. */
static int
cut_order(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *set)
{
	struct corridor_reach_tree *t = s->tree;
	corridor_reach_tree_grow(t, set, false);
	if (corridor_reach_order(s->order, t) < 0)
		return -1;
	struct corridor_reach_value now = {0, 0};
	memset(set, 0, s->net->place_count * sizeof(*set));
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = s->order[i];
		if (goal.money == INT64_MAX ? now.weight >= goal.weight
					    : now.cost + t->step[p] > goal.money)
			break;
		set[p] = true;
		now.weight += s->net->places[p].weight;
		now.cost += t->step[p];
	}
	return 0;
}

int
corridor_reach_fit(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *set,
		   struct corridor_reach_value *value)
{
	if (cut_order(s, goal, set) < 0 || fill(s, goal, set) < 0)
		return -1;
	corridor_reach_tree_grow(s->tree, set, false);
	/* What cannot be joined through the set is not in it. */
	for (size_t i = 0; i < s->net->place_count; i++)
		set[i] = set[i] && s->tree->parent[i] != CORRIDOR_REACH_OUT;
	cut_branches(s, goal, set);
	corridor_reach_tree_grow(s->tree, set, false);
	*value = value_of(s->tree);
	return 0;
}

/* --- local search --- */

struct polishing {
	struct corridor_reach_select *select;
	struct corridor_reach_goal goal;
	bool *in, *trial;
	struct corridor_reach_value best;
	int64_t work; /* left */
};

/* Turns one or two places over and fits the rest. 1: that was better, and is kept; -1 without
 * memory. */
static int
turn_over(struct polishing *p, size_t a, size_t b)
{
	struct corridor_reach_select *s = p->select;
	struct corridor_reach_value value;
	memcpy(p->trial, p->in, s->net->place_count * sizeof(*p->trial));
	p->trial[a] = !p->trial[a];
	if (b != a)
		p->trial[b] = !p->trial[b];
	p->work -= 5 * (int64_t)(s->net->place_count + s->net->edge_count);
	if (corridor_reach_fit(s, p->goal, p->trial, &value) < 0)
		return -1;
	if (!corridor_reach_better(p->goal, value, p->best))
		return 0;
	p->best = value;
	memcpy(p->in, p->trial, s->net->place_count * sizeof(*p->in));
	return 1;
}

/* One round over all places, or all pairs. How many were better, or -1. */
static int
round_over(struct polishing *p, bool pairs)
{
	size_t n = p->select->net->place_count;
	int better = 0;
	for (size_t a = 0; a < n && p->work > 0; a++) {
		for (size_t b = pairs ? a + 1 : a; b < (pairs ? n : a + 1); b++) {
			int result = turn_over(p, a, b);
			if (result < 0)
				return -1;
			better += result;
		}
	}
	return better;
}

int
corridor_reach_polish(struct corridor_reach_select *s, struct corridor_reach_goal goal, bool *in,
		      struct corridor_reach_value best)
{
	int64_t n = (int64_t)s->net->place_count;
	struct polishing p = {.select = s,
			      .goal = goal,
			      .in = in,
			      .trial = calloc((size_t)n + 1, sizeof(*p.trial)),
			      .best = best,
			      .work = work_most};
	int better = p.trial ? 1 : -1;
	/* A round that could not be ended would favour the first places. */
	if (p.trial && 5 * n * (n + (int64_t)s->net->edge_count) > work_most)
		better = 0;
	while (better > 0 && p.work > 0) {
		better = round_over(&p, false);
		if (better == 0 && n <= PAIRS_UPTO)
			better = round_over(&p, true);
	}
	free(p.trial);
	return better < 0 ? -1 : 0;
}
