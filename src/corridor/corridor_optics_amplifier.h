/* Amplifiers of erbium-doped fibre: their noise by what they are set to, how far they can be set,
 * and how their gain lies over the band. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "corridor/corridor_optics_fibre.h"
#include "corridor/corridor_optics_light.h"

enum corridor_noise {
	CORRIDOR_NOISE_FIXED,      /* the same at any gain */
	CORRIDOR_NOISE_TWO_STAGES, /* two coils with an attenuator between: the less gain, the more */
	CORRIDOR_NOISE_POLYNOMIAL, /* by how much the gain lies below the highest, dB */
	CORRIDOR_NOISE_OPENROADM,  /* OpenROADM MSA: OSNR as a polynomial of the input power */
	CORRIDOR_NOISE_OPENROADM_PREAMP,
	CORRIDOR_NOISE_OPENROADM_BOOSTER, /* none: its ROADM accounts for it */
	CORRIDOR_NOISE_PAIR,              /* two amplifiers in one: preamp and booster */
	CORRIDOR_NOISE_BANDS,             /* no amplifier by itself: one for each band */
};

enum { CORRIDOR_COEFFICIENTS_MAX = 8, CORRIDOR_BANDS_MAX = 4 };

/* A kind of amplifier. What it points to lives as long as it. */
struct corridor_amplifier {
	const char *id;
	enum corridor_noise noise;
	double gain_min_db, gain_max_db, power_max_dbm;
	double nf_db;                /* fixed */
	double nf_min_db, nf_max_db; /* at the highest and the lowest gain; two stages */
	/* Two stages, worked out: the noise figures of the coils, and by how much the first one's
	 * gain lies below the whole. */
	double first_nf_db, second_nf_db, between_db;
	size_t coefficient_count;
	double coefficients[CORRIDOR_COEFFICIENTS_MAX]; /* the highest power first */
	const struct corridor_amplifier *preamp, *booster;
	size_t band_count; /* CORRIDOR_NOISE_BANDS */
	const struct corridor_amplifier *bands[CORRIDOR_BANDS_MAX];
	double low_hz, high_hz; /* 0, 0: any band */
	/* Over the band: the highest gain less its mean, the noise figure less its mean, and how
	 * gain moves when the amplifier is driven harder (dynamic gain tilt). */
	struct corridor_curve gain_ripple_db, noise_ripple_db, tilt;
	double pmd_ps, pdl_db;
	bool raman;    /* counts the Raman gain of the fibre before it as its own */
	bool voa_auto; /* its output attenuator may be set by a design */
	bool for_design;
};

/* Works out the two stages from nf_min_db, nf_max_db and the range of gain, as data sheets give
 * them. False if no two coils do that. */
bool corridor_amplifier_two_stages(struct corridor_amplifier *amplifier);

/* What comes in, as far as noise depends on it. */
struct corridor_input {
	double total_dbm;
	double channels;
	double slot_hz; /* the mean */
};

/* The noise figure, dB, at a gain; *padding_db is what is attenuated first to get to the lowest
 * gain, which is in the result. */
double corridor_amplifier_noise_db(const struct corridor_amplifier *amplifier, double gain_db,
				   const struct corridor_input *input, double *padding_db);

/* How one amplifier is set, and what became of it. */
struct corridor_amplified {
	double gain_db; /* in: as set; out: what the highest output power left of it */
	double tilt_db; /* over its band, less gain at the blue end */
	double out_voa_db, in_voa_db;
	/* Out: */
	double noise_db; /* mean */
	double padding_db;
	double in_dbm, out_dbm;
};

/* Amplifies the channels `from` up to before `to`. */
void corridor_amplify(struct corridor_light *light, size_t from, size_t to,
		      const struct corridor_amplifier *amplifier, struct corridor_amplified *set);
