/* Demands that are protected, and those that are bound to ways: what any one failure leaves them. */
#include "corridor/corridor_musts.h"
#include "nets.h"

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
	ask(net, 4, 5, g);
	net->demands[0].priority = net->demands[1].priority = 1;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, cut);
	ok(flow->served_bps[0] == 4 * g && flow->served_bps[1] == 0 && flow->served_bps[2] == g,
	   "out of what is kept: what is free goes by priority");
	corridor_flow_free(work);
	net->in.demand_count = 2;
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
	is_int((long long)flow->best_cost[0], (long long)graph.cost[0],
	       "its best way is the first");
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, (bool[7]){true});
	ok(flow->served_bps[0] == 4 * g && flow->best_cost[0] == 3 * graph.cost[0] &&
		   flow->best[0].count == 3,
	   "and the second where the first is cut");
	corridor_flow_free(work);
	net->capacity[8] = net->capacity[9] = 0;
	work = corridor_flow_new(&net->in, UINT32_MAX);
	flow = corridor_flow_solve(work, CORRIDOR_FLOW_FAIR, NULL);
	ok(corridor_flow_shared(work, 0) == HUB_NONE && flow->served_bps[0] == 4 * g,
	   "without a second way it is laid as if it asked for none");
	corridor_flow_free(work);
	net_free(net);
}

int
main(void)
{
	test_bound();
	test_protection();
	test_sharing();
	return done_testing();
}
