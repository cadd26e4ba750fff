/* What the ledger shows: as JSON and CSV, and the state of the room. */
#include "view/view_ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

char *
view_month(char out[VIEW_MONTH], int year, int month)
{
	(void)snprintf(out, VIEW_MONTH, "%04d-%02d", year, month);
	return out;
}

const char *
view_bin_state(enum traffic_state state)
{
	static const char *const names[] = {"missing", "counter", "estimated"};
	return names[state];
}

const char *
view_contract_kind(enum hub_contract_kind kind)
{
	return kind == HUB_FLAT ? "flat" : kind == HUB_COMMIT ? "commit" : "items";
}

/* A rate that is known only when there were bins. */
static void
rate_or_null(struct json *j, const char *key, bool known, uint64_t bps)
{
	if (known)
		json_u64(j, key, bps);
	else
		json_null(j, key);
}

/* --- one invoice, as JSON --- */

/* What list and bill have in common. */
static void
summary(struct json *j, const struct ledger_invoice *invoice)
{
	bool commit = invoice->charge.by_rate;
	json_str(j, "number", invoice->number);
	json_str(j, "kind", view_contract_kind(invoice->contract->kind));
	rate_or_null(j, "p95_bps", invoice->p95.count > 0, invoice->p95.billed_bps);
	rate_or_null(j, "billed_bps", commit, invoice->charge.billed_bps);
	rate_or_null(j, "commit_bps", commit, invoice->charge.commit_bps);
	json_money(j, "total", invoice->charge.total);
	json_bool(j, "simulated", invoice->simulated);
	json_bool(j, "final", invoice->final);
}

static void
json_points(struct json *j, const char *key, const struct ledger_series *series)
{
	json_array(j, key);
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		bool known = bin->state != TRAFFIC_MISSING;
		json_array(j, NULL);
		json_i64(j, NULL, series->from.s + (int64_t)i * series->length_s);
		rate_or_null(j, NULL, known, ledger_rate_bps(bin->in, series->length_s));
		rate_or_null(j, NULL, known, ledger_rate_bps(bin->out, series->length_s));
		json_i64(j, NULL, bin->state);
		json_array_end(j);
	}
	json_array_end(j);
}

static void
json_parties(struct json *j, const struct ledger_invoice *invoice)
{
	const struct hub *hub = invoice->hub;
	const struct hub_contract *contract = invoice->contract;
	char text[32];
	json_object(j, "hub");
	json_str(j, "name", hub->name);
	json_str(j, "short_name", hub->short_name);
	json_u64(j, "asn", hub->asn.number);
	json_str(j, "city", hub->city);
	json_str(j, "country", hub->country.code[0] ? hub->country.code : NULL);
	json_object_end(j);
	json_object(j, "member");
	json_u64(j, "asn", invoice->member->asn.number);
	json_str(j, "name", invoice->member->name);
	const char *country = invoice->member->country.code;
	json_str(j, "country", country[0] ? country : NULL);
	json_object_end(j);
	json_object(j, "contract");
	json_str(j, "id", contract->id);
	json_str(j, "kind", view_contract_kind(contract->kind));
	json_str(j, "currency", contract->currency.code);
	json_str(j, "monthly", ledger_price_format(text, contract->monthly));
	if (contract->kind == HUB_COMMIT)
		json_str(j, "overage", ledger_price_format(text, contract->overage));
	json_u64(j, "tax_basis_points", contract->tax_basis_points);
	json_utc(j, "starts", contract->starts);
	json_utc(j, "ends", contract->ends);
	json_array(j, "ports");
	for (size_t i = 0; i < contract->port_count; i++)
		json_str(j, NULL, hub->ports[contract->ports[i]].id);
	json_array_end(j);
	json_object_end(j);
}

