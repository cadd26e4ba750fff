/* Demands laid on the corridor, for the terminal. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/view_corridor_flow.h"
#include "view/view_corridor_way.h"

enum { SEGMENTS_SHOWN = 15, ALONE_NAMED = 6 };

static void
list_text(struct buf *out, const char *before, const struct corridor_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_printf(out, "%s%s", i == 0 ? before : ", ", list->items[i].text);
}

static void
heading_text(struct buf *out, const struct view_flow *f)
{
	buf_printf(out, "flow, %s%s", corridor_objective_word(f->objective),
		   f->unsplit ? ", unsplit" : "");
	if (f->terms.date)
		buf_printf(out, ", as of %s", f->terms.date);
	list_text(out, ", avoiding ", &f->terms.avoid);
	list_text(out, ", without ", &f->terms.without);
	list_text(out, ", with ", &f->terms.with);
	view_cut_text(out, &f->terms);
	buf_str(out, "\n\n");
}

static double
percent(uint64_t part, uint64_t whole)
{
	return whole ? 100 * (double)part / (double)whole : 100;
}

static void
total_text(struct buf *out, const char *name, const struct view_flow_total *total)
{
	char asked[VIEW_RATE_TEXT], served[VIEW_RATE_TEXT];
	view_cell(out, name, 34);
	view_cell(out, view_rate(asked, total->asked_bps), -12);
	view_cell(out, view_rate(served, total->served_bps), -12);
	buf_printf(out, " %5.1f %%  %7.1f %%\n", percent(total->served_bps, total->asked_bps),
		   100 * total->utilisation);
}

static void
totals_text(struct buf *out, const struct view_flow *f)
{
	view_cell(out, "", 34);
	view_cell(out, "asked", -12);
	view_cell(out, "served", -12);
	buf_str(out, "            fullest\n");
	total_text(out, "as told", &f->totals[CORRIDOR_AS_TOLD]);
	total_text(out, "demands low, capacities high", &f->totals[CORRIDOR_AT_EASE]);
	total_text(out, "demands high, capacities low", &f->totals[CORRIDOR_AT_WORST]);
	total_text(out, "both low", &f->totals[CORRIDOR_ALL_LOW]);
	total_text(out, "both high", &f->totals[CORRIDOR_ALL_HIGH]);
	buf_printf(out, "~ %.0f %% of what is asked rests on estimates\n",
		   100 * view_flow_estimated(f));
	size_t unknown = view_flow_unknown(f);
	if (unknown)
		buf_printf(out,
			   "%zu demand%s of members that nobody has measured: taken as nothing\n",
			   unknown, unknown == 1 ? " is" : "s are");
	buf_str(out, "\n");
}

static int
demands_text(struct buf *out, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	size_t way = 0;
	view_cell(out, "demand", 20);
	view_cell(out, "asked", -12);
	view_cell(out, "served", -12);
	view_cell(out, "%", -7);
	view_cell(out, "ways", -6);
	view_cell(out, "ms", -14);
	buf_str(out, "\n");
	for (size_t i = 0; i < hub->demand_count; i++) {
		char asked[VIEW_RATE_TEXT], served[VIEW_RATE_TEXT], text[VIEW_RATE_TEXT];
		uint64_t bps = f->the_case.instance.demands[i].bps;
		double least = INFINITY, most = 0;
		size_t ways = 0;
		for (; way < f->flow->way_count && f->flow->ways[way].demand == i; way++, ways++) {
			struct view_flow_way w;
			if (view_flow_way_of(&w, f, &f->flow->ways[way]) < 0)
				return -1;
			least = fmin(least, corridor_round_trip_ms(w.length_km.value));
			most = fmax(most, corridor_round_trip_ms(w.length_km.value));
		}
		view_cell(out, hub->demands[i].id, 20);
		view_cell(out, view_rate(asked, bps), -12);
		view_cell(out, view_rate(served, f->flow->served_bps[i]), -12);
		(void)snprintf(text, sizeof(text), "%.1f", percent(f->flow->served_bps[i], bps));
		view_cell(out, text, -7);
		(void)snprintf(text, sizeof(text), "%zu", ways);
		view_cell(out, text, -6);
		if (ways)
			(void)snprintf(text, sizeof(text),
				       most - least > 0.05 ? "%.0f-%.0f" : "%.1f", least, most);
		view_cell(out, ways ? text : "-", -14);
		buf_str(out, "\n");
	}
	return 0;
}

/* Directions by how full they are. */
static int
by_fullness(const void *a, const void *b, void *flow)
{
	const struct view_flow *f = flow;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const uint64_t *capacity = f->the_case.instance.capacity_bps;
	double full_x = (double)f->flow->load_bps[x] / (double)capacity[x];
	double full_y = (double)f->flow->load_bps[y] / (double)capacity[y];
	if (full_x != full_y)
		return full_x > full_y ? -1 : 1;
	return (x > y) - (x < y);
}

