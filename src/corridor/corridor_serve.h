/* The demands of a hub laid on a plan, with or without a cut: who gets how much, over which
 * segments, and how long the best way of each is.
 *
 * Priorities go one after the other, 0 first. Those of one priority grow alike, each on its shortest
 * way with room; who meets a full segment goes over to the next shortest way, and stays as it is
 * when there is none. A segment that is full in the direction in which a way would use it is left
 * aside by that demand in both. Of each round of sharing less than one bit/s a demand is lost.
 *
 * An arc is one direction of a segment: 2 * segment runs from its end a to b, 2 * segment + 1
 * back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "corridor/corridor_plan.h"

struct corridor_serve;

/* What a run came to; the arrays are the workspace's and hold until the next run. */
struct corridor_service {
	uint64_t *served_bps;  /* of each demand of the hub */
	uint64_t *best_cost;   /* of its shortest way, full or not; CORRIDOR_CLOSED: none */
	uint64_t *load_bps;    /* of each arc */
	uint64_t *crossed_bps; /* of each demand, what crosses a watched segment */
	/* Segments of every way that was looked at: without the others, whichever, a run comes to
	 * the same. */
	bool *looked;
};

/* A workspace that is used again and again. `conditions` may be NULL; plan outlives the
 * workspace. Demands are as they are `years` from now by their growth (below 0: ago). NULL without
 * memory. */
struct corridor_serve *corridor_serve_new(const struct corridor_plan *plan,
					  const struct corridor_conditions *conditions,
					  double years);
void corridor_serve_free(struct corridor_serve *serve);

/* What a demand asks for; 0 when nobody has said (it is that of a member, as measured). */
uint64_t corridor_serve_asked_bps(const struct corridor_serve *serve, uint32_t demand);
/* May a segment carry anything, before any cut? */
bool corridor_serve_open(const struct corridor_serve *serve, uint32_t segment);

/* From now on `segments` are watched, which outlive their use; NULL: none are. */
void corridor_serve_watch(struct corridor_serve *serve, const bool *segments);

/* Lays all demands. `cut` tells for each segment whether it is cut; NULL: none is. */
const struct corridor_service *corridor_serve_run(struct corridor_serve *serve, const bool *cut);
