/* The parts of corridor_geojson and corridor_nodelink; used by their files only. */
#pragma once

#include "base/arena.h"
#include "base/json_read.h"
#include "corridor/corridor_import.h"
#include "corridor/corridor_line.h"

struct corridor_geojson_site {
	const char *id;
	struct hub_place place;
};

struct corridor_geojson_reading {
	struct corridor_import *out;
	struct arena *arena;
	struct corridor_geojson_site *sites; /* of the file, then those known */
	size_t site_count;
	const struct json_value *feature; /* being read */
	const char *noun;                 /* what the file calls it */
	size_t number;                    /* of it, from 1 */
	const char *id;
	bool failed; /* no memory */
};

enum { CORRIDOR_GEOJSON_SITES, CORRIDOR_GEOJSON_SEGMENTS }; /* by hub_csv_lists */

struct corridor_geojson_cell {
	const char *key, *text; /* NULL: left to the properties */
};

/* The cells of a row that do not come from properties of their names. */
struct corridor_geojson_cells {
	const struct hub_place *place;    /* of a site */
	const struct corridor_line *line; /* of a segment; points: what is between its ends */
	const char *a, *b;
	const struct corridor_geojson_cell *told; /* these go before all others */
	size_t told_count;
};

/* --- corridor_geojson.c --- */
/* Writes one row of a list (by hub_csv_lists), its columns those of the schema: what `cells` tell, else
 * the property of that name. */
void corridor_geojson_row(struct corridor_geojson_reading *r, size_t list,
			  const struct json_value *properties,
			  const struct corridor_geojson_cells *cells);
/* Says what is wrong with the feature being read: the file is refused. */
void corridor_geojson_complain(struct corridor_geojson_reading *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Says what was done with it. */
void corridor_geojson_note(struct corridor_geojson_reading *r, const char *what);

/* --- corridor_geojson_line.c; false when it was complained of, or there is no memory --- */
bool corridor_geojson_place(struct corridor_geojson_reading *r, const struct json_value *position,
			    struct hub_place *out);
/* The line of a LineString, or of a MultiLineString that was cut at the antimeridian. */
bool corridor_geojson_line(struct corridor_geojson_reading *r, const struct json_value *geometry,
			   struct corridor_line *out);
size_t corridor_geojson_count(const struct json_value *array);
const struct corridor_geojson_site *
corridor_geojson_site_by_id(const struct corridor_geojson_reading *r, const char *id);
/* The site that the property `key` names, or that is at the `which` (start, end) of the line. NULL,
 * and complained. */
const struct corridor_geojson_site *corridor_geojson_end(struct corridor_geojson_reading *r,
							 const char *key, const char *which,
							 struct hub_place place);
/* Does the line run from one site to the other? Turns it round when it runs the other way. */
bool corridor_geojson_check_ends(struct corridor_geojson_reading *r, struct corridor_line *line,
				 const struct corridor_geojson_site *a,
				 const struct corridor_geojson_site *b);

/* --- corridor_nodelink.c --- */
/* Has it nodes, and edges (or links)? */
bool corridor_nodelink_is(const struct json_value *root);
/* Nodes are sites: id, name (or label, else the id), `pos` as longitude and latitude where all are such.
 * Edges are segments: source, target and the length in km (length_km, dist, distance or length), in
 * service if they do not tell. What is called as an item of the hub file is taken as that. */
void corridor_nodelink_take(struct corridor_geojson_reading *r, const struct json_value *root);
