/* The chapter on ways: how far it is, and what it costs to go round a country. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column columns[] = {
	{"From, to", NULL, false, 0, 2.2},
	{"Terms", NULL, false, 0, 1.5},
	{"Length", "km", true, 0, 1.7},
	{"There and back", "ms", true, 1, 1.4},
	{"Price", "$ a Mbit/s and month", true, 2, 1.4},
	{"Availability", "%", true, 3, 1.5},
	{"Estimated", "% of length", true, 0, 1},
	{"Countries", NULL, false, 0, 2.2},
};

struct terms {
	const char *words; /* in the table */
	const char *avoid, *date;
};

/* The best way under these terms; NULL: there is none, or it was refused. */
static const struct json_value *
ask(struct study_maker *m, const struct study_pair *p, const struct terms *t)
{
	const char *avoid = t->avoid ? "--avoid" : NULL;
	const struct json_value *answer;
	if (t->date)
		answer = study_ask(m->facts, "path", p->from, p->to, "--date", t->date, avoid,
				   t->avoid, NULL);
	else
		answer = study_ask(m->facts, "path", p->from, p->to, avoid, t->avoid, NULL);
	return json_read_first(json_read_get(answer, "paths"));
}

static void
row(struct study_maker *m, struct study_table *table, const struct study_pair *p,
    const struct terms *t)
{
	const struct json_value *way = ask(m, p, t);
	struct study_bounds up = study_bounds_by(way, "availability");
	study_row_begin(table);
	study_cell_text(table, study_pair_name(m, p));
	study_cell_text(table, t->words);
	if (!way) {
		for (int i = 0; i < 5; i++)
			study_cell_number(table, NAN);
		study_cell_text(table, m->facts->complaint ? m->facts->complaint : "no way");
		return;
	}
	study_cell_bounds(table, study_bounds_by(way, "length_km"), 1);
	study_cell_bounds(table, study_bounds_by(way, "round_trip_ms"), 1);
	study_cell_bounds(table, study_bounds_by(way, "price_usd"), 1);
	study_cell_bounds(table, up, 100);
	study_cell_number(table, 100 * study_number_of(way, "estimated_share"));
	study_cell_text(table, study_list_of(m->facts->arena, json_read_get(way, "countries"), 20));
}

static double
round_trip(struct study_maker *m, const struct study_pair *p, const struct terms *t)
{
	return study_number_of(ask(m, p, t), "round_trip_ms");
}

/* Round trips of a pair under the three terms; NAN: no way. */
struct trips {
	double plain, round, later;
};

static struct trips
trips_of(struct study_maker *m, const struct study_pair *p, const struct terms terms[3])
{
	return (struct trips){round_trip(m, p, &terms[0]),
			      m->avoid ? round_trip(m, p, &terms[1]) : NAN,
			      round_trip(m, p, &terms[2])};
}

/* What it costs to avoid, and what the planned cables change. */
static const char *
sentence(struct study_maker *m, const struct study_pair *p, const struct terms terms[3])
{
	struct trips t = trips_of(m, p, terms);
	if (!isfinite(t.plain))
		return study_text(m->document, "%s: there is no way today.", study_pair_name(m, p));
	const char *text =
		study_text(m->document, "%s takes %s ms there and back by the shortest way",
			   study_pair_name(m, p), study_figure_text(m, t.plain, 1));
	if (m->avoid && isfinite(t.round))
		text = study_text(m->document, "%s, and %s ms without crossing %s", text,
				  study_figure_text(m, t.round, 1), m->avoid_words);
	else if (m->avoid)
		text = study_text(m->document, "%s; no way avoids %s", text, m->avoid_words);
	if (isfinite(t.later))
		text = study_text(m->document, "%s; with what is planned until %s it is %s ms%s%s",
				  text, terms[2].date, study_figure_text(m, t.later, 1),
				  m->avoid ? " without crossing " : "", m->avoid_words);
	return study_text(m->document, "%s.", text);
}

