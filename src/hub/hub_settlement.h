/* By what agreements transit is shared among the owners of the cables, and how invoices are issued.
 * Part of the picture (hub.h), read by the ledger. HUB_NONE for a party means the hub itself.
 * Percentages are hundredths of a percent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"

/* What holds of one segment instead of the agreement's rule. */
struct hub_settlement_term {
	uint32_t segment;
	enum hub_term_kind {
		HUB_TERM_FIXED,   /* so much a month of each contract, before all else */
		HUB_TERM_PERCENT, /* of what is left after that */
		HUB_TERM_IRU,     /* paid for once: no share */
	} kind;
	struct price amount; /* fixed */
	uint32_t percent;    /* percent */
};

/* What one party owes another every month, whatever traffic there was: upkeep, a lease. */
struct hub_due {
	uint32_t from, to; /* parties */
	struct price amount;
	const char *text;
};

struct hub_settlement {
	const char *id; /* unique */
	struct currency currency;
	/* How what is left is shared among the segments of a contract that have no term. */
	enum hub_settlement_by { HUB_BY_KM, HUB_BY_CAPACITY, HUB_BY_SEGMENT_EQUALLY } by;
	uint32_t hub_percent; /* of what is left after fixed amounts, for the hub itself */
	uint32_t *contracts;  /* index; none written: all that have segments */
	size_t contract_count;
	struct utc_s starts, ends; /* months that begin in this time; 0: open */
	struct hub_settlement_term *terms;
	size_t term_count;
	struct hub_due *dues;
	size_t due_count;
};

/* How invoices are issued. */
enum hub_issue { HUB_ISSUE_BY_HAND, HUB_ISSUE_AUTOMATIC };
