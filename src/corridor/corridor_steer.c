/* Which exits, by which ways. One search from each ingress finds the ways to all exits. */
#include "corridor/corridor_steer.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_steer_parts.h"

/* Nanoseconds of light along a centimetre of fibre (refractive index 1.468). */
static const double NS_PER_CM = 1.468 / 29.9792458;

/* What single parts of a segment's cost come to at most, so that neither reaches what is full. */
enum { NS_MAX = 1 << 30 };

static uint64_t
ns_of(double ns)
{
	return ns > 0 ? (uint64_t)fmin(ns, NS_MAX) : 0;
}

uint32_t
corridor_steer_latency_us(const struct corridor_plan *plan, const uint32_t *steps, size_t count)
{
	uint64_t cm = 0;
	for (size_t i = 0; i < count; i++)
		cm += plan->segments[steps[i]].length_cm;
	double us = round((double)cm * NS_PER_CM / 1000);
	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

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

static bool
take_room(struct corridor_steer *steer)
{
	const struct corridor_steer_setting *s = &steer->setting;
	size_t segments = s->plan->hub->segment_count + 1;
	steer->search = corridor_search_new(s->plan->graph);
	steer->choices = calloc(s->ingress_count * s->exit_count + 1, sizeof(*steer->choices));
	steer->policy_cost = calloc(s->policy_count + 1, sizeof(*steer->policy_cost));
	steer->calm_cost = calloc(s->policy_count + 1, sizeof(*steer->calm_cost));
	steer->cost = calloc(segments, sizeof(*steer->cost));
	steer->present = calloc(s->exit_count + 1, sizeof(*steer->present));
	steer->background_bps = calloc(segments, sizeof(*steer->background_bps));
	steer->laid_bps = calloc(segments, sizeof(*steer->laid_bps));
	steer->capacity_bps = calloc(segments, sizeof(*steer->capacity_bps));
	steer->room_bps = calloc(segments, sizeof(*steer->room_bps));
	for (size_t i = 0; steer->policy_cost && steer->calm_cost && i < s->policy_count; i++) {
		steer->policy_cost[i] = calloc(segments, sizeof(*steer->cost));
		steer->calm_cost[i] = calloc(segments, sizeof(*steer->cost));
		if (!steer->policy_cost[i] || !steer->calm_cost[i])
			return false;
	}
	return steer->search && steer->choices && steer->policy_cost && steer->calm_cost &&
	       steer->cost && steer->present && steer->background_bps && steer->laid_bps &&
	       steer->capacity_bps;
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
	for (size_t i = 0; i < setting->plan->hub->segment_count; i++) {
		double lit = setting->plan->hub->segments[i].lit_tbps;
		steer->capacity_bps[i] = lit > 0 ? (uint64_t)(lit * 1e12 + 0.5)
						 : setting->plan->segments[i].capacity_bps;
	}
	return steer;
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
	free(steer->choices);
	free(steer->policy_cost);
	free(steer->calm_cost);
	free(steer->cost);
	free(steer->present);
	free(steer->background_bps);
	free(steer->laid_bps);
	free(steer->capacity_bps);
	free(steer->room_bps);
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
	}
	return copy;
}

/* May what comes in there go anywhere over that exit? */
static bool
leads_on(const struct corridor_steer *steer, size_t ingress, size_t exit)
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
		    leads_on(steer, ingress, e) &&
		    (first == HUB_NONE || choices[e].cost < choices[first].cost))
			first = e;
	return first;
}

/* --- what segments cost now --- */

/* What load costs: nothing up to half of the limit, then in a straight line. In sixteenths, so that a
 * load that trembles is the same. */
static double
strain_of(const struct corridor_steer *steer, const struct corridor_steer_policy *policy,
	  uint32_t segment)
{
	double limit = (double)steer->room_bps[segment] * policy->limit_percent / 100;
	double part = limit > 0 ? (double)steer->background_bps[segment] / limit : 0;
	return floor(fmin(fmax(2 * part - 1, 0), 1) * 16) / 16;
}

