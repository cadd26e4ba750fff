/* The chapter on the proof of the way: what the ledger of a running hub says of where members' traffic went. */
#include <math.h>

#include "study/study_parts.h"
#include "view/view_country.h"

enum { MEMBERS_MAX = 24, SHOWN = 6 };

static const struct study_column columns[] = {
	{"Member", NULL, false, 0, 2},         {"Traffic", "TB", true, -1, 1},
	{"Measured", "%", true, 2, 0.8},       {"By estimate", "%", true, 2, 0.8},
	{"Not known", "%", true, 2, 0.8},      {"To be avoided", NULL, false, 0, 1.4},
	{"Avoided", "%", true, 2, 0.8},        {"Crossed", "%", true, 2, 0.8},
	{"Countries most", NULL, false, 0, 2}, {"Cables most", NULL, false, 0, 2},
};

/* "Kazakhstan 98.2 %, Russia 40 %": the largest of a list of shares. */
static const char *
largest(struct study_maker *m, const struct json_value *list, bool countries)
{
	const char *text = "";
	size_t count = 0;
	for (const struct json_value *s = json_read_first(list); s && count < SHOWN;
	     s = s->next, count++) {
		const char *name = study_text_of(s, "name");
		text = study_text(m->document, "%s%s%s %s %%", text, *text ? ", " : "",
				  countries ? view_country_name(name) : name,
				  study_figure_text(m, study_number_of(s, "percent"), 1));
	}
	return text;
}

static double
percent_of(const struct json_value *way, const char *part)
{
	return study_number_of(json_read_get(way, part), "percent");
}

static void
row(struct study_maker *m, struct study_table *t, const struct json_value *proof)
{
	const struct json_value *way = json_read_get(proof, "way");
	const struct json_value *avoid = json_read_get(way, "avoid");
	double octets = study_number_of(way, "in_octets") + study_number_of(way, "out_octets");
	study_row_begin(t);
	study_cell_text(t, study_text_of(proof, "member"));
	study_cell_number(t, octets / 1e12);
	study_cell_number(t, percent_of(way, "measured"));
	study_cell_number(t, percent_of(way, "estimated"));
	study_cell_number(t, percent_of(way, "unknown"));
	study_cell_text(t, study_countries_of(m, json_read_get(avoid, "countries"), SHOWN));
	study_cell_number(t, percent_of(avoid, "avoided"));
	study_cell_number(t, percent_of(avoid, "crossed"));
	study_cell_text(t, largest(m, json_read_get(way, "countries"), true));
	study_cell_text(t, largest(m, json_read_get(way, "cables"), false));
}

/* Adds the member's rows; *octets and *known grow. False: nothing is told of it. */
static bool
member(struct study_maker *m, struct study_table *t, const struct json_value *who,
       const char *month, double sums[2])
{
	double asn = study_number_of(who, "asn");
	const char *number = asn > 0 ? study_text(m->document, "%.0f", asn) : NULL;
	const struct json_value *answer =
		number ? study_ask_words(m->facts, "ledger", "way", number, "month", month, NULL)
		       : NULL;
	const struct json_value *first = json_read_first(json_read_get(answer, "proofs"));
	for (const struct json_value *p = first; p; p = p->next) {
		const struct json_value *way = json_read_get(p, "way");
		double octets =
			study_number_of(way, "in_octets") + study_number_of(way, "out_octets");
		row(m, t, p);
		sums[0] += octets;
		sums[1] += octets * (100 - percent_of(way, "unknown")) / 100;
	}
	return first != NULL;
}

void
study_chapter_proof(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "proof", "Which way traffic went");
	struct utc_date day = utc_to_date(m->wish->today);
	const char *month = study_text(m->document, "%04d-%02d", day.year, day.month);
	if (!m->wish->running) {
		study_say(section, STUDY_MISSING,
			  "Which way traffic went: not answered. It rests on what a running hub "
			  "has measured; this study is of a hub file.");
		return;
	}
	const struct json_value *members = study_ask_words(m->facts, "show", "members", NULL);
	struct study_table *t = NULL;
	double sums[2] = {0, 0};
	size_t count = 0, told = 0;
	for (const struct json_value *w = json_read_first(json_read_get(members, "members"));
	     w && count < MEMBERS_MAX; w = w->next, count++) {
		if (!t)
			t = study_table_add(section, "proof-table",
					    study_text(m->document,
						       "Ways of members' traffic in %s, as far as "
						       "they are known",
						       month),
					    columns, sizeof(columns) / sizeof(columns[0]));
		told += member(m, t, w, month, sums);
	}
	if (!told) {
		study_say(section, STUDY_MISSING,
			  "Which way traffic went: the ledger has no traffic of %s.", month);
		return;
	}
	t->note = study_text(m->document,
			     "From sarai ledger way MEMBER month %s. Countries and cables overlap: "
			     "each is the part of a member's octets that crossed it. What is not "
			     "known is never counted as having avoided anything.",
			     month);
	const char *text = study_text(
		m->document,
		"Of %s TB that %zu member%s sent and received in %s, the way of %s %% is known.",
		study_figure_text(m, sums[0] / 1e12, -1), told, told == 1 ? "" : "s", month,
		study_figure_text(m, sums[0] > 0 ? 100 * sums[1] / sums[0] : 0, 1));
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
}
