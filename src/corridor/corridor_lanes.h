/* The cheapest ways in sixty-four worlds at once, that have the same graph and other prices: one
 * sweep through the graph with rows of numbers instead of numbers. */
#pragma once

#include <stdbool.h>

#include "corridor/corridor_graph.h"

enum { CORRIDOR_LANES = 64 };

struct corridor_lanes;

/* The graph outlives it. NULL without memory. */
struct corridor_lanes *corridor_lanes_new(const struct corridor_graph *graph);
/* NULL is allowed. */
void corridor_lanes_free(struct corridor_lanes *lanes);

/* From `from` to every site. `price` holds CORRIDOR_LANES numbers of each segment, not below 0;
 * where `closed` is true nothing goes, in no world. */
void corridor_lanes_run(struct corridor_lanes *lanes, const double *price, const bool *closed,
			uint32_t from);

/* After a run: what the way to `site` costs in each world; INFINITY: there is none. */
const double *corridor_lanes_cost(const struct corridor_lanes *lanes, uint32_t site);
