/* The setting of steering out of a hub's picture. */
#include "corridor/corridor_steer_hub.h"

#include <stdlib.h>

#include "corridor/corridor_load.h"

/* For everybody, but for what is avoided. */
enum {
	LOAD_US = 2000,     /* a full segment is worth two milliseconds of detour */
	LIMIT_PERCENT = 90, /* of a segment's capacity */
	HOLD_MS = 30000,    /* what is better is taken after half a minute */
	HALF_LIFE_MS = 900000,
	MOVES = 4,
	MARGIN_PERCENT = 5,
	MARGIN_US = 500,
};

/* Is it a session of the hub's own AS, at a site that the graph knows of? Where no segment ends, nothing is
 * known of ways: such a session is left to plain BGP, not closed. */
static bool
is_exit(const struct corridor_plan *plan, const struct hub_session *session)
{
	uint32_t site = plan->hub->ports[session->port].site;
	return session->enabled && session->transit != HUB_AS_NONE && site != HUB_NONE &&
	       plan->graph->first_arc[site] < plan->graph->first_arc[site + 1];
}

/* Countries that a member's demands avoid, once each, into *conditions. False without memory. */
static bool
take_avoided(struct corridor_conditions *conditions, const struct corridor_plan *plan,
	     uint32_t member, struct arena *arena)
{
	const struct hub *hub = plan->hub;
	size_t names = plan->classes[CORRIDOR_COUNTRIES].count;
	bool *seen = arena_take(arena, names + 1);
	uint32_t *avoid = arena_take(arena, (names + 1) * sizeof(*avoid));
	if (!seen || !avoid)
		return false;
	size_t count = 0;
	for (size_t d = 0; d < hub->demand_count; d++) {
		const struct hub_demand *demand = &hub->demands[d];
		for (size_t i = 0; demand->member == member && i < demand->avoid_count; i++) {
			uint32_t name =
				corridor_plan_name(plan, CORRIDOR_COUNTRIES, demand->avoid[i].code);
			if (name == HUB_NONE || seen[name])
				continue;
			seen[name] = true;
			avoid[count++] = name;
		}
	}
	conditions->avoid[CORRIDOR_COUNTRIES] = avoid;
	conditions->avoid_count[CORRIDOR_COUNTRIES] = count;
	return true;
}

static bool
avoids_something(const struct hub *hub, uint32_t member)
{
	for (size_t d = 0; d < hub->demand_count; d++)
		if (hub->demands[d].member == member && hub->demands[d].avoid_count)
			return true;
	return false;
}

/* Policy 0 is everybody's; a member that avoids something has one of its own. `of` is the policy of each
 * member. False without memory. */
static bool
take_policies(struct corridor_steer_hub *out, uint32_t *of, const struct corridor_plan *plan,
	      struct arena *arena)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_policy *policies =
		arena_take(arena, (hub->member_count + 1) * sizeof(*policies));
	if (!policies)
		return false;
	policies[0] = (struct corridor_steer_policy){
		.latency_percent = 100, .load_us = LOAD_US, .limit_percent = LIMIT_PERCENT};
	size_t count = 1;
	for (uint32_t m = 0; m < hub->member_count; m++) {
		if (!avoids_something(hub, m))
			continue;
		struct corridor_conditions *conditions = arena_take(arena, sizeof(*conditions));
		if (!conditions || !take_avoided(conditions, plan, m, arena))
			return false;
		policies[count] = policies[0];
		policies[count].conditions = conditions;
		of[m] = (uint32_t)count++;
	}
	out->setting.policies = policies;
	out->setting.policy_count = count;
	return true;
}

/* A place of a member, to be sorted. */
struct place {
	struct corridor_steer_ingress ingress;
	uint32_t member;
};

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->ingress.site != y->ingress.site)
		return x->ingress.site < y->ingress.site ? -1 : 1;
	uint32_t m = x->ingress.member.number, n = y->ingress.member.number;
	return m < n ? -1 : m > n;
}

