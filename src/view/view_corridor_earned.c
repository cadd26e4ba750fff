/* What the ledger billed in a month, in words and as JSON. */
#include "view/view_corridor_earned.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_way.h"

/* 0, or -1 and out->why. */
static int
ask(struct view_earned *out, struct arena *arena, const struct view_corridor *view,
    const char *month)
{
	struct corridor_complaint complaint = {0};
	struct buf json = {0};
	int result = view->ledger->revenue(&json, view->ledger->context, month, &complaint);
	char *text = arena_printf(arena, "%.*s", (int)json.length, (const char *)json.data);
	if (result < 0)
		out->why = arena_printf(arena, "%s", complaint.text);
	else if (!text || json.failed ||
		 corridor_earned_read(&out->earned, arena, view->hub, text, json.length) < 0)
		out->why = "the ledger's answer could not be read";
	buf_fini(&json);
	out->known = !out->why;
	return out->known ? 0 : -1;
}

static bool
is_nothing(const struct corridor_earned *e, const struct hub *hub)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->sums[i].elsewhere != 0 || corridor_earned_on(&e->sums[i], hub, NULL) != 0)
			return false;
	return true;
}

static const char *
month_of(struct arena *arena, struct utc_s at, int before)
{
	struct utc_date date = utc_to_date(at);
	int month = date.year * 12 + date.month - 1 - before;
	return arena_printf(arena, "%04d-%02d", month / 12, month % 12 + 1);
}

void
view_earned_ask(struct view_earned *out, struct arena *arena, const struct view_corridor *view,
		const char *month)
{
	*out = (struct view_earned){.why = view->ledger ? NULL : "the hub does not run"};
	if (!view->ledger)
		return;
	const char *last = month ? month : month_of(arena, view->plan->day.at, 1);
	if (ask(out, arena, view, last) < 0)
		return;
	if (!month && is_nothing(&out->earned, view->hub))
		(void)ask(out, arena, view, month_of(arena, view->plan->day.at, 0));
	out->usd = out->known ? corridor_earned_usd(&out->earned) : NULL;
}

double
view_earned_usd(const struct view_earned *earned, const struct hub *hub, const bool *segments)
{
	if (!earned->known)
		return NAN;
	return earned->usd ? corridor_earned_on(earned->usd, hub, segments) : 0;
}

void
view_earned_json(struct json *j, const struct view_earned *earned, const struct hub *hub,
		 const bool *segments)
{
	const struct corridor_earned *e = &earned->earned;
	json_object(j, "measured");
	json_bool(j, "known", earned->known);
	if (!earned->known) {
		json_str(j, "why", earned->why);
		json_object_end(j);
		return;
	}
	json_str(j, "month", e->month);
	json_bool(j, "running", e->running);
	json_bool(j, "simulated", e->simulated);
	json_fixed(j, "usd", view_earned_usd(earned, hub, segments), 2);
	json_array(j, "currencies");
	for (size_t i = 0; i < e->count; i++) {
		json_object(j, NULL);
		json_str(j, "currency", e->sums[i].currency);
		json_fixed(j, "on_segments", corridor_earned_on(&e->sums[i], hub, segments), 2);
		json_fixed(j, "on_no_segment", e->sums[i].elsewhere, 2);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

void
view_earned_text(struct buf *out, const struct view_earned *earned, const struct hub *hub,
		 const bool *segments)
{
	const struct corridor_earned *e = &earned->earned;
	struct buf line = {0};
	if (!earned->known) {
		view_field_printf(out, "measured", "unknown: %s", earned->why);
		return;
	}
	for (size_t i = 0; i < e->count; i++)
		buf_printf(&line, "%s%.2f %s", i ? ", " : "",
			   corridor_earned_on(&e->sums[i], hub, segments), e->sums[i].currency);
	view_field_printf(out, "measured", "%.*s in %s%s%s, net of tax, by the ledger",
			  line.length ? (int)line.length : 7,
			  line.length ? (const char *)line.data : "nothing", e->month,
			  e->running ? " so far" : "", e->simulated ? " (SIMULATED)" : "");
	buf_fini(&line);
}
