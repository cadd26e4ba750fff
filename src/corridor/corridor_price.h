/* A price of the hub's list on a day. Prices fall, so one that belongs to another day is taken to
 * this one by the rate that `corridor` assumes; how fast prices fall there nobody told, so the rate
 * lies between two thirds of it and one and a half times it. */
#pragma once

#include "corridor/corridor_plan.h"

/* The fact after `years` (before, if below 0); derived from then on, when it is more than a month. */
struct corridor_fact corridor_price_eroded(struct corridor_fact price, double erosion_percent,
					   double years);

/* What a row is on a day. A row without a day is as written on every day. */
struct corridor_fact corridor_price_on(const struct hub_corridor_price *row, double erosion_percent,
				       struct utc_s day);

/* Of two rows for the same thing the one that tells more of the day: the last that is not after it,
 * else the first after it; of the same day the cheaper. `a` when they are alike, or `b` is NULL. */
const struct hub_corridor_price *corridor_price_better(const struct hub_corridor_price *a,
						       const struct hub_corridor_price *b,
						       struct utc_s day);

/* The row that tells the price of a segment on a day; NULL: none does. */
const struct hub_corridor_price *corridor_price_of_segment(const struct hub *hub, uint32_t segment,
							   struct utc_s day);

/* What is left of a price after `years` of erosion; before, if they are below 0. */
double corridor_price_factor(double erosion_percent, double years);
