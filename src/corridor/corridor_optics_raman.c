/* Raman scattering among channels: the coupled equations
 *
 *   d ln(P_i) / dz = -alpha_i + sum over j of c_ij P_j
 *
 * by Runge and Kutta's fourth-order steps over the logarithm of what is gained, each step as long
 * as it takes to lose the same share of the light. */
#include "corridor/corridor_optics_raman.h"

#include <math.h>
#include <string.h>

enum { STEPS = 16 };

void
corridor_raman_matrix(double *matrix, const struct corridor_light *light,
		      const struct corridor_fibre *fibre)
{
	memset(matrix, 0, light->count * light->stride * sizeof(*matrix));
	for (size_t j = 0; j < light->count; j++)
		for (size_t i = 0; i < light->count; i++)
			matrix[j * light->stride + i] = corridor_fibre_raman(
				fibre, light->frequency_hz[i], light->frequency_hz[j]);
}

/* What stays the same from step to step. */
struct scattering {
	const struct corridor_light *light;
	const double *matrix, *alpha;
	const double *launched; /* W */
};

/* How fast the logarithms of the gains grow at `z`, where they are `log_gain`; 1/m. */
static void
rate(double *restrict out, const struct scattering *s, const double *log_gain, double z)
{
	size_t stride = s->light->stride;
	memset(out, 0, stride * sizeof(*out));
	for (size_t j = 0; j < s->light->count; j++) {
		double power = s->launched[j] * exp(log_gain[j] - s->alpha[j] * z);
		const double *restrict column = s->matrix + j * stride;
		for (size_t i = 0; i < stride; i++)
			out[i] += column[i] * power;
	}
}

static void
step(double *log_gain, const struct scattering *s, double z, double dz, double *work)
{
	size_t stride = s->light->stride;
	double *k[4], *at = work + 4 * stride;
	for (size_t i = 0; i < 4; i++)
		k[i] = work + i * stride;
	rate(k[0], s, log_gain, z);
	for (size_t n = 1; n < 4; n++) {
		double part = n == 3 ? dz : dz / 2;
		for (size_t i = 0; i < stride; i++)
			at[i] = log_gain[i] + part * k[n - 1][i];
		rate(k[n], s, at, z + part);
	}
	for (size_t i = 0; i < stride; i++)
		log_gain[i] += dz / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
}

void
corridor_raman_gain(double *gain, const struct corridor_light *light, const double *matrix,
		    const double *alpha, double length_km, double *work)
{
	size_t stride = light->stride;
	double *launched = work + 5 * stride, *log_gain = work + 6 * stride;
	struct scattering s = {light, matrix, alpha, launched};
	memset(work, 0, 7 * stride * sizeof(*work));
	for (size_t i = 0; i < light->count; i++)
		launched[i] = corridor_light_channel_w(light, i);
	double length_m = length_km * 1e3, middle = alpha[light->count / 2], z = 0;
	double lost = -expm1(-middle * length_m);
	for (int n = 1; n <= STEPS; n++) {
		double next = n == STEPS ? length_m : -log1p(-lost * n / STEPS) / middle;
		step(log_gain, &s, z, next - z, work);
		z = next;
	}
	for (size_t i = 0; i < light->count; i++)
		gain[i] = exp(log_gain[i]);
}