static void
price_policy(struct corridor_steer *steer, size_t index, const enum corridor_live *live)
{
	const struct corridor_plan *plan = steer->setting.plan;
	const struct corridor_steer_policy *policy = &steer->setting.policies[index];
	uint64_t *cost = steer->policy_cost[index], *calm = steer->calm_cost[index];
	corridor_plan_costs(cost, plan, policy->conditions, CORRIDOR_BY_LENGTH);
	for (uint32_t s = 0; s < plan->hub->segment_count; s++) {
		if (cost[s] == CORRIDOR_CLOSED || live[s] == CORRIDOR_CUT) {
			cost[s] = calm[s] = CORRIDOR_CLOSED;
			continue;
		}
		const struct corridor_segment *segment = &plan->segments[s];
		double light = segment->length_cm * NS_PER_CM * policy->latency_percent / 100;
		double price = segment->price.value * policy->price_us * 1000;
		double load = strain_of(steer, policy, s) * policy->load_us * 1000;
		calm[s] = 1 + ns_of(light) + ns_of(price);
		if (live[s] != CORRIDOR_UP)
			calm[s] += STEER_COST_DRAINED;
		cost[s] = calm[s] + ns_of(load);
	}
}

/* --- what is laid on segments --- */

static void
lay(struct corridor_steer *steer, const struct choice *choice, uint64_t bps, bool on)
{
	for (uint32_t i = 0; i < choice->step_count; i++)
		steer->laid_bps[choice->steps[i]] += on ? bps : -bps;
}

static void
lay_ingress(struct corridor_steer *steer, size_t ingress, bool on)
{
	uint32_t first = corridor_steer_first(steer, ingress);
	if (first != HUB_NONE)
		lay(steer, &steer->choices[ingress * steer->setting.exit_count + first],
		    steer->setting.ingresses[ingress].bps, on);
}

static void
take_event(struct corridor_steer *steer, const struct corridor_steer_event *event)
{
	const struct corridor_steer_setting *s = &steer->setting;
	for (size_t i = 0; i < s->plan->hub->segment_count; i++) {
		uint32_t percent = event->share_percent ? event->share_percent[i] : 100;
		steer->room_bps[i] = steer->capacity_bps[i] / 100 * percent +
				     steer->capacity_bps[i] % 100 * percent / 100;
		steer->background_bps[i] = event->load_bps ? event->load_bps[i] : 0;
	}
	for (size_t i = 0; i < s->policy_count; i++)
		price_policy(steer, i, event->live);
	memcpy(steer->laid_bps, steer->background_bps,
	       s->plan->hub->segment_count * sizeof(*steer->laid_bps));
	for (size_t i = 0; i < s->ingress_count; i++)
		lay_ingress(steer, i, true);
}

static bool
has_no_room(const struct corridor_steer *steer, const struct corridor_steer_policy *policy,
	    uint32_t segment, uint64_t bps)
{
	double limit = (double)steer->room_bps[segment] * policy->limit_percent / 100;
	return (double)steer->laid_bps[segment] + (double)bps > limit;
}

/* --- choices --- */

static uint64_t
cost_of_way(const struct corridor_steer *steer, const struct choice *choice)
{
	uint64_t cost = 0;
	if (choice->cost == CORRIDOR_CLOSED)
		return CORRIDOR_CLOSED;
	for (uint32_t i = 0; i < choice->step_count; i++) {
		uint64_t step = steer->cost[choice->steps[i]];
		if (step == CORRIDOR_CLOSED)
			return CORRIDOR_CLOSED;
		cost += step;
	}
	return cost;
}

static uint64_t
margin_of(const struct corridor_steer *steer, uint64_t cost)
{
	uint64_t percent = (cost & (STEER_COST_FULL - 1)) / 100 * steer->setting.margin_percent;
	uint64_t least = (uint64_t)steer->setting.margin_us * 1000;
	return percent > least ? percent : least;
}

static bool
is_better(const struct corridor_steer *steer, uint64_t cost, uint64_t than)
{
	if (steer_level(cost) != steer_level(than))
		return cost < than;
	return cost < than && than - cost > margin_of(steer, than);
}

/* The way that the search found to a site becomes the choice's. False without memory: it is closed. */
static bool
take_way(struct corridor_steer *steer, struct choice *choice, uint32_t from, uint32_t to)
{
	size_t count = 0;
	choice->step_count = 0;
	choice->cost = corridor_search_cost(steer->search, to);
	if (choice->cost == CORRIDOR_CLOSED)
		return true;
	for (uint32_t at = to; at != from; at = corridor_search_before(steer->search, at))
		count++;
	if (!steer_reserve_steps(choice, count)) {
		choice->cost = CORRIDOR_CLOSED;
		return false;
	}
	choice->step_count = (uint32_t)count;
	for (uint32_t at = to; at != from; at = corridor_search_before(steer->search, at))
		choice->steps[--count] = corridor_search_segment(steer->search, at);
	return true;
}

