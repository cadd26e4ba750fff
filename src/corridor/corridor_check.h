/* Does what is written of the corridor add up? Lengths against the globe, capacities against
 * physics, ends against countries, names against each other. What is found refuses nothing: data
 * from the press is like that, and whoever reads an answer should know. */
#pragma once

#include <stddef.h>

#include "corridor/corridor_plan.h"

enum corridor_severity {
	CORRIDOR_WRONG, /* cannot be so */
	CORRIDOR_ODD,   /* could be, hardly */
	CORRIDOR_NOTE, /* worth knowing: something is not told, or counts otherwise than it reads */
	CORRIDOR_SEVERITIES,
};

struct corridor_finding {
	enum corridor_severity severity;
	const char *list, *id; /* "segments", "C03" */
	const char *what;      /* "shorter than the great circle" */
	double value, bound;   /* what is written, what it should keep; NAN: no numbers */
	const char *unit;      /* of both; NULL: none */
	const char *hint;      /* what would do, what is near; NULL */
	const char *source;    /* where the value was read; NULL: nowhere that is told */
};

struct corridor_findings {
	struct corridor_finding *all; /* wrong first, then odd, then notes; in each as the hub file
				       * has them */
	size_t count;
	size_t by_severity[CORRIDOR_SEVERITIES];
	struct arena *arena;
};

/* All findings, as of the plan's day. Strings are the plan's and the hub's, or die with the
 * findings. NULL without memory. */
struct corridor_findings *corridor_check(const struct corridor_plan *plan);
void corridor_findings_free(struct corridor_findings *findings);

/* "wrong", "odd", "note" */
const char *corridor_severity_name(enum corridor_severity severity);
