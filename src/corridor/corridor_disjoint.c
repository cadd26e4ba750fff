/* Disjoint pairs.
 *
 * Without groups the pair is a flow of two units at least cost: the shortest way first, then the
 * shortest in what is left, where a segment in use may be travelled backwards to take it back
 * (Suurballe 1974, Bhandari 1999). Every site is two states, so that a site in use can be closed:
 *
 *        ──► [ in ] ──internal──► [ out ] ──►        site v: in is 2v, out is 2v + 1
 *
 * The costs of the first search are potentials for the second, which keeps all its costs at 0 or
 * above. */
#include "corridor/corridor_disjoint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_search.h"

struct entry {
	uint64_t key;
	uint32_t state;
};

/* How a state was reached: from which one, and over which segment (HUB_NONE: inside its site). */
struct via {
	uint32_t state, segment;
};

/* Who travels a segment. */
enum flow { FLOW_NONE, FLOW_AB, FLOW_BA };

struct suurballe {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	struct corridor_ends ends;
	enum corridor_disjointness kind;
	uint8_t *flow;       /* enum flow, of each segment */
	uint8_t *inside;     /* units that pass through each site */
	uint64_t *potential; /* of each state */
	uint64_t *label;
	struct via *via;
	struct entry *heap;
	size_t heap_count, heap_room;
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
push(struct suurballe *s, uint64_t key, uint32_t state)
{
	if (s->heap_count == s->heap_room) {
		size_t room = s->heap_room ? 2 * s->heap_room : 256;
		struct entry *heap = realloc(s->heap, room * sizeof(*heap));
		if (!heap) {
			s->failed = true;
			return;
		}
		s->heap = heap;
		s->heap_room = room;
	}
	size_t i = s->heap_count++;
	for (; i > 0 && s->heap[(i - 1) / 2].key > key; i = (i - 1) / 2)
		s->heap[i] = s->heap[(i - 1) / 2];
	s->heap[i] = (struct entry){key, state};
}

static struct entry
pop(struct suurballe *s)
{
	struct entry top = s->heap[0], last = s->heap[--s->heap_count];
	size_t i = 0;
	for (size_t child = 1; child < s->heap_count; child = 2 * i + 1) {
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

/* Offers `to` a way from `from` at `cost`, which may stand for a cost below 0 (two's complement):
 * potentials bring it back to 0 or above. */
static void
offer(struct suurballe *s, uint32_t from, uint32_t to, uint32_t segment, uint64_t cost)
{
	uint64_t label = s->label[from] + cost + s->potential[from] - s->potential[to];
	if (label >= s->label[to])
		return;
	s->label[to] = label;
	s->via[to] = (struct via){from, segment};
	push(s, label, to);
}

/* FLOW_AB if travelling the segment from `site` goes from a to b. */
static enum flow
direction_from(const struct suurballe *s, uint32_t segment, uint32_t site)
{
	return s->graph->ends[segment].a == site ? FLOW_AB : FLOW_BA;
}

/* From the out side of a site: over free segments; and back inside, where something passes. */
static void
relax_out(struct suurballe *s, uint32_t site)
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
relax_in(struct suurballe *s, uint32_t site)
{
	const struct corridor_graph *g = s->graph;
	bool end = site == s->ends.a || site == s->ends.b;
	if (!end && (s->kind == CORRIDOR_SEGMENT_DISJOINT || s->inside[site] == 0))
		offer(s, in_of(site), out_of(site), HUB_NONE, 0);
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
search(struct suurballe *s)
{
	size_t states = 2 * s->graph->site_count;
	memset(s->label, 0xff, states * sizeof(*s->label));
	s->heap_count = 0;
	s->label[out_of(s->ends.a)] = 0;
	push(s, 0, out_of(s->ends.a));
	while (s->heap_count && !s->failed) {
		struct entry next = pop(s);
		if (next.key != s->label[next.state])
			continue;
		if (next.state & 1)
			relax_out(s, next.state / 2);
		else
			relax_in(s, next.state / 2);
	}
	return !s->failed && s->label[in_of(s->ends.b)] != CORRIDOR_CLOSED;
}

/* Sends one unit along the way just found, and makes its costs the potentials. A state that was not
 * reached can never be: what is added to the graph by the flow lies between states that were. */
static void
augment(struct suurballe *s)
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
take_way(struct corridor_path *out, struct suurballe *s)
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
two_paths(struct corridor_paths *out, struct corridor_path a, struct corridor_path b)
{
	out->paths = calloc(2, sizeof(*out->paths));
	if (!out->paths)
		return -1;
	out->count = 2;
	out->paths[0] = a.cost <= b.cost ? a : b;
	out->paths[1] = a.cost <= b.cost ? b : a;
	return 0;
}

static int
take_both(struct corridor_paths *out, struct suurballe *s)
{
	struct corridor_path a = {0}, b = {0};
	if (take_way(&a, s) == 0 && take_way(&b, s) == 0 && two_paths(out, a, b) == 0)
		return 0;
	free(a.segments);
	free(b.segments);
	return -1;
}

int
corridor_disjoint_pair(struct corridor_paths *out, const struct corridor_graph *graph,
		       const uint64_t *cost, struct corridor_ends ends,
		       enum corridor_disjointness kind)
{
	assert(out && graph && cost && ends.a != ends.b);
	assert(ends.a < graph->site_count && ends.b < graph->site_count);
	struct suurballe s = {.graph = graph, .cost = cost, .ends = ends, .kind = kind};
	size_t states = 2 * graph->site_count;
	int result = -1;
	*out = (struct corridor_paths){0};
	s.flow = calloc(graph->segment_count + 1, sizeof(*s.flow));
	s.inside = calloc(graph->site_count, sizeof(*s.inside));
	s.potential = calloc(states, sizeof(*s.potential));
	s.label = calloc(states, sizeof(*s.label));
	s.via = calloc(states, sizeof(*s.via));
	if (!s.flow || !s.inside || !s.potential || !s.label || !s.via)
		goto done;
	bool found = search(&s);
	if (found) {
		augment(&s);
		found = search(&s);
	}
	if (found)
		augment(&s);
	if (!s.failed)
		result = found ? take_both(out, &s) : 0;
done:
	free(s.flow);
	free(s.inside);
	free(s.potential);
	free(s.label);
	free(s.via);
	free(s.heap);
	return result;
}

/* Closes in `left` every segment that shares a fate with the way. `hit` has room for the groups. */
static void
close_shared(uint64_t *left, bool *hit, const struct corridor_graph *graph,
	     const struct corridor_groups *groups, const struct corridor_path *path)
{
	memset(hit, 0, groups->group_count * sizeof(*hit));
	for (size_t i = 0; i < path->segment_count; i++) {
		uint32_t s = path->segments[i];
		left[s] = CORRIDOR_CLOSED;
		for (uint32_t k = groups->first[s]; k < groups->first[s + 1]; k++)
			hit[groups->groups[k]] = true;
	}
	for (size_t s = 0; s < graph->segment_count; s++) {
		for (uint32_t k = groups->first[s]; k < groups->first[s + 1]; k++) {
			if (hit[groups->groups[k]])
				left[s] = CORRIDOR_CLOSED;
		}
	}
}

/* What trying all ways in order needs. */
struct trial {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	struct corridor_ends ends;
	const struct corridor_groups *groups;
	struct corridor_search *search;
	uint64_t *left; /* costs without what the first way shares */
	bool *hit;
	struct corridor_paths ways;
};

/* Index of the way whose best partner makes the cheapest pair, or ways.count. Both of a pair cost
 * at least as much as its cheaper one: once that is half the best total, nothing later is better.
 */
static size_t
try_all(struct trial *t, bool *proven)
{
	uint64_t best = CORRIDOR_CLOSED;
	size_t which = t->ways.count;
	*proven = t->ways.count < CORRIDOR_PATHS_MAX;
	for (size_t i = 0; i < t->ways.count; i++) {
		if (2 * t->ways.paths[i].cost >= best) {
			*proven = true;
			break;
		}
		memcpy(t->left, t->cost, t->graph->segment_count * sizeof(*t->left));
		close_shared(t->left, t->hit, t->graph, t->groups, &t->ways.paths[i]);
		corridor_search_run(t->search, t->left, t->ends.a, t->ends.b);
		uint64_t partner = corridor_search_cost(t->search, t->ends.b);
		if (partner != CORRIDOR_CLOSED && t->ways.paths[i].cost + partner < best) {
			best = t->ways.paths[i].cost + partner;
			which = i;
		}
	}
	return which;
}

static int
find_groups(struct corridor_paths *out, bool *proven, struct trial *t)
{
	struct corridor_paths partner = {0};
	if (corridor_paths_find(&t->ways, t->graph, t->cost, t->ends, CORRIDOR_PATHS_MAX) < 0)
		return -1;
	size_t which = try_all(t, proven);
	if (which == t->ways.count)
		return 0;
	memcpy(t->left, t->cost, t->graph->segment_count * sizeof(*t->left));
	close_shared(t->left, t->hit, t->graph, t->groups, &t->ways.paths[which]);
	if (corridor_paths_find(&partner, t->graph, t->left, t->ends, 1) < 0)
		return -1;
	assert(partner.count == 1);
	int result = two_paths(out, t->ways.paths[which], partner.paths[0]);
	/* Both ways have gone over to *out, or neither has. */
	if (result == 0) {
		t->ways.paths[which] = (struct corridor_path){0};
		partner.paths[0] = (struct corridor_path){0};
	}
	corridor_paths_fini(&partner);
	return result;
}

int
corridor_disjoint_groups(struct corridor_paths *out, bool *proven,
			 const struct corridor_graph *graph, const uint64_t *cost,
			 struct corridor_ends ends, const struct corridor_groups *groups)
{
	assert(out && proven && graph && cost && groups && ends.a != ends.b);
	struct trial t = {.graph = graph, .cost = cost, .ends = ends, .groups = groups};
	int result = -1;
	*out = (struct corridor_paths){0};
	t.search = corridor_search_new(graph);
	t.left = calloc(graph->segment_count + 1, sizeof(*t.left));
	t.hit = calloc(groups->group_count + 1, sizeof(*t.hit));
	if (t.search && t.left && t.hit)
		result = find_groups(out, proven, &t);
	corridor_paths_fini(&t.ways);
	corridor_search_free(t.search);
	free(t.left);
	free(t.hit);
	return result;
}

/* The number of the group named `name`: that of the first segment and place where it stands. */
static uint32_t
group_number(const struct hub *hub, const struct corridor_groups *g, size_t segment,
	     const char *name)
{
	for (size_t s = 0; s < segment; s++) {
		for (size_t k = 0; k < hub->segments[s].srlg_count; k++) {
			if (strcmp(hub->segments[s].srlgs[k], name) == 0)
				return g->groups[g->first[s] + k];
		}
	}
	return (uint32_t)g->group_count;
}

int
corridor_groups_of_hub(struct corridor_groups *out, const struct hub *hub)
{
	assert(out && hub);
	struct corridor_groups g = {.first = calloc(hub->segment_count + 1, sizeof(*g.first))};
	size_t places = 0;
	for (size_t s = 0; s < hub->segment_count; s++)
		places += hub->segments[s].srlg_count;
	g.groups = calloc(places + 1, sizeof(*g.groups));
	if (!g.first || !g.groups) {
		corridor_groups_fini(&g);
		return -1;
	}
	for (size_t s = 0; s < hub->segment_count; s++) {
		g.first[s + 1] = g.first[s] + (uint32_t)hub->segments[s].srlg_count;
		for (size_t k = 0; k < hub->segments[s].srlg_count; k++) {
			uint32_t n = group_number(hub, &g, s, hub->segments[s].srlgs[k]);
			g.groups[g.first[s] + k] = n;
			g.group_count += n == g.group_count;
		}
	}
	*out = g;
	return 0;
}

void
corridor_groups_fini(struct corridor_groups *groups)
{
	free(groups->first);
	free(groups->groups);
	*groups = (struct corridor_groups){0};
}
