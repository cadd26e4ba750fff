/* Topics of light: how long it takes, what noise it meets, what it can carry. */
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_formula_parts.h"
#include "corridor/corridor_geo.h"
#include "corridor/corridor_optics_lit.h"

#define one  corridor_formula_one
#define tell corridor_formula_tell

static const double tenth_nm_hz = 12.5e9;

static int
latency(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double km = one(r, "length");
	tell(r, "one way", corridor_fibre_latency_ms(km), "ms");
	tell(r, "there and back", corridor_round_trip_ms(km), "ms");
	return 0;
}

static int
great_circle(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	const struct corridor_given *ends[] = {corridor_formula_all(r, "from"),
					       corridor_formula_all(r, "to")};
	for (int i = 0; i < 2; i++) {
		if (ends[i]->count != 2 || fabs(ends[i]->values[0]) > 90) {
			corridor_complain(complaint, 400,
					  "great-circle: %s: found \"%.40s\", expected latitude "
					  "(-90 to 90) and longitude, such as 24.87,66.99",
					  i ? "to" : "from", ends[i]->text);
			return -1;
		}
	}
	double km = corridor_geo_distance_km(ends[0]->values[0], ends[0]->values[1],
					     ends[1]->values[0], ends[1]->values[1]);
	tell(r, "distance", km, "km");
	tell(r, "light there and back, were it fibre", corridor_round_trip_ms(km), "ms");
	return 0;
}

static int
ase(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double watt = corridor_amplifier_noise_w(one(r, "noise-figure"), one(r, "frequency") * 1e12,
						 one(r, "width") * 1e9);
	tell(r, "noise at its input", corridor_to_dbm(watt), "dBm");
	tell(r, "the same", watt * 1e9, "nW");
	return 0;
}

static int
osnr(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double noise = corridor_to_dbm(corridor_amplifier_noise_w(
		one(r, "noise-figure"), one(r, "frequency") * 1e12, tenth_nm_hz));
	tell(r, "OSNR in 0.1 nm",
	     one(r, "power") - one(r, "loss") - noise - corridor_to_db(one(r, "spans")), "dB");
	return 0;
}

static int
snr(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "SNR in the signal's width",
	     corridor_in_signal_width_db(one(r, "osnr"), one(r, "baud") * 1e9), "dB");
	return 0;
}

static int
tenth_nm(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "OSNR in 0.1 nm", corridor_in_tenth_nm_db(one(r, "snr"), one(r, "baud") * 1e9),
	     "dB");
	return 0;
}

static int
of_gamma(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "gamma",
	     corridor_gamma(one(r, "n2"), one(r, "area") * 1e-12, one(r, "wavelength") * 1e12) *
		     1e3,
	     "1/(W km)");
	return 0;
}

/* The noise of all channels in the middle one over a span, where the fibre is as it is said to be: at its
 * reference. NAN without memory. */
static double
middle_eta(const struct corridor_reckoning *r)
{
	struct corridor_fibre fibre = {
		.loss_db_per_km = one(r, "loss"),
		.dispersion_s_per_m2 = one(r, "dispersion") * 1e-6,
		.effective_area_m2 = one(r, "area") * 1e-12,
	};
	size_t channels = (size_t)one(r, "channels"), middle = channels / 2;
	double spacing_hz = one(r, "spacing") * 1e9, sum = 0;
	struct corridor_light *light = corridor_light_new(channels);
	if (!light)
		return NAN;
	corridor_light_comb(light,
			    corridor_fibre_reference_hz(&fibre) - (double)middle * spacing_hz,
			    spacing_hz, one(r, "baud") * 1e9, 0);
	for (size_t j = 0; j < channels; j++)
		sum += corridor_kerr_eta(light, middle, j, &fibre, one(r, "length"));
	corridor_light_free(light);
	return sum;
}

/* Channels do not overlap. */
static int
check_comb(const struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	if (one(r, "spacing") >= one(r, "baud"))
		return 0;
	corridor_complain(complaint, 400,
			  "%s: spacing: found %.10g GHz, expected at least the %.10g GHz that the "
			  "symbol rate takes",
			  r->formula->topic, one(r, "spacing"), one(r, "baud"));
	return -1;
}

