/* The beginning of a sampled frame: Ethernet with 802.1Q and QinQ tags, IPv4, IPv6. */
#pragma once

#include "base/cursor.h"
#include "meter/flow.h"

/* Fills MACs, VLAN, family and addresses of *flow from an Ethernet frame of which only the first
 * octets are there; what is cut off stays unset. False if not even the Ethernet header is whole, or
 * there are more tags than any switch puts on. */
bool frame_read_ethernet(struct flow *flow, struct cursor frame);
/* The same from a packet that begins with its IP header. */
void frame_read_ip(struct flow *flow, struct cursor packet, enum ip_family family);
