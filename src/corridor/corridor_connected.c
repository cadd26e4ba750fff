/* How much of the time two sites are connected. */
#include "corridor/corridor_connected.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_search.h"

enum { UP = 1, DOWN = 2 };

/* What is settled of some parts, and how probable that is. */
struct state {
	double probability;
	unsigned char *parts; /* 0, UP or DOWN of each */
};

struct work {
	const struct corridor_graph *graph;
	const bool *open;
	const struct corridor_parts *known;
	struct corridor_ends ends;
	size_t part_count;
	double *up; /* availability of each part */
	uint64_t *part_cost, *cost;
	uint32_t *way; /* parts of the way found, each once */
	size_t way_count;
	struct corridor_search *search;
	struct arena *arena;
	struct state *heap; /* the most probable first */
	size_t heap_count, states, states_max;
	double works, fails; /* settled so far */
	double *fails_with;  /* of each part: fails, and it is down */
};

/* Less available is dearer; a part that is never down is for nothing but a hop of its segment. */
static uint64_t
cost_of(double up)
{
	double cost = up > 0 ? -log(up) * 1e9 : 1e12;
	return (uint64_t)(cost < 1e12 ? cost : 1e12);
}

static int
prepare(struct work *w)
{
	size_t segments = w->known->segment_count;
	w->part_count = segments + w->known->groups->group_count;
	w->up = arena_take(w->arena, (w->part_count + 1) * sizeof(*w->up));
	w->part_cost = arena_take(w->arena, (w->part_count + 1) * sizeof(*w->part_cost));
	w->fails_with = arena_take(w->arena, (w->part_count + 1) * sizeof(*w->fails_with));
	w->cost = arena_take(w->arena, (segments + 1) * sizeof(*w->cost));
	w->way = arena_take(w->arena, (w->part_count + 1) * sizeof(*w->way));
	w->states_max = CORRIDOR_CONNECTED_OCTETS / (w->part_count + 1);
	if (w->states_max > CORRIDOR_CONNECTED_STATES)
		w->states_max = CORRIDOR_CONNECTED_STATES;
	w->heap = arena_take(w->arena, (w->states_max + w->part_count + 2) * sizeof(*w->heap));
	w->search = corridor_search_new(w->graph);
	if (!w->up || !w->part_cost || !w->fails_with || !w->cost || !w->way || !w->heap ||
	    !w->search)
		return -1;
	for (size_t i = 0; i < w->part_count; i++) {
		w->up[i] = i < segments ? w->known->segments[i] : w->known->group[i - segments];
		w->part_cost[i] = cost_of(w->up[i]);
	}
	return 0;
}

/* --- states, by probability --- */

static void
swap(struct state *a, struct state *b)
{
	struct state other = *a;
	*a = *b;
	*b = other;
}

static void
push(struct work *w, struct state state)
{
	size_t i = w->heap_count++;
	w->heap[i] = state;
	for (; i > 0 && w->heap[(i - 1) / 2].probability < w->heap[i].probability; i = (i - 1) / 2)
		swap(&w->heap[i], &w->heap[(i - 1) / 2]);
}

static struct state
pop(struct work *w)
{
	struct state top = w->heap[0];
	w->heap[0] = w->heap[--w->heap_count];
	for (size_t i = 0, child; (child = 2 * i + 1) < w->heap_count; i = child) {
		if (child + 1 < w->heap_count &&
		    w->heap[child + 1].probability > w->heap[child].probability)
			child++;
		if (w->heap[i].probability >= w->heap[child].probability)
			break;
		swap(&w->heap[i], &w->heap[child]);
	}
	return top;
}

/* --- ways of a state --- */

static uint64_t
cost_in(const struct work *w, const struct state *state, uint32_t segment)
{
	const struct corridor_groups *g = w->known->groups;
	if (!w->open[segment] || state->parts[segment] == DOWN)
		return CORRIDOR_CLOSED;
	uint64_t cost = 1 + (state->parts[segment] ? 0 : w->part_cost[segment]);
	for (uint32_t i = g->first[segment]; i < g->first[segment + 1]; i++) {
		size_t part = w->known->segment_count + g->groups[i];
		if (state->parts[part] == DOWN)
			return CORRIDOR_CLOSED;
		cost += state->parts[part] ? 0 : w->part_cost[part];
	}
	return cost;
}

