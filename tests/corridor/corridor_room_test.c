/* The greatest flow between two sites against the narrowest of all cuts. */
#include "corridor/corridor_room.h"

#include <stdlib.h>

#include "graphs.h"
#include "tap.h"

enum { GRAPHS = 3000, SITES_MAX = 9, SEGMENTS_MAX = 24 };

/* The least that crosses from any set of sites with the one end to the rest with the other. */
static uint64_t
narrowest(const struct test_graph *g, const uint64_t *capacity, struct corridor_ends ends)
{
	uint64_t least = UINT64_MAX;
	for (uint32_t set = 0; set < 1u << g->graph->site_count; set++) {
		uint64_t sum = 0;
		if (!(set >> ends.a & 1) || set >> ends.b & 1)
			continue;
		for (size_t s = 0; s < g->graph->segment_count; s++)
			if ((set >> g->graph->ends[s].a & 1) != (set >> g->graph->ends[s].b & 1) &&
			    g->cost[s] != CORRIDOR_CLOSED)
				sum += capacity[s];
		least = sum < least ? sum : least;
	}
	return least;
}

static void
by_chance(void)
{
	uint64_t seed = 5;
	unsigned equal = 0, adds_up = 0, parts = 0, none = 0;
	for (int n = 0; n < GRAPHS; n++) {
		size_t sites = 2 + random_below(&seed, SITES_MAX - 1);
		size_t segments = random_below(&seed, SEGMENTS_MAX + 1);
		struct test_graph g = graph_by_chance(&seed, sites, segments, 9);
		struct corridor_ends ends = {random_below(&seed, (uint32_t)sites), 0};
		ends.b = (ends.a + 1 + random_below(&seed, (uint32_t)sites - 1)) % (uint32_t)sites;
		uint64_t capacity[SEGMENTS_MAX + 1], sum = 0;
		for (size_t s = 0; s < segments; s++) {
			capacity[s] = random_below(&seed, 4) ? random_below(&seed, 30) : 0;
			if (random_below(&seed, 8) == 0)
				g.cost[s] = CORRIDOR_CLOSED;
		}
		struct corridor_room room;
		if (corridor_room_find(&room, g.graph, g.cost, capacity, ends) < 0)
			abort();
		equal += room.bps == narrowest(&g, capacity, ends);
		for (size_t i = 0; i < room.count; i++) {
			sum += capacity[room.segments[i]];
			g.cost[room.segments[i]] = CORRIDOR_CLOSED;
		}
		adds_up += sum == room.bps;
		parts += narrowest(&g, capacity, ends) == 0;
		none += room.bps == 0;
		corridor_room_fini(&room);
		corridor_graph_free(g.graph);
		free(g.cost);
	}
	ok(none > 100 && none < GRAPHS / 2, "some have a way, some have none (%u)", none);
	is_int(equal, GRAPHS, "as much flows as the narrowest of all cuts lets through");
	is_int(adds_up, GRAPHS, "the cut that is told lets so much through");
	is_int(parts, GRAPHS, "and without it there is no way");
}

/* Two ways side by side, and one that has to be taken back: a greedy walk over the middle ends at 1. */
static void
taken_back(void)
{
	const struct corridor_ends ends[] = {{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}};
	const uint64_t cost[] = {1, 1, 1, 1, 1}, capacity[] = {1, 1, 1, 1, 1};
	const uint64_t large[] = {(uint64_t)1 << 53, 7, 3, 5, (uint64_t)1 << 53};
	struct corridor_graph *graph = corridor_graph_new(4, ends, 5);
	struct corridor_room room;
	corridor_room_find(&room, graph, cost, capacity, (struct corridor_ends){0, 3});
	is_int((long long)room.bps, 2, "both ways are filled");
	ok(room.count == 2 && room.segments[0] == 0 && room.segments[1] == 1,
	   "of several narrowest cuts the one near the first end");
	corridor_room_fini(&room);
	corridor_room_find(&room, graph, cost, large, (struct corridor_ends){3, 0});
	is_int((long long)room.bps, 15,
	       "what goes over the middle goes against its direction, too");
	corridor_room_fini(&room);
	corridor_graph_free(graph);
}

int
main(void)
{
	by_chance();
	taken_back();
	return done_testing();
}
