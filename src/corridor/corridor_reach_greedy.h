/* The plain ways to a set of places, which a better one has to beat. */
#pragma once

#include "corridor/corridor_reach_select.h"

/* From the network outwards always takes the place next to the set that is cheapest, or (`by_ratio`)
 * that brings most for its money, until the goal is met or nothing more can be paid. 0, or -1 without
 * memory. */
int corridor_reach_greedy(struct corridor_reach_select *select, struct corridor_reach_goal goal,
			  bool by_ratio, bool *set);
