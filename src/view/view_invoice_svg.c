/* The curve of an invoice as a drawing in its page.
 *
 * Two halves on one time axis, in above and out below; each column of the drawing shows the highest
 * bin in it (light) and the mean (full). What lies above the 95th percentile, the bins that are not
 * billed, has a colour of its own; a strip below says what the bins rest on. */
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

enum {
	LEFT = 62, /* of the drawing: where the axis stands */
	WIDTH = 640,
	TOP = 14,
	HEIGHT = 196, /* of both directions together */
	BOTTOM = TOP + HEIGHT,
	STRIP = BOTTOM + 18, /* of the bins by state */
	COLUMNS_MAX = 640,
	DAY_S = 86400,
};

struct drawing {
	struct buf *out;
	const struct ledger_invoice *invoice;
	double bps_per_unit; /* the same above and below */
	double top_bps[2];   /* the end of the axis: in, out */
	double middle;       /* where both are 0 */
	size_t columns;      /* over the whole period, of which the series may be the beginning */
	size_t bins;         /* of the whole period */
};

/* The next of 1, 2, 5, 10, 20, ... that is not below `value`. */
static double
round_step(double value)
{
	static const int steps[] = {2, 5, 10};
	double step = 1, unit = 1;
	for (size_t i = 0; step < value; i = (i + 1) % 3) {
		step = unit * steps[i];
		if (i == 2)
			unit = step;
	}
	return step;
}

static double
height_of(const struct drawing *d, uint64_t bps)
{
	return (double)bps / d->bps_per_unit;
}

/* One column: its highest bin and its mean, of those that are there. */
struct column {
	bool known;
	uint64_t highest_bps, mean_bps;
};

static struct column
column_of(const struct drawing *d, size_t index, bool outgoing)
{
	const struct ledger_series *series = d->invoice->series;
	size_t first = index * d->bins / d->columns, end = (index + 1) * d->bins / d->columns;
	struct column column = {0};
	uint64_t count = 0;
	for (size_t i = first; i < end && i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		if (bin->state == TRAFFIC_MISSING)
			continue;
		uint64_t bps = ledger_rate_bps(outgoing ? bin->out : bin->in, series->length_s);
		column.known = true;
		if (bps > column.highest_bps)
			column.highest_bps = bps;
		column.mean_bps += bps;
		count++;
	}
	if (count)
		column.mean_bps /= count;
	return column;
}

static double
x_of(const struct drawing *d, size_t column)
{
	return LEFT + (double)column * WIDTH / (double)d->columns;
}

/* An area from the middle line out to the highest bins or the means: one closed stretch for each
 * run of columns that are there. */
static void
area(const struct drawing *d, const char *attributes, bool outgoing, bool mean)
{
	int sign = outgoing ? 1 : -1;
	bool open = false;
	buf_printf(d->out, "<path %s d=\"", attributes);
	for (size_t c = 0; c <= d->columns; c++) {
		struct column column = {0};
		if (c < d->columns)
			column = column_of(d, c, outgoing);
		if (open && !column.known)
			buf_printf(d->out, "V%.1fZ", d->middle);
		if (!open && column.known)
			buf_printf(d->out, "M%.1f %.1f", x_of(d, c), d->middle);
		open = column.known;
		if (open)
			buf_printf(d->out, "V%.1fH%.1f",
				   d->middle + sign * height_of(d, mean ? column.mean_bps
									: column.highest_bps),
				   x_of(d, c + 1));
	}
	buf_str(d->out, "\"/>\n");
}

/* Columns of the past in which no bin is there. */
static void
gaps(const struct drawing *d)
{
	size_t due = d->invoice->series->count * d->columns / (d->bins ? d->bins : 1);
	for (size_t c = 0; c < due; c++) {
		size_t first = c;
		while (c < due && !column_of(d, c, false).known)
			c++;
		if (c > first)
			buf_printf(d->out,
				   "<rect class=gap x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
				   "height=\"%d\"/>\n",
				   x_of(d, first), TOP, x_of(d, c) - x_of(d, first), HEIGHT);
	}
}

static void
rate_label(const struct drawing *d, double y, uint64_t bps)
{
	char rate[VIEW_RATE_TEXT];
	buf_printf(d->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=end>%s</text>\n", LEFT - 5, y + 3,
		   bps ? view_rate(rate, bps) : "0");
}

