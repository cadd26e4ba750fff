/* What a hub's file says of steering: exits are the sessions of its own AS, ingresses the places of their
 * members, and what a member's demands avoid is avoided for that member. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_steer.h"
#include "hub/traffic.h"

struct corridor_steer_hub {
	struct corridor_steer_setting setting;
	struct corridor_steer_ingress *ingresses; /* the setting's; bps may change between runs */
	uint32_t *member;                         /* of each; HUB_NONE: all others at the site */
};

/* Memory is of `arena`, which the plan's hub outlives. 0, or -1 without memory. Without sessions of the
 * hub's own AS at sites where segments end there are neither exits nor ingresses. */
int corridor_steer_of_hub(struct corridor_steer_hub *out, const struct corridor_plan *plan,
			  struct arena *arena);

/* What members bring, by their demands, else as measured (batch may be NULL: nothing is); spread evenly
 * over their places. What contracts lay on segments already is not brought again. */
void corridor_steer_measure(struct corridor_steer_hub *steer, const struct traffic_batch *batch,
			    struct utc_s now);
