/* The map of the corridor: land, segments along their points or great circles, sites. What lies far from where most sites are is left
 * to the edge, so that a cable to another continent does not make all else small. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_ground.h"

enum { WIDTH = 1000, TALL_MOST = 640, LEGEND = 66, STEPS = 24 };

struct place {
	const char *id, *name;
	double latitude, longitude;
	unsigned segments; /* that end here */
	bool principal;
};

struct map {
	struct study_maker *m;
	struct study_ground ground;
	struct place *places;
	size_t place_count;
};

static struct place *
place_of(struct map *map, const char *id)
{
	for (size_t i = 0; i < map->place_count; i++)
		if (strcmp(map->places[i].id, id) == 0)
			return &map->places[i];
	return NULL;
}

static void
read_places(struct map *map)
{
	const struct json_value *sites = json_read_get(map->m->show, "sites");
	map->places =
		study_take(map->m->document, (study_length_of(sites) + 1) * sizeof(*map->places));
	for (const struct json_value *s = map->places ? json_read_first(sites) : NULL; s;
	     s = s->next) {
		double latitude = study_number_of(s, "lat"), longitude = study_number_of(s, "lon");
		const char *name = study_text_of(s, "name"), *id = study_text_of(s, "id");
		if (isfinite(latitude) && isfinite(longitude))
			map->places[map->place_count++] = (struct place){
				id, *name ? name : id, latitude, longitude, 0, false};
	}
	const struct json_value *segments = json_read_get(map->m->show, "segments");
	for (const struct json_value *s = json_read_first(segments); s; s = s->next) {
		struct place *a = place_of(map, study_text_of(s, "a"));
		struct place *b = place_of(map, study_text_of(s, "b"));
		if (a)
			a->segments++;
		if (b)
			b->segments++;
	}
	for (size_t i = 0; i < map->m->pair_count; i++) {
		struct place *a = place_of(map, map->m->pairs[i].from);
		struct place *b = place_of(map, map->m->pairs[i].to);
		if (a)
			a->principal = true;
		if (b)
			b->principal = true;
	}
}

