/* A map of a reach plan as SVG: land, existing fibre, what is built in which year, what is left. One
 * path for each kind of thing, so that fifty thousand towers are a few hundred kilobytes. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor_reach_parts.h"
#include "view/view_html.h"

enum { WIDTH = 1000, HEIGHT_MOST = 1300, HEAD = 78, MARGIN = 16, FOOT = 24 };

/* Early years dark, late ones warm; apart for those who do not tell red from green. */
static const char *const colours[] = {"#17408b", "#1d7fb8", "#2aa198", "#e3a21a",
				      "#e06c1f", "#c2185b", "#7b1fa2"};
enum { COLOURS = sizeof(colours) / sizeof(colours[0]) };

const char *
view_reach_colour(unsigned year, unsigned years)
{
	unsigned step = years > 1 && years <= COLOURS ? (COLOURS - 1) / (years - 1) : 1;
	return colours[(year * step) % COLOURS];
}

/* --- the paper --- */

struct map {
	struct buf *out;
	const struct view_reach *view;
	struct view_reach_paper paper;
	double width, height; /* of the map on the paper */
	uint8_t *dots;        /* half pixels that have one; NULL without memory: all are drawn */
	size_t columns, rows;
};

static double
middle_longitude(const struct corridor_reach_input *input)
{
	struct corridor_vector sum = {0};
	double latitude, longitude;
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		if (isnan(t->latitude))
			continue;
		struct corridor_vector v = corridor_vector_of(t->latitude, t->longitude);
		sum.x += v.x;
		sum.y += v.y;
	}
	corridor_vector_place(sum, &latitude, &longitude);
	return longitude;
}

static void
lay_paper(struct map *m)
{
	const struct corridor_reach_input *input = &m->view->input;
	struct view_reach_paper p = {.middle = middle_longitude(input),
				     .west = INFINITY,
				     .east = -INFINITY,
				     .south = INFINITY,
				     .north = -INFINITY,
				     .x = MARGIN,
				     .y = HEAD};
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		if (isnan(t->latitude))
			continue;
		double east = remainder(t->longitude - p.middle, 360);
		p.west = fmin(p.west, east);
		p.east = fmax(p.east, east);
		p.south = fmin(p.south, t->latitude);
		p.north = fmax(p.north, t->latitude);
	}
	if (p.west > p.east)
		p.west = p.east = p.south = p.north = 0;
	double pad = 0.03 * fmax(p.east - p.west, p.north - p.south) + 0.02;
	p.west -= pad;
	p.east += pad;
	p.south = fmax(-90, p.south - pad);
	p.north = fmin(90, p.north + pad);
	double squeeze = fmax(0.05, cos((p.south + p.north) / 2 * M_PI / 180));
	p.scale_y = fmin((WIDTH - 2 * MARGIN) / ((p.east - p.west) * squeeze),
			 (HEIGHT_MOST - HEAD) / (p.north - p.south));
	p.scale_x = p.scale_y * squeeze;
	m->width = (p.east - p.west) * p.scale_x;
	m->height = (p.north - p.south) * p.scale_y;
	p.x = (WIDTH - m->width) / 2;
	m->paper = p;
	m->columns = (size_t)ceil(m->width * 2) + 2;
	m->rows = (size_t)ceil(m->height * 2) + 2;
	m->dots = calloc(m->columns * m->rows, 1);
}

static void
forget_dots(struct map *m)
{
	if (m->dots)
		memset(m->dots, 0, m->columns * m->rows);
}

static void
dot(struct map *m, double latitude, double longitude)
{
	double x = view_reach_x(&m->paper, longitude), y = view_reach_y(&m->paper, latitude);
	long column = lround((x - m->paper.x) * 2), row = lround((y - m->paper.y) * 2);
	bool on = column >= 0 && row >= 0 && (size_t)column < m->columns && (size_t)row < m->rows;
	if (on && m->dots && m->dots[(size_t)row * m->columns + (size_t)column]++)
		return;
	buf_printf(m->out, "M%.1f %.1fh0", x, y);
}

static void
stroke(struct map *m, double a_latitude, double a_longitude, double b_latitude, double b_longitude)
{
	double ax = view_reach_x(&m->paper, a_longitude), bx = view_reach_x(&m->paper, b_longitude);
	double ay = view_reach_y(&m->paper, a_latitude), by = view_reach_y(&m->paper, b_latitude);
	/* Round the far side of the globe it would go all over the map. */
	if (fabs(ax - bx) > 180 * m->paper.scale_x ||
	    (fabs(ax - bx) < 0.15 && fabs(ay - by) < 0.15))
		return;
	buf_printf(m->out, "M%.1f %.1fL%.1f %.1f", ax, ay, bx, by);
}

/* --- what is on it --- */

