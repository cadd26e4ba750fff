/* Traffic laid on graphs: the references of fairness, optima against each other and against a
 * search through everything, what holds of any graph, and what is refused. Every solution goes
 * through corridor_flow_check. */
#include "corridor/corridor_flow.h"

#include <errno.h>
#include <math.h>

#include "corridor/corridor_musts.h"
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

static void
net_free(struct net *net)
{
	test_graph_free(&net->g);
	free(net);
}

static void
ask(struct net *net, uint32_t from, uint32_t to, uint64_t bps)
{
	net->demands[net->in.demand_count++] =
		(struct corridor_flow_demand){.from = from, .to = to, .bps = bps};
}

/* Sites, segments with equal capacities both ways, and demands, by chance. */
static struct net *
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
static uint64_t
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

/* A triangle: 0 to 1 directly, and over 2. */
static struct net *
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

/* A contract for a way that is not the shortest. */
static void
test_bound(void)
{
	const uint64_t g = 1000000000;
	struct net *net = triangle(6 * g, 5 * g);
	struct corridor_musts over = {
		.count = 2, .segments = (uint8_t[]){0, 1, 0}, .sites = (uint8_t[]){0, 0, 2, 0}};
	ask(net, 0, 1, 4 * g);
	net->demands[0].over = &over;
	struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	ok(flow->load_bps[0] == 0 && flow->load_bps[2] == 4 * g &&
		   corridor_cost_km(flow->best_cost[0]) == 2 * corridor_cost_km(net->g.cost[0]),
	   "who is bound to a longer way goes there");
	const bool cut[3] = {false, true, false};
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, cut);
	ok(flow->load_bps[0] == 4 * g && flow->load_bps[2] == 0 &&
		   flow->best_cost[0] == net->g.cost[0],
	   "when that is cut it moves");
	corridor_flow_free(work);
	net->demands[0].bps = 8 * g;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	ok(flow->load_bps[2] == 5 * g && flow->load_bps[0] == 3 * g,
	   "and what has no room there goes elsewhere");
	corridor_flow_free(work);
	net->demands[0].fixed = true;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	bool stays = flow->served_bps[0] == 5 * g;
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, cut);
	ok(stays && flow->served_bps[0] == 0 && flow->best_cost[0] == CORRIDOR_CLOSED,
	   "but for one that is fixed");
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

/* Groups of four segments each, by chance; every segment is in one or two. */
static void
groups_by_chance(struct corridor_groups *out, uint64_t *seed, size_t segments, size_t groups)
{
	*out = (struct corridor_groups){.group_count = groups,
					.first = calloc(segments + 1, sizeof(*out->first)),
					.groups = calloc(2 * segments, sizeof(*out->groups))};
	for (uint32_t s = 0; s < segments; s++) {
		uint32_t at = out->first[s];
		out->groups[at++] = s % (uint32_t)groups;
		uint32_t other = random_below(seed, (uint32_t)groups);
		if (other != s % groups && random_below(seed, 4) == 0)
			out->groups[at++] = other;
		out->first[s + 1] = at;
	}
}

/* Marks what failure number `f` takes: a segment, or a group. */
static void
fail(bool *cut, const struct corridor_groups *groups, size_t segments, uint32_t f)
{
	memset(cut, 0, segments);
	for (uint32_t s = 0; s < segments; s++) {
		cut[s] = s == f;
		for (uint32_t k = groups->first[s]; k < groups->first[s + 1]; k++)
			cut[s] |= segments + groups->groups[k] == f;
	}
}

struct protection_tally {
	unsigned kept, of, unsound, spare;
};

static void
cut_protected(struct protection_tally *t, struct net *net, struct corridor_flow_work *work,
	      enum corridor_objective objective)
{
	uint64_t before[12];
	bool cut[24];
	t->unsound += served_by(&net->in, work, objective, NULL) == UINT64_MAX;
	const struct corridor_flow *flow = corridor_flow_solve(work, objective, NULL);
	memcpy(before, flow->served_bps, sizeof(before));
	for (size_t a = 0; a < 48; a++)
		t->spare += flow->reserved_bps[a] > 0;
	for (uint32_t f = 0; f < 24 + net->in.groups->group_count; f++) {
		fail(cut, net->in.groups, 24, f);
		t->unsound += served_by(&net->in, work, objective, cut) == UINT64_MAX;
		flow = corridor_flow_solve(work, objective, cut);
		for (uint32_t d = 0; d < 12; d++) {
			if (net->demands[d].protect == HUB_PROTECT_NONE ||
			    corridor_flow_shared(work, d) != 0)
				continue;
			t->of++;
			t->kept += flow->served_bps[d] == before[d];
		}
	}
}

