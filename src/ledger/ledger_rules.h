/* The rules of a contract in words, as they are printed on its invoices. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "hub/hub.h"
#include "ledger/ledger_lived.h"

enum { LEDGER_MEASURE = 96, LEDGER_RATE_WORDS = 32 };

/* The first rule, in words, of a contract that says nothing else. */
#define LEDGER_RULE "95th percentile, rank n - floor(n/20), per direction, the larger"

/* What is billed, in a few words: "95th percentile", "mean of the daily 95th percentiles". Returns
 * `out`. */
char *ledger_rules_measure(char out[LEDGER_MEASURE], const struct hub_percentile *rules);

/* "10 Gbit/s", "1.5 Mbit/s", to the bit. Returns `out`. */
char *ledger_rate_words(char out[LEDGER_RATE_WORDS], uint64_t bps);

/* A sentence a rule, without a full stop; the first is that of the percentile, the last what credits for
 * availability rest on (`lived`; NULL: none), and where that ends before the period does, which ends at
 * `end`, that they are of this part only. Array and texts are in the arena. 0, or -1 if there is no memory. */
int ledger_rules_say(struct arena *arena, const struct hub_contract *contract,
		     const struct ledger_lived *lived, struct utc_s end, const char *const **rules,
		     size_t *count);
