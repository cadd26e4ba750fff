/* Graphs with capacities and demands, for tests of flow. Every solution that is asked for by
 * served_by goes through corridor_flow_check. */
#pragma once

#include <errno.h>

#include "corridor/corridor_flow.h"
#include "graphs.h"
#include "tap.h"

enum { SEGMENTS_MAX = 4096, DEMANDS_MAX = 4096 };

/* A graph with capacities and demands, one class. */
struct net {
	struct test_graph g;
	uint64_t capacity[2 * SEGMENTS_MAX];
	const uint64_t *cost[1];
	struct corridor_flow_demand demands[DEMANDS_MAX];
	struct corridor_flow_instance in;
};

static struct net *
net_of(struct test_graph g)
{
	struct net *net = calloc(1, sizeof(*net));
	net->g = g;
	net->cost[0] = g.cost;
	net->in = (struct corridor_flow_instance){.graph = g.graph,
						  .capacity_bps = net->capacity,
						  .cost = net->cost,
						  .class_count = 1,
						  .demands = net->demands};
	return net;
}

__attribute__((unused)) static void
net_free(struct net *net)
{
	test_graph_free(&net->g);
	free(net);
}

__attribute__((unused)) static void
ask(struct net *net, uint32_t from, uint32_t to, uint64_t bps)
{
	net->demands[net->in.demand_count++] =
		(struct corridor_flow_demand){.from = from, .to = to, .bps = bps};
}

/* Sites, segments with equal capacities both ways, and demands, by chance. */
__attribute__((unused)) static struct net *
net_by_chance(uint64_t *seed, size_t sites, size_t segments, size_t demands)
{
	struct net *net = net_of(graph_by_chance(seed, sites, segments, 50));
	for (size_t s = 0; s < segments; s++)
		net->capacity[2 * s] = net->capacity[2 * s + 1] =
			random_below(seed, 10) == 0 ? 0
						    : 1000000000ull * (1 + random_below(seed, 40));
	for (size_t d = 0; d < demands; d++) {
		ask(net, random_below(seed, (uint32_t)sites), random_below(seed, (uint32_t)sites),
		    1000ull * random_below(seed, 20000000));
		net->demands[d].priority = random_below(seed, 3);
	}
	return net;
}

/* The total served, after the check; UINT64_MAX when something is wrong, which is shown. */
__attribute__((unused)) static uint64_t
served_by(const struct corridor_flow_instance *in, struct corridor_flow_work *work,
	  enum corridor_objective objective, const bool *cut)
{
	const struct corridor_flow *flow = corridor_flow_solve(work, objective, cut);
	const char *wrong = flow ? corridor_flow_check(in, flow, objective, cut) : "no solution";
	if (wrong) {
		printf("# %s: %s (errno %d)\n", corridor_objective_word(objective), wrong, errno);
		return UINT64_MAX;
	}
	return flow->served_total_bps;
}

/* A triangle: 0 to 1 directly, and over 2. */
__attribute__((unused)) static struct net *
triangle(uint64_t direct, uint64_t around)
{
	const struct corridor_ends ends[] = {{0, 1}, {0, 2}, {2, 1}};
	struct test_graph g = {.cost = calloc(3, sizeof(*g.cost))};
	for (size_t i = 0; i < 3; i++)
		g.cost[i] = corridor_cost_of_length(100000);
	g.graph = corridor_graph_new(4, ends, 3);
	struct net *net = net_of(g);
	net->capacity[0] = net->capacity[1] = direct;
	for (size_t a = 2; a < 6; a++)
		net->capacity[a] = around;
	return net;
}
