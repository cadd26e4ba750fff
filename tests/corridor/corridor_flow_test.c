/* Traffic laid on graphs: the references of fairness, optima against each other,
 * what holds of any graph, and what is refused. Every solution goes
 * through corridor_flow_check. */
#include "corridor/corridor_flow.h"

#include <errno.h>
#include <math.h>

#include "nets.h"
#include "tap.h"

/* A line of sites, 0 to 1 to 2 ...: segment i with this capacity. */
static struct net *
line_of(const uint64_t *capacities, size_t segments)
{
	struct corridor_ends ends[8];
	struct test_graph g = {.cost = calloc(segments, sizeof(*g.cost))};
	for (uint32_t i = 0; i < segments; i++) {
		ends[i] = (struct corridor_ends){i, i + 1};
		g.cost[i] = corridor_cost_of_length(100000);
	}
	g.graph = corridor_graph_new(segments + 1, ends, segments);
	struct net *net = net_of(g);
	for (size_t i = 0; i < segments; i++)
		net->capacity[2 * i] = net->capacity[2 * i + 1] = capacities[i];
	return net;
}

static bool
serves(const struct net *net, enum corridor_objective objective, const uint64_t *expected)
{
	struct corridor_flow_work *work = corridor_flow_new(&net->in, 1);
	bool right = served_by(&net->in, work, objective, NULL) != UINT64_MAX;
	const struct corridor_flow *flow = corridor_flow_solve(work, objective, NULL);
	for (size_t i = 0; i < net->in.demand_count && right; i++) {
		double off = fabs((double)flow->served_bps[i] - (double)expected[i]);
		right = off <= 16;
		if (!right)
			printf("# demand %zu: %llu, expected %llu\n", i,
			       (unsigned long long)flow->served_bps[i],
			       (unsigned long long)expected[i]);
	}
	corridor_flow_free(work);
	return right;
}

/* The cases of water filling, in Gbit/s. */
static void
test_fairness(void)
{
	const uint64_t g = 1000000000, all = 1000000 * g;
	struct net *one = line_of((uint64_t[]){10 * g}, 1);
	ask(one, 0, 1, 2 * g), ask(one, 0, 1, 8 * g), ask(one, 0, 1, 10 * g);
	ok(serves(one, CORRIDOR_FLOW_FAIR, (uint64_t[]){2 * g, 4 * g, 4 * g}),
	   "who asks for little gets it, the rest is shared evenly");
	ok(serves(one, CORRIDOR_FLOW_FAIREST, (uint64_t[]){2 * g, 4 * g, 4 * g}),
	   "by linear programs, too");
	one->demands[2].priority = 0, one->demands[0].priority = one->demands[1].priority = 1;
	ok(serves(one, CORRIDOR_FLOW_PRIORITY, (uint64_t[]){0, 0, 10 * g}),
	   "a class is served before the next gets anything");
	struct net *two = line_of((uint64_t[]){10 * g, 4 * g}, 2);
	ask(two, 0, 1, all), ask(two, 0, 2, all), ask(two, 1, 2, all);
	ok(serves(two, CORRIDOR_FLOW_FAIR, (uint64_t[]){8 * g, 2 * g, 2 * g}),
	   "what one cannot use elsewhere goes to the others");
	ok(serves(two, CORRIDOR_FLOW_FAIREST, (uint64_t[]){8 * g, 2 * g, 2 * g}),
	   "by linear programs, too");
	struct net *three = line_of((uint64_t[]){12 * g, 6 * g}, 2);
	ask(three, 0, 1, 2 * g), ask(three, 0, 1, all), ask(three, 0, 2, all),
		ask(three, 1, 2, all);
	ok(serves(three, CORRIDOR_FLOW_FAIR, (uint64_t[]){2 * g, 7 * g, 3 * g, 3 * g}),
	   "four demands on two segments");
	ok(serves(three, CORRIDOR_FLOW_FAIREST, (uint64_t[]){2 * g, 7 * g, 3 * g, 3 * g}),
	   "by linear programs, too");
	net_free(one);
	net_free(two);
	net_free(three);
}

/* Each demand that lacks something meets a full arc on which nobody has more than it. */
static bool
is_max_min(const struct net *net, const struct corridor_flow *flow, const uint32_t *const *arcs_of,
	   const uint32_t *count)
{
	for (size_t d = 0; d < net->in.demand_count; d++) {
		bool excused = flow->served_bps[d] == net->demands[d].bps || !arcs_of[d];
		for (uint32_t i = 0; i < count[d] && !excused; i++) {
			uint32_t arc = arcs_of[d][i];
			bool full = net->capacity[arc] - flow->load_bps[arc] < 4096;
			bool largest = true;
			for (size_t w = 0; w < flow->way_count; w++) {
				const struct corridor_flow_way *way = &flow->ways[w];
				for (uint32_t k = 0; k < way->count; k++)
					if (flow->arcs[way->first + k] == arc &&
					    way->bps > flow->served_bps[d] + 4096)
						largest = false;
			}
			excused = full && largest;
		}
		if (!excused)
			return false;
	}
	return true;
}

