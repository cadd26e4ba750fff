/* A set of candidates as an investment: each direction of their segments is filled as the flow has
 * it in the first year, grows with the demands on it up to its capacity, and is sold at the
 * segment's price, which erodes. It is closed when running it on would cost more than it will ever
 * take in, as of that day. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_lease.h"
#include "corridor/corridor_next_parts.h"
#include "corridor/corridor_venture.h"

struct deal {
	double costs[CORRIDOR_FLOW_MAX], takes[CORRIDOR_FLOW_MAX];
	double lease[CORRIDOR_FLOW_MAX]; /* owed whether it runs or not */
	size_t years;                    /* amounts of each */
	double usd_a_year, estimated;
};

/* Of each candidate of a set: each is closed by itself. */
struct deals {
	struct deal *all;
	size_t count;
	double discount;
};

static double
at_end(const struct corridor_fact *fact, enum corridor_deal_end end, bool cost)
{
	if (end == CORRIDOR_DEAL_TOLD)
		return fact->value;
	return (end == CORRIDOR_DEAL_RICH) == cost ? fact->low : fact->high;
}

/* By how much the traffic on each arc grows a year, as a sum over its ways of rate times growth. */
static double *
growths(const struct corridor_takings *t)
{
	const struct hub *hub = t->plan->hub;
	double *sum = calloc(2 * hub->segment_count + 1, sizeof(*sum));
	for (size_t i = 0; sum && i < t->flow->way_count; i++) {
		const struct corridor_flow_way *way = &t->flow->ways[i];
		double percent = hub->demands[way->demand].growth_percent;
		percent = isnan(percent) ? hub->corridor.growth_percent : percent;
		for (uint32_t k = 0; k < way->count; k++)
			sum[t->flow->arcs[way->first + k]] += (double)way->bps * percent / 100;
	}
	return sum;
}

static void
add_arc(struct deal *deal, const struct corridor_takings *t, const struct hub_candidate *candidate,
	uint32_t arc, const double *growth, enum corridor_deal_end end)
{
	const struct hub_corridor *assumed = &t->plan->hub->corridor;
	const struct corridor_fact *price = &t->plan->segments[arc / 2].price;
	double load = (double)t->flow->load_bps[arc], flow[CORRIDOR_FLOW_MAX];
	if (load <= 0)
		return;
	struct corridor_venture venture = {
		.phases = 1,
		.years = corridor_candidate_years(candidate),
		.last_year = corridor_candidate_last_year(candidate),
		.gbps = load / 1e9,
		.price = at_end(price, end, false),
		.growth = growth[arc] / load,
		.erosion = assumed->erosion_percent / 100,
		.most_gbps = (double)t->instance->capacity_bps[arc] / 1e9,
	};
	size_t count = corridor_venture_flow(flow, &venture);
	for (size_t i = 0; i < count; i++)
		deal->takes[i] += flow[i];
	double usd = corridor_money_a_year(venture.gbps, venture.price);
	deal->usd_a_year += usd;
	deal->estimated += price->basis == HUB_ESTIMATED ? usd : 0;
}

static void
reckon(struct deal *deal, const struct corridor_takings *t, const struct hub_candidate *c,
       const double *growth, enum corridor_deal_end end)
{
	struct corridor_fact capex = corridor_fact_of(c->capex_musd, &c->basis);
	struct corridor_fact month = corridor_fact_of(c->lease_usd_month, &c->lease);
	struct corridor_venture costs = {
		.capex = {1e6 * at_end(&capex, end, true)},
		.phases = 1,
		.opex = c->opex_percent / 100,
		.years = corridor_candidate_years(c),
		.last_year = corridor_candidate_last_year(c),
	};
	struct corridor_venture lease = {
		.phases = 1,
		.years = costs.years,
		.lease_usd_month = at_end(&month, end, true),
		.lease_months = c->lease_months,
	};
	deal->years = corridor_venture_flow(deal->costs, &costs);
	(void)corridor_venture_flow(deal->lease, &lease);
	for (size_t i = 0; i < deal->years; i++) {
		deal->costs[i] = -deal->costs[i];
		deal->lease[i] = -deal->lease[i];
	}
	for (size_t s = 0; s < c->segment_count; s++) {
		if (!t->taken[c->segments[s]])
			continue;
		add_arc(deal, t, c, 2 * c->segments[s], growth, end);
		add_arc(deal, t, c, 2 * c->segments[s] + 1, growth, end);
	}
}

/* 0, or -1 without memory; free deals->all. */
static int
reckon_all(struct deals *deals, const struct corridor_takings *t, enum corridor_deal_end end)
{
	double *growth = growths(t);
	*deals = (struct deals){
		.all = calloc(t->count + 1, sizeof(*deals->all)),
		.count = t->count,
		.discount = t->plan->hub->corridor.discount_percent / 100,
	};
	bool good = growth && deals->all;
	for (size_t i = 0; good && i < t->count; i++)
		reckon(&deals->all[i], t, &t->plan->hub->candidates[t->set[i]], growth, end);
	free(growth);
	if (good)
		return 0;
	free(deals->all);
	return -1;
}

static double
usd_a_year(const struct deals *deals)
{
	double usd = 0;
	for (size_t i = 0; i < deals->count; i++)
		usd += deals->all[i].usd_a_year;
	return usd;
}

