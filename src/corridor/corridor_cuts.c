/* What parts the corridor.
 *
 * Bridges and articulations are found in one walk through the graph (Tarjan 1972): each site gets a
 * number when it is first met, and the lowest number that its part of the tree reaches without
 * going back by the segment it came from. Where that is not lower than the number above, there is
 * no other way.
 *
 * The fewest names: whatever parts the ends hits every way, so also the cheapest. One name of that
 * must be among them; it is taken away, and the next cheapest way is hit, as deep as there are
 * names allowed. */
#include "corridor/corridor_cuts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_search.h"

/* A site on the way down from where the walk began. */
struct step {
	uint32_t site, came_by; /* segment; HUB_NONE at the start */
	uint32_t next_arc;
	uint32_t children;
};

struct walk {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	uint32_t *number, *low; /* of each site; 0: not met */
	uint32_t met;
	struct step *steps;
	size_t depth;
	bool *segments, *sites;
};

static void
step_down(struct walk *w, uint32_t site, uint32_t segment)
{
	w->number[site] = w->low[site] = ++w->met;
	w->steps[w->depth++] = (struct step){site, segment, w->graph->first_arc[site], 0};
}

/* Done with the site: tells the one above how far up it reaches. */
static void
step_up(struct walk *w)
{
	struct step *done = &w->steps[--w->depth];
	if (w->depth == 0) {
		w->sites[done->site] |= done->children > 1;
		return;
	}
	struct step *above = &w->steps[w->depth - 1];
	uint32_t low = w->low[done->site];
	if (low < w->low[above->site])
		w->low[above->site] = low;
	if (low > w->number[above->site])
		w->segments[done->came_by] = true;
	if (w->depth > 1 && low >= w->number[above->site])
		w->sites[above->site] = true;
}

static void
walk_from(struct walk *w, uint32_t start)
{
	const struct corridor_graph *g = w->graph;
	step_down(w, start, HUB_NONE);
	while (w->depth) {
		struct step *s = &w->steps[w->depth - 1];
		if (s->next_arc == g->first_arc[s->site + 1]) {
			step_up(w);
			continue;
		}
		struct corridor_arc arc = g->arcs[s->next_arc++];
		if (w->cost[arc.segment] == CORRIDOR_CLOSED || arc.segment == s->came_by)
			continue;
		if (!w->number[arc.to]) {
			s->children++;
			step_down(w, arc.to, arc.segment);
		} else if (w->number[arc.to] < w->low[s->site]) {
			w->low[s->site] = w->number[arc.to];
		}
	}
}

int
corridor_cuts_single(bool *segments, bool *sites, const struct corridor_graph *graph,
		     const uint64_t *cost)
{
	assert(segments && sites && graph && cost);
	struct walk w = {.graph = graph, .cost = cost, .segments = segments, .sites = sites};
	memset(segments, 0, graph->segment_count * sizeof(*segments));
	memset(sites, 0, graph->site_count * sizeof(*sites));
	w.number = calloc(graph->site_count + 1, sizeof(*w.number));
	w.low = calloc(graph->site_count + 1, sizeof(*w.low));
	w.steps = calloc(graph->site_count + 1, sizeof(*w.steps));
	int result = w.number && w.low && w.steps ? 0 : -1;
	for (uint32_t i = 0; i < graph->site_count && result == 0; i++)
		if (!w.number[i])
			walk_from(&w, i);
	free(w.number);
	free(w.low);
	free(w.steps);
	return result;
}

/* --- names --- */

enum { SEARCHES_MAX = 100000 };

struct hitting {
	const struct corridor_plan *plan;
	const struct corridor_relation *relation;
	struct corridor_ends ends;
	struct corridor_search *search;
	uint32_t aside[2];                            /* names that do not count */
	uint64_t *cost[CORRIDOR_NAMES_CUT_MAX + 1];   /* with so many names taken away */
	uint32_t *candidates[CORRIDOR_NAMES_CUT_MAX]; /* names of the way at that depth */
	uint32_t chosen[CORRIDOR_NAMES_CUT_MAX];
	size_t searches;
};

/* The names of the cheapest way, each once. Returns their number; SIZE_MAX when there is no way. */
static size_t
names_of_way(struct hitting *h, const uint64_t *cost, uint32_t *names)
{
	const struct corridor_relation *r = h->relation;
	size_t count = 0;
	corridor_search_run(h->search, cost, h->ends.a, h->ends.b);
	h->searches++;
	if (corridor_search_cost(h->search, h->ends.b) == CORRIDOR_CLOSED)
		return SIZE_MAX;
	for (uint32_t at = h->ends.b; at != h->ends.a; at = corridor_search_before(h->search, at)) {
		uint32_t s = corridor_search_segment(h->search, at);
		for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++) {
			size_t i = 0;
			while (i < count && names[i] != r->of[k])
				i++;
			if (i == count && r->of[k] != h->aside[0] && r->of[k] != h->aside[1])
				names[count++] = r->of[k];
		}
	}
	return count;
}

