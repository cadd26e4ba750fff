/* GeoJSON (RFC 7946) to lists of the hub file. */
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_geojson_parts.h"
#include "hub/hub_report.h"
#include "hub/hub_value.h"

enum { SITES = CORRIDOR_GEOJSON_SITES, SEGMENTS = CORRIDOR_GEOJSON_SEGMENTS };

void
corridor_geojson_complain(struct corridor_geojson_reading *r, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (r->out->complaint_count++ >= CORRIDOR_IMPORT_COMPLAINTS_MAX)
		return;
	struct buf *out = &r->out->complaints;
	if (r->number)
		buf_printf(out, "%s %zu", r->noun, r->number);
	if (r->number && r->id)
		buf_printf(out, " (%s)", hub_show(r->id).text);
	buf_printf(out, "%s%s\n", r->number ? ": " : "", text);
}

void
corridor_geojson_note(struct corridor_geojson_reading *r, const char *what)
{
	buf_printf(&r->out->notes, "%s: %s\n", hub_show(r->id ? r->id : "?").text, what);
}

/* The text of a property for a cell. False, and complained, when a cell cannot hold it. */
static bool
put_property(struct corridor_geojson_reading *r, const char *key, const struct json_value *value,
	     struct buf *out)
{
	double number;
	if (json_read_is_null(value))
		return true;
	if (json_read_text(value)) {
		buf_str(out, json_read_text(value));
	} else if (json_read_number(&number, value) && fabs(number) < 1e15) {
		hub_write_decimal(number, out);
	} else if (value->type == JSON_TRUE || value->type == JSON_FALSE) {
		buf_str(out, value->type == JSON_TRUE ? "yes" : "no");
	} else if (value->type == JSON_ARRAY) {
		for (const struct json_value *v = value->first; v; v = v->next) {
			const char *word = json_read_text(v);
			if (!word || word[strcspn(word, " ,;\t\r\n")] || !*word) {
				corridor_geojson_complain(
					r,
					"%s: found %s%s%s in a list, expected words without a "
					"blank, comma or semicolon",
					key, word ? "\"" : "something",
					word ? hub_show(word).text : "", word ? "\"" : "");
				return false;
			}
			buf_printf(out, "%s%s", v == value->first ? "" : " ", word);
		}
	} else {
		corridor_geojson_complain(
			r, "%s: found an object or a number too large, expected a plain value",
			key);
		return false;
	}
	return true;
}

static void
put_place(struct buf *out, struct hub_place place)
{
	hub_write_decimal(place.longitude, out);
	buf_u8(out, '/');
	hub_write_decimal(place.latitude, out);
}

static bool
same_place(struct hub_place a, struct hub_place b)
{
	return a.longitude == b.longitude && a.latitude == b.latitude;
}

static void
put_points(const struct corridor_geojson_reading *r, const struct corridor_geojson_cells *drawn,
	   struct buf *out)
{
	const struct corridor_line *line = drawn->line;
	const struct corridor_geojson_site *a = corridor_geojson_site_by_id(r, drawn->a),
					   *b = corridor_geojson_site_by_id(r, drawn->b);
	size_t from = a && same_place(a->place, line->places[0]);
	size_t to = line->count - (b && same_place(b->place, line->places[line->count - 1]));
	for (size_t i = from; i < to; i++) {
		if (i > from)
			buf_u8(out, ' ');
		put_place(out, line->places[i]);
	}
}

