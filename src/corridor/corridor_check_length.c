/* Lengths against the globe, capacities against physics. */
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "corridor/corridor_check_parts.h"
#include "corridor/corridor_geo.h"
#include "corridor/corridor_line.h"
#include "corridor/corridor_optics_lit.h"

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

/* What its own pairs and capacity are, or its cable's. */
static void
as_designed(double *tbps, uint32_t *pairs, const char **source, const struct corridor_checking *c,
	    uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	uint32_t cable = c->plan->segments[segment].cable;
	*tbps = s->design_tbps;
	*pairs = s->fibre_pairs;
	*source = s->design_from.source;
	if (cable == HUB_NONE)
		return;
	if (!*pairs)
		*pairs = c->hub->cables[cable].fibre_pairs;
	if (isnan(*tbps)) {
		*tbps = c->hub->cables[cable].design_tbps;
		*source = c->hub->cables[cable].basis.source;
	}
}

/* What is told against what light can carry over that length. */
static void
check_physics(struct corridor_checking *c, uint32_t segment, double tbps, uint32_t pairs,
	      const char *source)
{
	struct corridor_claim claim;
	struct corridor_finding *found;
	if (corridor_claim_of(&claim, c->kit, segment, tbps) < 0) {
		c->failed = true;
		return;
	}
	if (pairs && claim.pairs_at_least > pairs) {
		found = corridor_find_segment(c, segment, CORRIDOR_WRONG,
					      "more than physics allows its pairs");
		found->bound = claim.bound_tbps * pairs;
		corridor_hint(c, found, "%u pair%s of %.1f Tbit/s at most; it takes %u", pairs,
			      pairs == 1 ? "" : "s", claim.bound_tbps, claim.pairs_at_least);
	} else if (pairs && claim.pair_tbps > 0 && claim.pairs_needed > pairs) {
		found = corridor_find_segment(c, segment, CORRIDOR_ODD,
					      "more than its pairs carry with the modes that there "
					      "are");
		found->bound = claim.pair_tbps * pairs;
		corridor_hint(c, found, "%u pair%s of %.1f Tbit/s; it takes %u", pairs,
			      pairs == 1 ? "" : "s", claim.pair_tbps, claim.pairs_needed);
	} else if (!pairs && claim.pairs_at_least > 1) {
		found = corridor_find_segment(c, segment, CORRIDOR_NOTE,
					      "how many pairs carry it is not told");
		found->bound = claim.bound_tbps;
		if (claim.pairs_needed)
			corridor_hint(c, found,
				      "physics asks for %u at least, modes that there are "
				      "for %u",
				      claim.pairs_at_least, claim.pairs_needed);
		else
			corridor_hint(c, found, "physics asks for %u at least",
				      claim.pairs_at_least);
	} else {
		return;
	}
	found->value = tbps;
	found->unit = "Tbit/s";
	found->source = source;
}

void
corridor_check_capacity(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	double tbps;
	uint32_t pairs;
	const char *source;
	as_designed(&tbps, &pairs, &source, c, segment);
	if (s->lit_tbps > tbps) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_WRONG, "more is lit than it is designed for");
		found->value = s->lit_tbps;
		found->bound = tbps;
		found->unit = "Tbit/s";
		found->source = s->lit_from.source;
		hint_check(c, found, segment);
	}
	if (tbps > 0 && s->length_km > 0)
		check_physics(c, segment, tbps, pairs, source);
}
