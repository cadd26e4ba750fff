/* What the ledger shows, in 80 columns. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"
#include "view/view_proof.h"

enum {
	CHART_LABEL = 14,
	CHART_COLUMNS = VIEW_COLUMNS - CHART_LABEL - 1,
	CHART_ROWS = 8,
	TEXT_COLUMNS = 41, /* of the lines of an invoice */
	DATES = 100,
	NAMED = 256, /* octets: the longest name (200) and what is said beside it */
};

/* A number is never cut, and never touches the one before: one that does not fit pushes the rest
 * aside. */
static void
whole_cell(struct buf *out, const char *number, int columns)
{
	buf_printf(out, " %*s", columns - 1, number);
}

char *
view_exact_rate(char out[VIEW_EXACT], uint64_t bps)
{
	char number[32];
	int64_t whole = bps > INT64_MAX ? INT64_MAX : (int64_t)bps;
	(void)snprintf(out, VIEW_EXACT, "%.24s Mbit/s",
		       ledger_quantity_format(number, whole, 1000000));
	return out;
}

/* --- the chart --- */

/* What one column stands for: the highest bin in it; missing when none of them is there. */
static uint64_t
column_peak(const struct ledger_series *series, size_t column, size_t columns, bool *known)
{
	size_t first = column * series->count / columns;
	size_t end = (column + 1) * series->count / columns;
	uint64_t octets = 0;
	*known = false;
	for (size_t i = first; i < end; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		if (bin->state == TRAFFIC_MISSING)
			continue;
		*known = true;
		if (bin->in > octets)
			octets = bin->in;
		if (bin->out > octets)
			octets = bin->out;
	}
	return ledger_rate_bps(octets, series->length_s);
}

/* The row (0 lowest) in which a rate lies; the eighths of that row that it fills. */
static unsigned
row_of(uint64_t bps, uint64_t peak_bps, unsigned rows, unsigned *eighths)
{
	unsigned steps = peak_bps ? (unsigned)((double)bps / (double)peak_bps * rows * 8 + 0.5) : 0;
	*eighths = steps % 8;
	return steps / 8;
}

