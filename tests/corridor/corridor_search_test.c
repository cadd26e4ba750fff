/* Dijkstra against all ways tried out, and against reference answers on larger graphs. */
#include "corridor/corridor_search.h"

#include <stdlib.h>

#include "graphs.h"
#include "tap.h"

/* Bellman and Ford: every segment offered again and again until nothing changes. */
static void
all_costs(uint64_t *best, const struct test_graph *g, uint32_t from)
{
	for (size_t i = 0; i < g->graph->site_count; i++)
		best[i] = CORRIDOR_CLOSED;
	best[from] = 0;
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < g->graph->segment_count; i++) {
			struct corridor_ends e = g->graph->ends[i];
			if (g->cost[i] == CORRIDOR_CLOSED)
				continue;
			if (best[e.a] != CORRIDOR_CLOSED && best[e.a] + g->cost[i] < best[e.b]) {
				best[e.b] = best[e.a] + g->cost[i];
				changed = true;
			}
			if (best[e.b] != CORRIDOR_CLOSED && best[e.b] + g->cost[i] < best[e.a]) {
				best[e.a] = best[e.b] + g->cost[i];
				changed = true;
			}
		}
	}
}

/* True if going back from `site` adds up to its cost and ends at the start. */
static bool
way_adds_up(const struct corridor_search *s, const struct test_graph *g, uint32_t from,
	    uint32_t site)
{
	uint64_t sum = 0, expected = corridor_search_cost(s, site);
	for (size_t hops = 0; site != from; hops++) {
		uint32_t segment = corridor_search_segment(s, site);
		if (segment >= g->graph->segment_count || hops > g->graph->site_count)
			return false;
		sum += g->cost[segment];
		site = corridor_search_before(s, site);
	}
	return sum == expected;
}

static void
against_all_ways(void)
{
	uint64_t seed = 20261121;
	unsigned graphs = 0, costs_equal = 0, ways_add_up = 0, sites = 0;
	for (; graphs < 300; graphs++) {
		size_t n = 2 + random_below(&seed, 20);
		struct test_graph g = graph_by_chance(&seed, n, 1 + random_below(&seed, 40), 9);
		if (random_below(&seed, 3) == 0)
			g.cost[0] = CORRIDOR_CLOSED;
		struct corridor_search *s = corridor_search_new(g.graph);
		uint64_t best[32];
		uint32_t from = random_below(&seed, (uint32_t)n);
		all_costs(best, &g, from);
		corridor_search_run(s, g.cost, from, HUB_NONE);
		for (uint32_t i = 0; i < n; i++, sites++) {
			costs_equal += corridor_search_cost(s, i) == best[i];
			ways_add_up += best[i] == CORRIDOR_CLOSED || way_adds_up(s, &g, from, i);
		}
		corridor_search_free(s);
		test_graph_free(&g);
	}
	is_int(costs_equal, sites, "on 300 small graphs every cost is that of trying all ways");
	is_int(ways_add_up, sites, "and every way, followed back, adds up to its cost");
}

/* A longer detour or a missing segment never makes the best way better; a new one never worse. */
static void
monotone(void)
{
	uint64_t seed = 7;
	unsigned tries = 0, cut_well = 0, detour_well = 0;
	for (; tries < 500; tries++) {
		struct test_graph g = graph_by_chance(&seed, 12, 24, 50);
		struct corridor_search *s = corridor_search_new(g.graph);
		uint32_t segment = random_below(&seed, 24);
		corridor_search_run(s, g.cost, 0, 11);
		uint64_t before = corridor_search_cost(s, 11), cost = g.cost[segment];
		g.cost[segment] = cost + corridor_cost_of_length(1000000);
		corridor_search_run(s, g.cost, 0, 11);
		uint64_t longer = corridor_search_cost(s, 11);
		g.cost[segment] = CORRIDOR_CLOSED;
		corridor_search_run(s, g.cost, 0, 11);
		cut_well += corridor_search_cost(s, 11) >= longer;
		detour_well += longer >= before;
		corridor_search_free(s);
		test_graph_free(&g);
	}
	is_int(detour_well, tries, "a longer segment never shortens the best way");
	is_int(cut_well, tries, "a cut never shortens it either");
}

