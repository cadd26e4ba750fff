/* How long a line of 10 000 km takes: 125 spans of 80 km, 76 channels (row R21 of the reference,
 * for which GNPy needs 66 ms in its core). Prints the best of several rounds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_optics.h"

enum { SPANS = 125, CHANNELS = 76, ROUNDS = 50 };

int
main(void)
{
	static struct corridor_span spans[SPANS];
	static struct corridor_channel channels[CHANNELS];
	int64_t best_us = INT64_MAX;
	for (int i = 0; i < SPANS; i++)
		spans[i] = (struct corridor_span){.fibre = corridor_fibre_g652,
						  .length_km = 80,
						  .noise_figure_db = 5,
						  .gain_db = NAN};
	for (int i = 0; i < ROUNDS; i++) {
		corridor_optics_comb(channels, CHANNELS, 191.4e12, 50e9, 32e9, 0);
		struct mono_us start = clock_mono();
		if (corridor_optics_propagate(channels, CHANNELS, spans, SPANS) < 0)
			return 1;
		int64_t took_us = clock_mono().us - start.us;
		best_us = took_us < best_us ? took_us : best_us;
	}
	printf("10 000 km, 125 spans, 76 channels: %.3f ms, GSNR %.4f dB\n", (double)best_us / 1e3,
	       corridor_optics_gsnr_db(&channels[37]));
	return 0;
}
