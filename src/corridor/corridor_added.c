/* The corridor with something beside the corridor without it. Both are the same plan under other conditions, so whatever else is asked
 * of it, cuts and days, holds on both sides. */
#include "corridor/corridor_added.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_best.h"
#include "corridor/corridor_connected.h"
#include "corridor/corridor_room.h"

/* Bounds of availability nearer than a third of a second a year. */
static const double gap = 1e-8;

struct side {
	struct corridor_conditions conditions; /* of demands */
	struct corridor_conditions avoiding;   /* of the second look at pairs */
};

struct work {
	const struct corridor_added_ask *ask;
	const struct corridor_plan *plan;
	struct arena *arena;
	struct side sides[CORRIDOR_ADDED_SIDES];
	uint64_t *cost; /* scratch: of each segment */
	bool *open;     /* likewise */
	bool *laid;     /* of each segment */
};

/* --- conditions --- */

static const uint32_t *
joined(struct arena *arena, const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	uint32_t *all = arena_take(arena, (a_count + b_count + 1) * sizeof(*all));
	if (all && a_count)
		memcpy(all, a, a_count * sizeof(*all));
	if (all && b_count)
		memcpy(all + a_count, b, b_count * sizeof(*all));
	return all;
}

static int
make_side(struct work *w, enum corridor_added_side which)
{
	const struct corridor_added_ask *ask = w->ask;
	struct side *side = &w->sides[which];
	struct corridor_conditions c = {0};
	if (ask->flow.conditions)
		c = *ask->flow.conditions;
	const uint32_t **list = which == CORRIDOR_ADDED_WITH ? &c.with : &c.without;
	size_t *count = which == CORRIDOR_ADDED_WITH ? &c.with_count : &c.without_count;
	*list = joined(w->arena, *list, *count, ask->segments, ask->segment_count);
	*count += ask->segment_count;
	side->conditions = side->avoiding = c;
	const uint32_t **avoid = &side->avoiding.avoid[CORRIDOR_COUNTRIES];
	size_t *avoided = &side->avoiding.avoid_count[CORRIDOR_COUNTRIES];
	*avoid = joined(w->arena, *avoid, *avoided, ask->avoid, ask->avoid_count);
	*avoided += ask->avoid_count;
	return *list && *avoid ? 0 : -1;
}

/* --- pairs --- */

static int
find_way(struct corridor_added_look *out, struct work *w, struct corridor_ends ends,
	 const struct corridor_conditions *conditions)
{
	const struct corridor_wanted wanted = {ends, 1, CORRIDOR_BY_LENGTH, conditions};
	struct corridor_best best;
	struct corridor_itinerary it;
	const struct corridor_range unknown = {NAN, NAN, NAN};
	if (corridor_best_find(&best, w->plan, &wanted) < 0)
		return -1;
	int result = 0;
	out->km = out->ms = unknown;
	out->linked = best.paths.count > 0;
	if (out->linked) {
		const struct corridor_path *path = &best.paths.paths[0];
		for (size_t i = 0; i < path->segment_count; i++)
			out->over |= w->laid[path->segments[i]];
		result = corridor_itinerary_of(&it, w->arena, w->plan, path);
	}
	if (out->linked && result == 0) {
		out->km = (struct corridor_range){it.length.value, it.length.low, it.length.high};
		out->ms = it.round_trip_ms;
		out->estimated = corridor_itinerary_estimated_share(&it);
	}
	corridor_paths_fini(&best.paths);
	return result;
}

/* How often they are connected at all, w->open being known. */
static int
find_connected(struct corridor_range *out, const struct work *w, struct corridor_ends ends)
{
	const struct corridor_parts *parts[] = {&w->plan->parts, &w->plan->parts_low,
						&w->plan->parts_high};
	struct corridor_connected found[3];
	for (int i = 0; i < 3; i++) {
		if (corridor_connected(&found[i], w->plan->graph, w->open, parts[i], ends, gap) < 0)
			return -1;
		free(found[i].blame);
	}
	*out = (struct corridor_range){found[0].low + (found[0].high - found[0].low) / 2,
				       found[1].low, found[2].high};
	return 0;
}

static int
look(struct corridor_added_look *out, struct work *w, struct corridor_ends ends,
     const struct corridor_conditions *conditions)
{
	struct corridor_room room;
	*out = (struct corridor_added_look){0};
	corridor_plan_costs(w->cost, w->plan, conditions, CORRIDOR_BY_LENGTH);
	for (size_t s = 0; s < w->plan->hub->segment_count; s++)
		w->open[s] = w->cost[s] != CORRIDOR_CLOSED;
	if (find_way(out, w, ends, conditions) < 0 ||
	    corridor_room_of_plan(&room, &out->room_gbps, w->plan, w->cost, ends) < 0)
		return -1;
	corridor_room_fini(&room);
	return find_connected(&out->connected, w, ends);
}

