/* The light that bluer channels give to redder ones on the way (inter-channel stimulated Raman
 * scattering). */
#pragma once

#include "corridor/corridor_optics_fibre.h"
#include "corridor/corridor_optics_light.h"

/* What a watt in channel j gives to channel i in a metre, at matrix[j * light->stride + i]. */
void corridor_raman_matrix(double *matrix, const struct corridor_light *light,
			   const struct corridor_fibre *fibre);

/* *gain of each channel: the ratio of its power after `length_km` to what it would be without, for
 * light as it enters. `alpha` of each channel in 1/m. `work` has room for 7 times light->stride. */
void corridor_raman_gain(double *gain, const struct corridor_light *light, const double *matrix,
			 const double *alpha, double length_km, double *work);
