/* Dijkstra with a binary heap.
 *
 * The heap keeps stale entries: lowering a label pushes again, and an entry whose key is no longer
 * its site's label is dropped when it comes up. On graphs with few arcs a site this beats keeping
 * positions. A label is lowered at most once per arc, so the heap never holds more than that. */
#include "corridor/corridor_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	uint64_t key;
	uint32_t site;
};

/* How a site was reached. */
struct via {
	uint32_t before, segment;
};

struct corridor_search {
	const struct corridor_graph *graph;
	uint64_t *label; /* cost from the start, CORRIDOR_CLOSED while not reached */
	struct via *via;
	struct entry *heap;
	size_t heap_count;
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
	s->heap = calloc(2 * graph->segment_count + 1, sizeof(*s->heap));
	if (!s->label || !s->via || !s->heap) {
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
	free(search->heap);
	free(search);
}

static void
push(struct corridor_search *s, uint64_t key, uint32_t site)
{
	size_t i = s->heap_count++;
	while (i > 0) {
		size_t parent = (i - 1) / 2;
		if (s->heap[parent].key <= key)
			break;
		s->heap[i] = s->heap[parent];
		i = parent;
	}
	s->heap[i] = (struct entry){key, site};
}

static struct entry
pop(struct corridor_search *s)
{
	struct entry top = s->heap[0];
	struct entry last = s->heap[--s->heap_count];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= s->heap_count)
			break;
		if (child + 1 < s->heap_count && s->heap[child + 1].key < s->heap[child].key)
			child++;
		if (last.key <= s->heap[child].key)
			break;
		s->heap[i] = s->heap[child];
		i = child;
	}
	s->heap[i] = last;
	return top;
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
		uint64_t *held = &s->label[arc.to];
		if (offer > *held)
			continue;
		/* Of equal offers the lower segment stays. A loop, or a way back to the start, is
		 * never an equal offer, because no cost is 0. */
		if (offer == *held && s->via[arc.to].segment <= arc.segment)
			continue;
		if (offer < *held) {
			*held = offer;
			push(s, offer, arc.to);
		}
		s->via[arc.to] = (struct via){site, arc.segment};
	}
}

void
corridor_search_reset(struct corridor_search *search)
{
	memset(search->label, 0xff, search->graph->site_count * sizeof(*search->label));
	memset(search->via, 0xff, search->graph->site_count * sizeof(*search->via));
	search->heap_count = 0;
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
	push(search, 0, from);
	while (search->heap_count) {
		struct entry next = pop(search);
		if (next.key != search->label[next.site])
			continue;
		if (next.site == to)
			return;
		relax(search, cost, next.site, next.key);
	}
}

void
corridor_search_run(struct corridor_search *search, const uint64_t *cost, uint32_t from,
		    uint32_t to)
{
	corridor_search_reset(search);
	corridor_search_go(search, cost, from, to);
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
