/* A plan of reach out of the files that it is wanted of. */
#pragma once

#include "base/buf.h"
#include "hub/hub.h"
#include "view/view_corridor_reach.h"

/* Reads the files of towers and fibre that `wanted` names, and plans. `hub` may be NULL, else it has to live as long as
 * the plan. What there is to say of the files' lines is appended to *said. 0, or -1 and the complaint, of
 * status 400 when something is missing in the question; its text is empty where `said` says it all. */
int reach_plan_make(struct view_reach *view, const struct hub *hub, const struct hub_reach *wanted,
		    struct buf *said, struct corridor_complaint *complaint);
/* The map, on land. */
void reach_plan_map(struct buf *out, const struct view_reach *view);
