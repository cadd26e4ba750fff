/* Dividing an amount so that nothing is left over: the method of the largest remainder. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Divides `amount` in proportion to the weights: each gets the whole part of its exact share amount
 * x weight / sum, and the units that are left go to the largest fractions, of equal ones to the
 * first. So the shares add up to the amount, and none is off its exact share by a whole unit.
 * Weights may be below zero if their sum is not zero. 0, or -1 with errno: EDOM when the weights
 * add up to zero, EOVERFLOW when a sum or a share does not fit, ENOMEM. */
int ledger_share(int64_t *out, const int64_t *weights, size_t count, int64_t amount);
