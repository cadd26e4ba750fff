/* Optics against GNPy line by line, against worked formulas, and against what cannot be otherwise.
 */
#include "corridor/corridor_optics.h"

#include <math.h>
#include <stdint.h>

#include "csv.h"
#include "tap.h"

enum { SPANS_MAX = 256 };

/* One row of the reference as a line. */
struct line {
	struct corridor_span spans[SPANS_MAX];
	struct corridor_light *light;
	size_t span_count, read; /* the channel that the row speaks of */
	enum corridor_model model;
};

/* What its fibres have: 1.265e-15 s over the square root of a metre. */
static const double gnpy_pmd = 1.265e-3 * 31.6227766;

static double
field(const struct csv *csv, size_t row, const char *column)
{
	return strtod(csv_get(csv, row, column), NULL);
}

static void
read_line(struct line *line, const struct csv *csv, size_t row)
{
	double first_hz = field(csv, row, "first_channel_THz") * 1e12;
	double spacing_hz = field(csv, row, "spacing_GHz") * 1e9;
	const char *method = csv_get(csv, row, "method");
	line->span_count = (size_t)field(csv, row, "spans");
	if (line->span_count > SPANS_MAX)
		abort();
	for (size_t i = 0; i < line->span_count; i++)
		line->spans[i] = (struct corridor_span){
			.fibre = {.loss_db_per_km = field(csv, row, "loss_db_km"),
				  .dispersion_s_per_m2 = field(csv, row, "D_s_m2"),
				  .effective_area_m2 = field(csv, row, "Aeff_m2"),
				  .pmd_ps_per_sqrt_km = gnpy_pmd},
			.length_km = field(csv, row, "span_km"),
			.connector_in_db = field(csv, row, "conn_db_each_end"),
			.connector_out_db = field(csv, row, "conn_db_each_end"),
			.noise_figure_db = field(csv, row, "NF_db"),
			.gain_db = NAN,
		};
	line->light = corridor_light_new((size_t)field(csv, row, "nch"));
	corridor_light_comb(line->light, first_hz, spacing_hz, field(csv, row, "baud_G") * 1e9,
			    field(csv, row, "launch_dBm_per_ch"));
	line->read = (size_t)lround((field(csv, row, "read_channel_THz") * 1e12 - first_hz) /
				    spacing_hz);
	line->model = strcmp(method, "gn_model_analytic") == 0          ? CORRIDOR_GN
		      : strcmp(method, "ggn_spectrally_separated") == 0 ? CORRIDOR_GGN
									: CORRIDOR_GGN_RAMAN;
}

static bool
close_to(const char *id, const char *what, double got, double expected, double within)
{
	bool same = fabs(got - expected) <= within;
	if (!same)
		printf("# %s %s: got %.5f, expected %.5f\n", id, what, got, expected);
	return same;
}

/* The closed form to its last digit. Of the integral GNPy takes far channels as rectangles, which
 * makes their noise 4 % stronger than their spectra do. */
