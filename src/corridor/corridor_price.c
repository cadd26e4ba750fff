/* Prices taken from their day to another. */
#include "corridor/corridor_price.h"

#include <assert.h>
#include <math.h>

#include "corridor/corridor_money.h"

#define YEAR_S (365.25 * 86400)

/* Nothing is given away, and a day before the row has a price too. */
static const double fastest = 0.99;
static const double rate_spread = 1.5;

struct corridor_fact
corridor_price_eroded(struct corridor_fact price, double erosion_percent, double years)
{
	double rate = fmin(erosion_percent / 100, fastest);
	double slow = rate / rate_spread, fast = fmin(rate * rate_spread, fastest);
	double ends[] = {
		corridor_money_eroded(1, slow, years),
		corridor_money_eroded(1, fast, years),
	};
	price.value *= corridor_price_factor(erosion_percent, years);
	price.low *= fmin(ends[0], ends[1]);
	price.high *= fmax(ends[0], ends[1]);
	if (fabs(years) > 1.0 / 12 && price.basis < HUB_DERIVED)
		price.basis = HUB_DERIVED;
	return price;
}

struct corridor_fact
corridor_price_on(const struct hub_corridor_price *row, double erosion_percent, struct utc_s day)
{
	assert(row);
	struct corridor_fact price = corridor_fact_of(row->price, &row->basis);
	if (!row->when.s)
		return price;
	return corridor_price_eroded(price, erosion_percent,
				     (double)(day.s - row->when.s) / YEAR_S);
}

const struct hub_corridor_price *
corridor_price_better(const struct hub_corridor_price *a, const struct hub_corridor_price *b,
		      struct utc_s day)
{
	assert(a);
	if (!b)
		return a;
	int64_t of_a = a->when.s ? a->when.s : day.s, of_b = b->when.s ? b->when.s : day.s;
	if (of_a == of_b)
		return b->price < a->price ? b : a;
	bool past_a = of_a <= day.s, past_b = of_b <= day.s;
	if (past_a != past_b)
		return past_a ? a : b;
	return (of_a > of_b) == past_a ? a : b;
}

const struct hub_corridor_price *
corridor_price_of_segment(const struct hub *hub, uint32_t segment, struct utc_s day)
{
	const struct hub_corridor_price *row = NULL;
	assert(hub && segment < hub->segment_count);
	for (size_t i = 0; i < hub->price_count; i++)
		for (size_t k = 0; k < hub->prices[i].segment_count; k++)
			if (hub->prices[i].segments[k] == segment)
				row = row ? corridor_price_better(row, &hub->prices[i], day)
					  : &hub->prices[i];
	return row;
}

double
corridor_price_factor(double erosion_percent, double years)
{
	return corridor_money_eroded(1, fmin(erosion_percent / 100, fastest), years);
}
