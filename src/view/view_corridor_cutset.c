/* What parts two sites, and what parts the corridor. */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_cuts.h"
#include "corridor/corridor_room.h"
#include "view/view_corridor_way.h"

struct answer {
	const struct view_corridor *view;
	const struct corridor_question *question;
	const struct corridor_plan *plan;
	struct arena *arena;
	uint64_t *cost;
	bool whole; /* no ends: what alone parts the corridor */
	bool *segments, *sites;
	struct corridor_cut by_segment, by_site;
	struct corridor_name_cut names[CORRIDOR_CLASSES];
	struct corridor_room room;  /* capacities as told */
	struct corridor_range gbps; /* all of them as told, at their low and at their high bound */
	uint32_t assumed; /* of the segments of the narrowest cut: nobody told their capacity */
};

static const char *const class_keys[CORRIDOR_CLASSES] = {"countries", "risks", "operators",
							 "cables"};

/* --- JSON --- */

static void
cut_json(struct json *j, const char *key, const struct answer *a, const struct corridor_cut *cut)
{
	json_object(j, key);
	json_u64(j, "ways", cut->ways);
	json_array(j, "segments");
	for (size_t i = 0; i < cut->segment_count; i++)
		json_str(j, NULL, a->plan->hub->segments[cut->segments[i]].id);
	json_array_end(j);
	json_array(j, "sites");
	for (size_t i = 0; i < cut->site_count; i++)
		json_str(j, NULL, a->plan->hub->sites[cut->sites[i]].id);
	json_array_end(j);
	json_object_end(j);
}

static void
names_json(struct json *j, const struct answer *a, int class)
{
	const struct corridor_name_cut *cut = &a->names[class];
	json_object(j, class_keys[class]);
	json_bool(j, "possible", cut->possible);
	json_bool(j, "proven", cut->proven);
	if (cut->count)
		json_u64(j, "needed", cut->count);
	else
		json_null(j, "needed");
	json_array(j, "names");
	for (size_t i = 0; i < cut->count; i++)
		json_str(j, NULL, a->plan->classes[class].names[cut->names[i]]);
	json_array_end(j);
	json_object_end(j);
}

static void
room_json(struct json *j, const struct answer *a)
{
	view_range_json(j, "room_gbps", a->gbps, 3);
	json_object(j, "narrowest");
	json_array(j, "segments");
	for (size_t i = 0; i < a->room.count; i++)
		json_str(j, NULL, a->plan->hub->segments[a->room.segments[i]].id);
	json_array_end(j);
	json_u64(j, "capacity_assumed", a->assumed);
	json_object_end(j);
}

static void
whole_json(struct json *j, const struct answer *a)
{
	const struct hub *hub = a->plan->hub;
	json_array(j, "segments");
	for (size_t i = 0; i < hub->segment_count; i++)
		if (a->segments[i])
			json_str(j, NULL, hub->segments[i].id);
	json_array_end(j);
	json_array(j, "sites");
	for (size_t i = 0; i < hub->site_count; i++)
		if (a->sites[i])
			json_str(j, NULL, hub->sites[i].id);
	json_array_end(j);
}

static void
answer_json(struct buf *out, const struct answer *a)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	if (!a->whole)
		view_ends_json(&j, a->plan->hub, a->question->ends);
	view_terms_json(&j, &a->question->terms);
	if (a->whole) {
		whole_json(&j, a);
	} else {
		cut_json(&j, "by_segment", a, &a->by_segment);
		cut_json(&j, "by_site", a, &a->by_site);
		room_json(&j, a);
		for (int class = 0; class < CORRIDOR_CLASSES; class ++)
			names_json(&j, a, class);
	}
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text --- */

static void
segment_text(struct buf *out, const struct answer *a, uint32_t segment)
{
	const struct hub *hub = a->plan->hub;
	const struct hub_segment *s = &hub->segments[segment];
	buf_str(out, "  ");
	view_cell(out, s->id, 10);
	view_cell(out, s->name, 44);
	buf_str(out, " ");
	view_cell(out, hub->sites[s->a].id, 8);
	view_cell(out, hub->sites[s->b].id, 8);
	view_end_line(out);
}

static void
site_text(struct buf *out, const struct answer *a, uint32_t site)
{
	const struct hub_site *s = &a->plan->hub->sites[site];
	buf_str(out, "  ");
	view_cell(out, s->id, 10);
	view_cell(out, s->name, 44);
	buf_str(out, " ");
	view_cell(out, s->country.code, 8);
	view_end_line(out);
}

