/* Flow on graphs so small that everything can be tried; at another scale; and under cuts. */
#include <math.h>

#include "nets.h"

/* The least that separates the ends of a demand, over every set of sites. */
static uint64_t
least_cut(const struct net *net, const struct corridor_flow_demand *d)
{
	uint64_t least = UINT64_MAX;
	for (unsigned set = 0; set < 1u << net->g.graph->site_count; set++) {
		uint64_t sum = 0;
		if (!(set >> d->from & 1) || set >> d->to & 1)
			continue;
		for (size_t s = 0; s < net->g.graph->segment_count; s++) {
			struct corridor_ends e = net->g.graph->ends[s];
			bool a = set >> e.a & 1, b = set >> e.b & 1;
			sum += a && !b   ? net->capacity[2 * s]
			       : b && !a ? net->capacity[2 * s + 1]
					 : 0;
		}
		least = sum < least ? sum : least;
	}
	return least;
}

/* Units that can be laid at the least cost, by trying for each arc how much it carries: recursion
 * over all ways of one demand, cheapest total for the most units. */
struct search_all {
	const struct net *net;
	const uint32_t (*ways)[8];
	const uint32_t *lengths;
	const uint64_t *costs;
	size_t ways_count;
	uint64_t unit, room[2 * 16];
	uint64_t most, cheapest; /* units, and their cost */
};

static void
try_all(struct search_all *s, size_t way, uint64_t units, uint64_t cost, uint64_t left)
{
	if (way == s->ways_count) {
		if (units > s->most || (units == s->most && cost < s->cheapest)) {
			s->most = units;
			s->cheapest = cost;
		}
		return;
	}
	uint64_t room = left;
	for (uint32_t i = 0; i < s->lengths[way]; i++)
		room = s->room[s->ways[way][i]] < room ? s->room[s->ways[way][i]] : room;
	for (uint64_t n = 0; n <= room; n++) {
		for (uint32_t i = 0; i < s->lengths[way]; i++)
			s->room[s->ways[way][i]] -= n;
		try_all(s, way + 1, units + n, cost + n * s->costs[way], left - n);
		for (uint32_t i = 0; i < s->lengths[way]; i++)
			s->room[s->ways[way][i]] += n;
	}
}

struct all_ways {
	uint32_t ways[64][8], lengths[64];
	uint64_t costs[64];
	size_t count;
};

/* Every way that touches no site twice. */
static void
walk(struct all_ways *out, const struct net *net, uint32_t at, uint32_t to, unsigned seen,
     uint32_t *arcs, uint32_t length)
{
	if (at == to) {
		memcpy(out->ways[out->count], arcs, length * sizeof(*arcs));
		out->lengths[out->count] = length;
		out->costs[out->count] = 0;
		for (uint32_t i = 0; i < length; i++)
			out->costs[out->count] += net->g.cost[arcs[i] / 2];
		out->count++;
		return;
	}
	for (uint32_t a = 0; a < 2 * net->g.graph->segment_count; a++) {
		struct corridor_ends e = net->g.graph->ends[a / 2];
		uint32_t from = a & 1 ? e.b : e.a, next = a & 1 ? e.a : e.b;
		if (from != at || seen >> next & 1 || !net->capacity[a])
			continue;
		arcs[length] = a;
		walk(out, net, next, to, seen | 1u << next, arcs, length + 1);
	}
}

/* One demand on a graph so small that all can be tried: as much as the least cut lets through, the
 * fullest no fuller than that needs, and no cheaper way to lay it. */
