/* A map from prefixes of one family to values of a fixed size that finds all prefixes covering a given one.
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
	RPKI_TREE_COVERING_MAX = 129,
};

struct rpki_tree {
	enum ip_family family;
	uint32_t value_size;
	uintptr_t root; /* private */
	size_t prefixes;
	size_t memory; /* octets held */
};

/* An empty tree needs no memory. Values have `value_size` octets, a multiple of 4, and stand at a multiple of 4;
 * they are moved about as octets. */
void rpki_tree_init(struct rpki_tree *tree, enum ip_family family, uint32_t value_size);
void rpki_tree_fini(struct rpki_tree *tree);

/* All take prefixes of the tree's family. Pointers to values are valid until the next change. */
void *rpki_tree_find(const struct rpki_tree *tree, const struct prefix *prefix);
/* Finds it, or puts it in with a value of zeros and says so. NULL: no memory, and nothing changed that a look-up
 * sees. */
void *rpki_tree_add(struct rpki_tree *tree, const struct prefix *prefix, bool *is_new);
/* It may be missing. */
void rpki_tree_remove(struct rpki_tree *tree, const struct prefix *prefix);

/* `each` is told the value and the length of a prefix, and returns whether to go on. */
struct rpki_tree_visit {
	bool (*each)(void *context, const void *value, uint8_t length);
	void *context;
};

/* Visits the prefixes that cover this one or are it, longest first. */
void rpki_tree_covering(const struct rpki_tree *tree, const struct prefix *prefix,
			const struct rpki_tree_visit *visit);
/* Fetches memory that rpki_tree_covering will read; to be called for some prefixes, then for the same ones
 * `again`, when what the first calls asked for is there. */
void rpki_tree_hint(const struct rpki_tree *tree, const struct prefix *prefix, bool again);

/* Visits every prefix, in no useful order; one for which `visit` returns false is taken out. The visitor may
 * change the value and must leave the tree alone. */
void rpki_tree_walk(struct rpki_tree *tree,
		    bool (*visit)(void *context, const struct prefix *prefix, void *value),
		    void *context);
