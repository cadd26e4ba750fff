/* Reading the first octets of a frame, header after header: IEEE 802.3, 802.1Q; RFC 791, RFC 8200;
 * MPLS RFC 3032, RFC 4385; PPPoE RFC 2516; GRE RFC 2784, RFC 2890; VXLAN RFC 7348; Geneve RFC 8926. */
#include "meter/frame.h"

#include <assert.h>
#include <string.h>

enum {
	TYPE_NONE = 0, /* nothing that we read follows */
	TYPE_IPV4 = 0x0800,
	TYPE_BRIDGED = 0x6558, /* an Ethernet frame */
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_GROUP = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_QINQ = 0x88a8,
	TYPE_OLD_QINQ = 0x9100,

	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,

	PROTOCOL_HOPS = 0,
	PROTOCOL_IPV4 = 4,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_GRE = 47,
	PROTOCOL_OPTIONS = 60,

	PORT_VXLAN = 4789,
	PORT_OLD_VXLAN = 8472,
	PORT_GENEVE = 6081,

	TAGS_MAX = 4,    /* deeper nesting is not a member's frame */
	LABELS_MAX = 8,  /* likewise */
	HEADERS_MAX = 8, /* headers one in the other */
	OPTIONS_MAX = 4, /* extension headers of IPv6 before the next header */
};

/* Each reader takes one header and returns the type of what follows it. */

static unsigned
take_gre(struct cursor *c)
{
	enum { CHECKSUM = 0x8000, KEY = 0x2000, NUMBER = 0x1000, OTHER = 0x4fff };
	uint16_t flags = cursor_u16(c);
	uint16_t type = cursor_u16(c);
	if (flags & OTHER)
		return TYPE_NONE; /* source routes, or another version */
	for (unsigned bit = CHECKSUM; bit >= NUMBER; bit >>= 1)
		if (flags & bit)
			cursor_skip(c, 4);
	return type;
}

static unsigned
take_udp(struct cursor *c)
{
	cursor_skip(c, 2);
	uint16_t port = cursor_u16(c);
	cursor_skip(c, 4);
	if (port == PORT_VXLAN || port == PORT_OLD_VXLAN) {
		uint8_t flags = cursor_u8(c);
		cursor_skip(c, 7);
		return flags & 0x08 ? TYPE_BRIDGED : TYPE_NONE;
	}
	if (port == PORT_GENEVE) {
		uint8_t options = cursor_u8(c); /* two bits of version, six of words */
		cursor_skip(c, 1);
		uint16_t type = cursor_u16(c);
		cursor_skip(c, 4);
		cursor_skip(c, (options & 0x3f) * 4u);
		return options >> 6 ? TYPE_NONE : type;
	}
	return TYPE_NONE;
}

static unsigned
take_protocol(struct cursor *c, uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_IPV4:
		return TYPE_IPV4;
	case PROTOCOL_IPV6:
		return TYPE_IPV6;
	case PROTOCOL_GRE:
		return take_gre(c);
	case PROTOCOL_UDP:
		return take_udp(c);
	default:
		return TYPE_NONE;
	}
}

/* One more IP header, the innermost so far. */
static inline void
add_layer(struct flow *flow, const uint8_t *header, const uint8_t *end)
{
	if (!flow->layers) { /* nearly always, and all else is 0 then */
		flow->packet.at = header;
		flow->packet.end = end;
		flow->layers = 1;
		return;
	}
	if (flow->layers < FLOW_LAYERS)
		flow->layers++;
	flow->layer = flow->layers - 1;
	flow->layer_at[flow->layer] = (uint16_t)(header - flow->packet.at);
}

static unsigned
take_ipv4(struct flow *flow, struct cursor *c)
{
	const uint8_t *header = c->at;
	uint8_t first = cursor_u8(c);
	if (c->failed || first >> 4 != 4)
		return TYPE_NONE;
	flow->family = IP_V4;
	const uint8_t *rest = cursor_take(c, 19);
	if (!rest)
		return TYPE_NONE;
	add_layer(flow, header, c->end);
	flow_set_ip(&flow->source, IP_V4, rest + 11);
	flow_set_ip(&flow->destination, IP_V4, rest + 15);
	size_t length = (first & 15) * 4u;
	bool fragment = rest[5] & 0x1f || rest[6];
	if (fragment || length < 20)
		return TYPE_NONE; /* the header of what is inside is in another packet */
	cursor_skip(c, length - 20);
	return take_protocol(c, rest[8]);
}

static bool
is_extension(uint8_t protocol)
{
	return protocol == PROTOCOL_HOPS || protocol == PROTOCOL_ROUTING ||
	       protocol == PROTOCOL_FRAGMENT || protocol == PROTOCOL_OPTIONS;
}

