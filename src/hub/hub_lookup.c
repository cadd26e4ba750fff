/* Open addressing with linear probing; memory from the picture's arena, so that old tables are
 * freed with it (at most as much again as the last one). */
#include "hub/hub_lookup.h"

#include <string.h>

#include "base/hash.h"

static struct hub_slot *
slot_of(const struct hub_table_of *t, uint64_t hash, const void *key, size_t length)
{
	size_t at = hash & (t->capacity - 1);
	for (;; at = (at + 1) & (t->capacity - 1)) {
		struct hub_slot *slot = &t->slots[at];
		if (!slot->key || (slot->hash == hash && slot->length == length &&
				   memcmp(slot->key, key, length) == 0))
			return slot;
	}
}

uint32_t
hub_lookup_find(const struct hub_lookup *l, enum hub_index by, const void *key, size_t length)
{
	const struct hub_table_of *t = &l->by[by];
	if (!t->capacity)
		return UINT32_MAX;
	const struct hub_slot *slot = slot_of(t, hash_bytes(key, length), key, length);
	return slot->key ? slot->value : UINT32_MAX;
}

static int
grow(struct hub_table_of *t, struct arena *arena)
{
	size_t capacity = t->capacity ? t->capacity * 2 : 16;
	struct hub_table_of bigger = {.capacity = capacity, .count = t->count};
	bigger.slots = arena_take(arena, capacity * sizeof(*bigger.slots));
	if (!bigger.slots)
		return -1;
	for (size_t i = 0; i < t->capacity; i++) {
		const struct hub_slot *old = &t->slots[i];
		if (old->key)
			*slot_of(&bigger, old->hash, old->key, old->length) = *old;
	}
	*t = bigger;
	return 0;
}

int
hub_lookup_add(struct hub_lookup *l, struct arena *arena, enum hub_index by, const void *key,
	       size_t length, uint32_t value)
{
	struct hub_table_of *t = &l->by[by];
	if ((t->count + 1) * 2 > t->capacity && grow(t, arena) < 0)
		return -1;
	uint64_t hash = hash_bytes(key, length);
	*slot_of(t, hash, key, length) = (struct hub_slot){hash, key, (uint32_t)length, value};
	t->count++;
	return 0;
}

size_t
hub_lookup_interface(uint8_t key[HUB_INTERFACE_KEY], uint32_t exporter, const char *name)
{
	size_t length = strlen(name);
	if (length > HUB_INTERFACE_NAME_MAX)
		return 0;
	memcpy(key, &exporter, sizeof(exporter));
	memcpy(key + sizeof(exporter), name, length);
	return sizeof(exporter) + length;
}
