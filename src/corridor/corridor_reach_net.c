/* Places from towers, candidate stretches from their neighbourhoods. */
#include "corridor/corridor_reach_net.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_reach_mast.h"
#include "corridor/corridor_reach_source.h"

enum {
	NEAREST = 8,          /* candidates of each place */
	ALL_PAIRS_UPTO = 120, /* places: then every pair is a candidate */
};

static void
count_weights(struct corridor_reach_net *net, const struct corridor_reach_input *input,
	      enum hub_reach_count count)
{
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		int64_t weight = corridor_reach_counts_for(t, count);
		net->weight_all += weight;
		if (t->on_fibre) {
			net->towers_on++;
			net->weight_on += weight;
		} else if (t->place != HUB_NONE) {
			net->weight_off += weight;
			net->places[t->place].weight += weight;
		}
	}
}

/* --- stretches --- */

static void
add_edge(struct corridor_reach_net *net, const struct corridor_reach_settings *settings, uint32_t a,
	 uint32_t b)
{
	const struct corridor_reach_place *p = &net->places[a], *q = &net->places[b];
	struct corridor_reach_edge e = {.a = a < b ? a : b, .b = a < b ? b : a};
	e.km = corridor_chord2_km(corridor_vector_chord2(p->at, q->at));
	if (e.km > settings->stretch_max_km)
		return;
	corridor_reach_stretch(&e.length_m, &e.cost, settings, (struct corridor_reach_prices){0},
			       e.km, (uint8_t[]){p->terrain, q->terrain});
	net->edges[net->edge_count++] = e;
}

static int
compare_edges(const void *a, const void *b)
{
	const struct corridor_reach_edge *x = a, *y = b;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return (x->b > y->b) - (x->b < y->b);
}

static void
sort_edges(struct corridor_reach_net *net)
{
	size_t kept = 0;
	qsort(net->edges, net->edge_count, sizeof(*net->edges), compare_edges);
	for (size_t i = 0; i < net->edge_count; i++)
		if (kept == 0 || compare_edges(&net->edges[i], &net->edges[kept - 1]) != 0)
			net->edges[kept++] = net->edges[i];
	net->edge_count = kept;
}

static int
find_edges(struct corridor_reach_net *net, const struct corridor_reach_settings *settings,
	   const struct corridor_near *near)
{
	size_t n = net->place_count;
	net->all_pairs = n <= ALL_PAIRS_UPTO;
	size_t most = net->all_pairs ? n * n / 2 + 1 : n * (NEAREST + 1);
	net->edges = calloc(most + 1, sizeof(*net->edges));
	if (!net->edges)
		return -1;
	if (net->all_pairs) {
		for (uint32_t a = 0; a < n; a++)
			for (uint32_t b = a + 1; b < n; b++)
				add_edge(net, settings, a, b);
		sort_edges(net);
		return 0;
	}
	uint32_t found[NEAREST + 1], (*tree)[2] = calloc(n + 1, sizeof(*tree));
	if (!tree || corridor_near_tree(tree, near) < 0) {
		free(tree);
		return -1;
	}
	for (size_t i = 0; i + 1 < n; i++)
		add_edge(net, settings, tree[i][0], tree[i][1]);
	free(tree);
	for (uint32_t a = 0; a < n; a++) {
		size_t count =
			corridor_near_find(near, net->places[a].at, INFINITY, found, NEAREST + 1);
		size_t added = 0;
		for (size_t k = 0; k < count && added < NEAREST; k++)
			if (found[k] != a)
				add_edge(net, settings, a, found[k]), added++;
	}
	sort_edges(net);
	return 0;
}

static int
file_edges(struct corridor_reach_net *net)
{
	size_t n = net->place_count;
	net->first_edge = calloc(n + 2, sizeof(*net->first_edge));
	net->edge_of = calloc(2 * net->edge_count + 1, sizeof(*net->edge_of));
	if (!net->first_edge || !net->edge_of)
		return -1;
	/* Counted one further on, so that filling moves each start to its place. */
	for (size_t i = 0; i < net->edge_count; i++) {
		net->first_edge[net->edges[i].a + 2]++;
		net->first_edge[net->edges[i].b + 2]++;
	}
	for (size_t i = 2; i < n + 2; i++)
		net->first_edge[i] += net->first_edge[i - 1];
	for (size_t i = 0; i < net->edge_count; i++) {
		net->edge_of[net->first_edge[net->edges[i].a + 1]++] = (uint32_t)i;
		net->edge_of[net->first_edge[net->edges[i].b + 1]++] = (uint32_t)i;
	}
	return 0;
}

/* --- from the existing network --- */

