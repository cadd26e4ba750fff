/* Routes flattened to disjoint ranges, for one quick longest match per address.
 *
 * Building: sorted by address, shorter first, the prefixes nest like brackets. One walk with a
 * stack of the prefixes that are open emits a range wherever the innermost one changes; a range
 * that says the same as the one before it is left out.
 *
 * Looking up waits for memory more than it computes, so what is read is kept close together: an
 * index that leaves few ranges to search, IPv4 starts beside their values, IPv6 starts by their
 * upper half alone unless that is equal. The binary search has no branch to mispredict. */
#include "exchange/rib/rib_snapshot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "exchange/rib/rib_snapshot_paths.h"

/* An address of either family as a number; IPv4 uses the low 32 bits. */
__extension__ typedef unsigned __int128 wide;

enum { INDEX_BITS_MIN = 4, INDEX_BITS_MAX = 20, STACK_MAX = 130 };

static const char magic[8] = "SRRIBS3\n";

struct header {
	char magic[8];
	uint32_t v4_count, v6_count, origin_count;
	uint8_t v4_bits, v6_bits; /* of an address that make a slot of the index */
	uint16_t reserved;
	uint32_t path_words;
	uint32_t reserved_too;
};

struct range4 {
	uint32_t start, value;
};

struct rib_snapshot {
	const uint32_t *v4_index;
	const struct range4 *v4_ranges;
	const uint32_t *v6_index;
	const uint64_t *v6_high, *v6_low;
	const uint32_t *v6_values;
	const struct rib_origin *origins;
	const uint32_t *paths;
	uint32_t v4_count, v6_count, origin_count, path_words;
	unsigned v4_bits, v6_bits;
};

static_assert(sizeof(struct header) == 32 && sizeof(struct range4) == 8, "as in the file");
static_assert(sizeof(struct rib_origin) == 16, "as in the file");

/* --- slots of the index: never fewer for a greater address --- */

static uint32_t
slot4(uint32_t address, unsigned bits)
{
	return address >> (32 - bits);
}

static uint32_t
slots4(unsigned bits)
{
	return 1u << bits;
}

/* All that is routed lies in 2000::/3; before and behind it is one slot each. */
static uint32_t
slot6(uint64_t high, unsigned bits)
{
	uint32_t within = (uint32_t)(high << 3 >> (64 - bits));
	uint64_t top = high >> 61;
	return top == 1 ? 1 + within : top ? 1 + (1u << bits) : 0;
}

static uint32_t
slots6(unsigned bits)
{
	return 2 + (1u << bits);
}

/* About one range a slot. */
static unsigned
index_bits(size_t ranges)
{
	unsigned bits = INDEX_BITS_MIN;
	while (bits < INDEX_BITS_MAX && (size_t)1 << bits < ranges)
		bits++;
	return bits;
}

/* --- building --- */

/* Merges two sorted neighbours; stable, so that the first given of several stays first. */
static void
merge(struct rib_snapshot_route *to, const struct rib_snapshot_route *from, size_t middle,
      size_t count)
{
	size_t a = 0, b = middle;
	for (size_t i = 0; i < count; i++) {
		bool left = b >= count ||
			    (a < middle && prefix_compare(from[a].prefix, from[b].prefix) <= 0);
		to[i] = left ? from[a++] : from[b++];
	}
}

static bool
is_sorted(const struct rib_snapshot_route *routes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (prefix_compare(routes[i - 1].prefix, routes[i].prefix) > 0)
			return false;
	return true;
}

static int
sort(struct rib_snapshot_route *routes, size_t count)
{
	if (is_sorted(routes, count))
		return 0;
	struct rib_snapshot_route *other = malloc(count * sizeof(*other));
	if (!other)
		return -1;
	struct rib_snapshot_route *from = routes, *to = other;
	for (size_t run = 1; run < count; run *= 2) {
		for (size_t at = 0; at < count; at += 2 * run) {
			size_t length = count - at < 2 * run ? count - at : 2 * run;
			merge(to + at, from + at, run < length ? run : length, length);
		}
		struct rib_snapshot_route *swap = from;
		from = to;
		to = swap;
	}
	if (from != routes)
		memcpy(routes, from, count * sizeof(*routes));
	free(other);
	return 0;
}

