/* Traffic between sites. */
#include "view/view_ledger_demands.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "view/view_text.h"

enum { TEXT_ROWS = 40 };

/* A port that has traffic and no site is why something is not placed. */
static void
ports_json(struct json *j, const struct hub *hub)
{
	json_array(j, "ports_without_site");
	for (size_t i = 0; i < hub->port_count; i++)
		if (hub->ports[i].site == HUB_NONE)
			json_str(j, NULL, hub->ports[i].id);
	json_array_end(j);
}

void
view_rates_json(struct json *j, const struct corridor_rates *rates)
{
	json_u64(j, "mean_bps", rates->mean_bps);
	json_u64(j, "p95_bps", rates->p95_bps);
	json_u64(j, "peak_bps", rates->peak_bps);
}

static void
answer_json(struct buf *out, const struct view_ledger_demands *view)
{
	struct json json = json_to(out), *j = &json;
	const struct corridor_matrix_sums *sums = &view->sums;
	json_object(j, NULL);
	json_utc(j, "from", view->from);
	json_utc(j, "to", view->to);
	json_u64(j, "interval_s", view->interval_s);
	json_u64(j, "intervals", sums->intervals);
	json_bool(j, "simulated", sums->simulated);
	json_u64(j, "within_sites_bps", sums->within_bps);
	json_u64(j, "unplaced_bps", sums->unplaced_bps);
	json_u64(j, "left_out_bps", sums->left_out_bps);
	ports_json(j, view->hub);
	json_array(j, "members");
	for (size_t i = 0; i < view->hub->member_count; i++) {
		if (!sums->heard[i])
			continue;
		json_object(j, NULL);
		json_u64(j, "asn", view->hub->members[i].asn.number);
		view_rates_json(j, &sums->members[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "demands");
	for (size_t i = 0; i < sums->row_count; i++) {
		const struct corridor_matrix_row *row = &sums->rows[i];
		json_object(j, NULL);
		json_u64(j, "asn", view->hub->members[row->member].asn.number);
		json_str(j, "from", view->hub->sites[row->from].id);
		json_str(j, "to", view->hub->sites[row->to].id);
		view_rates_json(j, &row->rates);
		json_u64(j, "samples", row->samples);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
answer_csv(struct buf *out, const struct view_ledger_demands *view)
{
	const struct hub *hub = view->hub;
	buf_str(out, "asn,member,from,to,mean_bps,p95_bps,peak_bps,samples\r\n");
	for (size_t i = 0; i < view->sums.row_count; i++) {
		const struct corridor_matrix_row *row = &view->sums.rows[i];
		buf_printf(out, "%" PRIu32 ",", hub->members[row->member].asn.number);
		view_csv_field(out, hub->members[row->member].name);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[row->from].id);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[row->to].id);
		buf_printf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\r\n",
			   row->rates.mean_bps, row->rates.p95_bps, row->rates.peak_bps,
			   row->samples);
	}
}

static void
rows_text(struct buf *out, const struct view_ledger_demands *view)
{
	const struct hub *hub = view->hub;
	char rate[VIEW_RATE_TEXT];
	view_cell(out, "enters by", 24);
	view_cell(out, "from", 9);
	view_cell(out, "to", 9);
	view_cell(out, "mean", -12);
	view_cell(out, "p95", -12);
	view_cell(out, "peak", -12);
	view_end_line(out);
	for (size_t i = 0; i < view->sums.row_count && i < TEXT_ROWS; i++) {
		const struct corridor_matrix_row *row = &view->sums.rows[i];
		view_cell(out, hub->members[row->member].name, 24);
		view_cell(out, hub->sites[row->from].id, 9);
		view_cell(out, hub->sites[row->to].id, 9);
		view_cell(out, view_rate(rate, row->rates.mean_bps), -12);
		view_cell(out, view_rate(rate, row->rates.p95_bps), -12);
		view_cell(out, view_rate(rate, row->rates.peak_bps), -12);
		view_end_line(out);
	}
	if (view->sums.row_count > TEXT_ROWS)
		buf_printf(out, "(%zu more; -j or --csv shows all)\n",
			   view->sums.row_count - TEXT_ROWS);
}

static void
answer_text(struct buf *out, const struct view_ledger_demands *view)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT], text[200], rate[VIEW_RATE_TEXT];
	const struct corridor_matrix_sums *sums = &view->sums;
	(void)snprintf(text, sizeof(text), "%s to %s, %zu intervals of %" PRIu32 " s%s",
		       utc_format(from, view->from), utc_format(to, view->to), sums->intervals,
		       view->interval_s, sums->simulated ? " (simulated)" : "");
	view_wrapped(out, text, 0, 0);
	if (sums->row_count)
		rows_text(out, view);
	else
		buf_str(out, "nothing was measured from one site to another\n");
	(void)snprintf(text, sizeof(text), "%s in the mean stays at a site.",
		       view_rate(rate, sums->within_bps));
	view_wrapped(out, text, 0, 0);
	if (sums->unplaced_bps) {
		(void)snprintf(text, sizeof(text),
			       "%s in the mean has a port at one end that the hub file gives no "
			       "site, and is not among these.",
			       view_rate(rate, sums->unplaced_bps));
		view_wrapped(out, text, 0, 0);
	}
	if (sums->left_out_bps) {
		(void)snprintf(text, sizeof(text),
			       "%s in the mean is of more rows than are kept, and left out.",
			       view_rate(rate, sums->left_out_bps));
		view_wrapped(out, text, 0, 0);
	}
}

void
view_ledger_demands(struct buf *out, const struct view_ledger_demands *view,
		    enum view_ledger_form form)
{
	if (form == VIEW_LEDGER_JSON)
		answer_json(out, view);
	else if (form == VIEW_LEDGER_CSV)
		answer_csv(out, view);
	else
		answer_text(out, view);
}
