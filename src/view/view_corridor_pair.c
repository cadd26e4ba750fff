/* Two ways at once that are apart: what each is, what they share, and how often neither works. */
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_way.h"

struct answer {
	const struct view_corridor *view;
	const struct corridor_question *question;
	const struct corridor_plan *plan;
	struct arena *arena;
	struct corridor_pair pair; /* its paths have gone over to `ways` */
	struct view_corridor_ways ways;
	struct corridor_range availability; /* of at least one of them */
};

static bool
is_apart(const struct answer *a)
{
	return a->pair.shared_count == 0 && a->pair.shared_segment_count == 0;
}

/* The id of a thing that both ways use: a name of the class asked for, or a site. */
static const char *
shared_id(const struct answer *a, size_t i)
{
	struct corridor_named named = {(enum corridor_kind)a->question->apart, a->pair.shared[i]};
	return corridor_named_id(a->plan, named);
}

static const char *
shared_segment_id(const struct answer *a, size_t i)
{
	return a->plan->hub->segments[a->pair.shared_segments[i]].id;
}

static double
length_km(const struct answer *a)
{
	double km = 0;
	for (size_t i = 0; i < a->ways.paths.count; i++)
		km += a->ways.itineraries[i].length_km;
	return km;
}

static void
answer_json(struct buf *out, const struct answer *a)
{
	const struct corridor_question *q = a->question;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_ends_json(&j, a->plan->hub, q->ends);
	view_terms_json(&j, &q->terms);
	json_str(&j, "disjoint", corridor_kind_word((enum corridor_kind)q->apart));
	json_bool(&j, "apart", a->ways.paths.count == 2 && is_apart(a));
	json_bool(&j, "proven", a->pair.proven);
	json_array(&j, "shared");
	for (size_t i = 0; i < a->pair.shared_count; i++)
		json_str(&j, NULL, shared_id(a, i));
	json_array_end(&j);
	json_array(&j, "shared_segments");
	for (size_t i = 0; i < a->pair.shared_segment_count; i++)
		json_str(&j, NULL, shared_segment_id(a, i));
	json_array_end(&j);
	json_array(&j, "paths");
	for (size_t i = 0; i < a->ways.paths.count; i++)
		view_way_json(&j, NULL, &a->ways, i, q->sources);
	json_array_end(&j);
	if (a->ways.paths.count) {
		json_double(&j, "length_km", length_km(a));
		view_range_json(&j, "availability", a->availability, 8);
		json_fixed(&j, "downtime_h_year", 8760 * (1 - a->availability.value), 3);
	}
	json_object_end(&j);
	buf_str(out, "\n");
}

/* "They share 1 country (KZ) and 2 segments (K06, K05): ..." */
static void
shared_text(struct buf *out, const struct answer *a)
{
	const char *noun = corridor_kind_word((enum corridor_kind)a->question->apart);
	struct buf line = {0};
	if (is_apart(a)) {
		buf_printf(&line, "They share no %s", noun);
		if (a->question->apart == CORRIDOR_APART_BY_COUNTRY)
			buf_str(&line, ", those of both ends aside");
		buf_str(&line, a->pair.proven ? "; no such pair is better." : ".");
	} else {
		buf_str(&line, "They share");
		for (size_t i = 0; i < a->pair.shared_count; i++)
			buf_printf(&line, "%s %s %s", i ? "," : "", noun, shared_id(a, i));
		for (size_t i = 0; i < a->pair.shared_segment_count; i++)
			buf_printf(&line, "%s segment %s", i || a->pair.shared_count ? "," : "",
				   shared_segment_id(a, i));
		buf_str(&line, a->pair.proven ? "; no pair shares less." : ".");
	}
	if (!a->pair.proven)
		buf_str(&line, " There may be better pairs: the search was given up.");
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_wrapped(out, (const char *)line.data, 0, 0);
	buf_fini(&line);
}

