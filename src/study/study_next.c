/* The chapters on what to build next, and on what the money hangs on. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"

#define MILLION 1e6
enum { TOP = 12 };

static const struct study_column columns[] = {
	{"Candidate", NULL, false, 0, 2.4},       {"Costs", "M$", true, 1, 1.3},
	{"Brings", "M$ a year", true, 2, 1.3},    {"Present worth", "M$", true, 1, 1.5},
	{"Return", "% a year", true, 1, 0.8},     {"Paid back", "years", true, 1, 0.8},
	{"More served", "Gbit/s", true, -1, 0.9}, {"Surer by", "h a year", true, 4, 0.9},
	{"Faster by", "ms", true, 2, 0.8},        {"Worth a $ spent", "$", true, 2, 0.8},
};

/* Id, caption and command of each ranking. */
static const char *const single[3] = {"next", "What to build next, one at a time",
				      "sarai corridor next --by npv"};
static const char *const sure[3] = {"next-sure",
				    "What to build next, by availability for the money",
				    "sarai corridor next --by availability"};

static void
row(struct study_table *t, const struct json_value *n)
{
	const struct json_value *gains = json_read_get(n, "gains");
	double cost = study_number_of(n, "cost_usd");
	study_row_begin(t);
	study_cell_text(t, study_text_of(n, "name"));
	study_cell_bounds(t, study_bounds_by(n, "cost_usd"), 1 / MILLION);
	study_cell_bounds(t, study_bounds_by(n, "usd_a_year"), 1 / MILLION);
	study_cell_bounds(t, study_bounds_by(n, "npv_usd"), 1 / MILLION);
	study_cell_number(t, 100 * study_number_of(n, "irr"));
	study_cell_number(t, study_number_of(n, "payback_years"));
	study_cell_number(t, study_number_of(gains, "traffic"));
	study_cell_number(t, study_number_of(gains, "availability"));
	study_cell_number(t, study_number_of(gains, "latency"));
	study_cell_number(t, cost > 0 ? study_number_of(n, "npv_usd") / cost : NAN);
}

static void
table(struct study_maker *m, struct study_section *section, const struct json_value *answer,
      const char *const names[3])
{
	struct study_table *t = study_table_add(section, names[0], names[1], columns,
						sizeof(columns) / sizeof(columns[0]));
	size_t count = 0;
	for (const struct json_value *n = json_read_first(json_read_get(answer, "next"));
	     n && count < TOP; n = n->next, count++)
		row(t, n);
	if (t)
		t->note = study_text(m->document, "From %s, best first. %s", names[2],
				     names == single ? study_text_of(answer, "assumed") : "");
}

/* Two at a time: what they bring together that neither does alone. */
static void
pairs(struct study_maker *m, struct study_section *section)
{
	static const struct study_column pair_columns[] = {
		{"Candidates", NULL, false, 0, 3},          {"Cost", "M$", true, 1, 1.2},
		{"Bring", "M$ a year", true, 2, 1.2},       {"Present worth", "M$", true, 1, 1.4},
		{"More than both alone", "M$", true, 1, 1}, {"Faster by", "ms", true, 2, 0.8},
	};
	const struct json_value *answer =
		study_ask(m->facts, "next", "--by", "npv", "--pairs", NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "pairs"));
	if (!first)
		return;
	struct study_table *t =
		study_table_add(section, "next-pairs", "What to build next, two at a time",
				pair_columns, sizeof(pair_columns) / sizeof(pair_columns[0]));
	size_t count = 0;
	for (const struct json_value *p = first; p && count < TOP; p = p->next, count++) {
		study_row_begin(t);
		study_cell_text(t,
				study_list_of(m->facts->arena, json_read_get(p, "candidates"), 2));
		study_cell_bounds(t, study_bounds_by(p, "cost_usd"), 1 / MILLION);
		study_cell_bounds(t, study_bounds_by(p, "usd_a_year"), 1 / MILLION);
		study_cell_bounds(t, study_bounds_by(p, "npv_usd"), 1 / MILLION);
		study_cell_number(t, study_number_of(p, "together") / MILLION);
		study_cell_number(t, study_number_of(json_read_get(p, "gains"), "latency"));
	}
	if (t)
		t->note = "From sarai corridor next --by npv --pairs, best first. Two that share a "
			  "segment are not paired.";
}

static void
chart(struct study_maker *m, struct study_section *section, const struct json_value *answer)
{
	struct study_bar bars[TOP];
	size_t count = 0;
	for (const struct json_value *n = json_read_first(json_read_get(answer, "next"));
	     n && count < TOP; n = n->next) {
		struct study_bounds b = study_bounds_by(n, "npv_usd");
		/* Names are told in the table; here there is not room for long ones. */
		bars[count++] = (struct study_bar){
			study_list_of(m->facts->arena, json_read_get(n, "candidates"), 3),
			{b.value / MILLION, b.low / MILLION, b.high / MILLION},
			b.value >= 0 ? STUDY_TEAL : STUDY_AMBER};
	}
	(void)study_figure_add(section, "next-chart",
			       "Net present worth of each candidate, with its range",
			       study_bars(m->document, bars, count, "M$"));
}

