/* The rate of a period as it is billed, in integers: the rules of struct hub_percentile.
 *
 * The rule that most contracts have: the n rates of the month are sorted; the floor(n/20) highest
 * are not billed; the next highest is. Counted from 1 in rising order that is rank n - floor(n/20),
 * which is ceil(0.95 n). Nothing is interpolated: a percentile is always one of the rates. In and
 * out are taken apart, and the larger is billed. A missing bin is not a bin of zero: it stays out
 * of n. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/hub.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_calendar.h"

/* What a contract has that says nothing: the 95th, larger, month, ports first, missing left out. */
extern const struct hub_percentile ledger_percentile_usual;

/* The rank from 1 of n rates, `rank` in hundredths of a percent (1 to 10000); 0 for no rates. */
size_t ledger_percentile_rank(size_t count, uint32_t rank);

/* The value of rank `rank` (from 1, at most count) in rising order; `values` stay as they are. In
 * time proportional to count, whatever the values. */
uint64_t ledger_percentile_select(const uint64_t *values, size_t count, size_t rank);

/* What the rules make of a row of bins. Rates are bit/s. */
struct ledger_percentile {
	size_t count; /* n: bins that count. Sum after: of all ports together */
	size_t rank;  /* of n; 0 when n is 0 (then the rates are 0), by days, or sum after */
	size_t days;  /* days that have a value; 0 unless the method goes by days */
	/* By the method, each direction by itself; shown, whatever is billed. */
	uint64_t in_bps, out_bps;
	/* By the direction of the contract, before and after baseline and rounding up. */
	uint64_t measured_bps, billed_bps;
	uint64_t baseline_bps; /* the least that is billed; 0: none */
	uint64_t peak_bps;     /* the highest bin by the direction of the contract */
	size_t above;          /* bins that count and are above measured_bps */
	/* The days that pay: valid ones if the contract says so, else those of the period. */
	uint32_t paid_days;
};

/* The bins that an invoice rests on: the sum of the ports, and, when the contract adds up after
 * (HUB_PORTS_SUM_AFTER), each port by itself, in the order of contract->ports; all of the same
 * length, count and start. */
struct ledger_usage {
	const struct ledger_series *sum;
	const struct ledger_series *ports; /* NULL: not needed */
	size_t port_count;
	uint64_t speed_bps; /* of the ports, added up */
};

/* Works out the bins of `usage` that begin in [part->from, part->to), by the rules and in days of
 * the zone. `ports` gets the result of each port when that is wanted (NULL, or room for
 * usage->port_count); only with HUB_PORTS_SUM_AFTER. 0, or -1 and errno: ENOMEM, or EOVERFLOW when
 * a sum does not fit 64 bits. */
int ledger_percentile_of(struct ledger_percentile *out, struct ledger_percentile *ports,
			 const struct hub_percentile *rules, const struct ledger_usage *usage,
			 const struct ledger_period *part, const struct zone *zone);

/* The rate of one bin by the direction of the contract (larger: of in and out). */
uint64_t ledger_percentile_rate(enum hub_direction direction, const struct ledger_bin *bin,
				uint32_t length_s);
