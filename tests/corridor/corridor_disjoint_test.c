/* Disjoint pairs against all pairs of ways of small graphs, and against reference answers. */
#include "corridor/corridor_disjoint.h"

#include <stdlib.h>

#include "corridor/corridor_apart.h"

#include "graphs.h"
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

static unsigned
bits(uint32_t set)
{
	return (unsigned)__builtin_popcount(set);
}

/* What a pair shares and costs, as one number: groups first, then segments, then cost. */
static uint64_t
worth(const struct way *a, const struct way *b)
{
	return (uint64_t)bits(a->groups & b->groups) << 58 |
	       (uint64_t)bits(a->segments & b->segments) << 53 | (a->cost + b->cost);
}

/* The best pair of all, a way with itself too; CORRIDOR_CLOSED when there is no way. */
static uint64_t
least_shared(const struct all_ways *w)
{
	uint64_t best = CORRIDOR_CLOSED;
	for (size_t i = 0; i < w->count; i++)
		for (size_t j = 0; j <= i; j++) {
			uint64_t x = worth(&w->ways[i], &w->ways[j]);
			best = x < best ? x : best;
		}
	return best;
}

static struct way
as_way(const struct corridor_path *path, const struct all_ways *w)
{
	struct way way = {0};
	for (size_t i = 0; i < path->segment_count; i++) {
		way.cost += w->g->cost[path->segments[i]];
		way.segments |= 1u << path->segments[i];
		way.groups |= group_bits(w->groups, path->segments[i]);
		if (i + 1 < path->segment_count)
			way.sites |= 1u << path->sites[i + 1];
	}
	return way;
}

static uint64_t
checked_apart(const struct corridor_pair *pair, const struct all_ways *w)
{
	if (pair->paths.count == 0)
		return CORRIDOR_CLOSED;
	struct way a = as_way(&pair->paths.paths[0], w), b = as_way(&pair->paths.paths[1], w);
	uint32_t groups = 0, segments = 0;
	for (size_t i = 0; i < pair->shared_count; i++)
		groups |= 1u << pair->shared[i];
	for (size_t i = 0; i < pair->shared_segment_count; i++)
		segments |= 1u << pair->shared_segments[i];
	bool told = groups == (a.groups & b.groups) && segments == (a.segments & b.segments);
	return told && a.cost == pair->paths.paths[0].cost ? worth(&a, &b) : 0;
}

/* True if no pair shares fewer segments, or sites and segments, or as few and costs less. */
static bool
least_holds(const struct all_ways *w, struct corridor_ends ends, enum corridor_disjointness kind)
{
	bool sites = kind == CORRIDOR_SITE_DISJOINT;
	uint64_t best = CORRIDOR_CLOSED, got = CORRIDOR_CLOSED;
	struct corridor_paths pair;
	for (size_t i = 0; i < w->count; i++) {
		for (size_t j = 0; j <= i; j++) {
			const struct way *a = &w->ways[i], *b = &w->ways[j];
			uint64_t shared = bits(a->segments & b->segments) +
					  (sites ? bits(a->sites & b->sites) : 0);
			uint64_t x = shared << 58 | (a->cost + b->cost);
			best = x < best ? x : best;
		}
	}
	if (corridor_disjoint_least(&pair, w->g->graph, w->g->cost, ends, kind) < 0)
		abort();
	if (pair.count == 2) {
		struct way a = as_way(&pair.paths[0], w), b = as_way(&pair.paths[1], w);
		uint64_t shared =
			bits(a.segments & b.segments) + (sites ? bits(a.sites & b.sites) : 0);
		got = shared << 58 | (a.cost + b.cost);
	}
	corridor_paths_fini(&pair);
	return got == best;
}

/* The most of the ways from `at` on that share nothing with each other. */
static size_t
most_apart(const struct all_ways *w, size_t at, struct way so_far, enum shared what)
{
	size_t most = 0;
	for (size_t i = at; i < w->count; i++) {
		if (share(&w->ways[i], &so_far, what))
			continue;
		struct way more = {.segments = so_far.segments | w->ways[i].segments,
				   .sites = so_far.sites | w->ways[i].sites};
		size_t count = 1 + most_apart(w, i + 1, more, what);
		most = count > most ? count : most;
	}
	return most;
}

