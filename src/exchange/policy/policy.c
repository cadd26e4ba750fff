/* The checks on the way in: numbers 0, 4, 5, 6, 7 for attributes, 10, 11, 12, 16 for prefixes, in
 * the list of checks that route servers have in common (RFC 7948 section 4, RFC 7454). */
#include "exchange/policy/policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_rules.h"

struct rule_pair {
	const struct policy_rules *ipv4, *ipv6;
};

/* A member's policy. Members that did not change the lists share those of the hub. */
struct member_policy {
	struct asn asn;
	uint8_t as_path_min, as_path_max;
	bool first_as, only_global_unicast;
	uint8_t ipv4_min, ipv4_max, ipv6_min, ipv6_max;
	const struct asn_range *bogons; /* sorted, not overlapping */
	size_t bogon_count;
	struct rule_pair martians, blocked, lans;
};

struct session_policy {
	const struct member_policy *member;
	const struct ip *next_hops;
	size_t next_hop_count;
};

struct policy {
	struct arena *arena;
	struct asn hub_as;
	struct member_policy *members;
	struct session_policy *sessions;
	size_t session_count;
};

/* --- compiling --- */

static int
by_first(const void *a, const void *b)
{
	const struct asn_range *x = a, *y = b;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Sorted, with overlaps joined. */
static int
compile_bogons(struct member_policy *to, struct arena *arena, const struct hub_policy *from)
{
	struct asn_range *ranges = arena_take(arena, (from->bogon_asn_count + 1) * sizeof(*ranges));
	if (!ranges)
		return -1;
	if (from->bogon_asn_count)
		memcpy(ranges, from->bogon_asns, from->bogon_asn_count * sizeof(*ranges));
	qsort(ranges, from->bogon_asn_count, sizeof(*ranges), by_first);
	size_t count = 0;
	for (size_t i = 0; i < from->bogon_asn_count; i++) {
		struct asn_range *last = count ? &ranges[count - 1] : NULL;
		if (last && ranges[i].first <= last->last) {
			if (ranges[i].last > last->last)
				last->last = ranges[i].last;
		} else {
			ranges[count++] = ranges[i];
		}
	}
	to->bogons = ranges;
	to->bogon_count = count;
	return 0;
}

static int
compile_rules(struct rule_pair *to, struct arena *arena, const struct prefix_rule *rules,
	      size_t count)
{
	to->ipv4 = policy_rules_new(arena, IP_V4, rules, count);
	to->ipv6 = policy_rules_new(arena, IP_V6, rules, count);
	return to->ipv4 && to->ipv6 ? 0 : -1;
}

static bool
same_rules(const struct prefix_rule *a, size_t a_count, const struct prefix_rule *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (!prefix_equal(a[i].prefix, b[i].prefix) || a[i].min_length != b[i].min_length ||
		    a[i].max_length != b[i].max_length)
			return false;
	return true;
}

static bool
same_bogons(const struct hub_policy *a, const struct hub_policy *b)
{
	return a->bogon_asn_count == b->bogon_asn_count &&
	       (!a->bogon_asn_count || memcmp(a->bogon_asns, b->bogon_asns,
					      a->bogon_asn_count * sizeof(a->bogon_asns[0])) == 0);
}

static void
copy_values(struct member_policy *to, const struct hub_policy *from)
{
	to->as_path_min = from->as_path_min;
	to->as_path_max = from->as_path_max;
	to->first_as = from->first_as;
	to->only_global_unicast = from->only_global_unicast;
	to->ipv4_min = from->ipv4_min;
	to->ipv4_max = from->ipv4_max;
	to->ipv6_min = from->ipv6_min;
	to->ipv6_max = from->ipv6_max;
}

/* `general` is the hub's own policy, compiled, whose lists are taken where they are the same. */
static int
compile_member(struct member_policy *to, struct arena *arena, const struct hub *hub,
	       const struct hub_policy *from, const struct member_policy *general,
	       const struct rule_pair lans[2])
{
	const struct hub_policy *hub_policy = &hub->policy;
	*to = *general;
	copy_values(to, from);
	to->lans = lans[from->reject_own_lans];
	if (!same_bogons(from, hub_policy) && compile_bogons(to, arena, from))
		return -1;
	if (!same_rules(from->martians, from->martian_count, hub_policy->martians,
			hub_policy->martian_count) &&
	    compile_rules(&to->martians, arena, from->martians, from->martian_count))
		return -1;
	if (!same_rules(from->blocked, from->blocked_count, hub_policy->blocked,
			hub_policy->blocked_count) &&
	    compile_rules(&to->blocked, arena, from->blocked, from->blocked_count))
		return -1;
	return 0;
}

/* The peering LANs and all that is inside them; lans[0] stays empty, for members that may. */
static int
compile_lans(struct rule_pair lans[2], struct arena *arena, const struct hub *hub)
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
	return compile_rules(&lans[0], arena, NULL, 0) ||
			       compile_rules(&lans[1], arena, rules, count)
		       ? -1
		       : 0;
}

