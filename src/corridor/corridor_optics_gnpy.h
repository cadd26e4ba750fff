/* GNPy's files (Telecom Infra Project, oopt-gnpy, version 2.14): equipment, network and spectrum as
 * JSON, read and written. What a file says and is not used here is said in the notes, and kept: it
 * is written again as it was. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_optics_network.h"

/* What a reading rests on, besides the text. */
struct corridor_gnpy {
	struct arena *arena; /* everything read lives there, as long as the texts do */
	/* Another file that lies beside the one being read, by the name that it has there; its text
	 * lives as long as the arena. NULL: there is none. The pointer may be NULL too. */
	const char *(*file)(void *context, const char *name, size_t *length);
	void *context;
	struct buf *notes; /* a line each; may be NULL */
	/* A hub file is to be made of it, which has no Raman pumps: they are noted, not refused. */
	bool for_hub;
};

/* All return 0, or -1 and the complaint: where in the file, what was found, what would do. */
int corridor_gnpy_equipment(struct corridor_equipment *out, const struct corridor_gnpy *gnpy,
			    const char *text, size_t length, struct corridor_complaint *complaint);
/* `equipment` NULL: what there is of each kind is not known, nor asked for; good for corridor_gnpy_to_hub
 * alone. */
int corridor_gnpy_network(struct corridor_network *out, const struct corridor_gnpy *gnpy,
			  const struct corridor_equipment *equipment, const char *text,
			  size_t length, struct corridor_complaint *complaint);

/* One stretch of a spectrum: channels at low_hz, a slot further, ... as far as high_hz. */
struct corridor_stretch {
	const char *label;
	double low_hz, high_hz, slot_hz, baud_hz, roll_off;
	double offset_db, tx_osnr_db, transmitter_dbm;
};

/* A file of the option --spectrum: stretches by rising frequency, without overlap. */
int corridor_gnpy_spectrum(struct corridor_stretch **out, size_t *count,
			   const struct corridor_gnpy *gnpy, const char *text, size_t length,
			   struct corridor_complaint *complaint);

/* The files again. What came from a file keeps what else it said there. */
void corridor_gnpy_write_equipment(struct buf *out, const struct corridor_equipment *equipment);
void corridor_gnpy_write_network(struct buf *out, const struct corridor_network *network);
