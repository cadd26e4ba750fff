/* Every cut of a kind, alone and in pairs, the worst first.
 *
 * Filling looks at some segments and not at others; without one at which it has not
 * looked it would have come to the same. So a pair of cuts, of which one takes nothing that the run
 * under the other has looked at, does what the other does alone: most pairs need no run. That holds
 * at each corner by itself. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_whatif_parts.h"

/* A name of the kind that takes something away. */
struct single {
	struct corridor_named name;
	struct corridor_outage outage;
	struct corridor_consequence does;
	bool *cut;
	struct whatif_loss losses[CORRIDOR_CORNERS];
	bool *looked[CORRIDOR_CORNERS]; /* of corners that are like themselves */
};

struct sweep {
	struct corridor_whatif *w;
	struct arena *arena; /* of singles */
	struct single *singles;
	size_t count;
};

static size_t
names_of_kind(const struct corridor_plan *plan, enum corridor_kind kind)
{
	return kind == CORRIDOR_A_SEGMENT ? plan->hub->segment_count
	       : kind == CORRIDOR_A_SITE  ? plan->hub->site_count
					  : plan->classes[kind].count;
}

static int
single_init(struct single *out, struct sweep *sweep, struct corridor_named name)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	*out = (struct single){.name = name, .outage = corridor_whatif_outage(w->plan, name)};
	out->cut = arena_take(sweep->arena, segments + 1);
	if (!out->cut || corridor_whatif_cut(&out->does, w, &name, 1) < 0)
		return -1;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		if (!w->laid[c].work)
			continue;
		out->looked[c] = arena_take(sweep->arena, segments + 1);
		if (!out->looked[c])
			return -1;
		memcpy(out->looked[c], w->laid[c].after->looked, segments);
	}
	memcpy(out->losses, w->losses, sizeof(out->losses));
	out->does.cut[0] = name;
	out->does.names = 1;
	memcpy(out->cut, w->cut, segments);
	return 0;
}

static int
take_singles(struct sweep *sweep, enum corridor_kind kind)
{
	size_t count = names_of_kind(sweep->w->plan, kind);
	sweep->singles = arena_take(sweep->arena, (count + 1) * sizeof(*sweep->singles));
	if (!sweep->singles)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		struct single *s = &sweep->singles[sweep->count];
		if (single_init(s, sweep, (struct corridor_named){kind, i}) < 0)
			return -1;
		sweep->count += s->does.closed > 0;
	}
	return 0;
}

static bool
touches(const struct single *cut, const struct single *run, int corner, size_t segments)
{
	for (size_t i = 0; i < segments; i++)
		if (cut->cut[i] && run->looked[corner][i])
			return true;
	return false;
}

/* What the pair in w->cut does at one corner. 0, or -1 without memory. */
static int
take_corner(struct corridor_consequence *out, struct sweep *sweep, const struct single *a,
	    const struct single *b, int corner)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	const struct single *alone = !touches(b, a, corner, segments)   ? a
				     : !touches(a, b, corner, segments) ? b
									: NULL;
	if (alone)
		w->losses[corner] = alone->losses[corner];
	else if (whatif_lose(w, corner) < 0)
		return -1;
	if (corner == CORRIDOR_AS_TOLD && alone)
		*out = alone->does;
	else if (corner == CORRIDOR_AS_TOLD)
		whatif_consequence(out, w);
	return 0;
}

/* 0, or -1 without memory. */
static int
take_pair(struct corridor_consequence *out, struct sweep *sweep, const struct single *a,
	  const struct single *b)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	uint32_t closed = 0;
	for (uint32_t i = 0; i < segments; i++) {
		w->cut[i] = a->cut[i] || b->cut[i];
		closed += w->cut[i] && whatif_is_open(w, i);
	}
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		if (w->laid[c].work && take_corner(out, sweep, a, b, c) < 0)
			return -1;
	whatif_take_losses(out, w);
	out->cut[0] = a->name;
	out->cut[1] = b->name;
	out->names = 2;
	out->closed = closed;
	whatif_take_outage(out, whatif_together(a->outage, b->outage));
	return 0;
}

static int
worse_first(const void *left, const void *right)
{
	const struct corridor_consequence *a = left, *b = right;
	if (a->lost_bps != b->lost_bps)
		return a->lost_bps > b->lost_bps ? -1 : 1;
	if (a->lost.high != b->lost.high)
		return a->lost.high > b->lost.high ? -1 : 1;
	if (a->slower != b->slower)
		return a->slower > b->slower ? -1 : 1;
	if (a->worst_ms.value != b->worst_ms.value)
		return a->worst_ms.value > b->worst_ms.value ? -1 : 1;
	for (size_t i = 0; i < a->names; i++)
		if (a->cut[i].index != b->cut[i].index)
			return a->cut[i].index < b->cut[i].index ? -1 : 1;
	return 0;
}

static int
sweep_all(struct corridor_consequences *out, struct sweep *sweep, bool pairs, struct arena *arena)
{
	size_t n = sweep->count, count = pairs ? n * (n - (n > 0)) / 2 : n;
	if (pairs && n > CORRIDOR_WHATIF_PAIRED_MAX) {
		errno = E2BIG;
		return -1;
	}
	*out = (struct corridor_consequences){
		.all = arena_take(arena, (count + 1) * sizeof(*out->all))};
	if (!out->all) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t a = 0; a < n; a++) {
		if (!pairs)
			out->all[out->count++] = sweep->singles[a].does;
		for (size_t b = a + 1; pairs && b < n; b++)
			if (take_pair(&out->all[out->count++], sweep, &sweep->singles[a],
				      &sweep->singles[b]) < 0)
				return -1;
	}
	for (size_t i = 0; i < out->count; i++)
		out->harmless += out->all[i].lost.high == 0 && out->all[i].slower == 0;
	qsort(out->all, out->count, sizeof(*out->all), worse_first);
	return 0;
}

int
corridor_whatif_all(struct corridor_consequences *out, struct corridor_whatif *whatif,
		    enum corridor_kind kind, bool pairs, struct arena *arena)
{
	assert(out && whatif && kind < CORRIDOR_KINDS && arena);
	struct sweep sweep = {.w = whatif, .arena = arena_new()};
	int result = sweep.arena ? take_singles(&sweep, kind) : -1;
	if (result < 0)
		errno = ENOMEM;
	else
		result = sweep_all(out, &sweep, pairs, arena);
	int failed = errno;
	arena_free(sweep.arena);
	errno = failed;
	return result;
}
