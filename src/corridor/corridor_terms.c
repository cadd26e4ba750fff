/* The terms of a question: words into lists, a measure, a number and a day. */
#include "corridor/corridor_terms.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_paths.h"
#include "hub/hub_country.h"

enum { ITEM_MAX = 80 };

/* Takes one item of a list, text of at least one octet. */
typedef int take_item(struct corridor_terms *terms, const char *item,
		      struct corridor_complaint *complaint);

static const unsigned shared_kinds =
	CORRIDOR_KIND(CORRIDOR_A_COUNTRY) | CORRIDOR_KIND(CORRIDOR_A_RISK) |
	CORRIDOR_KIND(CORRIDOR_AN_OPERATOR) | CORRIDOR_KIND(CORRIDOR_A_CABLE) |
	CORRIDOR_KIND(CORRIDOR_A_SITE);
static const unsigned laid_kinds = CORRIDOR_KIND(CORRIDOR_A_RISK) |
				   CORRIDOR_KIND(CORRIDOR_A_CABLE) |
				   CORRIDOR_KIND(CORRIDOR_A_SEGMENT);

struct corridor_terms
corridor_terms_of(const struct corridor_plan *plan, struct arena *arena)
{
	assert(plan && arena);
	return (struct corridor_terms){.plan = plan, .arena = arena, .k = 1, .day = plan->day};
}

static int
no_memory(struct corridor_complaint *complaint)
{
	corridor_complain(complaint, 500, "out of memory");
	return -1;
}

/* How an item may be written so that it means the same again. Segments, countries and risks mostly
 * stand alone; the rest says its kind. */
static const char *
text_of(const struct corridor_terms *terms, struct corridor_named named, const char *item)
{
	if (named.index == HUB_NONE) {
		const char *colon = strchr(item, ':'), *word = colon ? colon + 1 : item;
		struct country country = hub_country_of_name(word);
		for (size_t i = 0; i < 2 && !country.code[i]; i++)
			country.code[i] = (char)toupper((unsigned char)word[i]);
		return arena_str(terms->arena, country.code);
	}
	const char *id = corridor_named_id(terms->plan, named);
	if (named.kind == CORRIDOR_A_COUNTRY || named.kind == CORRIDOR_A_SEGMENT ||
	    named.kind == CORRIDOR_A_RISK)
		return id;
	return arena_printf(terms->arena, "%s:%s", corridor_kind_word(named.kind), id);
}

/* Adds what is not there yet. */
static int
keep(struct corridor_terms *terms, struct corridor_list *list, struct corridor_item item,
     const char *option, struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].text, item.text) == 0)
			return 0;
	if (list->count == CORRIDOR_LIST_MAX) {
		corridor_complain(complaint, 400, "%s: more than %d items", option,
				  CORRIDOR_LIST_MAX);
		return -1;
	}
	if (!list->items)
		list->items = arena_take(terms->arena, CORRIDOR_LIST_MAX * sizeof(*list->items));
	if (!list->items)
		return no_memory(complaint);
	list->items[list->count++] = item;
	return 0;
}

static int
find(struct corridor_item *out, const struct corridor_terms *terms, unsigned kinds,
     const char *text, struct corridor_complaint *complaint)
{
	struct corridor_named named;
	if (corridor_named_find(&named, terms->plan, kinds, text, complaint) < 0)
		return -1;
	*out = (struct corridor_item){named, text_of(terms, named, text)};
	return out->text ? 0 : no_memory(complaint);
}

static int
take_avoid(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	struct corridor_item found;
	if (find(&found, terms, shared_kinds, item, complaint) < 0)
		return -1;
	return keep(terms, found.named.kind == CORRIDOR_A_SEGMENT ? &terms->without : &terms->avoid,
		    found, "--avoid", complaint);
}

static int
require(struct corridor_terms *terms, unsigned kinds, const char *item,
	struct corridor_complaint *complaint)
{
	struct corridor_item found;
	if (find(&found, terms, kinds, item, complaint) < 0)
		return -1;
	if (found.named.index == HUB_NONE) {
		corridor_complain(complaint, 404, "--require: no segment of this hub crosses %s",
				  found.text);
		return -1;
	}
	if (keep(terms, &terms->require, found, "--require", complaint) < 0)
		return -1;
	if (terms->require.count <= CORRIDOR_REQUIRE_MAX)
		return 0;
	corridor_complain(complaint, 400, "--require: more than %d things", CORRIDOR_REQUIRE_MAX);
	return -1;
}

static int
take_require(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	return require(terms, CORRIDOR_EVERY_KIND, item, complaint);
}

static int
take_via(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	return require(terms, CORRIDOR_KIND(CORRIDOR_A_SITE), item, complaint);
}

static int
take_without(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	struct corridor_item found;
	if (find(&found, terms, laid_kinds, item, complaint) < 0)
		return -1;
	return keep(terms, &terms->without, found, "--without", complaint);
}

