/* A question to the corridor: from where, to where, under which terms. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_apart.h"
#include "corridor/corridor_graph.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_terms.h"
#include "hub/hub.h"

struct corridor_question {
	struct corridor_ends ends; /* sites: from a to b; HUB_NONE when none were named */
	enum corridor_apart apart; /* of a pair: what it is not to share */
	bool sources;              /* of every number, wanted too */
	bool for_everybody;        /* asked by nobody in particular: see below */
	struct corridor_terms terms;
	struct corridor_conditions conditions; /* what the terms come to */
};

/* Reads "A B" (or no site), the options of corridor_terms.h, --disjoint
 * segment|site|risk|country|cable|operator, --sources and --public, in any order. The last is for
 * whoever may ask without being known: then prices are not told and not asked for, and what takes
 * long is refused. What the question holds lives in
 * `arena`; names are those of `plan`, of any day. 0, or -1 and the complaint. */
int corridor_question_parse(struct corridor_question *out, const struct corridor_plan *plan,
			    struct arena *arena, const char *const *words, size_t count,
			    struct corridor_complaint *complaint);

/* There must be two sites, and others. A site at which no segment ends, whatever its status, is no place to start from or to reach (an
 * exchange, say, that stands in a city of its own). 0, or -1 and a complaint that names the nearest
 * site that has one. */
int corridor_question_check(const struct corridor_plan *plan, struct corridor_ends ends,
			    struct corridor_complaint *complaint);
