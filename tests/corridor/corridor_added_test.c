/* What a segment that is laid changes, on a triangle by hand. */
#include "corridor/corridor_added.h"

#include <stdlib.h>

#include "tap.h"
#include "triangle.h"

enum { AB, BC, AC };

static bool
near(double got, double expected)
{
	return fabs(got - expected) <= 1e-9 * fabs(expected);
}

static struct corridor_added
added_by(struct arena *arena, const struct corridor_plan *plan, uint32_t segment)
{
	static const struct corridor_ends pair = {0, 2};
	struct corridor_added added;
	const struct corridor_added_ask ask = {
		.flow = {.plan = plan},
		.segments = &segment,
		.segment_count = 1,
		.pairs = &pair,
		.pair_count = 1,
	};
	if (corridor_added_of(&added, arena, &ask) < 0)
		abort();
	return added;
}

static void
short_way(const struct corridor_added *added)
{
	const struct corridor_added_look *sides = added->pairs[0].sides;
	is_int((long long)added->pair_count, 1,
	       "a pair is looked at once when nothing is to be avoided");
	ok(near(sides[CORRIDOR_ADDED_WITHOUT].km.value, 2000) &&
		   near(sides[CORRIDOR_ADDED_WITH].km.value, 1000),
	   "the short way halves the kilometres");
	ok(!sides[CORRIDOR_ADDED_WITHOUT].over && sides[CORRIDOR_ADDED_WITH].over,
	   "and is gone over");
	ok(near(sides[CORRIDOR_ADDED_WITHOUT].room_gbps.value, 500) &&
		   near(sides[CORRIDOR_ADDED_WITH].room_gbps.value, 800),
	   "room is that of both ways together");
	ok(sides[CORRIDOR_ADDED_WITH].connected.value >
		   sides[CORRIDOR_ADDED_WITHOUT].connected.value,
	   "two ways are connected more often than one");
	ok(near(added->served_gbps[CORRIDOR_ADDED_WITHOUT], 500) &&
		   near(added->served_gbps[CORRIDOR_ADDED_WITH], 600),
	   "what had no room is served");
	ok(near(added->laid_gbps, 300), "as much as it holds goes over it");
	ok(added->change.faster == 2 && added->change.moved == 2 &&
		   added->change.gained_bps == 100000000000 && added->change.lost_gbps.high == 0,
	   "both demands are faster, one gets more, none loses");
	ok(near(added->takes_usd.value, added->revenue[CORRIDOR_ADDED_WITH].usd_a_year[AC].value) &&
		   added->takes_usd.value > 0,
	   "it takes in what its segment does");
	is_int(added->worth.demands[CORRIDOR_TOLL_PASSES], 2, "both pass it by price");
}

static void
last_way(struct arena *arena, const struct corridor_plan *plan)
{
	const uint32_t both[] = {AB, AC};
	static const struct corridor_ends pair = {0, 2};
	struct corridor_added added;
	const struct corridor_added_ask ask = {.flow = {.plan = plan},
					       .segments = both,
					       .segment_count = 2,
					       .pairs = &pair,
					       .pair_count = 1};
	if (corridor_added_of(&added, arena, &ask) < 0)
		abort();
	const struct corridor_added_look *without = &added.pairs[0].sides[CORRIDOR_ADDED_WITHOUT];
	ok(!without->linked && isnan(without->km.value) && without->room_gbps.value == 0 &&
		   without->connected.value == 0,
	   "without any way there are no kilometres, no room and no connection");
	ok(near(added.change.all[0].after_bps / 1e9, 400) && isnan(added.change.all[0].before_ms),
	   "and with it there is one again");
}

static void
countries(struct arena *arena)
{
	static struct country at_a[] = {{"KZ"}}, at_b[] = {{"RU"}}, at_c[] = {{"DE"}};
	struct hub hub = triangle();
	hub.segments[AB].countries = at_a;
	hub.segments[BC].countries = at_b;
	hub.segments[AC].countries = at_c;
	hub.segments[AB].country_count = hub.segments[BC].country_count =
		hub.segments[AC].country_count = 1;
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	const uint32_t laid = AC, avoid = corridor_plan_name(plan, CORRIDOR_COUNTRIES, "RU");
	static const struct corridor_ends pair = {0, 2};
	struct corridor_added added;
	const struct corridor_added_ask ask = {.flow = {.plan = plan},
					       .segments = &laid,
					       .segment_count = 1,
					       .pairs = &pair,
					       .pair_count = 1,
					       .avoid = &avoid,
					       .avoid_count = 1};
	if (corridor_added_of(&added, arena, &ask) < 0)
		abort();
	ok(added.pair_count == 2 && !added.pairs[0].avoiding && added.pairs[1].avoiding,
	   "what is to be avoided is a second look");
	ok(added.pairs[0].sides[CORRIDOR_ADDED_WITHOUT].linked &&
		   !added.pairs[1].sides[CORRIDOR_ADDED_WITHOUT].linked &&
		   added.pairs[1].sides[CORRIDOR_ADDED_WITH].linked,
	   "which only what is laid links");
	double russia[2] = {0};
	for (size_t i = 0; i < added.country_count; i++)
		for (int side = 0; side < 2; side++)
			if (added.countries[i].name == avoid)
				russia[side] = added.countries[i].gbps[side];
	ok(near(russia[CORRIDOR_ADDED_WITHOUT], 500) && near(russia[CORRIDOR_ADDED_WITH], 300),
	   "of what crosses a country what the short way holds is gone");
	corridor_plan_free(plan);
}

static void
ends(const struct corridor_plan *plan)
{
	struct corridor_ends found;
	const uint32_t chain[] = {BC, AB}, ring[] = {AB, BC, AC};
	ok(corridor_added_ends(&found, plan->graph, chain, 2) && found.a + found.b == 2 &&
		   found.a != found.b,
	   "a chain begins and ends where one of its segments does");
	ok(!corridor_added_ends(&found, plan->graph, ring, 3), "a ring does not");
}

int
main(void)
{
	struct hub hub = triangle();
	hub.demands[0].price = hub.demands[1].price = NAN;
	struct arena *arena = arena_new();
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	if (!arena || !plan)
		abort();
	struct corridor_added added = added_by(arena, plan, AC);
	short_way(&added);
	last_way(arena, plan);
	ends(plan);
	corridor_plan_free(plan);
	countries(arena);
	arena_free(arena);
	return done_testing();
}
