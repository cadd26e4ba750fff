/* GeoJSON (RFC 7946) to lists of the hub file. */
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "corridor/corridor_geo.h"
#include "corridor/corridor_import.h"
#include "corridor/corridor_line.h"
#include "hub/hub_report.h"
#include "hub/hub_value.h"

enum { SITES, SEGMENTS };
/* A line that begins further away from the site where it is said to begin is not its line. */
static const double astray_km = 50;

struct geo_site {
	const char *id;
	struct hub_place place;
};

struct reading {
	struct corridor_import *out;
	struct arena *arena;
	struct geo_site *sites; /* of the file, then those known */
	size_t site_count;
	const struct json_value *feature; /* being read */
	size_t number;                    /* of it, from 1 */
	const char *id;
	bool failed; /* no memory */
};

static void complain(struct reading *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void
complain(struct reading *r, const char *format, ...)
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
		buf_printf(out, "feature %zu", r->number);
	if (r->number && r->id)
		buf_printf(out, " (%s)", hub_show(r->id).text);
	buf_printf(out, "%s%s\n", r->number ? ": " : "", text);
}

static void
note(struct reading *r, const char *what)
{
	buf_printf(&r->out->notes, "%s: %s\n", hub_show(r->id ? r->id : "?").text, what);
}

/* --- coordinates --- */

static bool
read_place(struct reading *r, const struct json_value *position, struct hub_place *out)
{
	const struct json_value *first = json_read_first(position);
	if (!first || position->type != JSON_ARRAY || !json_read_number(&out->longitude, first) ||
	    !json_read_number(&out->latitude, first->next)) {
		complain(r, "a position is not [longitude, latitude]");
		return false;
	}
	if (fabs(out->latitude) > 90 && fabs(out->longitude) <= 90) {
		complain(r,
			 "a position has the latitude %g; a longitude comes first: are the "
			 "two swapped?",
			 out->latitude);
		return false;
	}
	if (!(fabs(out->latitude) <= 90) || !(fabs(out->longitude) <= 180)) {
		complain(r,
			 "a position is [%g, %g]; expected degrees of WGS 84, longitude -180 "
			 "to 180 and latitude -90 to 90",
			 out->longitude, out->latitude);
		return false;
	}
	return true;
}

static size_t
count_of(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(array); v; v = v->next)
		count++;
	return count;
}

/* One line's positions, appended to the parts. */
static bool
read_part(struct reading *r, const struct json_value *array, struct corridor_line_parts *parts)
{
	size_t used = parts->first[parts->count];
	if (!array || array->type != JSON_ARRAY || count_of(array) < 2) {
		complain(r, "a line has less than two positions");
		return false;
	}
	for (const struct json_value *v = json_read_first(array); v; v = v->next)
		if (!read_place(r, v, &parts->places[used++]))
			return false;
	parts->first[++parts->count] = used;
	return true;
}

/* The line of a LineString, or of a MultiLineString that was cut at the antimeridian. */
static bool
read_line(struct reading *r, const struct json_value *geometry, struct corridor_line *out)
{
	const struct json_value *all = json_read_get(geometry, "coordinates");
	bool many = strcmp(json_read_text(json_read_get(geometry, "type")), "MultiLineString") == 0;
	size_t places = 0, count = many ? count_of(all) : 1;
	for (const struct json_value *v = json_read_first(all); v && many; v = v->next)
		places += count_of(v);
	places += many ? 0 : count_of(all);
	struct corridor_line_parts parts = {
		.places = arena_take(r->arena, (places + 1) * sizeof(*parts.places)),
		.first = arena_take(r->arena, (count + 2) * sizeof(*parts.first)),
	};
	if (!parts.places || !parts.first) {
		r->failed = true;
		return false;
	}
	if (!many && !read_part(r, all, &parts))
		return false;
	for (const struct json_value *v = json_read_first(all); v && many; v = v->next)
		if (!read_part(r, v, &parts))
			return false;
	if (parts.count == 0) {
		complain(r, "a line has no parts");
		return false;
	}
	if (corridor_line_join(out, r->arena, &parts) == 0)
		return true;
	if (errno == ENOMEM)
		r->failed = true;
	else
		complain(r, "the parts of its line do not meet; expected one line, cut only at the "
			    "antimeridian");
	return false;
}

