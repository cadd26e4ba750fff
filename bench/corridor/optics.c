/* How long lines take: R21 of the reference (10 000 km, 125 spans of 80 km, 76 channels), for which
 * GNPy needs 66 ms in its core; the same with an uneven grid; and R28 by the integral, with and
 * without Raman scattering. Prints the best of several rounds, and for optics_numpy.py the number
 * that both must find. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock_io.h"
#include "corridor/corridor_optics.h"

enum { SPANS_MAX = 125 };

struct line {
	const char *name;
	size_t spans, channels;
	double spacing_hz, baud_hz, nudge_hz;
	enum corridor_model model;
	int rounds;
};

static const struct line lines[] = {
	{"10 000 km, closed form", 125, 76, 50e9, 32e9, 0, CORRIDOR_GN, 200},
	{"  uneven grid", 125, 76, 50e9, 32e9, 100, CORRIDOR_GN, 200},
	{"1600 km, integral (GGN)", 20, 64, 75e9, 64e9, 0, CORRIDOR_GGN, 20},
	{"  with Raman scattering", 20, 64, 75e9, 64e9, 0, CORRIDOR_GGN_RAMAN, 20},
	{"  and an uneven grid", 20, 64, 75e9, 64e9, 100, CORRIDOR_GGN_RAMAN, 1},
};

int
main(void)
{
	struct corridor_span spans[SPANS_MAX];
	for (int i = 0; i < SPANS_MAX; i++)
		spans[i] = (struct corridor_span){.fibre = corridor_fibre_g652,
						  .length_km = 80,
						  .noise_figure_db = 5,
						  .gain_db = NAN};
	for (size_t n = 0; n < sizeof(lines) / sizeof(lines[0]); n++) {
		const struct line *l = &lines[n];
		struct corridor_light *light = corridor_light_new(l->channels);
		int64_t best_us = INT64_MAX;
		for (int i = 0; light && i < l->rounds; i++) {
			corridor_light_comb(light, 191.4e12, l->spacing_hz, l->baud_hz, 0);
			light->frequency_hz[0] += l->nudge_hz;
			struct mono_us start = clock_mono();
			if (corridor_optics_propagate(light, spans, l->spans, l->model) < 0)
				return 1;
			int64_t took_us = clock_mono().us - start.us;
			best_us = took_us < best_us ? took_us : best_us;
		}
		if (!light)
			return 1;
		printf("%-24s %4zu spans %3zu channels %9.3f ms  GSNR %.4f dB\n", l->name, l->spans,
		       l->channels, (double)best_us / 1e3,
		       corridor_light_gsnr_db(light, l->channels / 2 - 1));
		corridor_light_free(light);
	}
	return 0;
}
