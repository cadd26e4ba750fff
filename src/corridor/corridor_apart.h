/* Pairs of ways that are apart: that share no segment, no site, no risk, no country, no cable or no
 * operator; and where there is no such pair, the one that shares least. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "corridor/corridor_best.h"
#include "corridor/corridor_disjoint.h"
#include "corridor/corridor_plan.h"

struct corridor_pair {
	struct corridor_paths paths; /* two ways, the cheaper first; none when there is no way */
	/* No pair shares less, and none that shares as little costs less in all. */
	bool proven;
	/* Indices into the groups, of groups that both use; and segments that both use. */
	uint32_t *shared, *shared_segments;
	size_t shared_count, shared_segment_count;
};

/* The pair that shares the fewest groups, of these the fewest segments, of these the one of least
 * total cost. Groups of which `aside` is true are not counted (NULL: all are). The ends must differ
 * and no cost may be 0. That is a hard problem (it contains satisfiability); the search is given up
 * after about a second, with the best pair found and proven false. 0, or -1 without memory. */
int corridor_apart_groups(struct corridor_pair *out, const struct corridor_graph *graph,
			  const uint64_t *cost, struct corridor_ends ends,
			  const struct corridor_groups *groups, const bool *aside);
/* The same of those pairs that share no segment, if there is one: it may share groups where a pair
 * that shares a segment would not. */
int corridor_apart_whole(struct corridor_pair *out, const struct corridor_graph *graph,
			 const uint64_t *cost, struct corridor_ends ends,
			 const struct corridor_groups *groups);
void corridor_pair_fini(struct corridor_pair *pair);

/* What two ways are not to share. The names of the classes are those of enum corridor_kind. */
enum corridor_apart {
	CORRIDOR_APART_BY_COUNTRY = CORRIDOR_A_COUNTRY, /* those of both ends aside */
	CORRIDOR_APART_BY_RISK = CORRIDOR_A_RISK,
	CORRIDOR_APART_BY_OPERATOR = CORRIDOR_AN_OPERATOR,
	CORRIDOR_APART_BY_CABLE = CORRIDOR_A_CABLE,
	CORRIDOR_APART_BY_SITE = CORRIDOR_A_SITE, /* ends aside; shared sites are in `shared` */
	CORRIDOR_APART_BY_SEGMENT = CORRIDOR_A_SEGMENT,
};

/* The pair on a plan, by the wanted measure (how often ways are down as if it added up) under the
 * wanted conditions; k and what is required do not count. As above. */
int corridor_apart_find(struct corridor_pair *out, const struct corridor_plan *plan,
			const struct corridor_wanted *wanted, enum corridor_apart apart);
