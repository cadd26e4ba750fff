/* Dividing an amount. */
#include "ledger/ledger_share.h"

#include <errno.h>
#include <stdlib.h>

struct fraction {
	__int128 rest; /* of the division by the sum of the weights */
	size_t index;
};

static int
larger_first(const void *a, const void *b)
{
	const struct fraction *x = a, *y = b;
	if (x->rest != y->rest)
		return x->rest < y->rest ? 1 : -1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* The whole parts, rounded down, and what is left of each; *left is how many units are left over.
 */
static int
whole_parts(int64_t *out, struct fraction *fractions, const int64_t *weights, size_t count,
	    __int128 amount, __int128 sum, __int128 *left)
{
	*left = amount;
	for (size_t i = 0; i < count; i++) {
		__int128 product = amount * weights[i];
		__int128 whole = product / sum, rest = product % sum;
		if (rest != 0 && (rest < 0) != (sum < 0)) {
			whole--;
			rest += sum;
		}
		if (whole > INT64_MAX - 1 || whole < INT64_MIN)
			return -1;
		out[i] = (int64_t)whole;
		fractions[i] = (struct fraction){sum < 0 ? -rest : rest, i};
		*left -= whole;
	}
	return 0;
}

int
ledger_share(int64_t *out, const int64_t *weights, size_t count, int64_t amount)
{
	__int128 sum = 0, left = 0;
	for (size_t i = 0; i < count; i++)
		sum += weights[i];
	if (sum == 0 || sum > INT64_MAX || sum < INT64_MIN) {
		errno = sum == 0 ? EDOM : EOVERFLOW;
		return -1;
	}
	struct fraction *fractions = calloc(count, sizeof(*fractions));
	if (!fractions) {
		errno = ENOMEM;
		return -1;
	}
	int result = whole_parts(out, fractions, weights, count, amount, sum, &left);
	if (result < 0) {
		errno = EOVERFLOW;
	} else {
		qsort(fractions, count, sizeof(*fractions), larger_first);
		/* Fewer than there are parts, for each fraction is below one. */
		for (size_t i = 0; i < (size_t)left; i++)
			out[fractions[i].index]++;
	}
	free(fractions);
	return result;
}
