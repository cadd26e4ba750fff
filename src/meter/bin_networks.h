/* The networks of a bin, numbered: origin AS, next AS and the way to it as a small integer, so that the sums
 * need one word for a key. Numbers mean something within the bin only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { BIN_PATH_HOPS = 4 };

struct bin_network {
	uint32_t origin_as, next_as; /* 0: not known */
	/* The first ASes of the route's path, the nearest first, 0 behind the last; whoever stands there
	 * several times in a row is there once. */
	uint32_t path[BIN_PATH_HOPS];
	uint32_t cut; /* 1: the path goes on, or is not known from there */
};

enum {
	BIN_NETWORK_NUMBERS_MAX = 1 << 21,
	BIN_NETWORKS_BOUND = BIN_NETWORK_NUMBERS_MAX * (28 + 2 * 4), /* octets of memory, at most */
};

/* A zeroed one is valid and empty; number 0 is the network that is not known. */
struct bin_networks {
	struct bin_network *list;
	uint32_t *slots; /* open hash of numbers; 0: free */
	size_t count, capacity, mask;
};

void bin_networks_fini(struct bin_networks *n);
/* Forgets them; keeps the memory. */
void bin_networks_clear(struct bin_networks *n);
/* The number of a network; 0 when it is not known, there are too many, or there is no memory. */
uint32_t bin_networks_number(struct bin_networks *n, struct bin_network network);
struct bin_network bin_networks_at(const struct bin_networks *n, uint32_t number);
/* Octets of memory held. */
size_t bin_networks_size(const struct bin_networks *n);
