/* Writes the routes for the meter: run/routes.snapshot (rib_snapshot.h), at most every five seconds, when they changed,
 * replaced by rename. The routes are copied a stretch at a time between turns; sorting and writing, which take long
 * for a full table, are done by a thread that knows nothing but its copy. */
#pragma once

#include "exchange/exchange.h"
#include "net/loop.h"

struct exchange_snapshots;

/* NULL if there is no memory. Engine, loop and directory must outlive it. */
struct exchange_snapshots *exchange_snapshots_open(struct loop *loop, const struct exchange *engine,
						   const char *directory);
/* Waits for a file that is being written. NULL is allowed. */
void exchange_snapshots_close(struct exchange_snapshots *snapshots);
