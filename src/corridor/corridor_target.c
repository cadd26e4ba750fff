/* What a revenue target needs. */
#include "corridor/corridor_target.h"

#include <assert.h>
#include <math.h>

#include "corridor/corridor_money.h"

double
corridor_target_gbps(const struct corridor_target *target)
{
	assert(target);
	return corridor_money_gbps_for(target->usd_a_year, target->price);
}

double
corridor_target_years(const struct corridor_target *target)
{
	assert(target && target->growth > -1 && target->erosion < 1);
	double now = corridor_money_a_year(target->gbps, target->price);
	double a_year = (1 + target->growth) * (1 - target->erosion);
	if (now >= target->usd_a_year)
		return 0;
	if (now <= 0 || a_year <= 1)
		return NAN;
	return log(target->usd_a_year / now) / log(a_year);
}
