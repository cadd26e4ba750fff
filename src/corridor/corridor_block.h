/* Which segments lie on a way between two sites that touches no site twice: those of the blocks
 * between them. A segment that leads to a dead end, or out and back over one site, is on none. */
#pragma once

#include <stdbool.h>

#include "corridor/corridor_graph.h"

struct corridor_block;

/* A workspace for `graph`, which must outlive it. NULL if there is no memory. */
struct corridor_block *corridor_block_new(const struct corridor_graph *graph);
void corridor_block_free(struct corridor_block *block);

/* Marks in `on` (one of each segment) the segments on ways from ends.a to ends.b, over segments whose
 * cost is not CORRIDOR_CLOSED and sites that are not `closed` (the ends are not asked). The ends
 * must differ. */
void corridor_block_find(struct corridor_block *block, bool *on, const uint64_t *cost,
			 const bool *closed, struct corridor_ends ends);
