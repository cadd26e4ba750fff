/* The map of a plan of reach, out of its GeoJSON: what is built in which year, on land. */
#include <math.h>
#include <string.h>

#include "study/study_ground.h"

enum { WIDTH = 760, TALL_MOST = 640, LEGEND = 30, CELL = 2, YEARS_MAX = 8, NAMES_MOST = 24 };

/* Early years dark, late ones warm. */
static const int32_t colours[YEARS_MAX] = {STUDY_BLUE, STUDY_TEAL, STUDY_AMBER, STUDY_RED,
					   STUDY_INK,  STUDY_GREY, STUDY_PALE,  STUDY_SOFT};

struct map {
	struct study_maker *m;
	struct study_ground ground;
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

/* From the middle. */
struct extent {
	double middle, west, east, south, north;
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
	struct extent *p = context;
	double at = remainder(longitude - p->middle, 360);
	p->west = fmin(p->west, at);
	p->east = fmax(p->east, at);
	p->south = fmin(p->south, latitude);
	p->north = fmax(p->north, latitude);
}

static void
each_position(const struct json_value *const plans[2], visit *each, void *context)
{
	for (int i = 0; i < 2; i++)
		for (const struct json_value *f =
			     json_read_first(json_read_get(plans[i], "features"));
		     f; f = f->next)
			positions(coordinates_of(f), each, context);
}

/* False: there is nothing on it. */
static bool
lay_paper(struct map *map, const struct json_value *const plans[2])
{
	struct sum sum = {0, 0};
	struct extent e = {
		.west = INFINITY, .east = -INFINITY, .south = INFINITY, .north = -INFINITY};
	each_position(plans, add_direction, &sum);
	e.middle = sum.x == 0 && sum.y == 0 ? 0 : atan2(sum.y, sum.x) * 180 / M_PI;
	each_position(plans, widen, &e);
	if (!(e.east >= e.west) || !(e.north >= e.south))
		return false;
	double pad = 0.04 * fmax(e.east - e.west, e.north - e.south) + 0.05;
	map->ground.paper.middle = e.middle;
	study_ground_fit(&map->ground, (const double[]){e.west - pad, e.east + pad},
			 (const double[]){e.south - pad, e.north + pad}, TALL_MOST);
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
	double before; /* x of the place before on the line; NAN: none */
};

static void
draw_to(void *context, double longitude, double latitude)
{
	struct drawing *d = context;
	const struct view_reach_paper *paper = &d->map->ground.paper;
	double x = view_reach_x(paper, longitude), y = view_reach_y(paper, latitude);
	/* Round the far side of the globe it would go all over the map. */
	bool broken = isnan(d->before) || fabs(x - d->before) > 180 * paper->scale_x;
	buf_printf(&d->path, "%c%.1f %.1f", broken ? 'M' : 'L', x, y);
	d->before = x;
}

/* A dot is a line as long as it is thick, so that all of a year are one path. */
static void
draw_dot(void *context, double longitude, double latitude)
{
	struct drawing *d = context;
	double x = view_reach_x(&d->map->ground.paper, longitude);
	double y = view_reach_y(&d->map->ground.paper, latitude);
	size_t cell = (size_t)(y / CELL) * (WIDTH / CELL + 1) + (size_t)(x / CELL);
	if (x < 0 || y < 0 || x > WIDTH || y > d->map->ground.height || d->map->dots[cell])
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
		d.before = NAN;
		positions(coordinates_of(f), points ? draw_dot : draw_to, &d);
	}
	const char *kept = study_ground_path(&map->ground, &d.path);
	if (kept)
		(void)study_scene_add(map->ground.scene,
				      &(struct study_shape){.kind = STUDY_PATH,
							    .path = kept,
							    .fill = STUDY_NO_COLOUR,
							    .stroke = colours[year],
							    .line = points ? map->dot : 0.9,
							    .title = map->years[year]});
}

