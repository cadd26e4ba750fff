/* Sets of sessions, interned: equal sets have the same number, so that comparing is comparing two
 * integers and the result of an operation is remembered. A route server meets few different sets
 * ("all but the announcer", "all but these three") again and again.
 *
 * Sets are not counted. They are marked from what still uses them and the rest swept, now and then,
 * at a time when no number is held on the stack. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RIB_SET_EMPTY = 0,
	RIB_SLOTS_MAX = 16384, /* sessions; 2 KiB a set */
};

enum rib_set_operation { RIB_SET_AND, RIB_SET_ANDNOT, RIB_SET_OR };

struct rib_set_memo {
	uint32_t a, b; /* b holds the operation in its top bits */
	uint32_t result;
};

enum { RIB_SET_MEMO = 8192 };

struct rib_sets {
	uint64_t *bits; /* `words` for each set, in order of number */
	size_t words;
	uint32_t used;     /* numbers below this are in use or free */
	uint32_t live;     /* in use */
	uint32_t free;     /* head of the list of free numbers, linked through their first word */
	uint32_t crowded;  /* sweep when `live` passes this */
	size_t capacity;   /* sets that fit into `bits` */
	uint32_t *table;   /* open addressing: numbers, 0 when empty */
	uint32_t mask;     /* size of the table - 1 */
	uint8_t *state;    /* a byte a set: free, in use, marked */
	uint64_t *scratch; /* one set */
	struct rib_set_memo memo[RIB_SET_MEMO];
};

/* For sessions 0 to slots-1. NULL if there is no memory. */
struct rib_sets *rib_sets_new(unsigned slots);
void rib_sets_free(struct rib_sets *sets);
/* Makes room for more sessions; numbers stay. */
void rib_sets_widen(struct rib_sets *sets, unsigned slots);
unsigned rib_sets_slots(const struct rib_sets *sets);

/* Have they a session in common? Nothing is made for it. */
static inline bool
rib_sets_meet(const struct rib_sets *sets, uint32_t a, uint32_t b)
{
	const uint64_t *x = sets->bits + (size_t)a * sets->words;
	const uint64_t *y = sets->bits + (size_t)b * sets->words;
	for (size_t i = 0; i < sets->words; i++)
		if (x[i] & y[i])
			return true;
	return false;
}

/* The number of the set with these words (sets->words of them). */
uint32_t rib_set_of(struct rib_sets *sets, const uint64_t *words);
uint32_t rib_set_compute(struct rib_sets *sets, enum rib_set_operation operation, uint32_t a,
			 uint32_t b);
uint32_t rib_set_with(struct rib_sets *sets, uint32_t set, unsigned slot);
uint32_t rib_set_without(struct rib_sets *sets, uint32_t set, unsigned slot);
unsigned rib_set_count(const struct rib_sets *sets, uint32_t set);

/* True when enough sets were made since the last sweep that another pays. */
bool rib_sets_crowded(const struct rib_sets *sets);
/* Marks what is in use, then rib_sets_sweep frees the rest. */
void rib_sets_mark(struct rib_sets *sets, uint32_t set);
void rib_sets_sweep(struct rib_sets *sets);

/* 64 sessions of the set, from slot 64 * word on. */
static inline uint64_t
rib_set_word(const struct rib_sets *sets, uint32_t set, size_t word)
{
	return sets->bits[(size_t)set * sets->words + word];
}

static inline bool
rib_set_has(const struct rib_sets *sets, uint32_t set, unsigned slot)
{
	return sets->bits[(size_t)set * sets->words + slot / 64] >> (slot % 64) & 1;
}

static inline uint32_t
rib_set_memoised(struct rib_sets *sets, enum rib_set_operation operation, uint32_t a, uint32_t b)
{
	uint32_t key = b | (uint32_t)operation << 30;
	uint32_t at = (a * 0x9e3779b1u ^ key * 0x85ebca6bu) >> 19 & (RIB_SET_MEMO - 1);
	struct rib_set_memo *memo = &sets->memo[at];
	if (memo->a != a || memo->b != key) {
		uint32_t result = rib_set_compute(sets, operation, a, b);
		*memo = (struct rib_set_memo){a, key, result};
	}
	return memo->result;
}

static inline uint32_t
rib_set_and(struct rib_sets *sets, uint32_t a, uint32_t b)
{
	if (!a || !b)
		return RIB_SET_EMPTY;
	return a == b ? a : rib_set_memoised(sets, RIB_SET_AND, a, b);
}

/* a without b */
static inline uint32_t
rib_set_andnot(struct rib_sets *sets, uint32_t a, uint32_t b)
{
	if (a == b || !a)
		return RIB_SET_EMPTY;
	return b ? rib_set_memoised(sets, RIB_SET_ANDNOT, a, b) : a;
}

static inline uint32_t
rib_set_or(struct rib_sets *sets, uint32_t a, uint32_t b)
{
	if (a == b || !b)
		return a;
	return a ? rib_set_memoised(sets, RIB_SET_OR, a, b) : b;
}
