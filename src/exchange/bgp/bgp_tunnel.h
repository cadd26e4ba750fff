/* The Tunnel Encapsulation attribute (RFC 9012) as far as it carries a candidate path of an SR
 * policy: tunnel type 15, its sub-TLVs and segments (RFC 9830 section 2.4, RFC 9831). Pure: octets
 * in, values out. */
#pragma once

#include "base/buf.h"
#include "base/cursor.h"
#include "base/sr.h"

/* What is wrong with an attribute; each has the UPDATE treated as withdrawn (RFC 9830 section
 * 5). */
enum bgp_tunnel_fault {
	BGP_TUNNEL_SOUND,
	BGP_TUNNEL_FRAME,  /* a TLV or sub-TLV goes beyond what it stands in */
	BGP_TUNNEL_NONE,   /* no TLV of type 15 */
	BGP_TUNNEL_TWICE,  /* two of them, or a sub-TLV that may come once */
	BGP_TUNNEL_LENGTH, /* of a sub-TLV */
	BGP_TUNNEL_MANY,   /* more lists or segments than are kept */
};

/* Reads the attribute's value into *out, whose key stays as it is. Unknown sub-TLVs and tunnels are
 * left aside (RFC 9012 section 13). After a fault *out says nothing. */
enum bgp_tunnel_fault bgp_tunnel_read(struct sr_policy *out, struct cursor value);
/* Appends the attribute's value. */
void bgp_tunnel_write(struct buf *to, const struct sr_policy *policy);

/* bgp_segment.c: a segment as a sub-TLV within a list. */
enum bgp_tunnel_fault bgp_segment_read(struct sr_segment *out, char type, struct cursor value);
void bgp_segment_write(struct buf *to, const struct sr_segment *segment);
/* The letter of a sub-TLV's type; 0: none that we know. */
char bgp_segment_letter(uint8_t type);
void bgp_behavior_write(struct buf *to, const struct sr_behavior *behavior);
void bgp_behavior_read(struct sr_behavior *out, struct cursor *value);
