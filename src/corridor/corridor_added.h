/* What something that is laid changes: the corridor with it beside the same corridor without it. It may be there already, be planned,
 * or stand in nobody's plans but the asker's.
 *
 *   segments ──► conditions without them ──┬──► pairs of sites: way, room, how often connected
 *            └─► conditions with them ─────┼──► demands: who gets more, is faster, goes another way
 *                                          ├──► countries: what crosses each
 *                                          └──► money: what is paid, what of it for them, the toll ceiling */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_revenue.h"
#include "corridor/corridor_whatif_change.h"
#include "corridor/corridor_worth.h"

enum corridor_added_side { CORRIDOR_ADDED_WITHOUT, CORRIDOR_ADDED_WITH, CORRIDOR_ADDED_SIDES };

struct corridor_added_ask {
	/* Of everything that is looked at: without `require`; neither `with` nor `without` has what is laid. The measure is that of
	 * demands' ways. */
	struct corridor_flow_ask flow;
	const uint32_t *segments; /* what is laid; of known length */
	size_t segment_count;
	const struct corridor_ends *pairs; /* to look at; the ends of a pair differ */
	size_t pair_count;
	/* Names of countries: each pair is looked at once more, avoiding these. None: it is not. */
	const uint32_t *avoid;
	size_t avoid_count;
};

/* Two sites, on one side. */
struct corridor_added_look {
	bool linked;                  /* there is a way: the shortest is told */
	bool over;                    /* it goes over what is laid */
	struct corridor_range km, ms; /* there; there and back. Of a pair that is not linked NAN */
	double estimated;             /* of the kilometres, a share: 0 to 1 */
	struct corridor_range room_gbps; /* if nobody else took any */
	struct corridor_range connected; /* share of the time, over whatever way */
};

struct corridor_added_pair {
	struct corridor_ends ends;
	bool avoiding;
	struct corridor_added_look sides[CORRIDOR_ADDED_SIDES];
};

/* A country, and the traffic that crosses it, begins or ends there. */
struct corridor_added_country {
	uint32_t name; /* of the plan's class of countries */
	double gbps[CORRIDOR_ADDED_SIDES];
};

struct corridor_added {
	struct corridor_added_pair *pairs; /* each, then if asked the same avoiding */
	size_t pair_count;
	struct corridor_change change;            /* demands that it concerns */
	double served_gbps[CORRIDOR_ADDED_SIDES]; /* as told, by priority */
	double laid_gbps;                         /* that goes over what is laid, anywhere */
	struct corridor_added_country
		*countries; /* that anything crosses on either side, in the plan's order */
	size_t country_count;
	struct corridor_revenue revenue[CORRIDOR_ADDED_SIDES];
	struct corridor_range takes_usd; /* a year, by the segments that are laid */
	struct corridor_worth worth;     /* of passing them, by price */
};

/* Lists live in the arena. 0; or -1 and errno, as of corridor_whatif_new and corridor_revenue_of. */
int corridor_added_of(struct corridor_added *out, struct arena *arena,
		      const struct corridor_added_ask *ask);

/* Where a chain of segments begins and ends: the two sites that an odd number of them has. False when that are not two. */
bool corridor_added_ends(struct corridor_ends *out, const struct corridor_graph *graph,
			 const uint32_t *segments, size_t count);
