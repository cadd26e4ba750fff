/* A question to the corridor: two sites, and the terms between them. */
#include "corridor/corridor_question.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_geo.h"

static int
complain_ends(struct corridor_complaint *complaint, size_t count)
{
	corridor_complain(complaint, 400,
			  "expected two sites, found %zu%s; usage: A B [--avoid RU,IR] [--require "
			  "X] [--without SEGMENT] [--with SEGMENT] [--by MEASURE] [--k N] [--date "
			  "YYYY]",
			  count, count > 2 ? " (a name of several words needs quotes)" : "");
	return -1;
}

/* "--sources", "--public" and "--disjoint KIND": 1 and *at behind it; 0 if it is neither; -1. */
static int
take_own(struct corridor_question *q, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	static const char disjoint[] = "--disjoint";
	const char *word = words[*at], *value = "";
	size_t length = strlen(disjoint);
	bool *flag = strcmp(word, "--sources") == 0  ? &q->sources
		     : strcmp(word, "--public") == 0 ? &q->for_everybody
						     : NULL;
	if (flag) {
		*flag = true;
		(*at)++;
		return 1;
	}
	if (strncmp(word, disjoint, length) != 0 || (word[length] && word[length] != '='))
		return 0;
	if (word[length])
		value = word + length + 1;
	else if (*at + 1 < count)
		value = words[++*at];
	(*at)++;
	for (int kind = 0; kind < CORRIDOR_KINDS; kind++) {
		if (strcasecmp(corridor_kind_word((enum corridor_kind)kind), value) == 0) {
			q->apart = (enum corridor_apart)kind;
			return 1;
		}
	}
	corridor_complain(complaint, 400,
			  "--disjoint: found \"%.40s\", expected segment, site, risk, country, "
			  "cable or operator",
			  value);
	return -1;
}

static int
take_ends(struct corridor_question *q, const struct hub *hub, const char *const places[2],
	  size_t count, struct corridor_complaint *complaint)
{
	if (count == 0)
		return 0;
	if (count != 2)
		return complain_ends(complaint, count);
	if (corridor_site_find(&q->ends.a, hub, places[0], complaint) < 0)
		return -1;
	return corridor_site_find(&q->ends.b, hub, places[1], complaint);
}

/* Takes options and places as they come. */
static int
take_words(struct corridor_question *q, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	const char *places[2] = {0};
	size_t place_count = 0, at = 0;
	while (at < count) {
		int taken = corridor_terms_take(&q->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(q, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (strncmp(words[at], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected " CORRIDOR_TERMS_USAGE,
					  words[at]);
			return -1;
		}
		if (place_count < 2)
			places[place_count] = words[at];
		place_count++;
		at++;
	}
	return take_ends(q, q->terms.plan->hub, places, place_count, complaint);
}

/* What may be asked by anybody. */
static int
check_everybody(const struct corridor_question *q, struct corridor_complaint *complaint)
{
	const struct corridor_terms *t = &q->terms;
	bool plain = t->measure == CORRIDOR_BY_LENGTH || t->measure == CORRIDOR_BY_HOPS;
	if (!q->for_everybody || (plain && t->require.count <= 2 && !q->sources))
		return 0;
	corridor_complain(complaint, 403,
			  "only the operator may ask for sources, by price or availability, or "
			  "require more than two things");
	return -1;
}

int
corridor_question_parse(struct corridor_question *out, const struct corridor_plan *plan,
			struct arena *arena, const char *const *words, size_t count,
			struct corridor_complaint *complaint)
{
	assert(out && plan && arena && complaint && (words || count == 0));
	struct corridor_question q = {.ends = {HUB_NONE, HUB_NONE},
				      .apart = CORRIDOR_APART_BY_SEGMENT,
				      .terms = corridor_terms_of(plan, arena)};
	if (take_words(&q, words, count, complaint) < 0 || check_everybody(&q, complaint) < 0)
		return -1;
	if (corridor_terms_conditions(&q.conditions, &q.terms) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
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
corridor_question_check(const struct corridor_plan *plan, struct corridor_ends ends,
			struct corridor_complaint *complaint)
{
	assert(plan && complaint);
	if (ends.a == HUB_NONE)
		return complain_ends(complaint, 0);
	if (check_joined(plan->hub, plan->graph, ends.a, complaint) < 0)
		return -1;
	return check_joined(plan->hub, plan->graph, ends.b, complaint);
}