/* The origins without doubles: an open hash over an array; slot 0 of the array is "no route". */
struct origins {
	struct rib_origin *list;
	uint32_t count;
	uint32_t *slots; /* index into list, 0: free */
	size_t mask;
};

static int
origins_init(struct origins *o, size_t routes)
{
	size_t size = 16;
	while (size < routes * 2 + 2)
		size *= 2;
	o->list = malloc((routes + 1) * sizeof(*o->list));
	o->slots = calloc(size, sizeof(*o->slots));
	o->mask = size - 1;
	if (!o->list || !o->slots)
		return -1;
	o->list[0] = (struct rib_origin){0};
	o->count = 1;
	return 0;
}

static uint32_t
origins_number(struct origins *o, struct rib_origin origin)
{
	if (!origin.origin_as && !origin.member_as)
		return 0;
	size_t at = hash_bytes(&origin, sizeof(origin)) & o->mask;
	while (o->slots[at]) {
		if (memcmp(&o->list[o->slots[at]], &origin, sizeof(origin)) == 0)
			return o->slots[at];
		at = (at + 1) & o->mask;
	}
	o->slots[at] = o->count;
	o->list[o->count] = origin;
	return o->count++;
}

struct range {
	wide start;
	uint32_t value;
};

/* Ranges of one family being made. At most two ranges a prefix, and the one at the beginning. */
struct flattener {
	struct range *ranges;
	size_t count;
	unsigned bits;
	struct {
		wide last; /* highest address inside */
		uint32_t value;
	} stack[STACK_MAX];
	unsigned depth;
};

static void
emit(struct flattener *f, wide start, uint32_t value)
{
	if (f->count && f->ranges[f->count - 1].start == start)
		f->count--;
	if (f->count && f->ranges[f->count - 1].value == value)
		return;
	f->ranges[f->count++] = (struct range){start, value};
}

/* Closes what ends before `until`; all of it when `all`. */
static void
close_prefixes(struct flattener *f, wide until, bool all)
{
	wide top = f->bits == 32 ? UINT32_MAX : ~(wide)0;
	while (f->depth && (all || f->stack[f->depth - 1].last < until)) {
		wide last = f->stack[--f->depth].last;
		if (last != top)
			emit(f, last + 1, f->depth ? f->stack[f->depth - 1].value : 0);
	}
}

static wide
number(struct ip ip)
{
	wide n = 0;
	for (unsigned i = 0; i < ip_bits((enum ip_family)ip.family) / 8; i++)
		n = n << 8 | ip.octets[i];
	return n;
}

static void
flatten(struct flattener *f, const struct rib_snapshot_route *routes, size_t count,
	struct origins *origins)
{
	emit(f, 0, 0);
	for (size_t i = 0; i < count; i++) {
		struct prefix p = routes[i].prefix;
		if (i && prefix_equal(p, routes[i - 1].prefix))
			continue;
		wide start = number(p.ip);
		wide size_less_one = p.length        ? ((wide)1 << (f->bits - p.length)) - 1
				     : f->bits == 32 ? UINT32_MAX
						     : ~(wide)0;
		close_prefixes(f, start, false);
		uint32_t value = origins_number(origins, routes[i].origin);
		emit(f, start, value);
		f->stack[f->depth].last = start + size_less_one;
		f->stack[f->depth++].value = value;
	}
	close_prefixes(f, 0, true);
}

static uint32_t
slot_of(const struct flattener *f, size_t range, unsigned bits)
{
	wide start = f->ranges[range].start;
	return f->bits == 32 ? slot4((uint32_t)start, bits) : slot6((uint64_t)(start >> 64), bits);
}

