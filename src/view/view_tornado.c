/* Bars of a tornado, in a terminal and as SVG. */
#include "view/view_tornado.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_parts.h"

enum {
	LABEL_COLUMNS = 24,
	NUMBER_COLUMNS = 9,
	BAR_COLUMNS = VIEW_COLUMNS - LABEL_COLUMNS - 4 * NUMBER_COLUMNS - 1,
	WIDTH = 900,
	LEFT = 250,
	RIGHT = 30,
	TOP = 64,
	ROW = 24,
	BAR = 16,
	BOTTOM = 44,
	TICKS = 6,
};

/* What the axis spans: all that is finite. */
struct axis {
	double low, high;
};

static void
reach(struct axis *a, double value)
{
	if (!isfinite(value))
		return;
	a->low = fmin(a->low, value);
	a->high = fmax(a->high, value);
}

static struct axis
axis_of(const struct view_tornado *t)
{
	struct axis a = {INFINITY, -INFINITY};
	reach(&a, t->told);
	reach(&a, t->p10);
	reach(&a, t->p90);
	for (size_t i = 0; i < t->count; i++) {
		reach(&a, t->rows[i].at_low);
		reach(&a, t->rows[i].at_high);
	}
	if (!(a.high > a.low)) {
		double middle = isfinite(a.low) ? a.low : 0;
		a = (struct axis){middle - 1, middle + 1};
	}
	return a;
}

/* Where a value lies on the axis, 0 to 1; what is infinite lies at its end. */
static double
place(const struct axis *a, double value)
{
	double at = (value - a->low) / (a->high - a->low);
	return isnan(at) ? 0 : fmin(fmax(at, 0), 1);
}

/* --- text --- */

static void
mark(char bar[BAR_COLUMNS + 1], size_t middle, size_t end, char with)
{
	for (size_t i = middle; i < end; i++)
		bar[i] = with;
	for (size_t i = end; i < middle; i++)
		bar[i] = with;
}

static size_t
column(const struct axis *a, double value)
{
	return (size_t)lround(place(a, value) * (BAR_COLUMNS - 1));
}

/* Of two ends on the same side of what is told the longer is drawn first. */
static void
bar_text(struct buf *out, const struct axis *a, double told, const struct view_tornado_row *row)
{
	char bar[BAR_COLUMNS + 1];
	size_t middle = column(a, told);
	size_t low = column(a, row->at_low), high = column(a, row->at_high);
	size_t low_length = low > middle ? low - middle : middle - low;
	size_t high_length = high > middle ? high - middle : middle - high;
	memset(bar, ' ', BAR_COLUMNS);
	bar[BAR_COLUMNS] = '\0';
	bool low_first = low_length > high_length;
	mark(bar, low > middle ? middle + 1 : middle, low > middle ? low + 1 : low,
	     low_first ? '-' : ' ');
	mark(bar, high > middle ? middle + 1 : middle, high > middle ? high + 1 : high, '+');
	if (!low_first)
		mark(bar, low > middle ? middle + 1 : middle, low > middle ? low + 1 : low, '-');
	bar[middle] = '|';
	buf_str(out, " ");
	view_cell(out, bar, BAR_COLUMNS);
	view_end_line(out);
}

void
view_tornado_text(struct buf *out, const struct view_tornado *tornado)
{
	static const char *const names[] = {"low", "high", "at low", "at high"};
	struct axis axis = axis_of(tornado);
	view_cell(out, "what is assumed", LABEL_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	buf_printf(out, " %s\n", "- low, + high");
	for (size_t i = 0; i < tornado->count; i++) {
		const struct view_tornado_row *row = &tornado->rows[i];
		view_cell(out, row->label, LABEL_COLUMNS);
		view_fact_cell(out, row->low, NUMBER_COLUMNS);
		view_fact_cell(out, row->high, NUMBER_COLUMNS);
		view_fact_cell(out, row->at_low, NUMBER_COLUMNS);
		view_fact_cell(out, row->at_high, NUMBER_COLUMNS);
		bar_text(out, &axis, tornado->told, row);
	}
}

/* --- SVG --- */

static double
at_x(const struct axis *a, double value)
{
	return LEFT + place(a, value) * (WIDTH - LEFT - RIGHT);
}

/* Text of XML (XML 1.0 section 2.4). */
static void
escaped(struct buf *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '<')
			buf_str(out, "&lt;");
		else if (*c == '&')
			buf_str(out, "&amp;");
		else if (*c == '"')
			buf_str(out, "&quot;");
		else
			buf_printf(out, "%c", *c);
	}
}

