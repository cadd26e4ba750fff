/* The chapters on how sure all of this is: by answer, by value, and which commands say it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column trust_columns[] = {
	{"Answer", NULL, false, 0, 3},
	{"Rests on estimates", "%", true, 0, 1},
};

static const struct study_column finding_columns[] = {
	{"Is", NULL, false, 0, 0.7},    {"Of", NULL, false, 0, 1.4},
	{"What", NULL, false, 0, 2},    {"Value", NULL, true, -1, 0.8},
	{"Bound", NULL, true, -1, 0.8}, {"Unit", NULL, false, 0, 0.7},
	{"Hint", NULL, false, 0, 2.6},
};

static const struct study_column value_columns[] = {
	{"Of", NULL, false, 0, 1.6},     {"What", NULL, false, 0, 1.2},
	{"Value", NULL, true, -1, 1.6},  {"Unit", NULL, false, 0, 0.9},
	{"It is", NULL, false, 0, 0.9},  {"How sure", NULL, false, 0, 2.6},
	{"Source", NULL, false, 0, 0.7},
};

static const struct study_column source_columns[] = {
	{"No.", NULL, true, 0, 0.4},
	{"Source", NULL, false, 0, 6},
	{"Values", NULL, true, 0, 0.6},
};

static const struct study_column command_columns[] = {
	{"Command", NULL, false, 0, 3},
	{"Refused because", NULL, false, 0, 2},
};

static size_t
count_of(const struct json_value *object, const char *key)
{
	double count = study_number_of(object, key);
	return count > 0 ? (size_t)count : 0;
}

static void
findings(struct study_maker *m, struct study_section *section)
{
	const struct json_value *answer = study_ask_plain(m->facts, "check", "--all", NULL);
	const char *text =
		study_text(m->document, "Checks against physics and geography find %s, %s, and %s.",
			   study_count_text(m, count_of(answer, "wrong"), "wrong value"),
			   study_count_text(m, count_of(answer, "odd"), "odd one"),
			   study_count_text(m, count_of(answer, "note"), "remark"));
	if (!answer) {
		study_missing(m, section, "What does not add up in the data", "");
		return;
	}
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	struct study_table *t = study_table_add(
		section, "findings", "What does not add up in the data", finding_columns,
		sizeof(finding_columns) / sizeof(finding_columns[0]));
	for (const struct json_value *f = json_read_first(json_read_get(answer, "findings")); f;
	     f = f->next) {
		if (strcmp(study_text_of(f, "severity"), "note") == 0)
			continue;
		study_row_begin(t);
		study_cell_text(t, study_text_of(f, "severity"));
		study_cell_text(t, study_text(m->document, "%s %s", study_text_of(f, "list"),
					      study_text_of(f, "id")));
		study_cell_text(t, study_text_of(f, "what"));
		study_cell_number(t, study_number_of(f, "value"));
		study_cell_number(t, study_number_of(f, "bound"));
		study_cell_text(t, study_text_of(f, "unit"));
		study_cell_text(t, study_text_of(f, "hint"));
	}
	if (t)
		t->note = "From sarai corridor check --all; remarks are left out here.";
}

void
study_chapter_trust(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "trust", "How sure this is");
	study_say(
		section, STUDY_PARAGRAPH,
		"Every value carries its source and whether it was seen in it, derived from it, or "
		"estimated; every answer says how much of it rests on estimates, and its range is "
		"that of the values it rests on, all at their bounds at once.");
	struct study_table *t = study_table_add(
		section, "trust-table", "How much of each answer rests on estimates", trust_columns,
		sizeof(trust_columns) / sizeof(trust_columns[0]));
	for (const struct study_trust *trust = m->trusts; trust; trust = trust->next) {
		study_row_begin(t);
		study_cell_text(t, trust->what);
		study_cell_number(t, 100 * trust->estimated);
	}
	findings(m, section);
}

/* --- values and their sources --- */

struct source {
	const char *text;
	unsigned number, values;
};

struct sources {
	struct source *all;
	size_t count;
};

static unsigned
source_number(struct sources *sources, const char *text)
{
	for (size_t i = 0; i < sources->count; i++)
		if (strcmp(sources->all[i].text, text) == 0) {
			sources->all[i].values++;
			return sources->all[i].number;
		}
	sources->all[sources->count] = (struct source){text, (unsigned)sources->count + 1, 1};
	return (unsigned)++sources->count;
}

/* What is said of how sure it is often begins with the word that is said anyway. */
static const char *
remark_of(const char *basis, const char *confidence)
{
	size_t length = strlen(basis);
	if (strncmp(confidence, basis, length) != 0)
		return confidence;
	return confidence + length + strspn(confidence + length, ":;, ");
}

