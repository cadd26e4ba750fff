/* Traffic of content networks. */
#include "view/view_ledger_content.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "view/view_rates.h"
#include "view/view_text.h"

enum { TEXT_ROWS = 40, NAME_COLUMNS = 26, ASN_COLUMNS = 14 };

static struct view_measured
measured(const struct view_ledger_content *view)
{
	const struct corridor_content_sums *sums = &view->sums;
	return (struct view_measured){view->span, sums->intervals, sums->simulated,
				      sums->left_out_bps};
}

static void
answer_json(struct buf *out, const struct view_ledger_content *view)
{
	struct json json = json_to(out), *j = &json;
	const struct corridor_content_sums *sums = &view->sums;
	const struct view_measured all = measured(view);
	json_object(j, NULL);
	view_rates_of_json(j, &all);
	json_u64(j, "shaped", sums->shaped);
	json_array(j, "content");
	for (size_t i = 0; i < view->hub->content_count; i++) {
		const struct hub_content *content = &view->hub->content[i];
		if (!content->asn_count)
			continue;
		json_object(j, NULL);
		json_str(j, "id", content->id);
		json_str(j, "name", content->name);
		view_rates_json(j, &sums->content[i].rates);
		json_u64(j, "samples", sums->content[i].samples);
		json_bool(j, "split", sums->content[i].split);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "networks");
	for (size_t i = 0; i < sums->network_count; i++) {
		const struct corridor_network_rate *network = &sums->networks[i];
		json_object(j, NULL);
		json_u64(j, "asn", network->asn.number);
		json_array(j, "content");
		for (size_t k = 0; k < network->of_count; k++)
			json_str(j, NULL, view->hub->content[network->of[k]].id);
		json_array_end(j);
		view_rates_json(j, &network->rates);
		json_u64(j, "samples", network->samples);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

/* Content networks have no asn; networks name the content that they are of, with spaces between. */
static void
answer_csv(struct buf *out, const struct view_ledger_content *view)
{
	const struct hub *hub = view->hub;
	buf_str(out, "asn,content");
	view_rates_csv_heads(out);
	for (size_t i = 0; i < hub->content_count; i++) {
		if (!hub->content[i].asn_count)
			continue;
		buf_str(out, ",");
		view_csv_field(out, hub->content[i].id);
		view_rates_csv(out, &view->sums.content[i].rates, view->sums.content[i].samples);
	}
	for (size_t i = 0; i < view->sums.network_count; i++) {
		const struct corridor_network_rate *network = &view->sums.networks[i];
		struct buf of = {0};
		for (size_t k = 0; k < network->of_count; k++)
			buf_printf(&of, "%s%s", k ? " " : "", hub->content[network->of[k]].id);
		buf_put(&of, "", 1);
		buf_printf(out, "%" PRIu32 ",", network->asn.number);
		view_csv_field(out, of.failed ? "" : (const char *)of.data);
		view_rates_csv(out, &network->rates, network->samples);
		buf_fini(&of);
	}
}

static void
row_text(struct buf *out, const char *name, const char *asn, const struct corridor_rates *rates)
{
	view_cell(out, name, NAME_COLUMNS);
	view_cell(out, asn, ASN_COLUMNS);
	view_rates_cells(out, rates);
}

static void
rows_text(struct buf *out, const struct view_ledger_content *view)
{
	const struct corridor_content_sums *sums = &view->sums;
	char asn[16];
	view_cell(out, "content", NAME_COLUMNS);
	view_cell(out, "network", ASN_COLUMNS);
	view_rates_heads(out);
	for (size_t i = 0; i < view->hub->content_count; i++)
		if (view->hub->content[i].asn_count)
			row_text(out, view->hub->content[i].id, "", &sums->content[i].rates);
	for (size_t i = 0; i < sums->network_count && i < TEXT_ROWS; i++) {
		const struct corridor_network_rate *network = &sums->networks[i];
		(void)snprintf(asn, sizeof(asn), "AS%" PRIu32, network->asn.number);
		row_text(out, "", asn, &network->rates);
	}
	if (sums->network_count > TEXT_ROWS)
		buf_printf(out, "(%zu more networks; -j or --csv shows all)\n",
			   sums->network_count - TEXT_ROWS);
}

static void
answer_text(struct buf *out, const struct view_ledger_content *view)
{
	const struct corridor_content_sums *sums = &view->sums;
	const struct view_measured all = measured(view);
	bool split = false;
	view_rates_of_text(out, &all);
	if (sums->network_count)
		rows_text(out, view);
	else
		buf_str(out, "nothing was measured of the networks of any content\n");
	for (size_t i = 0; i < view->hub->content_count; i++)
		split |= sums->content[i].split;
	if (split)
		view_wrapped(out,
			     "A network that several have is split as what leaves at their "
			     "users' sites.",
			     0, 0);
	if (sums->shaped)
		buf_printf(out,
			   "Of %zu intervals there are sums of a day by network left: a network "
			   "has its\nshare of the day in what entered by each port.\n",
			   sums->shaped);
	view_rates_left_out(out, &all, "networks");
}

void
view_ledger_content(struct buf *out, const struct view_ledger_content *view,
		    enum view_ledger_form form)
{
	if (form == VIEW_LEDGER_JSON)
		answer_json(out, view);
	else if (form == VIEW_LEDGER_CSV)
		answer_csv(out, view);
	else
		answer_text(out, view);
}
