/* The beginning of a sampled frame: Ethernet with 802.1Q and QinQ tags, MPLS, PPPoE, IPv4, IPv6, and
 * what tunnels carry inside: IP in IP, GRE, VXLAN, Geneve. MACs and VLAN are the outermost ones, as
 * they are on the port; family and addresses those of the innermost packet, as far as the header was
 * sampled, until somebody chooses another (meter_layer.c). */
#pragma once

#include "base/cursor.h"
#include "meter/flow.h"

/* Fills MACs, VLAN, family and addresses of *flow from an Ethernet frame of which only the first
 * octets are there; what is cut off stays unset. False if not even the Ethernet header is whole, or
 * there are more tags than any switch puts on. The cursor is used up. */
bool frame_read_ethernet(struct flow *flow, struct cursor *frame);
/* The same from a packet that begins with its IP header. */
void frame_read_ip(struct flow *flow, struct cursor *packet, enum ip_family family);
/* The same from a stack of MPLS labels (RFC 3032). */
void frame_read_mpls(struct flow *flow, struct cursor *packet);
/* The same from a PPP protocol number (RFC 1661). */
void frame_read_ppp(struct flow *flow, struct cursor *packet);
/* Gives the flow the family and addresses of one of its IP headers, 0 the outermost, while its octets are
 * there. */
void frame_use_layer(struct flow *flow, unsigned layer);
