/* What is to be known of one way: how long, how slow, how dear, how often down, through whose lands
 * and over whose cables, and how much of that rests on estimates. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_paths.h"
#include "corridor/corridor_plan.h"

/* A value and between what it lies. */
struct corridor_range {
	double value, low, high;
};

struct corridor_itinerary {
	const struct corridor_path *path;    /* not owned */
	double length_km;                    /* the exact sum */
	struct corridor_grounds length;      /* the same with its bounds, in km */
	struct corridor_range round_trip_ms; /* in the fibre alone */
	struct corridor_grounds price;       /* US dollars per Mbit/s and month */
	struct corridor_range availability;  /* what segments share counted once */
	struct corridor_range capacity_tbps; /* of the narrowest segment, each direction */
	uint32_t narrowest;                  /* that segment; HUB_NONE of a way of nothing */
	/* In the order of segments, those of one segment by the alphabet; and the same in order of
	 * travel: the data does not order the countries of a segment, but which of its ends comes
	 * first is known. */
	struct country *countries, *crossed;
	size_t country_count;
	/* Names in order of travel, of operators, cables and risks: indices into the classes. */
	uint32_t *names[CORRIDOR_CLASSES];
	size_t name_count[CORRIDOR_CLASSES]; /* 0 of countries, which are above */
	size_t estimated_lengths;            /* segments whose length is an estimate */
	double estimated_km;                 /* of length_km */
	size_t undated;                      /* segments taken as there on a day that is over */
};

/* Describes `path`. Arrays come from `arena`. 0, or -1 if there is no memory. */
int corridor_itinerary_of(struct corridor_itinerary *out, struct arena *arena,
			  const struct corridor_plan *plan, const struct corridor_path *path);

/* Kilometres on estimated lengths, as a share of the whole: 0 to 1, 0 for a way of no length. */
double corridor_itinerary_estimated_share(const struct corridor_itinerary *itinerary);
