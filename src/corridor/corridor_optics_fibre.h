/* Fibre as light sees it: loss, dispersion, the width of its mode, the gain by Raman scattering.
 * Lengths in kilometres. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A value by frequency: straight between the points, which rise in frequency. */
struct corridor_curve {
	size_t count; /* 0: there is none */
	const double *frequency_hz, *value;
};

struct corridor_fibre {
	double loss_db_per_km;
	struct corridor_curve loss; /* where there is one it stands for loss_db_per_km */
	/* At the reference; 16.7 ps/(nm km) is 1.67e-5. */
	double dispersion_s_per_m2;
	/* By wavelength, s/m^3. Where it is not known the dispersion is taken to grow with the
	 * square of the frequency, so that beta_2 is the same for all channels. */
	bool slope_known;
	double slope_s_per_m3;
	struct corridor_curve dispersion; /* s/m^2; stands for all three */
	double effective_area_m2;
	double pmd_ps_per_sqrt_km;
	double reference_hz; /* 0: that of 1550 nm */
};

/* The fibre of most lines on land, ITU-T G.652: 0.2 dB/km, 16.7 ps/(nm km), 83 square micrometres.
 */
extern const struct corridor_fibre corridor_fibre_g652;

/* Outside of the points: the value of the nearest one. */
double corridor_curve_at(const struct corridor_curve *curve, double frequency_hz);
/* True if all of `low_hz` to `high_hz` lies between its points, or it has none. */
bool corridor_curve_covers(const struct corridor_curve *curve, double low_hz, double high_hz);

/* Where the parameters of a fibre hold. */
double corridor_fibre_reference_hz(const struct corridor_fibre *fibre);
double corridor_fibre_loss_db_per_km(const struct corridor_fibre *fibre, double frequency_hz);
/* Attenuation of power, 1/m. */
double corridor_fibre_alpha(const struct corridor_fibre *fibre, double frequency_hz);
/* beta_2, s^2/m; negative where the dispersion is positive. */
double corridor_fibre_beta2(const struct corridor_fibre *fibre, double frequency_hz);
/* Of `length_km`, as the reference frequency has it. */
double corridor_fibre_dispersion_ps_nm(const struct corridor_fibre *fibre, double length_km,
				       double frequency_hz);
/* Nonlinear coefficient, 1/(W m), of glass with this Kerr index and a mode of this area. */
double corridor_gamma(double kerr_m2_per_w, double area_m2, double frequency_hz);
/* That of the fibre: the mode is narrower where the light is bluer. */
double corridor_fibre_gamma(const struct corridor_fibre *fibre, double frequency_hz);
/* What a watt at `from_hz` gives to light at `to_hz` in a metre, as a share of the latter: more
 * than 0 where the former is bluer, less where it is redder. */
double corridor_fibre_raman(const struct corridor_fibre *fibre, double to_hz, double from_hz);
/* Square of the delay between its polarisations: squares add up. */
double corridor_fibre_pmd_ps2(const struct corridor_fibre *fibre, double length_km);
/* Time that light needs, one way. */
double corridor_fibre_latency_ms(double length_km);
/* True if both make the same of the same light. */
bool corridor_fibre_same(const struct corridor_fibre *a, const struct corridor_fibre *b);
