/* A flood of everything that anybody can make up: exporters, domains, templates, data without templates, MACs,
 * pairs, networks, sources, counters. No part of the meter's memory passes its bound, what there was no room
 * for is counted, and what is honest beside it is still counted. */
#include <stdlib.h>

#include "base/hash.h"
#include "exchange.h"
#include "meter/meter_memory.h"
#include "meter/meter_merge.h"
#include "meter/meter_state.h"
#include "tap.h"

enum { START = 1700000100, MEMBERS = 64 };

static const struct ip exporter_address = {IP_V4, {192, 0, 2, 1}};
static uint64_t random_state = 7;

static uint64_t
below(uint64_t limit)
{
	return hash_u64(random_state += 0x9e3779b97f4a7c15u) % limit;
}

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

static void
send(struct meter *m, enum meter_kind kind, struct ip from, struct buf *b)
{
	meter_datagram(m, kind, from, cursor_of(b->data, b->length), at(1));
	buf_clear(b);
}

static uint32_t datagrams, samples;

static void
frames(struct meter *m, struct buf *b, uint32_t macs, uint32_t count)
{
	char source[32], destination[32];
	datagrams++;
	sflow_header(b, (struct sflow_numbers){(uint32_t)below(300), datagrams, datagrams}, count);
	for (uint32_t i = 0; i < count; i++) {
		(void)snprintf(source, sizeof(source), "%u.%u.0.1", 1 + (unsigned)below(200),
			       (unsigned)below(256));
		(void)snprintf(destination, sizeof(destination), "%u.%u.0.1",
			       1 + (unsigned)below(200), (unsigned)below(256));
		sflow_flow_sample(b, ++samples,
				  &(struct frame){.from = (uint32_t)below(macs),
						  .to = (uint32_t)below(macs),
						  .vlan = 100,
						  .length = 1000,
						  .rate = 1,
						  .source = (uint32_t)below(1 << 24),
						  .source_ip = source,
						  .destination_ip = destination});
	}
	send(m, METER_SFLOW, exporter_address, b);
}

/* A message of IPFIX with a template of so many fields, and data of another that is never told. */
static void
message(struct meter *m, struct buf *b, unsigned fields)
{
	buf_u16(b, 10);
	buf_u16(b, 0);
	buf_u32(b, START);
	buf_u32(b, (uint32_t)below(1000));
	buf_u32(b, (uint32_t)below(2000));
	buf_u16(b, 2);
	buf_u16(b, (uint16_t)(8 + 4 * fields));
	buf_u16(b, (uint16_t)(256 + below(60000)));
	buf_u16(b, (uint16_t)fields);
	for (unsigned i = 0; i < fields; i++) {
		buf_u16(b, (uint16_t)(1 + below(500)));
		buf_u16(b, (uint16_t)(1 + below(8)));
	}
	buf_u16(b, (uint16_t)(65000 + below(500)));
	buf_u16(b, 4 + 60);
	for (int i = 0; i < 60; i++)
		buf_u8(b, (uint8_t)below(256));
	buf_set_u16(b, 2, (uint16_t)b->length);
	send(m, METER_NETFLOW, exporter_address, b);
}

static const struct rib_snapshot *
many_networks(struct buf *bytes)
{
	enum { COUNT = 200 * 256 };
	struct rib_snapshot_route *list = calloc(COUNT, sizeof(*list));
	for (uint32_t i = 0; i < COUNT; i++) {
		list[i].prefix = prefix_of(ip_v4((1 + i / 256) << 24 | (i % 256) << 16), 16);
		list[i].origin.origin_as = list[i].origin.next_as = 1000 + i;
	}
	(void)rib_snapshot_build(bytes, list, COUNT, NULL);
	free(list);
	return rib_snapshot_open(bytes->data, bytes->length);
}

/* Tables as small as this test is short. */
static void
make_small(struct bin *b)
{
	b->pairs.limit = 1000;
	b->networks.limit = 5000;
	b->countries.limit = 100;
}

static void
flood(struct meter *m, unsigned rounds)
{
	struct buf b = {0};
	for (unsigned i = 0; i < rounds; i++) {
		frames(m, &b, below(2) ? MEMBERS : 60000, 20);
		message(m, &b, 1 + (unsigned)below(300));
		buf_u32(&b, 5);
		send(m, METER_SFLOW, ip_v4((uint32_t)below(1u << 31)), &b);
		datagrams++;
		sflow_header(&b, (struct sflow_numbers){0, datagrams, datagrams}, 1);
		sflow_counter_sample(&b, ++samples, 1000, i, i);
		send(m, METER_SFLOW, exporter_address, &b);
	}
	buf_fini(&b);
}

