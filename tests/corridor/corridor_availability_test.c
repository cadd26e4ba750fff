/* Availability against worked formulas, and pairs of ways against all states of all parts. */
#include "corridor/corridor_availability.h"

#include <math.h>
#include <stdlib.h>

#include "graphs.h"
#include "tap.h"

static const struct corridor_failure buried = {2.13, 12};
/* 200 faults a year over 1.2 million km, rounded; twenty days. */
static const struct corridor_failure subsea = {0.167, 20 * 24};

static bool
near(double got, double expected)
{
	if (fabs(got / expected - 1) < 1e-6)
		return true;
	printf("# got %.10g, expected %.10g\n", got, expected);
	return false;
}

static void
formulas(void)
{
	ok(near(corridor_availability_cable(820, buried), 0.9976131081), "820 km buried (V02)");
	ok(near(corridor_availability_cable(2800, buried), 0.9918963428), "2800 km buried (V03)");
	double sea = corridor_availability_cable(380, subsea);
	double both[] = {sea, corridor_availability_cable(1000, buried)};
	ok(near(corridor_availability_downtime_h(sea), 30.35524691),
	   "the Trans-Caspian cable is down for 30 hours a year (V05)");
	ok(near(corridor_availability_series(both, 2), 0.9936355512),
	   "a sea and a land part (V06)");
	double each = corridor_availability_cable(5800, subsea);
	ok(near(corridor_availability_of(3, 4, each), 0.9857643702), "three of four cables (V09)");
	ok(near(corridor_availability_faults(10, 5800, subsea), 0.530739726),
	   "ten cables have half a fault at any time (V11)");
	ok(near(1 - corridor_availability_events(1 / 1.5, 144), 0.2628336756),
	   "a sea at war is closed for a quarter of the time (V12)");
	ok(corridor_availability_events(10, 100) == 0, "more trouble than time leaves nothing");
	ok(corridor_availability_parallel(NULL, 0) == 0 &&
		   corridor_availability_series(NULL, 0) == 1,
	   "no way is never up, nothing needed always is");
	ok(near(corridor_availability_of(0, 5, 0.3), 1) &&
		   near(corridor_availability_of(5, 5, 0.5), 1.0 / 32),
	   "none needed is always there, all needed is the product");
}

enum { SEGMENTS = 7, GROUPS = 3, PARTS = SEGMENTS + GROUPS };

static bool
works(const struct corridor_path *way, const struct corridor_groups *groups, unsigned up)
{
	for (size_t i = 0; i < way->segment_count; i++) {
		uint32_t s = way->segments[i];
		if (!(up & 1u << s))
			return false;
		for (uint32_t k = groups->first[s]; k < groups->first[s + 1]; k++) {
			if (!(up & 1u << (SEGMENTS + groups->groups[k])))
				return false;
		}
	}
	return true;
}

/* The sum over all 2^10 states of all parts in which one of the ways works. */
static double
by_all_states(const struct corridor_path *a, const struct corridor_path *b,
	      const struct corridor_parts *parts)
{
	double sum = 0;
	for (unsigned up = 0; up < 1u << PARTS; up++) {
		double chance = 1;
		for (unsigned i = 0; i < PARTS; i++) {
			double p = i < SEGMENTS ? parts->segments[i] : parts->group[i - SEGMENTS];
			chance *= up & 1u << i ? p : 1 - p;
		}
		if (works(a, parts->groups, up) || works(b, parts->groups, up))
			sum += chance;
	}
	return sum;
}

static void
pairs(void)
{
	uint64_t seed = 11;
	unsigned tries = 0, same = 0, same_way = 0;
	for (; tries < 100; tries++) {
		double segments[SEGMENTS], group[GROUPS];
		uint32_t first[SEGMENTS + 1] = {0}, numbers[SEGMENTS];
		uint32_t way_a[3], way_b[3];
		for (int i = 0; i < SEGMENTS; i++) {
			bool in = random_below(&seed, 2);
			segments[i] = 0.5 + random_below(&seed, 500) / 1000.0;
			numbers[first[i]] = random_below(&seed, GROUPS);
			first[i + 1] = first[i] + in;
		}
		for (int i = 0; i < GROUPS; i++)
			group[i] = 0.5 + random_below(&seed, 500) / 1000.0;
		for (int i = 0; i < 3; i++) {
			way_a[i] = random_below(&seed, SEGMENTS);
			way_b[i] = random_below(&seed, SEGMENTS);
		}
		struct corridor_groups groups = {GROUPS, first, numbers};
		struct corridor_parts parts = {SEGMENTS, segments, &groups, group};
		struct corridor_path a = {.segment_count = 3, .segments = way_a};
		struct corridor_path b = {.segment_count = 1 + random_below(&seed, 3),
					  .segments = way_b};
		double expected = by_all_states(&a, &b, &parts);
		same += fabs(corridor_availability_pair(&a, &b, &parts) - expected) < 1e-12;
		same_way += fabs(corridor_availability_way(&a, &parts) -
				 by_all_states(&a, &a, &parts)) < 1e-12;
	}
	is_int(same, tries, "a pair is as available as all states of all its parts say");
	is_int(same_way, tries, "so is one way, with a group counted once");
}

/* V08: two ways of 5 and 7 parts that share a duct of 50 km. */
static void
shared_duct(void)
{
	double shared = corridor_availability_cable(50, buried);
	double segments[] = {shared, 0.99, 0.98};
	uint32_t first[4] = {0}, a[] = {0, 1}, b[] = {0, 2};
	struct corridor_groups none = {0, first, NULL};
	struct corridor_parts parts = {3, segments, &none, NULL};
	struct corridor_path way_a = {.segment_count = 2, .segments = a};
	struct corridor_path way_b = {.segment_count = 2, .segments = b};
	ok(near(corridor_availability_pair(&way_a, &way_b, &parts), shared * (1 - 0.01 * 0.02)),
	   "what both ways need is factored out");
}

int
main(void)
{
	formulas();
	pairs();
	shared_duct();
	return done_testing();
}