static void
add_port(struct ip *to, size_t *count, const struct hub_port *port)
{
	if (port->ipv4.family != IP_NONE)
		to[(*count)++] = port->ipv4;
	if (port->ipv6.family != IP_NONE)
		to[(*count)++] = port->ipv6;
}

/* RFC 7948 section 4.8: a member's next hops are its own router's addresses, or any of its own. */
static int
compile_session(struct session_policy *to, struct policy *policy, const struct hub *hub,
		const struct hub_session *session)
{
	const struct hub_member *member = &hub->members[session->member];
	size_t ports = member->policy.next_hop == HUB_NEXT_HOP_SAME_AS ? member->port_count : 1;
	struct ip *next_hops = arena_take(policy->arena, (ports * 2 + 1) * sizeof(*next_hops));
	if (!next_hops)
		return -1;
	to->member = &policy->members[session->member];
	to->next_hops = next_hops;
	next_hops[to->next_hop_count++] = session->address;
	if (member->policy.next_hop == HUB_NEXT_HOP_SAME_AS)
		for (size_t i = 0; i < member->port_count; i++)
			add_port(next_hops, &to->next_hop_count,
				 &hub->ports[member->first_port + i]);
	else if (session->port < hub->port_count)
		add_port(next_hops, &to->next_hop_count, &hub->ports[session->port]);
	return 0;
}

static int
compile(struct policy *policy, const struct hub *hub)
{
	struct member_policy general = {0};
	struct rule_pair lans[2];
	policy->members =
		arena_take(policy->arena, (hub->member_count + 1) * sizeof(*policy->members));
	policy->sessions =
		arena_take(policy->arena, (hub->session_count + 1) * sizeof(*policy->sessions));
	if (!policy->members || !policy->sessions || compile_lans(lans, policy->arena, hub) ||
	    compile_bogons(&general, policy->arena, &hub->policy) ||
	    compile_rules(&general.martians, policy->arena, hub->policy.martians,
			  hub->policy.martian_count) ||
	    compile_rules(&general.blocked, policy->arena, hub->policy.blocked,
			  hub->policy.blocked_count))
		return -1;
	for (size_t i = 0; i < hub->member_count; i++) {
		if (compile_member(&policy->members[i], policy->arena, hub, &hub->members[i].policy,
				   &general, lans))
			return -1;
		policy->members[i].asn = hub->members[i].asn;
	}
	for (size_t i = 0; i < hub->session_count; i++)
		if (compile_session(&policy->sessions[i], policy, hub, &hub->sessions[i]))
			return -1;
	return 0;
}

struct policy *
policy_new(const struct hub *hub)
{
	struct arena *arena = arena_new();
	struct policy *policy = arena ? arena_take(arena, sizeof(*policy)) : NULL;
	if (policy) {
		policy->arena = arena;
		policy->hub_as = hub->asn;
		policy->session_count = hub->session_count;
		if (compile(policy, hub) == 0)
			return policy;
	}
	arena_free(arena);
	return NULL;
}

void
policy_free(struct policy *policy)
{
	if (policy)
		arena_free(policy->arena);
}

