/* Small files that the exchange keeps in run/, looked at every second, replaced by rename:
 *
 *   sessions.now   for the meter: "at UTC", then a line for each session that is up: "PORT SINCE
 *                  SESSION", times in seconds; anew when it changed, and every 30 s
 *   blackholes     for the exchange after this one: "PREFIX ASN SINCE ENDS", the operator's; read once at
 *                  the start
 *   steer.state    for corridor and ledger (hub/steer_state.h): whether routes go by the plan of exits; when that
 *                  changes */
#pragma once

#include "exchange/exchange.h"
#include "net/loop.h"

struct exchange_states;

/* NULL if there is no memory. Engine, loop and directory must outlive it. */
struct exchange_states *exchange_states_open(struct loop *loop, struct exchange *engine,
					     const char *directory);
/* Writes down at once what the operator has just changed, so that it is not lost with this process.
 * NULL is allowed. */
void exchange_states_keep(struct exchange_states *states);
/* NULL is allowed. */
void exchange_states_close(struct exchange_states *states);
