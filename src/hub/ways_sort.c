/* One order of all rows, so that what is said twice is said in the same octets, and the difference of two is small:
 * segments and exits by their ids too. */
#include <stdlib.h>
#include <string.h>

#include "hub/ways_parts.h"

/* An id and where it stands. */
struct named {
	const char *id;
	uint32_t index;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->id, ((const struct named *)b)->id);
}

/* Indices in the order of ids; *sorted: they are in order. NULL without memory. */
static struct named *
order_of(const struct ways *ways, size_t count, ways_id_at *id, struct arena *arena, bool *sorted)
{
	struct named *order = arena_take(arena, (count + 1) * sizeof(*order));
	*sorted = true;
	for (uint32_t i = 0; order && i < count; i++) {
		order[i] = (struct named){id(ways, i), i};
		*sorted &= !i || by_id(&order[i - 1], &order[i]) < 0;
	}
	if (order && !*sorted)
		qsort(order, count, sizeof(*order), by_id);
	return order;
}

/* The steps with other numbers of segments. 0, or -1 without memory. */
static int
renumber(struct ways_steps *steps, const uint32_t *place, struct arena *arena)
{
	uint32_t *items = arena_take(arena, (steps->count + 1) * sizeof(*items));
	if (!items)
		return -1;
	for (size_t i = 0; i < steps->count; i++)
		items[i] = place[steps->items[i]];
	steps->items = items;
	return 0;
}

static int
sort_segments(struct ways *ways, struct arena *arena)
{
	bool sorted;
	size_t count = ways->segment_count;
	struct named *order = order_of(ways, count, ways_segment_id, arena, &sorted);
	if (!order || sorted)
		return order ? 0 : -1;
	struct ways_segment *segments = arena_take(arena, count * sizeof(*segments));
	struct ways_port *ports = arena_take(arena, (ways->port_count + 1) * sizeof(*ports));
	struct ways_way *all = arena_take(arena, (ways->way_count + 1) * sizeof(*all));
	uint32_t *place = arena_take(arena, count * sizeof(*place));
	if (!segments || !ports || !all || !place)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		segments[i] = ways->segments[order[i].index];
		place[order[i].index] = i;
	}
	for (size_t i = 0; i < ways->port_count; i++) {
		ports[i] = ways->ports[i];
		if (renumber(&ports[i].bought, place, arena) < 0)
			return -1;
	}
	for (size_t i = 0; i < ways->way_count; i++) {
		all[i] = ways->ways[i];
		if (renumber(&all[i].steps, place, arena) < 0)
			return -1;
	}
	ways->segments = segments;
	ways->ports = ports;
	ways->ways = all;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct ways_way *x = a, *y = b;
	return ways_compare(x, y->site, y->asn, y->exit);
}

static int
sort_exits(struct ways *ways, struct arena *arena)
{
	bool sorted;
	size_t count = ways->exit_count;
	struct named *order = order_of(ways, count, ways_exit_id, arena, &sorted);
	if (!order || sorted)
		return order ? 0 : -1;
	struct ways_exit *exits = arena_take(arena, count * sizeof(*exits));
	struct ways_way *all = arena_take(arena, (ways->way_count + 1) * sizeof(*all));
	uint32_t *place = arena_take(arena, count * sizeof(*place));
	if (!exits || !all || !place)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		exits[i] = ways->exits[order[i].index];
		place[order[i].index] = i;
	}
	for (size_t i = 0; i < ways->way_count; i++) {
		all[i] = ways->ways[i];
		all[i].exit = place[all[i].exit];
	}
	if (ways->way_count)
		qsort(all, ways->way_count, sizeof(*all), by_place);
	ways->exits = exits;
	ways->ways = all;
	return 0;
}

int
ways_sort(struct ways *ways, struct arena *arena)
{
	return sort_segments(ways, arena) < 0 ? -1 : sort_exits(ways, arena);
}
