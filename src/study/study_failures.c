/* The chapters on cuts: what each would cost, and what did happen. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/study_parts.h"
#include "view/view_country.h"

enum { TOP = 8 };

static const struct study_column cut_columns[] = {
	{"Cut", NULL, false, 0, 2.6},          {"Segments", NULL, true, 0, 0.8},
	{"Lost", "Gbit/s", true, -1, 1.5},     {"Demands parted", NULL, true, 0, 0.8},
	{"Slower", NULL, true, 0, 0.7},        {"Worst delay added", "ms", true, 1, 0.9},
	{"Then fullest", NULL, false, 0, 1.5}, {"Repair", "h", true, -1, 0.8},
};

static const struct study_column incident_columns[] = {
	{"What happened", NULL, false, 0, 2.4},
	{"Began", NULL, false, 0, 1},
	{"Lost by the model", "Gbit/s", true, -1, 1.3},
	{"Added", "ms", true, 1, 0.7},
	{"Told", NULL, false, 0, 2.4},
	{"Why, by the model", NULL, false, 0, 1.8},
	{"Compared", NULL, false, 0, 2.4},
};

static const struct kind {
	const char *of; /* --of */
	bool pairs;
	const char *id, *caption, *name;
} kinds[] = {
	{"segment", false, "cuts-segment", "Worst cuts of one segment", "one segment"},
	{"cable", false, "cuts-cable", "Worst cuts of one cable", "one cable"},
	{"risk", false, "cuts-risk",
	 "Worst failures of one risk: duct, sea area, landing station, land", "one shared risk"},
	{"country", false, "cuts-country", "Worst failures of one country", "one country"},
	{"risk", true, "cuts-double", "Worst failures of two risks at once",
	 "two shared risks at once"},
};

static const char *
cut_name(struct study_maker *m, const struct kind *kind, const struct json_value *cut)
{
	const char *text = "";
	for (const struct json_value *v = json_read_first(json_read_get(cut, "cut")); v;
	     v = v->next) {
		const char *id = json_read_text(v) ? json_read_text(v) : "";
		const char *shown = study_failing_name(m, kind->of, id);
		text = study_text(m->document, "%s%s%s", text, *text ? " and " : "", shown);
	}
	return text;
}

static void
cut_row(struct study_maker *m, struct study_table *t, const struct kind *kind,
	const struct json_value *cut)
{
	const char *fullest = study_text_of(cut, "fullest");
	study_row_begin(t);
	study_cell_text(t, cut_name(m, kind, cut));
	study_cell_number(t, study_number_of(cut, "segments"));
	study_cell_bounds(t, study_bounds_of(cut, "lost_gbps"), 1);
	study_cell_number(t, study_number_of(cut, "parted"));
	study_cell_number(t, study_number_of(cut, "slower"));
	study_cell_number(t, study_number_of(cut, "worst_ms"));
	study_cell_text(
		t, *fullest ? study_text(m->document, "%s, %s %%", fullest,
					 study_figure_text(
						 m, 100 * study_number_of(cut, "utilisation"), 0))
			    : "");
	study_cell_number(t, study_number_of(cut, "hours"));
}

