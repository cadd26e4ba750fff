/* An invoice in the words of reference_invoice.py. */
#pragma once

#include <jansson.h>

#include "ledger/ledger_invoice.h"

static json_t *
percentile_json(const struct ledger_percentile *p)
{
	return json_pack("{sI sI sI sI sI sI sI sI sI}", "count", (json_int_t)p->count, "rank",
			 (json_int_t)p->rank, "days", (json_int_t)p->days, "in",
			 (json_int_t)p->in_bps, "out", (json_int_t)p->out_bps, "measured",
			 (json_int_t)p->measured_bps, "billed", (json_int_t)p->billed_bps, "peak",
			 (json_int_t)p->peak_bps, "above", (json_int_t)p->above);
}

static json_t *
line_json(const struct ledger_line *line)
{
	static const char *const rules[] = {"priced", "of-base", "plain"};
	return json_pack("{ss ss? ss sI sI sI sI sI sI sb sI}", "kind",
			 ledger_line_kind_name(line->kind), "item", line->item, "rule",
			 rules[line->rule], "quantity", (json_int_t)line->quantity, "divisor",
			 (json_int_t)line->divisor, "price", (json_int_t)line->price.micro, "base",
			 (json_int_t)line->base.minor, "days", (json_int_t)line->days,
			 "days_in_month", (json_int_t)line->days_in_month, "exempt",
			 line->tax_exempt, "amount", (json_int_t)line->amount.minor);
}

static json_t *
parts_json(const struct ledger_invoice *invoice)
{
	const struct ledger_charge *charge = &invoice->charge;
	json_t *ports = json_pack("[]"), *lines = json_pack("[]"), *written = json_pack("[]");
	for (size_t i = 0; i < invoice->port_count; i++)
		json_array_append_new(ports, percentile_json(&invoice->ports[i].p95));
	for (size_t i = 0; i < charge->line_count; i++)
		json_array_append_new(lines, line_json(&charge->lines[i]));
	for (size_t i = 0; i < charge->amortisation_count; i++) {
		const struct ledger_amortisation *a = &charge->amortisations[i];
		json_array_append_new(
			written,
			json_pack("{ss sI sI sI sI sI sI}", "item", a->item, "capital",
				  (json_int_t)a->capital.minor, "this_month",
				  (json_int_t)a->this_month.minor, "so_far",
				  (json_int_t)a->so_far.minor, "left", (json_int_t)a->left.minor,
				  "month", (json_int_t)a->month, "months", (json_int_t)a->months));
	}
	return json_pack("{so so so}", "ports", ports, "lines", lines, "amortisations", written);
}

__attribute__((unused)) static json_t *
invoice_json(const struct ledger_invoice *invoice)
{
	const struct ledger_charge *charge = &invoice->charge;
	json_t *all = parts_json(invoice), *p95 = percentile_json(&invoice->p95);
	json_object_set_new(p95, "baseline", json_integer((json_int_t)invoice->p95.baseline_bps));
	json_object_set_new(p95, "paid_days", json_integer(invoice->p95.paid_days));
	json_object_set_new(all, "p95", p95);
	json_t *more = json_pack(
		"{ss sI sI sI sI s{sI sI sI sI} s{sb sI sI sI} sI sI sI so sb}", "number",
		invoice->number, "from", (json_int_t)invoice->period.from.s, "to",
		(json_int_t)invoice->period.to.s, "days", (json_int_t)invoice->period.days,
		"days_in_month", (json_int_t)invoice->period.days_in_month, "bins", "expected",
		(json_int_t)invoice->bins.expected, "counter", (json_int_t)invoice->bins.counter,
		"estimated", (json_int_t)invoice->bins.estimated, "missing",
		(json_int_t)invoice->bins.missing, "rates", "by_rate", charge->by_rate, "commit",
		(json_int_t)charge->commit_bps, "billed", (json_int_t)charge->billed_bps, "overage",
		(json_int_t)charge->overage_bps, "net", (json_int_t)charge->net.minor, "tax",
		(json_int_t)charge->tax.minor, "total", (json_int_t)charge->total.minor,
		"other_total",
		charge->exchanged ? json_integer(charge->other_total.minor) : json_pack("n"),
		"final", invoice->final);
	json_object_update(all, more);
	json_decref(more);
	return all;
}
