/* What is required of a way, as bits of segments and sites. */
#include "corridor/corridor_musts.h"

#include <assert.h>

static void
mark_required(struct corridor_musts *m, const struct corridor_plan *plan,
	      struct corridor_named named, uint8_t bit)
{
	if (named.kind == CORRIDOR_A_SITE) {
		m->sites[named.index] |= bit;
	} else if (named.kind == CORRIDOR_A_SEGMENT) {
		m->segments[named.index] |= bit;
	} else {
		const struct corridor_relation *r = &plan->classes[named.kind];
		for (uint32_t i = r->first_segment[named.index];
		     i < r->first_segment[named.index + 1]; i++)
			m->segments[r->segments[i]] |= bit;
	}
}

int
corridor_musts_of(struct corridor_musts *out, struct arena *arena, const struct corridor_plan *plan,
		  const struct corridor_conditions *conditions)
{
	assert(out && arena && plan && conditions->require_count <= CORRIDOR_MUSTS_MAX);
	struct corridor_musts m = {
		.count = (unsigned)conditions->require_count,
		.segments = arena_take(arena, plan->graph->segment_count + 1),
		.sites = arena_take(arena, plan->graph->site_count + 1),
	};
	if (!m.segments || !m.sites)
		return -1;
	for (unsigned i = 0; i < m.count; i++)
		mark_required(&m, plan, conditions->require[i], (uint8_t)(1u << i));
	*out = m;
	return 0;
}
