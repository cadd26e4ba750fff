/* Land below a map: a TopoJSON whose arcs are differences of whole numbers, drawn ring by ring. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "view/view_corridor_reach_parts.h"

struct arc {
	double (*points)[2]; /* longitude, latitude */
	size_t count;
};

struct topology {
	struct arena *arena;
	struct arc *arcs;
	size_t arc_count;
};

/* From the middle of the map, -180 to 180. */
static double
from_middle(const struct view_reach_paper *paper, double longitude)
{
	return remainder(longitude - paper->middle, 360);
}

double
view_reach_x(const struct view_reach_paper *paper, double longitude)
{
	return paper->x + (from_middle(paper, longitude) - paper->west) * paper->scale_x;
}

double
view_reach_y(const struct view_reach_paper *paper, double latitude)
{
	return paper->y + (paper->north - latitude) * paper->scale_y;
}

static size_t
length_of(const struct json_value *list)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		count++;
	return count;
}

static bool
read_pair(double out[2], const struct json_value *pair)
{
	const struct json_value *first = json_read_first(pair);
	return first && json_read_number(&out[0], first) && json_read_number(&out[1], first->next);
}

static int
read_arcs(struct topology *t, const struct json_value *root)
{
	const struct json_value *transform = json_read_get(root, "transform");
	const struct json_value *arcs = json_read_get(root, "arcs");
	double scale[2], origin[2], step[2];
	if (!read_pair(scale, json_read_get(transform, "scale")) ||
	    !read_pair(origin, json_read_get(transform, "translate")))
		return -1;
	t->arcs = arena_take(t->arena, (length_of(arcs) + 1) * sizeof(*t->arcs));
	if (!t->arcs)
		return -1;
	for (const struct json_value *a = json_read_first(arcs); a; a = a->next) {
		struct arc *arc = &t->arcs[t->arc_count++];
		double x = 0, y = 0;
		arc->points = arena_take(t->arena, (length_of(a) + 1) * sizeof(*arc->points));
		if (!arc->points)
			return -1;
		for (const struct json_value *p = json_read_first(a); p; p = p->next) {
			if (!read_pair(step, p))
				return -1;
			x += step[0];
			y += step[1];
			arc->points[arc->count][0] = x * scale[0] + origin[0];
			arc->points[arc->count++][1] = y * scale[1] + origin[1];
		}
	}
	return 0;
}

/* A ring is a list of arcs; ~i is arc i backwards. What lies on the far side of the globe would be
 * torn apart by the edge of the map, and is left out. */
static bool
ring_points(const struct topology *t, const struct json_value *ring, struct buf *points)
{
	for (const struct json_value *v = json_read_first(ring); v; v = v->next) {
		double number;
		if (!json_read_number(&number, v) || fabs(number) > (double)t->arc_count)
			return false;
		bool backwards = number < 0;
		size_t index = (size_t)(backwards ? -number - 1 : number);
		if (index >= t->arc_count)
			return false;
		const struct arc *arc = &t->arcs[index];
		for (size_t i = 0; i < arc->count; i++)
			buf_put(points, arc->points[backwards ? arc->count - 1 - i : i],
				sizeof(*arc->points));
	}
	return !points->failed;
}

static void
draw_ring(struct buf *out, const struct view_reach_paper *paper, const struct buf *points)
{
	size_t count = points->length / sizeof(double[2]);
	const double(*p)[2] = (const double(*)[2])(const void *)points->data;
	double west = INFINITY, east = -INFINITY, south = INFINITY, north = -INFINITY;
	for (size_t i = 0; i < count; i++) {
		double at = from_middle(paper, p[i][0]);
		if (i && fabs(at - from_middle(paper, p[i - 1][0])) > 180)
			return;
		west = fmin(west, at);
		east = fmax(east, at);
		south = fmin(south, p[i][1]);
		north = fmax(north, p[i][1]);
	}
	/* A town's map may lie in the middle of a continent, far from all of its points. */
	if (west > paper->east || east < paper->west || south > paper->north ||
	    north < paper->south)
		return;
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%c%.1f %.1f", i ? 'L' : 'M', view_reach_x(paper, p[i][0]),
			   view_reach_y(paper, p[i][1]));
	buf_str(out, "Z");
}

static void
draw_polygon(struct buf *out, const struct view_reach_paper *paper, const struct topology *t,
	     const struct json_value *rings)
{
	struct buf points = {0};
	for (const struct json_value *r = json_read_first(rings); r; r = r->next) {
		buf_clear(&points);
		if (ring_points(t, r, &points))
			draw_ring(out, paper, &points);
	}
	buf_fini(&points);
}

void
view_reach_land(struct buf *out, const struct view_reach_paper *paper, const char *land,
		size_t length)
{
	struct topology t = {.arena = arena_new()};
	const struct json_value *root = t.arena && land ? json_read(t.arena, land, length) : NULL;
	const struct json_value *object = json_read_get(json_read_get(root, "objects"), "land");
	if (object && read_arcs(&t, root) == 0) {
		const struct json_value *polygons = json_read_get(object, "arcs");
		for (const struct json_value *p = json_read_first(polygons); p; p = p->next)
			draw_polygon(out, paper, &t, p);
	}
	arena_free(t.arena);
}
