/* Path attributes of one UPDATE, decoded (RFC 4271 section 4.3 and 5; RFC 7606; RFC 8092; RFC
 * 4360). The reader has done all checks of RFC 7606, so what stands here is sound; what was not,
 * was discarded or made the whole UPDATE a withdrawal. Cursors point into the message or into the
 * reader's scratch memory and are valid until the next message is read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"

enum bgp_attr_type {
	BGP_ATTR_ORIGIN = 1,
	BGP_ATTR_AS_PATH = 2,
	BGP_ATTR_NEXT_HOP = 3,
	BGP_ATTR_MED = 4,
	BGP_ATTR_LOCAL_PREF = 5,
	BGP_ATTR_ATOMIC_AGGREGATE = 6,
	BGP_ATTR_AGGREGATOR = 7,
	BGP_ATTR_COMMUNITIES = 8,
	BGP_ATTR_ORIGINATOR_ID = 9,
	BGP_ATTR_CLUSTER_LIST = 10,
	BGP_ATTR_MP_REACH = 14,
	BGP_ATTR_MP_UNREACH = 15,
	BGP_ATTR_EXT_COMMUNITIES = 16,
	BGP_ATTR_AS4_PATH = 17,
	BGP_ATTR_AS4_AGGREGATOR = 18,
	BGP_ATTR_TUNNEL = 23,               /* RFC 9012 */
	BGP_ATTR_IPV6_EXT_COMMUNITIES = 25, /* RFC 5701 */
	BGP_ATTR_AIGP = 26,                 /* RFC 7311 */
	BGP_ATTR_LARGE_COMMUNITIES = 32,
	BGP_ATTR_OTC = 35,
	BGP_ATTR_SET = 128, /* RFC 6368 */
};

/* Attribute flags, RFC 4271 section 4.3. */
enum bgp_attr_flag {
	BGP_FLAG_OPTIONAL = 0x80,
	BGP_FLAG_TRANSITIVE = 0x40,
	BGP_FLAG_PARTIAL = 0x20,
	BGP_FLAG_EXTENDED = 0x10, /* the length has two octets */
};

enum bgp_origin { BGP_ORIGIN_IGP, BGP_ORIGIN_EGP, BGP_ORIGIN_INCOMPLETE };

struct bgp_attrs {
	uint8_t origin;        /* enum bgp_origin */
	struct cursor as_path; /* segments with 4-octet AS numbers, also when the peer has only 2
				  octets (RFC 6793) */
	uint16_t as_hops;      /* RFC 4271 section 9.1.2.2 a: a set counts as one */
	struct asn first_as;   /* left-most of the path; 0 when it is empty or begins with a set */
	struct asn origin_as;  /* right-most; 0 when empty or a set */
	bool has_as_set;       /* AS_SET: refused by RFC 9774 (AS_CONFED_* never comes this far) */
	struct ip next_hop;    /* IP_NONE only when nothing is announced */
	struct ip link_local;  /* second next hop of MP_REACH, or IP_NONE */
	bool has_med;
	uint32_t med;
	bool has_otc;
	struct asn otc;
	/* Between routers of one AS only (RFC 4271 section 5.1.5, RFC 4456 section 8). */
	bool has_local_pref, has_originator;
	uint32_t local_pref;
	uint32_t originator;             /* ORIGINATOR_ID, host order */
	struct cursor cluster_list;      /* 4 octets each; empty: none */
	struct cursor communities;       /* 4 octets each; whole multiples, like the next two */
	struct cursor ext_communities;   /* 8 octets each */
	struct cursor large_communities; /* 12 octets each */
	/* Of these three, the ones that came with the Partial bit: 1, 2, 4. It is passed on, once
	 * set (RFC 4271 section 5). */
	uint8_t partial;
	/* Everything else that is passed on: whole attributes (flags, type, length, value), in
	 * order of type, with the Partial bit set where we do not know them (RFC 4271 section 5);
	 * ATOMIC_AGGREGATE, AGGREGATOR, OTC and unknown transitive ones. unknown non-transitive
	 * ones are left out. */
	struct cursor others;
};

/* Which communities go out instead of those that came in (policy scrubs some). */
struct bgp_communities {
	struct cursor standard, extended, large;
};

/* Appends the path attributes as they are, in order of type (RFC 4271 section 5), with 4-octet AS numbers and
 * communities from `out`.
 * MP_REACH is not among them, nor is NEXT_HOP unless attrs->next_hop is IPv4: see bgp_writer.h for
 * how a message is put together. */
void bgp_attrs_encode(struct buf *to, const struct bgp_attrs *attrs, struct bgp_communities out);

/* Appends one attribute; an extended length only where it is needed (flags say nothing of it). */
void bgp_attr_put(struct buf *to, uint8_t flags, uint8_t type, struct cursor value);

/* Text of an AS path, "64501 64502 {64503 64504}". */
void bgp_as_path_text(struct buf *to, struct cursor as_path);