/* "129 (90.3 to 167.7) km, estimated: great circle 93 km x 1.39 [15]". */
static const char *
value_brief(struct study_maker *m, const struct json_value *n, const struct study_table *t,
	    const char *source)
{
	char value[STUDY_NUMBER], range[STUDY_RANGE];
	const struct study_cell *cell = t && t->last ? &t->last->cells[2] : NULL;
	const char *basis = study_text_of(n, "basis"), *unit = study_text_of(n, "unit");
	const char *remark = remark_of(basis, study_text_of(n, "confidence"));
	if (!cell)
		return "";
	bool ranged = *study_range(range, cell, value_columns[2].places);
	return study_text(m->document, "%s%s%s%s%s%s, %s%s%s%s%s",
			  study_number(value, cell->value, value_columns[2].places),
			  ranged ? " (" : "", range, ranged ? ")" : "", *unit ? " " : "", unit,
			  basis, *remark ? ": " : "", remark, *source ? " " : "", source);
}

/* "Trans-Caspian TCFO (C01)"; of what is no segment "demands KHI-FRA". */
static const char *
head_of(struct study_maker *m, const struct json_value *n)
{
	const char *list = study_text_of(n, "list"), *id = study_text_of(n, "id");
	if (strcmp(list, "segments") == 0)
		return study_segment_name(m, id);
	return study_text(m->document, "%s %s", list, id);
}

static void
value_rows(struct study_maker *m, struct study_table *t, const struct json_value *numbers,
	   struct sources *sources)
{
	for (const struct json_value *n = json_read_first(numbers); n; n = n->next) {
		const char *source = study_text_of(n, "source");
		study_row_begin(t);
		study_cell_text(t, study_text(m->document, "%s %s", study_text_of(n, "list"),
					      study_text_of(n, "id")));
		study_cell_text(t, study_text_of(n, "what"));
		study_cell_range(t, study_number_of(n, "value"), study_number_of(n, "low"),
				 study_number_of(n, "high"));
		study_cell_text(t, study_text_of(n, "unit"));
		study_cell_text(t, study_text_of(n, "basis"));
		study_cell_text(t, study_text_of(n, "confidence"));
		const char *mark =
			*source ? study_text(m->document, "[%u]", source_number(sources, source))
				: "";
		study_cell_text(t, mark);
		study_row_brief(t, head_of(m, n), study_text_of(n, "what"),
				value_brief(m, n, t, mark));
	}
	if (!t)
		return;
	t->note = "From sarai corridor sources. Numbers in brackets: see Sources.";
	t->dense = true;
}

void
study_chapter_values(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "values", "Assumptions: every value");
	const struct json_value *answer = study_ask_plain(m->facts, "sources", NULL);
	const struct json_value *numbers = json_read_get(answer, "numbers");
	struct sources sources = {.all = study_take(m->document, (study_length_of(numbers) + 1) *
									 sizeof(struct source))};
	if (!json_read_first(numbers) || !sources.all) {
		study_missing(m, section, "The values behind the answers", "The hub file has none");
		return;
	}
	double seen = study_number_of(answer, "seen"), derived = study_number_of(answer, "derived");
	double estimated = study_number_of(answer, "estimated");
	const char *text = study_text(
		m->document, "This study rests on %s: %s seen, %s derived and %s estimated.",
		study_count_text(m, (size_t)(seen + derived + estimated), "value"),
		study_figure_text(m, seen, 0), study_figure_text(m, derived, 0),
		study_figure_text(m, estimated, 0));
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	value_rows(m,
		   study_table_add(section, "values-table",
				   "Each value with range, confidence and source", value_columns,
				   sizeof(value_columns) / sizeof(value_columns[0])),
		   numbers, &sources);
	section = study_section_add(m->document, "sources", "Sources");
	struct study_table *t =
		study_table_add(section, "sources-table", "Sources of the values", source_columns,
				sizeof(source_columns) / sizeof(source_columns[0]));
	for (size_t i = 0; i < sources.count; i++) {
		study_row_begin(t);
		study_cell_number(t, sources.all[i].number);
		study_cell_text(t, sources.all[i].text);
		study_cell_number(t, sources.all[i].values);
		study_row_brief(t, NULL, study_text(m->document, "[%u]", sources.all[i].number),
				study_text(m->document, "%s (%s)", sources.all[i].text,
					   study_count_text(m, sources.all[i].values, "value")));
	}
	if (t)
		t->dense = true;
	if (!sources.count)
		study_say(section, STUDY_MISSING, "Sources: no value of the hub file names one.");
}

void
study_chapter_commands(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "commands", "The commands behind this study");
	study_say(
		section, STUDY_PARAGRAPH,
		"Each number above is the answer of one of these, with --json; asked again of the "
		"same data and day they answer the same.");
	struct study_table *t =
		study_table_add(section, "commands-table", "Commands", command_columns,
				sizeof(command_columns) / sizeof(command_columns[0]));
	for (const struct study_answer *a = m->facts->answers; a; a = a->next) {
		study_row_begin(t);
		study_cell_text(t, study_text(m->document, "sarai %s", a->question));
		study_cell_text(t, a->complaint ? a->complaint : "");
		study_row_brief(t, NULL, NULL,
				study_text(m->document, "sarai %s%s%s", a->question,
					   a->complaint ? ": refused, " : "",
					   a->complaint ? a->complaint : ""));
	}
	if (t)
		t->dense = true;
}
