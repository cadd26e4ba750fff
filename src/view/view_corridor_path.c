/* The best ways between two sites: each an itinerary, and beside them the way that there would be
 * without conditions. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_way.h"

struct answer {
	const struct view_corridor *view;
	const struct corridor_question *question;
	const struct corridor_plan *plan; /* of the day asked for */
	struct arena *arena;
	struct view_corridor_ways ways;
	struct view_corridor_ways
		plain; /* the best without conditions; none when there are no conditions */
	bool proven;
};

/* How the first way differs from the plain one. */
struct difference {
	double km, ms, usd, hours;
};

static bool
is_compared(const struct answer *a)
{
	return a->ways.paths.count && a->plain.paths.count;
}

static struct difference
difference_of(const struct answer *a)
{
	const struct corridor_itinerary *x = &a->ways.itineraries[0], *y = &a->plain.itineraries[0];
	return (struct difference){
		x->length_km - y->length_km,
		x->round_trip_ms.value - y->round_trip_ms.value,
		x->price.value - y->price.value,
		8760 * (y->availability.value - x->availability.value),
	};
}

static void
plain_json(struct json *j, const struct answer *a)
{
	if (!a->plain.paths.count) {
		json_null(j, "plain");
		json_null(j, "added");
		return;
	}
	view_way_json(j, "plain", &a->plain, 0, false);
	if (!is_compared(a)) {
		json_null(j, "added");
		return;
	}
	struct difference d = difference_of(a);
	json_object(j, "added");
	json_double(j, "length_km", d.km);
	json_fixed(j, "round_trip_ms", d.ms, 3);
	if (!a->ways.without_prices)
		json_fixed(j, "price_usd", d.usd, 4);
	json_fixed(j, "downtime_h_year", d.hours, 2);
	json_object_end(j);
}

static void
answer_json(struct buf *out, const struct answer *a)
{
	const struct corridor_question *q = a->question;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_ends_json(&j, a->view->hub, q->ends);
	view_terms_json(&j, &q->terms);
	json_bool(&j, "proven", a->proven);
	json_array(&j, "paths");
	for (size_t i = 0; i < a->ways.paths.count; i++)
		view_way_json(&j, NULL, &a->ways, i, q->sources);
	json_array_end(&j);
	plain_json(&j, a);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
answer_csv(struct buf *out, const struct answer *a)
{
	view_way_csv_head(out);
	for (size_t w = 0; w < a->ways.paths.count; w++)
		view_way_csv(out, &a->ways, w);
}

/* "+2904 km, +28.4 ms for avoiding RU, IR: without, 7548 km over KZ RU LV DE LT PL" */
static void
plain_text(struct buf *out, const struct answer *a)
{
	struct buf line = {0}, conditions = {0};
	char km[VIEW_RATE_TEXT];
	const struct corridor_itinerary *plain = &a->plain.itineraries[0];
	view_conditions_text(&conditions, &a->question->terms, true);
	buf_u8(&conditions, '\0');
	out->failed |= conditions.failed;
	if (is_compared(a) && !conditions.failed) {
		struct difference d = difference_of(a);
		buf_printf(&line, "%+.0f km, %+.1f ms, ", d.km, d.ms);
		if (!a->ways.without_prices)
			buf_printf(&line, "%s$%.2f, ", d.usd < 0 ? "-" : "+", fabs(d.usd));
		buf_printf(&line, "%+.0f hours a year down for %s; ", d.hours,
			   (const char *)conditions.data);
	}
	buf_printf(&line, "without these conditions %s km, %.1f ms over",
		   view_km(km, plain->length_km), plain->round_trip_ms.value);
	for (size_t i = 0; i < plain->country_count; i++)
		buf_printf(&line, " %s", plain->crossed[i].code);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed) {
		buf_str(out, "\n");
		view_wrapped(out, (const char *)line.data, 0, 0);
	}
	buf_fini(&conditions);
	buf_fini(&line);
}

static void
answer_text(struct buf *out, const struct answer *a)
{
	size_t count = a->ways.paths.count;
	view_question_text(out, a->plan, a->question->ends, &a->question->terms);
	if (count == 0)
		buf_str(out, "\nno way is left\n");
	for (size_t w = 0; w < count; w++) {
		buf_str(out, "\n");
		if (a->question->terms.k > 1)
			buf_printf(out, "way %zu of %zu\n", w + 1, count);
		view_way_text(out, &a->ways, w, a->question->sources);
	}
	if (a->plain.paths.count)
		plain_text(out, a);
	if (!a->proven)
		buf_str(out, "\nThere may be better ways: the search was given up.\n");
}

/* The best ways under the conditions, described. */
static int
find_ways(struct view_corridor_ways *out, bool *proven, const struct answer *a,
	  const struct corridor_wanted *wanted)
{
	struct corridor_best best;
	if (corridor_best_find(&best, a->plan, wanted) < 0)
		return -1;
	*proven = best.proven;
	int result = view_corridor_ways_of(out, a->arena, a->plan, best.paths);
	out->without_prices = a->question->for_everybody;
	return result;
}

static int
find(struct answer *a)
{
	const struct corridor_question *q = a->question;
	bool proven;
	a->plan = corridor_plans_of(a->view->plans, q->terms.day);
	if (!a->plan)
		return -1;
	struct corridor_wanted wanted = {q->ends, q->terms.k, q->terms.measure, &q->conditions};
	if (find_ways(&a->ways, &a->proven, a, &wanted) < 0)
		return -1;
	if (!corridor_terms_any(&q->terms))
		return 0;
	wanted.conditions = NULL;
	wanted.k = 1;
	return find_ways(&a->plain, &proven, a, &wanted);
}

int
view_corridor_path(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   const struct corridor_question *question, struct corridor_complaint *complaint)
{
	if (corridor_question_check(view->plan, question->ends, complaint) < 0)
		return -1;
	struct answer a = {.view = view, .question = question, .arena = arena_new()};
	int result = a.arena ? find(&a) : -1;
	if (result < 0)
		corridor_complain(complaint, 500, "out of memory");
	else if (form == VIEW_CORRIDOR_JSON)
		answer_json(out, &a);
	else if (form == VIEW_CORRIDOR_CSV)
		answer_csv(out, &a);
	else
		answer_text(out, &a);
	if (result == 0 && a.ways.paths.count == 0)
		result = VIEW_CORRIDOR_NOTHING;
	view_corridor_ways_fini(&a.ways);
	view_corridor_ways_fini(&a.plain);
	arena_free(a.arena);
	return result;
}
