/* What counters are made of; for the files counter*.c alone. */
#pragma once

#include "meter/counter.h"

__extension__ typedef unsigned __int128 counter_wide;

struct counter_ring_bin {
	int64_t start_s;
	bool closed, late;
	struct counter_sum *sums; /* a slot each */
};

enum { COUNTER_COMPARED = 4 }; /* bins in which sources can be compared */

/* What a source that is not listened to has counted in a bin. */
struct counter_beside {
	int64_t start_s;
	uint64_t in, out;
	uint32_t covered_s;
};

/* A source of a slot besides the one that it listens to. */
struct counter_other {
	enum traffic_source source;
	uint32_t next; /* of the same slot: number and 1; 0: the last */
	struct counter_last last;
	/* The newest from before the slot's own was last heard; while there is none, the first. */
	struct counter_last base;
	struct counter_beside bins[COUNTER_COMPARED];
};

struct counters {
	int64_t length_s;
	size_t slot_count;
	struct counter_last *last; /* of the source that is listened to, by slot */
	/* By slot: */
	int64_t *counted_s;  /* until when octets are counted */
	uint8_t *trust;      /* ranks of sources, two bits each; 0: not told */
	uint32_t *others_of; /* number and 1 of the first; 0: none */
	struct counter_other *others;
	size_t other_count, other_room;
	struct counter_ring_bin ring[COUNTER_BINS];
};

/* --- counter.c --- */

/* Takes a reading after *last, which it takes the place of; *sum is what was counted between, if anything
 * was. */
enum counter_result counter_measure(const struct counters *c, struct counter_last *last,
				    const struct counter_reading *reading, struct utc_s now,
				    struct counter_sum *sum);
/* Spreads what was counted in [from, until) over the bins by time, but for what is before `counted`. */
struct counter_stretch {
	int64_t from_s, until_s, counted_s;
};
void counter_spread(struct counters *c, uint32_t slot, struct counter_stretch stretch,
		    const struct counter_sum *all);

/* --- counter_other.c --- */

/* A reading of a source that the slot does not listen to, or not yet. */
enum counter_result counter_take_other(struct counters *c, uint32_t slot,
				       const struct counter_reading *reading, struct utc_s now);
/* The slot's own source has been heard. */
void counter_note_others(struct counters *c, uint32_t slot);
/* How much a source is trusted; 0: not at all. */
unsigned counter_rank(const struct counters *c, uint32_t slot, enum traffic_source source);
