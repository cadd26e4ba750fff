/* Segments of the hub, lit: how they are built, with how much light, by which mode, and what they
 * carry then. */
#pragma once

#include "corridor/corridor_optics.h"
#include "corridor/corridor_optics_equipment.h"
#include "hub/hub.h"

/* The hub's optics as the models want them: made once, then only read. */
struct corridor_kit;

/* NULL if there is no memory. The hub outlives it. */
struct corridor_kit *corridor_kit_new(const struct hub *hub);
void corridor_kit_free(struct corridor_kit *kit);
/* The ways to send: the hub's, else the usual ones. */
size_t corridor_kit_modes(const struct corridor_kit *kit, const struct hub_optics_mode **out);

/* How a segment is built. */
struct corridor_built {
	uint32_t segment;
	const struct hub_optics_medium *medium;
	bool known;        /* span by span; else of equal spans */
	bool at_a_stretch; /* without a repeater */
	size_t count;
	struct corridor_built_span {
		struct corridor_span span; /* noise and gain: of the amplifier as set */
		const struct corridor_amplifier *amplifier;
		double set_db;   /* gain that the line says; NAN: what the span lost */
		double noise_db; /* noise figure that the line says; NAN: as the amplifier has it */
	} * spans;
	double loss_db;            /* the largest of a span */
	double ageing_db;          /* of each span, to the end of its life */
	uint32_t facts, estimates; /* what it rests on */
};

/* One mode on one segment, all channels of the band lit. Ratios in 0.1 nm, of the worst channel. */
struct corridor_lit {
	const struct hub_optics_mode *mode;
	size_t channels;
	double channel_dbm; /* launched */
	double closed_dbm;  /* the best by the closed form (P_ase / 2 eta)^(1/3) */
	bool limited;       /* amplifiers have no more */
	double new_db;      /* GSNR when it is new */
	double aged_db;     /* and at the end of its life: the line alone */
	double received_db; /* with transmitter, adding and dropping, at the end of its life */
	double margin_db;   /* above the need and the margin that is wanted; less than 0: no */
	double tbps;        /* each way, of a pair, whether it works or not */
	double kept;        /* share of the light that is still signal, in the signal's width, of
				the worst channel at the end of its life */
};

/* Builds a segment; `at_a_stretch`: without repeaters, with the strongest terminals. 0, or -1 if
 * there is no memory, or it has no length (errno EINVAL). End with corridor_built_fini. */
int corridor_built_of(struct corridor_built *out, const struct corridor_kit *kit, uint32_t segment,
		      bool at_a_stretch);
void corridor_built_fini(struct corridor_built *built);

/* Lights it with a mode. `light`: if not NULL, what is received at the end of its life, to be
 * freed. 0, or -1 if there is no memory. */
int corridor_light_up(struct corridor_lit *out, const struct corridor_kit *kit,
		      const struct corridor_built *built, const struct hub_optics_mode *mode,
		      enum corridor_model model, struct corridor_light **light);

/* Lights it with all modes of the kit, in their order; those with the same channels share the work.
 * `out` has room for all. 0, or -1 if there is no memory. */
int corridor_light_all(struct corridor_lit *out, const struct corridor_kit *kit,
		       const struct corridor_built *built, enum corridor_model model);

/* The mode that carries most of those that work, of `count`; count when none works. */
size_t corridor_lit_best(const struct corridor_lit *lit, size_t count);

/* Light once through a line, all channels at `channel_dbm` and spans that lose `more_db` more. For
 * who searches by himself. */
struct corridor_light *corridor_built_light(const struct corridor_built *built,
					    const struct corridor_comb *comb, double channel_dbm,
					    double more_db, enum corridor_model model);

/* Of a pair, each way, with all its channels in use. */
double corridor_pair_tbps(size_t channels, double rate_gbps);
/* Pairs that it takes to carry `tbps`; 0: a pair carries nothing, or there is no end of them. */
uint32_t corridor_pairs_for(double tbps, double pair_tbps);

/* What physics allows a pair, Tbit/s each way: all of the band at Shannon's limit, two
 * polarisations, with the GSNR of a new line and perfect ends. */
double corridor_bound_tbps(const struct corridor_kit *kit, double gsnr_signal_db);

/* A capacity that somebody has told, beside what is possible. */
struct corridor_claim {
	double told_tbps;
	double pair_tbps;        /* with the best mode; 0: none works */
	double bound_tbps;       /* of a pair, by physics */
	uint32_t pairs_needed;   /* with the best mode; 0: none works */
	uint32_t pairs_at_least; /* by physics */
	uint32_t pairs;          /* known; 0: not */
	bool impossible;         /* more than physics allows the pairs that are known */
};

/* 0; -1 and errno: EINVAL when the segment has no length, ENOMEM. */
int corridor_claim_of(struct corridor_claim *out, const struct corridor_kit *kit, uint32_t segment,
		      double told_tbps);