/* Those who lose most by avoiding, and those who gain most by what is planned. */
static void
summarize(struct study_maker *m, const struct terms terms[3])
{
	const struct study_pair *loses = NULL, *gains = NULL;
	double lost = 0, gained = 0;
	for (size_t i = 0; i < m->pair_count; i++) {
		struct trips t = trips_of(m, &m->pairs[i], terms);
		double from = m->avoid ? t.round : t.plain;
		if (t.round - t.plain > lost) {
			lost = t.round - t.plain;
			loses = &m->pairs[i];
		}
		if (from - t.later > gained) {
			gained = from - t.later;
			gains = &m->pairs[i];
		}
	}
	if (loses)
		study_say(m->summary, STUDY_POINT, "Avoiding %s costs most here: %s",
			  m->avoid_words, sentence(m, loses, terms));
	else
		study_say(m->summary, STUDY_POINT, "%s", sentence(m, &m->pairs[0], terms));
	if (gains && gains != loses)
		study_say(m->summary, STUDY_POINT, "What is planned changes most here: %s",
			  sentence(m, gains, terms));
}

static void
chart(struct study_maker *m, struct study_section *section, const struct terms terms[3])
{
	static const int32_t colours[] = {STUDY_BLUE, STUDY_AMBER, STUDY_TEAL};
	struct study_bar bars[3 * STUDY_PAIRS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < m->pair_count; i++)
		for (size_t t = 0; t < 3; t++) {
			const struct json_value *way = NULL;
			if (t != 1 || m->avoid)
				way = ask(m, &m->pairs[i], &terms[t]);
			if (!way)
				continue;
			bars[count++] = (struct study_bar){
				t == 0 ? study_pair_name(m, &m->pairs[i]) : terms[t].words,
				study_bounds_by(way, "round_trip_ms"), colours[t]};
		}
	(void)study_figure_add(section, "ways-chart",
			       "Time there and back by pair: the shortest way, round the avoided "
			       "countries, and with what is planned",
			       study_bars(m->document, bars, count, "ms there and back"));
}

void
study_chapter_ways(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "ways", "Ways and latency");
	const char *later = study_text(m->document, "%d",
				       m->year + (int)(m->wish->years ? m->wish->years : 10) / 2);
	const struct terms terms[3] = {
		{"shortest", NULL, NULL},
		{study_text(m->document, "avoiding %s", m->avoid_words), m->avoid, NULL},
		{study_text(m->document, "%s%s, planned until %s", m->avoid ? "avoiding " : "",
			    m->avoid ? m->avoid_words : "shortest", later),
		 m->avoid, later}};
	if (!m->pair_count) {
		study_say(
			section, STUDY_MISSING,
			"Ways: no pairs were named and no demand names any; see --from and --to.");
		return;
	}
	study_say(
		section, STUDY_PARAGRAPH,
		"Latency is that of light in the fibre, without equipment, which adds 15 to 20 %% "
		"on long ways (see Method). Ranges follow from those of the lengths.");
	for (size_t i = 0; i < m->pair_count; i++)
		study_say(section, STUDY_POINT, "%s", sentence(m, &m->pairs[i], terms));
	summarize(m, terms);
	struct study_table *table =
		study_table_add(section, "ways", "Ways between the principal pairs", columns,
				sizeof(columns) / sizeof(columns[0]));
	double estimated = 0, km = 0;
	for (size_t i = 0; i < m->pair_count; i++) {
		for (size_t t = 0; t < 3; t++)
			if (t != 1 || m->avoid)
				row(m, table, &m->pairs[i], &terms[t]);
		const struct json_value *way = ask(m, &m->pairs[i], &terms[0]);
		if (way) {
			estimated += study_number_of(way, "estimated_km");
			km += study_number_of(way, "length_km");
		}
	}
	if (table)
		table->note = "From sarai corridor path A B [--avoid X] [--date YYYY]. Price: the "
			      "sum of what its segments cost.";
	study_trust_add(m, "Shortest ways of the principal pairs (length)",
			km > 0 ? estimated / km : NAN);
	chart(m, section, terms);
}
