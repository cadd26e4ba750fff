/* The chapter on what each thing that could be built would change, for each pair by itself. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column name_column = {"With", NULL, false, 0, 2.4};

static double
round_trip(struct study_maker *m, const struct study_pair *p, const char *with)
{
	const struct json_value *answer =
		m->avoid ? study_ask(m->facts, "path", p->from, p->to, "--avoid", m->avoid,
				     with ? "--with" : NULL, with, NULL)
			 : study_ask(m->facts, "path", p->from, p->to, with ? "--with" : NULL, with,
				     NULL);
	const struct json_value *way = json_read_first(json_read_get(answer, "paths"));
	return study_number_of(way, "round_trip_ms");
}

/* The segments of a candidate as a term has them: with commas, without blanks. */
static const char *
segments_of(struct study_maker *m, const struct json_value *candidate)
{
	const char *text = "";
	const struct json_value *first = json_read_first(json_read_get(candidate, "segments"));
	for (const struct json_value *s = first; s; s = s->next)
		text = study_text(m->document, "%s%s%s", text, *text ? "," : "",
				  json_read_text(s) ? json_read_text(s) : "");
	return text;
}

struct best {
	const char *name;
	const struct study_pair *pair;
	double before, after;
};

static void
row(struct study_maker *m, struct study_table *t, const struct json_value *candidate,
    struct best *best)
{
	const char *with = segments_of(m, candidate), *name = study_text_of(candidate, "name");
	study_row_begin(t);
	study_cell_text(t, *name ? name : study_text_of(candidate, "id"));
	for (size_t i = 0; i < m->pair_count; i++) {
		double before = round_trip(m, &m->pairs[i], NULL);
		double after = *with ? round_trip(m, &m->pairs[i], with) : NAN;
		study_cell_number(t, after);
		if (before - after > best->before - best->after)
			*best = (struct best){name, &m->pairs[i], before, after};
	}
}

void
study_chapter_planned(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "planned", "What each cable would change");
	const struct json_value *candidates = json_read_get(m->lists, "candidates");
	struct study_column *columns =
		study_take(m->document, (m->pair_count + 1) * sizeof(*columns));
	struct best best = {NULL, NULL, 0, 0};
	if (!columns || !m->pair_count || !json_read_first(candidates)) {
		study_say(
			section, STUDY_MISSING,
			"What each cable would change: the hub file has no candidates, or no pairs "
			"to look at.");
		return;
	}
	columns[0] = name_column;
	for (size_t i = 0; i < m->pair_count; i++)
		columns[i + 1] =
			(struct study_column){study_pair_name(m, &m->pairs[i]), "ms", true, 1, 1};
	struct study_table *t = study_table_add(
		section, "planned-table",
		study_text(m->document, "Time there and back with each candidate by itself%s%s",
			   m->avoid ? ", avoiding " : "", m->avoid_words),
		columns, m->pair_count + 1);
	study_row_begin(t);
	study_cell_text(t, "what is in use");
	for (size_t i = 0; i < m->pair_count; i++)
		study_cell_number(t, round_trip(m, &m->pairs[i], NULL));
	for (const struct json_value *c = json_read_first(candidates); c; c = c->next)
		row(m, t, c, &best);
	if (t)
		t->note = "From sarai corridor path A B --avoid X --with SEGMENTS. n/a: no way.";
	const char *text =
		best.pair ? study_text(m->document,
				       "Of what could be built by itself, %s shortens a principal "
				       "pair most: %s from %s to %s ms there and back%s%s.",
				       best.name, study_pair_name(m, best.pair),
				       study_figure_text(m, best.before, 1),
				       study_figure_text(m, best.after, 1),
				       m->avoid ? ", avoiding " : "", m->avoid_words)
			  : "No candidate by itself shortens the way of a principal pair.";
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
}
