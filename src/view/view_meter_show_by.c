/* "show traffic by ...": the rows in each form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/traffic_normal.h"
#include "view/view_meter_by.h"
#include "view/view_meter_parts.h"
#include "view/view_text.h"

enum { TEXT_ROWS = 40 };

/* What was asked for. */
struct question {
	enum traffic_what what;
	bool now;
	size_t limit;
};

static bool
read_number(size_t *out, const char *word)
{
	char *end;
	unsigned long long number = strtoull(word, &end, 10);
	*out = (size_t)number;
	return word[0] >= '0' && word[0] <= '9' && !*end;
}

static bool
read_question(struct question *out, const char *const *words, size_t count)
{
	if (count == 0 || !traffic_what_read(&out->what, words[0]))
		return false;
	for (size_t i = 1; i < count; i++) {
		if (strcmp(words[i], "now") == 0)
			out->now = true;
		else if (strcmp(words[i], "limit") != 0 || ++i == count ||
			 !read_number(&out->limit, words[i]))
			return false;
	}
	return true;
}

static uint64_t
bps(const struct view_by *by, uint64_t octets)
{
	return view_meter_bps(octets, by->batch->covered_s);
}

/* --- JSON --- */

static void
path_json(struct json *j, const struct view_by *by, const struct traffic_path *p)
{
	uint32_t port = hub_port_by_id(by->hub, by->batch->ports[p->port].port);
	if (port != HUB_NONE)
		json_u64(j, "asn", by->hub->members[by->hub->ports[port].member].asn.number);
	else
		json_null(j, "asn");
	json_array(j, "path");
	for (int i = 0; i < TRAFFIC_PATH_HOPS && p->hops[i]; i++)
		json_u64(j, NULL, p->hops[i]);
	json_array_end(j);
	json_bool(j, "goes_on", p->cut);
}

static void
asn_json(struct json *j, const char *key, uint64_t number)
{
	if (number)
		json_u64(j, key, number);
	else
		json_null(j, key);
}

static void
name_json(struct json *j, const struct view_by *by, const struct view_by_row *row)
{
	struct view_by_name name = view_meter_by_name(by, row);
	struct view_by_heads heads = view_meter_by_heads(by->what);
	json_str(j, heads.text, name.text);
	if (heads.to)
		json_str(j, heads.to, name.to);
	if (by->what == TRAFFIC_WHAT_PATH)
		path_json(j, by, &by->batch->paths[row->key]);
	if (by->what == TRAFFIC_WHAT_AS || by->what == TRAFFIC_WHAT_NEXT_AS)
		asn_json(j, "asn", row->key);
	if (by->what != TRAFFIC_WHAT_MEMBER_AS)
		return;
	asn_json(j, "member_asn", view_by_member_asn(by, row));
	asn_json(j, "asn", (uint32_t)row->key);
	json_bool(j, "rest", row->rest);
}

static void
way_json(struct json *j, const struct view_by *by, const char *way, uint64_t flow, uint64_t octets)
{
	char key[32];
	(void)snprintf(key, sizeof(key), "flow%s_octets", way);
	json_u64(j, key, flow);
	(void)snprintf(key, sizeof(key), "%s%soctets", way[0] ? way + 1 : "", way[0] ? "_" : "");
	json_u64(j, key, octets);
	(void)snprintf(key, sizeof(key), "%s%sbps", way[0] ? way + 1 : "", way[0] ? "_" : "");
	json_u64(j, key, bps(by, octets));
}

static void
row_json(struct json *j, const struct view_by *by, const struct view_by_row *row)
{
	json_object(j, NULL);
	name_json(j, by, row);
	way_json(j, by, by->two_ways ? "_in" : "", row->flow_in, row->octets_in);
	if (by->two_ways)
		way_json(j, by, "_out", row->flow_out, row->octets_out);
	json_u64(j, "samples", row->samples);
	if (row->samples)
		json_fixed(j, "error_percent", traffic_error(row->samples) / 100.0, 2);
	else
		json_null(j, "error_percent");
	json_object_end(j);
}

void
view_by_json(struct json *j, const struct view_by *by, size_t limit)
{
	json_u64(j, "count", by->count);
	json_array(j, "rows");
	for (size_t i = 0; i < by->count && i < limit; i++)
		row_json(j, by, &by->rows[i]);
	json_array_end(j);
}

static void
by_json(struct buf *out, const struct view_by *by, size_t limit)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "by", traffic_what_name(by->what));
	json_utc(&j, "start", by->batch->start);
	json_u64(&j, "length_s", by->batch->length_s);
	json_u64(&j, "covered_s", by->batch->covered_s);
	json_bool(&j, "simulated", by->batch->simulated);
	if (by->fitted) {
		json_object(&j, "fitted");
		json_u64(&j, "rounds", by->rounds);
		json_u64(&j, "off_ppm", by->off_ppm);
		json_object_end(&j);
	}
	view_by_json(&j, by, limit);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV --- */

