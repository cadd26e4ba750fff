/* A way, and the one that it turns into: what of them differs. */
#include "view/view_corridor_turn.h"

#include <stdbool.h>
#include <string.h>

#include "view/view_text.h"

double
view_turned_km(const struct corridor_plan *plan, const uint32_t *segments, size_t count)
{
	double km = 0;
	for (size_t i = 0; i < count; i++)
		km += plan->segments[segments[i]].length_km.value;
	return km;
}

static bool
is_among(const uint32_t *all, size_t count, uint32_t one)
{
	for (size_t i = 0; i < count; i++)
		if (all[i] == one)
			return true;
	return false;
}

/* Those of one way that the other has not, in order of travel. Returns how many. */
static size_t
add_alone(struct buf *out, const struct hub *hub, const char *word, const uint32_t *of,
	  size_t of_count, const uint32_t *other, size_t other_count)
{
	size_t alone = 0;
	for (size_t i = 0; i < of_count; i++) {
		if (is_among(other, other_count, of[i]))
			continue;
		buf_printf(out, "%s%s", alone++ ? ", " : word, hub->segments[of[i]].id);
	}
	return alone;
}

void
view_turned_text(struct buf *out, const struct corridor_plan *plan, const struct view_turned *t,
		 size_t indent)
{
	struct buf line = {0};
	size_t more = add_alone(&line, plan->hub, "over ", t->after, t->after_count, t->before,
				t->before_count);
	size_t gone = add_alone(&line, plan->hub, more ? " instead of " : "no longer over ",
				t->before, t->before_count, t->after, t->after_count);
	if (t->after_count)
		buf_printf(&line, "; %.0f km", view_turned_km(plan, t->after, t->after_count));
	if (t->before_count)
		buf_printf(&line, "%s %.0f km", t->after_count ? ", was" : "; was",
			   view_turned_km(plan, t->before, t->before_count));
	buf_u8(&line, 0);
	if (more || gone) {
		for (size_t i = 0; i < indent; i++)
			buf_u8(out, ' ');
		view_wrapped(out, line.failed ? "" : (const char *)line.data, indent, indent + 2);
	}
	buf_fini(&line);
}
