/* Lines over the globe: great circles, points that are told, the antimeridian. */
#include "corridor/corridor_line.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_geo.h"
#include "tap.h"

static double
km(struct hub_place a, struct hub_place b)
{
	return corridor_geo_distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
}

/* The line of one segment between two places. */
static int
line_between(struct corridor_line *out, struct arena *arena, struct hub_place a, struct hub_place b,
	     struct hub_place *points, size_t count)
{
	struct hub_site sites[] = {{.longitude = a.longitude, .latitude = a.latitude},
				   {.longitude = b.longitude, .latitude = b.latitude}};
	struct hub_segment segment = {.a = 0, .b = 1, .points = points, .point_count = count};
	struct hub hub = {.sites = sites, .site_count = 2};
	return corridor_line_of(out, arena, &hub, &segment);
}

static void
great_circles(struct arena *arena)
{
	static const struct {
		struct hub_place a, b;
	} cases[] = {
		{{51.2365, 43.6232}, {49.67, 40.59}},  /* under the Caspian */
		{{114.185, 22.305}, {-118.18, 33.99}}, /* over the Pacific */
		{{8.675, 50.1}, {8.675, 50.1}},        /* nowhere */
		{{0, 0}, {180, 0}},                    /* to the other side */
		{{10, 89}, {-170, 89}},                /* over the pole */
		{{179.9, -10}, {-179.9, 10}},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct corridor_line line;
		double most = 0, straight = km(cases[i].a, cases[i].b);
		if (!ok(line_between(&line, arena, cases[i].a, cases[i].b, NULL, 0) == 0 &&
				line.drawn,
			"great circle %zu is drawn", i))
			continue;
		for (size_t k = 1; k < line.count; k++)
			most = fmax(most, km(line.places[k - 1], line.places[k]));
		ok(memcmp(&line.places[0], &cases[i].a, sizeof(cases[i].a)) == 0 &&
			   memcmp(&line.places[line.count - 1], &cases[i].b, sizeof(cases[i].b)) ==
				   0,
		   "great circle %zu begins and ends exactly at its sites", i);
		ok(fabs(corridor_line_km(&line) - straight) < 0.1,
		   "great circle %zu is as long as the distance", i);
		ok(i == 3 || most <= CORRIDOR_LINE_STEP_KM + 0.01, "great circle %zu has steps", i);
	}
	struct corridor_line line;
	errno = 0;
	ok(line_between(&line, arena, (struct hub_place){NAN, 1}, (struct hub_place){1, 1}, NULL,
			0) < 0 &&
		   errno == EINVAL,
	   "without coordinates there is no line");
}

static double
uniform(double least, double most)
{
	return least + (most - least) * (double)rand() / RAND_MAX;
}

/* Somewhere, now and then on the antimeridian itself. */
static struct hub_place
anywhere(void)
{
	struct hub_place place = {uniform(-180, 180), uniform(-90, 90)};
	int which = rand() % 8;
	if (which < 2)
		place.longitude = which ? 180 : -180;
	return place;
}

static bool
crosses(const struct corridor_line_parts *parts)
{
	for (size_t p = 0; p < parts->count; p++)
		for (size_t i = parts->first[p] + 1; i < parts->first[p + 1]; i++)
			if (fabs(parts->places[i].longitude - parts->places[i - 1].longitude) > 180)
				return true;
	return false;
}

static void
cut_and_joined(void)
{
	bool same = true, whole = true, inside = true;
	size_t cuts = 0;
	srand(5);
	for (int n = 0; n < 20000; n++) {
		struct arena *arena = arena_new();
		struct hub_place places[9];
		struct corridor_line line = {places, (size_t)(2 + rand() % 8), false}, again;
		struct corridor_line_parts parts;
		for (size_t i = 0; i < line.count; i++)
			places[i] = anywhere();
		whole &= corridor_line_cut(&parts, arena, &line) == 0 && !crosses(&parts);
		for (size_t i = 0; i < parts.first[parts.count]; i++)
			inside &= fabs(parts.places[i].longitude) <= 180 &&
				  fabs(parts.places[i].latitude) <= 90;
		for (size_t p = 0; p < parts.count; p++)
			whole &= parts.first[p + 1] - parts.first[p] >= 2;
		cuts += parts.count - 1;
		same &= corridor_line_join(&again, arena, &parts) == 0 &&
			again.count == line.count &&
			memcmp(again.places, places, line.count * sizeof(*places)) == 0;
		arena_free(arena);
	}
	ok(cuts > 10000, "random lines pass the antimeridian often");
	ok(whole, "no part passes it, and each has two places at least");
	ok(inside, "all places are degrees");
	ok(same, "a line that was cut is put together with the very same places");
}

static void
the_pacific(struct arena *arena)
{
	struct corridor_line line;
	struct corridor_line_parts parts;
	line_between(&line, arena, (struct hub_place){114.185, 22.305},
		     (struct hub_place){-118.18, 33.99}, NULL, 0);
	corridor_line_cut(&parts, arena, &line);
	is_int((long long)parts.count, 2, "Hong Kong to Los Angeles is cut once");
	struct hub_place last = parts.places[parts.first[1] - 1];
	struct hub_place next = parts.places[parts.first[1]];
	ok(last.longitude == 180 && next.longitude == -180 && last.latitude == next.latitude,
	   "it leaves the map in the east and comes in from the west");
	/* The great circle meets the antimeridian at 50.964 degrees north. */
	ok(fabs(last.latitude - 50.964) < 0.01, "where the great circle does: %.3f", last.latitude);
}

static void
does_not_meet(struct arena *arena)
{
	struct hub_place places[] = {{1, 1}, {2, 2}, {3, 3}, {4, 4}};
	size_t first[] = {0, 2, 4};
	struct corridor_line line;
	errno = 0;
	ok(corridor_line_join(&line, arena, &(struct corridor_line_parts){places, first, 2}) < 0 &&
		   errno == EINVAL,
	   "parts that do not meet are no line");
	places[2] = places[1];
	ok(corridor_line_join(&line, arena, &(struct corridor_line_parts){places, first, 2}) == 0 &&
		   line.count == 3,
	   "parts that meet at a place are one line");
}

int
main(void)
{
	struct arena *arena = arena_new();
	great_circles(arena);
	the_pacific(arena);
	does_not_meet(arena);
	cut_and_joined();
	arena_free(arena);
	return done_testing();
}
