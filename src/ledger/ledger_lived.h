/* Availability as it was lived: for how long the ports of a contract had no way out of the corridor, by what the
 * corridor said of its ways (the states of ledger_way.h). For credits that a contract promises, so an outage is
 * only what was said to be one:
 *
 *   up       some port has a way to some exit that is not closed
 *   not known  nothing was said of that time, or of the ways of one of the ports
 *   down     every port has ways, and all of them are closed
 *
 * Integers only; the same entries give the same. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "ledger/ledger_way.h"

struct ledger_lived {
	struct utc_s from, to;
	int64_t down_s, unknown_s;
	uint32_t times;                   /* it went down */
	uint64_t first_entry, last_entry; /* of the journal of ways; 0: nothing was said */
};

/* `states` as ledger_way_states leaves them; from < to. */
void ledger_lived_of(struct ledger_lived *out, struct utc_s from, struct utc_s to,
		     const struct ledger_way_state *states, size_t count,
		     const struct ledger_way_of *of);

/* Is it below so many millionths of the time? What is not known is no outage. */
bool ledger_lived_breaks(const struct ledger_lived *lived, uint32_t promised);

/* How the sentence about it begins, that stands among the rules of an invoice. */
#define LEDGER_LIVED_WORDS "ways of the ports: "
/* That sentence, without a full stop: all that the credit rests on. NULL without memory. */
const char *ledger_lived_words(struct arena *arena, const struct ledger_lived *lived);