/* Every single cut and every pair with the first, straight to each site, by what was left before
 * them; small lengths make many ties. */
static void
toward(void)
{
	enum { SITES = 14, SEGMENTS = 26 };
	uint64_t seed = 4242;
	unsigned tries = 0, same = 0;
	for (unsigned n = 0; n < 150; n++) {
		struct test_graph g = graph_by_chance(&seed, SITES, SEGMENTS, n % 2 ? 3 : 100);
		struct corridor_search *straight = corridor_search_new(g.graph);
		struct corridor_search *fresh = corridor_search_new(g.graph);
		uint32_t from = random_below(&seed, SITES), to = random_below(&seed, SITES);
		uint64_t left[SITES], first = g.cost[0];
		corridor_search_run(fresh, g.cost, to, HUB_NONE);
		for (uint32_t i = 0; i < SITES; i++)
			left[i] = corridor_search_cost(fresh, i);
		for (uint32_t segment = 0; segment < 2 * SEGMENTS; segment++, tries++) {
			uint64_t cost = g.cost[segment % SEGMENTS];
			g.cost[0] = segment < SEGMENTS ? first : CORRIDOR_CLOSED;
			g.cost[segment % SEGMENTS] = CORRIDOR_CLOSED;
			corridor_search_run(fresh, g.cost, from, to);
			corridor_search_toward(straight, g.cost, from, to, left);
			g.cost[segment % SEGMENTS] = cost;
			uint64_t found = corridor_search_cost(straight, to);
			bool equal = found == corridor_search_cost(fresh, to);
			for (uint32_t at = to; equal && found != CORRIDOR_CLOSED && at != from;
			     at = corridor_search_before(fresh, at))
				equal = corridor_search_segment(straight, at) ==
						corridor_search_segment(fresh, at) &&
					corridor_search_before(straight, at) ==
						corridor_search_before(fresh, at);
			same += equal;
		}
		corridor_search_free(straight);
		corridor_search_free(fresh);
		test_graph_free(&g);
	}
	is_int(same, tries, "straight to a site it is the way of a run, ties too");
}

/* Every single cut, repaired, against a new search; small lengths make many ties. */
static void
cuts(void)
{
	uint64_t seed = 99;
	unsigned tries = 0, same = 0, changed = 0;
	for (unsigned n = 0; n < 200; n++) {
		struct test_graph g = graph_by_chance(&seed, 15, 25, n % 2 ? 3 : 100);
		struct corridor_search *base = corridor_search_new(g.graph);
		struct corridor_search *cut = corridor_search_new(g.graph);
		struct corridor_search *fresh = corridor_search_new(g.graph);
		corridor_search_run(base, g.cost, 3, HUB_NONE);
		if (n % 3)
			corridor_search_follow(cut, base);
		for (uint32_t segment = 0; segment < 25; segment++) {
			uint64_t cost = g.cost[segment];
			g.cost[segment] = CORRIDOR_CLOSED;
			corridor_search_cut(cut, base, g.cost, segment);
			corridor_search_run(fresh, g.cost, 3, HUB_NONE);
			g.cost[segment] = cost;
			for (uint32_t i = 0; i < 15; i++, tries++) {
				same += corridor_search_cost(cut, i) ==
						corridor_search_cost(fresh, i) &&
					corridor_search_segment(cut, i) ==
						corridor_search_segment(fresh, i) &&
					corridor_search_before(cut, i) ==
						corridor_search_before(fresh, i);
				changed += corridor_search_cost(cut, i) !=
					   corridor_search_cost(base, i);
			}
		}
		corridor_search_free(base);
		corridor_search_free(cut);
		corridor_search_free(fresh);
		test_graph_free(&g);
	}
	is_int(same, tries, "every cut, repaired, is what a new search finds, ties too");
	ok(changed > 1000, "and %u costs did change", changed);
}