static void
draw_fibre(struct map *m)
{
	const struct view_reach *view = m->view;
	buf_str(m->out, "<path class=\"line\" stroke=\"#5b6472\" stroke-width=\"1.4\" d=\"");
	for (size_t i = 0; i < view->input.line_count; i++) {
		const struct corridor_reach_line *l = &view->input.lines[i];
		for (size_t k = 1; k < l->count; k++)
			stroke(m, l->latitudes[k - 1], l->longitudes[k - 1], l->latitudes[k],
			       l->longitudes[k]);
	}
	buf_str(m->out, "\"/>\n");
}

/* Towers that are on fibre, or those that stay without. */
static void
draw_towers(struct map *m, bool on_fibre, const bool *built)
{
	const struct corridor_reach_input *input = &m->view->input;
	buf_printf(m->out, "<path class=\"dot\" stroke=\"%s\" stroke-width=\"%s\" d=\"",
		   on_fibre ? "#3d4451" : "#c3bdb0", on_fibre ? "1.3" : "1.1");
	forget_dots(m);
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		bool done = t->place != HUB_NONE && built[t->place];
		if (!isnan(t->latitude) && t->on_fibre == on_fibre && !done)
			dot(m, t->latitude, t->longitude);
	}
	buf_str(m->out, "\"/>\n");
}

static void
draw_year(struct map *m, unsigned year)
{
	const struct view_reach *view = m->view;
	const struct corridor_reach_plan *plan = &view->plan;
	const char *colour = view_reach_colour(year, plan->year_count);
	buf_printf(m->out, "<path class=\"line\" stroke=\"%s\" stroke-width=\"0.9\" d=\"", colour);
	for (size_t i = 0; i < plan->build_count; i++) {
		const struct corridor_reach_build *b = &plan->builds[i];
		if (b->year != year)
			continue;
		struct view_reach_start s = view_reach_start_of(view, b);
		const struct corridor_reach_place *p = &view->net->places[b->place];
		stroke(m, s.latitude, s.longitude, p->latitude, p->longitude);
	}
	buf_printf(m->out, "\"/>\n<path class=\"dot\" stroke=\"%s\" stroke-width=\"1.9\" d=\"",
		   colour);
	forget_dots(m);
	for (size_t i = 0; i < plan->build_count; i++) {
		const struct corridor_reach_place *p = &view->net->places[plan->builds[i].place];
		if (plan->builds[i].year == year)
			dot(m, p->latitude, p->longitude);
	}
	buf_str(m->out, "\"/>\n");
}

static void
frame(struct map *m)
{
	buf_printf(m->out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" "
		   "width=\"%d\" height=\"%.0f\" font-family=\"system-ui, sans-serif\">\n"
		   "<style>.line{fill:none;stroke-linejoin:round}.dot{fill:none;"
		   "stroke-linecap:round}.label{font-size:13px;font-weight:600;fill:#222;"
		   "stroke:#fff;stroke-width:3px;paint-order:stroke;stroke-linejoin:round}"
		   "</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		   "<clipPath id=\"c\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		   "height=\"%.1f\"/></clipPath>\n<g clip-path=\"url(#c)\">\n",
		   WIDTH, HEAD + m->height + FOOT, WIDTH, HEAD + m->height + FOOT, m->paper.x,
		   m->paper.y, m->width, m->height);
}

static void
title(struct map *m)
{
	const struct view_reach *view = m->view;
	const struct corridor_reach_plan *plan = &view->plan;
	const struct corridor_reach_year *last = &plan->years[plan->year_count - 1];
	char towers[REACH_TEXT], km[REACH_TEXT], cost[REACH_TEXT], least[REACH_TEXT];
	buf_printf(m->out,
		   "<text x=\"%d\" y=\"32\" font-size=\"22\" font-weight=\"700\" fill=\"#111\">"
		   "On fibre: %.1f %% today, %.1f %% after %u year%s</text>\n",
		   MARGIN, corridor_reach_percent(view->net, view->net->weight_on),
		   corridor_reach_percent(view->net, last->weight_on), plan->year_count,
		   plan->year_count == 1 ? "" : "s");
	buf_printf(m->out,
		   "<text x=\"%d\" y=\"58\" font-size=\"15\" fill=\"#444\">%s towers and towns, "
		   "%s km of new fibre, %s %s; no plan%s can cost less than %s</text>\n",
		   MARGIN, view_reach_count(towers, (int64_t)plan->towers_built),
		   view_reach_count(km, (plan->length_m + 500) / 1000),
		   view_reach_money(cost, view, plan->cost), view->settings.currency.code,
		   view->net->all_pairs ? "" : " of the stretches looked at",
		   view_reach_money(least, view, last->least_cost));
}