/* The direction in which the sites lie, as a longitude. */
static double
middle_longitude(const struct map *map)
{
	double x = 0, y = 0;
	for (size_t i = 0; i < map->place_count; i++) {
		x += cos(map->places[i].longitude * M_PI / 180);
		y += sin(map->places[i].longitude * M_PI / 180);
	}
	return x == 0 && y == 0 ? 0 : atan2(y, x) * 180 / M_PI;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* From `skip` of the values to all but `skip`. */
static void
middle_part(double *values, size_t count, double ends[2])
{
	size_t skip = count / 14;
	qsort(values, count, sizeof(*values), by_value);
	ends[0] = values[skip];
	ends[1] = values[count - 1 - skip];
}

static int
lay_paper(struct map *map)
{
	double *east = study_take(map->m->document, map->place_count * 2 * sizeof(*east));
	double *north = east ? east + map->place_count : NULL;
	double across[2], up[2];
	if (!east)
		return -1;
	double middle = middle_longitude(map);
	for (size_t i = 0; i < map->place_count; i++) {
		east[i] = remainder(map->places[i].longitude - middle, 360);
		north[i] = map->places[i].latitude;
	}
	middle_part(east, map->place_count, across);
	middle_part(north, map->place_count, up);
	for (size_t i = 0; i < map->place_count; i++) {
		const struct place *place = &map->places[i];
		double at = remainder(place->longitude - middle, 360);
		across[0] = place->principal ? fmin(across[0], at) : across[0];
		across[1] = place->principal ? fmax(across[1], at) : across[1];
		up[0] = place->principal ? fmin(up[0], place->latitude) : up[0];
		up[1] = place->principal ? fmax(up[1], place->latitude) : up[1];
	}
	double pad = 0.05 * fmax(across[1] - across[0], up[1] - up[0]) + 0.5;
	map->ground.paper.middle = middle;
	study_ground_fit(&map->ground, (const double[]){across[0] - pad, across[1] + pad},
			 (const double[]){up[0] - pad, up[1] + pad}, TALL_MOST);
	return 0;
}

/* A line as it is drawn, and where on the paper it has come to. */
struct stroke {
	struct buf path;
	double before; /* NAN: nowhere yet */
};

/* Goes on over the globe from one place to another, in steps; a step over the far side of the map breaks it. */
static void
draw_on(struct stroke *stroke, const struct map *map, const double a[2], const double b[2])
{
	double from[3], to[3], radian = M_PI / 180;
	from[0] = cos(a[1] * radian) * cos(a[0] * radian);
	from[1] = cos(a[1] * radian) * sin(a[0] * radian);
	from[2] = sin(a[1] * radian);
	to[0] = cos(b[1] * radian) * cos(b[0] * radian);
	to[1] = cos(b[1] * radian) * sin(b[0] * radian);
	to[2] = sin(b[1] * radian);
	double dot = from[0] * to[0] + from[1] * to[1] + from[2] * to[2];
	double angle = acos(fmax(-1, fmin(1, dot)));
	int steps = angle < 0.02 ? 1 : STEPS;
	for (int i = 0; i <= steps; i++) {
		double t = (double)i / steps, v[3];
		for (int k = 0; k < 3; k++)
			v[k] = angle < 1e-9
				       ? from[k]
				       : (sin((1 - t) * angle) * from[k] + sin(t * angle) * to[k]) /
						 sin(angle);
		double x = view_reach_x(&map->ground.paper, atan2(v[1], v[0]) / radian);
		double y =
			view_reach_y(&map->ground.paper, atan2(v[2], hypot(v[0], v[1])) / radian);
		bool broken = isnan(stroke->before) || fabs(x - stroke->before) > WIDTH;
		buf_printf(&stroke->path, "%c%.1f %.1f", broken ? 'M' : 'L', x, y);
		stroke->before = x;
	}
}

static bool
read_position(double out[2], const struct json_value *position)
{
	const struct json_value *longitude = json_read_first(position);
	return longitude && json_read_number(&out[0], longitude) &&
	       json_read_number(&out[1], longitude->next);
}

/* Where somebody told it runs: positions from end to end; NULL: nobody did. */
static const struct json_value *
told_line(const struct map *map, const char *id)
{
	const struct json_value *feature = json_read_first(map->m->features);
	for (; feature; feature = feature->next) {
		const struct json_value *of = json_read_get(feature, "properties");
		const struct json_value *geometry = json_read_get(feature, "geometry");
		if (strcmp(study_text_of(of, "id"), id) == 0 &&
		    strcmp(study_text_of(of, "list"), "segments") == 0)
			return strcmp(study_text_of(of, "line"), "told") == 0 &&
					       strcmp(study_text_of(geometry, "type"),
						      "LineString") == 0
				       ? json_read_get(geometry, "coordinates")
				       : NULL;
	}
	return NULL;
}

static const char *
line_of(struct map *map, const char *id, const struct place *a, const struct place *b)
{
	struct stroke stroke = {.before = NAN};
	const struct json_value *position = json_read_first(told_line(map, id));
	double from[2], to[2];
	if (!position)
		draw_on(&stroke, map, (const double[]){a->longitude, a->latitude},
			(const double[]){b->longitude, b->latitude});
	for (; position && position->next; position = position->next)
		if (read_position(from, position) && read_position(to, position->next))
			draw_on(&stroke, map, from, to);
	return study_ground_path(&map->ground, &stroke.path);
}

/* How a segment is drawn, by what is laid on it. */
static const struct key {
	double below; /* utilisation */
	int32_t colour;
	double line;
	const char *words;
} keys[] = {
	{0, STUDY_GREY, 1.1, "in use, nothing laid on it"},
	{0.5, STUDY_BLUE, 2, "to half full"},
	{0.8, STUDY_AMBER, 2.8, "half to four fifths"},
	{INFINITY, STUDY_RED, 3.4, "fuller"},
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static const struct key *
key_of(double utilisation)
{
	if (!(utilisation > 0))
		return &keys[0];
	for (size_t i = 1; i < KEYS; i++)
		if (utilisation < keys[i].below)
			return &keys[i];
	return &keys[KEYS - 1];
}

static void
draw_segment(struct map *map, const struct json_value *s, bool usable)
{
	const struct place *a = place_of(map, study_text_of(s, "a"));
	const struct place *b = place_of(map, study_text_of(s, "b"));
	const char *id = study_text_of(s, "id"), *status = study_text_of(s, "status");
	bool planned = strncmp(status, "planned", 7) == 0 || strncmp(status, "under", 5) == 0;
	if (!a || !b || usable != json_read_is_true(json_read_get(s, "usable")) ||
	    (!usable && !planned))
		return;
	const struct json_value *laid =
		study_find(json_read_get(map->m->flow, "segments"), "id", id);
	double utilisation = study_number_of(laid, "utilisation");
	const struct key *key = key_of(utilisation);
	char load[STUDY_NUMBER] = "";
	if (utilisation > 0)
		study_number(load, utilisation * 100, -1);
	(void)study_scene_add(
		map->ground.scene,
		&(struct study_shape){.kind = STUDY_PATH,
				      .path = line_of(map, id, a, b),
				      .fill = STUDY_NO_COLOUR,
				      .stroke = usable ? key->colour : STUDY_TEAL,
				      .line = usable ? key->line : 1.6,
				      .dash = usable ? 0 : 5,
				      .title = study_text(map->m->document, "%s %s: %s%s%s", id,
							  study_text_of(s, "name"),
							  usable ? "in use" : "planned",
							  *load ? ", percent full: " : "", load)});
}

static void
draw_label(struct map *map, const struct place *p, double size)
{
	study_ground_name(
		&map->ground, p->longitude, p->latitude,
		&(struct study_shape){.text = p->name, .size = size, .bold = p->principal});
}

static void
draw_places(struct map *map)
{
	for (size_t i = 0; i < map->place_count; i++) {
		const struct place *p = &map->places[i];
		if (!p->segments && !p->principal)
			continue;
		(void)study_scene_add(
			map->ground.scene,
			&(struct study_shape){
				.kind = STUDY_CIRCLE,
				.x = view_reach_x(&map->ground.paper, p->longitude),
				.y = view_reach_y(&map->ground.paper, p->latitude),
				.radius = p->principal ? 4 : 1.8,
				.fill = p->principal ? STUDY_INK : STUDY_SOFT,
				.stroke = STUDY_WHITE,
				.line = p->principal ? 1.2 : 0.4,
				.title = study_text(map->m->document, "%s (%s)", p->name, p->id)});
	}
	for (size_t i = 0; i < map->place_count; i++)
		if (map->places[i].principal)
			draw_label(map, &map->places[i], 16);
	for (unsigned least = 12; least >= 3; least--)
		for (size_t i = 0; i < map->place_count; i++)
			if (!map->places[i].principal && map->places[i].segments == least)
				draw_label(map, &map->places[i], 12.5);
}

/* Returns where the next one begins. */
static double
legend_line(struct map *map, const double at[2], const struct study_shape *like)
{
	struct study_shape line = *like;
	line.kind = STUDY_PATH;
	line.fill = STUDY_NO_COLOUR;
	line.path = study_text(map->m->document, "M%.0f %.0fL%.0f %.0f", at[0], at[1], at[0] + 30,
			       at[1]);
	(void)study_scene_add(map->ground.scene, &line);
	study_scene_words(map->ground.scene, (const double[]){at[0] + 36, at[1] + 5}, 14,
			  STUDY_START, like->text);
	return at[0] + 60 + 7.4 * (double)strlen(like->text);
}

/* It also covers what runs over the lower edge of the map. */
static void
draw_legend(struct map *map)
{
	double x = 4, y = map->ground.height + 20;
	study_scene_box(map->ground.scene,
			(const double[]){0, map->ground.height, WIDTH, LEGEND + 2}, STUDY_WHITE,
			NULL);
	for (size_t i = 0; i < KEYS; i++)
		x = legend_line(map, (const double[]){x, y},
				&(struct study_shape){.stroke = keys[i].colour,
						      .line = keys[i].line,
						      .text = keys[i].words});
	(void)legend_line(map, (const double[]){x, y},
			  &(struct study_shape){
				  .stroke = STUDY_TEAL, .line = 1.6, .dash = 5, .text = "planned"});
	(void)study_scene_add(map->ground.scene, &(struct study_shape){.kind = STUDY_CIRCLE,
								       .x = 19,
								       .y = y + 25,
								       .radius = 5,
								       .fill = STUDY_INK,
								       .stroke = STUDY_NO_COLOUR});
	study_scene_words(
		map->ground.scene, (const double[]){40, y + 30}, 14, STUDY_START,
		"end of a principal pair. Segments stand as great circles where nobody told "
		"where they lie. Land only, no borders.");
}

struct study_scene *
study_map(struct study_maker *m)
{
	struct map map = {.m = m, .ground = {.m = m, .width = WIDTH}};
	read_places(&map);
	if (!map.place_count || lay_paper(&map) < 0)
		return NULL;
	map.ground.scene = study_scene_new(m->document, WIDTH, map.ground.height + LEGEND);
	study_ground_land(&map.ground);
	const struct json_value *segments = json_read_get(m->show, "segments");
	for (int usable = 1; usable >= 0; usable--)
		for (const struct json_value *s = json_read_first(segments); s; s = s->next)
			draw_segment(&map, s, usable);
	draw_places(&map);
	draw_legend(&map);
	return map.ground.scene;
}
