/* Ways in the order of their costs.
 *
 * All ways are a set that is split again and again (Yen 1971, Lawler 1972). A part of it are the
 * ways that begin with the same few segments and then do not take certain others; what its cheapest
 * costs at least is known from a search backwards from the end, made once. The part that promises
 * most is looked into first (A* with those costs as the promise); its cheapest way is handed out,
 * and the rest of the part is split by where a way leaves that one:
 *
 *   from ──●──●──●──●──► to          the cheapest of the part
 *             │  └──► part: same start, not this segment
 *             └─────► part
 *
 * What is required makes the graph several: a state is a site and what is still needed there, and
 * a segment that meets some of it leads from layer to layer. In that graph the cheapest may touch a
 * site twice. Then it is no way, but still a bound, and its part is split by where ways leave it
 * before that happens. What lies on no way from where the part has come to (a dead end) is closed;
 * a part that cannot meet what it needs any more is dropped. */
#include "corridor/corridor_ways.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_block.h"

/* States looked at before giving up: below a second. */
enum { WORK_MAX = 2000000 };

struct entry {
	uint64_t key;
	uint32_t state;
};

/* How a state was reached. */
struct via {
	uint32_t state, segment;
};

/* The ways that begin with `kept` segments and whose next is not one of `barred`. Once looked into,
 * `segments` and `sites` are its cheapest way as a whole. */
struct part {
	uint64_t bound; /* none costs less */
	bool looked_into;
	size_t kept, count; /* of segments: fixed, and in all */
	uint32_t *segments, *sites;
	uint32_t *barred;
	size_t barred_count;
};

struct corridor_ways {
	const struct corridor_graph *graph;
	const uint64_t *cost;
	struct corridor_ends ends;
	struct corridor_musts musts; /* count 0: arrays are NULL */
	struct arena *arena;
	uint64_t *rest; /* of each state: to the end, at least */
	uint64_t *label;
	struct via *via;
	bool *closed;                 /* sites that a part has been to */
	struct corridor_block *block; /* only where something is required */
	bool *on;                     /* segments on ways from where the part has come to */
	bool narrowed;                /* only those may be used */
	uint64_t *cost_on_ways;       /* `cost`, but for what is on no way at all */
	uint32_t *touched;
	size_t touched_count; /* states with a label */
	struct entry *heap;
	size_t heap_count, heap_room;
	struct part **parts; /* a heap, the best first */
	size_t part_count, part_room;
	size_t work;
	bool gave_up;
};

/* What going over the segment to the site meets. */
static uint32_t
met_by(const struct corridor_ways *w, uint32_t segment, uint32_t site)
{
	return w->musts.count ? w->musts.segments[segment] | w->musts.sites[site] : 0;
}

static uint32_t
state_of(const struct corridor_ways *w, uint32_t site, uint32_t needed)
{
	return site << w->musts.count | needed;
}

static uint32_t
site_of(const struct corridor_ways *w, uint32_t state)
{
	return state >> w->musts.count;
}

static uint32_t
needed_at(const struct corridor_ways *w, uint32_t state)
{
	return state & ((1u << w->musts.count) - 1);
}

/* --- the heap of states --- */

static int
push(struct corridor_ways *w, uint64_t key, uint32_t state)
{
	if (w->heap_count == w->heap_room) {
		size_t room = w->heap_room ? 2 * w->heap_room : 256;
		struct entry *heap = realloc(w->heap, room * sizeof(*heap));
		if (!heap)
			return -1;
		w->heap = heap;
		w->heap_room = room;
	}
	size_t i = w->heap_count++;
	for (; i > 0 && w->heap[(i - 1) / 2].key > key; i = (i - 1) / 2)
		w->heap[i] = w->heap[(i - 1) / 2];
	w->heap[i] = (struct entry){key, state};
	return 0;
}

static struct entry
pop(struct corridor_ways *w)
{
	struct entry top = w->heap[0], last = w->heap[--w->heap_count];
	size_t i = 0;
	for (size_t child = 1; child < w->heap_count; child = 2 * i + 1) {
		if (child + 1 < w->heap_count && w->heap[child + 1].key < w->heap[child].key)
			child++;
		if (last.key <= w->heap[child].key)
			break;
		w->heap[i] = w->heap[child];
		i = child;
	}
	w->heap[i] = last;
	return top;
}

