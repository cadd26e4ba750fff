/* Places on the globe found by nearness. Places are unit vectors, so that nothing is special at the
 * poles or where longitude jumps from 180 to -180; distances are great circles on the sphere of
 * corridor_geo.h. All answers are exact, and the same whenever the places are the same: of equally
 * near ones the lower index goes first. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct corridor_vector {
	double x, y, z;
};

/* Of a place in degrees. */
struct corridor_vector corridor_vector_of(double latitude, double longitude);
/* Degrees of a place; `v` need not have length 1. */
void corridor_vector_place(struct corridor_vector v, double *latitude, double *longitude);
/* Square of the straight line between two places, in squares of the Earth's radius: grows with the
 * distance, and is cheaper. */
double corridor_vector_chord2(struct corridor_vector a, struct corridor_vector b);
double corridor_chord2_km(double chord2);
double corridor_km_chord2(double km);

struct corridor_near;

/* NULL without memory. The points are copied; there may be none. */
struct corridor_near *corridor_near_new(const struct corridor_vector *points, size_t count);
/* NULL is allowed. */
void corridor_near_free(struct corridor_near *near);

/* The nearest `most` points to `at` that are no further than `within_km` (INFINITY: any), nearest
 * first, into `out`. How many there were. */
size_t corridor_near_find(const struct corridor_near *near, struct corridor_vector at,
			  double within_km, uint32_t *out, size_t most);

/* Things that are longer than a point, each filed by its middle: how far `at` is from the one with
 * this index, as chord2. */
typedef double corridor_near_measure(const void *context, uint32_t index,
				     struct corridor_vector at);

/* Says how far each thing reaches from its middle, as a chord; nothing says 0. */
void corridor_near_lengthen(struct corridor_near *near, const double *reach);
/* The thing nearest to `at`; UINT32_MAX when there are none. */
uint32_t corridor_near_thing(const struct corridor_near *near, struct corridor_vector at,
			     corridor_near_measure *measure, const void *context);

/* The stretches of the shortest tree over all points: count - 1 pairs in `out`. 0, or -1 without
 * memory. */
int corridor_near_tree(uint32_t (*out)[2], const struct corridor_near *near);
