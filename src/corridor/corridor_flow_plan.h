/* The demands of a hub and the segments of a plan as an instance of flow: what traffic grows to by
 * the plan's day, what members were measured to have, which segments who may use. */
#pragma once

#include "corridor/corridor_flow.h"
#include "corridor/corridor_load.h"
#include "corridor/corridor_plan.h"
#include "corridor/corridor_state.h"

/* Which end of the bounds of what it rests on. */
enum corridor_outlook {
	CORRIDOR_AS_TOLD,
	CORRIDOR_AT_EASE,  /* demands low, capacities high */
	CORRIDOR_AT_WORST, /* demands high, capacities low */
	/* What a failure takes is most where there was room for much: for that both low and both
	 * high are looked at, too. */
	CORRIDOR_ALL_LOW,
	CORRIDOR_ALL_HIGH,
	CORRIDOR_CORNERS,
};

struct corridor_flow_ask {
	const struct corridor_plan *plan;
	const struct corridor_conditions *conditions; /* without `require` */
	enum corridor_measure measure;                /* of costs */
	struct utc_s now;                             /* from when demands grow */
	const struct traffic_batch *batch; /* what members were measured to have; NULL: not known */
	/* Of each segment; what is drained or worked on is used only where there is no other way.
	 * What is cut is so by the plan. NULL: all are up. */
	const enum corridor_live *live;
	bool unsplit; /* every demand goes one way, not only those that say so */
};

/* Where a demand's rate comes from. */
enum corridor_demand_state {
	CORRIDOR_DEMAND_TOLD,
	CORRIDOR_DEMAND_MEASURED,
	CORRIDOR_DEMAND_UNKNOWN, /* a member's that was not measured: it asks for nothing */
};

struct corridor_flow_case {
	struct corridor_flow_instance instance; /* demands as in the hub */
	enum corridor_demand_state *states;
	struct corridor_fact *gbps; /* of each demand on the day; NAN when unknown */
};

/* The instance of an outlook or corner; lives in the arena, and as long as the plan. 0; or -1 and
 * errno: EOVERFLOW when a demand is above CORRIDOR_FLOW_BPS_MAX, ENOMEM. */
int corridor_flow_case_of(struct corridor_flow_case *out, struct arena *arena,
			  const struct corridor_flow_ask *ask, enum corridor_outlook outlook);

/* As much as can be served at the least cost, everybody split as it is best; where CLP is not there, demands fill their cheapest
 * ways, and *optimal is false. The flow is *work's, which is to be freed in any case. NULL and errno
 * as of corridor_flow_new and corridor_flow_solve. */
const struct corridor_flow *corridor_flow_cheapest(struct corridor_flow_work **work, bool *optimal,
						   const struct corridor_flow_instance *instance);

/* By how much a demand has grown from `now` to the day that was asked for; below 1 for a day that
 * is past. */
double corridor_demand_growth(const struct corridor_plan *plan, const struct hub_demand *demand,
			      struct utc_s now);
