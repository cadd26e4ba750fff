/* The chapter on light: what each cable can carry, and where it has to be made anew. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_parts.h"

enum { SEGMENTS_MAX = 24 };

static const struct study_column columns[] = {
	{"Segment", NULL, false, 0, 2.2},
	{"Length", "km", true, 0, 0.8},
	{"Mode", NULL, false, 0, 0.9},
	{"GSNR received", "dB", true, 2, 0.9},
	{"Margin", "dB", true, 2, 0.8},
	{"A pair carries", "Tbit/s", true, -1, 0.9},
	{"Cable carries", "Tbit/s", true, -1, 0.9},
	{"Told", "Tbit/s", true, -1, 0.8},
	{"Fibre, spans", NULL, false, 0, 1.3},
};

static const struct study_column way_columns[] = {
	{"From, to", NULL, false, 0, 2},
	{"Length", "km", true, 0, 0.9},
	{"Best mode without regeneration", NULL, false, 0, 1.4},
	{"Fastest mode", NULL, false, 0, 0.9},
	{"Regenerated at", NULL, false, 0, 2.4},
	{"A pair then carries", "Tbit/s", true, -1, 1},
};

struct lit {
	const char *id;
	double rank; /* told capacity first, then length */
};

static int
by_rank(const void *a, const void *b)
{
	const struct lit *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? 1 : -1;
	return strcmp(x->id, y->id);
}

/* The segments of which most is told, largest first. */
static size_t
choose(struct study_maker *m, const struct lit **out)
{
	const struct json_value *segments = json_read_get(m->show, "segments");
	size_t count = 0;
	struct lit *all = study_take(m->document, (study_length_of(segments) + 1) * sizeof(*all));
	for (const struct json_value *s = all ? json_read_first(segments) : NULL; s; s = s->next) {
		double told = study_number_of(s, "capacity_bps");
		if (told > 0)
			all[count++] = (struct lit){study_text_of(s, "id"), told};
	}
	if (count > 1)
		qsort(all, count, sizeof(*all), by_rank);
	*out = all;
	return count < SEGMENTS_MAX ? count : SEGMENTS_MAX;
}

static const struct json_value *
mode_of(const struct json_value *answer)
{
	const char *id = study_text_of(answer, "mode");
	return study_find(json_read_get(answer, "modes"), "mode", id);
}

/* True if it was answered. */
static bool
row(struct study_maker *m, struct study_table *t, const char *id)
{
	const struct json_value *a = study_ask_plain(m->facts, "optics", id, NULL);
	const struct json_value *built = json_read_get(a, "built");
	if (!a)
		return false;
	study_row_begin(t);
	study_cell_text(t, study_segment_name(m, id));
	study_cell_number(t, study_number_of(a, "length_km"));
	study_cell_text(t, study_text_of(a, "mode"));
	study_cell_number(t, study_number_of(mode_of(a), "received_db"));
	study_cell_number(t, study_number_of(a, "margin_db"));
	study_cell_number(t, study_number_of(a, "pair_tbps"));
	study_cell_number(t, study_number_of(a, "cable_tbps"));
	study_cell_number(t, study_number_of(a, "told_tbps"));
	study_cell_text(t, study_text(m->document, "%s, %s", study_text_of(built, "fibre"),
				      study_figure_text(m, study_number_of(built, "spans"), 0)));
	return true;
}

static void
way_row(struct study_maker *m, struct study_table *t, const struct study_pair *p)
{
	const struct json_value *a = study_ask(m->facts, "optics", p->from, p->to, NULL);
	const struct json_value *modes = json_read_get(a, "modes"), *fastest = NULL;
	for (const struct json_value *mode = json_read_first(modes); mode; mode = mode->next)
		if (json_read_is_true(json_read_get(mode, "possible")) &&
		    !(study_number_of(mode, "pair_tbps") <= study_number_of(fastest, "pair_tbps")))
			fastest = mode;
	if (!a)
		return;
	const char *whole = study_text_of(a, "mode");
	study_row_begin(t);
	study_cell_text(t, study_pair_name(m, p));
	study_cell_number(t, study_number_of(a, "length_km"));
	study_cell_text(t, *whole ? whole : "none reaches the end");
	study_cell_text(t, fastest ? study_text_of(fastest, "mode") : "none");
	study_cell_text(t, fastest ? study_list_of(m->facts->arena,
						   json_read_get(fastest, "regenerators"), 12)
				   : "");
	study_cell_number(t, study_number_of(fastest, "pair_tbps"));
}

void
study_chapter_optics(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "optics", "What the fibre can carry");
	const struct lit *lit = NULL;
	size_t count = choose(m, &lit), doubtful = 0;
	study_say(
		section, STUDY_PARAGRAPH,
		"By the Gaussian noise model, with the margin the hub file asks for at the end of "
		"life. Where spans, amplifiers or fibre pairs are not told, usual ones are taken.");
	struct study_table *t = NULL;
	if (count)
		t = study_table_add(section, "light", "Light on segments whose capacity is told",
				    columns, sizeof(columns) / sizeof(columns[0]));
	else
		study_say(section, STUDY_MISSING, "No segment has its capacity told.");
	for (size_t i = 0; i < count; i++) {
		const struct json_value *a =
			row(m, t, lit[i].id) ? study_ask_plain(m->facts, "optics", lit[i].id, NULL)
					     : NULL;
		doubtful += json_read_is_true(json_read_get(a, "impossible"));
	}
	if (t)
		t->note =
			"From sarai corridor optics SEGMENT. GSNR in 0.1 nm. n/a under cable: the "
			"number of fibre pairs is not known.";
	if (t)
		study_say(m->summary, STUDY_POINT,
			  "Of %s whose capacity is told, physics contradicts %s.",
			  study_count_text(m, t->row_count, "segment"),
			  study_none_text(m, (double)doubtful));
	if (!m->pair_count)
		return;
	t = study_table_add(section, "light-ways", "Light along the shortest ways", way_columns,
			    sizeof(way_columns) / sizeof(way_columns[0]));
	for (size_t i = 0; i < m->pair_count; i++)
		way_row(m, t, &m->pairs[i]);
	if (t)
		t->note = "From sarai corridor optics A B: the mode for the whole way, else the "
			  "fastest one with the fewest regenerators.";
}
