/* Dual ascent in the manner of Edmonds' branchings, with budgets.
 *
 * Every place may pay up to its prize. A component (at first one place) pays so much for each
 * stretch into it at once, until the cheapest is paid for. Then it looks where that comes from:
 *
 *   from the existing network, or from a component that has reached it: it has reached it too;
 *   from one that has not been looked at: that one must be reached first, and is put on the stack;
 *   from one that waits on the stack: there is a ring, and all of it become one component;
 *   from one that has run out of money: it is taken in.
 *
 * One that runs out of money is dead, and is taken in by the one that waits for it. What was paid is
 * the bound: each payment belongs to a set of places that must be entered or given up, and no stretch
 * is paid more than it costs. Stretches into a component are in a leftist heap, where a payment is
 * taken off all at once. Wong 1984; Edmonds 1967. */
#include "corridor/corridor_reach_bound.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = UINT32_MAX };

enum state { FRESH, WAITING, DEAD, REACHED };

/* A stretch in one direction, in the heap of the component it goes into. */
struct arc {
	int64_t cost;  /* what is left to be paid */
	int64_t below; /* still to be added to all under it in the heap */
	uint32_t left, right;
	uint32_t rank;
};

struct component {
	int64_t money;
	uint32_t heap;
	enum state state;
};

struct corridor_reach_ascent {
	const struct corridor_reach_net *net;
	struct arc *arcs; /* that from the network of each place; then two of each edge */
	uint32_t *parent; /* of places, to the one that stands for their component */
	struct component *components;
	uint32_t *stack;
	size_t depth;
	int64_t paid;
};

struct corridor_reach_ascent *
corridor_reach_ascent_new(const struct corridor_reach_net *net)
{
	struct corridor_reach_ascent *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	size_t n = net->place_count;
	a->net = net;
	a->arcs = calloc(n + 2 * net->edge_count + 1, sizeof(*a->arcs));
	a->parent = calloc(n + 1, sizeof(*a->parent));
	a->components = calloc(n + 1, sizeof(*a->components));
	a->stack = calloc(n + 1, sizeof(*a->stack));
	if (a->arcs && a->parent && a->components && a->stack)
		return a;
	corridor_reach_ascent_free(a);
	return NULL;
}

void
corridor_reach_ascent_free(struct corridor_reach_ascent *a)
{
	if (!a)
		return;
	free(a->arcs);
	free(a->parent);
	free(a->components);
	free(a->stack);
	free(a);
}

static uint32_t
component_of(struct corridor_reach_ascent *a, uint32_t place)
{
	uint32_t *p = a->parent;
	while (p[place] != place)
		place = p[place] = p[p[place]];
	return place;
}

/* Where an arc comes from: a place, or CORRIDOR_REACH_ROOT. */
static uint32_t
tail_of(const struct corridor_reach_ascent *a, uint32_t arc)
{
	size_t n = a->net->place_count;
	if (arc < n)
		return CORRIDOR_REACH_ROOT;
	const struct corridor_reach_edge *e = &a->net->edges[(arc - n) / 2];
	return (arc - n) % 2 ? e->b : e->a;
}

/* --- the heaps --- */

static void
push_down(struct corridor_reach_ascent *a, uint32_t x)
{
	struct arc *arc = &a->arcs[x];
	const uint32_t children[] = {arc->left, arc->right};
	for (int i = 0; i < 2 && arc->below; i++) {
		if (children[i] == NONE)
			continue;
		a->arcs[children[i]].cost += arc->below;
		a->arcs[children[i]].below += arc->below;
	}
	arc->below = 0;
}

/* The right spine of a leftist heap is short, so that this does not go deep. */
static uint32_t
join(struct corridor_reach_ascent *a, uint32_t x, uint32_t y)
{
	if (x == NONE || y == NONE)
		return x == NONE ? y : x;
	struct arc *arcs = a->arcs;
	if (arcs[y].cost < arcs[x].cost || (arcs[y].cost == arcs[x].cost && y < x)) {
		uint32_t swap = x;
		x = y;
		y = swap;
	}
	push_down(a, x);
	arcs[x].right = join(a, arcs[x].right, y);
	uint32_t left = arcs[x].left, right = arcs[x].right;
	if (left == NONE || arcs[left].rank < arcs[right].rank) {
		arcs[x].left = right;
		arcs[x].right = left;
	}
	arcs[x].rank = arcs[x].right == NONE ? 1 : arcs[arcs[x].right].rank + 1;
	return x;
}

static uint32_t
without_top(struct corridor_reach_ascent *a, uint32_t x)
{
	push_down(a, x);
	return join(a, a->arcs[x].left, a->arcs[x].right);
}

static void
file_arc(struct corridor_reach_ascent *a, uint32_t place, uint32_t arc, int64_t cost)
{
	struct component *c = &a->components[place];
	a->arcs[arc] = (struct arc){.cost = cost, .left = NONE, .right = NONE, .rank = 1};
	c->heap = join(a, c->heap, arc);
}

