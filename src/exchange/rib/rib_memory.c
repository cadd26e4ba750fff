/* Growing arrays and pools of records. */
#include "exchange/rib/rib_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

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

static int
add_chunk(struct rib_pool *pool)
{
	if (pool->chunk_count == pool->chunk_capacity)
		pool->chunks = rib_grow(pool->chunks, &pool->chunk_capacity, pool->chunk_count + 1,
					sizeof(*pool->chunks));
	uint8_t *chunk = malloc((size_t)RIB_POOL_CHUNK * pool->stride);
	if (!chunk)
		return -1;
	pool->chunks[pool->chunk_count++] = chunk;
	return 0;
}

uint32_t
rib_pool_take(struct rib_pool *pool)
{
	uint32_t number = pool->free;
	if (number) {
		memcpy(&pool->free, rib_pool_at(pool, number), sizeof(pool->free));
	} else {
		number = pool->used;
		if (number >> RIB_POOL_SHIFT == pool->chunk_count && add_chunk(pool))
			return 0;
		pool->used++;
	}
	pool->live++;
	memset(rib_pool_at(pool, number), 0, pool->stride);
	return number;
}

void
rib_pool_give(struct rib_pool *pool, uint32_t number)
{
	assert(number && number < pool->used && pool->live);
	memcpy(rib_pool_at(pool, number), &pool->free, sizeof(pool->free));
	pool->free = number;
	pool->live--;
}