static void
sentence(struct study_maker *m, struct study_section *section, const struct json_value *answer)
{
	const struct json_value *first = json_read_first(json_read_get(answer, "next"));
	size_t count = 0, pays = 0, may = 0;
	for (const struct json_value *n = first; n; n = n->next, count++) {
		pays += study_number_of(n, "npv_usd") > 0;
		may += study_number_of(n, "npv_usd_high") > 0;
	}
	struct study_bounds npv = study_bounds_by(first, "npv_usd");
	const char *text = study_text(
		m->document,
		"Of %s, %s pay%s back by the values as told, and %s within the ranges; first is "
		"%s: it costs %s and its net present worth is %s (%s to "
		"%s).",
		study_count_text(m, count, "candidate"), study_none_text(m, (double)pays),
		pays > 1 ? "" : "s", study_none_text(m, (double)may), study_text_of(first, "name"),
		study_money_text(m, study_number_of(first, "cost_usd")),
		study_money_text(m, npv.value), study_money_text(m, npv.low),
		study_money_text(m, npv.high));
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	study_trust_add(m, "What the first candidate brings", study_number_of(first, "estimated"));
}

void
study_chapter_next(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "next-chapter", "What to build next");
	const struct json_value *answer = study_ask(m->facts, "next", "--by", "npv", NULL);
	if (!json_read_first(json_read_get(answer, "next"))) {
		study_missing(m, section, "Candidates ranked by what they bring",
			      "The hub file has no candidates");
		return;
	}
	sentence(m, section, answer);
	chart(m, section, answer);
	table(m, section, answer, single);
	answer = study_ask(m->facts, "next", "--by", "availability", NULL);
	if (json_read_first(json_read_get(answer, "next")))
		table(m, section, answer, sure);
	pairs(m, section);
}

/* --- sensitivity --- */

static const struct study_column swing_columns[] = {
	{"Assumption", NULL, false, 0, 2.6},        {"Kind", NULL, false, 0, 1},
	{"Assumed", NULL, true, -1, 1.8},           {"At its low bound", NULL, true, -1, 1.1},
	{"At its high bound", NULL, true, -1, 1.1},
};

static void
swings(struct study_maker *m, struct study_section *section, const struct json_value *answer,
       const char *of)
{
	const char *unit = study_text_of(answer, "unit");
	const struct json_value *first = json_read_first(json_read_get(answer, "swings"));
	struct study_swing bars[TOP];
	size_t count = 0;
	double told = study_number_of(answer, "told");
	study_say(
		section, STUDY_PARAGRAPH,
		"%s as told: %s %s. By chance, all assumptions at once: one in ten below %s, half "
		"below %s, one in ten above %s.",
		of, study_figure_text(m, told, -1), unit,
		study_figure_text(m, study_number_of(answer, "p10"), -1),
		study_figure_text(m, study_number_of(answer, "p50"), -1),
		study_figure_text(m, study_number_of(answer, "p90"), -1));
	struct study_table *t = study_table_add(
		section, study_text(m->document, "swings-%s", study_text_of(answer, "subject")),
		study_text(m->document, "%s with each assumption at its bounds (%s)", of, unit),
		swing_columns, sizeof(swing_columns) / sizeof(swing_columns[0]));
	for (const struct json_value *s = first; s; s = s->next) {
		double a = study_number_of(s, "at_low"), b = study_number_of(s, "at_high");
		study_row_begin(t);
		study_cell_text(t, study_text_of(s, "assumption"));
		study_cell_text(t, study_text_of(s, "kind"));
		study_cell_bounds(t, study_bounds_of(s, "assumed"), 1);
		study_cell_number(t, a);
		study_cell_number(t, b);
		if (count < TOP)
			bars[count++] =
				(struct study_swing){study_text_of(s, "assumption"), told, a, b};
	}
	if (t)
		t->note = study_text(m->document, "From sarai corridor sensitivity. %s",
				     study_text_of(answer, "assumed"));
	(void)study_figure_add(
		section, study_text(m->document, "tornado-%s", study_text_of(answer, "subject")),
		study_text(m->document, "%s: how far each assumption moves it", of),
		study_tornado(m->document, bars, count, unit));
}

void
study_chapter_sensitivity(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "sensitivity", "What the money hangs on");
	const struct json_value *answer = study_ask(m->facts, "sensitivity", "revenue", NULL);
	if (json_read_first(json_read_get(answer, "swings")))
		swings(m, section, answer, "Revenue");
	else
		study_missing(m, section, "Revenue by each assumption", "Nothing is assumed");
	const struct json_value *next = study_ask(m->facts, "next", "--by", "npv", NULL);
	const struct json_value *best = json_read_first(json_read_get(next, "next"));
	const char *id = json_read_text(json_read_first(json_read_get(best, "candidates")));
	if (!id)
		return;
	answer = study_ask(m->facts, "sensitivity", "npv", id, NULL);
	if (json_read_first(json_read_get(answer, "swings")))
		swings(m, section, answer,
		       study_text(m->document, "Net present worth of %s",
				  study_text_of(best, "name")));
	else
		study_missing(m, section,
			      "Net present worth of the first candidate by each assumption",
			      "Nothing is assumed");
}