static void
cuts(struct study_maker *m, struct study_section *section, const struct kind *kind)
{
	char top[16];
	(void)snprintf(top, sizeof(top), "%d", TOP);
	const struct json_value *answer =
		study_ask(m->facts, "whatif", kind->pairs ? "double" : "single", "--of", kind->of,
			  "--top", top, NULL);
	const struct json_value *worst = json_read_first(json_read_get(answer, "cuts"));
	if (!worst) {
		study_missing(m, section, kind->caption, "The hub file tells of none");
		return;
	}
	/* What begins or ends in a country cannot be kept from its failure by any cable. */
	bool passing = strcmp(kind->of, "country") == 0;
	struct study_bounds lost = passing ? study_bounds_by(worst, "lost_passing_gbps")
					   : study_bounds_of(worst, "lost_gbps");
	double slower = study_number_of(worst, "worst_ms");
	const char *text;
	if (lost.value > 0)
		text = study_text(m->document,
				  "The worst failure of %s%s is %s: %s Gbit/s lost; %s of %s such "
				  "failures do "
				  "no harm.",
				  kind->name, passing ? " for what only passes it" : "",
				  cut_name(m, kind, worst), study_range_text(m, lost, 0),
				  study_figure_text(m, study_number_of(answer, "harmless"), 0),
				  study_figure_text(m, study_number_of(answer, "count"), 0));
	else if (lost.high > 0)
		text = study_text(
			m->document,
			"As told no failure of %s takes traffic%s; if demands are high or "
			"capacities low, "
			"the worst, %s, may take %s Gbit/s; %s of %s do no harm.",
			kind->name, passing ? " that only passes it" : "", cut_name(m, kind, worst),
			study_figure_text(m, lost.high, 0),
			study_figure_text(m, study_number_of(answer, "harmless"), 0),
			study_figure_text(m, study_number_of(answer, "count"), 0));
	else if (!(slower > 0))
		text = study_text(m->document,
				  "No failure of %s takes any traffic%s or makes any slower.",
				  kind->name, passing ? " that only passes it" : "");
	else
		text = study_text(
			m->document,
			"No failure of %s takes traffic%s that has room elsewhere; the worst, %s, "
			"makes some %s ms slower; %s of %s do no harm.",
			kind->name, passing ? " that only passes it and" : "",
			cut_name(m, kind, worst), study_figure_text(m, slower, 1),
			study_figure_text(m, study_number_of(answer, "harmless"), 0),
			study_figure_text(m, study_number_of(answer, "count"), 0));
	study_say(section, STUDY_POINT, "%s", text);
	if (strcmp(kind->of, "cable") != 0)
		study_say(m->summary, STUDY_POINT, "%s", text);
	struct study_table *t = study_table_add(section, kind->id, kind->caption, cut_columns,
						sizeof(cut_columns) / sizeof(cut_columns[0]));
	for (const struct json_value *c = worst; c; c = c->next)
		cut_row(m, t, kind, c);
	if (t)
		t->note =
			study_text(m->document, "%sFrom sarai corridor whatif %s --of %s --top %d.",
				   passing ? "By what those lose that neither begin nor end there; "
					     "Lost is of all. "
					   : "",
				   kind->pairs ? "double" : "single", kind->of, TOP);
	study_trust_add(m, study_text(m->document, "Lost by the worst failure of %s", kind->name),
			study_number_of(json_read_get(worst, "lost_gbps"), "estimated"));
}

static bool
is_sea(const struct study_maker *m, const struct json_value *cut)
{
	const char *id = json_read_text(json_read_first(json_read_get(cut, "cut")));
	const struct json_value *risk =
		id ? study_find(json_read_get(m->lists, "risks"), "id", id) : NULL;
	return strcmp(study_text_of(risk, "kind"), "sea") == 0;
}

/* Each sea area, also those whose failure does no harm. */
static void
seas(struct study_maker *m, struct study_section *section)
{
	static const struct kind kind = {"risk", false, "cuts-sea",
					 "What is lost when a sea area is cut", ""};
	const struct json_value *answer =
		study_ask(m->facts, "whatif", "single", "--of", "risk", "--top", "1000", NULL);
	const struct json_value *first = json_read_first(json_read_get(answer, "cuts"));
	const struct json_value *sea = first;
	while (sea && !is_sea(m, sea))
		sea = sea->next;
	if (!sea) {
		study_missing(m, section, kind.caption, "The hub file has no risk of the kind sea");
		return;
	}
	struct study_table *t = study_table_add(section, kind.id, kind.caption, cut_columns,
						sizeof(cut_columns) / sizeof(cut_columns[0]));
	for (const struct json_value *c = sea; c; c = c->next)
		if (is_sea(m, c))
			cut_row(m, t, &kind, c);
	if (t)
		t->note =
			"From sarai corridor whatif single --of risk --top 1000: the risks of the "
			"kind sea.";
}

void
study_chapter_failures(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "failures", "What a cut takes");
	study_say(section, STUDY_PARAGRAPH,
		  "Each failure closes its segments; what then has no way, or no room on any, is "
		  "lost. Ordered by what is lost, then by what gets slower. Traffic that starts or "
		  "ends in a country is lost with it.");
	if (!json_read_first(json_read_get(m->flow, "demands"))) {
		study_say(section, STUDY_MISSING,
			  "What a cut takes: there are no demands, so there is nothing to lose.");
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		cuts(m, section, &kinds[i]);
	seas(m, section);
}

static const char *
told(struct study_maker *m, const struct json_value *t)
{
	double gbps = study_number_of(t, "lost_gbps"), percent = study_number_of(t, "lost_percent");
	const char *effect = study_text_of(t, "effect"), *text = "";
	if (isfinite(gbps))
		text = study_text(m->document, "%s lost; ", study_rate_text(m, gbps));
	else if (isfinite(percent))
		text = study_text(m->document, "%s %% lost; ", study_figure_text(m, percent, 0));
	return study_text(m->document, "%s%s", text, effect);
}

