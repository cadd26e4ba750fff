/* Money over years. A flow is what comes in (above 0) and goes out (below) year by year: flow[0] at
 * once, flow[k] after k years. Amounts are US dollars, or millions of them, as plans have them: in
 * doubles, since no plan is good to the cent. What is owed is reckoned by the ledger, in integers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { CORRIDOR_FLOW_MAX = 128 }; /* amounts of a flow */

/* What the flow is worth at once: the sum of flow[k] / (1 + rate)^k. `rate` is above -1: 0.1 is ten
 * percent a year. */
double corridor_money_npv(const double *flow, size_t count, double rate);

/* The first year by whose end the discounted flow has come to 0 or more; -1: none has. A flow may
 * fall below again, when what it costs comes late. */
int corridor_money_payback(const double *flow, size_t count, double rate);

/* Every rate at which a flow is worth nothing. An investment, money out and then in, has one; a
 * flow that changes its sign more often may have several, or none. */
struct corridor_irr {
	size_t count;
	double rates[CORRIDOR_FLOW_MAX]; /* above -1, ascending */
};

/* At most CORRIDOR_FLOW_MAX amounts, all finite. A flow of zeros has none: any rate would do. */
void corridor_money_irr(struct corridor_irr *out, const double *flow, size_t count);

/* US dollars a year for `gbps` at `price` US dollars per Mbit/s and month. */
double corridor_money_a_year(double gbps, double price);
/* The Gbit/s that bring `usd_a_year` at that price; infinite at none. */
double corridor_money_gbps_for(double usd_a_year, double price);
/* A price that falls by `erosion` (0.15: fifteen percent) a year, after `years`; before, if they
 * are below 0. */
double corridor_money_eroded(double price, double erosion, double years);