/* Takes a part that is not settled yet, once. */
static void
take_part(struct work *w, const struct state *state, size_t part)
{
	if (state->parts[part])
		return;
	for (size_t i = 0; i < w->way_count; i++)
		if (w->way[i] == part)
			return;
	w->way[w->way_count++] = (uint32_t)part;
}

/* The parts of the most available way that are not settled. False if there is no way. */
static bool
find_way(struct work *w, const struct state *state)
{
	const struct corridor_groups *g = w->known->groups;
	for (uint32_t s = 0; s < w->known->segment_count; s++)
		w->cost[s] = cost_in(w, state, s);
	corridor_search_run(w->search, w->cost, w->ends.a, w->ends.b);
	w->way_count = 0;
	if (corridor_search_cost(w->search, w->ends.b) == CORRIDOR_CLOSED)
		return false;
	for (uint32_t at = w->ends.b; at != w->ends.a; at = corridor_search_before(w->search, at)) {
		uint32_t s = corridor_search_segment(w->search, at);
		take_part(w, state, s);
		for (uint32_t i = g->first[s]; i < g->first[s + 1]; i++)
			take_part(w, state, w->known->segment_count + g->groups[i]);
	}
	return true;
}

static void
take_failure(struct work *w, const struct state *state)
{
	w->fails += state->probability;
	for (size_t i = 0; i < w->part_count; i++)
		if (state->parts[i] != UP)
			w->fails_with[i] +=
				state->probability * (state->parts[i] ? 1 : 1 - w->up[i]);
}

/* Settles what can be settled of a state, and puts the rest of it back as states of its own. */
static int
settle(struct work *w, const struct state *state)
{
	if (!find_way(w, state)) {
		take_failure(w, state);
		return 0;
	}
	double so_far = state->probability;
	for (size_t i = 0; i < w->way_count; i++) {
		uint32_t part = w->way[i];
		double down = so_far * (1 - w->up[part]);
		if (down > 0) {
			struct state next = {down, arena_take(w->arena, w->part_count + 1)};
			if (!next.parts)
				return -1;
			memcpy(next.parts, state->parts, w->part_count);
			for (size_t k = 0; k < i; k++)
				next.parts[w->way[k]] = UP;
			next.parts[part] = DOWN;
			push(w, next);
			w->states++;
		}
		so_far *= w->up[part];
	}
	w->works += so_far;
	return 0;
}

/* --- who is to blame --- */

static int
more_first(const void *left, const void *right)
{
	const struct corridor_blame *a = left, *b = right;
	if (a->share != b->share)
		return a->share > b->share ? -1 : 1;
	return (a->part > b->part) - (a->part < b->part);
}

static int
take_blame(struct corridor_connected *out, const struct work *w)
{
	out->blame = calloc(w->part_count + 1, sizeof(*out->blame));
	if (!out->blame)
		return -1;
	for (uint32_t i = 0; i < w->part_count && w->fails > 0; i++) {
		double with = w->fails_with[i], down = 1 - w->up[i];
		if (!(down > 0) || !(w->up[i] > 0))
			continue;
		double birnbaum = with / down - (w->fails - with) / w->up[i];
		/* What makes no difference is down as often when there is no connection. */
		if (birnbaum > 1e-12)
			out->blame[out->blame_count++] =
				(struct corridor_blame){i, with / w->fails, birnbaum};
	}
	qsort(out->blame, out->blame_count, sizeof(*out->blame), more_first);
	return 0;
}

int
corridor_connected(struct corridor_connected *out, const struct corridor_graph *graph,
		   const bool *open, const struct corridor_parts *parts, struct corridor_ends ends,
		   double gap)
{
	assert(out && graph && open && parts && parts->groups);
	struct work w = {.graph = graph, .open = open, .known = parts, .ends = ends};
	w.arena = arena_new();
	int result = w.arena ? prepare(&w) : -1;
	struct state whole = {1, result == 0 ? arena_take(w.arena, w.part_count + 1) : NULL};
	if (!whole.parts)
		result = -1;
	else
		push(&w, whole);
	while (result == 0 && w.heap_count && w.states < w.states_max &&
	       1 - w.works - w.fails > gap) {
		struct state state = pop(&w);
		result = settle(&w, &state);
	}
	if (result == 0) {
		*out = (struct corridor_connected){.states = w.states};
		out->low = w.works;
		out->high = w.heap_count ? 1 - w.fails : w.works;
		result = take_blame(out, &w);
	}
	corridor_search_free(w.search);
	arena_free(w.arena);
	return result;
}
