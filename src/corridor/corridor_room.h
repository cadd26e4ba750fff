/* How much two sites could be given, if nobody else took any: the greatest flow between them over
 * segments with capacities, and the cut that lets no more through (Ford and Fulkerson 1956). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_graph.h"
#include "corridor/corridor_itinerary.h"

struct corridor_room {
	uint64_t bps; /* each direction */
	/* The narrowest cut, ascending: together so much, and without them there is no way. Of several the one nearest to
	 * the first end. */
	uint32_t *segments;
	size_t count;
};

/* Segments whose cost is CORRIDOR_CLOSED carry nothing; `capacity_bps` is of each, in each direction. The
 * ends must differ. 0, or -1 without memory. End with corridor_room_fini. */
int corridor_room_find(struct corridor_room *out, const struct corridor_graph *graph,
		       const uint64_t *cost, const uint64_t *capacity_bps,
		       struct corridor_ends ends);
/* By the capacities of a plan as told; and in *gbps how much with all of them as told, low and high. 0, or -1 without memory. */
int corridor_room_of_plan(struct corridor_room *told, struct corridor_range *gbps,
			  const struct corridor_plan *plan, const uint64_t *cost,
			  struct corridor_ends ends);
void corridor_room_fini(struct corridor_room *room);