static void
row_agrees(const struct csv *csv, size_t row)
{
	struct line line;
	const char *id = csv_get(csv, row, "id");
	read_line(&line, csv, row);
	bool closed = line.model == CORRIDOR_GN;
	double within = closed ? 0.001 : 0.1;
	if (corridor_optics_propagate(line.light, line.spans, line.span_count, line.model) < 0)
		abort();
	double gsnr = corridor_light_gsnr_db(line.light, line.read);
	double osnr = corridor_light_osnr_db(line.light, line.read);
	double baud = line.light->baud_hz[line.read];
	ok(close_to(id, "GSNR", gsnr, field(csv, row, "GSNR_signalbw_dB"), within) &&
		   close_to(id, "GSNR in 0.1 nm", corridor_in_tenth_nm_db(gsnr, baud),
			    field(csv, row, "GSNR_0.1nm_dB"), within) &&
		   close_to(id, "OSNR", osnr, field(csv, row, "OSNR_ASE_signalbw_dB"), within) &&
		   close_to(id, "OSNR in 0.1 nm", corridor_in_tenth_nm_db(osnr, baud),
			    field(csv, row, "OSNR_ASE_0.1nm_dB"), within) &&
		   close_to(id, "SNR of NLI", corridor_light_nli_db(line.light, line.read),
			    field(csv, row, "SNR_NLI_signalbw_dB"), closed ? 0.001 : 0.15),
	   "%s, %s: within %g dB", id, csv_get(csv, row, "description"), within);
	ok(close_to(id, "first", corridor_light_gsnr_db(line.light, 0),
		    field(csv, row, "GSNR_first_ch_dB"), within) &&
		   close_to(id, "last", corridor_light_gsnr_db(line.light, line.light->count - 1),
			    field(csv, row, "GSNR_last_ch_dB"), within),
	   "its first and last channel");
	/* The lengths in the row are rounded to a tenth of a metre. */
	ok(close_to(id, "dispersion", line.light->dispersion_ps_nm[line.read],
		    field(csv, row, "CD_ps_nm"), 1e-6 * field(csv, row, "CD_ps_nm")) &&
		   close_to(id, "PMD", sqrt(line.light->pmd_ps2[line.read]),
			    field(csv, row, "PMD_ps"), 0.0001) &&
		   close_to(id, "latency", line.light->latency_ms, field(csv, row, "latency_ms"),
			    1e-6 * field(csv, row, "latency_ms") + 0.00001),
	   "its dispersion, PMD and latency");
	corridor_light_free(line.light);
}

static void
gnpy(void)
{
	struct csv csv = csv_read("tests/corridor/data/gnpy.csv");
	for (size_t i = 0; i < csv.rows; i++)
		row_agrees(&csv, i);
	csv_fini(&csv);
}

/* O06: the noise of 75 channels in the middle one over a span, for a mode of constant width. */
static void
coefficient(void)
{
	const struct corridor_fibre *fibre = &corridor_fibre_g652;
	struct corridor_light *light = corridor_light_new(75);
	double constant = 1.269823692e-3, sum = 0; /* O05, per metre */
	corridor_light_comb(light, 193e12, 50e9, 32e9, 0);
	double gamma = corridor_fibre_gamma(fibre, light->frequency_hz[37]);
	for (size_t j = 0; j < 75; j++)
		sum += corridor_kerr_eta(light, 37, j, fibre, 80);
	sum *= constant * constant / (gamma * gamma);
	ok(close_to("O06", "eta", sum, 1007.462894, 0.001),
	   "the noise coefficient of a span is O06");
	ok(gamma > corridor_fibre_gamma(fibre, light->frequency_hz[0]),
	   "bluer light is held more tightly and makes more noise");
	corridor_light_free(light);
}

/* Numbers from a seed (a linear congruence, top bits). */
static uint64_t seed;

static double
between(double low, double high)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

/* Channels of mixed width, distance and power; some fibres; amplifiers that make good their loss.
 */
static void
random_line(struct line *line)
{
	double at_hz = between(191.3e12, 192e12);
	line->light = corridor_light_new((size_t)between(1, 24));
	line->read = (size_t)between(0, (double)line->light->count);
	for (size_t i = 0; i < line->light->count; i++) {
		double baud = between(20e9, 130e9), slot = baud * between(1.15, 2);
		line->light->frequency_hz[i] = at_hz + slot / 2;
		line->light->baud_hz[i] = baud;
		line->light->slot_hz[i] = slot;
		line->light->roll_off[i] = between(0.01, 0.15);
		line->light->signal_w[i] = corridor_from_dbm(between(-6, 4));
		at_hz += slot;
	}
	line->span_count = (size_t)between(2, 12);
	for (size_t i = 0; i < line->span_count; i++)
		line->spans[i] = (struct corridor_span){
			.fibre = {.loss_db_per_km = between(0.15, 0.3),
				  .dispersion_s_per_m2 = between(3e-6, 2.2e-5),
				  .effective_area_m2 = between(50e-12, 150e-12)},
			.length_km = between(20, 120),
			.connector_in_db = between(0, 1),
			.connector_out_db = between(0, 1),
			.noise_figure_db = between(4, 8),
			.gain_db = NAN,
		};
}

