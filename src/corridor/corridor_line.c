/* Lines over the globe. */
#include "corridor/corridor_line.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_geo.h"

static const double radians_per_degree = M_PI / 180;

static double
distance_km(struct hub_place a, struct hub_place b)
{
	return corridor_geo_distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
}

/* To a metre: what is drawn here is no measurement. */
static double
rounded(double degrees)
{
	return round(degrees * 1e5) / 1e5;
}

/* The place at `part` (0 to 1) of the great circle from a to b, `arc` radians long. */
static struct hub_place
between(struct hub_place a, struct hub_place b, double arc, double part)
{
	double la = a.latitude * radians_per_degree, lb = b.latitude * radians_per_degree;
	double oa = a.longitude * radians_per_degree, ob = b.longitude * radians_per_degree;
	double wa = sin((1 - part) * arc) / sin(arc), wb = sin(part * arc) / sin(arc);
	double x = wa * cos(la) * cos(oa) + wb * cos(lb) * cos(ob);
	double y = wa * cos(la) * sin(oa) + wb * cos(lb) * sin(ob);
	double z = wa * sin(la) + wb * sin(lb);
	return (struct hub_place){
		.longitude = rounded(atan2(y, x) / radians_per_degree),
		.latitude = rounded(atan2(z, hypot(x, y)) / radians_per_degree),
	};
}

static int
draw(struct corridor_line *out, struct arena *arena, struct hub_place a, struct hub_place b)
{
	double km = distance_km(a, b),
	       half_round_km = distance_km((struct hub_place){0, 0}, (struct hub_place){180, 0});
	double arc = M_PI * km / half_round_km;
	/* Between places opposite each other there are many great circles, or none to be found. */
	size_t steps = sin(arc) > 1e-6 ? (size_t)ceil(km / CORRIDOR_LINE_STEP_KM) : 1;
	if (steps == 0)
		steps = 1;
	out->places = arena_take(arena, (steps + 1) * sizeof(*out->places));
	if (!out->places) {
		errno = ENOMEM;
		return -1;
	}
	out->count = steps + 1;
	out->drawn = true;
	out->places[0] = a;
	out->places[steps] = b;
	for (size_t i = 1; i < steps; i++)
		out->places[i] = between(a, b, arc, (double)i / (double)steps);
	return 0;
}

int
corridor_line_of(struct corridor_line *out, struct arena *arena, const struct hub *hub,
		 const struct hub_segment *segment)
{
	const struct hub_site *from = &hub->sites[segment->a], *to = &hub->sites[segment->b];
	struct hub_place a = {from->longitude, from->latitude}, b = {to->longitude, to->latitude};
	if (isnan(a.longitude) || isnan(a.latitude) || isnan(b.longitude) || isnan(b.latitude)) {
		errno = EINVAL;
		return -1;
	}
	if (segment->point_count == 0)
		return draw(out, arena, a, b);
	size_t count = segment->point_count + 2;
	struct hub_place *places = arena_take(arena, count * sizeof(*places));
	if (!places) {
		errno = ENOMEM;
		return -1;
	}
	places[0] = a;
	memcpy(places + 1, segment->points, segment->point_count * sizeof(*places));
	places[count - 1] = b;
	*out = (struct corridor_line){.places = places, .count = count};
	return 0;
}

double
corridor_line_km(const struct corridor_line *line)
{
	double km = 0;
	for (size_t i = 1; i < line->count; i++)
		km += distance_km(line->places[i - 1], line->places[i]);
	return km;
}

static bool
passes(struct hub_place a, struct hub_place b)
{
	return fabs(a.longitude - b.longitude) > 180;
}

/* Where the straight line of the map from a to b meets the antimeridian. */
static double
crossing_latitude(struct hub_place a, struct hub_place b)
{
	double before = 180 - fabs(a.longitude), after = 180 - fabs(b.longitude);
	if (!(before + after > 0))
		return a.latitude;
	return rounded(a.latitude + (b.latitude - a.latitude) * (before / (before + after)));
}

int
corridor_line_cut(struct corridor_line_parts *out, struct arena *arena,
		  const struct corridor_line *line)
{
	size_t cuts = 0, used = 0, parts = 0;
	for (size_t i = 1; i < line->count; i++)
		cuts += passes(line->places[i - 1], line->places[i]);
	struct hub_place *places = arena_take(arena, (line->count + 2 * cuts) * sizeof(*places));
	size_t *first = arena_take(arena, (cuts + 2) * sizeof(*first));
	if (!places || !first)
		return -1;
	for (size_t i = 0; i < line->count; i++) {
		struct hub_place at = line->places[i];
		if (i && passes(line->places[i - 1], at)) {
			struct hub_place before = line->places[i - 1];
			double side = before.longitude > 0 ? 180 : -180;
			double latitude = crossing_latitude(before, at);
			places[used++] = (struct hub_place){side, latitude};
			first[++parts] = used;
			places[used++] = (struct hub_place){-side, latitude};
		}
		places[used++] = at;
	}
	first[++parts] = used;
	*out = (struct corridor_line_parts){places, first, parts};
	return 0;
}

int
corridor_line_join(struct corridor_line *out, struct arena *arena,
		   const struct corridor_line_parts *parts)
{
	size_t total = parts->first[parts->count], used = 0;
	struct hub_place *places = arena_take(arena, (total + 1) * sizeof(*places));
	if (!places) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t p = 0; p < parts->count; p++) {
		size_t from = parts->first[p], to = parts->first[p + 1];
		if (p && used && from < to) {
			struct hub_place last = places[used - 1], next = parts->places[from];
			bool same_latitude = fabs(last.latitude - next.latitude) < 1e-9;
			bool cut = fabs(last.longitude) == 180 && last.longitude == -next.longitude;
			if (!same_latitude || (!cut && last.longitude != next.longitude)) {
				errno = EINVAL;
				return -1;
			}
			used -= cut;
			from++;
		}
		memcpy(places + used, parts->places + from, (to - from) * sizeof(*places));
		used += to - from;
	}
	*out = (struct corridor_line){.places = places, .count = used};
	return 0;
}
