/* Ways between two sites one after the other, the cheapest first, for as long as somebody asks. No
 * way touches a site twice; each uses all that is required, in whatever order. Parallel segments
 * make distinct ways. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_musts.h"
#include "corridor/corridor_paths.h"

struct corridor_ways;

/* Ways from ends.a to ends.b. No cost may be 0. `musts` may be NULL: nothing is required. All that
 * is handed in outlives it. NULL if there is no memory. */
struct corridor_ways *corridor_ways_new(const struct corridor_graph *graph, const uint64_t *cost,
					struct corridor_ends ends,
					const struct corridor_musts *musts);
void corridor_ways_free(struct corridor_ways *ways);

/* The next way, of which the caller frees `segments` (sites are part of it): 1. 0 when there is
 * none left, or no time for it (see below); -1 without memory. */
int corridor_ways_next(struct corridor_ways *ways, struct corridor_path *out);
/* True once the search was given up: the ways given so far are the cheapest, but there may be
 * others. Only what is required can bring that about in graphs of some thousand sites. */
bool corridor_ways_gave_up(const struct corridor_ways *ways);
