/* What comes of going over from one state of the corridor to another. */
#include "corridor/corridor_whatif_change.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_whatif_parts.h"

/* Adds up the segments of a way of one what-if that are on it alone. */
static void
add_alone(struct corridor_grounds *alone, const struct corridor_whatif *of, uint32_t demand,
	  const struct corridor_whatif *other)
{
	const struct corridor_flow_way *way = &of->before[demand], *theirs = &other->before[demand];
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t s = of->before_arcs[way->first + i] / 2;
		bool common = false;
		for (uint32_t k = 0; k < theirs->count && !common; k++)
			common = other->before_arcs[theirs->first + k] / 2 == s;
		if (!common)
			corridor_grounds_add(alone, &of->plan->segments[s].length_km, 1);
	}
}

static double
ms_of_way(const struct corridor_whatif *w, uint32_t demand)
{
	const struct corridor_flow_way *way = &w->before[demand];
	double km = 0;
	for (uint32_t i = 0; i < way->count; i++)
		km += w->plan->segments[w->before_arcs[way->first + i] / 2].length_km.value;
	return way->count ? corridor_round_trip_ms(km) : NAN;
}

static void
take_times(struct corridor_changed *out, const struct corridor_whatif *before,
	   const struct corridor_whatif *after)
{
	struct corridor_grounds more = {0}, saved = {0};
	out->before_ms = ms_of_way(before, out->demand);
	out->after_ms = ms_of_way(after, out->demand);
	add_alone(&more, after, out->demand, before);
	add_alone(&saved, before, out->demand, after);
	out->moved = more.facts || saved.facts;
	if (isnan(out->before_ms) || isnan(out->after_ms))
		return;
	double (*ms)(double) = corridor_round_trip_ms;
	out->more_ms = (struct corridor_range){
		ms(more.value - saved.value), ms(more.low - saved.high), ms(more.high - saved.low)};
}

static uint64_t
before_of(const struct corridor_whatif *w, int corner, uint32_t demand)
{
	return w->laid[corner].before_bps[demand];
}

static uint64_t
lost_at(const struct corridor_whatif *before, const struct corridor_whatif *after, int corner,
	uint32_t demand)
{
	return corridor_less_bps(before_of(before, corner, demand),
				 before_of(after, corner, demand));
}

/* True if it is concerned. */
static bool
compare(struct corridor_changed *out, const struct corridor_whatif *before,
	const struct corridor_whatif *after, uint32_t demand)
{
	*out = (struct corridor_changed){
		.demand = demand,
		.before_bps = before_of(before, CORRIDOR_AS_TOLD, demand),
		.after_bps = before_of(after, CORRIDOR_AS_TOLD, demand),
	};
	for (int c = 0; c < CORRIDOR_CORNERS; c++)
		corridor_range_take(&out->lost_gbps, (enum corridor_outlook)c,
				    (double)lost_at(before, after, c, demand) / 1e9);
	take_times(out, before, after);
	return out->moved || corridor_less_bps(out->after_bps, out->before_bps) ||
	       out->lost_gbps.high > 0;
}

static void
count(struct corridor_change *out, const struct corridor_changed *changed)
{
	out->moved += changed->moved;
	out->parted += !isnan(changed->before_ms) && isnan(changed->after_ms);
	out->slower += changed->more_ms.value > 0;
	out->faster += changed->more_ms.value < 0;
	out->gained_bps += corridor_less_bps(changed->after_bps, changed->before_bps);
}

/* 0, or -1 without memory. */
static int
take_way(struct corridor_changed_way *out, struct arena *arena, const struct corridor_whatif *w,
	 uint32_t demand)
{
	const struct corridor_flow_way *way = &w->before[demand];
	uint32_t *segments = arena_take(arena, (way->count + 1) * sizeof(*segments));
	for (uint32_t i = 0; segments && i < way->count; i++)
		segments[i] = w->before_arcs[way->first + i] / 2;
	*out = (struct corridor_changed_way){segments, way->count};
	return segments ? 0 : -1;
}

/* Of what-ifs that were asked nothing since they were made. 0, or -1 without memory. */
static int
compare_all(struct corridor_change *out, struct arena *arena, const struct corridor_whatif *before,
	    const struct corridor_whatif *after)
{
	size_t demands = before->plan->hub->demand_count;
	struct corridor_change change = {
		.all = arena_take(arena, (demands + 1) * sizeof(*change.all))};
	errno = ENOMEM;
	if (!change.all)
		return -1;
	for (uint32_t d = 0; d < demands; d++) {
		struct corridor_changed *changed = &change.all[change.count];
		if (!compare(changed, before, after, d))
			continue;
		if (take_way(&changed->before, arena, before, d) < 0 ||
		    take_way(&changed->after, arena, after, d) < 0)
			return -1;
		count(&change, changed);
		change.count++;
	}
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		uint64_t lost = 0;
		for (uint32_t d = 0; d < demands; d++)
			lost += lost_at(before, after, c, d);
		corridor_range_take(&change.lost_gbps, (enum corridor_outlook)c,
				    (double)lost / 1e9);
	}
	*out = change;
	return 0;
}

int
corridor_whatif_compare(struct corridor_change *out, struct arena *arena,
			const struct corridor_flow_ask *before,
			const struct corridor_flow_ask *after)
{
	assert(out && arena && before && after);
	struct corridor_whatif *was = corridor_whatif_new(before);
	struct corridor_whatif *is = was ? corridor_whatif_new(after) : NULL;
	int result = is ? compare_all(out, arena, was, is) : -1;
	int error = errno;
	corridor_whatif_free(was);
	corridor_whatif_free(is);
	errno = error;
	return result;
}

/* The question in a state: what is cut is not there. 0, or -1 and errno. */
static int
ask_in(struct corridor_flow_ask *in, const struct corridor_flow_ask *ask, struct arena *arena,
       const enum corridor_live *live)
{
	size_t count = ask->plan->hub->segment_count;
	struct corridor_plan *left = arena_take(arena, sizeof(*left));
	struct corridor_segment *segments = arena_take(arena, (count + 1) * sizeof(*segments));
	errno = ENOMEM;
	if (!left || !segments)
		return -1;
	*left = *ask->plan;
	left->segments = segments;
	memcpy(segments, ask->plan->segments, count * sizeof(*segments));
	for (size_t i = 0; i < count; i++)
		segments[i].there &= live[i] != CORRIDOR_CUT;
	*in = *ask;
	in->plan = left;
	in->live = live;
	return 0;
}

int
corridor_whatif_change(struct corridor_change *out, struct arena *arena,
		       const struct corridor_flow_ask *ask, const enum corridor_live *before,
		       const enum corridor_live *after)
{
	struct corridor_flow_ask was, is;
	assert(out && arena && ask && before && after);
	if (ask_in(&was, ask, arena, before) < 0 || ask_in(&is, ask, arena, after) < 0)
		return -1;
	return corridor_whatif_compare(out, arena, &was, &is);
}
