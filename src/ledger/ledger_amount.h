/* Amounts of money that somebody wrote. */
#pragma once

#include <stdint.h>

#include "base/money.h"

/* Reads "1234.5" or "-3": at most as many decimals as the currency has, and within
 * LEDGER_AMOUNT_MAX. 0, or -1. */
int ledger_amount_parse(struct money *out, const char *text, struct currency currency);