static bool
must_change(const struct choice *choice, uint64_t present, bool nothing_open, uint64_t found)
{
	return !choice->known || steer_level(present) > steer_level(choice->cost) ||
	       (nothing_open && found != CORRIDOR_CLOSED);
}

/* One choice, after the search. `nothing_open`: the ingress has no upstream at all, so what there is comes at
 * once. False without memory. */
static bool
decide(struct corridor_steer *steer, const struct corridor_steer_event *event,
       struct corridor_steer_outcome *outcome, size_t index, bool nothing_open)
{
	const struct corridor_steer_setting *s = &steer->setting;
	struct choice *choice = &steer->choices[index];
	uint32_t from = s->ingresses[index / s->exit_count].site;
	uint32_t to = s->exits[index % s->exit_count].site;
	uint64_t present = steer->present[index % s->exit_count];
	uint64_t found = corridor_search_cost(steer->search, to);
	if (must_change(choice, present, nothing_open, found)) {
		if (choice->known)
			corridor_damping_forced(&choice->damping, &s->damping, event->now_ms);
		/* The way itself may be the best there still is. */
		if (!choice->known || found < present || found == CORRIDOR_CLOSED) {
			outcome->moved++;
			outcome->forced++;
			choice->known = true;
			return take_way(steer, choice, from, to);
		}
		outcome->renewed++;
		choice->cost = present;
		return true;
	}
	if (event->urgent)
		return true;
	bool other = is_better(steer, found, present);
	uint64_t target = other ? found : present;
	if (!other && !is_better(steer, target, choice->cost) &&
	    !is_better(steer, choice->cost, target)) {
		corridor_damping_none(&choice->damping);
		return true;
	}
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
	return !other || take_way(steer, choice, from, to);
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
	for (size_t e = 0; e < exits; e++) {
		steer->present[e] = cost_of_way(steer, &choices[e]);
		hit |= !choices[e].known ||
		       steer_level(steer->present[e]) > steer_level(choices[e].cost);
		any |= leads_on(steer, ingress, e);
		open |= leads_on(steer, ingress, e) && steer->present[e] != CORRIDOR_CLOSED;
	}
	*nothing_open = any && !open;
	return hit || *nothing_open;
}

static bool
run_ingress(struct corridor_steer *steer, const struct corridor_steer_event *event,
	    struct corridor_steer_outcome *outcome, size_t ingress)
{
	const struct corridor_steer_setting *s = &steer->setting;
	const struct corridor_steer_ingress *in = &s->ingresses[ingress];
	bool whole = true, nothing_open;
	uint32_t first = corridor_steer_first(steer, ingress);
	lay_ingress(steer, ingress, false);
	memcpy(steer->cost, steer->policy_cost[in->policy],
	       s->plan->hub->segment_count * sizeof(*steer->cost));
	for (uint32_t i = 0; i < s->plan->hub->segment_count; i++)
		if (steer->cost[i] != CORRIDOR_CLOSED &&
		    has_no_room(steer, &s->policies[in->policy], i, in->bps))
			steer->cost[i] += STEER_COST_FULL;
	if (look_at_held(steer, ingress, &nothing_open) || !event->urgent) {
		corridor_search_run(steer->search, steer->cost, in->site, HUB_NONE);
		outcome->searched++;
		for (size_t e = 0; e < s->exit_count; e++)
			whole &= decide(steer, event, outcome, ingress * s->exit_count + e,
					nothing_open);
		outcome->turned += corridor_steer_first(steer, ingress) != first;
	}
	lay_ingress(steer, ingress, true);
	return whole;
}

int
corridor_steer_run(struct corridor_steer *steer, const struct corridor_steer_event *event,
		   struct corridor_steer_outcome *outcome)
{
	assert(steer && event && event->live && outcome);
	bool whole = true;
	*outcome = (struct corridor_steer_outcome){0};
	take_event(steer, event);
	for (size_t i = 0; i < steer->setting.ingress_count; i++)
		whole &= run_ingress(steer, event, outcome, i);
	return whole ? 0 : -1;
}
