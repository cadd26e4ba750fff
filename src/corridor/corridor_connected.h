/* How much of the time two sites are connected at all, over whatever ways there are, when segments
 * fail by themselves and together from one cause.
 *
 * Reckoned by states (Dotson and Gobien 1979): the most available way of a state either works, or
 * its first part that is down is this one, or that one: states apart, that are looked at the most
 * probable first. What is settled is a bound from both sides; when no state is left it is exact. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_availability.h"
#include "corridor/corridor_graph.h"

/* A segment by itself (below segment_count), or a group (segment_count + its index). */
struct corridor_blame {
	uint32_t part;
	double share;    /* of the time without connection, the part of it in which this is down */
	double birnbaum; /* by how much the connection is likelier with it than without it */
};

struct corridor_connected {
	double low, high;             /* availability lies between; the same when exact */
	size_t states;                /* looked at */
	struct corridor_blame *blame; /* those that share, most first; free() it */
	size_t blame_count;
};

enum {
	CORRIDOR_CONNECTED_STATES = 150000,
	CORRIDOR_CONNECTED_OCTETS = 32 << 20, /* of all states; large graphs have fewer */
};

/* `open` tells of each segment whether it is there. Stops when high - low is at most `gap`, or at
 * either of the limits above; blame is of what is settled then. 0, or -1 without memory. */
int corridor_connected(struct corridor_connected *out, const struct corridor_graph *graph,
		       const bool *open, const struct corridor_parts *parts,
		       struct corridor_ends ends, double gap);

/* The same by chance: in how many of `draws` (at most 2^32) the sites are connected. All parts are
 * drawn by themselves, from the seed. *connected is the number. 0, or -1 without memory. */
int corridor_connected_draw(uint64_t *connected, const struct corridor_graph *graph,
			    const bool *open, const struct corridor_parts *parts,
			    struct corridor_ends ends, uint64_t draws, uint64_t seed);

/* Between which shares the true one lies 95 times of 100, `some` of `all` drawn (Wilson). */
void corridor_connected_interval(double *low, double *high, uint64_t some, uint64_t all);
