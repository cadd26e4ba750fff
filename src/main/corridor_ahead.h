/* Orders about the corridor that are only supposed: how its segments would be, and what would be held. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_state.h"
#include "corridor/corridor_steer.h"
#include "hub/steer.h"

/* What is now; all of it is only read. */
struct corridor_ahead_base {
	const struct corridor_plan *plan;
	const struct corridor_state *state;
	const enum corridor_live *live; /* of each segment, and so are these */
	const uint64_t *load_bps;
	const uint8_t *share_percent;
	const struct corridor_steer_setting *setting;
	const struct corridor_steer *steer; /* NULL: nothing is steered, and no plan is made */
};

struct corridor_ahead {
	struct arena *arena;
	enum corridor_live *live;
	struct corridor_steer *steer;
	/* Before and after, of the same setting; `after` says for what. */
	struct steer_plan before, after;
};

/* What comes of orders (one or more of the same, or restorations): what is worse at once, what is better when it has
 * been there for its time; of work that is planned, when it begins. Where an order comes to nothing that is the
 * *result, and *wrong its index; *out is to be let go in any case. 0, or -1 without memory. */
int corridor_ahead_find(struct corridor_ahead *out, const struct corridor_ahead_base *base,
			const struct corridor_order *orders, size_t count,
			enum corridor_state_result *result, size_t *wrong);
void corridor_ahead_fini(struct corridor_ahead *ahead);
