/* Great circles agree with the reference formulas. */
#include "corridor/corridor_geo.h"

#include <math.h>

#include "tap.h"

static bool
near(double got, double expected)
{
	return fabs(got / expected - 1) < 1e-6;
}

int
main(void)
{
	ok(near(corridor_geo_distance_km(43.6232, 51.2365, 40.59, 49.67), 361.1675061),
	   "Aktau to Sumgait is 361.17 km (T06)");
	ok(near(corridor_geo_distance_km(24.87, 66.99, 43.29, 5.375), 5889.304332),
	   "Karachi to Marseille is 5889.30 km (T07)");
	ok(near(corridor_geo_distance_km(0, 0, 0, 180), M_PI * 6371.0088),
	   "the other side of the world is half its circumference away");
	ok(near(corridor_geo_distance_km(0, 179.5, 0, -179.5), M_PI / 180 * 6371.0088),
	   "the date line is no obstacle");
	ok(corridor_geo_distance_km(24.87, 66.99, 24.87, 66.99) == 0, "a place is at itself");
	ok(isnan(corridor_geo_distance_km(NAN, 66.99, 24.87, 66.99)),
	   "to a place that is not known no distance is known");
	return done_testing();
}
