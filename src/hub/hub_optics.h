/* What the corridor's fibre is lit with: kinds of fibre and amplifiers, ways to send, what stands
 * where, and lines that are known span by span. Part of the picture (hub.h). What a hub file does
 * not have is looked for in hub_optics_usual. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/hub_corridor.h"

struct hub_optics_fibre {
	const char *id;
	double loss_db_km, dispersion_ps_nm_km, area_um2, pmd_ps_sqrt_km;
	struct hub_basis basis;
};

enum hub_amplifier_model {
	HUB_AMPLIFIER_FIXED,
	HUB_AMPLIFIER_TWO_STAGE,
	HUB_AMPLIFIER_OPENROADM,
	HUB_AMPLIFIER_OPENROADM_PREAMP,
	HUB_AMPLIFIER_OPENROADM_BOOSTER,
};

struct hub_optics_amplifier {
	const char *id;
	enum hub_amplifier_model model;
	double gain_min_db, gain_max_db, power_max_dbm;
	double noise_db;                   /* fixed */
	double noise_min_db, noise_max_db; /* two stages: at the highest and the lowest gain */
	double *coefficients;              /* OpenROADM, the highest power first */
	size_t coefficient_count;
	bool design; /* may be chosen by itself */
	struct hub_basis basis;
};

struct hub_optics_mode {
	const char *id;
	double rate_gbps, osnr_db, baud_gbd, spacing_ghz, roll_off, tx_osnr_db;
	struct hub_basis basis;
};

/* How segments of one medium are built. */
struct hub_optics_medium {
	const char *medium; /* as segments write it; "submarine", "terrestrial": by type */
	const char *fibre;
	const char *amplifier; /* NULL: the best for design */
	double span_km;        /* at most */
	double connector_db;   /* at each end of a span */
	double ageing_db;      /* of a span, with repairs, to the end of its life */
	double margin_db;      /* of a mode */
	double power_dbm;      /* of a channel; NAN: the best */
	struct hub_basis basis;
};

/* One span of a line that is known; NAN and NULL: as the medium has it. */
struct hub_optics_span {
	double km;
	const char *fibre, *amplifier;
	double loss_db_km, connector_in_db, connector_out_db, padding_db;
	double gain_db, noise_db;
};

struct hub_optics_line {
	uint32_t segment;
	struct hub_optics_span *spans; /* from a to b */
	size_t span_count;
	struct hub_basis basis;
};

struct hub_optics {
	struct hub_optics_fibre *fibres;
	size_t fibre_count;
	struct hub_optics_amplifier *amplifiers;
	size_t amplifier_count;
	struct hub_optics_mode *modes;
	size_t mode_count;
	struct hub_optics_medium *media;
	size_t medium_count;
	struct hub_optics_line *lines;
	size_t line_count;
	double low_thz, high_thz;              /* the band that is lit */
	double site_osnr_db, add_drop_osnr_db; /* noise at sites, in 0.1 nm */
};

/* Usual values, with their sources. */
extern const struct hub_optics hub_optics_usual;

/* By id, of the hub's first; NULL when there is none. */
const struct hub_optics_fibre *hub_optics_fibre_find(const struct hub_optics *optics,
						     const char *id);
const struct hub_optics_amplifier *hub_optics_amplifier_find(const struct hub_optics *optics,
							     const char *id);
/* By medium, without case; NULL when there is none. */
const struct hub_optics_medium *hub_optics_medium_find(const struct hub_optics *optics,
						       const char *medium);
