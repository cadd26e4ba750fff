/* Every number that plans rest on, with its bounds and where it comes from: what a segment is told
 * to be, what its cable and its risks are, what is assumed where nobody has told. */
#pragma once

#include <stddef.h>

#include "corridor/corridor_plan.h"

struct corridor_told {
	const char *list, *id; /* "segments", "C01"; id may be empty */
	const char *what;      /* "length", "capacity" */
	const char *unit;      /* "km" */
	struct corridor_fact fact;
	const char *said; /* the words of its confidence, as written; NULL */
};

struct corridor_tellings {
	struct corridor_told *all;
	size_t count;
	size_t by_basis[4]; /* by enum hub_confidence */
};

/* The numbers of these segments, in this order, and then those of the cables and risks that they
 * have, each once. 0, or -1 without memory. End with corridor_tellings_fini. */
int corridor_tellings_of(struct corridor_tellings *out, const struct corridor_plan *plan,
			 const uint32_t *segments, size_t count);
/* All numbers of the hub. */
int corridor_tellings_all(struct corridor_tellings *out, const struct corridor_plan *plan);
void corridor_tellings_fini(struct corridor_tellings *tellings);

/* "seen", "derived", "estimated" */
const char *corridor_basis_word(enum hub_confidence basis);
