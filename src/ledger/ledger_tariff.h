/* What a contract costs in a month: the lines that follow from its items, the bins and the days.
 * Integers only; each line is rounded once to the minor unit of its currency, half away from zero
 * unless the contract says otherwise; what does not fit is an error, never a wrong amount.
 *
 * Order of the lines:
 *   1. fees and usage, in the order of the contract's items
 *   2. minimum and maximum of the usage
 *   3. credits, in order; a percentage is of the lines of 1 and 2 that it names
 *   4. minimum and maximum of the invoice
 *   5. tax, one line on the sum of the lines that are not exempt
 *
 * A contract or item that begins or ends inside the month pays for the days it was in force over
 * the days of the month; a day that has begun counts. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "hub/hub.h"
#include "ledger/ledger_calendar.h"
#include "ledger/ledger_lived.h"
#include "ledger/ledger_percentile.h"

/* One line. What it amounts to is, rounded once:
 *   with a price   quantity / divisor * price * days / days_in_month
 *   with a base    base * quantity / divisor / 100 (tax, credits in percent)
 *   with neither   the amount stands for itself (minimum, maximum, instalments) */
struct ledger_line {
	enum ledger_line_kind {
		LEDGER_LINE_FLAT,
		LEDGER_LINE_COMMIT,
		LEDGER_LINE_OVERAGE,
		LEDGER_LINE_TAX,
		LEDGER_LINE_ONCE,
		LEDGER_LINE_MONTHLY,
		LEDGER_LINE_PORT,
		LEDGER_LINE_TIER,
		LEDGER_LINE_SLAB,
		LEDGER_LINE_TRANSIT,
		LEDGER_LINE_VOLUME,
		LEDGER_LINE_BURST,
		LEDGER_LINE_MINIMUM,
		LEDGER_LINE_MAXIMUM,
		LEDGER_LINE_CROSS_CONNECT,
		LEDGER_LINE_CLOUD,
		LEDGER_LINE_IRU,
		LEDGER_LINE_UPKEEP,
		LEDGER_LINE_CREDIT,
		LEDGER_LINE_KINDS,
	} kind;
	const char *item; /* id of the contract's item; NULL: flat, commit and tax */
	const char *text;
	int64_t quantity, divisor; /* a power of ten up to 10^12, but for instalments */
	const char *unit;          /* "month", "Mbit/s", "port", "TB", "hour", "%"; static */
	enum { LEDGER_LINE_PRICED, LEDGER_LINE_OF_BASE, LEDGER_LINE_PLAIN } rule;
	struct price price;    /* zero unless priced */
	struct money base;     /* zero unless of a base */
	struct utc_s from, to; /* what it is for */
	/* How many days are paid, of how many. 1 of 1 when it does not go by days; of 365 or 366
	 * when the price is that of a year. */
	uint32_t days, days_in_month;
	bool tax_exempt;
	struct money amount; /* negative: a credit */
};

/* How much of an IRU's capital is written off, straight over the months of its term. Not a charge:
 * for the books. */
struct ledger_amortisation {
	const char *item;
	struct money capital, this_month, so_far, left;
	uint32_t month, months; /* the how manieth of how many */
};

struct ledger_charge {
	struct ledger_line *lines; /* in the arena */
	size_t line_count;
	struct ledger_amortisation *amortisations;
	size_t amortisation_count;
	/* Of the usage item that was last in force in the period: commit, tiers, slabs or transit.
	 * by_rate false: there is none, and the rates are 0. */
	bool by_rate;
	uint64_t commit_bps, billed_bps, overage_bps;
	struct money net, tax, total; /* net: lines but for tax; total: net + tax */
	/* The total in another currency, at the rate of the contract. */
	bool exchanged;
	struct money other_total;
	/* What went wrong, when charging failed: "item port: the amount does not fit". */
	const char *fault;
};

/* "flat", "commit", "cross-connect"; as in the hub file where there is such an item. */
const char *ledger_line_kind_name(enum ledger_line_kind kind);
/* Whether a line is for traffic: what "usage" means for minimum, maximum and credits, with its
 * bounds. */
bool ledger_line_is_usage(enum ledger_line_kind kind);

/* What a bill is made of. */
struct ledger_basis {
	const struct hub *hub; /* for the speeds of the ports */
	const struct hub_contract *contract;
	const struct ledger_period *period;
	const struct ledger_usage *usage;
	const struct ledger_percentile *whole; /* of all of the period */
	const struct ledger_lived *lived; /* NULL: availability is not known, or not promised */
};

/* Prices a period. Lines and texts are taken from `arena`. 0, or -1 and errno: EOVERFLOW (then *out
 * is untouched but for out->fault) or ENOMEM. */
int ledger_tariff_charge(struct ledger_charge *out, struct arena *arena,
			 const struct ledger_basis *basis);

/* The committed rate of a contract at a moment, 0 if it has none. */
uint64_t ledger_contract_commit(const struct hub_contract *contract, struct utc_s at);

/* quantity / divisor as a decimal without needless zeros, "1250.5"; divisor is a power of ten up to
 * 10^12. Returns `out`. */
char *ledger_quantity_format(char out[32], int64_t quantity, int64_t divisor);
/* "0.35", at least two places, at most six. Returns `out`. */
char *ledger_price_format(char out[32], struct price price);
