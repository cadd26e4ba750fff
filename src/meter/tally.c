/* Sums by key. Linear probing, at most two thirds full; two entries share a cache line. */
#include "meter/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static_assert(sizeof(struct tally_entry) == 32, "two a cache line");

enum { FIRST_SIZE = 256 };

void
tally_init(struct tally *t, size_t limit)
{
	*t = (struct tally){.limit = limit};
}

void
tally_fini(struct tally *t)
{
	free(t->entries);
	*t = (struct tally){.limit = t->limit};
}

void
tally_clear(struct tally *t)
{
	if (!t->entries)
		return;
	/* A table that a busy hour made large is given back when it has become mostly empty. */
	if (t->mask + 1 > FIRST_SIZE && t->count < (t->mask + 1) / 16) {
		tally_fini(t);
		return;
	}
	memset(t->entries, 0, (t->mask + 1) * sizeof(*t->entries));
	t->count = 0;
}

static struct tally_entry *
find(const struct tally *t, uint64_t key)
{
	size_t at = hash_u64(key) & t->mask;
	while (t->entries[at].key && t->entries[at].key != key)
		at = (at + 1) & t->mask;
	return &t->entries[at];
}

static bool
grow(struct tally *t)
{
	size_t size = t->entries ? (t->mask + 1) * 2 : FIRST_SIZE;
	struct tally larger = {.limit = t->limit, .mask = size - 1, .count = t->count};
	larger.entries = calloc(size, sizeof(*larger.entries));
	if (!larger.entries)
		return false;
	for (size_t i = 0; t->entries && i <= t->mask; i++)
		if (t->entries[i].key)
			*find(&larger, t->entries[i].key) = t->entries[i];
	free(t->entries);
	*t = larger;
	return true;
}

/* The entry of the key, made when there is none; NULL: see tally_add. */
static struct tally_entry *
entry(struct tally *t, uint64_t key)
{
	assert(key != 0);
	if (!t->entries && !grow(t))
		return NULL;
	struct tally_entry *e = find(t, key);
	if (e->key)
		return e;
	if (t->count >= t->limit)
		return NULL;
	if (t->count + 1 > (t->mask + 1) * 2 / 3) {
		if (!grow(t))
			return NULL;
		e = find(t, key);
	}
	e->key = key;
	t->count++;
	return e;
}

bool
tally_add(struct tally *t, uint64_t key, uint64_t octets, uint64_t packets)
{
	struct tally_entry *e = entry(t, key);
	if (!e)
		return false;
	e->octets += octets;
	e->packets += packets;
	e->samples++;
	return true;
}

bool
tally_join(struct tally *t, uint64_t key, const struct tally_entry *sums)
{
	struct tally_entry *e = entry(t, key);
	if (!e)
		return false;
	e->octets += sums->octets;
	e->packets += sums->packets;
	e->samples += sums->samples;
	return true;
}

size_t
tally_size(const struct tally *t)
{
	return t->entries ? (t->mask + 1) * sizeof(*t->entries) : 0;
}

/* Two thirds of it are full at most. */
size_t
tally_bound(const struct tally *t)
{
	size_t size = FIRST_SIZE;
	while (size * 2 / 3 < t->limit)
		size *= 2;
	return size * sizeof(*t->entries);
}

static const struct tally_entry *
used_from(const struct tally *t, size_t at)
{
	for (; at <= t->mask; at++)
		if (t->entries[at].key)
			return &t->entries[at];
	return NULL;
}

const struct tally_entry *
tally_first(const struct tally *t)
{
	return t->entries ? used_from(t, 0) : NULL;
}

const struct tally_entry *
tally_next(const struct tally *t, const struct tally_entry *e)
{
	return used_from(t, (size_t)(e - t->entries) + 1);
}
