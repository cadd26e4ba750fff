/* A picture's policies, compiled. */
#include "exchange/policy/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy_private.h"
#include "hub/hub_country.h"
#include "hub/hub_profile.h"

enum {
	/* A verdict, or a path's mark, takes so many sets of slots at most: itself, four kinds of
	 * edits, the effects of rules, and what they cut each other into. */
	ROOM_OF_ONE = 16 + 2 * EDIT_VARIANTS_MAX,
	ROOM = ROOM_OF_ONE * POLICY_AHEAD,
};

/* --- sessions --- */

/* Each once. */
static void
add_next_hop(struct ip *to, size_t *count, struct ip ip)
{
	for (size_t i = 0; i < *count; i++)
		if (ip_equal(to[i], ip))
			return;
	if (ip.family != IP_NONE)
		to[(*count)++] = ip;
}

static void
add_port(struct ip *to, size_t *count, const struct hub_port *port)
{
	add_next_hop(to, count, port->ipv4);
	add_next_hop(to, count, port->ipv6);
}

/* RFC 7948 section 4.8: a member's next hops are its own router's addresses, any of its own, or
 * those listed besides. */
static int
list_next_hops(struct policy_session *to, struct arena *arena, const struct hub *hub,
	       const struct hub_session *session)
{
	const struct hub_member *member = &hub->members[session->member];
	const struct hub_policy *policy = &member->policy;
	bool same_as = policy->next_hop == HUB_NEXT_HOP_SAME_AS;
	size_t listed = policy->next_hop == HUB_NEXT_HOP_LIST ? policy->next_hop_count : 0;
	size_t most = (same_as ? member->port_count + 1 : 1) * 2 + 1 + listed;
	struct ip *next_hops = arena_take(arena, most * sizeof(*next_hops));
	if (!next_hops)
		return -1;
	to->next_hops = next_hops;
	add_next_hop(next_hops, &to->next_hop_count, session->address);
	if (session->port < hub->port_count)
		add_port(next_hops, &to->next_hop_count, &hub->ports[session->port]);
	to->own_next_hop_count = to->next_hop_count;
	for (size_t i = 0; i < member->port_count && same_as; i++)
		add_port(next_hops, &to->next_hop_count, &hub->ports[member->first_port + i]);
	for (size_t i = 0; i < listed; i++)
		add_next_hop(next_hops, &to->next_hop_count, policy->next_hops[i]);
	return 0;
}

static int
find_place(struct policy_session *to, struct arena *arena, const struct hub *hub,
	   const struct hub_session *session)
{
	const struct hub_site *site = NULL;
	if (session->port < hub->port_count && hub->ports[session->port].site < hub->site_count)
		site = &hub->sites[hub->ports[session->port].site];
	if (!site)
		return 0;
	to->site = site->number;
	to->metro = site->metro;
	to->country = hub_country_number(site->country);
	to->continent = hub_country_continent(site->country);
	to->site_name = arena_str(arena, site->name ? site->name : site->id);
	return to->site_name ? 0 : -1;
}

static int
compile_session(struct policy *policy, struct policy_session *to, const struct hub *hub,
		const struct hub_session *from)
{
	to->member = &policy->members[from->member];
	to->id = arena_str(policy->arena, from->id);
	to->extended_next_hop = from->extended_next_hop;
	to->fabric = from->fabric;
	to->member->fabric &= from->fabric;
	to->rtt_ms = to->rtt_fixed_ms = from->rtt_ms;
	policy_transit_session(to, hub, from);
	if (from->prepend_hub_as)
		to->standing |= EDIT_HUB_FIRST;
	if (to->member->role != policy->role && !policy_is_transit(to))
		to->standing |= EDIT_ROLE_OTHER;
	return !to->id || list_next_hops(to, policy->arena, hub, from) ||
			       find_place(to, policy->arena, hub, from)
		       ? -1
		       : 0;
}

/* --- sets of slots --- */

static void
put(uint64_t *set, uint32_t slot)
{
	set[slot / 64] |= (uint64_t)1 << slot % 64;
}

static uint64_t *
new_set(struct policy *policy)
{
	return arena_take(policy->arena, policy->words * sizeof(uint64_t));
}

