/* The files of steering: corridor/state, and the number of the plan in run/steer.plan. */
#pragma once

#include "corridor/corridor_state.h"

/* The state of an earlier run, else none; one that is harmed is left aside with a warning. NULL without
 * memory. */
struct corridor_state *corridor_state_load(const char *folder);
/* 0, or -1 after a warning. */
int corridor_state_save(const char *folder, const struct corridor_state *state);
/* Numbers go on where the plan of an earlier run ended; 0 where that is lost: UTC has grown since. */
uint64_t corridor_plan_number(const char *folder);
