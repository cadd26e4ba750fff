/* What a session was sent: linear probing from the prefix's place, so that the pairs of one prefix
 * stand in one cluster; what is dropped is closed up behind. */
#include "exchange/rib/rib_told.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/rib/rib_memory.h"

enum { PAIRS_MIN = 64 };

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
	free(told->pairs);
	*told = (struct rib_told){0};
}

static void
put(struct rib_told *told, uint64_t pair)
{
	uint32_t at = home_of(told, pair);
	while (told->pairs[at])
		at = (at + 1) & told->mask;
	told->pairs[at] = pair;
}

static void
resize(struct rib_told *told, uint32_t size)
{
	struct rib_told old = *told;
	told->pairs = calloc(size, sizeof(*told->pairs));
	if (!told->pairs)
		fatal("rib: no memory for what %u routes were sent as", told->count);
	told->mask = size - 1;
	for (uint32_t i = 0; old.pairs && i <= old.mask; i++)
		if (old.pairs[i])
			put(told, old.pairs[i]);
	free(old.pairs);
}

/* Where the pair stands, or would. The table has room. */
static uint32_t
find(const struct rib_told *told, uint64_t pair)
{
	uint32_t at = home_of(told, pair);
	while (told->pairs[at] && told->pairs[at] != pair)
		at = (at + 1) & told->mask;
	return at;
}

void
rib_told_add(struct rib_told *told, uint32_t prefix, uint32_t path_id)
{
	if (!told->pairs)
		resize(told, PAIRS_MIN);
	uint64_t pair = pair_of(prefix, path_id);
	uint32_t at = find(told, pair);
	if (told->pairs[at])
		return;
	told->pairs[at] = pair;
	/* Two thirds full at most. */
	if (++told->count > told->mask / 3 * 2)
		resize(told, (told->mask + 1) * 2);
}

void
rib_told_drop(struct rib_told *told, uint32_t prefix, uint32_t path_id)
{
	uint32_t hole = told->pairs ? find(told, pair_of(prefix, path_id)) : 0;
	if (!told->pairs || !told->pairs[hole])
		return;
	told->pairs[hole] = 0;
	told->count--;
	for (uint32_t at = (hole + 1) & told->mask; told->pairs[at]; at = (at + 1) & told->mask) {
		uint32_t home = home_of(told, told->pairs[at]);
		/* It may stand in the hole when that is not before its home. */
		if (((at - home) & told->mask) < ((at - hole) & told->mask))
			continue;
		told->pairs[hole] = told->pairs[at];
		told->pairs[at] = 0;
		hole = at;
	}
	if (told->mask >= PAIRS_MIN && told->count < told->mask / 8)
		resize(told, (told->mask + 1) / 2);
}

bool
rib_told_has(const struct rib_told *told, uint32_t prefix, uint32_t path_id)
{
	return told->pairs && told->pairs[find(told, pair_of(prefix, path_id))];
}

size_t
rib_told_ids(const struct rib_told *told, uint32_t prefix, uint32_t **ids, size_t *capacity)
{
	size_t count = 0;
	if (!told->pairs)
		return 0;
	uint32_t at = home_of(told, pair_of(prefix, 0));
	for (; told->pairs[at]; at = (at + 1) & told->mask) {
		if (told->pairs[at] >> 32 != prefix)
			continue;
		*ids = rib_grow(*ids, capacity, count + 1, sizeof(**ids));
		(*ids)[count++] = (uint32_t)told->pairs[at];
	}
	return count;
}
