/* Yen's list against all simple ways of small graphs, and against reference answers. */
#include "corridor/corridor_paths.h"

#include <stdlib.h>

#include "graphs.h"
#include "tap.h"

enum { WAYS_MAX = 200000 };

/* Every simple way from `at` to `to`, by trying; costs only. */
struct all_ways {
	const struct test_graph *g;
	uint32_t to;
	bool been[32];
	uint64_t *costs;
	size_t count;
};

static void
walk(struct all_ways *w, uint32_t at, uint64_t cost)
{
	if (at == w->to) {
		if (w->count == WAYS_MAX)
			abort();
		w->costs[w->count++] = cost;
		return;
	}
	w->been[at] = true;
	for (uint32_t i = w->g->graph->first_arc[at]; i < w->g->graph->first_arc[at + 1]; i++) {
		struct corridor_arc arc = w->g->graph->arcs[i];
		if (!w->been[arc.to] && w->g->cost[arc.segment] != CORRIDOR_CLOSED)
			walk(w, arc.to, cost + w->g->cost[arc.segment]);
	}
	w->been[at] = false;
}

static int
compare_costs(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool
is_loopless(const struct corridor_path *p)
{
	for (size_t i = 0; i <= p->segment_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (p->sites[i] == p->sites[j])
				return false;
		}
	}
	return true;
}

/* True if its segments join its sites and its cost is their sum. */
static bool
is_sound(const struct corridor_path *p, const struct test_graph *g)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < p->segment_count; i++) {
		struct corridor_ends e = g->graph->ends[p->segments[i]];
		uint32_t from = p->sites[i], to = p->sites[i + 1];
		if (!(e.a == from && e.b == to) && !(e.b == from && e.a == to))
			return false;
		sum += g->cost[p->segments[i]];
	}
	return sum == p->cost;
}

static bool
is_distinct(const struct corridor_paths *list, size_t which)
{
	const struct corridor_path *p = &list->paths[which];
	for (size_t i = 0; i < which; i++) {
		const struct corridor_path *q = &list->paths[i];
		if (p->segment_count == q->segment_count &&
		    memcmp(p->segments, q->segments, p->segment_count * sizeof(*p->segments)) == 0)
			return false;
	}
	return true;
}

static void
against_all_ways(void)
{
	uint64_t seed = 42;
	unsigned lists = 0, same_count = 0, ways = 0, same_cost = 0, good = 0;
	uint64_t *costs = calloc(WAYS_MAX, sizeof(*costs));
	for (; lists < 400; lists++) {
		size_t n = 2 + random_below(&seed, 7);
		struct test_graph g = graph_by_chance(&seed, n, 1 + random_below(&seed, 16),
						      lists % 2 ? 4 : 1000);
		unsigned k = 1 + random_below(&seed, CORRIDOR_PATHS_MAX);
		struct all_ways all = {.g = &g, .to = (uint32_t)n - 1, .costs = costs};
		walk(&all, 0, 0);
		qsort(costs, all.count, sizeof(*costs), compare_costs);
		struct corridor_paths list;
		if (corridor_paths_find(&list, g.graph, g.cost,
					(struct corridor_ends){0, (uint32_t)n - 1}, k) < 0)
			abort();
		same_count += list.count == (all.count < k ? all.count : k);
		for (size_t i = 0; i < list.count; i++, ways++) {
			const struct corridor_path *p = &list.paths[i];
			same_cost += i < all.count && p->cost == costs[i];
			good += is_loopless(p) && is_sound(p, &g) && is_distinct(&list, i);
		}
		corridor_paths_fini(&list);
		test_graph_free(&g);
	}
	free(costs);
	ok(ways > 2000, "400 small graphs have %u ways among them", ways);
	is_int(same_count, lists, "as many ways are found as there are, up to k");
	is_int(same_cost, ways, "the n-th way costs what the n-th of all simple ways costs");
	is_int(good, ways, "no way touches a site twice, adds up wrongly or comes twice");
}

static void
reference(void)
{
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		char path[128], got[8192] = "";
		unsigned from, to, k;
		if (sscanf(csv_get(&csv, i, "kind"), "k-shortest simple (Yen) k=%u", &k) != 1)
			continue;
		snprintf(path, sizeof(path), "tests/corridor/data/%s.csv",
			 csv_get(&csv, i, "topology"));
		struct test_graph g = graph_from_table(path);
		if (sscanf(csv_get(&csv, i, "question"), "R%u(%*u)->R%u", &from, &to) != 2)
			abort();
		struct corridor_paths list;
		if (corridor_paths_find(&list, g.graph, g.cost, (struct corridor_ends){from, to},
					k) < 0)
			abort();
		for (size_t j = 0; j < list.count; j++) {
			size_t length = strlen(got);
			snprintf(got + length, sizeof(got) - length, "%s%.3f", j ? "; " : "",
				 corridor_cost_km(list.paths[j].cost));
		}
		is_str(got, csv_get(&csv, i, "answer"), csv_get(&csv, i, "id"));
		corridor_paths_fini(&list);
		test_graph_free(&g);
	}
	csv_fini(&csv);
}

static void
edges(void)
{
	struct corridor_ends ends[] = {{0, 1}, {0, 1}, {1, 1}};
	uint64_t km = corridor_cost_of_length(100000), cost[] = {km, km, km};
	struct corridor_graph *g = corridor_graph_new(3, ends, 3);
	struct corridor_paths list;
	ok(corridor_paths_find(&list, g, cost, (struct corridor_ends){0, 0}, 5) == 0 &&
		   list.count == 1 && list.paths[0].segment_count == 0 && list.paths[0].cost == 0,
	   "from a site to itself there is one way, of nothing");
	corridor_paths_fini(&list);
	ok(corridor_paths_find(&list, g, cost, (struct corridor_ends){0, 2}, 5) == 0 &&
		   list.count == 0,
	   "to a site that nothing reaches there is none");
	corridor_paths_fini(&list);
	ok(corridor_paths_find(&list, g, cost, (struct corridor_ends){1, 0}, 5) == 0 &&
		   list.count == 2 && list.paths[0].segments[0] == 0 &&
		   list.paths[1].segments[0] == 1,
	   "parallel segments are two ways, the first one first");
	corridor_paths_fini(&list);
	corridor_graph_free(g);
}

int
main(void)
{
	against_all_ways();
	reference();
	edges();
	return done_testing();
}
