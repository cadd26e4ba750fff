/* The price map: what a Mbit/s costs a month at each site on a day, told there or brought there
 * over segments from a place where it is told and cheaper. */
#pragma once

#include "corridor/corridor_plan.h"

struct corridor_site_price {
	/* US dollars per Mbit/s and month, the cheapest there is; NAN when no price can be had. Its
	 * bounds are those of the cheapest when all prices are low, and when all are high. */
	struct corridor_grounds price;
	uint32_t row;   /* of the hub's prices: with which it begins; HUB_NONE: no price */
	uint32_t from;  /* the site where that holds; HUB_NONE */
	uint32_t steps; /* segments and rows between two places from there; 0: told here */
	struct corridor_fact
		told;      /* what is told of the site itself, dearer or not; NAN: nothing */
	uint32_t told_row; /* HUB_NONE */
};

struct corridor_prices_ask {
	const struct corridor_plan *plan;             /* of the day */
	const struct corridor_conditions *conditions; /* without `require`; NULL: none */
	struct utc_s now; /* prices without a day are of today, and fall until the plan's day */
};

/* A row from one place to another whose product names transit is a price at the second; of any
 * other product it is a way between both, either way round. Over which segments such a way goes is
 * not known: conditions that close any leave it out. Of rows for one thing one holds
 * (corridor_price_better). `out` has room for all sites of the hub. 0; or -1 and errno: EINVAL when
 * the graph is too large, ENOMEM. */
int corridor_prices_of(struct corridor_site_price *out, const struct corridor_prices_ask *ask);
