/* A batch of traffic comes back from its bytes as it was, and harmed bytes are refused. */
#include "hub/traffic.h"

#include <stdlib.h>

#include "base/hash.h"
#include "hub/hub.h"
#include "tap.h"

static struct traffic_port ports[] = {
	{"64501-1", 1ull << 63, 2, 300, 4, 5, 6, 7, TRAFFIC_COUNTER},
	{"", 0, 0, 0, 0, 0, 0, 0, TRAFFIC_MISSING},
	{"Karachi \xd9\x83", 1, 2, 3, 4, 5, 6, 7, TRAFFIC_ESTIMATED},
};
static struct traffic_pair pairs[] = {{0, 2, IP_V4, UINT64_MAX, 1, 2}, {2, 1, IP_NONE, 3, 4, 5}};
static struct traffic_origin origins[] = {{1, true, {64500}, {'P', 'K'}, 7},
					  {0, false, {0}, {'-', '-'}, 8}};
static struct traffic_country countries[] = {{{'P', 'K'}, {'-', '-'}, 9}};
static struct traffic_exporter exporters[] = {{"sw1", 1, 2, 3, 4}, {"192.0.2.1", 5, 6, 7, 8}};
static struct traffic_unattributed unattributed[] = {{"no sampling rate", 10, 11}};

static const struct traffic_batch whole = {
	.start = {1700000100},
	.length_s = 300,
	.covered_s = 299,
	.run = 0x0123456789abcdef,
	.simulated = true,
	.kernel_drops = 12,
	.ports = ports,
	.port_count = 3,
	.pairs = pairs,
	.pair_count = 2,
	.origins = origins,
	.origin_count = 2,
	.countries = countries,
	.country_count = 1,
	.exporters = exporters,
	.exporter_count = 2,
	.unattributed = unattributed,
	.unattributed_count = 1,
};

static int
decode(struct traffic_batch *out, struct arena *arena, const struct buf *b)
{
	return traffic_decode(out, arena, cursor_of(b->data, b->length));
}

static void
round_trip(void)
{
	struct buf first = {0}, second = {0};
	struct arena *arena = arena_new();
	struct traffic_batch read;
	traffic_encode(&whole, &first);
	if (!ok(decode(&read, arena, &first) == 0, "a batch reads back"))
		return;
	traffic_encode(&read, &second);
	ok(first.length == second.length && memcmp(first.data, second.data, first.length) == 0,
	   "and writes the same bytes again");
	is_int(read.start.s, whole.start.s, "the start is kept");
	ok(read.simulated && read.run == whole.run && read.kernel_drops == 12, "so is the head");
	ok(read.ports[0].counter_in == 1ull << 63, "a port's octets are kept to the last bit");
	is_int(read.ports[2].state, TRAFFIC_ESTIMATED, "and its state");
	ok(read.pairs[0].octets == UINT64_MAX && read.pairs[0].to == 2, "a pair is kept");
	ok(read.origins[0].outgoing && memcmp(read.origins[0].country, "PK", 2) == 0,
	   "a network is kept");
	is_str(read.exporters[1].exporter, "192.0.2.1", "an exporter is kept");
	is_str(read.unattributed[0].cause, "no sampling rate", "a cause is kept");
	is_int(traffic_port_by_id(&read, "Karachi \xd9\x83"), 2, "a port is found by its id");
	ok(traffic_port_by_id(&read, "none") == HUB_NONE, "one that is not there is not");

	buf_clear(&second);
	traffic_encode(&(struct traffic_batch){.length_s = 300}, &second);
	ok(decode(&read, arena, &second) == 0 && read.port_count == 0, "an empty batch is a batch");

	buf_clear(&second);
	buf_str(&second, "before");
	traffic_encode(&whole, &second);
	ok(traffic_decode(&read, arena, cursor_of(second.data + 6, second.length - 6)) == 0,
	   "it may be appended to other bytes");
	buf_fini(&first);
	buf_fini(&second);
	arena_free(arena);
}

static void
reseal(struct buf *b)
{
	uint64_t sum = hash_bytes(b->data, b->length - 8);
	for (unsigned i = 0; i < 8; i++)
		b->data[b->length - 8 + i] = (uint8_t)(sum >> (56 - 8 * i));
}

static void
refusals(void)
{
	struct buf b = {0};
	struct arena *arena = arena_new();
	struct traffic_batch read = {.run = 42};
	traffic_encode(&whole, &b);
	unsigned taken = 0;
	for (size_t length = 0; length < b.length; length++)
		taken += traffic_decode(&read, arena, cursor_of(b.data, length)) == 0;
	is_int(taken, 0, "no shortened batch is taken");
	for (size_t at = 0; at < b.length; at++) {
		b.data[at] ^= 0x40;
		taken += decode(&read, arena, &b) == 0;
		b.data[at] ^= 0x40;
	}
	is_int(taken, 0, "no batch with a changed octet is taken");
	buf_u8(&b, 0);
	ok(decode(&read, arena, &b) < 0, "nor one with an octet too many");
	b.length--;
	is_int((long long)read.run, 42, "what is refused leaves the result untouched");

	/* The first pair's `from` follows the head and the ports. */
	struct traffic_batch bad = whole;
	struct traffic_pair astray[] = {{0, 3, IP_V4, 1, 1, 1}};
	bad.pairs = astray;
	bad.pair_count = 1;
	buf_clear(&b);
	traffic_encode(&bad, &b);
	ok(decode(&read, arena, &b) < 0, "a pair with a port that does not exist is refused");
	bad = whole;
	struct traffic_country lower[] = {{{'p', 'k'}, {'-', '-'}, 9}};
	bad.countries = lower;
	buf_clear(&b);
	traffic_encode(&bad, &b);
	ok(decode(&read, arena, &b) < 0, "a country that is not two capitals is refused");
	bad = whole;
	bad.length_s = 0;
	buf_clear(&b);
	traffic_encode(&bad, &b);
	ok(decode(&read, arena, &b) < 0, "a bin without length is refused");

	buf_clear(&b);
	traffic_encode(&whole, &b);
	memset(b.data + 12 + 32, 0xff, 4); /* the number of ports */
	reseal(&b);
	ok(decode(&read, arena, &b) < 0, "a count of 4 thousand million is refused");
	buf_fini(&b);
	arena_free(arena);
}

int
main(void)
{
	round_trip();
	refusals();
	return done_testing();
}
