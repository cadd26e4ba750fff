/* Protection on nets so small that every pair of ways can be looked at, and every failure tried. */
#include "nets.h"

enum { SITES = 7, SEGMENTS = 12, GROUPS = 5, DEMANDS = 4, WAYS = 512, ROUNDS = 1500 };

struct way {
	uint32_t segments, groups; /* as bits */
	uint64_t cost;
};

struct all_ways {
	struct way ways[WAYS];
	size_t count;
};

/* Groups of chance: a segment is in up to two, many in none. */
static void
groups_by_chance(struct corridor_groups *out, uint64_t *seed, size_t segments)
{
	*out = (struct corridor_groups){.group_count = GROUPS,
					.first = calloc(segments + 1, sizeof(*out->first)),
					.groups = calloc(2 * segments, sizeof(*out->groups))};
	for (size_t s = 0; s < segments; s++) {
		uint32_t at = out->first[s], group = random_below(seed, 2 * GROUPS);
		if (group < GROUPS)
			out->groups[at++] = group;
		uint32_t other = random_below(seed, 3 * GROUPS);
		if (other < GROUPS && other != group)
			out->groups[at++] = other;
		out->first[s + 1] = at;
	}
}

static uint32_t
groups_of(const struct net *net, uint32_t segment)
{
	const struct corridor_groups *g = net->in.groups;
	uint32_t bits = 0;
	for (uint32_t k = g->first[segment]; k < g->first[segment + 1]; k++)
		bits |= 1u << g->groups[k];
	return bits;
}

/* Every way that touches no site twice, over segments that have room in both directions. */
static void
walk(struct all_ways *out, const struct net *net, uint32_t at, uint32_t to, unsigned seen,
     struct way way)
{
	if (at == to) {
		if (out->count == WAYS)
			abort();
		out->ways[out->count++] = way;
		return;
	}
	for (uint32_t a = 0; a < 2 * net->g.graph->segment_count; a++) {
		struct corridor_ends e = net->g.graph->ends[a / 2];
		uint32_t from = a & 1 ? e.b : e.a, next = a & 1 ? e.a : e.b;
		if (from != at || seen >> next & 1 || !net->capacity[a] || !net->capacity[a ^ 1])
			continue;
		walk(out, net, next, to, seen | 1u << next,
		     (struct way){way.segments | 1u << (a / 2), way.groups | groups_of(net, a / 2),
				  way.cost + net->g.cost[a / 2]});
	}
}

/* What the pair that shares no segment, and the fewest groups, costs and shares. */
struct best {
	uint32_t shared; /* HUB_NONE: there is no such pair */
	uint64_t cost;
};

static struct best
best_pair(const struct all_ways *all)
{
	struct best best = {HUB_NONE, 0};
	for (size_t i = 0; i < all->count; i++) {
		for (size_t k = i + 1; k < all->count; k++) {
			const struct way *a = &all->ways[i], *b = &all->ways[k];
			uint32_t shared = (uint32_t)__builtin_popcount(a->groups & b->groups);
			uint64_t cost = a->cost + b->cost;
			if (a->segments & b->segments || shared > best.shared ||
			    (shared == best.shared && cost >= best.cost))
				continue;
			best = (struct best){shared, cost};
		}
	}
	return best;
}

static struct way
way_of(const struct net *net, const struct corridor_flow *flow, const struct corridor_flow_way *w)
{
	struct way way = {0};
	for (uint32_t i = 0; i < w->count; i++) {
		uint32_t s = flow->arcs[w->first + i] / 2;
		way.segments |= 1u << s;
		way.groups |= groups_of(net, s);
		way.cost += net->g.cost[s];
	}
	return way;
}

struct tally {
	unsigned pairs, disjoint, best, of, stuck, partial, enough, exact, arcs;
	unsigned over, lost, kept, higher, prefixes, unsound;
};

/* The two ways that a demand is laid on; false when it is laid on others. */
static bool
laid_on(struct way pair[2], const struct net *net, const struct corridor_flow *flow,
	uint32_t demand)
{
	size_t count = 0;
	for (size_t w = 0; w < flow->way_count; w++)
		if (flow->ways[w].demand == demand && count++ < 2)
			pair[flow->ways[w].role != CORRIDOR_WAY_WORKING] =
				way_of(net, flow, &flow->ways[w]);
	return count == 2;
}

