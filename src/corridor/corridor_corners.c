/* The demands of a hub at every corner of their bounds. */
#include "corridor/corridor_corners.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Do both ask for as much, of segments that carry as much? */
static bool
same(const struct corridor_flow_instance *a, const struct corridor_flow_instance *b)
{
	size_t arcs = 2 * a->graph->segment_count;
	for (size_t i = 0; i < a->demand_count; i++)
		if (a->demands[i].bps != b->demands[i].bps)
			return false;
	return memcmp(a->capacity_bps, b->capacity_bps, arcs * sizeof(*a->capacity_bps)) == 0;
}

int
corridor_corners_of(struct corridor_corners *out, struct arena *arena,
		    const struct corridor_flow_ask *ask)
{
	assert(out && arena && ask);
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		int first = 0;
		if (corridor_flow_case_of(&out->cases[c], arena, ask, (enum corridor_outlook)c) < 0)
			return -1;
		while (first < c && !same(&out->cases[first].instance, &out->cases[c].instance))
			first++;
		out->like[c] = (enum corridor_outlook)first;
	}
	return 0;
}

void
corridor_range_take(struct corridor_range *range, enum corridor_outlook corner, double value)
{
	assert(range);
	if (corner == CORRIDOR_AS_TOLD) {
		*range = (struct corridor_range){value, value, value};
		return;
	}
	range->low = fmin(range->low, value);
	range->high = fmax(range->high, value);
}
