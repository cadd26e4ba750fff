/* Availability of cables, ways and pairs of ways. */
#include "corridor/corridor_availability.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Rates of faults are given for years of 365 days; events in the world go by the calendar. */
static const double hours_per_year = 8760;
static const double days_per_year = 365.25;

/* Repairs going on at any time, if they did not keep new faults away. */
static double
repairs_at_once(double km, struct corridor_failure failure)
{
	return failure.per_1000_km_year * km / 1000 / hours_per_year * failure.repair_h;
}

double
corridor_availability_cable(double km, struct corridor_failure failure)
{
	return 1 / (1 + repairs_at_once(km, failure));
}

double
corridor_availability_events(double per_year, double days)
{
	double down = per_year * days / days_per_year;
	return down < 1 ? 1 - down : 0;
}

double
corridor_availability_series(const double *parts, size_t count)
{
	double all = 1;
	for (size_t i = 0; i < count; i++)
		all *= parts[i];
	return all;
}

double
corridor_availability_parallel(const double *parts, size_t count)
{
	double none = 1;
	for (size_t i = 0; i < count; i++)
		none *= 1 - parts[i];
	return 1 - none;
}

double
corridor_availability_of(unsigned needed, unsigned count, double each)
{
	double sum = 0;
	for (unsigned up = needed; up <= count; up++) {
		double ways =
			exp(lgamma(count + 1.0) - lgamma(up + 1.0) - lgamma(count - up + 1.0));
		sum += ways * pow(each, up) * pow(1 - each, count - up);
	}
	return sum > 1 ? 1 : sum;
}

double
corridor_availability_downtime_h(double availability)
{
	return (1 - availability) * hours_per_year;
}

double
corridor_availability_faults(unsigned cables, double km, struct corridor_failure failure)
{
	return cables * repairs_at_once(km, failure);
}

/* Which of two ways need a part. */
enum { NEEDS_A = 1, NEEDS_B = 2 };

/* Marks the segments of a way, and behind them the groups. */
static void
mark(unsigned char *needs, const struct corridor_path *way, const struct corridor_parts *parts,
     unsigned char who)
{
	for (size_t i = 0; i < way->segment_count; i++) {
		uint32_t s = way->segments[i];
		assert(s < parts->segment_count);
		needs[s] |= who;
		for (uint32_t k = parts->groups->first[s]; k < parts->groups->first[s + 1]; k++)
			needs[parts->segment_count + parts->groups->groups[k]] |= who;
	}
}

double
corridor_availability_pair(const struct corridor_path *a, const struct corridor_path *b,
			   const struct corridor_parts *parts)
{
	assert(a && b && parts && parts->groups);
	size_t count = parts->segment_count + parts->groups->group_count;
	unsigned char *needs = calloc(count + 1, sizeof(*needs));
	if (!needs)
		return -1;
	mark(needs, a, parts, NEEDS_A);
	mark(needs, b, parts, NEEDS_B);
	/* By who needs it: nobody, a alone, b alone, both. */
	double works[4] = {1, 1, 1, 1};
	for (size_t i = 0; i < count; i++)
		works[needs[i]] *= i < parts->segment_count
					   ? parts->segments[i]
					   : parts->group[i - parts->segment_count];
	free(needs);
	return works[NEEDS_A | NEEDS_B] * corridor_availability_parallel(&works[NEEDS_A], 2);
}

/* A group in which several segments of the way are counts once, which a pair of the same way twice
 * takes care of. */
double
corridor_availability_way(const struct corridor_path *way, const struct corridor_parts *parts)
{
	return corridor_availability_pair(way, way, parts);
}
