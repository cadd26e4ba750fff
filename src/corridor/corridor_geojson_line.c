/* Positions, lines and their ends. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_geo.h"
#include "corridor/corridor_geojson_parts.h"
#include "hub/hub_report.h"

/* A line that begins further away from the site where it is said to begin is not its line. */
static const double astray_km = 50;

bool
corridor_geojson_place(struct corridor_geojson_reading *r, const struct json_value *position,
		       struct hub_place *out)
{
	const struct json_value *first = json_read_first(position);
	if (!first || position->type != JSON_ARRAY || !json_read_number(&out->longitude, first) ||
	    !json_read_number(&out->latitude, first->next)) {
		corridor_geojson_complain(r, "a position is not [longitude, latitude]");
		return false;
	}
	if (fabs(out->latitude) > 90 && fabs(out->longitude) <= 90) {
		corridor_geojson_complain(
			r,
			"a position has the latitude %g; a longitude comes first: are the "
			"two swapped?",
			out->latitude);
		return false;
	}
	if (!(fabs(out->latitude) <= 90) || !(fabs(out->longitude) <= 180)) {
		corridor_geojson_complain(
			r,
			"a position is [%g, %g]; expected degrees of WGS 84, longitude -180 "
			"to 180 and latitude -90 to 90",
			out->longitude, out->latitude);
		return false;
	}
	return true;
}

size_t
corridor_geojson_count(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(array); v; v = v->next)
		count++;
	return count;
}

/* One line's positions, appended to the parts. */
static bool
read_part(struct corridor_geojson_reading *r, const struct json_value *array,
	  struct corridor_line_parts *parts)
{
	size_t used = parts->first[parts->count];
	if (!array || array->type != JSON_ARRAY || corridor_geojson_count(array) < 2) {
		corridor_geojson_complain(r, "a line has less than two positions");
		return false;
	}
	for (const struct json_value *v = json_read_first(array); v; v = v->next)
		if (!corridor_geojson_place(r, v, &parts->places[used++]))
			return false;
	parts->first[++parts->count] = used;
	return true;
}

bool
corridor_geojson_line(struct corridor_geojson_reading *r, const struct json_value *geometry,
		      struct corridor_line *out)
{
	const struct json_value *all = json_read_get(geometry, "coordinates");
	bool many = strcmp(json_read_text(json_read_get(geometry, "type")), "MultiLineString") == 0;
	size_t places = 0, count = many ? corridor_geojson_count(all) : 1;
	for (const struct json_value *v = json_read_first(all); v && many; v = v->next)
		places += corridor_geojson_count(v);
	places += many ? 0 : corridor_geojson_count(all);
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
		corridor_geojson_complain(r, "a line has no parts");
		return false;
	}
	if (corridor_line_join(out, r->arena, &parts) == 0)
		return true;
	if (errno == ENOMEM)
		r->failed = true;
	else
		corridor_geojson_complain(
			r, "the parts of its line do not meet; expected one line, cut only at the "
			   "antimeridian");
	return false;
}

static double
distance_km(struct hub_place a, struct hub_place b)
{
	return corridor_geo_distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
}

const struct corridor_geojson_site *
corridor_geojson_site_by_id(const struct corridor_geojson_reading *r, const char *id)
{
	for (size_t i = 0; i < r->site_count; i++)
		if (strcmp(r->sites[i].id, id) == 0)
			return &r->sites[i];
	return NULL;
}

/* The nearest site, and the next nearest. */
static void
nearest_sites(const struct corridor_geojson_reading *r, struct hub_place place,
	      const struct corridor_geojson_site *out[2])
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
complain_of_end(struct corridor_geojson_reading *r, const char *which, struct hub_place place)
{
	const struct corridor_geojson_site *near[2];
	char next[80] = "";
	nearest_sites(r, place, near);
	if (near[1])
		(void)snprintf(next, sizeof(next), " and %.40s (%.0f km)", near[1]->id,
			       distance_km(near[1]->place, place));
	if (near[0])
		corridor_geojson_complain(
			r,
			"its %s at [%g, %g] is at no site; the nearest %s %.40s (%.0f km)%s; name "
			"it with the property %s",
			which, place.longitude, place.latitude, near[1] ? "are" : "is", near[0]->id,
			distance_km(near[0]->place, place), next,
			strcmp(which, "start") == 0 ? "a" : "b");
	else
		corridor_geojson_complain(
			r, "its %s at [%g, %g] is at no site, and no site has coordinates", which,
			place.longitude, place.latitude);
}

const struct corridor_geojson_site *
corridor_geojson_end(struct corridor_geojson_reading *r, const char *key, const char *which,
		     struct hub_place place)
{
	const struct json_value *properties = json_read_get(r->feature, "properties");
	const char *id = json_read_text(json_read_get(properties, key));
	const struct corridor_geojson_site *near[2];
	if (!id) {
		nearest_sites(r, place, near);
		if (near[0] && distance_km(near[0]->place, place) <= CORRIDOR_END_KM)
			return near[0];
		complain_of_end(r, which, place);
		return NULL;
	}
	const struct corridor_geojson_site *site = corridor_geojson_site_by_id(r, id);
	if (site)
		return site;
	nearest_sites(r, place, near);
	if (near[0])
		corridor_geojson_complain(
			r, "%s is \"%s\", which is no site; the nearest to its %s is %s (%.0f km)",
			key, hub_show(id).text, which, near[0]->id,
			distance_km(near[0]->place, place));
	else
		corridor_geojson_complain(r, "%s is \"%s\", which is no site", key,
					  hub_show(id).text);
	return NULL;
}

bool
corridor_geojson_check_ends(struct corridor_geojson_reading *r, struct corridor_line *line,
			    const struct corridor_geojson_site *a,
			    const struct corridor_geojson_site *b)
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
		corridor_geojson_note(r, "its line runs from b to a, and was turned round");
		along = against;
		start = line->places[0];
	}
	if (along <= 2 * astray_km)
		return true;
	struct hub_place swapped = {start.latitude, start.longitude};
	bool other = distance_km(swapped, a->place) < astray_km;
	corridor_geojson_complain(
		r, "its line begins at [%g, %g], %.0f km from %s%s", start.longitude,
		start.latitude, distance_km(start, a->place), a->id,
		other ? "; with longitude and latitude swapped it would begin there" : "");
	return false;
}
