/* Reading an UPDATE with all of RFC 7606 (RFC 4271 section 4.3 and 6.3; RFC 4760, 5065, 6793, 7606,
 * 7607, 7911, 8092, 8950, 9234).
 *
 * A reader gets lists of prefixes whose syntax is already checked, one struct bgp_attrs, and a
 * verdict. What was wrong is told as remarks, a named reason each, for counters and the log.
 * Nothing is allocated: what cannot point into the message lies in a struct bgp_scratch of the
 * caller. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/bgp/bgp_flow.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_nlri.h"
#include "exchange/bgp/bgp_remark.h"
#include "exchange/bgp/bgp_sr.h"
#include "exchange/bgp/bgp_tunnel.h"

/* How to read what this peer sends: what was negotiated. */
struct bgp_peer {
	bool as4;                          /* 4-octet AS numbers both ways, RFC 6793 */
	bool ipv4, ipv6;                   /* negotiated families */
	bool flow_ipv4, flow_ipv6;         /* and rules about traffic of these, RFC 8955 */
	bool sr_ipv4, sr_ipv6;             /* and SR policies, by endpoint, RFC 9830 */
	bool internal;                     /* of our own AS */
	bool extended_next_hop;            /* RFC 8950, both ways */
	bool add_path_ipv4, add_path_ipv6; /* path identifiers in what it sends, RFC 7911 */
	struct ip own_ipv4, own_ipv6; /* ours: no route may have them as next hop; IP_NONE: any */
};

enum bgp_verdict {
	BGP_VERDICT_OK,       /* take it; attributes may have been discarded (see remarks) */
	BGP_VERDICT_WITHDRAW, /* "treat-as-withdraw": what was announced stands under withdrawn */
	BGP_VERDICT_RESET,    /* `error` goes out as NOTIFICATION; the lists are empty */
};

enum { BGP_REMARKS_MAX = 8 };

struct bgp_update {
	enum bgp_verdict verdict;
	struct bgp_error error;    /* of BGP_VERDICT_RESET */
	enum ip_family end_of_rib; /* RFC 4724 section 2; IP_NONE: it is not one */
	/* Work through withdrawn first, then announced (RFC 4271 section 4.3: a prefix in both is
	 * announced). */
	uint8_t withdrawn_count, announced_count;
	struct bgp_nlri withdrawn[4];
	struct bgp_nlri announced[2]; /* in the NLRI field, in MP_REACH: each with its next hop */
	/* Rules about traffic, likewise. */
	struct bgp_flow flow_withdrawn[2], flow_announced;
	bool end_of_flow; /* end_of_rib is about rules */
	/* Where rules of a family begin and end cannot be told, so that nobody knows which of those said before
	 * are meant: all of it is to be ignored from now on (RFC 7606 section 2, "AFI/SAFI disable"). */
	bool flow_lost_ipv4, flow_lost_ipv6;
	/* SR policies, likewise; what is announced is said once for all, in the scratch: bgp_scratch.sr_policy. */
	struct bgp_sr sr_withdrawn[2], sr_announced;
	bool end_of_sr; /* end_of_rib is about them */
	bool sr_lost_ipv4, sr_lost_ipv6;
	/* Valid if anything is announced; next_hop and link_local are those of announced[0]. */
	struct bgp_attrs attrs;
	uint8_t remark_count; /* the first BGP_REMARKS_MAX are kept */
	struct bgp_remark remarks[BGP_REMARKS_MAX];
};

/* What a reader needs besides: about 300 kB, one for all sessions of a thread; no need to clear it.
 */
struct bgp_scratch {
	struct {
		const uint8_t *value;
		uint16_t length;
		uint8_t flags;
	} other[256];          /* attributes that are passed on, by type */
	uint64_t others[4];    /* which of them are set */
	uint16_t slots[16384]; /* hash table of large communities, when there are many */
	uint8_t path[2 * BGP_MAX_EXTENDED];
	uint8_t list[BGP_MAX_EXTENDED + 64]; /* what attrs.others points to */
	uint8_t large[BGP_MAX_EXTENDED];
	uint8_t aggregator[8];
	struct sr_policy sr_policy; /* of update.sr_announced, its key aside */
};

/* Reads the body of an UPDATE (what follows the header). Cursors in *out point into `body` or
 * `scratch`: valid until either changes. Returns out->verdict. */
enum bgp_verdict bgp_update_read(struct bgp_update *out, struct cursor body,
				 const struct bgp_peer *peer, struct bgp_scratch *scratch);