/* The lines of one direction, from the middle outwards. */
static void
grid(const struct drawing *d, bool outgoing, double step)
{
	for (int i = 0; i * step <= d->top_bps[outgoing]; i++) {
		double bps = i * step;
		double y = d->middle + (outgoing ? bps : -bps) / d->bps_per_unit;
		buf_printf(d->out, "<path class=%s d=\"M%d %.1fH%d\"/>\n",
			   bps > 0 ? "grid" : "axis", LEFT, y, LEFT + WIDTH);
		if (bps > 0 || !outgoing)
			rate_label(d, y, (uint64_t)bps);
	}
}

static void
days(const struct drawing *d)
{
	const struct ledger_period *period = &d->invoice->period;
	int64_t span = period->to.s - period->from.s;
	int64_t every = span > 20 * DAY_S ? 5 : span > 8 * DAY_S ? 2 : 1;
	int64_t first = (period->from.s + DAY_S - 1) / DAY_S * DAY_S;
	for (int64_t day = first; day < period->to.s; day += DAY_S) {
		int number = utc_to_date((struct utc_s){day}).day;
		if (number != 1 && number % every != 0)
			continue;
		double x = LEFT + (double)(day - period->from.s) / (double)span * WIDTH;
		buf_printf(d->out,
			   "<path class=grid d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\">%d"
			   "</text>\n",
			   x, TOP, BOTTOM + 4, x + 2, BOTTOM + 11, number);
	}
}

/* A line at a rate, in one half, with its label above the right end. */
static void
level(const struct drawing *d, const char *kind, uint64_t bps, bool outgoing, const char *label)
{
	double height = height_of(d, bps);
	double y = outgoing ? d->middle + height : d->middle - height;
	buf_printf(d->out, "<path class=%s d=\"M%d %.1fH%d\"/>\n", kind, LEFT, y, LEFT + WIDTH);
	if (label)
		buf_printf(d->out,
			   "<text class=mark x=\"%d\" y=\"%.1f\" text-anchor=end stroke=\"#fff\" "
			   "stroke-width=\"2.5\" paint-order=stroke>%s</text>\n",
			   LEFT + WIDTH - 2, outgoing ? y + 9 : y - 3, label);
}

static void
burst_clip(const struct drawing *d, const char *name, bool outgoing, uint64_t p95_bps)
{
	double y = outgoing ? d->middle + height_of(d, p95_bps) : TOP;
	double end = outgoing ? BOTTOM : d->middle - height_of(d, p95_bps);
	buf_printf(d->out,
		   "<clipPath id=%s><rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>"
		   "</clipPath>\n",
		   name, LEFT, y, WIDTH, end > y ? end - y : 0);
}

static void
percentile_lines(const struct drawing *d)
{
	const struct ledger_percentile *p95 = &d->invoice->p95;
	char rate[VIEW_RATE_TEXT], label[64];
	uint64_t commit_bps = d->invoice->charge.commit_bps;
	if (d->invoice->charge.by_rate) {
		level(d, "commit", commit_bps, false, NULL);
		level(d, "commit", commit_bps, true, NULL);
	}
	if (!p95->count)
		return;
	burst_clip(d, "above-in", false, p95->in_bps);
	burst_clip(d, "above-out", true, p95->out_bps);
	area(d, "class=burst clip-path=\"url(#above-in)\"", false, false);
	area(d, "class=burst clip-path=\"url(#above-out)\"", true, false);
	(void)snprintf(label, sizeof(label), "95th in %s", view_rate(rate, p95->in_bps));
	level(d, "p95", p95->in_bps, false, label);
	(void)snprintf(label, sizeof(label), "95th out %s", view_rate(rate, p95->out_bps));
	level(d, "p95", p95->out_bps, true, label);
}

