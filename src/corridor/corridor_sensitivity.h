/* By how much a sum of money moves when what it rests on is otherwise: each assumption at its low
 * and at its high bound while all others are as told, and all of them drawn at once.
 *
 *   assumptions ──► worlds ──► corridor_reckon ──► one number of each world
 *                                                  └──► swings, sorted; P10, P50, P90 of the draws
 */
#pragma once

#include <stdint.h>

#include "corridor/corridor_assumptions.h"
#include "corridor/corridor_lanes.h"

enum { CORRIDOR_SENSITIVITY_DRAWS = 20000, CORRIDOR_SENSITIVITY_DRAWS_MAX = 1000000 };

/* Writes the number of each of CORRIDOR_LANES worlds; INFINITY is one too. 0, or -1 without
 * memory. */
typedef int corridor_reckon(double *out, void *context, const struct corridor_world *worlds);

struct corridor_swing {
	uint32_t assumption;
	double at_low, at_high;
};

struct corridor_sensitivity {
	double told;
	struct corridor_swing *swings; /* of all assumptions, the widest first */
	size_t count;
	size_t idle; /* of them, the last: alone they move nothing */
	/* Of the draws: what a tenth, half and nine tenths are below; NAN without draws. */
	double p10, p50, p90, mean;
	double above_zero; /* share of the draws */
};

struct corridor_sensitivity_ask {
	const struct corridor_assumptions *assumptions;
	corridor_reckon *reckon;
	void *context;
	uint32_t draws; /* 0: none; at most CORRIDOR_SENSITIVITY_DRAWS_MAX */
	uint64_t seed;
};

/* An assumption is drawn from the triangle over its bounds with its top at what is told, each by
 * itself; a number follows from the seed, the assumption and the draw. Arrays live in `arena`.
 * 0, or -1 without memory. */
int corridor_sensitivity_of(struct corridor_sensitivity *out, struct arena *arena,
			    const struct corridor_sensitivity_ask *ask);

/* The value below which a share `u` (0 to 1) of a triangle lies. */
double corridor_triangle(const struct corridor_fact *fact, double u);
