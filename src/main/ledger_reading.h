/* An answer of the ledger that is made of all that the store holds of a time, read a few milliseconds at a
 * turn: bins are taken in and other questions answered meanwhile. */
#pragma once

#include "ledger/ledger_question.h"
#include "ledger/ledger_store.h"
#include "ledger/ledger_traffic.h"
#include "main/role.h"

/* How long the ledger works at one answer before others have their turn. */
enum { LEDGER_TURN_US = 15000 };

struct ledger_reading;

/* Who makes the answer. `state` is its own, made before and ended by `done`. */
struct ledger_reader {
	/* A part, and what is told with it (ledger_traffic_told). 0, or -1 without memory. */
	int (*take)(void *state, const struct ledger_traffic *traffic);
	/* All was read. True: the answer is made; false: it wants ledger_reading_again, or there is
	 * no memory. */
	bool (*end)(void *state, struct ledger_reading *reading, struct control_answer *answer);
	void (*done)(void *state);
};

/* The time that is asked for, as the store can tell it now (ledger_traffic_fit). */
struct ledger_traffic_span ledger_reading_span(const struct ledger_question *question,
					       enum traffic_what what, uint32_t step_s);

/* Begins to read. *store lives as long as the room, and is NULL or another while and after it is not
 * open. Without memory, also for `state` (NULL), the answer is that, and `state` is ended. */
void ledger_reading_begin(struct ledger_store *const *store, const struct role_context *context,
			  const struct ledger_traffic_span *span,
			  const struct ledger_reader *reader, void *state,
			  struct control_answer *answer);

/* What is read, in `end`: ports of the whole time (ledger_traffic_part). */
const struct traffic_batch *ledger_reading_ports(const struct ledger_reading *reading);

/* Another reading; only in `end`. False, always: there is more to do. */
bool ledger_reading_again(struct ledger_reading *reading, const struct ledger_traffic_span *span);
