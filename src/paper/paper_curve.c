/* The curve. Each column of the drawing shows the highest bin in it (light) and the mean (full): a
 * month has more bins than a page has room for. Both directions have one scale. */
#include "paper/paper_curve.h"

#include <math.h>
#include <stdio.h>

enum { COLUMNS_MAX = 900, DAY_S = 86400 };

#define AXIS   50.0  /* room for the rates at the left */
#define HEIGHT 140.0 /* of both directions together */
#define STRIP  6.0
#define KEYS   28.0

static const struct paper_style axis_style = {7, PANGO_WEIGHT_NORMAL, PAPER_SOFT, 0};
static const struct paper_style bold_style = {7, PANGO_WEIGHT_BOLD, PAPER_SOFT, 0};
static const struct paper_style mark_style = {7, PANGO_WEIGHT_SEMIBOLD, PAPER_RUST, 0};
static const struct paper_style commit_style = {7, PANGO_WEIGHT_SEMIBOLD, PAPER_INK, 0};

struct column {
	bool known;
	uint64_t highest[2], mean[2]; /* in, out */
	enum paper_state worst;
};

struct drawing {
	struct paper_pen *pen;
	const struct paper_curve *curve;
	size_t columns;
	double left, width, top, middle, bottom;
	double bps_per_point, top_bps[2];
};

static size_t
column_start(const struct drawing *d, size_t column)
{
	return column * d->curve->count / d->columns;
}

static struct column
column_of(const struct drawing *d, size_t index)
{
	struct column column = {.worst = PAPER_COUNTER};
	size_t first = column_start(d, index), end = column_start(d, index + 1), seen = 0;
	long double sum[2] = {0, 0};
	for (size_t i = first; i < end && i < d->curve->drawn; i++) {
		const struct paper_bin *bin = &d->curve->bins[i];
		const uint64_t bps[2] = {bin->in_bps, bin->out_bps};
		if (bin->state == PAPER_MISSING || column.worst == PAPER_MISSING)
			column.worst = PAPER_MISSING;
		else if (bin->state == PAPER_ESTIMATED)
			column.worst = PAPER_ESTIMATED;
		if (bin->state == PAPER_MISSING)
			continue;
		column.known = true;
		seen++;
		for (int k = 0; k < 2; k++) {
			sum[k] += bps[k];
			if (bps[k] > column.highest[k])
				column.highest[k] = bps[k];
		}
	}
	for (int k = 0; k < 2 && seen; k++)
		column.mean[k] = (uint64_t)(sum[k] / seen);
	return column;
}

static double
x_of(const struct drawing *d, size_t column)
{
	return d->left + (double)column * d->width / (double)d->columns;
}

static double
y_of(const struct drawing *d, int outgoing, double bps)
{
	double height = bps / d->bps_per_point;
	return outgoing ? d->middle + height : d->middle - height;
}

/* The area from the middle out to the highest bins or the means of one direction. */
static void
area(const struct drawing *d, int outgoing, bool mean)
{
	cairo_t *cr = d->pen->cr;
	bool open = false;
	for (size_t c = 0; c <= d->columns; c++) {
		struct column column = {0};
		if (c < d->columns)
			column = column_of(d, c);
		if (open && !column.known) {
			paper.cairo_line_to(cr, x_of(d, c), d->middle);
			paper.cairo_close_path(cr);
		}
		if (!open && column.known)
			paper.cairo_move_to(cr, x_of(d, c), d->middle);
		open = column.known;
		if (!open)
			continue;
		uint64_t bps = mean ? column.mean[outgoing] : column.highest[outgoing];
		double y = y_of(d, outgoing, (double)bps);
		paper.cairo_line_to(cr, x_of(d, c), y);
		paper.cairo_line_to(cr, x_of(d, c + 1), y);
	}
	paper.cairo_fill(cr);
}

/* What lies beyond the 95th: clipped, so that it is exact to the line. */
static void
beyond(const struct drawing *d, int outgoing, uint64_t bps)
{
	cairo_t *cr = d->pen->cr;
	double y = y_of(d, outgoing, (double)bps);
	double end = outgoing ? d->bottom : d->top;
	paper.cairo_save(cr);
	paper.cairo_rectangle(cr, d->left, y < end ? y : end, d->width, fabs(end - y));
	paper.cairo_clip(cr);
	paper_colour(d->pen, PAPER_ORANGE, 1);
	area(d, outgoing, false);
	paper.cairo_restore(cr);
}

static void
line_across(const struct drawing *d, double y, double thickness)
{
	paper.cairo_set_line_width(d->pen->cr, thickness);
	paper.cairo_move_to(d->pen->cr, d->left, y);
	paper.cairo_line_to(d->pen->cr, d->left + d->width, y);
	paper.cairo_stroke(d->pen->cr);
}

