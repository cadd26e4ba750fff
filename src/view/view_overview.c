/* The overview as text. */
#include "view/view_overview.h"

#include <stdio.h>

#include "view/view_text.h"

static const char *
text_of(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text ? text : "";
}

/* A rate, or `unknown`. */
static const char *
rate_of(char out[VIEW_RATE_TEXT], const struct json_value *object, const char *key,
	const char *unknown)
{
	double bps;
	if (!json_read_number(&bps, json_read_get(object, key)) || !(bps >= 0 && bps < 1e19))
		return unknown;
	return view_rate(out, (uint64_t)bps);
}

/* "12 of 13", or "not known". */
static void
share(char out[48], const struct json_value *numbers, const char *part, const char *whole)
{
	double some, all;
	if (json_read_number(&some, json_read_get(numbers, part)) &&
	    json_read_number(&all, json_read_get(numbers, whole)))
		(void)snprintf(out, 48, "%.0f of %.0f", some, all);
	else
		(void)snprintf(out, 48, "not known");
}

static void
numbers_text(struct buf *out, const struct json_value *numbers)
{
	char now[VIEW_RATE_TEXT], p95[VIEW_RATE_TEXT], members[48], sessions[48], line[128];
	double full;
	(void)snprintf(line, sizeof(line), "%s now, %s in the month's 95th",
		       rate_of(now, numbers, "now_bps", "not known"),
		       rate_of(p95, numbers, "p95_month_bps", "not known"));
	view_field(out, "traffic", line);
	share(members, numbers, "members_up", "members");
	share(sessions, numbers, "sessions_up", "sessions");
	(void)snprintf(line, sizeof(line), "%s members, %s sessions", members, sessions);
	view_field(out, "up", line);
	if (json_read_number(&full, json_read_get(numbers, "segments_over_85")))
		(void)snprintf(line, sizeof(line), "%.0f segment%s", full, full == 1 ? "" : "s");
	else
		(void)snprintf(line, sizeof(line), "not known");
	view_field(out, "over 85 %", line);
}

static void
incidents_text(struct buf *out, const struct json_value *incidents)
{
	for (const struct json_value *one = json_read_first(incidents); one; one = one->next) {
		double severity = 0;
		(void)json_read_number(&severity, json_read_get(one, "severity"));
		buf_str(out, severity >= 3 ? "\n# " : "\n! ");
		view_wrapped(out, text_of(one, "text"), 2, 2);
		if (!*text_of(one, "detail"))
			continue;
		buf_str(out, "  ");
		view_wrapped(out, text_of(one, "detail"), 2, 2);
	}
}

static void
busiest_text(struct buf *out, const struct json_value *busiest)
{
	const struct json_value *one = json_read_first(busiest);
	if (one)
		buf_str(out, "\nbusiest segments                                    load      "
			     "capacity    used\n");
	for (; one; one = one->next) {
		char load[VIEW_RATE_TEXT], capacity[VIEW_RATE_TEXT], use[16] = "";
		double share_used;
		if (json_read_number(&share_used, json_read_get(one, "utilisation")))
			(void)snprintf(use, sizeof(use), "%.0f %%", 100 * share_used);
		view_cell(out, text_of(one, "segment"), 6);
		view_cell(out, text_of(one, "name"), 38);
		view_cell(out, rate_of(load, one, "load_bps", ""), -12);
		view_cell(out, rate_of(capacity, one, "capacity_bps", ""), -14);
		view_cell(out, use, -8);
		view_end_line(out);
	}
}

void
view_overview_text(struct buf *out, const struct json_value *overview)
{
	const char *name = text_of(json_read_get(overview, "hub"), "name");
	bool simulated = json_read_is_true(json_read_get(overview, "simulated"));
	buf_printf(out, "%s%s\n", *name ? name : "hub", simulated ? " (simulated)" : "");
	numbers_text(out, json_read_get(overview, "numbers"));
	incidents_text(out, json_read_get(overview, "incidents"));
	busiest_text(out, json_read_get(overview, "busiest"));
}
