/* Distances on the globe. */
#pragma once

/* Great circle between two places in degrees, on a sphere of 6371.0088 km (the mean radius of the
 * Earth, IUGG); NAN when a coordinate is. */
double corridor_geo_distance_km(double latitude_a, double longitude_a, double latitude_b,
				double longitude_b);
