/* The 95th percentile as it is billed, in integers.
 *
 * The n rates of the month are sorted; the floor(n/20) highest are not billed; the next highest is.
 * Counted from 1 in rising order that is rank n - floor(n/20), which is ceil(0.95 n). Nothing is
 * interpolated: the result is always one of the rates. In and out are taken apart, and the larger
 * is billed. A missing bin is not a bin of zero: it stays out of n. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ledger/ledger_bin.h"

/* The rank from 1; 0 for no values. */
size_t ledger_percentile_rank(size_t count);

/* The value of rank `rank` (from 1, at most count) in rising order; `values` stay as they are. In
 * time proportional to count, whatever the values. */
uint64_t ledger_percentile_select(const uint64_t *values, size_t count, size_t rank);

struct ledger_percentile {
	size_t count; /* n: bins that are not missing */
	size_t rank;  /* 0 when n is 0; then the rates are 0 */
	uint64_t in_bps, out_bps;
	uint64_t larger_bps;
	uint64_t peak_bps; /* the highest bin of either direction */
	size_t above;      /* bins above larger_bps in the direction that is billed: not billed */
};

/* 0, or -1 and errno (ENOMEM). */
int ledger_percentile_of(struct ledger_percentile *out, const struct ledger_series *series);
