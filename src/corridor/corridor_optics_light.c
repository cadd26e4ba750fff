/* Light in a fibre, channel by channel. */
#include "corridor/corridor_optics_light.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAYS = 13 };

static const double tenth_nm_hz = 12.5e9;

double
corridor_from_db(double db)
{
	return pow(10, db / 10);
}

double
corridor_to_db(double ratio)
{
	return 10 * log10(ratio);
}

double
corridor_from_dbm(double dbm)
{
	return corridor_from_db(dbm) * 1e-3;
}

double
corridor_to_dbm(double watt)
{
	return corridor_to_db(watt * 1e3);
}

/* One block: the struct, then its arrays. */
struct corridor_light *
corridor_light_new(size_t count)
{
	assert(count >= 1 && count <= CORRIDOR_CHANNELS_MAX);
	size_t stride = (count + CORRIDOR_LANES - 1) / CORRIDOR_LANES * CORRIDOR_LANES;
	struct corridor_light *light = calloc(1, sizeof(*light) + ARRAYS * stride * sizeof(double));
	if (!light)
		return NULL;
	double *at = (double *)(light + 1);
	double **arrays[ARRAYS] = {
		&light->frequency_hz, &light->baud_hz,          &light->slot_hz,
		&light->roll_off,     &light->offset_db,        &light->tx_osnr_db,
		&light->drop_inverse, &light->signal_w,         &light->ase_w,
		&light->nli_w,        &light->dispersion_ps_nm, &light->pmd_ps2,
		&light->pdl_db2};
	for (size_t i = 0; i < ARRAYS; i++, at += stride)
		*arrays[i] = at;
	light->count = count;
	light->stride = stride;
	for (size_t i = 0; i < count; i++)
		light->tx_osnr_db[i] = INFINITY;
	return light;
}

struct corridor_light *
corridor_light_copy(const struct corridor_light *light)
{
	struct corridor_light *copy = corridor_light_new(light->count);
	if (!copy)
		return NULL;
	memcpy(copy + 1, light + 1, ARRAYS * light->stride * sizeof(double));
	copy->latency_ms = light->latency_ms;
	return copy;
}

void
corridor_light_free(struct corridor_light *light)
{
	free(light);
}

void
corridor_light_comb(struct corridor_light *light, double first_hz, double spacing_hz,
		    double baud_hz, double launch_dbm)
{
	for (size_t i = 0; i < light->count; i++) {
		light->frequency_hz[i] = first_hz + (double)i * spacing_hz;
		light->baud_hz[i] = baud_hz;
		light->slot_hz[i] = spacing_hz;
		light->roll_off[i] = 0.15;
		light->signal_w[i] = corridor_from_dbm(launch_dbm);
		light->ase_w[i] = light->nli_w[i] = 0;
	}
}

void
corridor_light_gain(struct corridor_light *light, double gain_db)
{
	double factor = corridor_from_db(gain_db);
	for (size_t i = 0; i < light->count; i++) {
		light->signal_w[i] *= factor;
		light->ase_w[i] *= factor;
		light->nli_w[i] *= factor;
	}
}

void
corridor_light_scale(struct corridor_light *light, const double *factors)
{
	for (size_t i = 0; i < light->count; i++) {
		light->signal_w[i] *= factors[i];
		light->ase_w[i] *= factors[i];
		light->nli_w[i] *= factors[i];
	}
}

double
corridor_light_channel_w(const struct corridor_light *light, size_t channel)
{
	return light->signal_w[channel] + light->ase_w[channel] + light->nli_w[channel];
}

double
corridor_light_osnr_db(const struct corridor_light *light, size_t channel)
{
	return corridor_to_db(light->signal_w[channel] / light->ase_w[channel]);
}

double
corridor_light_nli_db(const struct corridor_light *light, size_t channel)
{
	return corridor_to_db(light->signal_w[channel] / light->nli_w[channel]);
}

double
corridor_light_gsnr_db(const struct corridor_light *light, size_t channel)
{
	return corridor_to_db(light->signal_w[channel] /
			      (light->ase_w[channel] + light->nli_w[channel]));
}

double
corridor_in_tenth_nm_db(double signal_width_db, double baud_hz)
{
	return signal_width_db + corridor_to_db(baud_hz / tenth_nm_hz);
}

double
corridor_in_signal_width_db(double tenth_nm_db, double baud_hz)
{
	return tenth_nm_db - corridor_to_db(baud_hz / tenth_nm_hz);
}
