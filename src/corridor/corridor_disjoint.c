/* Disjoint ways.
 *
 * They are a flow at least cost: the shortest way first, then the shortest in what is left, where a
 * segment in use may be travelled backwards to take it back (Suurballe 1974, Bhandari 1999). Every
 * site is two states, so that a site in use can be closed:
 *
 *        ──► [ in ] ──internal──► [ out ] ──►        site v: in is 2v, out is 2v + 1
 *
 * The costs of one search are potentials for the next, which keeps all its costs at 0 or above. Where
 * the last search cannot get any further is the cut that lets no more ways through. */
#include "corridor/corridor_disjoint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "corridor/corridor_heap.h"

/* How a state was reached: from which one, and over which segment (HUB_NONE: inside its site). */
struct via {
	uint32_t state, segment;
};

/* Who travels a segment. */
enum direction { FLOW_NONE, FLOW_AB, FLOW_BA };

struct flow {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	struct corridor_ends ends;
	enum corridor_disjointness kind;
	uint64_t again;   /* what the second of two ways pays for a site of the first; 0: barred */
	uint8_t *flow;    /* enum direction, of each segment */
	uint32_t *inside; /* ways that pass through each site */
	uint64_t *potential; /* of each state */
	uint64_t *label;
	struct via *via;
	struct corridor_heap heap; /* of states */
	size_t heap_room;
	bool failed; /* no memory */
};

static uint32_t
in_of(uint32_t site)
{
	return 2 * site;
}

static uint32_t
out_of(uint32_t site)
{
	return 2 * site + 1;
}

static void
push(struct flow *s, uint64_t key, uint32_t state)
{
	struct corridor_heap *heap = &s->heap;
	void *entries =
		array_grow(heap->entries, heap->count, &s->heap_room, sizeof(*heap->entries));
	if (!entries) {
		s->failed = true;
		return;
	}
	heap->entries = entries;
	corridor_heap_push(heap, key, state);
}

/* Offers `to` a way from `from` at `cost`, which may stand for a cost below 0 (two's complement):
 * potentials bring it back to 0 or above. */
static void
offer(struct flow *s, uint32_t from, uint32_t to, uint32_t segment, uint64_t cost)
{
	uint64_t label = s->label[from] + cost + s->potential[from] - s->potential[to];
	if (label >= s->label[to])
		return;
	s->label[to] = label;
	s->via[to] = (struct via){from, segment};
	push(s, label, to);
}

/* FLOW_AB if travelling the segment from `site` goes from a to b. */
static enum direction
direction_from(const struct flow *s, uint32_t segment, uint32_t site)
{
	return s->graph->ends[segment].a == site ? FLOW_AB : FLOW_BA;
}

/* From the out side of a site: over free segments; and back inside, where something passes. */
static void
relax_out(struct flow *s, uint32_t site)
{
	const struct corridor_graph *g = s->graph;
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		struct corridor_arc arc = g->arcs[i];
		if (s->cost[arc.segment] != CORRIDOR_CLOSED && s->flow[arc.segment] == FLOW_NONE)
			offer(s, out_of(site), in_of(arc.to), arc.segment, s->cost[arc.segment]);
	}
	if (s->inside[site])
		offer(s, out_of(site), in_of(site), HUB_NONE, 0);
}

/* From the in side: through the site while there is room, and back along a segment by which
 * something comes in. */
static void
relax_in(struct flow *s, uint32_t site)
{
	const struct corridor_graph *g = s->graph;
	bool end = site == s->ends.a || site == s->ends.b;
	if (!end && (s->kind == CORRIDOR_SEGMENT_DISJOINT || s->inside[site] == 0))
		offer(s, in_of(site), out_of(site), HUB_NONE, 0);
	else if (!end && s->again && s->inside[site] == 1)
		offer(s, in_of(site), out_of(site), HUB_NONE, s->again);
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		struct corridor_arc arc = g->arcs[i];
		/* Travelled from the other end towards here: may be taken back. */
		if (arc.to != site && s->flow[arc.segment] != FLOW_NONE &&
		    s->flow[arc.segment] == direction_from(s, arc.segment, arc.to))
			offer(s, in_of(site), out_of(arc.to), arc.segment, -s->cost[arc.segment]);
	}
}

