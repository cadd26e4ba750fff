/* Years of the corridor by chance: segments and causes fail and are mended, demands are laid anew at
 * each change; what of each demand is served, how long it is short, and how often a contract is
 * broken.
 *
 * A part fails after a time that is exponential at its rate; mending takes a time that is lognormal
 * about its mean. Cables at sea may have to wait for one of a few ships.
 *
 * The years are lived through at every corner of what demands and capacities rest on
 * (corridor/corridor_corners.h), with rates of failure low where demands are and high where they
 * are; numbers are those as told, ranges the least and the most of all. Each corner lives through a
 * fifth of the draws: most is laid where little fits. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_itinerary.h"

enum {
	CORRIDOR_SIMULATED_YEARS_MAX = 100000,   /* draws times years */
	CORRIDOR_SIMULATED_CELLS_MAX = 32 << 20, /* that times demands */
};

struct corridor_simulation_ask {
	struct corridor_flow_ask flow;
	uint32_t years, draws; /* at least 1; within the limits above */
	uint64_t seed;
	uint32_t ships; /* for all cables at sea; 0: as many as are wanted */
	double sigma;   /* of the logarithm of mending times; 0: always their mean */
	double sla;     /* availability in a month that contracts promise, 0 to 1; NAN: none */
};

/* Of one demand; short is what it is while less is served than without any failure. */
struct corridor_simulated_demand {
	double asked_gbps, served_gbps;     /* without failures */
	struct corridor_range availability; /* share of the time in which it is not short */
	struct corridor_range lost;         /* share of what is served without failures */
	double outages_year, longest_h;
	double p50_h, p90_h, p99_h;   /* hours a year in which it is short */
	struct corridor_range breach; /* share of months below the promise; NAN without one */
};

struct corridor_simulation {
	struct corridor_simulated_demand *demands; /* of the hub's */
	double failures_year, waits_h; /* a year; hours that one at sea waits for a ship, mean */
	struct corridor_range mean_gbit_h; /* Gbit/s times hours lost in a year */
	double p10_gbit_h, p50_gbit_h, p90_gbit_h;
	uint64_t changes; /* states gone through as told */
	size_t solved;    /* of them laid: the others are the same as one before */
	/* Of those parts that can fail, how many, and of how many the rate is an estimate. */
	uint32_t parts, estimates;
};

/* Demands are laid by priority (CORRIDOR_FLOW_PRIORITY) under each set of failures. Arrays live in
 * `arena`. 0; or -1 and errno: E2BIG beyond the limits, and those of corridor_flow_new. */
int corridor_simulate(struct corridor_simulation *out, struct arena *arena,
		      const struct corridor_simulation_ask *ask);
