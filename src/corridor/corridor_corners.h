/* The demands of a hub at every corner of what they and the segments rest on: as told, and each of
 * demands and capacities low and high. Whoever says what a failure takes says between what it lies
 * by this: flow as told, at its worst (demands high, capacities low) and at ease, and the two corners
 * between, as what is lost is most where much was served before.
 *
 *   ask ──► corridor_corners_of ──► a case for each corner ──► laid by each by itself
 *                                                         └──► corridor_range_take: the least, the most */
#pragma once

#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_itinerary.h"

struct corridor_corners {
	struct corridor_flow_case cases[CORRIDOR_CORNERS];
	/* The first corner that is the same: itself, unless nothing is uncertain. Only those that
	 * are like themselves need be reckoned. */
	enum corridor_outlook like[CORRIDOR_CORNERS];
};

/* All corners; they live in the arena, and as long as the plan. 0, or -1 and errno as of
 * corridor_flow_case_of. */
int corridor_corners_of(struct corridor_corners *out, struct arena *arena,
			const struct corridor_flow_ask *ask);

/* What a demand gets less than before. Filling shares out whole bit/s, and what cannot be shared is
 * left: below a kbit/s nobody gets less. */
static inline uint64_t
corridor_less_bps(uint64_t before_bps, uint64_t after_bps)
{
	enum { SHARED_OUT_BPS = 1000 };
	return before_bps >= after_bps + SHARED_OUT_BPS ? before_bps - after_bps : 0;
}

/* Widens a range by what a corner comes to; the first to be taken is what is told. */
void corridor_range_take(struct corridor_range *range, enum corridor_outlook corner, double value);
