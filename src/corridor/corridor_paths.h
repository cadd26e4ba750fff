/* The k cheapest ways between two sites that touch no site twice. Parallel segments make distinct
 * ways. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_graph.h"

enum { CORRIDOR_PATHS_MAX = 100 };

struct corridor_path {
	uint64_t cost;
	size_t segment_count;
	uint32_t *segments; /* in order of travel */
	uint32_t *sites;    /* segment_count + 1, from start to end */
};

struct corridor_paths {
	size_t count;
	struct corridor_path *paths; /* by cost; ties in an order that depends on the data alone */
};

/* Finds at most `k` ways (1 to CORRIDOR_PATHS_MAX); fewer when there are no more, none when `to`
 * cannot be reached, one of no segments when it is `from`. No cost may be 0. 0, or -1 if there is
 * no memory (then *out is empty). End with corridor_paths_fini. */
int corridor_paths_find(struct corridor_paths *out, const struct corridor_graph *graph,
			const uint64_t *cost, struct corridor_ends ends, unsigned k);
void corridor_paths_fini(struct corridor_paths *paths);
