/* Packed sums: the pairs, networks and countries of a bin (or of many) in one row of the store.
 *
 * A sum is a key of three numbers with octets, packets and samples. Rows of sums are sorted by key
 * and written as differences in variable-length integers, octets in units of their greatest common
 * divisor (the sampling rate, mostly): about 5 octets a pair.
 *
 *   "SL" version flags  unit  ratio  count, then for each `upper`: step, number of sums, and for
 *   each sum: step of `lower`, octets / unit, with LEDGER_PACK_SAMPLES: samples * 2 + odd,
 *   and packets when odd (when they are not samples * ratio); and with LEDGER_PACK_NEXT: how much
 *   `next` differs from that of the sum before, mostly nothing, as |difference| * 2 + negative.
 *
 * Keys:      upper                   lower                                 next
 *   pair     port from               port to * 4 + family (1 IPv4, 2 IPv6)  0
 *   origin   port * 2 + outgoing     asn * 65536 + country (two letters)   next AS
 *   country  0                       from * 65536 + to                     0
 * Ports are the numbers that the store gave them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"

struct ledger_sum {
	uint64_t upper, lower, next; /* next: below 2^32 */
	uint64_t octets, packets, samples;
};

/* A heap of sums with one per key. Owns its memory. A zeroed one is empty. */
struct ledger_sums {
	struct ledger_sum *items; /* `count` of them, in the order they came */
	size_t count, capacity;
	uint32_t *slots; /* hash table of index + 1; private */
	size_t slot_count;
	bool failed; /* no memory for some of it; stays set */
};

enum {
	LEDGER_PACK_SAMPLES = 1, /* flags: packets and samples are kept too */
	LEDGER_PACK_NEXT = 2,    /* and the third part of the key; else it must be 0 */
};

void ledger_sums_fini(struct ledger_sums *sums);
/* Adds to the sum of the same key; sums stop at UINT64_MAX, samples at half of it. */
void ledger_sums_add(struct ledger_sums *sums, const struct ledger_sum *more);
/* Sorts by key. After this only reading and packing are allowed. */
void ledger_sums_sort(struct ledger_sums *sums);

/* Appends the items of a heap that is sorted. */
void ledger_pack(const struct ledger_sum *sums, size_t count, unsigned flags, struct buf *out);
/* Adds all packed sums to *sums. 0, or -1 when the bytes are not a whole pack (then some of it may
 * have been added: throw *sums away), or there is no memory (sums->failed). */
int ledger_unpack(struct ledger_sums *sums, struct cursor bytes);