static void
segment_text(struct buf *out, const struct view_flow *f, uint32_t arc)
{
	const struct hub_segment *s = &f->view->hub->segments[arc / 2];
	char load[VIEW_RATE_TEXT], capacity[VIEW_RATE_TEXT], text[VIEW_RATE_TEXT] = "";
	view_cell(out, s->id, 10);
	view_cell(out, f->view->hub->sites[arc & 1 ? s->b : s->a].id, 8);
	view_cell(out, f->view->hub->sites[arc & 1 ? s->a : s->b].id, 8);
	view_cell(out, view_rate(load, f->flow->load_bps[arc]), -13);
	view_cell(out, view_rate(capacity, f->the_case.instance.capacity_bps[arc]), -13);
	buf_str(out, f->plan->segments[arc / 2].assumed ? " ~" : "  ");
	buf_printf(out, "%7.1f",
		   percent(f->flow->load_bps[arc], f->the_case.instance.capacity_bps[arc]));
	if (f->flow->worth[arc] > 0)
		(void)snprintf(text, sizeof(text), "%.4g", f->flow->worth[arc]);
	view_cell(out, text, -13);
	view_end_line(out);
}

static int
segments_text(struct buf *out, const struct view_flow *f)
{
	size_t arcs = 2 * f->view->hub->segment_count, count = 0;
	uint32_t *order = arena_take(f->arena, (arcs + 1) * sizeof(*order));
	if (!order)
		return -1;
	for (uint32_t a = 0; a < arcs; a++)
		if (f->flow->load_bps[a])
			order[count++] = a;
	qsort_r(order, count, sizeof(*order), by_fullness, (void *)f);
	buf_str(out, "\n");
	view_cell(out, "segment", 10);
	view_cell(out, "from", 8);
	view_cell(out, "to", 8);
	view_cell(out, "load", -13);
	view_cell(out, "capacity", -13);
	buf_str(out, "        %        worth\n");
	size_t shown = count < SEGMENTS_SHOWN ? count : SEGMENTS_SHOWN;
	for (size_t i = 0; i < shown; i++)
		segment_text(out, f, order[i]);
	if (count > shown)
		buf_printf(out, "(%zu more; -j or --csv --segments shows all)\n", count - shown);
	return 0;
}

/* What the objective came to, and what no solution can be better than. */
static void
value_text(struct buf *out, const struct view_flow *f)
{
	const char *format = "value %.9g, and no solution is better than %.9g\n";
	double unit = 1;
	switch (f->objective) {
	case CORRIDOR_FLOW_UTILISATION:
		format = "the fullest: %.7g %%; in no solution less than %.7g %%\n";
		unit = 0.01;
		break;
	case CORRIDOR_FLOW_THROUGHPUT:
		format = "served: %.9g Gbit/s; in no solution more than %.9g\n";
		break;
	case CORRIDOR_FLOW_FAIREST:
		format = "the least served: %.9g Gbit/s; in no solution more than %.9g\n";
		break;
	case CORRIDOR_FLOW_COST:
		/* Costs are centimetres, or millionths of a dollar per Mbit/s and month. */
		if (f->terms.measure == CORRIDOR_BY_LENGTH) {
			format = "%.9g Gbit/s x km; in no solution less than %.9g\n";
			unit = 1e5;
		} else if (f->terms.measure == CORRIDOR_BY_PRICE) {
			format = "$%.0f a month; in no solution less than $%.0f\n";
			unit = 1e3;
		}
		break;
	default:
		break;
	}
	buf_printf(out, format, f->flow->value / unit, f->flow->bound / unit);
}

