/* A set of AS numbers, compiled: sorted ranges, looked up by halving. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "hub/hub.h"

struct policy_asns {
	const struct asn_range *ranges; /* sorted, not overlapping */
	size_t count;
};

/* Takes memory from `arena`. 0, or -1 if there is none. */
int policy_asns_make(struct policy_asns *out, struct arena *arena, const struct asn_range *ranges,
		     size_t count);
bool policy_asns_has(const struct policy_asns *asns, uint32_t asn);
