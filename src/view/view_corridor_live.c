/* What is cut, drained and worked on now: small enough to be asked for twice a second. */
#include "view/view_corridor_parts.h"
#include "view/view_corridor_steer.h"

enum { ID_COLUMNS = 8, STATE_COLUMNS = 9 };

static enum corridor_live
live_of(const struct view_corridor_steering *view, size_t segment)
{
	return view->live ? view->live[segment] : CORRIDOR_UP;
}

static void
as_json(struct buf *out, const struct view_corridor_steering *view)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_corridor_orders_json(&j, view);
	json_array(&j, "segments");
	for (size_t i = 0; i < view->hub->segment_count; i++) {
		if (live_of(view, i) == CORRIDOR_UP)
			continue;
		json_object(&j, NULL);
		json_str(&j, "id", view->hub->segments[i].id);
		json_str(&j, "live", corridor_live_word(live_of(view, i)));
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
as_csv(struct buf *out, const struct view_corridor_steering *view)
{
	buf_str(out, "segment,live\r\n");
	for (size_t i = 0; i < view->hub->segment_count; i++) {
		if (live_of(view, i) == CORRIDOR_UP)
			continue;
		view_csv_field(out, view->hub->segments[i].id);
		buf_printf(out, ",%s\r\n", corridor_live_word(live_of(view, i)));
	}
}

static void
as_text(struct buf *out, const struct view_corridor_steering *view)
{
	view_corridor_orders_text(out, view);
	for (size_t i = 0; i < view->hub->segment_count; i++) {
		const struct hub_segment *s = &view->hub->segments[i];
		if (live_of(view, i) == CORRIDOR_UP)
			continue;
		view_cell(out, s->id, ID_COLUMNS);
		view_cell(out, corridor_live_word(live_of(view, i)), STATE_COLUMNS);
		buf_printf(out, "%s\n", s->name ? s->name : "");
	}
}

void
view_corridor_live(struct buf *out, const struct view_corridor_steering *view,
		   enum view_corridor_form form)
{
	if (form == VIEW_CORRIDOR_JSON)
		as_json(out, view);
	else if (form == VIEW_CORRIDOR_CSV)
		as_csv(out, view);
	else
		as_text(out, view);
}
