/* Interned sets of sessions. */
#include "exchange/rib/rib_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/rib/rib_memory.h"

enum { FREE, USED, MARKED };
enum { CROWDED_MIN = 4096 };

static uint64_t *
words_of(const struct rib_sets *sets, uint32_t set)
{
	return sets->bits + (size_t)set * sets->words;
}

static void
table_put(struct rib_sets *sets, uint32_t set)
{
	size_t octets = sets->words * sizeof(uint64_t);
	uint32_t at = (uint32_t)hash_bytes(words_of(sets, set), octets) & sets->mask;
	while (sets->table[at])
		at = (at + 1) & sets->mask;
	sets->table[at] = set;
}

/* Builds the table anew, twice as large as the sets in use need. The empty set is not in it. */
static void
table_build(struct rib_sets *sets)
{
	uint32_t size = 256;
	while (size < sets->live * 3)
		size *= 2;
	free(sets->table);
	sets->table = calloc(size, sizeof(*sets->table));
	if (!sets->table)
		fatal("rib: no memory for %u sets", sets->live);
	sets->mask = size - 1;
	for (uint32_t set = 1; set < sets->used; set++)
		if (sets->state[set] != FREE)
			table_put(sets, set);
}

static void
forget_results(struct rib_sets *sets)
{
	/* No memo has a == 0: the inline functions answer those themselves. */
	memset(sets->memo, 0, sizeof(sets->memo));
}

struct rib_sets *
rib_sets_new(unsigned slots)
{
	assert(slots <= RIB_SLOTS_MAX);
	struct rib_sets *sets = calloc(1, sizeof(*sets));
	if (!sets)
		return NULL;
	sets->words = slots ? (slots + 63) / 64 : 1;
	sets->scratch = calloc(sets->words, sizeof(uint64_t));
	sets->capacity = 64;
	sets->bits = calloc(sets->capacity * sets->words, sizeof(uint64_t));
	sets->state = calloc(sets->capacity, 1);
	if (!sets->scratch || !sets->bits || !sets->state) {
		rib_sets_free(sets);
		return NULL;
	}
	sets->used = 1; /* number 0: the empty set */
	sets->live = 1;
	sets->state[0] = USED;
	sets->crowded = CROWDED_MIN;
	table_build(sets);
	return sets;
}

void
rib_sets_free(struct rib_sets *sets)
{
	if (!sets)
		return;
	free(sets->bits);
	free(sets->state);
	free(sets->scratch);
	free(sets->table);
	free(sets);
}

unsigned
rib_sets_slots(const struct rib_sets *sets)
{
	return (unsigned)sets->words * 64;
}

void
rib_sets_widen(struct rib_sets *sets, unsigned slots)
{
	assert(slots <= RIB_SLOTS_MAX);
	size_t words = (slots + 63) / 64;
	if (words <= sets->words)
		return;
	uint64_t *bits = calloc(sets->capacity * words, sizeof(uint64_t));
	uint64_t *scratch = calloc(words, sizeof(uint64_t));
	if (!bits || !scratch)
		fatal("rib: no memory for sets of %u sessions", slots);
	for (uint32_t set = 0; set < sets->used; set++)
		memcpy(bits + set * words, words_of(sets, set), sets->words * sizeof(uint64_t));
	free(sets->bits);
	free(sets->scratch);
	sets->bits = bits;
	sets->scratch = scratch;
	sets->words = words;
	table_build(sets);
}

static uint32_t
take(struct rib_sets *sets)
{
	uint32_t set = sets->free;
	if (set) {
		sets->free = (uint32_t)*words_of(sets, set);
	} else {
		if (sets->used == sets->capacity) {
			size_t capacity = sets->capacity;
			sets->bits = rib_grow(sets->bits, &sets->capacity, sets->used + 1u,
					      sets->words * sizeof(uint64_t));
			sets->state = rib_grow(sets->state, &capacity, sets->used + 1u, 1);
		}
		set = sets->used++;
		/* Two bits of a memo's key hold the operation. */
		assert(set < 1u << 30);
	}
	sets->state[set] = USED;
	sets->live++;
	return set;
}

uint32_t
rib_set_of(struct rib_sets *sets, const uint64_t *words)
{
	uint64_t any = 0;
	for (size_t i = 0; i < sets->words; i++)
		any |= words[i];
	if (!any)
		return RIB_SET_EMPTY;
	size_t octets = sets->words * sizeof(uint64_t);
	uint32_t at = (uint32_t)hash_bytes(words, octets) & sets->mask;
	for (uint32_t set; (set = sets->table[at]) != 0; at = (at + 1) & sets->mask)
		if (memcmp(words_of(sets, set), words, octets) == 0)
			return set;
	uint32_t set = take(sets);
	memcpy(words_of(sets, set), words, octets);
	if (sets->live * 2 > sets->mask)
		table_build(sets);
	else
		sets->table[at] = set;
	return set;
}

uint32_t
rib_set_compute(struct rib_sets *sets, enum rib_set_operation operation, uint32_t a, uint32_t b)
{
	const uint64_t *x = words_of(sets, a), *y = words_of(sets, b);
	for (size_t i = 0; i < sets->words; i++) {
		switch (operation) {
		case RIB_SET_AND:
			sets->scratch[i] = x[i] & y[i];
			break;
		case RIB_SET_ANDNOT:
			sets->scratch[i] = x[i] & ~y[i];
			break;
		case RIB_SET_OR:
			sets->scratch[i] = x[i] | y[i];
			break;
		}
	}
	return rib_set_of(sets, sets->scratch);
}

uint32_t
rib_set_with(struct rib_sets *sets, uint32_t set, unsigned slot)
{
	assert(slot < rib_sets_slots(sets));
	memcpy(sets->scratch, words_of(sets, set), sets->words * sizeof(uint64_t));
	sets->scratch[slot / 64] |= (uint64_t)1 << slot % 64;
	return rib_set_of(sets, sets->scratch);
}

uint32_t
rib_set_without(struct rib_sets *sets, uint32_t set, unsigned slot)
{
	assert(slot < rib_sets_slots(sets));
	memcpy(sets->scratch, words_of(sets, set), sets->words * sizeof(uint64_t));
	sets->scratch[slot / 64] &= ~((uint64_t)1 << slot % 64);
	return rib_set_of(sets, sets->scratch);
}

unsigned
rib_set_count(const struct rib_sets *sets, uint32_t set)
{
	unsigned count = 0;
	for (size_t i = 0; i < sets->words; i++)
		count += (unsigned)__builtin_popcountll(words_of(sets, set)[i]);
	return count;
}

bool
rib_sets_crowded(const struct rib_sets *sets)
{
	return sets->live > sets->crowded;
}

void
rib_sets_mark(struct rib_sets *sets, uint32_t set)
{
	assert(set < sets->used && sets->state[set] != FREE);
	sets->state[set] = MARKED;
}

void
rib_sets_sweep(struct rib_sets *sets)
{
	for (uint32_t set = 1; set < sets->used; set++) {
		if (sets->state[set] == MARKED) {
			sets->state[set] = USED;
		} else if (sets->state[set] == USED) {
			sets->state[set] = FREE;
			sets->live--;
			*words_of(sets, set) = sets->free;
			sets->free = set;
		}
	}
	sets->state[0] = USED;
	sets->crowded = sets->live * 2 > CROWDED_MIN ? sets->live * 2 : CROWDED_MIN;
	table_build(sets);
	forget_results(sets);
}
