/* Opening a snapshot, and the quick longest match in it.
 *
 * Looking up waits for memory more than it computes, so what is read is kept close together: an
 * index that leaves few ranges to search, starts beside their values, IPv6 starts by their upper
 * half alone unless that is equal. The binary search has no branch to mispredict. And several
 * look-ups wait together: all ask for their slots of the index, then all for their ranges. */
#include "exchange/rib/rib_snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "exchange/rib/rib_snapshot_layout.h"

struct rib_snapshot {
	const uint32_t *v4_index;
	const struct range4 *v4_ranges;
	const struct index6 *v6_index;
	const uint32_t *v6_finer;
	const struct range6 *v6_ranges;
	const uint64_t *v6_lows;
	const struct rib_origin *origins;
	const uint32_t *paths;
	uint32_t v4_count, v6_count, low_count, finer_count, origin_count, path_words;
	unsigned v4_bits, v6_bits;
};

/* --- opening --- */

/* The next `count` items of `size` octets, which are aligned because all before them are whole. */
static const void *
take_array(struct cursor *c, uint64_t count, size_t size)
{
	if (count > cursor_left(c) / size) {
		cursor_fail(c);
		return NULL;
	}
	return cursor_take(c, count * size);
}

static void
align8(struct cursor *c)
{
	if (!c->failed && (uintptr_t)c->at % 8)
		cursor_skip(c, 4);
}

static bool
index_is_sound(const uint32_t *index, uint32_t slots, uint32_t count)
{
	for (uint32_t i = 0; i < slots; i++)
		if (index[i] > index[i + 1])
			return false;
	return index[0] == 0 && index[slots] == count;
}

/* Starts rise from 0, each in its slot of the index, and values exist. */
static bool
v4_is_sound(const struct rib_snapshot *s, uint32_t origin_count)
{
	const struct range4 *at = s->v4_ranges;
	if (!s->v4_count || at[0].start != 0 ||
	    !index_is_sound(s->v4_index, slots4(s->v4_bits), s->v4_count))
		return false;
	for (uint32_t i = 0; i < s->v4_count; i++) {
		uint32_t slot = slot4(at[i].start, s->v4_bits);
		if (at[i].value >= origin_count || (i && at[i].start <= at[i - 1].start) ||
		    i < s->v4_index[slot] || i >= s->v4_index[slot + 1])
			return false;
	}
	return true;
}

/* The finer slots of a slot that ends at `next`: none of them is outside it. */
static bool
finer_is_sound(const struct rib_snapshot *s, struct index6 slot, uint32_t next)
{
	unsigned bits = finer_bits(slot);
	if (!bits)
		return !slot.finer;
	uint32_t place = finer_place(slot), count = 1u << bits;
	if (bits > FINER_BITS_MAX || place >= s->finer_count || count >= s->finer_count - place)
		return false;
	const uint32_t *at = s->v6_finer + place;
	for (uint32_t i = 0; i < count; i++)
		if (at[i] > at[i + 1])
			return false;
	return at[0] == slot.first && at[count] == next;
}

static bool
index6_is_sound(const struct rib_snapshot *s)
{
	const struct index6 *index = s->v6_index;
	uint32_t slots = slots6(s->v6_bits);
	for (uint32_t i = 0; i < slots; i++) {
		bool within = i > 0 && i < slots - 1;
		if (index[i].first > index[i + 1].first || (!within && index[i].finer) ||
		    !finer_is_sound(s, index[i], index[i + 1].first))
			return false;
	}
	return index[0].first == 0 && index[slots].first == s->v6_count && !index[slots].finer;
}

/* The ranges of an address' slot, the finer one if there are any. */
static void
slot_of6(const struct rib_snapshot *s, uint64_t high, uint32_t *first, uint32_t *next)
{
	const struct index6 *slot = &s->v6_index[slot6(high, s->v6_bits)];
	unsigned bits = finer_bits(*slot);
	*first = slot[0].first;
	*next = slot[1].first;
	if (bits) {
		const uint32_t *finer =
			s->v6_finer + finer_place(*slot) + finer6(high, s->v6_bits, bits);
		*first = finer[0];
		*next = finer[1];
	}
}

static bool
v6_is_sound(const struct rib_snapshot *s, uint32_t origin_count)
{
	const struct range6 *at = s->v6_ranges;
	const uint64_t *lows = s->v6_lows;
	if (!s->v6_count || !s->low_count || lows[0] || at[0].high || at[0].low ||
	    !index6_is_sound(s))
		return false;
	for (uint32_t i = 0; i < s->v6_count; i++) {
		uint32_t first, next;
		slot_of6(s, at[i].high, &first, &next);
		if (at[i].low >= s->low_count || at[i].value >= origin_count || i < first ||
		    i >= next)
			return false;
		bool rises =
			i == 0 || at[i].high > at[i - 1].high ||
			(at[i].high == at[i - 1].high && lows[at[i].low] > lows[at[i - 1].low]);
		if (!rises)
			return false;
	}
	return true;
}

