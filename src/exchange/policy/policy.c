/* A picture's policies, compiled. */
#include "exchange/policy/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/policy/policy_private.h"
#include "hub/hub_country.h"
#include "hub/hub_profile.h"

enum {
	/* A verdict, or a path's mark, takes so many sets of slots at most: itself, four kinds of
	 * edits, the effects of rules, and what they cut each other into. */
	ROOM_OF_ONE = 16 + 2 * EDIT_VARIANTS_MAX,
	ROOM = ROOM_OF_ONE * POLICY_AHEAD,
};

/* --- lists --- */

static int
compile_rules(struct rule_pair *to, struct arena *arena, const struct prefix_rule *rules,
	      size_t count)
{
	to->ipv4 = policy_rules_new(arena, IP_V4, rules, count);
	to->ipv6 = policy_rules_new(arena, IP_V6, rules, count);
	return to->ipv4 && to->ipv6 ? 0 : -1;
}

static bool
same_rules(const struct prefix_rule *a, const struct prefix_rule *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!prefix_equal(a[i].prefix, b[i].prefix) || a[i].min_length != b[i].min_length ||
		    a[i].max_length != b[i].max_length)
			return false;
	return true;
}

/* A member's list of rules: that of the hub where it is the same. */
static int
share_rules(struct rule_pair *to, struct arena *arena, const struct prefix_rule *rules,
	    size_t count, const struct prefix_rule *hubs, size_t hubs_count)
{
	if (count == hubs_count && same_rules(rules, hubs, count))
		return 0;
	return compile_rules(to, arena, rules, count);
}

static int
share_asns(struct policy_asns *to, struct arena *arena, const struct asn_range *ranges,
	   size_t count, const struct asn_range *hubs, size_t hubs_count)
{
	if (count == hubs_count && (!count || memcmp(ranges, hubs, count * sizeof(*ranges)) == 0))
		return 0;
	return policy_asns_make(to, arena, ranges, count);
}

/* The hub's list comes first in every member's; what follows is the member's own. */
static int
compile_blocked(struct policy_member *to, struct arena *arena, const struct hub_policy *from,
		const struct hub_policy *hubs, const struct rule_pair *none)
{
	size_t shared = hubs->blocked_count;
	if (from->blocked_count < shared || !same_rules(from->blocked, hubs->blocked, shared)) {
		to->blocked = *none;
		shared = 0;
	}
	if (from->blocked_count == shared)
		return 0;
	return compile_rules(&to->blocked_own, arena, from->blocked + shared,
			     from->blocked_count - shared);
}

static int
compile_allowed(struct policy_allowed *to, struct arena *arena, const struct hub_policy *from)
{
	size_t count = from->irr.allow_route_count;
	struct hub_route_object *routes = arena_take(arena, (count + 1) * sizeof(*routes));
	struct prefix_rule *spaces = arena_take(arena, (count + 1) * sizeof(*spaces));
	if (!routes || !spaces)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct prefix prefix = from->irr.allow_routes[i].prefix.prefix;
		routes[i] = from->irr.allow_routes[i];
		spaces[i] = (struct prefix_rule){prefix, prefix.length, 128};
	}
	to->routes = routes;
	to->count = count;
	return compile_rules(&to->spaces, arena, spaces, count);
}

static int
compile_allowed_prefixes(struct policy_member *to, struct arena *arena,
			 const struct hub_policy *from)
{
	size_t count = from->irr.allow_prefix_count;
	struct prefix_rule *spaces = arena_take(arena, (count + 1) * sizeof(*spaces));
	if (!spaces)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct prefix prefix = from->irr.allow_prefixes[i].prefix;
		spaces[i] = (struct prefix_rule){prefix, prefix.length, 128};
	}
	return compile_rules(&to->allow_spaces, arena, spaces, count) ||
			       compile_rules(&to->allow_prefixes, arena, from->irr.allow_prefixes,
					     count)
		       ? -1
		       : 0;
}

/* --- members --- */

