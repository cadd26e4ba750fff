/* Forecasts and revenue, as text, JSON and CSV. */
#include "view/view_outlook.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

/* --- forecasts --- */

#define FORECAST_METHOD                                                                            \
	"low: no octet in the bins that are left; high: all of them at the speed of the ports; "   \
	"likely: "                                                                                 \
	"as the same bin a week before, times the growth from week to week"

static void
json_outlook(struct json *j, const char *key, const struct ledger_forecast *forecast,
	     const struct ledger_outlook *outlook)
{
	if (!outlook->known) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_u64(j, "p95_in_bps", outlook->in_bps);
	json_u64(j, "p95_out_bps", outlook->out_bps);
	json_u64(j, "p95_bps", outlook->measured_bps);
	view_rate_json(j, "billed_bps", forecast->low.billed_bps || outlook->billed_bps,
		       outlook->billed_bps);
	json_money(j, "net", outlook->net);
	json_money(j, "total", outlook->total);
	json_object_end(j);
}

static void
json_forecast(struct json *j, const struct ledger_forecast *forecast)
{
	json_object(j, NULL);
	view_payer_json(j, forecast->member, forecast->party);
	json_str(j, "member", forecast->member->name);
	json_str(j, "contract", forecast->contract->id);
	json_u64(j, "bin_s", forecast->bin_s);
	json_u64(j, "bins", forecast->bins);
	json_u64(j, "known", forecast->known);
	json_u64(j, "left", forecast->left);
	view_rate_json(j, "growth_ppm", forecast->grown, forecast->growth_ppm);
	json_outlook(j, "low", forecast, &forecast->low);
	json_outlook(j, "likely", forecast, &forecast->likely);
	json_outlook(j, "high", forecast, &forecast->high);
	json_bool(j, "simulated", forecast->simulated);
	json_bool(j, "final", forecast->final);
	json_object_end(j);
}

void
view_forecasts_begin(struct view_forecasts *view, struct buf *out)
{
	char month[VIEW_MONTH], at[CLOCK_TEXT];
	(void)view_month(month, view->year, view->month);
	(void)utc_format(at, view->at);
	if (view->form == VIEW_LEDGER_JSON) {
		buf_printf(out,
			   "{\"month\":\"%s\",\"at\":\"%s\",\"method\":\"" FORECAST_METHOD
			   "\",\"forecasts\":[",
			   month, at);
	} else if (view->form == VIEW_LEDGER_CSV) {
		buf_str(out,
			"month,asn,member,contract,bins,known,left,low_bps,likely_bps,high_bps,"
			"low_total,likely_total,high_total,currency,simulated,final\r\n");
	} else {
		buf_printf(out, "%s, by what is known at %s\n\n", month, at);
		view_cell(out, "AS", -10);
		view_cell(out, " contract", 20);
		view_cell(out, "95th: low", -12);
		view_cell(out, "likely", -12);
		view_cell(out, "high", -12);
		view_cell(out, "bins left", -12);
		view_end_line(out);
	}
}

static void
csv_forecast(const struct view_forecasts *view, struct buf *out,
	     const struct ledger_forecast *forecast)
{
	const struct ledger_outlook *ends[] = {&forecast->low, &forecast->likely, &forecast->high};
	char month[VIEW_MONTH], amount[MONEY_TEXT];
	buf_printf(out, "%s,", view_month(month, view->year, view->month));
	if (!forecast->party)
		buf_printf(out, "%" PRIu32, forecast->member->asn.number);
	buf_str(out, ",");
	view_csv_field(out, forecast->member->name);
	buf_str(out, ",");
	view_csv_field(out, forecast->contract->id);
	buf_printf(out, ",%zu,%zu,%zu", forecast->bins, forecast->known, forecast->left);
	for (int i = 0; i < 3; i++) {
		buf_str(out, ",");
		if (ends[i]->known)
			buf_printf(out, "%" PRIu64, ends[i]->measured_bps);
	}
	for (int i = 0; i < 3; i++) {
		buf_str(out, ",");
		if (ends[i]->known)
			buf_str(out, money_format_amount(amount, ends[i]->total));
	}
	buf_printf(out, ",%s,%s,%s\r\n", forecast->low.total.currency.code,
		   forecast->simulated ? "yes" : "no", forecast->final ? "yes" : "no");
}

static const char *
rate_of(char text[VIEW_RATE_TEXT], const struct ledger_outlook *outlook)
{
	return outlook->known ? view_rate(text, outlook->measured_bps) : "-";
}

