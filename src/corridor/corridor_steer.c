/* Which exits, by which ways. One search from each ingress finds the ways to all exits. */
#include "corridor/corridor_steer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_steer_parts.h"

static bool
is_sound(const struct corridor_steer_setting *s)
{
	size_t sites = s->plan->hub->site_count;
	if (s->exit_count > STEER_EXITS_MAX || s->ingress_count > STEER_INGRESSES_MAX ||
	    s->exit_count * s->ingress_count > STEER_CHOICES_MAX || sites > STEER_SITES_MAX ||
	    s->plan->hub->segment_count > STEER_SEGMENTS_MAX || !s->damping.half_life_ms)
		return false;
	for (size_t i = 0; i < s->exit_count; i++)
		if (s->exits[i].site >= sites)
			return false;
	for (size_t i = 0; i < s->ingress_count; i++)
		if (s->ingresses[i].site >= sites || s->ingresses[i].policy >= s->policy_count)
			return false;
	return true;
}

/* --- what order goes by: the same hub with its rows in another order has the same plan --- */

static int
by_id(const void *a, const void *b, void *hub)
{
	const struct hub_segment *segments = ((const struct hub *)hub)->segments;
	return strcmp(segments[*(const uint32_t *)a].id, segments[*(const uint32_t *)b].id);
}

static int
by_place(const void *a, const void *b, void *steer)
{
	const struct corridor_steer_setting *s = &((const struct corridor_steer *)steer)->setting;
	const struct corridor_steer_ingress *x = &s->ingresses[*(const uint32_t *)a];
	const struct corridor_steer_ingress *y = &s->ingresses[*(const uint32_t *)b];
	const struct hub_site *sites = s->plan->hub->sites;
	int order = strcmp(sites[x->site].id, sites[y->site].id);
	if (order == 0)
		order = (x->member.number > y->member.number) -
			(x->member.number < y->member.number);
	return order ? order : (x > y) - (x < y);
}

/* False without memory. */
static bool
take_order(struct corridor_steer *steer)
{
	const struct hub *hub = steer->setting.plan->hub;
	size_t count = hub->segment_count, ingresses = steer->setting.ingress_count;
	struct corridor_ends *ends = calloc(count + 1, sizeof(*ends));
	steer->by_rank = calloc(count + 1, sizeof(*steer->by_rank));
	steer->turns = calloc(ingresses + 1, sizeof(*steer->turns));
	steer->ranked_cost = calloc(count + 1, sizeof(*steer->ranked_cost));
	if (ends && steer->by_rank && steer->turns && steer->ranked_cost) {
		for (uint32_t i = 0; i < count; i++)
			steer->by_rank[i] = i;
		for (uint32_t i = 0; i < ingresses; i++)
			steer->turns[i] = i;
		qsort_r(steer->by_rank, count, sizeof(*steer->by_rank), by_id, (void *)hub);
		qsort_r(steer->turns, ingresses, sizeof(*steer->turns), by_place, steer);
		for (size_t i = 0; i < count; i++)
			ends[i] = steer->setting.plan->graph->ends[steer->by_rank[i]];
		steer->graph = corridor_graph_new(hub->site_count, ends, count);
	}
	free(ends);
	steer->search = steer->graph ? corridor_search_new(steer->graph) : NULL;
	return steer->search != NULL;
}

void
steer_search(const struct corridor_steer *steer, const uint64_t *cost, uint32_t from, uint32_t keep)
{
	const bool *closed = steer->keeps[keep];
	for (size_t i = 0; i < steer->hub->segment_count; i++)
		steer->ranked_cost[i] =
			closed[steer->by_rank[i]] ? CORRIDOR_CLOSED : cost[steer->by_rank[i]];
	corridor_search_run(steer->search, steer->ranked_cost, from, HUB_NONE);
}

