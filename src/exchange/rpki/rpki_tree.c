/* Prefixes in sorted blocks under branches of octets; see the drawing in rpki_tree.h.
 *
 * Why not a binary trie: a route would touch twenty cache lines one after the other. Why not a hash table of
 * (length, prefix): a route has up to a dozen lengths above it that occur, and each costs a line. */
#include "exchange/rpki/rpki_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/rpki_block.h"

enum {
	BLOCK_MAX =
		64, /* entries of a block that is not a branch's own; of those 255 fit by their lengths */
	BRANCHES_MAX = 17,   /* one for each octet, and one that ends at the last */
	BRANCHES_CACHED = 2, /* on the way to a block; so few are those of their level */
};

struct branch {
	struct key path; /* all below share its `length` bits, a multiple of 8 */
	struct block *own;
	uint8_t present[32]; /* bits of the octets that have a child */
	uint8_t before[32];  /* children of the octets in the bytes before this one */
	uint8_t covered
		[32]; /* bits of the octets that lie inside an entry of the own block, which few do */
	uint16_t children, room;
	uintptr_t *child; /* in the order of their octets */
};

/* A child is a block, a branch (its lowest bit is set), or 0. */
static inline struct branch *
branch_of(uintptr_t ref)
{
	return ref & 1 ? (struct branch *)(ref & ~(uintptr_t)1) : NULL;
}

static inline struct block *
block_of(uintptr_t ref)
{
	return (struct block *)ref;
}

/* --- branches --- */

static inline bool
has_octet(const uint8_t bits[32], uint8_t octet)
{
	return bits[octet / 8] >> octet % 8 & 1;
}

/* Finds again what the own block covers, after a change. */
static void
cover(const struct rpki_tree *tree, struct branch *br)
{
	memset(br->covered, 0, sizeof(br->covered));
	for (int i = 0; br->own && i < br->own->count; i++) {
		struct key e = entry(tree, br->own, i);
		unsigned first = octet_at(&e, br->path.length);
		unsigned span = 256u >> (e.length - br->path.length);
		for (unsigned octet = first; octet < first + span; octet++)
			br->covered[octet / 8] |= (uint8_t)(1 << octet % 8);
	}
}