static int
eta(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	if (check_comb(r, complaint) < 0)
		return -1;
	double sum = middle_eta(r);
	r->failed |= isnan(sum);
	tell(r, "eta of a span", sum, "1/W2");
	return 0;
}

static int
optimum(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double baud_hz = one(r, "baud") * 1e9;
	if (check_comb(r, complaint) < 0)
		return -1;
	double of_span = middle_eta(r);
	r->failed |= isnan(of_span);
	if (r->failed)
		return 0;
	double loss_db = one(r, "loss") * one(r, "length");
	double ase_w = corridor_amplifier_noise_w(one(r, "noise-figure"),
						  one(r, "frequency") * 1e12, baud_hz) *
		       corridor_from_db(loss_db);
	double best_w = corridor_best_launch_w(ase_w, of_span);
	double nli_w = of_span * best_w * best_w * best_w, spans = one(r, "spans");
	double gsnr_db = corridor_to_db(best_w / (spans * (ase_w + nli_w)));
	tell(r, "GSNR in the signal's width", gsnr_db, "dB");
	tell(r, "GSNR in 0.1 nm", corridor_in_tenth_nm_db(gsnr_db, baud_hz), "dB");
	tell(r, "launch power of a channel", corridor_to_dbm(best_w), "dBm");
	tell(r, "NLI to ASE", nli_w / ase_w, "");
	tell(r, "eta of a span", of_span, "1/W2");
	return 0;
}

static int
shannon(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double band_hz = one(r, "band") * 1e9;
	double tbps = corridor_shannon_tbps(band_hz, one(r, "snr"));
	tell(r, "capacity of a pair, each way", tbps, "Tbit/s");
	tell(r, "for each hertz", tbps * 1e12 / band_hz, "bit/s/Hz");
	return 0;
}

/* Of a pair with all channels lit; *channels of them. */
static double
pair_tbps(const struct corridor_reckoning *r, size_t *channels)
{
	struct corridor_comb comb = {.high_hz = one(r, "band") * 1e9,
				     .spacing_hz = one(r, "spacing") * 1e9};
	*channels = corridor_comb_channels(&comb);
	return corridor_pair_tbps(*channels, one(r, "rate"));
}

static int
pairs(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	size_t channels;
	double each = pair_tbps(r, &channels);
	if (channels == 0) {
		corridor_complain(complaint, 400,
				  "pairs: no channel of %.10g GHz fits in %.10g GHz",
				  one(r, "spacing"), one(r, "band"));
		return -1;
	}
	tell(r, "fibre pairs", corridor_pairs_for(one(r, "capacity") / 1e3, each), "");
	tell(r, "channels of a pair", (double)channels, "");
	tell(r, "capacity of a pair, each way", each, "Tbit/s");
	return 0;
}

static int
capacity(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	size_t channels;
	double each = pair_tbps(r, &channels);
	tell(r, "capacity, each way", one(r, "pairs") * each, "Tbit/s");
	tell(r, "channels of a pair", (double)channels, "");
	tell(r, "capacity of a pair, each way", each, "Tbit/s");
	return 0;
}

static int
mode(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	const struct corridor_given *rates = corridor_formula_all(r, "rates");
	const struct corridor_given *needs = corridor_formula_all(r, "needs");
	struct corridor_lit lit[CORRIDOR_LIST_MAX] = {0};
	if (rates->count != needs->count) {
		corridor_complain(complaint, 400,
				  "mode: %zu rates and %zu needs: one of each is of "
				  "one mode",
				  rates->count, needs->count);
		return -1;
	}
	for (size_t i = 0; i < rates->count; i++) {
		lit[i].tbps = corridor_pair_tbps(1, rates->values[i]);
		lit[i].margin_db = one(r, "gsnr") - needs->values[i] - one(r, "margin");
	}
	size_t best = corridor_lit_best(lit, rates->count);
	bool works = best < rates->count;
	tell(r, "rate of a channel", works ? rates->values[best] : 0, "Gbit/s");
	tell(r, "to spare beyond the margin", works ? lit[best].margin_db : NAN, "dB");
	return 0;
}

static int
pmd(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	struct corridor_fibre fibre = {.pmd_ps_per_sqrt_km = one(r, "pmd")};
	tell(r, "mean delay between polarisations",
	     sqrt(corridor_fibre_pmd_ps2(&fibre, one(r, "length"))), "ps");
	return 0;
}

