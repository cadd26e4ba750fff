/* `store verify`, asked of a running hub: the store is read through in a thread of its own, with a
 * connection of its own, while the ledger goes on. */
#pragma once

#include "hub/hub.h"
#include "net/control.h"

/* Fills in an answer that is not known yet. `path` is the file of the embedded engine. Both are copied. */
void ledger_inspect(const struct hub_store *where, const char *path, struct control_answer *answer);