/* Sums of what may be CORRIDOR_CLOSED, or of bounds of ways that nobody would travel. */
static uint64_t
add(uint64_t a, uint64_t b)
{
	return a > CORRIDOR_CLOSED - b ? CORRIDOR_CLOSED : a + b;
}

/* --- the search backwards --- */

/* Offers the states at `site` from which the segment leads into `state` a rest of `rest`: all that
 * need what the segment and the end of it meet, or less, besides what `state` needs. */
static int
offer_back(struct corridor_ways *w, uint32_t state, uint32_t segment, uint32_t site)
{
	uint32_t met = met_by(w, segment, site_of(w, state)), needed = needed_at(w, state);
	uint64_t rest = add(w->rest[state], w->cost[segment]);
	for (uint32_t some = met;; some = (some - 1) & met) {
		uint32_t from = state_of(w, site, needed | some);
		if (rest < w->rest[from]) {
			w->rest[from] = rest;
			if (push(w, rest, from) < 0)
				return -1;
		}
		if (some == 0)
			return 0;
	}
}

/* Fills `rest`. Nothing goes on from the end, so nothing is offered to it: who comes there in need
 * of something is as far off as can be. */
static int
search_back(struct corridor_ways *w)
{
	const struct corridor_graph *g = w->graph;
	uint32_t end = state_of(w, w->ends.b, 0);
	memset(w->rest, 0xff, (g->site_count << w->musts.count) * sizeof(*w->rest));
	w->rest[end] = 0;
	if (push(w, 0, end) < 0)
		return -1;
	while (w->heap_count) {
		struct entry next = pop(w);
		if (next.key != w->rest[next.state])
			continue;
		uint32_t site = site_of(w, next.state);
		for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
			struct corridor_arc arc = g->arcs[i];
			if (w->cost[arc.segment] == CORRIDOR_CLOSED || arc.to == w->ends.b)
				continue;
			if (offer_back(w, next.state, arc.segment, arc.to) < 0)
				return -1;
		}
	}
	return 0;
}

/* --- parts --- */

/* Of parts that promise the same, those not looked into go first, so that all ways of a cost are
 * known before the first of them is handed out. */
static bool
goes_before(const struct part *a, const struct part *b)
{
	if (a->bound != b->bound)
		return a->bound < b->bound;
	if (a->looked_into != b->looked_into)
		return b->looked_into;
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (a->segments[i] != b->segments[i])
			return a->segments[i] < b->segments[i];
	return a->count < b->count;
}

static int
put_part(struct corridor_ways *w, struct part *part)
{
	if (w->part_count == w->part_room) {
		size_t room = w->part_room ? 2 * w->part_room : 64;
		struct part **parts = realloc(w->parts, room * sizeof(*parts));
		if (!parts)
			return -1;
		w->parts = parts;
		w->part_room = room;
	}
	size_t i = w->part_count++;
	for (; i > 0 && goes_before(part, w->parts[(i - 1) / 2]); i = (i - 1) / 2)
		w->parts[i] = w->parts[(i - 1) / 2];
	w->parts[i] = part;
	return 0;
}

static struct part *
take_part(struct corridor_ways *w)
{
	struct part *top = w->parts[0], *last = w->parts[--w->part_count];
	size_t i = 0;
	for (size_t child = 1; child < w->part_count; child = 2 * i + 1) {
		if (child + 1 < w->part_count && goes_before(w->parts[child + 1], w->parts[child]))
			child++;
		if (!goes_before(w->parts[child], last))
			break;
		w->parts[i] = w->parts[child];
		i = child;
	}
	w->parts[i] = last;
	return top;
}

static bool
is_barred(const struct part *p, uint32_t segment)
{
	for (size_t i = 0; i < p->barred_count; i++)
		if (p->barred[i] == segment)
			return true;
	return false;
}

/* Where the part's start ends: the state there, and what it cost. Closes the sites it has been to;
 * open_start opens them again. */