uint32_t
steer_found(const struct corridor_steer *steer, uint32_t *steps, uint32_t from, uint32_t to)
{
	const struct corridor_search *search = steer->search;
	uint32_t count = 0;
	for (uint32_t at = to; at != from; at = corridor_search_before(search, at))
		count++;
	uint32_t left = count;
	for (uint32_t at = to; steps && at != from; at = corridor_search_before(search, at))
		steps[--left] = steer->by_rank[corridor_search_segment(search, at)];
	return count;
}

/* --- memory --- */

static bool
take_stretches(struct corridor_steer *steer, size_t count)
{
	steer->background_bps = calloc(count, sizeof(*steer->background_bps));
	steer->laid_bps = calloc(count, sizeof(*steer->laid_bps));
	steer->capacity_bps = calloc(count, sizeof(*steer->capacity_bps));
	steer->room_bps = calloc(count, sizeof(*steer->room_bps));
	steer->limit_bps = calloc(count, sizeof(*steer->limit_bps));
	return steer->background_bps && steer->laid_bps && steer->capacity_bps && steer->room_bps &&
	       steer->limit_bps;
}

static bool
take_room(struct corridor_steer *steer)
{
	const struct corridor_steer_setting *s = &steer->setting;
	size_t segments = s->plan->hub->segment_count + 1;
	steer->choices = calloc(s->ingress_count * s->exit_count + 1, sizeof(*steer->choices));
	steer->policy_cost = calloc(s->policy_count + 1, sizeof(*steer->policy_cost));
	steer->calm_cost = calloc(s->policy_count + 1, sizeof(*steer->calm_cost));
	steer->cost = calloc(segments, sizeof(*steer->cost));
	steer->present = calloc(s->exit_count + 1, sizeof(*steer->present));
	steer->exit_cost = calloc(s->exit_count + 1, sizeof(*steer->exit_cost));
	steer->port_first = calloc(s->exit_count + 1, sizeof(*steer->port_first));
	steer->stays = calloc(s->ingress_count + 1, sizeof(*steer->stays));
	for (size_t i = 0; steer->policy_cost && steer->calm_cost && i < s->policy_count; i++) {
		steer->policy_cost[i] = calloc(segments, sizeof(*steer->cost));
		steer->calm_cost[i] = calloc(segments, sizeof(*steer->cost));
		if (!steer->policy_cost[i] || !steer->calm_cost[i])
			return false;
	}
	return steer->choices && steer->policy_cost && steer->calm_cost && steer->cost &&
	       steer->present && steer->exit_cost && steer->port_first && steer->stays &&
	       take_stretches(steer, segments + s->exit_count) && take_order(steer) &&
	       steer_take_keeps(steer);
}

static void
take_capacities(struct corridor_steer *steer)
{
	const struct corridor_steer_setting *s = &steer->setting;
	for (size_t i = 0; i < steer->hub->segment_count; i++) {
		double lit = steer->hub->segments[i].lit_tbps;
		steer->capacity_bps[i] =
			lit > 0 ? (uint64_t)(lit * 1e12 + 0.5) : s->plan->segments[i].capacity_bps;
	}
	for (uint32_t e = 0; e < s->exit_count; e++) {
		steer->port_first[e] = e;
		for (uint32_t i = 0; i < e && s->exits[e].capacity_bps; i++)
			if (s->exits[i].capacity_bps && s->exits[i].port == s->exits[e].port) {
				steer->port_first[e] = i;
				break;
			}
		/* Nothing that is laid comes near to it. */
		steer->capacity_bps[steer->hub->segment_count + e] =
			s->exits[e].capacity_bps ? s->exits[e].capacity_bps : UINT64_MAX;
	}
}

struct corridor_steer *
corridor_steer_new(const struct corridor_steer_setting *setting)
{
	assert(setting && setting->plan);
	if (!is_sound(setting)) {
		errno = EINVAL;
		return NULL;
	}
	struct corridor_steer *steer = calloc(1, sizeof(*steer));
	if (!steer)
		return NULL;
	steer->setting = *setting;
	steer->hub = setting->plan->hub;
	if (!take_room(steer)) {
		corridor_steer_free(steer);
		errno = ENOMEM;
		return NULL;
	}
	take_capacities(steer);
	return steer;
}

