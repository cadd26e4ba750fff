/* Traffic between sites. */
#include "view/view_ledger_demands.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "view/view_rates.h"
#include "view/view_text.h"

enum { TEXT_ROWS = 40 };

static struct view_measured
measured(const struct view_ledger_demands *view)
{
	const struct corridor_matrix_sums *sums = &view->sums;
	return (struct view_measured){view->span, sums->intervals, sums->simulated,
				      sums->left_out_bps};
}

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

static void
answer_json(struct buf *out, const struct view_ledger_demands *view)
{
	struct json json = json_to(out), *j = &json;
	const struct corridor_matrix_sums *sums = &view->sums;
	const struct view_measured all = measured(view);
	json_object(j, NULL);
	view_rates_of_json(j, &all);
	json_u64(j, "within_sites_bps", sums->within_bps);
	json_u64(j, "unplaced_bps", sums->unplaced_bps);
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
		if (row->avoider == HUB_NONE)
			json_null(j, "to_asn");
		else
			json_u64(j, "to_asn", view->hub->members[row->avoider].asn.number);
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
	buf_str(out, "asn,member,from,to,to_asn");
	view_rates_csv_heads(out);
	for (size_t i = 0; i < view->sums.row_count; i++) {
		const struct corridor_matrix_row *row = &view->sums.rows[i];
		buf_printf(out, "%" PRIu32 ",", hub->members[row->member].asn.number);
		view_csv_field(out, hub->members[row->member].name);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[row->from].id);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[row->to].id);
		buf_str(out, ",");
		if (row->avoider != HUB_NONE)
			buf_printf(out, "%" PRIu32, hub->members[row->avoider].asn.number);
		view_rates_csv(out, &row->rates, row->samples);
	}
}

static void
rows_text(struct buf *out, const struct view_ledger_demands *view)
{
	const struct hub *hub = view->hub;
	view_cell(out, "enters by", 18);
	view_cell(out, "from", 9);
	view_cell(out, "to", 15);
	view_rates_heads(out);
	for (size_t i = 0; i < view->sums.row_count && i < TEXT_ROWS; i++) {
		const struct corridor_matrix_row *row = &view->sums.rows[i];
		view_cell(out, hub->members[row->member].name, 18);
		view_cell(out, hub->sites[row->from].id, 9);
		char to[64];
		(void)snprintf(to, sizeof(to), "%s", hub->sites[row->to].id);
		if (row->avoider != HUB_NONE)
			(void)snprintf(to, sizeof(to), "%.40s AS%" PRIu32, hub->sites[row->to].id,
				       hub->members[row->avoider].asn.number);
		view_cell(out, to, 15);
		view_rates_cells(out, &row->rates);
	}
	if (view->sums.row_count > TEXT_ROWS)
		buf_printf(out, "(%zu more; -j or --csv shows all)\n",
			   view->sums.row_count - TEXT_ROWS);
}

static void
answer_text(struct buf *out, const struct view_ledger_demands *view)
{
	char text[200], rate[VIEW_RATE_TEXT];
	const struct corridor_matrix_sums *sums = &view->sums;
	const struct view_measured all = measured(view);
	view_rates_of_text(out, &all);
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
	view_rates_left_out(out, &all, "rows");
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
