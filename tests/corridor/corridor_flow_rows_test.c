/* Programs with all rows from the start beside programs whose rows come as they are needed. */
#include <math.h>

#include "nets.h"

enum { NETS = 4, SITES = 220, SEGMENTS = 480, MORE = 60, DEMANDS = 60 };

/* The same network and segments that carry nothing, so many that it is too large for all rows. */
static struct net *
enlarged(const struct net *net)
{
	size_t count = SEGMENTS + MORE;
	struct corridor_ends *ends = calloc(count, sizeof(*ends));
	struct test_graph g = {.cost = calloc(count, sizeof(*g.cost))};
	for (size_t s = 0; s < count; s++) {
		ends[s] = s < SEGMENTS ? net->g.graph->ends[s] : (struct corridor_ends){0, 1};
		g.cost[s] = s < SEGMENTS ? net->g.cost[s] : CORRIDOR_CLOSED;
	}
	g.graph = corridor_graph_new(SITES, ends, count);
	free(ends);
	struct net *large = net_of(g);
	memcpy(large->capacity, net->capacity, 2 * SEGMENTS * sizeof(*net->capacity));
	memcpy(large->demands, net->demands, net->in.demand_count * sizeof(*net->demands));
	large->in.demand_count = net->in.demand_count;
	return large;
}

static bool
is_near(double a, double b)
{
	return fabs(a - b) <= 1e-6 * fmax(fabs(a), fabs(b));
}

/* Fair shares are the only ones; the other optima may be had in several ways. */
static bool
is_same(const struct corridor_flow *a, const struct corridor_flow *b, enum corridor_objective by)
{
	bool same = is_near(a->value, b->value) && is_near(a->value, a->bound) &&
		    is_near(b->value, b->bound);
	for (size_t d = 0; d < DEMANDS && by == CORRIDOR_FLOW_FAIREST; d++)
		same &= fabs((double)a->served_bps[d] - (double)b->served_bps[d]) <=
			1e-6 * (double)a->served_bps[d] + 64;
	return same;
}

int
main(void)
{
	uint64_t seed = 4711;
	unsigned same[CORRIDOR_OBJECTIVES] = {0}, sound = 0, full = 0;
	for (int n = 0; n < NETS; n++) {
		struct net *net = net_by_chance(&seed, SITES, SEGMENTS, DEMANDS);
		struct net *large = enlarged(net);
		struct corridor_flow_work *all = corridor_flow_new(&net->in, UINT32_MAX);
		struct corridor_flow_work *lazy = corridor_flow_new(&large->in, UINT32_MAX);
		for (int i = CORRIDOR_FLOW_COST; i < CORRIDOR_OBJECTIVES; i++) {
			enum corridor_objective by = (enum corridor_objective)i;
			const struct corridor_flow *a = corridor_flow_solve(all, by, NULL);
			const struct corridor_flow *b = corridor_flow_solve(lazy, by, NULL);
			same[i] += a && b && is_same(a, b, by);
			sound += b && !corridor_flow_check(&large->in, b, by, NULL);
			full += b && b->served_total_bps < b->asked_total_bps;
		}
		corridor_flow_free(all);
		corridor_flow_free(lazy);
		net_free(net);
		net_free(large);
	}
	for (int i = CORRIDOR_FLOW_COST; i < CORRIDOR_OBJECTIVES; i++)
		ok(same[i] == NETS, "%s: rows that come as they are needed make the same optimum",
		   corridor_objective_word((enum corridor_objective)i));
	is_int(sound, NETS * (CORRIDOR_OBJECTIVES - CORRIDOR_FLOW_COST),
	       "every solution keeps to the capacities");
	ok(full >= NETS, "though there is not room for all (%u)", full);
	return done_testing();
}