static void
start(struct corridor_reach_ascent *a, const int64_t *prizes)
{
	const struct corridor_reach_net *net = a->net;
	uint32_t n = (uint32_t)net->place_count;
	for (uint32_t v = 0; v < n; v++) {
		const struct corridor_reach_place *p = &net->places[v];
		a->parent[v] = v;
		a->components[v] = (struct component){prizes[v], NONE, FRESH};
		if (p->root_cost != INT64_MAX)
			file_arc(a, v, v, p->root_cost + p->site_cost);
	}
	for (uint32_t e = 0; e < net->edge_count; e++) {
		const struct corridor_reach_edge *edge = &net->edges[e];
		file_arc(a, edge->b, n + 2 * e, edge->cost + net->places[edge->b].site_cost);
		file_arc(a, edge->a, n + 2 * e + 1, edge->cost + net->places[edge->a].site_cost);
	}
	a->depth = 0;
	a->paid = 0;
}

/* --- components --- */

/* `other` becomes part of `into`. */
static void
take_in(struct corridor_reach_ascent *a, uint32_t into, uint32_t other)
{
	struct component *c = &a->components[into], *o = &a->components[other];
	a->parent[other] = into;
	c->money += o->money;
	c->heap = join(a, c->heap, o->heap);
}

/* The cheapest arc into the component from outside, NONE when there is none. */
static uint32_t
cheapest(struct corridor_reach_ascent *a, uint32_t component)
{
	struct component *c = &a->components[component];
	while (c->heap != NONE) {
		uint32_t tail = tail_of(a, c->heap);
		if (tail == CORRIDOR_REACH_ROOT || component_of(a, tail) != component)
			break;
		c->heap = without_top(a, c->heap);
	}
	return c->heap;
}

/* Pays what can be paid for the arcs into it. True when the cheapest is paid for. */
static bool
pay(struct corridor_reach_ascent *a, struct component *c)
{
	int64_t most = c->money;
	if (c->heap != NONE && a->arcs[c->heap].cost < most)
		most = a->arcs[c->heap].cost;
	c->money -= most;
	a->paid += most;
	if (c->heap == NONE)
		return false;
	a->arcs[c->heap].cost -= most;
	a->arcs[c->heap].below -= most;
	return a->arcs[c->heap].cost == 0;
}

static void
close_ring(struct corridor_reach_ascent *a, uint32_t from)
{
	uint32_t top = a->stack[--a->depth];
	while (top != from) {
		uint32_t next = a->stack[--a->depth];
		take_in(a, next, top);
		top = next;
	}
	a->stack[a->depth++] = top;
}

/* The cheapest arc into the top of the stack is paid for. */
static void
follow(struct corridor_reach_ascent *a, uint32_t top)
{
	uint32_t tail = tail_of(a, a->components[top].heap);
	uint32_t from = tail == CORRIDOR_REACH_ROOT ? tail : component_of(a, tail);
	enum state state = from == CORRIDOR_REACH_ROOT ? REACHED : a->components[from].state;
	switch (state) {
	case REACHED:
		while (a->depth)
			a->components[a->stack[--a->depth]].state = REACHED;
		return;
	case FRESH:
		a->components[from].state = WAITING;
		a->stack[a->depth++] = from;
		return;
	case WAITING:
		close_ring(a, from);
		return;
	case DEAD:
		take_in(a, top, from);
		return;
	}
}

static void
die(struct corridor_reach_ascent *a)
{
	uint32_t top = a->stack[--a->depth];
	a->components[top].state = DEAD;
	if (a->depth)
		take_in(a, a->stack[a->depth - 1], top);
}

/* Pays from this place on, until it and all that it came upon is reached or dead. */
static void
ascend(struct corridor_reach_ascent *a, uint32_t place)
{
	uint32_t c = component_of(a, place);
	if (a->components[c].state != FRESH)
		return;
	a->components[c].state = WAITING;
	a->stack[a->depth++] = c;
	while (a->depth) {
		uint32_t top = a->stack[a->depth - 1];
		(void)cheapest(a, top);
		if (pay(a, &a->components[top]))
			follow(a, top);
		else
			die(a);
	}
}

/* The furthest places pay first: what the near ones then pay for is on the way of more. That gives
 * the best bounds of the orders that were tried. */
int64_t
corridor_reach_ascent_run(struct corridor_reach_ascent *a, const int64_t *prizes, bool *reached)
{
	assert(a && prizes && reached);
	uint32_t n = (uint32_t)a->net->place_count;
	start(a, prizes);
	for (uint32_t v = 0; v < n; v++)
		if (a->net->places[v].root_cost == INT64_MAX)
			ascend(a, v);
	for (size_t i = a->net->by_root_count; i-- > 0;)
		ascend(a, a->net->by_root[i]);
	for (uint32_t v = 0; v < n; v++)
		reached[v] = a->components[component_of(a, v)].state == REACHED;
	return a->paid;
}
