/* Demands that are not split, on nets so small that every choice of ways can be tried. */
#include <math.h>

#include "nets.h"

enum { SITES = 5, SEGMENTS = 7, DEMANDS = 4, WAYS = 32, ROUNDS = 300 };

/* Every way of one demand, as segments. */
struct all_ways {
	uint32_t ways[WAYS];
	size_t count;
};

static void
walk(struct all_ways *out, const struct net *net, uint32_t at, uint32_t to, unsigned seen,
     uint32_t segments)
{
	if (at == to) {
		if (out->count == WAYS)
			abort();
		out->ways[out->count++] = segments;
		return;
	}
	for (uint32_t a = 0; a < 2 * net->g.graph->segment_count; a++) {
		struct corridor_ends e = net->g.graph->ends[a / 2];
		uint32_t from = a & 1 ? e.b : e.a, next = a & 1 ? e.a : e.b;
		if (from == at && !(seen >> next & 1) && net->capacity[a])
			walk(out, net, next, to, seen | 1u << next, segments | 1u << (a / 2));
	}
}

/* What a solution comes to, by all that is asked of it. */
struct outcome {
	double value, bound;
	uint64_t served;
	bool sound;
};

static struct outcome
outcome_of(const struct corridor_flow_instance *in, enum corridor_objective objective)
{
	struct corridor_flow_work *work = corridor_flow_new(in, UINT32_MAX);
	bool sound = served_by(in, work, objective, NULL) != UINT64_MAX;
	const struct corridor_flow *flow = corridor_flow_solve(work, objective, NULL);
	struct outcome o = {flow->value, flow->bound, flow->served_total_bps, sound};
	o.sound &= flow->split_total_bps + 64 >= flow->served_total_bps ||
		   objective == CORRIDOR_FLOW_FAIREST;
	corridor_flow_free(work);
	return o;
}

static bool
is_better(enum corridor_objective objective, struct outcome x, struct outcome y)
{
	double off = 1e-6 * (1 + fabs(x.value));
	switch (objective) {
	case CORRIDOR_FLOW_COST:
		if (x.served > y.served + 64 || y.served > x.served + 64)
			return x.served > y.served;
		return x.value < y.value - off;
	case CORRIDOR_FLOW_UTILISATION:
		return x.value < y.value - off;
	default:
		return x.value > y.value + off;
	}
}

/* The best there is: every demand that is whole gets a class of its own, in which nothing is open
 * but one of its ways, and may then be split. */
static struct outcome
best_of_all(const struct net *net, enum corridor_objective objective)
{
	struct all_ways all[DEMANDS] = {0};
	uint64_t costs[DEMANDS + 1][SEGMENTS];
	const uint64_t *cost[DEMANDS + 1];
	struct corridor_flow_demand demands[DEMANDS];
	struct corridor_flow_instance in = net->in;
	struct outcome best = {0};
	size_t choices = 1;
	memcpy(demands, net->demands, sizeof(demands));
	in.demands = demands;
	in.cost = cost;
	in.class_count = DEMANDS + 1;
	cost[DEMANDS] = net->g.cost;
	for (uint32_t d = 0; d < DEMANDS; d++) {
		cost[d] = costs[d];
		demands[d].class = demands[d].whole ? d : DEMANDS;
		if (demands[d].whole && demands[d].from != demands[d].to)
			walk(&all[d], net, demands[d].from, demands[d].to, 1u << demands[d].from,
			     0);
		demands[d].whole = false;
		choices *= all[d].count ? all[d].count : 1;
	}
	for (size_t choice = 0; choice < choices; choice++) {
		size_t rest = choice;
		for (uint32_t d = 0; d < DEMANDS; d++) {
			size_t count = all[d].count ? all[d].count : 1;
			for (uint32_t s = 0; s < SEGMENTS; s++)
				costs[d][s] = all[d].ways[rest % count] >> s & 1 ? net->g.cost[s]
										 : CORRIDOR_CLOSED;
			rest /= count;
		}
		struct outcome o = outcome_of(&in, objective);
		if (choice == 0 || is_better(objective, o, best))
			best = o;
	}
	return best;
}

