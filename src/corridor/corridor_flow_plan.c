/* The demands of a hub on the segments of a plan. */
#include "corridor/corridor_flow_plan.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_musts.h"

#define YEAR_S (365.25 * 86400)

double
corridor_demand_growth(const struct corridor_plan *plan, const struct hub_demand *demand,
		       struct utc_s now)
{
	double percent = isnan(demand->growth_percent) ? plan->hub->corridor.growth_percent
						       : demand->growth_percent;
	double years = plan->day.planned ? (double)(plan->day.at.s - now.s) / YEAR_S : 0;
	return pow(1 + percent / 100, years);
}

/* What a member was measured to have, the larger direction: between 1 % as counted. */
static struct corridor_fact
measured(const struct corridor_flow_ask *ask, uint32_t member)
{
	uint64_t in_bps, out_bps;
	const struct hub_basis seen = {
		.low = NAN, .high = NAN, .source = "measured", .confidence = HUB_SEEN};
	if (!ask->batch ||
	    !corridor_load_member(ask->plan->hub, ask->batch, member, &in_bps, &out_bps))
		return corridor_fact_of(NAN, &seen);
	return corridor_fact_of((double)(in_bps > out_bps ? in_bps : out_bps) / 1e9, &seen);
}

static void
take_demand(struct corridor_flow_case *out, const struct corridor_flow_ask *ask, size_t i)
{
	const struct hub_demand *demand = &ask->plan->hub->demands[i];
	struct corridor_fact fact = corridor_fact_of(demand->gbps, &demand->basis);
	out->states[i] = demand->measured ? CORRIDOR_DEMAND_MEASURED : CORRIDOR_DEMAND_TOLD;
	if (isnan(demand->gbps)) {
		fact = demand->member == HUB_NONE ? fact : measured(ask, demand->member);
		out->states[i] =
			isnan(fact.value) ? CORRIDOR_DEMAND_UNKNOWN : CORRIDOR_DEMAND_MEASURED;
	}
	double growth = corridor_demand_growth(ask->plan, demand, ask->now);
	fact.value *= growth;
	fact.low *= growth;
	fact.high *= growth;
	out->gbps[i] = fact;
}

static uint64_t
whole_bps(double bps)
{
	/* NAN compares false. */
	if (!(bps > 0))
		return 0;
	return bps < (double)CORRIDOR_FLOW_BPS_MAX ? (uint64_t)(bps + 0.5) : CORRIDOR_FLOW_BPS_MAX;
}

static double
at_outlook(const struct corridor_fact *fact, enum corridor_outlook outlook, bool demand)
{
	switch (outlook) {
	case CORRIDOR_AT_EASE:
		return demand ? fact->low : fact->high;
	case CORRIDOR_AT_WORST:
		return demand ? fact->high : fact->low;
	case CORRIDOR_ALL_LOW:
		return fact->low;
	case CORRIDOR_ALL_HIGH:
		return fact->high;
	case CORRIDOR_AS_TOLD:
	case CORRIDOR_CORNERS:
		break;
	}
	return fact->value;
}

static bool
same_avoid(const struct hub_demand *a, const struct hub_demand *b)
{
	return a->avoid_count == b->avoid_count &&
	       memcmp(a->avoid, b->avoid, a->avoid_count * sizeof(*a->avoid)) == 0;
}

/* Costs of those who avoid what this demand does. */
static uint64_t *
costs_avoiding(struct arena *arena, const struct corridor_flow_ask *ask,
	       const struct hub_demand *demand, const uint64_t *all)
{
	const struct corridor_plan *plan = ask->plan;
	size_t segments = plan->hub->segment_count;
	uint64_t *cost = arena_take(arena, (segments + 1) * sizeof(*cost));
	if (!cost)
		return NULL;
	memcpy(cost, all, segments * sizeof(*cost));
	for (size_t i = 0; i < demand->avoid_count; i++) {
		const struct corridor_relation *r = &plan->classes[CORRIDOR_COUNTRIES];
		uint32_t name = corridor_plan_name(plan, CORRIDOR_COUNTRIES, demand->avoid[i].code);
		for (uint32_t k = name == HUB_NONE ? 0 : r->first_segment[name];
		     name != HUB_NONE && k < r->first_segment[name + 1]; k++)
			cost[r->segments[k]] = CORRIDOR_CLOSED;
	}
	return cost;
}