static void
json_lines(struct json *j, const struct ledger_charge *charge)
{
	char text[32];
	json_array(j, "lines");
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		json_object(j, NULL);
		json_str(j, "text", line->text);
		json_str(j, "quantity",
			 ledger_quantity_format(text, line->quantity, line->divisor));
		json_str(j, "unit", line->unit);
		if (line->rule != LEDGER_LINE_PRICED)
			json_null(j, "price");
		else
			json_str(j, "price", ledger_price_format(text, line->price));
		json_u64(j, "days", line->days);
		json_u64(j, "days_in_month", line->days_in_month);
		json_money(j, "amount", line->amount);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_bins(struct json *j, const struct ledger_bin_counts *bins)
{
	json_object(j, "bins");
	json_u64(j, "expected", bins->expected);
	json_u64(j, "counter", bins->counter);
	json_u64(j, "estimated", bins->estimated);
	json_u64(j, "missing", bins->missing);
	json_u64(j, "simulated", bins->simulated);
	json_object_end(j);
}

static void
json_bill(struct json *j, const struct ledger_invoice *invoice)
{
	const struct ledger_percentile *p95 = &invoice->p95;
	char month[VIEW_MONTH];
	json_object(j, NULL);
	summary(j, invoice);
	json_str(j, "month", view_month(month, invoice->period.year, invoice->period.month));
	json_utc(j, "from", invoice->period.from);
	json_utc(j, "to", invoice->period.to);
	json_parties(j, invoice);
	json_str(j, "rule", invoice->rules[0]);
	json_array(j, "rules");
	for (size_t i = 0; i < invoice->rule_count; i++)
		json_str(j, NULL, invoice->rules[i]);
	json_array_end(j);
	json_bins(j, &invoice->bins);
	json_u64(j, "bin_s", invoice->series->length_s);
	json_u64(j, "n", p95->count);
	rate_or_null(j, "rank", p95->count > 0, p95->rank);
	rate_or_null(j, "p95_in_bps", p95->count > 0, p95->in_bps);
	rate_or_null(j, "p95_out_bps", p95->count > 0, p95->out_bps);
	rate_or_null(j, "peak_bps", p95->count > 0, p95->peak_bps);
	json_u64(j, "bins_above", p95->above);
	rate_or_null(j, "overage_bps", invoice->charge.by_rate, invoice->charge.overage_bps);
	json_lines(j, &invoice->charge);
	json_money(j, "net", invoice->charge.net);
	json_money(j, "tax", invoice->charge.tax);
	json_points(j, "curve", invoice->series);
	json_object_end(j);
}

/* --- CSV (RFC 4180) --- */

static void
csv_lines_head(struct buf *out)
{
	buf_str(out, "number,month,asn,member,contract,line,quantity,unit,price,days,days_in_month,"
		     "amount,currency,simulated,final\r\n");
}

static void
csv_lines(struct buf *out, const struct ledger_invoice *invoice)
{
	for (size_t i = 0; i < invoice->charge.line_count; i++) {
		const struct ledger_line *line = &invoice->charge.lines[i];
		char month[VIEW_MONTH], text[32], amount[MONEY_TEXT];
		view_csv_field(out, invoice->number);
		buf_printf(out, ",%s,%" PRIu32 ",",
			   view_month(month, invoice->period.year, invoice->period.month),
			   invoice->member->asn.number);
		view_csv_field(out, invoice->member->name);
		buf_str(out, ",");
		view_csv_field(out, invoice->contract->id);
		buf_str(out, ",");
		view_csv_field(out, line->text);
		buf_printf(out, ",%s,%s,",
			   ledger_quantity_format(text, line->quantity, line->divisor), line->unit);
		if (line->rule == LEDGER_LINE_PRICED)
			buf_str(out, ledger_price_format(text, line->price));
		buf_printf(out, ",%" PRIu32 ",%" PRIu32 ",%s,%s,%s,%s\r\n", line->days,
			   line->days_in_month, money_format_amount(amount, line->amount),
			   line->amount.currency.code, invoice->simulated ? "yes" : "no",
			   invoice->final ? "yes" : "no");
	}
}

static void
csv_series(struct buf *out, const struct ledger_series *series)
{
	buf_str(out, "start,length_s,in_octets,out_octets,in_bps,out_bps,state,simulated\r\n");
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		struct utc_s start = {series->from.s + (int64_t)i * series->length_s};
		char text[CLOCK_TEXT];
		buf_printf(out, "%s,%" PRIu32 ",", utc_format(text, start), series->length_s);
		if (bin->state == TRAFFIC_MISSING)
			buf_str(out, ",,,,missing,\r\n");
		else
			buf_printf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s,%s\r\n",
				   bin->in, bin->out, ledger_rate_bps(bin->in, series->length_s),
				   ledger_rate_bps(bin->out, series->length_s),
				   view_bin_state(bin->state), bin->simulated ? "yes" : "no");
	}
}

void
view_ledger_bins_csv(struct buf *out, const struct ledger_invoice *invoice)
{
	csv_series(out, invoice->series);
}