static struct net *
small_net(uint64_t *seed)
{
	struct net *net = net_of(graph_by_chance(seed, SITES, SEGMENTS, 50));
	for (size_t a = 0; a < (size_t)2 * SEGMENTS; a++)
		net->capacity[a] =
			random_below(seed, 8) ? 1000000000ull * (1 + random_below(seed, 9)) : 0;
	for (size_t d = 0; d < DEMANDS; d++) {
		ask(net, random_below(seed, SITES), random_below(seed, SITES),
		    1000000ull * random_below(seed, 12000));
		net->demands[d].whole = random_below(seed, 4) > 0;
	}
	return net;
}

static bool
is_within(enum corridor_objective objective, struct outcome o)
{
	bool least = objective == CORRIDOR_FLOW_COST || objective == CORRIDOR_FLOW_UTILISATION;
	double off = 1e-6 * (1 + fabs(o.value));
	/* Fair shares of nobody are no number. */
	return least ? !(o.value < o.bound - off) : !(o.value > o.bound + off);
}

static void
test_optima(void)
{
	static const enum corridor_objective all[] = {CORRIDOR_FLOW_THROUGHPUT, CORRIDOR_FLOW_COST,
						      CORRIDOR_FLOW_UTILISATION,
						      CORRIDOR_FLOW_FAIREST};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		uint64_t seed = 53;
		unsigned sound = 0, within = 0, beaten = 0, best = 0, apart = 0;
		for (int round = 0; round < ROUNDS; round++) {
			struct net *net = small_net(&seed);
			struct outcome o = outcome_of(&net->in, all[i]);
			struct outcome most = best_of_all(net, all[i]);
			sound += o.sound && most.sound;
			within += is_within(all[i], o);
			beaten += is_better(all[i], o, most);
			best += !is_better(all[i], most, o);
			apart += fabs(o.value - o.bound) > 1e-6 * o.bound;
			net_free(net);
		}
		const char *word = corridor_objective_word(all[i]);
		ok(sound == ROUNDS, "%s: whole demands have one way, and capacities hold", word);
		is_int(within, ROUNDS, "nothing is better than if they were split");
		is_int(beaten, 0, "nor than the best of all choices of ways");
		ok(best >= ROUNDS * 9 / 10, "which it is %u times of %d", best, ROUNDS);
		ok(apart > 20, "%u times there is something to choose", apart);
	}
}

/* Two ways of 3 and 2 Gbit/s for one of 4. */
static void
test_filling(void)
{
	const uint64_t g = 1000000000;
	struct net *net = triangle(3 * g, 2 * g);
	ask(net, 0, 1, 4 * g);
	for (int whole = 0; whole < 2; whole++) {
		net->demands[0].whole = whole;
		struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
		for (int o = 0; o < CORRIDOR_OBJECTIVES; o++) {
			enum corridor_objective objective = (enum corridor_objective)o;
			uint64_t served = served_by(&net->in, work, objective, NULL);
			if (o != CORRIDOR_FLOW_UTILISATION)
				ok(served == (whole ? 3 : 4) * g, "%s: %s",
				   corridor_objective_word(objective),
				   whole ? "whole, as much as one way has room for" : "split, all");
		}
		corridor_flow_free(work);
	}
	struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
	const struct corridor_flow *flow =
		corridor_flow_solve(work, CORRIDOR_FLOW_THROUGHPUT, NULL);
	ok(flow->split_total_bps == 4 * g && fabs(flow->bound - 4) < 1e-6,
	   "and it is told that all would be served if it were split");
	corridor_flow_let_split(work);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_THROUGHPUT, NULL);
	ok(flow->served_total_bps == 4 * g, "as it is where that is asked for");
	corridor_flow_free(work);
	net_free(net);
}

int
main(void)
{
	test_filling();
	test_optima();
	return done_testing();
}