/* True if as many ways are found as there are, and what is said to cut them does. */
static bool
cut_holds(const struct all_ways *w, struct corridor_ends ends, enum corridor_disjointness kind)
{
	enum shared what = kind == CORRIDOR_SITE_DISJOINT ? SITES : SEGMENTS;
	struct corridor_cut cut;
	struct way cutter = {0};
	if (corridor_cut_find(&cut, w->g->graph, w->g->cost, ends, kind) < 0)
		abort();
	bool holds = cut.ways == most_apart(w, 0, (struct way){0}, what) &&
		     cut.segment_count + cut.site_count == cut.ways;
	for (size_t i = 0; i < cut.segment_count; i++)
		cutter.segments |= 1u << cut.segments[i];
	for (size_t i = 0; i < cut.site_count; i++)
		cutter.sites |= 1u << cut.sites[i];
	for (size_t i = 0; i < w->count; i++)
		holds &= share(&w->ways[i], &cutter, SITES);
	corridor_cut_fini(&cut);
	return holds;
}

static void
against_all_pairs(void)
{
	uint64_t seed = 5;
	unsigned graphs = 0, segment_pairs = 0, site_pairs = 0, group_pairs = 0, there = 0;
	unsigned least_pairs = 0, least_sites = 0, cuts = 0;
	struct way *ways = calloc(WAYS_MAX, sizeof(*ways));
	for (; graphs < 500; graphs++) {
		uint32_t n = 3 + random_below(&seed, 5), m = 4 + random_below(&seed, 10);
		struct test_graph g = graph_by_chance(&seed, n, m, graphs % 2 ? 5 : 1000);
		struct corridor_groups groups = groups_by_chance(&seed, m);
		struct all_ways all = {.g = &g, .groups = &groups, .to = n - 1, .ways = ways};
		struct corridor_ends ends = {0, n - 1};
		struct corridor_paths pair;
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
		least_pairs += least_holds(&all, ends, CORRIDOR_SEGMENT_DISJOINT);
		least_sites += least_holds(&all, ends, CORRIDOR_SITE_DISJOINT);
		cuts += cut_holds(&all, ends, CORRIDOR_SEGMENT_DISJOINT) &&
			cut_holds(&all, ends, CORRIDOR_SITE_DISJOINT);
		struct corridor_pair apart;
		if (corridor_apart_groups(&apart, g.graph, g.cost, ends, &groups, NULL) < 0)
			abort();
		group_pairs += apart.proven && checked_apart(&apart, &all) == least_shared(&all);
		corridor_pair_fini(&apart);
		free(groups.first);
		free(groups.groups);
		test_graph_free(&g);
	}
	free(ways);
	ok(there > 100, "of 500 small graphs %u have a pair that shares no segment", there);
	is_int(segment_pairs, graphs, "no pair of ways that share no segment is cheaper");
	is_int(site_pairs, graphs, "nor one of ways that share no site");
	is_int(group_pairs, graphs,
	       "no pair shares fewer groups, segments, or as few and is cheaper, as is proven");
	is_int(least_pairs, graphs, "nor are there pairs that share fewer segments where all do");
	is_int(least_sites, graphs, "nor fewer sites and segments");
	is_int(cuts, graphs, "as many ways as there are at once, so many segments separate them");
}

