/* Flow records that are kept: what goes in comes out, no more of an address than was asked for, harm is
 * noticed; and the files: torn ends, retention, bounds. */
#include "meter/flow_keep.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meter/flow_keep_io.h"
#include "tap.h"
#include "watching.h"

static const struct utc_s start = {1700000000}; /* 2023-11-14T22:13:20Z */
enum { HOUR = 3600, DAY = 86400 };

static struct watch_copy
sample(uint32_t from, uint32_t to, struct utc_s at)
{
	struct watch_copy copy = {.at = at, .from = from, .to = to, .rate = 10000};
	copy.flow = (struct flow){.octets = 1018,
				  .packets = 1,
				  .vlan = 100,
				  .family = IP_V4,
				  .source = ip_v4(0x0a010203),
				  .destination = ip_v4(0x0a040506),
				  .protocol = 6,
				  .tos = 0xb8,
				  .tcp_flags = 0x12,
				  .source_port = 443,
				  .destination_port = 51000};
	return copy;
}

static struct watching *
hub_keeping(uint32_t member, int addresses)
{
	struct watching *g = watching_new(4, start);
	g->hub->members[member].flow_records = (struct hub_flow_records){
		.keep_days = 7, .addresses = (unsigned)addresses, .disk_max_mb = 10};
	return g;
}

/* Reads a block's records; returns how many. */
static unsigned
records_of(struct cursor octets, struct arena *arena, struct flow_record *out, unsigned max)
{
	struct flow_block block;
	unsigned count = 0;
	if (flow_block_open(&block, arena, octets) < 0)
		return 0;
	while (count < max && flow_block_next(&block, &out[count]))
		count++;
	return count;
}

static void
there_and_back(void)
{
	struct watching *g = hub_keeping(1, HUB_ADDRESSES_FULL);
	struct flow_keep *k = flow_keep_new();
	struct arena *arena = arena_new();
	ok(flow_keep_apply(k, g->hub, &g->roster) == 0, "a member may have its records kept");
	struct utc_s later = {start.s + 3};
	struct watch_copy list[] = {sample(1, 2, start), sample(0, 1, later), sample(0, 2, later),
				    sample(1, 1, later)};
	flow_keep_take(k, list, 4);
	struct flow_keep_block block;
	ok(!flow_keep_next(k, later, false, &block), "they wait until there are enough");
	ok(flow_keep_next(k, (struct utc_s){start.s + FLOW_KEEP_WAIT_S}, false, &block),
	   "or for a few seconds");
	is_int(block.member.number, 64513, "the block is the member's");
	is_int(block.hour.s, start.s - start.s % HOUR, "of its hour");
	is_int(block.records, 4, "with those of its ports, twice what came in and went out again");
	struct flow_record r[8];
	is_int(records_of(block.octets, arena, r, 8), 4, "and reads back");
	ok(r[0].in && r[0].at.s == start.s && strcmp(r[0].port, "p1") == 0 &&
		   r[0].other.number == 64514 && r[0].octets == 1018 && r[0].rate == 10000 &&
		   r[0].vlan == 100,
	   "in by its port, to the other's");
	ok(ip_equal(r[0].source, ip_v4(0x0a010203)) &&
		   ip_equal(r[0].destination, ip_v4(0x0a040506)),
	   "with full addresses where it asked for them");
	ok(r[0].protocol == 6 && r[0].tos == 0xb8 && r[0].tcp_flags == 0x12 &&
		   r[0].source_port == 443 && r[0].destination_port == 51000,
	   "with protocol, type of service, flags and ports");
	ok(!r[1].in && r[1].at.s == later.s && r[1].other.number == 64512, "and out by it");
	ok(!flow_keep_next(k, later, true, &block), "nothing is kept of who did not ask");
	arena_free(arena);
	flow_keep_free(k);
	watching_free(g);
}

