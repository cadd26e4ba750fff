/* A set of places made to fit a goal exactly, and improved by trying others near it. */
#pragma once

#include "corridor/corridor_reach_select.h"

struct corridor_reach_value {
	int64_t cost, weight;
};

bool corridor_reach_better(struct corridor_reach_goal goal, struct corridor_reach_value a,
			   struct corridor_reach_value b);

/* Adds to the set what brings most for its money until the goal is met, or the money is spent; then
 * cuts off branches that are not needed. 0, or -1 without memory. */
int corridor_reach_fit(struct corridor_reach_select *select, struct corridor_reach_goal goal,
		       bool *set, struct corridor_reach_value *value);

/* Local search: each place in turn is put in or left out, the rest fitted again, and kept if that is
 * better; where there are few places, pairs of them too. As long as there is work allowed: large
 * nets are left as they are. `in` has the value `best`. 0, or -1 without memory. */
int corridor_reach_polish(struct corridor_reach_select *select, struct corridor_reach_goal goal,
			  bool *in, struct corridor_reach_value best);
