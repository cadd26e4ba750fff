/* Prefixes by exact match: a hash table with chains, its links inside the records. When it grows,
 * the chains are made anew from the pool, so that old and new table never stand side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rib/rib_internal.h"

enum { BUCKETS_MIN = 1024 };

static uint32_t
hash_of(const struct rib *rib, const uint8_t *key, unsigned length)
{
	if (rib->family == IP_V4) {
		uint32_t number;
		memcpy(&number, key, sizeof(number));
		return (uint32_t)hash_u64((uint64_t)length << 32 | number);
	}
	uint64_t high, low;
	memcpy(&high, key, sizeof(high));
	memcpy(&low, key + 8, sizeof(low));
	return (uint32_t)hash_u64(hash_u64(high) ^ low ^ (uint64_t)length << 56);
}

int
rib_table_init(struct rib *rib)
{
	rib->mask = BUCKETS_MIN - 1;
	rib->buckets = calloc(BUCKETS_MIN, sizeof(*rib->buckets));
	return rib->buckets ? 0 : -1;
}

static void
rebuild(struct rib *rib, uint32_t size)
{
	uint32_t *buckets = malloc(size * sizeof(*buckets));
	if (!buckets)
		return; /* it does with what it has */
	free(rib->buckets);
	memset(buckets, 0, size * sizeof(*buckets));
	rib->buckets = buckets;
	rib->mask = size - 1;
	for (uint32_t i = 1; i < rib->prefixes.used; i++) {
		struct rib_prefix *prefix = rib_prefix_in_use(rib, i);
		if (!prefix)
			continue;
		uint32_t *bucket = &buckets[hash_of(rib, prefix->key, prefix->length) & rib->mask];
		prefix->hash_next = *bucket;
		*bucket = i;
	}
}

void
rib_table_shrink(struct rib *rib)
{
	uint32_t size = BUCKETS_MIN;
	while (size < rib->prefixes.live)
		size *= 2;
	if (size < (rib->mask + 1) / 2)
		rebuild(rib, size);
}

static uint32_t
find(const struct rib *rib, const uint8_t *key, unsigned length, uint32_t hash)
{
	uint32_t number = rib->buckets[hash & rib->mask];
	while (number) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		if (prefix->length == length && rib_key_equal(rib, prefix->key, key))
			return number;
		number = prefix->hash_next;
	}
	return RIB_NONE;
}

uint32_t
rib_prefix_find(const struct rib *rib, const uint8_t *key, unsigned length)
{
	return find(rib, key, length, hash_of(rib, key, length));
}

void
rib_hint(const struct rib *rib, const struct prefix *prefix, bool again)
{
	uint32_t hash = hash_of(rib, prefix->ip.octets, prefix->length);
	const uint32_t *bucket = &rib->buckets[hash & rib->mask];
	if (!again)
		__builtin_prefetch(bucket);
	else if (*bucket)
		__builtin_prefetch(rib_prefix_at(rib, *bucket));
}

uint32_t
rib_prefix_get(struct rib *rib, const uint8_t *key, unsigned length)
{
	uint32_t hash = hash_of(rib, key, length);
	uint32_t number = find(rib, key, length, hash);
	if (number)
		return number;
	if (rib->prefixes.live > rib->mask)
		rebuild(rib, (rib->mask + 1) * 2);
	number = rib_pool_take(&rib->prefixes);
	if (!number)
		return RIB_NONE;
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	uint32_t *bucket = &rib->buckets[hash & rib->mask];
	prefix->hash_next = *bucket;
	prefix->place = RIB_NO_PLACE;
	prefix->length = (uint8_t)length;
	rib_key_copy(rib, prefix->key, key);
	*bucket = number;
	return number;
}

void
rib_prefix_forget(struct rib *rib, uint32_t number)
{
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	assert(!prefix->paths && !(prefix->flags & RIB_DIRTY));
	uint32_t *link = &rib->buckets[hash_of(rib, prefix->key, prefix->length) & rib->mask];
	while (*link != number)
		link = &rib_prefix_at(rib, *link)->hash_next;
	*link = prefix->hash_next;
	if (prefix->place != RIB_NO_PLACE) {
		rib->places[prefix->place] = RIB_NONE;
		rib->stale++;
	}
	prefix->length = RIB_UNUSED;
	rib_pool_give(&rib->prefixes, number);
}

struct prefix
rib_prefix_value(const struct rib *rib, const struct rib_prefix *prefix)
{
	struct prefix value = {.ip.family = (uint8_t)rib->family, .length = prefix->length};
	rib_key_copy(rib, value.ip.octets, prefix->key);
	return value;
}