/* True if at most `allowed` names, chosen[depth] onward, part the ends. */
static bool
hit(struct hitting *h, size_t depth, size_t allowed, size_t *count)
{
	size_t segments = h->plan->graph->segment_count;
	if (allowed == 0 || h->searches > SEARCHES_MAX) {
		corridor_search_run(h->search, h->cost[depth], h->ends.a, h->ends.b);
		h->searches++;
		*count = depth;
		return corridor_search_cost(h->search, h->ends.b) == CORRIDOR_CLOSED;
	}
	size_t names = names_of_way(h, h->cost[depth], h->candidates[depth]);
	*count = depth;
	if (names == SIZE_MAX)
		return true;
	for (size_t i = 0; i < names; i++) {
		uint32_t name = h->chosen[depth] = h->candidates[depth][i];
		memcpy(h->cost[depth + 1], h->cost[depth], segments * sizeof(**h->cost));
		for (uint32_t k = h->relation->first_segment[name];
		     k < h->relation->first_segment[name + 1]; k++)
			h->cost[depth + 1][h->relation->segments[k]] = CORRIDOR_CLOSED;
		if (hit(h, depth + 1, allowed - 1, count))
			return true;
	}
	return false;
}

/* True if some way has none of the names: then no number of them will do. */
static bool
is_free_way(struct hitting *h, const uint64_t *cost, uint64_t *scratch)
{
	const struct corridor_relation *r = h->relation;
	for (uint32_t s = 0; s < h->plan->graph->segment_count; s++) {
		bool named = false;
		for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++)
			named |= r->of[k] != h->aside[0] && r->of[k] != h->aside[1];
		scratch[s] = named ? CORRIDOR_CLOSED : cost[s];
	}
	corridor_search_run(h->search, scratch, h->ends.a, h->ends.b);
	return corridor_search_cost(h->search, h->ends.b) != CORRIDOR_CLOSED;
}

static void
hit_all(struct corridor_name_cut *out, struct hitting *h)
{
	for (size_t allowed = 1; allowed <= CORRIDOR_NAMES_CUT_MAX; allowed++) {
		size_t count;
		bool done = hit(h, 0, allowed, &count);
		if (h->searches > SEARCHES_MAX) {
			out->proven = false;
			return;
		}
		if (done) {
			out->count = count;
			memcpy(out->names, h->chosen, count * sizeof(*h->chosen));
			return;
		}
	}
}

static int
prepare(struct hitting *h, struct arena *arena, const uint64_t *cost)
{
	size_t segments = h->plan->graph->segment_count;
	for (int i = 0; i <= CORRIDOR_NAMES_CUT_MAX; i++)
		if (!(h->cost[i] = arena_take(arena, (segments + 1) * sizeof(**h->cost))))
			return -1;
	for (int i = 0; i < CORRIDOR_NAMES_CUT_MAX; i++)
		if (!(h->candidates[i] =
			      arena_take(arena, (h->relation->count + 1) * sizeof(uint32_t))))
			return -1;
	memcpy(h->cost[0], cost, segments * sizeof(*cost));
	h->search = corridor_search_new(h->plan->graph);
	return h->search ? 0 : -1;
}

int
corridor_cuts_names(struct corridor_name_cut *out, const struct corridor_plan *plan,
		    const uint64_t *cost, struct corridor_ends ends, enum corridor_class class)
{
	assert(out && plan && cost && class < CORRIDOR_CLASSES && ends.a != ends.b);
	const struct hub_site *sites = plan->hub->sites;
	struct hitting h = {.plan = plan,
			    .relation = &plan->classes[class],
			    .ends = ends,
			    .aside = {HUB_NONE, HUB_NONE}};
	if (class == CORRIDOR_COUNTRIES) {
		h.aside[0] = corridor_plan_name(plan, class, sites[ends.a].country.code);
		h.aside[1] = corridor_plan_name(plan, class, sites[ends.b].country.code);
	}
	struct arena *arena = arena_new();
	int result = arena ? prepare(&h, arena, cost) : -1;
	if (result == 0) {
		*out = (struct corridor_name_cut){.proven = true};
		out->parted = names_of_way(&h, cost, h.candidates[0]) == SIZE_MAX;
		out->possible = !out->parted && !is_free_way(&h, cost, h.cost[1]);
		if (out->possible)
			hit_all(out, &h);
	}
	corridor_search_free(h.search);
	arena_free(arena);
	return result;
}
