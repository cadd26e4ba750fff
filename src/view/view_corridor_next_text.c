/* Where next, on a terminal. */
#include <math.h>
#include <stdio.h>

#include "view/view_corridor_next.h"

enum {
	NAME_COLUMNS = 16,
	PAIR_COLUMNS = 30,
	NUMBER_COLUMNS = 7,
	WIDE_COLUMNS = 10,
	PAIRS_SHOWN = 15
};

static void
base_text(struct buf *out, const struct view_next *n)
{
	const struct corridor_outcome *base = corridor_next_base(n->next);
	char served[VIEW_RATE_TEXT], asked[VIEW_RATE_TEXT], ms[VIEW_RATE_TEXT],
		hours[VIEW_RATE_TEXT];
	if (n->view->hub->demand_count == 0)
		view_field(out, "without any", "nothing is asked for: the hub file has no demands");
	else
		view_field_printf(out, "without any", "%s of %s Gbit/s are served, %s%s",
				  view_fact_number(served, base->served_gbps[CORRIDOR_AS_TOLD]),
				  view_fact_number(asked, base->asked_gbps),
				  view_fact_number(ms, base->ms),
				  isnan(base->ms) ? "no demand has a way" : " ms there and back");
	if (!isnan(base->down_h))
		view_field_printf(out, "no way", "%s hours a year, give or take %.1g",
				  view_fact_number(hours, base->down_h), base->down_error_h);
	if (!base->optimal)
		view_field(out, "by filling", "CLP is not there: demands fill their cheapest ways");
}

/* What has room in NUMBER_COLUMNS. */
static void
small_cell(struct buf *out, double value)
{
	char text[VIEW_RATE_TEXT];
	if (value == 0 || fabs(value) >= 0.01)
		(void)snprintf(text, sizeof(text), fabs(value) >= 1000 ? "%.0f" : "%.3g", value);
	else
		(void)snprintf(text, sizeof(text), fabs(value) < 0.00005 ? "~0" : "%.4f", value);
	view_cell(out, isnan(value) ? "-" : text, -NUMBER_COLUMNS);
}

static void
percent_cell(struct buf *out, double share)
{
	char text[VIEW_RATE_TEXT];
	(void)snprintf(text, sizeof(text), "%.0f %%", 100 * share);
	view_cell(out, isnan(share) ? "-" : text, -NUMBER_COLUMNS);
}