/* Graphs in which much is shared, so that halves of halves have to be looked at. */
static void
against_much_shared(void)
{
	uint64_t seed = 8;
	unsigned graphs = 0, right = 0, apart_at_last = 0;
	struct way *ways = calloc(WAYS_MAX, sizeof(*ways));
	for (; graphs < 300; graphs++) {
		enum { N = 9, M = 18 };
		struct test_graph g = graph_by_chance(&seed, N, M, 1000);
		struct corridor_groups groups = {2 * GROUPS, calloc(M + 1, sizeof(uint32_t)),
						 calloc((size_t)2 * M, sizeof(uint32_t))};
		for (uint32_t s = 0; s < M; s++) {
			uint32_t count = random_below(&seed, 3);
			for (uint32_t i = 0; i < count; i++)
				groups.groups[groups.first[s] + i] =
					random_below(&seed, 2 * GROUPS);
			groups.first[s + 1] = groups.first[s] + count;
		}
		struct all_ways all = {.g = &g, .groups = &groups, .to = N - 1, .ways = ways};
		struct corridor_pair pair;
		walk(&all, 0, (struct way){0}, 0);
		if (corridor_apart_groups(&pair, g.graph, g.cost, (struct corridor_ends){0, N - 1},
					  &groups, NULL) < 0)
			abort();
		right += pair.proven && checked_apart(&pair, &all) == least_shared(&all);
		apart_at_last += pair.paths.count == 2 && pair.shared_count == 0;
		corridor_pair_fini(&pair);
		free(groups.first);
		free(groups.groups);
		test_graph_free(&g);
	}
	free(ways);
	ok(apart_at_last > 20 && apart_at_last < graphs - 20,
	   "of 300 graphs %u have a pair that is apart", apart_at_last);
	is_int(right, graphs, "and in all the pair that shares least is found and proven");
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

static size_t
connectivity(const struct test_graph *g, struct corridor_ends ends, enum corridor_disjointness kind)
{
	struct corridor_cut cut;
	if (corridor_cut_find(&cut, g->graph, g->cost, ends, kind) < 0)
		abort();
	size_t ways = cut.ways;
	corridor_cut_fini(&cut);
	return ways;
}

static void
reference_connectivity(void)
{
	struct csv csv = csv_read("tests/corridor/data/graph.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		char path[128], got[64];
		struct corridor_ends ends;
		if (strcmp(csv_get(&csv, i, "kind"), "edge / node connectivity") != 0)
			continue;
		snprintf(path, sizeof(path), "tests/corridor/data/%s.csv",
			 csv_get(&csv, i, "topology"));
		struct test_graph g = graph_from_table(path);
		if (sscanf(csv_get(&csv, i, "question"), "R%u(%*u)->R%u", &ends.a, &ends.b) != 2)
			abort();
		snprintf(got, sizeof(got), "%zu / %zu",
			 connectivity(&g, ends, CORRIDOR_SEGMENT_DISJOINT),
			 connectivity(&g, ends, CORRIDOR_SITE_DISJOINT));
		is_str(got, csv_get(&csv, i, "answer"), csv_get(&csv, i, "id"));
		test_graph_free(&g);
	}
	csv_fini(&csv);
}

/* Many segments join the ends: each of them is a way, and all of them the cut. */
static void
side_by_side(void)
{
	struct corridor_ends ends[] = {{0, 1}, {1, 0}, {0, 1}, {0, 2}, {2, 1}};
	uint64_t km = corridor_cost_of_length(100000), cost[] = {km, km, km, km, km};
	struct corridor_graph *g = corridor_graph_new(3, ends, 5);
	struct corridor_paths ways;
	struct corridor_cut cut;
	ok(corridor_disjoint_ways(&ways, g, cost, (struct corridor_ends){0, 1},
				  CORRIDOR_SITE_DISJOINT, 9) == 0 &&
		   ways.count == 4 && ways.paths[3].segment_count == 2,
	   "parallel segments and the way over a site are four ways at once");
	ok(corridor_cut_find(&cut, g, cost, (struct corridor_ends){0, 1}, CORRIDOR_SITE_DISJOINT) ==
			   0 &&
		   cut.segment_count == 3 && cut.site_count == 1 && cut.sites[0] == 2,
	   "three segments and a site part their ends");
	corridor_cut_fini(&cut);
	corridor_paths_fini(&ways);
	corridor_graph_free(g);
}

int
main(void)
{
	side_by_side();
	reference_connectivity();
	against_all_pairs();
	against_much_shared();
	trap();
	reference();
	return done_testing();
}