/* Finds the cheapest way for one more unit. False if there is none. */
static bool
search(struct flow *s)
{
	size_t states = 2 * s->graph->site_count;
	memset(s->label, 0xff, states * sizeof(*s->label));
	s->heap.count = 0;
	s->label[out_of(s->ends.a)] = 0;
	push(s, 0, out_of(s->ends.a));
	while (s->heap.count && !s->failed) {
		struct corridor_heap_entry next = corridor_heap_pop(&s->heap);
		if (next.key != s->label[next.at])
			continue;
		if (next.at & 1)
			relax_out(s, next.at / 2);
		else
			relax_in(s, next.at / 2);
	}
	return !s->failed && s->label[in_of(s->ends.b)] != CORRIDOR_CLOSED;
}

/* Sends one unit along the way just found, and makes its costs the potentials. A state that was not
 * reached can never be: what is added to the graph by the flow lies between states that were. */
static void
augment(struct flow *s)
{
	uint32_t state = in_of(s->ends.b);
	while (state != out_of(s->ends.a)) {
		struct via v = s->via[state];
		if (v.segment == HUB_NONE)
			s->inside[state / 2] += state & 1 ? 1 : -1;
		else if (v.state & 1)
			s->flow[v.segment] = direction_from(s, v.segment, v.state / 2);
		else
			s->flow[v.segment] = FLOW_NONE;
		state = v.state;
	}
	for (size_t i = 0; i < 2 * s->graph->site_count; i++) {
		if (s->label[i] != CORRIDOR_CLOSED)
			s->potential[i] += s->label[i];
	}
}

/* Takes one way out of the flow. Costs are above 0, so the flow has no cycles and the way touches
 * no site twice. */
static int
take_way(struct corridor_path *out, struct flow *s)
{
	const struct corridor_graph *g = s->graph;
	uint32_t *numbers = calloc(2 * g->site_count + 1, sizeof(*numbers));
	if (!numbers)
		return -1;
	struct corridor_path path = {.segments = numbers, .sites = numbers + g->site_count};
	uint32_t site = s->ends.a;
	path.sites[0] = site;
	while (site != s->ends.b) {
		uint32_t i = g->first_arc[site];
		while (s->flow[g->arcs[i].segment] == FLOW_NONE ||
		       s->flow[g->arcs[i].segment] != direction_from(s, g->arcs[i].segment, site))
			i++;
		assert(i < g->first_arc[site + 1] && path.segment_count < g->site_count);
		struct corridor_arc arc = g->arcs[i];
		s->flow[arc.segment] = FLOW_NONE;
		path.cost += s->cost[arc.segment];
		path.segments[path.segment_count++] = arc.segment;
		path.sites[path.segment_count] = site = arc.to;
	}
	*out = path;
	return 0;
}

static int
compare_paths(const void *a, const void *b)
{
	const struct corridor_path *x = a, *y = b;
	return (x->cost > y->cost) - (x->cost < y->cost);
}

static int
take_ways(struct corridor_paths *out, struct flow *s, size_t count)
{
	out->paths = calloc(count + 1, sizeof(*out->paths));
	if (!out->paths)
		return -1;
	while (out->count < count) {
		if (take_way(&out->paths[out->count], s) < 0)
			return -1;
		out->count++;
	}
	qsort(out->paths, out->count, sizeof(*out->paths), compare_paths);
	return 0;
}

static void
flow_fini(struct flow *s)
{
	free(s->flow);
	free(s->inside);
	free(s->potential);
	free(s->label);
	free(s->via);
	free(s->heap.entries);
}

