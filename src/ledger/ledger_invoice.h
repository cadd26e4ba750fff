/* An invoice: everything that is said on it, from a contract, a month and the bins. A value; the
 * same bins give the same invoice, octet for octet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_percentile.h"
#include "ledger/ledger_tariff.h"

enum {
	LEDGER_NUMBER = 96,
	/* An invoice is final when its month has been over for so long that the last bins are in.
	 */
	LEDGER_SETTLING_S = 900,
};

/* The rule, in words, as it is printed on the invoice. */
#define LEDGER_RULE "95th percentile, rank n - floor(n/20), per direction, the larger"

struct ledger_invoice {
	char number[LEDGER_NUMBER]; /* <hub>-<YYYYMM>-<asn>-<contract> */
	/* Not owned: must outlive the invoice. */
	const struct hub *hub;
	const struct hub_member *member;
	const struct hub_contract *contract;
	const struct ledger_series *series;
	struct ledger_period period;
	struct ledger_bin_counts bins;
	struct ledger_percentile p95;
	struct ledger_charge charge;
	bool simulated; /* rests on a bin that the lab made */
	bool final;
};

/* `series` holds the bins of the contract's ports in its period, as far as they are due. 0, or -1
 * and errno: ENOMEM, or EOVERFLOW when an amount does not fit. */
int ledger_invoice_make(struct ledger_invoice *out, const struct hub *hub, uint32_t contract,
			const struct ledger_period *period, const struct ledger_series *series,
			struct utc_s now);

/* Up to when the bins of a period are due at `now`: its end, or, while it runs, the end of the last
 * whole bin that has had 90 s to arrive (or is there already: `newest_end`). */
struct utc_s ledger_invoice_due(const struct ledger_period *period, uint32_t length_s,
				struct utc_s now, struct utc_s newest_end);
