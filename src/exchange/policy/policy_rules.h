/* A list of prefix rules, compiled: is a prefix inside one of them, and as long as the rule says?
 *
 * The rules are sorted by address, wider first, and each knows the rule that encloses it. A look-up
 * is a binary search for the last rule that begins at or before the prefix, then up the chain of
 * enclosing rules. Addresses whose first octet no rule touches are answered at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/ip.h"
#include "hub/hub.h"

struct policy_rules;

/* Compiles the rules of one family; NULL if there is no memory. */
struct policy_rules *policy_rules_new(struct arena *arena, enum ip_family family,
				      const struct prefix_rule *rules, size_t count);
bool policy_rules_match(const struct policy_rules *rules, const struct prefix *prefix);
/* The rule with the longest prefix that matches; *out is untouched when none does. */
bool policy_rules_find(struct prefix_rule *out, const struct policy_rules *rules,
		       const struct prefix *prefix);
