/* What a way adds up to: kilometres, time, countries, estimates. */
#include "corridor/corridor_itinerary.h"

#include <math.h>

#include "tap.h"

static struct country east_countries[] = {{"PK"}, {"CN"}};
static struct country west_countries[] = {{"PK"}, {"YE"}, {"OM"}};

static struct hub_segment segments[] = {
	{.id = "E",
	 .a = 1,
	 .b = 0,
	 .length_km = 820,
	 .length_from.confidence = HUB_SEEN,
	 .countries = east_countries,
	 .country_count = 2},
	{.id = "W",
	 .a = 1,
	 .b = 2,
	 .length_km = 180.5,
	 .length_from.confidence = HUB_ESTIMATED,
	 .countries = west_countries,
	 .country_count = 3},
};

static uint64_t
cost_of(double km)
{
	return corridor_cost_of_length(corridor_length_cm(km));
}

int
main(void)
{
	struct hub hub = {.segments = segments, .segment_count = 2};
	uint32_t along[] = {0, 1}, places[] = {0, 1, 2};
	struct corridor_path path = {cost_of(820) + cost_of(180.5), 2, along, places};
	struct corridor_itinerary it;
	struct arena *arena = arena_new();
	ok(corridor_itinerary_of(&it, arena, &hub, &path) == 0, "a way is described");
	ok(it.length_km == 1000.5, "its length is the exact sum");
	ok(fabs(it.round_trip_ms - 2 * 1000500 * 1.468 / 299792.458) < 1e-9,
	   "its round trip is twice the length at the speed of light in glass");
	is_int((long long)it.country_count, 4, "a country crossed twice counts once");
	is_str(it.countries[0].code, "CN", "the first segment's countries come first,");
	is_str(it.countries[1].code, "PK", "by the alphabet,");
	is_str(it.countries[2].code, "OM", "then the new ones of the next,");
	is_str(it.countries[3].code, "YE", "by the alphabet again");
	is_int((long long)it.estimated_lengths, 1, "estimated lengths are counted");
	ok(fabs(corridor_itinerary_estimated_share(&it) - 180.5 / 1000.5) < 1e-12,
	   "and their share of the kilometres is told");

	struct corridor_path nothing = {0, 0, NULL, places};
	ok(corridor_itinerary_of(&it, arena, &hub, &nothing) == 0 && it.length_km == 0 &&
		   it.country_count == 0 && corridor_itinerary_estimated_share(&it) == 0,
	   "a way of nothing is nothing");
	arena_free(arena);
	return done_testing();
}