/* index[slot] for each slot, and the count of all ranges behind them. */
static void
put_index(struct buf *out, const struct flattener *f, unsigned bits, uint32_t slots)
{
	size_t at = 0;
	for (uint32_t slot = 0; slot <= slots; slot++) {
		while (at < f->count && slot_of(f, at, bits) < slot)
			at++;
		uint32_t value = (uint32_t)at;
		buf_put(out, &value, sizeof(value));
	}
}

/* The file is made of 4-octet words; 8-octet ones begin at a multiple of 8. */
static void
pad8(struct buf *out)
{
	uint32_t padding = 0;
	if (out->length % 8)
		buf_put(out, &padding, sizeof(padding));
}

static void
put_v4(struct buf *out, const struct flattener *f, unsigned bits)
{
	put_index(out, f, bits, slots4(bits));
	pad8(out);
	for (size_t i = 0; i < f->count; i++) {
		struct range4 range = {(uint32_t)f->ranges[i].start, f->ranges[i].value};
		buf_put(out, &range, sizeof(range));
	}
}

static void
put_v6(struct buf *out, const struct flattener *f, unsigned bits)
{
	put_index(out, f, bits, slots6(bits));
	pad8(out);
	for (int half = 64; half >= 0; half -= 64) {
		for (size_t i = 0; i < f->count; i++) {
			uint64_t start = (uint64_t)(f->ranges[i].start >> half);
			buf_put(out, &start, sizeof(start));
		}
	}
	for (size_t i = 0; i < f->count; i++)
		buf_put(out, &f->ranges[i].value, sizeof(uint32_t));
}

static size_t
count_v4(const struct rib_snapshot_route *routes, size_t count)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (routes[middle].prefix.ip.family < IP_V6)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int
rib_snapshot_build(struct buf *out, struct rib_snapshot_route *routes, size_t count,
		   const struct rib_snapshot_paths *paths)
{
	static const uint32_t empty_path;
	assert(out->length == 0);
	int result = -1;
	struct origins origins = {0};
	struct flattener v4 = {.bits = 32}, v6 = {.bits = 128};
	if (count > UINT32_MAX / 4 || sort(routes, count) < 0 || origins_init(&origins, count) < 0)
		goto out;
	size_t n4 = count_v4(routes, count), n6 = count - n4;
	v4.ranges = malloc((2 * n4 + 2) * sizeof(struct range));
	v6.ranges = malloc((2 * n6 + 2) * sizeof(struct range));
	if (!v4.ranges || !v6.ranges)
		goto out;
	flatten(&v4, routes, n4, &origins);
	flatten(&v6, routes + n4, n6, &origins);
	struct header header = {
		.v4_count = (uint32_t)v4.count,
		.v6_count = (uint32_t)v6.count,
		.origin_count = origins.count,
		.v4_bits = (uint8_t)index_bits(v4.count),
		.v6_bits = (uint8_t)index_bits(v6.count),
		.path_words = paths ? (uint32_t)paths->count : 1,
	};
	memcpy(header.magic, magic, sizeof(magic));
	buf_put(out, &header, sizeof(header));
	put_v4(out, &v4, header.v4_bits);
	put_v6(out, &v6, header.v6_bits);
	buf_put(out, origins.list, origins.count * sizeof(*origins.list));
	buf_put(out, paths ? paths->words : &empty_path, header.path_words * sizeof(uint32_t));
	pad8(out);
	uint64_t checksum = out->failed ? 0 : hash_bytes(out->data, out->length);
	buf_put(out, &checksum, sizeof(checksum));
	result = out->failed ? -1 : 0;
out:
	free(v4.ranges);
	free(v6.ranges);
	free(origins.list);
	free(origins.slots);
	return result;
}

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