/* With one way each: the certificate of max-min fairness. Ways are those of a solution without
 * limits. */
static void
test_certificate(void)
{
	uint64_t seed = 11;
	bool holds = true;
	for (int round = 0; round < 60 && holds; round++) {
		struct net *net = net_by_chance(&seed, 12, 24, 40);
		struct net free_net = *net;
		for (size_t a = 0; a < 48; a++)
			free_net.capacity[a] = net->capacity[a] ? CORRIDOR_FLOW_BPS_MAX : 0;
		free_net.in.capacity_bps = free_net.capacity;
		struct corridor_flow_work *wide = corridor_flow_new(&free_net.in, 1);
		const struct corridor_flow *all =
			corridor_flow_solve(wide, CORRIDOR_FLOW_FAIR, NULL);
		const uint32_t *arcs[40] = {0};
		uint32_t count[40] = {0};
		for (size_t w = 0; w < all->way_count; w++) {
			arcs[all->ways[w].demand] = &all->arcs[all->ways[w].first];
			count[all->ways[w].demand] = all->ways[w].count;
		}
		struct corridor_flow_work *work = corridor_flow_new(&net->in, 1);
		holds = served_by(&net->in, work, CORRIDOR_FLOW_FAIR, NULL) != UINT64_MAX &&
			is_max_min(net, corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL), arcs,
				   count);
		corridor_flow_free(work);
		corridor_flow_free(wide);
		net_free(net);
	}
	ok(holds, "on one way each, who lacks something is among the largest on a full segment");
}

/* What holds of any network: optima are not below what heuristics find, cuts never add, scale does
 * not matter. */
static void
test_properties(void)
{
	uint64_t seed = 5;
	bool sound = true, best = true, cuts = true, bounded = true, least = true;
	for (int round = 0; round < 60; round++) {
		struct net *net = net_by_chance(&seed, 10, 20, 25);
		struct corridor_flow_work *work = corridor_flow_new(&net->in, 4);
		uint64_t served[CORRIDOR_OBJECTIVES];
		for (int o = 0; o < CORRIDOR_OBJECTIVES; o++) {
			served[o] = served_by(&net->in, work, (enum corridor_objective)o, NULL);
			sound &= served[o] != UINT64_MAX;
			const struct corridor_flow *flow =
				corridor_flow_solve(work, (enum corridor_objective)o, NULL);
			double gap = fabs(flow->value - flow->bound);
			if (o != CORRIDOR_FLOW_FAIR && o != CORRIDOR_FLOW_PRIORITY)
				bounded &= gap <= 1e-6 * fmax(1, fabs(flow->value));
		}
		/* Rounding down costs some bit/s on each way. */
		uint64_t slack = 10000;
		best &= served[CORRIDOR_FLOW_THROUGHPUT] + slack >= served[CORRIDOR_FLOW_FAIR] &&
			served[CORRIDOR_FLOW_THROUGHPUT] + slack >= served[CORRIDOR_FLOW_FAIREST] &&
			served[CORRIDOR_FLOW_THROUGHPUT] + slack >= served[CORRIDOR_FLOW_PRIORITY];
		least &= llabs((long long)(served[CORRIDOR_FLOW_THROUGHPUT] -
					   served[CORRIDOR_FLOW_COST])) <= 10000;
		bool cut[20] = {0};
		cut[random_below(&seed, 20)] = true;
		uint64_t after = served_by(&net->in, work, CORRIDOR_FLOW_THROUGHPUT, cut);
		cuts &= after != UINT64_MAX && after <= served[CORRIDOR_FLOW_THROUGHPUT] + slack;
		sound &= served_by(&net->in, work, CORRIDOR_FLOW_FAIR, cut) != UINT64_MAX;
		sound &= served_by(&net->in, work, CORRIDOR_FLOW_COST, cut) != UINT64_MAX;
		sound &= served_by(&net->in, work, CORRIDOR_FLOW_UTILISATION, cut) != UINT64_MAX;
		corridor_flow_free(work);
		net_free(net);
	}
	ok(sound, "ways are whole, sums are right, no load is above its capacity");
	ok(best, "no rule serves more than the one that serves the most");
	ok(least, "the cheapest serves as much as that");
	ok(cuts, "a cut never adds to what can be served");
	ok(bounded, "value and bound meet");
}

