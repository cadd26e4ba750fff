/* Every cut of a kind, alone and in pairs, the worst first.
 *
 * Filling looks at some segments and not at others; without one at which it has not
 * looked it would have come to the same. So a cut that takes nothing at which the run without any has
 * looked does nothing, and a pair of cuts, of which one takes nothing that the run
 * under the other has looked at, does what the other does alone: most need no run. That holds
 * at each corner by itself; but whose ends are inside the first is in passing no longer. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_whatif_parts.h"

/* A name of the kind that takes something away; or no cut at all. */
struct single {
	struct corridor_named name;
	struct corridor_outage outage;
	struct corridor_consequence does;
	uint32_t *cut; /* segments */
	size_t cut_count;
	bool ends; /* demands begin or end inside it, and so are no longer in passing */
	struct whatif_loss losses[CORRIDOR_CORNERS];
	/* Of corners that are like themselves: the segments at which its run has looked. Of no cut,
	 * and where there are pairs; others may share them. */
	bool *looked[CORRIDOR_CORNERS];
};

struct sweep {
	struct corridor_whatif *w;
	struct arena *arena; /* of singles */
	struct single none;
	struct single *singles;
	size_t count;
	bool pairs;
};

static size_t
names_of_kind(const struct corridor_plan *plan, enum corridor_kind kind)
{
	return kind == CORRIDOR_A_SEGMENT ? plan->hub->segment_count
	       : kind == CORRIDOR_A_SITE  ? plan->hub->site_count
					  : plan->classes[kind].count;
}

static bool
touches(const struct single *cut, const struct single *run, int corner)
{
	for (size_t i = 0; i < cut->cut_count; i++)
		if (run->looked[corner][cut->cut[i]])
			return true;
	return false;
}

/* What w->cut does at one corner: what `alone` does, or else what a run comes to. 0, or -1 without
 * memory. */
static int
take_corner(struct corridor_consequence *out, struct corridor_whatif *w, const struct single *alone,
	    int corner)
{
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

/* Runs w->cut for a single where it is needed, and keeps at what was looked. 0, or -1 without
 * memory. */
static int
run_single(struct single *s, struct sweep *sweep)
{
	struct corridor_whatif *w = sweep->w;
	size_t segments = w->plan->hub->segment_count;
	bool none = s == &sweep->none;
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		if (!w->laid[c].work)
			continue;
		bool idle = !none && !touches(s, &sweep->none, c);
		if (take_corner(&s->does, w, idle ? &sweep->none : NULL, c) < 0)
			return -1;
		s->looked[c] = idle ? sweep->none.looked[c] : NULL;
		if (idle || (!none && !sweep->pairs))
			continue;
		s->looked[c] = arena_take(sweep->arena, segments + 1);
		if (!s->looked[c])
			return -1;
		memcpy(s->looked[c], w->laid[c].after->looked, segments);
	}
	memcpy(s->losses, w->losses, sizeof(s->losses));
	whatif_take_losses(&s->does, w);
	return 0;
}

/* A name, and what it takes away; not yet what that does. 1, 0 if it takes nothing, -1 without
 * memory. */
static int
single_init(struct single *out, struct sweep *sweep, struct corridor_named name)
{
	struct corridor_whatif *w = sweep->w;
	uint32_t closed = whatif_mark(w, &name, 1);
	if (!closed)
		return 0;
	*out = (struct single){.name = name, .outage = corridor_whatif_outage(w->plan, name)};
	for (uint32_t i = 0; i < w->plan->hub->segment_count; i++)
		out->cut_count += w->cut[i];
	for (size_t i = 0; i < w->plan->hub->demand_count; i++) {
		const struct hub_demand *d = &w->plan->hub->demands[i];
		out->ends |= w->inside[d->from] || w->inside[d->to];
	}
	out->cut = arena_take(sweep->arena, (out->cut_count + 1) * sizeof(*out->cut));
	if (!out->cut)
		return -1;
	for (uint32_t i = 0, n = 0; i < w->plan->hub->segment_count; i++)
		if (w->cut[i])
			out->cut[n++] = i;
	out->does.closed = closed;
	return 1;
}

/* 0, or -1 and errno. */
static int
take_singles(struct sweep *sweep, enum corridor_kind kind)
{
	size_t count = names_of_kind(sweep->w->plan, kind);
	errno = ENOMEM;
	sweep->singles = arena_take(sweep->arena, (count + 1) * sizeof(*sweep->singles));
	if (!sweep->singles)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		int taken = single_init(&sweep->singles[sweep->count], sweep,
					(struct corridor_named){kind, i});
		if (taken < 0)
			return -1;
		sweep->count += (size_t)taken;
	}
	if (sweep->pairs && sweep->count > CORRIDOR_WHATIF_PAIRED_MAX) {
		errno = E2BIG;
		return -1;
	}
	whatif_mark(sweep->w, NULL, 0);
	if (run_single(&sweep->none, sweep) < 0)
		return -1;
	for (size_t i = 0; i < sweep->count; i++) {
		struct single *s = &sweep->singles[i];
		uint32_t closed = s->does.closed;
		whatif_mark(sweep->w, &s->name, 1);
		if (run_single(s, sweep) < 0)
			return -1;
		s->does.cut[0] = s->name;
		s->does.names = 1;
		s->does.closed = closed;
		whatif_take_outage(&s->does, s->outage);
	}
	return 0;
}

/* 0, or -1 without memory. */
static int
take_pair(struct corridor_consequence *out, struct sweep *sweep, const struct single *a,
	  const struct single *b)
{
	struct corridor_whatif *w = sweep->w;
	const struct corridor_named both[2] = {a->name, b->name};
	uint32_t closed = whatif_mark(w, both, 2);
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		if (!w->laid[c].work)
			continue;
		const struct single *alone = !b->ends && !touches(b, a, c)   ? a
					     : !a->ends && !touches(a, b, c) ? b
									     : NULL;
		if (take_corner(out, w, alone, c) < 0)
			return -1;
	}
	whatif_take_losses(out, w);
	memcpy(out->cut, both, sizeof(both));
	out->names = 2;
	out->closed = closed;
	whatif_take_outage(out, whatif_together(a->outage, b->outage));
	return 0;
}

static int
worse_first(const void *left, const void *right)
{
	const struct corridor_consequence *a = left, *b = right;
	if (a->passing.value != b->passing.value)
		return a->passing.value > b->passing.value ? -1 : 1;
	if (a->passing.high != b->passing.high)
		return a->passing.high > b->passing.high ? -1 : 1;
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
sweep_all(struct corridor_consequences *out, struct sweep *sweep, struct arena *arena)
{
	bool pairs = sweep->pairs;
	size_t n = sweep->count, count = pairs ? n * (n - (n > 0)) / 2 : n;
	errno = ENOMEM;
	*out = (struct corridor_consequences){
		.all = arena_take(arena, (count + 1) * sizeof(*out->all))};
	if (!out->all)
		return -1;
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
	struct sweep sweep = {.w = whatif, .arena = arena_new(), .pairs = pairs};
	errno = ENOMEM;
	int result = sweep.arena ? take_singles(&sweep, kind) : -1;
	if (result == 0)
		result = sweep_all(out, &sweep, arena);
	int failed = errno;
	arena_free(sweep.arena);
	errno = failed;
	return result;
}
