/* What members write down about their own routes, and about those they want to have. The first rule
 * of each list that fits decides; a denial by either side holds, and the larger prepend.
 *
 * Rules without a prefix say the same about all routes of a sender, and are worked out once. Where
 * rules have prefixes, the verdict about attributes denies only those whom no rule with a prefix
 * might still allow; the rest is denied prefix by prefix. */
#include <string.h>

#include "exchange/policy/policy_private.h"

static bool
has_prefix(const struct hub_member_rule *rule)
{
	return rule->prefix.ip.family != IP_NONE;
}

static bool
names(const struct hub_member_rule *rule, struct asn peer)
{
	return !rule->peer.number || rule->peer.number == peer.number;
}

const struct hub_member_rule *
policy_rule_deciding(const struct hub_member_rule *rules, size_t count, struct asn peer,
		     const struct prefix *prefix)
{
	for (size_t i = 0; i < count; i++) {
		if (!names(&rules[i], peer))
			continue;
		if (!has_prefix(&rules[i]) || (prefix && prefix_covers(rules[i].prefix, *prefix)))
			return &rules[i];
	}
	return NULL;
}

/* Might some prefix be allowed, whatever stands behind? */
static bool
may_be_allowed(const struct hub_member_rule *rules, size_t count, struct asn peer)
{
	for (size_t i = 0; i < count; i++) {
		if (!names(&rules[i], peer))
			continue;
		if (rules[i].action != HUB_RULE_DENY)
			return true;
		if (!has_prefix(&rules[i]))
			return false;
	}
	return true;
}

static bool
denies(const struct hub_member_rule *rule)
{
	return rule && rule->action == HUB_RULE_DENY;
}

static unsigned
prepends(const struct hub_member_rule *rule)
{
	return rule && rule->action == HUB_RULE_PREPEND ? rule->prepend : 0;
}

static void
set_member(const struct policy *policy, uint64_t *set, const struct policy_member *member)
{
	for (uint32_t i = 0; i < member->session_count; i++) {
		uint32_t slot = policy->sessions[member->first_session + i].slot;
		set[slot / 64] |= (uint64_t)1 << slot % 64;
	}
}

/* Sets of slots being worked out, those that became something. */
struct sets {
	uint64_t *deny, *late, *prepend[4];
	bool denied, delayed, prepended[4];
};

/* What the two lists say of one pair of members. `prefix` is NULL for the rules without one. */
static void
decide(const struct policy *policy, struct sets *sets, const struct policy_member *from,
       const struct policy_member *to, const struct prefix *prefix)
{
	const struct hub_member_rule *out =
		policy_rule_deciding(from->announce, from->announce_count, to->asn, prefix);
	const struct hub_member_rule *in =
		policy_rule_deciding(to->receive, to->receive_count, from->asn, prefix);
	if (denies(out) || denies(in)) {
		bool later =
			!prefix &&
			(!denies(out) ||
			 may_be_allowed(from->announce, from->announce_count, to->asn)) &&
			(!denies(in) || may_be_allowed(to->receive, to->receive_count, from->asn));
		set_member(policy, later ? sets->late : sets->deny, to);
		*(later ? &sets->delayed : &sets->denied) = true;
		if (prefix)
			return;
	}
	unsigned times = prepends(out) > prepends(in) ? prepends(out) : prepends(in);
	if (times) {
		set_member(policy, sets->prepend[times], to);
		sets->prepended[times] = true;
	}
}

/* Goes through the receivers of whom some rule may speak. */
static void
decide_all(const struct policy *policy, struct sets *sets, const struct policy_member *from,
	   const struct prefix *prefix)
{
	for (size_t i = 0; i < policy->member_count; i++) {
		const struct policy_member *to = &policy->members[i];
		if (to != from && !to->fabric && (from->announce_count || to->receive_count))
			decide(policy, sets, from, to, prefix);
	}
}

static const uint64_t *
kept(struct policy *policy, const uint64_t *set, bool used)
{
	uint64_t *copy = used ? arena_take(policy->arena, policy->words * sizeof(*copy)) : NULL;
	if (copy)
		memcpy(copy, set, policy->words * sizeof(*copy));
	return copy;
}

static struct sets
sets_from_room(struct policy *policy)
{
	struct sets sets = {.deny = policy_room(policy), .late = policy_room(policy)};
	for (unsigned i = 1; i <= 3; i++)
		sets.prepend[i] = policy_room(policy);
	memset(sets.deny, 0, policy->words * sizeof(*sets.deny));
	memset(sets.late, 0, policy->words * sizeof(*sets.late));
	for (unsigned i = 1; i <= 3; i++)
		memset(sets.prepend[i], 0, policy->words * sizeof(*sets.deny));
	return sets;
}

static int
make_one(struct policy *policy, struct policy_member *from)
{
	policy->room_used = 0;
	struct sets sets = sets_from_room(policy);
	decide_all(policy, &sets, from, NULL);
	from->effects.deny = kept(policy, sets.deny, sets.denied);
	from->late_deny = kept(policy, sets.late, sets.delayed);
	bool failed = (sets.denied && !from->effects.deny) || (sets.delayed && !from->late_deny);
	for (unsigned i = 1; i <= 3; i++) {
		from->effects.prepend[i] = kept(policy, sets.prepend[i], sets.prepended[i]);
		failed |= sets.prepended[i] && !from->effects.prepend[i];
	}
	policy->room_used = 0;
	return failed ? -1 : 0;
}

int
policy_effects_make(struct policy *policy)
{
	for (size_t i = 0; i < policy->member_count; i++) {
		struct policy_member *from = &policy->members[i];
		if ((from->announce_count || policy->any_receive) && make_one(policy, from))
			return -1;
	}
	return 0;
}

bool
policy_rules_fit(const struct policy *policy, const struct policy_member *from,
		 const struct prefix *prefix)
{
	return (from->announce_by_prefix &&
		policy_rules_match(rules_of(&from->announce_prefixes, prefix), prefix)) ||
	       (policy->receive_by_prefix &&
		policy_rules_match(rules_of(&policy->receive_prefixes, prefix), prefix));
}

void
policy_effects_of(struct policy *policy, const struct policy_member *from,
		  const struct prefix *prefix, struct policy_effects *out)
{
	struct sets sets = sets_from_room(policy);
	decide_all(policy, &sets, from, prefix);
	*out = (struct policy_effects){.deny = sets.denied ? sets.deny : NULL};
	for (unsigned i = 1; i <= 3; i++)
		out->prepend[i] = sets.prepended[i] ? sets.prepend[i] : NULL;
}