/* Things that are laid: segments one by one, a cable as all of its segments. */
static int
take_with(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	const struct corridor_relation *cables = &terms->plan->classes[CORRIDOR_CABLES];
	struct corridor_item found;
	if (find(&found, terms, laid_kinds & ~CORRIDOR_KIND(CORRIDOR_A_RISK), item, complaint) < 0)
		return -1;
	if (found.named.kind != CORRIDOR_A_SEGMENT && found.named.kind != CORRIDOR_A_CABLE) {
		corridor_complain(complaint, 400, "--with: %s is no segment and no cable",
				  found.text);
		return -1;
	}
	if (found.named.kind == CORRIDOR_A_SEGMENT)
		return keep(terms, &terms->with, found, "--with", complaint);
	uint32_t cable = found.named.index;
	for (uint32_t i = cables->first_segment[cable]; i < cables->first_segment[cable + 1]; i++) {
		uint32_t s = cables->segments[i];
		struct corridor_item one = {{CORRIDOR_A_SEGMENT, s},
					    terms->plan->hub->segments[s].id};
		if (keep(terms, &terms->with, one, "--with", complaint) < 0)
			return -1;
	}
	return 0;
}

static const char *const measures[] = {
	[CORRIDOR_BY_LENGTH] = "length",
	[CORRIDOR_BY_PRICE] = "price",
	[CORRIDOR_BY_UNAVAILABILITY] = "availability",
	[CORRIDOR_BY_HOPS] = "hops",
};

const char *
corridor_measure_word(enum corridor_measure measure)
{
	assert(measure < sizeof(measures) / sizeof(measures[0]));
	return measures[measure];
}

static int
take_by(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
		if (strcasecmp(measures[i], item) == 0) {
			terms->measure = (enum corridor_measure)i;
			return 0;
		}
	}
	corridor_complain(complaint, 400,
			  "--by: found \"%s\", expected length, price, availability or hops", item);
	return -1;
}

static int
take_k(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	char *end;
	unsigned long k = strtoul(item, &end, 10);
	if (!isdigit((unsigned char)item[0]) || *end || k < 1 || k > CORRIDOR_PATHS_MAX) {
		corridor_complain(complaint, 400,
				  "--k: found \"%s\", expected a number of ways from 1 to %d", item,
				  CORRIDOR_PATHS_MAX);
		return -1;
	}
	terms->k = (unsigned)k;
	return 0;
}

/* The digits at *text, `count` of them; -1 if they are not there. */
static int
digits(const char **text, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return -1;
		value = 10 * value + (**text - '0');
	}
	return value;
}

/* The present, as the plan of the names knows it. */
static struct utc_s
today_of(const struct corridor_terms *terms)
{
	const struct corridor_day *day = &terms->plan->day;
	return day->planned ? day->today : day->at;
}

bool
corridor_terms_overdue(const struct corridor_terms *terms, uint32_t segment)
{
	struct utc_s today = today_of(terms);
	return terms->day.planned && terms->day.at.s > today.s &&
	       corridor_plan_overdue(terms->plan, segment, today);
}

/* Of a day before the first of which anything is known every answer would be that of a corridor that
 * was not there. */
static int
refuse_early(const struct corridor_terms *terms, int year, struct corridor_complaint *complaint)
{
	enum { FIRST_FIBRE = 1977 };
	int first = corridor_plan_first_year(terms->plan);
	/* What is yet to come says nothing of what there has been. */
	if (first > utc_to_date(today_of(terms)).year)
		first = 0;
	if (year >= (first ? first : FIRST_FIBRE))
		return 0;
	if (first)
		corridor_complain(complaint, 400,
				  "--date: nothing is known to have been there in %d: the first "
				  "segment that says since when it is in use says %d",
				  year, first);
	else
		corridor_complain(complaint, 400,
				  "--date: in %d no fibre carried traffic anywhere: expected %d or "
				  "later",
				  year, FIRST_FIBRE);
	return -1;
}

/* Growth and erosion of that many years would be sums of nothing that anybody can know. */
static int
refuse_late(const struct corridor_terms *terms, int year, struct corridor_complaint *complaint)
{
	enum { YEARS_AHEAD = 100 };
	int last = utc_to_date(today_of(terms)).year + YEARS_AHEAD;
	if (year <= last)
		return 0;
	corridor_complain(complaint, 400, "--date: found the year %d, expected %d at the latest",
			  year, last);
	return -1;
}

/* A year or a month stands for its last day: the day before the first of the next. */
static int
take_date(struct corridor_terms *terms, const char *item, struct corridor_complaint *complaint)
{
	const char *rest = item;
	struct utc_date d = {.year = digits(&rest, 4), .month = 1, .day = 1};
	int parts = 1;
	if (d.year >= 1900 && *rest == '-' && ++rest && ++parts)
		d.month = digits(&rest, 2);
	if (parts == 2 && d.month >= 1 && *rest == '-' && ++rest && ++parts)
		d.day = digits(&rest, 2);
	struct utc_date asked = d;
	if (parts == 1)
		asked.year++;
	if (parts == 2)
		asked.month++;
	if (parts < 3)
		asked.day = 0;
	bool sound = d.year >= 1900 && d.month >= 1 && d.month <= 12 && d.day >= 1 && !*rest;
	struct utc_s at = sound ? utc_from_date(asked) : (struct utc_s){0};
	/* 30 February would be a day of March. */
	if (!sound || (parts == 3 && utc_to_date(at).day != d.day)) {
		corridor_complain(complaint, 400,
				  "--date: found \"%s\", expected a day such as 2027, 2027-06 or "
				  "2027-06-30",
				  item);
		return -1;
	}
	if (refuse_early(terms, d.year, complaint) < 0 || refuse_late(terms, d.year, complaint) < 0)
		return -1;
	terms->day = (struct corridor_day){.at = at, .planned = true};
	terms->date = arena_str(terms->arena, item);
	return terms->date ? 0 : no_memory(complaint);
}

