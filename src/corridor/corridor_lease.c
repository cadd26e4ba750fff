/* Leased candidates. */
#include "corridor/corridor_lease.h"

#include <assert.h>

#include "corridor/corridor_plan.h"
#include "corridor/corridor_venture.h"

enum { YEAR_MONTHS = 12 };

unsigned
corridor_candidate_years(const struct hub_candidate *candidate)
{
	assert(candidate);
	unsigned months = candidate->lease_months;
	return months ? (months + YEAR_MONTHS - 1) / YEAR_MONTHS : candidate->years;
}

double
corridor_candidate_last_year(const struct hub_candidate *candidate)
{
	assert(candidate);
	unsigned months = candidate->lease_months % YEAR_MONTHS;
	return months ? (double)months / YEAR_MONTHS : 1;
}

double
corridor_lease_worth(double usd_month, unsigned months, double discount)
{
	struct corridor_venture lease = {
		.phases = 1,
		.years = (months + YEAR_MONTHS - 1) / YEAR_MONTHS,
		.lease_usd_month = usd_month,
		.lease_months = months,
		.discount = discount,
	};
	return -corridor_venture_npv(&lease);
}

struct corridor_range
corridor_candidate_cost(const struct hub *hub, const struct hub_candidate *c)
{
	assert(hub && c);
	double discount = hub->corridor.discount_percent / 100;
	struct corridor_fact capex = corridor_fact_of(c->capex_musd, &c->basis);
	struct corridor_fact lease = corridor_fact_of(c->lease_usd_month, &c->lease);
	double months = corridor_lease_worth(1, c->lease_months, discount);
	return (struct corridor_range){
		1e6 * capex.value + months * lease.value,
		1e6 * capex.low + months * lease.low,
		1e6 * capex.high + months * lease.high,
	};
}
