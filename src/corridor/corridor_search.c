/* Dijkstra with a binary heap.
 *
 * The heap keeps stale entries: lowering a label pushes again, and an entry whose key is no longer
 * its site's label is dropped when it comes up. On graphs with few arcs a site this beats keeping
 * positions. A label is lowered at most once per arc, so the heap never holds more than that. */
#include "corridor/corridor_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_heap.h"

/* How a site was reached. */
struct via {
	uint32_t before, segment;
};

struct corridor_search {
	const struct corridor_graph *graph;
	uint64_t *label; /* cost from the start, CORRIDOR_CLOSED while not reached */
	struct via *via;
	struct corridor_heap heap;
	uint32_t *settled; /* sites in the order in which they were settled, the start first */
	size_t settled_count;
	/* Of corridor_search_follow: the search whose cuts are looked at, NULL if none; its sites so
	 * that those behind a site on their ways follow it; where each is, and how many follow it. */
	const struct corridor_search *base;
	uint32_t *order, *place, *size;
	/* Of corridor_search_cut: the part of `order` whose ways came over the cut. */
	uint32_t behind_first, behind_count;
};

struct corridor_search *
corridor_search_new(const struct corridor_graph *graph)
{
	assert(graph);
	struct corridor_search *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->graph = graph;
	s->label = calloc(graph->site_count + 1, sizeof(*s->label));
	s->via = calloc(graph->site_count + 1, sizeof(*s->via));
	s->heap.entries = calloc(2 * graph->segment_count + 1, sizeof(*s->heap.entries));
	s->settled = calloc(graph->site_count + 1, sizeof(*s->settled));
	s->order = calloc(graph->site_count + 1, sizeof(*s->order));
	s->place = calloc(graph->site_count + 1, sizeof(*s->place));
	s->size = calloc(graph->site_count + 1, sizeof(*s->size));
	if (!s->label || !s->via || !s->heap.entries || !s->settled || !s->order || !s->place ||
	    !s->size) {
		corridor_search_free(s);
		return NULL;
	}
	corridor_search_reset(s);
	return s;
}

void
corridor_search_free(struct corridor_search *search)
{
	if (!search)
		return;
	free(search->label);
	free(search->via);
	free(search->heap.entries);
	free(search->settled);
	free(search->order);
	free(search->place);
	free(search->size);
	free(search);
}

/* Takes the way to `to` over `via` at cost `offer` if it is better than what is held. Of equal
 * offers the lower segment stays. A loop, or a way back to the start, is never an equal offer,
 * because no cost is 0. True when the cost is lower. */
static bool
take_offer(struct corridor_search *s, uint32_t to, struct via via, uint64_t offer)
{
	uint64_t *held = &s->label[to];
	if (offer > *held || (offer == *held && s->via[to].segment <= via.segment))
		return false;
	bool lower = offer < *held;
	*held = offer;
	s->via[to] = via;
	return lower;
}

/* Offers every neighbour of `site` the way through it. */
static void
relax(struct corridor_search *s, const uint64_t *cost, uint32_t site, uint64_t label)
{
	const struct corridor_graph *g = s->graph;
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		struct corridor_arc arc = g->arcs[i];
		if (cost[arc.segment] == CORRIDOR_CLOSED)
			continue;
		uint64_t offer = label + cost[arc.segment];
		if (take_offer(s, arc.to, (struct via){site, arc.segment}, offer))
			corridor_heap_push(&s->heap, offer, arc.to);
	}
}

/* Settles sites until none is left that can be reached, or `to` is. */
static void
settle(struct corridor_search *s, const uint64_t *cost, uint32_t to)
{
	while (s->heap.count) {
		struct corridor_heap_entry next = corridor_heap_pop(&s->heap);
		if (next.key != s->label[next.at])
			continue;
		s->settled[s->settled_count++] = next.at;
		if (next.at == to)
			return;
		relax(s, cost, next.at, next.key);
	}
}

void
corridor_search_reset(struct corridor_search *search)
{
	memset(search->label, 0xff, search->graph->site_count * sizeof(*search->label));
	memset(search->via, 0xff, search->graph->site_count * sizeof(*search->via));
	search->heap.count = 0;
	search->settled_count = 0;
	search->base = NULL;
}

/* A site that is reached at no cost can never be reached more cheaply: nothing goes through it. */
void
corridor_search_close(struct corridor_search *search, uint32_t site)
{
	assert(site < search->graph->site_count);
	search->label[site] = 0;
}

void
corridor_search_go(struct corridor_search *search, const uint64_t *cost, uint32_t from, uint32_t to)
{
	assert(cost && from < search->graph->site_count);
	search->label[from] = 0;
	corridor_heap_push(&search->heap, 0, from);
	settle(search, cost, to);
}

void
corridor_search_run(struct corridor_search *search, const uint64_t *cost, uint32_t from,
		    uint32_t to)
{
	corridor_search_reset(search);
	corridor_search_go(search, cost, from, to);
}

/* Offers the neighbours of `site` the way through it, but for those by which no better way leads on. */
static void
relax_toward(struct corridor_search *s, const uint64_t *cost, uint32_t site, uint32_t to,
	     const uint64_t *left)
{
	const struct corridor_graph *g = s->graph;
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		struct corridor_arc arc = g->arcs[i];
		if (cost[arc.segment] == CORRIDOR_CLOSED || left[arc.to] == CORRIDOR_CLOSED)
			continue;
		uint64_t offer = s->label[site] + cost[arc.segment];
		uint64_t promise = offer + left[arc.to];
		if (promise <= s->label[to] &&
		    take_offer(s, arc.to, (struct via){site, arc.segment}, offer))
			corridor_heap_push(&s->heap, promise, arc.to);
	}
}

