/* Light on its way through a network, element by element. */
#pragma once

#include "corridor/corridor_optics_build.h"
#include "corridor/corridor_optics_gnpy.h"
#include "corridor/corridor_optics_kerr.h"

/* What one element did, for who asks. Powers are means over the channels in dBm. */
struct corridor_passage {
	uint32_t element;
	double in_dbm, out_dbm; /* of a channel */
	double loss_db;         /* of the channels, the mean */
	size_t band_count;
	struct corridor_amplified bands[CORRIDOR_BANDS_MAX]; /* an amplifier's; gain 0: dark */
	double designed_power_db[CORRIDOR_BANDS_MAX];
};

/* Light that a transmitter sends: a comb of the equipment, `power_dbm` a channel (NAN: as the
 * equipment says); or stretches of a spectrum. NULL and the complaint: channels overlap, are too
 * many, or no memory. */
struct corridor_light *corridor_launch_comb(const struct corridor_comb *comb, double power_dbm,
					    struct corridor_complaint *complaint);
struct corridor_light *corridor_launch_spectrum(const struct corridor_stretch *stretches,
						size_t count, double power_dbm,
						struct corridor_complaint *complaint);

/* Sends light along a way of a network that has been designed: *light is as it is received, noise
 * of transmitter, adding and dropping not counted in. Channels outside the band of an amplifier on
 * the way do not start, and are noted; *light may be another one then. `passages` has room for one
 * of each element, or is NULL. 0, or -1 and the complaint. */
int corridor_network_pass(const struct corridor_network *network, const uint32_t *way, size_t count,
			  struct corridor_light **light, enum corridor_model model,
			  struct corridor_passage *passages, struct buf *notes,
			  struct corridor_complaint *complaint);

/* The ratios at a receiver, with the noise of its transmitter and of the ROADMs that add and drop,
 * dB, in the width of the signal. */
double corridor_received_osnr_db(const struct corridor_light *light, size_t channel);
double corridor_received_gsnr_db(const struct corridor_light *light, size_t channel);
