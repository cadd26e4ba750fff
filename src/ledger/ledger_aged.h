/* What is open by how long it has been due: what others owe the hub, and what the hub owes them. Pure.
 *
 * An invoice says itself when it is due. What a settlement brought a party is due so many days after
 * the day of the settlement as an invoice is after its own; whatever was transferred to the party
 * since is for what has waited longest. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"
#include "ledger/ledger_journal.h"

enum ledger_age {
	LEDGER_NOT_DUE,
	LEDGER_DAYS_30, /* up to so many days late */
	LEDGER_DAYS_60,
	LEDGER_DAYS_90,
	LEDGER_OLDER,
	LEDGER_AGES
};

struct ledger_aged {
	const char *holder; /* the journal's */
	struct currency currency;
	int64_t open[LEDGER_AGES];
	int64_t disputed; /* of that */
};

/* One of each holder and currency, in that order; the caller's to free. NULL if there is no memory. */
struct ledger_aged *ledger_aged_receivables(size_t *count, const struct ledger_journal *journal,
					    struct utc_s now);
struct ledger_aged *ledger_aged_payables(size_t *count, const struct ledger_journal *journal,
					 uint32_t payment_days, struct utc_s now);
