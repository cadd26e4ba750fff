/* Packed sums. */
#include "ledger/ledger_pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { VERSION = 1, VARINT_MAX = 10 };

void
ledger_sums_fini(struct ledger_sums *sums)
{
	free(sums->items);
	free(sums->slots);
	*sums = (struct ledger_sums){0};
}

static size_t
slot_of(const struct ledger_sums *sums, const struct ledger_sum *key)
{
	uint64_t hash = hash_u64(key->upper * 0x9e3779b97f4a7c15u ^ hash_u64(key->lower));
	return hash_u64(hash ^ key->next) & (sums->slot_count - 1);
}

/* Twice the slots, at least 64; false if there is no memory. */
static bool
grow_slots(struct ledger_sums *sums)
{
	size_t count = sums->slot_count ? sums->slot_count * 2 : 64;
	uint32_t *slots = calloc(count, sizeof(*slots));
	if (!slots)
		return false;
	free(sums->slots);
	sums->slots = slots;
	sums->slot_count = count;
	for (size_t i = 0; i < sums->count; i++) {
		size_t slot = slot_of(sums, &sums->items[i]);
		while (slots[slot])
			slot = (slot + 1) & (count - 1);
		slots[slot] = (uint32_t)i + 1;
	}
	return true;
}

static bool
make_room(struct ledger_sums *sums)
{
	if (sums->count == UINT32_MAX - 1)
		return false;
	if (sums->count == sums->capacity) {
		size_t capacity = sums->capacity ? sums->capacity * 2 : 32;
		struct ledger_sum *items = realloc(sums->items, capacity * sizeof(*items));
		if (!items)
			return false;
		sums->items = items;
		sums->capacity = capacity;
	}
	return sums->count * 2 < sums->slot_count || grow_slots(sums);
}