static struct corridor_light *
after(const struct line *line, size_t spans, enum corridor_model model)
{
	struct corridor_light *light = corridor_light_copy(line->light);
	if (!light || corridor_optics_propagate(light, line->spans, spans, model) < 0)
		abort();
	return light;
}

static void
more_spans_are_worse(void)
{
	size_t worse = 0, compared = 0;
	for (uint64_t number = 1; number < 40; number++) {
		struct line line;
		seed = number;
		random_line(&line);
		double before = INFINITY;
		for (size_t n = 1; n <= line.span_count; n++, compared++) {
			struct corridor_light *light = after(&line, n, CORRIDOR_GN);
			double gsnr = corridor_light_gsnr_db(light, line.read);
			worse += gsnr < before;
			before = gsnr;
			corridor_light_free(light);
		}
		corridor_light_free(line.light);
	}
	ok(compared > 100 && worse == compared,
	   "each further span lowers the GSNR, whatever the channels and fibres: %zu of %zu", worse,
	   compared);
}

/* Spans in one go, or one by one: what is remembered of one fibre must not serve another. */
static void
in_pieces(void)
{
	size_t same = 0, lines = 0;
	for (uint64_t number = 100; number < 120; number++, lines++) {
		struct line line;
		seed = number;
		random_line(&line);
		/* The same fibres come again, in turn. */
		for (size_t i = 3; i < line.span_count; i++)
			line.spans[i] = line.spans[i % 3];
		struct corridor_light *whole = after(&line, line.span_count, CORRIDOR_GN);
		struct corridor_light *pieces = corridor_light_copy(line.light);
		for (size_t i = 0; i < line.span_count; i++)
			corridor_optics_propagate(pieces, &line.spans[i], 1, CORRIDOR_GN);
		size_t octets = whole->stride * sizeof(double);
		same += memcmp(whole->signal_w, pieces->signal_w, octets) == 0 &&
			memcmp(whole->nli_w, pieces->nli_w, octets) == 0 &&
			memcmp(whole->ase_w, pieces->ase_w, octets) == 0;
		corridor_light_free(whole);
		corridor_light_free(pieces);
		corridor_light_free(line.light);
	}
	ok(same == lines, "spans in one go or one by one are the same, also when they differ");
}

/* Two kinds of spans in two orders, with so little noise that what one makes is nothing to the
 * next: the order cannot matter. */
static void
order(void)
{
	struct line line = {.light = corridor_light_new(9), .span_count = 6};
	corridor_light_comb(line.light, 193e12, 75e9, 64e9, -10);
	for (size_t i = 0; i < 6; i++)
		line.spans[i] = (struct corridor_span){.fibre = corridor_fibre_g652,
						       .length_km = i < 3 ? 60 : 90,
						       .noise_figure_db = 5,
						       .gain_db = NAN};
	struct corridor_light *one = after(&line, 6, CORRIDOR_GN);
	for (size_t i = 0; i < 6; i++)
		line.spans[i].length_km = i % 2 ? 60 : 90;
	struct corridor_light *other = after(&line, 6, CORRIDOR_GN);
	ok(fabs(corridor_light_gsnr_db(one, 4) - corridor_light_gsnr_db(other, 4)) < 0.01,
	   "the order of spans does not matter, to a hundredth of a decibel");
	corridor_light_free(one);
	corridor_light_free(other);
	corridor_light_free(line.light);
}