static int
make_sets(struct policy *policy, const struct hub *hub)
{
	uint64_t **sets[] = {&policy->collectors, &policy->everybody, &policy->extended,
			     &policy->blackholes, &policy->fabric,    &policy->hub_first,
			     &policy->role_other};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!(*sets[i] = new_set(policy)))
			return -1;
	for (size_t i = 0; i < policy->session_count; i++) {
		const struct policy_session *session = &policy->sessions[i];
		bool collector = hub->sessions[i].collector;
		policy->has_collectors |= collector;
		if (!policy_is_transit(session))
			put(collector         ? policy->collectors
			    : session->fabric ? policy->fabric
					      : policy->everybody,
			    session->slot);
		if (session->extended_next_hop)
			put(policy->extended, session->slot);
		if (session->member->blackhole_receive)
			put(policy->blackholes, session->slot);
		if (session->standing & EDIT_HUB_FIRST)
			put(policy->hub_first, session->slot);
		if (session->standing & EDIT_ROLE_OTHER)
			put(policy->role_other, session->slot);
	}
	return 0;
}

/* Who does not want which of the routes that are tagged. */
static int
make_without(struct policy *policy, const struct hub *hub)
{
	for (size_t i = 0; i < policy->session_count; i++) {
		const struct hub_policy_hears *hears =
			&hub->members[hub->sessions[i].member].policy.hears;
		const bool wants[CHOICES] = {
			[CHOICE_ROV_INVALID] = hears->rov_invalid,
			[CHOICE_ROV_UNKNOWN] = hears->rov_unknown,
			[CHOICE_IRR] = hears->not_registered,
			[CHOICE_ASPA] = hears->aspa_invalid,
		};
		for (unsigned k = 0; k < CHOICES; k++) {
			if (wants[k])
				continue;
			if (!policy->without[k] && !(policy->without[k] = new_set(policy)))
				return -1;
			put(policy->without[k], policy->sessions[i].slot);
			policy->any_without = true;
		}
	}
	return 0;
}

/* What receivers always have, as variants: at most three. */
static int
make_standing(struct policy *policy)
{
	policy->standing = arena_take(policy->arena, 3 * sizeof(*policy->standing));
	if (!policy->standing)
		return -1;
	for (uint32_t edit = EDIT_HUB_FIRST; edit <= (EDIT_HUB_FIRST | EDIT_ROLE_OTHER);
	     edit += EDIT_HUB_FIRST) {
		uint64_t *slots = new_set(policy);
		bool any = false;
		if (!slots)
			return -1;
		for (size_t i = 0; i < policy->session_count; i++) {
			if (policy->sessions[i].standing == edit) {
				put(slots, policy->sessions[i].slot);
				any = true;
			}
		}
		if (any)
			policy->standing[policy->standing_count++] =
				(struct policy_variant){edit, slots};
	}
	return 0;
}

static int
make_usual(struct policy *policy)
{
	for (size_t i = 0; i < policy->member_count; i++) {
		struct policy_member *member = &policy->members[i];
		uint64_t *set = new_set(policy);
		if (!set)
			return -1;
		memcpy(set, policy->everybody, policy->words * sizeof(*set));
		for (uint32_t j = 0; j < member->session_count; j++) {
			uint32_t slot = policy->sessions[member->first_session + j].slot;
			set[slot / 64] &= ~((uint64_t)1 << slot % 64);
		}
		for (size_t w = 0; w < policy->words && member->effects.deny; w++)
			set[w] &= ~member->effects.deny[w];
		member->usual = set;
	}
	return 0;
}

