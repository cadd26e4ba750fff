/* Traffic over time in steps. */
#include "view/view_ledger_steps.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/view_text.h"

int
view_steps_begin(struct view_steps *out, const struct ledger_traffic_span *span,
		 const struct view_by *by, size_t limit)
{
	int64_t step_s = span->step_s;
	assert(step_s > 0 && span->from.s <= span->to.s);
	struct view_steps s = {.from = {span->from.s - span->from.s % step_s},
			       .step_s = span->step_s};
	int64_t count = (span->to.s - s.from.s + step_s - 1) / step_s;
	if (count > VIEW_STEPS_MAX)
		return -1;
	s.step_count = (size_t)count;
	s.steps = calloc(s.step_count + 1, sizeof(*s.steps));
	if (!s.steps)
		return -1;
	/* What was joined as the rest of a member is not told apart in the second reading. */
	for (size_t i = 0;
	     i < by->count && i < VIEW_STEPS_ROWS_MAX && (!limit || i < limit) && !by->rows[i].rest;
	     i++)
		s.keys[s.key_count++] = by->rows[i].key;
	*out = s;
	return 0;
}

void
view_steps_fini(struct view_steps *series)
{
	free(series->steps);
	*series = (struct view_steps){0};
}

static void
add_row(const struct view_steps *series, struct view_step *step, const struct view_by_row *row)
{
	uint64_t octets = row->octets_in + row->octets_out;
	for (size_t i = 0; i < series->key_count; i++) {
		if (series->keys[i] != row->key)
			continue;
		step->octets[i] += octets;
		return;
	}
	step->rest += octets;
}

void
view_steps_add(struct view_steps *series, const struct view_by *rows, struct utc_s start,
	       const struct ledger_traffic_told *told)
{
	size_t at = (size_t)((start.s - series->from.s) / series->step_s);
	if (start.s < series->from.s || at >= series->step_count)
		return;
	struct view_step *step = &series->steps[at];
	for (size_t i = 0; i < rows->count; i++)
		add_row(series, step, &rows->rows[i]);
	if (told) {
		step->covered_s += told->covered_s;
		step->lost += told->lost;
	}
}

static int64_t
start_of(const struct view_steps *series, size_t step)
{
	return series->from.s + (int64_t)step * series->step_s;
}

void
view_steps_json(struct json *j, const struct view_steps *series, struct utc_s now)
{
	json_u64(j, "each_s", series->step_s);
	json_u64(j, "series", series->key_count);
	json_array(j, "steps");
	for (size_t i = 0; i < series->step_count && start_of(series, i) < now.s; i++) {
		const struct view_step *step = &series->steps[i];
		json_array(j, NULL);
		json_i64(j, NULL, start_of(series, i));
		json_u64(j, NULL, step->covered_s);
		json_u64(j, NULL, step->lost);
		json_array(j, NULL);
		for (size_t k = 0; k < series->key_count; k++)
			json_u64(j, NULL, step->octets[k]);
		json_array_end(j);
		json_u64(j, NULL, step->rest);
		json_array_end(j);
	}
	json_array_end(j);
}

void
view_steps_csv(struct buf *out, const struct view_steps *series, const struct view_by *by,
	       struct utc_s now)
{
	char text[CLOCK_TEXT];
	buf_str(out, "start,covered_s,lost_records");
	for (size_t k = 0; k < series->key_count; k++) {
		struct view_by_name name = view_meter_by_name(by, &by->rows[k]);
		char both[sizeof(name.text) + sizeof(name.to) + 8];
		(void)snprintf(both, sizeof(both), "%s%s%s", name.text, *name.to ? " to " : "",
			       name.to);
		buf_str(out, ",");
		view_csv_field(out, both);
	}
	buf_str(out, ",rest\r\n");
	for (size_t i = 0; i < series->step_count && start_of(series, i) < now.s; i++) {
		const struct view_step *step = &series->steps[i];
		buf_printf(out, "%s,%u,%llu", utc_format(text, (struct utc_s){start_of(series, i)}),
			   step->covered_s, (unsigned long long)step->lost);
		for (size_t k = 0; k < series->key_count; k++)
			buf_printf(out, ",%llu", (unsigned long long)step->octets[k]);
		buf_printf(out, ",%llu\r\n", (unsigned long long)step->rest);
	}
}

void
view_steps_text(struct buf *out, const struct view_steps *series, struct utc_s now)
{
	char text[CLOCK_TEXT], amount[VIEW_RATE_TEXT];
	buf_str(out, "\nfrom                        octets     heard    records lost\n");
	for (size_t i = 0; i < series->step_count && start_of(series, i) < now.s; i++) {
		const struct view_step *step = &series->steps[i];
		uint64_t octets = step->rest;
		for (size_t k = 0; k < series->key_count; k++)
			octets += step->octets[k];
		view_cell(out, utc_format(text, (struct utc_s){start_of(series, i)}), 22);
		view_cell(out, view_octets(amount, octets), -12);
		(void)snprintf(amount, sizeof(amount), "%.1f%%",
			       100.0 * step->covered_s / series->step_s);
		view_cell(out, amount, -10);
		(void)snprintf(amount, sizeof(amount), "%llu", (unsigned long long)step->lost);
		view_cell(out, amount, -16);
		view_end_line(out);
	}
}
