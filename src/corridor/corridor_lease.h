/* Candidates that are leased: paid month by month for a term, used or not, and there for that long. An IRU
 * is both, a sum at once and a lease. */
#pragma once

#include "corridor/corridor_itinerary.h"
#include "hub/hub.h"

/* How long a candidate lasts, in years; the last of them may be a part of one. */
unsigned corridor_candidate_years(const struct hub_candidate *candidate);
/* What of the last of these years it is there, above 0 and at most 1. */
double corridor_candidate_last_year(const struct hub_candidate *candidate);

/* What so many months at that price are worth today, paid at the end of each year; `discount` a year,
 * above -1. */
double corridor_lease_worth(double usd_month, unsigned months, double discount);

/* What something costs in US dollars: at once, its lease as it is worth today, and both. */
struct corridor_cost {
	struct corridor_range capex_usd, lease_usd, usd;
};
struct corridor_cost corridor_candidate_cost(const struct hub *hub,
					     const struct hub_candidate *candidate);
/* Several lie between all of them low and all high. */
void corridor_cost_add(struct corridor_cost *sum, const struct corridor_cost *cost);