/* True if an arc of the way in the direction that the demand has it has no room left. */
static bool
is_stuck(const struct net *net, const struct corridor_flow *flow, uint32_t demand)
{
	for (size_t w = 0; w < flow->way_count; w++)
		for (uint32_t i = 0; flow->ways[w].demand == demand && i < flow->ways[w].count;
		     i++) {
			uint32_t a = flow->arcs[flow->ways[w].first + i];
			if (flow->load_bps[a] + flow->reserved_bps[a] == net->capacity[a])
				return true;
		}
	return flow->served_bps[demand] == 0;
}

static void
look_at_pairs(struct tally *t, const struct net *net, struct corridor_flow_work *work,
	      const struct corridor_flow *flow)
{
	struct all_ways *all = calloc(1, sizeof(*all));
	for (uint32_t d = 0; d < net->in.demand_count; d++) {
		const struct corridor_flow_demand *demand = &net->demands[d];
		if (!demand->protect || demand->from == demand->to)
			continue;
		all->count = 0;
		walk(all, net, demand->from, demand->to, 1u << demand->from, (struct way){0});
		struct best best = best_pair(all);
		struct way pair[2] = {{0}, {0}};
		bool two = laid_on(pair, net, flow, d);
		t->of++;
		t->best += corridor_flow_shared(work, d) == best.shared;
		if (best.shared == HUB_NONE || flow->served_bps[d] == 0)
			continue;
		uint32_t shared = (uint32_t)__builtin_popcount(pair[0].groups & pair[1].groups);
		t->pairs++;
		t->disjoint += two && !(pair[0].segments & pair[1].segments) &&
			       shared == best.shared && pair[0].cost + pair[1].cost == best.cost;
		t->partial += flow->served_bps[d] < demand->bps;
		t->stuck += flow->served_bps[d] < demand->bps && is_stuck(net, flow, d);
	}
	free(all);
}

static bool
takes(struct way way, uint32_t failure)
{
	return failure < SEGMENTS ? way.segments >> failure & 1
				  : way.groups >> (failure - SEGMENTS) & 1;
}

/* What a failure makes of what is laid needs room on an arc for those whose working way it takes. */
static void
look_at_room(struct tally *t, const struct net *net, const struct corridor_flow *flow)
{
	for (uint32_t a = 0; a < 2 * net->g.graph->segment_count; a++) {
		uint64_t worst = 0, worst_at_all = 0;
		for (uint32_t f = 0; f < SEGMENTS + GROUPS; f++) {
			uint64_t need = 0, at_all = 0;
			for (size_t w = 0; w < flow->way_count; w++) {
				const struct corridor_flow_way *way = &flow->ways[w];
				struct way pair[2];
				bool over = false;
				for (uint32_t i = 0; i < way->count; i++)
					over |= flow->arcs[way->first + i] == a;
				if (way->role != CORRIDOR_WAY_SPARE || !over ||
				    !laid_on(pair, net, flow, way->demand) || !takes(pair[0], f))
					continue;
				at_all += way->bps;
				need += takes(pair[1], f) ? 0 : way->bps;
			}
			worst = need > worst ? need : worst;
			worst_at_all = at_all > worst_at_all ? at_all : worst_at_all;
		}
		t->arcs++;
		t->enough += flow->reserved_bps[a] >= worst;
		t->exact += flow->reserved_bps[a] <= worst_at_all;
		t->over += flow->load_bps[a] + flow->reserved_bps[a] > net->capacity[a];
	}
}

static void
try_failures(struct tally *t, const struct net *net, struct corridor_flow_work *work,
	     enum corridor_objective objective, const uint64_t *before)
{
	for (uint32_t f = 0; f < SEGMENTS + GROUPS; f++) {
		bool cut[SEGMENTS];
		for (uint32_t s = 0; s < SEGMENTS; s++)
			cut[s] = s == f ||
				 (f >= SEGMENTS && groups_of(net, s) >> (f - SEGMENTS) & 1);
		t->unsound += served_by(&net->in, work, objective, cut) == UINT64_MAX;
		const struct corridor_flow *flow = corridor_flow_solve(work, objective, cut);
		for (uint32_t a = 0; a < 2 * SEGMENTS; a++)
			t->over += flow->load_bps[a] + flow->reserved_bps[a] > net->capacity[a];
		for (uint32_t d = 0; d < net->in.demand_count; d++) {
			if (!net->demands[d].protect || corridor_flow_shared(work, d) != 0)
				continue;
			t->kept++;
			t->lost += flow->served_bps[d] != before[d];
		}
	}
}

