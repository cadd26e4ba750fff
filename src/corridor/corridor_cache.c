/* Che's approximation, for any number of objects: the first are taken one by one, the others by
 * bands in which popularity is nearly the same. */
#include "corridor/corridor_cache.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

enum { SINGLE = 1000, BANDS = 3000 };

/* Objects that are alike: how many, and how often one is asked for (not yet as a share). */
struct band {
	double count, weight;
};

struct bands {
	struct band all[SINGLE + BANDS];
	size_t count;
	double total; /* of count times weight */
};

/* Sum of i^-s over `first` < i <= `last`, by the integral from half to half. */
static double
sum_between(double first, double last, double s)
{
	double from = first + 0.5, to = last + 0.5;
	if (fabs(s - 1) < 1e-9)
		return log(to / from);
	return (pow(to, 1 - s) - pow(from, 1 - s)) / (1 - s);
}

static void
add(struct bands *b, double count, double sum)
{
	if (count <= 0)
		return;
	b->all[b->count++] = (struct band){count, sum / count};
	b->total += sum;
}

static void
divide(struct bands *b, const struct corridor_cache *cache)
{
	double single = fmin(cache->objects, SINGLE);
	*b = (struct bands){.count = 0};
	for (double i = 1; i <= single; i++)
		add(b, 1, pow(i, -cache->zipf));
	double wide = cache->objects / single;
	for (int k = 0; wide > 1 && k < BANDS; k++) {
		double first = single * pow(wide, (double)k / BANDS);
		double last = single * pow(wide, (double)(k + 1) / BANDS);
		add(b, last - first, sum_between(first, last, cache->zipf));
	}
}

/* Objects in the cache after a time T, in units of one question. */
static double
held(const struct bands *b, double time)
{
	double sum = 0;
	for (size_t i = 0; i < b->count; i++)
		sum -= b->all[i].count * expm1(-b->all[i].weight / b->total * time);
	return sum;
}

double
corridor_cache_hits(const struct corridor_cache *cache)
{
	struct bands b;
	double low = 0, high = 1, hits = 0;
	assert(cache && cache->objects >= 1 && cache->holds >= 0 && cache->zipf >= 0);
	if (cache->holds >= cache->objects)
		return 1;
	if (cache->holds <= 0)
		return 0;
	divide(&b, cache);
	while (held(&b, high) < cache->holds && high < 1e300)
		high *= 2;
	for (int i = 0; i < 80; i++) {
		double middle = low + (high - low) / 2;
		if (held(&b, middle) < cache->holds)
			low = middle;
		else
			high = middle;
	}
	for (size_t i = 0; i < b.count; i++) {
		double share = b.all[i].weight / b.total;
		hits -= b.all[i].count * share * expm1(-share * high);
	}
	return fmin(hits, 1);
}
