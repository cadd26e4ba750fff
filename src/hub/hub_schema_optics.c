/* The rows of what the corridor's fibre is lit with. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item fibre_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_optics_fibre, id), .min = 1, .max = 64,
	 .help = "What others call it, e.g. G.652."},
	{"loss_db_km", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_fibre, loss_db_km),
	 .max = 10, .help = "Loss, dB/km, splices in it."},
	{"dispersion_ps_nm_km", HUB_TYPE_DECIMAL, .required = true,
	 FIELD(hub_optics_fibre, dispersion_ps_nm_km), .min = -100, .max = 100,
	 .help = "Chromatic dispersion at 1550 nm, ps/(nm km); at least 0.1 either way."},
	{"effective_area_um2", HUB_TYPE_DECIMAL, FIELD(hub_optics_fibre, area_um2), .min = 10,
	 .max = 300, .fallback = "83", .help = "Effective area, square micrometres."},
	{"pmd_ps_sqrt_km", HUB_TYPE_DECIMAL, FIELD(hub_optics_fibre, pmd_ps_sqrt_km), .max = 100,
	 .fallback = "0.04", .help = "Polarisation mode dispersion, ps over the root of a km."},
	ROW_GROUNDS(hub_optics_fibre, basis),
};

static const struct hub_table fibre_table = {"fibre",
					     ROWS(fibre_rows),
					     .size = sizeof(struct hub_optics_fibre),
					     .csv = true,
					     .fill = hub_fill_optics_fibre,
					     .check = hub_check_optics_fibre};

/* By enum hub_amplifier_model. */
static const char *const model_words[] = {
	"fixed", "two-stage", "openroadm", "openroadm-preamp", "openroadm-booster", NULL};

static const struct hub_item amplifier_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_optics_amplifier, id), .min = 1, .max = 64,
	 .help = "What others call it."},
	{"model", HUB_TYPE_WORD, FIELD(hub_optics_amplifier, model), .words = model_words,
	 .fallback = "two-stage", .help = "How its noise follows gain or input power."},
	{"gain_min_db", HUB_TYPE_DECIMAL, .required = true,
	 FIELD(hub_optics_amplifier, gain_min_db), .max = 100, .help = "Lowest gain, dB."},
	{"gain_max_db", HUB_TYPE_DECIMAL, .required = true,
	 FIELD(hub_optics_amplifier, gain_max_db), .max = 100, .help = "Highest gain, dB."},
	{"power_max_dbm", HUB_TYPE_DECIMAL, .required = true,
	 FIELD(hub_optics_amplifier, power_max_dbm), .min = -10, .max = 40,
	 .help = "Highest output power of all channels, dBm."},
	{"noise_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_amplifier, noise_db), .min = -10, .max = 60,
	 .help = "Noise figure, dB; wanted with fixed."},
	{"noise_min_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_amplifier, noise_min_db), .min = -10,
	 .max = 60, .help = "At the highest gain, dB; wanted with two-stage."},
	{"noise_max_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_amplifier, noise_max_db), .min = -10,
	 .max = 60, .help = "At the lowest gain, dB; wanted with two-stage."},
	{"coefficients", HUB_TYPE_DECIMAL,
	 LIST(hub_optics_amplifier, coefficients, coefficient_count), .min = -1000, .max = 1000,
	 .limit = 8,
	 .help = "OpenROADM's OSNR by input power of a 50 GHz channel, the highest power first; "
		 "wanted with openroadm."},
	{"design", HUB_TYPE_BOOL, FIELD(hub_optics_amplifier, design), .fallback = "true",
	 .help = "It may be chosen where none is named."},
	ROW_GROUNDS(hub_optics_amplifier, basis),
};

static const struct hub_table amplifier_table = {"amplifier",
						 ROWS(amplifier_rows),
						 .size = sizeof(struct hub_optics_amplifier),
						 .csv = true,
						 .fill = hub_fill_optics_amplifier,
						 .check = hub_check_optics_amplifier};