/* --- sites --- */

static double
distance_km(struct hub_place a, struct hub_place b)
{
	return corridor_geo_distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
}

static const struct geo_site *
site_by_id(const struct reading *r, const char *id)
{
	for (size_t i = 0; i < r->site_count; i++)
		if (strcmp(r->sites[i].id, id) == 0)
			return &r->sites[i];
	return NULL;
}

/* The nearest site, and the next nearest. */
static void
nearest_sites(const struct reading *r, struct hub_place place, const struct geo_site *out[2])
{
	double km[2] = {INFINITY, INFINITY};
	out[0] = out[1] = NULL;
	for (size_t i = 0; i < r->site_count; i++) {
		double here = distance_km(r->sites[i].place, place);
		if (here < km[0]) {
			km[1] = km[0];
			out[1] = out[0];
			km[0] = here;
			out[0] = &r->sites[i];
		} else if (here < km[1]) {
			km[1] = here;
			out[1] = &r->sites[i];
		}
	}
}

static void
complain_of_end(struct reading *r, const char *which, struct hub_place place)
{
	const struct geo_site *near[2];
	char next[80] = "";
	nearest_sites(r, place, near);
	if (near[1])
		(void)snprintf(next, sizeof(next), " and %.40s (%.0f km)", near[1]->id,
			       distance_km(near[1]->place, place));
	if (near[0])
		complain(r,
			 "its %s at [%g, %g] is at no site; the nearest %s %.40s (%.0f km)%s; name "
			 "it with the property %s",
			 which, place.longitude, place.latitude, near[1] ? "are" : "is",
			 near[0]->id, distance_km(near[0]->place, place), next,
			 strcmp(which, "start") == 0 ? "a" : "b");
	else
		complain(r, "its %s at [%g, %g] is at no site, and no site has coordinates", which,
			 place.longitude, place.latitude);
}

/* The site that a property names, or that is at the place. NULL, and complained. */
static const struct geo_site *
find_end(struct reading *r, const char *key, const char *which, struct hub_place place)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const char *id = json_read_text(json_read_get(properties, key));
	const struct geo_site *near[2];
	if (!id) {
		nearest_sites(r, place, near);
		if (near[0] && distance_km(near[0]->place, place) <= CORRIDOR_END_KM)
			return near[0];
		complain_of_end(r, which, place);
		return NULL;
	}
	const struct geo_site *site = site_by_id(r, id);
	if (site)
		return site;
	nearest_sites(r, place, near);
	if (near[0])
		complain(r, "%s is \"%s\", which is no site; the nearest to its %s is %s (%.0f km)",
			 key, hub_show(id).text, which, near[0]->id,
			 distance_km(near[0]->place, place));
	else
		complain(r, "%s is \"%s\", which is no site", key, hub_show(id).text);
	return NULL;
}

/* Does the line run from one site to the other? Turns it round when it runs the other way. */
static bool
check_ends(struct reading *r, struct corridor_line *line, const struct geo_site *a,
	   const struct geo_site *b)
{
	struct hub_place start = line->places[0], end = line->places[line->count - 1];
	double along = distance_km(start, a->place) + distance_km(end, b->place);
	double against = distance_km(start, b->place) + distance_km(end, a->place);
	if (isnan(along) || isnan(against))
		return true;
	if (against < along && along > astray_km) {
		for (size_t i = 0; i < line->count / 2; i++) {
			struct hub_place swap = line->places[i];
			line->places[i] = line->places[line->count - 1 - i];
			line->places[line->count - 1 - i] = swap;
		}
		note(r, "its line runs from b to a, and was turned round");
		along = against;
		start = line->places[0];
	}
	if (along <= 2 * astray_km)
		return true;
	struct hub_place swapped = {start.latitude, start.longitude};
	bool other = distance_km(swapped, a->place) < astray_km;
	complain(r, "its line begins at [%g, %g], %.0f km from %s%s", start.longitude,
		 start.latitude, distance_km(start, a->place), a->id,
		 other ? "; with longitude and latitude swapped it would begin there" : "");
	return false;
}

