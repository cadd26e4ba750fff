/* A question to the corridor: its words, and what they make of the costs of segments. */
#include "corridor/corridor_question.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_geo.h"
#include "corridor/corridor_paths.h"

enum { ITEM_MAX = 80 };

/* Takes one item of a list, text of at least one octet. */
typedef int take_item(struct corridor_question *q, const struct hub *hub, const char *item,
		      struct corridor_complaint *complaint);

static int
take_avoid(struct corridor_question *q, const struct hub *hub, const char *item,
	   struct corridor_complaint *complaint)
{
	(void)hub;
	if (strlen(item) != 2 || !isalpha((unsigned char)item[0]) ||
	    !isalpha((unsigned char)item[1])) {
		corridor_complain(complaint, 400,
				  "--avoid: found \"%s\", expected a country code of two letters "
				  "such as RU",
				  item);
		return -1;
	}
	if (q->avoid_count == CORRIDOR_LIST_MAX) {
		corridor_complain(complaint, 400, "--avoid: more than %d countries",
				  CORRIDOR_LIST_MAX);
		return -1;
	}
	struct country *c = &q->avoid[q->avoid_count++];
	*c = (struct country){{(char)toupper((unsigned char)item[0]),
			       (char)toupper((unsigned char)item[1]), '\0'}};
	return 0;
}

static int
list_full(struct corridor_complaint *complaint, const char *option)
{
	corridor_complain(complaint, 400, "%s: more than %d segments", option, CORRIDOR_LIST_MAX);
	return -1;
}

static bool
is_segment_id(const struct hub *hub, const char *text)
{
	for (size_t i = 0; i < hub->segment_count; i++) {
		if (strcasecmp(hub->segments[i].id, text) == 0)
			return true;
	}
	return false;
}

/* A segment's id goes before a group of the same name, a group before a segment's name. */
static int
take_without(struct corridor_question *q, const struct hub *hub, const char *item,
	     struct corridor_complaint *complaint)
{
	uint32_t segment;
	const char *group = is_segment_id(hub, item) ? NULL : corridor_group_find(hub, item);
	if (group) {
		if (q->group_count == CORRIDOR_LIST_MAX)
			return list_full(complaint, "--without");
		q->groups[q->group_count++] = group;
		return 0;
	}
	if (corridor_segment_find(&segment, hub, item, complaint) < 0)
		return -1;
	if (q->cut_count == CORRIDOR_LIST_MAX)
		return list_full(complaint, "--without");
	q->cut[q->cut_count++] = segment;
	return 0;
}

static int
take_with(struct corridor_question *q, const struct hub *hub, const char *item,
	  struct corridor_complaint *complaint)
{
	uint32_t segment;
	if (corridor_segment_find(&segment, hub, item, complaint) < 0)
		return -1;
	if (q->build_count == CORRIDOR_LIST_MAX)
		return list_full(complaint, "--with");
	q->build[q->build_count++] = segment;
	return 0;
}

static int
take_k(struct corridor_question *q, const struct hub *hub, const char *item,
       struct corridor_complaint *complaint)
{
	(void)hub;
	char *end;
	unsigned long k = strtoul(item, &end, 10);
	if (!isdigit((unsigned char)item[0]) || *end || k < 1 || k > CORRIDOR_PATHS_MAX) {
		corridor_complain(complaint, 400,
				  "--k: found \"%s\", expected a number of ways from 1 to %d", item,
				  CORRIDOR_PATHS_MAX);
		return -1;
	}
	q->k = (unsigned)k;
	return 0;
}

static const struct option {
	const char *name;
	take_item *take;
} options[] = {
	{"--avoid", take_avoid},
	{"--without", take_without},
	{"--with", take_with},
	{"--k", take_k},
};

/* Splits at commas and semicolons; spaces around an item do not count. */
static int
take_list(struct corridor_question *q, const struct hub *hub, const struct option *option,
	  const char *list, struct corridor_complaint *complaint)
{
	size_t items = 0;
	while (*list) {
		size_t length = strcspn(list, ",;");
		const char *next = list + length + (list[length] != '\0');
		while (length && isspace((unsigned char)*list))
			list++, length--;
		while (length && isspace((unsigned char)list[length - 1]))
			length--;
		if (length >= ITEM_MAX) {
			corridor_complain(complaint, 400, "%s: an item is longer than %d octets",
					  option->name, ITEM_MAX - 1);
			return -1;
		}
		char item[ITEM_MAX] = {0};
		memcpy(item, list, length);
		if (length && option->take(q, hub, item, complaint) < 0)
			return -1;
		items += length != 0;
		list = next;
	}
	if (items == 0) {
		corridor_complain(complaint, 400, "%s: nothing after it", option->name);
		return -1;
	}
	return 0;
}

/* The option that `word` is, and where its value begins if it is written --option=value. */
static const struct option *
option_of(const char *word, const char **value)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		size_t length = strlen(options[i].name);
		if (strncmp(word, options[i].name, length) != 0)
			continue;
		if (word[length] != '\0' && word[length] != '=')
			continue;
		*value = word[length] == '=' ? word + length + 1 : NULL;
		return &options[i];
	}
	return NULL;
}