/* Sends at most `k` units; how many there were in *count. After fewer than `k` the labels are those
 * of the search that failed. */
static int
send(struct flow *s, unsigned k, size_t *count)
{
	size_t states = 2 * s->graph->site_count;
	s->flow = calloc(s->graph->segment_count + 1, sizeof(*s->flow));
	s->inside = calloc(s->graph->site_count, sizeof(*s->inside));
	s->potential = calloc(states, sizeof(*s->potential));
	s->label = calloc(states, sizeof(*s->label));
	s->via = calloc(states, sizeof(*s->via));
	if (!s->flow || !s->inside || !s->potential || !s->label || !s->via)
		return -1;
	for (*count = 0; *count < k && search(s); (*count)++)
		augment(s);
	return s->failed ? -1 : 0;
}

int
corridor_disjoint_ways(struct corridor_paths *out, const struct corridor_graph *graph,
		       const uint64_t *cost, struct corridor_ends ends,
		       enum corridor_disjointness kind, unsigned k)
{
	assert(out && graph && cost && ends.a != ends.b);
	assert(ends.a < graph->site_count && ends.b < graph->site_count);
	struct flow s = {.graph = graph, .cost = cost, .ends = ends, .kind = kind};
	size_t count;
	*out = (struct corridor_paths){0};
	int result = send(&s, k, &count);
	if (result == 0)
		result = take_ways(out, &s, count);
	flow_fini(&s);
	if (result < 0)
		corridor_paths_fini(out);
	return result;
}

int
corridor_disjoint_pair(struct corridor_paths *out, const struct corridor_graph *graph,
		       const uint64_t *cost, struct corridor_ends ends,
		       enum corridor_disjointness kind)
{
	int result = corridor_disjoint_ways(out, graph, cost, ends, kind, 2);
	if (result == 0 && out->count < 2)
		corridor_paths_fini(out);
	return result;
}

/* The same segments once more: those of the second half cost `more`, for a second way over them. */
static struct corridor_graph *
doubled(uint64_t **cost_out, const struct corridor_graph *graph, const uint64_t *cost,
	uint64_t more)
{
	size_t n = graph->segment_count;
	struct corridor_ends *ends = calloc(2 * n + 1, sizeof(*ends));
	uint64_t *costs = calloc(2 * n + 1, sizeof(*costs));
	struct corridor_graph *twice = NULL;
	if (ends && costs) {
		memcpy(ends, graph->ends, n * sizeof(*ends));
		memcpy(ends + n, graph->ends, n * sizeof(*ends));
		for (size_t i = 0; i < n; i++) {
			costs[i] = cost[i];
			costs[n + i] =
				cost[i] == CORRIDOR_CLOSED ? CORRIDOR_CLOSED : cost[i] + more;
		}
		twice = corridor_graph_new(graph->site_count, ends, 2 * n);
	}
	free(ends);
	if (!twice)
		free(costs);
	else
		*cost_out = costs;
	return twice;
}

/* More than any pair costs, unless that many times it would overflow. */
static uint64_t
price_of_sharing(const struct corridor_graph *graph, const uint64_t *cost)
{
	uint64_t sum = 1, most = UINT64_MAX / 16 / (graph->site_count + 1);
	for (size_t i = 0; i < graph->segment_count; i++) {
		if (cost[i] == CORRIDOR_CLOSED)
			continue;
		sum = cost[i] > most - sum ? most : sum + cost[i];
	}
	return 2 * sum;
}

/* Segments of the second half are those of the first. */
static void
undouble(struct corridor_path *path, const struct corridor_graph *graph, const uint64_t *cost)
{
	path->cost = 0;
	for (size_t i = 0; i < path->segment_count; i++) {
		path->segments[i] %= (uint32_t)graph->segment_count;
		path->cost += cost[path->segments[i]];
	}
}

