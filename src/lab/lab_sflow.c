/* Writing sFlow version 5. Everything is in units of four octets (RFC 4506). */
#include "lab/lab_sflow.h"

#include <string.h>

enum {
	SAMPLE_OCTETS_MAX = 220,
	FORMAT_FLOW_SAMPLE = 1,
	FORMAT_COUNTER_SAMPLE = 2,
	FORMAT_RAW_HEADER = 1,
	FORMAT_GENERIC_COUNTERS = 1,
	PROTOCOL_ETHERNET = 1,
	ADDRESS_IPV4 = 1,
	ADDRESS_IPV6 = 2,
};

static void
set_u32(struct buf *out, size_t at, uint32_t value)
{
	if (out->failed)
		return;
	buf_set_u16(out, at, (uint16_t)(value >> 16));
	buf_set_u16(out, at + 2, (uint16_t)value);
}

void
lab_sflow_begin(struct lab_sflow *d, const struct lab_sflow_header *header)
{
	buf_clear(&d->out);
	bool v6 = header->agent.family == IP_V6;
	buf_u32(&d->out, 5);
	buf_u32(&d->out, v6 ? ADDRESS_IPV6 : ADDRESS_IPV4);
	buf_put(&d->out, header->agent.octets, v6 ? 16 : 4);
	buf_u32(&d->out, 0); /* sub_agent_id */
	buf_u32(&d->out, header->sequence);
	buf_u32(&d->out, header->uptime_ms);
	d->count_at = d->out.length;
	d->samples = 0;
	buf_u32(&d->out, 0);
}

/* RFC 1071, over an IPv4 header of 20 octets. */
static uint16_t
header_checksum(const uint8_t *at)
{
	uint32_t sum = 0;
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
put_ipv4(struct buf *out, const struct lab_sflow_frame *frame, uint16_t octets)
{
	size_t start = out->length;
	buf_u16(out, 0x4500);
	buf_u16(out, octets);
	buf_u32(out, 0x00004000);  /* not to be fragmented */
	buf_u16(out, 64 << 8 | 6); /* TCP */
	buf_u16(out, 0);
	buf_put(out, frame->source.octets, 4);
	buf_put(out, frame->destination.octets, 4);
	if (!out->failed)
		buf_set_u16(out, start + 10, header_checksum(out->data + start));
}

static void
put_ipv6(struct buf *out, const struct lab_sflow_frame *frame, uint16_t octets)
{
	buf_u32(out, 0x60000000);
	buf_u16(out, (uint16_t)(octets - 40));
	buf_u16(out, 6 << 8 | 64); /* TCP */
	buf_put(out, frame->source.octets, 16);
	buf_put(out, frame->destination.octets, 16);
}

/* The frame's first octets: Ethernet, IP, TCP. */
static void
put_frame_header(struct buf *out, const struct lab_sflow_frame *frame)
{
	bool v6 = frame->source.family == IP_V6;
	uint16_t link = frame->vlan ? 18 : 14;
	buf_put(out, frame->destination_mac.octets, 6);
	buf_put(out, frame->source_mac.octets, 6);
	if (frame->vlan) {
		buf_u16(out, 0x8100);
		buf_u16(out, frame->vlan);
	}
	buf_u16(out, v6 ? 0x86dd : 0x0800);
	uint16_t octets =
		(uint16_t)(frame->octets - link - 4); /* without the frame check sequence */
	if (v6)
		put_ipv6(out, frame, octets);
	else
		put_ipv4(out, frame, octets);
	buf_u16(out, frame->source_port);
	buf_u16(out, frame->destination_port);
	buf_u64(out, 0); /* sequence, acknowledgement */
	buf_u32(out, 0x5010ffff);
	buf_u32(out, 0);
}

/* Begins something that has a length before it; the place of the length. */
static size_t
begin_sized(struct buf *out, uint32_t format)
{
	buf_u32(out, format);
	buf_u32(out, 0);
	return out->length - 4;
}

static void
end_sized(struct buf *out, size_t at)
{
	while (out->length % 4 && !out->failed)
		buf_u8(out, 0);
	set_u32(out, at, (uint32_t)(out->length - at - 4));
}

void
lab_sflow_add_frame(struct lab_sflow *d, const struct lab_sflow_frame *frame)
{
	struct buf *out = &d->out;
	size_t sample = begin_sized(out, FORMAT_FLOW_SAMPLE);
	buf_u32(out, frame->sequence);
	buf_u32(out, frame->input); /* source class 0: ifIndex */
	buf_u32(out, frame->rate);
	buf_u32(out, frame->pool);
	buf_u32(out, 0); /* drops */
	buf_u32(out, frame->input);
	buf_u32(out, frame->output);
	buf_u32(out, 1); /* records */
	size_t record = begin_sized(out, FORMAT_RAW_HEADER);
	buf_u32(out, PROTOCOL_ETHERNET);
	buf_u32(out, frame->octets);
	buf_u32(out, 4); /* stripped: the frame check sequence */
	size_t length_at = out->length;
	buf_u32(out, 0);
	put_frame_header(out, frame);
	set_u32(out, length_at, (uint32_t)(out->length - length_at - 4));
	end_sized(out, record);
	end_sized(out, sample);
	d->samples++;
}

void
lab_sflow_add_counters(struct lab_sflow *d, const struct lab_sflow_counters *c)
{
	struct buf *out = &d->out;
	size_t sample = begin_sized(out, FORMAT_COUNTER_SAMPLE);
	buf_u32(out, c->sequence);
	buf_u32(out, c->if_index);
	buf_u32(out, 1); /* records */
	size_t record = begin_sized(out, FORMAT_GENERIC_COUNTERS);
	buf_u32(out, c->if_index);
	buf_u32(out, 6); /* ethernetCsmacd */
	buf_u64(out, c->speed_bps);
	buf_u32(out, 1); /* full duplex */
	buf_u32(out, 3); /* up, and meant to be */
	buf_u64(out, c->in_octets);
	for (int i = 0; i < 6; i++) /* frames, errors, unknown protocols: not modelled */
		buf_u32(out, 0);
	buf_u64(out, c->out_octets);
	for (int i = 0; i < 6; i++)
		buf_u32(out, 0);
	end_sized(out, record);
	end_sized(out, sample);
	d->samples++;
}

bool
lab_sflow_full(const struct lab_sflow *d)
{
	return d->out.length + SAMPLE_OCTETS_MAX > LAB_SFLOW_MAX;
}

void
lab_sflow_end(struct lab_sflow *d)
{
	set_u32(&d->out, d->count_at, d->samples);
}
