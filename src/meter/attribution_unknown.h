/* MACs that are nobody's: who sends into the exchange, or is sent to, and is in no hub file. A table
 * of fixed size, so that made-up addresses cost no memory: where it is full the one that was seen
 * least lately goes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

enum { ATTRIBUTION_UNKNOWN_MAX = 2048 };

/* One of them, at one place, since it was first seen. */
struct attribution_stranger {
	struct mac mac;
	uint16_t vlan;               /* 0: none, or not told */
	uint32_t exporter, if_index; /* if_index 0: not told */
	uint64_t octets_sent, samples_sent, octets_received, samples_received; /* octets scaled */
	uint64_t octets_watched; /* of both sums: what the watch has been told of */
	int64_t first_s, last_s; /* UTC; last_s 0: a free place */
};

struct attribution_strangers {
	struct attribution_stranger *list; /* ATTRIBUTION_UNKNOWN_MAX, or NULL before the first */
	uint64_t forgotten;                /* that had to go */
};

/* A zeroed one is valid and empty. */
void attribution_strangers_fini(struct attribution_strangers *s);
/* Adds what was seen to the same stranger's sums. Without memory nothing is kept. */
void attribution_strangers_add(struct attribution_strangers *s,
			       const struct attribution_stranger *seen);
/* Writes the `max` that sent and were sent most, of those seen since `since_s`; returns how many. */
size_t attribution_strangers_list(const struct attribution_strangers *s, int64_t since_s,
				  struct attribution_stranger *out, size_t max);
/* Forgets them all; keeps the memory. */
void attribution_strangers_clear(struct attribution_strangers *s);
