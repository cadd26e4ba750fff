/* The addresses, or networks, that most is sent to: sums of so many keys and no more, by the rule of
 * Space-Saving (Metwally, Agrawal, El Abbadi, 2005) within buckets of eight.
 *
 *	bucket   tags   t0 t1 t2 t3 t4 t5 t6 t7      one cache line is looked at for a key
 *	         cells  c0 c1 c2 c3 c4 c5 c6 c7      one is added to
 *
 * A key that is not there takes the place of the smallest one in its bucket, and its sum: so a sum is
 * never too small, and too large by `inherited` at most. A key with more than an eighth of its bucket's
 * octets is there in any case. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct watch_cell {
	struct prefix prefix;
	uint32_t port;    /* that it was sent out by last */
	uint32_t samples; /* looked at */
	uint64_t octets, packets;
	uint64_t inherited; /* octets of others at most */
	uint64_t sources;   /* a set of 64 hashes of where it came from */
	uint64_t weight;    /* octets that count for staying, and for nothing else */
};

struct watch_hitters {
	uint32_t *tags; /* 0: free */
	struct watch_cell *cells;
	size_t count; /* of cells */
	uint64_t seed;
	uint64_t replaced; /* keys that gave way, since it was made */
};

enum { WATCH_WAYS = 8 };

/* `count` is a power of two, at least WATCH_WAYS. 0, or -1 without memory. */
int watch_hitters_init(struct watch_hitters *t, size_t count, uint64_t seed);
void watch_hitters_fini(struct watch_hitters *t);
/* Forgets all. */
void watch_hitters_clear(struct watch_hitters *t);
/* The place of a key in `cells`. *fresh: it was not there; all of the cell but octets and inherited is
 * new and zero. */
size_t watch_hitters_place(struct watch_hitters *t, const struct prefix *key, bool *fresh);
/* The place, or SIZE_MAX when it is not there. */
size_t watch_hitters_find(const struct watch_hitters *t, const struct prefix *key);
/* Is there a key in this place? */
static inline bool
watch_hitters_used(const struct watch_hitters *t, size_t place)
{
	return t->tags[place] != 0;
}
/* Octets of memory held. */
size_t watch_hitters_size(const struct watch_hitters *t);

/* How many different ones a set of hashes stands for: linear counting (Whang et al., 1990). At most 266. */
unsigned watch_sources_count(uint64_t set);
/* Adds one to such a set. */
uint64_t watch_sources_add(uint64_t set, const struct ip *source);