/* Whether all parts that have a bound are within it. */
static bool
within(const struct meter_memory parts[METER_PARTS])
{
	bool good = true;
	for (int i = 0; i < METER_PARTS; i++) {
		if (!parts[i].bound || parts[i].octets <= parts[i].bound)
			continue;
		printf("# %s: %zu octets, at most %zu\n", meter_part_text((enum meter_part)i),
		       parts[i].octets, parts[i].bound);
		good = false;
	}
	return good;
}

static void
one_meter(const struct rib_snapshot *routes)
{
	struct hub *hub = exchange_new(MEMBERS);
	hub->watch.rise =
		(struct hub_watch_rise){.enabled = true, .ipv4_length = 24, .ipv6_length = 48};
	struct meter *m = meter_new(hub, 1, at(0));
	struct meter_memory first[METER_PARTS] = {0}, full[METER_PARTS] = {0},
			    later[METER_PARTS] = {0};
	make_small(&m->open);
	make_small(&m->closing);
	meter_set_routes(m, routes);
	meter_memory(m, first);
	flood(m, 20000);
	meter_memory(m, full);
	flood(m, 20000);
	meter_memory(m, later);
	ok(within(full) && within(later), "no part passes its bound");
	bool same = true;
	for (int i = 0; i < METER_PARTS; i++)
		same &= later[i].octets == full[i].octets || i == METER_PLACES ||
			i == METER_DECODERS;
	ok(same, "what is full grows no more");
	ok(later[METER_DECODERS].octets > 8 << 20, "decoders are full");
	static const enum meter_part told[] = {METER_PAIRS,   METER_NETWORKS, METER_COUNTRIES,
					       METER_UNKNOWN, METER_DECODERS, METER_WATCH};
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ok(!first[told[i]].refused && later[told[i]].refused,
		   "%s: what there was no room for is counted, %llu", meter_part_text(told[i]),
		   (unsigned long long)later[told[i]].refused);
	is_int((long long)meter_exporter_count(m), 1 + METER_STRANGERS_MAX,
	       "of strangers so many are listed");
	uint64_t in = 0, out = 0, pairs = 0, rest = 0;
	const struct traffic_batch *b = meter_flush(m, at(10));
	for (size_t i = 0; i < b->port_count; i++) {
		in += b->ports[i].flow_in;
		out += b->ports[i].flow_out;
	}
	for (size_t i = 0; i < b->pair_count; i++)
		pairs += b->pairs[i].octets;
	for (size_t i = 0; i < b->unattributed_count; i++)
		if (strcmp(b->unattributed[i].cause, bin_cause_text(BIN_TABLE_FULL)) == 0)
			rest = b->unattributed[i].octets;
	ok(in && out && pairs && rest && in >= pairs + rest,
	   "ports count all the same, and what is no pair says so");
	is_int((long long)b->pair_count, 1000, "as many pairs as there is room for");
	meter_free(m);
	hub_free(hub);
}

/* Readings of counters wait for the meter; a worker that is not asked keeps so many. */
static void
a_worker(void)
{
	struct hub *hub = exchange_new(MEMBERS);
	struct meter *m = meter_new(hub, 1, at(0)), *worker = meter_new(hub, 1, at(0));
	struct meter_share *share = meter_share_new(1);
	struct meter_memory parts[METER_PARTS] = {0}, all[METER_PARTS] = {0};
	struct buf b = {0};
	meter_set_worker(worker);
	for (uint32_t i = 0; i < METER_READINGS_MAX + 1000; i++) {
		datagrams++;
		sflow_header(&b, (struct sflow_numbers){0, datagrams, datagrams}, 1);
		sflow_counter_sample(&b, ++samples, 1000, i, i);
		send(worker, METER_SFLOW, exporter_address, &b);
	}
	meter_memory(worker, parts);
	ok(within(parts) && parts[METER_READINGS].octets, "a worker's readings are bounded");
	(void)meter_share_take(share, worker, at(2));
	meter_share_memory(share, all);
	bool more = true;
	for (int i = 0; i < METER_PARTS; i++)
		more &= all[i].octets >= parts[i].octets;
	ok(within(all) && more, "its share says what both hold");
	(void)meter_tick(m, at(3));
	(void)meter_merge(m, share);
	memset(parts, 0, sizeof(parts));
	meter_memory(m, parts);
	is_int((long long)parts[METER_READINGS].refused, 1000, "and what was too much is counted");
	buf_fini(&b);
	meter_share_free(share);
	meter_free(worker);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	struct buf bytes = {0};
	const struct rib_snapshot *routes = many_networks(&bytes);
	one_meter(routes);
	a_worker();
	rib_snapshot_free((struct rib_snapshot *)routes);
	buf_fini(&bytes);
	return done_testing();
}