/* Optima that can be reckoned by hand. */
static void
test_optima(void)
{
	const uint64_t g = 1000000000;
	struct net *net = triangle(6 * g, 2 * g);
	ask(net, 0, 1, 4 * g);
	struct corridor_flow_work *work = corridor_flow_new(&net->in, 1);
	const struct corridor_flow *flow =
		corridor_flow_solve(work, CORRIDOR_FLOW_UTILISATION, NULL);
	ok(fabs(flow->value - 0.5) < 1e-9 && fabs(flow->bound - 0.5) < 1e-9 && flow->way_count == 2,
	   "three quarters directly, a quarter around: all half full");
	ok(fabs(flow->worth[0] - 0.5 / 8) < 1e-6, "a Gbit/s more directly takes a sixteenth off");
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_COST, NULL);
	ok(flow->way_count == 1 && flow->served_total_bps == 4 * g && flow->load_bps[0] == 4 * g &&
		   fabs(flow->value / (100000.0 * 4) - 1) < 1e-9,
	   "the cheapest goes directly");
	net->demands[0].bps = 20 * g;
	corridor_flow_free(work);
	work = corridor_flow_new(&net->in, 1);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_THROUGHPUT, NULL);
	ok(llabs((long long)(flow->served_total_bps - 8 * g)) < 64 &&
		   fabs(flow->worth[0] - 1) < 1e-6,
	   "as much as both ways carry; each bit/s more directly is one more");
	const bool cut[3] = {true};
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, cut);
	ok(flow->served_total_bps == 2 * g && flow->load_bps[0] == 0,
	   "a demand whose only way is cut finds another");
	corridor_flow_free(work);
	net_free(net);
}

/* What cannot be served, and what is refused. */
static void
test_edges(void)
{
	struct net *net = triangle(0, 0);
	ask(net, 0, 1, 1000);
	ask(net, 0, 3, 1000);
	ask(net, 2, 2, 1000);
	ask(net, 0, 2, 0);
	struct corridor_flow_work *work = corridor_flow_new(&net->in, 3);
	bool sound = true;
	for (int o = 0; o < CORRIDOR_OBJECTIVES; o++) {
		const struct corridor_flow *flow =
			corridor_flow_solve(work, (enum corridor_objective)o, NULL);
		sound &= flow &&
			 !corridor_flow_check(&net->in, flow, (enum corridor_objective)o, NULL);
		sound &= flow && flow->served_total_bps == 1000 && flow->served_bps[2] == 1000;
	}
	ok(sound, "without capacity nobody is served but who stays where it is");
	corridor_flow_free(work);
	net->in.demand_count = 0;
	work = corridor_flow_new(&net->in, 1);
	sound = true;
	for (int o = 0; o < CORRIDOR_OBJECTIVES; o++)
		sound &= corridor_flow_solve(work, (enum corridor_objective)o, NULL) != NULL;
	ok(sound, "no demands are no trouble");
	corridor_flow_free(work);
	ask(net, 0, 1, CORRIDOR_FLOW_BPS_MAX + 1);
	ok(!corridor_flow_new(&net->in, 1) && errno == EINVAL, "a rate beyond measure is refused");
	net->in.demand_count = 0;
	for (int i = 0; i < 1025; i++)
		ask(net, 0, 1, CORRIDOR_FLOW_BPS_MAX);
	ok(!corridor_flow_new(&net->in, 1) && errno == EOVERFLOW, "so are too many large ones");
	net_free(net);
}

/* The check itself: what it must not let pass. */
static void
test_check(void)
{
	struct net *net = triangle(6000, 2000);
	ask(net, 0, 1, 4000);
	struct corridor_flow_work *work = corridor_flow_new(&net->in, 1);
	struct corridor_flow flow = *corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	const bool cut[3] = {true};
	ok(!corridor_flow_check(&net->in, &flow, CORRIDOR_FLOW_FAIR, NULL), "a solution passes");
	ok(corridor_flow_check(&net->in, &flow, CORRIDOR_FLOW_FAIR, cut),
	   "a way over a cut is seen");
	flow.ways[0].bps--;
	ok(corridor_flow_check(&net->in, &flow, CORRIDOR_FLOW_FAIR, NULL), "a bit/s lost is seen");
	flow.ways[0].bps++;
	net->capacity[0] = 3999;
	ok(corridor_flow_check(&net->in, &flow, CORRIDOR_FLOW_FAIR, NULL),
	   "a bit/s too much is seen");
	corridor_flow_free(work);
	net_free(net);
}

