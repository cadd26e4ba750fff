/* Routes flattened to disjoint ranges, for one quick longest match per address.
 *
 * Building: sorted by address, shorter first, the prefixes nest like brackets. One walk with a
 * stack of the prefixes that are open emits a range wherever the innermost one changes; a range
 * that says the same as the one before it is left out.
 *
 * Looking up: index[upper 16 bits] gives the few ranges in question, a branch-free binary search
 * finds the last that starts at or below the address. IPv6 starts are kept as two 64-bit integers
 * in host order, so that a step is a compare and a move. */
#include "exchange/rib/rib_snapshot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"

/* An address of either family as a number; IPv4 uses the low 32 bits. */
__extension__ typedef unsigned __int128 wide;

enum { INDEX_COUNT = 65536 + 1, STACK_MAX = 130 };

static const char magic[8] = "SRRIBS1\n";

struct header {
	char magic[8];
	uint32_t v4_count, v6_count, origin_count, reserved;
};

struct start6 {
	uint64_t high, low;
};

struct rib_snapshot {
	const uint32_t *v4_index, *v4_starts, *v4_values;
	const uint32_t *v6_index;
	const struct start6 *v6_starts;
	const uint32_t *v6_values;
	const struct rib_origin *origins;
	uint32_t v4_count, v6_count;
};