/* What the column of worth says. */
static void
remarks_text(struct buf *out, const struct view_flow *f)
{
	switch (f->objective) {
	case CORRIDOR_FLOW_COST:
	case CORRIDOR_FLOW_THROUGHPUT:
		buf_str(out, "worth: bit/s more that are served, for one bit/s more there\n");
		break;
	case CORRIDOR_FLOW_UTILISATION:
		buf_str(out, "worth: by how much the fullest falls, for one Gbit/s more there\n");
		break;
	default:
		break;
	}
	if (!isnan(f->flow->bound))
		value_text(out, f);
	else if (f->objective == CORRIDOR_FLOW_FAIREST)
		buf_str(out, "the least served: nobody is, for no demand has a way\n");
}

/* Who goes one way, and what that costs those who are served. */
static void
whole_text(struct buf *out, const struct view_flow *f)
{
	size_t whole = view_flow_whole(f);
	char rate[VIEW_RATE_TEXT];
	if (!whole)
		return;
	buf_printf(out, "%zu demand%s one way only", whole, whole == 1 ? " goes" : "s go");
	if (!view_flow_fills(f))
		buf_printf(out, "; split, %s would be served",
			   view_rate(rate, f->flow->split_total_bps));
	buf_str(out, "\n");
}

/* The optima lay nobody by contract. */
static void
bound_text(struct buf *out, const struct view_flow *f)
{
	size_t bound = 0;
	for (size_t i = 0; i < f->the_case.instance.demand_count; i++)
		bound += f->the_case.instance.demands[i].over != NULL;
	if (bound && !view_flow_fills(f))
		buf_printf(out, "%zu demand%s bound to ways by fair and priority; here %s free\n",
			   bound, bound == 1 ? " is" : "s are", bound == 1 ? "it is" : "they are");
}

/* Who asked to be protected and is not. */
static void
alone_text(struct buf *out, const struct view_flow *f, size_t count)
{
	struct buf line = {0};
	size_t named = 0;
	buf_printf(&line, "%zu demand%s to be protected %s no second way", count,
		   count == 1 ? "" : "s", count == 1 ? "has" : "have");
	for (uint32_t d = 0; d < f->view->hub->demand_count && named < ALONE_NAMED; d++)
		if (f->the_case.instance.demands[d].protect != HUB_PROTECT_NONE &&
		    corridor_flow_shared(f->work, d) == HUB_NONE)
			buf_printf(&line, "%s%s", named++ ? ", " : ": ",
				   f->view->hub->demands[d].id);
	if (count > named)
		buf_printf(&line, " and %zu more", count - named);
	buf_u8(&line, '\0');
	if (line.failed)
		out->failed = true;
	else
		view_wrapped(out, (const char *)line.data, 0, 2);
	buf_fini(&line);
}

static void
protection_text(struct buf *out, const struct view_flow *f)
{
	struct view_flow_protection p = view_flow_protection(f);
	char rate[VIEW_RATE_TEXT], text[240];
	if (p.asked == 0)
		return;
	if (!view_flow_fills(f)) {
		buf_str(out, "protection is laid by fair and priority; these are working ways\n");
		return;
	}
	(void)snprintf(text, sizeof(text),
		       "protected: %s of %zu demands on two ways, of which %zu share no risk; "
		       "what is laid or kept for it costs $%.0f a month, all working ways $%.0f",
		       view_rate(rate, p.served_bps), p.asked - p.alone, p.apart, p.second,
		       p.working);
	view_wrapped(out, text, 0, 0);
	if (p.alone)
		alone_text(out, f, p.alone);
}

int
view_flow_text(struct buf *out, const struct view_flow *f)
{
	heading_text(out, f);
	totals_text(out, f);
	if (demands_text(out, f) < 0 || segments_text(out, f) < 0)
		return -1;
	protection_text(out, f);
	whole_text(out, f);
	bound_text(out, f);
	remarks_text(out, f);
	return 0;
}
