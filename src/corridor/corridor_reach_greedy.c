/* Prim's growth with a heap of stretches; those to places that are taken meanwhile are passed over. */
#include "corridor/corridor_reach_greedy.h"

#include <stdlib.h>
#include <string.h>

struct offer {
	int64_t cost, weight; /* weight: 1 where only the cost matters */
	uint32_t place;
};

struct growth {
	const struct corridor_reach_net *net;
	bool by_ratio;
	struct offer *heap;
	size_t count;
};

static bool
goes_before(struct offer a, struct offer b)
{
	__int128 left = (__int128)a.cost * b.weight, right = (__int128)b.cost * a.weight;
	return left != right ? left < right : a.place < b.place;
}

/* A place that counts nothing brings nothing for any money: it goes last. */
static void
push(struct growth *g, uint32_t place, int64_t stretch)
{
	const struct corridor_reach_place *p = &g->net->places[place];
	struct offer o = {stretch + p->site_cost, g->by_ratio ? p->weight : 1, place};
	size_t at = g->count++;
	for (; at > 0 && goes_before(o, g->heap[(at - 1) / 2]); at = (at - 1) / 2)
		g->heap[at] = g->heap[(at - 1) / 2];
	g->heap[at] = o;
}

static struct offer
pop(struct growth *g)
{
	struct offer top = g->heap[0], last = g->heap[--g->count];
	size_t at = 0;
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= g->count)
			break;
		if (child + 1 < g->count && goes_before(g->heap[child + 1], g->heap[child]))
			child++;
		if (!goes_before(g->heap[child], last))
			break;
		g->heap[at] = g->heap[child];
		at = child;
	}
	g->heap[at] = last;
	return top;
}

int
corridor_reach_greedy(struct corridor_reach_select *s, struct corridor_reach_goal goal,
		      bool by_ratio, bool *set)
{
	const struct corridor_reach_net *net = s->net;
	struct growth g = {.net = net, .by_ratio = by_ratio};
	int64_t cost = 0, weight = 0;
	/* Each edge is offered once from each end at most. */
	g.heap = calloc(net->place_count + 2 * net->edge_count + 1, sizeof(*g.heap));
	if (!g.heap)
		return -1;
	memset(set, 0, net->place_count * sizeof(*set));
	for (size_t i = 0; i < net->by_root_count; i++)
		push(&g, net->by_root[i], net->places[net->by_root[i]].root_cost);
	while (g.count && (goal.money != INT64_MAX || weight < goal.weight)) {
		struct offer o = pop(&g);
		if (set[o.place] || (goal.money != INT64_MAX && o.cost > goal.money - cost))
			continue;
		set[o.place] = true;
		cost += o.cost;
		weight += net->places[o.place].weight;
		for (uint32_t k = net->first_edge[o.place]; k < net->first_edge[o.place + 1]; k++) {
			const struct corridor_reach_edge *e = &net->edges[net->edge_of[k]];
			uint32_t other = corridor_reach_across(e, o.place);
			if (!set[other])
				push(&g, other, e->cost);
		}
	}
	free(g.heap);
	return 0;
}
