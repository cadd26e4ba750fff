/* Light in a fibre: channels side by side, each with its signal, the noise of amplifiers (ASE) and
 * the noise that the fibre itself makes of too much light (NLI), and what it has picked up on the
 * way. Arrays, so that a loop over channels is a loop over memory.
 *
 * Powers in watt, frequencies in hertz, ratios and losses in decibel. */
#pragma once

#include <stddef.h>

enum {
	CORRIDOR_CHANNELS_MAX = 1024,
	CORRIDOR_LANES = 8, /* channels that a loop takes at a time */
};

struct corridor_light {
	size_t count;  /* channels, by rising frequency */
	size_t stride; /* count rounded up to CORRIDOR_LANES; what lies behind count is dark */
	double *frequency_hz;
	double *baud_hz; /* symbols a second: the width in which noise counts */
	double *slot_hz; /* the width that is kept for it */
	double *roll_off;
	double *offset_db;    /* above what a ROADM lets out of a channel */
	double *tx_osnr_db;   /* of the transmitter, in 0.1 nm; INFINITY: none */
	double *drop_inverse; /* noise of ROADMs where it was added and dropped: 1/OSNR in 0.1 nm */
	double *signal_w, *ase_w, *nli_w;
	double *dispersion_ps_nm;
	double *pmd_ps2, *pdl_db2; /* squares: they add up */
	double latency_ms;
};

/* Dark channels, 1 to CORRIDOR_CHANNELS_MAX of them. NULL if there is no memory. */
struct corridor_light *corridor_light_new(size_t count);
struct corridor_light *corridor_light_copy(const struct corridor_light *light);
void corridor_light_free(struct corridor_light *light);

/* Channels from `first_hz` up, `spacing_hz` apart, of equal launch power. */
void corridor_light_comb(struct corridor_light *light, double first_hz, double spacing_hz,
			 double baud_hz, double launch_dbm);

/* All powers of all channels, or of each channel by its own factor. */
void corridor_light_gain(struct corridor_light *light, double gain_db);
void corridor_light_scale(struct corridor_light *light, const double *factors);

double corridor_light_channel_w(const struct corridor_light *light, size_t channel);

/* Ratios in decibel, in the width of the signal: signal to ASE, to NLI, to both. */
double corridor_light_osnr_db(const struct corridor_light *light, size_t channel);
double corridor_light_nli_db(const struct corridor_light *light, size_t channel);
double corridor_light_gsnr_db(const struct corridor_light *light, size_t channel);
/* The same ratio in 0.1 nm (12.5 GHz), as instruments and data sheets give it, and back. */
double corridor_in_tenth_nm_db(double signal_width_db, double baud_hz);
double corridor_in_signal_width_db(double tenth_nm_db, double baud_hz);

double corridor_from_db(double db);
double corridor_to_db(double ratio);
double corridor_from_dbm(double dbm); /* watt */
double corridor_to_dbm(double watt);
