/* Reading a frame down to the ports. */
#include "meter/forward_packet.h"

#include <stdbool.h>

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_OLD_QINQ = 0x9100,
	TAGS_MAX = 4,
	EXTENSIONS_MAX = 8, /* of IPv6; more are nobody's ordinary packet */
	HOP_BY_HOP = 0,
	ICMP = 1,
	TCP = 6,
	UDP = 17,
	ROUTING = 43,
	FRAGMENT = 44,
	ICMP6 = 58,
	DESTINATION_OPTIONS = 60,
	SCTP = 132,
};

static void
read_transport(struct forward_packet *out, struct cursor c)
{
	if (out->protocol == ICMP || out->protocol == ICMP6) {
		out->destination_port = cursor_u16(&c); /* 0 where it is cut off */
		return;
	}
	if (out->protocol != TCP && out->protocol != UDP && out->protocol != SCTP)
		return;
	uint16_t source = cursor_u16(&c), destination = cursor_u16(&c);
	if (c.failed)
		return;
	out->source_port = source;
	out->destination_port = destination;
	cursor_skip(&c, 9); /* sequence numbers, data offset */
	uint8_t flags = cursor_u8(&c);
	if (out->protocol == TCP && !c.failed)
		out->tcp_flags = flags;
}

static void
read_ipv4(struct forward_packet *out, struct cursor c)
{
	struct cursor header = c;
	uint8_t first = cursor_u8(&header);
	uint8_t tos = cursor_u8(&header);
	cursor_skip(&header, 4);
	uint16_t fragment = cursor_u16(&header);
	cursor_skip(&header, 1);
	uint8_t protocol = cursor_u8(&header);
	unsigned length = (first & 15u) * 4;
	if (header.failed || first >> 4 != 4 || length < 20)
		return;
	out->tos = tos;
	out->protocol = protocol;
	cursor_skip(&c, length);
	if (!(fragment & 0x1fff)) /* the ports stand in the first fragment only */
		read_transport(out, c);
}

static void
read_ipv6(struct forward_packet *out, struct cursor c)
{
	uint32_t first = cursor_u32(&c);
	cursor_skip(&c, 2);
	uint8_t next = cursor_u8(&c);
	cursor_skip(&c, 33);
	if (c.failed || first >> 28 != 6)
		return;
	out->tos = (uint8_t)(first >> 20);
	out->protocol = next;
	bool begins = true;
	for (int i = 0; i < EXTENSIONS_MAX; i++) {
		if (next != HOP_BY_HOP && next != ROUTING && next != DESTINATION_OPTIONS &&
		    next != FRAGMENT)
			break;
		bool is_fragment = next == FRAGMENT;
		next = cursor_u8(&c);
		uint8_t length = cursor_u8(&c);
		uint16_t offset = cursor_u16(&c);
		cursor_skip(&c, is_fragment ? 4 : 4 + length * 8u);
		if (c.failed)
			return;
		begins = begins && !(is_fragment && offset & 0xfff8);
		out->protocol = next;
	}
	if (begins)
		read_transport(out, c);
}

struct forward_packet
forward_packet_read_ip(struct cursor packet)
{
	struct forward_packet out = {0};
	struct cursor peek = packet;
	unsigned version = cursor_u8(&peek) >> 4;
	if (version == 4)
		read_ipv4(&out, packet);
	else if (version == 6)
		read_ipv6(&out, packet);
	return out;
}

struct forward_packet
forward_packet_read(struct cursor frame)
{
	struct forward_packet out = {0};
	size_t whole = cursor_left(&frame);
	cursor_skip(&frame, 12);
	uint16_t type = cursor_u16(&frame);
	for (int tags = 0;
	     tags < TAGS_MAX && (type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_OLD_QINQ);
	     tags++) {
		cursor_skip(&frame, 2);
		type = cursor_u16(&frame);
	}
	if (frame.failed)
		return out;
	out.link_length = (uint16_t)(whole - cursor_left(&frame));
	out.ethertype = type;
	if (type == TYPE_IPV4)
		read_ipv4(&out, frame);
	else if (type == TYPE_IPV6)
		read_ipv6(&out, frame);
	return out;
}
