/* A library of equipment, and the rules by which lines are designed of it: what GNPy calls
 * eqpt_config.json, and what a hub file calls optics. */
#pragma once

#include "base/buf.h"
#include "base/json_read.h"
#include "corridor/corridor_optics_amplifier.h"
#include "corridor/corridor_optics_fibre.h"

struct corridor_fibre_kind {
	const char *id;
	struct corridor_fibre fibre;
};

/* A power that a ROADM lets out, in one of three ways of saying it. */
enum corridor_target {
	CORRIDOR_TARGET_NONE,
	CORRIDOR_TARGET_CHANNEL_DBM,
	CORRIDOR_TARGET_MW_PER_GHZ,      /* of the symbol rate */
	CORRIDOR_TARGET_MW_PER_SLOT_GHZ, /* of the slot */
};

enum corridor_way_through { CORRIDOR_EXPRESS, CORRIDOR_ADD, CORRIDOR_DROP };

/* What a way through a ROADM does in a band; NAN: nothing known. */
struct corridor_impairment {
	double low_hz, high_hz; /* NAN, NAN: anywhere */
	double pmd_ps, pdl_db, loss_max_db, osnr_db;
};

struct corridor_impairments {
	double id; /* a number in the files */
	enum corridor_way_through way;
	size_t count;
	struct corridor_impairment *bands;
};

struct corridor_roadm_kind {
	const char *id;
	enum corridor_target target;
	double value;
	double add_drop_osnr_db; /* of adding and dropping together, in 0.1 nm */
	double pmd_ps, pdl_db;
	const char **preamps, **boosters; /* those that may stand there; none: any */
	size_t preamp_count, booster_count;
	struct corridor_impairments *impairments;
	size_t impairment_count;
};

struct corridor_penalty {
	double at, db; /* an impairment, and what it costs */
};

/* By rising impairment; beyond the last nothing is received. */
struct corridor_penalties {
	size_t count;
	struct corridor_penalty *steps;
};

/* One way a transceiver sends. */
struct corridor_mode {
	const char *id;
	double rate_bps, baud_hz, roll_off;
	double osnr_db; /* needed, in 0.1 nm */
	double tx_osnr_db, spacing_hz;
	double offset_db; /* above what ROADMs let out */
	struct corridor_penalties dispersion_ps_nm, pmd_ps, pdl_db;
};

struct corridor_transceiver {
	const char *id;
	double low_hz, high_hz;
	struct corridor_mode *modes;
	size_t mode_count;
};

/* What is sent where nothing else is said, and what designs are made for. */
struct corridor_comb {
	const char *id;
	double low_hz, high_hz, spacing_hz, baud_hz, roll_off;
	double channel_dbm;     /* into each span, by design */
	double transmitter_dbm; /* NAN: channel_dbm */
	double tx_osnr_db, margin_db;
};

/* How spans are designed. */
struct corridor_rules {
	bool power_mode; /* amplifiers are set for power, not left at the gain they have */
	/* How far the power into a span may lie from the reference, by its loss, and in which
	 * steps. */
	double power_low_db, power_high_db, power_step_db;
	double raman_loss_db_per_km; /* above it Raman amplifiers are no use */
	double gain_beyond_db;       /* above their highest gain that amplifiers may be planned */
	double length_max_km;        /* longer fibres are cut into spans */
	double padding_db;           /* spans that lose less get an attenuator */
	double ageing_db;            /* of each span, to the end of its life */
	double connector_in_db, connector_out_db;
};

/* All of it lives in one arena, the caller's. */
struct corridor_equipment {
	struct corridor_amplifier *amplifiers;
	size_t amplifier_count;
	struct corridor_fibre_kind *fibres;
	size_t fibre_count;
	struct corridor_roadm_kind *roadms;
	size_t roadm_count;
	struct corridor_transceiver *transceivers;
	size_t transceiver_count;
	struct corridor_comb *combs; /* the first is the usual one; others are further bands */
	size_t comb_count;
	struct corridor_rules rules;
	const struct json_value *source; /* what it was read from, NULL for a hub's */
};

const struct corridor_amplifier *corridor_amplifier_find(const struct corridor_equipment *equipment,
							 const char *id);
const struct corridor_fibre_kind *corridor_fibre_find(const struct corridor_equipment *equipment,
						      const char *id);
const struct corridor_roadm_kind *corridor_roadm_find(const struct corridor_equipment *equipment,
						      const char *id);
/* NULL when either is not there; `mode` NULL: the first. */
const struct corridor_mode *corridor_mode_find(const struct corridor_equipment *equipment,
					       const char *transceiver, const char *mode);

/* What an impairment costs, dB; INFINITY beyond the last step, 0 where no steps are known. */
double corridor_penalty_db(const struct corridor_penalties *penalties, double impairment);

/* Channels of a comb: as many as fit between its ends. 0 if none does. */
size_t corridor_comb_channels(const struct corridor_comb *comb);