const struct corridor_steer_setting *
corridor_steer_setting_of(const struct corridor_steer *steer)
{
	return &steer->setting;
}

void
corridor_steer_free(struct corridor_steer *steer)
{
	if (!steer)
		return;
	const struct corridor_steer_setting *s = &steer->setting;
	for (size_t i = 0; steer->choices && i < s->ingress_count * s->exit_count; i++)
		free(steer->choices[i].steps);
	for (size_t i = 0; steer->policy_cost && i < s->policy_count; i++)
		free(steer->policy_cost[i]);
	for (size_t i = 0; steer->calm_cost && i < s->policy_count; i++)
		free(steer->calm_cost[i]);
	corridor_search_free(steer->search);
	corridor_graph_free(steer->graph);
	steer_free_keeps(steer);
	free(steer->by_rank);
	free(steer->turns);
	free(steer->ranked_cost);
	free(steer->choices);
	free(steer->stays);
	free(steer->port_first);
	free(steer->policy_cost);
	free(steer->calm_cost);
	free(steer->cost);
	free(steer->exit_cost);
	free(steer->present);
	free(steer->background_bps);
	free(steer->laid_bps);
	free(steer->capacity_bps);
	free(steer->room_bps);
	free(steer->limit_bps);
	free(steer);
}

bool
steer_reserve_steps(struct choice *choice, size_t count)
{
	if (count <= choice->step_room)
		return true;
	uint32_t *steps = realloc(choice->steps, count * sizeof(*steps));
	if (!steps)
		return false;
	choice->steps = steps;
	choice->step_room = (uint32_t)count;
	return true;
}

struct corridor_steer *
corridor_steer_copy(const struct corridor_steer *steer)
{
	struct corridor_steer *copy = corridor_steer_new(&steer->setting);
	size_t count = steer->setting.ingress_count * steer->setting.exit_count;
	for (size_t i = 0; copy && i < count; i++) {
		const struct choice *from = &steer->choices[i];
		struct choice *to = &copy->choices[i];
		if (!steer_reserve_steps(to, from->step_count)) {
			corridor_steer_free(copy);
			return NULL;
		}
		if (from->step_count)
			memcpy(to->steps, from->steps, from->step_count * sizeof(*to->steps));
		to->known = from->known;
		to->cost = from->cost;
		to->step_count = from->step_count;
		to->damping = from->damping;
		to->waits_for_other = from->waits_for_other;
	}
	if (copy) {
		memcpy(copy->stays, steer->stays,
		       steer->setting.ingress_count * sizeof(*copy->stays));
		copy->tried = steer->tried;
	}
	return copy;
}

bool
steer_leads_on(const struct corridor_steer *steer, size_t ingress, size_t exit)
{
	const struct corridor_steer_exit *x = &steer->setting.exits[exit];
	return x->everywhere &&
	       (!x->member.number ||
		x->member.number != steer->setting.ingresses[ingress].member.number);
}

uint32_t
corridor_steer_first(const struct corridor_steer *steer, size_t ingress)
{
	size_t exits = steer->setting.exit_count;
	const struct choice *choices = &steer->choices[ingress * exits];
	uint32_t first = HUB_NONE;
	for (uint32_t e = 0; e < exits; e++)
		if (choices[e].known && choices[e].cost != CORRIDOR_CLOSED &&
		    steer_leads_on(steer, ingress, e) &&
		    (first == HUB_NONE || choices[e].cost < choices[first].cost))
			first = e;
	return first;
}

/* --- choices --- */

static uint64_t
margin_of(const struct corridor_steer *steer, uint64_t cost)
{
	uint64_t percent = (cost & (STEER_COST_FULL - 1)) / 100 * steer->setting.margin_percent;
	uint64_t least = (uint64_t)steer->setting.margin_us * 1000;
	return percent > least ? percent : least;
}