static int
look_at_pairs(struct corridor_added *out, struct work *w)
{
	const struct corridor_added_ask *ask = w->ask;
	size_t looks = ask->avoid_count ? 2 : 1;
	out->pairs = arena_take(w->arena, (looks * ask->pair_count + 1) * sizeof(*out->pairs));
	if (!out->pairs)
		return -1;
	for (size_t i = 0; i < looks * ask->pair_count; i++) {
		struct corridor_added_pair *pair = &out->pairs[out->pair_count++];
		*pair = (struct corridor_added_pair){.ends = ask->pairs[i / looks],
						     .avoiding = i % looks == 1};
		for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
			const struct side *s = &w->sides[side];
			if (look(&pair->sides[side], w, pair->ends,
				 pair->avoiding ? &s->avoiding : &s->conditions) < 0)
				return -1;
		}
	}
	return 0;
}

/* --- demands --- */

static struct corridor_flow_ask
flow_ask(const struct work *w, int side)
{
	struct corridor_flow_ask ask = w->ask->flow;
	ask.conditions = &w->sides[side].conditions;
	return ask;
}

/* Adds a way to each country that it crosses: once, however often it does. */
static void
add_countries(double *gbps, uint32_t *seen, uint32_t stamp, const struct work *w,
	      const struct corridor_flow *flow, const struct corridor_flow_way *way)
{
	const struct corridor_relation *r = &w->plan->classes[CORRIDOR_COUNTRIES];
	for (uint32_t k = 0; k < way->count; k++) {
		uint32_t s = flow->arcs[way->first + k] / 2;
		for (uint32_t i = r->first[s]; i < r->first[s + 1]; i++) {
			if (seen[r->of[i]] == stamp)
				continue;
			seen[r->of[i]] = stamp;
			gbps[r->of[i]] += (double)way->bps / 1e9;
		}
	}
}

static double
over_laid(const struct work *w, const struct corridor_flow *flow,
	  const struct corridor_flow_way *way)
{
	for (uint32_t k = 0; k < way->count; k++)
		if (w->laid[flow->arcs[way->first + k] / 2])
			return (double)way->bps / 1e9;
	return 0;
}

/* Demands as told, laid by priority: what is served, and what crosses whom. 0; or -1 and errno. */
static int
lay(struct corridor_added *out, struct work *w, int side, double *gbps)
{
	size_t names = w->plan->classes[CORRIDOR_COUNTRIES].count;
	const struct corridor_flow_ask ask = flow_ask(w, side);
	uint32_t *seen = arena_take(w->arena, (names + 1) * sizeof(*seen));
	struct corridor_flow_case the_case;
	errno = ENOMEM;
	if (!seen || corridor_flow_case_of(&the_case, w->arena, &ask, CORRIDOR_AS_TOLD) < 0)
		return -1;
	memset(seen, 0, names * sizeof(*seen));
	struct corridor_flow_work *work = corridor_flow_new(&the_case.instance, UINT32_MAX);
	const struct corridor_flow *flow =
		work ? corridor_flow_solve(work, CORRIDOR_FLOW_PRIORITY, NULL) : NULL;
	for (size_t i = 0; flow && i < flow->way_count; i++) {
		if (flow->ways[i].role != CORRIDOR_WAY_WORKING)
			continue;
		add_countries(gbps, seen, (uint32_t)i + 1, w, flow, &flow->ways[i]);
		if (side == CORRIDOR_ADDED_WITH)
			out->laid_gbps += over_laid(w, flow, &flow->ways[i]);
	}
	if (flow)
		out->served_gbps[side] = (double)flow->served_total_bps / 1e9;
	int error = errno;
	corridor_flow_free(work);
	errno = error;
	return flow ? 0 : -1;
}

