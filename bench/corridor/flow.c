/* Demands laid by each rule, on networks that are made from a seed, on CORONET Global and on Gabriel
 * graphs: what the rule came to, the processor's time, linear programs and ways, and the memory of
 * the process at most. Utilisation is of the demands as they are; for the other rules they are all
 * multiplied so that the fullest segment would be at 120 %, and not everybody can be served.
 *
 *   flow [--write FOLDER] [--by RULE] [--growth] [NAME ...]     writes the same for flow_scipy.py
 *   flow [--write FOLDER] [--by RULE] X.graph X.demands         of the REPETITA collection
 *
 * RULE "utilisation" leaves the others out. What loading CLP takes once in a process is told apart. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corridor/corridor_clp_io.h"
#include "flow_cases.h"

/* Six have as many sites, arcs and demands as those of REPETITA that planners compare by. */
static const struct flow_sort sorts[] = {
	{"like-Abilene", NULL, 11, 14, 110},
	{"like-Geant2012", NULL, 40, 61, 1560},
	{"like-synth50", NULL, 50, 138, 2449},
	{"like-synth100", NULL, 100, 286, 9817},
	{"like-TataNld", NULL, 145, 186, 20880},
	{"like-GtsCe", NULL, 149, 193, 22052},
	{"gabriel-100", "tests/corridor/data/gabriel_100_0.csv", 0, 0, 9900},
	{"coronet", "bench/corridor/data/coronet_global.csv", 0, 0, 9900},
	/* Few demands beside arcs. */
	{"few-250", NULL, 250, 400, 40},
	{"gabriel-500", "tests/corridor/data/gabriel_500_0.csv", 0, 0, 2500},
	{"gabriel-500-20k", "tests/corridor/data/gabriel_500_0.csv", 0, 0, 20000},
};
static const struct flow_sort growth[] = {
	{"grown-250", NULL, 250, 400, 2000},    {"grown-500", NULL, 500, 800, 2000},
	{"grown-1000", NULL, 1000, 1600, 2000}, {"grown-2500", NULL, 2500, 4000, 2000},
	{"grown-5000", NULL, 5000, 8000, 2000},
};

static const char *folder; /* to write to; NULL: none */
static const char *rule;   /* no other but utilisation; NULL: all */

static void
write_net(const char *name, const struct corridor_flow_instance *in, double scale)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
	FILE *file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	(void)fprintf(file, "scale %.17g\n", scale);
	for (size_t s = 0; s < in->graph->segment_count; s++)
		(void)fprintf(file, "segment %u %u %.0f %.0f %.0f\n", in->graph->ends[s].a,
			      in->graph->ends[s].b, (double)in->capacity_bps[2 * s],
			      (double)in->capacity_bps[2 * s + 1],
			      (double)(in->cost[0][s] >> CORRIDOR_HOP_BITS));
	for (size_t d = 0; d < in->demand_count; d++)
		(void)fprintf(file, "demand %u %u %.0f\n", in->demands[d].from, in->demands[d].to,
			      (double)in->demands[d].bps);
	(void)fclose(file);
}

/* What the child that solved tells. */
struct told {
	double value, bound, load_ms, ms, cut_ms;
	unsigned rounds;
	size_t ways;
};

static double
ms_since(clock_t start)
{
	return 1e3 * (double)(clock() - start) / CLOCKS_PER_SEC;
}

static _Noreturn void
give_up(enum corridor_objective objective, const char *wrong)
{
	(void)fprintf(stderr, "%s: %s (%s)\n", corridor_objective_word(objective), wrong,
		      strerror(errno));
	exit(1);
}

