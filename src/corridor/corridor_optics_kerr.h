/* What fibre does to light: loss, and the noise that each channel suffers from the Kerr effect of
 * all of them (NLI), span by span, with powers conserved: what becomes NLI is taken from the signal
 * and from the noise before it. Spans add incoherently.
 *
 * Three models of the noise:
 *   CORRIDOR_GN         the Gaussian-noise model in closed form (Poggiolini et al., JLT 32(4),
 *                       2014, for the integral over one channel's width; arXiv:1209.0394 eq. 120)
 *   CORRIDOR_GGN        the integral itself, channel pair by channel pair (arXiv:1710.02225 eq. 21)
 *   CORRIDOR_GGN_RAMAN  the same, with light that bluer channels give to redder ones (ISRS) in the
 *                       loss and, to first order, in the noise
 */
#pragma once

#include "corridor/corridor_optics_fibre.h"
#include "corridor/corridor_optics_light.h"

enum corridor_model { CORRIDOR_GN, CORRIDOR_GGN, CORRIDOR_GGN_RAMAN };

/* The noise coefficients of fibres, remembered: they depend on glass, length and the channels, not
 * on powers, so that a line of a hundred equal spans costs one matrix and a hundred products. */
struct corridor_kerr;

/* For light with these channels: frequencies, widths and roll-offs, which stay as they are. NULL if
 * there is no memory. */
struct corridor_kerr *corridor_kerr_new(const struct corridor_light *light,
					enum corridor_model model);
void corridor_kerr_free(struct corridor_kerr *kerr);

/* Sends light, with the channels above, through `length_km` of fibre, more than 0, without
 * connectors. 0, or -1 if there is no memory (then nothing has changed). */
int corridor_kerr_pass(struct corridor_kerr *kerr, struct corridor_light *light,
		       const struct corridor_fibre *fibre, double length_km);

/* Noise that channel j makes in channel i over one span, in 1/W^2: NLI_i = eta P_i P_j^2; in closed
 * form. */
double corridor_kerr_eta(const struct corridor_light *light, size_t i, size_t j,
			 const struct corridor_fibre *fibre, double length_km);
