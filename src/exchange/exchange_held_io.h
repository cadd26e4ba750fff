/* Which sessions the operator took down, kept in run/sessions.down: a process of the exchange that takes over from
 * another one leaves them down. */
#pragma once

#include "exchange/exchange.h"

/* Writes the file anew. 0, or -1 and errno. */
int exchange_held_save(const struct exchange *x, const char *directory);
/* Takes the sessions of the file down; one that the picture does not have is passed over. */
void exchange_held_load(struct exchange *x, const char *directory, struct mono_us now);
