/* What a way adds up to: kilometres, time, countries, estimates. */
#include "corridor/corridor_itinerary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static struct country east_countries[] = {{"PK"}, {"CN"}};
static struct country west_countries[] = {{"PK"}, {"YE"}, {"SO"}, {"OM"}};

static struct hub_site sites[] = {
	{.id = "CN1", .country = {"CN"}},
	{.id = "PK1", .country = {"PK"}},
	{.id = "OM1", .country = {"OM"}},
};
static const char *sea[] = {"SEA"};

static struct hub_segment segments[] = {
	{.id = "E",
	 .a = 1,
	 .b = 0,
	 .length_km = 820,
	 .length_from = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
	 .operators = "PTCL / SCO",
	 .countries = east_countries,
	 .country_count = 2},
	{.id = "W",
	 .a = 1,
	 .b = 2,
	 .length_km = 180.5,
	 .length_from = {.low = 150, .high = 300, .confidence = HUB_ESTIMATED},
	 .design_tbps = 2,
	 .design_from = {.low = 1, .high = 3, .confidence = HUB_ESTIMATED},
	 .operators = "Omantel/PTCL (sea)",
	 .srlgs = sea,
	 .srlg_count = 1,
	 .countries = west_countries,
	 .country_count = 4},
};

static struct hub_cable cables[] = {
	{.id = "WEST", .segments = (uint32_t[]){1}, .segment_count = 1}};

static void
way(const struct corridor_plan *plan, struct arena *arena)
{
	uint32_t along[] = {0, 1}, places[] = {0, 1, 2};
	struct corridor_path path = {1, 2, along, places};
	struct corridor_itinerary it;
	ok(corridor_itinerary_of(&it, arena, plan, &path) == 0, "a way is described");
	ok(it.length_km == 1000.5, "its length is the exact sum");
	ok(fabs(it.length.low - (820 * .99 + 150)) < 1e-9 &&
		   fabs(it.length.high - (820 * 1.01 + 300)) < 1e-9,
	   "between the sums of the bounds");
	ok(fabs(it.round_trip_ms.value - 2 * 1000500 * 1.468 / 299792.458) < 1e-9,
	   "its round trip is twice the length at the speed of light in glass");
	ok(fabs(it.round_trip_ms.high - corridor_round_trip_ms(820 * 1.01 + 300)) < 1e-9,
	   "and has the bounds of the length");
	ok(fabs(it.price.value - 1.0005) < 1e-9 && it.price.low < .6 && it.price.high > 2,
	   "what it costs is the sum over its segments, with bounds too");
	ok(it.availability.low < it.availability.value &&
		   it.availability.value < it.availability.high && it.availability.high < 1,
	   "so is how often it works");
	ok(it.capacity_tbps.value == 1 && it.narrowest == 0 && it.capacity_tbps.low == .25,
	   "it carries what its narrowest segment does");
	is_int((long long)it.country_count, 5, "a country crossed twice counts once");
	is_str(it.countries[0].code, "CN", "the first segment's countries come first,");
	is_str(it.countries[1].code, "PK", "by the alphabet,");
	is_str(it.countries[2].code, "OM", "then the new ones of the next,");
	is_str(it.countries[3].code, "SO", "by the alphabet again");
	is_str(it.crossed[0].code, "CN", "as one travels, where it starts comes first,");
	is_str(it.crossed[1].code, "PK", "then where a segment ends,");
	is_str(it.crossed[2].code, "YE", "then what lies between,");
	is_str(it.crossed[3].code, "SO", "as it is written,");
	is_str(it.crossed[4].code, "OM", "then where it ends");
	is_int((long long)it.name_count[CORRIDOR_OPERATORS], 3, "operators are met,");
	is_int((long long)it.name_count[CORRIDOR_CABLES], 1, "cables");
	is_int((long long)it.name_count[CORRIDOR_RISKS], 1, "and risks");
	is_int((long long)it.estimated_lengths, 1, "estimated lengths are counted");
	ok(fabs(corridor_itinerary_estimated_share(&it) - 180.5 / 1000.5) < 1e-12,
	   "and their share of the kilometres is told");
}

static void
other_way_round(const struct corridor_plan *plan, struct arena *arena)
{
	uint32_t along[] = {1, 0}, places[] = {2, 1, 0};
	struct corridor_path path = {1, 2, along, places};
	struct corridor_itinerary it;
	char got[20] = "";
	if (corridor_itinerary_of(&it, arena, plan, &path) < 0)
		abort();
	for (size_t i = 0; i < it.country_count; i++)
		strcat(strcat(got, it.crossed[i].code), i + 1 < it.country_count ? " " : "");
	is_str(got, "OM SO YE PK CN", "the other way round the countries come the other way round");
}

/* Of segments that tell no countries. */
static void
by_ends(struct arena *arena)
{
	static struct hub_segment silent[] = {{.id = "E", .a = 1, .b = 0, .length_km = 1},
					      {.id = "W", .a = 1, .b = 2, .length_km = 1}};
	struct hub hub = {.sites = sites, .site_count = 3, .segments = silent, .segment_count = 2};
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	uint32_t along[] = {1, 0}, places[] = {2, 1, 0};
	struct corridor_path path = {1, 2, along, places};
	struct corridor_itinerary it;
	if (!plan || corridor_itinerary_of(&it, arena, plan, &path) < 0)
		abort();
	ok(it.country_count == 3 && strcmp(it.crossed[0].code, "OM") == 0 &&
		   strcmp(it.crossed[1].code, "PK") == 0 && strcmp(it.crossed[2].code, "CN") == 0,
	   "where nobody told, the countries are those of the sites");
	uint32_t pk = corridor_plan_name(plan, CORRIDOR_COUNTRIES, "PK");
	ok(pk != HUB_NONE && corridor_plan_has(plan, CORRIDOR_COUNTRIES, 0, pk) &&
		   corridor_plan_has(plan, CORRIDOR_COUNTRIES, 1, pk),
	   "by which such segments are avoided");
	corridor_plan_free(plan);
}

int
main(void)
{
	struct hub hub = {.sites = sites,
			  .site_count = 3,
			  .segments = segments,
			  .segment_count = 2,
			  .cables = cables,
			  .cable_count = 1,
			  .corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1}};
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct arena *arena = arena_new();
	uint32_t places[] = {0};
	struct corridor_path nothing = {0, 0, NULL, places};
	struct corridor_itinerary it;
	way(plan, arena);
	other_way_round(plan, arena);
	by_ends(arena);
	ok(corridor_itinerary_of(&it, arena, plan, &nothing) == 0 && it.length_km == 0 &&
		   it.country_count == 0 && corridor_itinerary_estimated_share(&it) == 0 &&
		   it.availability.value == 1 && it.narrowest == HUB_NONE,
	   "a way of nothing is nothing, and never fails");
	arena_free(arena);
	corridor_plan_free(plan);
	return done_testing();
}
