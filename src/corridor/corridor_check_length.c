/* Lengths against the globe. */
#include <math.h>
#include <strings.h>

#include "corridor/corridor_check_parts.h"
#include "corridor/corridor_geo.h"
#include "corridor/corridor_line.h"

/* How much longer than the great circle fibre is, by lengths that were published: 1.03-1.07 under
 * water from point to point, 1.14-1.21 over the way-points of a system with many landings, 1.20 on
 * land built new and straight, 1.37-1.48 in the plain, 1.62-1.95 in mountains. A little beyond is
 * odd. */
static const double sea_least = 1.02, sea_most = 1.21, land_least = 1.18, land_most = 1.96;
/* Below the great circle by less than this may come from where in a town its place was taken. */
static const double place_error_km = 10;

static bool
is_submarine(const struct hub_segment *s)
{
	return (s->type && strcasecmp(s->type, "submarine") == 0) ||
	       (s->medium && strcasecmp(s->medium, "submarine") == 0);
}

/* Known to whoever wrote the row. */
static void
hint_check(struct corridor_checking *c, struct corridor_finding *found, uint32_t segment)
{
	if (c->hub->segments[segment].check)
		corridor_hint(c, found, "known: %s", c->hub->segments[segment].check);
}

static void
compare(struct corridor_checking *c, uint32_t segment, const struct corridor_line *line)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	double run_km = corridor_line_km(line), factor = s->length_km / run_km;
	bool sea = is_submarine(s);
	struct corridor_finding *found = NULL;
	if (s->length_km < run_km) {
		bool near = s->length_km >= run_km - place_error_km && line->drawn;
		found = corridor_find_segment(
			c, segment, near && factor > 0.98 ? CORRIDOR_ODD : CORRIDOR_WRONG,
			line->drawn ? "shorter than the great circle"
				    : "shorter than the way that its points draw");
		found->bound = run_km;
	} else if (run_km > place_error_km && factor < (sea ? sea_least : land_least)) {
		found = corridor_find_segment(c, segment, CORRIDOR_ODD,
					      "straighter than fibre is laid");
		found->bound = run_km * (sea ? sea_least : land_least);
	} else if (run_km > place_error_km && factor > (sea ? sea_most : land_most)) {
		/* Under water the way may lead round a continent. */
		bool unknown = sea && line->drawn;
		found = corridor_find_segment(c, segment, unknown ? CORRIDOR_NOTE : CORRIDOR_ODD,
					      unknown ? "goes a long way round"
						      : "longer than fibre is laid");
		found->bound = run_km * (sea ? sea_most : land_most);
	}
	if (!found)
		return;
	found->value = s->length_km;
	found->unit = "km";
	found->source = s->length_from.source;
	if (found->severity == CORRIDOR_NOTE)
		corridor_hint(c, found, "points would tell where");
	else
		hint_check(c, found, segment);
}

void
corridor_check_length(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	const struct hub_site *a = &c->hub->sites[s->a], *b = &c->hub->sites[s->b];
	struct corridor_line line;
	double great_circle_km =
		corridor_geo_distance_km(a->latitude, a->longitude, b->latitude, b->longitude);
	if (isnan(great_circle_km)) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_ODD, "its length cannot be checked: no coordinates");
		corridor_hint(c, found, "site %s has no lat and lon",
			      isnan(a->latitude) || isnan(a->longitude) ? a->id : b->id);
		return;
	}
	if (fabs(s->great_circle_km - great_circle_km) > 1 + 0.01 * great_circle_km) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_ODD, "its great circle is not that of its ends");
		found->value = s->great_circle_km;
		found->bound = great_circle_km;
		found->unit = "km";
	}
	if (corridor_line_of(&line, c->findings->arena, c->hub, s) < 0) {
		c->failed = true;
		return;
	}
	compare(c, segment, &line);
}
