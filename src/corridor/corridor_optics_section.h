/* Ways over several segments: where light has to be regenerated, and how far it gets without any
 * repeater. */
#pragma once

#include "corridor/corridor_optics_lit.h"

/* One mode along a way: what each segment leaves of the light, and what its sections must meet. */
struct corridor_sections {
	const struct hub_optics_mode *mode;
	const double *kept;                    /* of each segment, as in struct corridor_lit */
	size_t count;                          /* segments */
	double site_osnr_db, add_drop_osnr_db; /* in 0.1 nm */
	double margin_db;                      /* wanted above the need */
};

struct corridor_regeneration {
	bool possible;    /* no segment is too much by itself */
	size_t count;     /* regenerators, the fewest that do */
	uint32_t *after;  /* each stands behind this segment of the way (0: the first) */
	double margin_db; /* of the worst section; as large as that number allows */
	double whole_db;  /* what would be received without any, dB in 0.1 nm */
};

/* Received over segments `from` up to before `to` without regeneration, dB in 0.1 nm. */
double corridor_section_db(const struct corridor_sections *sections, size_t from, size_t to);

/* Where regenerators stand: exact. `after` is from `arena`. 0, or -1 if there is no memory. */
int corridor_regenerate(struct corridor_regeneration *out, struct arena *arena,
			const struct corridor_sections *sections);

/* How far a mode gets over one span of a fibre between two terminals, km:
 *
 *   GSNR(L) = P / (F h f R loss(L) + eta(L) P^3),  P the best, or what the amplifier has
 *
 * and with an amplifier in the cable that is pumped from the far end (ROPA), at the distance at
 * which its pump still arrives with enough power:
 *
 *   ASE = h f R loss(L - r) (F_ropa + F loss(r) / G_ropa),  r = (pump - enough) / loss per km
 * / */
struct corridor_unrepeatered {
	double km, ropa_km;
	double ropa_at_km; /* from the receiver */
};

/* What is assumed of pump and amplifier in the cable; estimates. */
extern const double corridor_ropa_pump_dbm, corridor_ropa_enough_dbm, corridor_ropa_gain_db,
	corridor_ropa_noise_db;

/* 0, or -1 if there is no memory. */
int corridor_unrepeatered_of(struct corridor_unrepeatered *out, const struct corridor_kit *kit,
			     const struct hub_optics_medium *medium,
			     const struct hub_optics_mode *mode);