static const char *
total_of(char text[MONEY_TEXT], const struct ledger_outlook *outlook)
{
	return outlook->known ? money_format_amount(text, outlook->total) : "-";
}

static void
text_forecast(struct buf *out, const struct ledger_forecast *forecast)
{
	char rate[VIEW_RATE_TEXT], text[MONEY_TEXT], left[64];
	char asn[16];
	(void)snprintf(asn, sizeof(asn), "%" PRIu32, forecast->member->asn.number);
	view_cell(out, forecast->party ? forecast->party : asn, -10);
	buf_str(out, " ");
	view_cell(out, forecast->contract->id, 19);
	view_cell(out, rate_of(rate, &forecast->low), -12);
	view_cell(out, rate_of(rate, &forecast->likely), -12);
	view_cell(out, rate_of(rate, &forecast->high), -12);
	(void)snprintf(left, sizeof(left), "%zu of %zu", forecast->left, forecast->bins);
	view_cell(out, left, -13);
	buf_str(out, forecast->simulated ? "*" : "");
	view_end_line(out);
	(void)snprintf(left, sizeof(left), "in %s: ", forecast->low.total.currency.code);
	view_cell(out, left, -30);
	buf_printf(out, " %11s", total_of(text, &forecast->low));
	buf_printf(out, " %11s", total_of(text, &forecast->likely));
	buf_printf(out, " %11s\n", total_of(text, &forecast->high));
}

void
view_forecasts_add(struct view_forecasts *view, struct buf *out,
		   const struct ledger_forecast *forecast)
{
	bool first = view->count++ == 0;
	view->simulated |= forecast->simulated;
	if (view->form == VIEW_LEDGER_JSON) {
		struct json j = json_to(out);
		if (!first)
			buf_str(out, ",");
		json_forecast(&j, forecast);
	} else if (view->form == VIEW_LEDGER_CSV) {
		csv_forecast(view, out, forecast);
	} else {
		text_forecast(out, forecast);
	}
}

void
view_forecasts_end(struct view_forecasts *view, struct buf *out)
{
	if (view->form == VIEW_LEDGER_JSON)
		buf_str(out, "]}\n");
	if (view->form != VIEW_LEDGER_TEXT)
		return;
	if (!view->count) {
		buf_str(out, "no contract is in force in that month\n");
		return;
	}
	buf_str(out, "\n");
	view_wrapped(
		out,
		"Low and high are bounds: no octet in the bins that are left, or all of them at "
		"the speed of the ports. Likely is an estimate: each as the same bin a week "
		"before, times the growth from week to week.",
		0, 0);
	if (view->simulated)
		buf_str(out, "* rests on simulated bins\n");
}

/* --- revenue --- */

static struct money
money_of(int64_t minor, struct currency currency)
{
	return (struct money){minor, currency};
}

static void
json_months(struct json *j, const struct ledger_revenue *r, const int64_t *months,
	    struct currency currency)
{
	char text[MONEY_TEXT];
	if (r->month)
		return;
	json_array(j, "months");
	for (int i = 0; i < LEDGER_MONTHS; i++)
		json_str(j, NULL, money_format_amount(text, money_of(months[i], currency)));
	json_array_end(j);
}

static void
json_pace(struct json *j, const struct ledger_pace *pace, struct currency currency)
{
	json_object(j, "plan");
	json_money(j, "from", money_of(pace->from, currency));
	json_money(j, "to", money_of(pace->to, currency));
	json_money(j, "run_rate", money_of(pace->run_rate, currency));
	json_u64(j, "percent_of_to_x100", pace->percent_low);
	json_u64(j, "percent_of_from_x100", pace->percent_high);
	json_u64(j, "percent_of_year_x100", pace->year_percent);
	json_object_end(j);
}

/* What a sum has beside it. */
struct parts {
	int64_t cost, shared, computed, computed_cost;
};

static void
json_parts(struct json *j, const struct parts *parts, int64_t sum, struct currency currency)
{
	int64_t kept;
	json_money(j, "cost", money_of(parts->cost, currency));
	json_money(j, "shared", money_of(parts->shared, currency));
	if (ledger_revenue_kept(&kept, sum, parts->shared, parts->cost))
		json_money(j, "kept", money_of(kept, currency));
	json_money(j, "computed", money_of(parts->computed, currency));
	json_money(j, "computed_cost", money_of(parts->computed_cost, currency));
}