bool
steer_is_better(const struct corridor_steer *steer, uint64_t cost, uint64_t than)
{
	if (steer_level(cost) != steer_level(than))
		return cost < than;
	return cost < than && than - cost > margin_of(steer, than);
}

/* What the search found as the way to an exit. */
static uint64_t
cost_found(const struct corridor_steer *steer, uint32_t exit)
{
	uint64_t cost = corridor_search_cost(steer->search, steer->setting.exits[exit].site);
	return cost == CORRIDOR_CLOSED ? cost : cost + steer->exit_cost[exit];
}

/* The way that the search found to an exit becomes the choice's. False without memory: it is closed. */
static bool
take_way(struct corridor_steer *steer, struct choice *choice, uint32_t from, uint32_t exit)
{
	uint32_t to = steer->setting.exits[exit].site;
	choice->step_count = 0;
	choice->cost = cost_found(steer, exit);
	if (choice->cost == CORRIDOR_CLOSED)
		return true;
	uint32_t count = steer_found(steer, NULL, from, to);
	if (!steer_reserve_steps(choice, count)) {
		choice->cost = CORRIDOR_CLOSED;
		return false;
	}
	choice->step_count = steer_found(steer, choice->steps, from, to);
	return true;
}

static bool
must_change(const struct choice *choice, uint64_t present, bool nothing_open, uint64_t found)
{
	return !choice->known || steer_level(present) > steer_level(choice->cost) ||
	       (nothing_open && present == CORRIDOR_CLOSED && found != CORRIDOR_CLOSED);
}

/* One choice, after the search. `nothing_open`: the ingress has no upstream at all, so what there is comes at
 * once, where there was nothing: ways that are open move no sooner for it. False without memory. */
static bool
decide(struct corridor_steer *steer, const struct corridor_steer_event *event,
       struct corridor_steer_outcome *outcome, size_t index, bool nothing_open)
{
	const struct corridor_steer_setting *s = &steer->setting;
	struct choice *choice = &steer->choices[index];
	uint32_t from = s->ingresses[index / s->exit_count].site;
	uint32_t exit = (uint32_t)(index % s->exit_count);
	uint64_t present = steer->present[exit], found = cost_found(steer, exit);
	if (must_change(choice, present, nothing_open, found)) {
		if (choice->known)
			corridor_damping_forced(&choice->damping, &s->damping, event->now_ms);
		/* The way itself may be the best there still is. */
		if (!choice->known || found < present || found == CORRIDOR_CLOSED) {
			outcome->moved++;
			outcome->forced++;
			choice->known = true;
			return take_way(steer, choice, from, exit);
		}
		outcome->renewed++;
		choice->cost = present;
		return true;
	}
	bool other = steer_is_better(steer, found, present);
	uint64_t target = other ? found : present;
	/* Among what is full it stays where all were placed together. */
	if (steer->stays[index / s->exit_count] && steer_level(target) > 0) {
		corridor_damping_none(&choice->damping);
		return true;
	}
	if (!other && !steer_is_better(steer, target, choice->cost) &&
	    !steer_is_better(steer, choice->cost, target)) {
		corridor_damping_none(&choice->damping);
		return true;
	}
	/* It waits for another way, or for another cost of the same: the time of the one is not the other's. */
	if (choice->waits_for_other != other)
		corridor_damping_none(&choice->damping);
	choice->waits_for_other = other;
	if (event->urgent)
		return true;
	/* Who is reached over that exit only is not kept waiting. */
	struct corridor_damping_rules rules = s->damping;
	if (choice->cost == CORRIDOR_CLOSED)
		rules.hold_ms = 0;
	switch (corridor_damping_better(&choice->damping, &rules, event->now_ms)) {
	case CORRIDOR_DAMPING_WAIT:
		outcome->waiting++;
		return true;
	case CORRIDOR_DAMPING_REFUSE:
		outcome->refused++;
		return true;
	case CORRIDOR_DAMPING_TAKE:
		break;
	}
	outcome->moved += other;
	outcome->renewed += !other;
	choice->cost = target;
	return !other || take_way(steer, choice, from, exit);
}

