/* What is recorded of the ways: the plan in force as hub values (hub/ways.h), for the ledger to prove by. */
#pragma once

#include "base/arena.h"
#include "corridor/corridor_plan.h"
#include "hub/steer.h"
#include "hub/ways.h"

/* All but times and words, into *out; arrays are of `arena`, texts the hub's. `plan` without what is cut;
 * `steer`: the plan of exits in force, NULL: nothing is steered; `now`: contracts in force then say where
 * traffic runs, as far as all their segments are there. 0, or -1 without memory. */
int corridor_record(struct ways *out, struct arena *arena, const struct corridor_plan *plan,
		    const struct steer_plan *steer, struct utc_s now);
