/* What an order about the corridor would do to demands and to ways of colors. */
#include "main/corridor_preview.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_whatif_change.h"
#include "pcep/pcep_color.h"

/* The ways of colors in a state. 0, or -1 without memory. */
static int
find_colors(struct pcep_color_ways *out, struct arena *arena, const struct view_corridor_preview *p,
	    const struct corridor_load *load, const enum corridor_live *live)
{
	size_t count = p->hub->segment_count;
	struct corridor_plan left = *p->corridor;
	left.segments = arena_take(arena, (count + 1) * sizeof(*left.segments));
	if (!left.segments)
		return -1;
	memcpy(left.segments, p->corridor->segments, count * sizeof(*left.segments));
	for (size_t i = 0; i < count; i++)
		left.segments[i].there &= live[i] != CORRIDOR_CUT;
	struct pcep_plan plan = {p->hub, &left, load};
	return pcep_color_ways_find(out, &plan, live);
}

int
corridor_preview_write(struct buf *out, struct view_corridor_preview *preview,
		       const struct corridor_preview_load *measured, enum view_corridor_form form)
{
	struct arena *arena = arena_new();
	struct corridor_change change = {0};
	struct pcep_color_ways before = {0}, after = {0};
	struct corridor_flow_ask ask = {.plan = preview->corridor,
					.now = preview->corridor->day.at,
					.batch = measured->batch};
	int result = -1;
	if (!arena ||
	    (corridor_whatif_change(&change, arena, &ask, preview->before, preview->after) < 0 &&
	     errno == ENOMEM) ||
	    find_colors(&before, arena, preview, measured->load, preview->before) < 0 ||
	    find_colors(&after, arena, preview, measured->load, preview->after) < 0)
		goto out;
	preview->change = &change;
	preview->colors = &before;
	preview->colored = &after;
	view_corridor_preview(out, preview, form);
	result = 0;
out:
	pcep_color_ways_fini(&before);
	pcep_color_ways_fini(&after);
	arena_free(arena);
	return result;
}
