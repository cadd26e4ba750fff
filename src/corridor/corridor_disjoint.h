/* Two ways at once that do not fail together: the pair of least total cost that shares no segment,
 * no site, or no group of shared risk. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_graph.h"
#include "corridor/corridor_paths.h"

enum corridor_disjointness {
	CORRIDOR_SEGMENT_DISJOINT, /* the ways may meet at a site */
	CORRIDOR_SITE_DISJOINT,    /* they meet only at both ends */
};

/* Which groups each segment is in: ducts, seas, landing stations, countries, whatever fails as one.
 * Groups of segment s are groups[first[s]] up to groups[first[s + 1]]; a segment shares its own
 * fate even if it is in none. */
struct corridor_groups {
	size_t group_count;
	uint32_t *first; /* segment_count + 1 */
	uint32_t *groups;
};

/* Finds the pair of least total cost (Suurballe, as a flow of two). *out has two ways, the cheaper
 * first, or none when there is no such pair. The ends must differ and no cost may be 0. 0, or -1 if
 * there is no memory. End with corridor_paths_fini. */
int corridor_disjoint_pair(struct corridor_paths *out, const struct corridor_graph *graph,
			   const uint64_t *cost, struct corridor_ends ends,
			   enum corridor_disjointness kind);

/* Finds a pair that shares no group and no segment. This is a hard problem (it contains
 * satisfiability): ways are tried in order of cost, each with its best partner, up to
 * CORRIDOR_PATHS_MAX of them. *proven tells whether no cheaper pair, or no pair at all, can exist
 * beyond what was tried. Otherwise as above. */
int corridor_disjoint_groups(struct corridor_paths *out, bool *proven,
			     const struct corridor_graph *graph, const uint64_t *cost,
			     struct corridor_ends ends, const struct corridor_groups *groups);

/* The shared risk link groups of a hub's segments. 0, or -1 if there is no memory. */
int corridor_groups_of_hub(struct corridor_groups *out, const struct hub *hub);
void corridor_groups_fini(struct corridor_groups *groups);
