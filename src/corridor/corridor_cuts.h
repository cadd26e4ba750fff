/* What parts the corridor: segments and sites without which it falls into pieces, and the fewest
 * countries, cables, operators or risks that stand between two sites. Cuts of segments and of sites
 * between two sites are found by corridor_disjoint.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "corridor/corridor_graph.h"
#include "corridor/corridor_plan.h"

/* Marks the open segments (bridges) and the sites (articulations) without which some sites that can
 * reach each other cannot. `segments` and `sites` have room for all of the graph. 0, or -1 without
 * memory. */
int corridor_cuts_single(bool *segments, bool *sites, const struct corridor_graph *graph,
			 const uint64_t *cost);

enum { CORRIDOR_NAMES_CUT_MAX = 4 };

/* Names of one class that must all fail before the ends are parted. */
struct corridor_name_cut {
	/* The fewest; 0 when more than CORRIDOR_NAMES_CUT_MAX are needed, or no number will do. */
	size_t count;
	uint32_t names[CORRIDOR_NAMES_CUT_MAX];
	bool parted;   /* there is no way to begin with */
	bool possible; /* some number will do: no way is free of such names */
	bool proven;   /* that no fewer will do; false when the search was given up */
};

/* Countries of both ends are left aside: they part them as a matter of course. 0, or -1 without
 * memory. */
int corridor_cuts_names(struct corridor_name_cut *out, const struct corridor_plan *plan,
			const uint64_t *cost, struct corridor_ends ends, enum corridor_class class);
