/* Compiled sets of AS numbers. */
#include "exchange/policy/policy_asns.h"

#include <stdlib.h>
#include <string.h>

static int
by_first(const void *a, const void *b)
{
	const struct asn_range *x = a, *y = b;
	return x->first < y->first ? -1 : x->first > y->first;
}

int
policy_asns_make(struct policy_asns *out, struct arena *arena, const struct asn_range *from,
		 size_t from_count)
{
	struct asn_range *ranges = arena_take(arena, (from_count + 1) * sizeof(*ranges));
	if (!ranges)
		return -1;
	if (from_count)
		memcpy(ranges, from, from_count * sizeof(*ranges));
	qsort(ranges, from_count, sizeof(*ranges), by_first);
	size_t count = 0;
	for (size_t i = 0; i < from_count; i++) {
		struct asn_range *last = count ? &ranges[count - 1] : NULL;
		if (last && ranges[i].first <= last->last) {
			if (ranges[i].last > last->last)
				last->last = ranges[i].last;
		} else {
			ranges[count++] = ranges[i];
		}
	}
	*out = (struct policy_asns){ranges, count};
	return 0;
}

bool
policy_asns_has(const struct policy_asns *asns, uint32_t asn)
{
	size_t low = 0, high = asns->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (asns->ranges[middle].last < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return low < asns->count && asns->ranges[low].first <= asn;
}
