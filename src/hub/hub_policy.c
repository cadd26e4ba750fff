/* Exceptions to the lists of a policy, carved out of them once, when the file is read. */
#include "hub/hub_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Two growing arrays, one read while the other is written. */
struct list {
	void *items;
	size_t count, capacity, size;
};

static int
push(struct list *l, const void *item)
{
	void *items = array_grow(l->items, l->count, &l->capacity, l->size);
	if (!items)
		return -1;
	l->items = items;
	memcpy((char *)l->items + l->count++ * l->size, item, l->size);
	return 0;
}

static int
carve_range(struct list *out, struct asn_range range, const void *exception)
{
	const struct asn_range *allow = exception;
	if (range.last < allow->first || range.first > allow->last)
		return push(out, &range);
	struct asn_range below = {range.first, allow->first - 1};
	struct asn_range above = {allow->last + 1, range.last};
	if (range.first < allow->first && push(out, &below) < 0)
		return -1;
	if (range.last > allow->last && push(out, &above) < 0)
		return -1;
	return 0;
}

static struct prefix
sibling(struct prefix p)
{
	unsigned bit = p.length - 1u;
	p.ip.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	return p;
}

/* Walks from the martian down to the exception. At each step the prefix above it is kept by itself,
 * and the half that does not hold the exception is kept whole. */
static int
carve_rule(struct list *out, struct prefix_rule rule, const void *exception)
{
	const struct prefix *allow = exception;
	if (prefix_covers(*allow, rule.prefix))
		return 0;
	if (!prefix_covers(rule.prefix, *allow))
		return push(out, &rule);
	for (unsigned length = rule.prefix.length; length < allow->length; length++) {
		uint8_t exact = (uint8_t)length, longer = (uint8_t)(length + 1);
		struct prefix_rule above = {prefix_of(allow->ip, length), exact, exact};
		struct prefix_rule half = {sibling(prefix_of(allow->ip, longer)),
					   rule.min_length > longer ? rule.min_length : longer,
					   rule.max_length};
		if (rule.min_length <= exact && exact <= rule.max_length && push(out, &above) < 0)
			return -1;
		if (half.min_length <= half.max_length && push(out, &half) < 0)
			return -1;
	}
	return 0;
}

/* A list without one exception: true if it changed; *failed when there is no memory. */
static int
carve_asns(struct list *from, struct list *to, const struct asn_range *allow)
{
	to->count = 0;
	const struct asn_range *ranges = from->items;
	for (size_t i = 0; i < from->count; i++)
		if (carve_range(to, ranges[i], allow) < 0)
			return -1;
	return 0;
}

static int
carve_rules(struct list *from, struct list *to, const struct prefix *allow)
{
	to->count = 0;
	const struct prefix_rule *rules = from->items;
	for (size_t i = 0; i < from->count; i++)
		if (carve_rule(to, rules[i], allow) < 0)
			return -1;
	return 0;
}

static int
fill(struct list *l, const void *items, size_t count, size_t size)
{
	*l = (struct list){.size = size};
	for (size_t i = 0; i < count; i++)
		if (push(l, (const char *)items + i * size) < 0)
			return -1;
	return 0;
}

/* Moves a list to the arena. */
static int
settle(void **items, size_t *count, const struct list *l, struct arena *arena)
{
	void *copy = arena_take(arena, l->count * l->size);
	if (!copy)
		return -1;
	if (l->count)
		memcpy(copy, l->items, l->count * l->size);
	*items = copy;
	*count = l->count;
	return 0;
}

static void
swap(struct list *a, struct list *b)
{
	struct list held = *a;
	*a = *b;
	*b = held;
}

static int
apply_asns(struct hub_policy *policy, struct arena *arena)
{
	struct list from, to = {.size = sizeof(struct asn_range)};
	int result = fill(&from, policy->bogon_asns, policy->bogon_asn_count, to.size);
	for (size_t i = 0; i < policy->allow_asn_count && result == 0; i++) {
		result = carve_asns(&from, &to, &policy->allow_asns[i]);
		swap(&from, &to);
	}
	void *items;
	if (result == 0 && (result = settle(&items, &policy->bogon_asn_count, &from, arena)) == 0)
		policy->bogon_asns = items;
	free(from.items);
	free(to.items);
	return result;
}

static int
apply_prefixes(struct hub_policy *policy, struct arena *arena)
{
	struct list from, to = {.size = sizeof(struct prefix_rule)};
	int result = fill(&from, policy->martians, policy->martian_count, to.size);
	for (size_t i = 0; i < policy->allow_prefix_count && result == 0; i++) {
		result = carve_rules(&from, &to, &policy->allow_prefixes[i]);
		swap(&from, &to);
	}
	void *items;
	if (result == 0 && (result = settle(&items, &policy->martian_count, &from, arena)) == 0)
		policy->martians = items;
	free(from.items);
	free(to.items);
	return result;
}

int
hub_policy_apply_exceptions(struct hub_policy *policy, struct arena *arena)
{
	if (policy->allow_asn_count && apply_asns(policy, arena) < 0)
		return -1;
	if (policy->allow_prefix_count && apply_prefixes(policy, arena) < 0)
		return -1;
	return 0;
}
