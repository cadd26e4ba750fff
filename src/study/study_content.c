/* The chapter on content: what caches and on-ramps near the readers would take off the corridor. */
#include <math.h>

#include "study/study_parts.h"

#define MILLION 1e6

static const struct study_column columns[] = {
	{"What", NULL, false, 0, 2},          {"Comes from", NULL, false, 0, 1.2},
	{"Is read at", NULL, false, 0, 1.2},  {"Traffic", "Gbit/s", true, -1, 1.2},
	{"Answered here", "%", true, 0, 1},   {"Off the corridor", "Gbit/s", true, -1, 1.2},
	{"Saves", "M$ a year", true, 2, 1.4}, {"Traffic is", NULL, false, 0, 0.9},
};

static void
row(struct study_table *t, const struct json_value *c)
{
	study_row_begin(t);
	study_cell_text(t, study_text_of(c, "name"));
	study_cell_text(t, study_text_of(c, "from_name"));
	study_cell_text(t, study_text_of(c, "to_name"));
	study_cell_bounds(t, study_bounds_by(c, "gbps"), 1);
	study_cell_bounds(t, study_bounds_by(c, "hits"), 100);
	study_cell_bounds(t, study_bounds_by(c, "off_gbps"), 1);
	study_cell_bounds(t, study_bounds_by(c, "usd_a_year"), 1 / MILLION);
	study_cell_text(t, study_text_of(c, "traffic"));
}

void
study_chapter_content(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "content", "Content near its readers");
	const struct json_value *answer = study_ask(m->facts, "content", NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "content"));
	if (!first) {
		study_missing(m, section, "What caches take off the corridor",
			      "The hub file has no content");
		return;
	}
	struct study_bounds off = study_bounds_by(answer, "off_gbps");
	struct study_bounds usd = study_bounds_by(answer, "usd_a_year");
	const char *text = study_text(
		m->document,
		"Caches and on-ramps would take %s Gbit/s of %s off the corridor, and save %s a "
		"year "
		"(%s to %s); of that content %s %% would be answered near its readers, %s %% is "
		"today.",
		study_range_text(m, off, 0), study_rate_text(m, study_number_of(answer, "gbps")),
		study_money_text(m, usd.value), study_money_text(m, usd.low),
		study_money_text(m, usd.high),
		study_figure_text(m, 100 * study_number_of(answer, "local_after"), 0),
		study_figure_text(m, 100 * study_number_of(answer, "local_before"), 0));
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	struct study_table *t =
		study_table_add(section, "content-table", "What each would take off the corridor",
				columns, sizeof(columns) / sizeof(columns[0]));
	for (const struct json_value *c = first; c; c = c->next)
		row(t, c);
	if (t)
		t->note = study_text(m->document, "From sarai corridor content. %s",
				     study_text_of(answer, "assumed"));
}
