/* What a session was sent: linear probing from the prefix's place, so that the pairs of one prefix
 * stand in one cluster; what is dropped is closed up behind. */
#include "exchange/rib/rib_told.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/rib/rib_memory.h"

enum { ONES_MIN = 64 };

static uint32_t
home_of(const struct rib_told *told, uint64_t pair)
{
	return (uint32_t)hash_u64(pair >> 32) & told->mask;
}

static uint64_t
pair_of(uint32_t prefix, uint32_t path_id)
{
	return (uint64_t)prefix << 32 | path_id;
}

void
rib_told_fini(struct rib_told *told)
{
	free(told->ones);
	*told = (struct rib_told){0};
}

static void
put(struct rib_told *told, struct rib_told_one one)
{
	uint32_t at = home_of(told, one.pair);
	while (told->ones[at].pair)
		at = (at + 1) & told->mask;
	told->ones[at] = one;
}

static void
resize(struct rib_told *told, uint32_t size)
{
	struct rib_told old = *told;
	told->ones = calloc(size, sizeof(*told->ones));
	if (!told->ones)
		fatal("rib: no memory for what %u routes were sent as", told->count);
	told->mask = size - 1;
	for (uint32_t i = 0; old.ones && i <= old.mask; i++)
		if (old.ones[i].pair)
			put(told, old.ones[i]);
	free(old.ones);
}

/* Where the pair stands, or would. The table has room. */
static uint32_t
find(const struct rib_told *told, uint64_t pair)
{
	uint32_t at = home_of(told, pair);
	while (told->ones[at].pair && told->ones[at].pair != pair)
		at = (at + 1) & told->mask;
	return at;
}

bool
rib_told_add(struct rib_told *told, uint32_t prefix, uint32_t path_id, uint64_t form)
{
	if (!told->ones)
		resize(told, ONES_MIN);
	uint64_t pair = pair_of(prefix, path_id);
	struct rib_told_one *one = &told->ones[find(told, pair)];
	bool news = !one->pair || one->form != form || !form;
	bool added = !one->pair;
	*one = (struct rib_told_one){pair, form};
	/* Two thirds full at most. */
	if (added && ++told->count > told->mask / 3 * 2)
		resize(told, (told->mask + 1) * 2);
	return news;
}

void
rib_told_doubt(struct rib_told *told)
{
	for (uint32_t i = 0; told->ones && i <= told->mask; i++)
		told->ones[i].form = 0;
}

void
rib_told_drop(struct rib_told *told, uint32_t prefix, uint32_t path_id)
{
	uint32_t hole = told->ones ? find(told, pair_of(prefix, path_id)) : 0;
	if (!told->ones || !told->ones[hole].pair)
		return;
	told->ones[hole] = (struct rib_told_one){0};
	told->count--;
	for (uint32_t at = (hole + 1) & told->mask; told->ones[at].pair;
	     at = (at + 1) & told->mask) {
		uint32_t home = home_of(told, told->ones[at].pair);
		/* It may stand in the hole when that is not before its home. */
		if (((at - home) & told->mask) < ((at - hole) & told->mask))
			continue;
		told->ones[hole] = told->ones[at];
		told->ones[at] = (struct rib_told_one){0};
		hole = at;
	}
	if (told->mask >= ONES_MIN && told->count < told->mask / 8)
		resize(told, (told->mask + 1) / 2);
}

bool
rib_told_has(const struct rib_told *told, uint32_t prefix, uint32_t path_id)
{
	return told->ones && told->ones[find(told, pair_of(prefix, path_id))].pair;
}

size_t
rib_told_ids(const struct rib_told *told, uint32_t prefix, uint32_t **ids, size_t *capacity)
{
	size_t count = 0;
	if (!told->ones)
		return 0;
	uint32_t at = home_of(told, pair_of(prefix, 0));
	for (; told->ones[at].pair; at = (at + 1) & told->mask) {
		if (told->ones[at].pair >> 32 != prefix)
			continue;
		*ids = rib_grow(*ids, capacity, count + 1, sizeof(**ids));
		(*ids)[count++] = (uint32_t)told->ones[at].pair;
	}
	return count;
}
