/* Reads what the registry's process found out, run/registry.snapshot (hub/registry.h), and hands it to the engine
 * whenever a new file is there. The file is read into our own memory: whoever wrote it may change it later. */
#pragma once

#include "exchange/exchange.h"
#include "net/loop.h"

struct exchange_registry;

/* NULL if there is no memory. Loop, engine and directory must outlive it; a file that is there is used at once. */
struct exchange_registry *exchange_registry_open(struct loop *loop, struct exchange *engine,
						 const char *directory);
/* The engine is gone already, or was told to use none. NULL is allowed. */
void exchange_registry_close(struct exchange_registry *registry);
