/* A plain line of spans. */
#include "corridor/corridor_optics.h"

#include <assert.h>
#include <math.h>

static const double planck_j_s = 6.62607015e-34;

double
corridor_amplifier_noise_w(double noise_figure_db, double frequency_hz, double baud_hz)
{
	return planck_j_s * frequency_hz * baud_hz * corridor_from_db(noise_figure_db);
}

double
corridor_best_launch_w(double ase_w, double eta)
{
	return cbrt(ase_w / (2 * eta));
}

double
corridor_shannon_tbps(double band_hz, double snr_db)
{
	return 2 * band_hz * log2(1 + corridor_from_db(snr_db)) / 1e12;
}

static int
pass_span(struct corridor_kerr *kerr, struct corridor_light *light,
	  const struct corridor_span *span)
{
	const struct corridor_fibre *fibre = &span->fibre;
	double loss_db = corridor_fibre_loss_db_per_km(fibre, corridor_fibre_reference_hz(fibre)) *
			 span->length_km;
	double gain_db = isnan(span->gain_db)
				 ? span->connector_in_db + loss_db + span->connector_out_db
				 : span->gain_db;
	corridor_light_gain(light, -span->connector_in_db);
	if (corridor_kerr_pass(kerr, light, fibre, span->length_km) < 0)
		return -1;
	corridor_light_gain(light, -span->connector_out_db);
	for (size_t i = 0; i < light->count; i++)
		light->ase_w[i] += corridor_amplifier_noise_w(
			span->noise_figure_db, light->frequency_hz[i], light->baud_hz[i]);
	corridor_light_gain(light, gain_db);
	return 0;
}

int
corridor_optics_propagate(struct corridor_light *light, const struct corridor_span *spans,
			  size_t span_count, enum corridor_model model)
{
	assert(light && (spans || span_count == 0));
	struct corridor_kerr *kerr = corridor_kerr_new(light, model);
	int result = kerr ? 0 : -1;
	for (size_t i = 0; i < span_count && result == 0; i++)
		result = pass_span(kerr, light, &spans[i]);
	corridor_kerr_free(kerr);
	return result;
}
