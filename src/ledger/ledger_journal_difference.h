/* How two documents differ: what was issued, and what the same computation would say now. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends a line for each place where the JSON of `now` is not that of `then`:
 * "lines[1].amount.amount: 100.00, now 90.00". At most 50, then how many more there are. 0; or -1
 * with errno: EBADMSG when one of them is no JSON, ENOMEM. */
int ledger_journal_difference(struct buf *out, const struct buf *then, const struct buf *now);
