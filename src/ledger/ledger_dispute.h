/* A dispute about an invoice: its states, and what may be done in each.
 *
 *   open ──answer──► answered
 *     └──────┬──────────┘
 *            ├─ accept ───► accepted    a credit note over all that was disputed
 *            ├─ settle ───► settled     a credit note over a part of it
 *            ├─ reject ───► rejected
 *            └─ withdraw ─► withdrawn   by the member */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum ledger_dispute_state {
	LEDGER_DISPUTE_OPEN,
	LEDGER_DISPUTE_ANSWERED,
	LEDGER_DISPUTE_ACCEPTED,
	LEDGER_DISPUTE_SETTLED,
	LEDGER_DISPUTE_REJECTED,
	LEDGER_DISPUTE_WITHDRAWN,
	LEDGER_DISPUTE_STATES,
};
/* "open", "answered" ... */
const char *ledger_dispute_state_name(enum ledger_dispute_state state);

struct ledger_dispute {
	const char *id;  /* "KTX-D000001" */
	uint32_t bill;   /* index of the invoice */
	int64_t amount;  /* disputed, minor units of the invoice's currency */
	int64_t granted; /* credited for it */
	enum ledger_dispute_state state;
	struct utc_s opened, changed;
	struct utc_s deadline; /* of an answer; 0: none */
	const char *reason;    /* the member's */
	const char *answer;    /* what was said last */
};

/* Nothing can be said about it any more. */
static inline bool
ledger_dispute_is_closed(enum ledger_dispute_state state)
{
	return state >= LEDGER_DISPUTE_ACCEPTED;
}

/* The state after `action` ("answer", "accept", "settle", "reject", "withdraw"): true and *next;
 * false when the word is none or may not be done in that state. */
bool ledger_dispute_next(enum ledger_dispute_state *next, enum ledger_dispute_state state,
			 const char *action);