static void
csv_invoices(struct buf *out, const struct ledger_invoice *invoices, size_t count)
{
	buf_str(out, "number,month,asn,member,contract,kind,p95_bps,billed_bps,commit_bps,net,tax,"
		     "total,currency,simulated,final\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct ledger_invoice *invoice = &invoices[i];
		const struct ledger_charge *charge = &invoice->charge;
		char month[VIEW_MONTH], amount[MONEY_TEXT];
		view_csv_field(out, invoice->number);
		buf_printf(out, ",%s,%" PRIu32 ",",
			   view_month(month, invoice->period.year, invoice->period.month),
			   invoice->member->asn.number);
		view_csv_field(out, invoice->member->name);
		buf_str(out, ",");
		view_csv_field(out, invoice->contract->id);
		buf_printf(out, ",%s,", view_contract_kind(invoice->contract->kind));
		if (invoice->p95.count)
			buf_printf(out, "%" PRIu64, invoice->p95.billed_bps);
		if (charge->by_rate)
			buf_printf(out, ",%" PRIu64 ",%" PRIu64 ",", charge->billed_bps,
				   charge->commit_bps);
		else
			buf_str(out, ",,,");
		buf_printf(out, "%s,", money_format_amount(amount, charge->net));
		buf_printf(out, "%s,", money_format_amount(amount, charge->tax));
		buf_printf(out, "%s,%s,%s,%s\r\n", money_format_amount(amount, charge->total),
			   charge->total.currency.code, invoice->simulated ? "yes" : "no",
			   invoice->final ? "yes" : "no");
	}
}

/* --- answers --- */