/* True when the cell is one that geometry or its reader tells. */
static bool
put_drawn(struct corridor_geojson_reading *r, const char *key,
	  const struct corridor_geojson_cells *drawn, const struct json_value *properties,
	  struct buf *out)
{
	for (size_t i = 0; i < drawn->told_count; i++) {
		if (drawn->told[i].text && strcmp(key, drawn->told[i].key) == 0) {
			buf_str(out, drawn->told[i].text);
			return true;
		}
	}
	if (drawn->place && strcmp(key, "lat") == 0)
		hub_write_decimal(drawn->place->latitude, out);
	else if (drawn->place && strcmp(key, "lon") == 0)
		hub_write_decimal(drawn->place->longitude, out);
	else if (strcmp(key, "id") == 0 && r->id)
		buf_str(out, r->id);
	else if (drawn->a && strcmp(key, "a") == 0)
		buf_str(out, drawn->a);
	else if (drawn->b && strcmp(key, "b") == 0)
		buf_str(out, drawn->b);
	else if (drawn->line && !drawn->line->drawn && strcmp(key, "points") == 0)
		put_points(r, drawn, out);
	else if (drawn->line && strcmp(key, "length_km") == 0 &&
		 json_read_is_null(json_read_get(properties, "length_km")))
		hub_write_decimal(round(corridor_line_km(drawn->line) * 10) / 10, out);
	else if (drawn->line && strcmp(key, "length_basis") == 0 &&
		 json_read_is_null(json_read_get(properties, "length_km")))
		buf_str(out, "derived: along its line");
	else
		return false;
	return true;
}

void
corridor_geojson_row(struct corridor_geojson_reading *r, size_t list,
		     const struct json_value *properties,
		     const struct corridor_geojson_cells *drawn)
{
	const struct hub_table *table = hub_csv_list(hub_csv_lists[list])->table;
	struct buf cell = {0}, *out = &r->out->csv[list];
	const char *comma = "";
	if (!out->length) {
		for (size_t i = 0; i < table->count; i++)
			buf_printf(out, "%s%s", i ? "," : "", table->items[i].key);
		buf_str(out, "\r\n");
	}
	for (size_t i = 0; i < table->count; i++) {
		const char *key = table->items[i].key;
		buf_clear(&cell);
		if (!put_drawn(r, key, drawn, properties, &cell))
			(void)put_property(r, key, json_read_get(properties, key), &cell);
		buf_str(out, comma);
		hub_csv_field(out, (const char *)cell.data, cell.length);
		comma = ",";
	}
	buf_str(out, "\r\n");
	r->failed |= cell.failed || out->failed;
	buf_fini(&cell);
}

static const char *
geometry_type(const struct json_value *feature)
{
	return json_read_text(json_read_get(json_read_get(feature, "geometry"), "type"));
}

/* SITES or SEGMENTS; -1 for anything else, complained of if `tell`. */
static int
list_of(struct corridor_geojson_reading *r, bool tell)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const struct json_value *named = json_read_get(properties, "list");
	const char *word = json_read_text(named), *type = geometry_type(r->feature);
	bool point = type && strcmp(type, "Point") == 0;
	bool line =
		type && (strcmp(type, "LineString") == 0 || strcmp(type, "MultiLineString") == 0);
	bool none = json_read_is_null(json_read_get(r->feature, "geometry"));
	int list = point ? SITES : line ? SEGMENTS : -1;
	if (word && strcmp(word, "sites") == 0 && (point || none))
		return SITES;
	if (word && strcmp(word, "segments") == 0 && (line || none))
		return SEGMENTS;
	if (!word && list >= 0)
		return list;
	if (!tell)
		return -1;
	if (word && list >= 0)
		corridor_geojson_complain(
			r, "list is \"%s\", its geometry a %s; sites are points, segments lines",
			hub_show(word).text, type);
	else
		corridor_geojson_complain(
			r,
			"its geometry is %s%s, expected a Point for a site or a LineString for "
			"a segment",
			type ? "a " : "none", type ? hub_show(type).text : "");
	return -1;
}

static void
take_id(struct corridor_geojson_reading *r)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const struct json_value *id = json_read_get(properties, "id");
	if (json_read_is_null(id))
		id = json_read_get(r->feature, "id");
	r->id = json_read_text(id);
	if (id && id->type == JSON_NUMBER)
		r->id = arena_copy(r->arena, id->raw, id->raw_length);
}