static void
addresses(void)
{
	struct watching *g = hub_keeping(1, HUB_ADDRESSES_PREFIX);
	struct flow_keep *k = flow_keep_new();
	struct arena *arena = arena_new();
	struct flow_keep_block block;
	struct flow_record r[4];
	(void)flow_keep_apply(k, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, start);
	flow_keep_take(k, &copy, 1);
	(void)flow_keep_next(k, start, true, &block);
	ok(records_of(block.octets, arena, r, 4) == 1 && ip_equal(r[0].source, ip_v4(0x0a010200)),
	   "of a prefix nothing but the prefix is kept");
	g->hub->members[1].flow_records.addresses = HUB_ADDRESSES_FULL;
	(void)flow_keep_apply(k, g->hub, &g->roster);
	flow_keep_take(k, &copy, 1);
	g->hub->members[1].flow_records.addresses = HUB_ADDRESSES_NONE;
	(void)flow_keep_apply(k, g->hub, &g->roster);
	flow_keep_take(k, &copy, 1); /* in the block that began with full ones */
	(void)flow_keep_next(k, start, true, &block);
	ok(records_of(block.octets, arena, r, 4) == 2 && ip_equal(r[1].source, ip_v4(0)),
	   "less is kept from the moment it is asked for");
	flow_keep_take(k, &copy, 1);
	(void)flow_keep_next(k, start, true, &block);
	ok(records_of(block.octets, arena, r, 4) == 1 && r[0].source.family == IP_NONE,
	   "and then none at all");
	ok(r[0].protocol == 6 && !r[0].source_port && !r[0].destination_port,
	   "nor its ports, but the protocol");
	arena_free(arena);
	flow_keep_free(k);
	watching_free(g);
}

static void
harm(void)
{
	struct watching *g = hub_keeping(1, HUB_ADDRESSES_FULL);
	struct flow_keep *k = flow_keep_new();
	struct flow_keep_block block;
	struct flow_record r[64];
	(void)flow_keep_apply(k, g->hub, &g->roster);
	for (int i = 0; i < 50; i++) {
		struct watch_copy copy = sample(1, 2, start);
		flow_keep_take(k, &copy, 1);
	}
	(void)flow_keep_next(k, start, true, &block);
	size_t length = cursor_left(&block.octets);
	is_int((long long)flow_block_length(block.octets), (long long)length,
	       "a block says its length");
	bool noticed = true;
	for (size_t i = 0; i < length; i++) {
		struct arena *arena = arena_new();
		uint8_t *copy = malloc(length);
		memcpy(copy, block.octets.at, length);
		copy[i] ^= 0x10;
		noticed = noticed && records_of(cursor_of(copy, length), arena, r, 64) == 0 &&
			  records_of(cursor_of(block.octets.at, i), arena, r, 64) == 0;
		free(copy);
		arena_free(arena);
	}
	ok(noticed, "a block with one bit wrong, or cut off, is not read");
	flow_keep_free(k);
	watching_free(g);
}

static void
many(void)
{
	struct watching *g = hub_keeping(1, HUB_ADDRESSES_FULL);
	struct flow_keep *k = flow_keep_new();
	struct flow_keep_block block;
	(void)flow_keep_apply(k, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, start);
	unsigned records = 0, blocks = 0;
	size_t octets = 0;
	for (int i = 0; i < 20000; i++) {
		flow_keep_take(k, &copy, 1);
		while (flow_keep_next(k, start, false, &block)) {
			records += block.records;
			octets += cursor_left(&block.octets);
			blocks++;
		}
	}
	while (flow_keep_next(k, start, true, &block))
		records += block.records;
	ok(records == 20000 && blocks > 5, "many records are several blocks: %u", blocks);
	for (int i = 0; i < 40000; i++)
		flow_keep_take(k, &copy, 1);
	ok(flow_keep_lost(k) > 0, "where nobody takes them they are bounded, and counted");
	ok(flow_keep_next(k, start, true, &block) && block.records + flow_keep_lost(k) == 40000,
	   "to the record");
	flow_keep_free(k);
	watching_free(g);
}

/* --- files --- */

static char folder[64], path[256];

static struct flow_keep_block
block_at(struct flow_keep *k, struct utc_s at)
{
	struct flow_keep_block block = {0};
	struct watch_copy copy = sample(1, 2, at);
	flow_keep_take(k, &copy, 1);
	(void)flow_keep_next(k, at, true, &block);
	return block;
}

static unsigned
records_in(struct asn member, struct utc_s hour)
{
	struct flow_keep_file file;
	struct buf bytes = {0};
	unsigned count = 0;
	if (flow_keep_open(&file, folder, member, hour) < 0)
		return 0;
	while (flow_keep_read(&file, &bytes)) {
		struct arena *arena = arena_new();
		struct flow_record r[64];
		count += records_of(cursor_of(bytes.data, bytes.length), arena, r, 64);
		arena_free(arena);
	}
	flow_keep_close(&file);
	buf_fini(&bytes);
	return count;
}

