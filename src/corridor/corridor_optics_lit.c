/* Segments of the hub, lit.
 *
 * Launch power: at the best one the noise of the fibre is half that of the amplifiers, and what is
 * launched has to be multiplied by (ASE / 2 NLI)^(1/3) to get there; as ASE does not depend on it
 * and NLI grows with its cube, a step or two from any power is enough. */
#include "corridor/corridor_optics_lit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_build.h"
#include "corridor/corridor_optics_kit.h"

enum { SEARCH_STEPS = 6 };

static const double close_enough_db = 0.005;
static const char terminal[] = "terminal"; /* of hub_optics_usual */

static const struct hub_optics_medium *
medium_of(const struct hub *hub, const struct hub_segment *s)
{
	const struct hub_optics_medium *m = NULL;
	if (s->medium)
		m = hub_optics_medium_find(&hub->optics, s->medium);
	if (!m && s->type)
		m = hub_optics_medium_find(&hub->optics, s->type);
	return m ? m : hub_optics_medium_find(&hub->optics, "terrestrial");
}

static void
rest_on(struct corridor_built *b, enum hub_confidence confidence)
{
	b->facts++;
	b->estimates += confidence == HUB_ESTIMATED || confidence == HUB_UNSTATED;
}

/* The amplifier at the end of a span: as named, else the one with the least noise of those that
 * have the gain and, for a full band, the power. */
static const struct corridor_amplifier *
amplifier_for(const struct corridor_kit *kit, const char *named, double loss_db)
{
	const struct corridor_equipment *e = &kit->equipment;
	double unused;
	struct corridor_wish wish = {.gain_db = loss_db,
				     .power_dbm = 18,
				     .low_hz = kit->low_hz,
				     .high_hz = kit->high_hz};
	const struct corridor_amplifier *a = named ? corridor_amplifier_find(e, named)
						   : corridor_amplifier_choose(e, &wish, &unused);
	return a ? a : corridor_amplifier_find(e, terminal);
}

static double
loss_of(const struct corridor_span *s)
{
	return s->connector_in_db + s->fibre.loss_db_per_km * s->length_km + s->connector_out_db;
}

static double
or_else(double value, double otherwise)
{
	return isnan(value) ? otherwise : value;
}

/* A span as it is known; what is not, as the medium has it. */
static void
known_span(struct corridor_built_span *out, const struct corridor_kit *kit,
	   const struct hub_optics_medium *m, const struct hub_optics_span *from)
{
	const char *fibre = from->fibre ? from->fibre : m->fibre;
	const char *amplifier = from->amplifier ? from->amplifier : m->amplifier;
	struct corridor_span *s = &out->span;
	s->fibre = corridor_fibre_find(&kit->equipment, fibre)->fibre;
	s->fibre.loss_db_per_km = or_else(from->loss_db_km, s->fibre.loss_db_per_km);
	s->length_km = from->km;
	s->connector_in_db =
		or_else(from->connector_in_db, m->connector_db) + or_else(from->padding_db, 0);
	s->connector_out_db = or_else(from->connector_out_db, m->connector_db);
	out->amplifier = amplifier_for(kit, amplifier, loss_of(s));
	out->set_db = from->gain_db;
	out->noise_db = from->noise_db;
}

static const struct hub_optics_line *
line_of(const struct hub *hub, uint32_t segment)
{
	for (size_t i = 0; i < hub->optics.line_count; i++)
		if (hub->optics.lines[i].segment == segment)
			return &hub->optics.lines[i];
	return NULL;
}

