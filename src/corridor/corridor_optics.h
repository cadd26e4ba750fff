/* A plain line: spans of fibre, each with an amplifier of a given noise figure at its end.
 *
 *   launch ──► [connector ── fibre ── connector ── amplifier] ──► ... ──► receiver
 *                         one span, as often as there are
 *
 * Lengths in kilometres, losses and gains in decibel. Lines of other elements: see
 * corridor_optics_network.h. */
#pragma once

#include "corridor/corridor_optics_kerr.h"

struct corridor_span {
	struct corridor_fibre fibre;
	double length_km; /* more than 0 */
	double connector_in_db, connector_out_db;
	double noise_figure_db; /* of the amplifier at its end */
	double gain_db;         /* NAN: what the span lost at the fibre's reference */
};

/* Noise that an amplifier adds at its input, W: in one channel. */
double corridor_amplifier_noise_w(double noise_figure_db, double frequency_hz, double baud_hz);

/* The launch power that makes most of spans that add `ase_w` of noise and eta P^3 of NLI, W: NLI is
 * then half of ASE. */
double corridor_best_launch_w(double ase_w, double eta);

/* What physics allows in a band, two polarisations, Tbit/s. */
double corridor_shannon_tbps(double band_hz, double snr_db);

/* Sends light through the spans, in order: its powers come in as launched into the first span and
 * go out as they leave the last amplifier. 0, or -1 if there is no memory (then they are
 * worthless). */
int corridor_optics_propagate(struct corridor_light *light, const struct corridor_span *spans,
			      size_t span_count, enum corridor_model model);
