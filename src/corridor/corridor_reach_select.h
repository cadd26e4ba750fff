/* The set of places to connect: at least so much of the weight for the least money, or the most
 * weight for so much money; and the bounds beside it.
 *
 * For a price of weight the best set is that of a prize-collecting forest, whose prizes are weights
 * times the price. The price is searched for which the set is about what is asked for; every price
 * that is tried gives a bound for all targets (Lagrange), and a set that is then fitted exactly and
 * improved. */
#pragma once

#include "corridor/corridor_reach_bound.h"
#include "corridor/corridor_reach_tree.h"

enum { CORRIDOR_REACH_PRICES = 96 };

/* At this price, no forest and what it leaves out is below `value`. */
struct corridor_reach_price {
	double price; /* minor units for one of weight */
	int64_t value;
};

struct corridor_reach_select {
	const struct corridor_reach_net *net;
	struct corridor_reach_tree *tree;
	struct corridor_reach_ascent *ascent;
	struct corridor_reach_price prices[CORRIDOR_REACH_PRICES];
	size_t price_count;
	int64_t weight_most; /* of all places that can be reached */
	int64_t cost_most;   /* of connecting those */
	/* Working memory, one for each place. */
	int64_t *prizes, *sum_weight, *sum_cost;
	uint32_t *order;
	bool *set, *other, *trial;
};

/* What is asked for: one of the two is a limit. */
struct corridor_reach_goal {
	int64_t weight; /* at least; 0: as much as there is money for */
	int64_t money;  /* at most; INT64_MAX: as much as it takes */
};

/* NULL without memory. The net must live as long. */
struct corridor_reach_select *corridor_reach_select_new(const struct corridor_reach_net *net);
/* NULL is allowed. */
void corridor_reach_select_free(struct corridor_reach_select *select);

/* Chooses the places, into `in`. When the goal's weight is more than can be reached, that is all
 * that can; the goal's weight and money are never both limits. 0, or -1 without memory. */
int corridor_reach_choose(struct corridor_reach_select *select, struct corridor_reach_goal goal,
			  bool *in);

/* Tries a few more prices, so that the bound for this weight is as good as it gets. */
void corridor_reach_tighten(struct corridor_reach_select *select, int64_t weight);
/* Tries one price more, for the bounds alone. */
void corridor_reach_probe(struct corridor_reach_select *select, double price);
/* No plan that connects so much weight costs less. */
int64_t corridor_reach_least_cost(const struct corridor_reach_select *select, int64_t weight);
/* No plan that costs no more than this connects more weight. */
int64_t corridor_reach_most_weight(const struct corridor_reach_select *select, int64_t cost);
