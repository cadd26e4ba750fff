/* What no plan can go below: a dual solution of the relaxation in which every set of places that is
 * not told to do without fibre must be entered by a stretch from outside it (the directed cut
 * formulation of the prize-collecting Steiner tree). */
#pragma once

#include "corridor/corridor_reach_net.h"

struct corridor_reach_ascent;

/* NULL without memory. The net must live as long. */
struct corridor_reach_ascent *corridor_reach_ascent_new(const struct corridor_reach_net *net);
/* NULL is allowed. */
void corridor_reach_ascent_free(struct corridor_reach_ascent *ascent);

/* A number that the cost of any forest of candidate stretches, and the prizes of all places that it
 * leaves out, cannot be below. Prizes are at least 0; their sum must fit. `reached` (one for each
 * place) says which could afford to be joined: a good set to start from. Exact where all prizes are
 * large enough. */
int64_t corridor_reach_ascent_run(struct corridor_reach_ascent *ascent, const int64_t *prizes,
				  bool *reached);
