/* The block of two sites.
 *
 * If a segment joined the ends, what lies on ways between them would be just the block (the
 * biconnected component) of that segment. So the walk that finds blocks (Tarjan 1972, Hopcroft)
 * starts with that segment, from one end to the other: segments are stacked as they are met, and
 * taken off again when they turn out to be a block of their own. What is left in the end is the
 * block of the ends. */
#include "corridor/corridor_block.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A site on the way down, and how many segments were stacked when it was entered. */
struct step {
	uint32_t site, came_by;
	uint32_t next_arc, stacked;
};

struct corridor_block {
	const struct corridor_graph *graph;
	uint32_t *number, *low; /* of each site; 0: not met */
	uint32_t met;
	struct step *steps;
	size_t depth;
	uint32_t *stack; /* segments */
	uint32_t stacked;
};

struct corridor_block *
corridor_block_new(const struct corridor_graph *graph)
{
	assert(graph);
	struct corridor_block *b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	b->graph = graph;
	b->number = calloc(graph->site_count + 1, sizeof(*b->number));
	b->low = calloc(graph->site_count + 1, sizeof(*b->low));
	b->steps = calloc(graph->site_count + 1, sizeof(*b->steps));
	b->stack = calloc(2 * graph->segment_count + 1, sizeof(*b->stack));
	if (b->number && b->low && b->steps && b->stack)
		return b;
	corridor_block_free(b);
	return NULL;
}

void
corridor_block_free(struct corridor_block *block)
{
	if (!block)
		return;
	free(block->number);
	free(block->low);
	free(block->steps);
	free(block->stack);
	free(block);
}

static void
step_down(struct corridor_block *b, uint32_t site, uint32_t segment)
{
	b->number[site] = b->low[site] = ++b->met;
	b->steps[b->depth++] = (struct step){site, segment, b->graph->first_arc[site], b->stacked};
	if (segment != HUB_NONE)
		b->stack[b->stacked++] = segment;
}

/* Done with a site: what was stacked since is a block of its own if nothing of it reaches higher
 * than the site above. */
static void
step_up(struct corridor_block *b)
{
	struct step done = b->steps[--b->depth];
	if (b->depth == 0)
		return;
	uint32_t above = b->steps[b->depth - 1].site;
	if (b->low[done.site] >= b->number[above])
		b->stacked = done.stacked;
	if (b->low[done.site] < b->low[above])
		b->low[above] = b->low[done.site];
}

static void
walk(struct corridor_block *b, const uint64_t *cost, const bool *closed, uint32_t end)
{
	const struct corridor_graph *g = b->graph;
	while (b->depth) {
		struct step *s = &b->steps[b->depth - 1];
		if (s->next_arc == g->first_arc[s->site + 1]) {
			step_up(b);
			continue;
		}
		struct corridor_arc arc = g->arcs[s->next_arc++];
		if (cost[arc.segment] == CORRIDOR_CLOSED || arc.segment == s->came_by ||
		    (closed[arc.to] && arc.to != end))
			continue;
		if (!b->number[arc.to]) {
			step_down(b, arc.to, arc.segment);
		} else if (b->number[arc.to] < b->number[s->site]) {
			b->stack[b->stacked++] = arc.segment;
			if (b->number[arc.to] < b->low[s->site])
				b->low[s->site] = b->number[arc.to];
		}
	}
}

void
corridor_block_find(struct corridor_block *block, bool *on, const uint64_t *cost,
		    const bool *closed, struct corridor_ends ends)
{
	assert(block && on && cost && closed && ends.a != ends.b);
	const struct corridor_graph *g = block->graph;
	memset(block->number, 0, g->site_count * sizeof(*block->number));
	block->met = block->stacked = 0;
	block->depth = 0;
	/* From one end straight to the other. */
	block->number[ends.a] = block->low[ends.a] = ++block->met;
	step_down(block, ends.b, HUB_NONE);
	walk(block, cost, closed, ends.a);
	memset(on, 0, g->segment_count * sizeof(*on));
	for (uint32_t i = 0; i < block->stacked; i++)
		on[block->stack[i]] = true;
}
