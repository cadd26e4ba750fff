/* The reference study: questions of planners on the shipped data, asked in the words of the command
 * line, with length, round trip, way, segments and countries in their order. */
#include <math.h>

#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_question.h"
#include "csv.h"
#include "silkroad.h"
#include "tap.h"

enum { WORDS_MAX = 16, TEXT_MAX = 512 };

/* "+TCFO+AZ-TM" and "Red Sea cut, avoid RU IR" as words of a command. */
struct words {
	const char *word[WORDS_MAX];
	size_t count;
	char avoid[TEXT_MAX];
};

static void
add(struct words *w, const char *option, const char *value)
{
	w->word[w->count++] = option;
	w->word[w->count++] = value;
}

static void
translate(struct words *w, const struct csv *study, size_t row)
{
	static const struct {
		const char *column, *phrase, *option, *value;
	} phrases[] = {
		{"network", "+TCFO", "--with", "C01"},
		{"network", "+AZ-TM", "--with", "C03"},
		{"network", "+Kardesa", "--with", "B06,B07"},
		{"network", "+hyperhighway", "--with", "K21"},
		{"constraint", "Red Sea cut", "--without", "RED_SEA"},
		{"constraint", "CCS cut", "--without", "B01"},
	};
	*w = (struct words){{csv_get(study, row, "from"), csv_get(study, row, "to")}, 2, ""};
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (strstr(csv_get(study, row, phrases[i].column), phrases[i].phrase))
			add(w, phrases[i].option, phrases[i].value);
	}
	const char *avoid = strstr(csv_get(study, row, "constraint"), "avoid ");
	if (!avoid)
		return;
	snprintf(w->avoid, sizeof(w->avoid), "%s", avoid + strlen("avoid "));
	w->avoid[strcspn(w->avoid, ",")] = '\0';
	for (char *c = w->avoid; *c; c++)
		*c = *c == ' ' ? ',' : *c;
	add(w, "--avoid", w->avoid);
}

/* Ids with something between them. */
struct list {
	char text[TEXT_MAX];
	size_t length;
};

static void
append(struct list *list, const char *between, const char *id)
{
	list->length += (size_t)snprintf(list->text + list->length, TEXT_MAX - list->length, "%s%s",
					 list->length ? between : "", id);
}

static void
compare(const struct hub *hub, const struct corridor_itinerary *it, const struct csv *study,
	size_t row)
{
	struct list sites = {0}, segments = {0}, countries = {0};
	char ms[32], what[TEXT_MAX];
	for (size_t i = 0; i < it->path->segment_count; i++)
		append(&segments, "-", hub->segments[it->path->segments[i]].id);
	for (size_t i = 0; i <= it->path->segment_count; i++)
		append(&sites, "-", hub->sites[it->path->sites[i]].id);
	for (size_t i = 0; i < it->country_count; i++)
		append(&countries, " ", it->countries[i].code);
	snprintf(what, sizeof(what), "%s %s to %s, %s, %s: length", csv_get(study, row, "case"),
		 csv_get(study, row, "from"), csv_get(study, row, "to"),
		 csv_get(study, row, "network"), csv_get(study, row, "constraint"));
	is_int((long long)it->length_km, atoll(csv_get(study, row, "length_km")), what);
	snprintf(ms, sizeof(ms), "%.1f", it->round_trip_ms.value);
	is_str(ms, csv_get(study, row, "round_trip_ms"), "round trip");
	is_str(sites.text, csv_get(study, row, "path"), "sites");
	is_str(segments.text, csv_get(study, row, "segments"), "segments");
	is_str(countries.text, csv_get(study, row, "countries"), "countries in order of crossing");
}

int
main(void)
{
	struct hub *hub = silkroad();
	struct csv study = csv_read("tests/corridor/data/study.csv");
	struct corridor_plan *plan =
		corridor_plan_new(hub, (struct corridor_day){.at = {1795219200}});
	uint64_t *cost = calloc(hub->segment_count, sizeof(*cost));
	struct arena *arena = arena_new();
	ok(study.rows > 0, "the study has questions: %zu", study.rows);
	for (size_t i = 0; i < study.rows; i++) {
		struct words words;
		struct corridor_question q;
		struct corridor_complaint complaint = {0};
		struct corridor_paths paths = {0};
		struct corridor_itinerary it;
		translate(&words, &study, i);
		if (!ok(corridor_question_parse(&q, plan, arena, words.word, words.count,
						&complaint) == 0,
			"%s is understood%s", csv_get(&study, i, "case"), complaint.text))
			continue;
		corridor_plan_costs(cost, plan, &q.conditions, q.terms.measure);
		if (ok(corridor_paths_find(&paths, plan->graph, cost, q.ends, 1) == 0 &&
			       paths.count == 1 &&
			       corridor_itinerary_of(&it, arena, plan, &paths.paths[0]) == 0,
		       "and there is a way"))
			compare(hub, &it, &study, i);
		corridor_paths_fini(&paths);
	}
	arena_free(arena);
	free(cost);
	corridor_plan_free(plan);
	csv_fini(&study);
	hub_free(hub);
	return done_testing();
}
