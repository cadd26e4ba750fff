/* The best ways on a plan.
 *
 * The most available way: what fails together (a sea, a country) costs a way once, however many of
 * its segments lie there, so costs do not add up. But once it is settled of every such cause
 * whether it may be met (and is paid for, once) or not (and its segments are closed), they do. So
 * ways are listed by what their segments cost by themselves, with nothing for causes of which
 * nothing is settled: no way is better than that. The first that meets such a cause is a parting:
 * all that is left either does without the cause, or may meet it and pays. Each side is listed in
 * its turn, until nothing can be better than the k ways held. */
#include "corridor/corridor_best.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_ways.h"

enum { PARTINGS_MAX = 3000, LISTED_MAX = 100000 };

enum settled { NOT_SETTLED, SHUNNED, PAID };

struct weighing {
	const struct corridor_plan *plan;
	const struct corridor_wanted *wanted;
	const struct corridor_musts *musts;
	struct arena *arena;
	uint64_t *own;  /* of each segment, without causes */
	uint64_t *paid; /* of each cause */
	uint8_t *settled;
	struct corridor_paths held; /* the best so far, best first */
	size_t partings, listed;
	bool gave_up;
};

/* --- costs that add up --- */

static int
take_ways(struct corridor_best *out, struct corridor_ways *ways, unsigned k)
{
	out->paths.paths = calloc(k, sizeof(*out->paths.paths));
	if (!out->paths.paths)
		return -1;
	int more = 1;
	while (out->paths.count < k &&
	       (more = corridor_ways_next(ways, &out->paths.paths[out->paths.count])) == 1)
		out->paths.count++;
	out->proven = !corridor_ways_gave_up(ways);
	return more < 0 ? -1 : 0;
}

static int
find_summed(struct corridor_best *out, const struct corridor_plan *plan,
	    const struct corridor_wanted *wanted, const uint64_t *cost,
	    const struct corridor_musts *musts)
{
	struct corridor_ways *ways = corridor_ways_new(plan->graph, cost, wanted->ends, musts);
	int result = ways ? take_ways(out, ways, wanted->k) : -1;
	corridor_ways_free(ways);
	return result;
}

/* --- causes that count once --- */

/* True if no earlier segment of the way has the cause. */
static bool
is_first_with(const struct corridor_groups *g, const struct corridor_path *way, size_t at,
	      uint32_t cause)
{
	for (size_t i = 0; i < at; i++) {
		uint32_t s = way->segments[i];
		for (uint32_t k = g->first[s]; k < g->first[s + 1]; k++)
			if (g->groups[k] == cause)
				return false;
	}
	return true;
}

/* What the causes of a way cost, each once; and the dearest that is not settled in *open (or
 * HUB_NONE). `settled` may be NULL. */
static uint64_t
causes_of(const struct corridor_plan *plan, const struct corridor_path *way, const uint8_t *settled,
	  uint32_t *open)
{
	const struct corridor_groups *g = &plan->cause_groups;
	uint64_t sum = 0, dearest = 0;
	*open = HUB_NONE;
	for (size_t i = 0; i < way->segment_count; i++) {
		uint32_t s = way->segments[i];
		for (uint32_t k = g->first[s]; k < g->first[s + 1]; k++) {
			uint32_t cause = g->groups[k];
			uint64_t cost =
				corridor_plan_cost_of_down(plan->causes[cause].unavailability);
			if (!is_first_with(g, way, i, cause))
				continue;
			sum += cost;
			if (settled && settled[cause] == NOT_SETTLED && cost >= dearest) {
				dearest = cost;
				*open = cause;
			}
		}
	}
	return sum;
}

static bool
same_way(const struct corridor_path *a, const struct corridor_path *b)
{
	return a->segment_count == b->segment_count &&
	       memcmp(a->segments, b->segments, a->segment_count * sizeof(*a->segments)) == 0;
}

/* Puts a way among those held, or frees it. */
static void
hold(struct weighing *w, struct corridor_path way)
{
	struct corridor_paths *held = &w->held;
	size_t at = held->count;
	for (size_t i = 0; i < held->count; i++) {
		if (same_way(&held->paths[i], &way)) {
			free(way.segments);
			return;
		}
	}
	while (at > 0 && way.cost < held->paths[at - 1].cost)
		at--;
	if (at == w->wanted->k) {
		free(way.segments);
		return;
	}
	if (held->count == w->wanted->k)
		free(held->paths[--held->count].segments);
	memmove(&held->paths[at + 1], &held->paths[at], (held->count - at) * sizeof(*held->paths));
	held->paths[at] = way;
	held->count++;
}

/* What a way must cost less than to be held. */
static uint64_t
worst_held(const struct weighing *w)
{
	return w->held.count < w->wanted->k ? CORRIDOR_CLOSED
					    : w->held.paths[w->held.count - 1].cost;
}

static int weigh(struct weighing *w);

static int
part_at(struct weighing *w, uint32_t cause)
{
	w->settled[cause] = SHUNNED;
	int result = weigh(w);
	w->settled[cause] = PAID;
	if (result == 0)
		result = weigh(w);
	w->settled[cause] = NOT_SETTLED;
	return result;
}

