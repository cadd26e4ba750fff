/* The chapters on money: prices, what passing is worth, who earns what, and what a target needs. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"
#include "view/view_country.h"

enum { TOP = 15 };
#define MILLION 1e6

static const struct study_column price_columns[] = {
	{"Site", NULL, false, 0, 1.6},
	{"Price", "$ a Mbit/s and month", true, 3, 2},
	{"By", NULL, false, 0, 3},
	{"Estimated", "%", true, 0, 0.9},
};

static const struct study_column worth_columns[] = {
	{"Who", NULL, false, 0, 1.4},
	{"Kind", NULL, false, 0, 1},
	{"Worth of passing", "M$ a year", true, 2, 2},
	{"Passing", "Gbit/s", true, -1, 1},
	{"No other way", "Gbit/s", true, -1, 1},
	{"Estimated", "%", true, 0, 0.9},
};

static const struct study_column revenue_columns[] = {
	{"Who", NULL, false, 0, 2.4},
	{"Revenue", "M$ a year", true, 2, 2},
	{"Share", "%", true, 1, 0.9},
};

static const struct study_column target_columns[] = {
	{"Price", "$ a Mbit/s and month", true, 3, 1.2},
	{"Is", NULL, false, 0, 1.6},
	{"Billed for the lower target", "Tbit/s", true, -1, 1.4},
	{"Billed for the upper target", "Tbit/s", true, -1, 1.4},
	{"Times today's demand", NULL, true, 1, 1},
};

/* Where traffic starts or ends, and where a price is told. */
static bool
is_shown(const struct study_maker *m, const struct json_value *price)
{
	const char *site = study_text_of(price, "site");
	if (!json_read_is_null(json_read_get(price, "told")))
		return true;
	for (size_t i = 0; i < m->pair_count; i++)
		if (strcmp(m->pairs[i].from, site) == 0 || strcmp(m->pairs[i].to, site) == 0)
			return true;
	return false;
}

static void
prices(struct study_maker *m, struct study_section *section)
{
	const struct json_value *answer = study_ask(m->facts, "prices", NULL);
	if (!json_read_first(json_read_get(answer, "prices"))) {
		study_missing(m, section, "Prices at each site", "The hub file has no prices");
		return;
	}
	struct study_table *t =
		study_table_add(section, "prices", "What a Mbit/s costs a month", price_columns,
				sizeof(price_columns) / sizeof(price_columns[0]));
	for (const struct json_value *p = json_read_first(json_read_get(answer, "prices")); p;
	     p = p->next) {
		const struct json_value *told = json_read_get(p, "row");
		if (!is_shown(m, p))
			continue;
		study_row_begin(t);
		study_cell_text(t, study_text_of(p, "name"));
		study_cell_bounds(t, study_bounds_of(p, "usd"), 1);
		study_cell_text(
			t, study_text(m->document, "%s%s%s%s", study_text_of(told, "product"),
				      strcmp(study_text_of(p, "from"), study_text_of(p, "site"))
					      ? ", brought from "
					      : "",
				      strcmp(study_text_of(p, "from"), study_text_of(p, "site"))
					      ? study_site_name(m, study_text_of(p, "from"))
					      : "",
				      *study_text_of(told, "when")
					      ? study_text(m->document, ", told %.10s",
							   study_text_of(told, "when"))
					      : ""));
		study_cell_number(t, 100 * study_number_of(json_read_get(p, "usd"), "estimated"));
	}
	if (t)
		t->note = study_text(m->document, "From sarai corridor prices. %s",
				     study_text_of(answer, "assumed"));
}

/* What it is called, by its kind. */
static const char *
name_of(const struct study_maker *m, const char *kind, const char *id)
{
	if (strcmp(kind, "segment") == 0)
		return study_segment_name(m, id);
	if (strcmp(kind, "country") == 0)
		return view_country_name(id);
	const char *name =
		strcmp(kind, "cable") == 0
			? study_text_of(study_find(json_read_get(m->lists, "cables"), "id", id),
					"name")
			: "";
	return *name ? name : id;
}

static void
worth(struct study_maker *m, struct study_section *section)
{
	const struct json_value *answer = study_ask(m->facts, "worth", NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "worth"));
	size_t count = 0;
	if (!first) {
		study_missing(m, section, "What passing is worth", "Nothing passes");
		return;
	}
	struct study_table *t = study_table_add(
		section, "worth", "The toll ceiling: what passing is worth to those who pass",
		worth_columns, sizeof(worth_columns) / sizeof(worth_columns[0]));
	for (const struct json_value *w = first; w && count < TOP; w = w->next, count++) {
		study_row_begin(t);
		study_cell_text(t, name_of(m, study_text_of(w, "kind"), study_text_of(w, "id")));
		study_cell_text(t, study_text_of(w, "kind"));
		study_cell_bounds(t, study_bounds_by(w, "usd_a_year"), 1 / MILLION);
		study_cell_number(t, study_number_of(w, "passing_gbps"));
		study_cell_number(t, study_number_of(w, "only_way_gbps"));
		study_cell_number(t, 100 * study_number_of(w, "estimated"));
	}
	if (t)
		t->note = study_text(m->document, "From sarai corridor worth. %s",
				     study_text_of(answer, "assumed"));
	study_trust_add(m, "Worth of passing", study_number_of(first, "estimated"));
}

