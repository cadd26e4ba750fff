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

/* A fact so many times. */
static struct corridor_range
times(const struct corridor_fact *fact, double factor)
{
	return (struct corridor_range){factor * fact->value, factor * fact->low,
				       factor * fact->high};
}

static struct corridor_range
plus(struct corridor_range a, struct corridor_range b)
{
	return (struct corridor_range){a.value + b.value, a.low + b.low, a.high + b.high};
}

struct corridor_cost
corridor_candidate_cost(const struct hub *hub, const struct hub_candidate *c)
{
	assert(hub && c);
	double discount = hub->corridor.discount_percent / 100;
	struct corridor_fact capex = corridor_fact_of(c->capex_musd, &c->basis);
	struct corridor_fact month = corridor_fact_of(c->lease_usd_month, &c->lease);
	struct corridor_cost cost = {
		.capex_usd = times(&capex, 1e6),
		.lease_usd = times(&month, corridor_lease_worth(1, c->lease_months, discount)),
	};
	cost.usd = plus(cost.capex_usd, cost.lease_usd);
	return cost;
}

void
corridor_cost_add(struct corridor_cost *sum, const struct corridor_cost *cost)
{
	assert(sum && cost);
	sum->capex_usd = plus(sum->capex_usd, cost->capex_usd);
	sum->lease_usd = plus(sum->lease_usd, cost->lease_usd);
	sum->usd = plus(sum->usd, cost->usd);
}