/* Lists ways until one is a parting, or none can be better. The cause of the parting in *cause. */
static int
list(struct weighing *w, struct corridor_ways *ways, uint64_t paid, uint32_t *cause)
{
	struct corridor_path way;
	int more;
	*cause = HUB_NONE;
	while ((more = corridor_ways_next(ways, &way)) == 1) {
		if (w->listed++ > LISTED_MAX)
			w->gave_up = true;
		if (paid + way.cost >= worst_held(w) || w->gave_up) {
			free(way.segments);
			return 0;
		}
		way.cost += causes_of(w->plan, &way, w->settled, cause);
		hold(w, way);
		if (*cause != HUB_NONE)
			return 0;
	}
	w->gave_up |= corridor_ways_gave_up(ways);
	return more;
}

static void
close_causes(const struct weighing *w, uint64_t *cost)
{
	const struct corridor_groups *g = &w->plan->cause_groups;
	for (size_t s = 0; s < w->plan->graph->segment_count; s++)
		for (uint32_t k = g->first[s]; k < g->first[s + 1]; k++)
			if (w->settled[g->groups[k]] == SHUNNED)
				cost[s] = CORRIDOR_CLOSED;
}

static int
weigh(struct weighing *w)
{
	size_t segments = w->plan->graph->segment_count;
	uint64_t paid = 0;
	uint32_t cause = HUB_NONE;
	if (w->partings++ > PARTINGS_MAX)
		w->gave_up = true;
	if (w->gave_up)
		return 0;
	for (size_t c = 0; c < w->plan->cause_groups.group_count; c++)
		paid += w->settled[c] == PAID ? w->paid[c] : 0;
	uint64_t *cost = calloc(segments + 1, sizeof(*cost));
	if (!cost)
		return -1;
	memcpy(cost, w->own, segments * sizeof(*cost));
	close_causes(w, cost);
	struct corridor_ways *ways =
		corridor_ways_new(w->plan->graph, cost, w->wanted->ends, w->musts);
	int result = ways ? list(w, ways, paid, &cause) : -1;
	corridor_ways_free(ways);
	free(cost);
	return result == 0 && cause != HUB_NONE ? part_at(w, cause) : result;
}

static int
weigh_all(struct weighing *w, const uint64_t *cost)
{
	size_t segments = w->plan->graph->segment_count;
	size_t causes = w->plan->cause_groups.group_count;
	w->own = arena_take(w->arena, (segments + 1) * sizeof(*w->own));
	w->paid = arena_take(w->arena, (causes + 1) * sizeof(*w->paid));
	w->settled = arena_take(w->arena, causes + 1);
	w->held.paths = calloc(w->wanted->k, sizeof(*w->held.paths));
	if (!w->own || !w->paid || !w->settled || !w->held.paths)
		return -1;
	for (size_t s = 0; s < segments; s++)
		w->own[s] =
			cost[s] == CORRIDOR_CLOSED
				? CORRIDOR_CLOSED
				: corridor_plan_cost_of_down(w->plan->segments[s].unavailability) |
					  1;
	for (size_t c = 0; c < causes; c++)
		w->paid[c] = corridor_plan_cost_of_down(w->plan->causes[c].unavailability);
	return weigh(w);
}

static int
find(struct corridor_best *out, const struct corridor_plan *plan,
     const struct corridor_wanted *wanted, struct arena *arena)
{
	static const struct corridor_conditions none;
	struct corridor_musts musts;
	uint64_t *cost = arena_take(arena, (plan->graph->segment_count + 1) * sizeof(*cost));
	if (!cost || corridor_musts_of(&musts, arena, plan,
				       wanted->conditions ? wanted->conditions : &none) < 0)
		return -1;
	corridor_plan_costs(cost, plan, wanted->conditions, wanted->measure);
	if (wanted->measure != CORRIDOR_BY_UNAVAILABILITY)
		return find_summed(out, plan, wanted, cost, &musts);
	struct weighing w = {.plan = plan, .wanted = wanted, .musts = &musts, .arena = arena};
	int result = weigh_all(&w, cost);
	out->paths = w.held;
	out->proven = !w.gave_up;
	return result;
}

int
corridor_best_find(struct corridor_best *out, const struct corridor_plan *plan,
		   const struct corridor_wanted *wanted)
{
	assert(out && plan && wanted && wanted->k >= 1 && wanted->k <= CORRIDOR_PATHS_MAX);
	struct arena *arena = arena_new();
	*out = (struct corridor_best){0};
	int result = arena ? find(out, plan, wanted, arena) : -1;
	arena_free(arena);
	if (result < 0)
		corridor_paths_fini(&out->paths);
	return result;
}

uint64_t
corridor_best_cost(const struct corridor_plan *plan, enum corridor_measure measure,
		   const struct corridor_path *way)
{
	assert(plan && way);
	uint64_t sum = 0;
	uint32_t open;
	for (size_t i = 0; i < way->segment_count; i++) {
		uint32_t s = way->segments[i];
		sum += measure == CORRIDOR_BY_UNAVAILABILITY
			       ? corridor_plan_cost_of_down(plan->segments[s].unavailability) | 1
			       : corridor_plan_cost(plan, s, measure);
	}
	return measure == CORRIDOR_BY_UNAVAILABILITY ? sum + causes_of(plan, way, NULL, &open)
						     : sum;
}
