/* SR policies in messages (RFC 9830, SAFI 73): lists of their keys in UPDATEs, and UPDATEs that
 * announce and withdraw them. What a policy says is in the Tunnel Encapsulation attribute
 * (bgp_tunnel.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/sr.h"
#include "exchange/bgp/bgp_msg.h"

enum { SAFI_SR_POLICY = 73 };

/* A list in an UPDATE. */
struct bgp_sr {
	enum ip_family family; /* of the endpoints; IP_NONE: there is none */
	struct cursor keys;    /* for bgp_sr_next; each ends within it */
};

/* Takes the next key. False at the end, and where one does not end within the list: then
 * list->keys.failed. A key whose length is not that of its family is left out, and counted in
 * *left_out (it may be NULL). */
bool bgp_sr_next(struct sr_key *key, struct bgp_sr *list, unsigned *left_out);

/* Whom an announcement is for, and how it goes there. */
struct bgp_sr_way {
	struct ip next_hop;
	struct asn origin; /* ours, the only one of the path; 0: the neighbour is of our own AS, and
			      the path empty */
	struct ip headend; /* IPv4, whom it is for (a route target); IP_NONE: the neighbour itself,
			      NO_ADVERTISE */
};

/* Appends an UPDATE that announces a policy; `tunnel` is what bgp_tunnel_write made of it. 0, or -1
 * if it is longer than `max` octets; then nothing was written. */
int bgp_sr_announce_write(struct buf *to, const struct sr_key *key, struct cursor tunnel,
			  const struct bgp_sr_way *way, uint16_t max);
void bgp_sr_withdraw_write(struct buf *to, const struct sr_key *key);
/* End-of-RIB of the family, and ROUTE-REFRESH about it. */
void bgp_sr_end_of_rib_write(struct buf *to, enum ip_family family);
void bgp_sr_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind);