static void
test_brute(void)
{
	enum { SITES = 5, SEGMENTS = 7, ROUNDS = 150 };
	const uint64_t unit = 1000000000;
	uint64_t seed = 29;
	unsigned most = 0, full = 0, cheap = 0, congested = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct net *net = net_of(graph_by_chance(&seed, SITES, SEGMENTS, 50));
		for (size_t a = 0; a < (size_t)2 * SEGMENTS; a++)
			net->capacity[a] = unit * random_below(&seed, 4);
		uint64_t wanted = 1 + random_below(&seed, 5);
		ask(net, 0, 1 + random_below(&seed, SITES - 1), unit * wanted);
		uint64_t cut = least_cut(net, &net->demands[0]);
		uint64_t fits = cut < unit * wanted ? cut : unit * wanted;
		struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
		uint64_t served = served_by(&net->in, work, CORRIDOR_FLOW_THROUGHPUT, NULL);
		most += llabs((long long)(served - fits)) < 64;
		congested += fits < unit * wanted;
		double value = corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL)->value;
		full += !cut || fabs(value - (double)(unit * wanted) / (double)cut) < 1e-6;
		struct all_ways *ways = calloc(1, sizeof(*ways));
		uint32_t arcs[8];
		walk(ways, net, 0, net->demands[0].to, 1, arcs, 0);
		struct search_all s = {
			net, ways->ways, ways->lengths, ways->costs, ways->count, unit, {0}, 0, 0};
		for (size_t a = 0; a < (size_t)2 * SEGMENTS; a++)
			s.room[a] = net->capacity[a] / unit;
		try_all(&s, 0, 0, 0, wanted);
		served = served_by(&net->in, work, CORRIDOR_FLOW_COST, NULL);
		double cost = 0;
		const struct corridor_flow *flow =
			corridor_flow_solve(work, CORRIDOR_FLOW_COST, NULL);
		for (size_t w = 0; w < flow->way_count; w++)
			for (uint32_t i = 0; i < flow->ways[w].count; i++)
				cost += (double)net->g
						.cost[flow->arcs[flow->ways[w].first + i] / 2] *
					(double)flow->ways[w].bps / (double)unit;
		cheap += llabs((long long)(served - unit * s.most)) < 64 &&
			 fabs(cost - (double)s.cheapest) <= 1e-6 * (double)(s.cheapest + 1);
		free(ways);
		corridor_flow_free(work);
		net_free(net);
	}
	ok(congested > 20 && congested < ROUNDS - 20, "some do not fit, some do");
	is_int(most, ROUNDS, "as much is served as the least cut lets through");
	is_int(full, ROUNDS, "the fullest is as full as that must be");
	is_int(cheap, ROUNDS, "and nothing that can be tried is cheaper");
}

/* Seven times the capacities and the demands: seven times the flow. */
static void
test_scale(void)
{
	uint64_t seed = 37;
	bool same = true;
	for (int round = 0; round < 30; round++) {
		struct net *net = net_by_chance(&seed, 10, 20, 25);
		double before[CORRIDOR_OBJECTIVES];
		for (int scaled = 0; scaled < 2; scaled++) {
			struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
			for (int o = 0; o < CORRIDOR_OBJECTIVES; o++) {
				enum corridor_objective objective = (enum corridor_objective)o;
				double value = corridor_flow_solve(work, objective, NULL)->value;
				double times = o == CORRIDOR_FLOW_UTILISATION ? 1 : 7;
				double off = value - times * before[o];
				same &= !scaled || fabs(off) <= 1e-5 * fmax(1, fabs(value));
				before[o] = value;
			}
			corridor_flow_free(work);
			for (size_t a = 0; a < 40; a++)
				net->capacity[a] *= 7;
			for (size_t d = 0; d < 25; d++)
				net->demands[d].bps *= 7;
		}
		net_free(net);
	}
	ok(same, "seven times the capacities and demands is seven times the flow");
}

/* What can be served, not what filling serves: a cut may force a demand onto ways that leave more
 * room to others. */
static void
test_cuts(void)
{
	uint64_t seed = 41;
	unsigned all = 0, right = 0, congested = 0;
	for (int round = 0; round < 30; round++) {
		struct net *net = net_by_chance(&seed, 8, 14, 30);
		struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
		uint64_t before = served_by(&net->in, work, CORRIDOR_FLOW_THROUGHPUT, NULL);
		uint64_t asked = 0;
		for (size_t d = 0; d < 30; d++)
			asked += net->demands[d].bps;
		congested += asked > before + asked / 10;
		for (uint32_t s = 0; s < 14; s++, all++) {
			bool cut[14] = {0};
			cut[s] = true;
			uint64_t after = served_by(&net->in, work, CORRIDOR_FLOW_THROUGHPUT, cut);
			right += after <= before + 10000;
		}
		corridor_flow_free(work);
		net_free(net);
	}
	ok(congested > 20, "there is not room for all");
	is_int(right, all, "and no cut adds to what can be served");
}

int
main(void)
{
	test_brute();
	test_scale();
	test_cuts();
	return done_testing();
}
