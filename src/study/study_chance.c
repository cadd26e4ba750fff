/* The chapter on years by chance: how long each demand is short in a year, and what that costs where it was promised not to be. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_parts.h"

enum {
	TOP = 15,
	DRAWS_FEW = 10, /* of ten years: the worst of a hundred is one of them */
	DRAWS = 100,
	/* Draws times demands times segments: what a draw takes goes by both, for so often fails
	 * one and so many are laid again. */
	DRAWN_MAX = 3000000,
};
#define SLA    "99.9"
#define CREDIT "10"

static const struct study_column columns[] = {
	{"Demand", NULL, false, 0, 2.6},        {"Served in full", "% of the time", true, 4, 1},
	{"Outages", "a year", true, 2, 0.8},    {"Short, middling year", "h", true, 1, 1},
	{"one year in ten", "h", true, 1, 0.9}, {"one in a hundred", "h", true, 1, 0.9},
	{"Longest", "h", true, 1, 0.8},         {"Months below " SLA " %", "%", true, 2, 1},
	{"Given back", "$ a year", true, 0, 1},
};

/* The worst first. */
static int
by_share(const void *a, const void *b)
{
	const struct json_value *x = *(const struct json_value *const *)a;
	const struct json_value *y = *(const struct json_value *const *)b;
	double p = study_number_of(x, "availability"), q = study_number_of(y, "availability");
	if (p != q)
		return isnan(p) || p > q ? 1 : -1;
	return strcmp(study_text_of(x, "id"), study_text_of(y, "id"));
}

static const struct json_value **
worst_first(struct study_maker *m, const struct json_value *demands, size_t *count)
{
	const struct json_value **list =
		study_take(m->document, (study_length_of(demands) + 1) * sizeof(const void *));
	*count = 0;
	for (const struct json_value *d = list ? json_read_first(demands) : NULL; d; d = d->next)
		list[(*count)++] = d;
	if (*count > 1)
		qsort(list, *count, sizeof(const void *), by_share);
	return list;
}

static const char *
name_of(struct study_maker *m, const struct json_value *d)
{
	return study_text(m->document, "%s to %s (%s)", study_text_of(d, "from_name"),
			  study_text_of(d, "to_name"), study_text_of(d, "id"));
}

static void
table(struct study_maker *m, struct study_section *section, const struct json_value *answer,
      const struct json_value *const *worst, size_t count)
{
	struct study_table *t = study_table_add(section, "chance-table",
						"Demands that are short the most, by chance",
						columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < count && i < TOP; i++) {
		const struct json_value *d = worst[i];
		study_row_begin(t);
		study_cell_text(t, name_of(m, d));
		study_cell_number(t, 100 * study_number_of(d, "availability"));
		study_cell_number(t, study_number_of(d, "outages_year"));
		study_cell_number(t, study_number_of(d, "p50_h"));
		study_cell_number(t, study_number_of(d, "p90_h"));
		study_cell_number(t, study_number_of(d, "p99_h"));
		study_cell_number(t, study_number_of(d, "longest_h"));
		study_cell_number(t, 100 * study_number_of(d, "breach"));
		study_cell_number(t, study_number_of(d, "credits_usd_year"));
	}
	if (t)
		t->note = study_text(m->document,
				     "From sarai corridor simulate --sla " SLA " --credit " CREDIT
				     ", %s times %s years from seed %s. %s",
				     study_figure_text(m, study_number_of(answer, "draws"), 0),
				     study_figure_text(m, study_number_of(answer, "years"), 0),
				     study_figure_text(m, study_number_of(answer, "seed"), 0),
				     study_text_of(answer, "assumed"));
}

