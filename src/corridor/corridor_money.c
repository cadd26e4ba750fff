/* Money over years: present worth, payback, and what traffic brings. */
#include "corridor/corridor_money.h"

#include <assert.h>
#include <math.h>

double
corridor_money_npv(const double *flow, size_t count, double rate)
{
	assert((flow || count == 0) && rate > -1);
	double worth = 0;
	for (size_t k = count; k > 0; k--)
		worth = worth / (1 + rate) + flow[k - 1];
	return worth;
}

int
corridor_money_payback(const double *flow, size_t count, double rate)
{
	assert((flow || count == 0) && rate > -1);
	double worth = 0, size = 0, factor = 1;
	for (size_t k = 0; k < count; k++) {
		worth += flow[k] * factor;
		size += fabs(flow[k]) * factor;
		if (worth >= -1e-13 * size) /* what rounding leaves of 0 is one */
			return (int)k;
		factor /= 1 + rate;
	}
	return -1;
}

double
corridor_money_a_year(double gbps, double price)
{
	return gbps * 1000 * price * 12;
}

double
corridor_money_gbps_for(double usd_a_year, double price)
{
	return usd_a_year / corridor_money_a_year(1, price);
}

double
corridor_money_eroded(double price, double erosion, double years)
{
	return price * pow(1 - erosion, years);
}