static void
revenue(struct study_maker *m, struct study_section *section, const char *of, bool say)
{
	const struct json_value *answer = study_ask(m->facts, "revenue", "--of", of, NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "revenue"));
	double sum = study_number_of(answer, "usd_a_year");
	struct study_bar bars[TOP];
	size_t count = 0;
	if (!first) {
		study_missing(m, section, study_text(m->document, "Revenue by %s", of),
			      "The hub file does not tell whose the segments are");
		return;
	}
	if (say) {
		struct study_bounds b = study_bounds_by(answer, "usd_a_year");
		const char *text = study_text(
			m->document,
			"At today's prices of its segments what the demands pay is %s a year "
			"(range %s to %s), %s %% of it by estimate.",
			study_money_text(m, b.value), study_money_text(m, b.low),
			study_money_text(m, b.high),
			study_figure_text(m, 100 * study_number_of(answer, "estimated"), 0));
		study_say(section, STUDY_PARAGRAPH, "%s", text);
		study_say(m->summary, STUDY_POINT, "%s", text);
		study_trust_add(m, "Revenue", study_number_of(answer, "estimated"));
	}
	struct study_table *t =
		study_table_add(section, study_text(m->document, "revenue-%s", of),
				study_text(m->document, "Revenue by %s", of), revenue_columns,
				sizeof(revenue_columns) / sizeof(revenue_columns[0]));
	for (const struct json_value *r = first; r && count < TOP; r = r->next) {
		const char *id = study_text_of(r, "id");
		const char *name = name_of(m, of, id);
		struct study_bounds b = study_bounds_by(r, "usd_a_year");
		study_row_begin(t);
		study_cell_text(t, name);
		study_cell_bounds(t, b, 1 / MILLION);
		study_cell_number(t, 100 * b.value / sum);
		bars[count++] = (struct study_bar){
			name, {b.value / MILLION, b.low / MILLION, b.high / MILLION}, STUDY_TEAL};
	}
	if (t)
		t->note = study_text(m->document, "From sarai corridor revenue --of %s. %s", of,
				     study_text_of(answer, "assumed"));
	if (say)
		(void)study_figure_add(section, "revenue-chart",
				       "Revenue by country, with its range",
				       study_bars(m->document, bars, count, "M$ a year"));
}

void
study_chapter_money(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "money", "What transit is worth");
	revenue(m, section, "country", true);
	revenue(m, section, "segment", false);
	revenue(m, section, "cable", false);
	revenue(m, section, "party", false);
	prices(m, section);
	worth(m, section);
}

static void
target_row(struct study_maker *m, struct study_table *t, const struct json_value *p, double passing)
{
	double low = study_number_of(p, "gbps_low"), high = study_number_of(p, "gbps_high");
	bool ceiling = json_read_is_true(json_read_get(p, "ceiling"));
	study_row_begin(t);
	study_cell_number(t, study_number_of(p, "price_usd"));
	study_cell_text(t, ceiling ? "the toll ceiling" : "a price to compare");
	study_cell_number(t, low / 1000);
	study_cell_number(t, high / 1000);
	study_cell_range(t, low / passing, low / passing, high / passing);
	(void)m;
}

void
study_chapter_target(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "target", "What a revenue target needs");
	const char *target = m->wish->target ? m->wish->target : "200-400";
	const struct json_value *answer = study_ask(m->facts, "target", target, NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "prices"));
	double passing = study_number_of(answer, "passing_gbps");
	if (!first) {
		study_missing(m, section, "What must be carried for the target",
			      "There is no price to go by");
		return;
	}
	const struct json_value *half = first;
	for (const struct json_value *p = first; p; p = p->next)
		if (fabs(study_number_of(p, "price_usd") - 0.5) <
		    fabs(study_number_of(half, "price_usd") - 0.5))
			half = p;
	const char *text =
		study_text(m->document,
			   "To earn %s to %s a year at $%s a Mbit/s and month, %s to %s must be "
			   "billed all year",
			   study_money_text(m, study_number_of(answer, "usd_a_year_low")),
			   study_money_text(m, study_number_of(answer, "usd_a_year_high")),
			   study_figure_text(m, study_number_of(half, "price_usd"), 2),
			   study_rate_text(m, study_number_of(half, "gbps_low")),
			   study_rate_text(m, study_number_of(half, "gbps_high")));
	if (passing > 0)
		text = study_text(
			m->document, "%s, %s to %s times the demand of %s that there is", text,
			study_figure_text(m, study_number_of(half, "gbps_low") / passing, 1),
			study_figure_text(m, study_number_of(half, "gbps_high") / passing, 1),
			study_rate_text(m, passing));
	text = study_text(m->document, "%s.", text);
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	struct study_table *t = study_table_add(
		section, "target-table", "Traffic that must be billed for the target, by price",
		target_columns, sizeof(target_columns) / sizeof(target_columns[0]));
	for (const struct json_value *p = first; p; p = p->next)
		target_row(m, t, p, passing);
	if (t)
		t->note = study_text(m->document, "From sarai corridor target %s. %s", target,
				     study_text_of(answer, "assumed"));
	study_trust_add(m, "What a target needs (times today's demand)",
			study_number_of(answer, "estimated"));
}