/* Any way without what is not up is cheaper than one with it; as long as sums cannot overflow. */
static void
shun(uint64_t *cost, const struct corridor_flow_ask *ask)
{
	size_t segments = ask->plan->hub->segment_count, shunned = 0;
	for (size_t i = 0; ask->live && i < segments; i++)
		shunned += ask->live[i] != CORRIDOR_UP;
	if (!shunned)
		return;
	uint64_t most = ((uint64_t)1 << 62) / shunned, more = (uint64_t)1 << 52;
	for (size_t i = 0; i < segments; i++)
		if (ask->live[i] != CORRIDOR_UP && cost[i] != CORRIDOR_CLOSED)
			cost[i] += more < most ? more : most;
}

/* A class for each set of countries that demands avoid; class 0 avoids none. */
static int
take_classes(struct corridor_flow_case *out, struct arena *arena,
	     const struct corridor_flow_ask *ask, struct corridor_flow_demand *demands)
{
	const struct hub *hub = ask->plan->hub;
	const uint64_t **cost =
		arena_take(arena, (hub->demand_count + 1) * sizeof(const uint64_t *));
	const struct hub_demand **first =
		arena_take(arena, (hub->demand_count + 1) * sizeof(const struct hub_demand *));
	uint64_t *all = arena_take(arena, (hub->segment_count + 1) * sizeof(*all));
	if (!cost || !first || !all)
		return -1;
	corridor_plan_costs(all, ask->plan, ask->conditions, ask->measure);
	shun(all, ask);
	cost[0] = all;
	uint32_t count = 1;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *demand = &hub->demands[i];
		uint32_t class = demand->avoid_count ? 1 : 0;
		while (class && class < count && !same_avoid(first[class], demand))
			class ++;
		demands[i].class = class;
		if (class < count)
			continue;
		first[count] = demand;
		cost[count] = costs_avoiding(arena, ask, demand, all);
		if (!cost[count++])
			return -1;
	}
	out->instance.cost = cost;
	out->instance.class_count = count;
	return 0;
}

/* What a name of `over` stands for; HUB_NONE when that is nothing of the plan. */
static struct corridor_named
named_by(const struct corridor_plan *plan, const char *text)
{
	for (uint32_t i = 0; i < plan->hub->segment_count; i++)
		if (strcasecmp(plan->hub->segments[i].id, text) == 0)
			return (struct corridor_named){CORRIDOR_A_SEGMENT, i};
	static const enum corridor_class classes[] = {CORRIDOR_CABLES, CORRIDOR_RISKS,
						      CORRIDOR_COUNTRIES};
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		uint32_t name = corridor_plan_name(plan, classes[i], text);
		if (name != HUB_NONE)
			return (struct corridor_named){(enum corridor_kind)classes[i], name};
	}
	for (uint32_t i = 0; i < plan->hub->site_count; i++)
		if (strcasecmp(plan->hub->sites[i].id, text) == 0)
			return (struct corridor_named){CORRIDOR_A_SITE, i};
	return (struct corridor_named){CORRIDOR_A_SEGMENT, HUB_NONE};
}

