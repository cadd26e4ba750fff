/* A way, and the one that it turns into: what of them differs. */
#pragma once

#include "base/buf.h"
#include "corridor/corridor_plan.h"

/* Segments are indices into those of the hub. */
struct view_turned {
	const uint32_t *before, *after;
	size_t before_count, after_count; /* 0: none */
};

/* Their length as told, in kilometres. */
double view_turned_km(const struct corridor_plan *plan, const uint32_t *segments, size_t count);
/* "over M20 instead of M01; 8210 km, was 8206 km", below a row of a table, moved in by `indent`; nothing where the segments
 * are the same. */
void view_turned_text(struct buf *out, const struct corridor_plan *plan,
		      const struct view_turned *turned, size_t indent);
