/* Mending a placing, one ingress at a time. What a stretch is over its limit is priced, so that each goes where it
 * is in the way least; and where that helps nobody, one takes the place of another that can go elsewhere. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_steer_placing.h"

enum { PASSES = 8, TRIES = 64, EXCESS_PARTS = 1 << 12 };

/* The cheapest exit of the last search that can be paid for; HUB_NONE: none. */
static uint32_t
best_exit(const struct placing *p, size_t ingress, uint64_t *cost)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	uint32_t best = HUB_NONE;
	*cost = CORRIDOR_CLOSED;
	for (uint32_t e = 0; e < s->exit_count; e++) {
		uint64_t way = corridor_search_cost(p->steer->search, s->exits[e].site);
		const struct choice *choice = &p->steer->choices[ingress * s->exit_count + e];
		if (!steer_leads_on(p->steer, ingress, e) || way == CORRIDOR_CLOSED ||
		    p->steer->exit_cost[e] == CORRIDOR_CLOSED ||
		    way + p->steer->exit_cost[e] >= *cost ||
		    !steer_found_may_lead(p->steer, s->ingresses[ingress].site, e) ||
		    !corridor_damping_affords(&choice->damping, &s->damping, p->event->now_ms))
			continue;
		*cost = way + p->steer->exit_cost[e];
		best = e;
	}
	return best;
}

/* By how much more a stretch is over its limit with so much more on it, as a cost: in parts of that much, each
 * dearer than any way. */
static uint64_t
cost_of_excess(const struct corridor_steer *steer, size_t stretch, uint64_t bps)
{
	uint64_t limit = steer->limit_bps[stretch], laid = steer->laid_bps[stretch];
	uint64_t left = limit > laid ? limit - laid : 0;
	double part = left < bps ? (double)(bps - left) / (double)bps : 0;
	return (uint64_t)ceil(part * EXCESS_PARTS) * STEER_COST_FULL;
}

/* Prices what is over, where a run of taking turns prices what is full. */
static void
price_excess(struct placing *p, size_t ingress)
{
	struct corridor_steer *steer = p->steer;
	const struct corridor_steer_ingress *in = &steer->setting.ingresses[ingress];
	const uint64_t *cost = steer->policy_cost[in->policy];
	for (uint32_t i = 0; i < steer->hub->segment_count; i++)
		steer->cost[i] = cost[i] < STEER_COST_DRAINED
					 ? cost[i] + cost_of_excess(steer, i, in->bps)
					 : CORRIDOR_CLOSED;
	for (uint32_t e = 0; e < steer->setting.exit_count; e++)
		steer->exit_cost[e] = cost_of_excess(steer, steer_door(steer, e), in->bps);
}

/* The way that the last search found to an exit. False without memory. */
static bool
take_found(struct placing *p, struct steer_way *out, size_t ingress, uint32_t exit)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	uint32_t from = s->ingresses[ingress].site, to = s->exits[exit].site;
	uint32_t count = steer_found(p->steer, NULL, from, to);
	uint32_t *steps = arena_take(p->arena, (count + 1) * sizeof(*steps));
	if (!steps)
		return false;
	*out = (struct steer_way){exit, steps, steer_found(p->steer, steps, from, to)};
	return true;
}

/* Goes where it is in the way least, if that is better by more than the margin. *changed: it does. False without
 * memory. */
static bool
mend_ingress(struct placing *p, size_t ingress, bool *changed)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	const struct steer_way *now = steer_laid_way(p, ingress);
	uint64_t best, bps = s->ingresses[ingress].bps;
	steer_lay(p->steer, now, bps, false);
	price_excess(p, ingress);
	steer_search(p->steer, p->steer->cost, s->ingresses[ingress].site, 0);
	uint64_t present = steer_cost_of_way(p->steer, now);
	uint32_t exit = best_exit(p, ingress, &best);
	steer_lay(p->steer, now, bps, true);
	uint64_t less = STEER_COST_FULL * EXCESS_PARTS / 100 * s->margin_percent;
	bool saves = present > best && present - best > less && steer_level(present) > 0;
	bool nearer = steer_level(best) == 0 && steer_is_better(p->steer, best, present);
	if (exit == HUB_NONE || (!saves && !nearer))
		return true;
	struct steer_way way;
	if (!take_found(p, &way, ingress, exit))
		return false;
	steer_relay(p, ingress, &way);
	*changed = true;
	return true;
}