int
corridor_disjoint_least(struct corridor_paths *out, const struct corridor_graph *graph,
			const uint64_t *cost, struct corridor_ends ends,
			enum corridor_disjointness kind)
{
	assert(out && graph && cost && ends.a != ends.b);
	uint64_t *costs, more = price_of_sharing(graph, cost);
	*out = (struct corridor_paths){0};
	struct corridor_graph *twice = doubled(&costs, graph, cost, more);
	if (!twice)
		return -1;
	struct flow s = {.graph = twice, .cost = costs, .ends = ends, .kind = kind, .again = more};
	size_t count;
	int result = send(&s, 2, &count);
	if (result == 0)
		result = take_ways(out, &s, count);
	flow_fini(&s);
	corridor_graph_free(twice);
	free(costs);
	if (result < 0)
		corridor_paths_fini(out);
	for (size_t i = 0; i < out->count; i++)
		undouble(&out->paths[i], graph, cost);
	if (out->count == 2)
		qsort(out->paths, 2, sizeof(*out->paths), compare_paths);
	return result;
}

/* The site that stands for a segment of the cut when sites are asked for: taking it away takes the
 * segment away. No other way goes through it. HUB_NONE if the segment joins the ends. */
static uint32_t
site_for(const struct flow *s, uint32_t from, uint32_t to)
{
	if (s->kind == CORRIDOR_SEGMENT_DISJOINT)
		return HUB_NONE;
	return to != s->ends.b ? to : from != s->ends.a ? from : HUB_NONE;
}

/* Where the flow cannot get further: segments from a site that it reaches to one that it does not,
 * and sites that it enters and cannot leave. */
static int
take_cut(struct corridor_cut *out, const struct flow *s)
{
	const struct corridor_graph *g = s->graph;
	out->segments = calloc(out->ways + 1, sizeof(*out->segments));
	out->sites = calloc(out->ways + 1, sizeof(*out->sites));
	if (!out->segments || !out->sites)
		return -1;
	for (uint32_t i = 0; i < g->segment_count; i++) {
		if (s->flow[i] == FLOW_NONE)
			continue;
		uint32_t from = s->flow[i] == FLOW_AB ? g->ends[i].a : g->ends[i].b;
		uint32_t to = s->flow[i] == FLOW_AB ? g->ends[i].b : g->ends[i].a;
		if (s->label[out_of(from)] == CORRIDOR_CLOSED ||
		    s->label[in_of(to)] != CORRIDOR_CLOSED)
			continue;
		uint32_t site = site_for(s, from, to);
		if (site == HUB_NONE)
			out->segments[out->segment_count++] = i;
		else
			out->sites[out->site_count++] = site;
	}
	for (uint32_t i = 0; i < g->site_count; i++)
		if (i != s->ends.a && i != s->ends.b && s->label[in_of(i)] != CORRIDOR_CLOSED &&
		    s->label[out_of(i)] == CORRIDOR_CLOSED)
			out->sites[out->site_count++] = i;
	assert(out->segment_count + out->site_count == out->ways);
	return 0;
}

int
corridor_cut_find(struct corridor_cut *out, const struct corridor_graph *graph,
		  const uint64_t *cost, struct corridor_ends ends, enum corridor_disjointness kind)
{
	assert(out && graph && cost && ends.a != ends.b);
	assert(ends.a < graph->site_count && ends.b < graph->site_count);
	struct flow s = {.graph = graph, .cost = cost, .ends = ends, .kind = kind};
	*out = (struct corridor_cut){0};
	int result = send(&s, UINT32_MAX, &out->ways);
	if (result == 0)
		result = take_cut(out, &s);
	flow_fini(&s);
	if (result < 0)
		corridor_cut_fini(out);
	return result;
}

void
corridor_cut_fini(struct corridor_cut *cut)
{
	free(cut->segments);
	free(cut->sites);
	*cut = (struct corridor_cut){0};
}
