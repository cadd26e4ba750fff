/* A blend: transit bought of several upstreams and sold at one price. What it cost in a month, what
 * it brought, and what comes of it that peaks of customers do not fall together: more is sold than
 * has to be bought. For the hub itself; no invoice shows it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "ledger/ledger_invoice.h"

struct ledger_blend {
	const char *name;
	struct currency currency;          /* of the first purchase */
	size_t purchase_count, sale_count; /* invoices */
	struct money cost, income;         /* nets of the purchases; transit lines of the sales */
	uint64_t bought_bps, sold_bps;     /* billed rates, added up */
	/* Sold over bought, in hundredths of a percent: 14000 when 1.4 times as much is sold; 0 when
	 * nothing was bought. */
	uint64_t sold_percent;
	/* What a Mbit/s that was sold cost, in millionths; 0 when none was. */
	struct price cost_of_mbit;
	struct money margin; /* income - cost */
	/* Some invoice was in another currency, and is left out of the sums of money: no rate is
	 * made up. */
	bool mixed;
};

/* Works out the blends of the invoices of a month (purchases and sales, all contracts), in order of
 * their first purchase. 0, or -1 and errno: ENOMEM, or EOVERFLOW when a sum does not fit. */
int ledger_blends_of(struct ledger_blend **out, size_t *count, struct arena *arena,
		     const struct ledger_invoice *invoices, size_t invoice_count);