static void
answer_text(struct buf *out, const struct answer *a)
{
	char down[VIEW_RATE_TEXT], least[VIEW_RATE_TEXT], most[VIEW_RATE_TEXT], km[VIEW_RATE_TEXT];
	struct corridor_range av = a->availability;
	view_question_text(out, a->plan, a->question->ends, &a->question->terms);
	if (a->ways.paths.count == 0) {
		buf_str(out, "\nno way is left\n");
		return;
	}
	for (size_t i = 0; i < a->ways.paths.count; i++) {
		buf_printf(out, "\nway %zu of 2\n", i + 1);
		view_way_text(out, &a->ways, i, a->question->sources);
	}
	buf_str(out, "\n");
	shared_text(out, a);
	view_field_printf(out, "both",
			  "%s km; one of them works %.4f %% of the time (%.4f to "
			  "%.4f): %s hours a year without any (%s to %s)",
			  view_km(km, length_km(a)), 100 * av.value, 100 * av.low, 100 * av.high,
			  view_number(down, 8760 * (1 - av.value)),
			  view_number(least, 8760 * (1 - av.high)),
			  view_number(most, 8760 * (1 - av.low)));
}

static int
weigh(struct answer *a)
{
	const struct corridor_path *one = &a->ways.paths.paths[0], *two = &a->ways.paths.paths[1];
	a->availability = (struct corridor_range){
		corridor_availability_pair(one, two, &a->plan->parts),
		corridor_availability_pair(one, two, &a->plan->parts_low),
		corridor_availability_pair(one, two, &a->plan->parts_high),
	};
	return a->availability.value < 0 || a->availability.low < 0 || a->availability.high < 0 ? -1
												: 0;
}

static int
find(struct answer *a)
{
	const struct corridor_question *q = a->question;
	a->plan = corridor_plans_of(a->view->plans, q->terms.day);
	if (!a->plan)
		return -1;
	struct corridor_wanted wanted = {q->ends, 1, q->terms.measure, &q->conditions};
	if (corridor_apart_find(&a->pair, a->plan, &wanted, q->apart) < 0)
		return -1;
	struct corridor_paths paths = a->pair.paths;
	a->pair.paths = (struct corridor_paths){0};
	if (view_corridor_ways_of(&a->ways, a->arena, a->plan, paths) < 0)
		return -1;
	return a->ways.paths.count == 2 ? weigh(a) : 0;
}

static int
check(const struct view_corridor *view, const struct corridor_question *q,
      struct corridor_complaint *complaint)
{
	if (corridor_question_check(view->plan, q->ends, complaint) < 0)
		return -1;
	if (q->ends.a == q->ends.b) {
		corridor_complain(complaint, 400, "a pair of ways needs two sites, not one twice");
		return -1;
	}
	if (q->terms.require.count || q->terms.k != 1) {
		corridor_complain(
			complaint, 400,
			"a pair of ways takes no --require, --via or --k; ask for a path");
		return -1;
	}
	return 0;
}

int
view_corridor_pair(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   const struct corridor_question *question, struct corridor_complaint *complaint)
{
	if (check(view, question, complaint) < 0)
		return -1;
	struct answer a = {.view = view, .question = question, .arena = arena_new()};
	int result = a.arena ? find(&a) : -1;
	if (result < 0) {
		corridor_complain(complaint, 500, "out of memory");
	} else if (form == VIEW_CORRIDOR_JSON) {
		answer_json(out, &a);
	} else if (form == VIEW_CORRIDOR_CSV) {
		view_way_csv_head(out);
		for (size_t i = 0; i < a.ways.paths.count; i++)
			view_way_csv(out, &a.ways, i);
	} else {
		answer_text(out, &a);
	}
	if (result == 0 && a.ways.paths.count != 2)
		result = VIEW_CORRIDOR_NOTHING;
	corridor_pair_fini(&a.pair);
	view_corridor_ways_fini(&a.ways);
	arena_free(a.arena);
	return result;
}