/* Keys are what a way over a site promises to cost in all. They never fall along a way, so a site
 * that comes up has its cost; and all that promise what the way to `to` costs come up before the
 * end, so that every way of that cost has made its offer and ties end as in a run. */
void
corridor_search_toward(struct corridor_search *search, const uint64_t *cost, uint32_t from,
		       uint32_t to, const uint64_t *left)
{
	assert(cost && left && from < search->graph->site_count && to < search->graph->site_count);
	corridor_search_reset(search);
	if (left[from] == CORRIDOR_CLOSED)
		return;
	search->label[from] = 0;
	corridor_heap_push(&search->heap, left[from], from);
	while (search->heap.count && search->heap.entries[0].key <= search->label[to]) {
		struct corridor_heap_entry next = corridor_heap_pop(&search->heap);
		if (next.at != to && next.key == search->label[next.at] + left[next.at])
			relax_toward(search, cost, next.at, to, left);
	}
}

/* Puts the sites of `base` in order: a site, then all whose way comes over it. They are settled
 * after it, so sizes add up backwards and places are given out forwards. */
static void
order_sites(struct corridor_search *s, const struct corridor_search *base)
{
	for (size_t i = 0; i < base->settled_count; i++)
		s->size[base->settled[i]] = 1;
	for (size_t i = base->settled_count; i > 0; i--) {
		uint32_t site = base->settled[i - 1], before = base->via[site].before;
		if (before != HUB_NONE)
			s->size[before] += s->size[site];
	}
	/* While places are given out, order[p] holds the next free place behind the site at p. */
	uint32_t *next = s->order;
	for (size_t i = 0; i < base->settled_count; i++) {
		uint32_t site = base->settled[i], before = base->via[site].before;
		uint32_t place = 0;
		if (before != HUB_NONE) {
			place = next[s->place[before]];
			next[s->place[before]] += s->size[site];
		}
		s->place[site] = place;
		next[place] = place + 1;
	}
	for (size_t i = 0; i < base->settled_count; i++)
		s->order[s->place[base->settled[i]]] = base->settled[i];
}

void
corridor_search_follow(struct corridor_search *search, const struct corridor_search *base)
{
	assert(search->graph == base->graph && search != base);
	size_t sites = base->graph->site_count;
	memcpy(search->label, base->label, sites * sizeof(*base->label));
	memcpy(search->via, base->via, sites * sizeof(*base->via));
	order_sites(search, base);
	search->base = base;
	search->behind_count = 0;
}

/* Makes good what the last cut has changed. */
static void
restore(struct corridor_search *s)
{
	for (uint32_t i = 0; i < s->behind_count; i++) {
		uint32_t site = s->order[s->behind_first + i];
		s->label[site] = s->base->label[site];
		s->via[site] = s->base->via[site];
	}
	s->behind_count = 0;
}

static bool
is_behind(const struct corridor_search *s, uint32_t site)
{
	return s->base->label[site] != CORRIDOR_CLOSED && s->place[site] >= s->behind_first &&
	       s->place[site] - s->behind_first < s->behind_count;
}

/* The best way into `site` from sites that are not behind the cut. */
static void
enter(struct corridor_search *s, const uint64_t *cost, uint32_t site)
{
	const struct corridor_graph *g = s->graph;
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		struct corridor_arc arc = g->arcs[i];
		if (cost[arc.segment] == CORRIDOR_CLOSED || s->label[arc.to] == CORRIDOR_CLOSED ||
		    is_behind(s, arc.to))
			continue;
		take_offer(s, site, (struct via){arc.to, arc.segment},
			   s->label[arc.to] + cost[arc.segment]);
	}
	if (s->label[site] != CORRIDOR_CLOSED)
		corridor_heap_push(&s->heap, s->label[site], site);
}

static void
look_behind(struct corridor_search *s, const uint64_t *cost, uint32_t first)
{
	s->behind_first = s->place[first];
	s->behind_count = s->size[first];
	for (uint32_t i = 0; i < s->behind_count; i++) {
		uint32_t site = s->order[s->behind_first + i];
		s->label[site] = CORRIDOR_CLOSED;
		s->via[site] = (struct via){HUB_NONE, HUB_NONE};
	}
	for (uint32_t i = 0; i < s->behind_count; i++)
		enter(s, cost, s->order[s->behind_first + i]);
	settle(s, cost, HUB_NONE);
}

void
corridor_search_cut(struct corridor_search *search, const struct corridor_search *base,
		    const uint64_t *cost, uint32_t segment)
{
	assert(search->graph == base->graph && search != base);
	assert(segment < base->graph->segment_count && cost[segment] == CORRIDOR_CLOSED);
	bool followed = search->base == base;
	if (followed)
		restore(search);
	else
		corridor_search_follow(search, base);
	struct corridor_ends ends = base->graph->ends[segment];
	uint32_t first = base->via[ends.a].segment == segment   ? ends.a
			 : base->via[ends.b].segment == segment ? ends.b
								: HUB_NONE;
	search->heap.count = 0;
	search->settled_count = 0;
	if (first != HUB_NONE)
		look_behind(search, cost, first);
	if (!followed)
		search->base = NULL;
}

uint64_t
corridor_search_cost(const struct corridor_search *search, uint32_t site)
{
	assert(site < search->graph->site_count);
	return search->label[site];
}

uint32_t
corridor_search_segment(const struct corridor_search *search, uint32_t site)
{
	assert(site < search->graph->site_count);
	return search->via[site].segment;
}

uint32_t
corridor_search_before(const struct corridor_search *search, uint32_t site)
{
	assert(site < search->graph->site_count);
	return search->via[site].before;
}
