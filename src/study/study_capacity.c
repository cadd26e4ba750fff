/* The chapter on capacity: what is full now, and what will be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_parts.h"

enum { TOP = 15, YEARS_MAX = 30 };

static const struct study_column busy_columns[] = {
	{"Segment", NULL, false, 0, 2.6},     {"Capacity", "Tbit/s", true, -1, 1},
	{"Capacity is", NULL, false, 0, 0.9}, {"Load there", "Gbit/s", true, -1, 1},
	{"Load back", "Gbit/s", true, -1, 1}, {"Kept for protection", "Gbit/s", true, -1, 1.1},
	{"Full", "%", true, 0, 0.7},
};

static const struct study_column year_columns[] = {
	{"Year", NULL, false, 0, 0.8},        {"Asked", "Gbit/s", true, -1, 2},
	{"Served", "Gbit/s", true, -1, 2},    {"Not served", "Gbit/s", true, -1, 1},
	{"Fullest segment", "%", true, 0, 1},
};

struct busy {
	const struct json_value *segment;
	double use;
};

static int
by_use(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;
	if (x->use != y->use)
		return x->use < y->use ? 1 : -1;
	return strcmp(study_text_of(x->segment, "id"), study_text_of(y->segment, "id"));
}

static void
busiest(struct study_maker *m, struct study_section *section)
{
	const struct json_value *segments = json_read_get(m->flow, "segments");
	size_t count = 0;
	struct busy *all = study_take(m->document, (study_length_of(segments) + 1) * sizeof(*all));
	for (const struct json_value *s = all ? json_read_first(segments) : NULL; s; s = s->next)
		if (study_number_of(s, "utilisation") > 0)
			all[count++] = (struct busy){s, study_number_of(s, "utilisation")};
	if (!count) {
		study_say(section, STUDY_MISSING, "Nothing is laid on any segment.");
		return;
	}
	if (count > 1)
		qsort(all, count, sizeof(*all), by_use);
	study_say(m->summary, STUDY_POINT, "The fullest segment is %s, at %s %%.",
		  study_segment_name(m, study_text_of(all[0].segment, "id")),
		  study_figure_text(m, 100 * all[0].use, 0));
	struct study_table *t =
		study_table_add(section, "busy", "The fullest segments", busy_columns,
				sizeof(busy_columns) / sizeof(busy_columns[0]));
	for (size_t i = 0; i < count && i < TOP; i++) {
		const struct json_value *s = all[i].segment;
		study_row_begin(t);
		study_cell_text(t, study_segment_name(m, study_text_of(s, "id")));
		study_cell_number(t, study_number_of(s, "capacity_bps") / 1e12);
		study_cell_text(t, json_read_is_true(json_read_get(s, "capacity_assumed"))
					   ? "assumed"
					   : "told");
		study_cell_number(t, study_number_of(s, "load_ab_bps") / 1e9);
		study_cell_number(t, study_number_of(s, "load_ba_bps") / 1e9);
		study_cell_number(t, (study_number_of(s, "reserved_ab_bps") +
				      study_number_of(s, "reserved_ba_bps")) /
					     1e9);
		study_cell_number(t, 100 * all[i].use);
	}
	if (t)
		t->note =
			"From sarai corridor flow: all demands laid on the segments, fairly where "
			"there is not room for all.";
}

struct years {
	double year[YEARS_MAX];
	double asked[YEARS_MAX], served[YEARS_MAX], worst[YEARS_MAX];
	size_t count;
};

static struct study_bounds
bounds_of(const struct json_value *flow, const char *key)
{
	static const char *const corners[] = {"at_ease", "at_worst", "all_low", "all_high"};
	double told = study_number_of(json_read_get(flow, "total"), key) / 1e9;
	struct study_bounds bounds = {told, told, told};
	for (size_t i = 0; i < sizeof(corners) / sizeof(corners[0]); i++) {
		double at = study_number_of(json_read_get(flow, corners[i]), key) / 1e9;
		bounds.low = fmin(bounds.low, at);
		bounds.high = fmax(bounds.high, at);
	}
	return bounds;
}

static void
year_row(struct study_maker *m, struct study_table *t, struct years *y, int year)
{
	const char *date = study_text(m->document, "%d", year);
	const struct json_value *flow = study_ask(m->facts, "flow", "--date", date, NULL);
	struct study_bounds asked = bounds_of(flow, "asked_bps");
	struct study_bounds served = bounds_of(flow, "served_bps");
	study_row_begin(t);
	study_cell_text(t, date);
	study_cell_bounds(t, asked, 1);
	/* At its worst less is served though more is asked for. */
	double low = fmin(served.low, served.high), high = fmax(served.low, served.high);
	study_cell_range(t, served.value, fmin(low, served.value), fmax(high, served.value));
	study_cell_number(t, asked.value - served.value);
	study_cell_number(t, 100 * study_number_of(json_read_get(flow, "total"), "utilisation"));
	y->year[y->count] = year;
	y->asked[y->count] = asked.value / 1000;
	y->served[y->count] = served.value / 1000;
	y->worst[y->count++] = served.high / 1000;
}

static void
over_years(struct study_maker *m, struct study_section *section)
{
	unsigned ahead = m->wish->years ? m->wish->years : 10;
	struct years y = {.count = 0};
	struct study_table *t =
		study_table_add(section, "years",
				"Demand and capacity over the "
				"years",
				year_columns, sizeof(year_columns) / sizeof(year_columns[0]));
	for (unsigned i = 0; i <= ahead && i < YEARS_MAX; i++)
		year_row(m, t, &y, m->year + (int)i);
	if (t)
		t->note = "From sarai corridor flow --date YYYY: on the first of January; demands "
			  "grow as told, planned segments come in when told. Ranges: demands low "
			  "with capacities high, and the other way round.";
	const struct study_line lines[] = {{"asked", y.asked, STUDY_BLUE, 0},
					   {"served", y.served, STUDY_TEAL, 0},
					   {"served at worst", y.worst, STUDY_AMBER, 5}};
	(void)study_figure_add(
		section, "years-chart",
		"What is asked for and what can be served, year by year; at worst: demands at "
		"their high bounds, capacities at their low ones",
		study_curves(m->document, &(struct study_span){y.year, y.count, true}, lines, 3,
			     "Tbit/s"));
	for (size_t i = 0; i < y.count; i++)
		if (y.asked[i] - y.served[i] > y.asked[i] * 1e-6) {
			study_say(
				m->summary, STUDY_POINT,
				"The corridor with what is planned carries all demands until %.0f; "
				"in %.0f %s of %s has no room.",
				y.year[i] - 1, y.year[i],
				study_rate_text(m, 1000 * (y.asked[i] - y.served[i])),
				study_rate_text(m, 1000 * y.asked[i]));
			return;
		}
	if (y.count)
		study_say(m->summary, STUDY_POINT,
			  "The corridor with what is planned carries all demands until %.0f.",
			  y.year[y.count - 1]);
}

void
study_chapter_capacity(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "capacity", "Capacity over the years");
	busiest(m, section);
	if (json_read_first(json_read_get(m->flow, "demands")))
		over_years(m, section);
}
