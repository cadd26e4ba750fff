/* What caches and on-ramps near the users take off the corridor: how much of each content network's
 * traffic, off which segments, and what that saves. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_plan.h"
#include "hub/traffic.h"

/* Where the traffic of a content network comes from. */
enum corridor_content_state {
	CORRIDOR_CONTENT_TOLD,
	CORRIDOR_CONTENT_MEASURED,
	CORRIDOR_CONTENT_UNKNOWN, /* neither told nor measured: it takes nothing off */
};

struct corridor_content {
	enum corridor_content_state state;
	struct corridor_range gbps;       /* from outside today; NAN: not known */
	struct corridor_range hits;       /* share of it that would be near, 0 to 1 */
	bool modelled;                    /* hits by corridor_cache_hits */
	struct corridor_range off;        /* Gbit/s taken off the corridor */
	double local_before, local_after; /* shares of all that users take of it */
	/* The cheapest way that it comes by; no segments: there is none, and nothing is taken off. */
	const uint32_t *way;
	size_t way_count;
	struct corridor_range price;      /* US dollars per Mbit/s and month that are saved */
	struct corridor_range usd_a_year; /* saved, less what it costs */
	double cost_usd_a_year;
	bool estimated; /* the traffic, the hits or the price rest on an estimate */
};

struct corridor_contents {
	struct corridor_content *all; /* of each of the hub's content networks */
	struct corridor_range *off;   /* of each segment, Gbit/s */
	struct corridor_range gbps, off_gbps, usd_a_year; /* of those that are taken in */
	double estimated;                                 /* US dollars of usd_a_year */
	double local_before, local_after; /* shares of what users take of all of them */
};

struct corridor_content_ask {
	const struct corridor_plan *plan;
	const struct corridor_conditions *conditions; /* without `require`; NULL: none */
	const struct traffic_batch *batch;            /* a bin that was measured; NULL: none */
	const double *told_gbps; /* of each content network: instead of the file; NAN: as
					    * the file has it; NULL: of none */
	const bool *taken;       /* which are built; NULL: all */
	struct utc_s now;        /* prices without a day are of today */
};

/* Traffic is not let grow. What is saved is the price of transit at the users' site (corridor_prices_of), or where
 * none is known there that of the way. Arrays live in `arena`. 0; or -1 and errno: EINVAL, ENOMEM. */
int corridor_content_of(struct corridor_contents *out, struct arena *arena,
			const struct corridor_content_ask *ask);

/* The share of hits of its cache, were it of another size; NAN when the catalogue is not told. */
double corridor_content_hits_at(const struct hub_content *content, double cache_tb);