/* Each origin's path lies within the words. */
static bool
paths_are_sound(const struct rib_snapshot *s)
{
	if (!s->path_words || s->paths[0] != 0)
		return false;
	for (uint32_t i = 0; i < s->origin_count; i++) {
		uint32_t path = s->origins[i].path;
		if (path >= s->path_words || s->paths[path] > s->path_words - path - 1)
			return false;
	}
	return true;
}

static bool
bits_are_sound(unsigned bits, unsigned most)
{
	return bits >= INDEX_BITS_MIN && bits <= most;
}

struct rib_snapshot *
rib_snapshot_open(const void *bytes, size_t length)
{
	if ((uintptr_t)bytes % 8 || length % 8 || length < sizeof(struct snapshot_header) + 8)
		return NULL;
	struct cursor c = cursor_of(bytes, length - 8);
	struct snapshot_header header;
	cursor_copy(&c, &header, sizeof(header));
	if (memcmp(header.magic, snapshot_magic, sizeof(snapshot_magic)) != 0)
		return NULL;
	if (!bits_are_sound(header.v4_bits, INDEX_BITS_MAX) ||
	    !bits_are_sound(header.v6_bits, INDEX6_BITS_MAX))
		return NULL;
	struct rib_snapshot s = {
		.v4_count = header.v4_count,
		.v6_count = header.v6_count,
		.v4_bits = header.v4_bits,
		.v6_bits = header.v6_bits,
		.low_count = header.low_count,
		.finer_count = header.finer_count,
		.origin_count = header.origin_count,
		.path_words = header.path_words,
	};
	s.v4_index = take_array(&c, slots4(s.v4_bits) + 1, 4);
	align8(&c);
	s.v4_ranges = take_array(&c, header.v4_count, sizeof(struct range4));
	s.v6_index = take_array(&c, slots6(s.v6_bits) + 1, sizeof(struct index6));
	s.v6_finer = take_array(&c, header.finer_count, 4);
	align8(&c);
	s.v6_ranges = take_array(&c, header.v6_count, sizeof(struct range6));
	s.v6_lows = take_array(&c, header.low_count, 8);
	s.origins = take_array(&c, header.origin_count, sizeof(struct rib_origin));
	s.paths = take_array(&c, header.path_words, 4);
	align8(&c);
	if (c.failed || cursor_left(&c) || !header.origin_count)
		return NULL;
	uint64_t checksum;
	memcpy(&checksum, (const uint8_t *)bytes + length - 8, sizeof(checksum));
	if (hash_bytes(bytes, length - 8) != checksum)
		return NULL;
	if (!v4_is_sound(&s, header.origin_count) || !v6_is_sound(&s, header.origin_count) ||
	    !paths_are_sound(&s))
		return NULL;
	struct rib_snapshot *snapshot = malloc(sizeof(*snapshot));
	if (snapshot)
		*snapshot = s;
	return snapshot;
}

void
rib_snapshot_free(struct rib_snapshot *snapshot)
{
	free(snapshot);
}

/* --- looking up --- */

/* A look-up on its way: the slot of its address, then the first of the ranges to search and how many. The
 * range before a slot's first is one of them, since it may reach into the slot. */
struct search4 {
	uint32_t address;
	uint32_t first, count; /* `first`: the slot, until it is looked at */
	uint32_t to;           /* which of the numbers asked for */
};

struct search6 {
	uint64_t high, low;
	uint32_t first, count;
	uint32_t to;
};

static inline uint64_t
word_at(const uint8_t *octets)
{
	uint64_t word;
	memcpy(&word, octets, sizeof(word));
	return __builtin_bswap64(word);
}

static inline void
begin4(struct search4 *at, const struct rib_snapshot *s, const struct ip *ip)
{
	at->address = (uint32_t)(word_at(ip->octets) >> 32);
	at->first = slot4(at->address, s->v4_bits);
	__builtin_prefetch(&s->v4_index[at->first]);
}

static inline void
begin6(struct search6 *at, const struct rib_snapshot *s, const struct ip *ip)
{
	at->high = word_at(ip->octets);
	at->low = word_at(ip->octets + 8);
	at->first = slot6(at->high, s->v6_bits);
	__builtin_prefetch(&s->v6_index[at->first]);
}

/* From the slot to the ranges, the one before with them. With the lines of the first and of the middle one
 * the search nearly always has what it needs. */
static inline void
narrow4(struct search4 *at, const struct rib_snapshot *s)
{
	const uint32_t *slot = &s->v4_index[at->first];
	at->first = slot[0] - (slot[0] > 0);
	at->count = slot[1] - at->first;
	__builtin_prefetch(&s->v4_ranges[at->first]);
	__builtin_prefetch(&s->v4_ranges[at->first + at->count / 2]);
}

