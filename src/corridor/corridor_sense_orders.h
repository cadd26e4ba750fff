/* From what machines tell of segments to orders of the live state. */
#pragma once

#include "corridor/corridor_sense.h"
#include "corridor/corridor_state.h"

/* Cuts the segments that sources have down, restores those that they have up, and ends the orders of machines for
 * segments that have no source any more. True if anything was ordered or ended; what there is no memory for is
 * for the next time. */
bool corridor_sense_command(struct corridor_state *state, const struct corridor_sense *sense,
			    const struct hub *hub, struct utc_s now);
