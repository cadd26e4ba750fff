/* Interned records of one size: equal records have the same number, so that comparing is comparing
 * two integers, and what many paths or attribute sets say stands once.
 *
 * Users are counted. A record without one stays until there is need of room, and for the turn in
 * which it was given out or lost its last user in any case: what the turn began with still names
 * it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RIB_INTERN_NONE = UINT32_MAX, RIB_INTERN_LATEST = 16 };

struct rib_interned {
	uint8_t *records; /* a head each, and the octets that make it what it is */
	size_t stride, size;
	size_t capacity;
	uint32_t limit;   /* of numbers; RIB_INTERN_NONE: none */
	uint32_t used;    /* numbers below this are in use or free */
	uint32_t live;    /* in use */
	uint32_t free;    /* head of the list of free numbers */
	uint32_t crowded; /* sweep when `live` passes this */
	uint32_t turn;    /* counted, never 0 */
	uint32_t swept;   /* turn of the last sweep */
	/* Given out lately, by a few bits of the record; and in which turn. */
	struct {
		uint32_t number, turn;
	} latest[RIB_INTERN_LATEST];
	uint32_t *buckets;
	uint32_t mask;
};

struct rib_interned_head {
	uint32_t next; /* of the bucket; or of the free ones */
	uint32_t hash;
	uint32_t uses;
	uint32_t turn; /* when it was given out or lost its last user; 0: it is free */
};

/* Number 0 is the record of zeros, and stays. `size` is a multiple of 8. 0, or -1 if there is no
 * memory. */
int rib_interned_init(struct rib_interned *in, size_t size, uint32_t limit);
void rib_interned_fini(struct rib_interned *in);
/* The number of this record (in->size octets, aligned for uint64_t, padding zero): good until the turn ends, and as long
 * as it has a user. RIB_INTERN_NONE when there is no number left. */
uint32_t rib_intern(struct rib_interned *in, const void *record);
/* Frees what nobody uses or used in this turn. */
void rib_interned_sweep(struct rib_interned *in);

static inline struct rib_interned_head *
rib_interned_head_at(const struct rib_interned *in, uint32_t number)
{
	return (void *)(in->records + number * in->stride);
}

static inline const void *
rib_interned_at(const struct rib_interned *in, uint32_t number)
{
	return rib_interned_head_at(in, number) + 1;
}

static inline bool
rib_interned_crowded(const struct rib_interned *in)
{
	return in->live > in->crowded;
}

static inline void
rib_interned_use(struct rib_interned *in, uint32_t number)
{
	if (number)
		rib_interned_head_at(in, number)->uses++;
}

static inline void
rib_interned_drop(struct rib_interned *in, uint32_t number)
{
	struct rib_interned_head *head = rib_interned_head_at(in, number);
	if (number && --head->uses == 0)
		head->turn = in->turn;
}

/* What was given out before is no longer held by anybody but its users. */
static inline void
rib_interned_end_turn(struct rib_interned *in)
{
	if (++in->turn == 0)
		in->turn = 1;
}
