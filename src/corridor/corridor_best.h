/* The best ways on a plan, by any measure. By length, price and hops costs add up along a way. How
 * often a way is down does not: what several of its segments share counts once. */
#pragma once

#include <stdbool.h>

#include "corridor/corridor_paths.h"
#include "corridor/corridor_plan.h"

struct corridor_wanted {
	struct corridor_ends ends;
	unsigned k; /* 1 to CORRIDOR_PATHS_MAX */
	enum corridor_measure measure;
	const struct corridor_conditions *conditions; /* NULL: none */
};

struct corridor_best {
	struct corridor_paths paths; /* the best first; cost by the measure */
	/* No way that is not among them is better than the last of them. Not so only when what is
	 * required, or the causes to weigh, are so many that the search was given up. */
	bool proven;
};

/* 0, or -1 without memory. End with corridor_paths_fini(&out->paths). */
int corridor_best_find(struct corridor_best *out, const struct corridor_plan *plan,
		       const struct corridor_wanted *wanted);

/* What the way costs by the measure, what its segments share counted once. */
uint64_t corridor_best_cost(const struct corridor_plan *plan, enum corridor_measure measure,
			    const struct corridor_path *way);