/* The label stands on a white ground, outside of the line as seen from the middle. */
static void
level_label(const struct drawing *d, const struct paper_style *style, int outgoing, double y,
	    const char *text, bool left)
{
	struct paper_extent extent = paper_text_extent(d->pen, style, text, -1);
	double x = left ? d->left + 3 : d->left + d->width - extent.width - 3;
	double at = outgoing ? y + 1 : y - extent.height - 0.5;
	paper_colour(d->pen, PAPER_WHITE, 0.78);
	paper.cairo_rectangle(d->pen->cr, x - 2, at + 0.5, extent.width + 4, extent.height - 1);
	paper.cairo_fill(d->pen->cr);
	(void)paper_text(d->pen, style, text, x, at, extent.width + 2);
}

static void
levels(const struct drawing *d)
{
	const struct paper_curve *curve = d->curve;
	const struct paper_level *p95[2] = {&curve->level_in, &curve->level_out};
	cairo_t *cr = d->pen->cr;
	for (int k = 0; k < 2; k++)
		if (p95[k]->there)
			beyond(d, k, p95[k]->bps);
	for (int k = 0; k < 2; k++) {
		if (!curve->commit.there || !curve->commit.bps)
			continue;
		double y = y_of(d, k, (double)curve->commit.bps);
		paper_colour(d->pen, PAPER_INK, 1);
		paper.cairo_set_dash(cr, (const double[]){4, 2.5}, 2, 0);
		line_across(d, y, 0.7);
		paper.cairo_set_dash(cr, NULL, 0, 0);
	}
	for (int k = 0; k < 2; k++) {
		if (!p95[k]->there)
			continue;
		double y = y_of(d, k, (double)p95[k]->bps);
		paper_colour(d->pen, PAPER_RUST, 1);
		line_across(d, y, 1.1);
		level_label(d, &mark_style, k, y, p95[k]->label, false);
	}
	if (curve->commit.there && curve->commit.bps)
		level_label(d, &commit_style, 0, y_of(d, 0, (double)curve->commit.bps),
			    curve->commit.label, true);
}

/* "40 Gbit/s" */
static void
rate_text(char out[32], double bps)
{
	static const char *const units[] = {"bit/s",  "kbit/s", "Mbit/s",
					    "Gbit/s", "Tbit/s", "Pbit/s"};
	size_t unit = 0;
	for (; bps >= 1000 && unit < 5; unit++)
		bps /= 1000;
	(void)snprintf(out, 32, "%.3g %s", bps, units[unit]);
}

/* The next of 1, 2, 5, 10, 20, ... that is not below `value`. */
static double
round_step(double value)
{
	double unit = pow(10, floor(log10(value > 1 ? value : 1)));
	return value <= unit       ? unit
	       : value <= 2 * unit ? 2 * unit
	       : value <= 5 * unit ? 5 * unit
				   : 10 * unit;
}

static void
grid(const struct drawing *d)
{
	double step = round_step((d->top_bps[0] + d->top_bps[1]) / 7);
	for (int k = 0; k < 2; k++) {
		for (int i = k; i * step <= d->top_bps[k]; i++) {
			char text[32] = "0";
			double y = y_of(d, k, i * step);
			paper_colour(d->pen, i ? PAPER_HAIR : PAPER_GREY, 1);
			line_across(d, y, i ? 0.5 : 0.8);
			if (i)
				rate_text(text, i * step);
			(void)paper_text_aligned(d->pen, &axis_style, PAPER_END, text,
						 (const double[]){PAPER_LEFT, y - 5, AXIS - 5});
		}
	}
	(void)paper_text_aligned(d->pen, &bold_style, PAPER_END, "in",
				 (const double[]){PAPER_LEFT, d->top - 12, AXIS - 5});
	(void)paper_text_aligned(d->pen, &bold_style, PAPER_END, "out",
				 (const double[]){PAPER_LEFT, d->bottom + 1, AXIS - 5});
}

static void
days(const struct drawing *d)
{
	const struct paper_curve *curve = d->curve;
	int64_t from = curve->from.s + curve->offset_s;
	int64_t span = (int64_t)curve->count * curve->length_s;
	int64_t every = span > 20 * DAY_S ? 5 : span > 8 * DAY_S ? 2 : 1;
	for (int64_t day = (from + DAY_S - 1) / DAY_S * DAY_S; day < from + span; day += DAY_S) {
		int number = utc_to_date((struct utc_s){day}).day;
		if (number != 1 && number % every != 0)
			continue;
		double x = d->left + (double)(day - from) / (double)span * d->width;
		char text[16];
		(void)snprintf(text, sizeof(text), "%d", number);
		paper_colour(d->pen, PAPER_HAIR, 1);
		paper.cairo_set_line_width(d->pen->cr, 0.5);
		paper.cairo_move_to(d->pen->cr, x, d->top);
		paper.cairo_line_to(d->pen->cr, x, d->bottom + 3);
		paper.cairo_stroke(d->pen->cr);
		(void)paper_text(d->pen, &axis_style, text, x + 2, d->bottom + 1, 24);
	}
}

