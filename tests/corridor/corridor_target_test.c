/* What a revenue target needs: the sums that were told, and years counted one by one. */
#include "corridor/corridor_target.h"

#include <math.h>

#include "corridor/corridor_money.h"
#include "tap.h"

/* Years until the target is met, by counting up to 400 of them; -1: not in these. */
static int
by_counting(const struct corridor_target *t)
{
	double gbps = t->gbps, price = t->price;
	for (int year = 0; year <= 400; year++) {
		if (corridor_money_a_year(gbps, price) >= t->usd_a_year * (1 - 1e-12))
			return year;
		gbps *= 1 + t->growth;
		price *= 1 - t->erosion;
	}
	return -1;
}

static void
test_told(void)
{
	struct corridor_target t = {300e6, 0.5, 2791, 0.2, 0.15};
	ok(fabs(corridor_target_gbps(&t) - 50000) < 1e-6, "300 million at 0.50 are 50 Tbit/s");
	t.usd_a_year = 200e6;
	ok(fabs(corridor_target_gbps(&t) - 33333.3333) < 1e-3, "200 million are 33");
	t.price = 0;
	ok(isinf(corridor_target_gbps(&t)), "for nothing no traffic is enough");
	ok(isnan(corridor_target_years(&t)), "nor any time");
	t = (struct corridor_target){6e6, 0.5, 1000, 0.2, 0.15};
	ok(corridor_target_years(&t) == 0, "what is earned today takes no time");
	t.usd_a_year = 7e6;
	t.erosion = 0.2;
	ok(isnan(corridor_target_years(&t)), "when prices fall faster it is never");
}

static void
test_counted(void)
{
	unsigned same = 0, tried = 0, never = 0;
	for (int growth = -2; growth <= 8; growth++) {
		for (int erosion = -1; erosion <= 6; erosion++) {
			for (int gbps = 1; gbps < 100000; gbps *= 7, tried++) {
				struct corridor_target t = {250e6, 0.4, gbps, growth / 10.0,
							    erosion / 10.0};
				double years = corridor_target_years(&t);
				int counted = by_counting(&t);
				never += isnan(years);
				if (isnan(years))
					same += counted < 0;
				else if (years > 399)
					same += counted < 0 || counted >= 399;
				else
					same += counted == (int)ceil(years - 1e-9);
			}
		}
	}
	is_int(same, tried, "years are those that are counted one by one");
	ok(never > 50 && never < tried / 2 + 200, "%u of %u are never", never, tried);
}

int
main(void)
{
	test_told();
	test_counted();
	return done_testing();
}
