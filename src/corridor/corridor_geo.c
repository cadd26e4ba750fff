/* Great circles by the haversine formula, which is exact enough for close places too. */
#include "corridor/corridor_geo.h"

#include <math.h>

static const double earth_radius_km = 6371.0088;
static const double radians_per_degree = M_PI / 180;

double
corridor_geo_distance_km(double latitude_a, double longitude_a, double latitude_b,
			 double longitude_b)
{
	double half_latitude = (latitude_b - latitude_a) * radians_per_degree / 2;
	double half_longitude = (longitude_b - longitude_a) * radians_per_degree / 2;
	double h = sin(half_latitude) * sin(half_latitude) +
		   cos(latitude_a * radians_per_degree) * cos(latitude_b * radians_per_degree) *
			   sin(half_longitude) * sin(half_longitude);
	/* Rounding may bring h just above 1 for places opposite each other; NAN stays NAN. */
	return 2 * earth_radius_km * asin(sqrt(h > 1 ? 1 : h));
}
