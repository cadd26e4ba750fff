/* All rates at which a flow is worth nothing.
 *
 * With x = e^u = 1 / (1 + rate) the worth is a polynomial in x, of which the roots above 0 are
 * wanted. Times e^(-m u) it has the same roots, and if m lies where the coefficients change their
 * sign, its derivative by u, with coefficients a[k] (k - m), changes sign once less. Taken often
 * enough there is no change left and so no root (Descartes); from there back, each is monotonous
 * between the roots of the next, where at most one root can be, by bisection:
 *
 *	changes   0: no root
 *	          1: one root, over all of the line
 *	          2: up to two, on either side of that ...
 *
 * An ordinary investment is at the second line, and takes one bisection. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_money.h"

struct sum {
	double c[CORRIDOR_FLOW_MAX]; /* of x^k */
	size_t count;
};

/* Where the sign of coefficients changes first: half way between the two; -1: nowhere. */
static double
change_of(const struct sum *sum)
{
	size_t last = 0;
	for (size_t k = 1; k < sum->count; k++) {
		if (sum->c[k] == 0)
			continue;
		if ((sum->c[k] > 0) != (sum->c[last] > 0))
			return (double)(last + k) / 2;
		last = k;
	}
	return -1;
}

/* The next sum: its roots part those of this one. Kept small, for there may be many. */
static void
derive(struct sum *sum, double change)
{
	for (size_t k = 0; k < sum->count; k++)
		sum->c[k] *= ((double)k - change) / (double)sum->count;
}

/* -1, 0 or 1 as the sum at x = e^u; what rounding leaves of a 0 is one. Powers of whichever of x
 * and 1/x is below 1, so that nothing overflows. */
static int
sign_at(const struct sum *sum, double u)
{
	double x = exp(-fabs(u)), value = 0, size = 0;
	for (size_t i = 0; i < sum->count; i++) {
		double c = sum->c[u > 0 ? i : sum->count - 1 - i];
		value = value * x + c;
		size = size * x + fabs(c);
	}
	if (fabs(value) <= 1e-14 * size)
		return 0;
	return value > 0 ? 1 : -1;
}

/* The root between two ends at which the signs differ. */
static double
bisect(const struct sum *sum, double low, double high)
{
	int at_low = sign_at(sum, low);
	for (int i = 0; i < 200; i++) {
		double middle = low + (high - low) / 2;
		int sign = sign_at(sum, middle);
		if (sign == 0 || middle <= low || middle >= high)
			return middle;
		if (sign == at_low)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

struct roots {
	double u[CORRIDOR_FLOW_MAX]; /* ascending */
	size_t count;
};

/* The roots of `sum` from those of the next. `bound`: none is farther from 0. */
static void
find(struct roots *roots, const struct sum *sum, double bound)
{
	struct roots parts = *roots;
	double low = -bound;
	roots->count = 0;
	for (size_t i = 0; i <= parts.count; i++) {
		double high = i < parts.count ? parts.u[i] : bound;
		int at_high = sign_at(sum, high);
		if (sign_at(sum, low) * at_high < 0)
			roots->u[roots->count++] = bisect(sum, low, high);
		if (at_high == 0 && i < parts.count) /* it touches 0 there */
			roots->u[roots->count++] = high;
		low = high;
	}
}

/* The flow without zeros before and behind: these move no root. */
static struct sum
sum_of(const double *flow, size_t count)
{
	struct sum sum = {.count = 0};
	size_t first = 0;
	while (first < count && flow[first] == 0)
		first++;
	while (count > first && flow[count - 1] == 0)
		count--;
	sum.count = count - first;
	memcpy(sum.c, flow + first, sum.count * sizeof(*flow));
	return sum;
}

/* No root of the sum is above 1 + max |c| / |last c|, nor below the inverse of the same for the
 * first (Cauchy). */
static double
bound_of(const struct sum *sum)
{
	double most = 0;
	for (size_t k = 0; k < sum->count; k++)
		most = fmax(most, fabs(sum->c[k]));
	double least = fmin(fabs(sum->c[0]), fabs(sum->c[sum->count - 1]));
	return log1p(most / least) + 1;
}

void
corridor_money_irr(struct corridor_irr *out, const double *flow, size_t count)
{
	assert(out && (flow || count == 0) && count <= CORRIDOR_FLOW_MAX);
	*out = (struct corridor_irr){0};
	struct sum first = sum_of(flow, count);
	if (first.count < 2)
		return;
	double changes[CORRIDOR_FLOW_MAX];
	size_t depth = 0;
	struct sum sum = first;
	for (double at = change_of(&sum); at >= 0; at = change_of(&sum)) {
		changes[depth++] = at;
		derive(&sum, at);
	}
	struct roots roots = {.count = 0};
	double bound = bound_of(&first);
	for (; depth > 0; depth--) {
		sum = first;
		for (size_t i = 0; i + 1 < depth; i++)
			derive(&sum, changes[i]);
		find(&roots, &sum, bound);
	}
	/* A greater u is a lower rate. */
	for (size_t i = roots.count; i > 0; i--)
		out->rates[out->count++] = expm1(-roots.u[i - 1]);
}
