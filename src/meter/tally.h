/* Sums by a small integer key: an open-addressing hash that grows up to a bound. Pairs of ports,
 * networks, countries and unknown MACs are all counted here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally_entry {
	uint64_t key; /* 0: free */
	uint64_t octets, packets, samples;
};

struct tally {
	struct tally_entry *entries; /* mask + 1 of them, or NULL when empty */
	size_t mask, count;
	size_t limit; /* keys at most; set by tally_init */
};

/* No memory is taken before the first key. `limit`: keys at most. */
void tally_init(struct tally *t, size_t limit);
void tally_fini(struct tally *t);
/* Forgets all sums; keeps the memory if it was well used. */
void tally_clear(struct tally *t);
/* Adds to the sum of `key` (not 0), as one sample. False when it would be one key too many, or
 * there is no memory: then nothing was added. */
bool tally_add(struct tally *t, uint64_t key, uint64_t octets, uint64_t packets);
/* Adds an entry of another tally under `key`, likewise. */
bool tally_join(struct tally *t, uint64_t key, const struct tally_entry *sums);
/* Octets of memory held, and at most. */
size_t tally_size(const struct tally *t);
size_t tally_bound(const struct tally *t);

/* All entries: for (e = tally_first(t); e; e = tally_next(t, e)). Any order. */
const struct tally_entry *tally_first(const struct tally *t);
const struct tally_entry *tally_next(const struct tally *t, const struct tally_entry *e);
