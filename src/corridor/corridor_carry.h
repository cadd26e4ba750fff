/* How much of what passes certain segments the corridor has room for, and what of it is full first. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_worth.h"

struct corridor_carry_ask {
	struct corridor_flow_ask flow; /* its measure is BY_PRICE, whatever it says */
	/* Whose passage, and what becomes of each demand; NULL: all demands are carried, anywhere. */
	const struct corridor_us *us;
	const struct corridor_toll *tolls;
	const struct corridor_fact *gbps; /* of each demand as told; NAN: not known */
};

struct corridor_carry {
	double asked_gbps, carried_gbps; /* of what passes */
	double *share; /* of each demand: carried of asked; NAN: it does not pass */
	/* Segments on its ways that have no room left in a direction, the fullest load first. */
	uint32_t *full;
	size_t full_count;
};

/* All other demands go first, as much as they ask. What passes is `times` what it is as
 * told, and goes over us: all of it grows alike on the cheapest such way that has room, and goes over
 * to the next where one is full (CORRIDOR_FLOW_PRIORITY, unprotected). So it is what fills up by
 * itself; a planner might fit in some more. As told; arrays live in `arena`. 0; or -1 and errno as of
 * corridor_flow_new and corridor_flow_solve. */
int corridor_carry_of(struct corridor_carry *out, struct arena *arena,
		      const struct corridor_carry_ask *ask, double times);

/* The same at every corner of other demands and capacities (corridor_corners.h): what passes is as told
 * in each. Corners that come to the same share their arrays. */
struct corridor_carries {
	struct corridor_carry at[CORRIDOR_CORNERS];
};
int corridor_carry_corners(struct corridor_carries *out, struct arena *arena,
			   const struct corridor_carry_ask *ask, double times);

/* What of it is carried: as told, and the least and the most of all corners. */
struct corridor_range corridor_carry_range(const struct corridor_carries *carries);

/* So many times what passes as told that no more than this could cross us in any outlook: to ask how
 * much of such a mix there is room for at most. 0 when nothing passes. */
double corridor_carry_all(const struct corridor_carry_ask *ask);

/* Sums of what passes, by the share of each demand there is room for; the range is over all corners, with
 * ceilings low and high. The high bound counts whole what passes at other prices only. */
struct corridor_range corridor_carry_worth(const struct corridor_carries *carries,
					   const struct corridor_worth *worth, size_t demands);

/* What a candidate would give room for. */
struct corridor_carry_gain {
	uint32_t candidate;
	double gbps, gbps_per_musd; /* more of what passes; INFINITY for what costs nothing */
};

/* Each of the hub's candidates that is not there on the plan's day, built alone: those that give
 * room for more than `before` has, the most for its cost first. As corridor_carry_of. */
int corridor_carry_gains(struct corridor_carry_gain **out, size_t *count, struct arena *arena,
			 const struct corridor_carry_ask *ask, double times,
			 const struct corridor_carry *before);
