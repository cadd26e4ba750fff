/* What is required of a way: countries, cables, sites ... that it has to use. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_plan.h"

/* What is required: bit i of a segment or site says that a way over it meets requirement i. */
struct corridor_musts {
	unsigned count; /* at most CORRIDOR_MUSTS_MAX */
	uint8_t *segments, *sites;
};

enum { CORRIDOR_MUSTS_MAX = 8 };

/* What the conditions require; arrays live in `arena`. 0, or -1 without memory. There must not be
 * more than CORRIDOR_MUSTS_MAX of them. */
int corridor_musts_of(struct corridor_musts *out, struct arena *arena,
		      const struct corridor_plan *plan,
		      const struct corridor_conditions *conditions);
