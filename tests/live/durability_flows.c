/* The flow records of a member that asked for them, under those who kill their writer. */
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/durability.h"
#include "meter/flow_keep_io.h"
#include "meter/watching.h"

enum { RECORDS_A_BLOCK = 40, BLOCKS_AN_HOUR = 50 };

/* Sample i of block n is recognised by its octets. */
static uint32_t
octets_of(int64_t block, int i)
{
	return (uint32_t)(64 + (block * RECORDS_A_BLOCK + i) % 60000);
}

/* Blocks of one hour's file, from block number *block on. */
static bool
check_hour(struct shared *shared, struct asn member, struct utc_s hour, int64_t *block)
{
	struct flow_keep_file file;
	struct buf bytes = {0};
	bool good = flow_keep_open(&file, "flows", member, hour) == 0;
	while (good && flow_keep_read(&file, &bytes)) {
		struct arena *arena = arena_new();
		struct flow_block b;
		struct flow_record r;
		int i = 0;
		good = flow_block_open(&b, arena, cursor_of(bytes.data, bytes.length)) == 0;
		while (good && flow_block_next(&b, &r))
			good = r.octets == octets_of(*block, i++) &&
			       hour.s == DURABILITY_T0 + *block / BLOCKS_AN_HOUR * 3600;
		good &= i == RECORDS_A_BLOCK;
		(*block)++;
		arena_free(arena);
	}
	flow_keep_close(&file);
	buf_fini(&bytes);
	return good || found(shared, "block %" PRId64 " is not what it was", *block - 1);
}

bool
check_flows(struct shared *shared)
{
	struct watching *world = watching_new(2, (struct utc_s){DURABILITY_T0});
	struct asn member = world->hub->members[0].asn;
	struct utc_s *hours = NULL;
	int64_t blocks = 0;
	struct opening begun = opening_begin();
	size_t count = flow_keep_hours("flows", member, &hours);
	for (size_t i = 0; i < count; i++)
		if (!check_hour(shared, member, hours[i], &blocks))
			return false;
	opening_end(shared, begun);
	if (blocks < shared->acknowledged || blocks > shared->acknowledged + 1)
		return found(shared, "%" PRId64 " blocks, %" PRId64 " were acknowledged", blocks,
			     shared->acknowledged);
	shared->acknowledged = blocks;
	free(hours);
	watching_free(world);
	return true;
}

void
keep_flows(struct shared *shared, int worker, struct made_up *chance)
{
	struct watching *world = watching_new(2, (struct utc_s){DURABILITY_T0});
	struct flow_keep *keep = flow_keep_new();
	(void)worker;
	(void)chance;
	/* The one before may have died between writing and saying so. */
	if (!check_flows(shared))
		(void)pause();
	world->hub->members[0].flow_records = (struct hub_flow_records){
		.keep_days = 7, .addresses = HUB_ADDRESSES_FULL, .disk_max_mb = 10};
	(void)mkdir("flows", 0750);
	while (keep && flow_keep_apply(keep, world->hub, &world->roster) == 0) {
		int64_t block = shared->acknowledged;
		struct utc_s at = {DURABILITY_T0 + block / BLOCKS_AN_HOUR * 3600};
		struct flow_keep_block out;
		for (int i = 0; i < RECORDS_A_BLOCK; i++)
			flow_keep_take(
				keep,
				&(struct watch_copy){.at = at,
						     .to = 1,
						     .rate = 1000,
						     .flow = {.octets = octets_of(block, i),
							      .packets = 1,
							      .family = IP_V4,
							      .source = ip_v4(0x0a000001),
							      .destination = ip_v4(0x0a000002)}},
				1);
		while (!flow_keep_next(keep, at, true, &out))
			;
		while (flow_keep_append("flows", &out) < 0)
			shared->full++;
		shared->acknowledged++;
	}
	(void)pause();
}