static void
take_site(struct corridor_geojson_reading *r)
{
	const struct json_value *geometry = json_read_get(r->feature, "geometry");
	const struct json_value *properties = json_read_get(r->feature, "properties");
	struct hub_place place = {(double)NAN, (double)NAN};
	struct corridor_geojson_cells drawn = {.place = &place};
	if (json_read_is_null(geometry))
		drawn.place = NULL;
	else if (!corridor_geojson_place(r, json_read_get(geometry, "coordinates"), &place))
		return;
	r->sites[r->site_count++] = (struct corridor_geojson_site){r->id, place};
	corridor_geojson_row(r, SITES, properties, &drawn);
}

static void
take_segment(struct corridor_geojson_reading *r)
{
	const struct json_value *geometry = json_read_get(r->feature, "geometry");
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const char *how = json_read_text(json_read_get(properties, "line"));
	struct corridor_geojson_cells drawn = {0};
	struct corridor_line line = {0};
	if (!json_read_is_null(geometry)) {
		if (!corridor_geojson_line(r, geometry, &line))
			return;
		const struct corridor_geojson_site *a =
			corridor_geojson_end(r, "a", "start", line.places[0]);
		const struct corridor_geojson_site *b =
			corridor_geojson_end(r, "b", "end", line.places[line.count - 1]);
		if (!a || !b || !corridor_geojson_check_ends(r, &line, a, b))
			return;
		line.drawn = how && strcmp(how, "drawn") == 0;
		drawn = (struct corridor_geojson_cells){.line = &line, .a = a->id, .b = b->id};
		if (json_read_is_null(json_read_get(properties, "length_km")))
			corridor_geojson_note(r, "its length is that of its line");
	}
	corridor_geojson_row(r, SEGMENTS, properties, &drawn);
}

static bool
is_known_property(const char *key)
{
	static const char *const own[] = {"list", "line"};
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], key) == 0)
			return true;
	for (size_t list = SITES; list <= SEGMENTS; list++) {
		const struct hub_table *table = hub_csv_list(hub_csv_lists[list])->table;
		for (size_t i = 0; i < table->count; i++)
			if (strcmp(table->items[i].key, key) == 0)
				return true;
	}
	return false;
}

/* Of the first feature that has some: all others are of the same make. */
static void
note_properties_left(struct corridor_geojson_reading *r)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	bool any = false;
	if (r->out->notes.length || !properties || properties->type != JSON_OBJECT)
		return;
	for (const struct json_value *v = json_read_first(properties); v; v = v->next) {
		if (is_known_property(v->key))
			continue;
		buf_printf(&r->out->notes, "%s%s",
			   any ? ", " : "left aside: ", hub_show(v->key).text);
		any = true;
	}
	if (any)
		buf_str(&r->out->notes, "\n");
}

/* Sites first: segments end there. */
static void
take_features(struct corridor_geojson_reading *r, const struct json_value *features, int wanted)
{
	r->number = 0;
	for (r->feature = json_read_first(features); r->feature && !r->failed;
	     r->feature = r->feature->next) {
		r->number++;
		r->id = NULL;
		const char *type = json_read_text(json_read_get(r->feature, "type"));
		if (!type || strcmp(type, "Feature") != 0) {
			if (wanted == SITES)
				corridor_geojson_complain(r, "it is no Feature");
			continue;
		}
		take_id(r);
		int list = list_of(r, wanted == SITES);
		if (list != wanted)
			continue;
		if (!r->id) {
			corridor_geojson_complain(r, "it has no id");
			continue;
		}
		note_properties_left(r);
		if (list == SITES)
			take_site(r);
		else
			take_segment(r);
	}
	r->number = 0;
}

/* WGS 84 with longitude first has this name among those who write it (RFC 7946 section 4 has no
 * other, and no member for it). */