static void
cut_text(struct buf *out, const struct answer *a, const struct corridor_cut *cut, const char *noun)
{
	buf_printf(out, "\n%zu way%s at once share%s no %s; without these there is none:\n",
		   cut->ways, cut->ways == 1 ? "" : "s", cut->ways == 1 ? "s" : "", noun);
	for (size_t i = 0; i < cut->segment_count; i++)
		segment_text(out, a, cut->segments[i]);
	for (size_t i = 0; i < cut->site_count; i++)
		site_text(out, a, cut->sites[i]);
}

/* "countries     2 must fail at once: RU, IR" */
static void
names_text(struct buf *out, const struct answer *a, int class)
{
	const struct corridor_name_cut *cut = &a->names[class];
	struct buf line = {0};
	if (!cut->possible)
		buf_str(&line, class == CORRIDOR_COUNTRIES
				       ? "there is a way through none but those of the ends"
				       : "there is a way without any");
	else if (!cut->proven)
		buf_str(&line, "not found: the search was given up");
	else if (!cut->count)
		buf_printf(&line, "more than %d must fail at once", CORRIDOR_NAMES_CUT_MAX);
	else
		buf_printf(&line, "%zu must fail%s:", cut->count, cut->count > 1 ? " at once" : "");
	for (size_t i = 0; i < cut->count; i++)
		buf_printf(&line, "%s %s", i ? "," : "",
			   a->plan->classes[class].names[cut->names[i]]);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, class_keys[class], (const char *)line.data);
	buf_fini(&line);
}

