/* Dividing an amount: exact to the last unit, whatever the weights. */
#include "ledger/ledger_share.h"

#include <errno.h>

#include "made_up.h"
#include "tap.h"

enum { PARTS = 12 };

static bool
adds_up(const int64_t *shares, size_t count, int64_t amount)
{
	__int128 sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += shares[i];
	return sum == amount;
}

/* Is each share within one unit of amount x weight / sum? */
static bool
is_near(const int64_t *shares, const int64_t *weights, size_t count, int64_t amount)
{
	__int128 sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += weights[i];
	for (size_t i = 0; i < count; i++) {
		__int128 off = (__int128)shares[i] * sum - (__int128)amount * weights[i];
		__int128 unit = sum < 0 ? -sum : sum;
		if (off >= unit || off <= -unit)
			return false;
	}
	return true;
}

static void
test_cases(void)
{
	int64_t out[4];
	ok(ledger_share(out, (int64_t[]){1, 1, 1}, 3, 100) == 0 && out[0] == 34 && out[1] == 33 &&
		   out[2] == 33,
	   "of equal fractions the first gets the unit that is left");
	ok(ledger_share(out, (int64_t[]){1, 1, 1}, 3, -100) == 0 && out[0] == -33 &&
		   out[1] == -33 && out[2] == -34,
	   "an amount below zero adds up as well");
	ok(ledger_share(out, (int64_t[]){380, 330, 290}, 3, 999) == 0 && out[0] == 379 &&
		   out[1] == 330 && out[2] == 290,
	   "the largest fractions get what is left");
	ok(ledger_share(out, (int64_t[]){0, 7, 0}, 3, 5) == 0 && out[0] == 0 && out[1] == 5,
	   "who has no weight gets nothing");
	ok(ledger_share(out, (int64_t[]){150, -50}, 2, 100) == 0 && out[0] == 150 && out[1] == -50,
	   "a weight below zero is taken back in proportion");
	ok(ledger_share(out, (int64_t[]){5, -5}, 2, 1) < 0 && errno == EDOM,
	   "weights that add up to nothing are refused");
	ok(ledger_share(out, (int64_t[]){INT64_MAX, 1}, 2, 1) < 0 && errno == EOVERFLOW,
	   "a sum that does not fit is refused");
	ok(ledger_share(out, (int64_t[]){INT64_MAX}, 1, INT64_MAX - 1) == 0 &&
		   out[0] == INT64_MAX - 1,
	   "large amounts and weights do not overflow in between");
}

static void
test_any(void)
{
	struct made_up m = {7};
	bool sums = true, near = true;
	for (int round = 0; round < 20000; round++) {
		int64_t weights[PARTS], out[PARTS], sum = 0;
		size_t count = 1 + made_up_below(&m, PARTS);
		for (size_t i = 0; i < count; i++) {
			weights[i] =
				(int64_t)made_up_below(&m, UINT64_C(1) << made_up_below(&m, 50));
			if (made_up_below(&m, 20) == 0)
				weights[i] = -weights[i] / 4;
			sum += weights[i];
		}
		int64_t amount = (int64_t)made_up_below(&m, UINT64_C(1) << made_up_below(&m, 50));
		amount = made_up_below(&m, 2) ? amount : -amount;
		if (sum == 0 || ledger_share(out, weights, count, amount) < 0)
			continue;
		sums &= adds_up(out, count, amount);
		near &= is_near(out, weights, count, amount);
	}
	ok(sums, "whatever the weights, the shares add up to the amount");
	ok(near, "and none is off its exact share by a whole unit");
}

int
main(void)
{
	test_cases();
	test_any();
	return done_testing();
}