static uint32_t
close_start(struct corridor_ways *w, const struct part *p, uint64_t *spent)
{
	uint32_t needed = (1u << w->musts.count) - 1;
	if (w->musts.count)
		needed &= ~(uint32_t)w->musts.sites[w->ends.a];
	*spent = 0;
	for (size_t i = 0; i < p->kept; i++) {
		w->closed[p->sites[i]] = true;
		*spent += w->cost[p->segments[i]];
		needed &= ~met_by(w, p->segments[i], p->sites[i + 1]);
	}
	w->closed[p->sites[p->kept]] = true;
	return state_of(w, p->sites[p->kept], needed);
}

static void
open_start(struct corridor_ways *w, const struct part *p)
{
	for (size_t i = 0; i <= p->kept; i++)
		w->closed[p->sites[i]] = false;
}

/* The state to which an arc leads from `state`; CORRIDOR_CLOSED costs when it may not be taken. */
static uint32_t
follow(const struct corridor_ways *w, uint32_t state, struct corridor_arc arc, uint64_t *cost)
{
	uint32_t needed = needed_at(w, state) & ~met_by(w, arc.segment, arc.to);
	bool shut = w->closed[arc.to] || (w->narrowed && !w->on[arc.segment]);
	*cost = shut ? CORRIDOR_CLOSED : w->cost[arc.segment];
	return state_of(w, arc.to, needed);
}

/* What a part promises: its start, one more segment, and from there the rest at least. */
static uint64_t
promise(struct corridor_ways *w, const struct part *p)
{
	const struct corridor_graph *g = w->graph;
	uint64_t spent, best = CORRIDOR_CLOSED, cost;
	uint32_t state = close_start(w, p, &spent), site = site_of(w, state);
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		uint32_t next = follow(w, state, g->arcs[i], &cost);
		if (is_barred(p, g->arcs[i].segment))
			continue;
		cost = add(add(spent, cost), w->rest[next]);
		best = cost < best ? cost : best;
	}
	open_start(w, p);
	return best;
}

/* Makes the part of ways that run along `way` for `kept` segments and then leave it. */
static int
split_at(struct corridor_ways *w, const struct part *way, size_t kept)
{
	size_t barred = 1 + (kept == way->kept ? way->barred_count : 0);
	struct part *p = arena_take(w->arena, sizeof(*p));
	uint32_t *numbers = arena_take(w->arena, (2 * kept + 1 + barred) * sizeof(*numbers));
	if (!p || !numbers)
		return -1;
	*p = (struct part){
		.kept = kept,
		.count = kept,
		.segments = numbers,
		.sites = numbers + kept,
		.barred = numbers + 2 * kept + 1,
		.barred_count = barred,
	};
	memcpy(p->segments, way->segments, kept * sizeof(*numbers));
	memcpy(p->sites, way->sites, (kept + 1) * sizeof(*numbers));
	p->barred[0] = way->segments[kept];
	if (barred > 1)
		memcpy(p->barred + 1, way->barred, (barred - 1) * sizeof(*numbers));
	p->bound = promise(w, p);
	return p->bound == CORRIDOR_CLOSED ? 0 : put_part(w, p);
}

/* --- looking into a part --- */

/* Takes an offer as corridor_search does: of equal ones that by the segment that stands first. */
static int
offer(struct corridor_ways *w, uint32_t from, uint32_t to, uint32_t segment, uint64_t cost)
{
	uint64_t label = add(w->label[from], cost);
	if (w->rest[to] == CORRIDOR_CLOSED || label > w->label[to] ||
	    (label == w->label[to] && (w->via[to].segment <= segment || label == CORRIDOR_CLOSED)))
		return 0;
	bool lower = label < w->label[to];
	if (w->label[to] == CORRIDOR_CLOSED)
		w->touched[w->touched_count++] = to;
	w->label[to] = label;
	w->via[to] = (struct via){from, segment};
	return lower ? push(w, add(label, w->rest[to]), to) : 0;
}

/* All arcs of a state; at the start of the part, not those that are barred. */
static int
relax(struct corridor_ways *w, uint32_t state, const struct part *start)
{
	const struct corridor_graph *g = w->graph;
	uint32_t site = site_of(w, state);
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		uint64_t cost;
		uint32_t to = follow(w, state, g->arcs[i], &cost);
		if (cost == CORRIDOR_CLOSED || (start && is_barred(start, g->arcs[i].segment)))
			continue;
		if (offer(w, state, to, g->arcs[i].segment, cost) < 0)
			return -1;
	}
	return 0;
}

