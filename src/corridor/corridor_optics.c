/* The Gaussian-noise model of a line in closed form (Poggiolini et al., JLT 32(4), 2014, for the
 * integral over one channel's width; weights 16/27 for a channel's own noise and 32/27 for that of
 * others), spans adding incoherently.
 *
 * The noise coefficients of a span depend on its fibre, length and the channels, not on powers, so
 * they are computed once for each run of equal spans: a line of a hundred equal spans costs one
 * matrix and a hundred products with it. */
#include "corridor/corridor_optics.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double light_m_per_s = 299792458;
static const double planck_j_s = 6.62607015e-34;
static const double reference_m = 1550e-9; /* wavelength at which fibres are described */
static const double tenth_nm_hz = 12.5e9;

/* Of silica fibre with a step of index, for the width of the mode. */
static const double kerr_m2_per_w = 2.6e-20;
static const double core_radius_m = 4.2e-6;
static const double core_index = 1.468;

const struct corridor_fibre corridor_fibre_g652 = {0.2, 1.67e-5, 83e-12, 0.04};

static double
from_db(double db)
{
	return pow(10, db / 10);
}

static double
to_db(double ratio)
{
	return 10 * log10(ratio);
}

/* Attenuation of power, 1/m. */
static double
alpha_per_m(const struct corridor_fibre *fibre)
{
	return fibre->loss_db_per_km * 1e-3 * log(10) / 10;
}

/* |beta_2|, s^2/m. The dispersion is taken to grow with the square of the wavelength, so that this
 * is the same for all channels. */
static double
beta2(const struct corridor_fibre *fibre)
{
	return fibre->dispersion_s_per_m2 * reference_m * reference_m / (2 * M_PI * light_m_per_s);
}

static double
gamma_at(double effective_area_m2, double frequency_hz)
{
	double reference_hz = light_m_per_s / reference_m;
	/* The contrast of index that gives this fibre its effective area at the reference
	 * (Marcuse's mode width w = r / sqrt(ln V)), then the width at this frequency. */
	double v_reference = exp(M_PI * core_radius_m * core_radius_m / effective_area_m2);
	double numeric = light_m_per_s / (2 * M_PI * reference_hz * core_radius_m * core_index) *
			 v_reference;
	double contrast = 0.5 * numeric * numeric;
	double v = 2 * M_PI * frequency_hz / light_m_per_s * core_radius_m * core_index *
		   sqrt(2 * contrast);
	double width_m = core_radius_m / sqrt(log(v));
	return 2 * M_PI * kerr_m2_per_w * frequency_hz / (light_m_per_s * M_PI * width_m * width_m);
}

double
corridor_optics_gamma(const struct corridor_fibre *fibre, double frequency_hz)
{
	return gamma_at(fibre->effective_area_m2, frequency_hz);
}

/* What all pairs of channels of a span have in common. */
struct kerr {
	double scale;  /* Leff^2 / (4 pi |beta2| La) */
	double spread; /* pi^2 La |beta2| */
};

static struct kerr
kerr_of(const struct corridor_span *span)
{
	double alpha = alpha_per_m(&span->fibre), b2 = beta2(&span->fibre);
	double effective_m = -expm1(-alpha * span->length_km * 1e3) / alpha;
	return (struct kerr){effective_m * effective_m * alpha / (4 * M_PI * b2),
			     M_PI * M_PI * b2 / alpha};
}

static double
eta(struct kerr k, double gamma, const struct corridor_channel *i, const struct corridor_channel *j,
    bool own)
{
	double apart = j->frequency_hz - i->frequency_hz, half = j->baud_hz / 2;
	double psi = k.scale * (asinh(k.spread * i->baud_hz * (apart + half)) -
				asinh(k.spread * i->baud_hz * (apart - half)));
	return gamma * gamma * (own ? 16.0 : 32.0) / 27 * psi / (j->baud_hz * j->baud_hz);
}

double
corridor_optics_eta(const struct corridor_span *span, const struct corridor_channel *i,
		    const struct corridor_channel *j)
{
	return eta(kerr_of(span), corridor_optics_gamma(&span->fibre, i->frequency_hz), i, j,
		   i->frequency_hz == j->frequency_hz);
}

static void
fill_matrix(double *matrix, const struct corridor_span *span,
	    const struct corridor_channel *channels, size_t count)
{
	struct kerr k = kerr_of(span);
	for (size_t i = 0; i < count; i++) {
		double gamma = corridor_optics_gamma(&span->fibre, channels[i].frequency_hz);
		for (size_t j = 0; j < count; j++)
			matrix[i * count + j] = eta(k, gamma, &channels[i], &channels[j], i == j);
	}
}