/* What each column rests on, the worst of its bins; runs are drawn as one. */
static void
strip(const struct drawing *d, double y)
{
	static const enum paper_colour colours[] = {PAPER_GREY, PAPER_TEAL, PAPER_SAND};
	size_t due = d->curve->count ? d->curve->drawn * d->columns / d->curve->count : 0;
	paper_colour(d->pen, PAPER_PALE, 1);
	paper.cairo_rectangle(d->pen->cr, d->left, y, d->width, STRIP);
	paper.cairo_fill(d->pen->cr);
	for (size_t c = 0; c < due;) {
		size_t first = c;
		enum paper_state state = column_of(d, c).worst;
		while (c < due && column_of(d, c).worst == state)
			c++;
		paper_colour(d->pen, colours[state], 1);
		paper.cairo_rectangle(d->pen->cr, x_of(d, first), y, x_of(d, c) - x_of(d, first),
				      STRIP);
		paper.cairo_fill(d->pen->cr);
	}
	(void)paper_text_aligned(d->pen, &axis_style, PAPER_END, "bins",
				 (const double[]){PAPER_LEFT, y - 2, AXIS - 5});
}

/* A patch or a line, and what it means. Returns where the next one goes. */
static double
key(const struct drawing *d, enum paper_colour colour, bool line, const char *text,
    const double at[2])
{
	struct paper_extent extent = paper_text_extent(d->pen, &axis_style, text, -1);
	double height = line ? 1.2 : 5;
	paper_colour(d->pen, colour, 1);
	paper.cairo_rectangle(d->pen->cr, at[0], at[1] + extent.height / 2 - height / 2, 10,
			      height);
	paper.cairo_fill(d->pen->cr);
	(void)paper_text(d->pen, &axis_style, text, at[0] + 13, at[1], extent.width + 2);
	return at[0] + 13 + extent.width + 12;
}

static void
keys(const struct drawing *d, double y)
{
	double x = d->left;
	x = key(d, PAPER_TEAL, false, "in, from the member: mean, highest (light)",
		(const double[]){x, y});
	x = key(d, PAPER_BLUE, false, "out, to the member", (const double[]){x, y});
	x = key(d, PAPER_ORANGE, false, "above the 95th: not billed", (const double[]){x, y});
	x = d->left;
	y += 11;
	x = key(d, PAPER_RUST, true, "95th percentile", (const double[]){x, y});
	if (d->curve->commit.there && d->curve->commit.bps)
		x = key(d, PAPER_INK, true, "committed rate", (const double[]){x, y});
	x = key(d, PAPER_TEAL, false, "bins: by counters", (const double[]){x, y});
	x = key(d, PAPER_SAND, false, "estimated", (const double[]){x, y});
	(void)key(d, PAPER_GREY, false, "missing", (const double[]){x, y});
}

static void
scale(struct drawing *d)
{
	const struct paper_curve *curve = d->curve;
	uint64_t highest[2] = {0, 0};
	for (size_t i = 0; i < curve->drawn; i++) {
		if (curve->bins[i].in_bps > highest[0])
			highest[0] = curve->bins[i].in_bps;
		if (curve->bins[i].out_bps > highest[1])
			highest[1] = curve->bins[i].out_bps;
	}
	for (int k = 0; k < 2; k++) {
		if (curve->commit.there && curve->commit.bps > highest[k])
			highest[k] = curve->commit.bps;
		d->top_bps[k] = (double)highest[k] * 1.1;
	}
	double both = d->top_bps[0] + d->top_bps[1];
	if (both <= 0)
		both = 1000;
	for (int k = 0; k < 2; k++)
		if (d->top_bps[k] < both / 5)
			d->top_bps[k] = both / 5;
	d->bps_per_point = (d->top_bps[0] + d->top_bps[1]) / HEIGHT;
	d->middle = d->top + d->top_bps[0] / d->bps_per_point;
}

double
paper_curve_height(void)
{
	return 14 + HEIGHT + 14 + STRIP + 6 + KEYS;
}

void
paper_curve_draw(struct paper_pen *pen, const struct paper_curve *curve)
{
	struct drawing d = {
		.pen = pen,
		.curve = curve,
		.columns = curve->count < COLUMNS_MAX ? curve->count : COLUMNS_MAX,
		.left = PAPER_LEFT + AXIS,
		.width = PAPER_WIDTH - AXIS,
		.top = pen->y + 14,
		.bottom = pen->y + 14 + HEIGHT,
	};
	if (!d.columns)
		return;
	scale(&d);
	days(&d);
	grid(&d);
	static const enum paper_colour colours[] = {PAPER_TEAL, PAPER_BLUE};
	for (int k = 0; k < 2; k++) {
		paper_colour(pen, colours[k], 0.3);
		area(&d, k, false);
		paper_colour(pen, colours[k], 1);
		area(&d, k, true);
	}
	levels(&d);
	strip(&d, d.bottom + 14);
	keys(&d, d.bottom + 14 + STRIP + 6);
	pen->y += paper_curve_height();
}
