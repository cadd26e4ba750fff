/* Compiled prefix rules. */
#include "exchange/policy/policy_rules.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NO_PARENT = UINT32_MAX };

struct rule {
	struct prefix prefix;
	uint8_t min_length, max_length;
	uint32_t parent; /* index of the rule that encloses this one */
};

struct policy_rules {
	uint64_t touched[4]; /* first octets where some rule matches /8 or longer */
	uint32_t count;
	struct rule rules[];
};

static int
by_address(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	return prefix_compare(x->prefix, y->prefix);
}

static void
touch(struct policy_rules *rules, struct prefix prefix)
{
	unsigned first = prefix.ip.octets[0];
	unsigned last = prefix.length >= 8 ? first : first | 0xffu >> prefix.length;
	for (unsigned octet = first; octet <= last; octet++)
		rules->touched[octet / 64] |= (uint64_t)1 << octet % 64;
}

struct policy_rules *
policy_rules_new(struct arena *arena, enum ip_family family, const struct prefix_rule *from,
		 size_t count)
{
	struct policy_rules *rules =
		arena_take(arena, sizeof(*rules) + count * sizeof(rules->rules[0]));
	if (!rules)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (from[i].prefix.ip.family != family)
			continue;
		rules->rules[rules->count++] = (struct rule){
			.prefix = from[i].prefix,
			.min_length = from[i].min_length,
			.max_length = from[i].max_length,
		};
		if (from[i].max_length >= 8) /* "only the default route" touches nothing */
			touch(rules, from[i].prefix);
	}
	qsort(rules->rules, rules->count, sizeof(rules->rules[0]), by_address);
	for (uint32_t i = 0; i < rules->count; i++) {
		uint32_t parent = i ? i - 1 : NO_PARENT;
		while (parent != NO_PARENT &&
		       !prefix_covers(rules->rules[parent].prefix, rules->rules[i].prefix))
			parent = rules->rules[parent].parent;
		rules->rules[i].parent = parent;
	}
	return rules;
}

static const struct rule *
find(const struct policy_rules *rules, const struct prefix *prefix)
{
	unsigned first = prefix->ip.octets[0];
	if (prefix->length >= 8 && !(rules->touched[first / 64] >> first % 64 & 1))
		return NULL;
	uint32_t low = 0, high = rules->count; /* the first rule that stands after the prefix */
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (prefix_compare(rules->rules[middle].prefix, *prefix) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t at = low ? low - 1 : NO_PARENT; at != NO_PARENT;
	     at = rules->rules[at].parent) {
		const struct rule *rule = &rules->rules[at];
		if (prefix->length >= rule->min_length && prefix->length <= rule->max_length &&
		    prefix_covers(rule->prefix, *prefix))
			return rule;
	}
	return NULL;
}

bool
policy_rules_match(const struct policy_rules *rules, const struct prefix *prefix)
{
	return find(rules, prefix) != NULL;
}

bool
policy_rules_find(struct prefix_rule *out, const struct policy_rules *rules,
		  const struct prefix *prefix)
{
	const struct rule *rule = find(rules, prefix);
	if (rule)
		*out = (struct prefix_rule){rule->prefix, rule->min_length, rule->max_length};
	return rule != NULL;
}