/* The cheapest from `start` to the end; the labels are left for the reading. All states that come
 * to the same cost are looked at, so that ties depend on the data alone. */
static int
search(struct corridor_ways *w, const struct part *p, uint32_t start, uint64_t spent)
{
	uint32_t end = state_of(w, w->ends.b, 0);
	w->heap_count = 0;
	w->label[start] = spent;
	w->touched[w->touched_count++] = start;
	w->via[start] = (struct via){HUB_NONE, HUB_NONE};
	if (relax(w, start, p) < 0)
		return -1;
	while (w->heap_count && w->heap[0].key <= w->label[end]) {
		struct entry next = pop(w);
		if (next.state == end || next.key != add(w->label[next.state], w->rest[next.state]))
			continue;
		w->work++;
		if (relax(w, next.state, NULL) < 0)
			return -1;
	}
	return 0;
}

/* Makes the way just found the part's. */
static int
take_way(struct corridor_ways *w, struct part *p, uint32_t start)
{
	uint32_t end = state_of(w, w->ends.b, 0);
	size_t rest = 0;
	for (uint32_t s = end; s != start; s = w->via[s].state)
		rest++;
	size_t count = p->kept + rest;
	uint32_t *numbers = arena_take(w->arena, (2 * count + 1) * sizeof(*numbers));
	if (!numbers)
		return -1;
	memcpy(numbers, p->segments, p->kept * sizeof(*numbers));
	memcpy(numbers + count, p->sites, (p->kept + 1) * sizeof(*numbers));
	size_t i = count;
	for (uint32_t s = end; s != start; s = w->via[s].state) {
		numbers[count + i] = site_of(w, s);
		numbers[--i] = w->via[s].segment;
	}
	p->segments = numbers;
	p->sites = numbers + count;
	p->count = count;
	p->bound = w->label[end];
	p->looked_into = true;
	return 0;
}

/* Narrows the search to what is on a way from `start`; false if that does not meet what is needed.
 */
static bool
keep_block(struct corridor_ways *w, uint32_t start)
{
	const struct corridor_graph *g = w->graph;
	uint32_t needed = needed_at(w, start), site = site_of(w, start);
	w->narrowed = w->musts.count != 0;
	if (!w->narrowed)
		return true;
	corridor_block_find(w->block, w->on, w->cost, w->closed,
			    (struct corridor_ends){site, w->ends.b});
	w->work += g->segment_count / 8;
	for (uint32_t i = 0; i < g->segment_count && needed; i++)
		if (w->on[i])
			needed &= ~(w->musts.segments[i] | w->musts.sites[g->ends[i].a] |
				    w->musts.sites[g->ends[i].b]);
	return needed == 0;
}

/* Finds the part's cheapest way and puts the part back with it, or drops it when it has none. */
static int
look_into(struct corridor_ways *w, struct part *p)
{
	uint64_t spent;
	uint32_t start = close_start(w, p, &spent), end = state_of(w, w->ends.b, 0);
	int result = keep_block(w, start) ? search(w, p, start, spent) : 0;
	w->narrowed = false;
	if (result == 0 && w->label[end] != CORRIDOR_CLOSED)
		result = take_way(w, p, start);
	for (size_t i = 0; i < w->touched_count; i++)
		w->label[w->touched[i]] = CORRIDOR_CLOSED;
	w->touched_count = 0;
	open_start(w, p);
	return result < 0 || !p->looked_into ? result : put_part(w, p);
}

/* How many segments of the part's way can be travelled before a site comes again: all of them if
 * none does. */
static size_t
sound_length(struct corridor_ways *w, const struct part *p)
{
	size_t sound = 0;
	while (sound <= p->count && !w->closed[p->sites[sound]])
		w->closed[p->sites[sound++]] = true;
	for (size_t i = 0; i < sound; i++)
		w->closed[p->sites[i]] = false;
	return sound <= p->count ? sound : p->count;
}

/* Splits what is left of a part by where ways leave its cheapest, before `sound`. */
static int
split(struct corridor_ways *w, const struct part *p, size_t sound)
{
	for (size_t i = p->kept; i < sound; i++)
		if (split_at(w, p, i) < 0)
			return -1;
	return 0;
}

