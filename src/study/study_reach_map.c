/* The map of a plan of reach, out of its GeoJSON: what is built in which year, on land. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"
#include "view/view_land.h"

enum { WIDTH = 760, TALL_MOST = 640, LEGEND = 30, CELL = 2, YEARS_MAX = 8 };

/* Early years dark, late ones warm. */
static const int32_t colours[YEARS_MAX] = {STUDY_BLUE, STUDY_TEAL, STUDY_AMBER, STUDY_RED,
					   STUDY_INK,  STUDY_GREY, STUDY_PALE,  STUDY_SOFT};

struct map {
	struct study_maker *m;
	struct study_scene *scene;
	struct view_reach_paper paper;
	double height;
	const char *years[YEARS_MAX];
	size_t year_count;
	double dot;    /* pixels across: larger where there are few */
	uint8_t *dots; /* cells that have one: fifty thousand towers are fewer dots */
};

typedef void visit(void *context, double longitude, double latitude);

/* Every position of a geometry, whose coordinates are nested as deep as it likes. */
static void
positions(const struct json_value *coordinates, visit *each, void *context)
{
	const struct json_value *first = json_read_first(coordinates);
	double longitude, latitude;
	if (!first)
		return;
	if (first->type == JSON_NUMBER) {
		if (first->next && json_read_number(&longitude, first) &&
		    json_read_number(&latitude, first->next))
			each(context, longitude, latitude);
		return;
	}
	for (; first; first = first->next)
		positions(first, each, context);
}

static const struct json_value *
coordinates_of(const struct json_value *feature)
{
	return json_read_get(json_read_get(feature, "geometry"), "coordinates");
}

struct sum {
	double x, y;
};

static void
add_direction(void *context, double longitude, double latitude)
{
	struct sum *sum = context;
	(void)latitude;
	sum->x += cos(longitude * M_PI / 180);
	sum->y += sin(longitude * M_PI / 180);
}

static void
widen(void *context, double longitude, double latitude)
{
	struct view_reach_paper *p = context;
	double at = remainder(longitude - p->middle, 360);
	p->west = fmin(p->west, at);
	p->east = fmax(p->east, at);
	p->south = fmin(p->south, latitude);
	p->north = fmax(p->north, latitude);
}

/* False: there is nothing on it. */
static bool
lay_paper(struct map *map, const struct json_value *features)
{
	struct sum sum = {0, 0};
	struct view_reach_paper p = {
		.west = INFINITY, .east = -INFINITY, .south = INFINITY, .north = -INFINITY};
	for (const struct json_value *f = json_read_first(features); f; f = f->next)
		positions(coordinates_of(f), add_direction, &sum);
	p.middle = sum.x == 0 && sum.y == 0 ? 0 : atan2(sum.y, sum.x) * 180 / M_PI;
	for (const struct json_value *f = json_read_first(features); f; f = f->next)
		positions(coordinates_of(f), widen, &p);
	if (!(p.east >= p.west) || !(p.north >= p.south))
		return false;
	double pad = 0.04 * fmax(p.east - p.west, p.north - p.south) + 0.05;
	p.west -= pad;
	p.east += pad;
	p.south = fmax(-85, p.south - pad);
	p.north = fmin(85, p.north + pad);
	double squeeze = fmax(0.1, cos((p.south + p.north) / 2 * M_PI / 180));
	p.scale_x = WIDTH / (p.east - p.west);
	p.scale_y = p.scale_x / squeeze;
	map->height = (p.north - p.south) * p.scale_y;
	if (map->height > TALL_MOST) {
		double grow = map->height / TALL_MOST, half = (p.east - p.west) * (grow - 1) / 2;
		p.west -= half;
		p.east += half;
		p.scale_x /= grow;
		p.scale_y /= grow;
		map->height = TALL_MOST;
	}
	map->paper = p;
	return true;
}

static size_t
year_of(const struct map *map, const struct json_value *feature)
{
	const char *year = study_text_of(json_read_get(feature, "properties"), "year");
	for (size_t i = 0; i < map->year_count; i++)
		if (strcmp(map->years[i], year) == 0)
			return i;
	return YEARS_MAX;
}

struct drawing {
	const struct map *map;
	struct buf path;
	bool begun;
};

static void
draw_to(void *context, double longitude, double latitude)
{
	struct drawing *d = context;
	buf_printf(&d->path, "%c%.1f %.1f", d->begun ? 'L' : 'M',
		   view_reach_x(&d->map->paper, longitude), view_reach_y(&d->map->paper, latitude));
	d->begun = true;
}

