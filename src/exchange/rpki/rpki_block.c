/* Changes of a block of prefixes. */
#include "exchange/rpki/rpki_block.h"

#include <stdlib.h>

static size_t
block_size(const struct rpki_tree *tree, unsigned room)
{
	return sizeof(struct block) + octets_size(room) +
	       room * (address_size(tree) + tree->value_size);
}

void
rpki_block_relink(const struct rpki_tree *tree, struct block *b)
{
	uint8_t *parent = parents(tree, b);
	for (int i = 0; i < b->count; i++) {
		struct key e = entry(tree, b, i);
		int p = i > 0 ? i - 1 : NO_PARENT;
		while (p != NO_PARENT && !covers(tree, b, p, &e))
			p = parent[p];
		parent[i] = (uint8_t)p;
	}
}

static struct block *
block_new(struct rpki_tree *tree, unsigned room)
{
	struct block *b = malloc(block_size(tree, room));
	if (!b)
		return NULL;
	b->count = 0;
	b->room = (uint16_t)room;
	tree->memory += block_size(tree, room);
	return b;
}

void
rpki_block_free(struct rpki_tree *tree, struct block *b)
{
	if (!b)
		return;
	tree->memory -= block_size(tree, b->room);
	free(b);
}

void
rpki_block_append(const struct rpki_tree *tree, struct block *b, const struct key *key,
		  const void *value)
{
	int i = b->count++;
	put_address(tree, b, i, key);
	memcpy(value_at(tree, b, i), value, tree->value_size);
	lengths(tree, b)[i] = key->length;
}

struct block *
rpki_block_with_room(struct rpki_tree *tree, struct block *b)
{
	static const uint8_t rooms[] = {1,  2,  3,  4,  5,  6,  8,  10, 12,  14,  16, 20,
					24, 28, 32, 40, 48, 56, 64, 96, 128, 192, 255};
	unsigned count = b ? b->count : 0;
	if (b && count < b->room)
		return b;
	size_t i = 0;
	while (rooms[i] <= count)
		i++;
	struct block *larger = block_new(tree, rooms[i]);
	if (!larger)
		return NULL;
	larger->count = (uint16_t)count;
	if (b) {
		memcpy(addresses(larger), addresses(b), count * address_size(tree));
		memcpy(lengths(tree, larger), lengths(tree, b), count);
		memcpy(parents(tree, larger), parents(tree, b), count);
		memcpy(value_at(tree, larger, 0), value_at(tree, b, 0), count * tree->value_size);
	}
	rpki_block_free(tree, b);
	return larger;
}

/* Moves the entries from `from` on to `to`; their parents are found again by rpki_block_relink. */
static void
shift(const struct rpki_tree *tree, struct block *b, int to, int from)
{
	size_t count = b->count - (size_t)from, size = address_size(tree);
	uint8_t *address = addresses(b), *length = lengths(tree, b);
	memmove(address + (size_t)to * size, address + (size_t)from * size, count * size);
	memmove(value_at(tree, b, to), value_at(tree, b, from), count * tree->value_size);
	memmove(length + to, length + from, count);
}

void *
rpki_block_add(struct rpki_tree *tree, struct block **slot, const struct key *key)
{
	struct block *b = rpki_block_with_room(tree, *slot);
	if (!b)
		return NULL;
	*slot = b;
	int at = last_before(tree, b, key) + 1;
	while (at > 0) {
		struct key before = entry(tree, b, at - 1);
		if (before.high != key->high || before.low != key->low ||
		    before.length < key->length)
			break;
		at--;
	}
	shift(tree, b, at + 1, at);
	put_address(tree, b, at, key);
	memset(value_at(tree, b, at), 0, tree->value_size);
	lengths(tree, b)[at] = key->length;
	b->count++;
	rpki_block_relink(tree, b);
	tree->prefixes++;
	return value_at(tree, b, at);
}

void
rpki_block_cut(struct rpki_tree *tree, struct block *b, int at)
{
	shift(tree, b, at, at + 1);
	b->count--;
	rpki_block_relink(tree, b);
	tree->prefixes--;
}
