/* The memory of attribute sets. */
#include "exchange/rib/rib_attrs.h"
#include "tap.h"

enum { SETS = 5000, SIZES = 40 };

static uint32_t numbers[SETS];

static void
fill(struct rib_attrs_pool *pool, size_t length)
{
	uint8_t bytes[RIB_ATTRS_BYTES_MAX] = {0};
	for (uint32_t i = 0; i < SETS; i++) {
		memcpy(bytes, &i, sizeof(i));
		numbers[i] =
			rib_attrs_add(pool, 1, bytes, length, rib_attrs_hash(1, bytes, length));
	}
}

static unsigned
found(const struct rib_attrs_pool *pool, size_t length)
{
	uint8_t bytes[RIB_ATTRS_BYTES_MAX] = {0};
	unsigned count = 0;
	for (uint32_t i = 0; i < SETS; i++) {
		memcpy(bytes, &i, sizeof(i));
		uint32_t hash = rib_attrs_hash(1, bytes, length);
		count += numbers[i] && rib_attrs_find(pool, 1, bytes, length, hash) == numbers[i];
	}
	return count;
}

/* Sets of ever other sizes, never more than SETS at a time. */
static void
other_sizes(void)
{
	struct rib_attrs_pool pool;
	ok(rib_attrs_pool_init(&pool) == 0, "a pool is made");
	size_t most = 0;
	unsigned whole = 0;
	for (size_t size = 0; size < SIZES; size++) {
		size_t length = 60 + size * 100;
		fill(&pool, length);
		whole += found(&pool, length) == SETS;
		size_t needed = pool.octets / (RIB_ATTRS_PAGE * RIB_ATTRS_UNIT);
		if (pool.pages_held > needed + needed / 2 + size + 1)
			most = pool.pages_held;
		for (uint32_t i = 0; i < SETS; i++) /* not in the order of their making */
			rib_attrs_remove(&pool, numbers[(uint64_t)i * 3001 % SETS]);
	}
	ok(whole == SIZES, "each set is found again, whatever was there before");
	ok(!most, "pages of sizes no longer used are given back (%zu pages)", most);
	ok(pool.live == 0 && pool.octets == 0 && pool.pages_held <= SIZES,
	   "of an empty pool at most one page of each size stays (%zu)", pool.pages_held);
	rib_attrs_pool_fini(&pool);
}

int
main(void)
{
	other_sizes();
	return done_testing();
}