static void
rows_text(struct buf *out, const struct view_next *n)
{
	static const char *const names[] = {"M$",    "hours", "Gbit/s", "ms",
					    "M$/yr", "NPV",   "worst",  "IRR"};
	const struct corridor_outcome *base = corridor_next_base(n->next);
	view_cell(out, "candidate", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_cell(out, "per M$", -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < n->row_count; i++) {
		const struct view_next_row *row = &n->rows[i];
		view_cell(out, n->view->hub->candidates[row->candidates[0]].id, NAME_COLUMNS);
		small_cell(out, row->outcome.cost.usd.value / 1e6);
		for (int gain = 0; gain < CORRIDOR_GAINS; gain++) {
			enum corridor_gain one = (enum corridor_gain)gain;
			double value = corridor_next_gain(one, &row->outcome, base);
			small_cell(out, view_next_shown(one, value));
		}
		small_cell(out, corridor_next_gain_at_worst(&row->outcome, base));
		percent_cell(out, row->outcome.irr);
		small_cell(out, view_next_shown(n->gain, row->per_musd));
		view_end_line(out);
	}
}

/* What of the costs is not paid at once. */
static void
leases_text(struct buf *out, const struct view_next *n)
{
	struct buf line = {0};
	char musd[VIEW_RATE_TEXT];
	for (size_t i = 0; i < n->row_count; i++) {
		const struct view_next_row *row = &n->rows[i];
		double lease = row->outcome.cost.lease_usd.value;
		if (lease > 0)
			buf_printf(&line, "%s%s %s",
				   line.length ? ", " : "Of M$ lease as it is worth today: ",
				   n->view->hub->candidates[row->candidates[0]].id,
				   view_fact_number(musd, lease / 1e6));
	}
	if (line.length) {
		buf_u8(&line, '\0');
		out->failed |= line.failed;
		if (!line.failed)
			view_wrapped(out, (const char *)line.data, 0, 2);
	}
	buf_fini(&line);
}

/* The first, in a sentence: what the table has no room for. */
static void
first_text(struct buf *out, const struct view_next *n)
{
	const struct corridor_outcome *o = &n->rows[0].outcome;
	char value[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	buf_str(out, "\n");
	view_field_printf(out, "the first", "%s: %s million $ a year (%s), %.0f %% on estimates",
			  n->view->hub->candidates[n->rows[0].candidates[0]].id,
			  view_fact_number(value, o->usd_a_year.value / 1e6),
			  view_fact_range(range, o->usd_a_year.low / 1e6, o->usd_a_year.high / 1e6),
			  100 * o->estimated);
	view_field_printf(out, "worth", "%s million $ (%s) at %.4g %% a year",
			  view_fact_number(value, o->npv_usd.value / 1e6),
			  view_fact_range(range, o->npv_usd.low / 1e6, o->npv_usd.high / 1e6),
			  n->view->hub->corridor.discount_percent);
	if (!isnan(o->even))
		view_field_printf(out, "breaks even", "at %.4g %% of these prices", 100 * o->even);
	if (!isnan(o->even_gbps))
		view_field_printf(out, "or",
				  "at %s Gbit/s sold from end to end, growing, at its price",
				  view_fact_number(value, o->even_gbps));
	if (!isnan(o->even_price))
		view_field_printf(out, "at least",
				  "$%s a Mbit/s a month, if it is full from the first year",
				  view_fact_number(value, o->even_price));
	if (o->payback >= 0)
		view_field_printf(out, "pays back", "in year %d", o->payback);
}

static void
pairs_text(struct buf *out, const struct view_next *n)
{
	buf_str(out, "\n");
	view_cell(out, "together", PAIR_COLUMNS);
	view_cell(out, "M$", -WIDE_COLUMNS);
	view_cell(out, view_next_unit(n->gain), -(WIDE_COLUMNS + 4));
	view_cell(out, "more than", -WIDE_COLUMNS);
	view_cell(out, "per M$", -WIDE_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < n->pair_count && i < PAIRS_SHOWN; i++) {
		const struct view_next_row *row = &n->pair_rows[i];
		view_cell(out, view_next_names(n, row->candidates, 2), PAIR_COLUMNS);
		view_fact_cell(out, row->outcome.cost.usd.value / 1e6, WIDE_COLUMNS);
		view_fact_cell(out, view_next_shown(n->gain, row->gain), WIDE_COLUMNS + 4);
		view_fact_cell(out, view_next_shown(n->gain, row->gain - row->alone), WIDE_COLUMNS);
		view_fact_cell(out, view_next_shown(n->gain, row->per_musd), WIDE_COLUMNS);
		view_end_line(out);
	}
	if (n->pair_count > PAIRS_SHOWN)
		buf_printf(out, "(%zu more; -j or --csv shows all)\n", n->pair_count - PAIRS_SHOWN);
	view_wrapped(out, "More than: than the sum of what both bring alone.", 0, 0);
	if (n->of_pairs < n->row_count) {
		char text[80];
		(void)snprintf(text, sizeof(text), "Pairs are of the first %zu alone.",
			       n->of_pairs);
		view_wrapped(out, text, 0, 0);
	}
}

static void
choice_text(struct buf *out, const char *label, const struct view_next *n,
	    const struct corridor_choice *choice)
{
	char gain[VIEW_RATE_TEXT], musd[VIEW_RATE_TEXT];
	double value = corridor_next_gain(n->gain, &choice->outcome, corridor_next_base(n->next));
	view_field_printf(
		out, label, "%s: %s %s for %s million $",
		choice->count ? view_next_names(n, choice->set, choice->count) : "nothing",
		view_fact_number(gain, view_next_shown(n->gain, value)), view_next_unit(n->gain),
		view_fact_number(musd, choice->outcome.cost.usd.value / 1e6));
}

static void
budget_text(struct buf *out, const struct view_next *n)
{
	buf_printf(out, "\nfor %.6g million $\n", n->budget_musd);
	choice_text(out, "greedy", n, &n->greedy);
	choice_text(out, n->best.all ? "the best" : "best found", n, &n->best);
	if (n->best.all)
		return;
	char bound[VIEW_RATE_TEXT];
	view_field_printf(out, "tried", "%zu sets, which does not prove that it is the best",
			  n->best.tried);
	if (!isnan(n->best.bound))
		view_field_printf(out, "bound", "no set brings more than %s %s",
				  view_fact_number(bound, view_next_shown(n->gain, n->best.bound)),
				  view_next_unit(n->gain));
}

void
view_next_text(struct buf *out, const struct view_next *n)
{
	buf_printf(out, "where next, by %s per dollar", corridor_gain_word(n->gain));
	view_terms_text(out, &n->terms);
	buf_str(out, "\n\n");
	if (n->row_count == 0) {
		buf_str(out, "the hub file has no candidates that are not built\n");
		return;
	}
	base_text(out, n);
	buf_str(out, "\n");
	rows_text(out, n);
	leases_text(out, n);
	first_text(out, n);
	if (n->pairs)
		pairs_text(out, n);
	if (!isnan(n->budget_musd))
		budget_text(out, n);
	buf_str(out, "\n");
	view_assumed_text(out, n->view, &n->terms, view_next_assumptions);
}