/* Each place once, with the slots of the sessions there. */
static int
make_places(struct policy *policy)
{
	size_t count = 0;
	policy->places = arena_take(policy->arena,
				    (policy->session_count * 4 + 1) * sizeof(*policy->places));
	struct policy_place *all = calloc(policy->session_count * 4 + 1, sizeof(*all));
	bool failed = !policy->places || !all;
	for (size_t i = 0; !failed && i < policy->session_count; i++) {
		const struct policy_session *s = &policy->sessions[i];
		const uint16_t numbers[4] = {s->site, s->metro, s->country, s->continent};
		for (uint8_t kind = 0; kind < 4; kind++)
			if (numbers[kind])
				all[count++] =
					(struct policy_place){kind, numbers[kind], s->slot, NULL};
	}
	if (!failed)
		qsort(all, count, sizeof(*all), policy_place_compare);
	for (size_t i = 0; !failed && i < count; i++) {
		policy->place_kinds |= 1u << all[i].kind;
		if (!i || policy_place_compare(&all[i], &all[i - 1])) {
			policy->places[policy->place_count] = all[i];
			policy->places[policy->place_count].slots = new_set(policy);
			failed = !policy->places[policy->place_count++].slots;
		}
		if (!failed)
			put(policy->places[policy->place_count - 1].slots, all[i].slot);
	}
	free(all);
	return failed ? -1 : 0;
}

/* --- together --- */

static int
compile_all(struct policy *policy, const struct hub *hub)
{
	if (policy_members_make(policy, hub))
		return -1;
	for (size_t i = 0; i < hub->session_count; i++)
		if (compile_session(policy, &policy->sessions[i], hub, &hub->sessions[i]))
			return -1;
	if (make_sets(policy, hub) || make_without(policy, hub) || make_standing(policy) ||
	    make_places(policy) || policy_effects_make(policy) || policy_transit_make(policy, hub))
		return -1;
	return make_usual(policy);
}

static void
copy_hub(struct policy *policy, const struct hub *hub)
{
	policy->hub_as = hub->asn;
	policy->blackhole_ipv4 = hub->blackhole.ipv4;
	policy->blackhole_ipv6 = hub->blackhole.ipv6;
	policy->blackhole_by_next_hop = hub->blackhole.by_next_hop;
	policy->blackhole_no_export = hub->blackhole.no_export;
	policy->graceful_shutdown = hub->graceful_shutdown;
	policy->role = hub->policy.role != HUB_ROLE_OFF;
	policy->pass_graceful_shutdown = hub->communities.pass_graceful_shutdown;
	policy->pass_unknown_hub = hub->communities.pass_unknown_hub;
	policy->asks_registries = hub->irr.enabled;
	policy->asks_rpki = hub->rpki_cache_count || hub->validation.vrp_file_count;
	policy->highest_prepend_first = hub->communities.profile == HUB_PROFILE_IXP_MANAGER;
	policy->large_first = policy->highest_prepend_first;
}

/* Patterns in force; and what the hub puts on routes, which nobody else may. */
static struct policy_patterns *
compile_patterns(struct arena *arena, const struct hub *hub)
{
	size_t count, total;
	const struct hub_community *in_force = hub_communities_in_force(hub, &count);
	total = count + hub->policy.attach_count;
	for (size_t i = 0; i < hub->member_count; i++)
		total += hub->members[i].policy.attach_count;
	if (total == count)
		return policy_patterns_new(arena, hub->asn, in_force, count,
					   hub->communities.tell_members);
	struct hub_community *all = calloc(total, sizeof(*all));
	if (!all)
		return NULL;
	if (count)
		memcpy(all, in_force, count * sizeof(*all));
	for (size_t i = 0; i <= hub->member_count; i++) {
		const struct hub_policy *policy = i ? &hub->members[i - 1].policy : &hub->policy;
		for (size_t j = 0; j < policy->attach_count; j++)
			all[count++] = policy->attach[j];
	}
	struct policy_patterns *patterns =
		policy_patterns_new(arena, hub->asn, all, total, hub->communities.tell_members);
	free(all);
	return patterns;
}

/* Is there anything that members are told of routes that are in order? */
static bool
tells_members(const struct policy_patterns *patterns)
{
	size_t count;
	const struct policy_tell *tells = policy_pattern_tells(patterns, &count);
	for (size_t i = 0; i < count; i++)
		if (tells[i].to_members)
			return true;
	return false;
}

