/* How long the corridor's searches take: the sweep of all single cuts from all hubs, by a new
 * search for each and by repair; ways and pairs of ways on a synthetic graph of 500 sites; and
 * how all that grows to 5000 sites. Prints the best of several rounds; nothing passes or fails. Run
 * from the project's folder; sweep_networkx.py does the same with networkx. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../../tests/corridor/graphs.h"
#include "base/clock_io.h"
#include "corridor/corridor_disjoint.h"
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
	double km;    /* of all ways, to compare with others */
	int rounds;
};

static void
sum_costs(struct bench *b)
{
	for (uint32_t i = 0; i < b->g.graph->site_count; i++) {
		uint64_t cost = corridor_search_cost(b->search, i);
		b->sum += cost == CORRIDOR_CLOSED ? 1 : cost;
		b->km += cost == CORRIDOR_CLOSED ? 0 : corridor_cost_km(cost);
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
		corridor_search_follow(b->search, b->base);
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

static size_t
two_ways(struct bench *b)
{
	struct corridor_paths paths;
	struct corridor_ends ends = {0, (uint32_t)b->g.graph->site_count - 1};
	if (corridor_disjoint_pair(&paths, b->g.graph, b->g.cost, ends, CORRIDOR_SEGMENT_DISJOINT) <
	    0)
		exit(1);
	corridor_paths_fini(&paths);
	return 1;
}

/* Time of the processor, so that what else runs on the machine does not count. */
static int64_t
processor_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
report(struct bench *b, const char *what, size_t (*work)(struct bench *))
{
	int64_t best_us = INT64_MAX;
	size_t count = 0;
	for (int i = 0; i < b->rounds; i++) {
		int64_t start_us = processor_us();
		b->sum = 0;
		b->km = 0;
		count = work(b);
		int64_t took_us = processor_us() - start_us;
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
	b->rounds = ROUNDS;
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
		corridor_plan_new(hub, (struct corridor_day){.at = clock_utc()});
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
	printf("  all distances together: %.0f km\n", b.km);
	bench_fini(&b);
	hub_free(hub);
}

/* The segments of a graph like those that Gabriel and Sokal draw: of points strewn over a square of
 * 5000 km, two are joined when no third lies in the circle over the line between them. Only the
 * nearest points of each are tried. */
enum { NEAREST = 24, GROWTH_MAX = 5000 };

struct point {
	double x, y;
};

static double
square_of_distance(struct point a, struct point b)
{
	return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* The nearest to `which`, nearest first. */
static void
nearest(uint32_t near[NEAREST], const struct point *points, uint32_t count, uint32_t which)
{
	double held[NEAREST];
	size_t n = 0;
	for (uint32_t i = 0; i < count; i++) {
		double d = square_of_distance(points[i], points[which]);
		if (i == which || (n == NEAREST && d >= held[n - 1]))
			continue;
		size_t at = n < NEAREST ? n++ : NEAREST - 1;
		for (; at > 0 && held[at - 1] > d; at--) {
			held[at] = held[at - 1];
			near[at] = near[at - 1];
		}
		held[at] = d;
		near[at] = i;
	}
}

static struct test_graph
gabriel(uint32_t count)
{
	uint64_t seed = 2026;
	struct point *points = calloc(count, sizeof(*points));
	struct corridor_ends *ends = calloc((size_t)count * NEAREST, sizeof(*ends));
	struct test_graph g = {.cost = calloc((size_t)count * NEAREST, sizeof(*g.cost))};
	size_t segments = 0;
	for (uint32_t i = 0; i < count; i++)
		points[i] = (struct point){random_below(&seed, 5000000) / 1e3,
					   random_below(&seed, 5000000) / 1e3};
	for (uint32_t i = 0; i < count; i++) {
		uint32_t near[NEAREST];
		nearest(near, points, count, i);
		for (size_t k = 0; k < NEAREST; k++) {
			struct point a = points[i], b = points[near[k]];
			struct point middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
			double radius = square_of_distance(a, b) / 4;
			bool joined = near[k] > i;
			for (size_t m = 0; m < k && joined; m++)
				joined = square_of_distance(points[near[m]], middle) >= radius;
			if (!joined)
				continue;
			ends[segments] = (struct corridor_ends){i, near[k]};
			g.cost[segments++] = corridor_cost_of_length(
				corridor_length_cm(1.2 * 2 * sqrt(radius) + 0.001));
		}
	}
	g.graph = corridor_graph_new(count, ends, segments);
	free(ends);
	free(points);
	return g;
}

static void
grow(uint32_t count)
{
	struct bench b = {.sources = calloc(19, sizeof(*b.sources))};
	bench_init(&b, gabriel(count));
	b.rounds = count > 1000 ? 1 : 3;
	for (; b.source_count < 19; b.source_count++)
		b.sources[b.source_count] = (uint32_t)(b.source_count * count / 19);
	printf("made by chance: %u sites, %zu segments\n", count, b.g.graph->segment_count);
	report(&b, "  every single cut from 19 sites, repaired", sweep_by_repair);
	report(&b, "  eight shortest ways", eight_ways);
	report(&b, "  two ways that share no segment", two_ways);
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	printf("  memory of the program at most so far: %ld MB\n", used.ru_maxrss / 1024);
	bench_fini(&b);
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
	report(&b, "  two ways that share no segment", two_ways);
	bench_fini(&b);
	for (uint32_t count = 500; count <= GROWTH_MAX; count *= count == 500 ? 2 : 5)
		grow(count);
	return 0;
}