static int
dispersion(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	struct corridor_fibre fibre = {.dispersion_s_per_m2 = one(r, "dispersion") * 1e-6};
	tell(r, "chromatic dispersion",
	     corridor_fibre_dispersion_ps_nm(&fibre, one(r, "length"),
					     corridor_fibre_reference_hz(&fibre)),
	     "ps/nm");
	return 0;
}

/* Further than once around the Earth nothing is laid. */
#define LENGTH                                                                                     \
	{                                                                                          \
		"length", CORRIDOR_A_LENGTH, NULL, 0, 50000, false, false                          \
	}
#define SPAN                                                                                       \
	{"loss", CORRIDOR_A_LOSS, "0.2dB/km", 0.05, 10, false, false},                             \
		{"length", CORRIDOR_A_LENGTH, "80km", 0.001, 1000, false, false},                  \
		{"dispersion", CORRIDOR_A_DISPERSION, "16.7ps/nm/km", 0.1, 100, false, false},     \
		{"area", CORRIDOR_AN_AREA, "83um2", 10, 1000, false, false},                       \
		{"baud", CORRIDOR_A_BAUD, "32GBd", 1, 1000, false, false},                         \
		{"spacing", CORRIDOR_A_WIDTH, "50GHz", 1, 10000, false, false},                    \
	{                                                                                          \
		"channels", CORRIDOR_A_NUMBER, "75", 1, CORRIDOR_CHANNELS_MAX, false, true         \
	}
#define NOISE_FIGURE                                                                               \
	{                                                                                          \
		"noise-figure", CORRIDOR_A_RATIO, "5dB", -10, 30, false, false                     \
	}
#define FREQUENCY(name)                                                                            \
	{                                                                                          \
		name, CORRIDOR_A_LIGHT, "1550nm", 150, 300, false, false                           \
	}
#define SPANS(usual)                                                                               \
	{                                                                                          \
		"spans", CORRIDOR_A_NUMBER, usual, 1, 10000, false, true                           \
	}
#define GRID                                                                                       \
	{"band", CORRIDOR_A_WIDTH, "4.8THz", 1, 100000, false, false},                             \
		{"spacing", CORRIDOR_A_WIDTH, "75GHz", 1, 100000, false, false},                   \
	{                                                                                          \
		"rate", CORRIDOR_A_TRAFFIC, "400Gbit/s", 0.001, 100000, false, false               \
	}

