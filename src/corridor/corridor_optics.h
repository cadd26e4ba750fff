/* What light goes through: the signal, the noise of amplifiers (ASE) and the noise that the fibre
 * itself makes of too much light (NLI), channel by channel over a line of spans.
 *
 *   launch ──► [connector ── fibre ── connector ── amplifier] ──► ... ──► receiver
 *                         one span, as often as there are
 *
 * The Gaussian-noise model in closed form for each span, with powers conserved: what becomes NLI is
 * taken from the signal and from the noise before it. Powers in watt, frequencies in hertz, lengths
 * in kilometres, losses and gains in decibel. */
#pragma once

#include <stddef.h>

struct corridor_fibre {
	double loss_db_per_km;
	double dispersion_s_per_m2; /* at 1550 nm; 16.7 ps/(nm km) is 1.67e-5 */
	double effective_area_m2;
	double pmd_ps_per_sqrt_km;
};

/* The fibre of most lines on land, ITU-T G.652: 0.2 dB/km, 16.7 ps/(nm km), 83 square micrometres.
 */
extern const struct corridor_fibre corridor_fibre_g652;

struct corridor_span {
	struct corridor_fibre fibre;
	double length_km;
	double connector_in_db, connector_out_db;
	double noise_figure_db; /* of the amplifier at its end */
	double gain_db;         /* NAN: what the span lost */
};

/* One channel, and what has become of its light. */
struct corridor_channel {
	double frequency_hz;
	double baud_hz; /* symbols a second: the width in which noise counts */
	double signal_w, ase_w, nli_w;
};

enum { CORRIDOR_CHANNELS_MAX = 1024 };

/* Sends the channels (any order, at most CORRIDOR_CHANNELS_MAX) through the spans, in order: their
 * powers come in as launched into the first span and go out as they leave the last amplifier. 0, or
 * -1 if there is no memory (then nothing is changed). */
int corridor_optics_propagate(struct corridor_channel *channels, size_t channel_count,
			      const struct corridor_span *spans, size_t span_count);

/* Fills `count` channels from `first_hz` up, `spacing_hz` apart, of equal launch power. */
void corridor_optics_comb(struct corridor_channel *channels, size_t count, double first_hz,
			  double spacing_hz, double baud_hz, double launch_dbm);

/* Ratios in decibel, in the width of the signal: signal to ASE, to NLI, to both. */
double corridor_optics_osnr_db(const struct corridor_channel *channel);
double corridor_optics_nli_db(const struct corridor_channel *channel);
double corridor_optics_gsnr_db(const struct corridor_channel *channel);
/* The same ratio in 0.1 nm (12.5 GHz), as instruments and data sheets give it. */
double corridor_optics_in_tenth_nm_db(double signal_width_db, double baud_hz);

/* Nonlinear coefficient in 1/(W m) at a frequency: the mode is narrower where the light is bluer.
 */
double corridor_optics_gamma(const struct corridor_fibre *fibre, double frequency_hz);
/* Noise that channel j makes in channel i over one span, in 1/W^2: NLI_i = eta P_i P_j^2. */
double corridor_optics_eta(const struct corridor_span *span, const struct corridor_channel *i,
			   const struct corridor_channel *j);

/* Sums along a line. */
double corridor_optics_dispersion_ps_nm(const struct corridor_span *spans, size_t count);
double corridor_optics_pmd_ps(const struct corridor_span *spans, size_t count);