/* From the slot to the finer one, where there are any; `count` says so. */
static inline void
divide6(struct search6 *at, const struct rib_snapshot *s)
{
	const struct index6 *slot = &s->v6_index[at->first];
	unsigned bits = finer_bits(*slot);
	if (bits) {
		at->first = finer_place(*slot) + finer6(at->high, s->v6_bits, bits);
		at->count = 0;
		__builtin_prefetch(&s->v6_finer[at->first]);
	} else {
		at->first = slot[0].first;
		at->count = 1 + slot[1].first - slot[0].first;
	}
}

static inline void
narrow6(struct search6 *at, const struct rib_snapshot *s)
{
	if (!at->count) {
		const uint32_t *finer = &s->v6_finer[at->first];
		at->first = finer[0];
		at->count = 1 + finer[1] - finer[0];
	}
	bool before = at->first > 0;
	at->first -= before;
	at->count -= !before;
	__builtin_prefetch(&s->v6_ranges[at->first]);
	__builtin_prefetch(&s->v6_ranges[at->first + at->count / 2]);
}

/* The last range that starts at or below the address: the first one always does, since range 0 starts at
 * 0 and any other first one is before the slot. */
static inline uint32_t
end4(const struct search4 *at, const struct rib_snapshot *s)
{
	const struct range4 *base = s->v4_ranges + at->first;
	for (uint32_t left = at->count; left > 1;) {
		uint32_t half = left / 2;
		base += base[half].start <= at->address ? half : 0;
		left -= half;
	}
	return base->value;
}

static inline bool
at_or_below(const struct rib_snapshot *s, const struct range6 *range, const struct search6 *at)
{
	bool below = range->high < at->high;
	if (__builtin_expect(range->high == at->high, 0))
		below = s->v6_lows[range->low] <= at->low;
	return below;
}

static inline uint32_t
end6(const struct search6 *at, const struct rib_snapshot *s)
{
	const struct range6 *base = s->v6_ranges + at->first;
	for (uint32_t left = at->count; left > 1;) {
		uint32_t half = left / 2;
		base += at_or_below(s, base + half, at) ? half : 0;
		left -= half;
	}
	return base->value;
}

void
rib_snapshot_numbers(const struct rib_snapshot *snapshot, const struct ip *const *ips,
		     uint32_t *numbers, size_t count)
{
	struct search4 v4[RIB_SNAPSHOT_TOGETHER];
	struct search6 v6[RIB_SNAPSHOT_TOGETHER];
	size_t v4_count = 0, v6_count = 0;
	assert(count <= RIB_SNAPSHOT_TOGETHER);
	for (uint32_t i = 0; i < count; i++) {
		if (ips[i]->family == IP_V4) {
			begin4(&v4[v4_count], snapshot, ips[i]);
			v4[v4_count++].to = i;
		} else if (ips[i]->family == IP_V6) {
			begin6(&v6[v6_count], snapshot, ips[i]);
			v6[v6_count++].to = i;
		} else {
			numbers[i] = 0;
		}
	}
	for (size_t i = 0; i < v6_count; i++)
		divide6(&v6[i], snapshot);
	for (size_t i = 0; i < v4_count; i++)
		narrow4(&v4[i], snapshot);
	for (size_t i = 0; i < v6_count; i++)
		narrow6(&v6[i], snapshot);
	for (size_t i = 0; i < v4_count; i++)
		numbers[v4[i].to] = end4(&v4[i], snapshot);
	for (size_t i = 0; i < v6_count; i++)
		numbers[v6[i].to] = end6(&v6[i], snapshot);
}

uint32_t
rib_snapshot_number(const struct rib_snapshot *snapshot, const struct ip *ip)
{
	uint32_t number;
	rib_snapshot_numbers(snapshot, &ip, &number, 1);
	return number;
}

size_t
rib_snapshot_origins(const struct rib_snapshot *snapshot)
{
	return snapshot->origin_count;
}

struct rib_origin
rib_snapshot_origin(const struct rib_snapshot *snapshot, uint32_t number)
{
	assert(number < snapshot->origin_count);
	return snapshot->origins[number];
}

struct rib_origin
rib_snapshot_find(const struct rib_snapshot *snapshot, struct ip ip)
{
	return snapshot->origins[rib_snapshot_number(snapshot, &ip)];
}

const uint32_t *
rib_snapshot_path(const struct rib_snapshot *snapshot, uint32_t path, size_t *count)
{
	assert(path < snapshot->path_words);
	*count = snapshot->paths[path];
	return *count ? &snapshot->paths[path + 1] : NULL;
}

size_t
rib_snapshot_ranges(const struct rib_snapshot *snapshot)
{
	return (size_t)snapshot->v4_count + snapshot->v6_count;
}
