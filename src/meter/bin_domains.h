/* The loss ledger of a bin: what came and did not come of each space of sequence numbers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "meter/exporter_domain.h"

struct bin_domain {
	uint32_t exporter; /* number */
	uint8_t protocol;  /* enum exporter_protocol */
	uint64_t number;
	struct domain_sums sums;
};

/* A zeroed one is valid and empty. */
struct bin_domains {
	struct bin_domain *list;
	uint32_t *slots; /* open hash of indices into list and 1; 0: free */
	size_t count, capacity, mask;
};

void bin_domains_fini(struct bin_domains *d);
/* Forgets them; keeps the memory. */
void bin_domains_clear(struct bin_domains *d);
/* Room for so many more. 0, or -1 without memory. */
int bin_domains_reserve(struct bin_domains *d, size_t more);
/* Adds to the row of the same space, or makes it: there must be room. */
void bin_domains_add(struct bin_domains *d, const struct bin_domain *row);
/* Octets of memory held. */
size_t bin_domains_size(const struct bin_domains *d);
