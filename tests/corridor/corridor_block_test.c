/* What lies on ways between two sites, against all simple ways of small graphs. */
#include "corridor/corridor_block.h"

#include "hubs.h"
#include "tap.h"

enum { GRAPHS = 500, SITES = 9, SEGMENTS = 13 };

int
main(void)
{
	uint64_t seed = 31;
	unsigned right = 0, on_ways = 0;
	for (int n = 0; n < GRAPHS; n++) {
		struct test_graph g = graph_by_chance(&seed, SITES, SEGMENTS, 9);
		struct corridor_ends ends = {0, 1 + random_below(&seed, SITES - 1)};
		bool expected[SEGMENTS] = {false}, got[SEGMENTS], closed[SITES] = {false};
		for (int i = 0; i < 2; i++)
			g.cost[random_below(&seed, SEGMENTS)] = CORRIDOR_CLOSED;
		uint32_t site = random_below(&seed, SITES);
		closed[site] = site != ends.a && site != ends.b;
		struct test_ways all = test_ways_of(g.graph, g.cost, ends);
		for (size_t w = 0; w < all.count; w++) {
			bool through = false;
			for (size_t i = 0; i <= all.ways[w].segment_count; i++)
				through |= closed[all.ways[w].sites[i]];
			for (size_t i = 0; i < all.ways[w].segment_count && !through; i++)
				expected[all.ways[w].segments[i]] = true;
		}
		struct corridor_block *block = corridor_block_new(g.graph);
		corridor_block_find(block, got, g.cost, closed, ends);
		right += memcmp(expected, got, sizeof(got)) == 0;
		for (int i = 0; i < SEGMENTS; i++)
			on_ways += expected[i];
		corridor_block_free(block);
		test_ways_free(&all);
		test_graph_free(&g);
	}
	ok(on_ways > 500, "%u segments are on ways", on_ways);
	is_int(right, GRAPHS, "those and no others are told");
	return done_testing();
}
