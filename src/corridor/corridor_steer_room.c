/* What segments and exits carry and cost, and how much room is left on them.
 *
 * Exits have room too: the port that a session is on. So that both are reckoned alike, ports of upstreams stand
 * behind the segments, as stretches from their sites to the world outside:
 *
 *   0 ... segments - 1 | segments + the first exit on the port */
#include <math.h>
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

/* --- costs --- */

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

/* --- what is laid --- */

uint32_t
steer_door(const struct corridor_steer *steer, uint32_t exit)
{
	return (uint32_t)steer->hub->segment_count + steer->port_first[exit];
}

void
steer_lay(struct corridor_steer *steer, const struct steer_way *way, uint64_t bps, bool on)
{
	uint64_t more = on ? bps : -bps;
	for (uint32_t i = 0; i < way->step_count; i++)
		steer->laid_bps[way->steps[i]] += more;
	steer->laid_bps[steer_door(steer, way->exit)] += more;
}

struct steer_way
steer_first_way(const struct corridor_steer *steer, size_t ingress)
{
	uint32_t first = corridor_steer_first(steer, ingress);
	if (first == HUB_NONE)
		return (struct steer_way){.exit = HUB_NONE};
	const struct choice *choice = &steer->choices[ingress * steer->setting.exit_count + first];
	return (struct steer_way){first, choice->steps, choice->step_count};
}

void
steer_lay_ingress(struct corridor_steer *steer, size_t ingress, bool on)
{
	struct steer_way way = steer_first_way(steer, ingress);
	if (way.exit != HUB_NONE)
		steer_lay(steer, &way, steer->setting.ingresses[ingress].bps, on);
}

static uint32_t
lowest_limit_percent(const struct corridor_steer_setting *s)
{
	uint32_t percent = 100;
	for (size_t i = 0; i < s->policy_count; i++)
		if (s->policies[i].limit_percent < percent)
			percent = s->policies[i].limit_percent;
	return percent;
}

static uint64_t
percent_of(uint64_t bps, uint32_t percent)
{
	return bps / 100 * percent + bps % 100 * percent / 100;
}

void
steer_take_event(struct corridor_steer *steer, const struct corridor_steer_event *event)
{
	const struct corridor_steer_setting *s = &steer->setting;
	size_t segments = s->plan->hub->segment_count, stretches = segments + s->exit_count;
	uint32_t limit_percent = lowest_limit_percent(s);
	memset(steer->background_bps, 0, stretches * sizeof(*steer->background_bps));
	for (size_t i = 0; i < segments; i++) {
		uint32_t percent = event->share_percent ? event->share_percent[i] : 100;
		steer->room_bps[i] = percent_of(steer->capacity_bps[i], percent);
		steer->background_bps[i] = event->load_bps ? event->load_bps[i] : 0;
	}
	for (size_t i = segments; i < stretches; i++)
		steer->room_bps[i] = steer->capacity_bps[i];
	for (size_t i = 0; i < stretches; i++)
		steer->limit_bps[i] = percent_of(steer->room_bps[i], limit_percent);
	for (size_t i = 0; i < s->policy_count; i++)
		price_policy(steer, i, event->live);
	memcpy(steer->laid_bps, steer->background_bps, stretches * sizeof(*steer->laid_bps));
	for (size_t i = 0; i < s->ingress_count; i++)
		steer_lay_ingress(steer, i, true);
}

/* --- room --- */

static bool
has_no_room(const struct corridor_steer *steer, const struct corridor_steer_policy *policy,
	    uint32_t stretch, uint64_t bps)
{
	double limit = (double)steer->room_bps[stretch] * policy->limit_percent / 100;
	return (double)steer->laid_bps[stretch] + (double)bps > limit;
}

void
steer_price_ingress(struct corridor_steer *steer, size_t ingress)
{
	const struct corridor_steer_setting *s = &steer->setting;
	const struct corridor_steer_ingress *in = &s->ingresses[ingress];
	const struct corridor_steer_policy *policy = &s->policies[in->policy];
	memcpy(steer->cost, steer->policy_cost[in->policy],
	       s->plan->hub->segment_count * sizeof(*steer->cost));
	for (uint32_t i = 0; i < s->plan->hub->segment_count; i++)
		if (steer->cost[i] != CORRIDOR_CLOSED && has_no_room(steer, policy, i, in->bps))
			steer->cost[i] += STEER_COST_FULL;
	for (uint32_t e = 0; e < s->exit_count; e++)
		steer->exit_cost[e] =
			s->exits[e].everywhere &&
					has_no_room(steer, policy, steer_door(steer, e), in->bps)
				? STEER_COST_FULL
				: 0;
}

uint64_t
steer_cost_of_way(const struct corridor_steer *steer, const struct steer_way *way)
{
	uint64_t cost = steer->exit_cost[way->exit];
	if (!steer_may_lead(steer, way))
		return CORRIDOR_CLOSED;
	for (uint32_t i = 0; i < way->step_count; i++) {
		uint64_t step = steer->cost[way->steps[i]];
		if (step == CORRIDOR_CLOSED)
			return CORRIDOR_CLOSED;
		cost += step;
	}
	return cost;
}

uint64_t
corridor_steer_laid_bps(const struct corridor_steer *steer, uint32_t segment)
{
	return steer->laid_bps[segment];
}

static uint32_t
filled_percent(const struct corridor_steer *steer, uint32_t stretch)
{
	double laid = (double)steer->laid_bps[stretch], limit = (double)steer->limit_bps[stretch];
	if (laid <= 0)
		return 0;
	/* What is over by a bit/s is over. */
	return limit > 0 ? (uint32_t)fmin(ceil(100 * laid / limit), UINT32_MAX / 2)
			 : UINT32_MAX / 2;
}

uint32_t
corridor_steer_filled_percent(const struct corridor_steer *steer, uint32_t segment)
{
	return filled_percent(steer, segment);
}

uint32_t
corridor_steer_exit_filled_percent(const struct corridor_steer *steer, uint32_t exit)
{
	return filled_percent(steer, steer_door(steer, exit));
}

bool
corridor_steer_is_over(const struct corridor_steer *steer, uint32_t segment)
{
	return filled_percent(steer, segment) > 100;
}

/* What part of all that is on a stretch finds room there. */
static double
part_through(const struct corridor_steer *steer, uint32_t stretch)
{
	uint64_t laid = steer->laid_bps[stretch], limit = steer->limit_bps[stretch];
	return laid > limit ? (double)limit / (double)laid : 1;
}

uint64_t
corridor_steer_short_bps(const struct corridor_steer *steer, size_t ingress)
{
	struct steer_way way = steer_first_way(steer, ingress);
	uint64_t bps = steer->setting.ingresses[ingress].bps;
	if (way.exit != HUB_NONE)
		return steer_short_on(steer, &way, bps);
	for (size_t e = 0; e < steer->setting.exit_count; e++)
		if (steer_leads_on(steer, ingress, e))
			return bps;
	return 0;
}

uint64_t
steer_short_on(const struct corridor_steer *steer, const struct steer_way *way, uint64_t bps)
{
	if (way->exit == HUB_NONE)
		return 0;
	double part = part_through(steer, steer_door(steer, way->exit));
	for (uint32_t i = 0; i < way->step_count; i++)
		part = fmin(part, part_through(steer, way->steps[i]));
	return part < 1 ? (uint64_t)ceil((double)bps * (1 - part)) : 0;
}
