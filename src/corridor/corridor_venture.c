/* A venture as a flow, and where it breaks even. */
#include "corridor/corridor_venture.h"

#include <assert.h>
#include <math.h>

static double
sold_gbps(const struct corridor_venture *v, unsigned year)
{
	double gbps = v->gbps * pow(1 + v->growth, year);
	if (year + 1 < v->ramp_years)
		gbps *= (double)(year + 1) / v->ramp_years;
	return v->most_gbps > 0 ? fmin(gbps, v->most_gbps) : gbps;
}

static double
lease_of(const struct corridor_venture *v, unsigned year)
{
	double months = fmin(fmax((double)v->lease_months - 12.0 * year, 0), 12);
	return months * v->lease_usd_month;
}

size_t
corridor_venture_flow(double flow[CORRIDOR_FLOW_MAX], const struct corridor_venture *venture)
{
	const struct corridor_venture *v = venture;
	assert(flow && v && v->phases <= CORRIDOR_PHASES_MAX);
	assert(v->phases + v->years <= CORRIDOR_FLOW_MAX && v->lease_months <= 12 * v->years);
	double built = 0;
	size_t count = 0;
	for (size_t i = 0; i < v->phases; i++) {
		flow[count++] = -v->capex[i];
		built += v->capex[i];
	}
	for (unsigned year = 0; year < v->years; year++) {
		double price = corridor_money_eroded(v->price, v->erosion, year);
		double part = v->last_year > 0 && year + 1 == v->years ? v->last_year : 1;
		double usd = corridor_money_a_year(sold_gbps(v, year), price) - v->opex * built;
		flow[count++] = part * usd - lease_of(v, year);
	}
	return count;
}

double
corridor_venture_npv(const struct corridor_venture *venture)
{
	double flow[CORRIDOR_FLOW_MAX];
	size_t count = corridor_venture_flow(flow, venture);
	return corridor_money_npv(flow, count, venture->discount);
}

/* The worth is a straight line over the price. */
double
corridor_venture_break_even_price(const struct corridor_venture *venture)
{
	struct corridor_venture v = *venture;
	v.price = 0;
	double cost = -corridor_venture_npv(&v);
	v.price = 1;
	double per_dollar = corridor_venture_npv(&v) + cost;
	return per_dollar > 0 ? cost / per_dollar : NAN;
}

/* Over the filling it is one too, up to where some year is full; from there it rises ever less, and
 * not at all once the first year is. */
double
corridor_venture_break_even_gbps(const struct corridor_venture *venture)
{
	struct corridor_venture v = *venture;
	double low = 0, high = v.most_gbps * fmax(v.ramp_years, 1);
	v.gbps = 0;
	double cost = -corridor_venture_npv(&v);
	if (cost <= 0)
		return 0;
	if (v.most_gbps <= 0) {
		v.gbps = 1;
		double per_gbps = corridor_venture_npv(&v) + cost;
		return per_gbps > 0 ? cost / per_gbps : NAN;
	}
	/* When it shrinks, a later year is full only with more in the first. */
	high /= fmin(1, pow(1 + v.growth, v.years));
	v.gbps = isfinite(high) ? high : v.most_gbps;
	high = v.gbps;
	if (corridor_venture_npv(&v) < 0)
		return NAN;
	for (int i = 0; i < 200 && low < high; i++) {
		v.gbps = low + (high - low) / 2;
		if (corridor_venture_npv(&v) < 0)
			low = v.gbps;
		else
			high = v.gbps;
	}
	return high;
}
