/* The least utilisation of the fullest segment, by ways that are found as they are needed: on the
 * Gabriel graphs of the tests, with demands by gravity from a seed. With a folder as argument the
 * same instances are written there, for flow_scipy.py. Times are of the processor. */
#include "corridor/corridor_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../tests/corridor/graphs.h"

enum { ROUNDS = 2, GBPS = 1000000000 };

/* Every pair of sites, or so many of them by chance. */
static struct corridor_flow_demand *
demands_of(uint64_t *seed, size_t sites, size_t wanted, size_t *count)
{
	struct corridor_flow_demand *demands = calloc(sites * sites, sizeof(*demands));
	uint32_t *weight = calloc(sites, sizeof(*weight));
	if (!demands || !weight)
		exit(1);
	*count = 0;
	for (size_t i = 0; i < sites; i++)
		weight[i] = 1 + random_below(seed, 100);
	for (uint32_t a = 0; a < sites; a++) {
		for (uint32_t b = 0; b < sites; b++) {
			bool taken = random_below(seed, (uint32_t)(sites * (sites - 1))) < wanted;
			if (a == b || !taken)
				continue;
			uint64_t bps = (uint64_t)weight[a] * weight[b] * 1000000 +
				       random_below(seed, 100000000);
			demands[(*count)++] =
				(struct corridor_flow_demand){.from = a, .to = b, .bps = bps};
		}
	}
	free(weight);
	return demands;
}

static void
write_instance(const char *folder, const char *name, size_t number,
	       const struct corridor_flow_instance *in)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/%zu-%s.txt", folder, number, name);
	FILE *file = fopen(path, "w");
	if (!file)
		exit(1);
	for (size_t s = 0; s < in->graph->segment_count; s++)
		(void)fprintf(file, "segment %u %u %.0f\n", in->graph->ends[s].a,
			      in->graph->ends[s].b, (double)in->capacity_bps[2 * s]);
	for (size_t d = 0; d < in->demand_count; d++)
		(void)fprintf(file, "demand %u %u %.0f\n", in->demands[d].from, in->demands[d].to,
			      (double)in->demands[d].bps);
	(void)fclose(file);
}

static void
solve(const struct corridor_flow_instance *in, const char *name)
{
	clock_t least = 0;
	double value = 0, bound = 0;
	unsigned rounds = 0;
	size_t columns = 0;
	for (int i = 0; i < ROUNDS; i++) {
		clock_t start = clock();
		struct corridor_flow_work *work = corridor_flow_new(in, 1);
		const struct corridor_flow *flow =
			work ? corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL) : NULL;
		if (!flow || corridor_flow_check(in, flow, CORRIDOR_FLOW_UTILISATION, NULL))
			exit(1);
		value = flow->value;
		bound = flow->bound;
		rounds = flow->rounds;
		columns = flow->columns - in->demand_count;
		corridor_flow_free(work);
		clock_t took = clock() - start;
		least = i == 0 || took < least ? took : least;
	}
	printf("%-16s %7zu demands %5zu arcs  %.9f (bound %.9f)  %8.1f ms  %u programs, %zu ways\n",
	       name, in->demand_count, 2 * in->graph->segment_count, value, bound,
	       1e3 * (double)least / CLOCKS_PER_SEC, rounds, columns);
	(void)fflush(stdout);
}

/* The best way of each, once; then filling, and filling again after each of some cuts. */
static void
fill(const struct corridor_flow_instance *in, const char *name)
{
	enum { CUTS = 20 };
	clock_t start = clock();
	struct corridor_flow_work *work = corridor_flow_new(in, UINT32_MAX);
	clock_t found = clock();
	const struct corridor_flow *flow =
		work ? corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL) : NULL;
	clock_t filled = clock();
	bool *cut = calloc(in->graph->segment_count, sizeof(*cut));
	if (!flow || !cut)
		exit(1);
	double gbps = flow->value;
	for (size_t i = 0; i < CUTS; i++) {
		cut[i] = true;
		if (!corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, cut))
			exit(1);
		cut[i] = false;
	}
	double each = 1e3 * (double)(clock() - filled) / CUTS / CLOCKS_PER_SEC;
	printf("%-16s %7zu demands, fair: %.0f Gbit/s; best ways %.1f ms, filled %.2f ms, after a "
	       "cut %.2f ms\n",
	       name, in->demand_count, gbps, 1e3 * (double)(found - start) / CLOCKS_PER_SEC,
	       1e3 * (double)(filled - found) / CLOCKS_PER_SEC, each);
	free(cut);
	corridor_flow_free(work);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		size_t demands;
	} cases[] = {{"gabriel_25_0", 600},
		     {"gabriel_100_0", 1500},
		     {"gabriel_100_0", 9900},
		     {"gabriel_500_0", 2500}};
	uint64_t seed = 20;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[256];
		(void)snprintf(path, sizeof(path), "tests/corridor/data/%s.csv", cases[i].name);
		struct test_graph g = graph_from_table(path);
		size_t arcs = 2 * g.graph->segment_count, count;
		uint64_t *capacity = calloc(arcs, sizeof(*capacity));
		if (!capacity)
			return 1;
		for (size_t s = 0; s < arcs; s += 2)
			capacity[s] = capacity[s + 1] =
				(uint64_t)GBPS * 100 * (1 + random_below(&seed, 10));
		struct corridor_flow_demand *demands =
			demands_of(&seed, g.graph->site_count, cases[i].demands, &count);
		const uint64_t *cost[] = {g.cost};
		struct corridor_flow_instance in = {.graph = g.graph,
						    .capacity_bps = capacity,
						    .cost = cost,
						    .class_count = 1,
						    .demands = demands,
						    .demand_count = count};
		if (argc > 1)
			write_instance(argv[1], cases[i].name, i, &in);
		fill(&in, cases[i].name);
		solve(&in, cases[i].name);
		free(demands);
		free(capacity);
		test_graph_free(&g);
	}
	return 0;
}
