/* What can be reckoned from a few numbers, without a hub: a planner's calculator. Each topic names its
 * inputs and calls the functions by which the rooms reckon.
 *
 *   "latency" "length=380km" ──► topic and inputs are read ──► its reckon ──► results
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_quantity.h"

enum { CORRIDOR_INPUTS_MAX = 12, CORRIDOR_LIST_MAX = 128 };

struct corridor_formula_input {
	const char *name;
	enum corridor_quantity of;
	/* Taken where nothing is said, as it would be typed; NULL: it must be said; "": it may stay
	 * unsaid. */
	const char *usual;
	double least, most;
	bool list;  /* up to CORRIDOR_LIST_MAX numbers, with commas; 9x15 is fifteen times 9 */
	bool whole; /* no parts of one */
};

/* An input as it was said, or as it is usual. */
struct corridor_given {
	const char *text; /* as typed; NULL: unsaid */
	bool usual;
	double *values; /* of numbers: in the quantity's own unit */
	size_t count;
};

struct corridor_result {
	const char *name, *unit; /* "" where there is no unit */
	double value;            /* NAN: there is none, or it is a text */
	const char *text;        /* NULL: it is a number */
};

struct corridor_reckoning {
	const struct corridor_formula *formula;
	struct corridor_given given[CORRIDOR_INPUTS_MAX]; /* of each input */
	struct corridor_result *results;                  /* the first is what was asked */
	size_t count, room;
	struct arena *arena; /* the caller's: all of this lives there */
	bool failed;         /* memory ended */
};

struct corridor_formula {
	const char *topic, *what;
	const char *formula; /* in words and signs */
	const char *source;
	/* 0; or -1 and the complaint: of inputs that do not go together. */
	int (*reckon)(struct corridor_reckoning *r, struct corridor_complaint *complaint);
	struct corridor_formula_input inputs[CORRIDOR_INPUTS_MAX];
};

/* All of them in turn, by 0, 1 ...: of light, of what works how long, of money, of ways. NULL: there
 * are no more. */
const struct corridor_formula *corridor_formula_at(size_t index);

/* Reckons: the first word is the topic, the others are its inputs, "name=value". 0; or -1 and the
 * complaint: 404 for an unknown topic, 400 for inputs, 500 without memory. */
int corridor_formula_reckon(struct corridor_reckoning *out, struct arena *arena,
			    const char *const *words, size_t count,
			    struct corridor_complaint *complaint);
