/* The corridor as a graph: sites and segments as small integers, immutable once made. What a
 * segment costs is not part of it: every question brings its own array of costs, one per segment,
 * so that avoiding, cutting and building are nothing but other numbers on the same graph.
 *
 *   first_arc[site] ──► arcs: { to, segment } { to, segment } ...   up to first_arc[site + 1]
 *                                      └──► cost[segment], CORRIDOR_CLOSED when it may not be used
 *
 * A segment runs both ways and so stands in the arcs of both its ends. Indices are those of struct
 * hub. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hub/hub.h"

/* The cost of a segment that may not be used, and of a site that cannot be reached. */
#define CORRIDOR_CLOSED UINT64_MAX

enum {
	CORRIDOR_SITES_MAX = 65535, /* so that a count of hops fits beside a length, see below */
	CORRIDOR_HOP_BITS = 16,
};

struct corridor_ends {
	uint32_t a, b; /* sites */
};

struct corridor_arc {
	uint32_t to;
	uint32_t segment;
};

struct corridor_graph {
	size_t site_count, segment_count;
	struct corridor_ends *ends; /* of each segment */
	uint32_t *first_arc;        /* site_count + 1 */
	struct corridor_arc *arcs;  /* of one site in the order of segments */
};

/* A graph of `segment_count` segments; `ends` is copied. NULL and errno: EINVAL when an end is not
 * a site or there are more than CORRIDOR_SITES_MAX sites, ENOMEM. */
struct corridor_graph *corridor_graph_new(size_t site_count, const struct corridor_ends *ends,
					  size_t segment_count);
/* The graph of a hub's sites and segments, whatever their status. NULL and errno as above. */
struct corridor_graph *corridor_graph_of_hub(const struct hub *hub);
void corridor_graph_free(struct corridor_graph *graph);

/* Lengths are whole centimetres, at most 2^32: sums are exact whatever the order, and ties are
 * ties. 0 when `length_km` is not a length (not above 0, not finite, longer than 42 949 km). */
uint32_t corridor_length_cm(double length_km);

/* The cost of a length: the length above, one hop below, so that of equally long ways the one with
 * fewer segments is the cheaper. Cannot overflow within CORRIDOR_SITES_MAX. */
static inline uint64_t
corridor_cost_of_length(uint32_t length_cm)
{
	return (uint64_t)length_cm << CORRIDOR_HOP_BITS | 1;
}

static inline double
corridor_cost_km(uint64_t cost)
{
	return (double)(cost >> CORRIDOR_HOP_BITS) / 1e5;
}

/* Light out and back over `length_km` of fibre (refractive index 1.468), in milliseconds; equipment
 * and queues are not in it. */
double corridor_round_trip_ms(double length_km);
