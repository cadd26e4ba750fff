/* Lengths against the globe, capacities against physics. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "corridor/corridor_check_parts.h"
#include "corridor/corridor_geo.h"
#include "corridor/corridor_line.h"
#include "corridor/corridor_optics.h"

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

double
corridor_check_pair_bound_bps(double length_km, double band_hz)
{
	enum { CHANNELS = 96, MIDDLE = CHANNELS / 2 };
	static const double planck = 6.62607015e-34, spacing_hz = 50e9, first_hz = 191.35e12;
	/* Better than any that is sold: 0.15 dB/km, 150 square micrometres, 4 dB of noise. */
	static const struct corridor_fibre fibre = {0.15, 2.1e-5, 150e-12, 0};
	struct corridor_channel channels[CHANNELS];
	assert(length_km > 0 && band_hz > 0);
	double spans = ceil(length_km / 80);
	struct corridor_span span = {.fibre = fibre,
				     .length_km = length_km / spans,
				     .noise_figure_db = 4,
				     .gain_db = (double)NAN};
	corridor_optics_comb(channels, CHANNELS, first_hz, spacing_hz, spacing_hz, 0);
	double eta = 0;
	for (size_t j = 0; j < CHANNELS; j++)
		eta += corridor_optics_eta(&span, &channels[MIDDLE], &channels[j]);
	double gain = pow(10, fibre.loss_db_per_km * span.length_km / 10);
	double ase = planck * channels[MIDDLE].frequency_hz * spacing_hz *
		     pow(10, span.noise_figure_db / 10) * gain;
	/* At the best power the noise of the fibre is half that of the amplifiers. */
	double power = cbrt(ase / (2 * eta));
	double ratio = power / (1.5 * ase * spans);
	return 2 * band_hz * log2(1 + ratio);
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

void
corridor_check_capacity(struct corridor_checking *c, uint32_t segment)
{
	static const double c_band_hz = CORRIDOR_C_BAND_GHZ * 1e9;
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
	if (!(tbps > 0) || !(s->length_km > 0))
		return;
	double pair_tbps = corridor_check_pair_bound_bps(s->length_km, c_band_hz) / 1e12;
	double bound = pair_tbps * pairs;
	struct corridor_finding *found;
	if (!pairs && tbps > pair_tbps) {
		found = corridor_find_segment(c, segment, CORRIDOR_NOTE,
					      "how many pairs carry it is not told");
		found->bound = pair_tbps;
		corridor_hint(c, found, "physics asks for %.0f pairs at least in the C band",
			      ceil(tbps / pair_tbps));
	} else if (pairs && tbps > bound) {
		/* Twice the band is as much as anybody has lit. */
		bool wrong = tbps > 2 * bound;
		found = corridor_find_segment(c, segment, wrong ? CORRIDOR_WRONG : CORRIDOR_ODD,
					      "more than its pairs can carry over that length");
		found->bound = bound;
		corridor_hint(c, found, "%u pair%s of %.1f Tbit/s at most in the C band", pairs,
			      pairs == 1 ? "" : "s", pair_tbps);
	} else {
		return;
	}
	found->value = tbps;
	found->unit = "Tbit/s";
	found->source = source;
}
