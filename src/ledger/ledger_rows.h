/* Rows in an array that is taken from an arena: it grows by doubling, and the old ones stay behind. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

struct ledger_rows {
	struct arena *arena;
	size_t size; /* of one */
	size_t count, capacity;
	char *items;
};

/* Room for one more, not zeroed; NULL if there is no memory. */
void *ledger_rows_next(struct ledger_rows *rows);
