/* What is to be known of one way: how long, how slow, through whose lands, and how much of that
 * rests on estimates. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_paths.h"
#include "hub/hub.h"

struct corridor_itinerary {
	const struct corridor_path *path; /* not owned */
	double length_km;
	double round_trip_ms;
	/* In order of crossing; those of one segment by the alphabet, because the data does not say
	 * which of them comes first. */
	struct country *countries;
	size_t country_count;
	size_t estimated_lengths; /* segments whose length is an estimate */
	double estimated_km;      /* of length_km */
};

/* Describes `path`, whose costs are lengths. Arrays come from `arena`. 0, or -1 if there is no
 * memory. */
int corridor_itinerary_of(struct corridor_itinerary *out, struct arena *arena,
			  const struct hub *hub, const struct corridor_path *path);

/* Kilometres on estimated lengths, as a share of the whole: 0 to 1, 0 for a way of no length. */
double corridor_itinerary_estimated_share(const struct corridor_itinerary *itinerary);