/* False without memory. */
static bool
mend_all(struct placing *p)
{
	bool changed = true;
	for (int pass = 0; pass < PASSES && changed; pass++) {
		changed = false;
		for (size_t t = 0; t < p->steer->setting.ingress_count; t++) {
			uint32_t i = p->steer->turns[t];
			bool wishes = p->wishes[i].exit != HUB_NONE;
			if (p->may_move[i] && (wishes || steer_runs_over_full(p, i)) &&
			    !mend_ingress(p, i, &changed))
				return false;
		}
	}
	return true;
}

/* --- chains: one takes the place of another that can go elsewhere --- */

static bool
meet_on_full(const struct placing *p, const struct steer_way *a, const struct steer_way *b)
{
	uint32_t door = steer_door(p->steer, a->exit);
	if (door == steer_door(p->steer, b->exit) && steer_over_by(p->steer, door))
		return true;
	for (uint32_t i = 0; i < a->step_count; i++)
		for (uint32_t k = 0; k < b->step_count; k++)
			if (a->steps[i] == b->steps[k] && steer_over_by(p->steer, a->steps[i]))
				return true;
	return false;
}

/* The least bad way over nothing that is over its limit with it where it is. False without memory; exit HUB_NONE:
 * there is none. */
static bool
find_aside(struct placing *p, size_t ingress, struct steer_way *out)
{
	struct corridor_steer *steer = p->steer;
	const struct steer_way *now = steer_laid_way(p, ingress);
	uint64_t best, bps = steer->setting.ingresses[ingress].bps;
	uint32_t full_door = steer_over_by(steer, steer_door(steer, now->exit))
				     ? steer->port_first[now->exit]
				     : HUB_NONE;
	steer_lay(steer, now, bps, false);
	price_excess(p, ingress);
	steer_lay(steer, now, bps, true);
	for (uint32_t i = 0; i < now->step_count; i++)
		if (steer_over_by(steer, now->steps[i]))
			steer->cost[now->steps[i]] = CORRIDOR_CLOSED;
	for (uint32_t e = 0; e < steer->setting.exit_count; e++)
		if (steer->port_first[e] == full_door)
			steer->exit_cost[e] = CORRIDOR_CLOSED;
	steer_search(steer, steer->cost, steer->setting.ingresses[ingress].site, 0);
	uint32_t exit = best_exit(p, ingress, &best);
	out->exit = HUB_NONE;
	return exit == HUB_NONE || take_found(p, out, ingress, exit);
}

/* Goes there, and whoever it meets makes room, as far as that is better for all together. *changed: it is.
 * False without memory. */
static bool
try_aside(struct placing *p, size_t ingress, const struct steer_way *aside, bool *changed)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	double was = (double)p->over_bps;
	double less = steer_part_of_margin(p) * (double)s->ingresses[ingress].bps;
	bool whole = true;
	memcpy(p->before, p->wishes, s->ingress_count * sizeof(*p->before));
	steer_relay(p, ingress, aside);
	for (size_t t = 0; t < s->ingress_count && whole; t++) {
		uint32_t i = p->steer->turns[t];
		bool moved;
		if (i != ingress && p->may_move[i] && meet_on_full(p, steer_laid_way(p, i), aside))
			whole = mend_ingress(p, i, &moved);
	}
	if (whole && (double)p->over_bps < was - less) {
		*changed = true;
		return true;
	}
	for (size_t i = 0; i < s->ingress_count; i++)
		if (p->wishes[i].exit != p->before[i].exit ||
		    p->wishes[i].steps != p->before[i].steps)
			steer_relay(p, i,
				    p->before[i].exit == HUB_NONE ? &p->held[i] : &p->before[i]);
	return whole;
}

/* False without memory. */
static bool
chain_all(struct placing *p)
{
	int tries = 0;
	bool changed = p->over_bps > 0;
	while (changed && tries < TRIES) {
		changed = false;
		for (size_t t = 0; t < p->steer->setting.ingress_count; t++) {
			uint32_t i = p->steer->turns[t];
			struct steer_way aside;
			if (!p->may_move[i] || !steer_runs_over_full(p, i) || tries >= TRIES)
				continue;
			tries++;
			if (!find_aside(p, i, &aside) ||
			    (aside.exit != HUB_NONE && !try_aside(p, i, &aside, &changed)))
				return false;
		}
	}
	return true;
}

bool
steer_mend(struct placing *p)
{
	return mend_all(p) && chain_all(p);
}