static void
json_totals(struct json *j, const struct hub *hub, const struct ledger_revenue *r, struct utc_s now)
{
	json_array(j, "totals");
	for (size_t i = 0; i < r->total_count; i++) {
		const struct ledger_revenue_total *t = &r->totals[i];
		struct ledger_pace pace;
		json_object(j, NULL);
		json_str(j, "currency", t->currency.code);
		json_money(j, "sum", money_of(t->sum, t->currency));
		json_parts(j, &(struct parts){t->cost, t->shared, t->computed, t->computed_cost},
			   t->sum, t->currency);
		json_months(j, r, t->months, t->currency);
		if (!r->month && ledger_revenue_pace(&pace, hub, t, r->year, now))
			json_pace(j, &pace, t->currency);
		json_object_end(j);
	}
	json_array_end(j);
}

static char *
span_of(char out[VIEW_MONTH], const struct ledger_revenue *r)
{
	if (r->month)
		return view_month(out, r->year, r->month);
	(void)snprintf(out, VIEW_MONTH, "%04d", r->year);
	return out;
}

static void
json_revenue(struct buf *out, const struct hub *hub, const struct ledger_revenue *r,
	     struct utc_s now)
{
	char text[VIEW_MONTH];
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "by", ledger_revenue_by_name(r->by));
	json_str(j, "span", span_of(text, r));
	json_bool(j, "running", r->running);
	json_bool(j, "simulated", r->simulated);
	json_u64(j, "invoices", r->invoices);
	json_u64(j, "issued", r->issued);
	json_totals(j, hub, r, now);
	json_array(j, "rows");
	for (size_t i = 0; i < r->row_count; i++) {
		const struct ledger_revenue_row *row = &r->rows[i];
		json_object(j, NULL);
		json_str(j, "key", row->key);
		json_str(j, "name", row->name);
		json_money(j, "sum", money_of(row->sum, row->currency));
		json_parts(
			j,
			&(struct parts){row->cost, row->shared, row->computed, row->computed_cost},
			row->sum, row->currency);
		json_months(j, r, row->months, row->currency);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
csv_revenue(struct buf *out, const struct ledger_revenue *r)
{
	char text[MONEY_TEXT], span[VIEW_MONTH];
	buf_printf(out, "span,%s,name,currency,sum,cost", ledger_revenue_by_name(r->by));
	for (int i = 1; i <= LEDGER_MONTHS && !r->month; i++)
		buf_printf(out, ",%04d-%02d", r->year, i);
	buf_str(out, ",shared,computed,computed_cost\r\n");
	for (size_t i = 0; i < r->row_count; i++) {
		const struct ledger_revenue_row *row = &r->rows[i];
		buf_printf(out, "%s,", span_of(span, r));
		view_csv_field(out, row->key);
		buf_str(out, ",");
		view_csv_field(out, row->name);
		buf_printf(out, ",%s,", row->currency.code);
		buf_str(out, money_format_amount(text, money_of(row->sum, row->currency)));
		buf_str(out, ",");
		buf_str(out, money_format_amount(text, money_of(row->cost, row->currency)));
		for (int m = 0; m < LEDGER_MONTHS && !r->month; m++)
			buf_printf(
				out, ",%s",
				money_format_amount(text, money_of(row->months[m], row->currency)));
		const int64_t parts[] = {row->shared, row->computed, row->computed_cost};
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			buf_printf(out, ",%s",
				   money_format_amount(text, money_of(parts[k], row->currency)));
		buf_str(out, "\r\n");
	}
}

static const struct ledger_revenue_total *
total_in(const struct ledger_revenue *r, struct currency currency)
{
	for (size_t i = 0; i < r->total_count; i++)
		if (memcmp(&r->totals[i].currency, &currency, sizeof(currency)) == 0)
			return &r->totals[i];
	return NULL;
}

static void
text_row(struct buf *out, const struct ledger_revenue *r, const struct ledger_revenue_row *row)
{
	const struct ledger_revenue_total *total = total_in(r, row->currency);
	char text[MONEY_TEXT];
	view_cell(out, *row->key ? row->key : "-", 13);
	view_cell(out, " ", 1);
	view_cell(out, strcmp(row->name, row->key) ? row->name : "", 32);
	buf_printf(out, "%21s%s", money_format(text, money_of(row->sum, row->currency)),
		   row->computed || row->computed_cost ? "~" : " ");
	if (total && total->sum > 0)
		buf_printf(out, "%8.1f %%", (double)row->sum * 100 / (double)total->sum);
	int64_t kept;
	if (row->shared && ledger_revenue_kept(&kept, row->sum, row->shared, row->cost)) {
		view_end_line(out);
		view_cell(out, "", 14);
		buf_printf(out, "%s", "of that to owners of cables ");
		buf_printf(out, "%26s", money_format(text, money_of(row->shared, row->currency)));
	}
	view_end_line(out);
}

static void
text_total(struct buf *out, const struct hub *hub, const struct ledger_revenue *r,
	   const struct ledger_revenue_total *total, struct utc_s now)
{
	char text[MONEY_TEXT], other[MONEY_TEXT], line[200];
	struct currency currency = total->currency;
	struct ledger_pace pace;
	(void)snprintf(line, sizeof(line), "%s%s%s",
		       money_format(text, money_of(total->sum, total->currency)),
		       total->cost ? "; bought: " : "",
		       total->cost ? money_format(other, money_of(total->cost, total->currency))
				   : "");
	view_field(out, "total", line);
	int64_t kept;
	if (total->computed || total->computed_cost) {
		(void)snprintf(
			line, sizeof(line), "%s%s%s",
			money_format(text, money_of(total->computed, currency)),
			total->computed_cost ? "; expected to be paid: " : "",
			total->computed_cost
				? money_format(other, money_of(total->computed_cost, currency))
				: "");
		view_field(out, "not issued", line);
	}
	if (total->shared && ledger_revenue_kept(&kept, total->sum, total->shared, total->cost)) {
		(void)snprintf(line, sizeof(line), "%s to owners of cables; the hub keeps %s",
			       money_format(text, money_of(total->shared, currency)),
			       money_format(other, money_of(kept, currency)));
		view_field(out, "shared", line);
	}
	if (r->month || !ledger_revenue_pace(&pace, hub, total, r->year, now))
		return;
	(void)snprintf(line, sizeof(line), "%s to %s a year",
		       money_format_amount(text, money_of(pace.from, total->currency)),
		       money_format(other, money_of(pace.to, total->currency)));
	view_field(out, "plan", line);
	(void)snprintf(line, sizeof(line),
		       "%" PRIu32 ".%02" PRIu32 " to %" PRIu32 ".%02" PRIu32
		       " %% of it, after %" PRIu32 ".%02" PRIu32 " %% of the year",
		       pace.percent_low / 100, pace.percent_low % 100, pace.percent_high / 100,
		       pace.percent_high % 100, pace.year_percent / 100, pace.year_percent % 100);
	view_field(out, "so far", line);
	if (pace.run_rate)
		view_field(out, "run rate",
			   money_format(text, money_of(pace.run_rate, total->currency)));
}

static void
text_revenue(struct buf *out, const struct hub *hub, const struct ledger_revenue *r,
	     struct utc_s now)
{
	char span[VIEW_MONTH];
	buf_printf(out, "revenue of %s by %s, net of tax%s%s\n\n", span_of(span, r),
		   ledger_revenue_by_name(r->by), r->running ? ", so far" : "",
		   r->simulated ? "; SIMULATED" : "");
	for (size_t i = 0; i < r->row_count; i++) {
		if (i && memcmp(&r->rows[i].currency, &r->rows[i - 1].currency,
				sizeof(r->rows[i].currency)) != 0)
			buf_str(out, "\n");
		text_row(out, r, &r->rows[i]);
	}
	if (!r->row_count)
		buf_str(out, "no contract was in force\n");
	bool computed = false;
	for (size_t i = 0; i < r->row_count; i++)
		computed |= r->rows[i].computed || r->rows[i].computed_cost;
	if (computed)
		buf_str(out, "\n~ computed, at least in part: not issued yet\n");
	for (size_t i = 0; i < r->total_count; i++) {
		buf_str(out, "\n");
		text_total(out, hub, r, &r->totals[i], now);
	}
}

void
view_revenue(struct buf *out, enum view_ledger_form form, const struct hub *hub,
	     const struct ledger_revenue *revenue, struct utc_s now)
{
	if (form == VIEW_LEDGER_JSON)
		json_revenue(out, hub, revenue, now);
	else if (form == VIEW_LEDGER_CSV)
		csv_revenue(out, revenue);
	else
		text_revenue(out, hub, revenue, now);
}