/* --- judging --- */

static bool
is_bogon(const struct member_policy *member, uint32_t asn)
{
	size_t low = 0, high = member->bogon_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (member->bogons[middle].last < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return low < member->bogon_count && member->bogons[low].first <= asn;
}

static uint32_t
bit(enum policy_reason reason)
{
	return (uint32_t)1 << reason;
}

static uint32_t
judge_path(const struct policy *policy, const struct member_policy *member, struct cursor path)
{
	uint32_t reasons = 0;
	struct bgp_path_segment segment;
	while (bgp_as_path_next(&segment, &path, 4)) {
		while (cursor_left(&segment.numbers)) {
			uint32_t asn = cursor_u32(&segment.numbers);
			if (asn == policy->hub_as.number)
				reasons |= bit(POLICY_LOOP);
			else if (is_bogon(member, asn))
				reasons |= bit(POLICY_BOGON_ASN);
		}
	}
	return reasons;
}

static bool
may_use(const struct session_policy *session, struct ip next_hop)
{
	for (size_t i = 0; i < session->next_hop_count; i++)
		if (ip_equal(session->next_hops[i], next_hop))
			return true;
	return false;
}

uint32_t
policy_attrs_judge(const struct policy *policy, uint32_t session_index, enum ip_family family,
		   const struct bgp_attrs *attrs)
{
	assert(session_index < policy->session_count);
	const struct session_policy *session = &policy->sessions[session_index];
	const struct member_policy *member = session->member;
	uint32_t reasons = judge_path(policy, member, attrs->as_path);
	if (attrs->has_as_set)
		reasons |= bit(POLICY_AS_SET);
	if (attrs->next_hop.family != family || !may_use(session, attrs->next_hop))
		reasons |= bit(POLICY_NEXT_HOP);
	if (attrs->as_hops < member->as_path_min)
		reasons |= bit(POLICY_PATH_TOO_SHORT);
	if (attrs->as_hops > member->as_path_max)
		reasons |= bit(POLICY_PATH_TOO_LONG);
	if (member->first_as && attrs->first_as.number != member->asn.number)
		reasons |= bit(POLICY_FIRST_AS);
	return reasons;
}

static bool
is_global_unicast(const struct prefix *prefix)
{
	return prefix->length >= 3 && prefix->ip.octets[0] >> 5 == 1; /* 2000::/3 */
}

uint32_t
policy_prefix_judge(const struct policy *policy, uint32_t session_index,
		    const struct prefix *prefix)
{
	assert(session_index < policy->session_count);
	const struct member_policy *member = policy->sessions[session_index].member;
	bool v4 = prefix->ip.family == IP_V4;
	uint32_t reasons = 0;
	if (prefix->length > (v4 ? member->ipv4_max : member->ipv6_max))
		reasons |= bit(POLICY_PREFIX_TOO_LONG);
	if (prefix->length < (v4 ? member->ipv4_min : member->ipv6_min))
		reasons |= bit(POLICY_PREFIX_TOO_SHORT);
	if (policy_rules_match(v4 ? member->martians.ipv4 : member->martians.ipv6, prefix))
		reasons |= bit(POLICY_MARTIAN);
	if (!v4 && member->only_global_unicast && !is_global_unicast(prefix))
		reasons |= bit(POLICY_NOT_GLOBAL_UNICAST);
	if (policy_rules_match(v4 ? member->lans.ipv4 : member->lans.ipv6, prefix))
		reasons |= bit(POLICY_OWN_LAN);
	if (policy_rules_match(v4 ? member->blocked.ipv4 : member->blocked.ipv6, prefix))
		reasons |= bit(POLICY_BLOCKED);
	return reasons;
}

/* --- in words --- */

static const struct {
	const char *text;
	unsigned code;
	const char *mend; /* NULL: depends on values, see below */
} reasons[32] = {
	[POLICY_PREFIX_TOO_LONG] = {"prefix too long", 1, NULL},
	[POLICY_PREFIX_TOO_SHORT] = {"prefix too short", 2, NULL},
	[POLICY_MARTIAN] = {"address space that is not to be routed (martian)", 3,
			    "withdraw it; private, reserved and documentation space ends at your "
			    "own border"},
	[POLICY_NOT_GLOBAL_UNICAST] = {"outside 2000::/3", 3,
				       "announce only global unicast space, inside 2000::/3"},
	[POLICY_OWN_LAN] = {"address space of the peering LAN", 3,
			    "do not announce the exchange's own LAN; set next-hop-self and filter "
			    "connected routes"},
	[POLICY_BLOCKED] = {"on the list of blocked prefixes", 3,
			    "ask the exchange why this address space is blocked"},
	[POLICY_AS_SET] = {"AS_SET in the path", 4,
			   "announce the routes themselves instead of an aggregate with an AS_SET "
			   "(RFC 9774)"},
	[POLICY_NEXT_HOP] = {"next hop is not yours", 8, NULL},
	[POLICY_PATH_TOO_LONG] = {"AS path too long", 5, NULL},
	[POLICY_PATH_TOO_SHORT] = {"AS path too short", 6, NULL},
	[POLICY_FIRST_AS] = {"first AS in the path is not yours", 7, NULL},
	[POLICY_BOGON_ASN] = {"reserved or private AS number in the path", 4,
			      "remove private AS numbers on the session, or have the origin use "
			      "its assigned number"},
	[POLICY_LOOP] = {"the exchange's own AS in the path", 0,
			 "do not announce what you learned from this route server"},
	[POLICY_TOO_LARGE] = {"attributes too large to pass on", 15,
			      "shorten the path or remove communities"},
};

const char *
policy_reason_text(unsigned number)
{
	return number < 32 ? reasons[number].text : NULL;
}

unsigned
policy_reason_code(unsigned number)
{
	return number < 32 ? reasons[number].code : 0;
}

static void
mend_next_hop(struct buf *to, const struct session_policy *session, enum ip_family family)
{
	char text[IP_TEXT];
	const char *word = "set the next hop to ";
	for (size_t i = 0; i < session->next_hop_count; i++) {
		const struct ip *ip = &session->next_hops[i];
		bool again = false;
		for (size_t j = 0; j < i; j++)
			again |= ip_equal(*ip, session->next_hops[j]);
		if (ip->family != family || again)
			continue;
		buf_printf(to, "%s%s", word, ip_format(text, *ip));
		word = " or ";
	}
	if (word[0] == 's')
		buf_printf(to,
			   "your port has no IPv%u address on record: ask the exchange to add it",
			   family);
}

void
policy_reason_mend(struct buf *to, const struct policy *policy, uint32_t session_index,
		   enum ip_family family, unsigned number)
{
	assert(session_index < policy->session_count && number < 32);
	const struct session_policy *session = &policy->sessions[session_index];
	const struct member_policy *member = session->member;
	bool v4 = family == IP_V4;
	switch (number) {
	case POLICY_PREFIX_TOO_LONG:
		buf_printf(to, "announce IPv%u prefixes of /%u or shorter", family,
			   v4 ? member->ipv4_max : member->ipv6_max);
		return;
	case POLICY_PREFIX_TOO_SHORT:
		buf_printf(to, "announce IPv%u prefixes of /%u or longer", family,
			   v4 ? member->ipv4_min : member->ipv6_min);
		return;
	case POLICY_NEXT_HOP:
		mend_next_hop(to, session, family);
		return;
	case POLICY_PATH_TOO_LONG:
		buf_printf(to, "keep the AS path at %u hops or fewer: prepend less",
			   member->as_path_max);
		return;
	case POLICY_PATH_TOO_SHORT:
		buf_printf(to, "send an AS path of at least %u hop%s", member->as_path_min,
			   member->as_path_min == 1 ? "" : "s");
		return;
	case POLICY_FIRST_AS:
		buf_printf(to, "let the AS path begin with AS%u, the AS of this session",
			   member->asn.number);
		return;
	default:
		buf_str(to, reasons[number].mend ? reasons[number].mend : "");
	}
}
