/* Opens the store that the hub file names. */
#pragma once

#include <stdbool.h>

#include "hub/hub.h"
#include "ledger/ledger_store.h"

enum ledger_store_use {
	LEDGER_STORE_WHOLE, /* to put and to ask */
	/* To ask only, from a loop that must not wait long: opening does not touch the network, and
	 * a question is given up after some seconds. */
	LEDGER_STORE_QUICK,
};

/* True if the store is behind a network: then it is put to in a thread of its own. */
bool ledger_store_is_far(const struct hub_store *where);
/* `path` is the file of the embedded engine. NULL with the reason in words. */
struct ledger_store *ledger_store_open(const struct hub_store *where, const char *path,
				       enum ledger_store_use use, char reason[LEDGER_STORE_REASON]);
