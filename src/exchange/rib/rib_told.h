/* What a session that reads for itself was sent: pairs of prefix and path identifier, in a hash
 * table of 8 octets each, so that exactly that is withdrawn when it goes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: nothing was sent. */
struct rib_told {
	uint64_t *pairs; /* open addressing by the prefix, which is never 0 */
	uint32_t mask, count;
};

void rib_told_fini(struct rib_told *told);
/* Does nothing where it is there already. */
void rib_told_add(struct rib_told *told, uint32_t prefix, uint32_t path_id);
void rib_told_drop(struct rib_told *told, uint32_t prefix, uint32_t path_id);
bool rib_told_has(const struct rib_told *told, uint32_t prefix, uint32_t path_id);
/* The identifiers of a prefix, in no order, into *ids, an array of rib_grow; returns how many. */
size_t rib_told_ids(const struct rib_told *told, uint32_t prefix, uint32_t **ids, size_t *capacity);