static const struct hub_item mode_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_optics_mode, id), .min = 1, .max = 64,
	 .help = "What answers call it."},
	{"rate_gbps", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_mode, rate_gbps),
	 .max = 100000, .help = "What it carries, Gbit/s."},
	{"osnr_db", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_mode, osnr_db), .max = 60,
	 .help = "What it needs, dB in 0.1 nm."},
	{"baud_gbd", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_mode, baud_gbd), .min = 1,
	 .max = 1000, .help = "Symbol rate, GBd."},
	{"spacing_ghz", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_mode, spacing_ghz),
	 .min = 5, .max = 2000, .help = "Distance of two channels, GHz."},
	{"roll_off", HUB_TYPE_DECIMAL, FIELD(hub_optics_mode, roll_off), .max = 1,
	 .fallback = "0.15", .help = "Of its spectrum."},
	{"tx_osnr_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_mode, tx_osnr_db), .max = 100,
	 .fallback = "36", .help = "What its transmitter has, dB in 0.1 nm."},
	ROW_GROUNDS(hub_optics_mode, basis),
};

static const struct hub_table mode_table = {"mode",
					    ROWS(mode_rows),
					    .size = sizeof(struct hub_optics_mode),
					    .csv = true,
					    .fill = hub_fill_optics_mode,
					    .check = hub_check_optics_mode};

static const struct hub_item medium_rows[] = {
	{"medium", HUB_TYPE_TEXT, .required = true, FIELD(hub_optics_medium, medium), .min = 1,
	 .max = 100, .help = "As segments write it in medium, or in type: submarine, terrestrial."},
	{"fibre", HUB_TYPE_ID, FIELD(hub_optics_medium, fibre), .min = 1, .max = 64,
	 .fallback = "G.652", .help = "Which fibre lies there."},
	{"amplifier", HUB_TYPE_ID, FIELD(hub_optics_medium, amplifier), .min = 1, .max = 64,
	 .fallback_help = "the one with the least noise that may be chosen",
	 .help = "Which amplifier stands at the end of each span."},
	{"span_km", HUB_TYPE_DECIMAL, FIELD(hub_optics_medium, span_km), .min = 1, .max = 1000,
	 .fallback = "80", .help = "The longest span, km; all are equally long."},
	{"connector_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_medium, connector_db), .max = 10,
	 .fallback = "0.25", .help = "Loss at each end of a span, dB."},
	{"ageing_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_medium, ageing_db), .max = 20,
	 .fallback = "1", .help = "What ageing and repairs add to a span's loss, dB."},
	{"margin_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_medium, margin_db), .max = 20,
	 .fallback = "3", .help = "What a mode must have above its need, dB."},
	{"power_dbm", HUB_TYPE_DECIMAL, FIELD(hub_optics_medium, power_dbm), .min = -30, .max = 20,
	 .fallback_help = "the best, as far as amplifiers have it",
	 .help = "Power of a channel into each span, dBm."},
	ROW_GROUNDS(hub_optics_medium, basis),
};

static const struct hub_table medium_table = {"medium",
					      ROWS(medium_rows),
					      .size = sizeof(struct hub_optics_medium),
					      .csv = true,
					      .fill = hub_fill_optics_medium,
					      .check = hub_check_optics_medium};

static const struct hub_item span_rows[] = {
	{"km", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_optics_span, km), .max = 1000,
	 .help = "Its length, km."},
	{"fibre", HUB_TYPE_ID, FIELD(hub_optics_span, fibre), .min = 1, .max = 64,
	 .fallback_help = "that of the medium", .help = "Its fibre."},
	{"loss_db_km", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, loss_db_km), .max = 10,
	 .fallback_help = "that of the fibre", .help = "Its loss as measured, dB/km."},
	{"connector_in_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, connector_in_db), .max = 20,
	 .fallback_help = "that of the medium", .help = "Loss at its beginning, dB."},
	{"connector_out_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, connector_out_db), .max = 20,
	 .fallback_help = "that of the medium", .help = "Loss at its end, dB."},
	{"padding_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, padding_db), .max = 60,
	 .fallback = "0", .help = "An attenuator before it, dB."},
	{"amplifier", HUB_TYPE_ID, FIELD(hub_optics_span, amplifier), .min = 1, .max = 64,
	 .fallback_help = "that of the medium", .help = "The amplifier at its end."},
	{"gain_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, gain_db), .max = 100,
	 .fallback_help = "what the span lost", .help = "What it is set to, dB."},
	{"noise_db", HUB_TYPE_DECIMAL, FIELD(hub_optics_span, noise_db), .min = -10, .max = 60,
	 .fallback_help = "as the amplifier has it", .help = "Noise figure as measured, dB."},
};

