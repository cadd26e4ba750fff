/* Cheapest ways in many worlds: the rows of sites that have changed wait in a queue (Bellman and
 * Ford). A site is looked at again as long as it is cheaper in any of the worlds, which are alike
 * enough that few are looked at more than twice. */
#include "corridor/corridor_lanes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"

struct corridor_lanes {
	const struct corridor_graph *graph;
	struct arena *arena;
	double *cost; /* CORRIDOR_LANES of each site */
	uint32_t *queue;
	bool *queued;
};

struct corridor_lanes *
corridor_lanes_new(const struct corridor_graph *graph)
{
	assert(graph);
	struct arena *arena = arena_new();
	struct corridor_lanes *lanes = arena ? arena_take(arena, sizeof(*lanes)) : NULL;
	size_t sites = graph->site_count + 1;
	if (!lanes) {
		arena_free(arena);
		return NULL;
	}
	*lanes = (struct corridor_lanes){
		.graph = graph,
		.arena = arena,
		.cost = arena_take(arena, sites * CORRIDOR_LANES * sizeof(*lanes->cost)),
		.queue = arena_take(arena, sites * sizeof(*lanes->queue)),
		.queued = arena_take(arena, sites),
	};
	if (lanes->cost && lanes->queue && lanes->queued)
		return lanes;
	arena_free(arena);
	return NULL;
}

void
corridor_lanes_free(struct corridor_lanes *lanes)
{
	if (lanes)
		arena_free(lanes->arena);
}

/* Lowers `to` to what it costs over `from` and the segment; true if that is less in any world. */
static bool
lower(double *restrict to, const double *restrict from, const double *restrict price)
{
	int less = 0;
	for (int i = 0; i < CORRIDOR_LANES; i++) {
		double over = from[i] + price[i];
		less |= over < to[i];
		to[i] = over < to[i] ? over : to[i];
	}
	return less;
}

void
corridor_lanes_run(struct corridor_lanes *lanes, const double *price, const bool *closed,
		   uint32_t from)
{
	const struct corridor_graph *g = lanes->graph;
	size_t head = 0, count = 1, sites = g->site_count;
	assert(price && closed && from < sites);
	for (size_t i = 0; i < sites * CORRIDOR_LANES; i++)
		lanes->cost[i] = INFINITY;
	memset(lanes->cost + (size_t)from * CORRIDOR_LANES, 0,
	       CORRIDOR_LANES * sizeof(*lanes->cost));
	lanes->queue[0] = from;
	while (count) {
		uint32_t site = lanes->queue[head];
		head = (head + 1) % sites;
		count--;
		lanes->queued[site] = false;
		for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
			struct corridor_arc arc = g->arcs[i];
			/* A segment may come back to where it began. */
			if (closed[arc.segment] || arc.to == site ||
			    !lower(lanes->cost + (size_t)arc.to * CORRIDOR_LANES,
				   lanes->cost + (size_t)site * CORRIDOR_LANES,
				   price + (size_t)arc.segment * CORRIDOR_LANES) ||
			    lanes->queued[arc.to])
				continue;
			lanes->queued[arc.to] = true;
			lanes->queue[(head + count++) % sites] = arc.to;
		}
	}
}

const double *
corridor_lanes_cost(const struct corridor_lanes *lanes, uint32_t site)
{
	assert(site < lanes->graph->site_count);
	return lanes->cost + (size_t)site * CORRIDOR_LANES;
}
