/* Arrays that grow, and pools of small records named by 32-bit numbers: half the size of a pointer,
 * and valid across growth because nothing ever moves. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes room for `need` items of `size` octets in the array at `items`, which holds *capacity; the
 * capacity at least doubles. Ends the process when there is no memory: this is for the bookkeeping
 * of a turn, without which the members' views could no longer be told; the parent starts the room
 * afresh. Routes themselves come from pools, whose failure the caller is told. */
void *rib_grow(void *items, size_t *capacity, size_t need, size_t size);

enum { RIB_POOL_SHIFT = 12, RIB_POOL_CHUNK = 1 << RIB_POOL_SHIFT };

/* Records of one size, in chunks of 4096. Number 0 is never given out: it means "none". Chunks of
 * which no record is in use go back when rib_pool_trim is called. */
struct rib_pool {
	uint8_t **chunks; /* NULL: given back */
	size_t chunk_count, chunk_capacity;
	size_t chunks_held;
	uint32_t stride; /* octets of a record, a multiple of 4, at least 4 */
	uint32_t used;   /* numbers below this were given out at least once */
	uint32_t free;   /* head of the list of those given back, linked by their first 4 octets */
	uint32_t live;
	uint32_t trim_below; /* it pays to trim when fewer are live */
};

void rib_pool_init(struct rib_pool *pool, uint32_t stride);
void rib_pool_fini(struct rib_pool *pool);
/* A zeroed record's number, or 0 if there is no memory. */
uint32_t rib_pool_take(struct rib_pool *pool);
void rib_pool_give(struct rib_pool *pool, uint32_t number);
/* Gives chunks back if it pays: when half of what there was is gone. True if it did. */
bool rib_pool_trim(struct rib_pool *pool);
/* Gives memory that was freed back to the system. */
void rib_memory_release(void);

/* False: the number's chunk has been given back, nothing is there. */
static inline bool
rib_pool_holds(const struct rib_pool *pool, uint32_t number)
{
	return pool->chunks[number >> RIB_POOL_SHIFT] != NULL;
}

static inline void *
rib_pool_at(const struct rib_pool *pool, uint32_t number)
{
	return pool->chunks[number >> RIB_POOL_SHIFT] +
	       (size_t)(number & (RIB_POOL_CHUNK - 1)) * pool->stride;
}