static const struct hub_table span_table = {"span", ROWS(span_rows),
					    .size = sizeof(struct hub_optics_span),
					    .check = hub_check_optics_span};

static const struct hub_item line_rows[] = {
	{"segment", HUB_TYPE_SEGMENT, .required = true, FIELD(hub_optics_line, segment),
	 .help = "Which segment it is."},
	{"spans", HUB_TYPE_TABLE, .required = true, LIST(hub_optics_line, spans, span_count),
	 .limit = 2000, .table = &span_table, .help = "Its spans, from end a to end b."},
	ROW_GROUNDS(hub_optics_line, basis),
};

static const struct hub_table line_table = {
	"line", ROWS(line_rows), .size = sizeof(struct hub_optics_line),
	.fill = hub_fill_optics_line, .check = hub_check_optics_line};

static const struct hub_item optics_rows[] = {
	{"fibres", HUB_TYPE_TABLE, LIST(hub_optics, fibres, fibre_count), .table = &fibre_table,
	 .limit = 1000, .help = "Kinds of fibre, besides G.652, G.654, G.654.E and G.655."},
	{"amplifiers", HUB_TYPE_TABLE, LIST(hub_optics, amplifiers, amplifier_count),
	 .table = &amplifier_table, .limit = 1000,
	 .help = "Kinds of amplifiers, besides low-gain, medium-gain, high-gain, repeater and "
		 "terminal."},
	{"modes", HUB_TYPE_TABLE, LIST(hub_optics, modes, mode_count), .table = &mode_table,
	 .limit = 200, .fallback_help = "those of 400ZR+, OpenZR+ and OpenROADM 5",
	 .help = "Ways to send that can be bought; where there are any, only these."},
	{"media", HUB_TYPE_TABLE, LIST(hub_optics, media, medium_count), .table = &medium_table,
	 .limit = 200, .help = "How segments are built, besides submarine and terrestrial."},
	{"lines", HUB_TYPE_TABLE, LIST(hub_optics, lines, line_count), .table = &line_table,
	 .limit = 10000, .help = "Segments that are known span by span."},
	{"band_low_thz", HUB_TYPE_DECIMAL, FIELD(hub_optics, low_thz), .min = 180, .max = 210,
	 .fallback = "191.3", .help = "Where the band that is lit begins, THz."},
	{"band_high_thz", HUB_TYPE_DECIMAL, FIELD(hub_optics, high_thz), .min = 180, .max = 210,
	 .fallback = "196.1", .help = "Where it ends, THz."},
	{"site_osnr_db", HUB_TYPE_DECIMAL, FIELD(hub_optics, site_osnr_db), .max = 100,
	 .fallback = "32",
	 .help = "What passing a site costs: the OSNR in 0.1 nm that its equipment would have by "
		 "itself (a booster of noise figure 6 dB behind a ROADM that lets out -20 dBm)."},
	{"add_drop_osnr_db", HUB_TYPE_DECIMAL, FIELD(hub_optics, add_drop_osnr_db), .max = 100,
	 .fallback = "38", .help = "The same of adding and dropping, together."},
};

const struct hub_table hub_schema_optics = {"set of optics", ROWS(optics_rows),
					    .size = sizeof(struct hub_optics),
					    .check = hub_check_optics};