static const uint32_t tagged[HUB_TAGGABLE] = {
	[HUB_TAGGED_NEXT_HOP] = 1u << POLICY_NEXT_HOP,
	[HUB_TAGGED_PATH_LENGTH] = 1u << POLICY_PATH_TOO_SHORT | 1u << POLICY_PATH_TOO_LONG,
	[HUB_TAGGED_FIRST_AS] = 1u << POLICY_FIRST_AS,
	[HUB_TAGGED_AS_SET] = 1u << POLICY_AS_SET,
	[HUB_TAGGED_BOGON_ASNS] = 1u << POLICY_BOGON_ASN,
	[HUB_TAGGED_TRANSIT_FREE] = 1u << POLICY_TRANSIT_FREE,
	[HUB_TAGGED_NEVER_VIA] = 1u << POLICY_NEVER_VIA,
	[HUB_TAGGED_GLOBAL_UNICAST] = 1u << POLICY_NOT_GLOBAL_UNICAST,
	[HUB_TAGGED_OWN_LANS] = 1u << POLICY_OWN_LAN,
	[HUB_TAGGED_MARTIANS] = 1u << POLICY_MARTIAN,
	[HUB_TAGGED_BLOCKED] = 1u << POLICY_BLOCKED | 1u << POLICY_BLOCKED_BY_MEMBER,
	[HUB_TAGGED_LENGTH] = 1u << POLICY_PREFIX_TOO_SHORT | 1u << POLICY_PREFIX_TOO_LONG,
	[HUB_TAGGED_COMMUNITIES] = 1u << POLICY_COMMUNITIES,
	[HUB_TAGGED_ROV_UNKNOWN] = 1u << POLICY_ROV_UNKNOWN,
};

static uint64_t
soft_reasons(const struct hub_policy *from)
{
	uint64_t soft = 0;
	if (from->irr.origin == HUB_CHECK_TAG)
		soft |= reason_bit(POLICY_IRR_ORIGIN);
	if (from->irr.prefix == HUB_CHECK_TAG)
		soft |= reason_bit(POLICY_IRR_PREFIX) | reason_bit(POLICY_OTHER_ORIGIN);
	if (from->irr.origin != HUB_CHECK_REFUSE && from->irr.prefix != HUB_CHECK_REFUSE)
		soft |= reason_bit(POLICY_IRR_MISSING);
	if (from->rov == HUB_CHECK_TAG)
		soft |= reason_bit(POLICY_ROV_INVALID) | reason_bit(POLICY_ROV_UNKNOWN);
	if (from->aspa == HUB_CHECK_TAG)
		soft |= reason_bit(POLICY_ASPA_INVALID);
	for (size_t i = 0; i < from->tag_only_count; i++)
		soft |= tagged[from->tag_only[i]];
	return soft;
}

static void
copy_values(struct policy_member *to, const struct hub_policy *from)
{
	to->as_path_min = from->as_path_min;
	to->as_path_max = from->as_path_max;
	to->first_as = from->first_as;
	to->only_global_unicast = from->only_global_unicast;
	to->ipv4_min = from->ipv4_min;
	to->ipv4_max = from->ipv4_max;
	to->ipv6_min = from->ipv6_min;
	to->ipv6_max = from->ipv6_max;
	to->role = from->role != HUB_ROLE_OFF;
	to->graceful_shutdown = from->graceful_shutdown;
	to->communities_max = from->communities_max;
	to->obeys_well_known = from->well_known == HUB_WELL_KNOWN_OBEY;
	to->refusal = from->refusal;
	to->soft = soft_reasons(from);
	to->never_via_registry = from->never_via_route_servers;
	to->irr_origin = from->irr.origin;
	to->irr_prefix = from->irr.prefix;
	to->irr_longer = from->irr.longer;
	to->irr_roas = from->irr.roas_are_routes;
	to->irr_whois = from->irr.whois_is_routes;
	to->rov = from->rov;
	to->rov_unknown = from->rov_unknown;
	to->aspa = from->aspa;
	to->blackhole_announce = from->blackhole.announce;
	to->blackhole_receive = from->blackhole.receive;
	to->blackhole_ipv4_min = from->blackhole.ipv4_min;
	to->blackhole_ipv6_min = from->blackhole.ipv6_min;
}

static int
copy_rules(struct policy *policy, struct policy_member *to, const struct hub_member *from)
{
	struct arena *arena = policy->arena;
	to->announce = arena_take(arena, (from->announce_count + 1) * sizeof(*to->announce));
	to->receive = arena_take(arena, (from->receive_count + 1) * sizeof(*to->receive));
	struct prefix_rule *prefixes =
		arena_take(arena, (from->announce_count + 1) * sizeof(*prefixes));
	size_t count = 0;
	if (!to->announce || !to->receive || !prefixes)
		return -1;
	for (size_t i = 0; i < from->announce_count; i++) {
		struct prefix prefix = from->announce[i].prefix;
		to->announce[to->announce_count++] = from->announce[i];
		if (prefix.ip.family != IP_NONE)
			prefixes[count++] = (struct prefix_rule){prefix, prefix.length, 128};
	}
	for (size_t i = 0; i < from->receive_count; i++) {
		to->receive[to->receive_count++] = from->receive[i];
		to->receive_by_prefix |= from->receive[i].prefix.ip.family != IP_NONE;
	}
	to->announce_by_prefix = count > 0;
	policy->any_receive |= from->receive_count > 0;
	policy->receive_by_prefix |= to->receive_by_prefix;
	return compile_rules(&to->announce_prefixes, arena, prefixes, count);
}

