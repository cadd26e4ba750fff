/* Ways at once that do not fail together: of least total cost, sharing no segment or no site;
 * those that share least where there are none; and the cut that lets no more of them through. Pairs
 * that share no country, cable or risk are found by corridor_apart.h. */
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

/* The same for as many ways as there are, at most `k`: no other so many cost less in all. */
int corridor_disjoint_ways(struct corridor_paths *out, const struct corridor_graph *graph,
			   const uint64_t *cost, struct corridor_ends ends,
			   enum corridor_disjointness kind, unsigned k);

/* The pair that shares the least number of segments, or of sites (ends aside) and segments, and of
 * these the one of least total cost; none only if there is no way. In graphs so large that costs
 * leave no room above them, cost and number are weighed. */
int corridor_disjoint_least(struct corridor_paths *out, const struct corridor_graph *graph,
			    const uint64_t *cost, struct corridor_ends ends,
			    enum corridor_disjointness kind);

/* How many ways there can be at once, and what separates the ends with so few. */
struct corridor_cut {
	size_t ways; /* that share no segment, or no site */
	/* Together as many: without these there is no way. Segments alone unless sites are asked
	 * for; then also segments from end to end, which have no site between. */
	uint32_t *segments, *sites;
	size_t segment_count, site_count;
};

/* 0, or -1 without memory. End with corridor_cut_fini. */
int corridor_cut_find(struct corridor_cut *out, const struct corridor_graph *graph,
		      const uint64_t *cost, struct corridor_ends ends,
		      enum corridor_disjointness kind);
void corridor_cut_fini(struct corridor_cut *cut);
