/* Members' policies, compiled: values, and lists, which are the hub's where they are the same. */
#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/policy/policy_private.h"

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

int
policy_members_make(struct policy *policy, const struct hub *hub)
{
	struct shared shared;
	if (compile_shared(&shared, policy->arena, hub))
		return -1;
	for (size_t i = 0; i < hub->member_count; i++)
		if (compile_member(policy, &policy->members[i], hub, &hub->members[i], &shared))
			return -1;
	return index_members(policy) || compile_receive_prefixes(policy) ? -1 : 0;
}
