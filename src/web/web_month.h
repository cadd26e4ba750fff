/* The running month in one line: what the event `month` tells (docs/api.md). */
#pragma once

#include "base/buf.h"
#include "base/json_read.h"

/* Appends it to *out as JSON, from `show curve hub` and `show invoices`; either may be NULL, then what it
 * knows is null. -1 if there is no memory. Sums are exact, one a currency; one that does not fit 64 bits
 * of minor units is null. */
int web_month_join(struct buf *out, const struct json_value *total,
		   const struct json_value *invoices);
