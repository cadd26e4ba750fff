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

void
rib_path_as_sent(const struct rib *rib, const struct rib_path_view *path, unsigned receiver,
		 struct bgp_attrs *attrs, struct bgp_communities *communities, struct buf *scratch)
{
	uint32_t edit = rib_form_for(rib, rib_path_at(rib, path->sent_id), receiver).edit;
	struct rib_sent sent = {
		.slot = path->slot,
		.family = rib->family,
		.attrs = &path->attrs,
		.reasons = path->reasons,
		.refused = path->refused,
		.stale = path->stale_long,
		.rpki = path->rpki,
		.facts = path->facts,
		.edit = edit,
	};
	*attrs = path->attrs;
	*communities =
		(struct bgp_communities){path->attrs.communities, path->attrs.ext_communities,
					 path->attrs.large_communities};
	buf_clear(scratch);
	if (rib->hooks.edit)
		rib->hooks.edit(rib->hooks.context, &sent, attrs, communities, scratch);
}
