/* Disjoint pairs against all pairs of ways of small graphs, and against reference answers. */
#include "corridor/corridor_disjoint.h"

#include <stdlib.h>

#include "graphs.h"
#include "silkroad.h"
#include "tap.h"

enum { WAYS_MAX = 2000, GROUPS = 6 };

/* All simple ways of a small graph: which segments, sites between the ends, and groups. */
struct way {
	uint64_t cost;
	uint32_t segments, sites, groups; /* bits */
};

struct all_ways {
	const struct test_graph *g;
	const struct corridor_groups *groups;
	uint32_t to;
	struct way *ways;
	size_t count;
};

static uint32_t
group_bits(const struct corridor_groups *groups, uint32_t segment)
{
	uint32_t bits = 0;
	for (uint32_t k = groups->first[segment]; k < groups->first[segment + 1]; k++)
		bits |= 1u << groups->groups[k];
	return bits;
}

static void
walk(struct all_ways *w, uint32_t at, struct way way, uint32_t been)
{
	if (at == w->to) {
		if (w->count == WAYS_MAX)
			abort();
		w->ways[w->count++] = way;
		return;
	}
	been |= 1u << at;
	for (uint32_t i = w->g->graph->first_arc[at]; i < w->g->graph->first_arc[at + 1]; i++) {
		struct corridor_arc arc = w->g->graph->arcs[i];
		if (been & 1u << arc.to)
			continue;
		struct way next = way;
		next.cost += w->g->cost[arc.segment];
		next.segments |= 1u << arc.segment;
		next.groups |= group_bits(w->groups, arc.segment);
		if (arc.to != w->to)
			next.sites |= 1u << arc.to;
		walk(w, arc.to, next, been);
	}
}

/* What two ways must not share, as bits of one number. */
enum shared { SEGMENTS, SITES, GROUPED };

static bool
share(const struct way *a, const struct way *b, enum shared what)
{
	if (a->segments & b->segments)
		return true;
	return (what == SITES && a->sites & b->sites) || (what == GROUPED && a->groups & b->groups);
}

static uint64_t
best_of_all(const struct all_ways *w, enum shared what)
{
	uint64_t best = CORRIDOR_CLOSED;
	for (size_t i = 0; i < w->count; i++) {
		for (size_t j = 0; j < i; j++) {
			uint64_t sum = w->ways[i].cost + w->ways[j].cost;
			if (sum < best && !share(&w->ways[i], &w->ways[j], what))
				best = sum;
		}
	}
	return best;
}

/* Total cost of a pair that holds what it promises; 0 when it does not. */
static uint64_t
checked(const struct corridor_paths *pair, const struct all_ways *w, enum shared what)
{
	struct way ways[2] = {0};
	if (pair->count == 0)
		return CORRIDOR_CLOSED;
	for (size_t p = 0; p < 2; p++) {
		const struct corridor_path *path = &pair->paths[p];
		for (size_t i = 0; i < path->segment_count; i++) {
			struct corridor_ends e = w->g->graph->ends[path->segments[i]];
			uint32_t from = path->sites[i], to = path->sites[i + 1];
			if (!(e.a == from && e.b == to) && !(e.b == from && e.a == to))
				return 0;
			ways[p].cost += w->g->cost[path->segments[i]];
			ways[p].segments |= 1u << path->segments[i];
			ways[p].groups |= group_bits(w->groups, path->segments[i]);
			if (i + 1 < path->segment_count)
				ways[p].sites |= 1u << to;
		}
		if (ways[p].cost != path->cost || path->sites[0] != 0 ||
		    path->sites[path->segment_count] != w->to)
			return 0;
	}
	if (pair->paths[0].cost > pair->paths[1].cost || share(&ways[0], &ways[1], what))
		return 0;
	return ways[0].cost + ways[1].cost;
}

static struct corridor_groups
groups_by_chance(uint64_t *seed, size_t segments)
{
	struct corridor_groups g = {GROUPS, calloc(segments + 1, sizeof(*g.first)),
				    calloc(segments, sizeof(*g.groups))};
	for (size_t s = 0; s < segments; s++) {
		bool member = random_below(seed, 3) == 0;
		if (member)
			g.groups[g.first[s]] = random_below(seed, GROUPS);
		g.first[s + 1] = g.first[s] + member;
	}
	return g;
}