/* What a demand is bound to. 0, or -1 without memory. */
static int
take_over(struct corridor_flow_demand *out, struct arena *arena, const struct corridor_plan *plan,
	  const struct hub_demand *demand)
{
	if (demand->over_count == 0)
		return 0;
	struct corridor_named required[CORRIDOR_MUSTS_MAX];
	struct corridor_conditions conditions = {.require = required};
	struct corridor_musts *musts = arena_take(arena, sizeof(*musts));
	for (size_t i = 0; i < demand->over_count && i < CORRIDOR_MUSTS_MAX; i++) {
		struct corridor_named named = named_by(plan, demand->over[i]);
		if (named.index != HUB_NONE)
			required[conditions.require_count++] = named;
	}
	if (!musts || corridor_musts_of(musts, arena, plan, &conditions) < 0)
		return -1;
	out->over = musts;
	out->fixed = demand->fixed;
	return 0;
}

int
corridor_flow_case_of(struct corridor_flow_case *out, struct arena *arena,
		      const struct corridor_flow_ask *ask, enum corridor_outlook outlook)
{
	assert(out && arena && ask && ask->plan && outlook < CORRIDOR_CORNERS);
	const struct corridor_plan *plan = ask->plan;
	size_t count = plan->hub->demand_count, segments = plan->hub->segment_count;
	uint64_t *capacity = arena_take(arena, (2 * segments + 1) * sizeof(*capacity));
	struct corridor_flow_demand *demands = arena_take(arena, (count + 1) * sizeof(*demands));
	struct corridor_groups *risks = arena_take(arena, sizeof(*risks));
	struct corridor_flow_case c = {
		.states = arena_take(arena, (count + 1) * sizeof(*c.states)),
		.gbps = arena_take(arena, (count + 1) * sizeof(*c.gbps)),
	};
	errno = ENOMEM;
	if (!capacity || !demands || !risks || !c.states || !c.gbps)
		return -1;
	for (size_t s = 0; s < segments; s++) {
		double tbps = at_outlook(&plan->segments[s].capacity_tbps, outlook, false);
		capacity[2 * s] = capacity[2 * s + 1] = whole_bps(tbps * 1e12);
	}
	for (size_t i = 0; i < count; i++) {
		take_demand(&c, ask, i);
		double gbps = at_outlook(&c.gbps[i], outlook, true);
		if (gbps * 1e9 > (double)CORRIDOR_FLOW_BPS_MAX) {
			errno = EOVERFLOW;
			return -1;
		}
		demands[i] = (struct corridor_flow_demand){
			.from = plan->hub->demands[i].from,
			.to = plan->hub->demands[i].to,
			.priority = plan->hub->demands[i].priority,
			.protect = plan->hub->demands[i].protect,
			.bps = whole_bps(gbps * 1e9),
			.whole = ask->unsplit || !plan->hub->demands[i].split,
		};
		if (take_over(&demands[i], arena, plan, &plan->hub->demands[i]) < 0)
			return -1;
	}
	if (take_classes(&c, arena, ask, demands) < 0)
		return -1;
	const struct corridor_relation *r = &plan->classes[CORRIDOR_RISKS];
	*risks = (struct corridor_groups){r->count, r->first, r->of};
	c.instance.groups = risks;
	c.instance.graph = plan->graph;
	c.instance.capacity_bps = capacity;
	c.instance.demands = demands;
	c.instance.demand_count = count;
	*out = c;
	return 0;
}

const struct corridor_flow *
corridor_flow_cheapest(struct corridor_flow_work **work, bool *optimal,
		       const struct corridor_flow_instance *instance)
{
	enum { FILLED_WAYS = 8 };
	assert(work && optimal && instance);
	*work = corridor_flow_new(instance, 1);
	if (*work)
		corridor_flow_let_split(*work);
	const struct corridor_flow *flow =
		*work ? corridor_flow_solve(*work, CORRIDOR_FLOW_COST, NULL) : NULL;
	*optimal = flow != NULL;
	if (!*work || flow || errno != ENOTSUP)
		return flow;
	corridor_flow_free(*work);
	*work = corridor_flow_new(instance, FILLED_WAYS);
	return *work ? corridor_flow_solve(*work, CORRIDOR_FLOW_FAIR, NULL) : NULL;
}
