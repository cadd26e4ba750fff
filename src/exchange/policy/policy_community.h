/* Communities that members speak to the route server with, and those that are ours alone.
 *
 *   standard      large          means
 *   0:P           RS:0:P         do not announce to P
 *   RS:P          RS:1:P         announce to P
 *   0:RS          RS:0:0         announce to nobody (but those named)
 *   RS:RS         RS:1:0         announce to all, the default
 *
 * Forms are OR-ed. A word about one peer weighs more than one about all, "not" more than "to". The
 * standard form exists only when the route server's AS number fits 16 bits. (Euro-IX large
 * community list; RFC 1997, RFC 8092.) */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"

enum { POLICY_NAMED_MAX = 2048 }; /* what fits a message of 4096 octets, twice over */

/* To whom an attribute set's sender wants it announced. */
struct policy_audience {
	bool none; /* only to those named */
	bool all;  /* said so; means nothing unless `none` is said too, and loses to it */
	/* Named peers; a number may be in both, then `not_to` holds. Point into `numbers`. */
	const uint32_t *to, *not_to;
	size_t to_count, not_to_count;
	uint32_t numbers[POLICY_NAMED_MAX];
};

/* Reads the communities of `attrs`. *out points into itself: do not copy it. */
void policy_audience_read(struct policy_audience *out, struct asn hub_as,
			  const struct bgp_attrs *attrs);
/* True when a member with this AS number may have the routes. */
bool policy_audience_has(const struct policy_audience *audience, struct asn member);

/* A community of ours: it is for the route server and is not passed on. */
bool policy_community_is_ours(struct asn hub_as, uint32_t community);
bool policy_large_is_ours(struct asn hub_as, uint32_t global);
/* True when any community of the attributes is ours. */
bool policy_communities_need_scrub(struct asn hub_as, const struct bgp_attrs *attrs);

/* Informational communities (RS:1000-1999:*) tell what the route server found out; a member that
 * sets them would forge that. True when there are some; then *kept is filled with the large
 * communities without them. */
bool policy_large_drop_informational(struct asn hub_as, struct cursor large, struct buf *kept);