static bool
v6_is_sound(const struct rib_snapshot *s, uint32_t origin_count)
{
	const uint64_t *high = s->v6_high, *low = s->v6_low;
	if (!s->v6_count || high[0] || low[0] ||
	    !index_is_sound(s->v6_index, slots6(s->v6_bits), s->v6_count))
		return false;
	for (uint32_t i = 0; i < s->v6_count; i++) {
		uint32_t slot = slot6(high[i], s->v6_bits);
		bool rises = i == 0 || high[i] > high[i - 1] ||
			     (high[i] == high[i - 1] && low[i] > low[i - 1]);
		if (s->v6_values[i] >= origin_count || !rises || i < s->v6_index[slot] ||
		    i >= s->v6_index[slot + 1])
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
bits_are_sound(unsigned bits)
{
	return bits >= INDEX_BITS_MIN && bits <= INDEX_BITS_MAX;
}

struct rib_snapshot *
rib_snapshot_open(const void *bytes, size_t length)
{
	if ((uintptr_t)bytes % 8 || length % 8 || length < sizeof(struct header) + 8)
		return NULL;
	struct cursor c = cursor_of(bytes, length - 8);
	struct header header;
	cursor_copy(&c, &header, sizeof(header));
	if (memcmp(header.magic, magic, sizeof(magic)) != 0)
		return NULL;
	if (!bits_are_sound(header.v4_bits) || !bits_are_sound(header.v6_bits))
		return NULL;
	struct rib_snapshot s = {
		.v4_count = header.v4_count,
		.v6_count = header.v6_count,
		.v4_bits = header.v4_bits,
		.v6_bits = header.v6_bits,
		.origin_count = header.origin_count,
		.path_words = header.path_words,
	};
	s.v4_index = take_array(&c, slots4(s.v4_bits) + 1, 4);
	align8(&c);
	s.v4_ranges = take_array(&c, header.v4_count, sizeof(struct range4));
	s.v6_index = take_array(&c, slots6(s.v6_bits) + 1, 4);
	align8(&c);
	s.v6_high = take_array(&c, header.v6_count, 8);
	s.v6_low = take_array(&c, header.v6_count, 8);
	s.v6_values = take_array(&c, header.v6_count, 4);
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

/* The last range that starts at or below the address. The one before a slot's first is always a
 * sound answer, because range 0 starts at 0, and so no slot but the first can hold it. */
static uint32_t
find4(const struct rib_snapshot *s, uint32_t address)
{
	uint32_t slot = slot4(address, s->v4_bits);
	uint32_t first = s->v4_index[slot], left = s->v4_index[slot + 1] - first;
	const struct range4 *base = s->v4_ranges + first;
	if (!left || base->start > address)
		return s->v4_ranges[first - 1].value;
	while (left > 1) {
		uint32_t half = left / 2;
		base += base[half].start <= address ? half : 0;
		left -= half;
	}
	return base->value;
}

static bool
at_or_below(const struct rib_snapshot *s, uint32_t range, uint64_t high, uint64_t low)
{
	bool below = s->v6_high[range] < high;
	if (__builtin_expect(s->v6_high[range] == high, 0))
		below = s->v6_low[range] <= low;
	return below;
}

static uint32_t
find6(const struct rib_snapshot *s, uint64_t high, uint64_t low)
{
	uint32_t slot = slot6(high, s->v6_bits);
	uint32_t at = s->v6_index[slot], left = s->v6_index[slot + 1] - at;
	if (!left || !at_or_below(s, at, high, low))
		return s->v6_values[at - 1];
	while (left > 1) {
		uint32_t half = left / 2;
		at += at_or_below(s, at + half, high, low) ? half : 0;
		left -= half;
	}
	return s->v6_values[at];
}

uint32_t
rib_snapshot_number(const struct rib_snapshot *snapshot, const struct ip *ip)
{
	struct cursor c = cursor_of(ip->octets, sizeof(ip->octets));
	if (ip->family == IP_V4)
		return find4(snapshot, cursor_u32(&c));
	if (ip->family != IP_V6)
		return 0;
	uint64_t high = cursor_u64(&c);
	uint64_t low = cursor_u64(&c);
	return find6(snapshot, high, low);
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
