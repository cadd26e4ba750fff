/* The registry's file, as the exchange follows it: looked at every second, read when another has
 * taken its place. */
#pragma once

#include "hub/registry.h"
#include "net/loop.h"

struct exchange_registry;

/* Called when another registry is in force: `now` stays until the next call, `before` (NULL at
 * first) is freed when this one returns. */
typedef void exchange_registry_changed(void *context, const struct registry *now,
				       const struct registry *before);

/* Begins to look for "<folder>/registry.snapshot"; what is there already is told before it returns.
 * A file that is not there, or harmed (said once in the log), leaves in force what is. NULL without
 * memory. */
struct exchange_registry *exchange_registry_open(struct loop *loop, const char *folder,
						 exchange_registry_changed *changed, void *context);
/* Frees the registry in force too. */
void exchange_registry_close(struct exchange_registry *follower);
