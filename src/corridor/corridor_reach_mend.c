/* Joining is a search for shortest ways from the set outwards, where a way gets shorter by the prizes
 * on it: as soon as its length is not above 0 it has paid for itself. Skipping takes a place out and
 * hangs each place behind it on its next best neighbour. */
#include "corridor/corridor_reach_mend.h"

#include <stdlib.h>

enum { NONE = UINT32_MAX };

/* --- joining --- */

struct reached {
	int64_t cost;
	uint32_t place;
};

struct joining {
	struct corridor_reach_select *select;
	bool *set;
	int64_t *cost;  /* of the way, less the prizes on it; INT64_MAX: none is known */
	uint32_t *from; /* the place before it, or CORRIDOR_REACH_ROOT */
	bool *final;
	struct reached *heap;
	size_t count, room;
};

static bool
nearer(struct reached a, struct reached b)
{
	return a.cost != b.cost ? a.cost < b.cost : a.place < b.place;
}

static void
push(struct joining *j, struct reached r)
{
	size_t at = j->count;
	if (at == j->room)
		return; /* each stretch is offered once each way: there is room */
	j->count++;
	for (; at > 0 && nearer(r, j->heap[(at - 1) / 2]); at = (at - 1) / 2)
		j->heap[at] = j->heap[(at - 1) / 2];
	j->heap[at] = r;
}

static struct reached
pop(struct joining *j)
{
	struct reached top = j->heap[0], last = j->heap[--j->count];
	size_t at = 0;
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= j->count)
			break;
		if (child + 1 < j->count && nearer(j->heap[child + 1], j->heap[child]))
			child++;
		if (!nearer(j->heap[child], last))
			break;
		j->heap[at] = j->heap[child];
		at = child;
	}
	j->heap[at] = last;
	return top;
}

/* A way to `place` by a stretch from `from`, whose own way costs `before`. */
static void
reach(struct joining *j, uint32_t place, uint32_t from, int64_t before, int64_t stretch)
{
	const struct corridor_reach_select *s = j->select;
	if (j->set[place] || j->final[place])
		return;
	int64_t cost = before + stretch + s->net->places[place].site_cost - s->prizes[place];
	if (cost >= j->cost[place])
		return;
	j->cost[place] = cost;
	j->from[place] = from;
	push(j, (struct reached){cost, place});
}

static void
spread(struct joining *j, uint32_t place)
{
	const struct corridor_reach_net *net = j->select->net;
	int64_t before = j->set[place] ? 0 : j->cost[place];
	for (uint32_t k = net->first_edge[place]; k < net->first_edge[place + 1]; k++) {
		const struct corridor_reach_edge *e = &net->edges[net->edge_of[k]];
		reach(j, corridor_reach_across(e, place), place, before, e->cost);
	}
}

/* The way to the place has paid for itself: it and all on it are in the set, and go on from 0. */
static void
take_way(struct joining *j, uint32_t place)
{
	for (uint32_t p = place; p != CORRIDOR_REACH_ROOT && !j->set[p]; p = j->from[p]) {
		j->set[p] = true;
		spread(j, p);
	}
}

static void
run(struct joining *j)
{
	const struct corridor_reach_net *net = j->select->net;
	for (uint32_t p = 0; p < net->place_count; p++) {
		j->cost[p] = INT64_MAX;
		j->final[p] = false;
	}
	for (uint32_t p = 0; p < net->place_count; p++) {
		if (j->set[p])
			spread(j, p);
		else if (net->places[p].root_cost != INT64_MAX)
			reach(j, p, CORRIDOR_REACH_ROOT, 0, net->places[p].root_cost);
	}
	while (j->count) {
		struct reached top = pop(j);
		if (j->set[top.place] || j->final[top.place] || top.cost != j->cost[top.place])
			continue;
		j->final[top.place] = true;
		if (top.cost <= 0)
			take_way(j, top.place);
		else
			spread(j, top.place);
	}
}

int
corridor_reach_mend_join(struct corridor_reach_select *s, bool *set)
{
	size_t n = s->net->place_count, room = 4 * s->net->edge_count + n + 1;
	struct joining j = {.select = s,
			    .set = set,
			    .cost = calloc(n + 1, sizeof(*j.cost)),
			    .from = calloc(n + 1, sizeof(*j.from)),
			    .final = calloc(n + 1, sizeof(*j.final)),
			    .heap = calloc(room, sizeof(*j.heap)),
			    .room = room};
	int result = -1;
	if (j.cost && j.from && j.final && j.heap) {
		run(&j);
		result = 0;
	}
	free(j.cost);
	free(j.from);
	free(j.final);
	free(j.heap);
	return result;
}

/* --- skipping --- */

struct skipping {
	struct corridor_reach_select *select;
	bool *set;
	uint32_t *enter,
		*leave;         /* of a walk through the tree: what hangs on a place lies between */
	uint32_t *child, *next; /* the first place that hangs on one; the next on the same */
	bool *locked;           /* something else rests on it */
};

