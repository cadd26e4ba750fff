/* Pictures of exchanges made by hand, and datagrams made octet by octet, for tests of the meter. */
#pragma once

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "hub/hub.h"

/* An exchange of `members` with one port each, as flowgen has it: member i has AS 64512 + i, MAC
 * 02:00:00:00:hi:lo, interface 1000 + i, VLAN 100, 400 Gbit/s; its port is "p<i>". One exporter
 * "sw1" at 192.0.2.1 counts them all. Bins of 300 s. Free with hub_free. */
static inline struct hub *
exchange_new(uint32_t members)
{
	struct arena *a = arena_new();
	struct hub *hub = arena_take(a, sizeof(*hub));
	hub->arena = a;
	hub->name = hub->short_name = "test";
	hub->bin_length_s = 300;
	hub->lans = arena_take(a, sizeof(*hub->lans));
	hub->lans[0] = (struct hub_lan){.name = "peering", .vlan = 100};
	hub->lan_count = 1;
	hub->exporters = arena_take(a, 4 * sizeof(*hub->exporters));
	hub->exporters[0] = (struct hub_exporter){.id = "sw1", .address = ip_v4(0xc0000201)};
	hub->exporter_count = 1;
	hub->members = arena_take(a, members * sizeof(*hub->members));
	hub->ports = arena_take(a, members * sizeof(*hub->ports));
	hub->member_count = hub->port_count = members;
	for (uint32_t i = 0; i < members; i++) {
		struct mac *mac = arena_take(a, 2 * sizeof(*mac));
		mac[0] = (struct mac){{2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i}};
		hub->members[i] = (struct hub_member){
			.asn = {64512 + i},
			.name = arena_printf(a, "Member %u", i),
			.first_port = i,
			.port_count = 1,
		};
		hub->ports[i] = (struct hub_port){
			.id = arena_printf(a, "p%u", i),
			.member = i,
			.site = HUB_NONE,
			.speed_bps = 400000000000,
			.if_index = 1000 + i,
			.exporter = 0,
			.macs = mac,
			.mac_count = 1,
		};
	}
	return hub;
}

/* --- sFlow, octet by octet --- */

/* Where the length of a structure is to be written once it is known. */
static inline size_t
open_length(struct buf *b)
{
	buf_u32(b, 0);
	return b->length;
}

static inline void
close_length(struct buf *b, size_t at)
{
	uint32_t length = (uint32_t)(b->length - at);
	buf_set_u16(b, at - 4, (uint16_t)(length >> 16));
	buf_set_u16(b, at - 2, (uint16_t)length);
}

struct sflow_numbers {
	uint32_t sub_agent, sequence, uptime_ms;
};

static inline void
sflow_header(struct buf *b, struct sflow_numbers n, uint32_t samples)
{
	buf_u32(b, 5);
	buf_u32(b, 1);
	buf_u32(b, 0xc0000201);
	buf_u32(b, n.sub_agent);
	buf_u32(b, n.sequence);
	buf_u32(b, n.uptime_ms);
	buf_u32(b, samples);
}

/* What a frame is like; members by number, or MACs of nobody beyond the exchange. */
struct frame {
	uint32_t from, to;
	uint16_t vlan; /* 0: untagged */
	uint16_t length;
	uint32_t rate;
	uint32_t source, input, output; /* data source; interfaces as encoded in the sample */
	const char *source_ip, *destination_ip; /* NULL: not IP */
	bool group;                             /* to a multicast address */
};

static inline void
put_mac(struct buf *b, uint32_t member, bool group)
{
	buf_u16(b, group ? 0x0300 : 0x0200);
	buf_u16(b, 0);
	buf_u16(b, (uint16_t)member);
}

static inline void
put_ip_header(struct buf *b, const struct frame *f)
{
	struct ip source = {0}, destination = {0};
	(void)ip_parse(&source, f->source_ip);
	(void)ip_parse(&destination, f->destination_ip);
	bool v6 = source.family == IP_V6;
	buf_u16(b, v6 ? 0x86dd : 0x0800);
	buf_u8(b, v6 ? 0x60 : 0x45);
	for (int i = 0; i < (v6 ? 7 : 11); i++)
		buf_u8(b, 0);
	buf_put(b, source.octets, v6 ? 16 : 4);
	buf_put(b, destination.octets, v6 ? 16 : 4);
}

static inline void
sflow_flow_sample(struct buf *b, uint32_t sequence, const struct frame *f)
{
	buf_u32(b, 1);
	size_t sample = open_length(b);
	buf_u32(b, sequence);
	buf_u32(b, f->source);
	buf_u32(b, f->rate);
	buf_u32(b, 0);
	buf_u32(b, 0);
	buf_u32(b, f->input);
	buf_u32(b, f->output);
	buf_u32(b, 1);
	buf_u32(b, 1);
	size_t record = open_length(b);
	buf_u32(b, 1);
	buf_u32(b, f->length);
	buf_u32(b, 4);
	size_t header = open_length(b);
	put_mac(b, f->to, f->group);
	put_mac(b, f->from, false);
	if (f->vlan) {
		buf_u16(b, 0x8100);
		buf_u16(b, f->vlan);
	}
	if (f->source_ip)
		put_ip_header(b, f);
	else
		buf_u16(b, 0x0806);
	close_length(b, header);
	while ((b->length - header) % 4)
		buf_u8(b, 0);
	close_length(b, record);
	close_length(b, sample);
}

static inline void
sflow_counter_sample(struct buf *b, uint32_t sequence, uint32_t if_index, uint64_t in, uint64_t out)
{
	buf_u32(b, 2);
	size_t sample = open_length(b);
	buf_u32(b, sequence);
	buf_u32(b, if_index);
	buf_u32(b, 1);
	buf_u32(b, 1);
	size_t record = open_length(b);
	buf_u32(b, if_index);
	buf_u32(b, 6);
	buf_u64(b, 100000000000);
	buf_u64(b, 0);
	buf_u64(b, in);
	for (int i = 0; i < 6; i++)
		buf_u32(b, 0);
	buf_u64(b, out);
	for (int i = 0; i < 6; i++)
		buf_u32(b, 0);
	close_length(b, record);
	close_length(b, sample);
}