/* After how many of its years a deal is closed: when what is still to come would only lose. */
static size_t
years_of(const struct deal *deal, double discount, double prices)
{
	double sum = 0, best = 0, today = 1;
	size_t years = deal->years < 1 ? deal->years : 1;
	for (size_t k = 1; k < deal->years; k++) {
		today /= 1 + discount;
		sum += today * (prices * deal->takes[k] - deal->costs[k]);
		if (sum > best) {
			best = sum;
			years = k + 1;
		}
	}
	return years;
}

/* All amounts, each candidate's up to where it is closed, and its lease to the end, at so many times the
 * prices. */
static size_t
flow_of(double flow[CORRIDOR_FLOW_MAX], const struct deals *deals, double prices)
{
	size_t count = 0;
	memset(flow, 0, CORRIDOR_FLOW_MAX * sizeof(*flow));
	for (size_t i = 0; i < deals->count; i++) {
		const struct deal *deal = &deals->all[i];
		size_t years = years_of(deal, deals->discount, prices);
		for (size_t k = 0; k < years; k++)
			flow[k] += prices * deal->takes[k] - deal->costs[k];
		for (size_t k = 0; k < deal->years; k++) {
			flow[k] -= deal->lease[k];
			years = deal->lease[k] > 0 && k >= years ? k + 1 : years;
		}
		count = years > count ? years : count;
	}
	return count;
}

static double
worth_at(const struct deals *deals, double prices)
{
	double flow[CORRIDOR_FLOW_MAX];
	size_t years = flow_of(flow, deals, prices);
	return corridor_money_npv(flow, years, deals->discount);
}

/* The share of its prices at which it is worth nothing; NAN when it takes in nothing. The worth
 * never falls as they rise. */
static double
break_even(const struct deals *deals)
{
	double low = 0, high = 1;
	if (usd_a_year(deals) <= 0)
		return NAN;
	while (worth_at(deals, high) < 0 && high < 1e12)
		high *= 2;
	for (int i = 0; i < 100; i++) {
		double middle = low + (high - low) / 2;
		if (worth_at(deals, middle) < 0)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* One candidate sold from end to end, both ways together, as if it were a venture of its own. */
static void
take_break_even(struct corridor_outcome *out, const struct corridor_takings *t)
{
	const struct hub_corridor *assumed = &t->plan->hub->corridor;
	out->even_gbps = out->even_price = NAN;
	if (t->count != 1)
		return;
	const struct hub_candidate *c = &t->plan->hub->candidates[t->set[0]];
	struct corridor_venture venture = {
		.capex = {1e6 * c->capex_musd},
		.phases = 1,
		.opex = c->opex_percent / 100,
		.lease_usd_month = c->lease_usd_month,
		.lease_months = c->lease_months,
		.years = corridor_candidate_years(c),
		.last_year = corridor_candidate_last_year(c),
		.growth = fmax(assumed->growth_percent / 100, -0.99),
		.erosion = fmin(assumed->erosion_percent / 100, 0.99),
		.discount = assumed->discount_percent / 100,
		.most_gbps = INFINITY,
	};
	for (size_t i = 0; i < c->segment_count; i++) {
		const struct corridor_segment *s = &t->plan->segments[c->segments[i]];
		venture.price += s->price.value;
		venture.most_gbps = fmin(venture.most_gbps, 2 * (double)s->capacity_bps / 1e9);
	}
	if (!(venture.most_gbps > 0) || isinf(venture.most_gbps))
		return;
	out->even_gbps = corridor_venture_break_even_gbps(&venture);
	venture.gbps = venture.most_gbps;
	out->even_price = corridor_venture_break_even_price(&venture);
}

/* Where nothing is paid at once nothing is paid back then. */
static int
payback_of(const double *flow, size_t years, double discount)
{
	size_t first = years > 1 && flow[0] == 0 ? 1 : 0;
	int payback = years ? corridor_money_payback(flow + first, years - first, discount) : -1;
	return payback < 0 ? payback : payback + (int)first;
}

int
corridor_deal_at(double *usd, double *npv_usd, const struct corridor_takings *takings,
		 enum corridor_deal_end end)
{
	struct deals deals;
	assert(usd && npv_usd && takings);
	if (reckon_all(&deals, takings, end) < 0)
		return -1;
	*usd = usd_a_year(&deals);
	*npv_usd = worth_at(&deals, 1);
	free(deals.all);
	return 0;
}

static struct corridor_range
just(double value)
{
	return (struct corridor_range){value, value, value};
}

int
corridor_deal_of(struct corridor_outcome *out, const struct corridor_takings *takings)
{
	struct deals deals;
	struct corridor_irr irr;
	double flow[CORRIDOR_FLOW_MAX], estimated = 0;
	assert(out && takings);
	if (reckon_all(&deals, takings, CORRIDOR_DEAL_TOLD) < 0)
		return -1;
	double usd = usd_a_year(&deals);
	for (size_t i = 0; i < deals.count; i++)
		estimated += deals.all[i].estimated;
	size_t years = flow_of(flow, &deals, 1);
	corridor_money_irr(&irr, flow, years);
	out->usd_a_year = just(usd);
	out->npv_usd = just(corridor_money_npv(flow, years, deals.discount));
	out->irr = irr.count == 1 ? irr.rates[0] : NAN;
	out->payback = payback_of(flow, years, deals.discount);
	out->even = break_even(&deals);
	take_break_even(out, takings);
	out->estimated = usd > 0 ? estimated / usd : 0;
	free(deals.all);
	return 0;
}
