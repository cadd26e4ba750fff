/* Share against money as SVG: what the plan costs, what no plan can go below, and where the years
 * end. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "view/view_corridor_reach_parts.h"

enum { WIDTH = 900, HEIGHT = 520, LEFT = 80, RIGHT = 24, TOP = 64, BOTTOM = 56 };

struct plot {
	struct buf *out;
	const struct view_reach *view;
	double percent_low, percent_high, money_high;
};

static double
at_x(const struct plot *p, double percent)
{
	double part = (percent - p->percent_low) / (p->percent_high - p->percent_low);
	return LEFT + part * (WIDTH - LEFT - RIGHT);
}

static double
at_y(const struct plot *p, double units)
{
	return HEIGHT - BOTTOM - units / p->money_high * (HEIGHT - TOP - BOTTOM);
}

/* A step of 1, 2 or 5 times a power of ten, so that about so many lie in a range. */
static double
step_of(double range, int about)
{
	double step = pow(10, floor(log10(range / about)));
	double times = range / about / step;
	return step * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

static void
grid(struct plot *p)
{
	double step = step_of(p->money_high, 6);
	for (double v = 0; v <= p->money_high * 1.0001; v += step) {
		char text[REACH_TEXT];
		double minor = v * pow(10, currency_exponent(p->view->settings.currency));
		buf_printf(p->out,
			   "<path d=\"M%d %.1fH%d\" stroke=\"#e3e3e3\"/><text x=\"%d\" y=\"%.1f\" "
			   "text-anchor=\"end\" class=\"t\">%s</text>\n",
			   LEFT, at_y(p, v), WIDTH - RIGHT, LEFT - 8, at_y(p, v) + 4,
			   view_reach_money(text, p->view, llround(minor)));
	}
	step = step_of(p->percent_high - p->percent_low, 8);
	for (double v = ceil(p->percent_low / step) * step; v <= p->percent_high + 1e-9; v += step)
		buf_printf(p->out,
			   "<path d=\"M%.1f %dv5\" stroke=\"#888\"/><text x=\"%.1f\" y=\"%d\" "
			   "text-anchor=\"middle\" class=\"t\">%g %%</text>\n",
			   at_x(p, v), HEIGHT - BOTTOM, at_x(p, v), HEIGHT - BOTTOM + 20, v);
	buf_printf(p->out, "<path d=\"M%d %dH%d\" stroke=\"#888\"/>\n", LEFT, HEIGHT - BOTTOM,
		   WIDTH - RIGHT);
}

static void
curve(struct plot *p, bool bound, bool planned)
{
	const struct corridor_reach_plan *plan = &p->view->plan;
	bool drawing = false;
	buf_printf(p->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s d=\"",
		   bound ? "#8a8f98" : "#17408b", bound ? "1.5" : "2.5",
		   bound     ? " stroke-dasharray=\"2 3\""
		   : planned ? ""
			     : " stroke-opacity=\"0.45\"");
	for (size_t i = 0; i < plan->curve_count; i++) {
		const struct corridor_reach_point *c = &plan->curve[i];
		/* The faint part starts where the full one ends. */
		bool part = bound || c->planned == planned ||
			    (!planned && i + 1 < plan->curve_count && !plan->curve[i + 1].planned);
		if (!part)
			continue;
		buf_printf(p->out, "%c%.1f %.1f", drawing ? 'L' : 'M',
			   at_x(p, corridor_reach_percent(p->view->net, c->weight_on)),
			   at_y(p, view_reach_units(p->view, bound ? c->least_cost : c->cost)));
		drawing = true;
	}
	buf_str(p->out, "\"/>\n");
}

static void
years(struct plot *p)
{
	const struct corridor_reach_plan *plan = &p->view->plan;
	for (unsigned i = 0; i < plan->year_count; i++) {
		const struct corridor_reach_year *y = &plan->years[i];
		char name[REACH_TEXT], money[REACH_TEXT];
		double percent = corridor_reach_percent(p->view->net, y->weight_on);
		double x = at_x(p, percent);
		double top = at_y(p, view_reach_units(p->view, y->cost_so_far));
		buf_printf(p->out,
			   "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\" stroke=\"#fff\" "
			   "stroke-width=\"1.5\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" "
			   "class=\"y\">%s: %.1f %%, %s</text>\n",
			   x, top, view_reach_colour(i, plan->year_count), x - 9, top - 6,
			   view_reach_year(name, p->view, i), percent,
			   view_reach_money(money, p->view, y->cost_so_far));
	}
}

void
view_reach_curve_svg(struct buf *out, const struct view_reach *view)
{
	assert(out && view && view->net);
	const struct corridor_reach_plan *plan = &view->plan;
	const struct corridor_reach_point *last = &plan->curve[plan->curve_count - 1];
	struct plot p = {.out = out,
			 .view = view,
			 .percent_low = corridor_reach_percent(view->net, view->net->weight_on),
			 .percent_high = corridor_reach_percent(view->net, last->weight_on),
			 .money_high = fmax(1, view_reach_units(view, last->cost) * 1.04)};
	if (p.percent_high - p.percent_low < 0.01)
		p.percent_high = p.percent_low + 1;
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		   "height=\"%d\" font-family=\"system-ui, sans-serif\">\n"
		   "<style>.t{font-size:12px;fill:#555}.y{font-size:13px;font-weight:600;"
		   "fill:#222}</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		   "<text x=\"16\" y=\"28\" font-size=\"18\" font-weight=\"700\" fill=\"#111\">"
		   "What a share on fibre costs, %s</text>\n"
		   "<text x=\"16\" y=\"48\" class=\"t\">line: the plan, faint where it would go "
		   "on; dots: no plan can go below</text>\n",
		   WIDTH, HEIGHT, WIDTH, HEIGHT, view->settings.currency.code);
	grid(&p);
	curve(&p, true, true);
	curve(&p, false, false);
	curve(&p, false, true);
	years(&p);
	buf_str(out, "</svg>\n");
}
