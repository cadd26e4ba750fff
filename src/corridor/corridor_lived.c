/* What was lived through, by the journal of orders played again. */
#include "corridor/corridor_lived.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_search.h"

struct life {
	const struct corridor_lived_ask *ask;
	struct corridor_state *state;
	struct corridor_search *search;
	uint64_t *cost;
	enum corridor_live *live;
	bool *was_cut; /* of each segment, in the piece of time before */
	bool was_down;
	struct corridor_lived_segment *segments; /* of the hub */
	struct corridor_lived lived;
};

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static int
longest_first(const void *a, const void *b)
{
	const struct corridor_lived_segment *x = a, *y = b;
	if (x->cut_s != y->cut_s)
		return x->cut_s > y->cut_s ? -1 : 1;
	return (x->segment > y->segment) - (x->segment < y->segment);
}

/* All times at which something may change, once each; returns how many. */
static size_t
take_times(int64_t *times, const struct life *l, const struct corridor_event *events, size_t count)
{
	int64_t from = l->lived.from.s, until = l->lived.until.s;
	size_t all = 0, kept = 0;
	times[all++] = from;
	times[all++] = until;
	for (size_t i = 0; i < count; i++) {
		const int64_t at[] = {events[i].at.s, events[i].order.from.s,
				      events[i].order.until.s};
		for (size_t k = 0; k < sizeof(at) / sizeof(at[0]); k++)
			if (at[k] > from && at[k] < until)
				times[all++] = at[k];
	}
	qsort(times, all, sizeof(*times), ascending);
	for (size_t i = 0; i < all; i++)
		if (!kept || times[kept - 1] != times[i])
			times[kept++] = times[i];
	return kept;
}

/* Does to the state what the journal says was done. False without memory. */
static bool
play(struct corridor_state *state, const struct corridor_event *event)
{
	struct corridor_order order = event->order;
	order.given = event->at;
	(void)corridor_state_turn(state, event->at);
	enum corridor_state_result result = CORRIDOR_STATE_DONE;
	if (event->deed == CORRIDOR_ORDERED)
		result = corridor_state_order(state, &order);
	if (event->deed == CORRIDOR_RESTORED) {
		order.live = CORRIDOR_UP;
		result = corridor_state_restore(state, &order);
	}
	return result != CORRIDOR_STATE_NO_MEMORY;
}

/* What holds from `at` on holds for so many seconds. */
static void
pass(struct life *l, int64_t at, int64_t seconds)
{
	const struct corridor_plan *plan = l->ask->plan;
	corridor_state_live(l->live, l->state, plan, (struct utc_s){at});
	for (uint32_t s = 0; s < plan->hub->segment_count; s++) {
		bool cut = l->live[s] == CORRIDOR_CUT && plan->segments[s].there;
		l->cost[s] = l->ask->open[s] && !cut ? 1 : CORRIDOR_CLOSED;
		if (cut) {
			l->segments[s].cut_s += seconds;
			l->segments[s].times += !l->was_cut[s];
		}
		l->was_cut[s] = cut;
	}
	corridor_search_run(l->search, l->cost, l->ask->ends.a, l->ask->ends.b);
	bool down = corridor_search_cost(l->search, l->ask->ends.b) == CORRIDOR_CLOSED;
	l->lived.down_s += down ? seconds : 0;
	l->lived.times += down && !l->was_down;
	l->was_down = down;
}

/* The span, as far as the journal reaches back: nobody knows what was before it was begun, nor what its oldest lines
 * were when the first of all is not among them. */
static void
take_span(struct life *l, const struct corridor_event *events, size_t count)
{
	l->lived.from = l->ask->from;
	l->lived.until = l->ask->until;
	l->lived.whole = true;
	int64_t since = l->ask->since.s;
	if (count && events[0].number > 1 && events[0].at.s > since)
		since = events[0].at.s;
	if (since > l->ask->from.s) {
		l->lived.from.s = since < l->ask->until.s ? since : l->ask->until.s;
		l->lived.whole = false;
	}
}

/* 0, or -1 without memory. */
static int
live_through(struct life *l, struct arena *arena, const struct corridor_event *events, size_t count)
{
	int64_t *times = arena_take(arena, (3 * count + 2) * sizeof(*times));
	if (!times)
		return -1;
	size_t moments = take_times(times, l, events, count), next = 0;
	for (size_t i = 0; i + 1 < moments; i++) {
		for (; next < count && events[next].at.s <= times[i]; next++)
			if (!play(l->state, &events[next]))
				return -1;
		pass(l, times[i], times[i + 1] - times[i]);
	}
	return 0;
}

int
corridor_lived(struct corridor_lived *out, struct arena *arena,
	       const struct corridor_lived_ask *ask, const struct corridor_event *events,
	       size_t count)
{
	assert(out && arena && ask && ask->plan && ask->open && (events || !count));
	size_t segments = ask->plan->hub->segment_count;
	struct life l = {
		.ask = ask,
		.state = corridor_state_new(),
		.search = corridor_search_new(ask->plan->graph),
		.cost = arena_take(arena, (segments + 1) * sizeof(*l.cost)),
		.live = arena_take(arena, (segments + 1) * sizeof(*l.live)),
		.was_cut = arena_take(arena, segments + 1),
		.segments = arena_take(arena, (segments + 1) * sizeof(*l.segments)),
	};
	int result = -1;
	if (!l.state || !l.search || !l.cost || !l.live || !l.was_cut || !l.segments)
		goto out;
	for (uint32_t s = 0; s < segments; s++)
		l.segments[s].segment = s;
	take_span(&l, events, count);
	result = live_through(&l, arena, events, count);
	if (result < 0)
		goto out;
	qsort(l.segments, segments, sizeof(*l.segments), longest_first);
	while (l.lived.segment_count < segments && l.segments[l.lived.segment_count].cut_s > 0)
		l.lived.segment_count++;
	l.lived.segments = l.segments;
	*out = l.lived;
out:
	corridor_state_free(l.state);
	corridor_search_free(l.search);
	return result;
}
