/* What a session that reads for itself was sent: pairs of prefix and path identifier, in a hash
 * table of 16 octets each, so that exactly that is withdrawn when it goes; and in which form, so that
 * only what changed is said. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rib_told_one {
	uint64_t pair; /* of the prefix, which is never 0, and the identifier; 0: none */
	uint64_t form; /* a hash of what was sent; 0: it is to be sent again */
};

/* All zero: nothing was sent. */
struct rib_told {
	struct rib_told_one *ones; /* open addressing by the prefix */
	uint32_t mask, count;
};

void rib_told_fini(struct rib_told *told);
/* True when that is news: it was not sent, or in another form. */
bool rib_told_add(struct rib_told *told, uint32_t prefix, uint32_t path_id, uint64_t form);
/* All is to be sent again. */
void rib_told_doubt(struct rib_told *told);
void rib_told_drop(struct rib_told *told, uint32_t prefix, uint32_t path_id);
bool rib_told_has(const struct rib_told *told, uint32_t prefix, uint32_t path_id);
/* The identifiers of a prefix, in no order, into *ids, an array of rib_grow; returns how many. */
size_t rib_told_ids(const struct rib_told *told, uint32_t prefix, uint32_t **ids, size_t *capacity);
