/* Going through all paths, a stretch at a time: for what is written or told elsewhere while the table
 * changes. */
#include <assert.h>

#include "exchange/rib/rib_internal.h"

size_t
rib_walk(const struct rib *rib, uint32_t *at, struct rib_path_view *out, size_t max)
{
	assert(max >= RIB_WALK_MIN);
	size_t count = 0;
	for (; *at < rib->prefixes.used; (*at)++) {
		const struct rib_prefix *prefix = *at ? rib_prefix_in_use(rib, *at) : NULL;
		if (!prefix || !prefix->paths)
			continue;
		size_t found =
			rib_paths(rib, rib_prefix_value(rib, prefix), out + count, max - count);
		if (found > max - count && count)
			return count; /* the prefix comes whole, with the next stretch */
		count += found < max - count ? found : max - count;
	}
	return count;
}