static void
files(void)
{
	struct watching *g = hub_keeping(1, HUB_ADDRESSES_FULL);
	struct flow_keep *k = flow_keep_new();
	struct asn member = {64513};
	(void)flow_keep_apply(k, g->hub, &g->roster);
	struct flow_keep_block block = block_at(k, start);
	struct utc_s hour = block.hour;
	ok(flow_keep_append(folder, &block) == 0 && flow_keep_append(folder, &block) == 0,
	   "blocks go to the file of their hour");
	is_int(records_in(member, hour), 2, "and can be read there");
	(void)snprintf(path, sizeof(path), "%s/64513/2023111422.flows", folder);
	struct stat st;
	ok(stat(path, &st) == 0 && !(st.st_mode & 07), "named by it, for nobody else to read");
	bool sound = true;
	off_t whole = st.st_size;
	for (off_t cut = 1; cut < whole / 2; cut++) { /* the program was killed while it wrote */
		sound = sound && truncate(path, whole - cut) == 0 &&
			records_in(member, hour) == 1 && flow_keep_append(folder, &block) == 0 &&
			records_in(member, hour) == 2;
	}
	ok(sound, "a block that was cut off anywhere is left out, and the next one is whole");
	struct utc_s *hours;
	for (int i = 1; i < 200; i++) {
		block = block_at(k, (struct utc_s){start.s + i * HOUR});
		(void)flow_keep_append(folder, &block);
	}
	size_t count = flow_keep_hours(folder, member, &hours);
	ok(count == 200 && hours[0].s == hour.s && hours[199].s == hour.s + 199 * HOUR,
	   "hours are listed from the oldest");
	free(hours);
	struct utc_s now = {hour.s + 200 * HOUR};
	is_int((long long)flow_keep_expire(folder, g->hub, now), 200 - 7 * 24,
	       "after keep_days they go");
	g->hub->members[1].flow_records.disk_max_mb = 0;
	is_int((long long)flow_keep_expire(folder, g->hub, now), 7 * 24,
	       "before that when they are more than disk_max_mb");
	(void)flow_keep_append(folder, &block);
	g->hub->members[1].flow_records = (struct hub_flow_records){.disk_max_mb = 10};
	is_int((long long)flow_keep_expire(folder, g->hub, now), 1,
	       "and at once when the member wants none any more");
	(void)snprintf(path, sizeof(path), "%s/64513", folder);
	ok(access(path, F_OK) < 0, "with their folder");
	flow_keep_free(k);
	watching_free(g);
}

/* Hours of 1, 2, 3 ... MB, the last of which has just ended. */
static void
due(void)
{
	static const struct {
		const char *name;
		uint32_t keep_days, disk_max_mb;
		int64_t later_s;
		size_t due;
	} cases[] = {
		{"hours within the time and the size stay", 1, 100, 0, 0},
		{"exactly as large as it may be, they stay", 1, 21, 0, 0},
		{"a megabyte too large, the oldest goes", 1, 20, 0, 1},
		{"as many as it takes", 1, 10, 0, 5},
		{"a day after its end the oldest is too old", 1, 100, 86400 - 5 * 3600, 1},
		{"a second before that it is not", 1, 100, 86400 - 5 * 3600 - 1, 0},
		{"what is old goes whatever the size", 2, 100, 3 * 86400, 6},
		{"the old and the large together", 1, 11, 86400 - 5 * 3600, 4},
		{"of who wants none, none stays", 0, 100, 0, 6},
	};
	struct flow_keep_hour hours[6];
	int64_t first = 1700000000 / 3600 * 3600;
	for (size_t i = 0; i < 6; i++)
		hours[i] = (struct flow_keep_hour){{first + (int64_t)i * 3600}, (i + 1) * 1000000};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hub_flow_records wish = {.keep_days = cases[i].keep_days,
						.disk_max_mb = cases[i].disk_max_mb};
		struct utc_s now = {first + 6 * 3600 + cases[i].later_s};
		is_int((long long)flow_keep_due(hours, 6, &wish, now), (long long)cases[i].due,
		       cases[i].name);
	}
	is_int((long long)flow_keep_due(NULL, 0, &(struct hub_flow_records){0}, (struct utc_s){0}),
	       0, "of nothing, nothing goes");
}

int
main(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/sarai-flows-XXXXXX");
	if (!mkdtemp(folder))
		return 1;
	there_and_back();
	addresses();
	harm();
	many();
	files();
	due();
	(void)rmdir(folder);
	return done_testing();
}
