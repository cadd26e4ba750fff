/* What is to be known of one way. */
#include "corridor/corridor_itinerary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool
has_country(const struct corridor_itinerary *it, const char *code)
{
	for (size_t i = 0; i < it->country_count; i++) {
		if (strcmp(it->countries[i].code, code) == 0)
			return true;
	}
	return false;
}

static int
country_compare(const void *a, const void *b)
{
	return strcmp(((const struct country *)a)->code, ((const struct country *)b)->code);
}

/* Adds the countries of a segment that are not there yet, then sorts those just added. */
static void
cross(struct corridor_itinerary *it, const struct hub_segment *segment)
{
	size_t before = it->country_count;
	for (size_t i = 0; i < segment->country_count; i++) {
		if (!has_country(it, segment->countries[i].code))
			it->countries[it->country_count++] = segment->countries[i];
	}
	qsort(it->countries + before, it->country_count - before, sizeof(*it->countries),
	      country_compare);
}

int
corridor_itinerary_of(struct corridor_itinerary *out, struct arena *arena, const struct hub *hub,
		      const struct corridor_path *path)
{
	assert(out && arena && hub && path);
	struct corridor_itinerary it = {.path = path};
	size_t most = 0;
	for (size_t i = 0; i < path->segment_count; i++)
		most += hub->segments[path->segments[i]].country_count;
	it.countries = arena_take(arena, (most + 1) * sizeof(*it.countries));
	if (!it.countries)
		return -1;
	uint64_t estimated = 0;
	for (size_t i = 0; i < path->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[path->segments[i]];
		cross(&it, s);
		if (s->length_from.confidence == HUB_ESTIMATED) {
			it.estimated_lengths++;
			estimated += corridor_cost_of_length(corridor_length_cm(s->length_km));
		}
	}
	it.length_km = corridor_cost_km(path->cost);
	it.estimated_km = corridor_cost_km(estimated);
	it.round_trip_ms = corridor_round_trip_ms(it.length_km);
	*out = it;
	return 0;
}

double
corridor_itinerary_estimated_share(const struct corridor_itinerary *itinerary)
{
	return itinerary->length_km > 0 ? itinerary->estimated_km / itinerary->length_km : 0;
}
