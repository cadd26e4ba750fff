/* The terms of a question in words: what ways may and must use, what is there and what is not, by
 * which measure, how many, as of which day. Every question to the corridor reads them by this:
 *
 *	struct corridor_terms terms = corridor_terms_of(plan_of_today, arena);
 *	while (at < count) {
 *		int taken = corridor_terms_take(&terms, words, count, &at, complaint);
 *		if (taken < 0) ... the complaint says why
 *		if (taken == 0) ... words[at] is none of these: the question's own
 *	}
 *	corridor_terms_conditions(&conditions, &terms);
 *	plan = corridor_plans_of(plans, terms.day);
 *	corridor_plan_costs(cost, plan, &conditions, terms.measure);
 *
 * The options, each written --option X or --option=X, lists with commas or semicolons, as often as
 * wanted:
 *
 *	--avoid X,..     country, operator, cable, risk or site
 *	--require X,..   the same, and segments; in any order; --via SITE,.. is the same for sites
 *	--without X,..   segments, risks, cables: as if they were not
 *	--with X,..      segments, cables: as if they were in use; avoiding goes first
 *	--by MEASURE     length, price, availability or hops
 *	--k N            how many ways
 *	--as-planned     as if nothing were cut at present
 *	--date D         YYYY, YYYY-MM (their last day) or YYYY-MM-DD: what is planned by then is there
 *
 * Names are found as corridor_named_find does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_plan.h"

enum {
	CORRIDOR_LIST_MAX = 256,  /* items of one list */
	CORRIDOR_REQUIRE_MAX = 8, /* each doubles the work */
};

struct corridor_item {
	struct corridor_named named; /* index HUB_NONE: a country that no segment crosses */
	const char *text;            /* "RU", "B01", "operator:TIC": as may be written again */
};

struct corridor_list {
	struct corridor_item *items;
	size_t count;
};

struct corridor_terms {
	const struct corridor_plan *plan; /* of any day: for the names */
	struct arena *arena;              /* holds all lists */
	struct corridor_list avoid, require, without, with;
	enum corridor_measure measure;
	unsigned k;
	struct corridor_day day; /* as the plan's unless --date was there */
	const char *date;        /* as it was written, or NULL */
};

/* No terms: by length, one way, on the plan's day. */
struct corridor_terms corridor_terms_of(const struct corridor_plan *plan, struct arena *arena);

/* Takes words[*at], and its value, if it is one of the options above: 1, and *at is behind it. 0 if
 * it is not, and nothing has changed. -1 and the complaint. */
int corridor_terms_take(struct corridor_terms *terms, const char *const *words, size_t count,
			size_t *at, struct corridor_complaint *complaint);

/* The conditions that the terms make, in the terms' arena. 0, or -1 without memory. */
int corridor_terms_conditions(struct corridor_conditions *out, const struct corridor_terms *terms);

/* True if there are conditions at all; date, measure and number do not count. */
bool corridor_terms_any(const struct corridor_terms *terms);

/* Does the answer count this segment as built, though the year that it was planned for is over? */
bool corridor_terms_overdue(const struct corridor_terms *terms, uint32_t segment);

/* The plan whose cuts bear on the answer: NULL when none do. */
const struct corridor_plan *corridor_terms_cut(const struct corridor_terms *terms);

/* "length", "price" ... as --by has it. */
const char *corridor_measure_word(enum corridor_measure measure);

/* The options, for complaints of those who use them. */
#define CORRIDOR_TERMS_USAGE                                                                       \
	"--avoid, --require, --via, --without, --with, --by, --k, --as-planned or --date"
