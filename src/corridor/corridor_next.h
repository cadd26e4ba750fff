/* Where next: what the corridor gains when candidates are built, alone or together.
 *
 *   hub's candidates ──► corridor_next_weigh(a set of them) ──► struct corridor_outcome
 *   outcomes ──► corridor_next_gain(with, without) ──► ranking, pairs, corridor_next_choose
 *
 * The base is the corridor on the day asked for with none of the candidates, save those that carry
 * traffic already. Demands are laid as much as can be served at the least price (CORRIDOR_FLOW_COST;
 * filled fairly if CLP is not there). What a candidate takes in is what its segments then carry, at
 * their prices. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_lease.h"
#include "corridor/corridor_plan.h"

enum {
	CORRIDOR_SET_MAX = 64,          /* candidates built together */
	CORRIDOR_NEXT_SETS = 4096,      /* weighed for a budget, at most: fewer in large hubs */
	CORRIDOR_NEXT_SETS_SLOWLY = 64, /* by availability */
};

enum corridor_gain {
	CORRIDOR_GAIN_AVAILABILITY, /* hours a year less that a bit of the demands has no way */
	CORRIDOR_GAIN_TRAFFIC,      /* Gbit/s more that are served */
	CORRIDOR_GAIN_LATENCY,      /* ms less, there and back, of a bit of the demands */
	CORRIDOR_GAIN_REVENUE,      /* US dollars a year for the candidates' segments */
	CORRIDOR_GAIN_NPV,          /* US dollars */
	CORRIDOR_GAINS,
};

/* "availability", "traffic", "latency", "revenue", "npv" */
const char *corridor_gain_word(enum corridor_gain gain);

struct corridor_next_ask {
	const struct corridor_plan *plan;             /* of the day asked for */
	const struct corridor_plan *today;            /* what is built already */
	const struct corridor_conditions *conditions; /* without `require`; NULL: none */
	struct utc_s now;                             /* from when demands grow */
	const struct traffic_batch *batch;            /* as in struct corridor_flow_ask */
};

/* What is to be reckoned besides what is served and what comes of it. */
struct corridor_next_depth {
	bool ranges;       /* demands, capacities, prices and costs at their bounds */
	bool availability; /* takes far longer than all the rest */
};

struct corridor_outcome {
	double asked_gbps;
	double served_gbps[CORRIDOR_CORNERS]; /* NAN beyond what is told without ranges */
	double down_h, down_error_h;          /* and how far off that may be; NAN: not reckoned */
	double ms;                            /* the shortest ways, of what has one in the base */
	double linked_gbps;                   /* of demands that have a way at all */
	struct corridor_cost cost;
	struct corridor_range usd_a_year, npv_usd;
	double irr;  /* NAN: none, or several */
	int payback; /* years until discounted costs are covered; -1: never */
	double even; /* prices at which it breaks even, as a share of those told; NAN: none */
	/* Of one candidate by itself, sold from end to end: what must be sold from the first year on
	 * at its price, and the least price if it is full from then on; NAN: of several, or never. */
	double even_gbps, even_price;
	double estimated; /* part of usd_a_year that rests on estimated prices */
	bool optimal;     /* false: without CLP, demands were filled */
};

struct corridor_next;

/* NULL and errno: ENOMEM, and those of corridor_flow_new and corridor_flow_solve. */
struct corridor_next *corridor_next_new(const struct corridor_next_ask *ask,
					struct corridor_next_depth depth);
void corridor_next_free(struct corridor_next *next);

/* The hub's candidates that are not built yet, ascending. */
const uint32_t *corridor_next_open(const struct corridor_next *next, size_t *count);
/* Nothing built. */
const struct corridor_outcome *corridor_next_base(const struct corridor_next *next);
/* Do two candidates share a segment? Then they are not built together. */
bool corridor_next_overlap(const struct corridor_next *next, uint32_t a, uint32_t b);

/* A set, at most CORRIDOR_SET_MAX, no two of which overlap. 0; or -1 and errno as above. */
int corridor_next_weigh(struct corridor_outcome *out, struct corridor_next *next,
			const uint32_t *set, size_t count, struct corridor_next_depth depth);

/* How much better `with` is than `without`: 0 when they are nearer than they are known. */
double corridor_next_gain(enum corridor_gain gain, const struct corridor_outcome *with,
			  const struct corridor_outcome *without);

/* Gbit/s more that are served when demands are high and capacities low; NAN without ranges. */
double corridor_next_gain_at_worst(const struct corridor_outcome *with,
				   const struct corridor_outcome *without);

/* What may be had for a budget. */
struct corridor_choice {
	uint32_t set[CORRIDOR_SET_MAX];
	size_t count;
	struct corridor_outcome outcome;
	size_t tried; /* sets that were weighed */
	bool all;     /* no set that fits the budget may be better: it is the best */
	double bound; /* no set gains more; NAN: not known, as for the greedy */
};

/* The best set by a gain whose costs, as told, are within `budget_usd`: first always that which
 * brings most per dollar on top of those before (greedy), then by branch and bound while the limit of
 * sets lasts. Of equals the cheaper. 0; or -1 and errno. */
int corridor_next_choose(struct corridor_choice *greedy, struct corridor_choice *best,
			 struct corridor_next *next, enum corridor_gain gain, double budget_usd);