/* --- cells --- */

/* The text of a property for a cell. False, and complained, when a cell cannot hold it. */
static bool
put_property(struct reading *r, const char *key, const struct json_value *value, struct buf *out)
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
				complain(r,
					 "%s: found %s%s%s in a list, expected words without a "
					 "blank, comma or semicolon",
					 key, word ? "\"" : "something",
					 word ? hub_show(word).text : "", word ? "\"" : "");
				return false;
			}
			buf_printf(out, "%s%s", v == value->first ? "" : " ", word);
		}
	} else {
		complain(r, "%s: found an object or a number too large, expected a plain value",
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

/* What geometry tells: the cells that do not come from properties. */
struct drawn_cells {
	const struct hub_place *place;    /* of a site */
	const struct corridor_line *line; /* of a segment; points: what is between its ends */
	const char *a, *b;
};

static bool
same_place(struct hub_place a, struct hub_place b)
{
	return a.longitude == b.longitude && a.latitude == b.latitude;
}

static void
put_points(const struct reading *r, const struct drawn_cells *drawn, struct buf *out)
{
	const struct corridor_line *line = drawn->line;
	const struct geo_site *a = site_by_id(r, drawn->a), *b = site_by_id(r, drawn->b);
	size_t from = a && same_place(a->place, line->places[0]);
	size_t to = line->count - (b && same_place(b->place, line->places[line->count - 1]));
	for (size_t i = from; i < to; i++) {
		if (i > from)
			buf_u8(out, ' ');
		put_place(out, line->places[i]);
	}
}

/* True when the cell is one that geometry tells. */
static bool
put_drawn(struct reading *r, const char *key, const struct drawn_cells *drawn,
	  const struct json_value *properties, struct buf *out)
{
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

/* One row of a list, its columns those of the schema. */
static void
put_row(struct reading *r, size_t list, const struct json_value *properties,
	const struct drawn_cells *drawn)
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

/* --- features --- */

static const char *
geometry_type(const struct json_value *feature)
{
	return json_read_text(json_read_get(json_read_get(feature, "geometry"), "type"));
}

/* SITES or SEGMENTS; -1 for anything else, complained of if `tell`. */
static int
list_of(struct reading *r, bool tell)
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
		complain(r, "list is \"%s\", its geometry a %s; sites are points, segments lines",
			 hub_show(word).text, type);
	else
		complain(r,
			 "its geometry is %s%s, expected a Point for a site or a LineString for "
			 "a segment",
			 type ? "a " : "none", type ? hub_show(type).text : "");
	return -1;
}

static void
take_id(struct reading *r)
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
take_site(struct reading *r)
{
	const struct json_value *geometry = json_read_get(r->feature, "geometry");
	const struct json_value *properties = json_read_get(r->feature, "properties");
	struct hub_place place = {(double)NAN, (double)NAN};
	struct drawn_cells drawn = {.place = &place};
	if (json_read_is_null(geometry))
		drawn.place = NULL;
	else if (!read_place(r, json_read_get(geometry, "coordinates"), &place))
		return;
	r->sites[r->site_count++] = (struct geo_site){r->id, place};
	put_row(r, SITES, properties, &drawn);
}

static void
take_segment(struct reading *r)
{
	const struct json_value *geometry = json_read_get(r->feature, "geometry");
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const char *how = json_read_text(json_read_get(properties, "line"));
	struct drawn_cells drawn = {0};
	struct corridor_line line = {0};
	if (!json_read_is_null(geometry)) {
		if (!read_line(r, geometry, &line))
			return;
		const struct geo_site *a = find_end(r, "a", "start", line.places[0]);
		const struct geo_site *b = find_end(r, "b", "end", line.places[line.count - 1]);
		if (!a || !b || !check_ends(r, &line, a, b))
			return;
		line.drawn = how && strcmp(how, "drawn") == 0;
		drawn = (struct drawn_cells){.line = &line, .a = a->id, .b = b->id};
		if (json_read_is_null(json_read_get(properties, "length_km")))
			note(r, "its length is that of its line");
	}
	put_row(r, SEGMENTS, properties, &drawn);
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
note_properties_left(struct reading *r)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	bool any = false;
	if (r->out->notes.length)
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
take_features(struct reading *r, const struct json_value *features, int wanted)
{
	r->number = 0;
	for (r->feature = json_read_first(features); r->feature && !r->failed;
	     r->feature = r->feature->next) {
		r->number++;
		r->id = NULL;
		const char *type = json_read_text(json_read_get(r->feature, "type"));
		if (!type || strcmp(type, "Feature") != 0) {
			if (wanted == SITES)
				complain(r, "it is no Feature");
			continue;
		}
		take_id(r);
		int list = list_of(r, wanted == SITES);
		if (list != wanted)
			continue;
		if (!r->id) {
			complain(r, "it has no id");
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
check_crs(struct reading *r, const struct json_value *root)
{
	const struct json_value *crs = json_read_get(root, "crs");
	const char *name = json_read_text(json_read_get(json_read_get(crs, "properties"), "name"));
	if (json_read_is_null(crs) ||
	    (name && strlen(name) >= 5 && strcasecmp(name + strlen(name) - 5, "CRS84") == 0))
		return true;
	complain(r,
		 "crs: found %s, expected none: coordinates are degrees of WGS 84, longitude "
		 "first (RFC 7946); ogr2ogr -t_srs EPSG:4326 makes them so",
		 name ? hub_show(name).text : "one without a name");
	return false;
}

static void
take_lists(struct reading *r, const struct json_value *lists)
{
	static const struct drawn_cells nothing;
	r->id = NULL;
	for (const struct json_value *v = json_read_first(lists); v && !r->failed; v = v->next) {
		size_t list = 0;
		while (list < HUB_CSV_LISTS && strcmp(hub_csv_lists[list], v->key) != 0)
			list++;
		if (list == HUB_CSV_LISTS || list <= SEGMENTS || v->type != JSON_ARRAY) {
			complain(r, "lists: found \"%s\", which is no list of the corridor",
				 hub_show(v->key).text);
			continue;
		}
		for (const struct json_value *row = v->first; row && !r->failed; row = row->next)
			put_row(r, list, row, &nothing);
	}
}

static bool
take_known(struct reading *r, const struct json_value *features, const struct hub *known)
{
	size_t room = count_of(features) + (known ? known->site_count : 0) + 1;
	r->sites = arena_take(r->arena, room * sizeof(*r->sites));
	return r->sites != NULL;
}

int
corridor_import_geojson(struct corridor_import *out, const char *bytes, size_t length,
			const struct hub *known)
{
	assert(out && (bytes || length == 0));
	struct reading r = {.out = out, .arena = arena_new()};
	size_t stop = 0;
	const struct json_value *root =
		r.arena ? json_read_until(r.arena, bytes, length, &stop) : NULL;
	const char *type = json_read_text(json_read_get(root, "type"));
	const struct json_value *features = json_read_get(root, "features");
	if (!r.arena || out->complaints.failed)
		r.failed = true;
	else if (!root)
		complain(&r, "it is not JSON: octet %zu makes no sense", stop);
	else if (!type || strcmp(type, "FeatureCollection") != 0 || !features ||
		 features->type != JSON_ARRAY)
		complain(&r, "its type is %s, expected a FeatureCollection with features",
			 type ? hub_show(type).text : "not told");
	else if (!take_known(&r, features, known))
		r.failed = true;
	else if (check_crs(&r, root)) {
		take_features(&r, features, SITES);
		for (size_t i = 0; known && i < known->site_count; i++) {
			const struct hub_site *s = &known->sites[i];
			if (!site_by_id(&r, s->id))
				r.sites[r.site_count++] =
					(struct geo_site){s->id, {s->longitude, s->latitude}};
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