int
corridor_built_of(struct corridor_built *out, const struct corridor_kit *kit, uint32_t segment,
		  bool at_a_stretch)
{
	const struct hub_segment *s = &kit->hub->segments[segment];
	const struct hub_optics_medium *m = medium_of(kit->hub, s);
	const struct hub_optics_line *line = at_a_stretch ? NULL : line_of(kit->hub, segment);
	struct corridor_built b = {.segment = segment,
				   .medium = m,
				   .known = line != NULL,
				   .at_a_stretch = at_a_stretch,
				   .ageing_db = m->ageing_db};
	if (!(s->length_km > 0)) {
		errno = EINVAL;
		return -1;
	}
	b.count = line           ? line->span_count
		  : at_a_stretch ? 1
				 : (size_t)ceil(s->length_km / m->span_km - 1e-9);
	b.count = b.count ? b.count : 1;
	b.spans = calloc(b.count, sizeof(*b.spans));
	if (!b.spans)
		return -1;
	struct hub_optics_span even = {.km = s->length_km / (double)b.count,
				       .amplifier = at_a_stretch ? terminal : NULL,
				       .loss_db_km = NAN,
				       .connector_in_db = NAN,
				       .connector_out_db = NAN,
				       .padding_db = NAN,
				       .gain_db = NAN,
				       .noise_db = NAN};
	for (size_t i = 0; i < b.count; i++) {
		known_span(&b.spans[i], kit, m, line ? &line->spans[i] : &even);
		b.loss_db = fmax(b.loss_db, loss_of(&b.spans[i].span));
	}
	rest_on(&b, s->length_from.confidence);
	rest_on(&b, line ? line->basis.confidence : m->basis.confidence);
	rest_on(&b, hub_optics_fibre_find(&kit->hub->optics, m->fibre)->basis.confidence);
	*out = b;
	return 0;
}

void
corridor_built_fini(struct corridor_built *built)
{
	free(built->spans);
	*built = (struct corridor_built){0};
}

/* Sets the amplifiers for that much light and loss: gains, and the noise that follows. */
static void
set_amplifiers(struct corridor_span *spans, const struct corridor_built *built,
	       const struct corridor_comb *comb, double channel_dbm, double more_db)
{
	double channels = (double)corridor_comb_channels(comb);
	for (size_t i = 0; i < built->count; i++) {
		const struct corridor_built_span *b = &built->spans[i];
		struct corridor_span *s = &spans[i];
		double padding;
		*s = b->span;
		s->connector_out_db += more_db;
		/* No more than it has; what lacks then, lacks further on. */
		s->gain_db = fmin(or_else(b->set_db, loss_of(s)), b->amplifier->gain_max_db);
		struct corridor_input input = {channel_dbm + corridor_to_db(channels) - loss_of(s),
					       channels, comb->spacing_hz};
		s->noise_figure_db =
			or_else(b->noise_db, corridor_amplifier_noise_db(b->amplifier, s->gain_db,
									 &input, &padding));
	}
}

struct corridor_light *
corridor_built_light(const struct corridor_built *built, const struct corridor_comb *comb,
		     double channel_dbm, double more_db, enum corridor_model model)
{
	struct corridor_light *light = corridor_light_new(corridor_comb_channels(comb));
	struct corridor_span *spans = malloc(built->count * sizeof(*spans));
	int result = light && spans ? 0 : -1;
	if (result == 0) {
		set_amplifiers(spans, built, comb, channel_dbm, more_db);
		corridor_light_comb(light, comb->low_hz + comb->spacing_hz / 2, comb->spacing_hz,
				    comb->baud_hz, channel_dbm);
		for (size_t i = 0; i < light->count; i++)
			light->roll_off[i] = comb->roll_off;
		result = corridor_optics_propagate(light, spans, built->count, model);
	}
	free(spans);
	if (result == 0)
		return light;
	corridor_light_free(light);
	return NULL;
}

static struct corridor_comb
comb_of(const struct corridor_kit *kit, const struct hub_optics_mode *mode)
{
	return (struct corridor_comb){.low_hz = kit->low_hz,
				      .high_hz = kit->high_hz,
				      .spacing_hz = mode->spacing_ghz * 1e9,
				      .baud_hz = mode->baud_gbd * 1e9,
				      .roll_off = mode->roll_off,
				      .tx_osnr_db = mode->tx_osnr_db};
}

