/* Explicit and recorded routes: lists of SR-ERO and SRv6-ERO subobjects (RFC 8664 section 4.3, RFC
 * 9603 section 4.3), and the plain addresses of include and exclude lists (RFC 3209, RFC 5521). A
 * plain value. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/sr.h"

enum { PCEP_HOPS_MAX = 64 };

/* What names a node or link beside a SID, or in its place. */
enum pcep_nai {
	PCEP_NAI_NONE,
	PCEP_NAI_IPV4_NODE,
	PCEP_NAI_IPV6_NODE,
	PCEP_NAI_IPV4_LINK,
	PCEP_NAI_IPV6_LINK,
	PCEP_NAI_UNNUMBERED,
	PCEP_NAI_IPV6_LOCAL_LINK,
};

struct pcep_hop {
	bool loose;
	bool srv6;  /* RFC 9603, else MPLS */
	bool label; /* M flag: `entry` is a label, not an index */
	bool has_sid;
	uint8_t nai;    /* enum pcep_nai */
	uint32_t entry; /* MPLS: as in a label stack */
	struct ip sid;  /* SRv6 */
	uint16_t behavior;
	struct ip local, remote; /* of the NAI */
	uint32_t local_index, remote_index;
};

struct pcep_route {
	uint8_t count;
	struct pcep_hop hops[PCEP_HOPS_MAX];
};

/* Reads an ERO's or RRO's body (`recorded`). 0, or the value of an error of type
 * PCEP_ERR_INVALID_OBJECT. Subobjects of other technologies alone (RSVP) are passed over: then the
 * count is 0. */
int pcep_route_read(struct pcep_route *out, struct cursor body, bool recorded);
/* The subobjects of an ERO. */
void pcep_route_write(struct buf *to, const struct pcep_route *route);
bool pcep_route_equal(const struct pcep_route *a, const struct pcep_route *b);
/* "16001 (10.0.0.1), 24002, fc00::1". */
void pcep_route_text(struct buf *to, const struct pcep_route *route);
/* A hop of a segment of types A, B; of C with a SID. 0, or -1: PCEP has no hop for it here. */
int pcep_hop_of_segment(struct pcep_hop *out, const struct sr_segment *segment);

/* Addresses of an IRO or XRO: prefixes of hosts are kept, whether they must is in `must`. */
enum { PCEP_STOPS_MAX = 32 };
struct pcep_stops {
	uint8_t count;
	bool other; /* something in it that we have no word for */
	struct pcep_stop {
		struct prefix prefix;
		bool must;
	} stops[PCEP_STOPS_MAX];
};
/* 0, or -1: a subobject does not end within the body. */
int pcep_stops_read(struct pcep_stops *out, struct cursor body);
