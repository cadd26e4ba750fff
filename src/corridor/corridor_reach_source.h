/* The existing network as pieces to start from. */
#pragma once

#include "corridor/corridor_reach_net.h"

struct corridor_reach_sources {
	struct corridor_reach_source *pieces; /* the caller's; from malloc */
	size_t count;
	struct corridor_near *near; /* by the middles of pieces; corridor_near_free */
};

/* Towers on fibre, lines, and what of the hub is asked for. 0, or -1 and the complaint, with nothing
 * to be freed. */
int corridor_reach_sources_find(struct corridor_reach_sources *out,
				const struct corridor_reach_input *input, const struct hub *hub,
				const struct corridor_reach_settings *settings,
				struct corridor_complaint *complaint);
/* The piece nearest to a place, and how far that is. */
uint32_t corridor_reach_source_nearest(double *km, const struct corridor_reach_sources *sources,
				       struct corridor_vector at);
