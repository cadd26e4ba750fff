/* One at a time, and all at once by chance. */
#include "corridor/corridor_sensitivity.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_random.h"

struct run {
	const struct corridor_sensitivity_ask *ask;
	struct corridor_world *worlds; /* CORRIDOR_LANES */
	double *values;                /* of the assumptions in one world */
	double out[CORRIDOR_LANES];
	size_t lanes; /* set, of the block at hand */
};

double
corridor_triangle(const struct corridor_fact *fact, double u)
{
	double wide = fact->high - fact->low, left = fact->value - fact->low;
	if (!(wide > 0))
		return fact->value;
	if (u * wide < left)
		return fact->low + sqrt(u * wide * left);
	return fact->high - sqrt((1 - u) * wide * (fact->high - fact->value));
}

static void
as_told(struct run *r)
{
	for (size_t i = 0; i < r->ask->assumptions->count; i++)
		r->values[i] = r->ask->assumptions->all[i].fact.value;
}

/* The next world of the block has the values at hand. */
static void
push(struct run *r)
{
	corridor_world_set(&r->worlds[r->lanes++], r->ask->assumptions, r->values);
}

/* Reckons the block; worlds that were not set are as told. */
static int
reckon(struct run *r)
{
	as_told(r);
	while (r->lanes < CORRIDOR_LANES)
		push(r);
	r->lanes = 0;
	return r->ask->reckon(r->out, r->ask->context, r->worlds);
}

/* --- one at a time --- */

static double
width(const struct corridor_swing *s)
{
	double wide = fabs(s->at_high - s->at_low);
	return isnan(wide) ? 0 : wide;
}

/* The widest first; of the same width as they stand in the hub file. */
static int
by_width(const void *a, const void *b)
{
	const struct corridor_swing *x = a, *y = b;
	double wide_x = width(x), wide_y = width(y);
	if (wide_x != wide_y)
		return wide_x < wide_y ? 1 : -1;
	return (x->assumption > y->assumption) - (x->assumption < y->assumption);
}

/* Number 0 is the world as told; 2 i + 1 and 2 i + 2 have assumption i low and high. */
static void
push_one(struct run *r, size_t number)
{
	as_told(r);
	if (number > 0) {
		size_t i = (number - 1) / 2;
		const struct corridor_fact *fact = &r->ask->assumptions->all[i].fact;
		r->values[i] = number % 2 ? fact->low : fact->high;
	}
	push(r);
}

static void
take_one(struct corridor_sensitivity *out, size_t number, double value)
{
	if (number == 0) {
		out->told = value;
		return;
	}
	struct corridor_swing *swing = &out->swings[(number - 1) / 2];
	swing->assumption = (uint32_t)((number - 1) / 2);
	*(number % 2 ? &swing->at_low : &swing->at_high) = value;
}

static int
swing_all(struct corridor_sensitivity *out, struct run *r)
{
	size_t worlds = 2 * out->count + 1;
	for (size_t first = 0; first < worlds; first += CORRIDOR_LANES) {
		size_t lanes = worlds - first < CORRIDOR_LANES ? worlds - first : CORRIDOR_LANES;
		for (size_t i = 0; i < lanes; i++)
			push_one(r, first + i);
		if (reckon(r) < 0)
			return -1;
		for (size_t i = 0; i < lanes; i++)
			take_one(out, first + i, r->out[i]);
	}
	qsort(out->swings, out->count, sizeof(*out->swings), by_width);
	for (size_t i = out->count; i > 0; i--) {
		const struct corridor_swing *s = &out->swings[i - 1];
		double least = 1e-9 * fabs(out->told);
		if (fabs(s->at_low - out->told) > least || fabs(s->at_high - out->told) > least)
			break;
		out->idle++;
	}
	return 0;
}

/* --- all at once --- */

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Between the two nearest of `count` sorted values. */
static double
at_share(const double *sorted, size_t count, double share)
{
	double place = share * (double)(count - 1);
	size_t below = (size_t)place;
	double rest = place - (double)below;
	if (below + 1 >= count || rest == 0 || sorted[below] == sorted[below + 1])
		return sorted[below];
	return sorted[below] + rest * (sorted[below + 1] - sorted[below]);
}

static void
push_draw(struct run *r, uint64_t draw)
{
	const struct corridor_assumptions *a = r->ask->assumptions;
	for (size_t i = 0; i < a->count; i++)
		r->values[i] =
			corridor_triangle(&a->all[i].fact, corridor_random(r->ask->seed, i, draw));
	push(r);
}

static int
draw_all(struct corridor_sensitivity *out, struct run *r, double *results)
{
	size_t draws = r->ask->draws, above = 0;
	for (size_t first = 0; first < draws; first += CORRIDOR_LANES) {
		size_t lanes = draws - first < CORRIDOR_LANES ? draws - first : CORRIDOR_LANES;
		for (size_t i = 0; i < lanes; i++)
			push_draw(r, first + i);
		if (reckon(r) < 0)
			return -1;
		memcpy(results + first, r->out, lanes * sizeof(*results));
	}
	qsort(results, draws, sizeof(*results), ascending);
	out->mean = 0;
	for (size_t i = 0; i < draws; i++) {
		out->mean += results[i] / (double)draws;
		above += results[i] > 0;
	}
	out->p10 = at_share(results, draws, 0.1);
	out->p50 = at_share(results, draws, 0.5);
	out->p90 = at_share(results, draws, 0.9);
	out->above_zero = (double)above / (double)draws;
	return 0;
}

int
corridor_sensitivity_of(struct corridor_sensitivity *out, struct arena *arena,
			const struct corridor_sensitivity_ask *ask)
{
	assert(out && arena && ask && ask->assumptions && ask->reckon);
	assert(ask->draws <= CORRIDOR_SENSITIVITY_DRAWS_MAX);
	const struct corridor_assumptions *a = ask->assumptions;
	struct corridor_sensitivity result = {
		.swings = arena_take(arena, (a->count + 1) * sizeof(*result.swings)),
		.count = a->count,
		.p10 = NAN,
		.p50 = NAN,
		.p90 = NAN,
		.mean = NAN,
		.above_zero = NAN,
	};
	struct run r = {
		.ask = ask,
		.worlds = arena_take(arena, CORRIDOR_LANES * sizeof(*r.worlds)),
		.values = arena_take(arena, (a->count + 1) * sizeof(*r.values)),
	};
	double *results = arena_take(arena, (ask->draws + 1) * sizeof(*results));
	if (!result.swings || !r.worlds || !r.values || !results)
		return -1;
	for (size_t i = 0; i < CORRIDOR_LANES; i++)
		if (corridor_world_init(&r.worlds[i], arena, a->plan->hub) < 0)
			return -1;
	if (swing_all(&result, &r) < 0 || (ask->draws && draw_all(&result, &r, results) < 0))
		return -1;
	*out = result;
	return 0;
}
