/* Reading the first octets of a frame: IEEE 802.3, 802.1Q; RFC 791, RFC 8200. Nothing behind the
 * addresses is looked at, so neither IPv6 extension headers nor ports can lead anywhere. */
#include "meter/frame.h"

enum {
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_OLD_QINQ = 0x9100,
	TAGS_MAX = 4, /* deeper nesting is not a member's frame */
};

void
frame_read_ip(struct flow *flow, struct cursor packet, enum ip_family family)
{
	uint8_t first = cursor_u8(&packet);
	if (packet.failed || first >> 4 != (family == IP_V4 ? 4 : 6))
		return;
	flow->family = (uint8_t)family;
	cursor_skip(&packet, family == IP_V4 ? 11 : 7);
	size_t size = family == IP_V4 ? 4 : 16;
	const uint8_t *source = cursor_take(&packet, size);
	const uint8_t *destination = cursor_take(&packet, size);
	if (packet.failed)
		return;
	flow_set_ip(&flow->source, family, source);
	flow_set_ip(&flow->destination, family, destination);
}

bool
frame_read_ethernet(struct flow *flow, struct cursor frame)
{
	cursor_copy(&frame, flow->destination_mac.octets, 6);
	cursor_copy(&frame, flow->source_mac.octets, 6);
	uint16_t type = cursor_u16(&frame);
	if (frame.failed)
		return false;
	for (int tags = 0; type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_OLD_QINQ;
	     tags++) {
		uint16_t vlan = cursor_u16(&frame) & 0x0fff;
		type = cursor_u16(&frame);
		if (tags == TAGS_MAX)
			return false;
		if (!flow->vlan)
			flow->vlan = vlan; /* the outer one; 0 is a priority tag only */
	}
	flow->has_macs = true;
	if (type == TYPE_IPV4)
		frame_read_ip(flow, frame, IP_V4);
	else if (type == TYPE_IPV6)
		frame_read_ip(flow, frame, IP_V6);
	return true;
}
