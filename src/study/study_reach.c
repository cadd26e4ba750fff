/* The chapter on reach: which towers to put on fibre, and when. */
#include <math.h>
#include <stdlib.h>

#include "study/study_parts.h"

static const struct study_column columns[] = {
	{"Year", NULL, false, 0, 0.8},       {"Target", "%", true, 1, 0.8},
	{"Reached", "%", true, 2, 0.8},      {"Towers", NULL, true, 0, 0.9},
	{"Towns", NULL, true, 0, 0.7},       {"Fibre", "km", true, 0, 0.9},
	{"Cost", "million", true, 1, 1},     {"So far", "million", true, 1, 1},
	{"At least", "million", true, 1, 1}, {"Above the bound", "%", true, 2, 1},
};

static const struct study_column cost_columns[] = {
	{"If it is at an end of its range", NULL, false, 0, 3},
	{"Low", "million", true, 1, 1},
	{"As planned", "million", true, 1, 1},
	{"High", "million", true, 1, 1},
};

/* Money is a text of a decimal, so that no cent is lost. */
static double
millions(const struct json_value *object, const char *key)
{
	const char *amount = study_text_of(json_read_get(object, key), "amount");
	return *amount ? strtod(amount, NULL) / 1e6 : NAN;
}

static const char *
sentence(struct study_maker *m, const struct json_value *reach, const struct json_value *last)
{
	double built = study_number_of(reach, "towers_built");
	return study_text(
		m->document,
		"The plan takes the share on fibre from %s %% to %s %% in %s with "
		"%s and %s "
		"km of fibre for %s million %s; no plan of these stretches can cost less than %s "
		"million.",
		study_figure_text(m, study_number_of(reach, "share_percent"), 1),
		study_figure_text(m, study_number_of(last, "share_percent"), 1),
		study_count_text(m, study_length_of(json_read_get(reach, "years")), "year"),
		built == 1 ? "1 tower or town"
			   : study_text(m->document, "%s towers and towns",
					study_figure_text(m, built, 0)),
		study_figure_text(m, study_number_of(reach, "km"), 0),
		study_figure_text(m, millions(reach, "cost"), 1),
		study_text_of(json_read_get(reach, "cost"), "currency"),
		study_figure_text(m, millions(reach, "at_least"), 1));
}

/* What each share costs: the plan, how it would go on, and what no plan can go below. */
static void
curve(struct study_maker *m, struct study_section *section, const struct json_value *reach)
{
	const struct json_value *points = json_read_get(reach, "curve");
	size_t count = study_length_of(points), i = 0;
	double *at = study_take(m->document, (count + 1) * 4 * sizeof(*at));
	if (!at || !count)
		return;
	double *planned = at + count, *further = planned + count, *least = further + count;
	for (const struct json_value *p = json_read_first(points); p; p = p->next, i++) {
		bool of_plan = json_read_is_true(json_read_get(p, "planned"));
		bool edge =
			of_plan && p->next && !json_read_is_true(json_read_get(p->next, "planned"));
		at[i] = study_number_of(p, "share_percent");
		planned[i] = of_plan ? millions(p, "cost") : NAN;
		further[i] = !of_plan || edge ? millions(p, "cost") : NAN;
		least[i] = millions(p, "at_least");
	}
	const struct study_line lines[] = {
		{"the plan", planned, STUDY_BLUE, 0},
		{"were it to go on", further, STUDY_AMBER, 0},
		{"no plan can cost less", least, STUDY_SOFT, 4},
	};
	(void)study_figure_add(
		section, "reach-curve", "What each share on fibre costs",
		study_curves(m->document, &(struct study_span){at, count, false}, lines, 3,
			     study_text(m->document, "million %s",
					study_text_of(json_read_get(reach, "cost"), "currency"))));
}

/* What the plan, as it is, would cost with each figure at the ends of its range; and what its money rests on. */
static void
costs(struct study_maker *m, struct study_section *section, const struct json_value *reach)
{
	const struct json_value *factors = json_read_get(reach, "sensitivity");
	double cost = millions(reach, "cost");
	if (!json_read_first(factors) || !(cost > 0))
		return;
	struct study_table *t =
		study_table_add(section, "reach-costs",
				study_text(m->document, "What the plan costs (%s)",
					   study_text_of(json_read_get(reach, "cost"), "currency")),
				cost_columns, sizeof(cost_columns) / sizeof(cost_columns[0]));
	for (const struct json_value *f = json_read_first(factors); f; f = f->next) {
		study_row_begin(t);
		study_cell_text(t, study_text_of(f, "figure"));
		study_cell_number(t, millions(f, "low"));
		study_cell_number(t, cost);
		study_cell_number(t, millions(f, "high"));
	}
	if (t)
		t->note = "From sarai corridor reach: the same plan, at other prices.";
	study_trust_add(m, "What a plan of reach costs",
			millions(json_read_get(reach, "rests_on"), "estimated") / cost);
}

/* A target that is missed is told, year by year. */
static void
missed(struct study_section *section, const struct json_value *years)
{
	for (const struct json_value *y = json_read_first(years); y; y = y->next)
		if (study_number_of(y, "target_percent") > 0 &&
		    !json_read_is_true(json_read_get(y, "target_met")))
			study_say(section, STUDY_MISSING,
				  "The target of %s is missed: %.2f %% are on fibre, not %.2f %%.",
				  study_text_of(y, "year"), study_number_of(y, "share_percent"),
				  study_number_of(y, "target_percent"));
}

void
study_chapter_reach(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "reach", "Towers and towns on fibre");
	const struct json_value *reach = m->wish->reach;
	if (!reach) {
		study_say(section, STUDY_MISSING, "Reach plan: not answered. %s",
			  m->wish->no_reach ? m->wish->no_reach
					    : "The hub file names no file of towers (reach: "
					      "{towers: FILE}).");
		return;
	}
	const char *currency = study_text_of(json_read_get(reach, "cost"), "currency");
	const struct json_value *years = json_read_get(reach, "years"), *last = NULL;
	for (const struct json_value *y = json_read_first(years); y; y = y->next)
		last = y;
	const char *text = sentence(m, reach, last);
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	missed(section, years);
	struct study_scene *map =
		m->wish->reach_plan ? study_reach_map(m, m->wish->reach_plan, years) : NULL;
	if (map)
		(void)study_figure_add(section, "reach-map",
				       "What is put on fibre in which year: towers and towns as "
				       "dots, stretches and existing fibre as lines",
				       map);
	curve(m, section, reach);
	struct study_table *t = study_table_add(
		section, "reach-years", study_text(m->document, "Year by year (%s)", currency),
		columns, sizeof(columns) / sizeof(columns[0]));
	for (const struct json_value *y = json_read_first(years); y; y = y->next) {
		study_row_begin(t);
		study_cell_text(t, study_text_of(y, "year"));
		study_cell_number(t, study_number_of(y, "target_percent"));
		study_cell_number(t, study_number_of(y, "share_percent"));
		study_cell_number(t, study_number_of(y, "towers"));
		study_cell_number(t, study_number_of(y, "towns"));
		study_cell_number(t, study_number_of(y, "km"));
		study_cell_number(t, millions(y, "cost"));
		study_cell_number(t, millions(y, "cost_so_far"));
		study_cell_number(t, millions(y, "at_least"));
		study_cell_number(t, study_number_of(y, "gap_percent"));
	}
	if (t)
		t->note = "From sarai corridor reach.";
	costs(m, section, reach);
}