static void
against_all_pairs(void)
{
	uint64_t seed = 5;
	unsigned graphs = 0, segment_pairs = 0, site_pairs = 0, group_pairs = 0, there = 0;
	struct way *ways = calloc(WAYS_MAX, sizeof(*ways));
	for (; graphs < 500; graphs++) {
		uint32_t n = 3 + random_below(&seed, 5), m = 4 + random_below(&seed, 10);
		struct test_graph g = graph_by_chance(&seed, n, m, graphs % 2 ? 5 : 1000);
		struct corridor_groups groups = groups_by_chance(&seed, m);
		struct all_ways all = {.g = &g, .groups = &groups, .to = n - 1, .ways = ways};
		struct corridor_ends ends = {0, n - 1};
		struct corridor_paths pair;
		bool proven = false;
		walk(&all, 0, (struct way){0}, 0);
		if (corridor_disjoint_pair(&pair, g.graph, g.cost, ends,
					   CORRIDOR_SEGMENT_DISJOINT) < 0)
			abort();
		there += pair.count == 2;
		segment_pairs += checked(&pair, &all, SEGMENTS) == best_of_all(&all, SEGMENTS);
		corridor_paths_fini(&pair);
		if (corridor_disjoint_pair(&pair, g.graph, g.cost, ends, CORRIDOR_SITE_DISJOINT) <
		    0)
			abort();
		site_pairs += checked(&pair, &all, SITES) == best_of_all(&all, SITES);
		corridor_paths_fini(&pair);
		if (corridor_disjoint_groups(&pair, &proven, g.graph, g.cost, ends, &groups) < 0)
			abort();
		group_pairs +=
			proven && checked(&pair, &all, GROUPED) == best_of_all(&all, GROUPED);
		corridor_paths_fini(&pair);
		corridor_groups_fini(&groups);
		test_graph_free(&g);
	}
	free(ways);
	ok(there > 100, "of 500 small graphs %u have a pair that shares no segment", there);
	is_int(segment_pairs, graphs, "no pair of ways that share no segment is cheaper");
	is_int(site_pairs, graphs, "nor one of ways that share no site");
	is_int(group_pairs, graphs,
	       "nor one of ways that share no group, which is known as proven");
}

/* The shortest way blocks both others: taking it away greedily leaves none. */
static void
trap(void)
{
	enum { S, A, B, T };
	struct corridor_ends ends[] = {{S, A}, {A, B}, {B, T}, {S, B}, {A, T}};
	uint64_t km = corridor_cost_of_length(100000);
	uint64_t cost[] = {km, km, km, 3 * km, 3 * km};
	struct corridor_graph *g = corridor_graph_new(4, ends, 5);
	struct corridor_paths pair;
	if (ok(corridor_disjoint_pair(&pair, g, cost, (struct corridor_ends){S, T},
				      CORRIDOR_SITE_DISJOINT) == 0 &&
		       pair.count == 2,
	       "where the shortest way blocks all others a pair is found (D01)"))
		ok(pair.paths[0].cost + pair.paths[1].cost == 8 * km, "of 8 km in all");
	corridor_paths_fini(&pair);
	corridor_graph_free(g);
}

static void
reference(void)
{
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		const char *kind = csv_get(&csv, i, "kind");
		bool site = strcmp(kind, "min-sum node-disjoint pair") == 0;
		char path[128], got[64] = "none";
		unsigned from, to;
		if (!site && strcmp(kind, "min-sum edge-disjoint pair") != 0)
			continue;
		snprintf(path, sizeof(path), "tests/corridor/data/%s.csv",
			 csv_get(&csv, i, "topology"));
		struct test_graph g = graph_from_table(path);
		if (sscanf(csv_get(&csv, i, "question"), "R%u(%*u)->R%u", &from, &to) != 2)
			abort();
		struct corridor_paths pair;
		if (corridor_disjoint_pair(&pair, g.graph, g.cost, (struct corridor_ends){from, to},
					   site ? CORRIDOR_SITE_DISJOINT
						: CORRIDOR_SEGMENT_DISJOINT) < 0)
			abort();
		if (pair.count == 2)
			snprintf(got, sizeof(got), "%.3f km total",
				 corridor_cost_km(pair.paths[0].cost + pair.paths[1].cost));
		is_str(got, csv_get(&csv, i, "answer"), csv_get(&csv, i, "id"));
		corridor_paths_fini(&pair);
		test_graph_free(&g);
	}
	csv_fini(&csv);
}

static void
groups_of_the_corridor(void)
{
	struct hub *hub = silkroad();
	struct corridor_groups g;
	ok(corridor_groups_of_hub(&g, hub) == 0, "the groups of the corridor are numbered");
	uint32_t m03 = hub_segment_by_id(hub, "M03"), m07 = hub_segment_by_id(hub, "M07");
	uint32_t l01 = hub_segment_by_id(hub, "L01"), l18 = hub_segment_by_id(hub, "L18");
	ok(g.first[m03 + 1] - g.first[m03] == 3 && g.groups[g.first[m03]] == g.groups[g.first[m07]],
	   "two cables through the Red Sea are in one group");
	ok(g.groups[g.first[l01]] != g.groups[g.first[m03]] && g.first[l18] == g.first[l18 + 1],
	   "others are in another, or in none");
	corridor_groups_fini(&g);
	hub_free(hub);
}

int
main(void)
{
	against_all_pairs();
	trap();
	reference();
	groups_of_the_corridor();
	return done_testing();
}
