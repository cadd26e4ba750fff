/* Invoices and bins as CSV (RFC 4180). */
#include <inttypes.h>
#include <stdio.h>

#include "view/view_ledger_parts.h"

void
view_invoice_csv_head(struct buf *out)
{
	buf_str(out, "number,month,asn,member,contract,line,quantity,unit,price,days,days_in_month,"
		     "amount,currency,simulated,final,party,document,differs\r\n");
}

/* ",month,asn,"; a party has no AS number. */
static void
payer(struct buf *out, const struct ledger_invoice *invoice)
{
	char month[VIEW_MONTH];
	buf_printf(out, ",%s,", view_month(month, invoice->period.year, invoice->period.month));
	if (!invoice->party)
		buf_printf(out, "%" PRIu32, invoice->member->asn.number);
	buf_str(out, ",");
}

/* "party,document,differs", the last two of what was issued only; without the line's end. */
static void
end(struct buf *out, const struct ledger_invoice *invoice)
{
	if (invoice->party)
		view_csv_field(out, invoice->party);
	buf_str(out, ",");
	if (invoice->id)
		view_csv_field(out, invoice->id);
	buf_printf(out, ",%s", !invoice->id ? "" : invoice->differs ? "yes" : "no");
}

void
view_invoice_csv(struct buf *out, const struct ledger_invoice *invoice)
{
	for (size_t i = 0; i < invoice->charge.line_count; i++) {
		const struct ledger_line *line = &invoice->charge.lines[i];
		char text[32], amount[MONEY_TEXT];
		view_csv_field(out, invoice->number);
		payer(out, invoice);
		view_csv_field(out, invoice->member->name);
		buf_str(out, ",");
		view_csv_field(out, invoice->contract->id);
		buf_str(out, ",");
		view_csv_field(out, line->text);
		buf_printf(out, ",%s,%s,",
			   line->rule == LEDGER_LINE_PLAIN
				   ? ""
				   : ledger_quantity_format(text, line->quantity, line->divisor),
			   line->unit);
		if (line->rule == LEDGER_LINE_PRICED)
			buf_str(out, ledger_price_format(text, line->price));
		buf_printf(out, ",%" PRIu32 ",%" PRIu32 ",%s,%s,%s,%s,", line->days,
			   line->days_in_month, money_format_amount(amount, line->amount),
			   line->amount.currency.code, invoice->simulated ? "yes" : "no",
			   invoice->final ? "yes" : "no");
		end(out, invoice);
		buf_str(out, "\r\n");
	}
}

void
view_series_csv(struct buf *out, const struct ledger_series *series)
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
				   bin->adjusted ? "adjusted" : view_bin_state(bin->state),
				   bin->simulated ? "yes" : "no");
	}
}

void
view_ledger_bins_csv(struct buf *out, const struct ledger_invoice *invoice)
{
	view_series_csv(out, invoice->series);
}

void
view_invoices_csv(struct buf *out, const struct ledger_invoice *invoices, size_t count)
{
	buf_str(out, "number,month,asn,member,contract,kind,p95_bps,billed_bps,commit_bps,net,tax,"
		     "total,currency,simulated,final,party,document,differs,purchase\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct ledger_invoice *invoice = &invoices[i];
		const struct ledger_charge *charge = &invoice->charge;
		char amount[MONEY_TEXT];
		view_csv_field(out, invoice->number);
		payer(out, invoice);
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
		buf_printf(out, "%s,%s,%s,%s,", money_format_amount(amount, charge->total),
			   charge->total.currency.code, invoice->simulated ? "yes" : "no",
			   invoice->final ? "yes" : "no");
		end(out, invoice);
		buf_printf(out, ",%s\r\n", invoice->contract->purchase ? "yes" : "no");
	}
}