/* Places in the order of the tree are behind their parents, so that sizes add up from the end. */
static void
walk(struct skipping *k)
{
	const struct corridor_reach_tree *t = k->select->tree;
	uint32_t place_count = (uint32_t)t->net->place_count, clock = 0;
	for (uint32_t p = 0; p < place_count; p++) {
		k->child[p] = NONE;
		k->locked[p] = false;
		k->leave[p] = 1; /* the size, for now */
	}
	for (size_t i = t->count; i-- > 0;) {
		uint32_t p = t->order[i], parent = t->parent[p];
		if (parent == CORRIDOR_REACH_ROOT)
			continue;
		k->leave[parent] += k->leave[p];
		k->next[p] = k->child[parent];
		k->child[parent] = p;
	}
	for (size_t i = 0; i < t->count; i++) {
		uint32_t p = t->order[i];
		if (t->parent[p] == CORRIDOR_REACH_ROOT) {
			k->enter[p] = clock;
			clock += k->leave[p];
		}
		uint32_t at = k->enter[p] + 1;
		for (uint32_t c = k->child[p]; c != NONE; c = k->next[c]) {
			k->enter[c] = at;
			at += k->leave[c];
		}
		k->leave[p] += k->enter[p];
	}
}

static bool
hangs_on(const struct skipping *k, uint32_t place, uint32_t on)
{
	return k->enter[place] >= k->enter[on] && k->enter[place] < k->leave[on];
}

/* The cheapest stretch that joins `place` to the tree without what hangs on `gone`; `to` gets its
 * other end. INT64_MAX: there is none. */
static int64_t
other_way(const struct skipping *k, uint32_t place, uint32_t gone, uint32_t *to)
{
	const struct corridor_reach_net *net = k->select->net;
	int64_t best = net->places[place].root_cost;
	*to = CORRIDOR_REACH_ROOT;
	for (uint32_t i = net->first_edge[place]; i < net->first_edge[place + 1]; i++) {
		const struct corridor_reach_edge *e = &net->edges[net->edge_of[i]];
		uint32_t other = corridor_reach_across(e, place);
		if (e->cost >= best || !k->set[other] || hangs_on(k, other, gone))
			continue;
		best = e->cost;
		*to = other;
	}
	return best;
}

/* Whether all is cheaper without the place, what hangs on it joined otherwise. */
static bool
can_skip(const struct skipping *k, uint32_t place)
{
	enum { CHILDREN = 4 };
	const struct corridor_reach_select *s = k->select;
	const struct corridor_reach_tree *t = s->tree;
	int64_t saved = t->step[place] - s->prizes[place];
	uint32_t to[CHILDREN], count = 0;
	for (uint32_t c = k->child[place]; c != NONE; c = k->next[c]) {
		if (count == CHILDREN || saved <= 0)
			return false;
		int64_t way = other_way(k, c, place, &to[count++]);
		if (way == INT64_MAX)
			return false;
		saved += t->step[c] - s->net->places[c].site_cost - way;
	}
	if (saved <= 0)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (to[i] != CORRIDOR_REACH_ROOT)
			k->locked[to[i]] = true;
	return true;
}

/* From the ends of the tree inwards. A place that others now rest on, or that has lost some of what
 * hung on it, is left for the next time. */
static size_t
skip(struct skipping *k)
{
	const struct corridor_reach_tree *t = k->select->tree;
	size_t skipped = 0;
	walk(k);
	for (size_t i = t->count; i-- > 0;) {
		uint32_t p = t->order[i];
		if (k->locked[p] || !can_skip(k, p))
			continue;
		k->set[p] = false;
		skipped++;
		if (t->parent[p] != CORRIDOR_REACH_ROOT)
			k->locked[t->parent[p]] = true;
		for (uint32_t c = k->child[p]; c != NONE; c = k->next[c])
			k->locked[c] = true;
	}
	return skipped;
}

int
corridor_reach_mend_skip(struct corridor_reach_select *s, bool *set)
{
	enum { ROUNDS = 4 };
	size_t n = s->net->place_count;
	struct skipping k = {.select = s,
			     .set = set,
			     .enter = calloc(n + 1, sizeof(*k.enter)),
			     .leave = calloc(n + 1, sizeof(*k.leave)),
			     .child = calloc(n + 1, sizeof(*k.child)),
			     .next = calloc(n + 1, sizeof(*k.next)),
			     .locked = calloc(n + 1, sizeof(*k.locked))};
	int result = -1;
	if (k.enter && k.leave && k.child && k.next && k.locked) {
		corridor_reach_tree_grow(s->tree, set, false);
		for (int i = 0; i < ROUNDS && skip(&k); i++)
			corridor_reach_tree_grow(s->tree, set, false);
		result = 0;
	}
	free(k.enter);
	free(k.leave);
	free(k.child);
	free(k.next);
	free(k.locked);
	return result;
}