/* Memory that is as large as the number of members, sessions and slots. */
static int
make_tables(struct policy *policy, const struct hub *hub, const uint32_t *slot_of)
{
	struct arena *arena = policy->arena;
	policy->member_count = hub->member_count;
	policy->session_count = hub->session_count;
	policy->members = arena_take(arena, (hub->member_count + 1) * sizeof(*policy->members));
	policy->sessions = arena_take(arena, (hub->session_count + 1) * sizeof(*policy->sessions));
	policy->session_at = arena_take(arena, (policy->slots + 1) * sizeof(*policy->session_at));
	policy->rtt_asked = arena_take(arena, (UINT16_MAX + 1) / 64 * sizeof(uint64_t));
	policy->patterns = compile_patterns(arena, hub);
	policy->room_words = ROOM * policy->words;
	policy->room = calloc(policy->room_words, sizeof(*policy->room));
	if (!policy->members || !policy->sessions || !policy->session_at || !policy->rtt_asked ||
	    !policy->patterns || !policy->room)
		return -1;
	policy->tell_members = tells_members(policy->patterns);
	for (unsigned slot = 0; slot < policy->slots; slot++)
		policy->session_at[slot] = HUB_NONE;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		assert(slot_of[i] < policy->slots);
		policy->sessions[i].slot = slot_of[i];
		policy->session_at[slot_of[i]] = i;
	}
	return 0;
}

struct policy *
policy_new(const struct hub *hub, const uint32_t *slot_of, unsigned slots)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	if (!policy)
		return NULL;
	policy->slots = slots;
	policy->words = (slots + 63) / 64 ? (slots + 63) / 64 : 1;
	policy->arena = arena_new();
	copy_hub(policy, hub);
	if (!policy->arena || make_tables(policy, hub, slot_of) || compile_all(policy, hub)) {
		policy_free(policy);
		return NULL;
	}
	for (size_t i = 0; i < policy->session_count; i++)
		policy->sessions[i].telling = policy_telling_of(policy, &policy->sessions[i]);
	return policy;
}

void
policy_free(struct policy *policy)
{
	if (!policy)
		return;
	policy_transit_fini(policy);
	arena_free(policy->arena);
	free(policy->room);
	free(policy);
}

void
policy_use(struct policy *policy, const struct policy_sources *sources)
{
	policy->sources = *sources;
	for (size_t i = 0; i < policy->member_count; i++) {
		for (unsigned six = 0; six < 2; six++) {
			struct policy_sets *sets = &policy->members[i].sets[six];
			sets->count = 0;
			for (size_t j = 0; sources->registry && j < sets->name_count; j++) {
				const struct registry_set *set = registry_set_find(
					sources->registry, sets->names[j], six ? IP_V6 : IP_V4);
				if (set)
					sets->sets[sets->count++] = set;
			}
		}
	}
}

const uint64_t *
policy_collectors(const struct policy *policy)
{
	return policy->collectors;
}

size_t
policy_words(const struct policy *policy)
{
	return policy->words;
}

/* --- round-trip times --- */

/* Did routes ask about a threshold between these two, both included? */
static bool
asked_between(const struct policy *policy, unsigned low, unsigned high)
{
	for (unsigned ms = low; ms <= high; ms++) {
		if (!policy->rtt_asked[ms / 64])
			ms |= 63;
		else if (policy->rtt_asked[ms / 64] >> ms % 64 & 1)
			return true;
	}
	return false;
}

bool
policy_rtt(struct policy *policy, unsigned slot, uint16_t ms)
{
	assert(slot < policy->slots);
	if (policy->session_at[slot] == HUB_NONE || !ms)
		return false;
	struct policy_session *session = &policy->sessions[policy->session_at[slot]];
	unsigned old = session->rtt_ms, margin = old / 8 > 1 ? old / 8 : 1;
	unsigned low = ms < old ? ms : old, high = ms < old ? old : ms;
	/* Measurements waver; what members ask for should not. */
	if (session->rtt_fixed_ms || (old && high - low <= margin))
		return false;
	session->rtt_ms = ms;
	return old ? asked_between(policy, low, high) : asked_between(policy, 0, UINT16_MAX);
}

uint16_t
policy_rtt_of(const struct policy *policy, unsigned slot)
{
	assert(slot < policy->slots);
	uint32_t index = policy->session_at[slot];
	return index == HUB_NONE ? 0 : policy->sessions[index].rtt_ms;
}