/* Solves, and again after each of some cuts of the segments that carry most. */
static struct told
solve(const struct corridor_flow_instance *in, enum corridor_objective objective)
{
	enum { CUTS = 5 };
	clock_t start = clock();
	if (!corridor_clp_load())
		give_up(objective, "CLP");
	struct told told = {.load_ms = ms_since(start)};
	start = clock();
	struct corridor_flow_work *work = corridor_flow_new(in, UINT32_MAX);
	const struct corridor_flow *flow = work ? corridor_flow_solve(work, objective, NULL) : NULL;
	told.ms = ms_since(start);
	const char *wrong = flow ? corridor_flow_check(in, flow, objective, NULL) : "no solution";
	bool *cut = room_for(in->graph->segment_count, sizeof(*cut));
	if (wrong)
		give_up(objective, wrong);
	told.value = flow->value;
	told.bound = flow->bound;
	told.rounds = flow->rounds;
	told.ways = flow->columns;
	start = clock();
	/* A network may fall apart: then all cannot be served, and there is no utilisation. */
	for (size_t i = 0; i < CUTS && objective != CORRIDOR_FLOW_UTILISATION; i++) {
		size_t s = i * in->graph->segment_count / CUTS;
		cut[s] = true;
		flow = corridor_flow_solve(work, objective, cut);
		wrong = flow ? corridor_flow_check(in, flow, objective, cut) : "no solution";
		if (wrong)
			give_up(objective, wrong);
		cut[s] = false;
	}
	told.cut_ms = ms_since(start) / CUTS;
	free(cut);
	corridor_flow_free(work);
	return told;
}

/* In a process of its own, so that its memory can be told. */
static double
run(const char *name, const struct corridor_flow_instance *in, enum corridor_objective objective)
{
	int ends[2];
	struct told told;
	struct rusage usage;
	(void)fflush(stdout);
	if (pipe(ends) < 0)
		exit(1);
	pid_t child = fork();
	if (child == 0) {
		told = solve(in, objective);
		_exit(write(ends[1], &told, sizeof(told)) != sizeof(told));
	}
	(void)close(ends[1]);
	if (child < 0 || read(ends[0], &told, sizeof(told)) != sizeof(told) ||
	    wait4(child, NULL, 0, &usage) < 0)
		exit(1);
	(void)close(ends[0]);
	printf("%-16s %5zu sites %5zu arcs %6zu demands  %-11s %17.6f %10.1f ms", name,
	       in->graph->site_count, 2 * in->graph->segment_count, in->demand_count,
	       corridor_objective_word(objective), told.value, told.ms);
	if (objective != CORRIDOR_FLOW_UTILISATION)
		printf(", after a cut %8.1f ms", told.cut_ms);
	if (told.rounds)
		printf(", %u programs, %zu ways, gap %.0e", told.rounds, told.ways,
		       fabs(told.value - told.bound) / told.value);
	printf(", CLP loaded in %.1f ms, %ld MB\n", told.load_ms, usage.ru_maxrss / 1024);
	return told.value;
}

static void
run_all(const char *name, struct flow_net *net)
{
	static const enum corridor_objective others[] = {CORRIDOR_FLOW_THROUGHPUT,
							 CORRIDOR_FLOW_COST, CORRIDOR_FLOW_FAIREST,
							 CORRIDOR_FLOW_FAIR};
	double full = run(name, &net->in, CORRIDOR_FLOW_UTILISATION);
	double scale = full > 0 ? 1.2 / full : 1;
	if (folder)
		write_net(name, &net->in, scale);
	for (size_t d = 0; d < net->in.demand_count; d++)
		net->demands[d].bps = (uint64_t)((double)net->demands[d].bps * scale);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!rule || strcmp(rule, corridor_objective_word(others[i])) == 0)
			(void)run(name, &net->in, others[i]);
}

static bool
is_wanted(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return count == 0;
}

int
main(int argc, char **argv)
{
	const struct flow_sort *all = sorts;
	size_t count = sizeof(sorts) / sizeof(sorts[0]);
	int at = 1;
	for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
		if (strcmp(argv[at], "--growth") == 0) {
			all = growth;
			count = sizeof(growth) / sizeof(growth[0]);
		} else if (strcmp(argv[at], "--write") == 0 && at + 1 < argc) {
			folder = argv[++at];
		} else if (strcmp(argv[at], "--by") == 0 && at + 1 < argc) {
			rule = argv[++at];
		}
	}
	if (at + 2 == argc && strstr(argv[at], ".graph") && strstr(argv[at + 1], ".demands")) {
		char name[256];
		struct flow_net *net = net_read(argv[at], argv[at + 1]);
		const char *slash = strrchr(argv[at + 1], '/');
		(void)snprintf(name, sizeof(name), "%s", slash ? slash + 1 : argv[at + 1]);
		*strstr(name, ".demands") = '\0';
		run_all(name, net);
		net_end(net);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(all[i].name, argv + at, argc - at))
			continue;
		struct flow_net *net = net_made(&all[i]);
		run_all(all[i].name, net);
		net_end(net);
	}
	return 0;
}