static uint64_t
plus(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* One bit of the packed number is taken, so samples stop at half of the others. */
static uint64_t
samples_of(uint64_t samples)
{
	return samples > UINT64_MAX / 2 ? UINT64_MAX / 2 : samples;
}

void
ledger_sums_add(struct ledger_sums *sums, const struct ledger_sum *more)
{
	if (sums->failed || !make_room(sums)) {
		sums->failed = true;
		return;
	}
	size_t slot = slot_of(sums, more);
	for (; sums->slots[slot]; slot = (slot + 1) & (sums->slot_count - 1)) {
		struct ledger_sum *sum = &sums->items[sums->slots[slot] - 1];
		if (sum->upper == more->upper && sum->lower == more->lower &&
		    sum->next == more->next) {
			sum->octets = plus(sum->octets, more->octets);
			sum->packets = plus(sum->packets, more->packets);
			sum->samples = samples_of(plus(sum->samples, more->samples));
			return;
		}
	}
	sums->items[sums->count] = *more;
	sums->items[sums->count].samples = samples_of(more->samples);
	sums->slots[slot] = (uint32_t)++sums->count;
}

static int
compare(const void *a, const void *b)
{
	const struct ledger_sum *x = a, *y = b;
	if (x->upper != y->upper)
		return x->upper < y->upper ? -1 : 1;
	if (x->lower != y->lower)
		return x->lower < y->lower ? -1 : 1;
	return (x->next > y->next) - (x->next < y->next);
}

void
ledger_sums_sort(struct ledger_sums *sums)
{
	if (sums->count)
		qsort(sums->items, sums->count, sizeof(*sums->items), compare);
}

/* Seven bits an octet, the lowest first; the high bit says that more follow. */
static void
put_varint(struct buf *out, uint64_t value)
{
	uint8_t octets[VARINT_MAX];
	size_t length = 0;
	while (value >= 0x80) {
		octets[length++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	octets[length++] = (uint8_t)value;
	buf_put(out, octets, length);
}

/* Each number has one encoding: a last octet of zero, or bits beyond 64, fail the cursor. */
static uint64_t
get_varint(struct cursor *c)
{
	uint64_t value = 0;
	for (int i = 0; i < VARINT_MAX; i++) {
		uint8_t octet = cursor_u8(c);
		if (i == VARINT_MAX - 1 && octet > 1)
			break;
		value |= (uint64_t)(octet & 0x7f) << (7 * i);
		if (!(octet & 0x80)) {
			if (octet == 0 && i > 0)
				break;
			return c->failed ? 0 : value;
		}
	}
	cursor_fail(c);
	return 0;
}

static uint64_t
common_divisor(const struct ledger_sum *sums, size_t count)
{
	uint64_t divisor = 0;
	for (size_t i = 0; i < count && divisor != 1; i++) {
		uint64_t a = sums[i].octets;
		while (a) {
			uint64_t rest = divisor % a;
			divisor = a;
			a = rest;
		}
	}
	return divisor ? divisor : 1;
}

/* Packets per sample of the first sum that has a whole number of them: the sampling rate. */
static uint64_t
packets_per_sample(const struct ledger_sum *sums, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sums[i].samples && sums[i].packets % sums[i].samples == 0)
			return sums[i].packets / sums[i].samples;
	return 0;
}

static void
pack_samples(const struct ledger_sum *sum, uint64_t ratio, struct buf *out)
{
	uint64_t product;
	assert(sum->samples <= UINT64_MAX / 2);
	bool odd = __builtin_mul_overflow(sum->samples, ratio, &product) || product != sum->packets;
	put_varint(out, sum->samples << 1 | odd);
	if (odd)
		put_varint(out, sum->packets);
}

static void
pack_next(uint64_t next, uint64_t before, struct buf *out)
{
	put_varint(out, next >= before ? (next - before) << 1 : (before - next) << 1 | 1);
}

void
ledger_pack(const struct ledger_sum *sums, size_t count, unsigned flags, struct buf *out)
{
	uint64_t unit = common_divisor(sums, count);
	uint64_t ratio = flags & LEDGER_PACK_SAMPLES ? packets_per_sample(sums, count) : 0;
	buf_put(out, "SL", 2);
	buf_u8(out, VERSION);
	buf_u8(out, (uint8_t)flags);
	put_varint(out, unit);
	put_varint(out, ratio);
	put_varint(out, count);
	uint64_t upper = 0;
	for (size_t i = 0; i < count;) {
		size_t end = i;
		while (end < count && sums[end].upper == sums[i].upper)
			end++;
		assert(sums[i].upper >= upper);
		put_varint(out, sums[i].upper - upper);
		put_varint(out, end - i);
		upper = sums[i].upper;
		uint64_t lower = 0, next = 0;
		for (; i < end; i++) {
			assert(sums[i].lower >= lower);
			put_varint(out, sums[i].lower - lower);
			lower = sums[i].lower;
			put_varint(out, sums[i].octets / unit);
			if (flags & LEDGER_PACK_SAMPLES)
				pack_samples(&sums[i], ratio, out);
			if (flags & LEDGER_PACK_NEXT)
				pack_next(sums[i].next, next, out);
			next = sums[i].next;
		}
	}
}

/* The scale of a pack, from its head. */
struct scale {
	unsigned flags;
	uint64_t unit, ratio;
};

static void
unpack_sum(struct ledger_sum *sum, struct cursor *c, const struct scale *scale)
{
	if (__builtin_add_overflow(sum->lower, get_varint(c), &sum->lower) ||
	    __builtin_mul_overflow(get_varint(c), scale->unit, &sum->octets))
		cursor_fail(c);
	if (scale->flags & LEDGER_PACK_SAMPLES) {
		uint64_t samples = get_varint(c);
		sum->samples = samples >> 1;
		if (samples & 1)
			sum->packets = get_varint(c);
		else if (__builtin_mul_overflow(sum->samples, scale->ratio, &sum->packets))
			cursor_fail(c);
	}
	if (scale->flags & LEDGER_PACK_NEXT) {
		uint64_t step = get_varint(c);
		sum->next += step & 1 ? 0 - (step >> 1) : step >> 1;
		if (sum->next > UINT32_MAX)
			cursor_fail(c);
	}
}

int
ledger_unpack(struct ledger_sums *sums, struct cursor bytes)
{
	struct cursor *c = &bytes;
	const uint8_t *magic = cursor_take(c, 2);
	if (!magic || memcmp(magic, "SL", 2) != 0 || cursor_u8(c) != VERSION)
		return -1;
	struct scale scale = {.flags = cursor_u8(c)};
	if (scale.flags & ~(unsigned)(LEDGER_PACK_SAMPLES | LEDGER_PACK_NEXT))
		return -1;
	scale.unit = get_varint(c);
	scale.ratio = get_varint(c);
	uint64_t left = get_varint(c);
	uint64_t upper = 0;
	while (left && !c->failed) {
		uint64_t step = get_varint(c), here = get_varint(c);
		if (!here || here > left || __builtin_add_overflow(upper, step, &upper))
			return -1;
		left -= here;
		struct ledger_sum sum = {.upper = upper};
		for (; here && !c->failed; here--) {
			unpack_sum(&sum, c, &scale);
			if (!c->failed)
				ledger_sums_add(sums, &sum);
		}
	}
	return c->failed || cursor_left(c) || sums->failed ? -1 : 0;
}