/* A step of 1, 2 or 5 times a power of ten, so that about so many lie on the axis. */
static double
step_of(const struct axis *a)
{
	double range = a->high - a->low, step = pow(10, floor(log10(range / TICKS)));
	double times = range / TICKS / step;
	return step * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

static void
grid_svg(struct buf *out, const struct view_tornado *t, const struct axis *a, int bottom)
{
	char number[VIEW_RATE_TEXT];
	double step = step_of(a);
	if (isfinite(t->p10) && isfinite(t->p90))
		buf_printf(out,
			   "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
			   "fill=\"#eef1f6\"><title>P10 to P90 of the draws</title></rect>\n",
			   at_x(a, t->p10), TOP - 8, at_x(a, t->p90) - at_x(a, t->p10),
			   bottom - TOP + 8);
	/* A sum of steps is 0 only nearly. */
	for (double v = ceil(a->low / step) * step; v <= a->high + step * 1e-9; v += step) {
		double shown = fabs(v) < step * 1e-9 ? 0 : v;
		buf_printf(out,
			   "<path d=\"M%.1f %dV%d\" stroke=\"#dcdcdc\"/><text x=\"%.1f\" y=\"%d\" "
			   "text-anchor=\"middle\" class=\"t\">%s</text>\n",
			   at_x(a, v), TOP - 8, bottom, at_x(a, v), bottom + 18,
			   view_fact_number(number, shown));
	}
}

static void
side_svg(struct buf *out, const struct axis *a, double told, double end, int y, bool high)
{
	double from = at_x(a, told), to = at_x(a, end);
	buf_printf(out,
		   "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" "
		   "fill-opacity=\"0.85\"/>\n",
		   fmin(from, to), high ? y : y + BAR / 2, fabs(to - from), BAR / 2,
		   high ? "#17408b" : "#c8762b");
}

static void
row_svg(struct buf *out, const struct view_tornado *t, const struct axis *a, size_t i)
{
	const struct view_tornado_row *row = &t->rows[i];
	char low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	int y = TOP + (int)i * ROW;
	buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"t\">", LEFT - 10,
		   y + 13);
	escaped(out, row->label);
	buf_printf(out, " <tspan fill=\"#666\">%s to %s</tspan></text>\n",
		   view_fact_number(low, row->low), view_fact_number(high, row->high));
	side_svg(out, a, t->told, row->at_high, y, true);
	side_svg(out, a, t->told, row->at_low, y, false);
}

void
view_tornado_svg(struct buf *out, const struct view_tornado *tornado)
{
	struct axis axis = axis_of(tornado);
	int bottom = TOP + (int)tornado->count * ROW, height = bottom + BOTTOM;
	char told[VIEW_RATE_TEXT];
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
		   "<style>.t{font:12px sans-serif;fill:#222}.h{font:600 15px sans-serif;"
		   "fill:#222}</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n"
		   "<text x=\"16\" y=\"24\" class=\"h\">",
		   WIDTH, height, WIDTH, height);
	escaped(out, tornado->title);
	buf_printf(out, "</text>\n<text x=\"16\" y=\"44\" class=\"t\">%s; as told %s",
		   tornado->unit, view_fact_number(told, tornado->told));
	if (!isnan(tornado->p10)) {
		char p10[VIEW_RATE_TEXT], p50[VIEW_RATE_TEXT], p90[VIEW_RATE_TEXT];
		buf_printf(out, "; all at once by chance P10 %s, P50 %s, P90 %s",
			   view_fact_number(p10, tornado->p10), view_fact_number(p50, tornado->p50),
			   view_fact_number(p90, tornado->p90));
	}
	buf_str(out, ". Blue: the assumption high; brown: low.</text>\n");
	grid_svg(out, tornado, &axis, bottom);
	for (size_t i = 0; i < tornado->count; i++)
		row_svg(out, tornado, &axis, i);
	buf_printf(out, "<path d=\"M%.1f %dV%d\" stroke=\"#222\"/>\n</svg>\n",
		   at_x(&axis, tornado->told), TOP - 8, bottom);
}