/* Do two solutions lay the same on the same ways? */
static bool
same_flow(const struct corridor_flow *a, const struct corridor_flow *b, size_t demands)
{
	if (a->way_count != b->way_count ||
	    memcmp(a->served_bps, b->served_bps, demands * sizeof(*a->served_bps)) != 0 ||
	    memcmp(a->best_cost, b->best_cost, demands * sizeof(*a->best_cost)) != 0)
		return false;
	for (size_t w = 0; w < a->way_count; w++)
		if (a->ways[w].bps != b->ways[w].bps || a->ways[w].count != b->ways[w].count ||
		    memcmp(&a->arcs[a->ways[w].first], &b->arcs[b->ways[w].first],
			   a->ways[w].count * sizeof(*a->arcs)) != 0)
			return false;
	return true;
}

/* One workspace for cut after cut, that keeps what it has tried and what was left, against a new one
 * for each, on nets so full that demands take many ways. */
static void
remembered(void)
{
	enum { NETS = 40, SITES = 24, SEGMENTS = 50, DEMANDS = 60 };
	uint64_t seed = 515;
	unsigned same = 0, runs = 0;
	size_t ways = 0;
	for (int n = 0; n < NETS; n++) {
		struct net *net = net_by_chance(&seed, SITES, SEGMENTS, DEMANDS);
		struct corridor_flow_work *kept = corridor_flow_new(&net->in, UINT32_MAX);
		for (uint32_t run = 0; run < 3 * SEGMENTS; run++, runs++) {
			bool cut[SEGMENTS] = {0};
			cut[run % SEGMENTS] = true;
			cut[random_below(&seed, SEGMENTS)] = run < SEGMENTS;
			/* Now and then the demands as they are, by the other rule. */
			enum corridor_objective rule =
				run % 7 ? CORRIDOR_FLOW_PRIORITY : CORRIDOR_FLOW_FAIR;
			const bool *is_cut = run % 11 ? cut : NULL;
			struct corridor_flow_work *fresh = corridor_flow_new(&net->in, UINT32_MAX);
			const struct corridor_flow *a = corridor_flow_solve(kept, rule, is_cut);
			const struct corridor_flow *b = corridor_flow_solve(fresh, rule, is_cut);
			same += a && b && same_flow(a, b, DEMANDS);
			ways += a ? a->way_count : 0;
			corridor_flow_free(fresh);
		}
		corridor_flow_free(kept);
		net_free(net);
	}
	is_int(same, runs, "what was tried before changes nothing");
	ok(ways > runs * (DEMANDS + DEMANDS / 4), "though demands take many ways (%zu)", ways);
}

/* The same from state to state, as segments fail and are mended one by one: what searches found with
 * others closed may hold again, or may no longer. Every other net has few lengths, and so ties. */
static void
walked(void)
{
	enum { NETS = 30, SITES = 24, SEGMENTS = 60, DEMANDS = 40, STATES = 150 };
	uint64_t seed = 2718;
	unsigned same = 0, looked = 0, runs = 0;
	for (int n = 0; n < NETS; n++) {
		struct net *net = net_by_chance(&seed, SITES, SEGMENTS, DEMANDS);
		for (size_t s = 0; s < SEGMENTS && n % 2; s++)
			net->g.cost[s] = corridor_cost_of_length(100000 * (1 + s % 3));
		struct corridor_flow_work *kept = corridor_flow_new(&net->in, UINT32_MAX);
		bool cut[SEGMENTS] = {0};
		for (uint32_t run = 0; run < STATES; run++, runs++) {
			uint32_t segment = random_below(&seed, SEGMENTS);
			/* Some ten of them are down. */
			cut[segment] = !cut[segment] && random_below(&seed, 5) == 0;
			struct corridor_flow_work *fresh = corridor_flow_new(&net->in, UINT32_MAX);
			const struct corridor_flow *a =
				corridor_flow_solve(kept, CORRIDOR_FLOW_PRIORITY, cut);
			const struct corridor_flow *b =
				corridor_flow_solve(fresh, CORRIDOR_FLOW_PRIORITY, cut);
			same += a && b && same_flow(a, b, DEMANDS);
			looked += a && b && memcmp(a->looked, b->looked, SEGMENTS) == 0;
			corridor_flow_free(fresh);
		}
		corridor_flow_free(kept);
		net_free(net);
	}
	is_int(same, runs, "state after state is laid as if it were the first");
	is_int(looked, runs, "and the same segments are looked at");
}

int
main(void)
{
	test_optima();
	test_edges();
	test_check();
	test_fairness();
	test_certificate();
	test_properties();
	remembered();
	walked();
	return done_testing();
}
