/* The paths of a snapshot that is being built, as the words that it will have; for
 * rib_snapshot*.c alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "exchange/rib/rib_snapshot.h"

struct rib_snapshot_paths {
	uint32_t *words; /* (length, AS numbers) of each; the first is the empty one */
	size_t count, capacity;
	uint32_t *slots; /* open hash: where a path begins; 0: free */
	size_t mask, used;
};
