/* A map from prefixes of one family to numbers that finds all prefixes covering a given one.
 *
 * Sorted blocks, split by whole octets of the address where they get too large:
 *
 *	branch at bit 0 ── own block: lengths 0 to 7
 *	   ├─ octet 2.   ── block: up to 64 prefixes, sorted by address, then shorter first
 *	   └─ octet 193. ── branch at bit 8 ── own block: lengths 8 to 15
 *	                       ├─ 193.0.  ── block
 *	                       └─ 193.44. ── block
 *
 * In a block each entry names the nearest entry that covers it, so that a look-up is one binary search and a
 * walk up that chain. Octets that all entries share are skipped. A change moves at most one block; a look-up
 * touches as many blocks as there are branches on the way: with all of today's VRPs 3 for an IPv4 route and
 * 3 to 5 for an IPv6 one, of which all but the last are as good as always in the cache. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

enum {
	RPKI_TREE_NONE = UINT32_MAX, /* the value of a prefix just added */
	RPKI_TREE_COVERING_MAX = 129,
	RPKI_TREE_AHEAD = 16,
};

struct rpki_tree {
	enum ip_family family;
	uintptr_t root; /* private */
	size_t prefixes;
	size_t memory; /* octets held */
};

/* An empty tree needs no memory. */
void rpki_tree_init(struct rpki_tree *tree, enum ip_family family);
void rpki_tree_fini(struct rpki_tree *tree);

/* All take prefixes of the tree's family. Pointers to values are valid until the next change. */
uint32_t *rpki_tree_find(const struct rpki_tree *tree, const struct prefix *prefix);
/* Finds it or puts it in with RPKI_TREE_NONE. NULL: no memory, and nothing changed that a look-up sees. */
uint32_t *rpki_tree_add(struct rpki_tree *tree, const struct prefix *prefix);
/* It may be missing. */
void rpki_tree_remove(struct rpki_tree *tree, const struct prefix *prefix);

/* The values of all prefixes that cover this one or are it, with their lengths, shortest first. */
size_t rpki_tree_covering(const struct rpki_tree *tree, const struct prefix *prefix,
			  uint32_t values[RPKI_TREE_COVERING_MAX],
			  uint8_t lengths[RPKI_TREE_COVERING_MAX]);
/* Fetches what rpki_tree_covering will read for each of these, side by side; at most RPKI_TREE_AHEAD. */
void rpki_tree_hint(const struct rpki_tree *tree, const struct prefix *prefixes, size_t count);

/* Visits every prefix, in no useful order; one for which `visit` returns false is taken out. The visitor may
 * change the value and must leave the tree alone. */
void rpki_tree_walk(struct rpki_tree *tree,
		    bool (*visit)(void *context, const struct prefix *prefix, uint32_t *value),
		    void *context);