static int
name_sets(struct policy_sets *to, struct arena *arena, const struct hub_member *from,
	  enum ip_family family)
{
	char name[REGISTRY_NAME];
	size_t count = 0;
	while (registry_member_set(name, from, family, count))
		count++;
	to->names = arena_take(arena, (count + 1) * sizeof(*to->names));
	to->sets = arena_take(arena, (count + 1) * sizeof(struct registry_set *));
	if (!to->names || !to->sets)
		return -1;
	while (registry_member_set(name, from, family, to->name_count)) {
		char *copy = arena_str(arena, name);
		if (!copy)
			return -1;
		to->names[to->name_count++] = copy;
	}
	return 0;
}

/* What members share with the hub, and the empty lists. */
struct shared {
	struct policy_member general;
	struct rule_pair none, lans;
};

static int
compile_lists(struct policy *policy, struct policy_member *to, const struct hub_policy *from,
	      const struct hub_policy *hubs, const struct shared *shared)
{
	struct arena *arena = policy->arena;
	to->lans = from->reject_own_lans ? shared->lans : shared->none;
	if (share_asns(&to->bogons, arena, from->bogon_asns, from->bogon_asn_count,
		       hubs->bogon_asns, hubs->bogon_asn_count) ||
	    share_asns(&to->transit_free, arena, from->transit_free_asns,
		       from->transit_free_asn_count, hubs->transit_free_asns,
		       hubs->transit_free_asn_count) ||
	    share_asns(&to->never_via, arena, from->never_via_asns, from->never_via_asn_count,
		       hubs->never_via_asns, hubs->never_via_asn_count) ||
	    share_rules(&to->martians, arena, from->martians, from->martian_count, hubs->martians,
			hubs->martian_count))
		return -1;
	return compile_blocked(to, arena, from, hubs, &shared->none) ||
			       compile_allowed(&to->allow_routes, arena, from) ||
			       compile_allowed_prefixes(to, arena, from) ||
			       policy_asns_make(&to->allow_origins, arena, from->irr.allow_origins,
						from->irr.allow_origin_count)
		       ? -1
		       : 0;
}

/* What the hub puts on the member's routes, as octets. */
static int
compile_attached(struct policy *policy, struct policy_member *to, const struct hub_policy *from)
{
	static_assert(HUB_ATTACH_MAX * 12 <= UINT8_MAX, "a short list");
	struct buf octets[3] = {{0}};
	bool failed = false;
	for (size_t i = 0; i < from->attach_count; i++) {
		enum policy_form form = policy_form_of(&from->attach[i]);
		unsigned list = form == POLICY_STANDARD ? 0 : form == POLICY_LARGE ? 2 : 1;
		policy_community_put(&octets[list], &from->attach[i], policy->hub_as);
	}
	for (unsigned i = 0; i < 3; i++) {
		struct policy_octets *kept = &to->attach[i];
		*kept = (struct policy_octets){arena_take(policy->arena, octets[i].length + 1),
					       octets[i].length};
		failed |= octets[i].failed || !kept->at;
		if (!failed && octets[i].length)
			memcpy(kept->at, octets[i].data, octets[i].length);
		buf_fini(&octets[i]);
	}
	return failed ? -1 : 0;
}

static int
compile_member(struct policy *policy, struct policy_member *to, const struct hub *hub,
	       const struct hub_member *from, const struct shared *shared)
{
	*to = shared->general;
	copy_values(to, &from->policy);
	to->asn = from->asn;
	to->alias_asn = from->alias_asn;
	to->fabric = from->session_count > 0;
	to->first_session = from->first_session;
	to->session_count = from->session_count;
	to->name = arena_str(policy->arena, from->name);
	return !to->name || compile_lists(policy, to, &from->policy, &hub->policy, shared) ||
			       copy_rules(policy, to, from) ||
			       compile_attached(policy, to, &from->policy) ||
			       name_sets(&to->sets[0], policy->arena, from, IP_V4) ||
			       name_sets(&to->sets[1], policy->arena, from, IP_V6)
		       ? -1
		       : 0;
}

