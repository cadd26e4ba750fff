/* Backups that do not fail with the first way.
 *
 * Each choice is held by its own best way, and ways to other exits often share a cable, a sea or a landing
 * with that to the first. So what is told may differ from what is held: where no way to another exit is apart
 * from the first one's risks, one search without those risks finds the exit that is reached so at the least
 * cost, and its way there is told in place of its best; for policies that want it, so for every exit. Load does
 * not count in that search: the backup depends on the first way and on what is cut, and does not move with
 * each measurement. */
#include <string.h>

#include "corridor/corridor_steer_parts.h"

bool
steer_marks_init(struct steer_marks *marks, const struct corridor_plan *plan, struct arena *arena)
{
	size_t risks = plan->classes[CORRIDOR_RISKS].count;
	*marks = (struct steer_marks){
		.segments = arena_take(arena, (plan->hub->segment_count + 1) * sizeof(uint32_t)),
		.risks = arena_take(arena, (risks + 1) * sizeof(uint32_t)),
	};
	return marks->segments && marks->risks;
}

void
steer_mark_way(struct steer_marks *marks, const struct corridor_plan *plan,
	       const struct choice *way)
{
	const struct corridor_relation *r = &plan->classes[CORRIDOR_RISKS];
	marks->mark++;
	for (uint32_t i = 0; i < way->step_count; i++) {
		uint32_t s = way->steps[i];
		marks->segments[s] = marks->mark;
		for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++)
			marks->risks[r->of[k]] = marks->mark;
	}
}

bool
steer_is_marked(const struct steer_marks *marks, const struct corridor_plan *plan, uint32_t segment)
{
	const struct corridor_relation *r = &plan->classes[CORRIDOR_RISKS];
	if (marks->segments[segment] == marks->mark)
		return true;
	for (uint32_t k = r->first[segment]; k < r->first[segment + 1]; k++)
		if (marks->risks[r->of[k]] == marks->mark)
			return true;
	return false;
}

bool
steer_shares_with_marked(const struct steer_marks *marks, const struct corridor_plan *plan,
			 const struct choice *way)
{
	for (uint32_t i = 0; i < way->step_count; i++)
		if (steer_is_marked(marks, plan, way->steps[i]))
			return true;
	return false;
}

/* What looking for backups goes by. */
struct apart {
	const struct corridor_steer *steer;
	struct arena *arena;
	struct steer_marks marks;
	uint64_t *cost;
};

/* An exit, and what an apart way to it costs. */
struct place {
	uint64_t cost;
	uint32_t exit;
};

static bool
is_open(const struct choice *choice)
{
	return choice->known && choice->cost != CORRIDOR_CLOSED;
}

/* The cheapest; HUB_NONE when none is open. */
static uint32_t
first_of(const struct choice *choices, size_t count)
{
	uint32_t first = HUB_NONE;
	for (uint32_t e = 0; e < count; e++)
		if (is_open(&choices[e]) &&
		    (first == HUB_NONE || choices[e].cost < choices[first].cost))
			first = e;
	return first;
}

/* The way that the search without the first one's risks has found to the exit's site; it is never told to cost
 * less than the first. False without memory. */
static bool
take_apart(struct apart *a, struct choice *choice, const struct choice *first, uint32_t from,
	   uint32_t to)
{
	uint32_t count = steer_found(a->steer, NULL, from, to);
	uint32_t *steps = arena_take(a->arena, (count + 1) * sizeof(*steps));
	if (!steps)
		return false;
	uint64_t cost = corridor_search_cost(a->steer->search, to);
	choice->cost = cost > first->cost ? cost : first->cost + 1;
	choice->steps = steps;
	choice->step_count = steer_found(a->steer, steps, from, to);
	return true;
}

/* Prices what shares no risk with the marked way. */
static void
price_apart(struct apart *a, uint32_t policy)
{
	const struct corridor_plan *plan = a->steer->setting.plan;
	size_t count = plan->hub->segment_count;
	memcpy(a->cost, a->steer->calm_cost[policy], count * sizeof(*a->cost));
	for (uint32_t s = 0; s < count; s++)
		if (steer_is_marked(&a->marks, plan, s))
			a->cost[s] = CORRIDOR_CLOSED;
}

/* Looks for ways that stand apart to exits of one keep that have none. By a policy that wants
 * it so each is taken; else *best has the exit with the cheapest yet. False without memory. */
static bool
look_apart(struct apart *a, struct choice *choices, uint32_t first, size_t ingress, uint32_t keep,
	   struct place *best)
{
	const struct corridor_steer_setting *s = &a->steer->setting;
	const struct corridor_steer_ingress *in = &s->ingresses[ingress];
	bool searched = false, whole = true;
	for (uint32_t e = 0; e < s->exit_count; e++) {
		if (e == first || a->steer->exit_keep[e] != keep || !is_open(&choices[e]) ||
		    !steer_shares_with_marked(&a->marks, s->plan, &choices[e]))
			continue;
		if (!searched)
			steer_search(a->steer, a->cost, in->site, keep);
		searched = true;
		uint64_t cost = corridor_search_cost(a->steer->search, s->exits[e].site);
		if (cost == CORRIDOR_CLOSED)
			continue;
		if (s->policies[in->policy].diverse)
			whole &= take_apart(a, &choices[e], &choices[first], in->site,
					    s->exits[e].site);
		else if (cost < best->cost || (cost == best->cost && e < best->exit))
			*best = (struct place){cost, e};
	}
	return whole;
}

/* The choices of one ingress. False without memory. */
static bool
tell_apart(struct apart *a, struct choice *choices, size_t ingress)
{
	const struct corridor_steer_setting *s = &a->steer->setting;
	const struct corridor_steer_ingress *in = &s->ingresses[ingress];
	bool whole = true, has_backup = false;
	uint32_t first = first_of(choices, s->exit_count);
	struct place best = {CORRIDOR_CLOSED, HUB_NONE};
	if (first == HUB_NONE || choices[first].step_count == 0)
		return true;
	steer_mark_way(&a->marks, s->plan, &choices[first]);
	for (uint32_t e = 0; e < s->exit_count; e++)
		has_backup |= e != first && is_open(&choices[e]) &&
			      !steer_shares_with_marked(&a->marks, s->plan, &choices[e]);
	if (has_backup && !s->policies[in->policy].diverse)
		return true;
	price_apart(a, in->policy);
	for (uint32_t k = 0; k < a->steer->keep_count; k++)
		whole &= look_apart(a, choices, first, ingress, k, &best);
	if (best.exit == HUB_NONE)
		return whole;
	uint32_t to = s->exits[best.exit].site;
	steer_search(a->steer, a->cost, in->site, a->steer->exit_keep[best.exit]);
	return take_apart(a, &choices[best.exit], &choices[first], in->site, to) && whole;
}

struct choice *
steer_told(const struct corridor_steer *steer, struct arena *arena)
{
	const struct corridor_steer_setting *s = &steer->setting;
	size_t count = s->ingress_count * s->exit_count;
	struct apart a = {
		.steer = steer,
		.arena = arena,
		.cost = arena_take(arena, (s->plan->hub->segment_count + 1) * sizeof(*a.cost)),
	};
	struct choice *told = arena_take(arena, (count + 1) * sizeof(*told));
	if (!a.cost || !told || !steer_marks_init(&a.marks, s->plan, arena))
		return NULL;
	memcpy(told, steer->choices, count * sizeof(*told));
	for (size_t i = 0; i < s->ingress_count; i++)
		if (!tell_apart(&a, &told[i * s->exit_count], i))
			return NULL;
	return told;
}
