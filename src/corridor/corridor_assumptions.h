/* The numbers that an answer about money rests on, one by one, each with its bounds; and a world in
 * which they have other values than those that were told.
 *
 *   plan ──► corridor_assumptions_of ──► numbers with low and high
 *   a value for each ──► corridor_world_set ──► prices, traffic, capacities, rates, costs
 *
 * What was told once counts once: the prices of all segments that one row of prices names move
 * together, and so do those of all that nobody told, which are reckoned from their length. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_plan.h"

enum corridor_assumed {
	CORRIDOR_ASSUMED_TRAFFIC,    /* Gbit/s of a demand on the day */
	CORRIDOR_ASSUMED_PRICE,      /* a row of prices, as it is written */
	CORRIDOR_ASSUMED_LAND_PRICE, /* of 1000 km: of segments whose price nobody told */
	CORRIDOR_ASSUMED_SEA_PRICE,
	CORRIDOR_ASSUMED_EROSION,  /* percent a year */
	CORRIDOR_ASSUMED_GROWTH,   /* percent a year, of demands without their own */
	CORRIDOR_ASSUMED_CAPACITY, /* Tbit/s of a segment */
	CORRIDOR_ASSUMED_CAPEX,    /* millions of US dollars, of a candidate */
	CORRIDOR_ASSUMED_OPEX,     /* of that, percent a year */
	CORRIDOR_ASSUMED_LEASE,    /* US dollars a month, of a candidate that is leased */
	CORRIDOR_ASSUMED_DISCOUNT, /* percent a year */
};

struct corridor_assumption {
	enum corridor_assumed kind;
	uint32_t index; /* demand, row, segment or candidate */
	struct corridor_fact fact;
};

struct corridor_assumptions {
	const struct corridor_plan *plan;
	struct utc_s now;           /* from when demands grow */
	const uint32_t *row;        /* of each segment: of the hub's prices; HUB_NONE: by length */
	struct corridor_fact *gbps; /* of each demand on the day; NAN: not known */
	struct corridor_assumption *all;
	size_t count;
};

/* Which numbers an answer can rest on besides traffic and prices. */
struct corridor_assumptions_ask {
	struct corridor_flow_ask flow;
	const bool *segments;       /* whose capacities count; NULL: none */
	const uint32_t *candidates; /* whose costs count: then the rates count in any case */
	size_t candidate_count;
};

/* Numbers that are known; one whose bounds are the same is left out. Rates of which nobody told
 * bounds lie between two thirds and one and a half times what is assumed, shares of costs as an
 * estimate does. Arrays live in `arena`. 0, or -1 without memory. */
int corridor_assumptions_of(struct corridor_assumptions *out, struct arena *arena,
			    const struct corridor_assumptions_ask *ask);

/* A world: what is there when the assumptions have certain values. */
struct corridor_world {
	double *gbps;                                        /* of each demand; 0: not known */
	double *price;                                       /* of each segment */
	double *most_gbps;                                   /* of each segment, each direction */
	double *capex_musd, *opex_percent, *lease_usd_month; /* of each candidate */
	double growth_percent, erosion_percent, discount_percent; /* a year */
};

/* Arrays for a hub; 0, or -1 without memory. */
int corridor_world_init(struct corridor_world *world, struct arena *arena, const struct hub *hub);
/* `values` holds one of each assumption. */
void corridor_world_set(struct corridor_world *world,
			const struct corridor_assumptions *assumptions, const double *values);