/* How the hours of a year are spread: to the year that is the worst of ten, and on to that of a hundred. */
static void
chart(struct study_maker *m, struct study_section *section, const struct json_value *const *worst,
      size_t count)
{
	struct study_bar bars[TOP];
	size_t used = 0;
	for (size_t i = 0; i < count && used < TOP; i++) {
		double high = study_number_of(worst[i], "p99_h");
		if (!(high > 0))
			continue;
		bars[used++] = (struct study_bar){study_text_of(worst[i], "id"),
						  {study_number_of(worst[i], "p90_h"),
						   study_number_of(worst[i], "p50_h"), high},
						  STUDY_BLUE};
	}
	if (used)
		(void)study_figure_add(
			section, "chance-chart",
			"Hours in which a demand is short: the bar is the worst year of ten, the "
			"line goes from a middling year to the worst of a hundred",
			study_bars(m->document, bars, used, "hours of a year"));
}

unsigned
study_chance_draws(size_t demands, size_t segments)
{
	size_t laid = demands && segments > SIZE_MAX / demands ? SIZE_MAX : demands * segments;
	size_t draws = laid ? DRAWN_MAX / laid : DRAWS;
	return draws > DRAWS ? DRAWS : draws < DRAWS_FEW ? DRAWS_FEW : (unsigned)draws;
}

/* Over how many years all this is told, and why over no more. */
static void
say_drawn(struct study_maker *m, struct study_section *section, const struct json_value *answer,
	  unsigned wanted)
{
	const char *fewer = "";
	if (wanted < DRAWS)
		fewer = study_text(m->document,
				   ", not %d as of a smaller corridor: so many segments and "
				   "demands take long, and rare years are told less surely",
				   DRAWS);
	study_say(section, STUDY_PARAGRAPH, "Drawn were %s times %s years%s.",
		  study_figure_text(m, study_number_of(answer, "draws"), 0),
		  study_figure_text(m, study_number_of(answer, "years"), 0), fewer ? fewer : "");
}

void
study_chapter_chance(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "chance", "Years by chance");
	const struct json_value *demands = json_read_get(m->flow, "demands");
	if (!json_read_first(demands)) {
		study_say(section, STUDY_MISSING,
			  "Years by chance: there are no demands, so nothing can be short.");
		return;
	}
	unsigned wanted = study_chance_draws(study_length_of(demands),
					     study_length_of(json_read_get(m->show, "segments")));
	const char *draws = study_text(m->document, "%u", wanted);
	const struct json_value *answer = draws ? study_ask(m->facts, "simulate", "--draws", draws,
							    "--sla", SLA, "--credit", CREDIT, NULL)
						: NULL;
	if (!json_read_first(json_read_get(answer, "demands"))) {
		study_missing(m, section, "Years by chance", "Nothing is laid on any segment");
		return;
	}
	size_t count, sound = 0;
	const struct json_value **worst = worst_first(m, json_read_get(answer, "demands"), &count);
	for (size_t i = 0; i < count; i++)
		sound += study_number_of(worst[i], "p99_h") == 0;
	const char *text = study_text(
		m->document,
		"In a year by chance %s failures of segments happen; of %s, %s %s not short for an "
		"hour even in the worst year of a hundred. Promised " SLA
		" %% of each month, with " CREDIT
		" %% of its fee for a month below, %s a year would be given back.",
		study_figure_text(m, study_number_of(answer, "failures_year"), 0),
		study_count_text(m, count, "demand"), study_none_text(m, (double)sound),
		sound > 1 ? "are" : "is",
		study_money_text(m, study_number_of(answer, "credits_usd_year")));
	study_say(section, STUDY_PARAGRAPH, "%s", text);
	study_say(m->summary, STUDY_POINT, "%s", text);
	study_say(section, STUDY_PARAGRAPH,
		  "Of all traffic %s Gbit-hours a year are short in the middle of the draws, %s in "
		  "the worst year of ten.",
		  study_figure_text(m, study_number_of(answer, "p50_gbit_hours"), -1),
		  study_figure_text(m, study_number_of(answer, "p90_gbit_hours"), -1));
	say_drawn(m, section, answer, wanted);
	chart(m, section, worst, count);
	table(m, section, answer, worst, count);
}
