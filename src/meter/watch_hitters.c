/* Sums of the largest keys in bounded memory. */
#include "meter/watch_hitters.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

int
watch_hitters_init(struct watch_hitters *t, size_t count, uint64_t seed)
{
	assert(count >= WATCH_WAYS && (count & (count - 1)) == 0);
	*t = (struct watch_hitters){.count = count, .seed = seed};
	t->tags = calloc(count, sizeof(*t->tags));
	t->cells = calloc(count, sizeof(*t->cells));
	if (t->tags && t->cells)
		return 0;
	watch_hitters_fini(t);
	return -1;
}

void
watch_hitters_fini(struct watch_hitters *t)
{
	free(t->tags);
	free(t->cells);
	*t = (struct watch_hitters){0};
}

void
watch_hitters_clear(struct watch_hitters *t)
{
	memset(t->tags, 0, t->count * sizeof(*t->tags));
}

static uint64_t
hash_ip(const struct ip *ip, uint64_t seed)
{
	uint64_t high, low;
	memcpy(&high, ip->octets, 8);
	memcpy(&low, ip->octets + 8, 8);
	return hash_u64(hash_u64(high ^ seed) + low + ip->family);
}

/* The first place of the key's bucket, and its tag. */
static size_t
bucket_of(const struct watch_hitters *t, const struct prefix *key, uint32_t *tag)
{
	uint64_t hash = hash_ip(&key->ip, t->seed + key->length);
	*tag = (uint32_t)(hash >> 32) | 1;
	return (size_t)hash & (t->count - 1) & ~(size_t)(WATCH_WAYS - 1);
}

/* The place of the key in its bucket, or SIZE_MAX. */
static size_t
find(const struct watch_hitters *t, const struct prefix *key, size_t first, uint32_t tag)
{
	for (size_t i = first; i < first + WATCH_WAYS; i++)
		if (t->tags[i] == tag && prefix_equal(t->cells[i].prefix, *key))
			return i;
	return SIZE_MAX;
}

size_t
watch_hitters_find(const struct watch_hitters *t, const struct prefix *key)
{
	uint32_t tag;
	size_t first = bucket_of(t, key, &tag);
	return find(t, key, first, tag);
}

/* A free place of the bucket, or that of the smallest. */
static size_t
smallest(const struct watch_hitters *t, size_t first)
{
	size_t least = first;
	for (size_t i = first; i < first + WATCH_WAYS; i++) {
		const struct watch_cell *a = &t->cells[i], *b = &t->cells[least];
		if (!t->tags[i])
			return i;
		if (a->octets + a->weight < b->octets + b->weight)
			least = i;
	}
	return least;
}

size_t
watch_hitters_place(struct watch_hitters *t, const struct prefix *key, bool *fresh)
{
	uint32_t tag;
	size_t first = bucket_of(t, key, &tag), at = find(t, key, first, tag);
	*fresh = at == SIZE_MAX;
	if (!*fresh)
		return at;
	at = smallest(t, first);
	uint64_t octets = t->tags[at] ? t->cells[at].octets : 0;
	t->replaced += t->tags[at] != 0;
	t->tags[at] = tag;
	t->cells[at] = (struct watch_cell){.prefix = *key, .octets = octets, .inherited = octets};
	return at;
}

size_t
watch_hitters_size(const struct watch_hitters *t)
{
	return t->count * (sizeof(*t->tags) + sizeof(*t->cells));
}

unsigned
watch_sources_count(uint64_t set)
{
	unsigned ones = (unsigned)__builtin_popcountll(set);
	/* All ones say only "many": taken as if one were missing. */
	double zeros = ones == 64 ? 1 : 64 - ones;
	return (unsigned)(64 * log(64 / zeros) + 0.5);
}

uint64_t
watch_sources_add(uint64_t set, const struct ip *source)
{
	return set | UINT64_C(1) << (hash_ip(source, 0) >> 58);
}
