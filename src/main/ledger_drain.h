/* From the spool into a store that is behind a network, in a thread of its own: a server that takes
 * its time holds up nobody else. The thread has its own connection and tells the loop over a socket
 * pair how it is; nothing is shared. */
#pragma once

#include "hub/hub.h"
#include "ledger/ledger_spool.h"

struct ledger_drain;

struct ledger_drain_state {
	struct ledger_spool_status spool;
	char store_trouble[256]; /* why the store is not open; "" when it is */
};

/* Both are copied. NULL and errno on failure. */
struct ledger_drain *ledger_drain_start(const struct hub_store *where, const char *spool_directory);
/* The newest that was told. */
const struct ledger_drain_state *ledger_drain_state(struct ledger_drain *drain);
/* Asks the thread to end and waits for it up to two seconds. One that is still waiting for a server then is
 * left to the end of the process: what it was putting is put again by the next. */
void ledger_drain_stop(struct ledger_drain *drain);
