/* Blocks of a tree of prefixes (rpki_tree.h): sorted, in one allocation each. Looking is inline, for a
 * route's origin is looked up by it. Used inside of the tree only. */
#pragma once

#include <endian.h>
#include <stdalign.h>
#include <string.h>

#include "exchange/rpki/rpki_tree.h"

enum {
	NO_PARENT = 255,
	FEW = 16, /* addresses compared one by one: no branch that could be foretold wrongly */
};

/* An address as two numbers; an IPv4 one is the upper half of `high`. */
struct key {
	uint64_t high, low;
	uint8_t length;
};

/* One allocation; the arrays stand behind the header, each `room` long: addresses, lengths, parents,
 * values: a look-up reads what stands first, and one value. */
struct block {
	uint16_t count, room;
	alignas(8) uint8_t arrays[];
};

static inline bool
is_wide(const struct rpki_tree *tree)
{
	return tree->family == IP_V6;
}

/* --- keys --- */

static inline struct key
key_of(const struct prefix *p)
{
	uint64_t half[2];
	memcpy(half, p->ip.octets, sizeof(half));
	return (struct key){be64toh(half[0]), be64toh(half[1]), p->length};
}

static inline struct prefix
prefix_at(enum ip_family family, const struct key *key)
{
	struct prefix p = {.ip.family = (uint8_t)family, .length = key->length};
	for (int i = 0; i < 8; i++) {
		p.ip.octets[i] = (uint8_t)(key->high >> (56 - 8 * i));
		p.ip.octets[8 + i] = (uint8_t)(key->low >> (56 - 8 * i));
	}
	return p;
}

/* The first `length` bits of a half. */
static inline uint64_t
mask(int length)
{
	return length <= 0 ? 0 : length >= 64 ? UINT64_MAX : UINT64_MAX << (64 - length);
}

/* Do the first `length` bits agree? */
static inline bool
agree(const struct key *a, const struct key *b, int length)
{
	return !((a->high ^ b->high) & mask(length)) && !((a->low ^ b->low) & mask(length - 64));
}

static inline uint8_t
octet_at(const struct key *key, int bit)
{
	return (uint8_t)(bit < 64 ? key->high >> (56 - bit) : key->low >> (120 - bit));
}

/* How many bits two keys share, no more than either is long. */
static inline int
common_bits(const struct key *a, const struct key *b)
{
	uint64_t high = a->high ^ b->high, low = a->low ^ b->low;
	int bits = high ? __builtin_clzll(high) : low ? 64 + __builtin_clzll(low) : 128;
	int shorter = a->length < b->length ? a->length : b->length;
	return bits < shorter ? bits : shorter;
}

/* --- what stands in a block --- */

struct wide {
	uint64_t high, low;
};

static inline size_t
address_size(const struct rpki_tree *tree)
{
	return is_wide(tree) ? sizeof(struct wide) : sizeof(uint32_t);
}

static inline void *
addresses(const struct block *b)
{
	return (void *)(uintptr_t)b->arrays;
}

static inline uint8_t *
lengths(const struct rpki_tree *tree, const struct block *b)
{
	return (uint8_t *)addresses(b) + b->room * address_size(tree);
}

static inline uint8_t *
parents(const struct rpki_tree *tree, const struct block *b)
{
	return lengths(tree, b) + b->room;
}

/* Of lengths and parents, so that values behind them are aligned. */
static inline size_t
octets_size(unsigned room)
{
	return (2 * room + 3) / 4 * 4;
}

static inline void *
value_at(const struct rpki_tree *tree, const struct block *b, int i)
{
	return lengths(tree, b) + octets_size(b->room) + (size_t)i * tree->value_size;
}

static inline struct key
entry(const struct rpki_tree *tree, const struct block *b, int i)
{
	uint8_t length = lengths(tree, b)[i];
	if (!is_wide(tree))
		return (struct key){(uint64_t)((const uint32_t *)addresses(b))[i] << 32, 0, length};
	const struct wide *address = (const struct wide *)addresses(b) + i;
	return (struct key){address->high, address->low, length};
}

static inline void
put_address(const struct rpki_tree *tree, struct block *b, int i, const struct key *key)
{
	if (is_wide(tree))
		((struct wide *)addresses(b))[i] = (struct wide){key->high, key->low};
	else
		((uint32_t *)addresses(b))[i] = (uint32_t)(key->high >> 32);
}

static inline int
last_before_wide(const struct block *b, const struct key *key)
{
	const struct wide *address = addresses(b);
	unsigned at = 0, count = b->count;
	while (count > 0) {
		unsigned half = (count + 1) / 2;
		const struct wide *middle = &address[at + half - 1];
		bool before = middle->high < key->high ||
			      (middle->high == key->high && middle->low <= key->low);
		at += before ? half : 0;
		count -= half;
	}
	return (int)at - 1;
}

/* The last entry whose address is not behind the key's; -1 if there is none. */
static inline int
last_before(const struct rpki_tree *tree, const struct block *b, const struct key *key)
{
	if (is_wide(tree))
		return last_before_wide(b, key);
	const uint32_t *address = addresses(b);
	uint32_t wanted = (uint32_t)(key->high >> 32);
	unsigned at = 0, count = b->count;
	while (count > FEW) {
		unsigned half = count / 2;
		at += address[at + half - 1] <= wanted ? half : 0;
		count -= half;
	}
	unsigned before = at;
	for (unsigned i = 0; i < count; i++)
		before += address[at + i] <= wanted;
	return (int)before - 1;
}

static inline bool
covers(const struct rpki_tree *tree, const struct block *b, int i, const struct key *key)
{
	struct key e = entry(tree, b, i);
	return e.length <= key->length && agree(&e, key, e.length);
}

/* The longest entry of the block that covers the key; NO_PARENT if there is none. The entry just before the
 * key either covers it or shares with it all that do. */
static inline int
nearest(const struct rpki_tree *tree, const struct block *b, const struct key *key)
{
	int i = last_before(tree, b, key);
	if (i < 0)
		return NO_PARENT;
	const uint8_t *parent = parents(tree, b);
	while (i != NO_PARENT && !covers(tree, b, i, key))
		i = parent[i];
	return i;
}

static inline int
position(const struct rpki_tree *tree, const struct block *b, const struct key *key)
{
	int i = nearest(tree, b, key);
	return i != NO_PARENT && lengths(tree, b)[i] == key->length ? i : -1;
}

/* --- changes: rpki_block.c --- */

/* Room for one more entry, in another block if need be; `b` may be NULL. NULL: no memory, and the block
 * is as it was. */
struct block *rpki_block_with_room(struct rpki_tree *tree, struct block *b);
/* NULL is allowed. */
void rpki_block_free(struct rpki_tree *tree, struct block *b);
/* Puts an entry behind all others, without its parent; there is room. */
void rpki_block_append(const struct rpki_tree *tree, struct block *b, const struct key *key,
		       const void *value);
/* Finds the parents again after a change. */
void rpki_block_relink(const struct rpki_tree *tree, struct block *b);
/* Puts a key that is not there into *slot, with a value of zeros. NULL: no memory. */
void *rpki_block_add(struct rpki_tree *tree, struct block **slot, const struct key *key);
/* Takes an entry out. */
void rpki_block_cut(struct rpki_tree *tree, struct block *b, int at);
