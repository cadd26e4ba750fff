/* How much of the time two sites are connected, by chance.
 *
 * Sixty-four draws are one word, a bit each. A part is up in most of them: from one draw in which it
 * is down to the next it is a number of draws that is geometric, and so the work is in proportion to
 * what fails. Then one sweep through the graph, with words instead of sites that are reached or
 * not, does for sixty-four draws. Each part has a stream of its own: the result follows from the seed
 * alone. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_connected.h"
#include "corridor/corridor_random.h"

enum { WORDS = 256 }; /* of a batch: 16384 draws */

/* Where a part is in its stream. */
struct stream {
	uint64_t next, place; /* next draw in which it is down; numbers taken */
};

struct drawing {
	const struct corridor_graph *graph;
	const bool *open;
	const struct corridor_parts *known;
	uint64_t seed;
	struct stream *streams; /* of each part */
	uint64_t *down;         /* of one part */
	uint64_t *up;           /* WORDS of each segment */
	uint64_t *reached;      /* of each site, one word */
	uint32_t *queue;        /* sites whose word has changed */
	bool *queued;
};

static void
skip(struct drawing *d, struct stream *s, uint64_t stream, double down)
{
	if (!(down > 0)) {
		s->next = UINT64_MAX;
		return;
	}
	double u = corridor_random(d->seed, stream, s->place++);
	double gap = down < 1 ? floor(log(u) / log1p(-down)) : 0;
	s->next = gap < 1e18 ? s->next + (uint64_t)gap : UINT64_MAX;
}

/* Fills d->down for draws `first` up to first + 64 * WORDS. True if it is ever down. */
static bool
draw_part(struct drawing *d, size_t part, double down, uint64_t first)
{
	struct stream *s = &d->streams[part];
	bool any = false;
	memset(d->down, 0, WORDS * sizeof(*d->down));
	if (first == 0)
		skip(d, s, part, down);
	while (s->next < first + 64 * WORDS) {
		uint64_t at = s->next - first;
		d->down[at / 64] |= (uint64_t)1 << at % 64;
		any = true;
		s->next++;
		skip(d, s, part, down);
	}
	return any;
}

static void
fell(struct drawing *d, uint32_t segment)
{
	for (size_t i = 0; i < WORDS; i++)
		d->up[(size_t)segment * WORDS + i] &= ~d->down[i];
}

static void
draw_batch(struct drawing *d, uint64_t first)
{
	const struct corridor_groups *g = d->known->groups;
	size_t segments = d->known->segment_count;
	for (size_t i = 0; i < segments * WORDS; i++)
		d->up[i] = d->open[i / WORDS] ? UINT64_MAX : 0;
	for (uint32_t s = 0; s < segments; s++)
		if (draw_part(d, s, 1 - d->known->segments[s], first))
			fell(d, s);
	for (size_t c = 0; c < g->group_count; c++) {
		if (!draw_part(d, segments + c, 1 - d->known->group[c], first))
			continue;
		for (uint32_t s = 0; s < segments; s++)
			for (uint32_t i = g->first[s]; i < g->first[s + 1]; i++)
				if (g->groups[i] == c)
					fell(d, s);
	}
}

/* The draws of one word in which b is reached from a. */
static uint64_t
reach(struct drawing *d, size_t word, struct corridor_ends ends)
{
	const struct corridor_graph *g = d->graph;
	size_t head = 0, count = 1, size = g->site_count;
	memset(d->reached, 0, size * sizeof(*d->reached));
	d->reached[ends.a] = UINT64_MAX;
	d->queue[0] = ends.a;
	d->queued[ends.a] = true;
	while (count) {
		uint32_t site = d->queue[head];
		head = (head + 1) % size;
		count--;
		d->queued[site] = false;
		for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
			struct corridor_arc arc = g->arcs[i];
			uint64_t more = d->reached[site] &
					d->up[(size_t)arc.segment * WORDS + word] &
					~d->reached[arc.to];
			if (!more)
				continue;
			d->reached[arc.to] |= more;
			if (d->queued[arc.to] || arc.to == ends.b)
				continue;
			d->queue[(head + count++) % size] = arc.to;
			d->queued[arc.to] = true;
		}
	}
	return d->reached[ends.b];
}

static int
prepare(struct drawing *d, struct arena *arena)
{
	size_t segments = d->known->segment_count;
	size_t parts = segments + d->known->groups->group_count, sites = d->graph->site_count;
	d->streams = arena_take(arena, (parts + 1) * sizeof(*d->streams));
	d->down = arena_take(arena, WORDS * sizeof(*d->down));
	d->up = arena_take(arena, (segments + 1) * WORDS * sizeof(*d->up));
	d->reached = arena_take(arena, (sites + 1) * sizeof(*d->reached));
	d->queue = arena_take(arena, (sites + 1) * sizeof(*d->queue));
	d->queued = arena_take(arena, (sites + 1) * sizeof(*d->queued));
	return d->streams && d->down && d->up && d->reached && d->queue && d->queued ? 0 : -1;
}

int
corridor_connected_draw(uint64_t *connected, const struct corridor_graph *graph, const bool *open,
			const struct corridor_parts *parts, struct corridor_ends ends,
			uint64_t draws, uint64_t seed)
{
	assert(connected && graph && open && parts && parts->groups && draws <= UINT64_C(1) << 32);
	struct drawing d = {.graph = graph, .open = open, .known = parts, .seed = seed};
	struct arena *arena = arena_new();
	int result = arena ? prepare(&d, arena) : -1;
	*connected = 0;
	for (uint64_t first = 0; first < draws && result == 0; first += 64 * WORDS) {
		draw_batch(&d, first);
		for (size_t word = 0; word < WORDS && first + 64 * word < draws; word++) {
			uint64_t left = draws - first - 64 * word, bits = reach(&d, word, ends);
			if (left < 64)
				bits &= ((uint64_t)1 << left) - 1;
			*connected += (uint64_t)__builtin_popcountll(bits);
		}
	}
	arena_free(arena);
	return result;
}

void
corridor_connected_interval(double *low, double *high, uint64_t some, uint64_t all)
{
	assert(low && high && all > 0 && some <= all);
	const double z = 1.959963984540054;
	double n = (double)all, p = (double)some / n;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	*low = some ? middle - half : 0;
	*high = some < all ? middle + half : 1;
}