/* Not every machine that this runs on counts bits in one instruction. */
static inline unsigned
bits_set(unsigned octet)
{
	static const uint8_t of_nibble[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
	return (unsigned)of_nibble[octet & 15] + of_nibble[octet >> 4];
}

/* How many children stand before the one of this octet. */
static inline unsigned
rank(const struct branch *br, uint8_t octet)
{
	return br->before[octet / 8] + bits_set(br->present[octet / 8] & ((1u << octet % 8) - 1));
}

/* The child of an octet comes (1) or goes (-1). */
static void
mark(struct branch *br, uint8_t octet, int change)
{
	br->present[octet / 8] ^= (uint8_t)(1 << octet % 8);
	for (unsigned i = octet / 8 + 1; i < sizeof(br->before); i++)
		br->before[i] = (uint8_t)(br->before[i] + change);
	br->children = (uint16_t)(br->children + change);
}

static inline uintptr_t *
child_of(const struct branch *br, uint8_t octet)
{
	if (!has_octet(br->present, octet))
		return NULL;
	return &br->child[rank(br, octet)];
}

/* A place for the child of an octet that has none, holding 0. */
static uintptr_t *
child_add(struct rpki_tree *tree, struct branch *br, uint8_t octet)
{
	if (br->children == br->room) {
		unsigned room = br->room ? br->room * 2u : 2u;
		uintptr_t *child = realloc(br->child, room * sizeof(*child));
		if (!child)
			return NULL;
		tree->memory += (room - br->room) * sizeof(*child);
		br->child = child;
		br->room = (uint16_t)room;
	}
	unsigned at = rank(br, octet);
	memmove(br->child + at + 1, br->child + at, (br->children - at) * sizeof(uintptr_t));
	br->child[at] = 0;
	mark(br, octet, 1);
	return &br->child[at];
}

static void
child_cut(struct branch *br, uint8_t octet)
{
	unsigned at = rank(br, octet);
	mark(br, octet, -1);
	memmove(br->child + at, br->child + at + 1, (br->children - at) * sizeof(uintptr_t));
}

static struct branch *
branch_new(struct rpki_tree *tree, const struct key *key, int bits)
{
	struct branch *br = calloc(1, sizeof(*br));
	if (!br)
		return NULL;
	br->path = (struct key){key->high & mask(bits), key->low & mask(bits - 64), (uint8_t)bits};
	tree->memory += sizeof(*br);
	return br;
}

static void
branch_free(struct rpki_tree *tree, struct branch *br)
{
	tree->memory -= sizeof(*br) + br->room * sizeof(uintptr_t);
	free(br->child);
	free(br);
}

static void
free_ref(struct rpki_tree *tree, uintptr_t ref)
{
	struct branch *br = branch_of(ref);
	if (!br) {
		rpki_block_free(tree, block_of(ref));
		return;
	}
	for (unsigned i = 0; i < br->children; i++)
		free_ref(tree, br->child[i]);
	rpki_block_free(tree, br->own);
	branch_free(tree, br);
}

/* One entry of a block that is being split goes to its part. */
static bool
deal(struct rpki_tree *tree, struct branch *br, const struct key *key, const void *value)
{
	struct block *part = br->own;
	uintptr_t *slot = NULL;
	if (key->length >= br->path.length + 8) {
		uint8_t octet = octet_at(key, br->path.length);
		slot = child_of(br, octet);
		if (!slot)
			slot = child_add(tree, br, octet);
		if (!slot)
			return false;
		part = block_of(*slot);
	}
	part = rpki_block_with_room(tree, part);
	if (!part) {
		if (slot && !*slot)
			child_cut(br, octet_at(key, br->path.length));
		return false;
	}
	rpki_block_append(tree, part, key, value);
	if (slot)
		*slot = (uintptr_t)part;
	else
		br->own = part;
	return true;
}

/* Makes a branch of a full block, at the first octet in which its entries differ or one ends. */
static struct branch *
split(struct rpki_tree *tree, struct block *b)
{
	struct key first = entry(tree, b, 0);
	int shared = first.length;
	for (int i = 1; i < b->count; i++) {
		struct key e = entry(tree, b, i);
		int bits = common_bits(&first, &e);
		shared = bits < shared ? bits : shared;
	}
	struct branch *br = branch_new(tree, &first, shared & ~7);
	bool done = br;
	for (int i = 0; done && i < b->count; i++) {
		struct key e = entry(tree, b, i);
		done = deal(tree, br, &e, value_at(tree, b, i));
	}
	if (!done) {
		if (br)
			free_ref(tree, (uintptr_t)br | 1);
		return NULL;
	}
	if (br->own)
		rpki_block_relink(tree, br->own);
	cover(tree, br);
	for (unsigned i = 0; i < br->children; i++)
		rpki_block_relink(tree, block_of(br->child[i]));
	rpki_block_free(tree, b);
	return br;
}

/* A branch above another one from which the key turns off. */
static struct branch *
fork_above(struct rpki_tree *tree, struct branch *below, const struct key *key)
{
	int shared = common_bits(&below->path, key) & ~7;
	struct branch *br = branch_new(tree, key, shared);
	if (!br)
		return NULL;
	uintptr_t *slot = child_add(tree, br, octet_at(&below->path, shared));
	if (!slot) {
		branch_free(tree, br);
		return NULL;
	}
	*slot = (uintptr_t)below | 1;
	return br;
}

/* --- the tree --- */

void
rpki_tree_init(struct rpki_tree *tree, enum ip_family family, uint32_t value_size)
{
	assert(value_size % alignof(uint32_t) == 0);
	*tree = (struct rpki_tree){.family = family, .value_size = value_size};
}

void
rpki_tree_fini(struct rpki_tree *tree)
{
	if (tree->root)
		free_ref(tree, tree->root);
	rpki_tree_init(tree, tree->family, tree->value_size);
}

/* May a key stand below this branch? */
static inline bool
leads_to(const struct branch *br, const struct key *key)
{
	return key->length >= br->path.length && agree(&br->path, key, br->path.length);
}

/* Is its place in the branch's own block? */
static inline bool
is_own(const struct branch *br, const struct key *key)
{
	return key->length < br->path.length + 8;
}

/* Where a key stands, or would. */
struct spot {
	struct branch *owner; /* whose own block it is; or NULL */
	struct block *block;
	int at; /* -1: it does not stand there */
};

static struct spot
locate(const struct rpki_tree *tree, const struct key *key)
{
	struct spot spot = {NULL, NULL, -1};
	uintptr_t ref = tree->root;
	for (struct branch *br; (br = branch_of(ref)) != NULL;) {
		if (!leads_to(br, key))
			return spot;
		if (is_own(br, key)) {
			spot.owner = br;
			ref = (uintptr_t)br->own;
			break;
		}
		uintptr_t *child = child_of(br, octet_at(key, br->path.length));
		ref = child ? *child : 0;
	}
	spot.block = block_of(ref);
	if (spot.block)
		spot.at = position(tree, spot.block, key);
	return spot;
}

void *
rpki_tree_find(const struct rpki_tree *tree, const struct prefix *prefix)
{
	assert(prefix->ip.family == tree->family);
	struct key key = key_of(prefix);
	struct spot spot = locate(tree, &key);
	return spot.at < 0 ? NULL : value_at(tree, spot.block, spot.at);
}

/* Makes the way one step longer: from *slot to where the key belongs next; NULL if there is no memory. */
static uintptr_t *
descend(struct rpki_tree *tree, uintptr_t *slot, const struct key *key)
{
	struct branch *br = branch_of(*slot);
	if (!leads_to(br, key)) {
		struct branch *above = fork_above(tree, br, key);
		if (!above)
			return NULL;
		*slot = (uintptr_t)above | 1;
		return slot;
	}
	uint8_t octet = octet_at(key, br->path.length);
	uintptr_t *child = child_of(br, octet);
	return child ? child : child_add(tree, br, octet);
}

/* Takes out what has become empty below *slot, on the way to the key. */
static void
prune(struct rpki_tree *tree, uintptr_t *slot, const struct key *key)
{
	struct branch *br = branch_of(*slot);
	if (!br) {
		if (*slot && block_of(*slot)->count == 0) {
			rpki_block_free(tree, block_of(*slot));
			*slot = 0;
		}
		return;
	}
	if (leads_to(br, key) && !is_own(br, key)) {
		uint8_t octet = octet_at(key, br->path.length);
		uintptr_t *child = child_of(br, octet);
		if (child)
			prune(tree, child, key);
		if (child && !*child)
			child_cut(br, octet);
	}
	if (br->own && br->own->count == 0) {
		rpki_block_free(tree, br->own);
		br->own = NULL;
	}
	if (!br->own && br->children == 0) {
		branch_free(tree, br);
		*slot = 0;
	}
}

/* Adds a key that is not there. */
static void *
add(struct rpki_tree *tree, const struct key *key)
{
	uintptr_t *slot = &tree->root;
	for (;;) {
		struct branch *br = branch_of(*slot);
		if (br && leads_to(br, key) && is_own(br, key)) {
			void *value = rpki_block_add(tree, &br->own, key);
			cover(tree, br);
			return value;
		}
		if (br) {
			slot = descend(tree, slot, key);
			if (!slot)
				return NULL;
			continue;
		}
		struct block *b = block_of(*slot);
		if (!b || b->count < BLOCK_MAX) {
			void *value = rpki_block_add(tree, &b, key);
			*slot = (uintptr_t)b;
			return value;
		}
		br = split(tree, b);
		if (!br)
			return NULL;
		*slot = (uintptr_t)br | 1;
	}
}

void *
rpki_tree_add(struct rpki_tree *tree, const struct prefix *prefix, bool *is_new)
{
	void *value = rpki_tree_find(tree, prefix);
	*is_new = !value;
	if (value)
		return value;
	struct key key = key_of(prefix);
	value = add(tree, &key);
	if (!value)
		prune(tree, &tree->root, &key);
	return value;
}

void
rpki_tree_remove(struct rpki_tree *tree, const struct prefix *prefix)
{
	struct key key = key_of(prefix);
	struct spot spot = locate(tree, &key);
	if (spot.at < 0)
		return;
	rpki_block_cut(tree, spot.block, spot.at);
	if (spot.owner)
		cover(tree, spot.owner);
	prune(tree, &tree->root, &key);
}

/* Visits the entries of a block that cover the key, longest first. */
static inline bool
rise(const struct rpki_tree *tree, const struct block *b, const struct key *key,
     const struct rpki_tree_visit *visit)
{
	const uint8_t *length = lengths(tree, b), *parent = parents(tree, b);
	for (int i = nearest(tree, b, key); i != NO_PARENT; i = parent[i])
		if (!visit->each(visit->context, value_at(tree, b, i), length[i]))
			return false;
	return true;
}

void
rpki_tree_covering(const struct rpki_tree *tree, const struct prefix *prefix,
		   const struct rpki_tree_visit *visit)
{
	assert(prefix->ip.family == tree->family);
	struct key key = key_of(prefix);
	const struct block *above[BRANCHES_MAX];
	size_t depth = 0;
	uintptr_t ref = tree->root;
	/* Whether the key lies below a branch at all need not be asked: where it does not, no entry covers it. */
	for (const struct branch *br; (br = branch_of(ref)) != NULL;) {
		if (is_own(br, &key)) {
			ref = (uintptr_t)br->own;
			break;
		}
		uint8_t octet = octet_at(&key, br->path.length);
		if (has_octet(br->covered, octet))
			above[depth++] = br->own;
		const uintptr_t *child = child_of(br, octet);
		ref = child ? *child : 0;
	}
	if (ref && !rise(tree, block_of(ref), &key, visit))
		return;
	while (depth > 0)
		if (!rise(tree, above[--depth], &key, visit))
			return;
}

void
rpki_tree_hint(const struct rpki_tree *tree, const struct prefix *prefix, bool again)
{
	struct key key = key_of(prefix);
	uintptr_t ref = tree->root;
	int branches = 0;
	for (const struct branch *br; (br = branch_of(ref)) != NULL;) {
		const uintptr_t *child = NULL;
		if (!is_own(br, &key))
			child = child_of(br, octet_at(&key, br->path.length));
		if (!again && ++branches == BRANCHES_CACHED) {
			__builtin_prefetch(child);
			return;
		}
		ref = child ? *child : 0;
	}
	const char *octets = (const char *)ref;
	for (int i = 0; octets && i < 3; i++)
		__builtin_prefetch(octets + (size_t)i * 64);
}

/* --- walking --- */

struct walk {
	struct rpki_tree *tree;
	bool (*visit)(void *context, const struct prefix *prefix, void *value);
	void *context;
};

static void
walk_block(const struct walk *w, struct block *b)
{
	int kept = 0;
	for (int i = 0; i < b->count; i++) {
		struct key e = entry(w->tree, b, i);
		struct prefix prefix = prefix_at(w->tree->family, &e);
		if (!w->visit(w->context, &prefix, value_at(w->tree, b, i)))
			continue;
		if (kept < i) {
			put_address(w->tree, b, kept, &e);
			memcpy(value_at(w->tree, b, kept), value_at(w->tree, b, i),
			       w->tree->value_size);
			lengths(w->tree, b)[kept] = e.length;
		}
		kept++;
	}
	if (kept == b->count)
		return;
	w->tree->prefixes -= (size_t)(b->count - kept);
	b->count = (uint16_t)kept;
	rpki_block_relink(w->tree, b);
}

static void
walk_ref(const struct walk *w, uintptr_t *slot)
{
	struct branch *br = branch_of(*slot);
	if (!br) {
		walk_block(w, block_of(*slot));
		if (block_of(*slot)->count == 0) {
			rpki_block_free(w->tree, block_of(*slot));
			*slot = 0;
		}
		return;
	}
	if (br->own) {
		walk_block(w, br->own);
		cover(w->tree, br);
	}
	for (unsigned octet = 0; octet < 256; octet++) {
		uintptr_t *child = child_of(br, (uint8_t)octet);
		if (!child)
			continue;
		walk_ref(w, child);
		if (!*child)
			child_cut(br, (uint8_t)octet);
	}
	prune(w->tree, slot, &br->path);
}

void
rpki_tree_walk(struct rpki_tree *tree,
	       bool (*visit)(void *context, const struct prefix *prefix, void *value),
	       void *context)
{
	struct walk w = {tree, visit, context};
	if (tree->root)
		walk_ref(&w, &tree->root);
}