static int
compare_countries(struct corridor_added *out, struct work *w)
{
	size_t names = w->plan->classes[CORRIDOR_COUNTRIES].count;
	double *gbps[CORRIDOR_ADDED_SIDES];
	out->countries = arena_take(w->arena, (names + 1) * sizeof(*out->countries));
	errno = ENOMEM;
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		gbps[side] = arena_take(w->arena, (names + 1) * sizeof(**gbps));
		if (!out->countries || !gbps[side])
			return -1;
		for (size_t i = 0; i < names; i++)
			gbps[side][i] = 0;
		if (lay(out, w, side, gbps[side]) < 0)
			return -1;
	}
	for (uint32_t i = 0; i < names; i++)
		if (gbps[CORRIDOR_ADDED_WITHOUT][i] > 0 || gbps[CORRIDOR_ADDED_WITH][i] > 0)
			out->countries[out->country_count++] = (struct corridor_added_country){
				i, {gbps[CORRIDOR_ADDED_WITHOUT][i], gbps[CORRIDOR_ADDED_WITH][i]}};
	return 0;
}

/* --- money --- */

static int
weigh(struct corridor_added *out, struct work *w)
{
	const struct corridor_flow_ask ask = flow_ask(w, CORRIDOR_ADDED_WITH);
	bool *home = arena_take(w->arena, w->plan->hub->site_count + 1);
	struct corridor_flow_case the_case;
	errno = ENOMEM;
	if (!home || corridor_flow_case_of(&the_case, w->arena, &ask, CORRIDOR_AS_TOLD) < 0)
		return -1;
	memset(home, 0, w->plan->hub->site_count + 1);
	const struct corridor_worth_ask worth = {w->plan, ask.conditions, the_case.gbps,
						 the_case.instance.demands};
	const struct corridor_us us = {w->laid, home};
	for (int side = 0; side < CORRIDOR_ADDED_SIDES; side++) {
		const struct corridor_flow_ask laid = flow_ask(w, side);
		if (corridor_revenue_of(&out->revenue[side], w->arena, &laid) < 0)
			return -1;
	}
	for (size_t s = 0; s < w->plan->hub->segment_count; s++) {
		const struct corridor_range *usd = &out->revenue[CORRIDOR_ADDED_WITH].usd_a_year[s];
		if (!w->laid[s])
			continue;
		out->takes_usd.value += usd->value;
		out->takes_usd.low += usd->low;
		out->takes_usd.high += usd->high;
	}
	errno = ENOMEM;
	return corridor_worth_of(&out->worth, w->arena, &worth, &us);
}

int
corridor_added_of(struct corridor_added *out, struct arena *arena,
		  const struct corridor_added_ask *ask)
{
	assert(out && arena && ask && ask->flow.plan && ask->segment_count);
	size_t segments = ask->flow.plan->hub->segment_count;
	struct corridor_added added = {0};
	struct work w = {
		.ask = ask,
		.plan = ask->flow.plan,
		.arena = arena,
		.cost = arena_take(arena, (segments + 1) * sizeof(*w.cost)),
		.open = arena_take(arena, segments + 1),
		.laid = arena_take(arena, segments + 1),
	};
	errno = ENOMEM;
	if (!w.cost || !w.open || !w.laid || make_side(&w, CORRIDOR_ADDED_WITHOUT) < 0 ||
	    make_side(&w, CORRIDOR_ADDED_WITH) < 0)
		return -1;
	memset(w.laid, 0, segments + 1);
	for (size_t i = 0; i < ask->segment_count; i++)
		w.laid[ask->segments[i]] = true;
	const struct corridor_flow_ask sides[] = {flow_ask(&w, CORRIDOR_ADDED_WITHOUT),
						  flow_ask(&w, CORRIDOR_ADDED_WITH)};
	if (look_at_pairs(&added, &w) < 0 ||
	    corridor_whatif_compare(&added.change, arena, &sides[CORRIDOR_ADDED_WITHOUT],
				    &sides[CORRIDOR_ADDED_WITH]) < 0 ||
	    compare_countries(&added, &w) < 0 || weigh(&added, &w) < 0)
		return -1;
	*out = added;
	return 0;
}

bool
corridor_added_ends(struct corridor_ends *out, const struct corridor_graph *graph,
		    const uint32_t *segments, size_t count)
{
	uint32_t found[2];
	size_t odd = 0;
	for (size_t i = 0; i < 2 * count; i++) {
		const struct corridor_ends *e = &graph->ends[segments[i / 2]];
		uint32_t site = i % 2 ? e->b : e->a;
		size_t times = 0, before = 0;
		for (size_t k = 0; k < 2 * count; k++) {
			const struct corridor_ends *other = &graph->ends[segments[k / 2]];
			bool same = (k % 2 ? other->b : other->a) == site;
			times += same;
			before += same && k < i;
		}
		if (before || times % 2 == 0)
			continue;
		if (odd == 2)
			return false;
		found[odd++] = site;
	}
	if (odd != 2)
		return false;
	*out = (struct corridor_ends){found[0], found[1]};
	return true;
}