static const struct option {
	const char *name;
	take_item *take;
} options[] = {
	{"--avoid", take_avoid}, {"--require", take_require},
	{"--via", take_via},     {"--without", take_without},
	{"--with", take_with},   {"--by", take_by},
	{"--k", take_k},         {"--date", take_date},
};

/* Splits at commas and semicolons; spaces around an item do not count. */
static int
take_list(struct corridor_terms *terms, const struct option *option, const char *list,
	  struct corridor_complaint *complaint)
{
	if (!list[strspn(list, " ")]) {
		corridor_complain(complaint, 400, "%s: nothing after it", option->name);
		return -1;
	}
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",;");
		const char *end = at + length;
		while (length && isspace((unsigned char)*at))
			at++, length--;
		while (length && isspace((unsigned char)at[length - 1]))
			length--;
		if (length == 0 || length >= ITEM_MAX) {
			corridor_complain(complaint, 400, "%s: found \"%.60s\", expected %s",
					  option->name, list,
					  length ? "shorter names"
						 : "something before and after each comma");
			return -1;
		}
		char item[ITEM_MAX] = {0};
		memcpy(item, at, length);
		if (option->take(terms, item, complaint) < 0)
			return -1;
		at = end;
		if (!*at)
			return 0;
	}
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

int
corridor_terms_take(struct corridor_terms *terms, const char *const *words, size_t count,
		    size_t *at, struct corridor_complaint *complaint)
{
	assert(terms && words && at && *at < count && complaint);
	const char *value = NULL;
	if (strcmp(words[*at], "--as-planned") == 0) {
		/* Whoever has a plan of what is left does not give it then. */
		++*at;
		return 1;
	}
	const struct option *option = option_of(words[*at], &value);
	if (!option)
		return 0;
	size_t next = *at + 1;
	if (!value)
		value = next < count ? words[next++] : "";
	if (take_list(terms, option, value, complaint) < 0)
		return -1;
	*at = next;
	return 1;
}

/* The indices of those of one kind in up to two lists. */
static int
gather(const uint32_t **out, size_t *out_count, const struct corridor_terms *terms,
       enum corridor_kind kind, const struct corridor_list *const lists[2])
{
	size_t room = lists[0]->count + (lists[1] ? lists[1]->count : 0), count = 0;
	*out = NULL;
	*out_count = 0;
	if (!room)
		return 0;
	uint32_t *indices = arena_take(terms->arena, room * sizeof(*indices));
	if (!indices)
		return -1;
	for (size_t l = 0; l < 2 && lists[l]; l++) {
		for (size_t i = 0; i < lists[l]->count; i++) {
			struct corridor_named named = lists[l]->items[i].named;
			if (named.kind == kind && named.index != HUB_NONE)
				indices[count++] = named.index;
		}
	}
	*out = indices;
	*out_count = count;
	return 0;
}

int
corridor_terms_conditions(struct corridor_conditions *out, const struct corridor_terms *terms)
{
	assert(out && terms);
	const struct corridor_list *closed[2] = {&terms->avoid, &terms->without};
	const struct corridor_list *with[2] = {&terms->with, NULL};
	struct corridor_conditions c = {0};
	int failed = 0;
	for (int class = 0; class < CORRIDOR_CLASSES; class ++)
		failed |= gather(&c.avoid[class], &c.avoid_count[class], terms,
				 (enum corridor_kind) class, closed);
	failed |= gather(&c.avoid_sites, &c.avoid_site_count, terms, CORRIDOR_A_SITE, closed);
	failed |= gather(&c.without, &c.without_count, terms, CORRIDOR_A_SEGMENT, closed);
	failed |= gather(&c.with, &c.with_count, terms, CORRIDOR_A_SEGMENT, with);
	struct corridor_named *require =
		arena_take(terms->arena, (terms->require.count + 1) * sizeof(*require));
	if (failed || !require)
		return -1;
	for (size_t i = 0; i < terms->require.count; i++)
		require[i] = terms->require.items[i].named;
	c.require = require;
	c.require_count = terms->require.count;
	*out = c;
	return 0;
}

bool
corridor_terms_any(const struct corridor_terms *terms)
{
	return terms->avoid.count || terms->require.count || terms->without.count ||
	       terms->with.count;
}

const struct corridor_plan *
corridor_terms_cut(const struct corridor_terms *terms)
{
	return terms->plan->cut_count && !terms->day.planned ? terms->plan : NULL;
}
