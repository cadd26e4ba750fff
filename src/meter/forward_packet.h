/* What else stands in a sampled frame: where its parts end, and the transport header. For samples that are
 * sent on or kept; the meter's own sums need none of it. */
#pragma once

#include <stdint.h>

#include "base/cursor.h"

struct forward_packet {
	uint16_t link_length; /* octets of the Ethernet header with its tags; 0: it is not whole */
	uint16_t ethertype;   /* behind the tags */
	uint8_t protocol;     /* of IPv4, or the last known header of IPv6 */
	uint8_t tos, tcp_flags;
	/* 0 where there are none, or not in this fragment; of ICMP the second is type * 256 + code. */
	uint16_t source_port, destination_port;
};

/* Reads what is there of a frame; what is cut off stays 0. IEEE 802.3, 802.1Q, RFC 791, RFC 8200. */
struct forward_packet forward_packet_read(struct cursor frame);
/* The same of a packet that begins with its IP header. */
struct forward_packet forward_packet_read_ip(struct cursor packet);
