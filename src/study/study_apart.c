/* The chapter on ways that do not fail together: disjoint pairs, what parts two ends, and how often there is any way. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column pair_columns[] = {
	{"From, to", NULL, false, 0, 2},
	{"Share no", NULL, false, 0, 0.9},
	{"First", "ms", true, 1, 0.8},
	{"Second", "ms", true, 1, 0.8},
	{"Both up or one", "% of time", true, 4, 1.6},
	{"Without both", "h a year", true, -1, 1},
	{"Shared all the same", NULL, false, 0, 1.6},
};

static const struct study_column up_columns[] = {
	{"From, to", NULL, false, 0, 2},
	{"Connected", "% of time", true, 5, 1.8},
	{"Without any way", "h a year", true, -1, 1.1},
	{"What parts them, by share of that time", NULL, false, 0, 3},
	{"Fewest segments that part them", NULL, false, 0, 1.6},
};

static void
pair_row(struct study_maker *m, struct study_table *t, const struct study_pair *p, const char *kind)
{
	const struct json_value *answer =
		study_ask(m->facts, "pair", p->from, p->to, "--disjoint", kind, NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "paths"));
	study_row_begin(t);
	study_cell_text(t, study_pair_name(m, p));
	study_cell_text(t, kind);
	if (!first) {
		for (int i = 0; i < 4; i++)
			study_cell_number(t, NAN);
		study_cell_text(t, m->facts->complaint ? m->facts->complaint : "no two ways");
		return;
	}
	study_cell_number(t, study_number_of(first, "round_trip_ms"));
	study_cell_number(t, study_number_of(first->next, "round_trip_ms"));
	study_cell_bounds(t, study_bounds_by(answer, "availability"), 100);
	study_cell_number(t, study_number_of(answer, "downtime_h_year"));
	const char *shared = study_list_of(m->facts->arena, json_read_get(answer, "shared"), 6);
	study_cell_text(t, json_read_is_true(json_read_get(answer, "apart")) ? "nothing" : shared);
}

static const char *
blame(struct study_maker *m, const struct json_value *answer)
{
	const char *text = "";
	size_t count = 0;
	for (const struct json_value *b = json_read_first(json_read_get(answer, "blame"));
	     b && count < 4; b = b->next, count++) {
		const char *id = study_text_of(b, "id");
		const char *name = study_failing_name(m, study_text_of(b, "kind"), id);
		text = study_text(m->document, "%s%s%s %s %%", text, count ? "; " : "", name,
				  study_figure_text(m, 100 * study_number_of(b, "share"), 0));
	}
	return text;
}

static void
up_row(struct study_maker *m, struct study_table *t, const struct study_pair *p)
{
	const struct json_value *answer = study_ask(m->facts, "availability", p->from, p->to, NULL);
	study_row_begin(t);
	study_cell_text(t, study_pair_name(m, p));
	if (!answer) {
		study_cell_number(t, NAN);
		study_cell_number(t, NAN);
		study_cell_text(t, m->facts->complaint);
	} else {
		study_cell_bounds(t, study_bounds_by(answer, "availability"), 100);
		study_cell_number(t, study_number_of(answer, "downtime_h_year"));
		study_cell_text(t, blame(m, answer));
	}
	const struct json_value *cutset = study_ask(m->facts, "cutset", p->from, p->to, NULL);
	const struct json_value *by = json_read_get(cutset, "by_segment");
	study_cell_text(t, study_list_of(m->facts->arena, json_read_get(by, "segments"), 8));
}

/* The pair that is worst off. */
static void
sentence(struct study_maker *m)
{
	double worst = -1;
	const struct study_pair *pair = NULL;
	const struct json_value *of = NULL;
	for (size_t i = 0; i < m->pair_count; i++) {
		const struct study_pair *p = &m->pairs[i];
		const struct json_value *a =
			study_ask(m->facts, "availability", p->from, p->to, NULL);
		double hours = study_number_of(a, "downtime_h_year");
		if (hours > worst) {
			worst = hours;
			pair = p;
			of = a;
		}
	}
	if (!pair)
		return;
	const struct json_value *first = json_read_first(json_read_get(of, "blame"));
	study_say(m->summary, STUDY_POINT,
		  "Of the principal pairs %s is least sure of a way: %s h a year without any, "
		  "mostly by %s.",
		  study_pair_name(m, pair), study_figure_text(m, worst, -1),
		  study_failing_name(m, study_text_of(first, "kind"), study_text_of(first, "id")));
}

void
study_chapter_apart(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "apart", "Ways that do not fail together");
	if (!m->pair_count) {
		study_say(section, STUDY_MISSING, "No pairs: see Ways and latency.");
		return;
	}
	study_say(section, STUDY_PARAGRAPH,
		  "Two ways are a safeguard only if nothing takes both. A risk is whatever several "
		  "segments share: a duct, a sea area, a landing station, a country.");
	struct study_table *t = study_table_add(
		section, "pairs", "Pairs of ways that share no risk, and no country", pair_columns,
		sizeof(pair_columns) / sizeof(pair_columns[0]));
	for (size_t i = 0; i < m->pair_count; i++) {
		pair_row(m, t, &m->pairs[i], "risk");
		pair_row(m, t, &m->pairs[i], "country");
	}
	if (t)
		t->note =
			"From sarai corridor pair A B --disjoint KIND; round trips in ms. Where no "
			"two ways share nothing, those that share least are shown.";
	t = study_table_add(section, "connected",
			    "How often there is any way, and what parts the "
			    "ends",
			    up_columns, sizeof(up_columns) / sizeof(up_columns[0]));
	for (size_t i = 0; i < m->pair_count; i++)
		up_row(m, t, &m->pairs[i]);
	if (t)
		t->note = "From sarai corridor availability A B, whatever room there is on the "
			  "ways; shares overlap where several must fail at once. The last column "
			  "is from sarai corridor cutset A B.";
	sentence(m);
}