static int
hand_out(struct corridor_path *out, const struct part *p)
{
	uint32_t *numbers = calloc(2 * p->count + 1, sizeof(*numbers));
	if (!numbers)
		return -1;
	memcpy(numbers, p->segments, p->count * sizeof(*numbers));
	memcpy(numbers + p->count, p->sites, (p->count + 1) * sizeof(*numbers));
	*out = (struct corridor_path){
		.cost = p->bound,
		.segment_count = p->count,
		.segments = numbers,
		.sites = numbers + p->count,
	};
	return 1;
}

int
corridor_ways_next(struct corridor_ways *ways, struct corridor_path *out)
{
	assert(ways && out);
	while (ways->part_count && !ways->gave_up) {
		struct part *p = take_part(ways);
		if (!p->looked_into) {
			if (look_into(ways, p) < 0)
				return -1;
			ways->gave_up = ways->work > WORK_MAX;
			continue;
		}
		size_t sound = sound_length(ways, p);
		if (split(ways, p, sound) < 0)
			return -1;
		if (sound == p->count)
			return hand_out(out, p);
	}
	return 0;
}

bool
corridor_ways_gave_up(const struct corridor_ways *ways)
{
	return ways->gave_up;
}

/* The part of all ways; from a site to itself there is one, of nothing, if that will do. */
static int
put_all(struct corridor_ways *w)
{
	struct part *all = arena_take(w->arena, sizeof(*all));
	uint32_t *site = arena_take(w->arena, sizeof(*site));
	if (!all || !site)
		return -1;
	*site = w->ends.a;
	*all = (struct part){.sites = site, .segments = site};
	uint64_t spent;
	uint32_t start = close_start(w, all, &spent);
	open_start(w, all);
	if (w->ends.a == w->ends.b)
		all->looked_into = true;
	else
		all->bound = w->rest[start];
	bool none =
		w->ends.a == w->ends.b ? needed_at(w, start) != 0 : all->bound == CORRIDOR_CLOSED;
	return none ? 0 : put_part(w, all);
}

/* Where something is required, searches would run into every dead end that has it. */
static int
close_dead_ends(struct corridor_ways *w)
{
	size_t count = w->graph->segment_count;
	if (!w->musts.count || w->ends.a == w->ends.b)
		return 0;
	w->block = corridor_block_new(w->graph);
	w->on = calloc(count + 1, sizeof(*w->on));
	w->cost_on_ways = calloc(count + 1, sizeof(*w->cost_on_ways));
	if (!w->block || !w->on || !w->cost_on_ways)
		return -1;
	corridor_block_find(w->block, w->on, w->cost, w->closed, w->ends);
	for (size_t i = 0; i < count; i++)
		w->cost_on_ways[i] = w->on[i] ? w->cost[i] : CORRIDOR_CLOSED;
	w->cost = w->cost_on_ways;
	return 0;
}

struct corridor_ways *
corridor_ways_new(const struct corridor_graph *graph, const uint64_t *cost,
		  struct corridor_ends ends, const struct corridor_musts *musts)
{
	assert(graph && cost && ends.a < graph->site_count && ends.b < graph->site_count);
	struct corridor_ways *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->graph = graph;
	w->cost = cost;
	w->ends = ends;
	if (musts && musts->count)
		w->musts = *musts;
	size_t states = graph->site_count << w->musts.count;
	w->arena = arena_new();
	w->rest = calloc(states, sizeof(*w->rest));
	w->label = calloc(states, sizeof(*w->label));
	w->via = calloc(states, sizeof(*w->via));
	w->touched = calloc(states + 1, sizeof(*w->touched));
	w->closed = calloc(graph->site_count, sizeof(*w->closed));
	if (w->arena && w->rest && w->label && w->via && w->touched && w->closed) {
		memset(w->label, 0xff, states * sizeof(*w->label));
		if (close_dead_ends(w) == 0 && search_back(w) == 0 && put_all(w) == 0)
			return w;
	}
	corridor_ways_free(w);
	return NULL;
}

void
corridor_ways_free(struct corridor_ways *ways)
{
	if (!ways)
		return;
	arena_free(ways->arena);
	free(ways->rest);
	free(ways->label);
	free(ways->via);
	free(ways->touched);
	free(ways->closed);
	corridor_block_free(ways->block);
	free(ways->on);
	free(ways->cost_on_ways);
	free(ways->heap);
	free(ways->parts);
	free(ways);
}
