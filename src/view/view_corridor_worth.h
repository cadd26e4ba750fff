/* Whose passage is weighed, and of which traffic: shared by the answers about worth. */
#pragma once

#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_worth.h"
#include "view/view_corridor_way.h"

/* Whose segments a name means: what questions know, or a party. 0, or -1 and the complaint. */
int view_worth_us(struct corridor_us *us, struct arena *arena, const struct corridor_plan *plan,
		  const char *of, struct corridor_complaint *complaint);

/* What is asked of corridor_worth_of under the terms: the plan of their day, and the traffic of each
 * demand on it. `conditions` is written, and stays with *ask. 0, or -1 without memory. */
int view_worth_ask(struct corridor_worth_ask *ask, struct corridor_conditions *conditions,
		   const struct view_corridor *view, const struct corridor_terms *terms);

/* The same as a question of flow. 0, or -1 without memory. */
int view_worth_flow(struct corridor_flow_ask *flow, struct corridor_conditions *conditions,
		    const struct view_corridor *view, const struct corridor_terms *terms);
