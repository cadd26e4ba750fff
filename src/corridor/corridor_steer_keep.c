/* What whoever an exit leads to avoids, on the ways to it.
 *
 * An ingress's own conditions are closed for it in the costs that it is searched with. What members that
 * avoid the same are behind an exit is a *keep* of that exit: on the ways to it these segments are closed as well, whoever
 * comes in. So a way there needs a search of its own only where a keep closes something that is open to the ingress;
 * exits whose members avoid the same share a keep, and so that search. Keep 0 closes nothing. */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_steer_parts.h"

/* The number of the keep that closes just these, which is made if there is none yet; `closed` is taken over.
 * HUB_NONE without memory. */
static uint32_t
keep_of(struct corridor_steer *steer, bool *closed)
{
	size_t size = steer->hub->segment_count * sizeof(*closed);
	for (uint32_t k = 0; k < steer->keep_count; k++)
		if (memcmp(steer->keeps[k], closed, size) == 0) {
			free(closed);
			return k;
		}
	bool **keeps = realloc(steer->keeps, (steer->keep_count + 1) * sizeof(*keeps));
	if (!keeps) {
		free(closed);
		return HUB_NONE;
	}
	steer->keeps = keeps;
	keeps[steer->keep_count] = closed;
	return (uint32_t)steer->keep_count++;
}

/* What is closed under conditions, but not without: what is not there is closed to all anyway. Calls
 * overwrite steer->cost. NULL without memory. */
static bool *
closed_by(struct corridor_steer *steer, const struct corridor_conditions *conditions)
{
	const struct corridor_plan *plan = steer->setting.plan;
	size_t count = plan->hub->segment_count;
	bool *closed = calloc(count + 1, sizeof(*closed));
	if (!closed || !conditions)
		return closed;
	corridor_plan_costs(steer->cost, plan, conditions, CORRIDOR_BY_LENGTH);
	for (size_t s = 0; s < count; s++)
		closed[s] = steer->cost[s] == CORRIDOR_CLOSED && plan->segments[s].there;
	return closed;
}

bool
steer_take_keeps(struct corridor_steer *steer)
{
	const struct corridor_steer_setting *s = &steer->setting;
	steer->exit_keep = calloc(s->exit_count + 1, sizeof(*steer->exit_keep));
	bool *none = closed_by(steer, NULL);
	if (!steer->exit_keep || !none) {
		free(none);
		return false;
	}
	if (keep_of(steer, none) == HUB_NONE)
		return false;
	for (size_t e = 0; e < s->exit_count; e++) {
		bool *closed =
			s->exits[e].conditions ? closed_by(steer, s->exits[e].conditions) : NULL;
		if (s->exits[e].conditions && !closed)
			return false;
		if (closed && (steer->exit_keep[e] = keep_of(steer, closed)) == HUB_NONE)
			return false;
	}
	steer->closes_more = calloc(steer->keep_count, sizeof(*steer->closes_more));
	return steer->closes_more != NULL;
}

void
steer_free_keeps(struct corridor_steer *steer)
{
	for (size_t k = 0; k < steer->keep_count; k++)
		free(steer->keeps[k]);
	free(steer->keeps);
	free(steer->closes_more);
	free(steer->exit_keep);
}

void
steer_compare_keeps(struct corridor_steer *steer, const uint64_t *cost)
{
	for (size_t k = 0; k < steer->keep_count; k++) {
		steer->closes_more[k] = false;
		for (size_t s = 0; s < steer->hub->segment_count && !steer->closes_more[k]; s++)
			steer->closes_more[k] = steer->keeps[k][s] && cost[s] != CORRIDOR_CLOSED;
	}
}

bool
steer_may_lead(const struct corridor_steer *steer, const struct steer_way *way)
{
	const bool *closed = steer->keeps[steer->exit_keep[way->exit]];
	for (uint32_t i = 0; i < way->step_count; i++)
		if (closed[way->steps[i]])
			return false;
	return true;
}

bool
steer_found_may_lead(const struct corridor_steer *steer, uint32_t from, uint32_t exit)
{
	const bool *closed = steer->keeps[steer->exit_keep[exit]];
	const struct corridor_search *search = steer->search;
	for (uint32_t at = steer->setting.exits[exit].site; at != from;
	     at = corridor_search_before(search, at))
		if (closed[steer->by_rank[corridor_search_segment(search, at)]])
			return false;
	return true;
}
