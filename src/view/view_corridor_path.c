/* Ways between two sites: an itinerary a line a segment, and what it adds up to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_parts.h"

enum {
	ID_LEAST = 4,
	ID_MOST = 12,
	STATUS_COLUMNS = 18,
	KM_COLUMNS = 8,
	NAME_LEAST = 10,
};

/* All ways found, described. */
struct answer {
	const struct view_corridor *view;
	const struct corridor_question *question;
	struct arena *arena;
	struct corridor_paths paths;
	struct corridor_itinerary *itineraries;
};

/* Widths of the columns that depend on the ids. */
struct columns {
	int site, segment, name;
};

static const struct hub_segment *
segment_at(const struct answer *a, const struct corridor_path *path, size_t i)
{
	return &a->view->hub->segments[path->segments[i]];
}

static const struct hub_site *
site_at(const struct answer *a, const struct corridor_path *path, size_t i)
{
	return &a->view->hub->sites[path->sites[i]];
}

static void
codes_json(struct json *j, const char *key, const struct country *countries, size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, countries[i].code);
	json_array_end(j);
}

static void
segments_json(struct json *j, const char *key, const struct hub *hub, const uint32_t *segments,
	      size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, hub->segments[segments[i]].id);
	json_array_end(j);
}

static void
list_json(struct json *j, const char *key, const struct corridor_list *list)
{
	json_array(j, key);
	for (size_t i = 0; i < list->count; i++)
		json_str(j, NULL, list->items[i].text);
	json_array_end(j);
}

static void
question_json(struct json *j, const struct answer *a)
{
	const struct corridor_question *q = a->question;
	const struct hub *hub = a->view->hub;
	json_str(j, "from", hub->sites[q->ends.a].id);
	json_str(j, "from_name", hub->sites[q->ends.a].name);
	json_str(j, "to", hub->sites[q->ends.b].id);
	json_str(j, "to_name", hub->sites[q->ends.b].name);
	list_json(j, "avoid", &q->terms.avoid);
	list_json(j, "require", &q->terms.require);
	list_json(j, "without", &q->terms.without);
	list_json(j, "with", &q->terms.with);
	json_u64(j, "k", q->terms.k);
}

static void
way_json(struct json *j, const struct answer *a, const struct corridor_itinerary *it)
{
	json_object(j, NULL);
	json_double(j, "length_km", it->length_km);
	json_fixed(j, "round_trip_ms", it->round_trip_ms, 3);
	codes_json(j, "countries", it->countries, it->country_count);
	segments_json(j, "segments", a->view->hub, it->path->segments, it->path->segment_count);
	json_array(j, "sites");
	for (size_t i = 0; i <= it->path->segment_count; i++)
		json_str(j, NULL, site_at(a, it->path, i)->id);
	json_array_end(j);
	json_u64(j, "estimated_lengths", it->estimated_lengths);
	json_u64(j, "segment_count", it->path->segment_count);
	json_double(j, "estimated_km", it->estimated_km);
	json_fixed(j, "estimated_share", corridor_itinerary_estimated_share(it), 4);
	json_object_end(j);
}