void
view_by_csv(struct buf *out, const struct view_by *by, size_t limit)
{
	struct view_by_heads heads = view_meter_by_heads(by->what);
	buf_printf(out, "%s%s%s", heads.text, heads.to ? "," : "", heads.to ? heads.to : "");
	buf_str(out, by->two_ways ? ",flow_in_octets,in_octets,flow_out_octets,out_octets"
				  : ",flow_octets,octets");
	buf_str(out, ",samples,error_percent\r\n");
	for (size_t i = 0; i < by->count && i < limit; i++) {
		const struct view_by_row *row = &by->rows[i];
		struct view_by_name name = view_meter_by_name(by, row);
		view_csv_field(out, name.text);
		if (heads.to) {
			buf_str(out, ",");
			view_csv_field(out, name.to);
		}
		buf_printf(out, ",%llu,%llu", (unsigned long long)row->flow_in,
			   (unsigned long long)row->octets_in);
		if (by->two_ways)
			buf_printf(out, ",%llu,%llu", (unsigned long long)row->flow_out,
				   (unsigned long long)row->octets_out);
		uint32_t error = traffic_error(row->samples);
		buf_printf(out, ",%llu,", (unsigned long long)row->samples);
		if (row->samples)
			buf_printf(out, "%u.%02u", error / 100, error % 100);
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

static void
rate_cell(struct buf *out, const struct view_by *by, uint64_t octets)
{
	char text[VIEW_RATE_TEXT];
	view_cell(out, view_rate(text, bps(by, octets)), -13);
}

/* How far the row may be off by its samples, and its share of all. */
static void
rest_cells(struct buf *out, const struct view_by *by, const struct view_by_row *row)
{
	char text[32] = "-";
	if (row->samples)
		(void)snprintf(text, sizeof(text), "%.1f%%", traffic_error(row->samples) / 100.0);
	view_cell(out, text, -8);
	double all = (double)by->sum, part = (double)(row->octets_in + row->octets_out);
	(void)snprintf(text, sizeof(text), "%.1f%%", by->sum ? 100 * part / all : 0);
	view_cell(out, text, -8);
	view_end_line(out);
}

/* The columns of names are as wide as is left beside one rate or two. */
static int
name_width(const struct view_by *by)
{
	bool one = !view_meter_by_heads(by->what).to;
	return one ? 36 : by->two_ways ? 18 : 24;
}

static void
put_heads(struct buf *out, const struct view_by *by)
{
	struct view_by_heads heads = view_meter_by_heads(by->what);
	bool segment = by->what == TRAFFIC_WHAT_SEGMENT, one = !heads.to;
	view_cell(out, one ? traffic_what_name(by->what) : heads.text, name_width(by) + 1);
	if (!one)
		view_cell(out, heads.to, name_width(by) + 1);
	view_cell(out, segment ? "a to b" : by->two_ways ? "in" : "rate", -13);
	if (one || by->two_ways)
		view_cell(out, !by->two_ways ? "" : segment ? "b to a" : "out", -13);
	view_cell(out, "+/-", -8);
	view_cell(out, "share", -8);
	view_end_line(out);
}

static void
put_row(struct buf *out, const struct view_by *by, const struct view_by_row *row)
{
	struct view_by_name name = view_meter_by_name(by, row);
	bool one = !view_meter_by_heads(by->what).to;
	view_cell(out, name.text, name_width(by));
	buf_str(out, " ");
	if (!one) {
		view_cell(out, name.to, name_width(by));
		buf_str(out, " ");
	}
	rate_cell(out, by, row->octets_in);
	if (by->two_ways)
		rate_cell(out, by, row->octets_out);
	else if (one)
		view_cell(out, "", 13);
	rest_cells(out, by, row);
}

void
view_by_text(struct buf *out, const struct view_by *by, size_t limit)
{
	size_t shown = limit < by->count ? limit : by->count;
	put_heads(out, by);
	for (size_t i = 0; i < shown; i++)
		put_row(out, by, &by->rows[i]);
	if (shown < by->count)
		buf_printf(out, "and %zu smaller ones: limit %zu\n", by->count - shown, by->count);
}

static void
by_text(struct buf *out, const struct view_by *by, size_t limit)
{
	char when[CLOCK_TEXT];
	buf_printf(out, "bin %s, %u of %u s%s\n", utc_format(when, by->batch->start),
		   by->batch->covered_s, by->batch->length_s,
		   by->batch->simulated ? " (simulated)" : "");
	view_by_text(out, by, limit);
	if (by->fitted && by->off_ppm > 1000)
		buf_printf(out, "counters of ports contradict each other by up to %.1f%%\n",
			   by->off_ppm / 10000.0);
}

static int
choose(struct traffic_batch *out, const struct view_meter *view, const struct question *q,
       struct arena *arena)
{
	const struct traffic_batch *last = meter_last(view->meter);
	if ((q->now || !last) && q->what == TRAFFIC_WHAT_PATH)
		return meter_now_with_paths(view->meter, view->now, arena, out);
	if (q->now || !last)
		return meter_now(view->meter, view->now, arena, out);
	*out = *last;
	return 0;
}

int
view_meter_show_by(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		   const char *const *words, size_t count)
{
	struct question q = {.limit = form == VIEW_METER_TEXT ? TEXT_ROWS : SIZE_MAX};
	struct traffic_batch batch;
	struct view_by by;
	if (!read_question(&q, words, count))
		return VIEW_METER_WORDS;
	struct arena *arena = arena_new();
	int result = arena ? choose(&batch, view, &q, arena) : -1;
	if (result == 0)
		result =
			view_meter_by(&by, q.what, meter_hub(view->meter), &batch, HUB_NONE, arena);
	if (result == 0) {
		if (form == VIEW_METER_JSON)
			by_json(out, &by, q.limit);
		else if (form == VIEW_METER_CSV)
			view_by_csv(out, &by, q.limit);
		else
			by_text(out, &by, q.limit);
	}
	arena_free(arena);
	return result;
}
