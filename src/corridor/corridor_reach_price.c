/* What stretches and sites cost. */
#include <math.h>

#include "corridor/corridor_reach_net.h"

static double
side_of(const struct corridor_fact *figure, enum corridor_reach_side side)
{
	return side == REACH_LOW ? figure->low : side == REACH_HIGH ? figure->high : figure->value;
}

static double
minor_units(const struct corridor_reach_settings *settings)
{
	return pow(10, currency_exponent(settings->currency));
}

void
corridor_reach_stretch(uint32_t *length_m, int64_t *cost,
		       const struct corridor_reach_settings *settings,
		       struct corridor_reach_prices prices, double km, const uint8_t terrains[2])
{
	uint8_t a = terrains[0], b = terrains[1];
	double road = (side_of(&settings->road[a], prices.road) +
		       side_of(&settings->road[b], prices.road)) /
		      2;
	double rate =
		(side_of(&settings->km[a], prices.km) + side_of(&settings->km[b], prices.km)) / 2;
	/* At most 20 040 km, 10 times, 10^7 a km, 1000 minor units: far below 2^63. */
	*length_m = (uint32_t)lround(km * road * 1000);
	*cost = llround(km * road * rate * minor_units(settings));
}

int64_t
corridor_reach_site_cost(const struct corridor_reach_settings *settings,
			 struct corridor_reach_prices prices, size_t count, bool on_mast)
{
	double first = on_mast ? side_of(&settings->shared, prices.site)
			       : side_of(&settings->site, prices.site);
	double more = side_of(&settings->shared, prices.site) * (double)(count - 1);
	return llround((first + more) * minor_units(settings));
}

int64_t
corridor_reach_upgrade_cost(const struct corridor_reach_settings *settings,
			    struct corridor_reach_prices prices)
{
	return llround(side_of(&settings->upgrade, prices.upgrade) * minor_units(settings));
}