/* Who comes first is served as if nobody came after. */
static void
leave_out_last(struct tally *t, struct net *net, const uint64_t *before)
{
	uint32_t last = 0;
	struct corridor_flow_demand asked[DEMANDS];
	memcpy(asked, net->demands, sizeof(asked));
	for (size_t d = 0; d < net->in.demand_count; d++)
		last = asked[d].priority > last ? asked[d].priority : last;
	for (size_t d = 0; d < net->in.demand_count; d++)
		net->demands[d].bps = asked[d].priority == last ? 0 : asked[d].bps;
	struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
	const struct corridor_flow *flow = corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, NULL);
	for (size_t d = 0; d < net->in.demand_count; d++) {
		if (asked[d].priority == last)
			continue;
		t->prefixes++;
		t->higher += flow->served_bps[d] == before[d];
	}
	corridor_flow_free(work);
	memcpy(net->demands, asked, sizeof(asked));
}

static void
look_at(struct tally *t, struct net *net)
{
	struct corridor_flow_work *work = corridor_flow_new(&net->in, UINT32_MAX);
	for (int by_priority = 0; by_priority < 2; by_priority++) {
		enum corridor_objective objective =
			by_priority ? CORRIDOR_FLOW_PRIORITY : CORRIDOR_FLOW_FAIR;
		uint64_t before[DEMANDS];
		t->unsound += served_by(&net->in, work, objective, NULL) == UINT64_MAX;
		const struct corridor_flow *flow = corridor_flow_solve(work, objective, NULL);
		memcpy(before, flow->served_bps, sizeof(before));
		look_at_pairs(t, net, work, flow);
		look_at_room(t, net, flow);
		try_failures(t, net, work, objective, before);
		if (by_priority)
			leave_out_last(t, net, before);
	}
	corridor_flow_free(work);
}

/* Capacities of both directions are alike, or not, and then one may not be there. */
static struct net *
small_net(uint64_t *seed, bool lopsided)
{
	struct net *net =
		net_of(graph_by_chance(seed, 4 + random_below(seed, SITES - 3), SEGMENTS, 20));
	uint32_t sites = (uint32_t)net->g.graph->site_count;
	for (size_t a = 0; a < (size_t)2 * SEGMENTS; a++)
		net->capacity[a] = a % 2 && !lopsided ? net->capacity[a - 1]
						      : 1000000000ull * random_below(seed, 12);
	for (size_t d = 0; d < DEMANDS; d++) {
		ask(net, random_below(seed, sites), random_below(seed, sites),
		    1000000000ull * random_below(seed, 9));
		net->demands[d].priority = random_below(seed, 3);
		net->demands[d].protect = (enum hub_protection)random_below(seed, 3);
	}
	return net;
}

static void
test_all(void)
{
	uint64_t seed = 71;
	struct tally t = {0};
	for (int round = 0; round < ROUNDS; round++) {
		struct net *net = small_net(&seed, round % 2);
		struct corridor_groups groups;
		groups_by_chance(&groups, &seed, SEGMENTS);
		net->in.groups = &groups;
		look_at(&t, net);
		net_free(net);
		free(groups.first);
		free(groups.groups);
	}
	ok(t.pairs > ROUNDS && t.partial > ROUNDS / 10 && t.kept > 10000,
	   "many are protected, and some not in full");
	is_int(t.best, t.of,
	       "there is a pair wherever one can be, and it shares as little as can be");
	is_int(t.disjoint, t.pairs,
	       "ways laid share no segment, and are the cheapest of such pairs");
	is_int(t.stuck, t.partial, "who is not served in full has no room on one of both ways");
	is_int(t.enough, t.arcs, "room kept is enough for the worst failure");
	is_int(t.exact, t.arcs, "and no more than one failure can ask for");
	is_int(t.over, 0, "nothing is above a capacity, whatever fails");
	is_int(t.lost, 0, "and who shares nothing loses nothing by it");
	is_int(t.higher, t.prefixes, "who comes first is served as if nobody came after");
	is_int(t.unsound, 0, "ways are whole");
}

int
main(void)
{
	test_all();
	return done_testing();
}