static void
answer_json(struct buf *out, const struct answer *a)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	question_json(&j, a);
	json_array(&j, "paths");
	for (size_t i = 0; i < a->paths.count; i++)
		way_json(&j, a, &a->itineraries[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
answer_csv(struct buf *out, const struct answer *a)
{
	buf_str(out, "way,step,from,to,segment,name,length_km,estimated,status\r\n");
	for (size_t w = 0; w < a->paths.count; w++) {
		const struct corridor_path *path = &a->paths.paths[w];
		for (size_t i = 0; i < path->segment_count; i++) {
			const struct hub_segment *s = segment_at(a, path, i);
			char km[VIEW_RATE_TEXT];
			const char *fields[] = {site_at(a, path, i)->id,
						site_at(a, path, i + 1)->id,
						s->id,
						s->name,
						view_km(km, s->length_km),
						s->length_from.confidence == HUB_ESTIMATED ? "yes"
											   : "no",
						s->status};
			buf_printf(out, "%zu,%zu", w + 1, i + 1);
			for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
				buf_str(out, ",");
				view_csv_field(out, fields[f]);
			}
			buf_str(out, "\r\n");
		}
	}
}

static void
list_text(struct buf *out, const char *before, const struct corridor_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_printf(out, "%s%s", i == 0 ? before : ", ", list->items[i].text);
}

/* "Almaty (ALA) to Frankfurt (FRA), avoiding RU, IR, without B01, with C01" */
static void
heading_text(struct buf *out, const struct answer *a)
{
	const struct corridor_question *q = a->question;
	const struct hub *hub = a->view->hub;
	const struct hub_site *from = &hub->sites[q->ends.a], *to = &hub->sites[q->ends.b];
	struct buf line = {0};
	buf_printf(&line, "%s (%s) to %s (%s)", from->name ? from->name : from->id, from->id,
		   to->name ? to->name : to->id, to->id);
	list_text(&line, ", avoiding ", &q->terms.avoid);
	list_text(&line, ", over ", &q->terms.require);
	list_text(&line, ", without ", &q->terms.without);
	list_text(&line, ", with ", &q->terms.with);
	buf_u8(&line, '\0');
	if (line.failed)
		out->failed = true;
	else
		view_wrapped(out, (const char *)line.data, 0, 2);
	buf_fini(&line);
}

static int
clamp(size_t width)
{
	return width < ID_LEAST ? ID_LEAST : width > ID_MOST ? ID_MOST : (int)width;
}

static struct columns
columns_for(const struct answer *a)
{
	size_t site = 0, segment = 0;
	for (size_t w = 0; w < a->paths.count; w++) {
		const struct corridor_path *path = &a->paths.paths[w];
		for (size_t i = 0; i < path->segment_count; i++) {
			size_t next = view_width(site_at(a, path, i + 1)->id);
			size_t id = view_width(segment_at(a, path, i)->id);
			site = next > site ? next : site;
			segment = id > segment ? id : segment;
		}
		size_t first = view_width(site_at(a, path, 0)->id);
		site = first > site ? first : site;
	}
	struct columns c = {clamp(site), clamp(segment), 0};
	c.name = VIEW_COLUMNS - 2 * (c.site + 1) - (c.segment + 1) - (KM_COLUMNS + 4) -
		 STATUS_COLUMNS;
	if (c.name < NAME_LEAST)
		c.name = NAME_LEAST;
	return c;
}

static void
table_head(struct buf *out, struct columns c)
{
	view_cell(out, "from", c.site + 1);
	view_cell(out, "to", c.site + 1);
	view_cell(out, "segment", c.segment + 1 + c.name);
	view_cell(out, "km", -KM_COLUMNS);
	buf_str(out, "    status\n");
}

static void
step_text(struct buf *out, const struct answer *a, const struct corridor_path *path, size_t i,
	  struct columns c)
{
	const struct hub_segment *s = segment_at(a, path, i);
	char km[VIEW_RATE_TEXT], status[VIEW_RATE_TEXT];
	view_cell(out, site_at(a, path, i)->id, c.site);
	buf_str(out, " ");
	view_cell(out, site_at(a, path, i + 1)->id, c.site);
	buf_str(out, " ");
	view_cell(out, s->id, c.segment);
	buf_str(out, " ");
	view_cell(out, s->name, c.name);
	view_cell(out, view_km(km, s->length_km), -KM_COLUMNS);
	buf_str(out, s->length_from.confidence == HUB_ESTIMATED ? " ~  " : "    ");
	view_status_short(status, s);
	view_cell(out, status, STATUS_COLUMNS);
	view_end_line(out);
}

static void
sums_text(struct buf *out, const struct corridor_itinerary *it)
{
	char km[VIEW_RATE_TEXT], countries[512] = "";
	size_t length = 0;
	for (size_t i = 0; i < it->country_count && length + 4 < sizeof(countries); i++)
		length += (size_t)snprintf(countries + length, sizeof(countries) - length, "%s%s",
					   i ? " " : "", it->countries[i].code);
	if (it->path->segment_count)
		buf_str(out, "\n");
	buf_printf(out, "%s km, %.1f ms there and back, %zu segment%s\n",
		   view_km(km, it->length_km), it->round_trip_ms, it->path->segment_count,
		   it->path->segment_count == 1 ? "" : "s");
	view_field(out, "countries", countries);
	if (it->estimated_lengths)
		buf_printf(out, "~ %zu of %zu length%s %s (%.0f %% of the km)\n",
			   it->estimated_lengths, it->path->segment_count,
			   it->path->segment_count == 1 ? "" : "s",
			   it->estimated_lengths == 1 ? "is an estimate" : "are estimates",
			   100 * corridor_itinerary_estimated_share(it));
	else if (it->path->segment_count)
		buf_str(out, "no length is an estimate\n");
}

/* A country that nothing here crosses may be a slip of the fingers. */
static void
remarks_text(struct buf *out, const struct answer *a)
{
	const struct corridor_list *avoid = &a->question->terms.avoid;
	for (size_t i = 0; i < avoid->count; i++)
		if (avoid->items[i].named.index == HUB_NONE)
			buf_printf(out, "(no segment of this hub crosses %s)\n",
				   avoid->items[i].text);
}

static void
answer_text(struct buf *out, const struct answer *a)
{
	struct columns c = columns_for(a);
	heading_text(out, a);
	remarks_text(out, a);
	if (a->paths.count == 0)
		buf_str(out, "\nno way is left\n");
	for (size_t w = 0; w < a->paths.count; w++) {
		const struct corridor_path *path = &a->paths.paths[w];
		buf_str(out, "\n");
		if (a->question->terms.k > 1)
			buf_printf(out, "way %zu of %zu\n", w + 1, a->paths.count);
		if (path->segment_count)
			table_head(out, c);
		for (size_t i = 0; i < path->segment_count; i++)
			step_text(out, a, path, i, c);
		sums_text(out, &a->itineraries[w]);
	}
}

/* Finds and describes the ways. -1 without memory. */
static int
find(struct answer *a)
{
	const struct hub *hub = a->view->hub;
	const struct corridor_plan *plan =
		corridor_plans_of(a->view->plans, a->question->terms.day);
	uint64_t *cost = arena_take(a->arena, (hub->segment_count + 1) * sizeof(*cost));
	if (!cost || !plan)
		return -1;
	corridor_plan_costs(cost, plan, &a->question->conditions, a->question->terms.measure);
	if (corridor_paths_find(&a->paths, plan->graph, cost, a->question->ends,
				a->question->terms.k) < 0)
		return -1;
	a->itineraries = arena_take(a->arena, (a->paths.count + 1) * sizeof(*a->itineraries));
	if (!a->itineraries)
		return -1;
	for (size_t i = 0; i < a->paths.count; i++) {
		if (corridor_itinerary_of(&a->itineraries[i], a->arena, hub, &a->paths.paths[i]) <
		    0)
			return -1;
	}
	return 0;
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
	corridor_paths_fini(&a.paths);
	arena_free(a.arena);
	return result;
}
