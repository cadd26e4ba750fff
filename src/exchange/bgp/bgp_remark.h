/* What is wrong with an UPDATE, by name: for counters, the log and the member who wants to know. */
#pragma once

#include <stdint.h>

#include "base/buf.h"

enum bgp_reason {
	BGP_REASON_NONE,
	BGP_REASON_FLAGS,         /* Optional or Transitive wrong: RFC 7606 section 3 c */
	BGP_REASON_LENGTH,        /* of the attribute: sections 4 and 7 */
	BGP_REASON_DUPLICATE,     /* section 3 g */
	BGP_REASON_MISSING,       /* mandatory one absent: section 3 d */
	BGP_REASON_LIST_OVERRUN,  /* section 4 */
	BGP_REASON_LIST_UNDERRUN, /* section 4 */
	BGP_REASON_ORIGIN_VALUE,  /* section 7.1 */
	BGP_REASON_PATH_SEGMENT,  /* type, length, overrun: section 7.2 */
	BGP_REASON_PATH_TOO_LONG, /* would not fit an attribute with 4-octet numbers */
	BGP_REASON_CONFEDERATION, /* from outside: RFC 5065 section 5 */
	BGP_REASON_AS_ZERO,       /* RFC 7607 */
	BGP_REASON_NEXT_HOP,      /* not a host's address, or ours: RFC 4271 section 6.3 */
	BGP_REASON_INTERNAL_ONLY, /* LOCAL_PREF and the like from outside: section 7.5, 7.9, 7.10 */
	BGP_REASON_AS4_UNEXPECTED, /* AS4_* from a speaker of 4-octet numbers: RFC 6793 section 6 */
	BGP_REASON_AS4_MALFORMED,  /* RFC 6793 section 6 */
	BGP_REASON_AS4_IGNORED,    /* RFC 6793 section 4.2.3 */
	BGP_REASON_FAMILY,         /* not negotiated: RFC 4760 section 6 */
	BGP_REASON_NOT_TRANSITIVE, /* unknown, optional, not transitive: RFC 4271 section 5 */
	BGP_REASON_INNER,          /* ATTR_SET's own list: RFC 7606 section 7.16 */
	BGP_REASON_FRAME,          /* lengths beyond the message: section 3 b */
	BGP_REASON_PREFIX,         /* list of prefixes malformed: section 5.3 */
	BGP_REASON_MP_NEXT_HOP_LENGTH, /* section 7.11 */
	BGP_REASON_MP_TWICE,           /* section 3 g */
	BGP_REASON_WELL_KNOWN,         /* unknown but well-known: RFC 4271 section 6.3 */
	BGP_REASON_NO_PREFIXES,        /* an error and nothing announced: section 5.2 */
	BGP_REASON_FLOW, /* rules about traffic that have no end: the family is ignored, section 2 */
	BGP_REASON_SR_LIST,     /* SR policies that have no end: likewise (RFC 9830 section 5) */
	BGP_REASON_SR_KEY,      /* one whose length is not that of its family: likewise */
	BGP_REASON_SR_POLICY,   /* no sound policy in the tunnel encapsulation: likewise */
	BGP_REASON_SR_AUDIENCE, /* neither NO_ADVERTISE nor a route target: section 4.2.1 */
	BGP_REASON_COUNT,
};

/* "attribute flags do not fit its type"; static text. */
const char *bgp_reason_text(enum bgp_reason reason);

enum bgp_action { BGP_ACTION_DISCARD, BGP_ACTION_WITHDRAW, BGP_ACTION_RESET };

struct bgp_remark {
	uint8_t type;   /* of the attribute; 0 where it is about none */
	uint8_t reason; /* enum bgp_reason */
	uint8_t action; /* enum bgp_action */
};

/* Appends "AS_PATH: segment malformed (treated as withdrawn)". */
void bgp_remark_text(struct buf *to, struct bgp_remark remark);