static_assert(sizeof(struct header) == 24 && sizeof(struct start6) == 16, "as in the file");
static_assert(sizeof(struct rib_origin) == 8, "as in the file");

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
	size_t at = hash_u64((uint64_t)origin.origin_as << 32 | origin.member_as) & o->mask;
	while (o->slots[at]) {
		const struct rib_origin *have = &o->list[o->slots[at]];
		if (have->origin_as == origin.origin_as && have->member_as == origin.member_as)
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

static void
put_index(struct buf *out, const struct flattener *f)
{
	size_t at = 0;
	for (uint32_t h = 0; h < INDEX_COUNT; h++) {
		wide from = (wide)h << (f->bits - 16);
		/* 65536 << 112 is 2^128, which does not fit: the last entry is the count. */
		if (h == INDEX_COUNT - 1)
			at = f->count;
		while (at < f->count && f->ranges[at].start < from)
			at++;
		uint32_t value = (uint32_t)at;
		buf_put(out, &value, sizeof(value));
	}
}

static void
put_family(struct buf *out, const struct flattener *f)
{
	put_index(out, f);
	if (f->bits == 128) {
		uint32_t padding = 0; /* brings the 64-bit starts to a multiple of 8 */
		while (out->length % 8 && !out->failed)
			buf_put(out, &padding, 4);
	}
	for (size_t i = 0; i < f->count; i++) {
		wide start = f->ranges[i].start;
		uint32_t start4 = (uint32_t)start;
		struct start6 start6 = {(uint64_t)(start >> 64), (uint64_t)start};
		if (f->bits == 32)
			buf_put(out, &start4, sizeof(start4));
		else
			buf_put(out, &start6, sizeof(start6));
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
rib_snapshot_build(struct buf *out, struct rib_snapshot_route *routes, size_t count)
{
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
	struct header header = {.v4_count = (uint32_t)v4.count,
				.v6_count = (uint32_t)v6.count,
				.origin_count = origins.count};
	memcpy(header.magic, magic, sizeof(magic));
	buf_put(out, &header, sizeof(header));
	put_family(out, &v4);
	put_family(out, &v6);
	buf_put(out, origins.list, origins.count * sizeof(*origins.list));
	uint32_t padding = 0;
	while (out->length % 8 && !out->failed)
		buf_put(out, &padding, 4);
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
index_is_sound(const uint32_t *index, uint32_t count)
{
	for (size_t i = 1; i < INDEX_COUNT; i++)
		if (index[i] < index[i - 1])
			return false;
	return index[0] == 0 && index[INDEX_COUNT - 1] == count;
}

/* Every range stands in the part of the index its start belongs to, starts rise, values exist. */
static bool
v4_is_sound(const struct rib_snapshot *s, uint32_t origin_count)
{
	if (!s->v4_count || s->v4_starts[0] != 0 || !index_is_sound(s->v4_index, s->v4_count))
		return false;
	for (uint32_t i = 0; i < s->v4_count; i++) {
		uint32_t h = s->v4_starts[i] >> 16;
		if (s->v4_values[i] >= origin_count ||
		    (i && s->v4_starts[i] <= s->v4_starts[i - 1]) || i < s->v4_index[h] ||
		    i >= s->v4_index[h + 1])
			return false;
	}
	return true;
}

static bool
v6_is_sound(const struct rib_snapshot *s, uint32_t origin_count)
{
	const struct start6 *at = s->v6_starts;
	if (!s->v6_count || at[0].high || at[0].low || !index_is_sound(s->v6_index, s->v6_count))
		return false;
	for (uint32_t i = 0; i < s->v6_count; i++) {
		uint64_t h = at[i].high >> 48;
		bool rises = i == 0 || at[i].high > at[i - 1].high ||
			     (at[i].high == at[i - 1].high && at[i].low > at[i - 1].low);
		if (s->v6_values[i] >= origin_count || !rises || i < s->v6_index[h] ||
		    i >= s->v6_index[h + 1])
			return false;
	}
	return true;
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
	struct rib_snapshot s = {.v4_count = header.v4_count, .v6_count = header.v6_count};
	s.v4_index = take_array(&c, INDEX_COUNT, 4);
	s.v4_starts = take_array(&c, header.v4_count, 4);
	s.v4_values = take_array(&c, header.v4_count, 4);
	s.v6_index = take_array(&c, INDEX_COUNT, 4);
	align8(&c);
	s.v6_starts = take_array(&c, header.v6_count, sizeof(struct start6));
	s.v6_values = take_array(&c, header.v6_count, 4);
	s.origins = take_array(&c, header.origin_count, sizeof(struct rib_origin));
	align8(&c);
	if (c.failed || cursor_left(&c) || !header.origin_count)
		return NULL;
	uint64_t checksum;
	memcpy(&checksum, (const uint8_t *)bytes + length - 8, sizeof(checksum));
	if (hash_bytes(bytes, length - 8) != checksum)
		return NULL;
	if (!v4_is_sound(&s, header.origin_count) || !v6_is_sound(&s, header.origin_count))
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

/* The last range that starts at or below the address. The one before the bucket is always a valid
 * answer, because range 0 starts at 0 and so bucket 0 never begins with a greater start. */
static uint32_t
find4(const struct rib_snapshot *s, uint32_t address)
{
	uint32_t first = s->v4_index[address >> 16], end = s->v4_index[(address >> 16) + 1];
	const uint32_t *base = s->v4_starts + first;
	uint32_t left = end - first;
	while (left > 1) {
		uint32_t half = left / 2;
		base += base[half] <= address ? half : 0;
		left -= half;
	}
	uint32_t at = (uint32_t)(base - s->v4_starts);
	return left && *base <= address ? at : first - 1;
}

static bool
at_or_below(const struct start6 *start, uint64_t high, uint64_t low)
{
	return (start->high < high) | ((start->high == high) & (start->low <= low));
}

static uint32_t
find6(const struct rib_snapshot *s, uint64_t high, uint64_t low)
{
	uint32_t first = s->v6_index[high >> 48], end = s->v6_index[(high >> 48) + 1];
	const struct start6 *base = s->v6_starts + first;
	uint32_t left = end - first;
	while (left > 1) {
		uint32_t half = left / 2;
		base += at_or_below(base + half, high, low) ? half : 0;
		left -= half;
	}
	uint32_t at = (uint32_t)(base - s->v6_starts);
	return left && at_or_below(base, high, low) ? at : first - 1;
}

struct rib_origin
rib_snapshot_find(const struct rib_snapshot *snapshot, struct ip ip)
{
	if (ip.family == IP_V4)
		return snapshot->origins[snapshot->v4_values[find4(snapshot, ip_v4_number(ip))]];
	if (ip.family != IP_V6)
		return (struct rib_origin){0};
	struct cursor c = cursor_of(ip.octets, sizeof(ip.octets));
	uint64_t high = cursor_u64(&c);
	uint64_t low = cursor_u64(&c);
	return snapshot->origins[snapshot->v6_values[find6(snapshot, high, low)]];
}

size_t
rib_snapshot_ranges(const struct rib_snapshot *snapshot)
{
	return (size_t)snapshot->v4_count + snapshot->v6_count;
}
