/* Entries of the journal of ways: what the corridor said holds from a moment until another. The entry's action is
 * "until MOMENT" where its document says all (ways_read), and "until MOMENT since ENTRY" where that says what has
 * changed (ways_delta_read) since the one of that entry, which says all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct ledger_said {
	struct utc_s from, until;
	uint64_t entry;
	uint64_t since; /* 0: it says all */
};

enum { LEDGER_SAID_ACTION = 64 };
/* The words of its action; returns `out`. */
char *ledger_said_action(char out[LEDGER_SAID_ACTION], const struct ledger_said *said);
/* Fills until and since from exactly such words. 0, or -1: they are others, or it would end before said->from. */
int ledger_said_parse(struct ledger_said *said, const char *action);
/* Is that entry there, and says all? They are in the order of entries. */
bool ledger_said_all(const struct ledger_said *said, size_t count, uint64_t entry);
