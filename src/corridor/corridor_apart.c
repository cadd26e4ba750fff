/* Pairs of ways that share no group.
 *
 * Two ways are looked for independently, each the cheapest that it may be; what both use is a
 * conflict. In every pair that is apart, one of the two does without it: so the question is split
 * in two, in one half the first way is barred from it, in the other the second. A third half, in
 * which both may use it, costs more than everything that is cheaper and shares less: it is looked
 * at only when all else has failed. Halves wait in a heap, the one that promises most first; the
 * first that has no conflict left is the answer.
 *
 *	(w1, w2) conflict in a sea ──► w1 not by the sea ──► ...
 *	                           ──► w2 not by the sea ──► ...
 *	                           ──► both may, and share one more
 *
 * The conflict to split by is the one that makes both halves promise least, often nothing. The
 * cheapest pair that shares no segment (a flow) is tried first: when it shares no group either,
 * there is nothing to search. */
#include "corridor/corridor_apart.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_search.h"

/* Searches before giving up, on a graph of some hundred sites below a second; and conflicts weighed
 * for one splitting. */
enum { SEARCHES_MAX = 60000, SETTLED_MAX = 8000000, WEIGHED_MAX = 24 };

/* How bad a pair is: what it shares, then what it costs. */
struct rank {
	uint32_t groups, segments;
	uint64_t cost; /* CORRIDOR_CLOSED: there is none */
};

/* Who is barred from the conflict, or that it may be shared. */
enum decision { BAR_FIRST, BAR_SECOND, MAY_SHARE };

/* Things to conflict over are numbered: groups first, then segments. */
struct half {
	const struct half *parent;
	uint32_t thing;
	enum decision decision;
	struct rank rank;     /* at least; cost is that of both ways */
	uint64_t way_cost[2]; /* of each */
};

struct apart {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	struct corridor_ends ends;
	const struct corridor_groups *groups;
	const bool *aside;
	bool whole; /* no segment may be shared, whatever else then is */
	struct arena *arena;
	struct corridor_search *search;
	uint64_t *left[2];  /* costs for each way in the half at hand */
	uint8_t *decided;   /* of each thing: 1 << decision */
	uint8_t *used;      /* of each thing: by which ways, as bits */
	struct half **heap; /* best first */
	size_t heap_count, heap_room;
	uint32_t *segments[2]; /* of each way of the half at hand, from the end */
	size_t length[2];
	uint32_t *best[2]; /* segments of the best pair found, from the end */
	size_t best_length[2];
	struct rank best_rank;
	size_t searches, settled;
};

static size_t
thing_count(const struct apart *a)
{
	return a->groups->group_count + a->graph->segment_count;
}

static bool
rank_before(struct rank a, struct rank b)
{
	if ((a.cost == CORRIDOR_CLOSED) != (b.cost == CORRIDOR_CLOSED))
		return b.cost == CORRIDOR_CLOSED;
	if (a.groups != b.groups)
		return a.groups < b.groups;
	if (a.segments != b.segments)
		return a.segments < b.segments;
	return a.cost < b.cost;
}

static int
put_half(struct apart *a, struct half *half)
{
	if (a->heap_count == a->heap_room) {
		size_t room = a->heap_room ? 2 * a->heap_room : 64;
		struct half **heap = realloc(a->heap, room * sizeof(*heap));
		if (!heap)
			return -1;
		a->heap = heap;
		a->heap_room = room;
	}
	size_t i = a->heap_count++;
	for (; i > 0 && rank_before(half->rank, a->heap[(i - 1) / 2]->rank); i = (i - 1) / 2)
		a->heap[i] = a->heap[(i - 1) / 2];
	a->heap[i] = half;
	return 0;
}

static struct half *
take_half(struct apart *a)
{
	struct half *top = a->heap[0], *last = a->heap[--a->heap_count];
	size_t i = 0;
	for (size_t child = 1; child < a->heap_count; child = 2 * i + 1) {
		if (child + 1 < a->heap_count &&
		    rank_before(a->heap[child + 1]->rank, a->heap[child]->rank))
			child++;
		if (!rank_before(a->heap[child]->rank, last->rank))
			break;
		a->heap[i] = a->heap[child];
		i = child;
	}
	a->heap[i] = last;
	return top;
}