/* True if both make the same noise of the same light. */
static bool
same_glass(const struct corridor_span *a, const struct corridor_span *b)
{
	return a->length_km == b->length_km && a->fibre.loss_db_per_km == b->fibre.loss_db_per_km &&
	       a->fibre.dispersion_s_per_m2 == b->fibre.dispersion_s_per_m2 &&
	       a->fibre.effective_area_m2 == b->fibre.effective_area_m2;
}

static void
scale(struct corridor_channel *channel, double by)
{
	channel->signal_w *= by;
	channel->ase_w *= by;
	channel->nli_w *= by;
}

/* All channels are seen at the same instant: `square` holds the powers as they enter the fibre. */
static void
pass_fibre(struct corridor_channel *channels, size_t count, const double *matrix, double *square)
{
	for (size_t i = 0; i < count; i++) {
		double power = channels[i].signal_w + channels[i].ase_w + channels[i].nli_w;
		square[i] = power * power;
	}
	for (size_t i = 0; i < count; i++) {
		struct corridor_channel *c = &channels[i];
		double share = 0; /* of the channel's power that becomes NLI */
		for (size_t j = 0; j < count; j++)
			share += matrix[i * count + j] * square[j];
		double power = c->signal_w + c->ase_w + c->nli_w;
		c->signal_w *= 1 - share;
		c->ase_w *= 1 - share;
		c->nli_w = c->nli_w * (1 - share) + share * power;
	}
}

static void
pass_span(struct corridor_channel *channels, size_t count, const struct corridor_span *span,
	  const double *matrix, double *square)
{
	double fibre_db = span->fibre.loss_db_per_km * span->length_km;
	double lost_db = span->connector_in_db + fibre_db + span->connector_out_db;
	double gain = from_db(isnan(span->gain_db) ? lost_db : span->gain_db);
	double noise = from_db(span->noise_figure_db);
	for (size_t i = 0; i < count; i++)
		scale(&channels[i], from_db(-span->connector_in_db));
	pass_fibre(channels, count, matrix, square);
	double loss = from_db(-fibre_db - span->connector_out_db);
	for (size_t i = 0; i < count; i++) {
		scale(&channels[i], loss);
		channels[i].ase_w +=
			planck_j_s * channels[i].frequency_hz * channels[i].baud_hz * noise;
		scale(&channels[i], gain);
	}
}

int
corridor_optics_propagate(struct corridor_channel *channels, size_t channel_count,
			  const struct corridor_span *spans, size_t span_count)
{
	assert(channels && channel_count <= CORRIDOR_CHANNELS_MAX && (spans || span_count == 0));
	double *matrix = calloc(channel_count * channel_count + 1, sizeof(*matrix));
	double *square = calloc(channel_count + 1, sizeof(*square));
	int result = matrix && square ? 0 : -1;
	for (size_t i = 0; i < span_count && result == 0; i++) {
		if (i == 0 || !same_glass(&spans[i], &spans[i - 1]))
			fill_matrix(matrix, &spans[i], channels, channel_count);
		pass_span(channels, channel_count, &spans[i], matrix, square);
	}
	free(matrix);
	free(square);
	return result;
}

void
corridor_optics_comb(struct corridor_channel *channels, size_t count, double first_hz,
		     double spacing_hz, double baud_hz, double launch_dbm)
{
	for (size_t i = 0; i < count; i++)
		channels[i] =
			(struct corridor_channel){.frequency_hz = first_hz + (double)i * spacing_hz,
						  .baud_hz = baud_hz,
						  .signal_w = from_db(launch_dbm) * 1e-3};
}

double
corridor_optics_osnr_db(const struct corridor_channel *channel)
{
	return to_db(channel->signal_w / channel->ase_w);
}

double
corridor_optics_nli_db(const struct corridor_channel *channel)
{
	return to_db(channel->signal_w / channel->nli_w);
}

double
corridor_optics_gsnr_db(const struct corridor_channel *channel)
{
	return to_db(channel->signal_w / (channel->ase_w + channel->nli_w));
}

double
corridor_optics_in_tenth_nm_db(double signal_width_db, double baud_hz)
{
	return signal_width_db + to_db(baud_hz / tenth_nm_hz);
}

double
corridor_optics_dispersion_ps_nm(const struct corridor_span *spans, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += spans[i].fibre.dispersion_s_per_m2 * 1e6 * spans[i].length_km;
	return sum;
}

double
corridor_optics_pmd_ps(const struct corridor_span *spans, size_t count)
{
	double square = 0;
	for (size_t i = 0; i < count; i++)
		square += spans[i].fibre.pmd_ps_per_sqrt_km * spans[i].fibre.pmd_ps_per_sqrt_km *
			  spans[i].length_km;
	return sqrt(square);
}
