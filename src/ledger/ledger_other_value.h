/* Moments and amounts as programs write them, in the other party's bins (ledger_reconcile.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/zone.h"

/* "2026-10-01T00:05:00+05:00", "1.10.2026 00:05" of the zone, seconds or milliseconds since 1970: the moment, and the other
 * one that it may be where the clocks went back, else the same. False when it is none of these. */
bool ledger_other_time(struct utc_s out[2], const char *text, const struct zone *zone);
/* Is it what programs write for an amount that is not there? */
bool ledger_other_none(const char *text);
/* A decimal times `scale`, down to the whole; `point` is what stands before its places. False when it is none, or does not
 * fit. */
bool ledger_other_amount(uint64_t *out, const char *text, char point, uint64_t scale);
