/* The integral of the generalised Gaussian-noise model for one pair of channels. */
#pragma once

/* One pair: the channel that is looked at, and the one that disturbs it (or itself). */
struct corridor_pair {
	double apart_hz; /* 0: itself */
	double baud_hz, roll_off;
	double pump_baud_hz, pump_roll_off;
};

/* The integral for light whose power falls as exp(-az) (1 + T (1 - exp(-az))): a polynomial in T,
 * how much Raman scattering has given it by the end of a long fibre. */
struct corridor_psi {
	double constant, linear, square;
};

/* `alpha` in 1/m, `beta2` in s^2/m, the result in m^2 Hz^2. */
struct corridor_psi corridor_ggn_psi(const struct corridor_pair *pair, double alpha, double beta2,
				     double length_km);