static bool
check_crs(struct corridor_geojson_reading *r, const struct json_value *root)
{
	const struct json_value *crs = json_read_get(root, "crs");
	const char *name = json_read_text(json_read_get(json_read_get(crs, "properties"), "name"));
	if (json_read_is_null(crs) ||
	    (name && strlen(name) >= 5 && strcasecmp(name + strlen(name) - 5, "CRS84") == 0))
		return true;
	corridor_geojson_complain(
		r,
		"crs: found %s, expected none: coordinates are degrees of WGS 84, longitude "
		"first (RFC 7946); ogr2ogr -t_srs EPSG:4326 makes them so",
		name ? hub_show(name).text : "one without a name");
	return false;
}

static void
take_lists(struct corridor_geojson_reading *r, const struct json_value *lists)
{
	static const struct corridor_geojson_cells nothing;
	r->id = NULL;
	if (!json_read_is_null(lists) && lists->type != JSON_OBJECT) {
		corridor_geojson_complain(
			r, "lists: found no object, expected one with the names of lists");
		return;
	}
	for (const struct json_value *v = json_read_first(lists); v && !r->failed; v = v->next) {
		size_t list = 0;
		while (list < HUB_CSV_LISTS && strcmp(hub_csv_lists[list], v->key) != 0)
			list++;
		if (list == HUB_CSV_LISTS || list <= SEGMENTS || v->type != JSON_ARRAY) {
			corridor_geojson_complain(
				r, "lists: found \"%s\", which is no list of the corridor",
				hub_show(v->key).text);
			continue;
		}
		for (const struct json_value *row = v->first; row && !r->failed; row = row->next)
			corridor_geojson_row(r, list, row, &nothing);
	}
}

static bool
take_known(struct corridor_geojson_reading *r, const struct json_value *features,
	   const struct hub *known)
{
	size_t room = corridor_geojson_count(features) + (known ? known->site_count : 0) + 1;
	r->sites = arena_take(r->arena, room * sizeof(*r->sites));
	return r->sites != NULL;
}

int
corridor_import_json(struct corridor_import *out, const char *bytes, size_t length,
		     const struct hub *known)
{
	assert(out && (bytes || length == 0));
	struct corridor_geojson_reading r = {.out = out, .arena = arena_new(), .noun = "feature"};
	size_t stop = 0;
	const struct json_value *root =
		r.arena ? json_read_until(r.arena, bytes, length, &stop) : NULL;
	const char *type = json_read_text(json_read_get(root, "type"));
	const struct json_value *features = json_read_get(root, "features");
	if (!r.arena || out->complaints.failed)
		r.failed = true;
	else if (!root)
		corridor_geojson_complain(&r, "it is not JSON: octet %zu makes no sense", stop);
	else if (!type && corridor_nodelink_is(root))
		corridor_nodelink_take(&r, root);
	else if (!type || strcmp(type, "FeatureCollection") != 0 || !features ||
		 features->type != JSON_ARRAY)
		corridor_geojson_complain(
			&r,
			"its type is %s, expected a FeatureCollection with features (GeoJSON), or "
			"nodes and edges (node-link JSON)",
			type ? hub_show(type).text : "not told");
	else if (!take_known(&r, features, known))
		r.failed = true;
	else if (check_crs(&r, root)) {
		take_features(&r, features, SITES);
		for (size_t i = 0; known && i < known->site_count; i++) {
			const struct hub_site *s = &known->sites[i];
			if (!corridor_geojson_site_by_id(&r, s->id))
				r.sites[r.site_count++] = (struct corridor_geojson_site){
					s->id, {s->longitude, s->latitude}};
		}
		take_features(&r, features, SEGMENTS);
		take_lists(&r, json_read_get(root, "lists"));
	}
	if (out->complaint_count > CORRIDOR_IMPORT_COMPLAINTS_MAX)
		buf_printf(&out->complaints, "and %zu more\n",
			   out->complaint_count - CORRIDOR_IMPORT_COMPLAINTS_MAX);
	arena_free(r.arena);
	return r.failed || out->complaint_count ? -1 : 0;
}