/* NLI neither makes nor loses light; Raman scattering moves it from blue to red. */
static void
power(void)
{
	struct corridor_span span = {.fibre = corridor_fibre_g652,
				     .length_km = 80,
				     .noise_figure_db = -INFINITY, /* without noise */
				     .gain_db = NAN};
	size_t kept = 0, channels = 0;
	for (uint64_t number = 200; number < 220; number++) {
		struct line line;
		seed = number;
		random_line(&line);
		for (size_t i = 0; i < line.span_count; i++)
			line.spans[i].noise_figure_db = -INFINITY;
		for (int model = CORRIDOR_GN; model <= CORRIDOR_GGN; model++) {
			struct corridor_light *light =
				after(&line, line.span_count, (enum corridor_model)model);
			for (size_t i = 0; i < light->count; i++, channels++)
				kept += fabs(corridor_light_channel_w(light, i) /
						     line.light->signal_w[i] -
					     1) < 1e-10;
			corridor_light_free(light);
		}
		corridor_light_free(line.light);
	}
	ok(channels > 300 && kept == channels,
	   "without amplifier noise every channel keeps its power: %zu of %zu", kept, channels);

	struct corridor_light *light = corridor_light_new(64);
	corridor_light_comb(light, 191.4e12, 75e9, 64e9, 2);
	double before = 0, after = 0;
	for (size_t i = 0; i < 64; i++)
		before += corridor_light_channel_w(light, i);
	corridor_optics_propagate(light, &span, 1, CORRIDOR_GGN_RAMAN);
	for (size_t i = 0; i < 64; i++)
		after += corridor_light_channel_w(light, i);
	ok(corridor_light_channel_w(light, 0) > corridor_from_dbm(2.2) &&
		   corridor_light_channel_w(light, 63) < corridor_from_dbm(1.8),
	   "Raman scattering takes from the bluest channel and gives to the reddest");
	/* A photon that becomes redder leaves a fortieth of its energy to the glass. */
	ok(fabs(after / before - 1) < 0.01, "and moves light, no more");
	corridor_light_free(light);
}

/* One channel, which GNPy's amplifiers cannot take; and a grid that is not even. */
static void
odd_spectra(void)
{
	struct line line = {.span_count = 1};
	line.spans[0] = (struct corridor_span){.fibre = corridor_fibre_g652,
					       .length_km = 80,
					       .noise_figure_db = 5,
					       .gain_db = NAN};
	line.light = corridor_light_new(1);
	corridor_light_comb(line.light, 193.45e12, 50e9, 32e9, 0);
	struct corridor_light *alone = after(&line, 1, CORRIDOR_GN);
	double eta = corridor_kerr_eta(line.light, 0, 0, &corridor_fibre_g652, 80);
	ok(close_to("alone", "NLI", corridor_light_nli_db(alone, 0),
		    corridor_to_db((1 - eta * 1e-6) / (eta * 1e-6)), 1e-9),
	   "a single channel disturbs itself only");
	corridor_light_free(alone);
	corridor_light_free(line.light);

	/* The same comb, with one channel moved by a hair that makes it uneven. */
	struct corridor_light *nudged;
	line.light = corridor_light_new(40);
	corridor_light_comb(line.light, 192e12, 75e9, 64e9, 0);
	struct corridor_light *even = after(&line, 1, CORRIDOR_GN);
	line.light->frequency_hz[39] += 10;
	nudged = after(&line, 1, CORRIDOR_GN);
	double worst = 0;
	for (size_t i = 0; i < 40; i++)
		worst = fmax(worst, fabs(nudged->nli_w[i] / even->nli_w[i] - 1));
	ok(worst < 1e-9 && worst > 0,
	   "an even grid and one that is even but for 10 Hz differ by as much");
	corridor_light_free(even);
	corridor_light_free(nudged);
	corridor_light_free(line.light);
}

int
main(void)
{
	gnpy();
	coefficient();
	more_spans_are_worse();
	in_pieces();
	order();
	power();
	odd_spectra();
	return done_testing();
}
