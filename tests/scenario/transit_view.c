/* What the view works out of ways, as it does for those that are supposed, is what the table does: put into order anew,
 * each session of the hub's own AS takes the same of them, by the plan too. */
#include <stdio.h>
#include <stdlib.h>

#include "scenario/transit.h"
#include "view/view_exchange_way.h"

static bool
takes_the_same(struct scenario *s, const struct transit_hearer *h, const struct view_way *ways,
	       size_t count, char *wrong, size_t size)
{
	struct exchange *x = s->exchange;
	struct view_ways all = {.x = x, .ways = ways, .count = count};
	int first = view_ways_first(&all, h->slot);
	for (size_t i = 0; i < count; i++) {
		bool takes = h->several ? view_ways_chosen(&all, i, h->slot) : first == (int)i;
		if (takes == view_way_goes_to(x, &ways[i], h->slot))
			continue;
		char text[PREFIX_TEXT];
		(void)snprintf(wrong, size, "%s %s the path of slot %u to %s, says the view", h->id,
			       takes ? "takes" : "does not take", ways[i].path.slot,
			       prefix_format(text, ways[i].path.prefix));
		return false;
	}
	return true;
}

bool
transit_view_agrees(struct scenario *s, const struct transit_hearer *h, struct prefix prefix,
		    char *wrong, size_t size)
{
	size_t count, total;
	struct arena *arena = arena_new();
	struct view_way *ways =
		arena ? view_ways_of(arena, s->exchange, prefix, &count, &total) : NULL;
	if (!ways)
		abort();
	for (size_t i = 0; i < count / 2; i++) {
		struct view_way held = ways[i];
		ways[i] = ways[count - 1 - i];
		ways[count - 1 - i] = held;
	}
	view_ways_sort(s->exchange, ways, count);
	bool same = takes_the_same(s, h, ways, count, wrong, size);
	arena_free(arena);
	return same;
}
