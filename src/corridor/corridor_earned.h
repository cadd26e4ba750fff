/* What the hub's ledger billed for traffic over segments in a month: its answer to `show revenue by
 * segment`, to be held beside what is modelled. Amounts are doubles, as all of the corridor's money
 * (corridor_money.h); those that are owed are the ledger's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_plan.h"

/* Of one currency, net of tax; never added to another. */
struct corridor_earned_sum {
	const char *currency;
	double *segments; /* of each of the hub's */
	double elsewhere; /* on no segment of the hub file: ports, cross-connects ... */
};

struct corridor_earned {
	const char *month; /* "2026-10" */
	bool running;      /* it is not over */
	bool simulated;    /* traffic of the lab */
	struct corridor_earned_sum *sums;
	size_t count;
};

/* Reads the ledger's answer as JSON. What it says lives in `arena`. 0; or -1 and errno: EINVAL when it
 * is none, ENOMEM. */
int corridor_earned_read(struct corridor_earned *out, struct arena *arena, const struct hub *hub,
			 const char *json, size_t length);

/* That of US dollars; NULL: there is none. */
const struct corridor_earned_sum *corridor_earned_usd(const struct corridor_earned *earned);

/* What the segments with a name of a class brought; what has several names of it is shared evenly. */
double corridor_earned_by_class(const struct corridor_earned_sum *sum,
				const struct corridor_plan *plan, enum corridor_class class,
				uint32_t name);
/* What chosen segments did; NULL: all. */
double corridor_earned_on(const struct corridor_earned_sum *sum, const struct hub *hub,
			  const bool *segments);