/* What is there already: one path below all. */
static void
draw_fibre(struct map *map, const struct json_value *existing)
{
	struct drawing d = {.map = map};
	const struct json_value *f = json_read_first(json_read_get(existing, "features"));
	for (; f; f = f->next) {
		d.before = NAN;
		if (strcmp(study_text_of(json_read_get(f, "geometry"), "type"), "Point") != 0)
			positions(coordinates_of(f), draw_to, &d);
	}
	const char *kept = study_ground_path(&map->ground, &d.path);
	if (kept)
		(void)study_scene_add(map->ground.scene,
				      &(struct study_shape){.kind = STUDY_PATH,
							    .path = kept,
							    .fill = STUDY_NO_COLOUR,
							    .stroke = STUDY_SOFT,
							    .line = 1.3,
							    .title = "existing fibre"});
}

/* The largest places; a name that is all over the country, as that of a road, is none of a place. */
static void
draw_names(struct map *map, const struct json_value *existing)
{
	size_t drawn = 0;
	const struct view_reach_paper *p = &map->ground.paper;
	double wide_km = 111.2 * (p->north - p->south);
	const struct json_value *f = json_read_first(json_read_get(existing, "features"));
	for (; f && drawn < NAMES_MOST; f = f->next) {
		const struct json_value *of = json_read_get(f, "properties");
		const struct json_value *at = json_read_first(coordinates_of(f));
		double longitude, latitude;
		if (!at || !at->next || !json_read_number(&longitude, at) ||
		    !json_read_number(&latitude, at->next) ||
		    study_number_of(of, "spread_km") > wide_km / 50)
			continue;
		study_ground_name(&map->ground, longitude, latitude,
				  &(struct study_shape){.text = study_text_of(of, "name"),
							.size = drawn < 8 ? 12.5 : 10.5});
		drawn++;
	}
}

/* It also covers what runs over the lower edge of the map. */
static void
draw_legend(struct map *map, bool fibre)
{
	double y = map->ground.height + 20;
	double wide = (double)WIDTH / (double)(map->year_count + fibre);
	study_scene_box(map->ground.scene,
			(const double[]){0, map->ground.height, WIDTH, LEGEND + 2}, STUDY_WHITE,
			NULL);
	for (size_t i = 0; i < map->year_count + fibre; i++) {
		double x = 4 + wide * (double)i;
		bool year = i < map->year_count;
		study_scene_line(map->ground.scene, (const double[]){x, y, x + 24, y},
				 year ? colours[i] : STUDY_SOFT, year ? 2.4 : 1.3);
		study_scene_words(map->ground.scene, (const double[]){x + 30, y + 4}, 12,
				  STUDY_START, year ? map->years[i] : "existing fibre");
	}
}

struct study_scene *
study_reach_map(struct study_maker *m, const struct json_value *plan,
		const struct json_value *years)
{
	struct map map = {.m = m, .ground = {.m = m, .width = WIDTH}};
	const struct json_value *features = json_read_get(plan, "features");
	const struct json_value *existing = m->wish->reach_existing;
	for (const struct json_value *y = json_read_first(years); y && map.year_count < YEARS_MAX;
	     y = y->next)
		map.years[map.year_count++] = study_text_of(y, "year");
	if (!map.year_count || !lay_paper(&map, (const struct json_value *const[]){plan, existing}))
		return NULL;
	size_t count = study_length_of(features);
	map.dot = count < 1000 ? 4.5 : count < 8000 ? 3 : 1.8;
	map.dots = study_take(m->document, (size_t)(WIDTH / CELL + 1) * (TALL_MOST / CELL + 1));
	map.ground.scene =
		map.dots ? study_scene_new(m->document, WIDTH, map.ground.height + LEGEND) : NULL;
	if (!map.ground.scene)
		return NULL;
	study_ground_land(&map.ground);
	draw_fibre(&map, existing);
	for (size_t i = map.year_count; i-- > 0;)
		draw_year(&map, features, i, false);
	for (size_t i = 0; i < map.year_count; i++)
		draw_year(&map, features, i, true);
	draw_names(&map, existing);
	draw_legend(&map, json_read_first(json_read_get(existing, "features")) != NULL);
	return map.ground.scene;
}
