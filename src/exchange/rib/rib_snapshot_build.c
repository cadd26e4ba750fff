/* Making a snapshot: routes flattened to disjoint ranges.
 *
 * Sorted by address, shorter first, the prefixes nest like brackets. One walk with a stack of the
 * prefixes that are open emits a range wherever the innermost one changes; a range that says the same
 * as the one before it is left out. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rib/rib_snapshot_layout.h"
#include "exchange/rib/rib_snapshot_paths.h"

/* An address of either family as a number; IPv4 uses the low 32 bits. */
__extension__ typedef unsigned __int128 wide;

enum { STACK_MAX = 130 };

/* About one range a slot. */
static unsigned
index_bits(size_t ranges, unsigned most)
{
	unsigned bits = INDEX_BITS_MIN;
	while (bits < most && (size_t)1 << bits < ranges)
		bits++;
	return bits;
}

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

/* index[slot] for each slot, and the count of all ranges behind them. */
static void
put_v4_index(struct buf *out, const struct flattener *f, unsigned bits)
{
	size_t at = 0;
	for (uint32_t slot = 0; slot <= slots4(bits); slot++) {
		while (at < f->count && slot4((uint32_t)f->ranges[at].start, bits) < slot)
			at++;
		uint32_t value = (uint32_t)at;
		buf_put(out, &value, sizeof(value));
	}
}

static uint64_t
high_of(const struct flattener *f, size_t range)
{
	return (uint64_t)(f->ranges[range].start >> 64);
}

/* The index of IPv6 with its finer slots. */
struct divided {
	struct index6 *index;
	uint32_t *finer;
	uint32_t finer_count;
};

/* Divides a slot of which the ranges from `first` to before `next` are. */
static void
divide(struct divided *d, const struct flattener *f, uint32_t slot, unsigned bits, size_t first,
       size_t next)
{
	unsigned finer = 1;
	while (finer < FINER_BITS_MAX && (size_t)1 << finer < next - first)
		finer++;
	d->index[slot].finer = d->finer_count << 5 | finer;
	size_t at = first;
	for (uint32_t i = 0; i < 1u << finer; i++) {
		while (at < next && finer6(high_of(f, at), bits, finer) < i)
			at++;
		d->finer[d->finer_count++] = (uint32_t)at;
	}
	d->finer[d->finer_count++] = (uint32_t)next;
}

/* 0, or -1 without memory. */
static int
index_v6(struct divided *d, const struct flattener *f, unsigned bits)
{
	enum { FEW = 2 };
	uint32_t slots = slots6(bits);
	d->index = calloc(slots + 1, sizeof(*d->index));
	/* A slot of n ranges, more than two, has less than 2n finer ones and the end. */
	d->finer = malloc((3 * f->count + 1) * sizeof(*d->finer));
	if (!d->index || !d->finer)
		return -1;
	size_t next = 0;
	for (uint32_t slot = 0; slot <= slots; slot++) {
		size_t first = next;
		d->index[slot].first = (uint32_t)first;
		while (next < f->count && slot6(high_of(f, next), bits) == slot)
			next++;
		if (next - first > FEW && slot > 0 && slot < slots - 1)
			divide(d, f, slot, bits, first, next);
	}
	return 0;
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
	put_v4_index(out, f, bits);
	pad8(out);
	for (size_t i = 0; i < f->count; i++) {
		struct range4 range = {(uint32_t)f->ranges[i].start, f->ranges[i].value};
		buf_put(out, &range, sizeof(range));
	}
}

/* How many ranges begin in the middle of a /64, and one for all that do not. */
static uint32_t
count_lows(const struct flattener *f)
{
	uint32_t count = 1;
	for (size_t i = 0; i < f->count; i++)
		count += (uint64_t)f->ranges[i].start != 0;
	return count;
}

static void
put_v6(struct buf *out, const struct flattener *f, const struct divided *d, unsigned bits)
{
	uint32_t lows = 0;
	uint64_t low = 0;
	buf_put(out, d->index, (slots6(bits) + 1) * sizeof(*d->index));
	buf_put(out, d->finer, d->finer_count * sizeof(*d->finer));
	pad8(out);
	for (size_t i = 0; i < f->count; i++) {
		struct range6 range = {.high = (uint64_t)(f->ranges[i].start >> 64),
				       .value = f->ranges[i].value,
				       .low = (uint64_t)f->ranges[i].start ? ++lows : 0};
		buf_put(out, &range, sizeof(range));
	}
	buf_put(out, &low, sizeof(low));
	for (size_t i = 0; i < f->count; i++) {
		low = (uint64_t)f->ranges[i].start;
		if (low)
			buf_put(out, &low, sizeof(low));
	}
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
	struct divided divided = {0};
	if (count > UINT32_MAX / 4 || sort(routes, count) < 0 || origins_init(&origins, count) < 0)
		goto out;
	size_t n4 = count_v4(routes, count), n6 = count - n4;
	v4.ranges = malloc((2 * n4 + 2) * sizeof(struct range));
	v6.ranges = malloc((2 * n6 + 2) * sizeof(struct range));
	if (!v4.ranges || !v6.ranges)
		goto out;
	flatten(&v4, routes, n4, &origins);
	flatten(&v6, routes + n4, n6, &origins);
	unsigned v6_bits = index_bits(v6.count, INDEX6_BITS_MAX);
	if (index_v6(&divided, &v6, v6_bits) < 0)
		goto out;
	struct snapshot_header header = {
		.v4_count = (uint32_t)v4.count,
		.v6_count = (uint32_t)v6.count,
		.origin_count = origins.count,
		.v4_bits = (uint8_t)index_bits(v4.count, INDEX_BITS_MAX),
		.v6_bits = (uint8_t)v6_bits,
		.path_words = paths ? (uint32_t)paths->count : 1,
		.low_count = count_lows(&v6),
		.finer_count = divided.finer_count,
	};
	memcpy(header.magic, snapshot_magic, sizeof(snapshot_magic));
	buf_put(out, &header, sizeof(header));
	put_v4(out, &v4, header.v4_bits);
	put_v6(out, &v6, &divided, v6_bits);
	buf_put(out, origins.list, origins.count * sizeof(*origins.list));
	buf_put(out, paths ? paths->words : &empty_path, header.path_words * sizeof(uint32_t));
	pad8(out);
	uint64_t checksum = out->failed ? 0 : hash_bytes(out->data, out->length);
	buf_put(out, &checksum, sizeof(checksum));
	result = out->failed ? -1 : 0;
out:
	free(v4.ranges);
	free(v6.ranges);
	free(divided.index);
	free(divided.finer);
	free(origins.list);
	free(origins.slots);
	return result;
}
