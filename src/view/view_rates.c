/* Rates that were measured over intervals. */
#include "view/view_rates.h"

#include <inttypes.h>
#include <stdio.h>

#include "view/view_text.h"

enum { RATE_COLUMNS = 12 };

void
view_rates_of_json(struct json *j, const struct view_measured *m)
{
	json_utc(j, "from", m->span->from);
	json_utc(j, "to", m->span->to);
	json_u64(j, "interval_s", m->span->step_s);
	json_u64(j, "intervals", m->intervals);
	json_bool(j, "simulated", m->simulated);
	json_u64(j, "left_out_bps", m->left_out_bps);
}

void
view_rates_of_text(struct buf *out, const struct view_measured *m)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT], text[200];
	(void)snprintf(text, sizeof(text), "%s to %s, %zu intervals of %" PRIu32 " s%s",
		       utc_format(from, m->span->from), utc_format(to, m->span->to), m->intervals,
		       m->span->step_s, m->simulated ? " (simulated)" : "");
	view_wrapped(out, text, 0, 0);
}

void
view_rates_left_out(struct buf *out, const struct view_measured *m, const char *rows)
{
	char text[200], rate[VIEW_RATE_TEXT];
	if (!m->left_out_bps)
		return;
	(void)snprintf(text, sizeof(text),
		       "%s in the mean is of more %s than are kept, and left out.",
		       view_rate(rate, m->left_out_bps), rows);
	view_wrapped(out, text, 0, 0);
}

void
view_rates_json(struct json *j, const struct corridor_rates *rates)
{
	json_u64(j, "mean_bps", rates->mean_bps);
	json_u64(j, "p95_bps", rates->p95_bps);
	json_u64(j, "peak_bps", rates->peak_bps);
}

void
view_rates_csv_heads(struct buf *out)
{
	buf_str(out, ",mean_bps,p95_bps,peak_bps,samples\r\n");
}

void
view_rates_csv(struct buf *out, const struct corridor_rates *rates, uint64_t samples)
{
	buf_printf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\r\n", rates->mean_bps,
		   rates->p95_bps, rates->peak_bps, samples);
}

void
view_rates_heads(struct buf *out)
{
	view_cell(out, "mean", -RATE_COLUMNS);
	view_cell(out, "p95", -RATE_COLUMNS);
	view_cell(out, "peak", -RATE_COLUMNS);
	view_end_line(out);
}

void
view_rates_cells(struct buf *out, const struct corridor_rates *rates)
{
	char rate[VIEW_RATE_TEXT];
	view_cell(out, view_rate(rate, rates->mean_bps), -RATE_COLUMNS);
	view_cell(out, view_rate(rate, rates->p95_bps), -RATE_COLUMNS);
	view_cell(out, view_rate(rate, rates->peak_bps), -RATE_COLUMNS);
	view_end_line(out);
}