/* True if the segment is the thing, or in the group that it is. */
static bool
has_thing(const struct apart *a, uint32_t segment, uint32_t thing)
{
	const struct corridor_groups *g = a->groups;
	if (thing >= g->group_count)
		return segment == thing - g->group_count;
	for (uint32_t k = g->first[segment]; k < g->first[segment + 1]; k++)
		if (g->groups[k] == thing)
			return true;
	return false;
}

static void
bar(const struct apart *a, uint64_t *left, uint32_t thing)
{
	size_t groups = a->groups->group_count;
	if (thing >= groups) {
		left[thing - groups] = CORRIDOR_CLOSED;
		return;
	}
	for (uint32_t s = 0; s < a->graph->segment_count; s++)
		if (has_thing(a, s, thing))
			left[s] = CORRIDOR_CLOSED;
}

/* Lays out what the half and those it came from decided. */
static void
enter(struct apart *a, const struct half *half)
{
	size_t bytes = a->graph->segment_count * sizeof(*a->cost);
	memcpy(a->left[0], a->cost, bytes);
	memcpy(a->left[1], a->cost, bytes);
	memset(a->decided, 0, thing_count(a));
	for (; half->parent; half = half->parent) {
		a->decided[half->thing] |= (uint8_t)(1u << half->decision);
		if (half->decision != MAY_SHARE)
			bar(a, a->left[half->decision], half->thing);
	}
}

/* The cost of the cheapest way over what is left. */
static uint64_t
search(struct apart *a, const uint64_t *left)
{
	corridor_search_run(a->search, left, a->ends.a, a->ends.b);
	a->searches++;
	a->settled += a->graph->site_count;
	return corridor_search_cost(a->search, a->ends.b);
}

/* Keeps the way just searched. */
static void
keep(const struct apart *a, uint32_t *segments, size_t *length)
{
	*length = 0;
	for (uint32_t s = a->ends.b; s != a->ends.a; s = corridor_search_before(a->search, s))
		segments[(*length)++] = corridor_search_segment(a->search, s);
}

static bool
counts(const struct apart *a, uint32_t group)
{
	return !a->aside || !a->aside[group];
}

static void
mark(struct apart *a, const uint32_t *segments, size_t length, uint8_t who)
{
	const struct corridor_groups *g = a->groups;
	for (size_t i = 0; i < length; i++) {
		uint32_t s = segments[i];
		a->used[g->group_count + s] |= who;
		for (uint32_t k = g->first[s]; k < g->first[s + 1]; k++)
			if (counts(a, g->groups[k]))
				a->used[g->groups[k]] |= who;
	}
}

/* Marks who uses what; returns what the pair of these costs shares. */
static struct rank
compare_ways(struct apart *a, uint32_t *const segments[2], const size_t length[2], uint64_t cost)
{
	struct rank rank = {.cost = cost};
	memset(a->used, 0, thing_count(a));
	mark(a, segments[0], length[0], 1);
	mark(a, segments[1], length[1], 2);
	for (size_t i = 0; i < thing_count(a); i++) {
		if (a->used[i] == 3 && i < a->groups->group_count)
			rank.groups++;
		else if (a->used[i] == 3)
			rank.segments++;
	}
	return rank;
}

/* Takes two ways as the best pair if they are. */
static void
offer(struct apart *a, uint32_t *const segments[2], const size_t length[2], struct rank rank)
{
	if ((a->whole && rank.segments) || !rank_before(rank, a->best_rank))
		return;
	a->best_rank = rank;
	for (int i = 0; i < 2; i++) {
		memcpy(a->best[i], segments[i], length[i] * sizeof(*segments[i]));
		a->best_length[i] = length[i];
	}
}

