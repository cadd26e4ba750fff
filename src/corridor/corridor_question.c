/* A question to the corridor: two sites, and the terms between them. */
#include "corridor/corridor_question.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_geo.h"

static int
take_ends(struct corridor_question *q, const struct hub *hub, const char *const places[2],
	  size_t count, struct corridor_complaint *complaint)
{
	if (count != 2) {
		corridor_complain(complaint, 400,
				  "expected two sites, found %zu%s; usage: corridor path A B "
				  "[--avoid RU,IR] [--require X] [--without SEGMENT] [--with "
				  "SEGMENT] [--by MEASURE] [--k N] [--date YYYY]",
				  count,
				  count > 2 ? " (a name of several words needs quotes)" : "");
		return -1;
	}
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

int
corridor_question_parse(struct corridor_question *out, const struct corridor_plan *plan,
			struct arena *arena, const char *const *words, size_t count,
			struct corridor_complaint *complaint)
{
	assert(out && plan && arena && complaint && (words || count == 0));
	struct corridor_question q = {.terms = corridor_terms_of(plan, arena)};
	if (take_words(&q, words, count, complaint) < 0)
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
	if (check_joined(plan->hub, plan->graph, ends.a, complaint) < 0)
		return -1;
	return check_joined(plan->hub, plan->graph, ends.b, complaint);
}
