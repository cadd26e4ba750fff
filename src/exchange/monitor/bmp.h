/* Writing BMP, the protocol by which a router shows its routes to a monitoring station (RFC 7854 version 3;
 * Adj-RIB-Out: RFC 8671; Loc-RIB: RFC 9069). Pure: each function appends one message. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"

enum { BMP_COMMON_HEADER = 6, BMP_PEER_HEADER = 42 };

/* Which table a message is about. */
enum bmp_view {
	BMP_IN_PRE,   /* what the peer sent */
	BMP_IN_POST,  /* what of it was accepted */
	BMP_LOC,      /* the best routes */
	BMP_OUT_PRE,  /* what there is for the peer */
	BMP_OUT_POST, /* what it is sent */
	BMP_VIEWS,
};

/* Whom a message is about. For BMP_LOC: no address, our own AS number and router id. */
struct bmp_peer {
	struct ip address;
	struct asn asn;
	uint32_t router_id; /* host order */
};

struct bmp_time {
	uint32_t s, us;
};

/* What a Peer Up says besides. OPENs are whole messages. */
struct bmp_peer_up {
	struct ip local;
	uint16_t local_port, remote_port;
	struct cursor sent, received;
};

/* RFC 7854 section 4.9, RFC 9069 section 5.3. */
enum bmp_down {
	BMP_DOWN_SENT = 1,     /* with the NOTIFICATION that we sent */
	BMP_DOWN_EVENT = 2,    /* with the FSM event's number, two octets */
	BMP_DOWN_RECEIVED = 3, /* with the NOTIFICATION that they sent */
	BMP_DOWN_CLOSED = 4,   /* they closed without a word */
	BMP_DOWN_GONE = 5,     /* no longer monitored */
};

enum bmp_termination { BMP_END_CLOSED = 0, BMP_END_RESOURCES = 2 };

/* RFC 7854 section 4.8, RFC 8671 section 6.2. */
enum bmp_statistic {
	BMP_STAT_REJECTED = 0,      /* counter: prefixes rejected by policy */
	BMP_STAT_DUPLICATES = 1,    /* counter: announcements of what was there so already */
	BMP_STAT_WITHDRAWN = 2,     /* counter: withdrawals of what was not there */
	BMP_STAT_ADJ_IN = 7,        /* gauge */
	BMP_STAT_LOC = 8,           /* gauge */
	BMP_STAT_ADJ_IN_FAMILY = 9, /* gauge, with the family */
	BMP_STAT_LOC_FAMILY = 10,   /* gauge, with the family */
	BMP_STAT_AS_WITHDRAW = 11,  /* counter: UPDATEs treated as withdrawals */
	BMP_STAT_ADJ_OUT_PRE = 14,  /* gauge */
	BMP_STAT_ADJ_OUT_POST = 15, /* gauge */
};

struct bmp_count {
	enum bmp_statistic type;
	enum ip_family family; /* of the two with a family */
	uint64_t value;
};

void bmp_initiation_write(struct buf *to, const char *name, const char *description);
void bmp_termination_write(struct buf *to, enum bmp_termination reason);
void bmp_peer_up_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		       struct bmp_time time, const struct bmp_peer_up *up);
void bmp_peer_down_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
			 struct bmp_time time, enum bmp_down reason, struct cursor data);
/* `update` is one whole BGP message. */
void bmp_route_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
		     struct bmp_time time, struct cursor update);
void bmp_statistics_write(struct buf *to, enum bmp_view view, const struct bmp_peer *peer,
			  struct bmp_time time, const struct bmp_count *counts, size_t count);
