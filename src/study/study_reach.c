/* The chapter on reach: which towers to put on fibre, and when. */
#include <math.h>
#include <stdlib.h>

#include "study/study_parts.h"

static const struct study_column columns[] = {
	{"Year", NULL, false, 0, 0.8},        {"Target", "%", true, 1, 0.8},
	{"Reached", "%", true, 2, 0.8},       {"Towers", NULL, true, 0, 0.9},
	{"Fibre", "km", true, 0, 0.9},        {"Cost", "million", true, 1, 1},
	{"So far", "million", true, 1, 1},    {"At least", "million", true, 1, 1},
	{"Above the bound", "%", true, 2, 1},
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
	return study_text(m->document,
			  "The plan takes the share on fibre from %s %% to %s %% in %zu years with "
			  "%s towers and %s "
			  "km of fibre for %s million %s; no plan can cost less than %s million.",
			  study_figure_text(m, study_number_of(reach, "share_percent"), 1),
			  study_figure_text(m, study_number_of(last, "share_percent"), 1),
			  study_length_of(json_read_get(reach, "years")),
			  study_figure_text(m, study_number_of(reach, "towers_built"), 0),
			  study_figure_text(m, study_number_of(reach, "km"), 0),
			  study_figure_text(m, millions(reach, "cost"), 1),
			  study_text_of(json_read_get(reach, "cost"), "currency"),
			  study_figure_text(m, millions(reach, "at_least"), 1));
}

/* What the share costs, at a few steps. */
static void
curve(struct study_maker *m, struct study_section *section, const struct json_value *reach)
{
	enum { STEPS = 16 };
	const struct json_value *points = json_read_get(reach, "curve");
	size_t count = study_length_of(points), at = 0, used = 0;
	struct study_bar bars[STEPS + 1];
	for (const struct json_value *p = json_read_first(points); p; p = p->next, at++) {
		if (count > STEPS && at * STEPS / count == (at + 1) * STEPS / count && p->next)
			continue;
		if (used > STEPS)
			break;
		bars[used++] = (struct study_bar){
			study_text(m->document, "%s %%",
				   study_figure_text(m, study_number_of(p, "share_percent"), 1)),
			{millions(p, "cost"), NAN, NAN},
			STUDY_TEAL};
	}
	(void)study_figure_add(
		section, "reach-curve", "What each share on fibre costs",
		study_bars(m->document, bars, used,
			   study_text(m->document, "million %s",
				      study_text_of(json_read_get(reach, "cost"), "currency"))));
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
	struct study_scene *map =
		m->wish->reach_plan ? study_reach_map(m, m->wish->reach_plan, years) : NULL;
	if (map)
		(void)study_figure_add(section, "reach-map",
				       "What is put on fibre in which year: towers and towns as "
				       "dots, stretches as lines",
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
		study_cell_number(t, study_number_of(y, "km"));
		study_cell_number(t, millions(y, "cost"));
		study_cell_number(t, millions(y, "cost_so_far"));
		study_cell_number(t, millions(y, "at_least"));
		study_cell_number(t, study_number_of(y, "gap_percent"));
	}
	if (t)
		t->note = "From sarai corridor reach.";
}
