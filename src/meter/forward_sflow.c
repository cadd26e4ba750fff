/* Writing sFlow version 5 (sflow.org, July 2004, sections 5.2 and 5.3): expanded flow samples, whose
 * numbers have room for any interface, with the frame as sampled up to what the member may see. */
#include <string.h>

#include "meter/forward_packet.h"
#include "meter/forward_parts.h"

enum {
	VERSION = 5,
	SAMPLE_FLOW_EXPANDED = 3,
	RECORD_RAW_HEADER = 1,
	RECORD_ETHERNET = 2,
	RECORD_IPV4 = 3,
	RECORD_IPV6 = 4,
	RECORD_SWITCH = 1001,
	HEADER_ETHERNET = 1,
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	IPV4_HEADER = 20,
	IPV4_CHECKSUM = 10, /* the addresses follow it */
	IPV6_HEADER = 40,
	IPV6_ADDRESSES = 8,
	FCS = 4, /* octets that agents leave out of the frame */
	/* Of a sample without its frame: all its numbers, MAC addresses, VLANs, both addresses. */
	SAMPLE_MAX = 184,
	COUNT_AT = 24, /* of samples, behind an IPv4 agent's header */
};

static void
set_u32(struct buf *b, size_t at, uint32_t value)
{
	if (b->failed)
		return;
	buf_set_u16(b, at, (uint16_t)(value >> 16));
	buf_set_u16(b, at + 2, (uint16_t)value);
}

static void
begin(struct forward_sink *sink, const struct forward_sample *sample)
{
	struct buf *b = &sink->open;
	uint32_t uptime_ms = (uint32_t)((sample->copy->at.s - sample->started.s) * 1000);
	buf_u32(b, VERSION);
	buf_u32(b, 1); /* IPv4, as router ids are */
	buf_put(b, sink->agent.octets, 4);
	buf_u32(b, 0); /* sub_agent_id */
	buf_u32(b, ++sink->sequence);
	buf_u32(b, uptime_ms);
	buf_u32(b, 0); /* samples, when it ends */
}

/* Octets that XDR pads to a multiple of four. */
static void
put_opaque(struct buf *b, const uint8_t *octets, size_t length)
{
	static const uint8_t zeros[3];
	buf_put(b, octets, length);
	buf_put(b, zeros, (4 - length % 4) % 4);
}

/* A frame without the addresses in it: its Ethernet header, and of an IP packet the IP header with zeros
 * for them. Nothing of what is behind that. Returns its length. */
static size_t
veil(uint8_t out[WATCH_HEADER_MAX], const struct watch_copy *copy)
{
	struct forward_packet packet =
		forward_packet_read(cursor_of(copy->header, copy->header_length));
	size_t link = packet.link_length, rest = copy->header_length - link;
	memcpy(out, copy->header, copy->header_length);
	if (packet.ethertype == TYPE_IPV4 && rest >= IPV4_HEADER) {
		memset(out + link + IPV4_CHECKSUM, 0, IPV4_HEADER - IPV4_CHECKSUM);
		return link + IPV4_HEADER;
	}
	if (packet.ethertype == TYPE_IPV6 && rest >= IPV6_HEADER) {
		memset(out + link + IPV6_ADDRESSES, 0, IPV6_HEADER - IPV6_ADDRESSES);
		return link + IPV6_HEADER;
	}
	return link;
}

static void
put_frame(struct buf *b, const struct forward_sink *sink, const struct watch_copy *copy)
{
	uint8_t veiled[WATCH_HEADER_MAX];
	const uint8_t *frame = copy->header;
	size_t length = copy->header_length;
	if (!sink->what.addresses) {
		length = veil(veiled, copy);
		frame = veiled;
	}
	if (length > sink->what.header_octets)
		length = sink->what.header_octets;
	buf_u32(b, RECORD_RAW_HEADER);
	buf_u32(b, (uint32_t)(16 + (length + 3) / 4 * 4));
	buf_u32(b, HEADER_ETHERNET);
	buf_u32(b, (uint32_t)copy->flow.octets);
	buf_u32(b, FCS);
	buf_u32(b, (uint32_t)length);
	put_opaque(b, frame, length);
}

