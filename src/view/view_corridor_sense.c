/* What machines tell of segments, and how segments are at present, beside the steering's plan. */
#include <stdio.h>

#include "view/view_corridor_parts.h"
#include "view/view_corridor_steer.h"

/* Seconds since a moment of the sense's clock. */
static uint64_t
seconds_since(const struct view_corridor_steering *view, int64_t ms)
{
	return view->now_ms > ms ? (uint64_t)(view->now_ms - ms) / 1000 : 0;
}

static void
source_json(struct json *j, const struct view_corridor_steering *view, uint32_t index)
{
	const struct hub_segment_source *source = &view->hub->segment_sources[index];
	const struct corridor_source_state *state = corridor_sense_source(view->sense, index);
	bool heard = state->said != CORRIDOR_SAYS_NOTHING;
	json_object(j, NULL);
	json_str(j, "id", source->id);
	json_str(j, "segment", view->hub->segments[source->segment].id);
	json_str(j, "kind", corridor_source_kind(source));
	json_str(j, "says", corridor_word_text(state->said));
	json_str(j, "believed", corridor_word_text(state->believed));
	json_bool(j, "silent", corridor_sense_is_silent(view->sense, index, view->now_ms));
	if (heard) {
		json_u64(j, "since_s", seconds_since(view, state->since_ms));
		json_u64(j, "heard_s", seconds_since(view, state->heard_ms));
	} else {
		json_null(j, "since_s");
		json_null(j, "heard_s");
	}
	json_object_end(j);
}

/* Is there something to be said of it? */
static bool
is_told(const struct view_corridor_steering *view, uint32_t segment)
{
	return view->live[segment] != CORRIDOR_UP || view->share_percent[segment] < 100 ||
	       (view->steer && corridor_steer_is_over(view->steer, segment));
}

void
view_sense_json(struct json *j, const struct view_corridor_steering *view)
{
	json_array(j, "segments");
	for (uint32_t i = 0; view->live && i < view->hub->segment_count; i++) {
		if (!is_told(view, i))
			continue;
		json_object(j, NULL);
		json_str(j, "id", view->hub->segments[i].id);
		json_str(j, "state", corridor_live_word(view->live[i]));
		json_u64(j, "share_percent", view->share_percent[i]);
		if (view->steer)
			json_u64(j, "filled_percent",
				 corridor_steer_filled_percent(view->steer, i));
		else
			json_null(j, "filled_percent");
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "sources");
	for (uint32_t i = 0; view->sense && i < view->hub->segment_source_count; i++)
		source_json(j, view, i);
	json_array_end(j);
}

static void
source_text(struct buf *out, const struct view_corridor_steering *view, uint32_t index)
{
	const struct hub_segment_source *source = &view->hub->segment_sources[index];
	const struct corridor_source_state *state = corridor_sense_source(view->sense, index);
	view_cell(out, source->id, 16);
	view_cell(out, corridor_source_kind(source), 6);
	view_cell(out, view->hub->segments[source->segment].id, 8);
	if (state->said == CORRIDOR_SAYS_NOTHING) {
		buf_str(out, "has said nothing yet\n");
		return;
	}
	buf_printf(out, "%s, for %llu s", corridor_word_text(state->said),
		   (unsigned long long)seconds_since(view, state->since_ms));
	if (corridor_sense_is_silent(view->sense, index, view->now_ms))
		buf_printf(out, "; silent for %llu s",
			   (unsigned long long)seconds_since(view, state->heard_ms));
	else if (state->believed != state->said)
		buf_str(out, "; not believed yet");
	buf_u8(out, '\n');
}

void
view_sense_text(struct buf *out, const struct view_corridor_steering *view)
{
	for (uint32_t i = 0; view->live && i < view->hub->segment_count; i++) {
		const char *id = view->hub->segments[i].id;
		if (view->share_percent[i] < 100)
			buf_printf(out, "segment %s has %u %% of its capacity\n", id,
				   (unsigned)view->share_percent[i]);
		if (view->steer && corridor_steer_is_over(view->steer, i))
			buf_printf(out, "segment %s is filled: %u %% of its limit\n", id,
				   (unsigned)corridor_steer_filled_percent(view->steer, i));
	}
	for (uint32_t i = 0; view->sense && i < view->hub->segment_source_count; i++)
		source_text(out, view, i);
}
