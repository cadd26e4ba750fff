/* What traffic brings, shared out among the segments that carry it. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_itinerary.h"

struct corridor_revenue {
	struct corridor_range *usd_a_year; /* of each of the hub's segments */
	double *gbps;                      /* that it carries, both directions together */
	struct corridor_range total_usd;
	double estimated; /* part of total_usd that rests on an estimate of traffic or price */
	double asked_gbps, served_gbps;
	bool optimal; /* as of corridor_flow_cheapest */
};

/* Demands are laid as much as can be served at the least price. Each pays for its way the prices of
 * its segments, or what it is told to pay, which is then shared in proportion to these (by length,
 * where all are 0). Bounds: all corners (corridor_corners.h), prices
 * low and high. Costs are BY_PRICE whatever ask->measure
 * is. Arrays live in `arena`. 0; or -1 and errno as of corridor_flow_cheapest. */
int corridor_revenue_of(struct corridor_revenue *out, struct arena *arena,
			const struct corridor_flow_ask *ask);

/* What the segments with a name of a class take in; what has several names of the class is shared
 * evenly among them. */
struct corridor_range corridor_revenue_sum(const struct corridor_revenue *revenue,
					   const struct corridor_plan *plan,
					   enum corridor_class class, uint32_t name);
