/* The files of steering: corridor/state, and the number of the plan in run/steer.plan. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_state.h"
#include "hub/steer.h"
#include "hub/steer_state.h"

/* The state of an earlier run: of corridor/state, or where that is harmed or gone of its copy; else one that begins
 * now, and says that orders are lost if there were any. What is harmed is put aside with a warning. NULL without memory. */
struct corridor_state *corridor_state_load(const char *folder);
/* 0, or -1 after a warning. */
int corridor_state_save(const char *folder, const struct corridor_state *state);
/* The same for its copy, which may be a second older. 0, or -1 and errno, without a word: who tries again each second says it once. */
int corridor_state_save_copy(const char *folder, const struct corridor_state *state);
/* The plan that an earlier run left, of which numbers go on, from `arena`; false: there is none, or it is not sound. */
bool corridor_plan_earlier(struct steer_plan *out, struct arena *arena, const char *folder);
/* Likewise the number of that in run/steer.sr. */
bool corridor_sr_earlier(const char *folder, uint64_t *number);
/* Whether routes go by the plan, as the exchange last said so in run/; false: it has not. */
bool corridor_steer_state(struct steer_state *out, const char *folder);
