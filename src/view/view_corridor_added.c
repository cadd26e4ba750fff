/* What something that is laid changes: the question's answer as JSON and CSV. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "view/view_corridor_added.h"
#include "view/view_corridor_change.h"

static const char *const side_keys[CORRIDOR_ADDED_SIDES] = {"without", "with"};

/* --- JSON --- */

static void
look_json(struct json *j, const char *key, const struct corridor_added_look *look)
{
	json_object(j, key);
	json_bool(j, "linked", look->linked);
	json_bool(j, "over", look->over);
	view_range_json(j, "length_km", look->km, 3);
	view_range_json(j, "round_trip_ms", look->ms, 3);
	json_fixed(j, "estimated_share", look->estimated, 4);
	view_range_json(j, "room_gbps", look->room_gbps, 3);
	view_range_json(j, "availability", look->connected, 8);
	json_object_end(j);
}

static void
avoided_json(struct json *j, const char *key, const struct view_added *b, bool avoiding)
{
	json_array(j, key);
	for (size_t i = 0; avoiding && i < b->question->avoid_count; i++)
		json_str(j, NULL, view_added_country(b, b->question->avoid[i]));
	json_array_end(j);
}

static void
pairs_json(struct json *j, const struct view_added *b)
{
	json_array(j, "pairs");
	for (size_t i = 0; i < b->added.pair_count; i++) {
		const struct corridor_added_pair *pair = &b->added.pairs[i];
		json_object(j, NULL);
		view_ends_json(j, b->plan->hub, pair->ends);
		avoided_json(j, "avoiding", b, pair->avoiding);
		for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++)
			look_json(j, side_keys[side], &pair->sides[side]);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
countries_json(struct json *j, const struct view_added *b)
{
	json_array(j, "countries");
	for (size_t i = 0; i < b->added.country_count; i++) {
		const struct corridor_added_country *c = &b->added.countries[i];
		json_object(j, NULL);
		json_str(j, "country", view_added_country(b, c->name));
		for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
			double served = b->added.served_gbps[side];
			json_object(j, side_keys[side]);
			json_fixed(j, "gbps", c->gbps[side], 3);
			json_fixed(j, "share", served > 0 ? c->gbps[side] / served : 0, 6);
			json_object_end(j);
		}
		json_object_end(j);
	}
	json_array_end(j);
}

static void
money_json(struct json *j, const struct view_added *b)
{
	const struct corridor_worth *w = &b->added.worth;
	json_object(j, "money");
	view_range_json(j, "takes_usd_year", b->added.takes_usd, 2);
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		json_object(j, side_keys[side]);
		view_range_json(j, "paid_usd_year", b->added.revenue[side].total_usd, 2);
		json_object_end(j);
	}
	view_range_json(j, "toll_usd_year", w->usd_a_year, 2);
	json_fixed(j, "passing_gbps", w->gbps[CORRIDOR_TOLL_PASSES], 3);
	json_fixed(j, "only_way_gbps", w->gbps[CORRIDOR_TOLL_ONLY], 3);
	json_object_end(j);
}

static void
laid_json(struct json *j, const struct view_added *b)
{
	const struct view_added_question *q = b->question;
	json_array(j, "laid");
	for (size_t i = 0; i < q->count; i++) {
		json_object(j, NULL);
		json_str(j, "id", q->ids[i]);
		json_str(j, "name", q->names[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "segments");
	for (size_t i = 0; i < q->segment_count; i++)
		json_str(j, NULL, b->plan->hub->segments[q->segments[i]].id);
	json_array_end(j);
}

static void
answer_json(struct buf *out, const struct view_added *b)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &b->question->terms);
	view_measured_json(&j, b->view);
	laid_json(&j, b);
	avoided_json(&j, "also_avoiding", b, true);
	pairs_json(&j, b);
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		json_object(&j, side_keys[side]);
		json_fixed(&j, "served_gbps", b->added.served_gbps[side], 3);
		json_object_end(&j);
	}
	json_fixed(&j, "laid_gbps", b->added.laid_gbps, 3);
	view_change_json(&j, b->plan, &b->added.change);
	countries_json(&j, b);
	money_json(&j, b);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV: a row for each look at a pair --- */

static void
answer_csv(struct buf *out, const struct view_added *b)
{
	const struct hub *hub = b->plan->hub;
	buf_str(out, "from,to,avoiding");
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		const char *key = side_keys[side];
		buf_printf(out,
			   ",%s_over,%s_length_km,%s_length_km_low,%s_length_km_high,"
			   "%s_round_trip_ms,%s_round_trip_ms_low,%s_round_trip_ms_high,",
			   key, key, key, key, key, key, key);
		buf_printf(out,
			   "%s_room_gbps,%s_room_gbps_low,%s_room_gbps_high,"
			   "%s_availability,%s_availability_low,%s_availability_high",
			   key, key, key, key, key, key);
	}
	buf_str(out, "\r\n");
	for (size_t i = 0; i < b->added.pair_count; i++) {
		const struct corridor_added_pair *pair = &b->added.pairs[i];
		view_csv_field(out, hub->sites[pair->ends.a].id);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[pair->ends.b].id);
		buf_str(out, ",");
		for (size_t k = 0; pair->avoiding && k < b->question->avoid_count; k++)
			buf_printf(out, "%s%s", k ? " " : "",
				   view_added_country(b, b->question->avoid[k]));
		for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
			const struct corridor_added_look *look = &pair->sides[side];
			buf_printf(out, ",%s", look->over ? "yes" : "no");
			view_range_csv(out, &look->km);
			view_range_csv(out, &look->ms);
			view_range_csv(out, &look->room_gbps);
			view_range_csv(out, &look->connected);
		}
		buf_str(out, "\r\n");
	}
}

/* --- finding --- */

static int
find(struct view_added *b, struct arena *arena, struct corridor_complaint *complaint)
{
	const struct view_added_question *q = b->question;
	b->plan = corridor_plans_of(b->view->plans, q->terms.day);
	corridor_complain(complaint, 500, "out of memory");
	if (!b->plan)
		return -1;
	const struct corridor_added_ask ask = {
		.flow = {.plan = b->plan,
			 .conditions = &q->conditions,
			 .now = b->view->plan->day.at,
			 .batch = b->view->batch},
		.segments = q->segments,
		.segment_count = q->segment_count,
		.pairs = q->pairs,
		.pair_count = q->pair_count,
		.avoid = q->avoid,
		.avoid_count = q->avoid_count,
	};
	if (corridor_added_of(&b->added, arena, &ask) == 0)
		return 0;
	return errno == ENOMEM ? -1 : view_flow_failed(complaint, errno);
}

int
view_corridor_added(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		    const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct arena *arena = arena_new();
	if (!arena) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	struct view_added_question q = {.terms = corridor_terms_of(view->plan, arena)};
	struct view_added b = {.view = view, .question = &q};
	int result = view_added_take(&q, view, words, count, complaint);
	if (result == 0)
		result = find(&b, arena, complaint);
	if (result == 0 && form == VIEW_CORRIDOR_JSON)
		answer_json(out, &b);
	else if (result == 0 && form == VIEW_CORRIDOR_CSV)
		answer_csv(out, &b);
	else if (result == 0)
		view_added_text(out, &b);
	arena_free(arena);
	return result;
}
