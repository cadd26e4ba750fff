/* A bill in the making: used by the files that write its lines (ledger_tariff, ledger_fee,
 * ledger_rate) and by nobody else. */
#pragma once

#include "ledger/ledger_tariff.h"

struct ledger_bill {
	struct ledger_charge charge; /* grows */
	size_t room;                 /* for lines */
	struct arena *arena;
	const struct hub *hub;
	const struct hub_contract *contract;
	const struct ledger_period *period;
	const struct ledger_usage *usage;
	const struct ledger_percentile *whole;
	const struct ledger_lived *lived;
};

/* Works out the amount of the line, says in its text for how many days it is when they are not all,
 * and appends it. 0, or -1 and errno (EOVERFLOW, with charge.fault; ENOMEM). All functions below
 * fail in these ways. */
int ledger_bill_add(struct ledger_bill *bill, struct ledger_line line);
/* The sum of the lines of an item (id), of "usage" or of "invoice" (all there are). */
int ledger_bill_sum(struct ledger_bill *bill, const char *of, struct money *out);
/* Notes what does not fit, sets errno, returns -1. */
int ledger_bill_overflow(struct ledger_bill *bill, const char *item);
/* Text from the arena: the item's own words or these, and what follows them. */
const char *ledger_bill_text(struct ledger_bill *bill, const struct hub_charge *item,
			     const char *words, const char *rest);

/* A line that begins: kind, item, exempt; one of one day. */
struct ledger_line ledger_bill_line(const struct ledger_bill *bill, const struct hub_charge *item,
				    enum ledger_line_kind kind);

/* Fees: once, monthly, port, cross-connect, cloud, iru, upkeep. */
int ledger_fee_flat(struct ledger_bill *bill);
int ledger_fee(struct ledger_bill *bill, const struct hub_charge *item);
/* Traffic: commit, tiers, slabs, transit, volume, burst. */
int ledger_rate_commit(struct ledger_bill *bill); /* of a contract of kind commit */
int ledger_rate(struct ledger_bill *bill, const struct hub_charge *item);
