/* Graphs as networkx and TopoHub write them (node-link JSON) to lists of the hub file: nodes are
 * sites, edges segments. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_geojson_parts.h"
#include "hub/hub_csv.h"
#include "hub/hub_report.h"
#include "hub/hub_value.h"

/* Text, or a number as it stands; NULL for anything else. */
static const char *
word_of(const struct corridor_geojson_reading *r, const struct json_value *value)
{
	if (value && value->type == JSON_NUMBER)
		return arena_copy(r->arena, value->raw, value->raw_length);
	return json_read_text(value);
}

/* A name as an id: what no id may hold becomes "_". */
static const char *
id_of_word(const struct corridor_geojson_reading *r, const char *word)
{
	char *id = word ? arena_str(r->arena, word) : NULL;
	for (char *c = id; c && *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._:/-", *c))
			*c = '_';
	return id;
}

static const struct json_value *
edges_of(const struct json_value *root)
{
	const struct json_value *edges = json_read_get(root, "edges");
	return edges ? edges : json_read_get(root, "links");
}

bool
corridor_nodelink_is(const struct json_value *root)
{
	const struct json_value *nodes = json_read_get(root, "nodes"), *edges = edges_of(root);
	return nodes && nodes->type == JSON_ARRAY && edges && edges->type == JSON_ARRAY;
}

/* The two numbers of `pos`, when they may be longitude and latitude. */
static bool
read_degrees(double out[2], const struct json_value *node)
{
	const struct json_value *x = json_read_first(json_read_get(node, "pos"));
	return json_read_number(&out[0], x) && json_read_number(&out[1], x ? x->next : NULL) &&
	       fabs(out[0]) <= 180 && fabs(out[1]) <= 90;
}

/* Do all that have a `pos` have it in degrees? A drawing in another measure tells no places. */
static bool
all_in_degrees(struct corridor_geojson_reading *r, const struct json_value *nodes)
{
	for (const struct json_value *n = json_read_first(nodes); n; n = n->next) {
		double degrees[2];
		if (json_read_is_null(json_read_get(n, "pos")) || read_degrees(degrees, n))
			continue;
		buf_str(&r->out->notes,
			"pos: not everywhere degrees of longitude and latitude: left aside\n");
		return false;
	}
	return true;
}

static const char *
decimal(const struct corridor_geojson_reading *r, double number)
{
	struct buf text = {0};
	hub_write_decimal(number, &text);
	char *kept = text.failed ? NULL : arena_copy(r->arena, text.data, text.length);
	buf_fini(&text);
	return kept;
}

/* Takes one node; r->id is its id. */
static void
take_node(struct corridor_geojson_reading *r, bool places)
{
	const struct json_value *node = r->feature, *name = json_read_get(node, "name");
	double degrees[2];
	const char *word = word_of(r, json_read_get(node, "id"));
	if (json_read_is_null(name))
		name = json_read_get(node, "label");
	r->id = id_of_word(r, word);
	if (!r->id) {
		corridor_geojson_complain(r, "id: found none, expected text or a number");
		return;
	}
	bool placed = places && read_degrees(degrees, node);
	const char *called = word_of(r, name);
	const struct corridor_geojson_cell told[] = {
		{"id", r->id},
		{"name", called ? called : word},
		{"lon", placed ? decimal(r, degrees[0]) : NULL},
		{"lat", placed ? decimal(r, degrees[1]) : NULL},
	};
	corridor_geojson_row(r, CORRIDOR_GEOJSON_SITES, node,
			     &(struct corridor_geojson_cells){
				     .told = told, .told_count = sizeof(told) / sizeof(told[0])});
}

/* The length of an edge, by the first of these that it has; NULL, and complained. */
static const char *
length_of(struct corridor_geojson_reading *r)
{
	static const char *const keys[] = {"length_km", "dist", "distance", "length"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		double km;
		if (json_read_number(&km, json_read_get(r->feature, keys[i])) && fabs(km) < 1e15)
			return decimal(r, km);
	}
	corridor_geojson_complain(
		r, "its length: found none, expected a number of km as length_km, dist, distance "
		   "or length");
	return NULL;
}

/* Takes one edge; r->id is its id. */
static void
take_edge(struct corridor_geojson_reading *r)
{
	const struct json_value *edge = r->feature;
	const char *own = word_of(r, json_read_get(edge, "id"));
	r->id = own ? id_of_word(r, own) : arena_printf(r->arena, "E%zu", r->number);
	const char *a = id_of_word(r, word_of(r, json_read_get(edge, "source")));
	const char *b = id_of_word(r, word_of(r, json_read_get(edge, "target")));
	if (!a || !b) {
		corridor_geojson_complain(r, "its ends: expected source and target");
		return;
	}
	const char *length = length_of(r), *status = json_read_text(json_read_get(edge, "status"));
	if (!length)
		return;
	const struct corridor_geojson_cell told[] = {
		{"id", r->id},
		{"a", a},
		{"b", b},
		{"length_km", length},
		{"status", status ? status : "in service"},
		{"source", ""}, /* the other end, not where this was read */
	};
	corridor_geojson_row(r, CORRIDOR_GEOJSON_SEGMENTS, edge,
			     &(struct corridor_geojson_cells){
				     .told = told, .told_count = sizeof(told) / sizeof(told[0])});
}

void
corridor_nodelink_take(struct corridor_geojson_reading *r, const struct json_value *root)
{
	const struct json_value *nodes = json_read_get(root, "nodes");
	if (json_read_is_true(json_read_get(root, "directed"))) {
		corridor_geojson_complain(
			r, "it is directed, and a segment is one fibre for both directions: "
			   "expected an undirected graph (networkx: to_undirected)");
		return;
	}
	bool places = all_in_degrees(r, nodes);
	r->noun = "node";
	for (r->feature = json_read_first(nodes); r->feature && !r->failed;
	     r->feature = r->feature->next) {
		r->number++;
		take_node(r, places);
	}
	r->number = 0;
	r->noun = "edge";
	for (r->feature = json_read_first(edges_of(root)); r->feature && !r->failed;
	     r->feature = r->feature->next) {
		r->number++;
		take_edge(r);
	}
	r->number = 0;
	r->id = NULL;
}