static const char *
block(bool known, unsigned row, unsigned filled, unsigned eighths)
{
	static const char *const parts[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"};
	if (!known)
		return row == 0 ? "·" : " ";
	if (row < filled)
		return "█";
	return row == filled ? parts[eighths] : " ";
}

/* A chart of block characters, `rows` lines high, of the larger of in and out: the highest bin of
 * each column; the line where `mark_bps` lies is marked. */
static void
chart(struct buf *out, const struct ledger_series *series, unsigned rows, uint64_t mark_bps,
      const char *mark)
{
	size_t columns = series->count < CHART_COLUMNS ? series->count : CHART_COLUMNS;
	uint64_t peaks[CHART_COLUMNS], highest = 0;
	bool known[CHART_COLUMNS];
	for (size_t c = 0; c < columns; c++) {
		peaks[c] = column_peak(series, c, columns, &known[c]);
		if (peaks[c] > highest)
			highest = peaks[c];
	}
	if (!columns || !highest)
		return;
	unsigned eighths, marked = row_of(mark_bps, highest, rows, &eighths);
	if (marked && !eighths)
		marked--;
	for (unsigned row = rows; row-- > 0;) {
		char rate[VIEW_RATE_TEXT];
		char label[VIEW_RATE_TEXT + 8] = "";
		if (row == marked)
			(void)snprintf(label, sizeof(label), "%s", mark);
		else if (row == rows - 1)
			(void)snprintf(label, sizeof(label), "%s", view_rate(rate, highest));
		view_cell(out, label, -(CHART_LABEL - 1));
		buf_str(out, row == marked ? " ┤" : " │");
		for (size_t c = 0; c < columns; c++) {
			unsigned filled = row_of(peaks[c], highest, rows, &eighths);
			buf_str(out, block(known[c], row, filled, eighths));
		}
		view_end_line(out);
	}
}

/* "2026-11-01 to 2026-12-01 UTC": days of the zone; where it begins or ends inside one, seconds of
 * UTC. */
static void
range(char out[DATES], const struct zone *zone, struct utc_s from, struct utc_s to)
{
	char a[CLOCK_TEXT], b[CLOCK_TEXT];
	struct utc_date first = zone_date(zone, from), end = zone_date(zone, to);
	struct utc_date first_day = {first.year, first.month, first.day, 0, 0, 0};
	struct utc_date end_day = {end.year, end.month, end.day, 0, 0, 0};
	if (zone_moment(zone, first_day).s == from.s && zone_moment(zone, end_day).s == to.s)
		(void)snprintf(out, DATES, "%.10s to %.10s %.60s",
			       utc_format(a, utc_from_date(first_day)),
			       utc_format(b, utc_from_date(end_day)), zone_name(zone));
	else
		(void)snprintf(out, DATES, "%s to %s UTC", utc_format(a, from), utc_format(b, to));
}

static void
bins_field(struct buf *out, const struct ledger_bin_counts *bins, uint32_t length_s)
{
	char text[160];
	(void)snprintf(text, sizeof(text),
		       "%zu of %" PRIu32 " s: %zu by counters, %zu estimated, %zu missing%s",
		       bins->expected, length_s, bins->counter, bins->estimated, bins->missing,
		       bins->simulated ? "; SIMULATED" : "");
	view_field(out, "bins", text);
}

static void
loss_field(struct buf *out, const struct ledger_bin_counts *bins)
{
	char text[160];
	(void)snprintf(text, sizeof(text),
		       "%zu bins with records lost on the way here, %" PRIu32
		       " of a million in the worst",
		       bins->lossy, bins->worst_ppm);
	if (bins->lossy)
		view_field(out, "loss", text);
	(void)snprintf(text, sizeof(text), "%zu bins are by the other party's records",
		       bins->other);
	if (bins->other)
		view_field(out, "other party", text);
	(void)snprintf(text, sizeof(text), "%zu bins were put right by hand", bins->adjusted);
	if (bins->adjusted)
		view_field(out, "adjusted", text);
}

/* What is billed by a contract that says nothing. */
#define USUAL "95th percentile"

/* What the rate is called where there is little room. */
static const char *
rate_word(const char *measure)
{
	return strcmp(measure, USUAL) == 0 ? "95th" : "rate";
}

static void
percentile_fields(struct buf *out, const struct ledger_percentile *p95, const char *measure)
{
	char text[160], rank[64] = "", in[VIEW_EXACT], other[VIEW_EXACT];
	const char *word = rate_word(measure);
	if (!p95->count) {
		view_field(out, word, "there are no bins");
		return;
	}
	(void)snprintf(text, sizeof(text), "in %s, out %s", view_exact_rate(in, p95->in_bps),
		       view_exact_rate(other, p95->out_bps));
	view_field(out, word, text);
	if (p95->rank)
		(void)snprintf(rank, sizeof(rank), "%zu of ", p95->rank);
	(void)snprintf(text, sizeof(text), "%sn = %zu; peak %s, %zu bins above the %s", rank,
		       p95->count, view_exact_rate(in, p95->peak_bps), p95->above, word);
	view_field(out, "rank", text);
	if (p95->days) {
		(void)snprintf(text, sizeof(text), "%zu with bins that count", p95->days);
		view_field(out, "days", text);
	}
}

/* Each port, when they are added up after. */
static void
port_fields(struct buf *out, const struct ledger_invoice *invoice)
{
	for (size_t i = 0; i < invoice->port_count; i++) {
		const struct ledger_invoice_port *port = &invoice->ports[i];
		char text[NAMED], rate[VIEW_EXACT];
		(void)snprintf(text, sizeof(text), "%.100s: %s, n = %zu", port->port->id,
			       view_exact_rate(rate, port->p95.measured_bps), port->p95.count);
		view_field(out, i ? "" : "ports", text);
	}
}

/* Over what its traffic went. */
static void
way_fields(struct buf *out, const struct ledger_way *way)
{
	const char *const *lines = NULL;
	struct arena *arena = way ? arena_new() : NULL;
	size_t count = arena ? view_proof_lines(&lines, arena, way) : 0;
	out->failed |= way && !count;
	for (size_t i = 0; i < count; i++)
		view_field(out, i ? "" : "way", lines[i]);
	arena_free(arena);
}

/* --- the list --- */

static void
text_invoice(struct buf *out, const struct ledger_invoice *invoice)
{
	char holder[LEDGER_HOLDER], rate[VIEW_RATE_TEXT], money[MONEY_TEXT];
	view_cell(out, ledger_invoice_holder(holder, invoice), -10);
	buf_str(out, " ");
	view_cell(out, invoice->member->name, 19);
	buf_str(out, " ");
	view_cell(out, invoice->contract->id, 18);
	view_cell(out, invoice->p95.count ? view_rate(rate, invoice->p95.billed_bps) : "-", -11);
	whole_cell(out, money_format(money, invoice->charge.total), 19);
	buf_str(out, invoice->simulated ? "*" : " ");
	view_end_line(out);
}

/* What is sold first, then what is bought. */
void
view_ledger_text_invoices(struct buf *out, int year, int month,
			  const struct ledger_invoice *invoices, size_t count)
{
	char text[VIEW_MONTH];
	bool simulated = false, bought = false;
	if (!count) {
		buf_printf(out, "%s: no contract is in force\n", view_month(text, year, month));
		return;
	}
	buf_printf(out, "%s, %s\n\n", view_month(text, year, month),
		   invoices[0].final ? "final" : "not final: the month is running");
	view_cell(out, "AS", -10);
	view_cell(out, " member", 20);
	view_cell(out, " contract", 19);
	view_cell(out, "95th", -11);
	view_cell(out, "total", -19);
	view_end_line(out);
	for (size_t i = 0; i < count; i++) {
		simulated |= invoices[i].simulated;
		bought |= invoices[i].contract->purchase;
		if (!invoices[i].contract->purchase)
			text_invoice(out, &invoices[i]);
	}
	if (bought)
		buf_str(out, "\nbought: what the hub expects to be asked for\n");
	for (size_t i = 0; i < count; i++)
		if (invoices[i].contract->purchase)
			text_invoice(out, &invoices[i]);
	if (simulated)
		buf_str(out, "\n* rests on simulated bins\n");
}

/* --- one --- */

static void
text_lines(struct buf *out, const struct ledger_charge *charge)
{
	char text[MONEY_TEXT];
	view_cell(out, "", TEXT_COLUMNS);
	view_cell(out, "quantity", -15);
	view_cell(out, "price", -10);
	view_cell(out, "amount", -14);
	view_end_line(out);
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		char quantity[48], number[32];
		(void)snprintf(
			quantity, sizeof(quantity), "%s%s",
			line->rule == LEDGER_LINE_PLAIN
				? ""
				: ledger_quantity_format(number, line->quantity, line->divisor),
			line->rule == LEDGER_LINE_OF_BASE ? " %" : "");
		/* A text that does not fit has a line of its own. */
		bool own = view_width(line->text) > TEXT_COLUMNS;
		if (own)
			buf_printf(out, "%s\n", line->text);
		view_cell(out, own ? "" : line->text, TEXT_COLUMNS);
		whole_cell(out, quantity, 15);
		whole_cell(out,
			   line->rule != LEDGER_LINE_PRICED
				   ? ""
				   : ledger_price_format(number, line->price),
			   10);
		whole_cell(out, money_format_amount(text, line->amount), 14);
		view_end_line(out);
	}
	view_cell(out, "total", TEXT_COLUMNS + 15);
	whole_cell(out, money_format(text, charge->total), 24);
	view_end_line(out);
}