static unsigned
take_ipv6(struct flow *flow, struct cursor *c)
{
	const uint8_t *header = c->at;
	uint8_t first = cursor_u8(c);
	if (c->failed || first >> 4 != 6)
		return TYPE_NONE;
	flow->family = IP_V6;
	const uint8_t *rest = cursor_take(c, 39);
	if (!rest)
		return TYPE_NONE;
	add_layer(flow, header, c->end);
	flow_set_ip(&flow->source, IP_V6, rest + 7);
	flow_set_ip(&flow->destination, IP_V6, rest + 23);
	uint8_t protocol = rest[5];
	for (int i = 0; i < OPTIONS_MAX && is_extension(protocol); i++) {
		bool fragment = protocol == PROTOCOL_FRAGMENT;
		protocol = cursor_u8(c);
		uint8_t words = cursor_u8(c);
		uint16_t offset = cursor_u16(c);
		if (fragment && offset >> 3)
			return TYPE_NONE;
		cursor_skip(c, 4 + (fragment ? 0 : words * 8u));
	}
	return take_protocol(c, protocol);
}

/* What is under the labels shows by its first half octet: 4 and 6 are IP, 0 is the control word
 * before a bridged frame (RFC 4385 section 3). */
static unsigned
take_mpls(struct cursor *c)
{
	uint32_t label = 0;
	for (int i = 0; i < LABELS_MAX && !(label & 0x100); i++)
		label = cursor_u32(c);
	struct cursor peek = *c;
	uint8_t first = cursor_u8(&peek) >> 4;
	if (!(label & 0x100) || peek.failed)
		return TYPE_NONE;
	if (first == 0) {
		cursor_skip(c, 4);
		return TYPE_BRIDGED;
	}
	return first == 4 ? TYPE_IPV4 : first == 6 ? TYPE_IPV6 : TYPE_NONE;
}

static unsigned
take_ppp(struct cursor *c)
{
	uint16_t protocol = cursor_u16(c);
	return protocol == PPP_IPV4 ? TYPE_IPV4 : protocol == PPP_IPV6 ? TYPE_IPV6 : TYPE_NONE;
}

/* The header of a frame inside another. */
static unsigned
take_inner_ethernet(struct cursor *c)
{
	cursor_skip(c, 12);
	uint16_t type = cursor_u16(c);
	for (int i = 0;
	     i < TAGS_MAX && (type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_OLD_QINQ);
	     i++) {
		cursor_skip(c, 2);
		type = cursor_u16(c);
	}
	return type;
}

static void
read_headers(struct flow *flow, struct cursor *c, unsigned type)
{
	for (int i = 0; i < HEADERS_MAX && type != TYPE_NONE && !c->failed; i++) {
		switch (type) {
		case TYPE_IPV4:
			type = take_ipv4(flow, c);
			break;
		case TYPE_IPV6:
			type = take_ipv6(flow, c);
			break;
		case TYPE_MPLS:
		case TYPE_MPLS_GROUP:
			type = take_mpls(c);
			break;
		case TYPE_PPPOE:
			cursor_skip(c, 6);
			type = take_ppp(c);
			break;
		case TYPE_BRIDGED:
			type = take_inner_ethernet(c);
			break;
		default:
			return;
		}
	}
}

void
frame_read_ip(struct flow *flow, struct cursor *packet, enum ip_family family)
{
	read_headers(flow, packet, family == IP_V4 ? TYPE_IPV4 : TYPE_IPV6);
}

void
frame_read_mpls(struct flow *flow, struct cursor *packet)
{
	read_headers(flow, packet, TYPE_MPLS);
}

void
frame_read_ppp(struct flow *flow, struct cursor *packet)
{
	unsigned type = take_ppp(packet);
	read_headers(flow, packet, type);
}

bool
frame_read_ethernet(struct flow *flow, struct cursor *frame)
{
	const uint8_t *header = cursor_take(frame, 14);
	if (!header)
		return false;
	memcpy(flow->destination_mac.octets, header, 6);
	memcpy(flow->source_mac.octets, header + 6, 6);
	uint16_t type = (uint16_t)(header[12] << 8 | header[13]);
	for (int tags = 0; type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_OLD_QINQ;
	     tags++) {
		uint16_t vlan = cursor_u16(frame) & 0x0fff;
		type = cursor_u16(frame);
		if (tags == TAGS_MAX)
			return false;
		if (!flow->vlan)
			flow->vlan = vlan; /* the outer one; 0 is a priority tag only */
	}
	flow->has_macs = true;
	read_headers(flow, frame, type);
	return true;
}

void
frame_use_layer(struct flow *flow, unsigned layer)
{
	assert(layer < flow->layers);
	struct cursor c = flow->packet;
	cursor_skip(&c, flow->layer_at[layer]);
	struct cursor peek = c;
	enum ip_family family = cursor_u8(&peek) >> 4 == 6 ? IP_V6 : IP_V4;
	size_t length = family == IP_V4 ? 4 : 16;
	cursor_skip(&c, family == IP_V4 ? 12 : 8);
	const uint8_t *source = cursor_take(&c, length), *destination = cursor_take(&c, length);
	if (!destination)
		return; /* not of a header that was read */
	flow_set_ip(&flow->source, family, source);
	flow_set_ip(&flow->destination, family, destination);
	flow->family = (uint8_t)family;
	flow->layer = (uint8_t)layer;
}
