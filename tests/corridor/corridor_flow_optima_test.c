/* Flow beside what another solver found (data/flow_optima.txt), at every scale. */
#include <inttypes.h>
#include <math.h>

#include "nets.h"

enum { NETS = 38 };

struct optima {
	double utilisation, throughput, cost;
	uint64_t fair[DEMANDS_MAX];
};

static uint64_t
scaled(uint64_t bps, double scale)
{
	return (uint64_t)((double)bps * scale + 0.5);
}

/* The next network of the file; NULL at its end. */
static struct net *
next_net(struct optima *out, FILE *file, double scale)
{
	size_t sites, segments, demands;
	if (fscanf(file, " net %zu %zu %zu", &sites, &segments, &demands) != 3)
		return NULL;
	struct corridor_ends *ends = calloc(segments, sizeof(*ends));
	struct test_graph g = {.cost = calloc(segments, sizeof(*g.cost))};
	struct net *net = calloc(1, sizeof(*net));
	uint64_t there, back, bps, fair, cost;
	int read = 0;
	for (size_t s = 0; s < segments; s++) {
		read += fscanf(file,
			       " segment %" SCNu32 " %" SCNu32 " %" SCNu64 " %" SCNu64 " %" SCNu64,
			       &ends[s].a, &ends[s].b, &there, &back, &cost);
		net->capacity[2 * s] = scaled(there, scale);
		net->capacity[2 * s + 1] = scaled(back, scale);
		g.cost[s] = cost << CORRIDOR_HOP_BITS | 1;
	}
	g.graph = corridor_graph_new(sites, ends, segments);
	free(ends);
	net->g = g;
	net->cost[0] = g.cost;
	net->in = (struct corridor_flow_instance){.graph = g.graph,
						  .capacity_bps = net->capacity,
						  .cost = net->cost,
						  .class_count = 1,
						  .demands = net->demands};
	for (size_t d = 0; d < demands; d++) {
		uint32_t from, to;
		read += fscanf(file, " demand %" SCNu32 " %" SCNu32 " %" SCNu64 " %" SCNu64, &from,
			       &to, &bps, &fair);
		ask(net, from, to, scaled(bps, scale));
		out->fair[d] = scaled(fair, scale);
	}
	read += fscanf(file, " optima %lf %lf %lf", &out->utilisation, &out->throughput,
		       &out->cost);
	out->throughput *= scale;
	out->cost *= scale;
	if ((size_t)read == 5 * segments + 4 * demands + 3)
		return net;
	net_free(net);
	return NULL;
}

/* To six digits, and a few bit/s that are lost to whole ones. */
static bool
is_fair(const struct net *net, const struct corridor_flow *flow, const struct optima *o)
{
	for (size_t d = 0; d < net->in.demand_count; d++)
		if (fabs((double)flow->served_bps[d] - (double)o->fair[d]) >
		    1e-6 * (double)o->fair[d] + 8)
			return false;
	return true;
}

static void
test_scale(int power)
{
	struct optima o;
	double scale = pow(10, power);
	bool least = true, most = true, cheapest = true, fair = true, sound = true;
	FILE *file = fopen("tests/corridor/data/flow_optima.txt", "r");
	size_t count = 0;
	for (struct net *net; file && (net = next_net(&o, file, scale)); count++) {
		struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
		const struct corridor_flow *flow =
			corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL);
		least &= flow && fabs(flow->value - o.utilisation) <= 1e-6 * o.utilisation;
		for (int i = CORRIDOR_FLOW_COST; i < CORRIDOR_OBJECTIVES; i++)
			sound &= served_by(&net->in, work, (enum corridor_objective)i, NULL) !=
				 UINT64_MAX;
		flow = corridor_flow_solve(work, CORRIDOR_FLOW_THROUGHPUT, NULL);
		most &= flow && fabs(flow->value - o.throughput) <= 1e-6 * o.throughput;
		flow = corridor_flow_solve(work, CORRIDOR_FLOW_COST, NULL);
		cheapest &= flow && fabs(flow->value - o.cost) <= 1e-6 * o.cost;
		flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIREST, NULL);
		fair &= flow && is_fair(net, flow, &o);
		corridor_flow_free(work);
		net_free(net);
	}
	if (file)
		(void)fclose(file);
	ok(count == NETS && sound, "rates times 1e%d: every solution keeps to the capacities",
	   power);
	ok(least, "the fullest segment is as empty as another solver has it");
	ok(most, "as much is served");
	ok(cheapest, "at no more cost");
	ok(fair, "and shares are as fair");
}

int
main(void)
{
	/* From kbit/s to Pbit/s. */
	for (int power = -6; power <= 4; power += 2)
		test_scale(power);
	return done_testing();
}