static void
room_text(struct buf *out, const struct answer *a)
{
	char told[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	if (a->room.count == 0)
		return;
	buf_str(out, "\n");
	struct buf line = {0};
	buf_printf(&line,
		   "%s would have room if nobody else took any (%s to %s); no more passes these%s:",
		   view_rate(told, a->room.bps),
		   view_rate(low, (uint64_t)(a->gbps.low * 1e9 + 0.5)),
		   view_rate(high, (uint64_t)(a->gbps.high * 1e9 + 0.5)),
		   a->assumed ? ", ~ with a capacity that nobody told" : "");
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_wrapped(out, (const char *)line.data, 0, 0);
	buf_fini(&line);
	for (size_t i = 0; i < a->room.count; i++) {
		const struct corridor_segment *s = &a->plan->segments[a->room.segments[i]];
		buf_str(out, "  ");
		view_cell(out, a->plan->hub->segments[a->room.segments[i]].id, 10);
		view_cell(out, a->plan->hub->segments[a->room.segments[i]].name, 44);
		view_cell(out, view_rate(told, s->capacity_bps), -14);
		buf_str(out, s->assumed ? " ~" : "");
		view_end_line(out);
	}
}

static void
whole_text(struct buf *out, const struct answer *a)
{
	const struct hub *hub = a->plan->hub;
	struct buf line = {0};
	size_t count = 0;
	buf_str(&line, "What alone parts the corridor");
	view_terms_text(&line, &a->question->terms);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_wrapped(out, (const char *)line.data, 0, 2);
	buf_fini(&line);
	buf_str(out, "\nsegments\n");
	for (uint32_t i = 0; i < hub->segment_count; i++) {
		if (a->segments[i])
			segment_text(out, a, i);
		count += a->segments[i];
	}
	buf_str(out, count ? "\nsites\n" : "  none\n\nsites\n");
	count = 0;
	for (uint32_t i = 0; i < hub->site_count; i++) {
		if (a->sites[i])
			site_text(out, a, i);
		count += a->sites[i];
	}
	if (!count)
		buf_str(out, "  none\n");
}

static void
answer_text(struct buf *out, const struct answer *a)
{
	if (a->whole) {
		whole_text(out, a);
		return;
	}
	view_question_text(out, a->plan, a->question->ends, &a->question->terms);
	if (a->by_segment.ways == 0) {
		buf_str(out, "\nno way is left\n");
		return;
	}
	cut_text(out, a, &a->by_segment, "segment");
	cut_text(out, a, &a->by_site, "site");
	room_text(out, a);
	buf_str(out, "\n");
	for (int class = 0; class < CORRIDOR_CLASSES; class ++)
		names_text(out, a, class);
}

/* --- CSV: one line for each part of a cut --- */

static void
line_csv(struct buf *out, const char *cut, size_t needed, const char *kind, const char *id)
{
	buf_printf(out, "%s,%zu,%s,", cut, needed, kind);
	view_csv_field(out, id);
	buf_str(out, ",\r\n");
}

/* With the capacity of each, which add up to what has room. */
static void
room_csv(struct buf *out, const struct answer *a)
{
	for (size_t i = 0; i < a->room.count; i++) {
		uint32_t s = a->room.segments[i];
		buf_printf(out, "room,%zu,segment,", a->room.count);
		view_csv_field(out, a->plan->hub->segments[s].id);
		view_number_csv(out, (double)a->plan->segments[s].capacity_bps / 1e9);
		buf_str(out, "\r\n");
	}
}

static void
answer_csv(struct buf *out, const struct answer *a)
{
	const struct hub *hub = a->plan->hub;
	const struct corridor_cut *cuts[2] = {&a->by_segment, &a->by_site};
	static const char *const names[2] = {"segments", "sites"};
	buf_str(out, "cut,needed,kind,id,gbps\r\n");
	for (size_t i = 0; a->whole && i < hub->segment_count; i++)
		if (a->segments[i])
			line_csv(out, "alone", 1, "segment", hub->segments[i].id);
	for (size_t i = 0; a->whole && i < hub->site_count; i++)
		if (a->sites[i])
			line_csv(out, "alone", 1, "site", hub->sites[i].id);
	for (size_t c = 0; c < 2; c++) {
		for (size_t i = 0; i < cuts[c]->segment_count; i++)
			line_csv(out, names[c], cuts[c]->ways, "segment",
				 hub->segments[cuts[c]->segments[i]].id);
		for (size_t i = 0; i < cuts[c]->site_count; i++)
			line_csv(out, names[c], cuts[c]->ways, "site",
				 hub->sites[cuts[c]->sites[i]].id);
	}
	room_csv(out, a);
	for (int class = 0; class < CORRIDOR_CLASSES; class ++)
		for (size_t i = 0; i < a->names[class].count; i++)
			line_csv(out, class_keys[class], a->names[class].count,
				 corridor_kind_word((enum corridor_kind) class),
				 a->plan->classes[class].names[a->names[class].names[i]]);
}

/* 0, or -1 without memory. */
static int
find_room(struct answer *a)
{
	if (corridor_room_of_plan(&a->room, &a->gbps, a->plan, a->cost, a->question->ends) < 0)
		return -1;
	for (size_t i = 0; i < a->room.count; i++)
		a->assumed += a->plan->segments[a->room.segments[i]].assumed;
	return 0;
}

static int
find(struct answer *a)
{
	const struct corridor_question *q = a->question;
	a->plan = corridor_plans_of(a->view->plans, q->terms.day);
	if (!a->plan)
		return -1;
	const struct corridor_graph *g = a->plan->graph;
	a->cost = arena_take(a->arena, (g->segment_count + 1) * sizeof(*a->cost));
	a->segments = arena_take(a->arena, g->segment_count + 1);
	a->sites = arena_take(a->arena, g->site_count + 1);
	if (!a->cost || !a->segments || !a->sites)
		return -1;
	corridor_plan_costs(a->cost, a->plan, &q->conditions, CORRIDOR_BY_HOPS);
	if (a->whole)
		return corridor_cuts_single(a->segments, a->sites, g, a->cost);
	if (corridor_cut_find(&a->by_segment, g, a->cost, q->ends, CORRIDOR_SEGMENT_DISJOINT) < 0 ||
	    corridor_cut_find(&a->by_site, g, a->cost, q->ends, CORRIDOR_SITE_DISJOINT) < 0 ||
	    find_room(a) < 0)
		return -1;
	for (int class = 0; class < CORRIDOR_CLASSES; class ++)
		if (corridor_cuts_names(&a->names[class], a->plan, a->cost, q->ends,
					(enum corridor_class) class) < 0)
			return -1;
	return 0;
}

static int
check(const struct view_corridor *view, const struct corridor_question *q,
      struct corridor_complaint *complaint)
{
	if (q->terms.require.count || q->terms.k != 1) {
		corridor_complain(complaint, 400, "a cut takes no --require, --via or --k");
		return -1;
	}
	if (q->ends.a == HUB_NONE)
		return 0;
	if (corridor_question_check(view->plan, q->ends, complaint) < 0)
		return -1;
	if (q->ends.a != q->ends.b)
		return 0;
	corridor_complain(complaint, 400, "nothing parts a site from itself");
	return -1;
}

int
view_corridor_cutset(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const struct corridor_question *question,
		     struct corridor_complaint *complaint)
{
	if (check(view, question, complaint) < 0)
		return -1;
	struct answer a = {.view = view,
			   .question = question,
			   .arena = arena_new(),
			   .whole = question->ends.a == HUB_NONE};
	int result = a.arena ? find(&a) : -1;
	if (result < 0)
		corridor_complain(complaint, 500, "out of memory");
	else if (form == VIEW_CORRIDOR_JSON)
		answer_json(out, &a);
	else if (form == VIEW_CORRIDOR_CSV)
		answer_csv(out, &a);
	else
		answer_text(out, &a);
	corridor_cut_fini(&a.by_segment);
	corridor_cut_fini(&a.by_site);
	corridor_room_fini(&a.room);
	arena_free(a.arena);
	return result;
}
