/* Graphs for the tests: made by chance from a seed, or read from a table of links. */
#pragma once

#include <stdint.h>
#include <stdlib.h>

#include "corridor/corridor_graph.h"
#include "csv.h"

struct test_graph {
	struct corridor_graph *graph;
	uint64_t *cost;
};

/* xorshift64*: the same numbers on every machine. */
__attribute__((unused)) static uint32_t
random_below(uint64_t *seed, uint32_t limit)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (uint32_t)((*seed * 0x2545f4914f6cdd1du) >> 33) % limit;
}

/* Lengths are whole kilometres from 1 to `longest`, so that a small one makes many ties. Parallel
 * segments and, now and then, segments from a site to itself are part of it. */
__attribute__((unused)) static struct test_graph
graph_by_chance(uint64_t *seed, size_t sites, size_t segments, uint32_t longest)
{
	struct corridor_ends *ends = calloc(segments, sizeof(*ends));
	struct test_graph g = {.cost = calloc(segments, sizeof(*g.cost))};
	for (size_t i = 0; i < segments; i++) {
		ends[i].a = random_below(seed, (uint32_t)sites);
		ends[i].b = random_below(seed, (uint32_t)sites);
		double km = 1 + random_below(seed, longest);
		g.cost[i] = corridor_cost_of_length(corridor_length_cm(km));
	}
	g.graph = corridor_graph_new(sites, ends, segments);
	free(ends);
	return g;
}

__attribute__((unused)) static struct test_graph
graph_from_table(const char *path)
{
	struct csv csv = csv_read(path);
	struct corridor_ends *ends = calloc(csv.rows, sizeof(*ends));
	struct test_graph g = {.cost = calloc(csv.rows, sizeof(*g.cost))};
	uint32_t last = 0;
	for (size_t i = 0; i < csv.rows; i++) {
		ends[i].a = (uint32_t)atoi(csv_get(&csv, i, "a"));
		ends[i].b = (uint32_t)atoi(csv_get(&csv, i, "b"));
		last = ends[i].a > last ? ends[i].a : last;
		last = ends[i].b > last ? ends[i].b : last;
		double km = strtod(csv_get(&csv, i, "km"), NULL);
		g.cost[i] = corridor_cost_of_length(corridor_length_cm(km));
	}
	g.graph = corridor_graph_new(last + 1, ends, csv.rows);
	free(ends);
	csv_fini(&csv);
	return g;
}

__attribute__((unused)) static void
test_graph_free(struct test_graph *g)
{
	corridor_graph_free(g->graph);
	free(g->cost);
}
