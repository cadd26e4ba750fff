/* The corridor's data as it goes out: lists as CSV, sites and segments as GeoJSON (RFC 7946). What
 * is written reads back as the same picture (corridor/corridor_geojson.h); both follow the rows of
 * the schema. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_line.h"
#include "hub/hub_csv.h"
#include "hub/hub_value.h"
#include "view/view_corridor_parts.h"

/* Degrees with the fewest places that read back as the same number. */
static void
number_json(struct json *j, const char *key, double number)
{
	struct buf text = {0};
	hub_write_decimal(number, &text);
	if (text.failed)
		j->out->failed = true;
	else
		json_raw(j, key, (const char *)text.data, text.length);
	buf_fini(&text);
}

static void
place_json(struct json *j, const char *key, struct hub_place place)
{
	json_array(j, key);
	number_json(j, NULL, place.longitude);
	number_json(j, NULL, place.latitude);
	json_array_end(j);
}

/* One value as JSON: numbers as numbers, all else as text. */
static void
value_json(struct json *j, const char *key, const struct hub *hub, const struct hub_item *item,
	   const void *value)
{
	struct buf text = {0};
	hub_codecs[item->type]->write(hub, item, value, &text);
	bool number = item->type == HUB_TYPE_DECIMAL || item->type == HUB_TYPE_COUNT;
	buf_u8(&text, 0);
	if (text.failed)
		j->out->failed = true;
	else if (number)
		json_raw(j, key, (const char *)text.data, text.length - 1);
	else
		json_str(j, key, (const char *)text.data);
	buf_fini(&text);
}

static void
item_json(struct json *j, const struct hub *hub, const struct hub_item *item, const void *element)
{
	if (!item->list) {
		value_json(j, item->key, hub, item, (const char *)element + item->at);
		return;
	}
	const char *array = *(const char *const *)((const char *)element + item->at);
	size_t count = *(const size_t *)((const char *)element + item->count_at);
	json_array(j, item->key);
	for (size_t i = 0; i < count; i++)
		value_json(j, NULL, hub, item, array + i * hub_value_size(item));
	json_array_end(j);
}

/* What is told by the geometry of a feature is not told again. */
static bool
is_geometry(const char *key)
{
	return strcmp(key, "lat") == 0 || strcmp(key, "lon") == 0 || strcmp(key, "points") == 0;
}

static void
items_json(struct json *j, const struct hub *hub, const struct hub_table *table,
	   const void *element, bool geometry)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		if (!(geometry && is_geometry(item->key)) &&
		    !hub_csv_leaves_out(hub, table, item, element))
			item_json(j, hub, item, element);
	}
}

static void
feature(struct json *j, const char *id)
{
	json_object(j, NULL);
	json_str(j, "type", "Feature");
	json_str(j, "id", id);
}

static void
site_feature(struct json *j, const struct hub *hub, const struct hub_site *site)
{
	bool placed = !isnan(site->latitude) && !isnan(site->longitude);
	feature(j, site->id);
	if (placed) {
		json_object(j, "geometry");
		json_str(j, "type", "Point");
		place_json(j, "coordinates", (struct hub_place){site->longitude, site->latitude});
		json_object_end(j);
	} else {
		json_null(j, "geometry");
	}
	json_object(j, "properties");
	json_str(j, "list", "sites");
	items_json(j, hub, &hub_schema_site, site, placed);
	json_object_end(j);
	json_object_end(j);
}

static void
line_json(struct json *j, const struct corridor_line_parts *parts)
{
	bool one = parts->count == 1;
	json_object(j, "geometry");
	json_str(j, "type", one ? "LineString" : "MultiLineString");
	json_array(j, "coordinates");
	for (size_t p = 0; p < parts->count; p++) {
		if (!one)
			json_array(j, NULL);
		for (size_t i = parts->first[p]; i < parts->first[p + 1]; i++)
			place_json(j, NULL, parts->places[i]);
		if (!one)
			json_array_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

/* 0, or -1 without memory. */
static int
segment_feature(struct json *j, const struct hub *hub, const struct hub_segment *segment,
		struct arena *arena)
{
	struct corridor_line line;
	struct corridor_line_parts parts;
	bool placed = corridor_line_of(&line, arena, hub, segment) == 0;
	if ((!placed && errno == ENOMEM) || (placed && corridor_line_cut(&parts, arena, &line) < 0))
		return -1;
	feature(j, segment->id);
	if (placed)
		line_json(j, &parts);
	else
		json_null(j, "geometry");
	json_object(j, "properties");
	json_str(j, "list", "segments");
	if (placed)
		json_str(j, "line", line.drawn ? "drawn" : "told");
	items_json(j, hub, &hub_schema_segment, segment, placed);
	json_object_end(j);
	json_object_end(j);
	return 0;
}

/* Lists that have no place on a map stand beside the features: a foreign member (RFC 7946 section
 * 6.1). */
static void
lists_json(struct json *j, const struct hub *hub)
{
	json_object(j, "lists");
	for (size_t i = 2; i < HUB_CSV_LISTS; i++) {
		const struct hub_item *list = hub_csv_list(hub_csv_lists[i]);
		const char *element;
		size_t count = hub_csv_elements(hub, list, &element);
		if (!count)
			continue;
		json_array(j, list->key);
		for (size_t k = 0; k < count; k++, element += list->table->size) {
			json_object(j, NULL);
			items_json(j, hub, list->table, element, false);
			json_object_end(j);
		}
		json_array_end(j);
	}
	json_object_end(j);
}

static int
export_geojson(struct buf *out, const struct hub *hub)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "type", "FeatureCollection");
	json_array(&j, "features");
	for (size_t i = 0; i < hub->site_count; i++)
		site_feature(&j, hub, &hub->sites[i]);
	for (size_t i = 0; i < hub->segment_count; i++) {
		struct arena *arena = arena_new();
		int done = arena ? segment_feature(&j, hub, &hub->segments[i], arena) : -1;
		arena_free(arena);
		if (done < 0)
			return -1;
	}
	json_array_end(&j);
	lists_json(&j, hub);
	json_object_end(&j);
	buf_str(out, "\n");
	return out->failed ? -1 : 0;
}

static int
export_csv(struct buf *out, const struct hub *hub, const char *word,
	   struct corridor_complaint *complaint)
{
	const struct hub_item *list = hub_csv_list(word);
	struct hub_csv_trouble trouble;
	if (!list) {
		corridor_complain(
			complaint, 404,
			"there is no list \"%.40s\"; there are sites, segments, cables, "
			"risks, failure_rates, prices, demands, candidates, incidents, content",
			word);
		return -1;
	}
	if (hub_csv_write(hub, list, out, &trouble) == 0)
		return 0;
	if (trouble.key)
		corridor_complain(complaint, 400, "%s, row %zu: %s has %s", list->key,
				  trouble.row + 1, trouble.key, trouble.why);
	else
		corridor_complain(complaint, 500, "out of memory");
	return -1;
}

int
view_corridor_export(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	if (form == VIEW_CORRIDOR_CSV && count == 1)
		return export_csv(out, view->hub, words[0], complaint);
	if (count || form == VIEW_CORRIDOR_CSV) {
		corridor_complain(complaint, 400,
				  "expected corridor export (GeoJSON), or with --csv: corridor "
				  "export LIST");
		return -1;
	}
	if (export_geojson(out, view->hub) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	return 0;
}
