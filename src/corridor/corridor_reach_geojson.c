/* Towers and existing fibre from GeoJSON (RFC 7946): a FeatureCollection, a Feature or a bare
 * geometry. Positions have the longitude first (section 3.1.1); an altitude is ignored. */
#include <math.h>
#include <string.h>

#include "base/json_read.h"
#include "corridor/corridor_reach_parts.h"

static bool
is_type(const struct json_value *value, const char *type)
{
	const char *text = json_read_text(json_read_get(value, "type"));
	return text && strcmp(text, type) == 0;
}

static bool
take_position(struct corridor_reach_record *record, const struct json_value *position)
{
	const struct json_value *longitude = json_read_first(position);
	return longitude && json_read_number(&record->longitude, longitude) &&
	       json_read_number(&record->latitude, longitude->next);
}

/* A property as text, whatever it is written as: numbers as they stand, yes and no as words. */
static const char *
property(struct corridor_reach_reader *r, const struct json_value *properties, const char *key)
{
	const struct json_value *value = json_read_get(properties, key);
	if (json_read_is_null(value))
		return NULL;
	switch (value->type) {
	case JSON_TEXT:
		return value->text[0] ? value->text : NULL;
	case JSON_TRUE:
		return "yes";
	case JSON_FALSE:
		return "no";
	case JSON_NUMBER:
		return arena_copy(r->scratch, value->raw, value->raw_length);
	default:
		return NULL;
	}
}

static void
take_properties(struct corridor_reach_reader *r, struct corridor_reach_record *record,
		const struct json_value *feature)
{
	const struct json_value *properties = json_read_get(feature, "properties");
	for (int i = 0; i < REACH_TEXTS; i++)
		record->text[i] = property(r, properties, corridor_reach_key(i));
	/* RFC 7946 section 3.2 has a place for the id beside the properties. */
	if (!record->text[REACH_ID])
		record->text[REACH_ID] = property(r, feature, "id");
}

/* All positions of a list are one line: the name of its record is changed for the next one. */
static void
take_line(struct corridor_reach_reader *r, struct corridor_reach_record *record,
	  const struct json_value *positions)
{
	char *line = arena_printf(r->scratch, "%zu", ++r->lines);
	record->text[REACH_LINE] = line;
	if (!line)
		corridor_reach_say(r, "out of memory");
	for (const struct json_value *p = json_read_first(positions); p && line; p = p->next) {
		if (!take_position(record, p)) {
			corridor_reach_say(r, "a position is not [longitude, latitude]");
			return;
		}
		corridor_reach_take_point(r, record);
	}
}

static void
take_fibre(struct corridor_reach_reader *r, struct corridor_reach_record *record,
	   const struct json_value *geometry)
{
	const struct json_value *coordinates = json_read_get(geometry, "coordinates");
	if (is_type(geometry, "LineString")) {
		take_line(r, record, coordinates);
	} else if (is_type(geometry, "MultiLineString")) {
		const struct json_value *line = json_read_first(coordinates);
		for (; line; line = line->next)
			take_line(r, record, line);
	} else if (is_type(geometry, "Point") && take_position(record, coordinates)) {
		record->text[REACH_LINE] = NULL;
		corridor_reach_take_point(r, record);
	} else {
		corridor_reach_say(r, "found another geometry, expected LineString, "
				      "MultiLineString or Point with positions");
	}
}

static void
take_feature(struct corridor_reach_reader *r, const struct json_value *feature, bool towers)
{
	struct corridor_reach_record record = {.latitude = NAN, .longitude = NAN};
	const struct json_value *geometry = json_read_get(feature, "geometry");
	if (!is_type(feature, "Feature"))
		geometry = feature;
	r->feature++;
	take_properties(r, &record, feature);
	if (!towers) {
		take_fibre(r, &record, geometry);
		return;
	}
	/* A feature may have no place: "geometry": null (section 3.2). */
	if (!json_read_is_null(geometry) &&
	    (!is_type(geometry, "Point") ||
	     !take_position(&record, json_read_get(geometry, "coordinates")))) {
		corridor_reach_say(r, "found another geometry, expected Point with a position");
		return;
	}
	corridor_reach_take_tower(r, &record);
}

/* How many positions are below: the most that there can be points of lines. */
static size_t
positions_in(const struct json_value *coordinates)
{
	const struct json_value *first = json_read_first(coordinates);
	if (!first || first->type != JSON_ARRAY)
		return 1;
	size_t count = 0;
	for (; first; first = first->next)
		count += positions_in(first);
	return count;
}

static size_t
records_in(const struct json_value *feature, bool towers)
{
	const struct json_value *geometry = json_read_get(feature, "geometry");
	return towers ? 1
		      : positions_in(json_read_get(geometry ? geometry : feature, "coordinates"));
}

void
corridor_reach_read_geojson(struct corridor_reach_reader *r, const struct buf *bytes, bool towers)
{
	size_t stop = 0, count = 0;
	const char *text = (const char *)bytes->data;
	const struct json_value *root = json_read_until(r->scratch, text, bytes->length, &stop);
	if (!root) {
		for (size_t i = 0; i < stop && i < bytes->length; i++)
			r->mark.line += text[i] == '\n';
		r->mark.line++;
		corridor_reach_say(r, "this is not JSON from here on");
		return;
	}
	bool collection = is_type(root, "FeatureCollection");
	const struct json_value *features = json_read_get(root, "features");
	if (collection && (!features || features->type != JSON_ARRAY)) {
		corridor_reach_say(r, "the collection has no list of features");
		return;
	}
	const struct json_value *first = collection ? json_read_first(features) : root;
	for (const struct json_value *f = first; f; f = collection ? f->next : NULL)
		count += records_in(f, towers);
	if (!corridor_reach_room(r, count, towers))
		return;
	for (const struct json_value *f = first; f && !hub_report_full(r->report);
	     f = collection ? f->next : NULL)
		take_feature(r, f, towers);
}