static void
put_mac(struct buf *b, struct mac mac)
{
	put_opaque(b, mac.octets, sizeof(mac.octets));
}

static void
put_ethernet(struct buf *b, const struct flow *flow)
{
	uint32_t type = flow->family == IP_V4 ? TYPE_IPV4 : flow->family == IP_V6 ? TYPE_IPV6 : 0;
	buf_u32(b, RECORD_ETHERNET);
	buf_u32(b, 24);
	buf_u32(b, (uint32_t)flow->octets);
	put_mac(b, flow->source_mac);
	put_mac(b, flow->destination_mac);
	buf_u32(b, type);
}

static void
put_addresses(struct buf *b, const struct flow *flow)
{
	size_t size = flow->family == IP_V4 ? 4 : 16;
	buf_u32(b, flow->family == IP_V4 ? RECORD_IPV4 : RECORD_IPV6);
	buf_u32(b, (uint32_t)(24 + 2 * size));
	buf_u32(b, (uint32_t)flow->octets);
	buf_u32(b, flow->protocol);
	buf_put(b, flow->source.octets, size);
	buf_put(b, flow->destination.octets, size);
	buf_u32(b, flow->source_port);
	buf_u32(b, flow->destination_port);
	buf_u32(b, flow->tcp_flags);
	buf_u32(b, flow->tos);
}

static void
put_vlans(struct buf *b, const struct flow *flow)
{
	buf_u32(b, RECORD_SWITCH);
	buf_u32(b, 16);
	buf_u32(b, flow->vlan);
	buf_u32(b, 0);
	buf_u32(b, flow->vlan_out ? flow->vlan_out : flow->vlan);
	buf_u32(b, 0);
}

/* The records of a sample. Returns how many. */
static uint32_t
put_records(struct buf *b, const struct forward_sink *sink, const struct watch_copy *copy)
{
	const struct flow *flow = &copy->flow;
	uint32_t count = 1;
	bool frame = copy->header_length != 0;
	if (frame)
		put_frame(b, sink, copy);
	else
		put_ethernet(b, flow);
	if (!frame && sink->what.addresses && flow->family != IP_NONE &&
	    flow->source.family == flow->family) {
		put_addresses(b, flow);
		count++;
	}
	if (flow->vlan) {
		put_vlans(b, flow);
		count++;
	}
	return count;
}

bool
forward_sflow_fits(const struct forward_sink *sink, const struct forward_sample *sample)
{
	return sink->open.length + SAMPLE_MAX + sample->copy->header_length <= FORWARD_DATAGRAM_MAX;
}

bool
forward_sflow_add(struct forward_sink *sink, const struct forward_sample *sample)
{
	const struct watch_copy *copy = sample->copy;
	struct forward_source *source = sample->source;
	struct buf *b = &sink->open;
	/* A sample is of one frame. */
	if (copy->flow.packets != 1 || copy->flow.octets > UINT32_MAX ||
	    (!copy->header_length && !copy->flow.has_macs))
		return false;
	if (!b->length)
		begin(sink, sample);
	buf_u32(b, SAMPLE_FLOW_EXPANDED);
	size_t length_at = b->length;
	buf_u32(b, 0);
	buf_u32(b, ++source->sequence);
	buf_u32(b, 0); /* the source is an interface, by number */
	buf_u32(b, sample->source_index + 1);
	buf_u32(b, source->rate);
	buf_u32(b, source->pool);
	buf_u32(b, source->drops);
	buf_u32(b, 0); /* interfaces, by number */
	buf_u32(b, sample->input);
	buf_u32(b, 0);
	buf_u32(b, sample->output);
	size_t count_at = b->length;
	buf_u32(b, 0);
	set_u32(b, count_at, put_records(b, sink, copy));
	set_u32(b, length_at, (uint32_t)(b->length - length_at - 4));
	sink->open_count++;
	return true;
}

void
forward_sflow_end(struct forward_sink *sink)
{
	set_u32(&sink->open, COUNT_AT, sink->open_count);
}
