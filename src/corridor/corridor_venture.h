/* A thing that is built, filled with traffic, and sold by the Mbit/s: what it brings year by year,
 * and at which price or filling it pays for itself. */
#pragma once

#include <stddef.h>

#include "corridor/corridor_money.h"

enum { CORRIDOR_PHASES_MAX = 16 };

struct corridor_venture {
	/* What building costs, US dollars: the first part at once, the next a year later. Traffic
	 * runs in the year after the last. */
	double capex[CORRIDOR_PHASES_MAX];
	size_t phases;
	double opex; /* what running it costs a year, as a share of all that was built */
	/* Paid month by month from the first year of running, at the end of each: of the last year for
	 * its months. At most 12 * years. */
	double lease_usd_month;
	unsigned lease_months;
	double last_year; /* what of its last year it runs, to 1; 0: all */
	unsigned years;   /* that it runs; with the phases at most CORRIDOR_FLOW_MAX */
	double gbps;      /* sold in the first year of running, were it filled at once */
	double price;     /* US dollars per Mbit/s and month in that year */
	double growth;    /* of gbps a year: 0.2 is twenty percent */
	double erosion;   /* of the price a year */
	double most_gbps; /* that it can carry; 0: no bound */
	unsigned
		ramp_years; /* it fills evenly over so many: a third, two thirds, all. 0: at once */
	double discount;    /* what money costs a year, above -1 */
};

/* Writes the flow, at most CORRIDOR_FLOW_MAX amounts; returns their number. */
size_t corridor_venture_flow(double flow[CORRIDOR_FLOW_MAX],
			     const struct corridor_venture *venture);
double corridor_venture_npv(const struct corridor_venture *venture);

/* The price in the first year at which it is worth nothing more than it costs; NAN when it carries
 * nothing. */
double corridor_venture_break_even_price(const struct corridor_venture *venture);
/* The Gbit/s in the first year at which it is; NAN when no filling would do. */
double corridor_venture_break_even_gbps(const struct corridor_venture *venture);