/* A dot is a line as long as it is thick, so that all of a year are one path. */
static void
draw_dot(void *context, double longitude, double latitude)
{
	struct drawing *d = context;
	double x = view_reach_x(&d->map->paper, longitude);
	double y = view_reach_y(&d->map->paper, latitude);
	size_t cell = (size_t)(y / CELL) * (WIDTH / CELL + 1) + (size_t)(x / CELL);
	if (x < 0 || y < 0 || x > WIDTH || y > d->map->height || d->map->dots[cell])
		return;
	d->map->dots[cell] = 1;
	buf_printf(&d->path, "M%.1f %.1fL%.1f %.1f", x - d->map->dot / 2, y, x + d->map->dot / 2,
		   y);
}

/* Lines or points of one year as one path. */
static void
draw_year(struct map *map, const struct json_value *features, size_t year, bool points)
{
	struct drawing d = {.map = map};
	for (const struct json_value *f = json_read_first(features); f; f = f->next) {
		const char *type = study_text_of(json_read_get(f, "geometry"), "type");
		if (year_of(map, f) != year || points != (strcmp(type, "Point") == 0))
			continue;
		d.begun = false;
		positions(coordinates_of(f), points ? draw_dot : draw_to, &d);
	}
	const char *kept = d.path.length && !d.path.failed
				   ? arena_copy(map->m->document->arena, d.path.data, d.path.length)
				   : NULL;
	if (kept)
		(void)study_scene_add(map->scene,
				      &(struct study_shape){.kind = STUDY_PATH,
							    .path = kept,
							    .fill = STUDY_NO_COLOUR,
							    .stroke = colours[year],
							    .line = points ? map->dot : 0.9,
							    .title = map->years[year]});
	buf_fini(&d.path);
}

static void
draw_land(struct map *map)
{
	struct buf path = {0};
	study_scene_box(map->scene, (const double[]){0, 0, WIDTH, map->height}, STUDY_SEA, NULL);
	view_reach_land(&path, &map->paper, map->m->wish->land, map->m->wish->land_length);
	const char *kept = path.length && !path.failed
				   ? arena_copy(map->m->document->arena, path.data, path.length)
				   : NULL;
	if (kept)
		(void)study_scene_add(map->scene, &(struct study_shape){.kind = STUDY_PATH,
									.path = kept,
									.fill = STUDY_LAND,
									.stroke = 0xc9c6ba,
									.line = 0.5});
	buf_fini(&path);
}

/* It also covers what runs over the lower edge of the map. */
static void
draw_legend(struct map *map)
{
	double y = map->height + 20, wide = (double)WIDTH / (double)map->year_count;
	study_scene_box(map->scene, (const double[]){0, map->height, WIDTH, LEGEND + 2},
			STUDY_WHITE, NULL);
	for (size_t i = 0; i < map->year_count; i++) {
		double x = 4 + wide * (double)i;
		study_scene_line(map->scene, (const double[]){x, y, x + 24, y}, colours[i], 2.4);
		study_scene_words(map->scene, (const double[]){x + 30, y + 4}, 12, STUDY_START,
				  map->years[i]);
	}
}

struct study_scene *
study_reach_map(struct study_maker *m, const struct json_value *plan,
		const struct json_value *years)
{
	struct map map = {.m = m};
	const struct json_value *features = json_read_get(plan, "features");
	for (const struct json_value *y = json_read_first(years); y && map.year_count < YEARS_MAX;
	     y = y->next)
		map.years[map.year_count++] = study_text_of(y, "year");
	if (!map.year_count || !lay_paper(&map, features))
		return NULL;
	size_t count = study_length_of(features);
	map.dot = count < 1000 ? 4.5 : count < 8000 ? 3 : 1.8;
	map.dots = study_take(m->document, (size_t)(WIDTH / CELL + 1) * (TALL_MOST / CELL + 1));
	map.scene = map.dots ? study_scene_new(m->document, WIDTH, map.height + LEGEND) : NULL;
	if (!map.scene)
		return NULL;
	draw_land(&map);
	for (size_t i = map.year_count; i-- > 0;)
		draw_year(&map, features, i, false);
	for (size_t i = 0; i < map.year_count; i++)
		draw_year(&map, features, i, true);
	draw_legend(&map);
	return map.scene;
}