static int
take_ends(struct corridor_question *q, const struct hub *hub, const char *const places[2],
	  size_t count, struct corridor_complaint *complaint)
{
	if (count != 2) {
		corridor_complain(complaint, 400,
				  "expected two sites, found %zu%s; usage: corridor path A B "
				  "[--avoid RU,IR] [--without SEGMENT] [--with SEGMENT] [--k N]",
				  count,
				  count > 2 ? " (a name of several words needs quotes)" : "");
		return -1;
	}
	if (corridor_site_find(&q->from, hub, places[0], complaint) < 0)
		return -1;
	return corridor_site_find(&q->to, hub, places[1], complaint);
}

int
corridor_question_parse(struct corridor_question *out, const struct hub *hub,
			const char *const *words, size_t count,
			struct corridor_complaint *complaint)
{
	assert(out && hub && complaint && (words || count == 0));
	struct corridor_question q = {.k = 1};
	const char *places[2] = {0};
	size_t place_count = 0;
	for (size_t i = 0; i < count; i++) {
		const char *value = NULL;
		const struct option *option = option_of(words[i], &value);
		if (!option && strncmp(words[i], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --avoid, --without, --with or "
					  "--k",
					  words[i]);
			return -1;
		}
		if (!option) {
			if (place_count < 2)
				places[place_count] = words[i];
			place_count++;
			continue;
		}
		if (!value)
			value = i + 1 < count ? words[++i] : "";
		if (take_list(&q, hub, option, value, complaint) < 0)
			return -1;
	}
	if (take_ends(&q, hub, places, place_count, complaint) < 0)
		return -1;
	*out = q;
	return 0;
}

static bool
is_joined(const struct corridor_graph *graph, uint32_t site)
{
	return graph->first_arc[site] != graph->first_arc[site + 1];
}

static const char *
name_of(const struct hub_site *site)
{
	return site->name ? site->name : site->id;
}

static int
check_joined(const struct hub *hub, const struct corridor_graph *graph, uint32_t site,
	     struct corridor_complaint *complaint)
{
	if (is_joined(graph, site))
		return 0;
	const struct hub_site *lone = &hub->sites[site], *nearest = NULL;
	double least_km = INFINITY;
	for (uint32_t i = 0; i < hub->site_count; i++) {
		const struct hub_site *s = &hub->sites[i];
		double km = corridor_geo_distance_km(lone->latitude, lone->longitude, s->latitude,
						     s->longitude);
		if (is_joined(graph, i) && km < least_km) {
			least_km = km;
			nearest = s;
		}
	}
	if (nearest)
		corridor_complain(complaint, 404,
				  "no segment ends at %.20s (%.60s); the nearest site that has one "
				  "is %.20s (%.60s), %.0f km away",
				  lone->id, name_of(lone), nearest->id, name_of(nearest), least_km);
	else
		corridor_complain(complaint, 404, "no segment ends at %.20s (%.60s)", lone->id,
				  name_of(lone));
	return -1;
}

int
corridor_question_check(const struct corridor_question *question, const struct hub *hub,
			const struct corridor_graph *graph, struct corridor_complaint *complaint)
{
	assert(question && hub && graph && complaint);
	if (check_joined(hub, graph, question->from, complaint) < 0)
		return -1;
	return check_joined(hub, graph, question->to, complaint);
}

static bool
crosses(const struct hub_segment *segment, const struct corridor_question *q)
{
	for (size_t i = 0; i < segment->country_count; i++) {
		for (size_t j = 0; j < q->avoid_count; j++) {
			if (strcmp(segment->countries[i].code, q->avoid[j].code) == 0)
				return true;
		}
	}
	return false;
}

static bool
in_group(const struct hub_segment *segment, const struct corridor_question *q)
{
	for (size_t i = 0; i < segment->srlg_count; i++) {
		for (size_t j = 0; j < q->group_count; j++) {
			if (strcmp(segment->srlgs[i], q->groups[j]) == 0)
				return true;
		}
	}
	return false;
}

void
corridor_question_costs(const struct corridor_question *question, const struct hub *hub,
			uint64_t *cost)
{
	assert(question && hub && (cost || hub->segment_count == 0));
	for (size_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		cost[i] = s->usable ? 0 : CORRIDOR_CLOSED;
	}
	for (size_t i = 0; i < question->build_count; i++)
		cost[question->build[i]] = 0;
	for (size_t i = 0; i < question->cut_count; i++)
		cost[question->cut[i]] = CORRIDOR_CLOSED;
	for (size_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		uint32_t length_cm = corridor_length_cm(s->length_km);
		if (length_cm == 0 || crosses(s, question) || in_group(s, question))
			cost[i] = CORRIDOR_CLOSED;
		else if (cost[i] == 0)
			cost[i] = corridor_cost_of_length(length_cm);
	}
}
