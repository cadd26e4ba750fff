/* What to lease after a cut, for so many days: which room on which other segments brings back what
 * stops, for the least money by the segments' prices. Nobody who does not cross the cut is moved, and
 * what is taken is room that they leave. */
#pragma once

#include "corridor/corridor_whatif.h"

/* Part of a demand that is brought back over one way. */
struct corridor_leased_way {
	uint32_t demand;
	uint64_t bps;
	uint32_t first, count;       /* its segments, in order of travel: segments[first] ... */
	double usd_mbps_month;       /* as told: those that cost least come first */
	struct corridor_grounds usd; /* for all the days */
};

struct corridor_leased_segment {
	uint32_t segment;
	uint64_t there_bps, back_bps; /* from its end a to b, and back */
	struct corridor_grounds usd;
};

struct corridor_leases {
	uint64_t stops_bps, back_bps; /* what stops, and what of it can be brought back */
	uint64_t fixed_bps; /* of what stops, by demands that contracts allow no other way */
	struct corridor_grounds usd;
	bool optimal; /* nothing brings as much back for less; false: CLP is not there */
	struct corridor_leased_way *ways; /* the cheapest first */
	size_t way_count;
	const uint32_t *segments;
	struct corridor_leased_segment *leased; /* the dearest first */
	size_t leased_count;
};

/* In `arena`. `ask` is that of the what-if, which has to be told a cut again afterwards. 0, or -1 and
 * errno as corridor_flow_new and corridor_flow_solve. */
int corridor_whatif_lease(struct corridor_leases *out, struct arena *arena,
			  struct corridor_whatif *whatif, const struct corridor_flow_ask *ask,
			  const struct corridor_named *names, size_t count, unsigned days);