static void
json_invoices(struct buf *out, int year, int month, const struct ledger_invoice *invoices,
	      size_t count)
{
	char text[VIEW_MONTH];
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "month", view_month(text, year, month));
	json_array(j, "invoices");
	for (size_t i = 0; i < count; i++) {
		json_object(j, NULL);
		summary(j, &invoices[i]);
		json_str(j, "contract", invoices[i].contract->id);
		json_u64(j, "asn", invoices[i].member->asn.number);
		json_str(j, "member", invoices[i].member->name);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

void
view_ledger_invoices(struct buf *out, enum view_ledger_form form, int year, int month,
		     const struct ledger_invoice *invoices, size_t count)
{
	if (form == VIEW_LEDGER_JSON)
		json_invoices(out, year, month, invoices, count);
	else if (form == VIEW_LEDGER_CSV)
		csv_invoices(out, invoices, count);
	else
		view_ledger_text_invoices(out, year, month, invoices, count);
}

void
view_ledger_bill(struct buf *out, enum view_ledger_form form, const struct ledger_invoice *invoice)
{
	if (form == VIEW_LEDGER_JSON) {
		struct json j = json_to(out);
		json_bill(&j, invoice);
		buf_str(out, "\n");
	} else if (form == VIEW_LEDGER_CSV) {
		csv_lines_head(out);
		csv_lines(out, invoice);
	} else {
		view_ledger_text_bill(out, invoice);
	}
}

void
view_ledger_bills_begin(struct view_ledger_bills *bills, struct buf *out, int year, int month)
{
	char text[VIEW_MONTH];
	bills->count = 0;
	if (bills->form == VIEW_LEDGER_JSON)
		buf_printf(out, "{\"month\":\"%s\",\"bills\":[", view_month(text, year, month));
	else if (bills->form == VIEW_LEDGER_CSV)
		csv_lines_head(out);
}

void
view_ledger_bills_add(struct view_ledger_bills *bills, struct buf *out,
		      const struct ledger_invoice *invoice)
{
	bool first = bills->count++ == 0;
	if (bills->form == VIEW_LEDGER_JSON) {
		struct json j = json_to(out);
		if (!first)
			buf_str(out, ",");
		json_bill(&j, invoice);
	} else if (bills->form == VIEW_LEDGER_CSV) {
		csv_lines(out, invoice);
	} else {
		/* A form feed: each on paper of its own. */
		if (!first)
			buf_str(out, "\f\n");
		view_ledger_text_bill(out, invoice);
	}
}

void
view_ledger_bills_end(struct view_ledger_bills *bills, struct buf *out)
{
	if (bills->form == VIEW_LEDGER_JSON)
		buf_str(out, "]}\n");
	else if (bills->form == VIEW_LEDGER_TEXT && !bills->count)
		buf_str(out, "no contract is in force in that month\n");
}

static void
json_curve(struct buf *out, const struct hub *hub, const struct ledger_curve *curve)
{
	bool known = curve->p95.count > 0;
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_u64(j, "asn", curve->member ? curve->member->asn.number : hub->asn.number);
	json_str(j, "name", curve->member ? curve->member->name : hub->name);
	json_utc(j, "from", curve->from);
	json_utc(j, "to", curve->to);
	json_u64(j, "bin_s", curve->series.length_s);
	rate_or_null(j, "p95_in_bps", known, curve->p95.in_bps);
	rate_or_null(j, "p95_out_bps", known, curve->p95.out_bps);
	rate_or_null(j, "peak_bps", known, curve->p95.peak_bps);
	rate_or_null(j, "commit_bps", curve->commit_bps > 0, curve->commit_bps);
	json_bool(j, "simulated", curve->bins.simulated > 0);
	json_bins(j, &curve->bins);
	json_points(j, "points", &curve->series);
	json_object_end(j);
	buf_str(out, "\n");
}

void
view_ledger_curve(struct buf *out, enum view_ledger_form form, const struct hub *hub,
		  const struct ledger_curve *curve)
{
	if (form == VIEW_LEDGER_JSON)
		json_curve(out, hub, curve);
	else if (form == VIEW_LEDGER_CSV)
		csv_series(out, &curve->series);
	else
		view_ledger_text_curve(out, hub, curve);
}

/* --- the room --- */

static bool
is_well(const struct view_ledger_state *state)
{
	return !state->store_trouble && !(state->spool_trouble && state->spool_trouble[0]);
}

static const char *
trouble_of(const struct view_ledger_state *state)
{
	if (state->store_trouble)
		return state->store_trouble;
	return is_well(state) ? NULL : state->spool_trouble;
}

static void
json_state(struct buf *out, const struct view_ledger_state *state)
{
	struct json json = json_to(out), *j = &json;
	json_object(j, NULL);
	json_str(j, "trouble", trouble_of(state));
	json_bool(j, "open", !state->store_trouble);
	json_u64(j, "batches", state->totals.batches);
	json_u64(j, "ports", state->totals.ports);
	json_u64(j, "octets_on_disk", state->totals.bytes);
	json_utc(j, "oldest", state->totals.oldest);
	json_utc(j, "newest", state->totals.newest_end);
	json_object(j, "spool");
	json_u64(j, "waiting", state->waiting);
	json_u64(j, "taken", state->taken);
	json_u64(j, "known", state->known);
	json_u64(j, "refused", state->refused);
	json_object_end(j);
	json_object_end(j);
	buf_str(out, "\n");
}

static void
text_state(struct buf *out, const struct view_ledger_state *state)
{
	char text[CLOCK_TEXT], other[64];
	view_field(out, "ledger", is_well(state) ? "all is well" : trouble_of(state));
	if (!state->store_trouble) {
		(void)snprintf(other, sizeof(other), "%" PRIu64 " of %" PRIu64 " ports, %.1f MB",
			       state->totals.batches, state->totals.ports,
			       (double)state->totals.bytes / 1e6);
		view_field(out, "batches", other);
		if (state->totals.batches) {
			view_field(out, "oldest bin", utc_format(text, state->totals.oldest));
			view_field(out, "newest ends", utc_format(text, state->totals.newest_end));
		}
	}
	(void)snprintf(other, sizeof(other),
		       "%" PRIu64 " waiting, %" PRIu64 " taken, %" PRIu64 " known, %" PRIu64
		       " refused",
		       state->waiting, state->taken, state->known, state->refused);
	view_field(out, "spool", other);
}

void
view_ledger_state(struct buf *out, enum view_ledger_form form,
		  const struct view_ledger_state *state)
{
	if (form == VIEW_LEDGER_JSON)
		json_state(out, state);
	else
		text_state(out, state);
}

static void
metric(struct buf *out, const char *name, const char *kind, const char *help, uint64_t value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name, kind,
		   name, value);
}

void
view_ledger_metrics(struct buf *out, const struct view_ledger_state *state)
{
	metric(out, "sarai_ledger_trouble", "gauge", "1 when bins are not stored as they come.",
	       !is_well(state));
	metric(out, "sarai_ledger_batches", "gauge", "Batches in the store.",
	       state->totals.batches);
	metric(out, "sarai_ledger_store_bytes", "gauge", "Octets of the store's file.",
	       state->totals.bytes);
	metric(out, "sarai_ledger_newest_timestamp_seconds", "gauge", "End of the newest bin.",
	       (uint64_t)state->totals.newest_end.s);
	metric(out, "sarai_ledger_spool_files", "gauge", "Batches waiting in the spool.",
	       state->waiting);
	metric(out, "sarai_ledger_taken_total", "counter", "Batches taken in since the start.",
	       state->taken);
	metric(out, "sarai_ledger_replayed_total", "counter",
	       "Batches that were known already, since the start.", state->known);
	metric(out, "sarai_ledger_refused_total", "counter",
	       "Files moved aside as damaged, since the start.", state->refused);
}
