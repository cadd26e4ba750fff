/* What demands lose in a state of the corridor, for the simulation: each state is laid once.
 *
 * A run of the filling looks at some segments; without others that are down it would have come to
 * the same (corridor_flow.h, `looked`). So a state is reduced to those failures that matter, and
 * most states are the same few. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_flow_plan.h"

struct corridor_short {
	uint32_t demand;
	uint64_t lost_bps; /* above 0 */
};

struct corridor_state_loss {
	const struct corridor_short *all;
	size_t count;
	double lost_gbps;
};

struct corridor_states;

/* The instance outlives it. NULL and errno as corridor_flow_new. */
struct corridor_states *corridor_states_new(const struct corridor_flow_instance *instance);
void corridor_states_free(struct corridor_states *states);

/* What is served without failures, of each demand. */
const uint64_t *corridor_states_served(const struct corridor_states *states);
/* What is lost when these segments are down (ascending). It holds until the next call. NULL and
 * errno. */
const struct corridor_state_loss *corridor_states_loss(struct corridor_states *states,
						       const uint32_t *down, size_t count);
size_t corridor_states_solved(const struct corridor_states *states);
