/* Designing a network: what a planner leaves out is put in, in the way that GNPy does it.
 *
 * Fibres that are too long are cut into spans; before and behind ROADMs and between spans stand
 * amplifiers; spans that lose too little get an attenuator; amplifiers without a kind get the one
 * with the least noise that can do it; gains make good what the span lost, and a little more where
 * the next one loses much. */
#pragma once

#include "corridor/corridor_optics_network.h"

/* What the design is for. */
struct corridor_reference {
	double channel_dbm; /* into each span */
	double transmitter_dbm;
	double channels; /* together they are what amplifiers have to give */
	double low_hz, high_hz;
};

/* The reference that a library's first comb gives; `power_dbm` NAN: as it says. */
struct corridor_reference corridor_reference_of(const struct corridor_equipment *equipment,
						double power_dbm);

/* Puts in what is missing. 0, or -1 and the complaint. */
int corridor_network_complete(struct corridor_network *network,
			      const struct corridor_equipment *equipment, struct buf *notes,
			      struct corridor_complaint *complaint);

/* Sets losses and amplifiers of all that is there. 0, or -1 and the complaint: no amplifier fits.
 */
int corridor_network_design(struct corridor_network *network,
			    const struct corridor_equipment *equipment,
			    const struct corridor_reference *reference, struct buf *notes,
			    struct corridor_complaint *complaint);

/* Into how many equal spans a fibre is cut. */
size_t corridor_spans_of(double length_km, const struct corridor_rules *rules);

/* The power that a ROADM lets out toward an element, dBm, of a channel of these widths. */
double corridor_roadm_target_dbm(const struct corridor_roadm *roadm, const char *to, double baud_hz,
				 double slot_hz);

/* --- corridor_optics_choose.c --- */
/* What an amplifier has to do, and which may stand there. */
struct corridor_wish {
	double gain_db, power_dbm; /* all channels together */
	double low_hz, high_hz;
	double beyond_db; /* how far above its highest gain it may be planned */
	const char *const *allowed;
	size_t allowed_count; /* 0: those for design */
	bool raman;           /* Raman amplifiers are of use here */
};

/* The amplifier with the least noise of those that have the gain and the power; else of those that
 * come nearest to the power. *short_db is what the power lacks, 0 or less. NULL when none is of the
 * band and allowed. */
const struct corridor_amplifier *
corridor_amplifier_choose(const struct corridor_equipment *equipment,
			  const struct corridor_wish *wish, double *short_db);