/* The cost of way `who` when it is barred from the thing as well. */
static uint64_t
cost_without(struct apart *a, int who, uint32_t thing, uint64_t *scratch)
{
	memcpy(scratch, a->left[who], a->graph->segment_count * sizeof(*scratch));
	bar(a, scratch, thing);
	return search(a, scratch);
}

struct splitting {
	uint32_t thing;
	uint64_t without[2]; /* what each way costs when it is barred */
};

static uint64_t
lesser(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/* True if splitting by `x` leaves less to hope for than by `y`. */
static bool
splits_better(const struct splitting *x, const struct splitting *y, const uint64_t cost[2])
{
	uint64_t xs[2], ys[2];
	for (int i = 0; i < 2; i++) {
		xs[i] = x->without[i] == CORRIDOR_CLOSED ? CORRIDOR_CLOSED
							 : x->without[i] - cost[i];
		ys[i] = y->without[i] == CORRIDOR_CLOSED ? CORRIDOR_CLOSED
							 : y->without[i] - cost[i];
	}
	uint64_t x_least = lesser(xs[0], xs[1]), y_least = lesser(ys[0], ys[1]);
	if (x_least != y_least)
		return x_least > y_least;
	return xs[0] / 2 + xs[1] / 2 > ys[0] / 2 + ys[1] / 2;
}

/* The conflict to split by. `alike`: both ways have the same bars, so one half will do for both. */
static struct splitting
choose(struct apart *a, const struct half *half, bool alike, uint64_t *scratch)
{
	struct splitting best = {.thing = HUB_NONE};
	size_t weighed = 0;
	for (uint32_t i = 0; i < thing_count(a) && weighed < WEIGHED_MAX; i++) {
		if (a->used[i] != 3 || a->decided[i] & 1u << MAY_SHARE)
			continue;
		struct splitting s = {.thing = i};
		s.without[0] = cost_without(a, 0, i, scratch);
		s.without[1] = alike ? s.without[0] : cost_without(a, 1, i, scratch);
		weighed++;
		if (best.thing == HUB_NONE || splits_better(&s, &best, half->way_cost))
			best = s;
		if (s.without[0] == CORRIDOR_CLOSED && s.without[1] == CORRIDOR_CLOSED)
			break;
	}
	return best;
}

static int
add_half(struct apart *a, const struct half *parent, const struct splitting *s,
	 enum decision decision)
{
	struct half h = {.parent = parent,
			 .thing = s->thing,
			 .decision = decision,
			 .rank = parent->rank,
			 .way_cost = {parent->way_cost[0], parent->way_cost[1]}};
	bool is_group = s->thing < a->groups->group_count;
	if (decision == MAY_SHARE && a->whole && !is_group)
		return 0;
	if (decision != MAY_SHARE)
		h.way_cost[decision] = s->without[decision];
	else if (is_group)
		h.rank.groups++;
	else
		h.rank.segments++;
	if (h.way_cost[0] == CORRIDOR_CLOSED || h.way_cost[1] == CORRIDOR_CLOSED)
		return 0;
	h.rank.cost = h.way_cost[0] + h.way_cost[1];
	if (!rank_before(h.rank, a->best_rank))
		return 0;
	struct half *copy = arena_take(a->arena, sizeof(*copy));
	if (!copy)
		return -1;
	*copy = h;
	return put_half(a, copy);
}

/* The first way as it is, and the cheapest second that is apart from it: a pair, perhaps not the
 * best. */
static void
try_partner(struct apart *a, uint64_t *scratch)
{
	uint32_t *segments[2] = {a->segments[0], a->segments[1]};
	size_t length[2] = {a->length[0], 0};
	uint64_t cost = 0;
	memcpy(scratch, a->left[1], a->graph->segment_count * sizeof(*scratch));
	for (uint32_t i = 0; i < thing_count(a); i++)
		if (a->used[i] & 1 && !(a->decided[i] & 1u << MAY_SHARE))
			bar(a, scratch, i);
	uint64_t other = search(a, scratch);
	if (other == CORRIDOR_CLOSED)
		return;
	keep(a, segments[1], &length[1]);
	for (size_t i = 0; i < length[0]; i++)
		cost += a->cost[segments[0][i]];
	offer(a, segments, length, compare_ways(a, segments, length, cost + other));
}

/* Looks at a half: its two ways, what they share, and how to go on. */
static int
look_at(struct apart *a, const struct half *half, uint64_t *scratch)
{
	enter(a, half);
	bool alike =
		memcmp(a->left[0], a->left[1], a->graph->segment_count * sizeof(*a->left[0])) == 0;
	for (int i = 0; i < 2; i++) {
		(void)search(a, a->left[i]);
		keep(a, a->segments[i], &a->length[i]);
	}
	struct rank rank = compare_ways(a, a->segments, a->length, half->rank.cost);
	offer(a, a->segments, a->length, rank);
	struct splitting s = choose(a, half, alike, scratch);
	if (s.thing == HUB_NONE)
		return 0;
	try_partner(a, scratch);
	if (add_half(a, half, &s, BAR_FIRST) < 0 ||
	    (!alike && add_half(a, half, &s, BAR_SECOND) < 0))
		return -1;
	return add_half(a, half, &s, MAY_SHARE);
}

/* The cheapest pair that shares no segment: when it shares no group, no pair is better; nor is there
 * one when none may be shared and this is not there. True then. */
static int
try_flow(struct apart *a, bool *done)
{
	struct corridor_paths pair;
	if (corridor_disjoint_pair(&pair, a->graph, a->cost, a->ends, CORRIDOR_SEGMENT_DISJOINT) <
	    0)
		return -1;
	*done = a->whole && pair.count < 2;
	if (pair.count == 2) {
		uint32_t *segments[2] = {pair.paths[0].segments, pair.paths[1].segments};
		size_t length[2] = {pair.paths[0].segment_count, pair.paths[1].segment_count};
		for (int i = 0; i < 2; i++)
			for (size_t k = 0; k < length[i] / 2; k++) {
				uint32_t swap = segments[i][k];
				segments[i][k] = segments[i][length[i] - 1 - k];
				segments[i][length[i] - 1 - k] = swap;
			}
		struct rank rank =
			compare_ways(a, segments, length, pair.paths[0].cost + pair.paths[1].cost);
		offer(a, segments, length, rank);
		*done = rank.groups == 0;
	}
	corridor_paths_fini(&pair);
	return 0;
}

/* Looks at halves until none can be better than the best pair, or for long enough. */
static int
look_at_all(struct apart *a, bool *proven)
{
	uint64_t *scratch = arena_take(a->arena, (a->graph->segment_count + 1) * sizeof(*scratch));
	struct half *all = arena_take(a->arena, sizeof(*all));
	if (!scratch || !all)
		return -1;
	uint64_t cost = search(a, a->cost);
	*proven = true;
	if (cost == CORRIDOR_CLOSED)
		return 0;
	*all = (struct half){.rank = {.cost = 2 * cost}, .way_cost = {cost, cost}};
	if (try_flow(a, proven) < 0)
		return -1;
	if (*proven)
		return 0;
	if (put_half(a, all) < 0)
		return -1;
	while (a->heap_count && rank_before(a->heap[0]->rank, a->best_rank)) {
		if (a->searches > SEARCHES_MAX || a->settled > SETTLED_MAX)
			return 0;
		if (look_at(a, take_half(a), scratch) < 0)
			return -1;
	}
	*proven = true;
	return 0;
}

static int
make_path(struct corridor_path *out, const struct apart *a, const uint32_t *segments, size_t length)
{
	uint32_t *numbers = calloc(2 * length + 1, sizeof(*numbers));
	if (!numbers)
		return -1;
	*out = (struct corridor_path){0, length, numbers, numbers + length};
	uint32_t site = a->ends.a;
	out->sites[0] = site;
	for (size_t i = 0; i < length; i++) {
		uint32_t s = segments[length - 1 - i];
		struct corridor_ends e = a->graph->ends[s];
		site = e.a == site ? e.b : e.a;
		out->segments[i] = s;
		out->sites[i + 1] = site;
		out->cost += a->cost[s];
	}
	return 0;
}

static int
hand_over(struct corridor_pair *out, struct apart *a)
{
	if (a->best_rank.cost == CORRIDOR_CLOSED)
		return 0;
	(void)compare_ways(a, a->best, a->best_length, 0);
	out->paths.paths = calloc(2, sizeof(*out->paths.paths));
	out->shared = calloc(a->groups->group_count + 1, sizeof(*out->shared));
	out->shared_segments = calloc(a->graph->segment_count + 1, sizeof(*out->shared_segments));
	if (!out->paths.paths || !out->shared || !out->shared_segments)
		return -1;
	for (uint32_t i = 0; i < thing_count(a); i++) {
		if (a->used[i] != 3)
			continue;
		if (i < a->groups->group_count)
			out->shared[out->shared_count++] = i;
		else
			out->shared_segments[out->shared_segment_count++] =
				i - (uint32_t)a->groups->group_count;
	}
	struct corridor_path *paths = out->paths.paths;
	for (; out->paths.count < 2; out->paths.count++)
		if (make_path(&paths[out->paths.count], a, a->best[out->paths.count],
			      a->best_length[out->paths.count]) < 0)
			return -1;
	if (paths[1].cost < paths[0].cost) {
		struct corridor_path swap = paths[0];
		paths[0] = paths[1];
		paths[1] = swap;
	}
	return 0;
}

static int
prepare(struct apart *a)
{
	size_t segments = a->graph->segment_count + 1;
	a->arena = arena_new();
	a->search = corridor_search_new(a->graph);
	if (!a->arena || !a->search)
		return -1;
	a->decided = arena_take(a->arena, thing_count(a) + 1);
	a->used = arena_take(a->arena, thing_count(a) + 1);
	bool sound = a->decided && a->used;
	for (int i = 0; i < 2; i++) {
		a->left[i] = arena_take(a->arena, segments * sizeof(*a->left[i]));
		a->segments[i] = arena_take(a->arena, segments * sizeof(*a->segments[i]));
		a->best[i] = arena_take(a->arena, segments * sizeof(*a->best[i]));
		sound &= a->left[i] && a->segments[i] && a->best[i];
	}
	return sound ? 0 : -1;
}

/* 0, or -1 without memory. */
static int
find(struct corridor_pair *out, struct apart *a)
{
	a->best_rank = (struct rank){.cost = CORRIDOR_CLOSED};
	*out = (struct corridor_pair){0};
	int result = prepare(a);
	if (result == 0)
		result = look_at_all(a, &out->proven);
	if (result == 0)
		result = hand_over(out, a);
	corridor_search_free(a->search);
	arena_free(a->arena);
	free(a->heap);
	if (result < 0)
		corridor_pair_fini(out);
	return result;
}

int
corridor_apart_groups(struct corridor_pair *out, const struct corridor_graph *graph,
		      const uint64_t *cost, struct corridor_ends ends,
		      const struct corridor_groups *groups, const bool *aside)
{
	assert(out && graph && cost && groups && ends.a != ends.b);
	struct apart a = {
		.graph = graph, .cost = cost, .ends = ends, .groups = groups, .aside = aside};
	return find(out, &a);
}

int
corridor_apart_whole(struct corridor_pair *out, const struct corridor_graph *graph,
		     const uint64_t *cost, struct corridor_ends ends,
		     const struct corridor_groups *groups)
{
	assert(out && graph && cost && groups && ends.a != ends.b);
	struct apart a = {
		.graph = graph, .cost = cost, .ends = ends, .groups = groups, .whole = true};
	return find(out, &a);
}

void
corridor_pair_fini(struct corridor_pair *pair)
{
	corridor_paths_fini(&pair->paths);
	free(pair->shared);
	free(pair->shared_segments);
	*pair = (struct corridor_pair){0};
}
