/* The plan: what is built in which year, what that costs, and what the answer is worth.
 *
 * What is built stays. The last year's set of places is the best that was found; earlier years take
 * what brings most for its money out of it, in the order of corridor_reach_order. A year with a
 * target builds until that is met, one with a budget until that is spent, one with both until the
 * first of them. */
#pragma once

#include "corridor/corridor_reach_net.h"

enum { CORRIDOR_REACH_CURVE = 101, CORRIDOR_REACH_FACTORS = 5 };

/* One place connected, in the order of building. */
struct corridor_reach_build {
	uint32_t place;
	uint32_t from; /* a place that is connected before, or CORRIDOR_REACH_ROOT */
	uint32_t length_m;
	unsigned year; /* from 0 */
	int64_t cost;  /* stretch, site and upgrade */
};

struct corridor_reach_year {
	/* Of the year alone. */
	size_t towers, towns, places;
	int64_t length_m, cost, weight;
	/* At its end. */
	size_t towers_on; /* towns too */
	int64_t weight_on, cost_so_far;
	int64_t target;      /* of weight_on; -1: none */
	int64_t least_cost;  /* no plan with as much on fibre costs less so far */
	int64_t most_weight; /* no plan that has cost no more has more on fibre */
};

/* Money so far and what is then on fibre; beyond the plan: what would come next. */
struct corridor_reach_point {
	int64_t weight_on, cost, least_cost;
	bool planned;
};

/* What the plan would cost if one of its figures, or all, were at an end of its range. */
struct corridor_reach_factor {
	const char *name;
	int64_t low, high;
};

struct corridor_reach_plan {
	struct corridor_reach_build *builds;
	size_t build_count;
	struct corridor_reach_year years[CORRIDOR_REACH_YEARS];
	unsigned year_count;
	struct corridor_reach_point curve[CORRIDOR_REACH_CURVE];
	size_t curve_count;
	struct corridor_reach_factor factors[CORRIDOR_REACH_FACTORS]; /* the last one: all */
	int64_t cost, length_m;
	int64_t cost_by_confidence[HUB_ESTIMATED + 1]; /* of the figures it is made of */
	size_t towers_estimated; /* of those built, whose row is estimated or does not say */
	size_t towers_built;
	int64_t weight_most; /* on fibre, if all were built that can be */
	size_t unreached;    /* towers with a place that no stretch can reach */
};

/* 0, or -1 and the complaint. End with corridor_reach_plan_fini. */
int corridor_reach_plan_make(struct corridor_reach_plan *out, const struct corridor_reach_net *net,
			     const struct corridor_reach_input *input,
			     const struct corridor_reach_settings *settings,
			     struct corridor_complaint *complaint);
void corridor_reach_plan_fini(struct corridor_reach_plan *plan);

/* A share in percent. */
double corridor_reach_percent(const struct corridor_reach_net *net, int64_t weight_on);