/* Runs of missing bins, the first few. */
static void
text_missing(struct buf *out, const struct ledger_series *series)
{
	enum { SHOWN = 6 };
	unsigned runs = 0;
	for (size_t i = 0; i < series->count; i++) {
		size_t first = i;
		while (i < series->count && series->bins[i].state == TRAFFIC_MISSING)
			i++;
		if (i == first || runs++ >= SHOWN)
			continue;
		char text[96], from[CLOCK_TEXT], to[CLOCK_TEXT];
		struct utc_s start = {series->from.s + (int64_t)first * series->length_s};
		struct utc_s end = {series->from.s + (int64_t)i * series->length_s};
		(void)snprintf(text, sizeof(text), "%s to %s (%zu)", utc_format(from, start),
			       utc_format(to, end), i - first);
		view_field(out, runs == 1 ? "missing" : "", text);
	}
	if (runs > SHOWN)
		buf_printf(out, "%14sand %u more\n", "", runs - SHOWN);
}

void
view_ledger_text_bill(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub *hub = invoice->hub;
	const struct hub_contract *contract = invoice->contract;
	char text[NAMED], dates[DATES], rate[VIEW_EXACT];
	buf_printf(out, "INVOICE %s%s%s\n\n", invoice->number,
		   invoice->final ? "" : "   not final: the month is running",
		   invoice->simulated ? "   SIMULATED" : "");
	(void)snprintf(text, sizeof(text), "%s, AS%" PRIu32, hub->name, hub->asn.number);
	view_field(out, "from", text);
	char payer[VIEW_PAYER];
	view_field(out, contract->purchase ? "bought from" : "to", view_payer(payer, invoice));
	(void)snprintf(text, sizeof(text), "%s, %s, %zu port%s", contract->id,
		       view_contract_kind(contract->kind), contract->port_count,
		       contract->port_count == 1 ? "" : "s");
	view_field(out, "contract", text);
	range(dates, contract->zone, invoice->period.from, invoice->period.to);
	(void)snprintf(text, sizeof(text), "%s, %" PRIu32 " of %" PRIu32 " days", dates,
		       invoice->period.days, invoice->period.days_in_month);
	view_field(out, "period", text);
	if (contract->port_count)
		percentile_fields(out, &invoice->p95, invoice->measure);
	port_fields(out, invoice);
	if (invoice->charge.by_rate) {
		view_field(out, "commit", view_exact_rate(rate, invoice->charge.commit_bps));
		view_field(out, "billed", view_exact_rate(rate, invoice->charge.billed_bps));
	}
	if (contract->port_count)
		bins_field(out, &invoice->bins, invoice->bin_s);
	if (contract->port_count && invoice->series)
		text_missing(out, invoice->series);
	loss_field(out, &invoice->bins);
	for (size_t i = 0; i < invoice->rule_count; i++)
		view_field(out, i ? "" : "rules", invoice->rules[i]);
	way_fields(out, invoice->way);
	buf_str(out, "\n");
	if (contract->port_count && invoice->series)
		chart(out, invoice->series, CHART_ROWS, invoice->p95.measured_bps,
		      rate_word(invoice->measure));
	buf_str(out, "\n");
	text_lines(out, &invoice->charge);
}

void
view_ledger_text_curve(struct buf *out, const struct hub *hub, const struct ledger_curve *curve)
{
	char text[NAMED], dates[DATES];
	(void)snprintf(text, sizeof(text), "%s, AS%" PRIu32,
		       curve->member ? curve->member->name : hub->name,
		       curve->member ? curve->member->asn.number : hub->asn.number);
	view_field(out, curve->member ? "member" : "hub", text);
	range(dates, NULL, curve->from, curve->to);
	view_field(out, "period", dates);
	percentile_fields(out, &curve->p95, USUAL);
	if (curve->commit_bps)
		view_field(out, "commit", view_exact_rate(text, curve->commit_bps));
	bins_field(out, &curve->bins, curve->series.length_s);
	buf_str(out, "\n");
	chart(out, &curve->series, CHART_ROWS + 4, curve->p95.billed_bps, "95th");
}