/* The closed form for equal spans, as the middle channel sees it. */
static double
closed_optimum_dbm(const struct corridor_built *built, const struct corridor_comb *comb)
{
	struct corridor_light *light = corridor_light_new(corridor_comb_channels(comb));
	struct corridor_span *spans = malloc(built->count * sizeof(*spans));
	double eta = 0, ase = 0, of_span = 0, result = NAN;
	if (light && spans) {
		size_t middle = light->count / 2;
		corridor_light_comb(light, comb->low_hz, comb->spacing_hz, comb->baud_hz, 0);
		set_amplifiers(spans, built, comb, 0, 0);
		for (size_t i = 0; i < built->count; i++) {
			const struct corridor_span *s = &spans[i];
			bool same = i && corridor_fibre_same(&s->fibre, &spans[i - 1].fibre) &&
				    s->length_km == spans[i - 1].length_km;
			of_span = same ? of_span : 0;
			for (size_t j = 0; !same && j < light->count; j++)
				of_span += corridor_kerr_eta(light, middle, j, &s->fibre,
							     s->length_km);
			/* Light is weaker in the fibre than it was launched by the connector. */
			eta += of_span;
			ase += corridor_amplifier_noise_w(s->noise_figure_db,
							  light->frequency_hz[middle],
							  comb->baud_hz) *
			       corridor_from_db(loss_of(s));
		}
		double connector = corridor_from_db(-2 * spans[0].connector_in_db);
		result = corridor_to_dbm(corridor_best_launch_w(ase, eta * connector));
	}
	corridor_light_free(light);
	free(spans);
	return result;
}

/* What the weakest amplifier lets a channel have. */
static double
most_dbm(const struct corridor_built *built, size_t channels)
{
	double most = INFINITY;
	for (size_t i = 0; i < built->count; i++)
		most = fmin(most, built->spans[i].amplifier->power_max_dbm);
	return most - corridor_to_db((double)channels);
}

/* The launch power, searched from the closed form's. NAN without memory. */
static double
best_dbm(const struct corridor_built *built, const struct corridor_comb *comb, double start_dbm,
	 double top_dbm)
{
	double dbm = fmin(start_dbm, top_dbm);
	for (int i = 0; i < SEARCH_STEPS; i++) {
		struct corridor_light *light =
			corridor_built_light(built, comb, dbm, 0, CORRIDOR_GN);
		if (!light)
			return NAN;
		size_t middle = light->count / 2;
		double step =
			corridor_to_db(cbrt(light->ase_w[middle] / (2 * light->nli_w[middle])));
		corridor_light_free(light);
		double next = fmin(dbm + fmin(fmax(step, -6), 6), top_dbm);
		if (fabs(next - dbm) < close_enough_db)
			return next;
		dbm = next;
	}
	return dbm;
}

/* GSNR in 0.1 nm of the worst channel. */
static double
worst_db(const struct corridor_light *light)
{
	double worst = INFINITY;
	for (size_t i = 0; i < light->count; i++)
		worst = fmin(worst, corridor_in_tenth_nm_db(corridor_light_gsnr_db(light, i),
							    light->baud_hz[i]));
	return worst;
}

static double
joined_db(double a_db, double b_db, double c_db)
{
	return -corridor_to_db(corridor_from_db(-a_db) + corridor_from_db(-b_db) +
			       corridor_from_db(-c_db));
}

int
corridor_light_up(struct corridor_lit *out, const struct corridor_kit *kit,
		  const struct corridor_built *built, const struct hub_optics_mode *mode,
		  enum corridor_model model, struct corridor_light **light)
{
	struct corridor_comb comb = comb_of(kit, mode);
	struct corridor_lit lit = {.mode = mode, .channels = corridor_comb_channels(&comb)};
	struct corridor_light *fresh = NULL, *aged = NULL;
	if (lit.channels == 0 || lit.channels > CORRIDOR_CHANNELS_MAX) {
		lit.channels = 0;
		lit.margin_db = -INFINITY;
		*out = lit;
		return 0;
	}
	double top = most_dbm(built, lit.channels);
	lit.closed_dbm = closed_optimum_dbm(built, &comb);
	lit.channel_dbm = !isnan(built->medium->power_dbm)
				  ? fmin(built->medium->power_dbm, top)
				  : best_dbm(built, &comb, lit.closed_dbm, top);
	if (isnan(lit.channel_dbm))
		return -1;
	lit.limited = lit.channel_dbm > top - close_enough_db;
	fresh = corridor_built_light(built, &comb, lit.channel_dbm, 0, model);
	aged = corridor_built_light(built, &comb, lit.channel_dbm, built->ageing_db, model);
	if (!fresh || !aged) {
		corridor_light_free(fresh);
		corridor_light_free(aged);
		return -1;
	}
	lit.new_db = worst_db(fresh);
	lit.aged_db = worst_db(aged);
	lit.received_db = joined_db(lit.aged_db, mode->tx_osnr_db, kit->add_drop_osnr_db);
	lit.margin_db = lit.received_db - mode->osnr_db - built->medium->margin_db;
	lit.tbps = corridor_pair_tbps(lit.channels, mode->rate_gbps);
	double gsnr = corridor_from_db(corridor_in_signal_width_db(lit.aged_db, comb.baud_hz));
	lit.kept = gsnr / (1 + gsnr);
	corridor_light_free(fresh);
	if (light)
		*light = aged;
	else
		corridor_light_free(aged);
	*out = lit;
	return 0;
}

