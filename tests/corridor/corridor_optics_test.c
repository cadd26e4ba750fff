/* Optics against GNPy line by line, against worked formulas, and against what cannot be otherwise.
 */
#include "corridor/corridor_optics.h"

#include <math.h>

#include "csv.h"
#include "tap.h"

enum { SPANS_MAX = 256 };

/* One row of the reference as a line. */
struct line {
	struct corridor_span spans[SPANS_MAX];
	struct corridor_channel channels[CORRIDOR_CHANNELS_MAX];
	size_t span_count, channel_count, read; /* the channel that the row speaks of */
	double baud_hz;
};

/* What its fibres have: 1.265e-15 s over the square root of a metre. */
static const double gnpy_pmd = 1.265e-3 * 31.6227766;

static struct line line;

static double
number(const struct csv *csv, size_t row, const char *column)
{
	return strtod(csv_get(csv, row, column), NULL);
}

static void
read_line(const struct csv *csv, size_t row)
{
	double first_hz = number(csv, row, "first_channel_THz") * 1e12;
	double spacing_hz = number(csv, row, "spacing_GHz") * 1e9;
	line.span_count = (size_t)number(csv, row, "spans");
	line.channel_count = (size_t)number(csv, row, "nch");
	line.baud_hz = number(csv, row, "baud_G") * 1e9;
	if (line.span_count > SPANS_MAX || line.channel_count > CORRIDOR_CHANNELS_MAX)
		abort();
	for (size_t i = 0; i < line.span_count; i++)
		line.spans[i] = (struct corridor_span){
			.fibre = {number(csv, row, "loss_db_km"), number(csv, row, "D_s_m2"),
				  number(csv, row, "Aeff_m2"), gnpy_pmd},
			.length_km = number(csv, row, "span_km"),
			.connector_in_db = number(csv, row, "conn_db_each_end"),
			.connector_out_db = number(csv, row, "conn_db_each_end"),
			.noise_figure_db = number(csv, row, "NF_db"),
			.gain_db = NAN,
		};
	corridor_optics_comb(line.channels, line.channel_count, first_hz, spacing_hz, line.baud_hz,
			     number(csv, row, "launch_dBm_per_ch"));
	line.read = (size_t)lround((number(csv, row, "read_channel_THz") * 1e12 - first_hz) /
				   spacing_hz);
}

static bool
close_to(const char *id, const char *what, double got, double expected, double within)
{
	bool same = fabs(got - expected) <= within;
	if (!same)
		printf("# %s %s: got %.5f, expected %.5f\n", id, what, got, expected);
	return same;
}

static void
row_agrees(const struct csv *csv, size_t row)
{
	const char *id = csv_get(csv, row, "id"), *method = csv_get(csv, row, "method");
	bool same_model = strcmp(method, "gn_model_analytic") == 0;
	double within = same_model ? 0.001 : 0.3;
	read_line(csv, row);
	if (corridor_optics_propagate(line.channels, line.channel_count, line.spans,
				      line.span_count) < 0)
		abort();
	const struct corridor_channel *c = &line.channels[line.read];
	double gsnr = corridor_optics_gsnr_db(c);
	ok(close_to(id, "GSNR", gsnr, number(csv, row, "GSNR_signalbw_dB"), within) &&
		   close_to(id, "GSNR in 0.1 nm",
			    corridor_optics_in_tenth_nm_db(gsnr, line.baud_hz),
			    number(csv, row, "GSNR_0.1nm_dB"), within) &&
		   close_to(id, "OSNR", corridor_optics_osnr_db(c),
			    number(csv, row, "OSNR_ASE_signalbw_dB"), within) &&
		   close_to(id, "SNR of NLI", corridor_optics_nli_db(c),
			    number(csv, row, "SNR_NLI_signalbw_dB"), same_model ? 0.001 : 1),
	   "%s, %s: within %g dB", id, csv_get(csv, row, "description"), within);
	/* The lengths in the row are rounded to a tenth of a metre. */
	ok(close_to(id, "dispersion", corridor_optics_dispersion_ps_nm(line.spans, line.span_count),
		    number(csv, row, "CD_ps_nm"), 1e-6 * number(csv, row, "CD_ps_nm")) &&
		   close_to(id, "PMD", corridor_optics_pmd_ps(line.spans, line.span_count),
			    number(csv, row, "PMD_ps"), 0.0001),
	   "its dispersion");
	if (!same_model)
		return;
	ok(close_to(id, "first", corridor_optics_gsnr_db(&line.channels[0]),
		    number(csv, row, "GSNR_first_ch_dB"), within) &&
		   close_to(id, "last",
			    corridor_optics_gsnr_db(&line.channels[line.channel_count - 1]),
			    number(csv, row, "GSNR_last_ch_dB"), within),
	   "its first and last channel");
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
	struct corridor_span span = {.fibre = {0.2, 1.67e-5, 83e-12, 0}, .length_km = 80};
	struct corridor_channel channels[75];
	double constant = 1.269823692e-3, sum = 0; /* O05, per metre */
	corridor_optics_comb(channels, 75, 193e12, 50e9, 32e9, 0);
	double gamma = corridor_optics_gamma(&span.fibre, channels[37].frequency_hz);
	for (int j = 0; j < 75; j++)
		sum += corridor_optics_eta(&span, &channels[37], &channels[j]);
	sum *= constant * constant / (gamma * gamma);
	ok(close_to("O06", "eta", sum, 1007.462894, 0.001),
	   "the noise coefficient of a span is O06");
	ok(gamma > corridor_optics_gamma(&span.fibre, channels[0].frequency_hz),
	   "bluer light is held more tightly and makes more noise");
}

