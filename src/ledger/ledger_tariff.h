/* What a contract costs in a month: a period, a 95th percentile, and the lines that follow from
 * them. Integers only; each line is rounded once, half away from zero, to the minor unit of its
 * currency.
 *
 *   flat     one line: the price of a month
 *   commit   the committed rate at the price of a Mbit/s; and, when the 95th percentile is above
 * it, the part above at the price for overage: so max(commit, p95) is paid, each part at its price
 *   tax      one line on the sum of the others, in basis points
 *
 * A contract that begins or ends inside the month pays for the days it was in force (UTC days; a
 * day that has begun counts) over the days of the month, on every line. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"
#include "hub/hub.h"

/* The part of a month in which a contract is in force. */
struct ledger_period {
	int year, month;
	struct utc_s month_from, month_to; /* the whole month */
	struct utc_s from, to;             /* first second, first second after */
	uint32_t days, days_in_month;
};

/* 0, or -1 when the contract is not in force in that month. */
int ledger_period_of(struct ledger_period *out, const struct hub_contract *contract, int year,
		     int month);

enum { LEDGER_LINES_MAX = 4, LEDGER_TEXT = 120 };

/* amount = quantity / divisor * price * days / days_in_month; for tax the price is zero and the
 * quantity the basis points. */
struct ledger_line {
	enum ledger_line_kind {
		LEDGER_LINE_FLAT,
		LEDGER_LINE_COMMIT,
		LEDGER_LINE_OVERAGE,
		LEDGER_LINE_TAX,
	} kind;
	char text[LEDGER_TEXT];
	int64_t quantity, divisor;
	const char *unit; /* "month", "Mbit/s", "%": static */
	struct price price;
	uint32_t days, days_in_month;
	struct money amount;
};

struct ledger_charge {
	struct ledger_line lines[LEDGER_LINES_MAX];
	size_t line_count;
	uint64_t billed_bps, overage_bps; /* commit contracts; 0 for flat */
	struct money net, tax, total;
};

/* Prices a period. 0, or -1 when an amount does not fit 64 bits (then *out is untouched). */
int ledger_tariff_charge(struct ledger_charge *out, const struct hub_contract *contract,
			 const struct ledger_period *period, uint64_t p95_bps);

/* amount * basis_points / 10000, half away from zero. 0, or -1 when it does not fit. */
int ledger_tariff_tax(struct money *out, struct money amount, uint32_t basis_points);

/* quantity / divisor as a decimal without needless zeros, "1250.5"; divisor is a power of ten up to
 * 10^6. Returns `out`. */
char *ledger_quantity_format(char out[32], int64_t quantity, int64_t divisor);
/* "0.35", at least two places, at most six. Returns `out`. */
char *ledger_price_format(char out[32], struct price price);
