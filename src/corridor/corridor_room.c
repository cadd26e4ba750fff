/* The greatest flow, by Dinic's algorithm (1970): sites get levels by their distance from the first
 * end over segments with room left; along rising levels all is filled that can be; and again until
 * the other end has no level. A segment's flow is one number, from its first end to its second when
 * above 0: what goes against it takes it back.
 *
 *   levels ──► fill: walk up the levels, at the end add what the narrowest segment of the walk has,
 *     ▲         │    where it ends blindly step back and never take that segment again
 *     └─────────┘ */
#include "corridor/corridor_room.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define UNREACHED UINT32_MAX

struct work {
	const struct corridor_graph *graph;
	struct corridor_ends ends;
	int64_t *room, *flow; /* of each segment */
	uint32_t *level;      /* of each site */
	uint32_t *next;       /* of each site: its arc that is to be tried next */
	uint32_t *sites;      /* a queue, or the walk */
	uint32_t *walk;       /* segments of the walk */
};

/* What may still be sent over a segment from this site. */
static int64_t
left(const struct work *w, uint32_t from, uint32_t segment)
{
	bool along = w->graph->ends[segment].a == from;
	return along ? w->room[segment] - w->flow[segment] : w->room[segment] + w->flow[segment];
}

static void
send(struct work *w, uint32_t from, uint32_t segment, int64_t amount)
{
	w->flow[segment] += w->graph->ends[segment].a == from ? amount : -amount;
}

/* Is there a way with room? */
static bool
find_levels(struct work *w)
{
	const struct corridor_graph *g = w->graph;
	size_t head = 0, tail = 0;
	for (size_t i = 0; i < g->site_count; i++) {
		w->level[i] = UNREACHED;
		w->next[i] = g->first_arc[i];
	}
	w->level[w->ends.a] = 0;
	w->sites[tail++] = w->ends.a;
	while (head < tail) {
		uint32_t at = w->sites[head++];
		for (uint32_t i = g->first_arc[at]; i < g->first_arc[at + 1]; i++) {
			struct corridor_arc arc = g->arcs[i];
			if (w->level[arc.to] != UNREACHED || left(w, at, arc.segment) <= 0)
				continue;
			w->level[arc.to] = w->level[at] + 1;
			w->sites[tail++] = arc.to;
		}
	}
	return w->level[w->ends.b] != UNREACHED;
}

/* Sends what the walk of `length` segments has room for. Returns how much, and how many of its segments
 * come before the first that is full now. */
static int64_t
send_walk(struct work *w, size_t length, size_t *kept)
{
	int64_t amount = INT64_MAX;
	for (size_t i = 0; i < length; i++) {
		int64_t one = left(w, w->sites[i], w->walk[i]);
		if (one >= amount)
			continue;
		amount = one;
		*kept = i;
	}
	for (size_t i = 0; i < length; i++)
		send(w, w->sites[i], w->walk[i], amount);
	return amount;
}

/* The next arc of a site that rises and has room; NULL: none. */
static const struct corridor_arc *
rising(struct work *w, uint32_t at)
{
	const struct corridor_graph *g = w->graph;
	for (; w->next[at] < g->first_arc[at + 1]; w->next[at]++) {
		const struct corridor_arc *arc = &g->arcs[w->next[at]];
		if (w->level[arc->to] == w->level[at] + 1 && left(w, at, arc->segment) > 0)
			return arc;
	}
	return NULL;
}

static uint64_t
fill(struct work *w)
{
	uint64_t sent = 0;
	size_t length = 0;
	w->sites[0] = w->ends.a;
	for (;;) {
		uint32_t at = w->sites[length];
		if (at == w->ends.b) {
			sent += (uint64_t)send_walk(w, length, &length);
			continue;
		}
		const struct corridor_arc *arc = rising(w, at);
		if (arc) {
			w->walk[length] = arc->segment;
			w->sites[++length] = arc->to;
		} else if (length == 0) {
			return sent;
		} else {
			w->next[w->sites[--length]]++;
		}
	}
}

/* Segments from where there is room to where there is none. */
static int
take_cut(struct corridor_room *out, const struct work *w)
{
	const struct corridor_graph *g = w->graph;
	out->segments = calloc(g->segment_count + 1, sizeof(*out->segments));
	if (!out->segments)
		return -1;
	for (uint32_t s = 0; s < g->segment_count; s++) {
		bool a = w->level[g->ends[s].a] != UNREACHED,
		     b = w->level[g->ends[s].b] != UNREACHED;
		if (a != b && w->room[s] > 0)
			out->segments[out->count++] = s;
	}
	return 0;
}

int
corridor_room_find(struct corridor_room *out, const struct corridor_graph *graph,
		   const uint64_t *cost, const uint64_t *capacity_bps, struct corridor_ends ends)
{
	assert(out && graph && cost && capacity_bps && ends.a != ends.b);
	size_t sites = graph->site_count + 1, segments = graph->segment_count + 1;
	struct work w = {
		.graph = graph,
		.ends = ends,
		.room = calloc(segments, sizeof(*w.room)),
		.flow = calloc(segments, sizeof(*w.flow)),
		.level = calloc(sites, sizeof(*w.level)),
		.next = calloc(sites, sizeof(*w.next)),
		.sites = calloc(sites, sizeof(*w.sites)),
		.walk = calloc(sites, sizeof(*w.walk)),
	};
	int result = w.room && w.flow && w.level && w.next && w.sites && w.walk ? 0 : -1;
	*out = (struct corridor_room){0};
	for (size_t s = 0; s < graph->segment_count && result == 0; s++)
		w.room[s] = cost[s] == CORRIDOR_CLOSED ? 0 : (int64_t)capacity_bps[s];
	while (result == 0 && find_levels(&w))
		out->bps += fill(&w);
	if (result == 0)
		result = take_cut(out, &w);
	free(w.room);
	free(w.flow);
	free(w.level);
	free(w.next);
	free(w.sites);
	free(w.walk);
	return result;
}

int
corridor_room_of_plan(struct corridor_room *told, struct corridor_range *gbps,
		      const struct corridor_plan *plan, const uint64_t *cost,
		      struct corridor_ends ends)
{
	const struct corridor_graph *g = plan->graph;
	uint64_t *capacity = malloc((g->segment_count + 1) * sizeof(*capacity));
	double *bounds[] = {&gbps->value, &gbps->low, &gbps->high};
	int result = capacity ? 0 : -1;
	*told = (struct corridor_room){0};
	for (int bound = 0; bound < 3 && result == 0; bound++) {
		struct corridor_room room;
		for (size_t s = 0; s < g->segment_count; s++) {
			const struct corridor_fact *tbps = &plan->segments[s].capacity_tbps;
			double at = bound == 1 ? tbps->low : tbps->high;
			capacity[s] = bound ? (uint64_t)(at * 1e12 + 0.5)
					    : plan->segments[s].capacity_bps;
		}
		result = corridor_room_find(&room, g, cost, capacity, ends);
		if (result < 0)
			break;
		*bounds[bound] = (double)room.bps / 1e9;
		if (bound)
			corridor_room_fini(&room);
		else
			*told = room;
	}
	free(capacity);
	if (result < 0)
		corridor_room_fini(told);
	return result;
}

void
corridor_room_fini(struct corridor_room *room)
{
	free(room->segments);
	*room = (struct corridor_room){0};
}