static void
reach_from_root(struct corridor_reach_net *net, const struct corridor_reach_settings *settings,
		const struct corridor_reach_sources *sources)
{
	const struct corridor_reach_prices plain = {0};
	for (size_t i = 0; i < net->place_count; i++) {
		struct corridor_reach_place *p = &net->places[i];
		p->source = corridor_reach_source_nearest(&p->root_km, sources, p->at);
		p->on_mast = net->sources[p->source].kind == REACH_FROM_TOWER &&
			     p->root_km <= corridor_reach_mast_km;
		p->site_cost = corridor_reach_site_cost(settings, plain, p->count, p->on_mast);
		if (p->root_km > settings->stretch_max_km) {
			p->root_cost = INT64_MAX;
			continue;
		}
		if (p->on_mast)
			continue;
		corridor_reach_stretch(&p->root_m, &p->root_cost, settings, plain, p->root_km,
				       (uint8_t[]){p->terrain, p->terrain});
		p->root_cost += corridor_reach_upgrade_cost(settings, plain);
	}
}

struct from_root {
	int64_t cost;
	uint32_t place;
};

static int
compare_from_root(const void *a, const void *b)
{
	const struct from_root *x = a, *y = b;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static int
sort_by_root(struct corridor_reach_net *net)
{
	struct from_root *sorted = calloc(net->place_count + 1, sizeof(*sorted));
	net->by_root = calloc(net->place_count + 1, sizeof(*net->by_root));
	if (!sorted || !net->by_root) {
		free(sorted);
		return -1;
	}
	for (uint32_t i = 0; i < net->place_count; i++)
		if (net->places[i].root_cost != INT64_MAX)
			sorted[net->by_root_count++] =
				(struct from_root){net->places[i].root_cost, i};
	qsort(sorted, net->by_root_count, sizeof(*sorted), compare_from_root);
	for (size_t i = 0; i < net->by_root_count; i++)
		net->by_root[i] = sorted[i].place;
	free(sorted);
	return 0;
}

/* What a plan can cost at most: a shortest forest costs no more than all stretches of its kind. */
static int
find_cost_max(struct corridor_reach_net *net)
{
	__int128 sum = 0;
	for (size_t i = 0; i < net->place_count; i++) {
		const struct corridor_reach_place *p = &net->places[i];
		sum += p->site_cost + (p->root_cost == INT64_MAX ? 0 : p->root_cost);
	}
	for (size_t i = 0; i < net->edge_count; i++)
		sum += net->edges[i].cost;
	if (sum > INT64_MAX / 8)
		return -1;
	net->cost_max = (int64_t)sum;
	return 0;
}

static int
fill(struct corridor_reach_net *net, struct corridor_reach_input *input, const struct hub *hub,
     const struct corridor_reach_settings *settings, struct corridor_complaint *complaint)
{
	struct corridor_reach_sources sources = {0};
	struct corridor_near *near = NULL;
	struct corridor_vector *at = NULL;
	int result = -1;
	corridor_complain(complaint, 500, "out of memory");
	if (corridor_reach_masts_find(net, input) < 0)
		goto out;
	count_weights(net, input, settings->count);
	if (!net->weight_all) {
		corridor_complain(complaint, 400,
				  "nothing to take a share of: no tower of the file has %s",
				  settings->count == HUB_REACH_TRAFFIC ? "traffic" : "a weight");
		goto out;
	}
	if (corridor_reach_sources_find(&sources, input, hub, settings, complaint) < 0)
		goto out;
	net->sources = sources.pieces;
	net->source_count = sources.count;
	at = calloc(net->place_count + 1, sizeof(*at));
	if (!at)
		goto out;
	for (size_t i = 0; i < net->place_count; i++)
		at[i] = net->places[i].at;
	near = corridor_near_new(at, net->place_count);
	if (!near)
		goto out;
	reach_from_root(net, settings, &sources);
	if (sort_by_root(net) < 0 || find_edges(net, settings, near) < 0 || file_edges(net) < 0)
		goto out;
	result = find_cost_max(net);
	if (result < 0)
		corridor_complain(complaint, 400, "the costs are larger than this can add up");
out:
	corridor_near_free(near);
	corridor_near_free(sources.near);
	free(at);
	return result;
}

struct corridor_reach_net *
corridor_reach_net_new(struct corridor_reach_input *input, const struct hub *hub,
		       const struct corridor_reach_settings *settings,
		       struct corridor_complaint *complaint)
{
	assert(input && settings && complaint);
	struct corridor_reach_net *net = calloc(1, sizeof(*net));
	if (!net) {
		corridor_complain(complaint, 500, "out of memory");
		return NULL;
	}
	if (fill(net, input, hub, settings, complaint) < 0) {
		corridor_reach_net_free(net);
		return NULL;
	}
	return net;
}

void
corridor_reach_net_free(struct corridor_reach_net *net)
{
	if (!net)
		return;
	free(net->places);
	free(net->members);
	free(net->edges);
	free(net->first_edge);
	free(net->edge_of);
	free(net->by_root);
	free(net->sources);
	free(net);
}
