/* A month as it was, beside what was promised and what the model expects. */
#include "view/view_corridor_lived.h"

#include <math.h>
#include <stdio.h>

#include "view/view_corridor_way.h"

enum { SEGMENTS_MAX = 20 }; /* of text */

static double
minutes(double seconds)
{
	return seconds / 60;
}

static double
span_s(const struct view_lived *v)
{
	return (double)(v->lived->until.s - v->lived->from.s);
}

static double
up(const struct view_lived *v)
{
	return span_s(v) > 0 ? 1 - (double)v->lived->down_s / span_s(v) : NAN;
}

/* Minutes that may be without a way at such an availability. */
static double
allowed(const struct view_lived *v, double availability)
{
	return minutes((1 - availability) * span_s(v));
}

void
view_lived_json(struct json *j, const struct view_lived *v)
{
	char text[CLOCK_TEXT];
	const struct corridor_lived *l = v->lived;
	double down = minutes((double)l->down_s);
	json_object(j, "lived");
	json_str(j, "from", utc_format(text, l->from));
	json_str(j, "until", utc_format(text, l->until));
	json_bool(j, "whole", l->whole);
	view_number_json(j, "availability", up(v));
	json_fixed(j, "down_minutes", down, 2);
	json_u64(j, "times", l->times);
	json_fixed(j, "expected_minutes", allowed(v, v->availability.value), 2);
	json_fixed(j, "expected_minutes_low", allowed(v, v->availability.high), 2);
	json_fixed(j, "expected_minutes_high", allowed(v, v->availability.low), 2);
	view_number_json(j, "promised", v->promised);
	view_number_json(j, "promised_minutes", allowed(v, v->promised));
	view_number_json(j, "over_minutes", down - allowed(v, v->promised));
	json_array(j, "segments");
	for (size_t i = 0; i < l->segment_count; i++) {
		const struct corridor_lived_segment *s = &l->segments[i];
		json_object(j, NULL);
		json_str(j, "segment", v->hub->segments[s->segment].id);
		json_str(j, "name", v->hub->segments[s->segment].name);
		json_fixed(j, "down_minutes", minutes((double)s->cut_s), 2);
		json_u64(j, "times", s->times);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
segments_text(struct buf *out, const struct view_lived *v)
{
	const struct corridor_lived *l = v->lived;
	char cell[VIEW_RATE_TEXT];
	if (l->segment_count)
		buf_str(out,
			"\ncut then                                                    minutes "
			"      times\n");
	for (size_t i = 0; i < l->segment_count && i < SEGMENTS_MAX; i++) {
		const struct hub_segment *s = &v->hub->segments[l->segments[i].segment];
		view_cell(out, s->id, 14);
		view_cell(out, s->name ? s->name : "", 40);
		view_cell(out, view_number(cell, minutes((double)l->segments[i].cut_s)), -13);
		(void)snprintf(cell, sizeof(cell), "%u", l->segments[i].times);
		view_cell(out, cell, -12);
		view_end_line(out);
	}
	if (l->segment_count > SEGMENTS_MAX)
		buf_printf(out, "and %zu more\n", l->segment_count - SEGMENTS_MAX);
}

void
view_lived_text(struct buf *out, const struct view_lived *v)
{
	const struct corridor_lived *l = v->lived;
	char from[CLOCK_TEXT], until[CLOCK_TEXT], a[VIEW_RATE_TEXT], b[VIEW_RATE_TEXT];
	char c[VIEW_RATE_TEXT], d[VIEW_RATE_TEXT];
	double down = minutes((double)l->down_s), over = down - allowed(v, v->promised);
	view_field_printf(
		out, "lived", "%.16s to %.16s: %s of %s minutes without any way, %u time%s%s",
		utc_format(from, l->from), utc_format(until, l->until), view_number(a, down),
		view_number(b, minutes(span_s(v))), l->times, l->times == 1 ? "" : "s",
		l->whole ? "" : "; what was before is no longer in the journal");
	view_field_printf(out, "expected", "%s minutes by the model (%s to %s)",
			  view_number(a, allowed(v, v->availability.value)),
			  view_number(b, allowed(v, v->availability.high)),
			  view_number(c, allowed(v, v->availability.low)));
	if (!isnan(v->promised))
		view_field_printf(out, "promised", "%.6g %%, at most %s minutes: %s by %s minutes",
				  100 * v->promised, view_number(a, allowed(v, v->promised)),
				  over > 0 ? "broken" : "kept", view_number(d, fabs(over)));
	segments_text(out, v);
}