/* Whoever has two ways that share nothing loses nothing by any one failure. */
static void
test_protection(void)
{
	uint64_t seed = 17;
	struct protection_tally t = {0};
	for (int round = 0; round < 60; round++) {
		struct net *net = net_by_chance(&seed, 10, 24, 12);
		struct corridor_groups groups;
		groups_by_chance(&groups, &seed, 24, 8);
		net->in.groups = &groups;
		for (size_t d = 0; d < 12; d++)
			net->demands[d].protect = (enum hub_protection)random_below(&seed, 3);
		struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
		cut_protected(&t, net, work, CORRIDOR_FLOW_PRIORITY);
		cut_protected(&t, net, work, CORRIDOR_FLOW_FAIR);
		corridor_flow_free(work);
		net_free(net);
		free(groups.first);
		free(groups.groups);
	}
	ok(t.of > 2000 && t.spare > 100, "many are protected, and room is kept for them");
	is_int(t.kept, t.of, "no one failure takes anything from a protected demand");
	is_int(t.unsound, 0, "ways are whole and loads within capacities all the same");
}

/* Two demands from 0 to 1 and from 2 to 3, each with a way of its own, and a common one over 4 and
 * 5. */
static void
test_sharing(void)
{
	const uint64_t g = 1000000000;
	const struct corridor_ends ends[] = {{0, 1}, {2, 3}, {0, 4}, {4, 5},
					     {5, 1}, {2, 4}, {5, 3}};
	struct test_graph graph = {.cost = calloc(7, sizeof(*graph.cost))};
	for (size_t i = 0; i < 7; i++)
		graph.cost[i] = corridor_cost_of_length(100000);
	graph.graph = corridor_graph_new(6, ends, 7);
	struct net *net = net_of(graph);
	for (size_t a = 0; a < 14; a++)
		net->capacity[a] = 10 * g;
	ask(net, 0, 1, 4 * g), ask(net, 2, 3, 3 * g);
	for (size_t d = 0; d < 2; d++)
		net->demands[d].protect = HUB_PROTECT_SHARED;
	struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	is_int((long long)flow->reserved_bps[6], 4 * (long long)g,
	       "two that do not fail together share the room of the larger");
	bool cut[7] = {true, true};
	net->capacity[6] = 5 * g;
	corridor_flow_free(work);
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, cut);
	ok(flow->served_bps[0] == 4 * g && flow->served_bps[1] == g && flow->reserved_bps[6] == 0,
	   "if both do, the first is brought back first");
	corridor_flow_free(work);
	struct corridor_groups one = {.group_count = 1,
				      .first = (uint32_t[]){0, 1, 2, 2, 2, 2, 2, 2},
				      .groups = (uint32_t[]){0, 0}};
	net->in.groups = &one;
	net->capacity[6] = 10 * g;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	is_int((long long)flow->reserved_bps[6], 7 * (long long)g,
	       "two that do need room for both");
	corridor_flow_free(work);
	for (size_t d = 0; d < 2; d++)
		net->demands[d].protect = HUB_PROTECT_ONE_PLUS_ONE;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	ok(flow->load_bps[6] == 7 * g && flow->load_bps[0] == 4 * g &&
		   flow->served_bps[0] == 4 * g && flow->reserved_bps[6] == 0,
	   "1+1 carries it twice");
	corridor_flow_free(work);
	net->capacity[8] = net->capacity[9] = 0;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	ok(corridor_flow_shared(work, 0) == HUB_NONE && flow->served_bps[0] == 4 * g,
	   "without a second way it is laid as if it asked for none");
	corridor_flow_free(work);
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

int
main(void)
{
	test_optima();
	test_edges();
	test_check();
	test_fairness();
	test_certificate();
	test_bound();
	test_protection();
	test_sharing();
	test_properties();
	test_brute();
	test_scale();
	test_cuts();
	return done_testing();
}
