/* The layout of a snapshot's file, for rib_snapshot*.c alone. It has a number in its first octets, which
 * grows with each change. */
#pragma once

#include <assert.h>

#include "exchange/rib/rib_snapshot.h"

static const char snapshot_magic[8] = "SRRIBS4\n";

/* Bits of an address that make a slot of the index; of IPv6, and of its finer slots. */
enum { INDEX_BITS_MIN = 4, INDEX_BITS_MAX = 20, INDEX6_BITS_MAX = 16, FINER_BITS_MAX = 16 };

struct snapshot_header {
	char magic[8];
	uint32_t v4_count, v6_count, origin_count;
	uint8_t v4_bits, v6_bits; /* of an address that make a slot of the index */
	uint16_t reserved;
	uint32_t path_words;
	uint32_t low_count, finer_count;
	uint32_t reserved_too;
};

struct range4 {
	uint32_t start, value;
};

/* IPv6 is dense where registries allocate and empty elsewhere: a slot with more than a few ranges is divided
 * again, into as many finer ones as make about one range each. */
struct index6 {
	uint32_t first;
	uint32_t
		finer; /* where its finer slots begin, times 32, and how many bits make one; 0: none */
};

static inline uint32_t
finer_place(struct index6 slot)
{
	return slot.finer >> 5;
}

static inline unsigned
finer_bits(struct index6 slot)
{
	return slot.finer & 31;
}

struct range6 {
	uint64_t high; /* of the start */
	uint32_t value;
	uint32_t low; /* where its lower half stands; 0: it is 0 */
};

static_assert(sizeof(struct snapshot_header) == 40 && sizeof(struct range4) == 8 &&
		      sizeof(struct index6) == 8 && sizeof(struct range6) == 16 &&
		      sizeof(struct rib_origin) == 16,
	      "as in the file");

/* --- slots of the index: never fewer for a greater address --- */

static inline uint32_t
slot4(uint32_t address, unsigned bits)
{
	return address >> (32 - bits);
}

static inline uint32_t
slots4(unsigned bits)
{
	return 1u << bits;
}

/* All that is routed lies in 2000::/3; before and behind it is one slot each. */
static inline uint32_t
slot6(uint64_t high, unsigned bits)
{
	uint32_t within = (uint32_t)(high << 3 >> (64 - bits));
	uint64_t top = high >> 61;
	return top == 1 ? 1 + within : top ? 1 + (1u << bits) : 0;
}

static inline uint32_t
slots6(unsigned bits)
{
	return 2 + (1u << bits);
}

/* The finer slot within one of those between the first and the last. */
static inline uint32_t
finer6(uint64_t high, unsigned bits, unsigned finer)
{
	return (uint32_t)(high << (3 + bits) >> (64 - finer));
}
