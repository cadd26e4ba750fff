/* Pairs of ways on a plan: which groups the ways are not to share, and what two ways do share. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_apart.h"

/* The countries of both ends: no way can do without them. */
static bool *
countries_aside(struct arena *arena, const struct corridor_plan *plan, struct corridor_ends ends)
{
	const struct corridor_relation *r = &plan->classes[CORRIDOR_COUNTRIES];
	bool *aside = arena_take(arena, r->count + 1);
	const uint32_t sites[2] = {ends.a, ends.b};
	for (int i = 0; i < 2 && aside; i++) {
		uint32_t name = corridor_plan_name(plan, CORRIDOR_COUNTRIES,
						   plan->hub->sites[sites[i]].country.code);
		if (name != HUB_NONE)
			aside[name] = true;
	}
	return aside;
}

static int
find_groups(struct corridor_pair *out, struct arena *arena, const struct corridor_plan *plan,
	    const uint64_t *cost, struct corridor_ends ends, enum corridor_class class)
{
	const struct corridor_relation *r = &plan->classes[class];
	struct corridor_groups groups = {r->count, r->first, r->of};
	bool *aside = NULL;
	if (class == CORRIDOR_COUNTRIES && !(aside = countries_aside(arena, plan, ends)))
		return -1;
	return corridor_apart_groups(out, plan->graph, cost, ends, &groups, aside);
}

/* What both of `a` and `b` are among, in the order of `a`; returns how many. */
static size_t
common(uint32_t *out, const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t count = 0;
	for (size_t i = 0; i < a_count; i++) {
		for (size_t k = 0; k < b_count; k++) {
			if (a[i] == b[k]) {
				out[count++] = a[i];
				break;
			}
		}
	}
	return count;
}

static int
take_shared(struct corridor_pair *out, enum corridor_apart apart)
{
	const struct corridor_path *a = &out->paths.paths[0], *b = &out->paths.paths[1];
	out->shared = calloc(a->segment_count + 1, sizeof(*out->shared));
	out->shared_segments = calloc(a->segment_count + 1, sizeof(*out->shared_segments));
	if (!out->shared || !out->shared_segments)
		return -1;
	out->shared_segment_count = common(out->shared_segments, a->segments, a->segment_count,
					   b->segments, b->segment_count);
	if (apart == CORRIDOR_APART_BY_SITE && a->segment_count > 1 && b->segment_count > 1)
		out->shared_count = common(out->shared, a->sites + 1, a->segment_count - 1,
					   b->sites + 1, b->segment_count - 1);
	return 0;
}

static int
find_flow(struct corridor_pair *out, const struct corridor_plan *plan, const uint64_t *cost,
	  struct corridor_ends ends, enum corridor_apart apart)
{
	enum corridor_disjointness kind = apart == CORRIDOR_APART_BY_SITE
						  ? CORRIDOR_SITE_DISJOINT
						  : CORRIDOR_SEGMENT_DISJOINT;
	out->proven = true;
	if (corridor_disjoint_pair(&out->paths, plan->graph, cost, ends, kind) < 0)
		return -1;
	if (out->paths.count == 0 &&
	    corridor_disjoint_least(&out->paths, plan->graph, cost, ends, kind) < 0)
		return -1;
	return out->paths.count == 2 ? take_shared(out, apart) : 0;
}

int
corridor_apart_find(struct corridor_pair *out, const struct corridor_plan *plan,
		    const struct corridor_wanted *wanted, enum corridor_apart apart)
{
	assert(out && plan && wanted && wanted->ends.a != wanted->ends.b);
	struct arena *arena = arena_new();
	uint64_t *cost =
		arena ? arena_take(arena, (plan->graph->segment_count + 1) * sizeof(*cost)) : NULL;
	int result = -1;
	*out = (struct corridor_pair){0};
	if (cost) {
		corridor_plan_costs(cost, plan, wanted->conditions, wanted->measure);
		result = (int)apart < CORRIDOR_CLASSES
				 ? find_groups(out, arena, plan, cost, wanted->ends,
					       (enum corridor_class)apart)
				 : find_flow(out, plan, cost, wanted->ends, apart);
	}
	arena_free(arena);
	if (result < 0)
		corridor_pair_fini(out);
	return result;
}