/* Every exit's member at its site, and all others there; each once. */
static bool
take_ingresses(struct corridor_steer_hub *out, const uint32_t *policy_of,
	       const struct corridor_plan *plan, struct arena *arena)
{
	const struct hub *hub = plan->hub;
	size_t count = 0, room = 2 * hub->session_count + 1;
	struct place *places = arena_take(arena, room * sizeof(*places));
	out->ingresses = arena_take(arena, room * sizeof(*out->ingresses));
	out->member = arena_take(arena, room * sizeof(*out->member));
	if (!places || !out->ingresses || !out->member)
		return false;
	for (size_t i = 0; i < hub->session_count; i++) {
		const struct hub_session *session = &hub->sessions[i];
		if (!is_exit(plan, session))
			continue;
		uint32_t site = hub->ports[session->port].site, m = session->member;
		places[count++] = (struct place){{.site = site}, HUB_NONE};
		places[count++] = (struct place){{site, hub->members[m].asn, policy_of[m], 0}, m};
	}
	qsort(places, count, sizeof(*places), by_place);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (i && by_place(&places[i - 1], &places[i]) == 0)
			continue;
		out->ingresses[kept] = places[i].ingress;
		out->member[kept++] = places[i].member;
	}
	out->setting.ingresses = out->ingresses;
	out->setting.ingress_count = kept;
	return true;
}

static bool
take_exits(struct corridor_steer_hub *out, const struct corridor_plan *plan, struct arena *arena)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_exit *exits =
		arena_take(arena, (hub->session_count + 1) * sizeof(*exits));
	if (!exits)
		return false;
	size_t count = 0;
	for (size_t i = 0; i < hub->session_count; i++)
		if (is_exit(plan, &hub->sessions[i]))
			exits[count++] = (struct corridor_steer_exit){
				.session = hub->sessions[i].id,
				.site = hub->ports[hub->sessions[i].port].site,
				.member = hub->members[hub->sessions[i].member].asn,
				.everywhere = hub->sessions[i].transit == HUB_AS_UPSTREAM};
	out->setting.exits = exits;
	out->setting.exit_count = count;
	return true;
}

int
corridor_steer_of_hub(struct corridor_steer_hub *out, const struct corridor_plan *plan,
		      struct arena *arena)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_hub made = {
		.setting = {.plan = plan,
			    .damping = {HOLD_MS, HALF_LIFE_MS, MOVES},
			    .margin_percent = MARGIN_PERCENT,
			    .margin_us = MARGIN_US},
	};
	uint32_t *policy_of = arena_take(arena, (hub->member_count + 1) * sizeof(*policy_of));
	if (!policy_of || !take_policies(&made, policy_of, plan, arena) ||
	    !take_exits(&made, plan, arena) || !take_ingresses(&made, policy_of, plan, arena))
		return -1;
	*out = made;
	return 0;
}

static bool
is_laid_by_contract(const struct hub *hub, uint32_t member, struct utc_s now)
{
	for (size_t i = 0; i < hub->contract_count; i++)
		if (hub->contracts[i].member == member && hub->contracts[i].segment_count &&
		    corridor_contract_in_force(&hub->contracts[i], now))
			return true;
	return false;
}

static uint64_t
brought_by(const struct hub *hub, uint32_t member, const struct traffic_batch *batch,
	   struct utc_s now)
{
	double gbps = 0;
	uint64_t in = 0, out = 0;
	if (is_laid_by_contract(hub, member, now))
		return 0;
	for (size_t i = 0; i < hub->demand_count; i++)
		if (hub->demands[i].member == member && hub->demands[i].gbps > 0)
			gbps += hub->demands[i].gbps;
	if (gbps > 0)
		return gbps < 1e9 ? (uint64_t)(gbps * 1e9 + 0.5) : 0;
	if (!batch || !corridor_load_member(hub, batch, member, &in, &out))
		return 0;
	return in > out ? in : out;
}

void
corridor_steer_measure(struct corridor_steer_hub *steer, const struct traffic_batch *batch,
		       struct utc_s now)
{
	const struct hub *hub = steer->setting.plan->hub;
	for (size_t i = 0; i < steer->setting.ingress_count; i++) {
		uint64_t places = 0;
		if (steer->member[i] == HUB_NONE)
			continue;
		for (size_t k = 0; k < steer->setting.ingress_count; k++)
			places += steer->member[k] == steer->member[i];
		steer->ingresses[i].bps = brought_by(hub, steer->member[i], batch, now) / places;
	}
}