static void
legend_row(struct map *m, double y, const char *colour, bool line, const char *text)
{
	double x = m->paper.x + 14;
	if (line)
		buf_printf(m->out, "<path d=\"M%.1f %.1fh22\" stroke=\"%s\" stroke-width=\"3\"/>\n",
			   x, y - 4, colour);
	else
		buf_printf(m->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
			   x + 11, y - 4, colour);
	buf_printf(m->out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" fill=\"#222\">", x + 32,
		   y);
	view_html(m->out, text);
	buf_str(m->out, "</text>\n");
}

/* In the corner where the fewest towers are. */
static double
legend_top(const struct map *m, double height)
{
	const struct corridor_reach_input *input = &m->view->input;
	size_t above = 0, below = 0;
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		if (isnan(t->latitude) || view_reach_x(&m->paper, t->longitude) > m->paper.x + 250)
			continue;
		double y = view_reach_y(&m->paper, t->latitude);
		above += y < m->paper.y + height;
		below += y > m->paper.y + m->height - height;
	}
	return above <= below ? m->paper.y + 10 : m->paper.y + m->height - height - 10;
}

static void
legend(struct map *m)
{
	const struct view_reach *view = m->view;
	const struct corridor_reach_plan *plan = &view->plan;
	unsigned rows = plan->year_count + 3;
	double height = 20.0 * rows + 14, y = legend_top(m, height);
	buf_printf(m->out,
		   "<rect x=\"%.1f\" y=\"%.1f\" width=\"236\" height=\"%.1f\" rx=\"6\" "
		   "fill=\"#fff\" fill-opacity=\"0.92\" stroke=\"#d0d0d0\"/>\n",
		   m->paper.x + 6, y, height);
	y += 21;
	for (unsigned i = 0; i < plan->year_count; i++, y += 20) {
		char name[REACH_TEXT], money[REACH_TEXT], text[3 * REACH_TEXT];
		(void)snprintf(text, sizeof(text), "%s: to %.1f %%, %s %s",
			       view_reach_year(name, view, i),
			       corridor_reach_percent(view->net, plan->years[i].weight_on),
			       view_reach_money(money, view, plan->years[i].cost),
			       view->settings.currency.code);
		legend_row(m, y, view_reach_colour(i, plan->year_count), true, text);
	}
	legend_row(m, y, "#5b6472", true, "fibre today");
	legend_row(m, y + 20, "#3d4451", false, "towers on fibre today");
	legend_row(m, y + 40, "#c3bdb0", false, "towers that stay without");
}

/* A length of 1, 2 or 5 times a power of ten that takes about an eighth of the map. */
static void
scale_bar(struct map *m)
{
	double km_a_pixel = 111.195 / m->paper.scale_y, wanted = m->width / 8 * km_a_pixel;
	double km = pow(10, floor(log10(wanted)));
	km *= wanted / km >= 5 ? 5 : wanted / km >= 2 ? 2 : 1;
	double length = km / km_a_pixel, x = m->paper.x + m->width - length - 14;
	double y = m->paper.y + m->height - 14;
	buf_printf(m->out,
		   "<path d=\"M%.1f %.1fv6h%.1fv-6\" fill=\"none\" stroke=\"#333\" "
		   "stroke-width=\"1.5\"/>\n<text x=\"%.1f\" y=\"%.1f\" font-size=\"12\" "
		   "text-anchor=\"middle\" fill=\"#333\">%g km</text>\n",
		   x, y - 6, length, x + length / 2, y - 8, km);
}

void
view_reach_map(struct buf *out, const struct view_reach *view, const char *land, size_t land_length)
{
	assert(out && view && view->net);
	struct map m = {.out = out, .view = view};
	bool *built = calloc(view->net->place_count + 1, sizeof(*built));
	if (!built) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < view->plan.build_count; i++)
		built[view->plan.builds[i].place] = true;
	lay_paper(&m);
	frame(&m);
	buf_printf(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
		   land ? "#dfeaf2" : "#f8f5ee");
	buf_str(out, "<path fill=\"#f8f5ee\" stroke=\"#c9c3b4\" stroke-width=\"0.8\" d=\"");
	view_reach_land(out, &m.paper, land, land_length);
	buf_str(out, "\"/>\n");
	draw_towers(&m, false, built);
	draw_fibre(&m);
	draw_towers(&m, true, built);
	for (unsigned y = view->plan.year_count; y-- > 0;)
		draw_year(&m, y);
	view_reach_labels(out, view, &m.paper);
	buf_str(out, "</g>\n");
	legend(&m);
	scale_bar(&m);
	title(&m);
	buf_printf(out,
		   "<text x=\"%d\" y=\"%.0f\" font-size=\"11\" fill=\"#777\">%s</text>\n</svg>\n",
		   MARGIN, HEAD + m.height + FOOT - 8,
		   land ? "Land: Natural Earth (public domain). Lines are straight; the lengths "
			  "allow for roads."
			: "Lines are straight; the lengths allow for roads.");
	free(m.dots);
	free(built);
}
