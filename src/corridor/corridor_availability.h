/* How much of the time something works, from how often it fails and how long a repair takes.
 * Availabilities are shares of time, 0 to 1. What fails by itself is independent of all else; what
 * fails together (a duct, a sea, a country that switches off) is a group, which fails as one. */
#pragma once

#include <stddef.h>

#include "corridor/corridor_disjoint.h"
#include "corridor/corridor_paths.h"

/* How a kind of cable fails. */
struct corridor_failure {
	double per_1000_km_year;
	double repair_h; /* mean time to repair */
};

/* Of `km` of cable: up for 1 / rate, then down for the repair, and so on. */
double corridor_availability_cable(double km, struct corridor_failure failure);
/* Of something hit by events from outside, `per_year` of them, each of `days`: the share of time
 * without one. Not below 0. */
double corridor_availability_events(double per_year, double days);
/* All of `parts` are needed. */
double corridor_availability_series(const double *parts, size_t count);
/* One of `parts` is enough; 0 when there are none. */
double corridor_availability_parallel(const double *parts, size_t count);
/* At least `needed` of `count` equal parts. */
double corridor_availability_of(unsigned needed, unsigned count, double each);
/* Hours a year that something is down. */
double corridor_availability_downtime_h(double availability);
/* How many of `cables` equal cables of `km` are broken at once, on average. */
double corridor_availability_faults(unsigned cables, double km, struct corridor_failure failure);

/* What a plan knows of the availability of its parts. */
struct corridor_parts {
	size_t segment_count;
	const double *segments; /* each by itself, without its groups */
	const struct corridor_groups *groups;
	const double *group; /* each */
};

/* That all segments of a way and all groups that they are in work. */
double corridor_availability_way(const struct corridor_path *way,
				 const struct corridor_parts *parts);
/* That at least one of two ways works: exactly, with what both have in common counted once. -1 if
 * there is no memory. */
double corridor_availability_pair(const struct corridor_path *a, const struct corridor_path *b,
				  const struct corridor_parts *parts);
