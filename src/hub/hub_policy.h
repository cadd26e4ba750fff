/* Exceptions to the lists of a policy. */
#pragma once

#include "base/arena.h"
#include "hub/hub.h"

/* Elements of the lists, exceptions applied. */
enum { HUB_BOGONS_MAX = 4096, HUB_MARTIANS_MAX = 4096 };

/* Takes allow_asns out of bogon_asns, and allow_prefixes with all inside them out of martians, so
 * that a check needs to look at those two only. What is around an exception stays: with 10.0.0.0/8+
 * a martian and 10.1.0.0/16 allowed, 10.0.0.0/8, 10.0.0.0/16 and the rest are still martians. Doing
 * it again changes nothing. New lists are taken from `arena`. 0, or -1 if there is no memory. */
int hub_policy_apply_exceptions(struct hub_policy *policy, struct arena *arena);