static void
ties(void)
{
	/* Two ways of 2 km from 0 to 3 over 1 and 2, one of 2 km direct, each twice. */
	struct corridor_ends ends[] = {{0, 2}, {2, 3}, {0, 1}, {1, 3}, {0, 3}, {3, 0}};
	uint64_t one = corridor_cost_of_length(100000), two = corridor_cost_of_length(200000);
	uint64_t cost[] = {one, one, one, one, two, two};
	struct corridor_graph *g = corridor_graph_new(4, ends, 6);
	struct corridor_search *s = corridor_search_new(g);
	corridor_search_run(s, cost, 0, HUB_NONE);
	is_int(corridor_search_segment(s, 3), 4,
	       "of equally long ways the one with fewer segments wins, of parallel ones the first");
	cost[4] = cost[5] = CORRIDOR_CLOSED;
	corridor_search_run(s, cost, 0, HUB_NONE);
	is_int(corridor_search_segment(s, 3), 1,
	       "of equal ways the one by the earlier segment wins");
	corridor_search_run(s, cost, 3, HUB_NONE);
	is_int(corridor_search_segment(s, 0), 0, "from the other side too");
	corridor_search_reset(s);
	corridor_search_close(s, 2);
	corridor_search_go(s, cost, 0, 3);
	is_int(corridor_search_before(s, 3), 1, "a closed site is not entered");
	corridor_search_free(s);
	corridor_graph_free(g);
}

/* Rows of the reference: "R0(0)->R99(99)" asks for the ends, the answer begins with km. */
static void
reference(void)
{
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		char path[128];
		unsigned from, to;
		if (strcmp(csv_get(&csv, i, "kind"), "shortest") != 0)
			continue;
		snprintf(path, sizeof(path), "tests/corridor/data/%s.csv",
			 csv_get(&csv, i, "topology"));
		struct test_graph g = graph_from_table(path);
		struct corridor_search *s = corridor_search_new(g.graph);
		if (sscanf(csv_get(&csv, i, "question"), "R%u(%*u)->R%u", &from, &to) != 2)
			abort();
		corridor_search_run(s, g.cost, from, to);
		char got[32];
		snprintf(got, sizeof(got), "%.3f km",
			 corridor_cost_km(corridor_search_cost(s, to)));
		is_str(got, csv_get(&csv, i, "answer"), csv_get(&csv, i, "id"));
		char way[8192] = "", step[sizeof(way) + 16];
		for (uint32_t at = to; at != HUB_NONE; at = corridor_search_before(s, at)) {
			snprintf(step, sizeof(step), "%u%s%s", at, way[0] ? "-" : "", way);
			snprintf(way, sizeof(way), "%.8191s", step);
		}
		is_str(way, csv_get(&csv, i, "detail") + strlen("path "), "by the same way");
		corridor_search_free(s);
		test_graph_free(&g);
	}
	csv_fini(&csv);
}

static void
all_pairs(void)
{
	struct test_graph g = graph_from_table("tests/corridor/data/gabriel_500_0.csv");
	struct corridor_search *s = corridor_search_new(g.graph);
	uint64_t sum_cm = 0;
	for (uint32_t i = 0; i < 500; i++) {
		corridor_search_run(s, g.cost, i, HUB_NONE);
		for (uint32_t j = 0; j < 500; j++)
			sum_cm += corridor_search_cost(s, j) >> CORRIDOR_HOP_BITS;
	}
	is_int((long long)sum_cm, 32366476158000, "all pairs of 500 sites: 323 664 761.580 km");
	corridor_search_free(s);
	test_graph_free(&g);
}

/* A row of a kind that no test of this room looks at would prove nothing. */
static void
all_rows(void)
{
	static const char *const known[] = {"shortest",
					    "k-shortest simple (Yen)",
					    "min-sum edge-disjoint pair",
					    "min-sum node-disjoint pair",
					    "edge / node connectivity",
					    "bridges",
					    "all-pairs shortest"};
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	size_t looked_at = 0;
	for (size_t i = 0; i < csv.rows; i++)
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			looked_at +=
				strncmp(csv_get(&csv, i, "kind"), known[k], strlen(known[k])) == 0;
	is_int((long long)looked_at, (long long)csv.rows, "all rows of the reference are asked");
	csv_fini(&csv);
}

int
main(void)
{
	all_rows();
	against_all_ways();
	monotone();
	toward();
	cuts();
	ties();
	reference();
	all_pairs();
	return done_testing();
}