/* Shares the height between in and out by their highest bins, so that both have one scale. */
static void
scale(struct drawing *d)
{
	const struct ledger_series *series = d->invoice->series;
	const struct ledger_charge *charge = &d->invoice->charge;
	uint64_t highest[2] = {0, 0};
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		const uint64_t octets[2] = {bin->in, bin->out};
		for (int k = 0; k < 2; k++)
			if (bin->state != TRAFFIC_MISSING && octets[k] > highest[k])
				highest[k] = octets[k];
	}
	for (int k = 0; k < 2; k++) {
		highest[k] = ledger_rate_bps(highest[k], series->length_s);
		if (charge->by_rate && charge->commit_bps > highest[k])
			highest[k] = charge->commit_bps;
		d->top_bps[k] = (double)highest[k] * 1.06;
	}
	/* Neither direction gets less than a fifth. */
	double both = d->top_bps[0] + d->top_bps[1];
	if (both == 0)
		both = 1000;
	for (int k = 0; k < 2; k++)
		if (d->top_bps[k] < both / 5)
			d->top_bps[k] = both / 5;
	d->bps_per_unit = (d->top_bps[0] + d->top_bps[1]) / HEIGHT;
	d->middle = TOP + d->top_bps[0] / d->bps_per_unit;
}

/* What the bins of each column rest on, the worst of them; a run of columns is one piece. */
static enum traffic_state
column_state(const struct drawing *d, size_t index)
{
	const struct ledger_series *series = d->invoice->series;
	size_t first = index * d->bins / d->columns, end = (index + 1) * d->bins / d->columns;
	enum traffic_state worst = TRAFFIC_COUNTER;
	for (size_t i = first; i < end && i < series->count; i++) {
		enum traffic_state state = series->bins[i].state;
		if (state == TRAFFIC_MISSING)
			return state;
		worst = state == TRAFFIC_ESTIMATED ? state : worst;
	}
	return worst;
}

static void
strip(const struct drawing *d)
{
	size_t due = d->invoice->series->count * d->columns / (d->bins ? d->bins : 1);
	for (size_t c = 0; c < due;) {
		size_t first = c;
		enum traffic_state state = column_state(d, c);
		while (c < due && column_state(d, c) == state)
			c++;
		buf_printf(d->out,
			   "<rect class=bin-%s x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"6\"/>\n",
			   view_bin_state(state), x_of(d, first), STRIP,
			   x_of(d, c) - x_of(d, first));
	}
	buf_printf(d->out, "<text x=\"%d\" y=\"%d\" text-anchor=end>bins</text>", LEFT - 5,
		   STRIP + 6);
}

void
view_invoice_svg(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_period *period = &invoice->period;
	struct drawing d = {.out = out, .invoice = invoice};
	d.bins = (size_t)((period->to.s - invoice->series->from.s) / invoice->series->length_s);
	d.columns = d.bins < COLUMNS_MAX ? d.bins : COLUMNS_MAX;
	if (!d.columns)
		return;
	scale(&d);
	double step = round_step((d.top_bps[0] + d.top_bps[1]) / 7);
	buf_printf(out,
		   "<div class=scroll><svg viewBox=\"0 0 %d %d\" role=img aria-label=\"Traffic in "
		   "and out over the "
		   "month, with the 95th percentile\">\n",
		   LEFT + WIDTH + 4, STRIP + 9);
	gaps(&d);
	days(&d);
	grid(&d, false, step);
	grid(&d, true, step);
	area(&d, "class=in-max", false, false);
	area(&d, "class=in-mean", false, true);
	area(&d, "class=out-max", true, false);
	area(&d, "class=out-mean", true, true);
	percentile_lines(&d);
	strip(&d);
	buf_printf(out,
		   "<text class=bold x=\"%d\" y=\"%d\" text-anchor=end>in</text>"
		   "<text class=bold x=\"%d\" y=\"%d\" text-anchor=end>out</text></svg></div>\n",
		   LEFT - 5, TOP, LEFT - 5, BOTTOM + 11);
	buf_str(out,
		"<ul class=keys><li><i class=in-mean style=\"background:#0f766e\"></i>in, from "
		"the member: mean, and highest bin (light)<li><i style=\"background:#3b5bb5\">"
		"</i>out, to the member<li><i style=\"background:#e07a1f\"></i>above the 95th: "
		"not billed<li><i class=line style=\"color:#c2540a\"></i>95th percentile");
	if (invoice->charge.by_rate)
		buf_str(out, "<li><i class=line style=\"border-top-style:dashed\"></i>committed "
			     "rate");
	buf_str(out, "</ul>\n");
}