/* Light is lost to amplified noise, never made or lost by NLI; more power is not always better. */
static void
laws(void)
{
	struct corridor_span span = {.fibre = corridor_fibre_g652,
				     .length_km = 80,
				     .noise_figure_db = -INFINITY, /* an amplifier without noise */
				     .gain_db = NAN};
	struct corridor_channel channels[9];
	corridor_optics_comb(channels, 9, 193e12, 50e9, 32e9, 3);
	double before = channels[4].signal_w;
	corridor_optics_propagate(channels, 9, &span, 1);
	double after = channels[4].signal_w + channels[4].nli_w + channels[4].ase_w;
	ok(fabs(after / before - 1) < 1e-12, "without amplifier noise a span conserves power");
	ok(channels[4].nli_w > channels[0].nli_w && channels[4].nli_w > channels[8].nli_w,
	   "the middle of a comb suffers most from its neighbours");

	double best_db = -INFINITY, at_dbm = 0, loudest_db = 0;
	span.noise_figure_db = 5;
	for (double dbm = -6; dbm <= 9; dbm += 0.25) {
		corridor_optics_comb(channels, 9, 193e12, 50e9, 32e9, dbm);
		for (int i = 0; i < 10; i++)
			corridor_optics_propagate(channels, 9, &span, 1);
		loudest_db = corridor_optics_gsnr_db(&channels[4]);
		if (loudest_db > best_db) {
			best_db = loudest_db;
			at_dbm = dbm;
		}
	}
	ok(at_dbm > -6 && at_dbm < 9 && loudest_db < best_db - 3,
	   "there is a best launch power, here %.2f dBm, and too much is worse", at_dbm);
}

/* Mixed spans must not use the coefficients of the one before. */
static void
mixed_spans(void)
{
	struct corridor_span spans[3] = {{.fibre = corridor_fibre_g652,
					  .length_km = 80,
					  .noise_figure_db = 5,
					  .gain_db = NAN}};
	struct corridor_channel together[5], apart[5];
	spans[2] = spans[1] = spans[0];
	spans[1].fibre.effective_area_m2 = 130e-12;
	spans[1].length_km = 100;
	corridor_optics_comb(together, 5, 193e12, 75e9, 64e9, 0);
	corridor_optics_comb(apart, 5, 193e12, 75e9, 64e9, 0);
	corridor_optics_propagate(together, 5, spans, 3);
	for (int i = 0; i < 3; i++)
		corridor_optics_propagate(apart, 5, &spans[i], 1);
	ok(memcmp(together, apart, sizeof(together)) == 0,
	   "spans in one go or one by one are the same, also when they differ");
}

int
main(void)
{
	gnpy();
	coefficient();
	laws();
	mixed_spans();
	return done_testing();
}
