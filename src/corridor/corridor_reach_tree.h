/* Shortest forests out of the existing network, what to cut off them, and in which order to build
 * them. */
#pragma once

#include "corridor/corridor_reach_net.h"

/* Not part of the forest. */
enum { CORRIDOR_REACH_OUT = UINT32_MAX - 1 };

struct corridor_reach_tree {
	const struct corridor_reach_net *net;
	uint32_t *parent; /* of each place: a place, CORRIDOR_REACH_ROOT or _OUT */
	uint32_t *via;    /* the edge to it; meaningless where it is the root */
	int64_t *step;    /* what comes on top of the parent: the stretch and the site */
	uint32_t *order;  /* places of the forest, each behind its parent */
	size_t count;     /* of order */
	/* What growing works with. */
	uint32_t *union_of; /* of places, and of the network behind them */
	uint32_t *chosen;   /* edges; beyond them: stretches from the network, by place */
	uint32_t *first, *next_to;
	int64_t *gain;
};

/* NULL without memory. The net must live as long. */
struct corridor_reach_tree *corridor_reach_tree_new(const struct corridor_reach_net *net);
/* NULL is allowed. */
void corridor_reach_tree_free(struct corridor_reach_tree *tree);

/* The cheapest forest that joins all places of `first` (NULL: none), as far as they can be joined
 * through each other, and only then, if `all`, every other one that can be reached. */
void corridor_reach_tree_grow(struct corridor_reach_tree *tree, const bool *first, bool all);
/* What the forest costs, and what its places count for. */
int64_t corridor_reach_tree_cost(const struct corridor_reach_tree *tree);
int64_t corridor_reach_tree_weight(const struct corridor_reach_tree *tree);
/* The part of the forest for which prizes less costs are most, by place into `keep`. */
void corridor_reach_tree_prune(struct corridor_reach_tree *tree, const int64_t *prizes, bool *keep);

/* The order of building in which what is gained for the money falls: a place brings what it counts
 * for and needs all that is before it, so the dearest hurdles are taken together with what they open
 * (Horn 1972). The places of the forest go into `out`. 0, or -1 without memory. */
int corridor_reach_order(uint32_t *out, const struct corridor_reach_tree *tree);