const struct corridor_formula corridor_formulas_of_light[] = {
	{"latency",
	 "time that light takes along a fibre",
	 "length x 1.468 / c",
	 "refractive index 1.468 of silica fibre; c = 299 792.458 km/s",
	 latency,
	 {LENGTH}},
	{"great-circle",
	 "distance of two places",
	 "2 R asin sqrt(sin2(dlat/2) + cos lat1 cos lat2 sin2(dlon/2))",
	 "haversine formula; R = 6371.0088 km, mean radius of the Earth (IUGG)",
	 great_circle,
	 {{"from", CORRIDOR_A_DEGREE, NULL, -180, 180, true, false},
	  {"to", CORRIDOR_A_DEGREE, NULL, -180, 180, true, false}}},
	{"ase",
	 "noise that an amplifier adds",
	 "h f B F",
	 "spontaneous emission of an amplifier, at its input, both polarisations",
	 ase,
	 {NOISE_FIGURE,
	  FREQUENCY("frequency"),
	  {"width", CORRIDOR_A_WIDTH, "12.5GHz", 0.001, 100000, false, false}}},
	{"osnr",
	 "OSNR behind equal spans, without noise of the fibre",
	 "P - loss - NF - 10 log10(spans) - 10 log10(h f 12.5 GHz / 1 mW)",
	 "noise of equal amplifiers adds up (ITU-T G.Sup39)",
	 osnr,
	 {{"power", CORRIDOR_A_POWER, "0dBm", -60, 40, false, false},
	  {"loss", CORRIDOR_A_RATIO, NULL, 0, 100, false, false},
	  NOISE_FIGURE,
	  SPANS(NULL),
	  FREQUENCY("frequency")}},
	{"snr",
	 "OSNR in 0.1 nm as SNR in the signal's width",
	 "OSNR - 10 log10(symbol rate / 12.5 GHz)",
	 "0.1 nm are 12.5 GHz",
	 snr,
	 {{"osnr", CORRIDOR_A_RATIO, NULL, -100, 100, false, false},
	  {"baud", CORRIDOR_A_BAUD, NULL, 0.001, 10000, false, false}}},
	{"tenth-nm",
	 "SNR in the signal's width as OSNR in 0.1 nm",
	 "SNR + 10 log10(symbol rate / 12.5 GHz)",
	 "0.1 nm are 12.5 GHz",
	 tenth_nm,
	 {{"snr", CORRIDOR_A_RATIO, NULL, -100, 100, false, false},
	  {"baud", CORRIDOR_A_BAUD, NULL, 0.001, 10000, false, false}}},
	{"gamma",
	 "nonlinear coefficient of a fibre",
	 "2 pi n2 / (wavelength x area)",
	 "Kerr effect; n2 of silica 2.6e-20 m2/W",
	 of_gamma,
	 {{"n2", CORRIDOR_A_KERR, "2.6e-20m2/W", 1e-22, 1e-16, false, false},
	  FREQUENCY("wavelength"),
	  {"area", CORRIDOR_AN_AREA, "83um2", 1, 10000, false, false}}},
	{"eta",
	 "noise that channels make in the middle one of them",
	 "NLI = eta P^3 of a span: eq. 120, 16/27 for itself and 32/27 for each other",
	 "Gaussian-noise model, arXiv:1209.0394; the middle channel at 1550 nm",
	 eta,
	 {SPAN}},
	{"optimum",
	 "best launch power, and the GSNR behind equal spans then",
	 "P = (P_ase / 2 eta)^(1/3); GSNR = P / (spans (P_ase + eta P^3))",
	 "Gaussian-noise model, arXiv:1209.0394; frequency: at which amplifiers add noise",
	 optimum,
	 {SPAN, NOISE_FIGURE, FREQUENCY("frequency"), SPANS("20")}},
	{"shannon",
	 "what physics allows a fibre pair",
	 "2 B log2(1 + SNR)",
	 "Shannon's limit, two polarisations",
	 shannon,
	 {{"snr", CORRIDOR_A_RATIO, NULL, -100, 100, false, false},
	  {"band", CORRIDOR_A_WIDTH, "4.8THz", 1, 100000, false, false}}},
	{"pairs",
	 "fibre pairs that a capacity needs",
	 "ceil(capacity / (floor(band / spacing) x rate))",
	 "the flexible grid, ITU-T G.694.1; all channels lit",
	 pairs,
	 {{"capacity", CORRIDOR_A_TRAFFIC, NULL, 0.001, 1e9, false, false}, GRID}},
	{"capacity",
	 "what fibre pairs carry",
	 "pairs x floor(band / spacing) x rate",
	 "the flexible grid, ITU-T G.694.1; all channels lit",
	 capacity,
	 {{"pairs", CORRIDOR_A_NUMBER, NULL, 1, 1e6, false, true}, GRID}},
	{"mode",
	 "the fastest mode that a GSNR in 0.1 nm allows",
	 "highest rate whose need + margin <= GSNR; 0: none works",
	 "usual: 60 GBd modes, OIF 400ZR+ as in GNPy 2.14, OpenZR+ from memory: estimated",
	 mode,
	 {{"gsnr", CORRIDOR_A_RATIO, NULL, -100, 100, false, false},
	  {"margin", CORRIDOR_A_RATIO, "3dB", 0, 50, false, false},
	  {"rates", CORRIDOR_A_TRAFFIC, "400,300,200,100", 0.001, 100000, true, false},
	  {"needs", CORRIDOR_A_RATIO, "24,21,16,12.5", -100, 100, true, false}}},
	{"pmd",
	 "polarisation mode dispersion of a fibre",
	 "PMD x sqrt(length)",
	 "squares of delays add up; usual: G.652 as in GNPy's examples",
	 pmd,
	 {LENGTH, {"pmd", CORRIDOR_A_PMD, "0.04ps/sqrt(km)", 0, 100, false, false}}},
	{"dispersion",
	 "chromatic dispersion of a fibre",
	 "D x length",
	 "usual: G.652 at 1550 nm as in GNPy's examples",
	 dispersion,
	 {LENGTH,
	  {"dispersion", CORRIDOR_A_DISPERSION, "16.7ps/nm/km", -1000, 1000, false, false}}},
	{0},
};
