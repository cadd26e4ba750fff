/* Interned records: an array, and a hash table with chains inside the records. */
#include "exchange/rib/rib_intern.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rib/rib_memory.h"

enum { BUCKETS_MIN = 256, CROWDED_MIN = 1024 };

int
rib_interned_init(struct rib_interned *in, size_t size, uint32_t limit)
{
	assert(size && size % 8 == 0);
	*in = (struct rib_interned){
		.size = size,
		.stride = sizeof(struct rib_interned_head) + size,
		.limit = limit,
		.crowded = CROWDED_MIN,
		.turn = 1,
		.mask = BUCKETS_MIN - 1,
	};
	in->buckets = calloc(BUCKETS_MIN, sizeof(*in->buckets));
	in->records = calloc(1, in->stride);
	if (!in->buckets || !in->records)
		return -1;
	in->capacity = in->used = in->live = 1;
	rib_interned_head_at(in, 0)->turn = 1;
	return 0;
}

void
rib_interned_fini(struct rib_interned *in)
{
	free(in->records);
	free(in->buckets);
	*in = (struct rib_interned){0};
}

static void
grow_buckets(struct rib_interned *in)
{
	uint32_t size = (in->mask + 1) * 2;
	uint32_t *buckets = calloc(size, sizeof(*buckets));
	if (!buckets)
		return; /* longer chains, that is all */
	free(in->buckets);
	in->buckets = buckets;
	in->mask = size - 1;
	for (uint32_t number = 1; number < in->used; number++) {
		struct rib_interned_head *head = rib_interned_head_at(in, number);
		if (!head->turn)
			continue;
		head->next = buckets[head->hash & in->mask];
		buckets[head->hash & in->mask] = number;
	}
}

/* A free number, or RIB_INTERN_NONE. */
static uint32_t
take(struct rib_interned *in)
{
	/* Once a turn: when all are in use, the next who asks must not pay for that again. */
	if (!in->free && in->used >= in->limit && in->swept != in->turn)
		rib_interned_sweep(in);
	uint32_t number = in->free;
	if (number) {
		in->free = rib_interned_head_at(in, number)->next;
	} else {
		if (in->used >= in->limit)
			return RIB_INTERN_NONE;
		in->records = rib_grow(in->records, &in->capacity, in->used + 1u, in->stride);
		number = in->used++;
		*rib_interned_head_at(in, number) = (struct rib_interned_head){0};
	}
	in->live++;
	return number;
}

/* By words: records are short, and this is asked for every route. */
static bool
is_record(const struct rib_interned *in, uint32_t number, const void *record)
{
	const uint64_t *a = rib_interned_at(in, number), *b = record;
	for (size_t i = 0; i < in->size / sizeof(*a); i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static unsigned
few_bits(const struct rib_interned *in, const void *record)
{
	const uint64_t *words = record;
	uint64_t mixed = 0;
	for (size_t i = 0; i < in->size / sizeof(*words); i++)
		mixed = (mixed ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (unsigned)(mixed >> 60);
}

static void
note_latest(struct rib_interned *in, unsigned place, uint32_t number)
{
	in->latest[place].number = number;
	in->latest[place].turn = in->turn;
}

uint32_t
rib_intern(struct rib_interned *in, const void *record)
{
	if (is_record(in, 0, record))
		return 0;
	/* Routes mostly come one after the other with one of a few decisions. */
	unsigned place = few_bits(in, record);
	if (in->latest[place].turn == in->turn && is_record(in, in->latest[place].number, record))
		return in->latest[place].number;
	uint32_t hash = (uint32_t)hash_bytes(record, in->size);
	uint32_t number = in->buckets[hash & in->mask];
	while (number) {
		struct rib_interned_head *head = rib_interned_head_at(in, number);
		if (head->hash == hash && is_record(in, number, record)) {
			head->turn = in->turn;
			note_latest(in, place, number);
			return number;
		}
		number = head->next;
	}
	number = take(in);
	if (number == RIB_INTERN_NONE)
		return number;
	if (in->live > in->mask)
		grow_buckets(in);
	struct rib_interned_head *head = rib_interned_head_at(in, number);
	*head = (struct rib_interned_head){
		.next = in->buckets[hash & in->mask], .hash = hash, .turn = in->turn};
	memcpy(head + 1, record, in->size);
	in->buckets[hash & in->mask] = number;
	note_latest(in, place, number);
	return number;
}

void
rib_interned_sweep(struct rib_interned *in)
{
	for (uint32_t number = 1; number < in->used; number++) {
		struct rib_interned_head *head = rib_interned_head_at(in, number);
		if (!head->turn || head->uses || head->turn == in->turn)
			continue;
		uint32_t *link = &in->buckets[head->hash & in->mask];
		while (*link != number)
			link = &rib_interned_head_at(in, *link)->next;
		*link = head->next;
		head->turn = 0;
		head->next = in->free;
		in->free = number;
		in->live--;
	}
	in->swept = in->turn;
	in->crowded = in->live * 2 > CROWDED_MIN ? in->live * 2 : CROWDED_MIN;
}