/* --- ingresses --- */

/* What each held way costs now. True when one has become worse than it was taken for, or is not known, or
 * no upstream is open. */
static bool
look_at_held(struct corridor_steer *steer, size_t ingress, bool *nothing_open)
{
	size_t exits = steer->setting.exit_count;
	const struct choice *choices = &steer->choices[ingress * exits];
	bool hit = false, any = false, open = false;
	for (uint32_t e = 0; e < exits; e++) {
		const struct steer_way way = {e, choices[e].steps, choices[e].step_count};
		steer->present[e] = choices[e].cost == CORRIDOR_CLOSED
					    ? CORRIDOR_CLOSED
					    : steer_cost_of_way(steer, &way);
		hit |= !choices[e].known ||
		       steer_level(steer->present[e]) > steer_level(choices[e].cost);
		any |= steer_leads_on(steer, ingress, e);
		open |= steer_leads_on(steer, ingress, e) && steer->present[e] != CORRIDOR_CLOSED;
	}
	*nothing_open = any && !open;
	return hit || *nothing_open;
}

static bool
waits_for_something(const struct corridor_steer *steer, size_t ingress)
{
	size_t exits = steer->setting.exit_count;
	for (size_t e = 0; e < exits; e++)
		if (steer->choices[ingress * exits + e].damping.waits)
			return true;
	return false;
}

/* All choices of an ingress. False without memory. */
static bool
decide_all(struct corridor_steer *steer, const struct corridor_steer_event *event,
	   struct corridor_steer_outcome *outcome, size_t ingress, bool nothing_open)
{
	const struct corridor_steer_setting *s = &steer->setting;
	bool whole = true;
	steer_compare_keeps(steer, steer->cost);
	for (uint32_t k = 0; k < steer->keep_count; k++) {
		/* Those that close nothing more have the ways of the first search, that of keep 0. */
		if (k && !steer->closes_more[k])
			continue;
		steer_search(steer, steer->cost, s->ingresses[ingress].site, k);
		for (size_t e = 0; e < s->exit_count; e++) {
			uint32_t keep = steer->exit_keep[e];
			if ((steer->closes_more[keep] ? keep : 0) == k)
				whole &= decide(steer, event, outcome, ingress * s->exit_count + e,
						nothing_open);
		}
	}
	return whole;
}

static bool
run_ingress(struct corridor_steer *steer, const struct corridor_steer_event *event,
	    struct corridor_steer_outcome *outcome, size_t ingress)
{
	bool whole = true, nothing_open;
	uint32_t first = corridor_steer_first(steer, ingress);
	steer_lay_ingress(steer, ingress, false);
	steer_price_ingress(steer, ingress);
	/* What waits for its time to come must still be better, or its time begins anew. */
	if (look_at_held(steer, ingress, &nothing_open) || !event->urgent ||
	    waits_for_something(steer, ingress)) {
		whole = decide_all(steer, event, outcome, ingress, nothing_open);
		outcome->searched++;
		outcome->turned += corridor_steer_first(steer, ingress) != first;
	}
	steer_lay_ingress(steer, ingress, true);
	return whole;
}

int
corridor_steer_run(struct corridor_steer *steer, const struct corridor_steer_event *event,
		   struct corridor_steer_outcome *outcome)
{
	assert(steer && event && event->live && outcome);
	bool whole = true;
	*outcome = (struct corridor_steer_outcome){0};
	steer_take_event(steer, event);
	for (size_t i = 0; i < steer->setting.ingress_count; i++)
		whole &= run_ingress(steer, event, outcome, steer->turns[i]);
	whole &= steer_place(steer, event, outcome) == 0;
	for (size_t i = 0; i < steer->setting.ingress_count; i++)
		outcome->lacking += corridor_steer_short_bps(steer, i) > 0;
	return whole ? 0 : -1;
}
