/* Sections of ways between regenerators, and spans without repeaters.
 *
 * The light that is still signal falls by a factor in each segment (corridor_optics_kerr.h
 * conserves power, and at each site channels are brought back to the power they had), so of a
 * section it is the product: exact for segments that follow each other. */
#include "corridor/corridor_optics_section.h"

#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_optics_kit.h"

const double corridor_ropa_pump_dbm = 31.8; /* 1.5 W at 1480 nm */
const double corridor_ropa_enough_dbm = 7;
const double corridor_ropa_gain_db = 18;
const double corridor_ropa_noise_db = 5.5;

double
corridor_section_db(const struct corridor_sections *s, size_t from, size_t to)
{
	double baud_hz = s->mode->baud_gbd * 1e9, kept = 1;
	double site = corridor_from_db(corridor_in_signal_width_db(s->site_osnr_db, baud_hz));
	for (size_t i = from; i < to; i++)
		kept *= s->kept[i] * (i > from ? site / (1 + site) : 1);
	double line_db = corridor_in_tenth_nm_db(corridor_to_db(kept / (1 - kept)), baud_hz);
	return -corridor_to_db(corridor_from_db(-line_db) + corridor_from_db(-s->mode->tx_osnr_db) +
			       corridor_from_db(-s->add_drop_osnr_db));
}

/* The best that is known of the way up to a site. */
struct state {
	size_t sections; /* 0: not reached */
	double margin_db;
	size_t from;
};

static void
extend(struct state *to, const struct state *from, size_t at, double margin_db)
{
	double margin = fmin(from->margin_db, margin_db);
	size_t sections = from->sections + 1;
	if (to->sections &&
	    (to->sections < sections || (to->sections == sections && to->margin_db >= margin)))
		return;
	*to = (struct state){sections, margin, at};
}

int
corridor_regenerate(struct corridor_regeneration *out, struct arena *arena,
		    const struct corridor_sections *s)
{
	struct corridor_regeneration r = {.margin_db = NAN};
	struct state *states = calloc(s->count + 1, sizeof(*states));
	r.after = arena_take(arena, (s->count + 1) * sizeof(*r.after));
	if (!states || !r.after) {
		free(states);
		return -1;
	}
	r.whole_db = corridor_section_db(s, 0, s->count);
	states[0].margin_db = INFINITY;
	for (size_t to = 1; to <= s->count; to++)
		for (size_t from = 0; from < to; from++) {
			double margin =
				corridor_section_db(s, from, to) - s->mode->osnr_db - s->margin_db;
			if ((from == 0 || states[from].sections) && margin >= 0)
				extend(&states[to], &states[from], from, margin);
		}
	r.possible = s->count == 0 || states[s->count].sections;
	if (r.possible && s->count) {
		r.margin_db = states[s->count].margin_db;
		r.count = states[s->count].sections - 1;
		size_t at = states[s->count].from;
		for (size_t i = r.count; i > 0; i--) {
			r.after[i - 1] = (uint32_t)(at - 1);
			at = states[at].from;
		}
	}
	free(states);
	*out = r;
	return 0;
}

/* One span of a fibre, all channels lit. */
struct reach {
	const struct corridor_fibre *fibre;
	const struct corridor_amplifier *terminal;
	const struct corridor_kit *kit;
	const struct hub_optics_medium *medium;
	const struct hub_optics_mode *mode;
	struct corridor_light *light;
	double ropa_km; /* from the receiver; 0: none */
};

/* What is to spare at a length, dB; less than 0: too far. */
static double
spare_db(const struct reach *r, double km)
{
	const struct corridor_light *light = r->light;
	size_t middle = light->count / 2;
	double eta = 0, f = light->frequency_hz[middle], baud = light->baud_hz[middle];
	for (size_t j = 0; j < light->count; j++)
		eta += corridor_kerr_eta(light, middle, j, r->fibre, km);
	double per_km = r->fibre->loss_db_per_km;
	double more = 2 * r->medium->connector_db + r->medium->ageing_db;
	double ase = corridor_amplifier_noise_w(r->terminal->nf_db, f, baud) *
		     corridor_from_db(per_km * km + more);
	if (r->ropa_km > 0)
		ase = corridor_amplifier_noise_w(corridor_ropa_noise_db, f, baud) *
			      corridor_from_db(per_km * (km - r->ropa_km) + more / 2) +
		      ase * corridor_from_db(-corridor_ropa_gain_db);
	double top = corridor_from_dbm(r->terminal->power_max_dbm) / (double)light->count;
	double power = fmin(cbrt(ase / (2 * eta)), top);
	double gsnr = corridor_to_db(power / (ase + eta * power * power * power));
	double line_db = corridor_in_tenth_nm_db(gsnr, baud);
	double received = -corridor_to_db(corridor_from_db(-line_db) +
					  corridor_from_db(-r->mode->tx_osnr_db) +
					  corridor_from_db(-r->kit->add_drop_osnr_db));
	return received - r->mode->osnr_db - r->medium->margin_db;
}

/* The length at which nothing is to spare any more. */
static double
farthest_km(const struct reach *r)
{
	double low = fmax(1, r->ropa_km), high = 2000;
	if (spare_db(r, low) < 0)
		return 0;
	for (int i = 0; i < 50; i++) {
		double middle = (low + high) / 2;
		if (spare_db(r, middle) >= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int
corridor_unrepeatered_of(struct corridor_unrepeatered *out, const struct corridor_kit *kit,
			 const struct hub_optics_medium *medium, const struct hub_optics_mode *mode)
{
	double channels = floor((kit->high_hz - kit->low_hz) / (mode->spacing_ghz * 1e9) + 1e-9);
	struct reach r = {.fibre = &corridor_fibre_find(&kit->equipment, medium->fibre)->fibre,
			  .terminal = corridor_amplifier_find(&kit->equipment, "terminal"),
			  .kit = kit,
			  .medium = medium,
			  .mode = mode};
	*out = (struct corridor_unrepeatered){0};
	if (channels < 1 || channels > CORRIDOR_CHANNELS_MAX)
		return 0;
	r.light = corridor_light_new((size_t)channels);
	if (!r.light)
		return -1;
	corridor_light_comb(r.light, kit->low_hz + mode->spacing_ghz * 5e8, mode->spacing_ghz * 1e9,
			    mode->baud_gbd * 1e9, 0);
	out->km = farthest_km(&r);
	r.ropa_km = out->ropa_at_km =
		(corridor_ropa_pump_dbm - corridor_ropa_enough_dbm) / r.fibre->loss_db_per_km;
	out->ropa_km = farthest_km(&r);
	corridor_light_free(r.light);
	return 0;
}
