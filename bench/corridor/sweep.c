/* How long the corridor's searches take: the sweep of all single cuts from all hubs, by a new
 * search for each and by repair; k shortest ways and all pairs on a synthetic graph of 500 sites.
 * Prints the best of several rounds; nothing passes or fails. Run from the project's folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/corridor/graphs.h"
#include "base/clock_io.h"
#include "corridor/corridor_paths.h"
#include "corridor/corridor_plan.h"
#include "corridor/corridor_search.h"
#include "hub/hub_file_io.h"

enum { ROUNDS = 20 };

struct bench {
	const struct hub *hub;
	struct test_graph g;
	struct corridor_search *base, *search;
	uint32_t *sources;
	size_t source_count;
	uint64_t sum; /* of costs, so that nothing is computed for nobody */
};

static void
sum_costs(struct bench *b)
{
	for (uint32_t i = 0; i < b->g.graph->site_count; i++) {
		uint64_t cost = corridor_search_cost(b->search, i);
		b->sum += cost == CORRIDOR_CLOSED ? 1 : cost;
	}
}

/* Every open segment cut, seen from every source. Returns how many searches that was. */
static size_t
sweep_anew(struct bench *b)
{
	size_t count = 0;
	for (uint32_t s = 0; s < b->g.graph->segment_count; s++) {
		uint64_t cost = b->g.cost[s];
		if (cost == CORRIDOR_CLOSED)
			continue;
		b->g.cost[s] = CORRIDOR_CLOSED;
		for (size_t i = 0; i < b->source_count; i++, count++) {
			corridor_search_run(b->search, b->g.cost, b->sources[i], HUB_NONE);
			sum_costs(b);
		}
		b->g.cost[s] = cost;
	}
	return count;
}

static size_t
sweep_by_repair(struct bench *b)
{
	size_t count = 0;
	for (size_t i = 0; i < b->source_count; i++) {
		corridor_search_run(b->base, b->g.cost, b->sources[i], HUB_NONE);
		for (uint32_t s = 0; s < b->g.graph->segment_count; s++) {
			uint64_t cost = b->g.cost[s];
			if (cost == CORRIDOR_CLOSED)
				continue;
			b->g.cost[s] = CORRIDOR_CLOSED;
			corridor_search_cut(b->search, b->base, b->g.cost, s);
			sum_costs(b);
			b->g.cost[s] = cost;
			count++;
		}
	}
	return count;
}

static size_t
all_pairs(struct bench *b)
{
	for (uint32_t i = 0; i < b->g.graph->site_count; i++) {
		corridor_search_run(b->search, b->g.cost, i, HUB_NONE);
		sum_costs(b);
	}
	return b->g.graph->site_count;
}

static size_t
eight_ways(struct bench *b)
{
	struct corridor_paths paths;
	struct corridor_ends ends = {0, (uint32_t)b->g.graph->site_count - 1};
	if (corridor_paths_find(&paths, b->g.graph, b->g.cost, ends, 8) < 0)
		exit(1);
	size_t count = paths.count;
	corridor_paths_fini(&paths);
	return count;
}

static void
report(struct bench *b, const char *what, size_t (*work)(struct bench *))
{
	int64_t best_us = INT64_MAX;
	size_t count = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct mono_us start = clock_mono();
		b->sum = 0;
		count = work(b);
		int64_t took_us = clock_mono().us - start.us;
		best_us = took_us < best_us ? took_us : best_us;
	}
	printf("%-48s %6zu  %9.3f ms  %8.3f us each\n", what, count, (double)best_us / 1e3,
	       (double)best_us / (double)count);
}

static void
bench_init(struct bench *b, struct test_graph g)
{
	b->g = g;
	b->base = corridor_search_new(g.graph);
	b->search = corridor_search_new(g.graph);
	if (!b->base || !b->search)
		exit(1);
}

static void
bench_fini(struct bench *b)
{
	corridor_search_free(b->base);
	corridor_search_free(b->search);
	test_graph_free(&b->g);
	free(b->sources);
}

static void
silkroad(void)
{
	struct hub_report complaints;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &complaints);
	hub_report_fini(&complaints);
	if (!hub) {
		fprintf(stderr, "examples/silkroad.yaml cannot be read\n");
		exit(1);
	}
	struct bench b = {.sources = calloc(hub->site_count, sizeof(*b.sources))};
	struct corridor_plan *plan =
		corridor_plan_new(hub, (struct corridor_day){clock_utc(), false});
	struct test_graph g = {corridor_graph_of_hub(hub),
			       calloc(hub->segment_count, sizeof(*g.cost))};
	if (!plan)
		exit(1);
	corridor_plan_costs(g.cost, plan, NULL, CORRIDOR_BY_LENGTH);
	corridor_plan_free(plan);
	bench_init(&b, g);
	for (uint32_t i = 0; i < hub->site_count; i++) {
		if (strcmp(hub->sites[i].kind, "hub") == 0)
			b.sources[b.source_count++] = i;
	}
	printf("examples/silkroad: %zu sites, %zu segments, from %zu hubs\n", hub->site_count,
	       hub->segment_count, b.source_count);
	report(&b, "  every single cut, a new search each", sweep_anew);
	uint64_t sum = b.sum;
	report(&b, "  every single cut, repaired", sweep_by_repair);
	if (b.sum != sum)
		printf("  the two do not agree\n");
	bench_fini(&b);
	hub_free(hub);
}

int
main(void)
{
	silkroad();
	struct bench b = {0};
	bench_init(&b, graph_from_table("tests/corridor/data/gabriel_500_0.csv"));
	printf("Gabriel graph: 500 sites, 982 segments\n");
	report(&b, "  all pairs, a search from every site", all_pairs);
	report(&b, "  eight shortest ways, first to last site", eight_ways);
	bench_fini(&b);
	return 0;
}
