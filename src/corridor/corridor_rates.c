/* Rates of one thing. */
#include "corridor/corridor_rates.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PERCENTILE_PART = 20, ROOM_LEAST = 8 };

static void
sink(uint64_t *heap, size_t count, uint64_t rate)
{
	size_t i = 0;
	for (size_t child; (child = 2 * i + 1) < count; i = child) {
		child += child + 1 < count && heap[child + 1] < heap[child];
		if (rate <= heap[child])
			break;
		heap[i] = heap[child];
	}
	heap[i] = rate;
}

int
corridor_series_add(struct corridor_series *s, size_t most, uint64_t rate_bps)
{
	assert(s);
	size_t kept = most / PERCENTILE_PART + 1;
	s->sum_bps += rate_bps;
	if (s->count == kept) {
		if (rate_bps > s->top[0])
			sink(s->top, s->count, rate_bps);
		return 0;
	}
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : ROOM_LEAST;
		room = room < kept ? room : kept;
		uint64_t *top = reallocarray(s->top, room, sizeof(*top));
		if (!top)
			return -1;
		s->top = top;
		s->room = room;
	}
	size_t i = s->count++;
	for (; i > 0 && s->top[(i - 1) / 2] > rate_bps; i = (i - 1) / 2)
		s->top[i] = s->top[(i - 1) / 2];
	s->top[i] = rate_bps;
	return 0;
}

static int
descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x < y) - (x > y);
}

int
corridor_series_rates(struct corridor_rates *out, const struct corridor_series *s, size_t intervals,
		      struct arena *arena)
{
	assert(out && s && arena);
	*out = (struct corridor_rates){0};
	if (!s->count)
		return 0;
	uint64_t *sorted = arena_take(arena, s->count * sizeof(*sorted));
	if (!sorted)
		return -1;
	memcpy(sorted, s->top, s->count * sizeof(*sorted));
	qsort(sorted, s->count, sizeof(*sorted), descending);
	size_t place = intervals / PERCENTILE_PART;
	out->mean_bps = s->sum_bps / intervals;
	out->peak_bps = sorted[0];
	out->p95_bps = place < s->count ? sorted[place] : 0;
	return 0;
}

void
corridor_series_fini(struct corridor_series *s)
{
	free(s->top);
	*s = (struct corridor_series){0};
}

uint64_t
corridor_rate_of(double octets, const struct traffic_batch *batch)
{
	assert(batch && batch->covered_s);
	double bps = octets * 8 / batch->covered_s;
	return bps < 1e18 ? (uint64_t)(bps + 0.5) : (uint64_t)1e18;
}