/* The peering LANs and all that is inside them. */
static int
compile_lans(struct rule_pair *to, struct arena *arena, const struct hub *hub)
{
	struct prefix_rule *rules = arena_take(arena, (hub->lan_count * 2 + 1) * sizeof(*rules));
	if (!rules)
		return -1;
	size_t count = 0;
	for (size_t i = 0; i < hub->lan_count; i++) {
		const struct prefix both[2] = {hub->lans[i].ipv4, hub->lans[i].ipv6};
		for (size_t j = 0; j < 2; j++)
			if (both[j].ip.family != IP_NONE)
				rules[count++] = (struct prefix_rule){both[j], both[j].length, 128};
	}
	return compile_rules(to, arena, rules, count);
}

static int
compile_shared(struct shared *shared, struct arena *arena, const struct hub *hub)
{
	const struct hub_policy *p = &hub->policy;
	struct policy_member *general = &shared->general;
	*shared = (struct shared){0};
	if (compile_rules(&shared->none, arena, NULL, 0) ||
	    compile_lans(&shared->lans, arena, hub) ||
	    policy_asns_make(&general->bogons, arena, p->bogon_asns, p->bogon_asn_count) ||
	    policy_asns_make(&general->transit_free, arena, p->transit_free_asns,
			     p->transit_free_asn_count) ||
	    policy_asns_make(&general->never_via, arena, p->never_via_asns,
			     p->never_via_asn_count) ||
	    compile_rules(&general->martians, arena, p->martians, p->martian_count) ||
	    compile_rules(&general->blocked, arena, p->blocked, p->blocked_count))
		return -1;
	general->blocked_own = shared->none;
	return 0;
}

static int
compile_receive_prefixes(struct policy *policy)
{
	size_t count = 0;
	for (size_t i = 0; i < policy->member_count; i++)
		count += policy->members[i].receive_count;
	struct prefix_rule *prefixes = arena_take(policy->arena, (count + 1) * sizeof(*prefixes));
	if (!prefixes)
		return -1;
	count = 0;
	for (size_t i = 0; i < policy->member_count; i++) {
		const struct policy_member *member = &policy->members[i];
		for (size_t j = 0; j < member->receive_count; j++) {
			struct prefix prefix = member->receive[j].prefix;
			if (prefix.ip.family != IP_NONE)
				prefixes[count++] =
					(struct prefix_rule){prefix, prefix.length, 128};
		}
	}
	return compile_rules(&policy->receive_prefixes, policy->arena, prefixes, count);
}

static uint32_t *
place_of(const struct policy *policy, uint32_t asn)
{
	uint32_t at = (uint32_t)hash_u64(asn);
	while (policy->by_asn[at & policy->by_asn_mask])
		at++;
	return &policy->by_asn[at & policy->by_asn_mask];
}

/* By the AS number, and by what stands for it. */
static int
index_members(struct policy *policy)
{
	uint32_t size = 16;
	while (size < policy->member_count * 4)
		size *= 2;
	policy->by_asn = arena_take(policy->arena, size * sizeof(*policy->by_asn));
	if (!policy->by_asn)
		return -1;
	policy->by_asn_mask = size - 1;
	for (uint32_t i = 0; i < policy->member_count; i++) {
		*place_of(policy, policy->members[i].asn.number) = i + 1;
		if (policy->members[i].alias_asn)
			*place_of(policy, policy->members[i].alias_asn) = i + 1;
	}
	return 0;
}

struct policy_member *
policy_member_of(const struct policy *policy, uint32_t asn)
{
	for (uint32_t at = (uint32_t)hash_u64(asn);; at++) {
		uint32_t index = policy->by_asn[at & policy->by_asn_mask];
		if (!index || !asn)
			return NULL;
		struct policy_member *member = &policy->members[index - 1];
		if (member->asn.number == asn || member->alias_asn == asn)
			return member;
	}
}

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
	if (from->prepend_hub_as)
		to->standing |= EDIT_HUB_FIRST;
	if (to->member->role != policy->role)
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
	struct shared shared;
	if (compile_shared(&shared, policy->arena, hub))
		return -1;
	for (size_t i = 0; i < hub->member_count; i++)
		if (compile_member(policy, &policy->members[i], hub, &hub->members[i], &shared))
			return -1;
	for (size_t i = 0; i < hub->session_count; i++)
		if (compile_session(policy, &policy->sessions[i], hub, &hub->sessions[i]))
			return -1;
	if (index_members(policy) || compile_receive_prefixes(policy) || make_sets(policy, hub) ||
	    make_without(policy, hub) || make_standing(policy) || make_places(policy) ||
	    policy_effects_make(policy))
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
