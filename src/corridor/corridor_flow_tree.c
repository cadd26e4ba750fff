/* Dijkstra's algorithm over arcs of real length, with a binary heap that holds each site once. */
#include "corridor/corridor_flow_tree.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_flow_parts.h"

enum { DONE = -1, ABSENT = -2 };

struct corridor_flow_tree {
	const struct corridor_graph *graph;
	double *label;
	uint32_t *arc;
	uint32_t *heap;
	int32_t *place; /* of a site in the heap; DONE, ABSENT */
	size_t count;
};

struct corridor_flow_tree *
corridor_flow_tree_new(const struct corridor_graph *graph)
{
	struct corridor_flow_tree *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	size_t sites = graph->site_count + 1;
	t->graph = graph;
	t->label = calloc(sites, sizeof(*t->label));
	t->arc = calloc(sites, sizeof(*t->arc));
	t->heap = calloc(sites, sizeof(*t->heap));
	t->place = calloc(sites, sizeof(*t->place));
	if (!t->label || !t->arc || !t->heap || !t->place) {
		corridor_flow_tree_free(t);
		return NULL;
	}
	return t;
}

void
corridor_flow_tree_free(struct corridor_flow_tree *tree)
{
	if (!tree)
		return;
	free(tree->label);
	free(tree->arc);
	free(tree->heap);
	free(tree->place);
	free(tree);
}

static void
set(struct corridor_flow_tree *t, size_t place, uint32_t site)
{
	t->heap[place] = site;
	t->place[site] = (int32_t)place;
}

static void
rise(struct corridor_flow_tree *t, size_t i, uint32_t site)
{
	while (i > 0 && t->label[t->heap[(i - 1) / 2]] > t->label[site]) {
		set(t, i, t->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	set(t, i, site);
}

static uint32_t
pop(struct corridor_flow_tree *t)
{
	uint32_t top = t->heap[0], last = t->heap[--t->count];
	t->place[top] = DONE;
	if (!t->count)
		return top;
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < t->count; i = child) {
		if (child + 1 < t->count && t->label[t->heap[child + 1]] < t->label[t->heap[child]])
			child++;
		if (t->label[last] <= t->label[t->heap[child]])
			break;
		set(t, i, t->heap[child]);
	}
	set(t, i, last);
	return top;
}

void
corridor_flow_tree_run(struct corridor_flow_tree *tree, const double *length, uint32_t from,
		       double most)
{
	const struct corridor_graph *g = tree->graph;
	assert(from < g->site_count);
	for (size_t i = 0; i < g->site_count; i++) {
		tree->label[i] = INFINITY;
		tree->arc[i] = UINT32_MAX;
		tree->place[i] = ABSENT;
	}
	tree->label[from] = 0;
	tree->count = 1;
	set(tree, 0, from);
	while (tree->count) {
		uint32_t site = pop(tree);
		for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
			struct corridor_arc next = g->arcs[i];
			uint32_t arc = 2 * next.segment + (g->ends[next.segment].a != site);
			double offer = tree->label[site] + length[arc];
			if (offer > most || !(offer < tree->label[next.to]) ||
			    tree->place[next.to] == DONE)
				continue;
			tree->label[next.to] = offer;
			tree->arc[next.to] = arc;
			if (tree->place[next.to] == ABSENT)
				tree->place[next.to] = (int32_t)tree->count++;
			rise(tree, (size_t)tree->place[next.to], next.to);
		}
	}
}

double
corridor_flow_tree_length(const struct corridor_flow_tree *tree, uint32_t site)
{
	return tree->label[site];
}

uint32_t
corridor_flow_tree_arc(const struct corridor_flow_tree *tree, uint32_t site)
{
	return tree->arc[site];
}
