/* Kruskal's forest over edges that are sorted once and for all, and what is cut off it. */
#include "corridor/corridor_reach_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct corridor_reach_tree *
corridor_reach_tree_new(const struct corridor_reach_net *net)
{
	struct corridor_reach_tree *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	size_t n = net->place_count;
	t->net = net;
	t->parent = calloc(n + 1, sizeof(*t->parent));
	t->via = calloc(n + 1, sizeof(*t->via));
	t->step = calloc(n + 1, sizeof(*t->step));
	t->order = calloc(n + 1, sizeof(*t->order));
	t->union_of = calloc(n + 1, sizeof(*t->union_of));
	t->chosen = calloc(n + 1, sizeof(*t->chosen));
	t->first = calloc(n + 3, sizeof(*t->first));
	t->next_to = calloc(2 * n + 1, sizeof(*t->next_to));
	t->gain = calloc(n + 1, sizeof(*t->gain));
	if (t->parent && t->via && t->step && t->order && t->union_of && t->chosen && t->first &&
	    t->next_to && t->gain)
		return t;
	corridor_reach_tree_free(t);
	return NULL;
}

void
corridor_reach_tree_free(struct corridor_reach_tree *t)
{
	if (!t)
		return;
	free(t->parent);
	free(t->via);
	free(t->step);
	free(t->order);
	free(t->union_of);
	free(t->chosen);
	free(t->first);
	free(t->next_to);
	free(t->gain);
	free(t);
}

static uint32_t
union_root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* False if that would close a ring. */
static bool
unite(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = union_root(parent, a);
	b = union_root(parent, b);
	if (a == b)
		return false;
	parent[a > b ? a : b] = a > b ? b : a;
	return true;
}

/* Chooses among the stretches with both ends in `among` (NULL: all). Returns how many are chosen
 * then. */
static size_t
choose(struct corridor_reach_tree *t, const bool *among, size_t chosen)
{
	const struct corridor_reach_net *net = t->net;
	uint32_t network = (uint32_t)net->place_count;
	size_t e = 0, r = 0;
	while (e < net->edge_count || r < net->by_root_count) {
		const struct corridor_reach_edge *edge = &net->edges[e];
		uint32_t place = r < net->by_root_count ? net->by_root[r] : 0;
		bool from_root =
			e == net->edge_count ||
			(r < net->by_root_count && net->places[place].root_cost <= edge->cost);
		if (from_root) {
			r++;
			if ((!among || among[place]) && unite(t->union_of, network, place))
				t->chosen[chosen++] = (uint32_t)net->edge_count + place;
		} else {
			e++;
			if ((!among || (among[edge->a] && among[edge->b])) &&
			    unite(t->union_of, edge->a, edge->b))
				t->chosen[chosen++] = (uint32_t)(e - 1);
		}
	}
	return chosen;
}

/* Edges of the chosen ones at each place, as in the net. */
static void
file_chosen(struct corridor_reach_tree *t, size_t chosen)
{
	const struct corridor_reach_net *net = t->net;
	memset(t->first, 0, (net->place_count + 3) * sizeof(*t->first));
	for (size_t i = 0; i < chosen; i++) {
		if (t->chosen[i] >= net->edge_count)
			continue;
		t->first[net->edges[t->chosen[i]].a + 2]++;
		t->first[net->edges[t->chosen[i]].b + 2]++;
	}
	for (size_t i = 2; i < net->place_count + 2; i++)
		t->first[i] += t->first[i - 1];
	for (size_t i = 0; i < chosen; i++) {
		if (t->chosen[i] >= net->edge_count)
			continue;
		const struct corridor_reach_edge *e = &net->edges[t->chosen[i]];
		t->next_to[t->first[e->a + 1]++] = t->chosen[i];
		t->next_to[t->first[e->b + 1]++] = t->chosen[i];
	}
}

static void
put(struct corridor_reach_tree *t, uint32_t place, uint32_t parent, uint32_t via, int64_t stretch)
{
	t->parent[place] = parent;
	t->via[place] = via;
	t->step[place] = stretch + t->net->places[place].site_cost;
	t->order[t->count++] = place;
}

void
corridor_reach_tree_grow(struct corridor_reach_tree *t, const bool *first, bool all)
{
	const struct corridor_reach_net *net = t->net;
	size_t chosen = 0;
	for (uint32_t i = 0; i <= net->place_count; i++)
		t->union_of[i] = i;
	if (first)
		chosen = choose(t, first, chosen);
	if (all)
		chosen = choose(t, NULL, chosen);
	file_chosen(t, chosen);
	t->count = 0;
	for (size_t i = 0; i < net->place_count; i++)
		t->parent[i] = CORRIDOR_REACH_OUT;
	for (size_t i = 0; i < chosen; i++) {
		if (t->chosen[i] < net->edge_count)
			continue;
		uint32_t place = t->chosen[i] - (uint32_t)net->edge_count;
		put(t, place, CORRIDOR_REACH_ROOT, 0, net->places[place].root_cost);
	}
	for (size_t i = 0; i < t->count; i++) {
		uint32_t place = t->order[i];
		for (uint32_t k = t->first[place]; k < t->first[place + 1]; k++) {
			uint32_t e = t->next_to[k];
			uint32_t other = corridor_reach_across(&net->edges[e], place);
			if (t->parent[other] == CORRIDOR_REACH_OUT)
				put(t, other, place, e, net->edges[e].cost);
		}
	}
}

int64_t
corridor_reach_tree_cost(const struct corridor_reach_tree *t)
{
	int64_t cost = 0;
	for (size_t i = 0; i < t->count; i++)
		cost += t->step[t->order[i]];
	return cost;
}

int64_t
corridor_reach_tree_weight(const struct corridor_reach_tree *t)
{
	int64_t weight = 0;
	for (size_t i = 0; i < t->count; i++)
		weight += t->net->places[t->order[i]].weight;
	return weight;
}

void
corridor_reach_tree_prune(struct corridor_reach_tree *t, const int64_t *prizes, bool *keep)
{
	for (size_t i = 0; i < t->net->place_count; i++) {
		t->gain[i] = prizes[i] - t->step[i];
		keep[i] = false;
	}
	for (size_t i = t->count; i-- > 0;) {
		uint32_t place = t->order[i], parent = t->parent[place];
		if (t->gain[place] > 0 && parent != CORRIDOR_REACH_ROOT)
			t->gain[parent] += t->gain[place];
	}
	for (size_t i = 0; i < t->count; i++) {
		uint32_t place = t->order[i], parent = t->parent[place];
		keep[place] = t->gain[place] > 0 && (parent == CORRIDOR_REACH_ROOT || keep[parent]);
	}
}