static bool
same_channels(const struct hub_optics_mode *a, const struct hub_optics_mode *b)
{
	return a->baud_gbd == b->baud_gbd && a->spacing_ghz == b->spacing_ghz &&
	       a->roll_off == b->roll_off && a->tx_osnr_db == b->tx_osnr_db;
}

int
corridor_light_all(struct corridor_lit *out, const struct corridor_kit *kit,
		   const struct corridor_built *built, enum corridor_model model)
{
	for (size_t i = 0; i < kit->mode_count; i++) {
		const struct hub_optics_mode *mode = &kit->modes[i];
		size_t like = 0;
		while (like < i && !same_channels(mode, &kit->modes[like]))
			like++;
		if (like == i) {
			if (corridor_light_up(&out[i], kit, built, mode, model, NULL) < 0)
				return -1;
			continue;
		}
		out[i] = out[like];
		out[i].mode = mode;
		out[i].margin_db += kit->modes[like].osnr_db - mode->osnr_db;
		out[i].tbps = corridor_pair_tbps(out[i].channels, mode->rate_gbps);
	}
	return 0;
}

size_t
corridor_lit_best(const struct corridor_lit *lit, size_t count)
{
	size_t best = count;
	for (size_t i = 0; i < count; i++) {
		if (!(lit[i].margin_db >= 0))
			continue;
		/* Of two that carry as much, the one with more to spare. */
		if (best == count || lit[i].tbps > lit[best].tbps ||
		    (lit[i].tbps == lit[best].tbps && lit[i].margin_db > lit[best].margin_db))
			best = i;
	}
	return best;
}

double
corridor_pair_tbps(size_t channels, double rate_gbps)
{
	return (double)channels * rate_gbps / 1e3;
}

double
corridor_bound_tbps(const struct corridor_kit *kit, double gsnr_signal_db)
{
	return corridor_shannon_tbps(kit->high_hz - kit->low_hz, gsnr_signal_db);
}

uint32_t
corridor_pairs_for(double tbps, double pair_tbps)
{
	double pairs = ceil(tbps / pair_tbps - 1e-9);
	return pair_tbps > 0 && pairs < UINT32_MAX ? (uint32_t)pairs : 0;
}

int
corridor_claim_of(struct corridor_claim *out, const struct corridor_kit *kit, uint32_t segment,
		  double told_tbps)
{
	struct corridor_built built;
	struct corridor_claim c = {.told_tbps = told_tbps,
				   .pairs = kit->hub->segments[segment].fibre_pairs};
	int result = 0;
	if (corridor_built_of(&built, kit, segment, false) < 0)
		return -1;
	for (size_t i = 0; i < kit->mode_count && result == 0; i++) {
		struct corridor_lit lit;
		result = corridor_light_up(&lit, kit, &built, &kit->modes[i], CORRIDOR_GN, NULL);
		if (result < 0 || lit.channels == 0)
			continue;
		double signal =
			corridor_in_signal_width_db(lit.new_db, kit->modes[i].baud_gbd * 1e9);
		c.bound_tbps = fmax(c.bound_tbps, corridor_bound_tbps(kit, signal));
		if (lit.margin_db >= 0)
			c.pair_tbps = fmax(c.pair_tbps, lit.tbps);
	}
	corridor_built_fini(&built);
	if (result < 0)
		return -1;
	c.pairs_needed = corridor_pairs_for(told_tbps, c.pair_tbps);
	c.pairs_at_least = corridor_pairs_for(told_tbps, c.bound_tbps);
	c.impossible = c.pairs && told_tbps > c.bound_tbps * c.pairs;
	*out = c;
	return 0;
}
