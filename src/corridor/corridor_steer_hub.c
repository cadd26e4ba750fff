/* The setting of steering out of a hub's picture. */
#include "corridor/corridor_steer_hub.h"

#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_avoided.h"
#include "corridor/corridor_load.h"

/* Is it a session of the hub's own AS, at a site that the graph knows of? Where no segment ends, nothing is
 * known of ways: such a session is left to plain BGP, not closed. */
static bool
is_exit(const struct corridor_plan *plan, const struct hub_session *session)
{
	uint32_t site = plan->hub->ports[session->port].site;
	return session->enabled && session->transit != HUB_AS_NONE && site != HUB_NONE &&
	       plan->graph->first_arc[site] < plan->graph->first_arc[site + 1];
}

/* Countries that a member avoids, into *conditions. False without memory. */
static bool
take_avoided(struct corridor_conditions *conditions, const struct corridor_plan *plan,
	     uint32_t member, struct arena *arena)
{
	struct corridor_avoided avoided;
	if (corridor_avoided_by(&avoided, arena, plan->hub, member) < 0)
		return false;
	uint32_t *names = arena_take(arena, (avoided.count + 1) * sizeof(*names));
	size_t count = 0;
	if (!names)
		return false;
	for (size_t i = 0; i < avoided.count; i++) {
		names[count] =
			corridor_plan_name(plan, CORRIDOR_COUNTRIES, avoided.countries[i].code);
		count += names[count] != HUB_NONE;
	}
	conditions->avoid[CORRIDOR_COUNTRIES] = names;
	conditions->avoid_count[CORRIDOR_COUNTRIES] = count;
	return true;
}

static bool
wants_its_own(const struct hub *hub, uint32_t member)
{
	if (corridor_steering_of(hub, member))
		return true;
	for (size_t d = 0; d < hub->demand_count; d++)
		if (hub->demands[d].member == member && hub->demands[d].avoid_count)
			return true;
	return false;
}

static struct corridor_steer_policy
policy_of(const struct hub_steering_policy *policy)
{
	return (struct corridor_steer_policy){
		.latency_percent = policy->latency_percent,
		.price_us = policy->price_us,
		.load_us = policy->load_us,
		.limit_percent = policy->limit_percent,
		.diverse = policy->diverse,
	};
}

/* Policy 0 is everybody's; a member that wants something else has one of its own. `of` is the policy of
 * each member. False without memory. */
static bool
take_policies(struct corridor_steer_hub *out, uint32_t *of, const struct corridor_plan *plan,
	      struct arena *arena)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_policy *policies =
		arena_take(arena, (hub->member_count + 1) * sizeof(*policies));
	if (!policies)
		return false;
	policies[0] = policy_of(&hub->steering.policy);
	size_t count = 1;
	for (uint32_t m = 0; m < hub->member_count; m++) {
		if (!wants_its_own(hub, m))
			continue;
		const struct hub_steering_member *own = corridor_steering_of(hub, m);
		struct corridor_conditions *conditions = arena_take(arena, sizeof(*conditions));
		if (!conditions || !take_avoided(conditions, plan, m, arena))
			return false;
		policies[count] = own ? policy_of(&own->policy) : policies[0];
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
take_ingresses(struct corridor_steer_hub *out, const uint32_t *policies,
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
		places[count++] = (struct place){{site, hub->members[m].asn, policies[m], 0}, m};
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

static int
by_session(const void *a, const void *b)
{
	const struct corridor_steer_exit *x = a, *y = b;
	return strcmp(x->session, y->session);
}

/* What is avoided on the ways to a session: what its member avoids, customer or peer, for it is their traffic both
 * ways. What goes to an upstream or a router of the hub is others', and kept to what those avoid. */
static const struct corridor_conditions *
avoided_behind(const struct corridor_steer_hub *steer, const uint32_t *policies,
	       const struct hub_session *session)
{
	bool own = session->transit == HUB_AS_CUSTOMER || session->transit == HUB_AS_PEER;
	return own ? steer->setting.policies[policies[session->member]].conditions : NULL;
}

/* By session, so that the rows of the hub file may stand in any order. */
static bool
take_exits(struct corridor_steer_hub *out, const uint32_t *policies,
	   const struct corridor_plan *plan, struct arena *arena)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_exit *exits =
		arena_take(arena, (hub->session_count + 1) * sizeof(*exits));
	if (!exits)
		return false;
	size_t count = 0;
	for (size_t i = 0; i < hub->session_count; i++) {
		const struct hub_session *session = &hub->sessions[i];
		if (!is_exit(plan, session))
			continue;
		const struct hub_port *port = &hub->ports[session->port];
		exits[count++] = (struct corridor_steer_exit){
			.session = session->id,
			.site = port->site,
			.member = hub->members[session->member].asn,
			.everywhere = session->transit == HUB_AS_UPSTREAM,
			.port = session->port,
			.capacity_bps = port->speed_bps,
			.conditions = avoided_behind(out, policies, session)};
	}
	qsort(exits, count, sizeof(*exits), by_session);
	out->setting.exits = exits;
	out->setting.exit_count = count;
	return true;
}

static enum corridor_steer_place
place_of(enum hub_steering_place place)
{
	switch (place) {
	case HUB_STEERING_GREEDY:
		return CORRIDOR_STEER_GREEDY;
	case HUB_STEERING_EVEN:
		return CORRIDOR_STEER_EVEN;
	default:
		return CORRIDOR_STEER_FAIR;
	}
}

int
corridor_steer_of_hub(struct corridor_steer_hub *out, const struct corridor_plan *plan,
		      struct arena *arena)
{
	const struct hub *hub = plan->hub;
	const struct hub_steering *s = &hub->steering;
	struct corridor_steer_hub made = {
		.setting = {.plan = plan,
			    .damping = {s->hold_s * 1000, s->half_life_s * 1000, s->moves},
			    .margin_percent = s->margin_percent,
			    .margin_us = s->margin_us,
			    .place = place_of(s->place)},
	};
	uint32_t *policies = arena_take(arena, (hub->member_count + 1) * sizeof(*policies));
	if (!policies || !take_policies(&made, policies, plan, arena) ||
	    !take_exits(&made, policies, plan, arena) ||
	    !take_ingresses(&made, policies, plan, arena))
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
