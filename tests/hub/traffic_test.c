/* A batch of traffic comes back from its bytes as it was, and harmed bytes are refused. */
#include "hub/traffic.h"

#include "base/hash.h"
#include "hub/hub.h"
#include "tap.h"

static struct traffic_port ports[] = {
	{"64501-1", 1ull << 63, 2, 300, 4, 5, 6, 7, TRAFFIC_COUNTER, TRAFFIC_BY_SNMP, 20, 21, 22,
	 23, 24, UINT64_MAX, 3, 5, 1000000},
	{.port = "", .state = TRAFFIC_MISSING},
	{"Karachi \xd9\x83", 1, 2, 3, 4, 5, 6, 7, TRAFFIC_ESTIMATED, TRAFFIC_BY_NONE, 0, 0, 0, 0, 0,
	 0, 0, 0, 0},
};
static struct traffic_pair pairs[] = {{0, 2, IP_V4, UINT64_MAX, 1, 2}, {2, 1, IP_NONE, 3, 4, 5}};
static struct traffic_origin origins[] = {{1, true, {64500}, {'P', 'K'}, 7, 2, {64999}},
					  {0, false, {0}, {'-', '-'}, 8, 3, {0}}};
static struct traffic_country countries[] = {{{'P', 'K'}, {'-', '-'}, 9, 4}};
static struct traffic_exporter exporters[] = {{"sw1", 1, 2, 3, 4}, {"192.0.2.1", 5, 6, 7, 8}};
static struct traffic_unattributed unattributed[] = {{"no sampling rate", 10, 11}};
static struct traffic_domain domains[] = {{0, 1, 7, 1000, 10, 3, 1, 2},
					  {1, 8, 1ull << 40, 5, 0, 0, 0, 0}};

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
	.domains = domains,
	.domain_count = 2,
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
	ok(read.ports[0].source == TRAFFIC_BY_SNMP && read.ports[0].discards_out == UINT64_MAX,
	   "so is where counters came from, and what they say besides octets");
	ok(read.ports[0].flow_v6_out == 5 && read.ports[0].lost_ppm == 1000000,
	   "the share of IPv6 and what was lost are kept");
	ok(read.origins[0].next.number == 64999 && read.origins[1].samples == 3 &&
		   read.countries[0].samples == 4,
	   "so are the next network and how many samples it rests on");
	ok(read.domain_count == 2 && read.domains[0].lost_here == 3 &&
		   read.domains[1].number == 1ull << 40,
	   "a space of sequence numbers is kept");
	ok(strcmp(read.ports[2].port, "Karachi \xd9\x83") == 0, "a port keeps its id");

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

/* A batch as version 1 wrote it: one port, one pair, one origin, one country, one exporter. */
static void
put_version_1(struct buf *b)
{
	buf_u32(b, 0x53525442);
	buf_u16(b, 1);
	buf_u16(b, 0);
	buf_u32(b, 0);
	buf_u64(b, 1700000100);
	buf_u32(b, 300);
	buf_u32(b, 250);
	buf_u64(b, 77);
	buf_u64(b, 5);
	buf_u32(b, 1);
	buf_u16(b, 2);
	buf_str(b, "p1");
	buf_u64(b, 10);
	buf_u64(b, 11);
	buf_u32(b, 300);
	for (unsigned i = 12; i < 16; i++)
		buf_u64(b, i);
	buf_u8(b, TRAFFIC_COUNTER);
	buf_u32(b, 1);
	buf_u32(b, 0);
	buf_u32(b, 0);
	buf_u8(b, IP_V6);
	for (unsigned i = 16; i < 19; i++)
		buf_u64(b, i);
	buf_u32(b, 1);
	buf_u32(b, 0);
	buf_u8(b, 1);
	buf_u32(b, 64500);
	buf_str(b, "GE");
	buf_u64(b, 19);
	buf_u32(b, 1);
	buf_str(b, "GETR");
	buf_u64(b, 20);
	buf_u32(b, 1);
	buf_u16(b, 2);
	buf_str(b, "s1");
	for (unsigned i = 21; i < 25; i++)
		buf_u64(b, i);
	buf_u32(b, 1);
	buf_u16(b, 1);
	buf_str(b, "?");
	buf_u64(b, 25);
	buf_u64(b, 26);
	buf_set_u16(b, 10, (uint16_t)(b->length - 12));
	buf_u64(b, hash_bytes(b->data, b->length));
}

static void
version_1(void)
{
	struct buf b = {0}, again = {0};
	struct arena *arena = arena_new();
	struct traffic_batch read;
	put_version_1(&b);
	if (!ok(decode(&read, arena, &b) == 0, "a batch that a version before wrote is read"))
		return;
	const struct traffic_port *p = read.ports;
	ok(p->counter_out == 11 && p->samples_out == 15 && p->state == TRAFFIC_COUNTER,
	   "its ports are as they were");
	ok(p->source == TRAFFIC_BY_NONE && !p->packets_in && !p->flow_v6_in && !p->lost_ppm,
	   "and say nothing of what was not written then");
	ok(read.pairs[0].samples == 18 && read.origins[0].octets == 19 &&
		   read.countries[0].octets == 20 && read.exporters[0].refused == 24 &&
		   read.unattributed[0].samples == 26,
	   "its other tables too");
	ok(!read.origins[0].samples && !read.origins[0].next.number && !read.domain_count,
	   "without what came later");
	traffic_encode(&read, &again);
	ok(again.length > b.length && decode(&read, arena, &again) == 0 &&
		   read.ports[0].counter_in == 10,
	   "written again it is of this version");
	for (uint16_t version = 0; version < 5; version += version == 0 ? 3 : 1) {
		buf_set_u16(&again, 4, version);
		reseal(&again);
		ok(decode(&read, arena, &again) < 0, "version %u is refused", version);
	}
	buf_fini(&b);
	buf_fini(&again);
	arena_free(arena);
}

static bool
is_refused(const struct traffic_batch *bad)
{
	struct buf b = {0};
	struct arena *arena = arena_new();
	struct traffic_batch read;
	traffic_encode(bad, &b);
	bool refused = decode(&read, arena, &b) < 0;
	buf_fini(&b);
	arena_free(arena);
	return refused;
}

static void
refusals_of_version_2(void)
{
	struct traffic_batch bad = whole;
	struct traffic_domain domain = domains[0];
	bad.domains = &domain;
	bad.domain_count = 1;
	ok(!is_refused(&bad), "a batch with one domain is taken");
	domain.exporter = 2;
	ok(is_refused(&bad), "a domain of an exporter that does not exist is refused");
	domain = domains[0];
	domain.protocol = 3;
	ok(is_refused(&bad), "so is one of two protocols at once");
	domain = domains[0];
	domain.lost_here = domain.lost + 1;
	ok(is_refused(&bad), "and one that lost more here than in all");
	struct traffic_port port = ports[0];
	bad = (struct traffic_batch){.length_s = 300, .ports = &port, .port_count = 1};
	ok(!is_refused(&bad), "a batch with one port is taken");
	port.lost_ppm = 1000001;
	ok(is_refused(&bad), "a port that lost more than all is refused");
	port = ports[0];
	port.flow_v6_in = port.flow_in + 1;
	ok(is_refused(&bad), "so is one with more IPv6 than traffic");
	port = ports[0];
	port.source = (enum traffic_source)4;
	ok(is_refused(&bad), "and one whose counters came from nowhere");
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
	struct traffic_country lower[] = {{{'p', 'k'}, {'-', '-'}, 9, 4}};
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
	version_1();
	refusals();
	refusals_of_version_2();
	return done_testing();
}