/* What makes incidents doubtful is the same of many: each is told once, below the table, under a letter. */
struct doubts {
	const char *texts[8];
	size_t count;
};

/* " [a, c]"; "" where nothing is in doubt. */
static const char *
letters_of(struct study_maker *m, struct doubts *all, const struct json_value *doubts)
{
	const char *letters = "";
	for (const struct json_value *d = json_read_first(doubts); d; d = d->next) {
		const char *text = json_read_text(d);
		size_t at = 0;
		while (text && at < all->count && strcmp(all->texts[at], text) != 0)
			at++;
		if (!text || at == sizeof(all->texts) / sizeof(all->texts[0]))
			continue;
		if (at == all->count)
			all->texts[all->count++] = text;
		letters = study_text(m->document, "%s%s%c", letters, *letters ? ", " : " [",
				     (int)('a' + at));
	}
	return *letters ? study_text(m->document, "%s]", letters) : "";
}

static const char *
doubts_note(struct study_maker *m, const struct doubts *all)
{
	const char *note = "";
	for (size_t i = 0; i < all->count; i++)
		note = study_text(m->document, "%s[%c] %s. ", note, (int)('a' + i), all->texts[i]);
	return study_text(m->document, "%sFrom sarai corridor replay.", note);
}

/* "miss: more was told than stops by the model; told 75 %, by the model 0 % to 16 % [a]" */
static const char *
compared(struct study_maker *m, struct doubts *all, const struct json_value *incident)
{
	const struct json_value *c = json_read_get(incident, "compared");
	const char *doubts = letters_of(m, all, json_read_get(incident, "doubts"));
	const char *unit = strcmp(study_text_of(c, "in"), "percent") == 0 ? " %" : " Gbit/s";
	const char *numbers = "", *of = study_text_of(c, "of");
	if (isfinite(study_number_of(c, "told")))
		numbers = study_text(m->document, "; told %s%s, by the model %s to %s%s%s",
				     study_figure_text(m, study_number_of(c, "told"), 0), unit,
				     study_figure_text(m, study_number_of(c, "low"), 0),
				     study_figure_text(m, study_number_of(c, "high"), 0), unit,
				     strcmp(of, "country") == 0 ? " of all from and to the country"
				     : *of                      ? " of all between the same sites"
								: "");
	return study_text(m->document, "%s: %s%s%s", study_text_of(c, "verdict"),
			  study_text_of(c, "because"), numbers, doubts);
}

void
study_chapter_incidents(struct study_maker *m)
{
	struct study_section *section =
		study_section_add(m->document, "incidents", "What did happen");
	const struct json_value *answer = study_ask_plain(m->facts, "replay", NULL);
	const struct json_value *incidents = json_read_get(answer, "incidents");
	if (!json_read_first(incidents)) {
		study_missing(m, section, "Incidents played again", "The hub file has none");
		return;
	}
	const struct json_value *sums = json_read_get(answer, "compared");
	double hits = study_number_of(sums, "hit"), misses = study_number_of(sums, "miss");
	study_say(section, STUDY_PARAGRAPH,
		  "Incidents of the hub file, each played on the corridor of its day, beside what "
		  "was told of it. It is a hit where what was told lies between what the model "
		  "loses for good and what stops at once, before anybody moves anything. Of %.0f "
		  "that can be compared %.0f %s a hit; %.0f cannot, as each says.",
		  hits + misses, hits, hits == 1 ? "is" : "are",
		  study_number_of(sums, "not_comparable"));
	struct study_table *t = study_table_add(
		section, "incidents-table", "Incidents, told and by the model", incident_columns,
		sizeof(incident_columns) / sizeof(incident_columns[0]));
	struct doubts doubts = {.count = 0};
	for (const struct json_value *i = json_read_first(incidents); i; i = i->next) {
		const struct json_value *model = json_read_get(i, "model");
		study_row_begin(t);
		study_cell_text(t, study_text(m->document, "%s: %s", study_text_of(i, "id"),
					      study_text_of(i, "name")));
		study_cell_text(t, study_text(m->document, "%.10s", study_text_of(i, "start")));
		study_cell_bounds(t, study_bounds_of(model, "lost_gbps"), 1);
		study_cell_number(t, study_number_of(model, "worst_ms"));
		study_cell_text(t, told(m, json_read_get(i, "told")));
		study_cell_text(t, study_text_of(model, "why"));
		study_cell_text(t, compared(m, &doubts, i));
	}
	if (t)
		t->note = doubts_note(m, &doubts);
}
