/* What must be carried to earn a sum a year, beside what there is to carry. */
#pragma once

struct corridor_target {
	double usd_a_year; /* to be earned */
	double price;      /* US dollars per Mbit/s and month, today */
	double gbps;       /* that there is today */
	double growth;     /* of that a year: 0.2 is twenty percent */
	double erosion;    /* of the price a year */
};

/* Gbit/s that would earn it today; infinite at no price. */
double corridor_target_gbps(const struct corridor_target *target);
/* Years until all there is earns it; 0: it does today; NAN: never, since prices fall as fast as
 * traffic grows, or faster. */
double corridor_target_years(const struct corridor_target *target);
