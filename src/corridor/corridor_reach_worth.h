/* What a plan is worth: how its cost moves with its figures, and how much of it rests on estimates. */
#pragma once

#include "corridor/corridor_reach_plan.h"

/* Fills factors, cost_by_confidence and towers_estimated from the builds. */
void corridor_reach_weigh(struct corridor_reach_plan *plan, const struct corridor_reach_net *net,
			  const struct corridor_reach_input *input,
			  const struct corridor_reach_settings *settings);
