/* Growing arrays and pools of records. */
#include "exchange/rib/rib_memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { AHEAD = 16 }; /* records */

void *
rib_grow(void *items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return items;
	size_t wanted = *capacity ? *capacity * 2 : 64;
	if (wanted < need)
		wanted = need;
	void *grown = realloc(items, wanted * size);
	if (!grown)
		fatal("rib: no memory for %zu items of %zu octets", wanted, size);
	*capacity = wanted;
	return grown;
}

void
rib_pool_init(struct rib_pool *pool, uint32_t stride)
{
	assert(stride >= 4 && stride % 4 == 0);
	*pool = (struct rib_pool){.stride = stride, .used = 1};
}

void
rib_pool_fini(struct rib_pool *pool)
{
	for (size_t i = 0; i < pool->chunk_count; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
	*pool = (struct rib_pool){0};
}

static uint8_t *
new_chunk(struct rib_pool *pool)
{
	uint8_t *chunk = malloc((size_t)RIB_POOL_CHUNK * pool->stride);
	pool->chunks_held += chunk != NULL;
	return chunk;
}

static int
add_chunk(struct rib_pool *pool)
{
	if (pool->chunk_count == pool->chunk_capacity)
		pool->chunks = rib_grow(pool->chunks, &pool->chunk_capacity, pool->chunk_count + 1,
					sizeof(*pool->chunks));
	uint8_t *chunk = new_chunk(pool);
	if (!chunk)
		return -1;
	pool->chunks[pool->chunk_count++] = chunk;
	return 0;
}

static void
push_free(struct rib_pool *pool, uint32_t number)
{
	memcpy(rib_pool_at(pool, number), &pool->free, sizeof(pool->free));
	pool->free = number;
}

/* Takes back a chunk that was given away: its numbers are free. False if there is none. */
static bool
take_back(struct rib_pool *pool)
{
	if (pool->chunks_held == pool->chunk_count)
		return false;
	size_t index = 0;
	while (pool->chunks[index])
		index++;
	pool->chunks[index] = new_chunk(pool);
	if (!pool->chunks[index])
		return false;
	uint32_t first = (uint32_t)index << RIB_POOL_SHIFT;
	for (uint32_t i = RIB_POOL_CHUNK; i-- > 0;) {
		memset(rib_pool_at(pool, first + i), 0xff, pool->stride);
		push_free(pool, first + i);
	}
	return true;
}

/* Memory that was never used is touched a little before it is needed. */
static void
fetch_ahead(const struct rib_pool *pool, uint32_t number)
{
	uint32_t ahead = (number & (RIB_POOL_CHUNK - 1)) + AHEAD;
	if (ahead < RIB_POOL_CHUNK)
		__builtin_prefetch(
			pool->chunks[number >> RIB_POOL_SHIFT] + (size_t)ahead * pool->stride, 1);
}

uint32_t
rib_pool_take(struct rib_pool *pool)
{
	uint32_t number = pool->free;
	if (!number && take_back(pool))
		number = pool->free;
	if (number) {
		memcpy(&pool->free, rib_pool_at(pool, number), sizeof(pool->free));
	} else {
		number = pool->used;
		if (number >> RIB_POOL_SHIFT == pool->chunk_count && add_chunk(pool))
			return 0;
		pool->used++;
		fetch_ahead(pool, number);
	}
	pool->live++;
	memset(rib_pool_at(pool, number), 0, pool->stride);
	return number;
}

/* How many records of each chunk are free, found from the list of free ones. */
static uint16_t *
count_free(const struct rib_pool *pool)
{
	uint16_t *counts = calloc(pool->chunk_count, sizeof(*counts));
	for (uint32_t number = pool->free; counts && number;
	     memcpy(&number, rib_pool_at(pool, number), sizeof(number)))
		counts[number >> RIB_POOL_SHIFT]++;
	return counts;
}

/* The list of free records without those of chunks that will go. */
static void
link_rest(struct rib_pool *pool, const uint16_t *counts)
{
	uint32_t number = pool->free, next;
	pool->free = 0;
	for (; number; number = next) {
		memcpy(&next, rib_pool_at(pool, number), sizeof(next));
		if (counts[number >> RIB_POOL_SHIFT] != RIB_POOL_CHUNK)
			push_free(pool, number);
	}
}

bool
rib_pool_trim(struct rib_pool *pool)
{
	if (pool->live / 2 > pool->trim_below)
		pool->trim_below = pool->live / 2;
	if (pool->live >= pool->trim_below ||
	    pool->chunks_held * RIB_POOL_CHUNK < pool->live + 16 * RIB_POOL_CHUNK)
		return false;
	pool->trim_below = pool->live / 2;
	uint16_t *counts = count_free(pool);
	if (!counts)
		return false;
	link_rest(pool, counts);
	for (size_t i = 0; i < pool->chunk_count; i++) {
		if (counts[i] != RIB_POOL_CHUNK)
			continue;
		free(pool->chunks[i]);
		pool->chunks[i] = NULL;
		pool->chunks_held--;
	}
	free(counts);
	return true;
}

void
rib_memory_release(void)
{
	(void)malloc_trim(0);
}

void
rib_pool_give(struct rib_pool *pool, uint32_t number)
{
	assert(number && number < pool->used && pool->live);
	push_free(pool, number);
	pool->live--;
}
