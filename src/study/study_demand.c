/* The chapter on what is to be carried. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column columns[] = {
	{"Demand", NULL, false, 0, 3},        {"From", NULL, false, 0, 1.2},
	{"To", NULL, false, 0, 1.2},          {"Asked", "Gbit/s", true, -1, 1.6},
	{"Growth a year", "%", true, 1, 0.9}, {"Rate is", NULL, false, 0, 1},
	{"Protected", NULL, false, 0, 0.9},
};

/* Their growth as the hub file tells it of each, else what it assumes of all. */
static double
growth_of(const struct study_maker *m, const char *id)
{
	const struct json_value *told = study_find(json_read_get(m->lists, "demands"), "id", id);
	return study_number_of(told, "growth_percent");
}

static void
rows(struct study_maker *m, struct study_table *t)
{
	const struct json_value *demands = json_read_get(m->flow, "demands");
	for (const struct json_value *d = json_read_first(demands); d; d = d->next) {
		const char *name = study_text_of(d, "name"), *id = study_text_of(d, "id");
		const char *rate = study_text_of(d, "rate");
		const char *basis = study_text_of(json_read_get(d, "asked_gbps"), "basis");
		study_row_begin(t);
		study_cell_text(t, *name ? name : id);
		study_cell_text(t, study_site_name(m, study_text_of(d, "from")));
		study_cell_text(t, study_site_name(m, study_text_of(d, "to")));
		study_cell_bounds(t, study_bounds_of(d, "asked_gbps"), 1);
		study_cell_number(t, growth_of(m, id));
		study_cell_text(t,
				study_text(m->document, "%s%s%s", rate, *basis ? ", " : "", basis));
		study_cell_text(t, study_text_of(d, "protect"));
	}
	if (t)
		t->note =
			"Growth n/a: as the hub file assumes of all. Rate: measured at a member's "
			"ports, or told in the hub file, and how sure that is.";
}

static void
chart(struct study_maker *m, struct study_section *section)
{
	struct study_bar bars[STUDY_PAIRS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < m->pair_count; i++) {
		const struct study_pair *p = &m->pairs[i];
		if (isfinite(p->gbps))
			bars[count++] = (struct study_bar){
				study_pair_name(m, p), {p->gbps, p->low, p->high}, STUDY_BLUE};
	}
	(void)study_figure_add(section, "demand-chart",
			       "What is asked for between the principal pairs, with its range",
			       study_bars(m->document, bars, count, "Gbit/s"));
}

void
study_chapter_demand(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "demand", "Demand");
	const struct json_value *demands = json_read_get(m->flow, "demands");
	const struct json_value *total = json_read_get(m->flow, "total");
	const char *measured = study_text_of(m->show, "measured");
	size_t count = study_length_of(demands), known = 0;
	if (!count) {
		study_say(section, STUDY_MISSING,
			  "Demands: the hub file has none and no traffic was measured, so nothing "
			  "is laid on the segments.");
		return;
	}
	for (const struct json_value *d = json_read_first(demands); d; d = d->next)
		known += strcmp(study_text_of(d, "rate"), "measured") == 0;
	double share = study_number_of(m->flow, "estimated_share");
	const char *sentence = study_text(
		m->document,
		"There %s %s, for %s in all (low %s, high %s); %s of them measured, and %s %% of "
		"the sum rests on estimates.",
		count == 1 ? "is" : "are", study_count_text(m, count, "demand"),
		study_rate_text(m, study_number_of(total, "asked_bps") / 1e9),
		study_rate_text(m, study_number_of(json_read_get(m->flow, "at_ease"), "asked_bps") /
					   1e9),
		study_rate_text(
			m, study_number_of(json_read_get(m->flow, "at_worst"), "asked_bps") / 1e9),
		study_none_text(m, (double)known), study_figure_text(m, 100 * share, 1));
	study_say(section, STUDY_PARAGRAPH, "%s", sentence);
	study_say(m->summary, STUDY_POINT, "%s", sentence);
	study_trust_add(m, "Demand", share);
	if (*measured)
		study_say(section, STUDY_PARAGRAPH,
			  "Traffic was measured by the meter in the bin that began at %s.",
			  measured);
	else
		study_say(section, STUDY_MISSING,
			  "Measured traffic: this study was made without a running meter; rates "
			  "are those told in the hub file.");
	chart(m, section);
	rows(m, study_table_add(section, "demands", "Demands", columns,
				sizeof(columns) / sizeof(columns[0])));
}
